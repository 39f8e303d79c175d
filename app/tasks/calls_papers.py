"""The papers of affection calls: wall list, duty list, record of use, one child's calls, slips in large letters.

Each function lays out into ``out`` and returns what was written. Only the wall list, the record and the sheets of a child
are without numbers, in somebody's words too; whoever prints the duty list or the slips writes down that they left the
program (``log_paper``).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.calls.codes import CallMedium, Outcome
from app.calls.log import log_of_period, read_calls
from app.calls.log_facts import CallEntry, Dial, TodayCall
from app.calls.log_today import todays_list
from app.calls.plan_facts import PlannedCall
from app.calls.plan_queries import planned_calls
from app.calls.slots import Slot, slots
from app.children.facts import ChildFacts
from app.children.queries import load_facts
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.core.text import mask_numbers
from app.paper.printing import PrintResult, PrintStamp
from app.school.calendar import monday_of
from app.school.queries import class_teachers, school_calendar, school_profile
from app.storage.store import Store

if TYPE_CHECKING:
    from app.paper.call_lists import DutyPart, WallGrid
    from app.paper.call_record import ChildCall, ChildCalls, RecordRow

_WEEK = timedelta(days=7)
_WEEKDAYS = "一二三四五六日"
_LONGEST = 400
_MEDIA = {CallMedium.PHONE: "电话", CallMedium.VIDEO: "视频"}
_WALL_NOTE = "请提前 2 分钟到。来不了，请告诉班主任。"


def make_wall_list(store: Store, first: date, last: date, out: Path | BinaryIO) -> PrintResult:
    """Write 通话安排 for the wall: time, class and name, a grid per line and week. UserError ``calls.plan_order``."""
    from app.paper.call_lists import WallList, render_wall

    _refuse_span(first, last)
    calls = planned_calls(store, first, last)
    wall = WallList(
        school=_school(store)[0],
        span=_span_words(store, first, last),
        grids=tuple(_grids(calls)),
        note=_WALL_NOTE if calls else "",
    )
    return render_wall(wall, out, stamp=_stamp(store))


def make_duty_list(store: Store, first: date, last: date, out: Path | BinaryIO) -> PrintResult:
    """Write the list for the teachers on duty, with whole numbers: who is called whom, when, whom else."""
    from app.paper.call_lists import DutyList, render_duty

    _refuse_span(first, last)
    on_duty = {(one.line_uuid, one.day, one.starts): one for one in slots(store, first, last)}
    parts: list[DutyPart] = []
    day = first
    while day <= last:
        parts += _duty_parts(store, day, todays_list(store, day), on_duty)
        day += timedelta(days=1)
    duty = DutyList(school=_school(store)[0], span=_span_words(store, first, last), parts=tuple(parts))
    return render_duty(duty, out, stamp=_stamp(store))


def make_usage_record(store: Store, first: date, last: date, out: Path | BinaryIO) -> PrintResult:
    """Write the record of use of some days as the log has it; the signatures stay to be written."""
    from app.paper.call_record import UsageRecord, render_record

    _refuse_span(first, last)
    entries = log_of_period(store, first.isoformat(), last.isoformat())
    through = sum(entry.outcome is Outcome.CONNECTED for entry in entries)
    record = UsageRecord(
        school=_school(store)[0],
        span=f"{first.isoformat()} 至 {last.isoformat()}",
        rows=tuple(_record_row(entry) for entry in entries),
        foot=f"共打 {len(entries)} 次，接通 {through} 次。" if entries else "",
    )
    return render_record(record, out, stamp=_stamp(store))


def make_blank_record(store: Store, out: Path | BinaryIO) -> PrintResult:
    """Write the record of use with nothing in it, to be filled in by hand."""
    from app.paper.call_record import UsageRecord, render_record

    record = UsageRecord(school=_school(store)[0], span="　　　年　　月　　日 起")
    return render_record(record, out, stamp=_stamp(store))


def make_child_calls(
    store: Store,
    child_uuids: Sequence[str],
    first: date,
    last: date,
    out: Path | BinaryIO,
    *,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write the calls of each of these children in a period, for their files. UserError ``call_paper.nobody``."""
    from app.paper.call_record import render_child_calls

    _refuse_span(first, last)
    children = load_facts(store, min(last, store.clock.today()), uuids=child_uuids)
    if not children:
        raise refuse("call_paper.nobody")
    entries: dict[str, list[CallEntry]] = {}
    for entry in log_of_period(store, first.isoformat(), last.isoformat()):
        entries.setdefault(entry.child_uuid, []).append(entry)
    return render_child_calls(
        [_child_calls(child, entries.get(child.uuid, [])) for child in children],
        out,
        school=_school(store)[0],
        span=f"{first.isoformat()} 至 {last.isoformat()}",
        stamp=_stamp(store),
        progress=progress,
    )


