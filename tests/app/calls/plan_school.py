"""Small and large situations for the planner, made without a file: slots, children, rounds."""

import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import count

from msgspec.structs import replace

from app.calls.codes import CallMedium, Origin
from app.calls.people import CallContact, Callee, CallRule
from app.calls.plan_facts import PlanFacts, PlannedCall, RoundSpan
from app.calls.reach import CallWishFacts, Window
from app.calls.slots import Slot
from app.core.times import minute_of, time_at

MONDAY = date(2026, 9, 7)
DAY = timedelta(days=1)
MONTHLY = (CallRule("call", 1, "month"),)
WEEKLY = (CallRule("call", 1, "week"),)
TWICE = (CallRule("call", 2, "month"),)
BOTH = (CallRule("call", 1, "month"), CallRule("video_call", 1, "month"))
_NUMBERS = count(1)
VIDEO_WEEKLY = (CallRule("call", 1, "month"), CallRule("video_call", 1, "week"))


def slot(day, starts="12:20", *, line=1, minutes=10, medium=CallMedium.PHONE, duty="", closed="", lessons=()):
    return Slot(
        day=day,
        starts=starts,
        line_id=line,
        ends=time_at(minute_of(starts) + minutes),
        line_uuid=f"line-{line}",
        line=f"{line} 号线",
        medium=medium,
        duty_uuid=duty,
        duty=duty,
        closed=closed,
        lessons=lessons,
    )


def contact(name="母", *, order=1, windows=(), why_not="", later=""):
    return CallContact(
        person_id=order,
        person_uuid=f"person-{name}",
        name=name,
        relation="母亲",
        order=order,
        why_not=why_not,
        later=later,
        windows=tuple(windows),
    )


def window(starts="00:00", ends="23:59", weekday=None, alternate_on=None):
    return Window(uuid="w", starts=starts, ends=ends, weekday=weekday, alternate_on=alternate_on)


def child(number, *, contacts=None, rules=MONTHLY, siblings=(), last=None, class_id=1, wish=None, **more):
    return Callee(
        child_id=number,
        child_uuid=f"child-{number}",
        child=f"孩{number}",
        class_id=class_id,
        class_name=f"{class_id} 班",
        class_sort=class_id or 0,
        siblings=frozenset(f"child-{one}" for one in siblings),
        contacts=tuple(contacts) if contacts is not None else (contact(f"母{number}"),),
        rules=rules,
        last_connected=last,
        registered_since="2026-09-01",
        wish=wish or CallWishFacts(),
        **more,
    )


def weeks(count, first=MONDAY):
    return tuple(
        RoundSpan(first + 7 * n * DAY, first + (7 * n + 6) * DAY, f"第 {n + 1} 周") for n in range(count)
    )


def months(count, length=28, first=MONDAY):
    return tuple(
        RoundSpan(first + length * n * DAY, first + (length * (n + 1) - 1) * DAY, f"{n + 9}月")
        for n in range(count)
    )


def facts(
    slots: Iterable[Slot],
    callees: Sequence[Callee],
    *,
    spans=None,
    first=MONDAY,
    last=None,
    now=None,
    planned=(),
    made=None,
):
    spans = spans or {"month": months(1), "week": weeks(4)}
    end = last or max(span.last for all_of in spans.values() for span in all_of)
    return PlanFacts(
        first=first,
        last=end,
        now=now or datetime.combine(first, datetime.min.time()),
        slots=tuple(sorted(slots)),
        callees=tuple(callees),
        spans=spans,
        planned=tuple(planned),
        made=made or {},
        term_began=date(2026, 9, 1),
    )


def rows_of(plan, *, origin=Origin.PLANNER, fixed=False, printed_on=None) -> tuple[PlannedCall, ...]:
    """The planned calls that a plan would leave in the file."""
    found = []
    for line in plan.lines:
        occasion = line.occasion or f"occasion-{next(_NUMBERS)}"
        for nth, one in enumerate(line.children):
            found.append(
                PlannedCall(
                    id=len(found) + 1,
                    uuid=one.row_uuid or f"row-{next(_NUMBERS)}",
                    child_id=int(one.uuid.removeprefix("child-")),
                    child_uuid=one.uuid,
                    child=one.name,
                    class_name=one.class_name,
                    line_id=line.line_id,
                    line_uuid=line.line_uuid,
                    line=line.line,
                    day=line.day,
                    starts=line.starts,
                    ends=line.ends,
                    occasion=occasion,
                    medium=line.medium,
                    origin=origin,
                    place=nth,
                    person_uuid=line.person_uuid,
                    contact=line.contact,
                    fixed=fixed,
                    printed_on=printed_on,
                )
            )
    return tuple(found)


