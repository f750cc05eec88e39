"""A contact is told only as the client chose, and never where the contact may be the danger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.crisis import Category, Tier
from bot.core.designated_contacts import (
    NEVER_AUTOMATIC,
    AlertDecision,
    AskFirst,
    ContactNotAllowed,
    DesignatedContact,
    Nothing,
    NothingBecause,
    OnlyOffer,
    SilenceMeans,
    TellMode,
    TellNow,
    decide_alert,
)
from bot.core.people import ContactLinkId, PersonId

NOW = datetime(2026, 11, 26, 23, 41, tzinfo=UTC)
SAM = DesignatedContact(
    id=ContactLinkId("sam"),
    client=PersonId(1),
    contact=PersonId(2),
    client_name="Cleo",
    contact_name="Sam",
    mode=TellMode.AUTOMATICALLY,
    silence=None,
    may_be_danger=False,
    created_at=NOW,
    accepted_at=NOW,
    reachable_at=NOW,
)


def decide(
    contact: DesignatedContact,
    tier: Tier = Tier.T1,
    category: Category = Category.SUICIDE,
    *,
    consents_cover: bool = True,
) -> AlertDecision:
    """Return the decision for `contact` at this moment."""
    return decide_alert(contact, tier, category, consents_cover=consents_cover, at=NOW)


def test_present_danger_tells_a_contact_who_is_told_automatically() -> None:
    assert decide(SAM) == TellNow()


@pytest.mark.parametrize("silence", SilenceMeans)
def test_who_wants_to_be_asked_has_a_minute_and_their_own_choice_of_silence(
    silence: SilenceMeans,
) -> None:
    asked = decide(SAM.choose(TellMode.ASK_FIRST, silence))
    assert asked == AskFirst(NOW, silence)
    assert isinstance(asked, AskFirst)
    assert asked.until_at == NOW + timedelta(seconds=60)


def test_only_when_i_press_is_offered_and_never_sent() -> None:
    assert decide(SAM.choose(TellMode.ONLY_WHEN_I_PRESS)) == OnlyOffer()


@pytest.mark.parametrize("tier", [Tier.T2, Tier.T3])
def test_milder_words_only_offer(tier: Tier) -> None:
    assert decide(SAM, tier) == OnlyOffer()


@pytest.mark.parametrize("tier", [Tier.T0, Tier.NONE])
def test_no_crisis_offers_nobody(tier: Tier) -> None:
    assert decide(SAM, tier) == Nothing(NothingBecause.NO_CRISIS)


@pytest.mark.parametrize("category", sorted(NEVER_AUTOMATIC))
@pytest.mark.parametrize("mode", TellMode)
def test_danger_from_others_never_tells_a_contact_by_itself(
    category: Category, mode: TellMode
) -> None:
    contact = SAM.choose(mode, SilenceMeans.TELL)
    assert decide(contact, category=category) == OnlyOffer()


def test_the_four_dangers_from_others_are_known() -> None:
    assert set(NEVER_AUTOMATIC) == {
        Category.VIOLENCE_AT_HOME,
        Category.ASSAULT,
        Category.STALKING,
        Category.CHILD_IN_DANGER,
    }


def test_without_consent_nobody_is_told_or_offered() -> None:
    assert decide(SAM, consents_cover=False) == Nothing(NothingBecause.NO_CONSENT)


def test_who_did_not_accept_is_neither_told_nor_offered() -> None:
    invited = replace(SAM, accepted_at=None)
    assert decide(invited) == Nothing(NothingBecause.NOT_ACCEPTED)
    assert decide(invited.accept(NOW)) == TellNow()


def test_who_did_not_press_the_first_button_is_only_offered() -> None:
    silent = replace(SAM, reachable_at=None)
    assert decide(silent) == OnlyOffer()
    assert decide(silent.reached(NOW)) == TellNow()


def test_who_left_is_never_told_again_even_if_they_press_old_buttons() -> None:
    later = NOW + timedelta(days=1)
    gone = SAM.end(NOW).accept(later).reached(later).end(later)
    assert gone.ended_at == NOW
    assert gone.has_ended
    assert decide(gone) == Nothing(NothingBecause.ENDED)


def test_who_could_be_the_danger_is_told_only_when_i_press() -> None:
    danger = SAM.choose(TellMode.ASK_FIRST, SilenceMeans.TELL).with_danger()
    assert (danger.mode, danger.silence) == (TellMode.ONLY_WHEN_I_PRESS, None)
    assert decide(danger) == OnlyOffer()
    for mode in (TellMode.AUTOMATICALLY, TellMode.ASK_FIRST):
        with pytest.raises(ContactNotAllowed, match="only when you press"):
            danger.choose(mode, SilenceMeans.TELL)


def test_taking_back_the_danger_makes_nothing_automatic() -> None:
    safe = SAM.with_danger().without_danger()
    assert decide(safe) == OnlyOffer()
    assert decide(safe.choose(TellMode.AUTOMATICALLY)) == TellNow()


def test_what_silence_means_has_no_default() -> None:
    with pytest.raises(ContactNotAllowed, match="Choose what happens"):
        SAM.choose(TellMode.ASK_FIRST)


def test_silence_is_forgotten_with_the_mode_it_belongs_to() -> None:
    assert SAM.choose(TellMode.AUTOMATICALLY, SilenceMeans.DO_NOT_TELL).silence is None


def test_nobody_is_their_own_contact() -> None:
    with pytest.raises(ContactNotAllowed, match="your own contact"):
        replace(SAM, contact=SAM.client)


def test_a_second_acceptance_keeps_the_first_date() -> None:
    later = NOW + timedelta(days=1)
    assert SAM.accept(later).reached(later) == SAM
