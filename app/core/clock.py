"""The only place that knows what time it is; everything else is handed a clock."""

from datetime import date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the local time of the school's computer, without a time zone."""

    def now(self) -> datetime:
        """Return the local date and time, naive."""
        ...

    def today(self) -> date:
        """Return the local date."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Return the local date and time, naive, to the second."""
        return datetime.now().replace(microsecond=0)  # noqa: DTZ005  # the wall clock of the school is meant

    def today(self) -> date:
        """Return the local date."""
        return self.now().date()


class FixedClock:
    """A clock that stands still until it is told to move: for ``--today`` and for tests."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.replace(microsecond=0, tzinfo=None)

    def now(self) -> datetime:
        """Return the moment the clock stands at."""
        return self._moment

    def today(self) -> date:
        """Return the day the clock stands at."""
        return self._moment.date()

    def advance(self, **span: float) -> None:
        """Move on by ``days=``, ``hours=``, ``minutes=`` … (as ``timedelta`` takes them); may be negative."""
        self._moment += timedelta(**span)


class DayClock:
    """Today is the given day, the time of day is the computer's: what ``--today`` sets."""

    def __init__(self, day: date, real: Clock | None = None) -> None:
        self._day = day
        self._real = real or SystemClock()

    def now(self) -> datetime:
        """Return the given day at the present time of day."""
        return datetime.combine(self._day, self._real.now().time())

    def today(self) -> date:
        """Return the given day."""
        return self._day