def a_few(seed, rules, *, spans=None, slots=6, children=5):
    """A school of a few children, of awkward rules and hours: two lines, one of video, lessons, brothers and sisters.

    ``rules`` are those of which every child has one. Seeds that were once planned wrong stand in the tests by number.
    """
    pick = random.Random(seed)
    room = []
    for _ in range(pick.randint(2, slots)):
        day = MONDAY + pick.randint(0, 11) * DAY
        starts, line = pick.choice(("12:20", "12:30", "16:20")), pick.choice((1, 2))
        if not any((one.day, one.starts, one.line_id) == (day, starts, line) for one in room):
            duty = pick.choice(("甲", "乙"))
            medium = CallMedium.VIDEO if line == 2 else CallMedium.PHONE
            lessons = ((1, "语文"),) if pick.random() < 0.2 else ()
            room.append(slot(day, starts, line=line, duty=duty, medium=medium, lessons=lessons))
    callees = []
    for number in range(pick.randint(1, children)):
        people = []
        for nth in range(pick.randint(1, 2)):
            held = [
                window(*pick.choice((("12:00", "13:00"), ("12:25", "17:00"))), weekday)
                for weekday in pick.sample(range(1, 6), pick.randint(0, 2))
            ]
            people.append(contact(f"{number}-{nth}", order=nth + 1, windows=held))
        siblings = ()
        if number and pick.random() < 0.3 and not callees[-1].siblings:
            siblings, people = (number - 1,), list(callees[-1].contacts)
            callees[-1] = replace(callees[-1], siblings=frozenset({f"child-{number}"}))
        last = MONDAY - pick.randint(1, 40) * DAY
        mine, of_class = pick.choice(rules), pick.choice((1, 2))
        callees.append(
            child(number, contacts=people, siblings=siblings, last=last, rules=mine, class_id=of_class)
        )
    return facts(room, callees, spans=spans or {"month": months(1)})


def large(children=300, lines=4, school_weeks=20, rules=MONTHLY, seed=1, per_day=8):
    """A school of so many children: shifts, brothers and sisters, lessons, teachers on duty, a video line."""
    pick = random.Random(seed)
    teachers = [f"教师{n}" for n in range(6)]
    slots = []
    for week in range(school_weeks):
        for weekday in range(5):
            day = MONDAY + (7 * week + weekday) * DAY
            for line in range(1, lines + 1):
                video = line == lines
                for n in range(per_day):
                    starts = time_at(12 * 60 + 20 + 10 * n)
                    lessons = tuple((cls, "第五节") for cls in range(1, 7)) if n >= per_day - 2 else ()
                    slots.append(
                        slot(
                            day,
                            starts,
                            line=line,
                            medium=CallMedium.VIDEO if video else CallMedium.PHONE,
                            duty=teachers[(weekday + (week % 2) * (weekday == 0)) % 6],
                            lessons=lessons,
                        )
                    )
    callees = []
    for number in range(children):
        people = []
        for nth in range(pick.choice((1, 2, 2, 3))):
            if pick.random() < 0.5:
                held = ()
            else:
                begin = pick.choice(("12:00", "12:30", "12:20", "13:00"))
                held = [
                    window(begin, "14:00", weekday, MONDAY if pick.random() < 0.3 else None)
                    for weekday in pick.sample(range(1, 6), pick.randint(1, 4))
                ]
            people.append(contact(f"家{number}-{nth}", order=nth + 1, windows=held))
        siblings = ()
        if number % 7 == 1:
            siblings = (number - 1,)
            people = callees[-1].contacts
        if number % 7 == 0 and number + 1 < children:
            siblings = (number + 1,)
        callees.append(
            child(
                number,
                contacts=people,
                rules=rules,
                siblings=siblings,
                class_id=number % 12 + 1,
                last=MONDAY - pick.randint(1, 60) * DAY,
            )
        )
    spans = {"week": weeks(school_weeks), "month": months(school_weeks // 4)}
    return facts(slots, callees, spans=spans)
