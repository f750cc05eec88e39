"""The system's clock, the one place that reads it."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's time in UTC."""

    def now(self) -> datetime:
        """Return the instant."""
        return datetime.now(UTC)
