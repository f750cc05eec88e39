"""Codes as people copy them, and how long an invitation can be used."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.invitations import (
    ALPHABET,
    LENGTH,
    VALID_FOR,
    Invitation,
    InvitationKind,
    InvitationStanding,
    normalise_code,
    show_code,
)
from bot.core.people import InvitationId, PersonId

NOW = datetime(2026, 3, 10, 20, 30, tzinfo=UTC)
GIVEN = Invitation(
    InvitationId("i"), InvitationKind.CLIENT, PersonId(1), "hash", "blue", NOW, NOW + VALID_FOR
)

codes = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


@given(codes)
def test_code_is_understood_as_it_is_shown(code: str) -> None:
    assert normalise_code(show_code(code)) == code


@pytest.mark.parametrize("text", ["abcd-efgh", " ABCD EFGH ", "abcdefgh.", "`ABCD-EFGH`"])
def test_code_may_be_copied_in_any_usual_way(text: str) -> None:
    assert normalise_code(text) == "ABCDEFGH"


@pytest.mark.parametrize("text", ["", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFG0", "ABCD-EFGI", "🌿"])
def test_what_can_not_be_a_code_is_not_looked_up(text: str) -> None:
    assert normalise_code(text) is None


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    code = normalise_code(text)
    assert code is None or set(code) <= set(ALPHABET)


def test_invitation_runs_out_after_three_days() -> None:
    almost = NOW + VALID_FOR - VALID_FOR / 1000
    assert GIVEN.standing(almost) is InvitationStanding.OPEN
    assert GIVEN.standing(NOW + VALID_FOR) is InvitationStanding.EXPIRED


def test_what_happened_counts_before_the_clock() -> None:
    late = NOW + VALID_FOR * 2
    used = replace(GIVEN, used_by=PersonId(2), used_at=NOW)
    assert used.standing(late) is InvitationStanding.USED
    assert replace(GIVEN, revoked_at=NOW).standing(late) is InvitationStanding.REVOKED
