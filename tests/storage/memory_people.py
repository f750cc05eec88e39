"""People, consents and invitations in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.consents import CURRENT_VERSION, Consent, Consents, Scope
from bot.core.invitations import Invitation, InvitationStanding
from bot.core.known_people import KnownPerson
from bot.core.people import ChannelId, InvitationId, PersonId
from tests.storage.memory_tables import Tables, keep


@dataclass(frozen=True, slots=True)
class MemoryPeople:
    tables: Tables

    async def find(self, person: PersonId) -> KnownPerson | None:
        return self.tables.people.get(person)

    async def remember_channel(self, person: PersonId, channel: ChannelId, at: datetime) -> None:
        known = self._known(person, at)
        self._put(replace(known, dm_channel=channel, dm_channel_at=at))

    async def list_channels(self) -> Mapping[PersonId, ChannelId]:
        people = self.tables.people.values()
        return {each.person: each.dm_channel for each in people if each.dm_channel is not None}

    async def forget_channels_before(self, at: datetime) -> int:
        old = [
            each
            for each in self.tables.people.values()
            if each.dm_channel_at is not None and each.dm_channel_at < at
        ]
        for each in old:
            self._put(replace(each, dm_channel=None, dm_channel_at=None))
        keep(self.tables.people, lambda row: row != KnownPerson(row.person, row.created_at))
        return len(old)

    async def choose_zone(self, person: PersonId, zone: str, at: datetime) -> None:
        self._put(replace(self._known(person, at), zone=zone))

    async def mark_reachable(self, person: PersonId, at: datetime) -> None:
        self._put(replace(self._known(person, at), reachable_at=at, unreachable_at=None))

    async def mark_unreachable(self, person: PersonId, at: datetime) -> None:
        self._put(replace(self._known(person, at), unreachable_at=at))

    async def confirm_adult(self, person: PersonId, at: datetime) -> None:
        self._put(replace(self._known(person, at), adult_confirmed_at=at))

    def _known(self, person: PersonId, at: datetime) -> KnownPerson:
        return self.tables.people.get(person) or KnownPerson(person, at)

    def _put(self, known: KnownPerson) -> None:
        self.tables.people[known.person] = known


@dataclass(frozen=True, slots=True)
class MemoryConsents:
    tables: Tables

    async def give(self, person: PersonId, scope: Scope, at: datetime) -> None:
        await self.withdraw(person, scope, at)
        given = Consent(person, scope, CURRENT_VERSION[scope], at)
        self.tables.consents[person] = (*self.tables.consents.get(person, ()), given)

    async def withdraw(self, person: PersonId, scope: Scope, at: datetime) -> bool:
        before = self.tables.consents.get(person, ())
        after = tuple(
            replace(each, withdrawn_at=at)
            if each.scope is scope and each.withdrawn_at is None
            else each
            for each in before
        )
        self.tables.consents[person] = after
        return before != after

    async def of(self, person: PersonId) -> Consents:
        return Consents(self.tables.consents.get(person, ()))

    async def list_people(self, scope: Scope) -> frozenset[PersonId]:
        return frozenset(
            person
            for person, entries in self.tables.consents.items()
            if Consents(entries).covers(scope)
        )


@dataclass(frozen=True, slots=True)
class MemoryInvitations:
    tables: Tables

    async def add(self, invitation: Invitation) -> None:
        self.tables.invitations[invitation.id] = invitation

    async def find(self, invitation: InvitationId) -> Invitation | None:
        return self.tables.invitations.get(invitation)

    async def find_by_code_hash(self, code_hash: str) -> Invitation | None:
        rows = self.tables.invitations.values()
        return next((each for each in rows if each.code_hash == code_hash), None)

    async def list_by_inviter(self, inviter: PersonId) -> tuple[Invitation, ...]:
        given = [each for each in self.tables.invitations.values() if each.inviter == inviter]
        return tuple(sorted(given, key=lambda each: each.created_at, reverse=True))

    async def mark_used(self, invitation: InvitationId, by: PersonId, at: datetime) -> bool:
        return self._close(invitation, at, replace_used=(by, at))

    async def revoke(self, invitation: InvitationId, at: datetime) -> bool:
        return self._close(invitation, at, replace_used=None)

    async def delete_closed_before(self, at: datetime) -> int:
        def is_wanted(row: Invitation) -> bool:
            ends = (row.expires_at, row.used_at, row.revoked_at)
            return all(end is None or end >= at for end in ends)

        return keep(self.tables.invitations, is_wanted)

    async def count_wrong_attempt(self, person: PersonId, at: datetime, within: timedelta) -> int:
        attempts = await self.wrong_attempts(person, at, within)
        first_at = self.tables.attempts[person][0] if attempts else at
        self.tables.attempts[person] = (first_at, attempts + 1)
        return attempts + 1

    async def wrong_attempts(self, person: PersonId, at: datetime, within: timedelta) -> int:
        first_at, attempts = self.tables.attempts.get(person, (at, 0))
        return attempts if at - first_at < within else 0

    def _close(
        self, invitation: InvitationId, at: datetime, replace_used: tuple[PersonId, datetime] | None
    ) -> bool:
        found = self.tables.invitations.get(invitation)
        if found is None or found.standing(at) is not InvitationStanding.OPEN:
            return False
        closed = replace(found, revoked_at=at)
        if replace_used:
            closed = replace(found, used_by=replace_used[0], used_at=replace_used[1])
        self.tables.invitations[invitation] = closed
        return True
