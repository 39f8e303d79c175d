"""控辍保学: absences, each 劝返, coming back and closing as they are read; the ledgers and the monthly figures out of them."""

from datetime import date, timedelta

from msgspec import Struct

from app.core.messages import refuse
from app.diary.absences_rules import AbsenceFacts, AbsenceStage, NextStep, PersuasionFacts, next_step
from app.diary.case_parts import child_heads
from app.diary.codes import AbsenceEnd, AbsenceReason, Medium, PersuasionResult
from app.diary.late import late_rule
from app.school.limits import Limit, limit
from app.school.queries import school_calendar
from app.storage.store import Store


class DueStep(Struct, frozen=True):
    """What is to be done next for which absent child."""

    absence_uuid: str
    child_uuid: str
    child_name: str
    class_name: str
    fact: str
    step: NextStep


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
    """Return what is to be done next in every case that was open on ``today``, as it stood then; the most urgent first."""
    cases = [facts.up_to(today) for facts in absences(store, since=today, until=today)]
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
