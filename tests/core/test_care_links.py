"""How a pairing begins and ends, and what is known of a person and a message."""

from datetime import UTC, datetime, timedelta

from bot.core.care_links import CareLink, EndReason
from bot.core.known_people import KnownPerson
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import CareLinkId, PersonId

NOW = datetime(2026, 3, 10, 20, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
LINK = CareLink(CareLinkId("l"), PersonId(1), PersonId(2), "blue", "Thea", NOW)
ROW = OutboxRow("k", PersonId(2), OutboxKind.HELLO, "l", Lane.DELIVERY, NOW)


def test_client_is_reachable_once_the_button_was_pressed() -> None:
    assert not LINK.is_reachable
    reached = LINK.reached(NOW)
    assert reached.is_reachable
    assert reached.reached(LATER) == reached


def test_only_the_first_end_of_a_link_counts() -> None:
    ended = LINK.end(NOW, EndReason.CLIENT_LEFT)
    assert ended.has_ended
    assert ended.end(LATER, EndReason.THERAPIST_GONE) == ended


def test_person_is_reachable_only_after_a_message_arrived() -> None:
    assert not KnownPerson(PersonId(1), NOW).is_reachable
    assert KnownPerson(PersonId(1), NOW, reachable_at=NOW).is_reachable
    gone = KnownPerson(PersonId(1), NOW, reachable_at=NOW, unreachable_at=LATER)
    assert not gone.is_reachable
    assert not gone.is_adult


def test_message_may_have_arrived_only_after_a_try_without_known_end() -> None:
    assert not ROW.may_have_arrived
    tried = OutboxRow(
        "k", PersonId(2), OutboxKind.HELLO, "l", Lane.DELIVERY, NOW, unsure_since_at=NOW
    )
    assert tried.may_have_arrived
    done = OutboxRow(
        "k",
        PersonId(2),
        OutboxKind.HELLO,
        "l",
        Lane.DELIVERY,
        NOW,
        unsure_since_at=NOW,
        outcome=DeliveryOutcome.SENT,
        done_at=LATER,
    )
    assert not done.may_have_arrived
