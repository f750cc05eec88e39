"""Joining by a code: what it means is said first, each yes is its own, and a hello proves it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.actions import Action
from bot.core.care_links import CareLink
from bot.core.consents import Consents, Scope
from bot.core.invitations import (
    WRONG_ATTEMPTS,
    WRONG_ATTEMPTS_WITHIN,
    Invitation,
    InvitationKind,
    InvitationStanding,
    normalise_code,
)
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import ENGLISH, CareLinkId, ChannelId, InvitationId, PersonId, Reader
from bot.core.screens import Button, Placement, Screen, Weight
from bot.services.care_links import (
    clients_under,
    find_subject,
    hello_reference,
    moment,
    notice_row,
    split_words,
    subject_of,
)
from bot.services.deliveries import Composer
from bot.services.ports import Clock, Texts, Therapists
from bot.services.rows import help_button, main_row
from bot.services.storage_port import Storage, UnitOfWork

ContactInvitation = Callable[[Reader, Invitation], Awaitable[Screen]]

TICKED, UNTICKED = "1", "0"


@dataclass(frozen=True, slots=True)
class Ticks:
    """What is ticked so far; it stands in each button, so that nothing is kept before [Join]."""

    check_ins: bool = False
    view: bool = False
    adult: bool = False

    @classmethod
    def decode(cls, text: str) -> "Ticks":
        """Read the ticks of a button; whatever is not clearly ticked is not."""
        return cls(*(each == TICKED for each in text.ljust(3, UNTICKED)[:3]))

    @property
    def encoded(self) -> str:
        """Return the ticks as a button carries them."""
        ticks = (self.check_ins, self.view, self.adult)
        return "".join(TICKED if each else UNTICKED for each in ticks)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Return what is agreed to."""
        ticked = {Scope.CHECK_INS: self.check_ins, Scope.THERAPIST_VIEW: self.view}
        return tuple(scope for scope, is_ticked in ticked.items() if is_ticked)


