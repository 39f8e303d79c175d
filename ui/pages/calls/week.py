"""The calendar of a week out of slots, plan and log. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from app.calls.codes import FAILED, Outcome
from app.calls.lines import LineFacts
from app.calls.log_facts import CallEntry
from app.calls.plan_facts import PlannedCall
from app.calls.slots import Slot
from ui.pages.calls.board_model import Board, Booked, Day, Mark, Row, Spot, State, Who

WEEKDAYS = "一二三四五六日"
DAYS = 7
_SCHOOL_DAYS = 5
NO_TIME = "不定时"
NO_LINE = "没有写哪部电话"
NOT_WRITTEN = "没记结果"


class WeekParts(Struct, frozen=True):
    """What a week is made of."""

    monday: date
    today: date
    lines: tuple[LineFacts, ...]
    slots: tuple[Slot, ...]
    planned: tuple[PlannedCall, ...]
    entries: tuple[CallEntry, ...]


def day_words(day: date) -> str:
    """周三  11-19."""
    return f"周{WEEKDAYS[day.weekday()]}  {day:%m-%d}"


def make_board(parts: WeekParts) -> Board:
    """Lay the week out: planned lines with their slots first, then those that are only logged."""
    return _Layout(parts).board()


class _Layout:
    def __init__(self, parts: WeekParts) -> None:
        self._parts = parts
        self._slots = {(slot.day.isoformat(), slot.line_uuid, slot.starts): slot for slot in parts.slots}
        self._planned: dict[tuple[str, str, str], list[PlannedCall]] = {}
        for call in parts.planned:
            self._planned.setdefault((call.day.isoformat(), call.line_uuid, call.starts), []).append(call)
        self._entries, self._loose = _shared_out(parts.planned, parts.entries)
        self._days = self._days_shown()

    def board(self) -> Board:
        rows: list[Row] = []
        listed = sorted(self._parts.lines, key=lambda line: not line.planned)
        for line in listed:
            rows += self._of_line(line)
        known = {line.uuid for line in listed}
        left = {uuid for _, uuid in self._loose if uuid not in known}
        for uuid in sorted(left):
            name = next((e.line_name for (_, key), es in self._loose.items() for e in es if key == uuid), "")
            rows.append(Row(uuid, name or NO_LINE, "没有排号，打了就记"))
            rows.append(self._loose_row(uuid))
        days = tuple(self._day(day) for day in self._days)
        return Board(days, tuple(rows))

    # ---- days

    def _days_shown(self) -> tuple[date, ...]:
        """Monday to Friday, and of the week-end what something happens on."""
        week = [self._parts.monday + timedelta(days=place) for place in range(DAYS)]
        used = {slot.day for slot in self._parts.slots if not slot.closed}
        used |= {call.day for call in self._parts.planned}
        used |= {date.fromisoformat(entry.happened_on) for entry in self._parts.entries}
        return tuple(day for place, day in enumerate(week) if place < _SCHOOL_DAYS or day in used)

    def _day(self, day: date) -> Day:
        today = day == self._parts.today
        words = day_words(day) + ("  今天" if today else "")
        return Day(day.isoformat(), words, self._duty(day), today)

    def _duty(self, day: date) -> str:
        found: dict[str, None] = {}
        staffed = {line.uuid for line in self._parts.lines if line.staff_uuid}
        here = [slot for slot in self._parts.slots if slot.day == day and slot.line_uuid not in staffed]
        for slot in here:
            if slot.duty:
                found[f"{slot.duty}（代班）" if slot.instead_of else slot.duty] = None
        names = "、".join(found)
        return f"值班 {names}" if names else ("没排值班" if here else "")

    # ---- rows

    def _of_line(self, line: LineFacts) -> list[Row]:
        times = {starts for _, uuid, starts in (*self._slots, *self._planned) if uuid == line.uuid}
        rows = [Row(line.uuid, line.name, _line_words(line))]
        rows += [
            Row(line.uuid, starts, spots=tuple(self._spot(day, line, starts) for day in self._days))
            for starts in sorted(times)
        ]
        if not line.planned or any(key == line.uuid for _, key in self._loose):
            rows.append(self._loose_row(line.uuid))
        return rows if len(rows) > 1 else [Row(line.uuid, line.name, "还没有定开放时间")]

    def _spot(self, day: date, line: LineFacts, starts: str) -> Spot:
        key = day.isoformat(), line.uuid, starts
        slot, calls = self._slots.get(key), self._planned.get(key, [])
        ends = slot.ends if slot is not None else (calls[0].ends if calls else "")
        booked = tuple(self._booked(day, group) for group in _occasions(calls))
        if slot is None and not calls:
            return Spot(*key, ends, State.NONE)
        closed = slot.closed if slot is not None else ""
        state = State.CLOSED if closed and not booked else State.OPEN
        return Spot(*key, ends, state, closed, booked)

    def _booked(self, day: date, calls: Sequence[PlannedCall]) -> Booked:
        first = calls[0]
        entries = self._entries.get(first.uuid, ())
        mark, tail = self._standing(day, first, entries)
        who = tuple(
            Who(call.child_uuid, call.child, call.class_name, call.uuid, _last_uuid(self._entries, call.uuid))
            for call in calls
        )
        tip = "，".join(
            part
            for part in (
                "、".join(dict.fromkeys(call.class_name for call in calls if call.class_name)),
                first.contact,
                "已打印" if first.printed_on else "",
                "固定" if first.fixed else "",
            )
            if part
        )
        key = first.occasion or first.uuid
        return Booked(key, who, mark, tail, first.fixed, bool(first.printed_on), tip)

    def _standing(self, day: date, call: PlannedCall, entries: Sequence[CallEntry]) -> tuple[Mark, str]:
        if entries:
            return mark_of(entries)
        if day < self._parts.today:
            return Mark.OTHER, NOT_WRITTEN
        if call.moved_from:
            return Mark.PLANNED, _from_words(call.moved_from, day, self._parts.monday)
        return Mark.PLANNED, "固定" if call.fixed else ""

    def _loose_row(self, line: str) -> Row:
        return Row(line, NO_TIME, spots=tuple(self._loose_spot(day, line) for day in self._days))

    def _loose_spot(self, day: date, line: str) -> Spot:
        found: dict[str, list[CallEntry]] = {}
        for entry in self._loose.get((day.isoformat(), line), ()):
            found.setdefault(entry.draft.occasion or f"child:{entry.child_uuid}", []).append(entry)
        booked = tuple(_loose_call(key, entries) for key, entries in found.items())
        return Spot(day.isoformat(), line, NO_TIME, "", State.LOOSE, "", booked)


def mark_of(entries: Sequence[CallEntry]) -> tuple[Mark, str]:
    """How a call ended: one that got through counts, else the last attempt."""
    if any(entry.outcome is Outcome.CONNECTED for entry in entries):
        return Mark.DONE, ""
    last = entries[-1]
    if last.outcome is Outcome.RESCHEDULED and last.rescheduled_to:
        return Mark.OTHER, f"改到 {last.rescheduled_to[5:10]}"
    return (Mark.FAILED if last.outcome in FAILED else Mark.OTHER), last.outcome.label


def counts(parts: WeekParts) -> tuple[int, int]:
    """Children planned in the week, and those of all who got through in it."""
    through = {one.child_uuid for one in parts.entries if one.outcome is Outcome.CONNECTED}
    return len({one.child_uuid for one in parts.planned}), len(through)


# ---- inside ---------------------------------------------------------------------------------------------------------


def _shared_out(
    planned: Iterable[PlannedCall], entries: Iterable[CallEntry]
) -> tuple[Mapping[str, tuple[CallEntry, ...]], Mapping[tuple[str, str], list[CallEntry]]]:
    """The attempts of each planned call, and those of none, by day and line.

    An attempt that names no plan belongs to the child's only planned call of that day, as on the list of the day.
    """
    of_child: dict[tuple[str, str], list[str]] = {}
    for call in planned:
        of_child.setdefault((call.day.isoformat(), call.child_uuid), []).append(call.uuid)
    uuids = {uuid for known in of_child.values() for uuid in known}
    found: dict[str, tuple[CallEntry, ...]] = {}
    loose: dict[tuple[str, str], list[CallEntry]] = {}
    for entry in entries:
        known = of_child.get((entry.happened_on, entry.child_uuid), [])
        uuid = entry.draft.planned_uuid
        if uuid not in uuids:
            uuid = known[0] if len(known) == 1 else None
        if uuid is None:
            loose.setdefault((entry.happened_on, entry.draft.line_uuid or ""), []).append(entry)
        else:
            found[uuid] = (*found.get(uuid, ()), entry)
    return found, loose


def _occasions(calls: Iterable[PlannedCall]) -> list[list[PlannedCall]]:
    found: dict[str, list[PlannedCall]] = {}
    for call in sorted(calls, key=lambda call: call.place):
        found.setdefault(call.occasion or call.uuid, []).append(call)
    return list(found.values())


def _last_uuid(entries: Mapping[str, tuple[CallEntry, ...]], planned: str) -> str:
    found = entries.get(planned, ())
    return found[-1].uuid if found else ""


def _loose_call(key: str, entries: Sequence[CallEntry]) -> Booked:
    mark, tail = mark_of(entries)
    who = {
        entry.child_uuid: Who(entry.child_uuid, entry.child_name, entry.class_name, logged=entry.uuid)
        for entry in entries
    }
    return Booked(key, tuple(who.values()), mark, tail, tip=entries[-1].who)


def _from_words(moment: str, day: date, monday: date) -> str:
    """从周一; 从 11-13 where it was another week; 从 12:20 on the same day."""
    before, _, clock = moment.partition("T")
    was = date.fromisoformat(before)
    if was == day:
        return f"从 {clock}"
    if monday <= was < monday + timedelta(days=DAYS):
        return f"从周{WEEKDAYS[was.weekday()]}"
    return f"从 {was:%m-%d}"


def _line_words(line: LineFacts) -> str:
    """12:20–13:00、16:20–16:30，每人 10 分钟."""
    if not line.planned:
        return "不排号，打了就记"
    spans = dict.fromkeys(f"{one.starts}–{one.ends}" for one in line.openings)
    minutes = sorted({one.slot_minutes for one in line.openings})
    each = "、".join(str(one) for one in minutes)
    return f"{'、'.join(spans)}，每人 {each} 分钟" if spans else ""
