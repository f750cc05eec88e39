"""Therapists and clients."""

from dataclasses import replace

from bot.core.care_links import EndReason
from bot.core.people import CareLinkId
from bot.services.storage_port import Storage
from tests.storage.samples import CLEO, DANA, HOUR, NOW, THEA, care_link


async def test_link_is_seen_from_both_sides_and_by_nobody_else(storage: Storage) -> None:
    link = care_link(storage)
    async with storage.write() as unit:
        await unit.care_links.add(link)
    async with storage.read() as unit:
        assert await unit.care_links.find(link.id) == link
        assert await unit.care_links.list_by_therapist(THEA) == (link,)
        assert await unit.care_links.list_by_client(CLEO) == (link,)
        assert await unit.care_links.list_by_client(DANA) == ()
        assert await unit.care_links.find(CareLinkId("unknown")) is None


async def test_ended_link_stays_to_be_seen(storage: Storage) -> None:
    link = care_link(storage)
    ended = link.reached(NOW).end(NOW + HOUR, EndReason.CLIENT_LEFT)
    async with storage.write() as unit:
        await unit.care_links.add(link)
        assert await unit.care_links.list_therapists() == {THEA}
        await unit.care_links.update(ended)
    async with storage.read() as unit:
        assert await unit.care_links.list_by_therapist(THEA) == (ended,)
        assert await unit.care_links.list_therapists() == frozenset()


async def test_therapist_may_choose_another_label(storage: Storage) -> None:
    link = care_link(storage)
    renamed = replace(link, label="grün 🌿")
    async with storage.write() as unit:
        await unit.care_links.add(link)
        await unit.care_links.update(renamed)
    async with storage.read() as unit:
        assert await unit.care_links.find(link.id) == renamed
