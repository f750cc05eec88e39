"""A check-in plan: when a client agreed to be written to, and what is done at each due time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.consents import Consents, Scope
from bot.core.people import CareLinkId, CheckInPlanId, PersonId
from bot.core.recurrence import MOMENT, Schedule, next_due

# A check-in that is this late would no longer be kind: it is shown as missed and never sent.
GRACE = timedelta(hours=2)


class SkipReason(StrEnum):
    """Why a check-in is not sent although its time has come."""

    NOT_ACCEPTED = "not_accepted"
    STOPPED = "stopped"
    PAUSED = "paused"
    CONSENT_WITHDRAWN = "consent_withdrawn"


@dataclass(frozen=True, slots=True)
class Send:
    """Send it now."""


@dataclass(frozen=True, slots=True)
class Missed:
    """It is too late for this one: record that, and send nothing."""

    late_by: timedelta


@dataclass(frozen=True, slots=True)
class Skip:
    """It is not wanted any more: send nothing."""

    reason: SkipReason


Decision = Send | Missed | Skip


@dataclass(frozen=True, slots=True)
class CheckInPlan:
    """What a therapist proposed and a client accepted; `words` is "" where `template` is used.

    `next_due_at` is the first due time that is still to come, and None while there is none: not
    accepted yet, stopped, paused without an end, or over. Every change returns a new value with
    `next_due_at` already right; it never goes back to a due time that has passed.
    """

    id: CheckInPlanId
    link: CareLinkId
    client: PersonId
    therapist: PersonId
    schedule: Schedule
    template: str
    words: str
    created_at: datetime
    accepted_at: datetime | None = None
    paused_until: datetime | None = None
    is_paused_open_ended: bool = False
    stopped_at: datetime | None = None
    stopped_by: PersonId | None = None
    next_due_at: datetime | None = None

    @property
    def is_stopped(self) -> bool:
        """Tell whether somebody ended it for good."""
        return self.stopped_at is not None

    @property
    def is_waiting(self) -> bool:
        """Tell whether the client still has to say yes."""
        return self.accepted_at is None and not self.is_stopped

    @property
    def is_running(self) -> bool:
        """Tell whether check-ins are still to come, be it after a pause."""
        return self.next_due_at is not None or self.is_paused_open_ended

    def is_paused(self, at: datetime) -> bool:
        """Tell whether nothing that is due at that moment is to be sent for now."""
        return self.is_paused_open_ended or (
            self.paused_until is not None and at < self.paused_until
        )

    def accept(self, at: datetime) -> "CheckInPlan":
        """Return the plan as agreed to; one that is agreed to or stopped stays as it is."""
        return replace(self, accepted_at=at).after(at) if self.is_waiting else self

    def pause(self, at: datetime, until: datetime | None) -> "CheckInPlan":
        """Return the plan at rest until then, or without an end; a later pause replaces it.

        One that has nothing to come stays as it is.
        """
        if not self.is_running:
            return self
        paused = replace(self, paused_until=until, is_paused_open_ended=until is None)
        return paused.after(at)

    def resume(self, at: datetime) -> "CheckInPlan":
        """Return the plan with its pause over; nothing that fell into the pause comes later."""
        if not self.is_paused(at):
            return self
        return replace(self, paused_until=None, is_paused_open_ended=False).after(at)

    def stop(self, at: datetime, by: PersonId) -> "CheckInPlan":
        """Return the plan as ended for good; a second stop changes nothing."""
        if self.is_stopped:
            return self
        stopped = replace(self, stopped_at=at, stopped_by=by, is_paused_open_ended=False)
        return stopped.after(at)

    def after(self, due_at: datetime) -> "CheckInPlan":
        """Return the plan once `due_at`, or all until then, has been dealt with."""
        return replace(self, next_due_at=self._find_due_after(due_at))

    def decide(self, due_at: datetime, *, now: datetime, consents: Consents) -> Decision:
        """Return what is to be done about one due time that has come.

        It holds as well for a check-in that has waited since it was claimed: what the client has
        changed meanwhile counts, and `now` may be later than it was.
        """
        if (reason := self._reason_to_skip(due_at, consents)) is not None:
            return Skip(reason)
        late_by = now - due_at
        return Missed(late_by) if late_by >= GRACE else Send()

    def _reason_to_skip(self, due_at: datetime, consents: Consents) -> SkipReason | None:
        if self.is_stopped:
            return SkipReason.STOPPED
        if self.accepted_at is None:
            return SkipReason.NOT_ACCEPTED
        if not consents.covers(Scope.CHECK_INS):
            return SkipReason.CONSENT_WITHDRAWN
        return SkipReason.PAUSED if self.is_paused(due_at) else None

    def _find_due_after(self, at: datetime) -> datetime | None:
        if self.accepted_at is None or self.is_stopped or self.is_paused_open_ended:
            return None
        # What is due at the very end of a pause is sent.
        floor = at if self.paused_until is None else max(at, self.paused_until - MOMENT)
        return next_due(self.schedule, floor)
