"""What the facts of a child make due: nobody looks after it, a new carer, a birthday, a parent coming home."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.children.codes import CareKind, Relation
from app.core.dates import latest
from app.core.moments import day_words
from app.diary.codes import Activity
from app.school.limits import Limit, limit
from app.storage.in_force import in_force_sql
from app.storage.store import Store
from app.todo.presets import activity_words
from app.todo.roll import Roll
from app.todo.rules import Due, DueKind, make_due, month_state_of, state_of
from app.todo.spans import SchoolSpans

# Table and column names below are our own; what a user typed only ever goes in as a parameter.
# ruff: noqa: S608

_WHOLE_DAY = len("2026-09-01")
_MONTH = len("2026-09")
_TWO_WEEKS = 14


def unpaired_items(store: Store, roll: Roll, school: SchoolSpans) -> Iterator[Due]:
    """Yield the children whom nobody looks after, from so many days after registration on."""
    days = limit(store, Limit.PAIR_WITHIN_DAYS, roll.day)
    for key in roll.children.keys() - {pair.child_id for pair in roll.pairs}:
        child = roll.children[key]
        known = child.since >= school.term.starts_on
        since = max(child.since, school.term.starts_on)
        due = school.stretched(since + timedelta(days=days))
        if state_of(due, roll.day) is None:
            continue
        fact = f"{day_words(since, roll.day)}登记在册" if known else "登记在册，现在没有人结对"
        yield make_due(
            kind=DueKind.UNPAIRED,
            rule=f"登记后 {days} 天内要有帮扶人",
            fact=fact,
            due=due,
            as_of=roll.day,
            **child.named(),
        )


def new_carer_items(store: Store, roll: Roll, school: SchoolSpans) -> Iterator[Due]:
    """Yield a visit for each child whose carer changed in this term and who was not visited since."""
    days = limit(store, Limit.CARER_CHANGED_VISIT_DAYS, roll.day)
    rows = store.rows(
        "SELECT a.child_id, a.uuid, a.kind, a.valid_from, k.relation, k.label FROM care a"
        f" LEFT JOIN kinship k ON k.child_id = a.child_id AND k.person_id = a.person_id AND {in_force_sql('k')}"
        f" WHERE {in_force_sql('a')} AND a.valid_from >= ?2 AND length(a.valid_from) = {_WHOLE_DAY}"
        " AND EXISTS (SELECT 1 FROM care b WHERE b.child_id = a.child_id AND b.id <> a.id AND b.deleted_at IS NULL"
        " AND b.valid_to = a.valid_from AND (b.person_id IS NOT a.person_id OR b.kind <> a.kind))"
        " AND NOT EXISTS (SELECT 1 FROM care_record r WHERE r.child_id = a.child_id AND r.kind = 'home_visit'"
        " AND r.deleted_at IS NULL AND r.happened_on BETWEEN a.valid_from AND ?1)",
        (roll.day.isoformat(), school.term.starts_on.isoformat()),
    )
    for child_id, uuid, kind, since, relation, label in rows:
        child = roll.children.get(child_id)
        if child is None:
            continue
        since_day = date.fromisoformat(since)
        due = school.stretched(since_day + timedelta(days=days))
        if state_of(due, roll.day) is not None:
            yield make_due(
                kind=DueKind.CARER_CHANGED,
                rule=f"换了监护人 {days} 天内{activity_words(Activity.HOME_VISIT.value)}",
                fact=f"监护人换成{_carer(kind, relation, label)}（{day_words(since_day, roll.day)}起）",
                due=due,
                as_of=roll.day,
                activity=Activity.HOME_VISIT.value,
                subject_uuid=uuid,
                **child.named(Activity.HOME_VISIT.value),
            )


def _carer(kind: str, relation: str | None, label: str | None) -> str:
    if label:
        return label
    return Relation(relation).label if relation else CareKind(kind).label


def birthday_items(roll: Roll) -> Iterator[Due]:
    """Yield the birthdays from today to the end of next week. Who was born on 29 February is greeted on the 28th."""
    near = {(roll.day + timedelta(days=ahead)).isoformat()[4:] for ahead in range(_TWO_WEEKS)}
    if "-02-28" in near:
        near.add("-02-29")
    for child in [one for one in roll.children.values() if (one.birth_date or "")[4:] in near]:
        born = child.birth_date or ""
        if len(born) != _WHOLE_DAY:
            continue
        for year in (roll.day.year, roll.day.year + 1):
            due = _birthday(born, year)
            if due >= roll.day and state_of(due, roll.day) is not None:
                yield make_due(
                    kind=DueKind.BIRTHDAY,
                    rule="生日",
                    fact=f"{due.month}月{due.day}日满 {year - int(born[:4])} 周岁",
                    due=due,
                    as_of=roll.day,
                    **child.named(),
                )


def _birthday(born: str, year: int) -> date:
    month, day = int(born[5:7]), int(born[8:10])
    leap = (month, day) == (2, 29) and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return date(year, month, 28 if leap else day)


def homecoming_items(store: Store, roll: Roll) -> Iterator[Due]:
    """Yield the grown-ups expected home by the end of next week or of this month, until their being away is ended (返乡).

    Who is expected in a month, and on no day, is due with its last day.
    """
    rows = store.rows(
        "SELECT k.child_id, p.uuid, a.expected_return, a.place, k.relation, k.label, p.name FROM away a"
        f" JOIN kinship k ON k.person_id = a.person_id AND {in_force_sql('k')} JOIN person p ON p.id = a.person_id"
        f" WHERE a.state = 'out' AND a.expected_return IS NOT NULL AND length(a.expected_return) >= {_MONTH}"
        f" AND p.deleted_at IS NULL AND {in_force_sql('a')} AND substr(a.expected_return, 1, {_MONTH}) <= ?2"
        " ORDER BY a.expected_return, k.child_id",
        (roll.day.isoformat(), _next_month_at_most(roll.day)),
    )
    for child_id, uuid, expected, place, relation, label, name in rows:
        child, due = roll.children.get(child_id), latest(expected)
        if child is None or month_state_of(due, roll.day) is None:
            continue
        who = label or Relation(relation).label
        said = f"{due.month}月" if len(expected) == _MONTH else day_words(due, roll.day)
        yield make_due(
            kind=DueKind.HOMECOMING,
            rule="预计返乡，回来了要登记",
            fact=f"{who}{name or ''} 预计 {said} {f'从{place}' if place else ''}返乡",
            due=due,
            as_of=roll.day,
            subject_uuid=uuid,
            **child.named(),
        )


def _next_month_at_most(day: date) -> str:
    """Return the month that the end of next week lies in, for the look-up."""
    return (day + timedelta(days=14)).isoformat()[:_MONTH]
