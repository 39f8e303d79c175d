"""控辍保学, writing: a case, each 劝返, what is taken back."""

from collections.abc import Mapping

from msgspec import Struct, field

from app.children.affected import name_of_child
from app.children.identity import tidy_text
from app.children.periods import key_of
from app.children.tables import Child
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.case_parts import AREAS, naming, past_day, past_day_or_none
from app.diary.codes import AbsenceEnd, AbsenceReason, Medium, PersuasionResult
from app.diary.tables import Absence, ReturnPersuasion
from app.storage.base import new_uuid
from app.storage.entry_day import entry_day
from app.storage.service import service
from app.storage.store import Store

_STEPS: Mapping[str, str] = {
    "suspected_on": "列为疑似辍学",
    "reported_on": "上报",
    "dropout_on": "列为辍学",
    "returned_on": "返校",
    "closed_on": "销号",
}
_AFTER: tuple[tuple[str, str], ...] = (
    *(("happened_on", column) for column in _STEPS),
    ("suspected_on", "dropout_on"),
    ("returned_on", "closed_on"),
)
"""Which date may not lie before which."""


class AbsenceDraft(Struct, frozen=True, kw_only=True):
    """A case as typed, whole: what is left out is taken away. ``uuid`` is the form's, so twice saved is once."""

    child_uuid: str
    happened_on: str
    uuid: str = field(default_factory=new_uuid)
    reason: AbsenceReason | None = None
    found_by: str | None = None
    suspected_on: str | None = None
    reported_on: str | None = None
    reported_to: str | None = None
    receiver: str | None = None
    dropout_on: str | None = None
    returned_on: str | None = None
    closed_on: str | None = None
    closed_reason: AbsenceEnd | None = None
    note: str | None = None


class PersuasionDraft(Struct, frozen=True, kw_only=True):
    """One 劝返 as typed; ``result`` 已返校 also writes the day of return into the case."""

    absence_uuid: str
    happened_on: str
    uuid: str = field(default_factory=new_uuid)
    persons: str | None = None
    medium: Medium | None = None
    course: str | None = None
    result: PersuasionResult | None = None


@service
def save_absence(store: Store, *, draft: AbsenceDraft, by: str | None = None) -> Changes:
    """Write a case, or what was changed in one.

    UserError ``absence.open_already`` when the child has another open one, ``case.order`` for dates the wrong way round,
    ``absence.reason_needed`` for 销号 without date or reason, ``case.future``, ``diary.day``, ``child.unknown``;
    ``UserError.field`` is the column.
    """
    child_id = key_of(store, Child, draft.child_uuid)
    values = _columns(store, draft)
    known = store.one("SELECT child_id FROM absence WHERE uuid = ? AND deleted_at IS NULL", (draft.uuid,))
    if values["closed_on"] is None:
        _refuse_second(store, child_id, draft.uuid)
    name = name_of_child(store, draft.child_uuid)
    words = f"{name}：{draft.happened_on} 起缺席" if known is None else f"{name}：缺席的情况改了"
    with store.action(words, kind="absence.save", by=by) as action:
        if known is None:
            action.insert(Absence, uuid=draft.uuid, child_id=child_id, entered_on=entry_day(store), **values)
        else:
            action.update(Absence, draft.uuid, child_id=child_id, **values)
        return action.changes(AREAS)


