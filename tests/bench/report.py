"""Medians of the runs side by side, and the bars that must hold."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from tests.bench.measure import AT_ONCE, Measurement

Runs = list[Measurement]
MOST_EXTRA_SECONDS = 1.5
MOST_EXTRA_MEGABYTES = 60.0
MOST_TIMES_P50 = 1.5


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of both bots; a bar is the most extra, or the most times as much."""

    name: str
    ours: float
    plain: float
    most_extra: float | None = None
    most_times: float | None = None

    @property
    def is_within(self) -> bool:
        extra = self.most_extra is None or self.ours - self.plain <= self.most_extra
        times = self.most_times is None or self.ours <= self.most_times * self.plain
        return extra and times

    def __str__(self) -> str:
        compared = f"{self.ours - self.plain:+.2f}, x{self.ours / self.plain:.2f}"
        return f"{self.name:<24}{self.ours:>9.2f}{self.plain:>9.2f}   {compared:<16}{self._bar()}"

    def _bar(self) -> str:
        verdict = "ok" if self.is_within else "MISSED"
        if self.most_extra is not None:
            return f"{verdict} (at most +{self.most_extra:g})"
        return f"{verdict} (at most x{self.most_times:g})" if self.most_times else ""


HEAD = f"{'':<24}{'ours':>9}{'plain':>9}   difference"


def lines(ours: Runs, plain: Runs, plain_command: str) -> list[Line]:
    """Compare; each of our commands is held against the plain bot's only one."""

    def line(name: str, figure: Callable[[Measurement], float], **bar: float) -> Line:
        mine, theirs = (median(figure(run) for run in runs) for runs in (ours, plain))
        return Line(name, mine, theirs, **bar)

    table = [
        line("start to ready (s)", lambda run: run.seconds_to_ready, most_extra=MOST_EXTRA_SECONDS),
        line("memory, RSS (MB)", lambda run: run.megabytes, most_extra=MOST_EXTRA_MEGABYTES),
    ]
    for command in ours[0].latencies:
        table += _latency_lines(command, ours, plain, plain_command)
    table.append(line(f"burst of {AT_ONCE} (s)", lambda run: run.burst_seconds))
    table.append(line("burst (commands/s)", lambda run: AT_ONCE / run.burst_seconds))
    return table


def _latency_lines(command: str, ours: Runs, plain: Runs, plain_command: str) -> list[Line]:
    p50, p99 = (median(run.p50(command) for run in ours), median(run.p99(command) for run in ours))
    plain_p50 = median(run.p50(plain_command) for run in plain)
    plain_p99 = median(run.p99(plain_command) for run in plain)
    return [
        Line(f"/{command} p50 (ms)", p50, plain_p50, most_times=MOST_TIMES_P50),
        Line(f"/{command} p99 (ms)", p99, plain_p99),
    ]