@dataclass(frozen=True, slots=True)
class JoiningService:
    """From a typed code to a client who is known to be reached."""

    storage: Storage
    texts: Texts
    clock: Clock
    therapists: Therapists
    wake: Callable[[], None]
    run_by: str
    contact_invitation: ContactInvitation | None = None

    def only_in_dm(self, reader: Reader) -> Screen:
        """Return where a code can be used."""
        return Screen(self._say(reader, "access.only_in_dm"))

    async def open(self, reader: Reader, typed: str) -> Screen:
        """Return what the code stands for; wrong ones are answered alike, and only a few times."""
        now = self.clock.now()
        async with self.storage.write() as work:
            attempts = work.invitations
            tried = await attempts.wrong_attempts(reader.person, now, WRONG_ATTEMPTS_WITHIN)
            if tried >= WRONG_ATTEMPTS:
                return self._too_many(reader)
            invitation = await self._find(work, typed)
            refusal = self._why_not(reader, invitation)
            if invitation is None or refusal == "join.unknown":
                await attempts.count_wrong_attempt(reader.person, now, WRONG_ATTEMPTS_WITHIN)
        if invitation is None or refusal is not None:
            return Screen(self._say(reader, refusal or "join.unknown"))
        return await self._explain(reader, invitation)

    async def choose(self, reader: Reader, invitation: InvitationId, ticks: Ticks) -> Screen:
        """Return the same screen with these ticks."""
        found, refusal = await self._find_open(reader, invitation)
        if found is None:
            return refusal
        return replace(await self._ask(reader, found, ticks), placement=Placement.SAME)

    def decline(self, reader: Reader) -> Screen:
        """Answer [No, thanks]: nothing is kept and nobody is told."""
        row = main_row(self.texts, reader.language)
        return Screen(self._say(reader, "join.declined"), (row,), Placement.SAME)

    async def join(
        self, reader: Reader, invitation: InvitationId, ticks: Ticks, channel: ChannelId
    ) -> Screen:
        """Pair the two, in one go and only once; or say what is missing."""
        found, refusal = await self._find_open(reader, invitation)
        if found is None:
            return refusal
        if missing := self._missing(ticks):
            asked = await self._ask(reader, found, ticks)
            text = f"{asked.text}\n\n{self._say(reader, missing)}"
            return replace(asked, text=text, placement=Placement.SAME)
        link = self._new_link(reader.person, found)
        if not await self._pair(link, found, ticks, channel):
            return Screen(self._say(reader, "join.unknown"))
        self.wake()
        return self._joined(reader, link, "join.joined")

    async def send_again(self, reader: Reader, link: CareLinkId) -> Screen:
        """Send the hello once more, for somebody whom the first one has not reached."""
        now = self.clock.now()
        async with self.storage.write() as work:
            found = await work.care_links.find(link)
            if found is None or found.client != reader.person:
                return Screen(self._say(reader, "access.not_for_you"))
            if found.has_ended:
                return Screen(self._say(reader, "hello.ended"), placement=Placement.SAME)
            if found.is_reachable:
                return self._thanks(reader, found)
            await work.outbox.cancel(hello_reference(link))
            await work.outbox.add(self._hello_row(found, now))
        self.wake()
        return self._joined(reader, found, "join.sent_again")

    async def compose_hello(self, row: OutboxRow) -> Screen | None:
        """Return the first message of a link; None once its button was pressed or it has ended."""
        link = await find_subject(self.storage, row)
        if link is None or link.has_ended or link.is_reachable:
            return None
        say = self.texts.say
        text = f"{say(ENGLISH, 'hello')}\n{say(ENGLISH, 'hello.press')}"
        arrived = Action.of("join.arrived", link.id, row.key)
        button = Button(say(ENGLISH, "hello.arrived"), arrived, Weight.MAIN)
        return Screen(text, ((button,),))

    async def arrived(self, reader: Reader, link: CareLinkId) -> Screen:
        """Note that the client is reached, by [It arrived]; the therapist is told."""
        now = self.clock.now()
        async with self.storage.write() as work:
            found = await work.care_links.find(link)
            if found is None or found.client != reader.person:
                return Screen(self._say(reader, "access.not_for_you"))
            if found.has_ended:
                return Screen(self._say(reader, "hello.ended"), placement=Placement.SAME)
            await work.people.mark_reachable(reader.person, now)
            if not found.is_reachable:
                await work.care_links.update(found.reached(now))
                told = notice_row(self.storage, found.therapist, "reached", found.id, now)
                await work.outbox.add(told)
        self.wake()
        return self._thanks(reader, found)

    async def settle_hello(
        self, work: UnitOfWork, row: OutboxRow, outcome: DeliveryOutcome | None
    ) -> None:
        """Tell the therapist where the hello of a link can't be delivered."""
        if outcome is not DeliveryOutcome.UNREACHABLE:
            return
        link = await work.care_links.find(CareLinkId(subject_of(row)))
        if link is not None and row.reference == hello_reference(link.id):
            now = self.clock.now()
            told = notice_row(self.storage, link.therapist, "hello_undelivered", link.id, now)
            await work.outbox.add(told)

    def notices(self) -> Mapping[str, Composer]:
        """Return who writes each notice to the therapist."""
        return {
            "joined": self._compose_joined,
            "reached": self._compose_reached,
            "hello_undelivered": self._compose_undelivered,
        }

    async def _compose_joined(self, row: OutboxRow) -> Screen | None:
        return await self._compose(row, "join_notice.joined")

    async def _compose_reached(self, row: OutboxRow) -> Screen | None:
        return await self._compose(row, "join_notice.reached")

    async def _compose_undelivered(self, row: OutboxRow) -> Screen | None:
        return await self._compose(row, "join_notice.undelivered")

    async def _compose(self, row: OutboxRow, key: str) -> Screen | None:
        link = await find_subject(self.storage, row)
        if link is None or link.has_ended:
            return None
        text = self.texts.say(ENGLISH, key, label=link.label)
        return Screen(text, (clients_under(self.texts, row),))

    async def _find(self, work: UnitOfWork, typed: str) -> Invitation | None:
        code = normalise_code(typed)
        if code is None:
            return None
        return await work.invitations.find_by_code_hash(self.storage.hash_code(code))

    async def _find_open(
        self, reader: Reader, invitation: InvitationId
    ) -> tuple[Invitation | None, Screen]:
        async with self.storage.read() as work:
            found = await work.invitations.find(invitation)
        refusal = await self._why_not_client(reader, found)
        return None if refusal else found, self._refused(reader, refusal, found)

    def _refused(self, reader: Reader, key: str | None, invitation: Invitation | None) -> Screen:
        name = split_words(invitation)[1] if invitation else ""
        return Screen(self._say(reader, key or "join.unknown", name=name))

    def _why_not(self, reader: Reader, invitation: Invitation | None) -> str | None:
        if invitation is None:
            return "join.unknown"
        if invitation.inviter == reader.person:
            return "join.own"
        standing = invitation.standing(self.clock.now())
        if standing is InvitationStanding.USED and invitation.used_by == reader.person:
            return "join.used_by_you"
        return None if standing is InvitationStanding.OPEN else "join.unknown"

    async def _why_not_client(self, reader: Reader, invitation: Invitation | None) -> str | None:
        if refusal := self._why_not(reader, invitation):
            return refusal
        if invitation is None or invitation.kind is not InvitationKind.CLIENT:
            return "join.unknown"
        # A therapist can lose that role between the code and its use.
        if not await self.therapists.is_therapist(invitation.inviter):
            return "join.unknown"
        async with self.storage.read() as work:
            is_linked = await self._are_linked(work, reader.person, invitation.inviter)
        return "join.linked" if is_linked else None

    async def _are_linked(self, work: UnitOfWork, client: PersonId, therapist: PersonId) -> bool:
        links = await work.care_links.list_by_client(client)
        return any(each.therapist == therapist and not each.has_ended for each in links)

    async def _explain(self, reader: Reader, invitation: Invitation) -> Screen:
        if invitation.kind is InvitationKind.CONTACT:
            if self.contact_invitation is None:
                return Screen(self._say(reader, "join.not_here"))
            return await self.contact_invitation(reader, invitation)
        if refusal := await self._why_not_client(reader, invitation):
            return self._refused(reader, refusal, invitation)
        return await self._ask(reader, invitation, Ticks())

    async def _ask(self, reader: Reader, invitation: Invitation, ticks: Ticks) -> Screen:
        name = split_words(invitation)[1]
        async with self.storage.read() as work:
            consents = await work.consents.of(reader.person)
        return Screen(
            "\n".join(self._terms(reader, name, consents)),
            (
                self._tick_buttons(reader, invitation, ticks),
                self._end_buttons(reader, invitation, ticks),
            ),
        )

    def _terms(self, reader: Reader, name: str, consents: Consents) -> list[str]:
        lines = [
            self._say(reader, "join.invites", name=name),
            self._say(reader, "join.shared", name=name),
            self._say(reader, "join.not_shared"),
            "",
            self._say(reader, "join.choose_check_ins"),
            self._say(reader, "join.choose_view", name=name),
            self._say(reader, "join.for_all"),
        ]
        if consents.covers(Scope.CHECK_INS):
            lines.append(self._say(reader, "join.already_check_ins"))
        if consents.covers(Scope.THERAPIST_VIEW):
            lines.append(self._say(reader, "join.already_view", name=name))
        lines += ["", self._run_by(reader)]
        return [
            *lines,
            self._say(reader, "join.discord"),
            self._say(reader, "join.take_back"),
        ]

    def _run_by(self, reader: Reader) -> str:
        if not self.run_by:
            return self._say(reader, "join.run_by_nobody")
        return self._say(reader, "join.run_by", run_by=self.run_by)

    def _tick_buttons(
        self, reader: Reader, invitation: Invitation, ticks: Ticks
    ) -> tuple[Button, ...]:
        check_ins = "join.check_ins_yes" if ticks.check_ins else "join.check_ins_no"
        view = "join.view_yes" if ticks.view else "join.view_no"
        adult = "join.adult_yes" if ticks.adult else "join.adult_no"
        changed = {
            check_ins: replace(ticks, check_ins=not ticks.check_ins),
            view: replace(ticks, view=not ticks.view),
            adult: replace(ticks, adult=not ticks.adult),
        }
        return tuple(
            Button(self._say(reader, key), Action.of("join.choose", invitation.id, after.encoded))
            for key, after in changed.items()
        )

    def _end_buttons(
        self, reader: Reader, invitation: Invitation, ticks: Ticks
    ) -> tuple[Button, ...]:
        join = Action.of("join.join", invitation.id, ticks.encoded)
        return (
            Button(self._say(reader, "join.join"), join, Weight.MAIN),
            Button(self._say(reader, "join.decline"), Action.of("join.decline")),
        )

    def _missing(self, ticks: Ticks) -> str | None:
        if not ticks.adult:
            return "join.missing_adult"
        return None if ticks.check_ins else "join.missing_check_ins"

    def _new_link(self, client: PersonId, invitation: Invitation) -> CareLink:
        label, name = split_words(invitation)
        return CareLink(
            id=CareLinkId(self.storage.new_id()),
            therapist=invitation.inviter,
            client=client,
            label=label,
            therapist_name=name,
            created_at=self.clock.now(),
        )

    async def _pair(
        self, link: CareLink, invitation: Invitation, ticks: Ticks, channel: ChannelId
    ) -> bool:
        now = link.created_at
        async with self.storage.write() as work:
            if await self._are_linked(work, link.client, link.therapist):
                return False
            if not await work.invitations.mark_used(invitation.id, link.client, now):
                return False
            await work.people.remember_channel(link.client, channel, now)
            await work.people.confirm_adult(link.client, now)
            for scope in ticks.scopes:
                await work.consents.give(link.client, scope, now)
            await work.care_links.add(link)
            await work.outbox.add(self._hello_row(link, now))
            told = notice_row(self.storage, link.therapist, "joined", link.id, now)
            await work.outbox.add(told)
        return True

    def _hello_row(self, link: CareLink, at: datetime) -> OutboxRow:
        return OutboxRow(
            key=self.storage.new_id(),
            person=link.client,
            kind=OutboxKind.HELLO,
            reference=hello_reference(link.id),
            lane=Lane.DELIVERY,
            due_at=at,
        )

    def _joined(self, reader: Reader, link: CareLink, key: str) -> Screen:
        text = self._say(reader, key, name=link.therapist_name)
        again = Button(self._say(reader, "join.again"), Action.of("join.again", link.id))
        return Screen(text, ((again,),), Placement.SAME)

    def _thanks(self, reader: Reader, link: CareLink) -> Screen:
        thanks = self._say(reader, "hello.thanks", name=link.therapist_name)
        leave = Button(self._say(reader, "hello.leave"), Action.of("client.leave", link.id))
        row = (leave, help_button(self.texts, reader.language))
        text = f"{thanks}\n{self._say(reader, 'hello.stop')}"
        return Screen(text, (row,), Placement.SAME)

    def _too_many(self, reader: Reader) -> Screen:
        # The count starts again this long after its first, so this is the latest it can be.
        again = moment(self.clock.now() + WRONG_ATTEMPTS_WITHIN, "R")
        return Screen(self._say(reader, "join.too_many", again=again))

    def _say(self, reader: Reader, key: str, **values: str | int) -> str:
        return self.texts.say(reader.language, key, **values)
