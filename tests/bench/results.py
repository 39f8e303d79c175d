"""One row of the table of speeds: ours, the floor of the same run, their ratio and the goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Result:
    """``ours`` and ``floor`` in ``unit``; ``goal`` is the most (``least``: the least) that ours ÷ floor may be.

    ``limit`` is the most that ``ours`` itself may be, where measurements.md §5 names an amount. A row with neither is
    told for comparison. ``note`` is said at the end of the line.
    """

    words: str
    ours: float
    unit: str
    floor: float | None = None
    floor_words: str = ""
    goal: float | None = None
    limit: float | None = None
    least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Return ours ÷ floor."""
        return self.ours / self.floor if self.floor else None

    @property
    def reached(self) -> bool | None:
        """Tell whether every goal of the row is reached; None when it has none."""
        found = []
        if self.goal is not None and self.ratio is not None:
            found.append(self.ratio >= self.goal if self.least else self.ratio <= self.goal)
        if self.limit is not None:
            found.append(self.ours <= self.limit)
        return all(found) if found else None

    @property
    def goal_words(self) -> str:
        """Return the goals as text."""
        sign = "≥" if self.least else "≤"
        parts = [] if self.goal is None else [f"{sign} {self.goal:g} ×"]
        parts += [] if self.limit is None else [f"≤ {self.limit:g} {self.unit}"]
        return ", ".join(parts)


def table(results: Sequence[Result]) -> str:
    """Return the rows as one table of text."""
    lines = [("work", "ours", "floor", "ratio", "goal", "", ""), *(_cells(one) for one in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    rows = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in lines]
    rows.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(row.rstrip() for row in rows)


def _cells(one: Result) -> tuple[str, ...]:
    return (
        one.words,
        f"{one.ours:.3g} {one.unit}",
        "" if one.floor is None else f"{one.floor:.3g} {one.unit} {one.floor_words}".strip(),
        "" if one.ratio is None else f"{one.ratio:.2f} ×",
        one.goal_words,
        {True: "reached", False: "MISSED", None: ""}[one.reached],
        one.note,
    )


def measured(module: str) -> list[Result]:
    """Return the rows of one part."""
    found: list[Result] = import_module(f"tests.bench.{module}").measure()
    return found
