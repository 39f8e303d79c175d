"""Writing how children come onto the ledger and leave it. Nobody is deleted by leaving: periods end, with reasons."""

from app.children.affected import changes_of, name_of_child
from app.children.codes import Category, EnrolmentEnd, RegistrationEnd, RegistrationKind, SchoolingStatus
from app.children.identity import tidy_date, tidy_day, tidy_text
from app.children.periods import end_period, key_of, open_now, open_period
from app.children.tables import CategoryFlag, Child, Enrolment, Fact, Registration, Schooling
from app.core.changes import Changes
from app.core.messages import refuse
from app.school.tables import SchoolClass
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store

# Who leaves for one of these leaves the school with it: class and all registers end.
_LEAVES_SCHOOL = {
    RegistrationEnd.GRADUATED: EnrolmentEnd.GRADUATED,
    RegistrationEnd.TRANSFERRED_OUT: EnrolmentEnd.TRANSFERRED_OUT,
    RegistrationEnd.DROPPED_OUT: EnrolmentEnd.DROPPED_OUT,
    RegistrationEnd.JOINED_PARENTS: EnrolmentEnd.JOINED_PARENTS,
    RegistrationEnd.DIED: EnrolmentEnd.DIED,
}


@service
def register(
    store: Store,
    *,
    child_uuid: str,
    since: str | None,
    kind: RegistrationKind = RegistrationKind.LEFT_BEHIND,
    by: str | None = None,
) -> Changes:
    """Put a child on a register from ``since`` on (None = since before anybody wrote it down)."""
    child_id = key_of(store, Child, child_uuid)
    words = f"{name_of_child(store, child_uuid)}：登记为{kind.label}"
    with store.action(words, kind="registration.open", by=by) as action:
        values = {"child_id": child_id, "kind": kind.value}
        if open_now(store, Registration, values) is None:
            open_period(store, action, Registration, values=values, since=tidy_date(since))
        return changes_of(store, action, children=(child_uuid,))


@service
def leave(
    store: Store,
    *,
    child_uuid: str,
    reason: RegistrationEnd,
    on: str,
    note: str | None = None,
    by: str | None = None,
) -> Changes:
    """退出台账: the registration ends on ``on``, the first day on which the child is not on the ledger any more.

    With a reason that is a leaving of the school (毕业, 转出, 随父母外出, 死亡) the class ends too, and every other
    register. 辍学 keeps the child on the list of 控辍: it becomes a category, and 就学情况 says so. UserError
    ``registration.none`` when the child is not on the ledger and, for a leaving of the school, in no class either.
    """
    child_id = key_of(store, Child, child_uuid)
    day = tidy_day(on)
    words = f"{name_of_child(store, child_uuid)}：退出台账，{reason.label}"
    with store.action(words, kind="registration.leave", by=by) as action:
        leaves_school = reason in _LEAVES_SCHOOL
        ended = _end_registers(store, action, child_id, reason, day, note, only_ledger=not leaves_school)
        if leaves_school:
            ended |= _end_class(store, action, child_id, _LEAVES_SCHOOL[reason], day, note)
        if not ended:
            raise refuse("registration.none")
        if reason is RegistrationEnd.DROPPED_OUT:
            _watch_dropout(store, action, child_id, day)
        return changes_of(store, action, children=(child_uuid,))


@service
def transfer_out(
    store: Store, *, child_uuid: str, on: str, note: str | None = None, by: str | None = None
) -> Changes:
    """转出: the child goes to another school (named in ``note``)."""
    return leave(
        store, child_uuid=child_uuid, reason=RegistrationEnd.TRANSFERRED_OUT, on=on, note=note, by=by
    )


@service
def graduate(
    store: Store, *, child_uuid: str, on: str, note: str | None = None, by: str | None = None
) -> Changes:
    """毕业 of one child; a whole class graduates by ``cohorts.confirm_graduation``."""
    return leave(store, child_uuid=child_uuid, reason=RegistrationEnd.GRADUATED, on=on, note=note, by=by)


