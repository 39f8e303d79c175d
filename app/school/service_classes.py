"""Writing classes, their head teachers and their head counts. One action per function.

What moves children between classes (毕业, 分班, 留级) stands in ``app.children.service_cohorts``, on top of this.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from app.core.changes import Changes
from app.core.messages import refuse
from app.school.calendar import Term
from app.school.codes import ClosedReason, Stage
from app.school.queries import all_classes, school_shape, school_years
from app.school.rules import ClassFacts, ClassRef, SchoolYears, class_key, match_class
from app.school.service import staff_id
from app.school.service_calendar import check_year, ensure_term
from app.school.tables import ClassTeacher, HeadCount, SchoolClass
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"school", "children"})


class HeadCountEntry(Struct, frozen=True):
    """What was counted in one class."""

    class_uuid: str
    boys: int
    girls: int


def ensure_classes(
    store: Store, action: Action, refs: Iterable[ClassRef], day: date
) -> Mapping[ClassRef, ClassFacts]:
    """Return every wanted class as on ``day``, those that do not exist yet written inside ``action``.

    A ref that means an existing class (``match_class``) gets that one. One that was closed other
    than by graduation is opened again: somebody says there are children in it.
    """
    wanted = sorted(set(refs))
    missing = [ref for ref in wanted if match_class(ref, all_classes(store, day)) is None]
    for ref in missing:
        row = store.one(
            "SELECT uuid, closed_reason FROM school_class"
            " WHERE stage = ? AND entering_year = ? AND number = ? AND deleted_at IS NULL",
            (ref.stage.value, ref.entering_year, ref.number),
        )
        if row is None:
            _check_ref(ref)
            action.insert(
                SchoolClass, stage=ref.stage.value, entering_year=ref.entering_year, number=ref.number
            )
        elif row[1] != ClosedReason.GRADUATED:
            action.update(SchoolClass, row[0], closed_on=None, closed_reason=None)
    known = all_classes(store, day)
    exact = {cls.ref: cls for cls in known}
    return {ref: match_class(ref, known) or exact[ref] for ref in wanted}


@service
def open_classes(
    store: Store, *, stage: Stage, entering_year: int, numbers: Sequence[int], by: str | None = None
) -> Changes:
    """Open the classes of a new cohort (新生入学). UserError when one of them exists already."""
    refs = [ClassRef(stage, entering_year, number) for number in numbers]
    for ref in refs:
        _check_ref(ref)
    day = store.clock.today()
    known = {cls.ref for cls in all_classes(store, day)}
    if 0 in numbers and len(numbers) > 1:
        raise refuse("class.only_and_numbered")
    shape = school_shape(store)
    for ref in refs:
        if ref in known:
            raise refuse("class.exists", name=class_key(ref, shape))
    words = "、".join(class_key(ref, shape) for ref in refs)
    with store.action(f"新生入学：开设 {words}", kind="class.open", by=by) as action:
        ensure_classes(store, action, refs, day)
        return action.changes(AREAS)


def close_class(action: Action, cls: ClassFacts, on: date, reason: ClosedReason) -> None:
    """Close a class from ``on`` inside ``action``; its pupils must have been moved or have left by the caller."""
    action.update(SchoolClass, cls.uuid, closed_on=on.isoformat(), closed_reason=reason.value)


@service
def remove_class(store: Store, *, class_uuid: str, by: str | None = None) -> Changes:
    """Move a class nobody was ever in to the recycle bin. UserError when children are or were in it."""
    row = store.one("SELECT id FROM school_class WHERE uuid = ? AND deleted_at IS NULL", (class_uuid,))
    if row is None:
        raise refuse("class.unknown")
    used = store.one(
        "SELECT count(DISTINCT child_id) FROM enrolment WHERE school_class_id = ? AND deleted_at IS NULL", row
    )
    if used and used[0]:
        raise refuse("class.in_use", count=used[0])
    with store.action("删除一个空班级", kind="class.remove", by=by) as action:
        action.soft_delete(SchoolClass, class_uuid)
        return action.changes(AREAS)


@service
def set_class_teacher(
    store: Store, *, class_uuid: str, staff_uuid: str | None, since: date, by: str | None = None
) -> Changes:
    """Let a class have another 班主任 from ``since`` on (None = nobody). The same day again corrects the entry."""
    class_id = _class_id(store, class_uuid)
    staff_key = None if staff_uuid is None else staff_id(store, staff_uuid)
    start = since.isoformat()
    with store.action("更换班主任", kind="class.teacher", by=by) as action:
        current = store.one(
            "SELECT uuid, staff_id, valid_from FROM class_teacher"
            " WHERE school_class_id = ? AND valid_to IS NULL AND deleted_at IS NULL",
            (class_id,),
        )
        if current is not None and current[1] == staff_key:
            return action.changes(AREAS)
        if current is not None and current[2] is not None and current[2] > start:
            raise refuse("class.teacher_later", since=current[2])
        if current is not None and current[2] == start:
            action.soft_delete(ClassTeacher, current[0])
        elif current is not None:
            action.update(ClassTeacher, current[0], valid_to=start)
        if staff_key is not None:
            action.insert(ClassTeacher, school_class=class_id, staff=staff_key, valid_from=start)
        return action.changes(AREAS)


@service
def set_head_counts(
    store: Store, *, term: Term, entries: Iterable[HeadCountEntry], by: str | None = None
) -> Changes:
    """Write how many boys and girls the classes have in ``term``. UserError when a number is negative."""
    check_year(term.school_year, term.ordinal)
    counted_on = store.clock.today().isoformat()
    with store.action(f"登记在校人数：{term.words}", kind="class.head_count", by=by) as action:
        term_id = ensure_term(store, action, term.school_year, term.ordinal)
        for entry in entries:
            if entry.boys < 0 or entry.girls < 0:
                raise refuse("class.head_count")
            class_id = _class_id(store, entry.class_uuid)
            row = store.one(
                "SELECT uuid, boys, girls FROM head_count"
                " WHERE school_class_id = ? AND term_id = ? AND deleted_at IS NULL",
                (class_id, term_id),
            )
            if row is None:
                action.insert(
                    HeadCount,
                    school_class=class_id,
                    term=term_id,
                    boys=entry.boys,
                    girls=entry.girls,
                    counted_on=counted_on,
                )
            elif (row[1], row[2]) != (entry.boys, entry.girls):
                action.update(HeadCount, row[0], boys=entry.boys, girls=entry.girls, counted_on=counted_on)
        return action.changes(AREAS)


def next_entering_year(store: Store, day: date) -> int:
    """Return the entering year that 新生入学 offers on ``day``: this school year's in its first half, else the next's."""
    years: SchoolYears = school_years(store)
    current = years.year_of(day)
    return current if day.year == current else current + 1


def _class_id(store: Store, class_uuid: str) -> int:
    row = store.one("SELECT id FROM school_class WHERE uuid = ? AND deleted_at IS NULL", (class_uuid,))
    if row is None:
        raise refuse("class.unknown")
    return int(row[0])


def _check_ref(ref: ClassRef) -> None:
    if not 1990 <= ref.entering_year <= 2200 or not 0 <= ref.number <= 99:
        raise refuse("class.bad_ref")
