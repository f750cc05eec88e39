"""What is stored about a person: shown, taken back, handed over and erased, for anyone."""

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.actions import Action
from bot.core.care_links import CareLink, EndReason
from bot.core.consents import Consent, Consents, Scope
from bot.core.designated_contacts import DesignatedContact
from bot.core.outbox import OutboxRow
from bot.core.people import ENGLISH, PersonId, Reader
from bot.core.recent import Recent
from bot.core.screens import Button, Menu, Option, Placement, Row, Screen
from bot.services.care_links import (
    PAIRED,
    clients_under,
    end_link,
    find_subject,
    help_under,
    moment,
    notice_row,
    stop_check_ins,
)
from bot.services.deliveries import Composer
from bot.services.ports import Clock, Texts
from bot.services.rows import help_button, main_row
from bot.services.storage_port import Export, Storage, UnitOfWork

MOST_OPTIONS = 25
NAMES_REMEMBERED = 1_000
# Notices of an ending that tell the therapist, and those that tell the client.
LEFT = ("client_left",)
ENDED = ("ended_by_therapist", "therapist_gone")


class Gone(StrEnum):
    """Who somebody was to the person who is told that they erased everything."""

    YOUR_CLIENT = "your_client"
    YOUR_THERAPIST = "your_therapist"
    YOUR_CONTACT = "your_contact"
    WHO_CHOSE_YOU = "who_chose_you"


@dataclass(frozen=True, slots=True)
class Goodbye:
    """One person to tell; `name` is the word that this person already knows."""

    told: PersonId
    gone: Gone
    about: str
    name: str


