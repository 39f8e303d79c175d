"""What is done to whole classes by hand: 确认毕业, 分班/并班, 换班, 留级. One action per function, each with a preview.

There is no yearly promotion: grades follow from the date (decisions.md §1.5). Every act can be undone as a whole.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from msgspec import Struct

from app.children.codes import EnrolmentEnd, RegistrationEnd
from app.children.tables import Enrolment, Registration
from app.core.changes import Changes
from app.core.messages import refuse
from app.school.codes import ClosedReason
from app.school.queries import all_classes, school_shape, school_years
from app.school.rules import ClassFacts, ClassRef, ClassState, leaves_on
from app.school.service_classes import close_class, ensure_classes
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"children", "school"})


class GraduationPreview(Struct, frozen=True):
    """What 确认毕业 will do: which classes, how many pupils leave them, how many of those leave the ledger."""

    classes: tuple[ClassFacts, ...]
    on: date
    pupils: int
    registered: int


class Move(Struct, frozen=True):
    """One child that changes class. ``source`` None: it was in no class."""

    child_uuid: str
    name: str
    source: ClassFacts | None
    target: ClassFacts


class ClassMember(Struct, frozen=True):
    """A child the school knows in a class."""

    uuid: str
    name: str


class _Seat(Struct, frozen=True):
    """An open enrolment."""

    uuid: str
    child_id: int
    child_uuid: str
    name: str
    class_id: int
    valid_from: str | None


def class_members(store: Store, *, class_uuid: str) -> tuple[ClassMember, ...]:
    """Return the children whose enrolment in the class is open, in the order they were entered."""
    return tuple(
        ClassMember(seat.child_uuid, seat.name)
        for seat in _seats(store, _class(store, class_uuid, store.clock.today()))
    )


def graduation_preview(store: Store, *, class_uuids: Sequence[str]) -> GraduationPreview:
    """Return what confirming the graduation of these classes does. UserError when one is not past its last grade."""
    classes = _graduating(store, class_uuids)
    seats = [seat for cls in classes for seat in _seats(store, cls)]
    registered = {seat.child_id for seat in seats} & _open_registrations(store).keys()
    return GraduationPreview(classes, _leaving_day(store, classes), len(seats), len(registered))


@service
def confirm_graduation(store: Store, *, class_uuids: Sequence[str], by: str | None = None) -> Changes:
    """Let the pupils of finished classes leave as graduated, on the day their cohort passed its last grade.

    Their enrolments and registrations end on that day with the reason 毕业, the classes are closed.
    Nobody is deleted.
    """
    classes = _graduating(store, class_uuids)
    words = "、".join(cls.key for cls in classes)
    with store.action(f"确认毕业：{words}", kind="cohort.graduate", by=by) as action:
        for cls in classes:
            on = leaves_on(cls.ref, school_years(store), school_shape(store))
            for seat in _seats(store, cls):
                _end_seat(action, seat, on, EnrolmentEnd.GRADUATED)
                for row_uuid, valid_from in _open_registrations(store).get(seat.child_id, ()):
                    _refuse_future(valid_from, on, seat.name)
                    action.update(
                        Registration,
                        row_uuid,
                        valid_to=on.isoformat(),
                        end_reason=RegistrationEnd.GRADUATED.value,
                    )
            close_class(action, cls, on, ClosedReason.GRADUATED)
        return action.changes(AREAS)


def preview_moves(
    store: Store, *, child_uuids: Collection[str], class_uuid: str, day: date
) -> tuple[Move, ...]:
    """Return who would change class, in the order given; children who are in that class already are left out."""
    classes = {cls.id: cls for cls in all_classes(store, day)}
    target = _class(store, class_uuid, day)
    moves: list[Move] = []
    for child_uuid in child_uuids:
        row = store.one(
            "SELECT c.name, e.school_class_id FROM child c LEFT JOIN enrolment e ON e.child_id = c.id"
            " AND e.valid_to IS NULL AND e.deleted_at IS NULL WHERE c.uuid = ? AND c.deleted_at IS NULL",
            (child_uuid,),
        )
        if row is None:
            raise refuse("child.unknown")
        if row[1] != target.id:
            moves.append(Move(child_uuid, row[0], classes.get(row[1]), target))
    return tuple(moves)


@service
def repeat_grade(
    store: Store, *, child_uuids: Collection[str], class_uuid: str, on: date, by: str | None = None
) -> Changes:
    """Let children stay down (留级): into a class of the cohort after theirs. UserError for any other class."""
    target = _class(store, class_uuid, on)
    for move in preview_moves(store, child_uuids=child_uuids, class_uuid=class_uuid, day=on):
        source = move.source
        if source is None or (source.stage, source.entering_year + 1) != (target.stage, target.entering_year):
            raise refuse("cohort.not_next", name=target.name)
    with store.action(f"留级到{target.name}：{len(child_uuids)} 名", kind="cohort.repeat", by=by) as action:
        _move(store, action, child_uuids, target, on, EnrolmentEnd.REPEATED_GRADE)
        return action.changes(AREAS)


@service
def merge_classes(
    store: Store, *, class_uuid: str, into_uuid: str, on: date, by: str | None = None
) -> Changes:
    """Let all pupils of one class join another of the same cohort from ``on`` on, and close the first (并班)."""
    source, target = _class(store, class_uuid, on), _class(store, into_uuid, on)
    if source.uuid == target.uuid or (source.stage, source.entering_year) != (
        target.stage,
        target.entering_year,
    ):
        raise refuse("cohort.not_same")
    words = f"并班：{source.name}并入{target.name}"
    with store.action(words, kind="cohort.merge", by=by) as action:
        pupils = [seat.child_uuid for seat in _seats(store, source)]
        _move(store, action, pupils, target, on, EnrolmentEnd.CHANGED_CLASS)
        close_class(action, source, on, ClosedReason.MERGED)
        return action.changes(AREAS)


@service
def split_class(
    store: Store,
    *,
    class_uuid: str,
    parts: Mapping[int, Collection[str]],
    on: date,
    by: str | None = None,
) -> Changes:
    """Let pupils of a class go into other numbers of the same grade from ``on`` on (分班).

    ``parts`` names the children by the class number they go to; classes that do not exist yet are
    opened. Who is not named stays. A class that is left empty is closed.
    """
    source = _class(store, class_uuid, on)
    inside = {seat.child_uuid for seat in _seats(store, source)}
    leaving = [child for children in parts.values() for child in children]
    if len(set(leaving)) != len(leaving) or not inside.issuperset(leaving):
        raise refuse("cohort.not_inside", name=source.name)
    refs = {number: ClassRef(source.stage, source.entering_year, number) for number in parts}
    if any(not 1 <= number <= 99 or number == source.number for number in parts):
        raise refuse("cohort.bad_number")
    with store.action(f"分班：{source.name}", kind="cohort.split", by=by) as action:
        opened = ensure_classes(store, action, refs.values(), on)
        for number, children in parts.items():
            _move(store, action, children, opened[refs[number]], on, EnrolmentEnd.CHANGED_CLASS)
        if inside == set(leaving):
            close_class(action, source, on, ClosedReason.SPLIT)
        return action.changes(AREAS)


def _move(
    store: Store,
    action: Action,
    child_uuids: Collection[str],
    target: ClassFacts,
    on: date,
    reason: EnrolmentEnd,
) -> None:
    for child_uuid in child_uuids:
        seat = _seat_of(store, child_uuid)
        if isinstance(seat, int):
            action.insert(Enrolment, child=seat, school_class=target.id, valid_from=on.isoformat())
        elif seat.class_id == target.id:
            continue
        elif seat.valid_from == on.isoformat():
            action.update(Enrolment, seat.uuid, school_class=target.id)
        else:
            _end_seat(action, seat, on, reason)
            action.insert(Enrolment, child=seat.child_id, school_class=target.id, valid_from=on.isoformat())


def _end_seat(action: Action, seat: _Seat, on: date, reason: EnrolmentEnd) -> None:
    _refuse_future(seat.valid_from, on, seat.name)
    action.update(Enrolment, seat.uuid, valid_to=on.isoformat(), end_reason=reason.value)


def _refuse_future(valid_from: str | None, on: date, name: str) -> None:
    if valid_from is not None and valid_from >= on.isoformat():
        raise refuse("cohort.later", name=name, since=valid_from, on=on.isoformat())


def _graduating(store: Store, class_uuids: Sequence[str]) -> tuple[ClassFacts, ...]:
    day = store.clock.today()
    classes = tuple(_class(store, uuid, day) for uuid in class_uuids)
    for cls in classes:
        if cls.state is not ClassState.AWAITING:
            raise refuse("cohort.not_finished", name=cls.name)
    return classes


def _leaving_day(store: Store, classes: Sequence[ClassFacts]) -> date:
    years, shape = school_years(store), school_shape(store)
    return max((leaves_on(cls.ref, years, shape) for cls in classes), default=store.clock.today())


def _class(store: Store, uuid: str, day: date) -> ClassFacts:
    for cls in all_classes(store, day):
        if cls.uuid == uuid:
            return cls
    raise refuse("class.unknown")


_SEAT = (
    "SELECT e.uuid, c.id, c.uuid, c.name, e.school_class_id, e.valid_from FROM enrolment e"
    " JOIN child c ON c.id = e.child_id"
    " WHERE e.valid_to IS NULL AND e.deleted_at IS NULL AND c.deleted_at IS NULL"
)


def _seats(store: Store, cls: ClassFacts) -> list[_Seat]:
    return [_Seat(*row) for row in store.rows(f"{_SEAT} AND e.school_class_id = ? ORDER BY c.id", (cls.id,))]


def _seat_of(store: Store, child_uuid: str) -> _Seat | int:
    """Return the child's open enrolment, or its key when it has none."""
    row = store.one(f"{_SEAT} AND c.uuid = ?", (child_uuid,))
    if row is not None:
        return _Seat(*row)
    child = store.one("SELECT id FROM child WHERE uuid = ? AND deleted_at IS NULL", (child_uuid,))
    if child is None:
        raise refuse("child.unknown")
    return int(child[0])


def _open_registrations(store: Store) -> dict[int, list[tuple[str, str | None]]]:
    found: dict[int, list[tuple[str, str | None]]] = {}
    for child_id, uuid, valid_from in store.rows(
        "SELECT child_id, uuid, valid_from FROM registration WHERE valid_to IS NULL AND deleted_at IS NULL"
    ):
        found.setdefault(child_id, []).append((uuid, valid_from))
    return found
