"""A therapist's clients, by the therapist's own labels: inviting, how it stands, and ending."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.actions import Action
from bot.core.care_links import CareLink, EndReason
from bot.core.check_ins import CheckIn
from bot.core.consents import Scope
from bot.core.invitations import (
    VALID_FOR,
    Invitation,
    InvitationKind,
    InvitationStanding,
    show_code,
)
from bot.core.known_people import KnownPerson
from bot.core.outbox import OutboxRow
from bot.core.people import ENGLISH, CareLinkId, InvitationId, PersonId, Reader
from bot.core.screens import Button, Menu, Option, Placement, Row, Screen
from bot.services.care_links import (
    BETWEEN_WORDS,
    Counted,
    clients_under,
    count_check_ins,
    end_link,
    find_subject,
    help_under,
    moment,
    notice_row,
    split_words,
    standing_of,
    tidy,
)
from bot.services.deliveries import Composer
from bot.services.ports import Clock, Texts, Therapists
from bot.services.rows import main_row
from bot.services.storage_port import Storage, UnitOfWork

LONGEST_LABEL = 40
LONGEST_NAME = 60
LINES_A_PAGE = 12
MOST_OPTIONS = 25
COUNTED_FOR = timedelta(weeks=4)
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class ClientService:
    """Everything a therapist does with clients, and how either side ends it."""

    storage: Storage
    texts: Texts
    clock: Clock
    therapists: Therapists
    wake: Callable[[], None]
    install_url: Callable[[], str]

    def only_in_dm(self, reader: Reader) -> Screen:
        """Return where these commands work."""
        return Screen(self._say(reader, "access.only_in_dm"))

    async def invite(self, reader: Reader, label: str, name: str) -> Screen:
        """Return a fresh code with a text to pass on; only a hash of the code is kept."""
        if refusal := await self._refusal(reader):
            return refusal
        label, name = tidy(label)[:LONGEST_LABEL], tidy(name)[:LONGEST_NAME]
        if not label or not name:
            return Screen(self._say(reader, "client.needs_words"))
        code = self.storage.new_code()
        invitation = self._new_invitation(reader.person, code, BETWEEN_WORDS.join((label, name)))
        async with self.storage.write() as work:
            if await self._is_taken(work, reader.person, label):
                return Screen(self._say(reader, "client.label_taken", label=label))
            await work.invitations.add(invitation)
        return self._invited(reader, invitation, show_code(code))

    async def revoke(self, reader: Reader, invitation: InvitationId) -> Screen:
        """Take a code back; what was used or has run out stays as it is."""
        if refusal := await self._refusal(reader):
            return refusal
        async with self.storage.write() as work:
            found = await work.invitations.find(invitation)
            if found is None or found.inviter != reader.person:
                return self.not_for_you(reader)
            revoked = await work.invitations.revoke(invitation, self.clock.now())
        key = "client.revoked" if revoked else "client.not_revoked"
        label = split_words(found)[0]
        text = self._say(reader, key, label=label)
        return Screen(text, placement=Placement.SAME)

    async def show_list(self, reader: Reader, page: int = 0) -> Screen:
        """Return every client by label with how it stands, a page at a time."""
        if refusal := await self._refusal(reader):
            return refusal
        async with self.storage.read() as work:
            waiting = await self._open_invitations(work, reader.person)
            links = await work.care_links.list_by_therapist(reader.person)
            known = {each.client: await work.people.find(each.client) for each in links}
        links = tuple(sorted(links, key=lambda each: each.has_ended))
        lines = [self._invited_line(reader, each) for each in waiting]
        lines += [self._link_line(reader, each, known[each.client]) for each in links]
        if not lines:
            return Screen(self._say(reader, "client.none"))
        return self._list_page(reader, lines, waiting, page)

    async def view(self, reader: Reader, client: str) -> Screen:
        """Return the numbers of the last weeks, where the client lets the therapist see them."""
        if refusal := await self._refusal(reader):
            return refusal
        since_at = self.clock.now() - COUNTED_FOR
        async with self.storage.read() as work:
            link = await self._find_own(work, reader.person, client)
            if link is None:
                return Screen(self._say(reader, "client.unknown"))
            known = await work.people.find(link.client)
            consents = await work.consents.of(link.client)
            check_ins = await work.check_ins.list_by_link(link.id, MOST_COUNTED)
        lines = [self._link_line(reader, link, known)]
        if not link.has_ended and consents.covers(Scope.THERAPIST_VIEW):
            lines.append(self._say(reader, "client.viewed", label=link.label))
            lines += self._counts(reader, [each for each in check_ins if each.due_at >= since_at])
        elif not link.has_ended:
            lines.append(self._say(reader, "client.view_hidden", label=link.label))
        return Screen("\n".join((*lines, "", self._say(reader, "client.view_limits"))))

    async def suggest(self, reader: Reader, typed: str) -> Sequence[Option]:
        """Return the therapist's own clients whose label contains what was typed."""
        if not await self.therapists.is_therapist(reader.person):
            return ()
        async with self.storage.read() as work:
            links = await work.care_links.list_by_therapist(reader.person)
        wanted = typed.strip().casefold()
        found = [each for each in links if not each.has_ended and wanted in each.label.casefold()]
        return tuple(Option(each.label, each.id) for each in found[:MOST_OPTIONS])

    async def ask_end(self, reader: Reader, client: str) -> Screen:
        """Return the question whether to end the link."""
        if refusal := await self._refusal(reader):
            return refusal
        async with self.storage.read() as work:
            link = await self._find_own(work, reader.person, client)
        if link is None:
            return Screen(self._say(reader, "client.unknown"))
        if link.has_ended:
            return Screen(self._say(reader, "client.ended_already"))
        text = self._say(reader, "client.end_question", label=link.label)
        yes = Button(self._say(reader, "client.end_yes"), Action.of("client.end", link.id))
        return Screen(text, ((yes, self._keep_button(reader)),))

    async def end(self, reader: Reader, link: CareLinkId) -> Screen:
        """End the link: everything that depended on it stops, and the client is told once."""
        if refusal := await self._refusal(reader):
            return refusal
        async with self.storage.write() as work:
            found = await work.care_links.find(link)
            if found is None or found.therapist != reader.person:
                return self.not_for_you(reader)
            if found.has_ended:
                return self._same(reader, "client.ended_already")
            await self._end_and_tell(work, found, EndReason.THERAPIST_ENDED)
        self.wake()
        text = self._say(reader, "client.ended", label=found.label)
        return Screen(text, placement=Placement.SAME)

    def keep(self, reader: Reader) -> Screen:
        """[Keep it]."""
        return self._same(reader, "client.kept")

    async def ask_leave(self, reader: Reader, link: CareLinkId) -> Screen:
        """Return the question whether to leave, for the client of the link."""
        async with self.storage.read() as work:
            found = await work.care_links.find(link)
        if found is None or found.client != reader.person:
            return self.not_for_you(reader)
        if found.has_ended:
            return Screen(self._say(reader, "client.ended_already"))
        text = self._say(reader, "client.leave_question", name=found.therapist_name)
        yes = Button(self._say(reader, "client.leave_yes"), Action.of("client.leave_now", link))
        return Screen(text, ((yes, self._keep_button(reader)),))

    async def leave(self, reader: Reader, link: CareLinkId) -> Screen:
        """Let the client go, at once; the therapist is told by label, without a reason."""
        async with self.storage.write() as work:
            found = await work.care_links.find(link)
            if found is None or found.client != reader.person:
                return self.not_for_you(reader)
            if found.has_ended:
                return self._same(reader, "client.ended_already")
            await self._end_and_tell(work, found, EndReason.CLIENT_LEFT)
        self.wake()
        text = self._say(reader, "client.left", name=found.therapist_name)
        return Screen(text, (main_row(self.texts, reader.language),), Placement.SAME)

    async def therapist_removed(self, therapist: PersonId) -> None:
        """End every link of somebody who is no therapist any more; each client is told once."""
        now = self.clock.now()
        async with self.storage.write() as work:
            for link in await work.care_links.list_by_therapist(therapist):
                if not link.has_ended:
                    await self._end_and_tell(work, link, EndReason.THERAPIST_GONE)
            for each in await self._open_invitations(work, therapist):
                await work.invitations.revoke(each.id, now)
        self.wake()

    def notices(self) -> Mapping[str, Composer]:
        """Return who writes each notice of an ended link."""
        return {
            "ended_by_therapist": self._compose_ended_by_therapist,
            "therapist_gone": self._compose_therapist_gone,
            "client_left": self._compose_client_left,
        }

    def not_for_you(self, reader: Reader) -> Screen:
        """Return the kind line for somebody else's button."""
        return Screen(self._say(reader, "access.not_for_you"))

    async def _end_and_tell(self, work: UnitOfWork, link: CareLink, because: EndReason) -> None:
        now = self.clock.now()
        by = link.client if because is EndReason.CLIENT_LEFT else link.therapist
        await end_link(work, link, because, at=now, by=by)
        told, name = {
            EndReason.CLIENT_LEFT: (link.therapist, "client_left"),
            EndReason.THERAPIST_GONE: (link.client, "therapist_gone"),
        }.get(because, (link.client, "ended_by_therapist"))
        await work.outbox.add(notice_row(self.storage, told, name, link.id, now))

    async def _compose_ended_by_therapist(self, row: OutboxRow) -> Screen | None:
        return await self._compose_ended(row, "link_notice.ended_by_therapist")

    async def _compose_therapist_gone(self, row: OutboxRow) -> Screen | None:
        return await self._compose_ended(row, "link_notice.therapist_gone")

    async def _compose_ended(self, row: OutboxRow, key: str) -> Screen | None:
        link = await find_subject(self.storage, row)
        if link is None:
            return None
        say = self.texts.say
        lines = (
            say(ENGLISH, "link_notice.first"),
            say(ENGLISH, key, name=link.therapist_name),
            say(ENGLISH, "link_notice.what_now"),
        )
        return Screen("\n".join(lines), (help_under(self.texts, row),))

    async def _compose_client_left(self, row: OutboxRow) -> Screen | None:
        link = await find_subject(self.storage, row)
        if link is None:
            return None
        text = self.texts.say(ENGLISH, "link_notice.client_left", label=link.label)
        return Screen(text, (clients_under(self.texts, row),))

    async def _refusal(self, reader: Reader) -> Screen | None:
        if await self.therapists.is_therapist(reader.person):
            return None
        return Screen(self._say(reader, "access.therapists_only"))

    def _new_invitation(self, inviter: PersonId, code: str, words: str) -> Invitation:
        now = self.clock.now()
        return Invitation(
            id=InvitationId(self.storage.new_id()),
            kind=InvitationKind.CLIENT,
            inviter=inviter,
            code_hash=self.storage.hash_code(code),
            label=words,
            created_at=now,
            expires_at=now + VALID_FOR,
        )

    async def _is_taken(self, work: UnitOfWork, therapist: PersonId, label: str) -> bool:
        links = await work.care_links.list_by_therapist(therapist)
        used = [each.label for each in links if not each.has_ended]
        used += [split_words(each)[0] for each in await self._open_invitations(work, therapist)]
        return label.casefold() in {each.casefold() for each in used}

    def _invited(self, reader: Reader, invitation: Invitation, code: str) -> Screen:
        label, name = split_words(invitation)
        until = moment(invitation.expires_at)
        passed_on = self._say(
            reader, "client.pass_on", name=name, code=code, url=self.install_url()
        )
        lines = (
            self._say(reader, "client.invited", label=label, code=code),
            self._say(reader, "client.invited_until", until=until),
            self._say(reader, "client.invited_pass_on"),
            f"```\n{passed_on}\n```",
        )
        revoke = Action.of("client.revoke", invitation.id)
        return Screen("\n".join(lines), ((Button(self._say(reader, "client.revoke"), revoke),),))

    async def _open_invitations(
        self, work: UnitOfWork, inviter: PersonId
    ) -> tuple[Invitation, ...]:
        now = self.clock.now()
        return tuple(
            each
            for each in await work.invitations.list_by_inviter(inviter)
            if each.kind is InvitationKind.CLIENT and each.standing(now) is InvitationStanding.OPEN
        )

    async def _find_own(
        self, work: UnitOfWork, therapist: PersonId, client: str
    ) -> CareLink | None:
        # The list gives an id; somebody who types the whole label means the same.
        links = await work.care_links.list_by_therapist(therapist)
        by_label = [each for each in links if each.label.casefold() == client.strip().casefold()]
        by_label.sort(key=lambda each: each.has_ended)
        by_id = [each for each in links if each.id == client]
        return next(iter((*by_id, *by_label)), None)

    def _invited_line(self, reader: Reader, invitation: Invitation) -> str:
        label, until = split_words(invitation)[0], moment(invitation.expires_at)
        return self._say(reader, "client.line_invited", label=label, until=until)

    def _link_line(self, reader: Reader, link: CareLink, known: KnownPerson | None) -> str:
        return self._say(
            reader,
            f"client.line_{standing_of(link, known)}",
            label=link.label,
            since=moment(link.created_at),
            ended=moment(link.ended_at or link.created_at),
        )

    def _list_page(
        self, reader: Reader, lines: Sequence[str], waiting: Sequence[Invitation], page: int
    ) -> Screen:
        first = page * LINES_A_PAGE
        shown = lines[first : first + LINES_A_PAGE]
        turning: tuple[Button, ...] = ()
        if page > 0:
            earlier = Action.of("client.page", page - 1)
            turning += (Button(self._say(reader, "client.earlier"), earlier),)
        if first + LINES_A_PAGE < len(lines):
            turning += (
                Button(self._say(reader, "client.more"), Action.of("client.page", page + 1)),
            )
        rows: tuple[Row, ...] = (turning,) if turning else ()
        if waiting:
            rows = (*rows, self._revoke_menu(reader, waiting))
        return Screen("\n".join((self._say(reader, "client.heading"), *shown)), rows)

    def _revoke_menu(self, reader: Reader, waiting: Sequence[Invitation]) -> Menu:
        options = tuple(Option(split_words(each)[0], each.id) for each in waiting[:MOST_OPTIONS])
        return Menu(self._say(reader, "client.revoke_menu"), Action.of("client.revoke"), options)

    def _counts(self, reader: Reader, check_ins: Iterable[CheckIn]) -> list[str]:
        counts = count_check_ins(check_ins)
        return [
            self._say(reader, f"client.count_{each}", count=counts.get(each, 0))
            for each in Counted
            # Everything is said with its zero, but a doubt only where there is one.
            if each is not Counted.UNSURE or each in counts
        ]

    def _keep_button(self, reader: Reader) -> Button:
        return Button(self._say(reader, "client.keep"), Action.of("client.keep"))

    def _same(self, reader: Reader, key: str) -> Screen:
        return Screen(self._say(reader, key), placement=Placement.SAME)

    def _say(self, reader: Reader, key: str, **values: str | int) -> str:
        return self.texts.say(reader.language, key, **values)
