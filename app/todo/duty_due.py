"""What supporters and the school as a whole owe: visits per month, meetings per term, checks, hand-overs."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from app.core.moments import day_words
from app.diary.absences import due_steps
from app.diary.codes import Activity
from app.pairing.codes import CheckResult
from app.school.limits import Limit, limit
from app.school.queries import all_classes, class_teachers
from app.storage.store import Store
from app.todo.cadences import CadenceFacts
from app.todo.care_due import Starts
from app.todo.codes import Audience
from app.todo.presets import MEETING, activity_words
from app.todo.roll import Pair, Roll
from app.todo.rules import Due, DueKind, make_due, state_of
from app.todo.spans import SchoolSpans, Span

_KNOWN = frozenset(activity.value for activity in Activity)


def quota_items(
    store: Store, people: Sequence[Pair], rules: Sequence[CadenceFacts], school: SchoolSpans, day: date
) -> Iterator[Due]:
    """Yield what each teacher who looks after a child still owes in the present span (每位教师每月家访 5 次)."""
    for rule in rules:
        if rule.audience is not Audience.SUPPORTER or not rule.times or rule.activity not in _KNOWN:
            continue
        span = _present(rule, day, school)
        if span is None or state_of(span.last, day) is None:
            continue
        done = dict(
            store.rows(
                "SELECT supporter_id, count(*) FROM care_record WHERE supporter_id IS NOT NULL AND kind = ?"
                " AND deleted_at IS NULL AND happened_on BETWEEN ? AND ? GROUP BY supporter_id",
                (rule.activity, span.first.isoformat(), day.isoformat()),
            )
        )
        for pair in people:
            number = done.get(pair.supporter_id, 0)
            if number < rule.times and pair.is_staff and not pair.left_on:
                yield make_due(
                    kind=DueKind.QUOTA,
                    rule=rule.words,
                    fact=f"已有 {number} 次，还差 {rule.times - number} 次",
                    due=span.last,
                    as_of=day,
                    activity=rule.activity,
                    supporter_uuid=pair.supporter_uuid,
                    supporter=pair.supporter,
                )


def meeting_items(
    store: Store, roll: Roll, rules: Sequence[CadenceFacts], school: SchoolSpans
) -> Iterator[Due]:
    """Yield the meetings the school still owes in the present term or year (全校每学期家长会 2 次)."""
    for rule in rules:
        if (
            rule.audience is not Audience.SCHOOL
            or not rule.times
            or not rule.activity.startswith(MEETING)
            or not roll.children
        ):
            continue
        span = _present(rule, roll.day, school)
        if span is None or state_of(span.last, roll.day) is None:
            continue
        row = store.one(
            "SELECT count(DISTINCT happened_on) FROM meeting WHERE kind = ? AND deleted_at IS NULL"
            " AND happened_on BETWEEN ? AND ?",
            (rule.activity.removeprefix(MEETING), span.first.isoformat(), roll.day.isoformat()),
        )
        held = int(row[0]) if row else 0
        if held < rule.times:
            yield make_due(
                kind=DueKind.SCHOOL_DUTY,
                rule=rule.words,
                fact=f"开过 {held} 次，还差 {rule.times - held} 次"
                if held
                else f"还没有开过{activity_words(rule.activity)}",
                due=span.last,
                as_of=roll.day,
                activity=rule.activity,
            )


def _present(rule: CadenceFacts, day: date, school: SchoolSpans) -> Span | None:
    spans = school.of(rule.per)
    first = Starts(school).first(rule.per, None, rule.valid_from)
    place = spans.holding(day) if spans.spans else -1
    return spans.spans[place] if 0 <= first <= place else None


def check_items(store: Store, people: Sequence[Pair], as_of: date) -> Iterator[Due]:
    """Yield the 从业查询 of supporters of children that are missing or run out (decisions.md §1.11).

    One that found something (查到记录) is never good for a year: it stays due until the pairs are ended (未保法 62).
    """
    days = limit(store, Limit.CHECK_RENEWAL_DAYS, as_of)
    last = {
        owner: (date.fromisoformat(on), CheckResult(result))
        for owner, on, result in store.rows(
            "SELECT supporter_id, checked_on, result FROM background_check WHERE deleted_at IS NULL AND checked_on <= ?"
            " ORDER BY checked_on, id",
            (as_of.isoformat(),),
        )
    }
    for pair in people:
        if pair.left_on:
            continue
        checked, rule = last.get(pair.supporter_id), f"从业查询每 {days} 天一次"
        if checked is None:
            # Without a check there is none that could have run out: it was due on the day of the first pair.
            due = _day_or(pair.since, as_of)
            fact = "还没有查询过"
        else:
            checked_on, result = checked
            due, fact = checked_on + timedelta(days=days), f"上次查询 {day_words(checked_on, as_of)}"
            if result is CheckResult.FOUND:
                due, rule = checked_on, "查到记录的人不能结对"
                fact = f"{day_words(checked_on, as_of)}查到记录，现在的结对要换人"
        if state_of(due, as_of) is not None:
            yield make_due(
                kind=DueKind.CHECK_RENEWAL,
                rule=rule,
                fact=fact,
                due=due,
                as_of=as_of,
                supporter_uuid=pair.supporter_uuid,
                supporter=pair.supporter,
            )


def hand_over_items(roll: Roll, people: Sequence[Pair]) -> Iterator[Due]:
    """Yield the supporters who have left and still stand beside children."""
    children: dict[str, set[int]] = {}
    for pair in roll.pairs:
        if pair.left_on and pair.child_id in roll.children:
            children.setdefault(pair.supporter_uuid, set()).add(pair.child_id)
    for pair in people:
        if pair.left_on and pair.supporter_uuid in children:
            yield make_due(
                kind=DueKind.SUPPORTER_LEFT,
                rule="帮扶人离开要办交接",
                fact=f"还有 {len(children[pair.supporter_uuid])} 名儿童没有交接",
                due=_day_or(pair.left_on, roll.day),
                as_of=roll.day,
                supporter_uuid=pair.supporter_uuid,
                supporter=pair.supporter,
            )


def absence_items(store: Store, roll: Roll) -> Iterator[Due]:
    """Yield the next step for each child that is absent without leave (控辍保学), until its case is closed."""
    by_uuid = {child.uuid: child for child in roll.children.values()}
    steps = [step for step in due_steps(store, roll.day) if state_of(step.step.due, roll.day) is not None]
    # Of a pupil who is not on the ledger the head teacher answers; there is at most a handful of them.
    teachers = _heads(store, roll.day) if any(step.child_uuid not in by_uuid for step in steps) else {}
    for step in steps:
        child = by_uuid.get(step.child_uuid)
        known = {
            "child_uuid": step.child_uuid,
            "child_name": step.child_name,
            "class_words": step.class_name,
            "supporter": teachers.get(step.class_name, ""),
        }
        yield make_due(
            kind=DueKind.ABSENCE,
            rule=f"控辍保学：{step.step.words}",
            fact=step.fact,
            due=step.step.due,
            as_of=roll.day,
            subject_uuid=step.absence_uuid,
            **(child.named() if child else known),
        )


def _heads(store: Store, day: date) -> dict[str, str]:
    """Return name of a class → name of its 班主任."""
    led = class_teachers(store, day)
    return {one.name: led[one.id].name for one in all_classes(store, day) if one.id in led}


def supporters_of(roll: Roll) -> list[Pair]:
    """Return one pair per supporter of a child on the ledger: the one that began first."""
    found: dict[int, Pair] = {}
    for pair in roll.pairs:
        known = found.get(pair.supporter_id)
        if pair.child_id in roll.children and (known is None or (pair.since or "") < (known.since or "")):
            found[pair.supporter_id] = pair
    return list(found.values())


def _day_or(text: str | None, day: date) -> date:
    return date.fromisoformat(text) if text and len(text) == len("2026-09-01") else day
