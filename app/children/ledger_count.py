"""How many children are on the ledger, counted without reading their facts: for the first glance of the day."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from app.children.day_reader import PLAIN, STARTED, DayReader
from app.school.queries import all_classes
from app.school.rules import ClassFacts, ClassState
from app.storage.store import Store

# By the values of RegistrationKind and Sex: their module makes all codes of the children, and the first page waits.
_ON_THE_LEDGER = "kind = 'left_behind'"
_MALE, _FEMALE = "1", "2"
# At most one row per child: there is one open registration of a kind.
_SURELY = f"""SELECT sex, count(*) FROM (
    SELECT child_id FROM registration WHERE {STARTED} AND {PLAIN} AND {_ON_THE_LEDGER}
) JOIN child ON child.id = child_id WHERE child.deleted_at IS NULL{{}} GROUP BY sex"""  # noqa: S608 - our own words
_THESE = """SELECT sex, count(*) FROM child WHERE deleted_at IS NULL
    AND id IN (SELECT value FROM json_each(?1)) GROUP BY sex"""


class LedgerCount(Struct, frozen=True):
    """Children on the ledger of a day by sex; ``known`` are all children in the file, whatever their registration."""

    boys: int
    girls: int
    unknown_sex: int
    known: int

    @property
    def total(self) -> int:
        """Return how many are on the ledger."""
        return self.boys + self.girls + self.unknown_sex


def ledger_count(store: Store, day: date, classes: Iterable[ClassFacts] | None = None) -> LedgerCount:
    """Count the ledger of ``day``: exactly the children for whom ``ChildFacts.on_ledger`` holds.

    ``classes`` are all of the school on that day, where the caller has them. SQLite counts those whose registration
    is open and begins on a known day, nearly all; the dates of the others are looked at one by one.
    """
    known = store.one("SELECT count(*) FROM child WHERE deleted_at IS NULL")
    waiting = _waiting(store, day, all_classes(store, day) if classes is None else classes)
    closer = DayReader(store, day, "child_id", None).spans(
        "registration", "kind", only=f"{_ON_THE_LEDGER} AND NOT ({PLAIN})"
    )
    looked_at = {row[0] for row in closer if row[1] is not False}
    apart = looked_at | waiting
    without = " AND child_id NOT IN (SELECT value FROM json_each(?2))" if apart else ""
    asked = (day.isoformat(), *([json.dumps(sorted(apart))] if apart else []))
    sexes: Counter[str | None] = Counter(dict(store.rows(_SURELY.format(without), asked)))
    if looked_at - waiting:
        sexes.update(dict(store.rows(_THESE, (json.dumps(sorted(looked_at - waiting)),))))
    boys, girls = sexes[_MALE], sexes[_FEMALE]
    return LedgerCount(boys, girls, sexes.total() - boys - girls, known[0] if known else 0)


def _waiting(store: Store, day: date, classes: Iterable[ClassFacts]) -> set[int]:
    """Return the children whose class only waits for 确认毕业; usually there is no such class and nothing is read."""
    known = {cls.id: cls.state for cls in classes}
    if ClassState.AWAITING not in known.values():
        return set()
    enrolments = DayReader(store, day, "child_id", None).spans("enrolment", "school_class_id")
    class_of = {row[0]: row[4] for row in enrolments if row[1] is not False and row[4] in known}
    return {child for child, class_id in class_of.items() if known[class_id] is ClassState.AWAITING}
