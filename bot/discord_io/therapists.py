"""Who is a therapist here: the operator's list, or a role in a listed server, asked every time."""

from collections.abc import Collection
from datetime import datetime, timedelta

import aiohttp
import discord

from bot.core.people import GuildId, PersonId
from bot.core.recent import Recent
from bot.discord_io.rest_door import DoorClosed
from bot.services.ports import Clock

# A role that was taken away counts for at most this long.
ROLES_KEPT_FOR = timedelta(minutes=1)
PEOPLE_REMEMBERED = 1_000


class ListedTherapists:
    """The Therapists port: no members intent, one REST look-up a person and minute."""

    def __init__(
        self,
        client: discord.Client,
        clock: Clock,
        *,
        listed: Collection[PersonId],
        roles: Collection[int],
        guilds: Collection[GuildId],
    ) -> None:
        self._client = client
        self._clock = clock
        self._listed = frozenset(listed)
        self._roles = frozenset(roles)
        self._guilds = tuple(guilds)
        self._seen = Recent[PersonId, tuple[datetime, bool | None]](PEOPLE_REMEMBERED)

    async def is_therapist(self, person: PersonId) -> bool:
        """Tell whether the person counts now; False where Discord does not answer."""
        return person in self._listed or await self._has_role(person) is True

    async def has_stopped(self, person: PersonId) -> bool:
        """Tell whether it is certain that the person does not count any more."""
        return person not in self._listed and await self._has_role(person) is False

    async def _has_role(self, person: PersonId) -> bool | None:
        """Look at the roles, at most once a minute; None where that can't be known now."""
        if not self._roles or not self._guilds:
            return False
        seen = self._seen.find(person)
        now = self._clock.now()
        if seen is None or now - seen[0] >= ROLES_KEPT_FOR:
            seen = (now, await self._look_up(person))
            self._seen.put(person, seen)
        return seen[1]

    async def _look_up(self, person: PersonId) -> bool | None:
        is_known = True
        for guild in self._guilds:
            try:
                member = await self._client.http.get_member(guild, person)
            except discord.NotFound:
                continue
            except (discord.HTTPException, aiohttp.ClientError, OSError, DoorClosed):
                is_known = False
                continue
            if self._roles & {int(role) for role in member["roles"]}:
                return True
        return False if is_known else None
