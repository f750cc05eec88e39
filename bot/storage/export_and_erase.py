"""Everything about one person, to hand over or to delete.

Each table that names a person says here what that person is given of it; a test fails for a column
that is missing. Ids are left out: Discord's may be somebody else's, and ours mean nothing.
"""

from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Select,
    Table,
    delete,
    literal,
    or_,
    select,
)
from sqlalchemy.engine import RowMapping

from bot.core.people import PersonId
from bot.services.storage_port import Export, Exported
from bot.storage.encryption import FieldCipher
from bot.storage.tables import (
    care_links,
    check_in_plans,
    check_ins,
    code_attempts,
    consents,
    designated_contacts,
    escalation_steps,
    escalations,
    invitations,
    metadata,
    outbox,
    people,
    to_instant,
)
from bot.storage.transaction import Transaction

PERSON_ENDING = "_person"
INSTANT_ENDINGS = ("_at", "_until")
# Named for whoever reads the export. A plan is stopped by one of the two it is of.
ALREADY_COVERED = frozenset({"check_in_plans.stopped_by_person"})


@dataclass(frozen=True, slots=True)
class View:
    """What a person named in the column `owner` of a table is given of its rows."""

    name: str
    table: Table
    owner: Column[int]
    # Separated by spaces.
    columns: str
    # Whose key closed the encrypted columns that are given.
    closed_for: str = ""
    joined: Table | None = None

    def query(self, person: PersonId) -> Select[*tuple[object, ...]]:
        """Return the rows of the person."""
        given: list[ColumnElement[object]] = [self.table.c[name] for name in self.columns.split()]
        if self.closed_for:
            given.append(self.owner.table.c[self.closed_for].label("closed_for"))
        source = self.table if self.joined is None else self.table.join(self.joined)
        query = select(*given).select_from(source).where(self.owner == person)
        return query.order_by(*self.table.primary_key.columns)


VIEWS = (
    View(
        "you",
        people,
        people.c.known_person,
        "created_at dm_channel_at zone reachable_at unreachable_at adult_confirmed_at",
    ),
    View(
        "what_you_agreed_to",
        consents,
        consents.c.consenting_person,
        "scope version given_at withdrawn_at",
    ),
    View(
        "invitations_you_gave",
        invitations,
        invitations.c.inviting_person,
        "kind label created_at expires_at used_at revoked_at",
        "inviting_person",
    ),
    View("invitations_you_used", invitations, invitations.c.used_by_person, "kind used_at"),
    View(
        "wrong_codes_you_typed",
        code_attempts,
        code_attempts.c.trying_person,
        "first_at attempts",
    ),
    View(
        "your_clients",
        care_links,
        care_links.c.therapist_person,
        "label created_at reachable_at ended_at ended_because",
        "therapist_person",
    ),
    View(
        "your_therapists",
        care_links,
        care_links.c.client_person,
        "therapist_name created_at reachable_at ended_at ended_because",
        "client_person",
    ),
    View(
        "check_in_plans_for_you",
        check_in_plans,
        check_in_plans.c.client_person,
        "zone time_local rule anchor_local until_local template words created_at "
        "accepted_at paused_until is_paused_open_ended stopped_at next_due_at",
        "client_person",
    ),
    View(
        "check_in_plans_you_made",
        check_in_plans,
        check_in_plans.c.therapist_person,
        "zone time_local rule anchor_local until_local template words created_at "
        "accepted_at stopped_at next_due_at",
        "client_person",
    ),
    View(
        "your_check_ins",
        check_ins,
        check_ins.c.client_person,
        "due_at state sent_at answered_at answer",
        "client_person",
    ),
    View(
        "messages_to_you",
        outbox,
        outbox.c.receiving_person,
        "kind due_at attempts outcome done_at",
    ),
    View(
        "your_contacts",
        designated_contacts,
        designated_contacts.c.client_person,
        "client_name contact_name mode silence may_be_danger created_at accepted_at "
        "reachable_at ended_at",
        "client_person",
    ),
    View(
        # Neither what the client calls this contact nor what the client fears is theirs to read.
        "people_who_chose_you",
        designated_contacts,
        designated_contacts.c.contact_person,
        "client_name created_at accepted_at reachable_at ended_at",
        "client_person",
    ),
    View(
        "your_alerts",
        escalations,
        escalations.c.client_person,
        "tier category opened_at closed_at closed_because",
        "client_person",
    ),
    View(
        "alerts_from_you",
        escalation_steps,
        escalations.c.client_person,
        "number due_at outcome sent_at acknowledged_at declined_at",
        joined=escalations,
    ),
    View(
        "alerts_to_you",
        escalation_steps,
        designated_contacts.c.contact_person,
        "sent_at acknowledged_at declined_at",
        joined=designated_contacts,
    ),
)


async def export_person(transaction: Transaction, person: PersonId) -> Export:
    """Return every view of the person that is not empty."""
    found: Export = {}
    for view in VIEWS:
        rows = await transaction.all(view.query(person))
        closed_for = ("closed_for",) if view.closed_for else ()
        cipher = await transaction.cipher_of(rows, *closed_for)
        if rows:
            found[view.name] = [_readable(view, row, cipher) for row in rows]
    return found


async def delete_person(transaction: Transaction, person: PersonId) -> None:
    """Delete every row that names the person; what hangs on those rows goes with them."""
    for table in reversed(metadata.sorted_tables):
        naming = person_columns(table)
        if naming:
            named = or_(*(column == person for column in naming))
            await transaction.change(delete(table).where(named))


async def needs_key(transaction: Transaction, person: PersonId) -> bool:
    """Tell whether a row with something encrypted names the person."""
    for table in metadata.sorted_tables:
        naming = person_columns(table)
        if naming and any(isinstance(column.type, LargeBinary) for column in table.columns):
            named = or_(*(column == person for column in naming))
            if await transaction.all(select(literal(1)).select_from(table).where(named).limit(1)):
                return True
    return False


def person_columns(table: Table) -> list[Column[int]]:
    """Return the columns of a table that name a person."""
    return [column for column in table.columns if column.name.endswith(PERSON_ENDING)]


def _readable(view: View, row: RowMapping, cipher: FieldCipher) -> dict[str, Exported]:
    return {name: _read(view, row, name, cipher) for name in view.columns.split()}


def _read(view: View, row: RowMapping, name: str, cipher: FieldCipher) -> Exported:
    stored: Exported | bytes = row[name]
    if isinstance(stored, bytes):
        return cipher.decrypt(PersonId(row["closed_for"]), view.table.name, name, stored)
    if isinstance(stored, int) and name.endswith(INSTANT_ENDINGS):
        return to_instant(stored).isoformat()
    return stored