@dataclass(frozen=True, slots=True)
class PrivacyService:
    """Rights over one's own data; `changed` hears whose choices are different now."""

    storage: Storage
    texts: Texts
    clock: Clock
    wake: Callable[[], None]
    changed: Callable[[PersonId], Awaitable[None]]
    # The words for who is gone go with the erased rows: these are for the notice, in memory only.
    _names: Recent[str, str] = field(default_factory=lambda: Recent[str, str](NAMES_REMEMBERED))

    async def open(self, reader: Reader) -> Screen:
        """Return what is stored, by kind and count, and every choice with its date."""
        stored = await self.storage.export(reader.person)
        if not stored:
            row = main_row(self.texts, reader.language)
            return Screen(self._say(reader, "privacy.nothing"), (row,))
        async with self.storage.read() as work:
            consents = await work.consents.of(reader.person)
            links = await work.care_links.list_by_client(reader.person)
        text = "\n".join(
            (*self._stored_lines(reader, stored), *self._consent_lines(reader, consents))
        )
        return Screen(text, tuple(self._rows(reader, consents, links)))

    async def withdraw(self, reader: Reader, scope: str) -> Screen:
        """Take one consent back; all that rests on it stops in the same moment."""
        if scope not in set(Scope):
            return await self.open(reader)
        async with self.storage.write() as work:
            held = await work.consents.withdraw(reader.person, Scope(scope), self.clock.now())
            if held and scope == Scope.CHECK_INS:
                await self._stop_check_ins(work, reader.person)
        if not held:
            return self._same(reader, "privacy.not_given")
        await self.changed(reader.person)
        self.wake()
        return self._same(reader, f"privacy.withdrawn_{scope}")

    async def give(self, reader: Reader, scope: str) -> Screen:
        """Say yes to what was not agreed to; nothing that was stopped starts by that."""
        async with self.storage.write() as work:
            known = await work.people.find(reader.person)
            consents = await work.consents.of(reader.person)
            links = await work.care_links.list_by_client(reader.person)
            if scope not in _offered(consents, links):
                return self._same(reader, "privacy.not_offered")
            if known is None or not known.is_adult:
                return self._same(reader, "privacy.not_adult")
            await work.consents.give(reader.person, Scope(scope), self.clock.now())
        await self.changed(reader.person)
        what = self._say(reader, f"privacy.{scope}")
        text = self._say(reader, "privacy.given_now", what=what)
        return Screen(text, placement=Placement.SAME)

    async def export(self, reader: Reader) -> str:
        """Return everything about the person as JSON that people can read."""
        stored = await self.storage.export(reader.person)
        return json.dumps(stored, indent=2, ensure_ascii=False)

    def exported(self, reader: Reader) -> str:
        """Return what stands above the exported file."""
        return self._say(reader, "privacy.exported")

    def ask_erase(self, reader: Reader) -> Screen:
        """Return what erasing does, and the question."""
        lines = ("privacy.erase_question", "privacy.erase_who")
        yes = Button(self._say(reader, "privacy.erase_yes"), Action.of("privacy.erase"))
        no = Button(self._say(reader, "privacy.erase_no"), Action.of("privacy.keep"))
        return Screen("\n".join(self._say(reader, each) for each in lines), ((yes, no),))

    def keep(self, reader: Reader) -> Screen:
        """Answer [No, keep it]."""
        return self._same(reader, "privacy.erase_kept")

    async def erase(self, reader: Reader) -> Screen:
        """Erase the person; whoever was linked with them is told that it ended, and no more."""
        now = self.clock.now()
        async with self.storage.write() as work:
            goodbyes = await self._end_all(work, reader.person)
            for each in goodbyes:
                row = notice_row(self.storage, each.told, each.gone, each.about, now)
                await work.outbox.add(row)
                self._names.put(row.key, each.name)
        await self.storage.erase(reader.person, now)
        for person in {reader.person, *(each.told for each in goodbyes)}:
            await self.changed(person)
        self.wake()
        lines = ("privacy.erased", "privacy.erased_help")
        text = "\n".join(self._say(reader, each) for each in lines)
        return Screen(text, ((help_button(self.texts, reader.language),),), Placement.SAME)

    def notices(self) -> Mapping[str, Composer]:
        """Return who writes each notice about somebody who erased everything or stopped."""
        gone: dict[str, Composer] = {each.value: self._compose_gone for each in Gone}
        return {"check_ins_stopped": self._compose_stopped, **gone}

    async def _compose_stopped(self, row: OutboxRow) -> Screen | None:
        link = await find_subject(self.storage, row)
        if link is None or link.has_ended:
            return None
        text = self.texts.say(ENGLISH, "gone_notice.check_ins_stopped", label=link.label)
        return Screen(text, (clients_under(self.texts, row),))

    async def _compose_gone(self, row: OutboxRow) -> Screen | None:
        gone = Gone(row.reference.partition(":")[0])
        name = self._names.find(row.key)
        say = self.texts.say
        # After a restart nobody knows the word any more; that something ended is still said.
        text = (
            say(ENGLISH, f"gone_notice.{gone}_unnamed")
            if name is None
            else say(ENGLISH, f"gone_notice.{gone}", name=name)
        )
        if gone is Gone.YOUR_CLIENT:
            return Screen(text, (clients_under(self.texts, row),))
        neutral = say(ENGLISH, "link_notice.first")
        return Screen(f"{neutral}\n{text}", (help_under(self.texts, row),))

    async def _stop_check_ins(self, work: UnitOfWork, client: PersonId) -> None:
        now = self.clock.now()
        plans = await work.check_in_plans.list_by_client(client)
        running = [each for each in plans if not each.is_stopped]
        await stop_check_ins(work, running, at=now, by=client)
        for link in await work.care_links.list_by_client(client):
            if not link.has_ended:
                told = notice_row(self.storage, link.therapist, "check_ins_stopped", link.id, now)
                await work.outbox.add(told)

    async def _end_all(self, work: UnitOfWork, person: PersonId) -> list[Goodbye]:
        """End whatever links the person with others; return who is to be told."""
        links = (
            *await work.care_links.list_by_client(person),
            *await work.care_links.list_by_therapist(person),
        )
        untold = [each for each in links if await self._is_untold(work, each, person)]
        contacts = [
            each
            for each in (
                *await work.contacts.list_by_client(person),
                *await work.contacts.list_by_contact(person),
            )
            if not each.has_ended
        ]
        now = self.clock.now()
        for link in untold:
            if not link.has_ended:
                await end_link(work, link, _reason(link, person), at=now, by=person)
        for contact in contacts:
            await work.contacts.update(contact.end(now))
        return [
            *(_goodbye_of_link(each, person) for each in untold),
            # Somebody who never said yes to being a contact was told nothing yet.
            *(
                _goodbye_of_contact(each, person)
                for each in contacts
                if each.has_accepted or each.contact == person
            ),
        ]

    async def _is_untold(self, work: UnitOfWork, link: CareLink, person: PersonId) -> bool:
        """Tell whether the other one does not know yet that the link has ended.

        A notice that still waits could not find its words once the link is erased.
        """
        if not link.has_ended:
            return True
        names = LEFT if link.client == person else ENDED
        return any([await work.outbox.cancel(f"{name}:{link.id}") for name in names])

    def _stored_lines(self, reader: Reader, stored: Export) -> Iterator[str]:
        yield self._say(reader, "privacy")
        for name, rows in stored.items():
            yield self._say(reader, f"stored.{name}", count=len(rows))
        yield self._say(reader, "privacy.limits")

    def _consent_lines(self, reader: Reader, consents: Consents) -> Iterator[str]:
        latest = {each.scope: each for each in consents}
        yield ""
        if not latest:
            yield self._say(reader, "privacy.no_consents")
            return
        yield self._say(reader, "privacy.consents")
        for each in latest.values():
            yield self._consent_line(reader, each)

    def _consent_line(self, reader: Reader, consent: Consent) -> str:
        what = self._say(reader, f"privacy.{consent.scope}")
        given = moment(consent.given_at)
        if consent.withdrawn_at is not None:
            withdrawn = moment(consent.withdrawn_at)
            return self._say(reader, "privacy.withdrawn", what=what, withdrawn=withdrawn)
        key = "privacy.given" if consent.holds else "privacy.outdated"
        return self._say(reader, key, what=what, given=given)

    def _rows(self, reader: Reader, consents: Consents, links: Iterable[CareLink]) -> Iterator[Row]:
        active = [each for each in links if not each.has_ended]
        if choices := self._choice_buttons(reader, consents, active):
            yield choices
        yield (
            Button(self._say(reader, "privacy.export"), Action.of("privacy.export")),
            Button(self._say(reader, "privacy.erase"), Action.of("privacy.ask_erase")),
        )
        if active:
            options = tuple(Option(each.therapist_name, each.id) for each in active[:MOST_OPTIONS])
            prompt = self._say(reader, "privacy.leave_menu")
            yield Menu(prompt, Action.of("client.leave"), options)

    def _choice_buttons(
        self, reader: Reader, consents: Consents, active: Iterable[CareLink]
    ) -> tuple[Button, ...]:
        buttons: list[Button] = []
        for scope in Scope:
            what = self._say(reader, f"privacy.{scope}")
            if consents.covers(scope):
                label = self._say(reader, "privacy.withdraw", what=what)
                buttons.append(Button(label, Action.of("privacy.withdraw", scope)))
            elif scope in _offered(consents, active):
                label = self._say(reader, "privacy.give", what=what)
                buttons.append(Button(label, Action.of("privacy.give", scope)))
        return tuple(buttons)

    def _same(self, reader: Reader, key: str) -> Screen:
        return Screen(self._say(reader, key), placement=Placement.SAME)

    def _say(self, reader: Reader, key: str, **values: str | int) -> str:
        return self.texts.say(reader.language, key, **values)


def _offered(consents: Consents, links: Iterable[CareLink]) -> frozenset[Scope]:
    """Return what can be agreed to here: what a therapist needs one for, the rest only again."""
    before = {each.scope for each in consents} - set(PAIRED)
    is_linked = any(not each.has_ended for each in links)
    possible = before | (set(PAIRED) if is_linked else set())
    return frozenset(each for each in possible if not consents.covers(each))


def _reason(link: CareLink, person: PersonId) -> EndReason:
    return EndReason.CLIENT_LEFT if link.client == person else EndReason.THERAPIST_GONE


def _goodbye_of_link(link: CareLink, person: PersonId) -> Goodbye:
    if link.client == person:
        return Goodbye(link.therapist, Gone.YOUR_CLIENT, link.id, link.label)
    return Goodbye(link.client, Gone.YOUR_THERAPIST, link.id, link.therapist_name)


def _goodbye_of_contact(contact: DesignatedContact, person: PersonId) -> Goodbye:
    if contact.contact == person:
        return Goodbye(contact.client, Gone.YOUR_CONTACT, contact.id, contact.contact_name)
    return Goodbye(contact.contact, Gone.WHO_CHOSE_YOU, contact.id, contact.client_name)