def make_slips(
    store: Store, child_uuids: Sequence[str], first: date, last: date, out: Path | BinaryIO
) -> PrintResult:
    """Write the slips in large letters for those who look after these children: when the child calls, from where.

    Children without a planned call in the period are told the school's number only. UserError ``call_paper.nobody``.
    """
    from app.paper.big_slip import render_slips
    from app.tasks.call_slips import slip_of

    _refuse_span(first, last)
    children = load_facts(store, min(last, store.clock.today()), uuids=child_uuids)
    if not children:
        raise refuse("call_paper.nobody")
    planned: dict[str, list[PlannedCall]] = {}
    for one in planned_calls(store, first, last):
        planned.setdefault(one.child_uuid, []).append(one)
    numbers = dict(
        store.rows("SELECT uuid, number FROM call_line WHERE deleted_at IS NULL AND number IS NOT NULL")
    )
    school = _school(store)
    teachers = class_teachers(store, min(last, store.clock.today()))
    slips = [slip_of(child, planned.get(child.uuid, ()), numbers, school, teachers) for child in children]
    return render_slips(slips, out, school=school[0], stamp=_stamp(store))


# ---- the wall --------------------------------------------------------------------------------------------------------


def _grids(calls: Sequence[PlannedCall]) -> "Iterable[WallGrid]":
    from app.paper.call_lists import WallGrid

    weeks: dict[tuple[date, int], list[PlannedCall]] = {}
    for one in calls:
        weeks.setdefault((monday_of(one.day), one.line_id), []).append(one)
    several = len({monday for monday, _ in weeks}) > 1
    for (monday, _), found in sorted(weeks.items(), key=lambda item: item[0]):
        # Monday to Friday always, so that the weeks look alike; a weekend only where somebody calls.
        days = [monday + timedelta(days=at) for at in range(5)]
        days += sorted({one.day for one in found} - set(days))
        times = sorted({(one.starts, one.ends) for one in found})
        at: dict[tuple[str, date], list[PlannedCall]] = {}
        for one in found:
            at.setdefault((one.starts, one.day), []).append(one)
        week = f"　{monday.month}月{monday.day}日那一周" if several else ""
        yield WallGrid(
            head=f"{found[0].line}{week}",
            days=tuple(f"周{_WEEKDAYS[day.weekday()]} {day:%m-%d}" for day in days),
            rows=tuple(
                (
                    f"{starts}\n{ends}",
                    tuple("\n".join(_named(one) for one in at.get((starts, day), ())) for day in days),
                )
                for starts, ends in times
            ),
            calls=tuple(
                tuple(one.uuid for day in days for one in at.get((starts, day), ())) for starts, _ in times
            ),
        )


def _named(one: PlannedCall) -> str:
    return f"{one.child}\n{one.class_name}" if one.class_name else one.child


# ---- the list for who is on duty ------------------------------------------------------------------------------------


def _duty_parts(
    store: Store, day: date, calls: Sequence[TodayCall], on_duty: Mapping[tuple[str, date, str], Slot]
) -> "list[DutyPart]":
    from app.paper.call_lists import DutyPart, DutyRow

    lines: dict[str, list[TodayCall]] = {}
    for call in calls:
        lines.setdefault(call.line_name or "家长约的", []).append(call)
    numbers = _numbers(store, calls)
    parts = []
    for name, found in lines.items():
        teachers = {
            slot.duty
            for call in found
            if (slot := on_duty.get((call.line_uuid or "", day, call.starts or ""))) and slot.duty
        }
        who = f"　值班 {'、'.join(sorted(teachers))}" if teachers else ""
        rows = [
            DutyRow(
                time=f"{shared[0].starts or ''}\n{shared[0].ends or ''}".strip(),
                child="\n".join(f"{call.child_name}\n{call.class_name}" for call in shared),
                first=_dial_words(shared[0].dials[:1], numbers) or "没有能打的号码",
                then=_dial_words(shared[0].dials[1:3], numbers),
                mind=_mind(shared),
                calls=tuple(call.planned_uuid for call in shared if call.planned_uuid),
            )
            for shared in _shared(found)
        ]
        head = f"周{_WEEKDAYS[day.weekday()]} {day.month}月{day.day}日　{name}{who}"
        parts.append(DutyPart(head=head, rows=tuple(rows)))
    return parts


def _shared(calls: Sequence[TodayCall]) -> list[list[TodayCall]]:
    """Return the calls by slot: brothers and sisters who call the same people together are one row of the list."""
    found: list[list[TodayCall]] = []
    for call in calls:
        first = found[-1][0] if found else None
        if (
            first is not None
            and call.occasion is not None
            and (call.occasion, call.starts) == (first.occasion, first.starts)
            and [dial.person_uuid for dial in call.dials[:3]]
            == [dial.person_uuid for dial in first.dials[:3]]
        ):
            found[-1].append(call)
        else:
            found.append([call])
    return found


def _numbers(store: Store, calls: Iterable[TodayCall]) -> Mapping[str, str]:
    wanted = {dial.phone_uuid for call in calls for dial in call.dials if dial.phone_uuid}
    return {
        uuid: number
        for uuid, number in store.rows("SELECT uuid, number FROM phone WHERE deleted_at IS NULL")
        if uuid in wanted
    }


