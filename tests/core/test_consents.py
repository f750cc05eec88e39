"""What counts as agreed to."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.consents import CURRENT_VERSION, Consent, Consents, Scope
from bot.core.people import PersonId

NOW = datetime(2026, 3, 10, 20, 30, tzinfo=UTC)
GIVEN = Consent(PersonId(1), Scope.HISTORY, CURRENT_VERSION[Scope.HISTORY], NOW)


def test_nothing_is_agreed_to_at_first() -> None:
    assert not any(Consents().covers(scope) for scope in Scope)


def test_consent_covers_its_own_scope_only() -> None:
    consents = Consents((GIVEN,))
    assert [scope for scope in Scope if consents.covers(scope)] == [Scope.HISTORY]
    assert list(consents) == [GIVEN]


def test_withdrawn_consent_covers_nothing_until_it_is_given_again() -> None:
    withdrawn = replace(GIVEN, withdrawn_at=NOW)
    assert not Consents((withdrawn,)).covers(Scope.HISTORY)
    assert Consents((withdrawn, GIVEN)).covers(Scope.HISTORY)


def test_consent_to_an_earlier_text_does_not_cover_the_current_one() -> None:
    assert not Consents((replace(GIVEN, version=0),)).covers(Scope.HISTORY)


def test_every_scope_has_a_text_of_some_version() -> None:
    assert set(CURRENT_VERSION) == set(Scope)
