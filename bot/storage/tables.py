"""Every table. A column that names a person ends in `_person`, an instant in `_at` or `_until`.

Instants are microseconds since 1970 in UTC, so that both databases keep and compare them alike.
What is encrypted is binary; ids of our own are random text.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
KEY_SCHEMA = "handrail_keys"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_stored(at: datetime) -> int:
    """Return the instant as it is kept."""
    return (at - _EPOCH) // _MICROSECOND


def to_stored_or_none(at: datetime | None) -> int | None:
    """Return the instant as it is kept; nothing stays nothing."""
    return None if at is None else to_stored(at)


def to_instant(stored: int) -> datetime:
    """Return the kept instant, aware and in UTC."""
    return _EPOCH + timedelta(microseconds=stored)


def to_instant_or_none(stored: int | None) -> datetime | None:
    """Return the kept instant; nothing stays nothing."""
    return None if stored is None else to_instant(stored)


def _id(name: str) -> Column[str]:
    return Column(name, String(22), primary_key=True)


def _person(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    # Without autoincrement=False PostgreSQL would make a sequence for a lone integer key.
    return Column(name, BigInteger, nullable=nullable, primary_key=primary_key, autoincrement=False)


def _at(name: str, *, nullable: bool = True) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _word(name: str, length: int = 40, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(length), nullable=nullable)


def _encrypted(name: str, *, nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=nullable)


def _of(name: str, target: str, *, primary_key: bool = False) -> Column[str]:
    # What hangs on a deleted row goes with it, so that erasing leaves nothing behind.
    key = ForeignKey(target, ondelete="CASCADE")
    return Column(name, String(22), key, nullable=False, primary_key=primary_key)


metadata = MetaData(naming_convention=NAMES)

people = Table(
    "people",
    metadata,
    _person("known_person", primary_key=True),
    _at("created_at", nullable=False),
    Column("dm_channel", BigInteger),
    _at("dm_channel_at"),
    _word("zone", 64, nullable=True),
    _at("reachable_at"),
    _at("unreachable_at"),
    _at("adult_confirmed_at"),
)

consents = Table(
    "consents",
    metadata,
    _id("id"),
    _person("consenting_person"),
    _word("scope"),
    Column("version", Integer, nullable=False),
    _at("given_at", nullable=False),
    _at("withdrawn_at"),
    Index(None, "consenting_person"),
)

invitations = Table(
    "invitations",
    metadata,
    _id("id"),
    _word("kind"),
    _person("inviting_person"),
    Column("code_hash", String(64), nullable=False, unique=True),
    _encrypted("label"),
    _at("created_at", nullable=False),
    _at("expires_at", nullable=False),
    _person("used_by_person", nullable=True),
    _at("used_at"),
    _at("revoked_at"),
    Index(None, "inviting_person"),
    Index(None, "used_by_person"),
)

code_attempts = Table(
    "code_attempts",
    metadata,
    _person("trying_person", primary_key=True),
    _at("first_at", nullable=False),
    Column("attempts", Integer, nullable=False),
)

care_links = Table(
    "care_links",
    metadata,
    _id("id"),
    _person("therapist_person"),
    _person("client_person"),
    _encrypted("label"),
    _encrypted("therapist_name"),
    _at("created_at", nullable=False),
    _at("reachable_at"),
    _at("ended_at"),
    _word("ended_because", nullable=True),
    Index(None, "therapist_person"),
    Index(None, "client_person"),
)

check_in_plans = Table(
    "check_in_plans",
    metadata,
    _id("id"),
    _of("link_id", "care_links.id"),
    _person("client_person"),
    _person("therapist_person"),
    _word("zone", 64),
    _word("time_local"),
    Column("rule", Text, nullable=False),
    _word("anchor_local"),
    _word("until_local", nullable=True),
    _word("template", 64),
    _encrypted("words"),
    _at("created_at", nullable=False),
    _at("accepted_at"),
    _at("paused_until"),
    Column("is_paused_open_ended", Boolean, nullable=False),
    _at("stopped_at"),
    _person("stopped_by_person", nullable=True),
    _at("next_due_at"),
    Index(None, "link_id"),
    Index(None, "client_person"),
    Index(None, "therapist_person"),
    Index(None, "next_due_at"),
)

check_ins = Table(
    "check_ins",
    metadata,
    _id("id"),
    _of("plan_id", "check_in_plans.id"),
    _person("client_person"),
    _at("due_at", nullable=False),
    _word("state"),
    Column("key", String(25), nullable=False, unique=True),
    _at("sent_at"),
    _at("answered_at"),
    _encrypted("answer", nullable=True),
    UniqueConstraint("plan_id", "due_at"),
    Index(None, "client_person", "due_at"),
    Index(None, "state", "sent_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("key", String(25), primary_key=True),
    _person("receiving_person"),
    _word("kind"),
    _word("reference"),
    _word("lane"),
    _at("due_at", nullable=False),
    _at("leased_until"),
    Column("attempts", Integer, nullable=False),
    _at("unsure_since_at"),
    _word("outcome", nullable=True),
    Column("message_id", BigInteger),
    _at("done_at"),
    Index(None, "receiving_person"),
    Index(None, "done_at", "due_at"),
    Index(None, "reference"),
)

designated_contacts = Table(
    "designated_contacts",
    metadata,
    _id("id"),
    _person("client_person"),
    _person("contact_person"),
    _encrypted("client_name"),
    _encrypted("contact_name"),
    _word("mode"),
    _word("silence", nullable=True),
    _encrypted("may_be_danger"),
    _at("created_at", nullable=False),
    _at("accepted_at"),
    _at("reachable_at"),
    _at("ended_at"),
    Index(None, "client_person"),
    Index(None, "contact_person"),
)

escalations = Table(
    "escalations",
    metadata,
    _id("id"),
    _person("client_person"),
    _word("tier"),
    _encrypted("category"),
    _at("opened_at", nullable=False),
    _at("closed_at"),
    _word("closed_because", nullable=True),
    Index(None, "client_person", "opened_at"),
    Index(None, "closed_at"),
)

escalation_steps = Table(
    "escalation_steps",
    metadata,
    _of("escalation_id", "escalations.id", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _of("contact_id", "designated_contacts.id"),
    Column("key", String(25), nullable=False, unique=True),
    _at("due_at", nullable=False),
    _word("outcome", nullable=True),
    _at("sent_at"),
    _at("acknowledged_at"),
    _at("declined_at"),
    Index(None, "contact_id"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("person_hash", String(64), primary_key=True),
    _at("erased_at", nullable=False),
    Column("is_complete", Boolean, nullable=False),
)

# Kept apart from all of the above, so that it is backed up apart and shortly.
key_metadata = MetaData(naming_convention=NAMES, schema=KEY_SCHEMA)

person_keys = Table(
    "person_keys",
    key_metadata,
    _person("owning_person", primary_key=True),
    Column("version", Integer, nullable=False),
    Column("master", String(16), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

lookup_keys = Table(
    "lookup_keys",
    key_metadata,
    Column("name", String(16), primary_key=True),
    Column("master", String(16), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)
