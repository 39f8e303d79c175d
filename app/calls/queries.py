"""What is to be said about the lines and the roster before anybody relies on them: in sentences, nothing is changed."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from app.calls.lines import LineFacts, lines
from app.calls.slots import Slot, SlotFacts, make_slots, slot_facts, timetable_of, unnamed_school_day
from app.core.times import spans_meet
from app.school.lessons import WEEKDAYS
from app.school.queries import staff
from app.storage.store import Store

_LOOK_AHEAD = timedelta(days=13)
_MOVED_DAYS_AHEAD = timedelta(days=41)
_NAMED = 3


def line_warnings(store: Store, on: date) -> tuple[str, ...]:
    """Return what is doubtful about the lines of a day: one mobile twice, no hours, nobody on duty, who has left.

    And of the six weeks to come each day worked instead that does not say which weekday's hours it has.
    """
    known = lines(store, on)
    facts = slot_facts(store, on)
    gone = {one.uuid for one in staff(store, on) if not one.present}
    return (
        *_without_hours(known),
        *_same_telephone(known),
        *(f"{one.staff}已离校，{one.name}还列着" for one in known if one.staff_uuid in gone),
        *_moved_days(facts, on),
        *_without_duty(make_slots(facts, on, on + _LOOK_AHEAD)),
    )


def planned_after(store: Store, line_uuid: str, on: date) -> int:
    """Return how many calls are planned on a line from a day on: they have no slot when it ends then."""
    row = store.one(
        "SELECT count(DISTINCT p.occasion) FROM planned_call p JOIN call_line l ON l.id = p.call_line_id"
        " WHERE l.uuid = ? AND p.day >= ? AND p.deleted_at IS NULL AND p.cancelled_on IS NULL",
        (line_uuid, on.isoformat()),
    )
    return 0 if row is None else int(row[0])


def _without_hours(known: Sequence[LineFacts]) -> Iterator[str]:
    names = [one.name for one in known if one.planned and not one.openings]
    if names:
        yield f"{'、'.join(names)}还没有开放时间，排不了号"


def _same_telephone(known: Sequence[LineFacts]) -> Iterator[str]:
    """Yield lines that are one telephone and open at the same time: two children cannot talk on it at once."""
    for one, other in combinations([line for line in known if line.planned], 2):
        same_mobile = one.staff_uuid != "" and one.staff_uuid == other.staff_uuid
        same_number = one.number != "" and one.number == other.number
        if not (same_mobile or same_number):
            continue
        for here in one.openings:
            meets = next(
                (
                    there
                    for there in other.openings
                    if there.weekday == here.weekday
                    and spans_meet(here.starts, here.ends, there.starts, there.ends)
                ),
                None,
            )
            if meets is not None:
                day = WEEKDAYS[here.weekday - 1]
                what = f"都是{one.staff}的手机" if same_mobile else "号码一样"
                starts, ends = max(here.starts, meets.starts), min(here.ends, meets.ends)
                yield f"{one.name}和{other.name}{what}，{day} {starts}–{ends} 同时开放"
                break


def _moved_days(facts: SlotFacts, on: date) -> Iterator[str]:
    """Yield the days worked instead whose hours nobody wrote down, and what follows for the telephones."""
    days = (on + timedelta(days=ahead) for ahead in range(_MOVED_DAYS_AHEAD.days + 1))
    for day in days:
        if not unnamed_school_day(facts.calendar, day):
            continue
        planned = [one for one in facts.lines.on(day) if one.planned and one.openings]
        open_then = {one.line_uuid for one in make_slots(facts, day, day)}
        closed = [one.name for one in planned if one.uuid not in open_then]
        guessed = any(timetable_of(facts.calendar, one, day) != day.isoweekday() for one in planned)
        if closed or guessed:
            what = f"{'、'.join(closed)}那天不开放" if closed else "时间和值班都照周一"
            yield (
                f"{day:%m-%d}（{WEEKDAYS[day.weekday()]}）上课，没有写补周几，{what}："
                "请到设置的「学期与假期」把那天的名称写成「补周三」的样子"
            )


def _without_duty(found: Sequence[Slot]) -> Iterator[str]:
    days = dict.fromkeys(WEEKDAYS[one.day.weekday()] for one in found if not one.closed and not one.duty)
    if not days:
        return
    if any(one.duty for one in found):
        yield f"{'、'.join(days)}有时段没有人值班"
    else:
        yield "还没有排值班，排班表上不写值班教师"
