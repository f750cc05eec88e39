"""Whom we know, what they agreed to, and the codes that brought them."""

import asyncio

from bot.core.consents import Consent, Scope
from bot.core.invitations import InvitationStanding
from bot.core.known_people import KnownPerson
from bot.core.people import ChannelId, InvitationId
from bot.services.storage_port import Storage
from tests.storage.samples import (
    CLEO,
    DANA,
    DAY,
    HOUR,
    LABEL,
    MINUTE,
    NOW,
    SAM,
    THEA,
    THERE,
    invitation,
)


async def test_nobody_is_known_at_first(storage: Storage) -> None:
    async with storage.read() as unit:
        assert await unit.people.find(CLEO) is None
        assert await unit.people.list_channels() == {}
        assert list(await unit.consents.of(CLEO)) == []


async def test_what_is_noted_of_a_person_adds_up(storage: Storage) -> None:
    async with storage.write() as unit:
        await unit.people.remember_channel(CLEO, THERE, NOW)
        await unit.people.choose_zone(CLEO, "Europe/Lisbon", NOW + MINUTE)
        await unit.people.confirm_adult(CLEO, NOW + MINUTE)
        await unit.people.mark_reachable(CLEO, NOW + HOUR)
    async with storage.read() as unit:
        found = await unit.people.find(CLEO)
    assert found == KnownPerson(
        CLEO,
        created_at=NOW,
        dm_channel=THERE,
        dm_channel_at=NOW,
        zone="Europe/Lisbon",
        reachable_at=NOW + HOUR,
        adult_confirmed_at=NOW + MINUTE,
    )
    assert found.is_adult
    assert found.is_reachable


async def test_person_can_become_unreachable_and_reachable_again(storage: Storage) -> None:
    async with storage.write() as unit:
        await unit.people.mark_reachable(CLEO, NOW)
        await unit.people.mark_unreachable(CLEO, NOW + HOUR)
        gone = await unit.people.find(CLEO)
        await unit.people.mark_reachable(CLEO, NOW + DAY)
        back = await unit.people.find(CLEO)
    assert gone is not None
    assert back is not None
    assert not gone.is_reachable
    assert back.is_reachable


async def test_old_channels_are_forgotten_with_whoever_is_known_by_nothing_else(
    storage: Storage,
) -> None:
    async with storage.write() as unit:
        await unit.people.remember_channel(CLEO, THERE, NOW)
        await unit.people.confirm_adult(CLEO, NOW)
        await unit.people.remember_channel(DANA, ChannelId(2), NOW)
        await unit.people.remember_channel(SAM, ChannelId(3), NOW + DAY)
        assert await unit.people.forget_channels_before(NOW + HOUR) == 2
    async with storage.read() as unit:
        assert await unit.people.list_channels() == {SAM: ChannelId(3)}
        assert await unit.people.find(DANA) is None
        kept = await unit.people.find(CLEO)
    assert kept is not None
    assert (kept.dm_channel, kept.is_adult) == (None, True)


async def test_each_consent_stands_by_itself(storage: Storage) -> None:
    async with storage.write() as unit:
        await unit.consents.give(CLEO, Scope.CHECK_INS, NOW)
        consents = await unit.consents.of(CLEO)
        assert await unit.consents.list_people(Scope.CHECK_INS) == {CLEO}
        assert await unit.consents.list_people(Scope.HISTORY) == frozenset()
    assert consents.covers(Scope.CHECK_INS)
    assert not consents.covers(Scope.THERAPIST_VIEW)


async def test_withdrawn_consent_stays_in_the_ledger_with_both_dates(storage: Storage) -> None:
    async with storage.write() as unit:
        await unit.consents.give(CLEO, Scope.HISTORY, NOW)
        assert await unit.consents.withdraw(CLEO, Scope.HISTORY, NOW + HOUR)
        assert not await unit.consents.withdraw(CLEO, Scope.HISTORY, NOW + DAY)
        await unit.consents.give(CLEO, Scope.HISTORY, NOW + DAY)
        consents = await unit.consents.of(CLEO)
    assert list(consents) == [
        Consent(CLEO, Scope.HISTORY, 1, NOW, NOW + HOUR),
        Consent(CLEO, Scope.HISTORY, 1, NOW + DAY),
    ]
    assert consents.covers(Scope.HISTORY)