@service
def drop_out(
    store: Store, *, child_uuid: str, on: str, note: str | None = None, by: str | None = None
) -> Changes:
    """辍学: off the ledger and out of the class, and from that day on the list of 控辍保学."""
    return leave(store, child_uuid=child_uuid, reason=RegistrationEnd.DROPPED_OUT, on=on, note=note, by=by)


@service
def suspend(
    store: Store, *, child_uuid: str, on: str, note: str | None = None, by: str | None = None
) -> Changes:
    """休学: the child is in no class from ``on`` on and stays on the ledger. UserError ``enrolment.none`` when in none.

    Coming back is ``return_to_ledger`` with a class.
    """
    child_id = key_of(store, Child, child_uuid)
    words = f"{name_of_child(store, child_uuid)}：休学"
    with store.action(words, kind="enrolment.suspend", by=by) as action:
        if not _end_class(store, action, child_id, EnrolmentEnd.SUSPENDED, tidy_day(on), note):
            raise refuse("enrolment.none")
        return changes_of(store, action, children=(child_uuid,))


@service
def return_to_ledger(
    store: Store, *, child_uuid: str, since: str, class_uuid: str | None = None, by: str | None = None
) -> Changes:
    """A child that had left is back: a new period on the ledger, in a class again, and no dropout any more.

    ``class_uuid`` None leaves the class as it is. UserError ``fact.overlaps`` when ``since`` lies before the leaving.
    """
    child_id = key_of(store, Child, child_uuid)
    day = tidy_day(since)
    words = f"{name_of_child(store, child_uuid)}：回到台账"
    with store.action(words, kind="registration.return", by=by) as action:
        ledger = {"child_id": child_id, "kind": RegistrationKind.LEFT_BEHIND.value}
        if open_now(store, Registration, ledger) is None:
            open_period(store, action, Registration, values=ledger, since=day)
        if class_uuid is not None:
            values = {"child_id": child_id, "school_class_id": key_of(store, SchoolClass, class_uuid)}
            moved = {"end_reason": EnrolmentEnd.CHANGED_CLASS.value}
            open_period(store, action, Enrolment, values=values, since=day, end_values=moved)
        _end_if_open(
            store, action, CategoryFlag, {"child_id": child_id, "category": Category.DROPOUT.value}, day
        )
        schooling = open_now(store, Schooling, {"child_id": child_id})
        if schooling is not None and schooling.values["status"] == SchoolingStatus.DROPOUT.value:
            end_period(action, Schooling, schooling, day)
        return changes_of(store, action, children=(child_uuid,))


def _end_registers(
    store: Store,
    action: Action,
    child_id: int,
    reason: RegistrationEnd,
    day: str,
    note: str | None,
    *,
    only_ledger: bool,
) -> bool:
    ended = False
    for kind in RegistrationKind:
        if only_ledger and kind is not RegistrationKind.LEFT_BEHIND:
            continue
        current = open_now(store, Registration, {"child_id": child_id, "kind": kind.value})
        if current is not None:
            end_period(action, Registration, current, day, end_reason=reason.value, end_note=tidy_text(note))
            ended = True
    return ended


def _end_class(
    store: Store, action: Action, child_id: int, reason: EnrolmentEnd, day: str, note: str | None
) -> bool:
    current = open_now(store, Enrolment, {"child_id": child_id})
    if current is None:
        return False
    end_period(action, Enrolment, current, day, end_reason=reason.value, end_note=tidy_text(note))
    return True


def _watch_dropout(store: Store, action: Action, child_id: int, day: str) -> None:
    flag = {"child_id": child_id, "category": Category.DROPOUT.value}
    if open_now(store, CategoryFlag, flag) is None:
        open_period(store, action, CategoryFlag, values=flag, since=day)
    status = {"child_id": child_id, "status": SchoolingStatus.DROPOUT.value}
    open_period(store, action, Schooling, values=status, since=day)


def _end_if_open(
    store: Store, action: Action, model: type[Fact], values: dict[str, object], day: str
) -> None:
    current = open_now(store, model, values)
    if current is not None:
        end_period(action, model, current, day)