def _dial_words(dials: Iterable[Dial], numbers: Mapping[str, str]) -> str:
    return "\n".join(
        "\n".join(
            part
            for part in (
                f"{dial.relation} {dial.who}".strip(),
                numbers.get(dial.phone_uuid or "", ""),
                dial.language_note or "",
            )
            if part
        )
        for dial in dials
        if dial.usable
    )


def _mind(shared: Sequence[TodayCall]) -> str:
    """Return what the teacher minds: video, brothers and sisters, hours, what was tried."""
    call = shared[0]
    first = next((dial for dial in call.dials if dial.usable), None)
    parts = ["视频"] if call.medium is CallMedium.VIDEO else []
    parts += ["同一家的一起打"] if len(shared) > 1 or call.place else []
    if first is not None and first.reachable:
        parts.append(first.reachable)
    parts += [
        f"已打：{words}" for words in dict.fromkeys(e.outcome.label for one in shared for e in one.entries)
    ]
    return "；".join(parts)


# ---- what was called -------------------------------------------------------------------------------------------------


def _record_row(entry: CallEntry) -> "RecordRow":
    from app.paper.call_record import RecordRow

    put_off = f"，改到 {entry.rescheduled_to[5:].replace('T', ' ')}" if entry.rescheduled_to else ""
    minutes = f"{entry.minutes} 分" if entry.minutes is not None else ""
    return RecordRow(
        when=f"{entry.happened_on}\n周{_WEEKDAYS[date.fromisoformat(entry.happened_on).weekday()]}",
        child=f"{entry.child_name}\n{entry.class_name}",
        who="\n".join(part for part in (mask_numbers(entry.who), entry.relation) if part),
        medium=_MEDIA[entry.medium],
        length="\n".join(part for part in (entry.started or "", minutes) if part),
        outcome=f"{entry.outcome.label}{put_off}",
        mood=entry.mood.label if entry.mood else "",
        said=mask_numbers(entry.said or ""),
    )


def _child_calls(child: ChildFacts, entries: Sequence[CallEntry]) -> "ChildCalls":
    from app.paper.call_record import ChildCalls

    through = [entry for entry in entries if entry.outcome is Outcome.CONNECTED]
    minutes = sum(entry.minutes or 0 for entry in through)
    return ChildCalls(
        key=child.uuid,
        name=child.name,
        class_name=child.school_class.name if child.school_class else "",
        sex=child.sex.label if child.sex else "",
        summary=f"打了 {len(entries)} 次，接通 {len(through)} 次"
        + (f"，共 {minutes} 分钟" if minutes else ""),
        calls=tuple(_child_call(entry) for entry in entries),
    )


def _child_call(entry: CallEntry) -> "ChildCall":
    from app.paper.call_record import ChildCall

    told = (
        entry.said or "",
        f"答应：{entry.promise}" if entry.promise else "",
        f"情绪：{entry.mood.label}" if entry.mood else "",
        entry.late_words,
    )
    put_off = f"\n改到 {entry.rescheduled_to.replace('T', ' ')}" if entry.rescheduled_to else ""
    return ChildCall(
        when="\n".join(part for part in (entry.happened_on, entry.started or "") if part),
        who="\n".join(part for part in (entry.relation, mask_numbers(entry.who)) if part),
        how="\n".join(part for part in (_MEDIA[entry.medium], entry.line_name) if part),
        outcome=f"{entry.outcome.label}{put_off}",
        length=f"{entry.minutes} 分" if entry.minutes is not None else "",
        said=mask_numbers("\n".join(part for part in told if part)),
        staff=entry.staff_name,
    )


# ---- inside ---------------------------------------------------------------------------------------------------------


def people_of(store: Store, first: date, last: date) -> int:
    """Return how many children a list of these days is about, for the hand-over log."""
    planned = {one.child_uuid for one in planned_calls(store, first, last)}
    called = {
        entry.child_uuid
        for entry in read_calls(
            store, "a.happened_on BETWEEN ? AND ?", (first.isoformat(), last.isoformat()), order="a.id"
        )
    }
    return len(planned | called)


def _refuse_span(first: date, last: date) -> None:
    if last < first or (last - first).days > _LONGEST:
        raise refuse("call_paper.days", most=_LONGEST)


def _span_words(store: Store, first: date, last: date) -> str:
    week = school_calendar(store).week_of(first)
    same = week is not None and week.monday <= last <= week.sunday
    number = f"（{week.words}）" if week is not None and same else ""
    if first == last:
        return f"{first.month}月{first.day}日 周{_WEEKDAYS[first.weekday()]}{number}"
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日{number}"


def _school(store: Store) -> tuple[str, str]:
    """Return the school's name and its number, "" for what nobody wrote down."""
    profile = school_profile(store)
    return (profile.name, profile.phone or "") if profile else ("", "")


def _stamp(store: Store) -> PrintStamp:
    now = store.clock.now()
    return PrintStamp(
        printed_at=f"{now:%Y-%m-%d %H:%M}", commit_no=store.commit_no, as_of=now.date().isoformat()
    )