async def test_consent_given_twice_is_withdrawn_at_once(storage: Storage) -> None:
    async with storage.write() as unit:
        await unit.consents.give(CLEO, Scope.CHECK_INS, NOW)
        await unit.consents.give(CLEO, Scope.CHECK_INS, NOW)
        await unit.consents.withdraw(CLEO, Scope.CHECK_INS, NOW + HOUR)
        assert not (await unit.consents.of(CLEO)).covers(Scope.CHECK_INS)


async def test_invitation_is_found_by_its_code(storage: Storage) -> None:
    given = invitation(storage)
    async with storage.write() as unit:
        await unit.invitations.add(given)
    async with storage.read() as unit:
        assert await unit.invitations.find_by_code_hash(storage.hash_code("ABCDEFGH")) == given
        assert await unit.invitations.find_by_code_hash(storage.hash_code("ABCDEFGJ")) is None
        assert await unit.invitations.find(given.id) == given
        assert await unit.invitations.list_by_inviter(THEA) == (given,)
        assert await unit.invitations.list_by_inviter(DANA) == ()
    assert given.label == LABEL


async def test_code_works_for_one_person_only(storage: Storage) -> None:
    given = invitation(storage)
    async with storage.write() as unit:
        await unit.invitations.add(given)

    async def use() -> bool:
        async with storage.write() as unit:
            return await unit.invitations.mark_used(given.id, CLEO, NOW)

    assert sorted(await asyncio.gather(*(use() for _ in range(4)))) == [False, False, False, True]
    async with storage.read() as unit:
        found = await unit.invitations.find(given.id)
    assert found is not None
    assert found.standing(NOW) is InvitationStanding.USED
    assert found.used_by == CLEO


async def test_code_that_ran_out_or_was_taken_back_does_not_work(storage: Storage) -> None:
    late, revoked = invitation(storage, "AAAAAAAA"), invitation(storage, "BBBBBBBB")
    async with storage.write() as unit:
        await unit.invitations.add(late)
        await unit.invitations.add(revoked)
        assert await unit.invitations.revoke(revoked.id, NOW)
        assert not await unit.invitations.revoke(revoked.id, NOW)
        assert not await unit.invitations.mark_used(revoked.id, CLEO, NOW)
        assert not await unit.invitations.mark_used(late.id, CLEO, late.expires_at)
        assert not await unit.invitations.mark_used(InvitationId("unknown"), CLEO, NOW)


async def test_closed_invitations_are_deleted(storage: Storage) -> None:
    used, open_one = invitation(storage, "AAAAAAAA"), invitation(storage, "BBBBBBBB")
    async with storage.write() as unit:
        await unit.invitations.add(used)
        await unit.invitations.add(open_one)
        await unit.invitations.mark_used(used.id, CLEO, NOW)
        assert await unit.invitations.delete_closed_before(NOW + HOUR) == 1
        assert await unit.invitations.find(used.id) is None
        assert await unit.invitations.find(open_one.id) == open_one


async def test_wrong_codes_are_counted_for_each_person_within_a_while(storage: Storage) -> None:
    async with storage.write() as unit:
        attempts = unit.invitations
        assert await attempts.count_wrong_attempt(CLEO, NOW, HOUR) == 1
        assert await attempts.count_wrong_attempt(CLEO, NOW + MINUTE, HOUR) == 2
        assert await attempts.wrong_attempts(CLEO, NOW + MINUTE, HOUR) == 2
        assert await attempts.wrong_attempts(DANA, NOW, HOUR) == 0
        assert await attempts.wrong_attempts(CLEO, NOW + HOUR, HOUR) == 0
        assert await attempts.count_wrong_attempt(CLEO, NOW + HOUR, HOUR) == 1