@service
def remove_absence(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Move a case to the recycle bin. UserError ``absence.persuasions`` while 劝返 records hang on it."""
    key = key_of(store, Absence, uuid)
    row = store.one(
        "SELECT c.uuid, (SELECT count(*) FROM return_persuasion p WHERE p.absence_id = a.id AND p.deleted_at IS NULL)"
        " FROM absence a JOIN child c ON c.id = a.child_id WHERE a.id = ?",
        (key,),
    )
    if row is not None and row[1]:
        raise refuse("absence.persuasions", count=row[1])
    name = "" if row is None else name_of_child(store, row[0])
    with store.action(f"{name}：删了一条缺席", kind="absence.remove", by=by) as action:
        action.soft_delete(Absence, uuid)
        return action.changes(AREAS)


@service
def save_persuasion(store: Store, *, draft: PersuasionDraft, by: str | None = None) -> Changes:
    """Write one 劝返, or what was changed in one.

    UserError ``case.order`` before the absence began or after the return, ``absence.closed`` in a closed case,
    ``case.future``, ``diary.day``.
    """
    key = key_of(store, Absence, draft.absence_uuid)
    row = store.one(
        "SELECT a.child_id, c.uuid, a.happened_on, a.closed_on, a.returned_on FROM absence a"
        " JOIN child c ON c.id = a.child_id WHERE a.id = ?",
        (key,),
    )
    if row is None:
        raise refuse("row.unknown")
    child_id, child_uuid, began, closed_on, returned_on = row
    day = past_day(store, draft.happened_on)
    if day < began:
        raise refuse("case.order", later="劝返", later_on=day, earlier="未到校", earlier_on=began)
    values: dict[str, object] = {
        "happened_on": day,
        "persons": tidy_text(draft.persons),
        "medium": draft.medium.value if draft.medium else None,
        "course": tidy_text(draft.course),
        "result": draft.result.value if draft.result else None,
    }
    known = store.one("SELECT 1 FROM return_persuasion WHERE uuid = ? AND deleted_at IS NULL", (draft.uuid,))
    if known is None and closed_on is not None:
        raise refuse("absence.closed", on=closed_on)
    if known is None and returned_on is not None and day > returned_on:
        # Nobody is fetched back who is there; who has gone again is a case of its own.
        raise refuse("case.order", later="返校", later_on=returned_on, earlier="劝返", earlier_on=day)
    back = "，已返校" if draft.result is PersuasionResult.RETURNED else ""
    words = f"{name_of_child(store, child_uuid)}：{'记' if known is None else '改'}了一次劝返{back}"
    with store.action(words, kind="absence.persuade", by=by) as action:
        if known is None:
            action.insert(
                ReturnPersuasion,
                uuid=draft.uuid,
                child_id=child_id,
                absence_id=key,
                entered_on=entry_day(store),
                **values,
            )
        else:
            action.update(ReturnPersuasion, draft.uuid, **values)
        if draft.result is PersuasionResult.RETURNED and returned_on is None:
            action.update(Absence, draft.absence_uuid, returned_on=day)
        return action.changes(AREAS)


@service
def remove_persuasion(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Move one 劝返 to the recycle bin; the later ones count one less. UserError ``row.unknown``."""
    key = key_of(store, ReturnPersuasion, uuid)
    row = store.one(
        "SELECT c.uuid FROM return_persuasion p JOIN child c ON c.id = p.child_id WHERE p.id = ?", (key,)
    )
    name = "" if row is None else name_of_child(store, row[0])
    with store.action(f"{name}：删了一次劝返", kind="absence.unpersuade", by=by) as action:
        action.soft_delete(ReturnPersuasion, uuid)
        return action.changes(AREAS)


def _columns(store: Store, draft: AbsenceDraft) -> dict[str, object]:
    with naming("happened_on"):
        days: dict[str, str | None] = {"happened_on": past_day(store, draft.happened_on)}
    for column in _STEPS:
        with naming(column):
            days[column] = past_day_or_none(store, getattr(draft, column))
    words = {"happened_on": "未到校", **_STEPS}
    for earlier, later in _AFTER:
        first, then = days[earlier], days[later]
        if first is not None and then is not None and then < first:
            with naming(later):
                raise refuse(
                    "case.order", later=words[later], later_on=then, earlier=words[earlier], earlier_on=first
                )
    if (days["closed_on"] is None) != (draft.closed_reason is None):
        with naming("closed_on" if days["closed_on"] is None else "closed_reason"):
            raise refuse("absence.reason_needed")
    return {
        **days,
        "reason": draft.reason.value if draft.reason else None,
        "found_by": tidy_text(draft.found_by),
        "reported_to": tidy_text(draft.reported_to),
        "receiver": tidy_text(draft.receiver),
        "closed_reason": draft.closed_reason.value if draft.closed_reason else None,
        "note": tidy_text(draft.note),
    }


def _refuse_second(store: Store, child_id: int, uuid: str) -> None:
    row = store.one(
        "SELECT happened_on FROM absence WHERE child_id = ? AND uuid <> ? AND closed_on IS NULL AND deleted_at IS NULL",
        (child_id, uuid),
    )
    if row is not None:
        raise refuse("absence.open_already", since=row[0])
