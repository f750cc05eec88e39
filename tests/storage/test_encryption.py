"""What is written down can be read only with the right key, in the right place."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from bot.core.invitations import ALPHABET, LENGTH, normalise_code
from bot.core.people import PersonId
from bot.services.storage_port import StorageError
from bot.storage.encryption import FieldCipher, MasterKeys, Wrapped, new_code, new_id
from bot.storage.engine import find_database, open_keys
from bot.storage.person_keys import PersonKeys
from bot.storage.sql_storage import open_storage
from tests.storage.conftest import MASTER
from tests.storage.samples import CLEO, DANA, LABEL, NOW, THEA, live_a_little, pair

OTHER_MASTER = "c3" * 32
KEY = AESGCM(bytes(32))
CIPHER = FieldCipher({CLEO: KEY, DANA: KEY})


@given(st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    stored = CIPHER.encrypt(CLEO, "care_links", "label", text)
    assert CIPHER.decrypt(CLEO, "care_links", "label", stored) == text


def test_same_text_never_looks_the_same_twice() -> None:
    assert len({CIPHER.encrypt(CLEO, "care_links", "label", LABEL) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("person", "table", "column"),
    [
        (DANA, "care_links", "label"),
        (CLEO, "invitations", "label"),
        (CLEO, "care_links", "therapist_name"),
    ],
)
def test_field_copied_elsewhere_does_not_open(person: PersonId, table: str, column: str) -> None:
    """Even under the same key: what a field belongs to is part of it."""
    stored = CIPHER.encrypt(CLEO, "care_links", "label", LABEL)
    with pytest.raises(StorageError, match="backup"):
        CIPHER.decrypt(person, table, column, stored)


@given(st.integers(min_value=0, max_value=8 * 37 - 1))
def test_any_changed_bit_is_noticed(bit: int) -> None:
    stored = bytearray(CIPHER.encrypt(CLEO, "care_links", "label", "a word"))
    place, mask = divmod(bit % (8 * len(stored)), 8)
    stored[place] ^= 1 << mask
    with pytest.raises(StorageError):
        CIPHER.decrypt(CLEO, "care_links", "label", bytes(stored))


def test_key_is_opened_by_its_master_key_for_its_purpose_only() -> None:
    masters = MasterKeys(MASTER)
    wrapped = masters.wrap(bytes(32), "person|1")
    assert masters.unwrap(wrapped, "person|1") == bytes(32)
    with pytest.raises(StorageError):
        masters.unwrap(wrapped, "person|2")
    with pytest.raises(StorageError, match="HANDRAIL_MASTER_KEY"):
        MasterKeys(OTHER_MASTER).unwrap(wrapped, "person|1")
    assert MasterKeys(OTHER_MASTER, [MASTER]).unwrap(wrapped, "person|1") == bytes(32)
    with pytest.raises(StorageError):
        masters.unwrap(Wrapped(wrapped.master, bytes(60)), "person|1")


def test_codes_can_be_read_aloud_and_are_random() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert all(normalise_code(f" {code[:4].lower()}-{code[4:]}\n") == code for code in codes)


def test_ids_have_22_characters() -> None:
    assert {len(new_id()) for _ in range(50)} == {22}


async def test_wrong_master_key_is_said_at_the_start(url: str) -> None:
    await (await open_storage(url, MasterKeys(MASTER))).close()
    with pytest.raises(StorageError, match="HANDRAIL_MASTER_KEY does not fit") as error:
        await open_storage(url, MasterKeys(OTHER_MASTER))
    assert "\n" not in str(error.value)


async def test_master_key_can_be_replaced_and_the_old_one_thrown_away(url: str) -> None:
    storage = await open_storage(url, MasterKeys(MASTER))
    await pair(storage)
    hashed = storage.hash_code("ABCDEFGH")
    await storage.close()
    storage = await open_storage(url, MasterKeys(OTHER_MASTER, [MASTER]))
    assert await storage.rewrap_keys() == 2
    assert await storage.rewrap_keys() == 0
    await storage.close()
    storage = await open_storage(url, MasterKeys(OTHER_MASTER))
    async with storage.read() as unit:
        (link,) = await unit.care_links.list_by_client(CLEO)
    assert link.label == LABEL
    assert storage.hash_code("ABCDEFGH") == hashed
    await storage.close()


async def test_person_erased_by_another_process_gets_a_key_that_lasts(url: str) -> None:
    """The running bot still remembers the old key, and must not use it for anything new."""
    running = await open_storage(url, MasterKeys(MASTER))
    await live_a_little(running)
    beside = await open_storage(url, MasterKeys(MASTER))
    await beside.erase(CLEO, NOW)
    await beside.close()
    await live_a_little(running)
    await running.close()
    again = await open_storage(url, MasterKeys(MASTER))
    async with again.read() as unit:
        (link,) = await unit.care_links.list_by_client(CLEO)
    await again.close()
    assert link.client == CLEO


async def test_missing_keys_are_said_in_one_line(url: str) -> None:
    storage = await open_storage(url, MasterKeys(MASTER))
    await pair(storage)
    database = find_database(url)
    engine = open_keys(database)
    await PersonKeys(engine, database, MasterKeys(MASTER)).delete(THEA)
    await engine.dispose()
    await storage.close()
    storage = await open_storage(url, MasterKeys(MASTER))
    with pytest.raises(StorageError, match="keys of this database are missing"):
        async with storage.read() as unit:
            await unit.care_links.list_by_client(CLEO)
    await storage.close()


async def test_more_people_than_are_kept_in_memory_can_be_read_at_once(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.person_keys.KEYS_IN_MEMORY", 2)
    monkeypatch.setattr("bot.storage.person_keys.AT_ONCE", 2)
    storage = await open_storage(sqlite_url, MasterKeys(MASTER))
    for number in range(5):
        await pair(storage, PersonId(CLEO + number))
    async with storage.read() as unit:
        assert len(await unit.care_links.list_by_therapist(THEA)) == 5
    await storage.close()
