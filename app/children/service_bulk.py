"""Changing one thing for many children at once: old → new is shown first, then it is one action."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from msgspec import Struct

from app.children.affected import changes_of
from app.children.codes import NOT_COLLECTED, CareGrade, Category, EnrolmentEnd
from app.children.facts import ChildFacts
from app.children.identity import tidy_date, tidy_text
from app.children.ledger import village_words
from app.children.periods import end_period, key_of, open_now, open_period
from app.children.queries import load_facts
from app.children.service_care import write_assessment
from app.children.tables import Boarding, CategoryFlag, Child, Enrolment, Fact, Residence
from app.core.changes import Changes
from app.core.errors import UserError
from app.school.tables import SchoolClass
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store


class SetClass(Struct, frozen=True):
    """换班级."""

    class_uuid: str


class SetBoarding(Struct, frozen=True):
    """寄宿或走读."""

    boards: bool


class AddCategory(Struct, frozen=True):
    """加一个类别."""

    category: Category
    basis: str | None = None
    evidence_date: str | None = None


class EndCategory(Struct, frozen=True):
    """去掉一个类别."""

    category: Category


class SetVillage(Struct, frozen=True):
    """改村组. The address of the house stays as it is."""

    village: str
    village_group: str | None = None


class SetCareGrade(Struct, frozen=True):
    """监护评估."""

    grade: CareGrade
    assessor: str | None = None


BulkChange = SetClass | SetBoarding | AddCategory | EndCategory | SetVillage | SetCareGrade


class BulkLine(Struct, frozen=True):
    """One child of the preview. ``refused`` says why it is left out, "" = it is not."""

    uuid: str
    name: str
    old: str
    new: str
    refused: str = ""

    @property
    def changes(self) -> bool:
        """Tell whether anything changes for this child."""
        return not self.refused and self.old != self.new


class BulkResult(Struct, frozen=True):
    """What was (or, as a preview, would be) done. ``changes`` is empty for a preview."""

    lines: tuple[BulkLine, ...]
    changes: Changes

    @property
    def changed(self) -> int:
        """Return for how many children something changes."""
        return sum(line.changes for line in self.lines)


@service
def bulk_change(
    store: Store,
    *,
    uuids: Sequence[str],
    change: BulkChange,
    since: date,
    dry_run: bool = False,
    by: str | None = None,
) -> BulkResult:
    """Change one thing for many children from ``since`` on, as one action that can be undone as a whole.

    ``dry_run`` does the same and takes it back: a preview that shows exactly what will happen. Children for whom it
    cannot be done are in the answer with the reason, and are left as they are.
    """
    words, old_of, write = _plan(store, change, since)
    known = load_facts(store, since, uuids=uuids)
    run = store.rehearsal(words) if dry_run else store.action(words, kind="bulk", by=by)
    lines: list[BulkLine] = []
    with run as action:
        for child in known:
            refused = ""
            try:
                write(action, child)
            except UserError as error:
                refused = error.what
            lines.append(BulkLine(child.uuid, child.name, old_of(child), "", refused))
        after = {child.uuid: child for child in load_facts(store, since, uuids=uuids)}
        lines = [BulkLine(ln.uuid, ln.name, ln.old, old_of(after[ln.uuid]), ln.refused) for ln in lines]
        changed = [line.uuid for line in lines if line.changes]
        if not dry_run:
            action.words = f"{words}：{len(changed)} 名"  # who was like that already was not changed
        changes = changes_of(store, action, children=changed)
    return BulkResult(tuple(lines), Changes("", words) if dry_run else changes)


Write = Callable[[Action, ChildFacts], None]
Words = Callable[[ChildFacts], str]


def _plan(store: Store, change: BulkChange, since: date) -> tuple[str, Words, Write]:
    """Return the words of the action, how the state is shown before and after, and how one child is written."""
    writer = _Writer(store, since.isoformat())
    match change:
        case SetClass(class_uuid):
            return "换班级", _class_words, partial(writer.enrol, key_of(store, SchoolClass, class_uuid))
        case SetBoarding(boards):
            return "改寄宿情况", _boarding_words, partial(writer.board, boards)
        case AddCategory(category, basis, evidence_date):
            values = {"basis": tidy_text(basis), "evidence_date": tidy_date(evidence_date)}
            return f"类别加{category.label}", _category_words, partial(writer.flag, category, values)
        case EndCategory(category):
            return f"类别去掉{category.label}", _category_words, partial(writer.unflag, category)
        case SetVillage(village, village_group):
            home = {"village": tidy_text(village), "village_group": tidy_text(village_group)}
            return "改村组", _village_words, partial(writer.settle, home)
        case SetCareGrade(grade, assessor):
            return "监护评估", _grade_words, partial(writer.assess, grade, tidy_text(assessor))


class _Writer:
    """Writes one kind of change for one child after the other, from one day on."""

    def __init__(self, store: Store, since: str) -> None:
        self._store = store
        self._since = since

    def enrol(self, class_id: int, action: Action, child: ChildFacts) -> None:
        moved = {"end_reason": EnrolmentEnd.CHANGED_CLASS.value}
        self._open(action, Enrolment, child, {"school_class_id": class_id}, moved)

    def board(self, boards: bool, action: Action, child: ChildFacts) -> None:
        self._open(action, Boarding, child, {"boards": int(boards)})

    def flag(
        self, category: Category, values: Mapping[str, object], action: Action, child: ChildFacts
    ) -> None:
        if not child.has(category):
            self._open(action, CategoryFlag, child, {"category": category.value, **values})

    def unflag(self, category: Category, action: Action, child: ChildFacts) -> None:
        flag = {"child_id": self._key(child), "category": category.value}
        current = open_now(self._store, CategoryFlag, flag)
        if current is not None:
            end_period(action, CategoryFlag, current, self._since)

    def settle(self, home: Mapping[str, object], action: Action, child: ChildFacts) -> None:
        address = child.residence.address if child.residence else None
        self._open(action, Residence, child, {"address": address, **home})

    def assess(self, grade: CareGrade, assessor: str | None, action: Action, child: ChildFacts) -> None:
        write_assessment(self._store, action, self._key(child), grade, self._since, assessor)

    def _open(
        self,
        action: Action,
        model: type[Fact],
        child: ChildFacts,
        values: Mapping[str, object],
        end_values: Mapping[str, object] | None = None,
    ) -> None:
        columns = {**values, "child_id": self._key(child)}
        open_period(
            self._store,
            action,
            model,
            values=columns,
            since=self._since,
            noted_on=self._store.clock.today().isoformat(),
            end_values=end_values,
        )

    def _key(self, child: ChildFacts) -> int:
        return key_of(self._store, Child, child.uuid)


def _class_words(child: ChildFacts) -> str:
    return child.school_class.name if child.school_class else "没有班级"


def _boarding_words(child: ChildFacts) -> str:
    return NOT_COLLECTED if child.boards is None else ("寄宿" if child.boards else "走读")


def _category_words(child: ChildFacts) -> str:
    return "、".join(flag.category.label for flag in child.categories) or "无"


def _village_words(child: ChildFacts) -> str:
    return village_words(child) or NOT_COLLECTED


def _grade_words(child: ChildFacts) -> str:
    return child.care.grade.label if child.care and child.care.grade else NOT_COLLECTED
