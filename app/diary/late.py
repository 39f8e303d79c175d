"""补录: what was written down later than the school's limit shows the distance for ever (features.md idea 3).

The limit is the one in force on the day of entry: a limit set later changes no mark that was printed before.
"""

from bisect import bisect_right
from datetime import date

from msgspec import Struct

from app.school.limits import SHIPPED, Limit
from app.storage.store import Store


class LateRule(Struct, frozen=True):
    """The limits by the day from which each holds, in order; before the first one the shipped number holds."""

    starts: tuple[str, ...]
    numbers: tuple[int, ...]

    def limit(self, entered_on: str) -> int:
        """Return after how many days something entered on that day counts as late."""
        place = bisect_right(self.starts, entered_on)
        return self.numbers[place - 1] if place else SHIPPED[Limit.LATE_ENTRY_DAYS].shipped

    def days(self, happened_on: str, entered_on: str) -> int:
        """Return the days between the two dates when they are more than the limit, else 0."""
        if happened_on >= entered_on:
            return 0
        distance = (date.fromisoformat(entered_on) - date.fromisoformat(happened_on)).days
        return distance if distance > self.limit(entered_on) else 0


def late_rule(store: Store) -> LateRule:
    """Return the school's limits with the days from which they hold."""
    rows = store.rows(
        "SELECT coalesce(valid_from, ''), number FROM threshold WHERE code = ? AND deleted_at IS NULL ORDER BY 1",
        (Limit.LATE_ENTRY_DAYS.value,),
    )
    return LateRule(tuple(row[0] for row in rows), tuple(row[1] for row in rows))


def late_words(days: int) -> str:
    """Return 补录（12 天）; "" for 0."""
    return f"补录（{days} 天）" if days else ""
