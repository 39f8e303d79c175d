"""Planning affection calls: read what the plan rests on, work it out, show it first, write it when it is accepted."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from app.calls.codes import CallMedium, CancelReason, Outcome
from app.calls.lines import line_periods
from app.calls.people import callees
from app.calls.plan_facts import CallPlan, Made, PlanFacts, RoundSpan
from app.calls.plan_queries import planned_calls
from app.calls.planner import work_out
from app.calls.planner_loosen import advised
from app.calls.planner_result import result_of
from app.calls.queries import line_warnings
from app.calls.service_plan import write_plan
from app.calls.slots import slots
from app.core.changes import Changes
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.school.calendar import SchoolCalendar
from app.school.queries import school_calendar
from app.storage.entry_day import entry_day
from app.storage.store import Store
from app.tasks.call_rules import call_rules
from app.todo.codes import Per
from app.todo.spans import SchoolSpans, Span

MOST_DAYS = 400
"""So many days are planned at once."""
_DAY = timedelta(days=1)
_CALLED_OFF = frozenset(
    reason.value
    for reason in (CancelReason.CHILD_ABSENT, CancelReason.LINE_DOWN, CancelReason.PARENT, CancelReason.DUTY)
)
"""Why a call that was planned cannot be then; planned again for the same slot it could not be either."""


def preview(store: Store, *, first: date, last: date, progress: Progress = no_progress) -> CallPlan:
    """Return the plan for [first, last] as it would be written, with what could be loosened; nothing is written.

    Days gone by are left out. UserError ``calls.plan_order``, ``calls.plan_past``, ``calls.plan_too_long``,
    ``calls.no_lines``, ``calls.no_openings``, ``calls.nobody_to_call``; ``Cancelled`` passes through.
    """
    progress(0, 0, "正在读时段和儿童")
    return make_plan(read_facts(store, first=first, last=last), progress=progress)


def make_plan(facts: PlanFacts, *, progress: Progress = no_progress) -> CallPlan:
    """Return the plan that facts lead to: pure, the longer part of ``preview``, for any thread."""
    return advised(result_of(work_out(facts, progress)), progress)


def write(store: Store, *, plan: CallPlan, by: str | None = None) -> Changes:
    """Write a plan as it was shown, as one action. Refusals as in ``write_plan``: nothing is half-planned."""
    return write_plan(store, plan=plan, by=by)


def read_facts(store: Store, *, first: date, last: date) -> PlanFacts:
    """Return everything the plan for [first, last] rests on; refusals as in ``preview``."""
    today = store.clock.today()
    if last < first:
        raise refuse("calls.plan_order", first=first, last=last)
    if last < today:
        raise refuse("calls.plan_past", last=last)
    begin = max(first, today)
    if (last - begin).days >= MOST_DAYS:
        raise refuse("calls.plan_too_long", days=(last - begin).days + 1, most=MOST_DAYS)
    _refuse_without_lines(store, begin, last)
    found = callees(store, today, call_rules(store, today))
    calendar = school_calendar(store)
    school = SchoolSpans(calendar, begin)
    wanted = sorted({rule.per for one in found for rule in one.rules})
    if not wanted:
        raise refuse("calls.nobody_to_call")
    spans = {per: tuple(_rounds(calendar, school, per, begin, last)) for per in wanted}
    held = [span for all_of in spans.values() for span in all_of]
    end = min(max((span.last for span in held), default=last), begin + MOST_DAYS * _DAY)
    since = min((span.first for span in held), default=begin)
    facts = PlanFacts(
        first=begin,
        last=last,
        now=store.clock.now(),
        slots=slots(store, begin, max(end, last)),
        callees=found,
        spans=spans,
        planned=planned_calls(store, today, max(end, last)),
        made=_made(store, min(since, today)),
        put_off=_put_off(store, store.clock.now().isoformat(timespec="minutes")),
        called_off=_called_off(store, today),
        term_began=school.term.starts_on,
    )
    return replace(facts, notes=tuple(_notes(store, facts, first)))


# ---- inside ---------------------------------------------------------------------------------------------------------


def _refuse_without_lines(store: Store, first: date, last: date) -> None:
    known = line_periods(store)
    days = [first + offset * _DAY for offset in range((last - first).days + 1)]
    planned = [line for day in days for line in known.on(day) if line.planned]
    if not planned:
        raise refuse("calls.no_lines")
    if not any(line.openings for line in planned):
        raise refuse("calls.no_openings", first=first, last=last)


def _rounds(
    calendar: SchoolCalendar, school: SchoolSpans, per: str, first: date, last: date
) -> Iterable[RoundSpan]:
    for span in school.of(Per(per)).spans:
        if span.first <= last and first <= span.last:
            yield RoundSpan(span.first, span.last, _words(calendar, Per(per), span))


def _words(calendar: SchoolCalendar, per: Per, span: Span) -> str:
    if per is Per.MONTH:
        return f"{span.core.month}月"
    if per in (Per.WEEK, Per.FORTNIGHT):
        week = calendar.week_of(span.core)
        number = "" if week is None else week.words
        return f"{number}起的两周" if number and per is Per.FORTNIGHT else number
    return "这学期" if per is Per.TERM else "这学年"


def _made(store: Store, since: date) -> Mapping[str, tuple[Made, ...]]:
    """Return by child the calls that were made or tried from ``since`` on."""
    found: dict[str, list[Made]] = {}
    for child, day, medium, outcome, planned in store.rows(
        "SELECT c.uuid, a.happened_on, a.medium, a.outcome, d.uuid FROM affection_call a"
        " JOIN child c ON c.id = a.child_id LEFT JOIN planned_call d ON d.id = a.planned_call_id"
        " WHERE a.deleted_at IS NULL AND a.happened_on >= ? ORDER BY a.happened_on, a.id",
        (since.isoformat(),),
    ):
        made = Made(
            date.fromisoformat(day), CallMedium(medium), outcome == Outcome.CONNECTED.value, planned or ""
        )
        found.setdefault(child, []).append(made)
    return {child: tuple(all_of) for child, all_of in found.items()}


def _put_off(store: Store, now: str) -> Mapping[str, str]:
    """Return by child the minute to come to which a parent put its call off, while none has got through since."""
    rows = store.rows(
        "SELECT c.uuid, max(a.rescheduled_to) FROM affection_call a JOIN child c ON c.id = a.child_id"
        " WHERE a.deleted_at IS NULL AND a.rescheduled_to > ? AND NOT EXISTS (SELECT 1 FROM affection_call n"
        " WHERE n.child_id = a.child_id AND n.deleted_at IS NULL AND n.outcome = 'connected'"
        " AND n.happened_on >= a.happened_on AND n.id > a.id) GROUP BY c.uuid",
        (now,),
    )
    return {child: minute for child, minute in rows}  # noqa: C416  # rows of any width are no pairs to mypy


def _called_off(store: Store, since: date) -> Mapping[str, frozenset[tuple[date, str]]]:
    """Return by child when a call of it was called off: the day and the start of the slot, "" = absent all that day."""
    found: dict[str, set[tuple[date, str]]] = {}
    for child, day, starts, reason in store.rows(
        "SELECT c.uuid, d.day, d.starts, d.cancelled_reason FROM planned_call d JOIN child c ON c.id = d.child_id"
        " WHERE d.deleted_at IS NULL AND d.cancelled_on IS NOT NULL AND d.day >= ?",
        (since.isoformat(),),
    ):
        if reason in _CALLED_OFF:
            absent = reason == CancelReason.CHILD_ABSENT.value
            found.setdefault(child, set()).add((date.fromisoformat(day), "" if absent else starts))
    return {child: frozenset(all_of) for child, all_of in found.items()}


def _notes(store: Store, facts: PlanFacts, asked: date) -> Iterable[str]:
    """Yield what is to be known about a plan before it is read."""
    today, saved = facts.now.date().isoformat(), entry_day(store)
    if saved > today:
        yield f"电脑日期是 {today}，上次保存是 {saved}：请先把日期调对，调对以前不能写入。"
    if asked < facts.first:
        yield f"今天以前的日子不排，从 {facts.first} 起排。"
    if not any(not slot.closed for slot in facts.slots if slot.day <= facts.last):
        closed = sorted({slot.closed for slot in facts.slots if slot.closed and slot.day <= facts.last})
        yield "：".join(filter(None, ("这段日子没有开放的时段", "、".join(closed[:3])))) + "。"
    yield from (f"{warning}。" for warning in line_warnings(store, facts.first))
