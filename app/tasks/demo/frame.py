"""The frame of the demo school: its classes, its staff, and how many pupils are counted in each class."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.school.calendar import SchoolCalendar, Term
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.school.tables import ClassTeacher, HeadCount, SchoolClass, Staff
from app.storage.action import Action
from app.storage.base import RowKey
from app.tasks.demo.families import Times
from app.tasks.demo.invent import Invent, words

_GRADES = 6
_IN_CLASS = 12  # children of the ledger in a class of a middling school
_IN_LARGE_CLASS = 24


def classes_for(children: int, times: Times, years: int) -> list[ClassRef]:
    """Return the classes in school today, then those that graduated in the ``years`` before."""
    per_grade = max(children / _GRADES, 1)
    wanted = _IN_CLASS if per_grade <= 8 * _IN_CLASS else _IN_LARGE_CLASS
    numbers = range(1, min(max(round(per_grade / wanted), 1), 90) + 1)
    newest, oldest = times.school_year, times.school_year - _GRADES + 1
    current = [
        ClassRef(Stage.PRIMARY, year, number) for year in range(newest, oldest - 1, -1) for number in numbers
    ]
    graduated = [
        ClassRef(Stage.PRIMARY, oldest - 1 - back, number) for back in range(years) for number in numbers
    ]
    return current + graduated


def write_classes(
    action: Action, refs: Sequence[ClassRef], times: Times, invent: Invent
) -> Mapping[int, int]:
    """Write the classes and return the key of each by its place in ``refs``."""
    keys: dict[int, int] = {}
    for place, ref in enumerate(refs):
        leaves = ref.entering_year + _GRADES
        graduated = leaves <= times.school_year
        keys[place] = action.insert(
            SchoolClass,
            uuid=invent.uuid(),
            stage=ref.stage.value,
            entering_year=ref.entering_year,
            number=ref.number,
            closed_on=date(leaves, 9, 1).isoformat() if graduated else None,
            closed_reason="graduated" if graduated else None,
        )
    return keys


def write_staff(
    action: Action, refs: Sequence[ClassRef], classes: Mapping[int, int], times: Times, invent: Invent
) -> Mapping[str, RowKey]:
    """Write the staff and who leads which class; one teacher left last summer. Returns the keys by name."""
    known: list[list[str]] = list(words()["staff"])
    names = {entry[0] for entry in known}
    while len(known) < len(refs) + 5:
        sex = invent.pick(("1", "2"))
        name = invent.surname() + invent.given("fathers" if sex == "1" else "mothers")
        if name not in names:
            names.add(name)
            known.append([name, sex, "", invent.pick(("语文", "数学", "英语", "体育"))])
    keys = {
        name: action.insert(
            Staff,
            uuid=invent.uuid(),
            name=name,
            sex=sex,
            phone=invent.phone(),
            duty=duty or "教师",
            subject=subject or None,
            joined_on=str(times.school_year - invent.number(2, 22)),
        )
        for name, sex, duty, subject in known
    }
    leaders = [name for name, _, duty, _ in known if not duty]
    gone = action.insert(
        Staff,
        uuid=invent.uuid(),
        name="段晓燕",
        sex="2",
        duty="教师",
        subject="语文",
        joined_on=str(times.school_year - 6),
        left_on=f"{times.school_year}-07-05",
        note="调往县城小学",
    )
    for place, ref in enumerate(refs):
        teacher = keys[leaders[place % len(leaders)]]
        start = date(ref.entering_year, 9, 1)
        if place == len(refs) // 2 and start.year < times.school_year:
            change = date(times.school_year, 9, 1).isoformat()
            _leads(action, invent, classes[place], gone, start.isoformat(), change)
            _leads(action, invent, classes[place], teacher, change, None)
        else:
            left = ref.entering_year + _GRADES
            end = f"{left}-09-01" if left <= times.school_year else None
            _leads(action, invent, classes[place], teacher, start.isoformat(), end)
    return keys


def _leads(action: Action, invent: Invent, cls: int, staff: int, since: str, until: str | None) -> None:
    action.insert(
        ClassTeacher, uuid=invent.uuid(), school_class=cls, staff=staff, valid_from=since, valid_to=until
    )


def write_head_counts(
    action: Action,
    refs: Sequence[ClassRef],
    classes: Mapping[int, int],
    ours: Mapping[int, tuple[int, int]],
    terms: Mapping[tuple[int, int], int],
    times: Times,
    invent: Invent,
) -> None:
    """Write head counts for every term begun so far; ``ours`` are boys and girls of the ledger per class place."""
    calendar = SchoolCalendar()
    begun = [
        term
        for (year, ordinal) in sorted(terms)
        for term in [calendar.terms_of(year)[ordinal - 1]]
        if term.starts_on <= times.today
    ]
    rows: list[dict[str, Any]] = []
    for place, ref in enumerate(refs):
        boys, girls = ours.get(place, (0, 0))
        boys, girls = boys + invent.number(9, 14), girls + invent.number(8, 13)
        for term in begun:
            if _in_school(ref, term):
                rows.append(
                    {
                        "uuid": invent.uuid(),
                        "school_class": classes[place],
                        "term": terms[term.school_year, term.ordinal],
                        "boys": boys,
                        "girls": girls,
                        "counted_on": term.starts_on.isoformat(),
                    }
                )
                boys, girls = boys + invent.number(0, 1), girls + invent.number(0, 1)
    action.insert_many(HeadCount, rows)


def _in_school(ref: ClassRef, term: Term) -> bool:
    return ref.entering_year <= term.school_year < ref.entering_year + _GRADES
