"""A check-in as the client gets it, its three answers, and what is typed after one."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.actions import Action
from bot.core.care_links import CareLink
from bot.core.check_in_plans import CheckInPlan, Missed, Send
from bot.core.check_ins import Answer, CheckIn, CheckInState
from bot.core.outbox import DeliveryOutcome, Lane, OutboxKind, OutboxRow
from bot.core.people import ENGLISH, CheckInId, CheckInPlanId, Language, PersonId, Reader
from bot.core.recent import Recent
from bot.core.screens import Button, Placement, Screen, Weight
from bot.services.deliveries import NAME_ENDS, Composer, decide
from bot.services.help import HelpService
from bot.services.ports import Clock, Texts
from bot.services.rows import ground_button, help_button, with_row
from bot.services.storage_port import Storage, StorageError, UnitOfWork

log = logging.getLogger(__name__)

TYPED_WITHIN = timedelta(days=1)
LATEST = 10
PEOPLE_REMEMBERED = 10_000
CANNOT_DELIVER = "check_in_failed"
ARRIVED = frozenset({CheckInState.SENT, CheckInState.ANSWERED, CheckInState.NOT_ANSWERED})
# The text of each template stands under `check_in.template_<name>`.
TEMPLATES = ("evening", "morning", "skill", "small_step")


@dataclass(frozen=True, slots=True)
class CheckInService:
    """Everything about one check-in, once its plan has come due."""

    storage: Storage
    texts: Texts
    help: HelpService
    clock: Clock
    # The last check-in after which the person was told that nobody reads along.
    _told_after: Recent[PersonId, CheckInId] = field(
        default_factory=lambda: Recent[PersonId, CheckInId](PEOPLE_REMEMBERED)
    )

    def notices(self) -> Mapping[str, Composer]:
        """Return what makes our notices, by their names."""
        return {CANNOT_DELIVER: self.compose_cannot_deliver}

    async def compose(self, row: OutboxRow) -> Screen | None:
        """Return the message of a claimed check-in; None where it is no longer to be sent."""
        async with self.storage.read() as work:
            check_in, plan = await _find(work, CheckInId(row.reference))
            if check_in is None or plan is None:
                return None
            if not isinstance(await decide(work, plan, check_in.due_at, self.clock.now()), Send):
                return None
            link = await work.care_links.find(plan.link)
            earlier = await work.check_ins.list_by_link(plan.link, LATEST)
        is_first = not any(each.sent_at or each.state in ARRIVED for each in earlier)
        return self.show(plan, link if is_first else None, key=row.key)

    def show(self, plan: CheckInPlan, first_of: CareLink | None, *, key: str = "") -> Screen:
        """Return the message; the first one of a care link also says who reads what."""
        lines = [self.texts.say(ENGLISH, "check_in"), self.words_of(plan)]
        if first_of is not None:
            name = first_of.therapist_name
            lines.append(self.texts.say(ENGLISH, "check_in.boundaries", name=name))
        return Screen("\n\n".join(lines), (self._answers(key),))

    def words_of(self, plan: CheckInPlan, language: Language = ENGLISH) -> str:
        """Return what the note says: the therapist's own words, or a template."""
        if plan.words:
            return plan.words
        template = plan.template if plan.template in TEMPLATES else TEMPLATES[0]
        return self.texts.say(language, f"check_in.template_{template}")

    async def settle(
        self, work: UnitOfWork, row: OutboxRow, outcome: DeliveryOutcome | None
    ) -> None:
        """Note what became of a check-in's message; tell whoever set it where it can't arrive."""
        check_in, plan = await _find(work, CheckInId(row.reference))
        if check_in is None or plan is None:
            return
        now = self.clock.now()
        match outcome:
            case DeliveryOutcome.SENT:
                await work.check_ins.set_state(check_in.id, CheckInState.SENT, sent_at=now)
            case DeliveryOutcome.UNREACHABLE:
                await self._note_unreachable(work, check_in, plan)
            case None:
                is_late = isinstance(await decide(work, plan, check_in.due_at, now), Missed)
                state = CheckInState.MISSED if is_late else CheckInState.WITHDRAWN
                await work.check_ins.set_state(check_in.id, state)
            case _:
                await work.check_ins.set_state(check_in.id, CheckInState.UNKNOWN)

    async def compose_cannot_deliver(self, row: OutboxRow) -> Screen | None:
        """Tell the therapist that check-ins do not arrive; nothing of what they say."""
        plan_id = CheckInPlanId(row.reference.partition(NAME_ENDS)[2])
        async with self.storage.read() as work:
            plan = await work.check_in_plans.find(plan_id)
            link = await work.care_links.find(plan.link) if plan else None
        if link is None or link.has_ended:
            return None
        return Screen(self.texts.say(ENGLISH, "check_in.cannot_deliver", label=link.label))

    async def answer_okay(self, reader: Reader, key: str) -> Screen:
        """[Okay]."""
        if (refusal := await self._take(reader, key, Answer.OKAY)) is not None:
            return refusal
        text = self.texts.say(reader.language, "check_in.thanks")
        return replace(with_row(self.texts, reader.language, text), placement=Placement.SAME)

    async def answer_not_great(self, reader: Reader, key: str) -> Screen:
        """[Not great]: an exercise and help, and no questions."""
        try:
            refusal = await self._take(reader, key, Answer.NOT_GREAT)
        except StorageError:
            # What it offers matters more than the record of it.
            log.warning("check_in.not_noted")
            refusal = None
        if refusal is not None:
            return refusal
        text = self.texts.say(reader.language, "check_in.not_great_answer")
        buttons = (
            ground_button(self.texts, reader.language),
            help_button(self.texts, reader.language),
        )
        return Screen(text, (buttons,), Placement.SAME)

    def open_help(self, reader: Reader) -> Screen:
        """[Need help now]: from memory, whoever pressed and whatever can be noted of it."""
        return self.help.open(reader)

    async def note_help(self, reader: Reader, key: str) -> None:
        """Note [Need help now] as the answer, after help was shown."""
        await self._take(reader, key, Answer.NEED_HELP)

    async def typed_after_check_in(self, reader: Reader, at: datetime) -> Screen | None:
        """Return who does not read what was just typed, once after each check-in; else None.

        What was typed is neither needed nor kept. Storage that can't be read counts as none.
        """
        try:
            found = await self._find_latest(reader.person, at)
        except StorageError:
            return None
        if found is None or self._told_after.find(reader.person) == found[0].id:
            return None
        self._told_after.put(reader.person, found[0].id)
        text = self.texts.say(reader.language, "check_in.typed", name=found[1].therapist_name)
        return with_row(self.texts, reader.language, text)

    def _answers(self, key: str) -> tuple[Button, ...]:
        say = self.texts.say
        return (
            Button(say(ENGLISH, "check_in.okay"), Action.of("check_in.okay", key), Weight.MAIN),
            Button(say(ENGLISH, "check_in.not_great"), Action.of("check_in.not_great", key)),
            Button(
                say(ENGLISH, "check_in.need_help"),
                Action.of("check_in.need_help", key),
                Weight.HELP,
            ),
        )

    async def _take(self, reader: Reader, key: str, answer: Answer) -> Screen | None:
        """Note the answer, the first of them only; return a refusal to whoever was not asked."""
        now = self.clock.now()
        async with self.storage.write() as work:
            check_in = await work.check_ins.find_by_key(key)
            plan = await work.check_in_plans.find(check_in.plan) if check_in else None
            if check_in is None or plan is None:
                return Screen(self.texts.say(reader.language, "check_in.gone"))
            if plan.client != reader.person:
                return Screen(self.texts.say(reader.language, "access.not_for_you"))
            if await work.check_ins.answer(check_in.id, answer, now):
                await work.people.mark_reachable(reader.person, now)
        return None

    async def _note_unreachable(
        self, work: UnitOfWork, check_in: CheckIn, plan: CheckInPlan
    ) -> None:
        # Said once, not at every check-in until the client's messages are open again.
        latest = await work.check_ins.list_by_plan(plan.id, LATEST)
        before = [each for each in latest if each.due_at < check_in.due_at]
        await work.check_ins.set_state(check_in.id, CheckInState.UNREACHABLE)
        if before and before[0].state is CheckInState.UNREACHABLE:
            return
        await work.outbox.add(
            OutboxRow(
                key=self.storage.new_id(),
                person=plan.therapist,
                kind=OutboxKind.NOTICE,
                reference=f"{CANNOT_DELIVER}{NAME_ENDS}{plan.id}",
                lane=Lane.DELIVERY,
                due_at=self.clock.now(),
            )
        )

    async def _find_latest(self, client: PersonId, at: datetime) -> tuple[CheckIn, CareLink] | None:
        async with self.storage.read() as work:
            latest = await work.check_ins.list_by_client(client, LATEST)
            sent = [each for each in latest if _is_recent(each, at)]
            plan = await work.check_in_plans.find(sent[0].plan) if sent else None
            link = await work.care_links.find(plan.link) if plan else None
        return (sent[0], link) if link else None


def _is_recent(check_in: CheckIn, at: datetime) -> bool:
    arrived_at = check_in.sent_at or check_in.answered_at
    return arrived_at is not None and timedelta() <= at - arrived_at < TYPED_WITHIN


async def _find(work: UnitOfWork, check_in: CheckInId) -> tuple[CheckIn | None, CheckInPlan | None]:
    found = await work.check_ins.find(check_in)
    return found, await work.check_in_plans.find(found.plan) if found else None
