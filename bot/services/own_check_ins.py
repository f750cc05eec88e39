"""What clients do with check-in plans: say yes or no, pause, go on, stop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.actions import Action
from bot.core.care_links import CareLink
from bot.core.check_in_plans import CheckInPlan
from bot.core.consents import Scope
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import ENGLISH, CheckInPlanId, Language, PersonId, Reader
from bot.core.recurrence import upcoming
from bot.core.screens import Button, Menu, Option, Placement, Screen, Weight
from bot.services.check_ins import CheckInService
from bot.services.deliveries import NAME_ENDS, Composer
from bot.services.ports import Clock, Texts
from bot.services.schedule_wording import ScheduleWording, stamp, wall_time
from bot.services.storage_port import Storage, UnitOfWork

# Names of notices; with ":" and an id each fits into the reference of an outbox row.
ASK, UNASKED = "check_in_ask", "check_in_unasked"
SAID_YES, SAID_NO, STOPPED = "check_in_yes", "check_in_no", "check_in_stopped"
ASKED_WITH = 3
A_WEEK = timedelta(days=7)
# More would not fit into one message.
MOST_PLANS = 10

PlanAndLink = tuple[CheckInPlan, CareLink]
Change = Callable[[CheckInPlan, datetime], CheckInPlan]


def notice(key: str, person: PersonId, name: str, plan: CheckInPlan, at: datetime) -> OutboxRow:
    """Return the row of a message about a plan, to its client or its therapist."""
    reference = f"{name}{NAME_ENDS}{plan.id}"
    return OutboxRow(key, person, OutboxKind.NOTICE, reference, Lane.DELIVERY, at)


@dataclass(frozen=True, slots=True)
class OwnCheckInService:
    """The client decides; whoever planned it hears yes or no, sees whether it runs, never why."""

    storage: Storage
    texts: Texts
    clock: Clock
    check_ins: CheckInService
    wake: Callable[[], None]

    @property
    def wording(self) -> ScheduleWording:
        """How schedules are put into words."""
        return ScheduleWording(self.texts)

    def notices(self) -> Mapping[str, Composer]:
        """Return what makes our notices, by their names."""
        return {
            ASK: self.compose_ask,
            UNASKED: self.compose_unasked,
            SAID_YES: self.compose_yes,
            SAID_NO: self.compose_no,
            STOPPED: self.compose_stopped,
        }

    async def settle_notice(
        self, work: UnitOfWork, row: OutboxRow, outcome: DeliveryOutcome | None
    ) -> None:
        """Tell the therapist where the question itself can't be delivered."""
        name, _, plan_id = row.reference.partition(NAME_ENDS)
        if name != ASK or outcome is not DeliveryOutcome.UNREACHABLE:
            return
        if plan := await work.check_in_plans.find(CheckInPlanId(plan_id)):
            await self._notify(work, plan.therapist, UNASKED, plan)

    async def compose_ask(self, row: OutboxRow) -> Screen | None:
        """Ask the client: what would come, when, and that no is a good answer."""
        found = await self._find_of_row(row)
        if found is None or not found[0].is_waiting or not await self._consents(found[0]):
            return None
        plan, link = found
        say, name, zone = self.texts.say, link.therapist_name, plan.schedule.zone
        when = self.wording.describe(ENGLISH, plan.schedule)
        times = upcoming(plan.schedule, self.clock.now(), ASKED_WITH)
        lines = [
            say(ENGLISH, "check_in_ask", name=name, when=when),
            *(f"- {wall_time(at, zone)} = {stamp(at)}" for at in times),
            say(ENGLISH, "check_in_ask.note"),
            *(f"> {line}" for line in self.check_ins.show(plan, None).text.splitlines()),
            say(ENGLISH, "check_in_ask.terms", name=name),
        ]
        return Screen("\n".join(lines), (self._yes_or_no(ENGLISH, plan),))

    async def compose_unasked(self, row: OutboxRow) -> Screen | None:
        """Tell the therapist that the question could not be delivered."""
        found = await self._find_of_row(row)
        if found is None or not found[0].is_waiting:
            return None
        return self._to_therapist("check_in_ask.undelivered", found)

    async def compose_yes(self, row: OutboxRow) -> Screen | None:
        """Tell the therapist that the client accepted."""
        found = await self._find_of_row(row)
        return found and self._to_therapist("check_in_ask.said_yes", found)

    async def compose_no(self, row: OutboxRow) -> Screen | None:
        """Tell the therapist that the client said no."""
        found = await self._find_of_row(row)
        return found and self._to_therapist("check_in_ask.said_no", found)

    async def compose_stopped(self, row: OutboxRow) -> Screen | None:
        """Tell the client that the therapist stopped a plan."""
        if (found := await self._find_of_row(row)) is None:
            return None
        when = self.wording.describe(ENGLISH, found[0].schedule)
        name = found[1].therapist_name
        return Screen(self.texts.say(ENGLISH, "check_in_ask.stopped", name=name, when=when))

    async def accept(self, reader: Reader, plan_id: CheckInPlanId) -> Screen:
        """[Accept]: from now on it comes."""
        now = self.clock.now()
        async with self.storage.write() as work:
            found = await self._find_own(work, reader, plan_id)
            if isinstance(found, Screen):
                return found
            plan, link = found
            if not plan.is_waiting:
                return self._plan_screen(reader, found)
            consents = await work.consents.of(plan.client)
            if link.has_ended or not consents.covers(Scope.CHECK_INS):
                return Screen(self.texts.say(reader.language, "check_in_ask.not_allowed"))
            accepted = plan.accept(now)
            await work.check_in_plans.update(accepted)
            known = await work.people.find(plan.client)
            if known is None or known.zone is None:
                await work.people.choose_zone(plan.client, plan.schedule.zone, now)
            await self._notify(work, plan.therapist, SAID_YES, plan)
        self.wake()
        return self._accepted(reader, accepted, link)

    async def decline(self, reader: Reader, plan_id: CheckInPlanId) -> Screen:
        """[No, thanks]."""
        async with self.storage.write() as work:
            found = await self._find_own(work, reader, plan_id)
            if isinstance(found, Screen):
                return found
            plan, link = found
            if not plan.is_waiting:
                return self._plan_screen(reader, found)
            await work.check_in_plans.update(plan.stop(self.clock.now(), reader.person))
            await self._notify(work, plan.therapist, SAID_NO, plan)
        self.wake()
        text = self.texts.say(reader.language, "check_in_ask.declined", name=link.therapist_name)
        return Screen(text, placement=Placement.SAME)

    async def open(self, reader: Reader) -> Screen:
        """Return the client's plans with a menu to pick one from."""
        async with self.storage.read() as work:
            plans = await work.check_in_plans.list_by_client(reader.person)
            links = {each.id: each for each in await work.care_links.list_by_client(reader.person)}
        own = [
            (each, links[each.link])
            for each in plans
            if not each.is_stopped and each.link in links and not links[each.link].has_ended
        ]
        return self._list_screen(reader, own)

    async def choose(self, reader: Reader, plan_id: CheckInPlanId) -> Screen:
        """Return one plan with what can be done about it."""
        async with self.storage.read() as work:
            found = await self._find_own(work, reader, plan_id)
        return found if isinstance(found, Screen) else self._plan_screen(reader, found)

    async def pause_a_week(self, reader: Reader, plan_id: CheckInPlanId) -> Screen:
        """[Pause a week]."""
        return await self._change(reader, plan_id, lambda plan, at: plan.pause(at, at + A_WEEK))

    async def pause_open_ended(self, reader: Reader, plan_id: CheckInPlanId) -> Screen:
        """[Pause until I say]."""
        return await self._change(reader, plan_id, lambda plan, at: plan.pause(at, None))

    async def go_on(self, reader: Reader, plan_id: CheckInPlanId) -> Screen:
        """[Go on]."""
        return await self._change(reader, plan_id, lambda plan, at: plan.resume(at))

    async def stop(self, reader: Reader, plan_id: CheckInPlanId) -> Screen:
        """[Stop]: for good."""
        return await self._change(reader, plan_id, lambda plan, at: plan.stop(at, by=reader.person))

    async def _change(self, reader: Reader, plan_id: CheckInPlanId, change: Change) -> Screen:
        async with self.storage.write() as work:
            found = await self._find_own(work, reader, plan_id)
            if isinstance(found, Screen):
                return found
            plan, link = found
            changed = change(plan, self.clock.now())
            await work.check_in_plans.update(changed)
        self.wake()
        return self._plan_screen(reader, (changed, link))

    async def _find_own(
        self, work: UnitOfWork, reader: Reader, plan_id: CheckInPlanId
    ) -> PlanAndLink | Screen:
        plan = await work.check_in_plans.find(plan_id)
        link = await work.care_links.find(plan.link) if plan else None
        if plan is None or link is None or plan.client != reader.person:
            return Screen(self.texts.say(reader.language, "access.not_for_you"))
        return plan, link

    async def _find_of_row(self, row: OutboxRow) -> PlanAndLink | None:
        plan_id = CheckInPlanId(row.reference.partition(NAME_ENDS)[2])
        async with self.storage.read() as work:
            plan = await work.check_in_plans.find(plan_id)
            link = await work.care_links.find(plan.link) if plan else None
        return (plan, link) if plan and link and not link.has_ended else None

    async def _consents(self, plan: CheckInPlan) -> bool:
        async with self.storage.read() as work:
            return (await work.consents.of(plan.client)).covers(Scope.CHECK_INS)

    async def _notify(
        self, work: UnitOfWork, person: PersonId, name: str, plan: CheckInPlan
    ) -> None:
        key = self.storage.new_id()
        await work.outbox.add(notice(key, person, name, plan, self.clock.now()))

    def _to_therapist(self, said: str, found: PlanAndLink) -> Screen:
        when = self.wording.describe(ENGLISH, found[0].schedule)
        return Screen(self._about(ENGLISH, said, label=found[1].label, when=when))

    def _about(self, language: Language, key: str, *, label: str, when: str) -> str:
        return self.texts.say(language, key, label=label, when=when)

    def _accepted(self, reader: Reader, plan: CheckInPlan, link: CareLink) -> Screen:
        if plan.next_due_at is None:
            text = self.texts.say(
                reader.language, "check_in_ask.too_late", name=link.therapist_name
            )
        else:
            at = stamp(plan.next_due_at)
            text = self.texts.say(reader.language, "check_in_ask.accepted", at=at)
        return Screen(text, placement=Placement.SAME)

    def _yes_or_no(self, language: Language, plan: CheckInPlan) -> tuple[Button, ...]:
        say = self.texts.say
        return (
            Button(
                say(language, "check_in_ask.accept"),
                Action.of("check_in_plan.accept", plan.id),
                Weight.MAIN,
            ),
            Button(
                say(language, "check_in_ask.decline"), Action.of("check_in_plan.decline", plan.id)
            ),
        )

    def _list_screen(self, reader: Reader, own: list[PlanAndLink]) -> Screen:
        say, language = self.texts.say, reader.language
        if not own:
            return Screen(say(language, "check_ins.none"))
        lines, options = [say(language, "check_ins")], []
        for number, (plan, link) in enumerate(own[:MOST_PLANS], start=1):
            lines.append(f"**{number}.** {self._plan_line(reader, plan, link)}")
            label = f"{number}. {self.wording.describe(language, plan.schedule)}"
            options.append(Option(label, plan.id))
        if len(own) > MOST_PLANS:
            lines.append(say(language, "check_ins.more"))
        pick = say(language, "check_ins.pick")
        menu = Menu(pick, Action.of("check_in_plan.choose"), tuple(options))
        return Screen("\n".join(lines), (menu,))

    def _plan_screen(self, reader: Reader, found: PlanAndLink) -> Screen:
        plan, link = found
        row = self._plan_buttons(reader.language, plan)
        text = self._plan_line(reader, plan, link)
        return Screen(text, (row,) if row else (), Placement.SAME)

    def _plan_line(self, reader: Reader, plan: CheckInPlan, link: CareLink) -> str:
        return self.texts.say(
            reader.language,
            "check_ins.line",
            name=link.therapist_name,
            when=self.wording.describe(reader.language, plan.schedule),
            state=self.wording.state(reader.language, plan, self.clock.now()),
        )

    def _plan_buttons(self, language: Language, plan: CheckInPlan) -> tuple[Button, ...]:
        say = self.texts.say
        if plan.is_waiting:
            return self._yes_or_no(language, plan)
        if not plan.is_running:
            return ()
        stop = Button(say(language, "check_ins.stop"), Action.of("check_in_plan.stop", plan.id))
        if plan.is_paused(self.clock.now()):
            go_on = Action.of("check_in_plan.go_on", plan.id)
            return (Button(say(language, "check_ins.go_on"), go_on, Weight.MAIN), stop)
        week, open_ended = (
            Action.of("check_in_plan.pause_week", plan.id),
            Action.of("check_in_plan.pause_open", plan.id),
        )
        return (
            Button(say(language, "check_ins.pause_week"), week),
            Button(say(language, "check_ins.pause_open"), open_ended),
            stop,
        )
