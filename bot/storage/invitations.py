"""Codes that were given out, found by their keyed hash."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.engine import RowMapping

from bot.core.invitations import Invitation, InvitationKind
from bot.core.people import InvitationId, PersonId
from bot.storage.tables import (
    code_attempts,
    invitations,
    to_instant,
    to_instant_or_none,
    to_stored,
    to_stored_or_none,
)
from bot.storage.transaction import Stored, Transaction

OWNER = "inviting_person"


class SqlInvitations:
    """Rows of `invitations` and of wrong attempts."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, invitation: Invitation) -> None:
        """Keep a new invitation; its label is the inviter's."""
        label = await self._transaction.encrypt(
            invitation.inviter, invitations, label=invitation.label
        )
        values: dict[str, Stored] = {
            "id": invitation.id,
            "kind": invitation.kind.value,
            OWNER: invitation.inviter,
            "code_hash": invitation.code_hash,
            "created_at": to_stored(invitation.created_at),
            "expires_at": to_stored(invitation.expires_at),
            "used_by_person": invitation.used_by,
            "used_at": to_stored_or_none(invitation.used_at),
            "revoked_at": to_stored_or_none(invitation.revoked_at),
        }
        await self._transaction.insert(invitations, {**values, **label})

    async def find(self, invitation: InvitationId) -> Invitation | None:
        """Return the invitation."""
        return await self._find(invitations.c.id == invitation)

    async def find_by_code_hash(self, code_hash: str) -> Invitation | None:
        """Return the invitation of a code, however it stands."""
        return await self._find(invitations.c.code_hash == code_hash)

    async def list_by_inviter(self, inviter: PersonId) -> tuple[Invitation, ...]:
        """Return what the person gave out, the newest first."""
        given = select(invitations).where(invitations.c.inviting_person == inviter)
        order = given.order_by(invitations.c.created_at.desc(), invitations.c.id)
        rows = await self._transaction.all(order)
        cipher = await self._transaction.cipher_of(rows, OWNER)
        return tuple(
            _to_invitation(row, cipher.decrypt(inviter, "invitations", "label", row["label"]))
            for row in rows
        )

    async def mark_used(self, invitation: InvitationId, by: PersonId, at: datetime) -> bool:
        """Use it; True for exactly one caller ever."""
        used = await self._transaction.change(
            update(invitations)
            .where(invitations.c.id == invitation, *_is_open(at))
            .values(used_by_person=by, used_at=to_stored(at))
        )
        return used == 1

    async def revoke(self, invitation: InvitationId, at: datetime) -> bool:
        """Take it back; False where it is not open any more."""
        revoked = await self._transaction.change(
            update(invitations)
            .where(invitations.c.id == invitation, *_is_open(at))
            .values(revoked_at=to_stored(at))
        )
        return revoked == 1

    async def delete_closed_before(self, at: datetime) -> int:
        """Delete what ran out, was used or was taken back before `at`."""
        before = to_stored(at)
        ends = (invitations.c.expires_at, invitations.c.used_at, invitations.c.revoked_at)
        return await self._transaction.change(
            delete(invitations).where(or_(*(end < before for end in ends)))
        )

    async def count_wrong_attempt(self, person: PersonId, at: datetime, within: timedelta) -> int:
        """Count one wrong code and return how many there are now."""
        attempts = await self.wrong_attempts(person, at, within) + 1
        values = {"trying_person": person, "attempts": attempts}
        if attempts == 1:
            values["first_at"] = to_stored(at)
            await self._transaction.put(code_attempts, "trying_person", values)
        else:
            tried = code_attempts.c.trying_person == person
            await self._transaction.change(update(code_attempts).where(tried).values(**values))
        return attempts

    async def wrong_attempts(self, person: PersonId, at: datetime, within: timedelta) -> int:
        """Return the count, which is 0 again once `within` has passed since the first."""
        query = select(code_attempts).where(code_attempts.c.trying_person == person)
        row = await self._transaction.find(query)
        if row is None or at - to_instant(row["first_at"]) >= within:
            return 0
        return int(row["attempts"])

    async def _find(self, condition: ColumnElement[bool]) -> Invitation | None:
        row = await self._transaction.find(select(invitations).where(condition))
        if row is None:
            return None
        cipher = await self._transaction.cipher_of([row], OWNER)
        inviter = PersonId(row[OWNER])
        return _to_invitation(row, cipher.decrypt(inviter, "invitations", "label", row["label"]))


def _is_open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        invitations.c.used_at.is_(None),
        invitations.c.revoked_at.is_(None),
        invitations.c.expires_at > to_stored(at),
    )


def _to_invitation(row: RowMapping, label: str) -> Invitation:
    return Invitation(
        id=InvitationId(row["id"]),
        kind=InvitationKind(row["kind"]),
        inviter=PersonId(row[OWNER]),
        code_hash=row["code_hash"],
        label=label,
        created_at=to_instant(row["created_at"]),
        expires_at=to_instant(row["expires_at"]),
        used_by=row["used_by_person"] and PersonId(row["used_by_person"]),
        used_at=to_instant_or_none(row["used_at"]),
        revoked_at=to_instant_or_none(row["revoked_at"]),
    )
