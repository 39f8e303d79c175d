"""控辍保学: absences, each 劝返, coming back and closing; the ledgers and the monthly figures out of them."""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct, field

from app.children.affected import name_of_child
from app.children.identity import tidy_text
from app.children.periods import key_of
from app.children.tables import Child
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.absences_rules import AbsenceFacts, AbsenceStage, NextStep, PersuasionFacts, next_step
from app.diary.case_parts import AREAS, child_heads, past_day, past_day_or_none
from app.diary.codes import AbsenceEnd, AbsenceReason, Medium, PersuasionResult
from app.diary.late import late_rule
from app.diary.tables import Absence, ReturnPersuasion
from app.school.limits import Limit, limit
from app.school.queries import school_calendar
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


class DueStep(Struct, frozen=True):
    """What is to be done next for which absent child."""

    absence_uuid: str
    child_uuid: str
    child_name: str
    class_name: str
    fact: str
    step: NextStep


# ---- writing --------------------------------------------------------------------------------------------------------


@service
def save_absence(store: Store, *, draft: AbsenceDraft, by: str | None = None) -> Changes:
    """Write a case, or what was changed in one.

    UserError ``absence.open_already`` when the child has another open one, ``case.order`` for dates the wrong way round,
    ``absence.reason_needed`` for 销号 without date or reason, ``case.future``, ``diary.day``, ``child.unknown``.
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


# ---- reading --------------------------------------------------------------------------------------------------------


def absences(
    store: Store,
    *,
    child_uuid: str | None = None,
    since: date | None = None,
    until: date | None = None,
    open_only: bool = False,
) -> tuple[AbsenceFacts, ...]:
    """Return the cases, the newest first, each with its 劝返 in order; classes as on ``until``, else today.

    ``since`` … ``until`` (both in): those that were going on at some time between. ``open_only``: not closed yet.
    """
    where, params = "", list[str]()
    for condition, value in (
        (" AND c.uuid = ?", child_uuid),
        (" AND coalesce(a.closed_on, '9999') >= ?", since.isoformat() if since else None),
        (" AND a.happened_on <= ?", until.isoformat() if until else None),
    ):
        if value is not None:
            where += condition
            params.append(value)
    if open_only:
        where += " AND a.closed_on IS NULL"
    rows = store.rows(
        "SELECT a.id, a.child_id, a.uuid, a.happened_on, a.entered_on, a.reason, a.found_by, a.suspected_on,"  # noqa: S608
        " a.reported_on, a.reported_to, a.receiver, a.dropout_on, a.returned_on, a.closed_on, a.closed_reason, a.note"
        " FROM absence a JOIN child c ON c.id = a.child_id WHERE a.deleted_at IS NULL AND c.deleted_at IS NULL"
        f"{where} ORDER BY a.happened_on DESC, a.id DESC",
        tuple(params),
    )
    if not rows:
        return ()
    late = late_rule(store)
    children = child_heads(store, until or store.clock.today(), ids={row[1] for row in rows})
    tried = _persuasions(store)
    return tuple(
        AbsenceFacts(
            uuid=row[2],
            child_uuid=children[row[1]].uuid,
            child_name=children[row[1]].name,
            class_name=children[row[1]].class_name,
            sex=children[row[1]].sex,
            happened_on=row[3],
            entered_on=row[4],
            late_days=late.days(row[3], row[4]),
            reason=AbsenceReason.of(row[5]),
            found_by=row[6],
            suspected_on=row[7],
            reported_on=row[8],
            reported_to=row[9],
            receiver=row[10],
            dropout_on=row[11],
            returned_on=row[12],
            closed_on=row[13],
            closed_reason=AbsenceEnd.of(row[14]),
            note=row[15],
            persuasions=tried.get(row[0], ()),
        )
        for row in rows
    )


def absence(store: Store, uuid: str) -> AbsenceFacts:
    """Return one case. UserError ``row.unknown``."""
    found = next((facts for facts in absences(store) if facts.uuid == uuid), None)
    if found is None:
        raise refuse("row.unknown")
    return found


def due_steps(store: Store, today: date) -> tuple[DueStep, ...]:
    """Return what is to be done next in every open case, the most urgent first."""
    cases = absences(store, open_only=True)
    if not cases:
        return ()
    calendar = school_calendar(store)
    days = {
        "suspect_days": limit(store, Limit.ABSENCE_SUSPECT_DAYS, today),
        "report_days": limit(store, Limit.ABSENCE_REPORT_DAYS, today),
        "persuasion_days": limit(store, Limit.PERSUASION_DAYS, today),
    }
    found = []
    for facts in cases:
        step = next_step(facts, today, is_school_day=calendar.is_school_day, **days)
        stage = facts.stage_on(today)
        if step is not None and stage is not None:
            fact = f"{facts.happened_on} 起未到校，现在：{stage.label}"
            found.append(
                DueStep(facts.uuid, facts.child_uuid, facts.child_name, facts.class_name, fact, step)
            )
    return tuple(sorted(found, key=lambda one: (one.step.due, one.child_name)))


class MonthLine(Struct, frozen=True):
    """The figures of one class (or of all) in a month; the last two as they stand on its last day."""

    name: str
    pupils: int = 0
    absent: int = 0
    suspected: int = 0
    dropout: int = 0
    persuasions: int = 0
    returned: int = 0
    closed: int = 0
    suspected_now: int = 0
    dropout_now: int = 0


def month_lines(store: Store, month: str, classes: tuple[str, ...] = ()) -> tuple[MonthLine, ...]:
    """Return the figures of a month (2026-11) per class in the order given, others after them, 合计 last; zeros too."""
    first, last = f"{month}-01", _last_day(month)
    cases = absences(store, until=last)
    pupils: dict[str, int] = {}
    for head in child_heads(store, last).values():
        if head.class_name:
            pupils[head.class_name] = pupils.get(head.class_name, 0) + 1
    names = dict.fromkeys([*classes, *sorted(pupils), *sorted({case.class_name for case in cases})])
    lines = [
        _line(
            name or "没有班级",
            pupils.get(name, 0),
            [one for one in cases if one.class_name == name],
            first,
            last,
        )
        for name in names
        if name in classes or name in pupils or any(one.class_name == name for one in cases)
    ]
    return (*lines, _line("合计", sum(pupils.values()), list(cases), first, last))


# ---- inside ---------------------------------------------------------------------------------------------------------


def _line(name: str, pupils: int, cases: list[AbsenceFacts], first: str, last: date) -> MonthLine:
    def within(day: str | None) -> bool:
        return day is not None and first <= day <= last.isoformat()

    def standing(stage: AbsenceStage) -> int:
        return sum(one.stage_on(last) is stage for one in cases)

    return MonthLine(
        name,
        pupils,
        absent=sum(within(one.happened_on) for one in cases),
        suspected=sum(within(one.suspected_on) for one in cases),
        dropout=sum(within(one.dropout_on) for one in cases),
        persuasions=sum(within(tried.happened_on) for one in cases for tried in one.persuasions),
        returned=sum(within(one.returned_on) for one in cases),
        closed=sum(within(one.closed_on) for one in cases),
        suspected_now=standing(AbsenceStage.SUSPECTED),
        dropout_now=standing(AbsenceStage.DROPOUT),
    )


def _last_day(month: str) -> date:
    year, number = int(month[:4]), int(month[5:7])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _persuasions(store: Store) -> dict[int, list[PersuasionFacts]]:
    late = late_rule(store)
    found: dict[int, list[PersuasionFacts]] = {}
    for row in store.rows(
        "SELECT absence_id, uuid, happened_on, entered_on, persons, medium, course, result FROM return_persuasion"
        " WHERE deleted_at IS NULL ORDER BY happened_on, id"
    ):
        tried = found.setdefault(row[0], [])
        tried.append(
            PersuasionFacts(
                uuid=row[1],
                number=len(tried) + 1,
                happened_on=row[2],
                entered_on=row[3],
                late_days=late.days(row[2], row[3]),
                persons=row[4],
                medium=Medium.of(row[5]),
                course=row[6],
                result=PersuasionResult.of(row[7]),
            )
        )
    return found


def _columns(store: Store, draft: AbsenceDraft) -> dict[str, object]:
    days = {
        "happened_on": past_day(store, draft.happened_on),
        **{column: past_day_or_none(store, getattr(draft, column)) for column in _STEPS},
    }
    words = {"happened_on": "未到校", **_STEPS}
    for earlier, later in _AFTER:
        first, then = days[earlier], days[later]
        if first is not None and then is not None and then < first:
            raise refuse(
                "case.order", later=words[later], later_on=then, earlier=words[earlier], earlier_on=first
            )
    if (days["closed_on"] is None) != (draft.closed_reason is None):
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
