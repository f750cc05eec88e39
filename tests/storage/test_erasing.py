"""A person can take everything along, and can be forgotten."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.erasures import Erasure
from bot.core.people import PersonId
from bot.services.storage_port import Storage
from bot.storage.export_and_erase import ALREADY_COVERED, VIEWS, person_columns
from bot.storage.tables import metadata
from tests.storage.samples import (
    CLEO,
    CLEOS_NAME,
    DANA,
    DAY,
    LABEL,
    NAME,
    NOW,
    SAM,
    SAMS_NAME,
    THEA,
    WORDS,
    live_a_little,
)


async def test_export_holds_everything_in_readable_form(storage: Storage) -> None:
    await live_a_little(storage)
    export = await storage.export(CLEO)
    assert set(export) == {
        "you",
        "what_you_agreed_to",
        "invitations_you_used",
        "wrong_codes_you_typed",
        "your_therapists",
        "check_in_plans_for_you",
        "your_check_ins",
        "messages_to_you",
        "your_contacts",
        "your_alerts",
        "alerts_from_you",
    }
    assert export["your_check_ins"][0]["answer"] == "need_help"
    assert export["your_check_ins"][0]["due_at"] == NOW.isoformat()
    text = json.dumps(export)
    assert all(word in text for word in (NAME, WORDS, SAMS_NAME, CLEOS_NAME, "suicide"))


async def test_export_of_the_others_holds_their_side_only(storage: Storage) -> None:
    await live_a_little(storage)
    therapist, contact = await storage.export(THEA), await storage.export(SAM)
    assert set(therapist) == {"invitations_you_gave", "your_clients", "check_in_plans_you_made"}
    assert therapist["your_clients"][0]["label"] == LABEL
    assert "need_help" not in json.dumps(therapist)
    assert set(contact) == {"messages_to_you", "people_who_chose_you", "alerts_to_you"}
    told = json.dumps(contact)
    assert CLEOS_NAME in told
    # Neither what Cleo calls Sam, nor why Sam was told, nor whether Cleo fears Sam.
    assert not any(word in told for word in (SAMS_NAME, "suicide", "danger", "mode"))


async def test_export_names_nobody_else(storage: Storage) -> None:
    await live_a_little(storage)
    for person in (CLEO, THEA, SAM):
        text = json.dumps(await storage.export(person))
        assert not any(str(other) in text for other in (CLEO, THEA, SAM))


async def test_export_of_a_stranger_is_empty(storage: Storage) -> None:
    await live_a_little(storage)
    assert await storage.export(DANA) == {}


async def test_other_client_of_the_same_therapist_does_not_show(storage: Storage) -> None:
    await live_a_little(storage)
    alone = await storage.export(CLEO)
    await live_a_little(storage, DANA)
    assert await storage.export(CLEO) == alone


async def test_erased_client_is_gone_everywhere_and_the_other_client_stays(
    storage: Storage,
) -> None:
    await live_a_little(storage)
    await live_a_little(storage, DANA)
    before = await storage.export(DANA)
    await storage.erase(CLEO, NOW)
    assert await storage.export(CLEO) == {}
    assert await storage.export(DANA) == before
    async with storage.read() as unit:
        assert [link.client for link in await unit.care_links.list_by_therapist(THEA)] == [DANA]
        assert [each.client for each in await unit.contacts.list_by_contact(SAM)] == [DANA]
        assert len(await unit.escalations.list_open()) == 1


@pytest.mark.parametrize("person", [CLEO, THEA, SAM])
async def test_whoever_is_erased_leaves_nothing_behind(storage: Storage, person: PersonId) -> None:
    await live_a_little(storage)
    await storage.erase(person, NOW)
    assert await storage.export(person) == {}
    for other in (CLEO, THEA, SAM):
        await storage.export(other)


async def test_erasure_is_on_the_list_for_a_restore(storage: Storage) -> None:
    await live_a_little(storage)
    await storage.erase(CLEO, NOW)
    await storage.erase(CLEO, NOW + DAY)
    async with storage.read() as unit:
        (entry,) = await unit.erasures.list_all()
        assert await unit.erasures.find(CLEO) == entry
        assert await unit.erasures.find(DANA) is None
    assert entry == Erasure(entry.person_hash, NOW + DAY, is_complete=True)


async def test_earlier_erasure_from_a_backup_does_not_replace_a_later_one(storage: Storage) -> None:
    await storage.erase(CLEO, NOW)
    async with storage.write() as unit:
        (entry,) = await unit.erasures.list_all()
        await unit.erasures.add(replace(entry, erased_at=NOW - timedelta(days=3)))
        assert await unit.erasures.list_all() == (entry,)


async def test_erased_person_may_come_back_with_a_new_key(storage: Storage) -> None:
    await live_a_little(storage)
    await storage.erase(CLEO, NOW)
    await live_a_little(storage)
    async with storage.read() as unit:
        (link,) = await unit.care_links.list_by_client(CLEO)
    assert link.therapist_name == NAME


def test_every_column_that_names_a_person_is_covered_by_the_export() -> None:
    covered = {view.owner for view in VIEWS}
    missing = {
        str(column)
        for table in metadata.sorted_tables
        for column in person_columns(table)
        if column not in covered
    }
    assert missing == ALREADY_COVERED


def test_every_table_is_erased_by_its_own_columns_or_with_a_row_that_is() -> None:
    for table in metadata.sorted_tables:
        parents = {key.column.table for key in table.foreign_keys if key.ondelete == "CASCADE"}
        hangs_on_a_person = any(person_columns(parent) for parent in parents)
        assert person_columns(table) or hangs_on_a_person or table.name == "erasures"


def test_no_id_is_exported() -> None:
    names = [name for view in VIEWS for name in view.columns.split()]
    endings = ("_person", "id", "_id", "key", "reference", "dm_channel", "_hash")
    assert not [name for name in names if name.endswith(endings)]


def test_every_encrypted_column_is_given_to_somebody() -> None:
    given = {(view.table.name, name) for view in VIEWS for name in view.columns.split()}
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.type.python_type is bytes:
                assert (table.name, column.name) in given
