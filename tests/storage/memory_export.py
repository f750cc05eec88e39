"""The export of the storage in memory: the same headings, with the rows of the person."""

from dataclasses import fields
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bot.core.check_in_plans import CheckInPlan
from bot.core.people import PersonId
from bot.services.storage_port import Export, Exported
from bot.storage.export_and_erase import VIEWS
from tests.storage.memory_tables import Tables

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

COLUMNS = {view.name: view.columns.split() for view in VIEWS}


def export_from(tables: Tables, person: PersonId) -> Export:
    """Return what is kept of the person, under the headings that the real storage uses."""
    links, contacts = tables.care_links.values(), tables.contacts.values()
    plans = tables.plans.values()
    mine = {plan.id for plan in plans if plan.client == person}
    steps = tables.steps.values()
    found: dict[str, list[dict[str, object]]] = {
        "you": [_values(row) for row in tables.people.values() if row.person == person],
        "what_you_agreed_to": [_values(row) for row in tables.consents.get(person, ())],
        "invitations_you_gave": [
            _values(row) for row in tables.invitations.values() if row.inviter == person
        ],
        "invitations_you_used": [
            _values(row) for row in tables.invitations.values() if row.used_by == person
        ],
        "wrong_codes_you_typed": [
            {"first_at": first_at, "attempts": attempts}
            for owner, (first_at, attempts) in tables.attempts.items()
            if owner == person
        ],
        "your_clients": [_values(row) for row in links if row.therapist == person],
        "your_therapists": [_values(row) for row in links if row.client == person],
        "check_in_plans_for_you": [_plan_values(row) for row in plans if row.client == person],
        "check_in_plans_you_made": [_plan_values(row) for row in plans if row.therapist == person],
        "your_check_ins": [_values(row) for row in tables.check_ins.values() if row.plan in mine],
        "messages_to_you": [_values(row) for row in tables.outbox.values() if row.person == person],
        "your_contacts": [_values(row) for row in contacts if row.client == person],
        "people_who_chose_you": [_values(row) for row in contacts if row.contact == person],
        "your_alerts": [
            _values(row) for row in tables.escalations.values() if row.client == person
        ],
        "alerts_from_you": [
            _values(row) for row in steps if tables.escalations[row.escalation].client == person
        ],
        "alerts_to_you": [
            _values(row) for row in steps if tables.contacts[row.contact].contact == person
        ],
    }
    return {
        name: [{column: _readable(row[column]) for column in COLUMNS[name]} for row in rows]
        for name, rows in found.items()
        if rows
    }


def _plan_values(plan: CheckInPlan) -> dict[str, object]:
    return _values(plan) | _values(plan.schedule)


def _values(row: "DataclassInstance") -> dict[str, object]:
    return {each.name: getattr(row, each.name) for each in fields(row)}


def _readable(value: object) -> Exported:
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case None | int() | str():
            return value
        case _:
            raise TypeError(type(value))
