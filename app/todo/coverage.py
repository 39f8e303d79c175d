"""Which of the four guidances (四导) each child got this term, and what was done in a week (domain.md §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.pairing.codes import Guidance
from app.school.calendar import Term
from app.storage.store import Store
from app.todo.roll import Child, read_roll

_NO_CLASS = 10_000  # children without a class stand last


@dataclass(frozen=True, slots=True)
class GuidanceCoverage:
    """Of ``children`` on the ledger, who got which guidance at least once; ``without`` names who did not."""

    children: int
    without: Mapping[Guidance, tuple[str, ...]]
    neither_mind_nor_conduct: tuple[str, ...]

    def covered(self, guidance: Guidance) -> int:
        """Return how many children got it."""
        return self.children - len(self.without[guidance])


def guidance_coverage(store: Store, term: Term, on: date) -> GuidanceCoverage:
    """Return the coverage of the children on the ledger of ``on`` from the first day of the term to that day.

    A confidential counselling note counts for 心理疏导: that there is one is all that is looked at.
    """
    day = min(on, term.ends_on)
    params = (term.starts_on.isoformat(), day.isoformat())
    got: dict[int, tuple[int, ...]] = {
        child_id: tuple(marks)
        for child_id, *marks in store.rows(
            # Child by child along the index: the records of a term lie all over the table.
            "SELECT c.id, max(k.mind), max(k.life), max(k.study), max(k.conduct) FROM child c"
            " CROSS JOIN care_record k ON k.child_id = c.id"
            " WHERE k.deleted_at IS NULL AND k.happened_on BETWEEN ? AND ? GROUP BY c.id",
            params,
        )
    }
    counselled = {
        row[0]
        for row in store.rows(
            "SELECT DISTINCT child_id FROM counselling WHERE deleted_at IS NULL AND happened_on BETWEEN ? AND ?",
            params,
        )
    }
    without: dict[Guidance, list[str]] = {guidance: [] for guidance in Guidance}
    neither: list[str] = []
    children = sorted(read_roll(store, day).children.values(), key=_by_class)
    for child in children:
        marks = dict(zip(Guidance, got.get(child.id, (0, 0, 0, 0)), strict=True))
        if child.id in counselled:
            marks[Guidance.MIND] = 1
        for guidance, mark in marks.items():
            if not mark:
                without[guidance].append(child.uuid)
        if not marks[Guidance.MIND] and not marks[Guidance.CONDUCT]:
            neither.append(child.uuid)
    return GuidanceCoverage(
        len(children), {guidance: tuple(uuids) for guidance, uuids in without.items()}, tuple(neither)
    )


def done_between(store: Store, first: date, last: date) -> dict[str, int]:
    """Return how many records of each activity happened in [first, last], most first."""
    rows = store.rows(
        "SELECT kind, count(*) FROM care_record WHERE deleted_at IS NULL AND happened_on BETWEEN ? AND ?"
        " GROUP BY kind ORDER BY 2 DESC, kind",
        (first.isoformat(), last.isoformat()),
    )
    return dict(rows)


def _by_class(child: Child) -> tuple[int, str]:
    return (child.school_class.sort if child.school_class else _NO_CLASS, child.name)
