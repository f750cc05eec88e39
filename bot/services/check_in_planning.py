"""What therapists do with check-in plans: propose one, see how they stand, stop one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.actions import Action
from bot.core.care_links import CareLink
from bot.core.check_in_plans import CheckInPlan
from bot.core.consents import Scope
from bot.core.people import ENGLISH, CheckInPlanId, PersonId, Reader
from bot.core.recurrence import Schedule, upcoming
from bot.core.schedule_words import WrongWords, parse_schedule
from bot.core.screens import Button, Placement, Screen, Weight
from bot.core.zones import Zones
from bot.services.check_ins import TEMPLATES, CheckInService
from bot.services.own_check_ins import ASK, STOPPED, notice
from bot.services.ports import Clock, Texts, Therapists
from bot.services.schedule_wording import ScheduleWording, stamp, wall_time
from bot.services.storage_port import Storage, UnitOfWork

MOST_CHARACTERS = 300
PREVIEWED = 5
# Longer ones would not fit into one message.
MOST_LINES = 10
MOST_SUGGESTIONS = 25
LONGEST_SUGGESTION = 100
STOPPED_SHOWN_FOR = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class PlanOrder:
    """What a therapist typed; `client` is the id or the label of a care link."""

    client: str
    days: str
    time: str
    zone: str | None = None
    template: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of an autocomplete."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CheckInPlanningService:
    """Nothing it plans goes out before the client accepts; `wake` has the deliveries look again."""

    storage: Storage
    texts: Texts
    clock: Clock
    therapists: Therapists
    zones: Zones
    check_ins: CheckInService
    wake: Callable[[], None]

    @property
    def wording(self) -> ScheduleWording:
        """How schedules are put into words."""
        return ScheduleWording(self.texts)

    async def schedule(self, reader: Reader, order: PlanOrder, *, in_dm: bool) -> Screen:
        """Keep a proposal and return its preview; nobody else hears of it yet."""
        if (refusal := await self._refuse(reader, in_dm=in_dm)) is not None:
            return refusal
        link = await self._find_client(reader, order.client)
        if isinstance(link, Screen):
            return link
        schedule = await self._read_schedule(reader, link, order)
        if isinstance(schedule, Screen):
            return schedule
        if len(words := (order.words or "").strip()) > MOST_CHARACTERS:
            return self._told(reader, "check_in_plan.too_long", most=MOST_CHARACTERS)
        plan = CheckInPlan(
            id=CheckInPlanId(self.storage.new_id()),
            link=link.id,
            client=link.client,
            therapist=link.therapist,
            schedule=schedule,
            template=order.template if order.template in TEMPLATES else TEMPLATES[0],
            words=words,
            created_at=self.clock.now(),
        )
        async with self.storage.write() as work:
            await work.check_in_plans.add(plan)
        return self._preview(reader, plan, link)

    async def ask(self, reader: Reader, plan_id: CheckInPlanId) -> Screen:
        """[Ask ... to accept]: once, however often it is pressed."""
        if (refusal := await self._refuse(reader, in_dm=True)) is not None:
            return refusal
        async with self.storage.write() as work:
            found = await self._find_own(work, reader, plan_id)
            if isinstance(found, Screen):
                return found
            plan, link = found
            if not plan.is_waiting:
                return self._told(reader, "check_in_plan.not_waiting")
            if (problem := await self._problem(work, link)) is not None:
                return self._told(reader, problem, label=link.label)
            # Under the plan's own id a second press asks nobody twice.
            row = notice(plan.id, plan.client, ASK, plan, self.clock.now())
            await work.outbox.add(row)
        self.wake()
        return self._told(reader, "check_in_plan.asked", Placement.SAME, label=link.label)

    async def discard(self, reader: Reader, plan_id: CheckInPlanId) -> Screen:
        """[Discard]: only a proposal that nobody has accepted."""
        if (refusal := await self._refuse(reader, in_dm=True)) is not None:
            return refusal
        async with self.storage.write() as work:
            found = await self._find_own(work, reader, plan_id)
            if isinstance(found, Screen):
                return found
            plan, _ = found
            if plan.accepted_at is not None:
                return self._told(reader, "check_in_plan.not_waiting")
            await work.check_in_plans.update(plan.stop(self.clock.now(), reader.person))
        return self._told(reader, "check_in_plan.discarded", Placement.SAME)

    async def stop(self, reader: Reader, plan_id: CheckInPlanId, *, in_dm: bool) -> Screen:
        """Stop a plan for good; a client who had accepted it is told."""
        if (refusal := await self._refuse(reader, in_dm=in_dm)) is not None:
            return refusal
        async with self.storage.write() as work:
            found = await self._find_own(work, reader, plan_id)
            if isinstance(found, Screen):
                return found
            plan, link = found
            if plan.is_stopped:
                return self._told(reader, "check_in_plan.was_stopped", label=link.label)
            await work.check_in_plans.update(plan.stop(self.clock.now(), reader.person))
            if plan.accepted_at is not None:
                key, now = self.storage.new_id(), self.clock.now()
                await work.outbox.add(notice(key, plan.client, STOPPED, plan, now))
        self.wake()
        return self._told(reader, "check_in_plan.now_stopped", label=link.label)

    async def list_plans(self, reader: Reader, *, in_dm: bool) -> Screen:
        """Return every plan by label, how it stands, and when the next check-in comes."""
        if (refusal := await self._refuse(reader, in_dm=in_dm)) is not None:
            return refusal
        shown = [each for each in await self._list_own(reader) if self._is_shown(each[0])]
        if not shown:
            return self._told(reader, "check_in_plan.none")
        lines = [self.texts.say(reader.language, "check_in_plan")]
        lines += [self._line(reader, plan, link) for plan, link in shown[:MOST_LINES]]
        if len(shown) > MOST_LINES:
            lines.append(self.texts.say(reader.language, "check_in_plan.more"))
        return Screen("\n".join(lines))

    async def suggest_clients(self, reader: Reader, typed: str) -> tuple[Suggestion, ...]:
        """Return the therapist's own clients whom messages reach, by label."""
        if not await self.therapists.is_therapist(reader.person):
            return ()
        async with self.storage.read() as work:
            links = await work.care_links.list_by_therapist(reader.person)
        return _fitting(typed, (Suggestion(each.label, each.id) for each in links if _open(each)))

    async def suggest_plans(self, reader: Reader, typed: str) -> tuple[Suggestion, ...]:
        """Return the therapist's own plans that can be stopped."""
        if not await self.therapists.is_therapist(reader.person):
            return ()
        own = [each for each in await self._list_own(reader) if not each[0].is_stopped]
        return _fitting(
            typed,
            (
                Suggestion(
                    f"{link.label}: {self.wording.describe(reader.language, plan.schedule)}",
                    plan.id,
                )
                for plan, link in own
            ),
        )

    def suggest_zones(self, typed: str) -> tuple[Suggestion, ...]:
        """Return time zones by city."""
        return tuple(Suggestion(each.label, each.zone) for each in self.zones.search(typed))

    async def _refuse(self, reader: Reader, *, in_dm: bool) -> Screen | None:
        if not in_dm:
            return self._told(reader, "access.only_in_dm")
        if not await self.therapists.is_therapist(reader.person):
            return self._told(reader, "access.therapists_only")
        return None

    async def _find_client(self, reader: Reader, typed: str) -> CareLink | Screen:
        async with self.storage.read() as work:
            links = await work.care_links.list_by_therapist(reader.person)
            wanted = typed.strip().casefold()
            found = [each for each in links if _open(each)]
            found = [each for each in found if typed == each.id or each.label.casefold() == wanted]
            if len(found) != 1:
                return self._told(reader, "check_in_plan.no_client")
            problem = await self._problem(work, found[0])
        return self._told(reader, problem, label=found[0].label) if problem else found[0]

    async def _problem(self, work: UnitOfWork, link: CareLink) -> str | None:
        """Return the key of what stands in the way of writing to the client."""
        if not _open(link):
            return "check_in_plan.not_linked"
        consents = await work.consents.of(link.client)
        return None if consents.covers(Scope.CHECK_INS) else "check_in_plan.no_consent"

    async def _read_schedule(
        self, reader: Reader, link: CareLink, order: PlanOrder
    ) -> Schedule | Screen:
        zone = self.zones.find(order.zone) if order.zone else await self._find_zone(link.client)
        if zone is None:
            key = "check_in_plan.wrong_zone" if order.zone else "check_in_plan.ask_zone"
            return self._told(reader, key, label=link.label)
        try:
            return parse_schedule(order.days, order.time, zone, self.clock.now(), reader.language)
        except WrongWords as wrong:
            key = f"check_in_plan.wrong_{wrong.problem}"
            return self._told(reader, key, example=wrong.example)

    async def _find_zone(self, client: PersonId) -> str | None:
        async with self.storage.read() as work:
            known = await work.people.find(client)
        return known.zone if known else None

    async def _find_own(
        self, work: UnitOfWork, reader: Reader, plan_id: CheckInPlanId
    ) -> tuple[CheckInPlan, CareLink] | Screen:
        plan = await work.check_in_plans.find(plan_id)
        link = await work.care_links.find(plan.link) if plan else None
        if plan is None or link is None or plan.therapist != reader.person:
            return self._told(reader, "access.not_for_you")
        return plan, link

    async def _list_own(self, reader: Reader) -> list[tuple[CheckInPlan, CareLink]]:
        async with self.storage.read() as work:
            plans = await work.check_in_plans.list_by_therapist(reader.person)
            links = await work.care_links.list_by_therapist(reader.person)
        by_id = {each.id: each for each in links if not each.has_ended}
        return [(each, by_id[each.link]) for each in plans if each.link in by_id]

    def _is_shown(self, plan: CheckInPlan) -> bool:
        if plan.stopped_at is None:
            return True
        is_recent = self.clock.now() - plan.stopped_at < STOPPED_SHOWN_FOR
        return is_recent and plan.accepted_at is not None

    def _preview(self, reader: Reader, plan: CheckInPlan, link: CareLink) -> Screen:
        say, language, zone = self.texts.say, reader.language, plan.schedule.zone
        note = self.check_ins.show(plan, None)
        when = self.wording.describe(language, plan.schedule)
        lines = [say(language, "check_in_plan.preview", label=link.label, when=when)]
        lines += [
            say(language, "check_in_plan.times", label=link.label, zone=zone),
            *_times(plan, self.clock.now(), PREVIEWED),
            say(language, "check_in_plan.note"),
            *(f"> {line}" for line in note.text.splitlines()),
            say(language, "check_in_plan.buttons", buttons=_labels(note)),
            say(language, "check_in_plan.lock_screen", first=say(ENGLISH, "check_in")),
            say(language, "check_in_plan.warning"),
        ]
        ask = say(language, "check_in_plan.ask_button", label=link.label)
        discard = say(language, "check_in_plan.discard")
        buttons = (
            Button(ask, Action.of("check_in_plan.ask", plan.id), Weight.MAIN),
            Button(discard, Action.of("check_in_plan.discard", plan.id)),
        )
        return Screen("\n".join(lines), (buttons,))

    def _line(self, reader: Reader, plan: CheckInPlan, link: CareLink) -> str:
        return self.texts.say(
            reader.language,
            "check_in_plan.line",
            label=link.label,
            when=self.wording.describe(reader.language, plan.schedule),
            state=self.wording.state(reader.language, plan, self.clock.now()),
        )

    def _told(
        self, reader: Reader, key: str, placement: Placement = Placement.NEW, **values: str | int
    ) -> Screen:
        return Screen(self.texts.say(reader.language, key, **values), placement=placement)


def _open(link: CareLink) -> bool:
    return link.is_reachable and not link.has_ended


def _times(plan: CheckInPlan, after: datetime, count: int) -> list[str]:
    zone = plan.schedule.zone
    found = upcoming(plan.schedule, after, count)
    return [f"- {wall_time(at, zone)} = {stamp(at)}" for at in found]


def _labels(screen: Screen) -> str:
    return " | ".join(each.label for each in screen.buttons)


def _fitting(typed: str, suggestions: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    wanted = typed.casefold()
    found = [each for each in suggestions if wanted in each.label.casefold()]
    return tuple(
        replace(each, label=each.label[:LONGEST_SUGGESTION]) for each in found[:MOST_SUGGESTIONS]
    )
