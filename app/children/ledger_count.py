"""How many children are on the ledger, counted without reading their facts: for the first glance of the day."""

from datetime import date

from msgspec import Struct

from app.children import from_rows
from app.children.codes import RegistrationKind, Sex
from app.children.day_reader import DayReader
from app.school.queries import all_classes
from app.school.rules import ClassState
from app.storage.store import Store


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


def ledger_count(store: Store, day: date) -> LedgerCount:
    """Count the ledger of ``day``: exactly the children for whom ``ChildFacts.on_ledger`` holds."""
    children = DayReader(store, day, "id", None).undated("child", "sex", order="id")
    sexes: dict[int, str | None] = dict(children)
    reader = DayReader(store, day, "child_id", None)
    registered = reader.subjects(from_rows.REGISTRATION, RegistrationKind.LEFT_BEHIND)
    on_ledger = [sexes[key] for key in registered - _waiting(store, reader, day) if key in sexes]
    boys, girls = on_ledger.count(Sex.MALE.value), on_ledger.count(Sex.FEMALE.value)
    return LedgerCount(boys, girls, len(on_ledger) - boys - girls, len(sexes))


def _waiting(store: Store, reader: DayReader, day: date) -> set[int]:
    """Return the children whose class only waits for 确认毕业; usually there is no such class and nothing is read."""
    known = {cls.id: cls.state for cls in all_classes(store, day)}
    if ClassState.AWAITING not in known.values():
        return set()
    class_of: dict[int, int] = {}
    for period in reader.begun(from_rows.ENROLMENT):
        class_id = period.own[0]
        if period.holds is not False and class_id in known:
            class_of[period.key] = class_id
    return {child for child, class_id in class_of.items() if known[class_id] is ClassState.AWAITING}
