"""Reading the term's survey (摸底核实): how far it is, who has not been checked, whose facts had changed."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import count

from msgspec import Struct

from app.children.codes import RegistrationKind
from app.core.messages import refuse
from app.school.queries import all_classes
from app.school.rules import ClassState
from app.storage.in_force import in_force_sql
from app.storage.store import Store
from app.survey.codes import Way

NO_CLASS = "没有班级"
NO_VILLAGE = "村组未采集"
"""Under which the children are counted whose class or village is not known."""


class SurveyFacts(Struct, frozen=True):
    """One round: its days as ISO text, None where not set.

    ``name`` tells it apart: of two rounds that were given one name the later one is called …（第 2 次）.
    """

    uuid: str
    name: str
    starts_on: str
    due_on: str | None
    closed_on: str | None

    def counts(self, on: str) -> bool:
        """Tell whether a check of this ISO day is one of the round: before it began nobody was checked in it."""
        return on >= self.starts_on


class CheckFacts(Struct, frozen=True):
    """That a child was checked: when, by whom, how, and whether its facts had changed."""

    checked_on: str
    checked_by: str
    way: Way
    changed: bool
    note: str | None = None


class SurveyedChild(Struct, frozen=True):
    """A child on the ledger as the survey lists it; ``check`` is None while nobody has checked it."""

    uuid: str
    name: str
    class_name: str
    village: str
    check: CheckFacts | None


class GroupCount(Struct, frozen=True):
    """How many of a class or village have been checked."""

    name: str
    done: int
    total: int


class SurveyProgress(Struct, frozen=True):
    """A round with every child that is on the ledger on the day, in the order of the ledger."""

    survey: SurveyFacts
    children: tuple[SurveyedChild, ...]

    @property
    def done(self) -> int:
        """Return how many have been checked."""
        return sum(child.check is not None for child in self.children)

    @property
    def open(self) -> tuple[SurveyedChild, ...]:
        """Return those who have not."""
        return tuple(child for child in self.children if child.check is None)

    @property
    def changed(self) -> tuple[SurveyedChild, ...]:
        """Return those whose facts had changed."""
        return tuple(child for child in self.children if child.check is not None and child.check.changed)

    def by_class(self) -> tuple[GroupCount, ...]:
        """Return done and total per class, in the order of the ledger."""
        return _counted((child.class_name or NO_CLASS, child) for child in self.children)

    def by_village(self) -> tuple[GroupCount, ...]:
        """Return done and total per village of the present home, by name."""
        counts = _counted((child.village or NO_VILLAGE, child) for child in self.children)
        return tuple(sorted(counts, key=lambda one: (one.name == NO_VILLAGE, one.name)))


def surveys(store: Store) -> tuple[SurveyFacts, ...]:
    """Return every round, the last one first."""
    rows = store.rows(
        "SELECT uuid, name, starts_on, due_on, closed_on FROM survey WHERE deleted_at IS NULL ORDER BY starts_on, id"
    )
    names: list[str] = []
    found: list[SurveyFacts] = []
    for uuid, name, *days in rows:
        names.append(told_apart(name, names))
        found.append(SurveyFacts(uuid, names[-1], *days))
    return tuple(reversed(found))


def told_apart(name: str, taken: Collection[str]) -> str:
    """Return the name of a round among those that are ``taken``: the next one of a name is …（第 2 次）, （第 3 次） …"""
    further = (f"{name}（第 {number} 次）" for number in count(2))
    return name if name not in taken else next(one for one in further if one not in taken)


def open_survey(store: Store) -> SurveyFacts | None:
    """Return the round that is under way, the last begun one if there are several; None between rounds."""
    return next((one for one in surveys(store) if one.closed_on is None), None)


def has_children_to_check(store: Store, day: date) -> bool:
    """Tell whether anybody is on the ledger on a day: a round without children is about nothing."""
    row = store.one(
        "SELECT EXISTS (SELECT 1 FROM child c JOIN registration r ON r.child_id = c.id"  # noqa: S608  # our own names
        f"  AND r.kind = ?2 AND {in_force_sql('r')} WHERE c.deleted_at IS NULL)",
        (day.isoformat(), RegistrationKind.LEFT_BEHIND.value),
    )
    return bool(row and row[0])


def _newest(table: str) -> str:
    """Return SQL for the row of ``c`` that holds on day ``?1``; of two that may, the one that began last."""
    return (
        f"SELECT n.id FROM {table} n WHERE n.child_id = c.id AND {in_force_sql('n')}"  # noqa: S608  # our own names
        " ORDER BY n.valid_from DESC LIMIT 1"
    )


def survey_progress(store: Store, survey_uuid: str, on: date | None = None) -> SurveyProgress:
    """Return a round with the children on the ledger on a day (None = today). UserError ``survey.unknown``."""
    facts = next((one for one in surveys(store) if one.uuid == survey_uuid), None)
    if facts is None:
        raise refuse("survey.unknown")
    day = on or store.clock.today()
    classes = {one.id: one for one in all_classes(store, day)}
    rows = store.rows(
        "SELECT c.uuid, c.name, c.pinyin, e.school_class_id, h.village, s.checked_on, s.checked_by, s.way, s.changed, s.note"  # noqa: S608  # our own names
        f" FROM child c LEFT JOIN enrolment e ON e.id = ({_newest('enrolment')})"
        f" LEFT JOIN residence h ON h.id = ({_newest('residence')})"
        " LEFT JOIN survey_check s ON s.child_id = c.id AND s.deleted_at IS NULL"
        "  AND s.survey_id = (SELECT id FROM survey WHERE uuid = ?3)"
        " WHERE c.deleted_at IS NULL AND EXISTS (SELECT 1 FROM registration r WHERE r.child_id = c.id"
        f"  AND r.kind = ?2 AND {in_force_sql('r')})",
        (day.isoformat(), RegistrationKind.LEFT_BEHIND.value, survey_uuid),
    )
    found = []
    for uuid, name, pinyin, class_id, village, checked_on, by, way, changed, note in rows:
        cls = classes.get(class_id)
        if cls is not None and cls.state is ClassState.AWAITING:
            continue  # only waits for 确认毕业: on the ledger no more (decisions.md §1.5)
        check = None if checked_on is None else CheckFacts(checked_on, by, Way(way), bool(changed), note)
        child = SurveyedChild(uuid, name, cls.name if cls else "", village or "", check)
        found.append(((cls is None, cls.sort if cls else 0, pinyin or name, uuid), child))
    found.sort(key=lambda pair: pair[0])
    return SurveyProgress(facts, tuple(child for _, child in found))


def last_check(store: Store, child_uuid: str) -> tuple[str, CheckFacts] | None:
    """Return the name of the round in which a child was last checked, and the check; None when it never was."""
    row = store.one(
        "SELECT v.uuid, s.checked_on, s.checked_by, s.way, s.changed, s.note FROM survey_check s"
        " JOIN survey v ON v.id = s.survey_id JOIN child c ON c.id = s.child_id"
        " WHERE c.uuid = ? AND s.deleted_at IS NULL AND v.deleted_at IS NULL ORDER BY s.checked_on DESC, s.id DESC",
        (child_uuid,),
    )
    if row is None:
        return None
    survey_uuid, on, by, way, changed, note = row
    name = next(one.name for one in surveys(store) if one.uuid == survey_uuid)
    return name, CheckFacts(on, by, Way(way), bool(changed), note)


def _counted(named: Iterable[tuple[str, SurveyedChild]]) -> tuple[GroupCount, ...]:
    counts: dict[str, tuple[int, int]] = {}
    for name, child in named:
        done, total = counts.get(name, (0, 0))
        counts[name] = (done + (child.check is not None), total + 1)
    return tuple(GroupCount(name, done, total) for name, (done, total) in counts.items())
