"""The affection calls of the demo school: a room phone and a video computer, three months of calls, and this week's plan.

It holds what the pages are there to show: shifts by turns, a mother who is free at night only, a child that wishes its
grandmother, one that does not want to call, a lesson nobody is called out of, a teacher who stands in, a computer under
repair, calls that did not get through and the next one that did, a number that was stopped and somebody else who answered.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from msgspec import Struct, field

from app.calls.people import CallContact, Callee, callees
from app.calls.slots import Slot, slots
from app.calls.tables import AffectionCallRow, PlannedCallRow
from app.children.tables import Phone
from app.diary.tables import TriggerEvent
from app.school.calendar import SchoolCalendar, monday_of
from app.school.event_rules import CALLS_FAILED
from app.school.queries import school_calendar
from app.storage.action import Action
from app.storage.store import Store
from app.tasks.demo.calls_around import MOBILE, ROW_OF_SIX, WEEK, CallsAround
from app.tasks.demo.families import Times
from app.tasks.demo.invent import Invent

_MONTHS_BACK = timedelta(days=91)
_OUTCOMES = {
    "connected": 86, "no_answer": 7, "rescheduled": 3, "child_absent": 3, "line_down": 1,
}  # fmt: skip
_MOODS = {"happy": 52, "calm": 30, "low": 10, "silent": 5, "crying": 3}
_LATELY = timedelta(days=12)
_VISIT_AFTER = 2
_SCHOOL_DAYS = 20  # of a month: the calls are spread over all of them


class _Unit(Struct):
    """Brothers and sisters who share one call, or one child."""

    children: list[Callee]
    last: date | None
    failed_from: str | None = None
    failed: list[str] = field(default_factory=list)

    def wants_call(self, day: date) -> bool:
        """Tell whether this month's call is still to come."""
        return self.last is None or (self.last.year, self.last.month) != (day.year, day.month)


class CallsWork:
    """Writes the affection calls of one demo school into an action."""

    def __init__(self, store: Store, action: Action, times: Times, invent: Invent) -> None:
        self._store = store
        self._action = action
        self._times = times
        self._invent = invent
        self._calendar: SchoolCalendar = school_calendar(store)
        self._staff: dict[str, int] = dict(store.rows("SELECT uuid, id FROM staff"))
        self._around = CallsAround(store, action, times, invent)
        self._owner = 0
        self._unlucky: _Unit | None = None
        self._stopped = 0
        self._planned: list[dict[str, Any]] = []
        self._calls: list[dict[str, Any]] = []

    def write(self) -> None:
        """Write lines, duty and lessons, who can be reached when, the calls up to yesterday, the plan for two weeks."""
        staff = [row[0] for row in self._store.rows("SELECT id FROM staff WHERE left_on IS NULL ORDER BY id")]
        if len(staff) < ROW_OF_SIX:
            return
        first = max(
            self._calendar.term_in_force(self._times.today).starts_on, self._times.today - _MONTHS_BACK
        )
        since = self._calendar.term_in_force(first).starts_on.isoformat()
        self._owner = staff[1]
        around = self._around
        around.lines_and_hours(staff, since)
        around.duty(staff, since)
        families = [unit.children for unit in self._units()]
        around.hours_of_parents(families, since)
        around.wishes_grandmother(families[_SCHOOL_DAYS:], since)
        units = self._units()
        self._call(units, first)
        self._evenings(units, first)
        planned = self._action.insert_many(PlannedCallRow, self._planned)
        keys = {row["uuid"]: int(key) for row, key in zip(self._planned, planned, strict=True)}
        for call in self._calls:
            call["planned_call"] = keys.get(call["planned_call"])
        self._action.insert_many(AffectionCallRow, self._calls)

    # ---- who calls when --------------------------------------------------------------------------------------------

    def _units(self) -> list[_Unit]:
        """Return the children on the ledger who are in a class, brothers and sisters together."""
        found = [one for one in callees(self._store, self._times.today) if one.class_id is not None]
        by_uuid = {one.child_uuid: one for one in found}
        units: list[_Unit] = []
        taken: set[str] = set()
        for one in sorted(found, key=lambda one: one.child_id):
            if one.child_uuid not in taken:
                family = [one, *(by_uuid[uuid] for uuid in sorted(one.siblings) if uuid in by_uuid)]
                taken.update(child.child_uuid for child in family)
                units.append(_Unit(sorted(family, key=lambda child: child.child_id), None))
        return units

    def _call(self, units: list[_Unit], first: date) -> None:
        """Go through the slots of the weeks in order: whoever has waited longest and can be reached has the next one."""
        today = self._times.today
        last = monday_of(today) + 2 * WEEK - timedelta(days=1)
        queue = list(units)
        a_day = -(-len(units) // _SCHOOL_DAYS)
        used: dict[date, int] = {}
        for slot in slots(self._store, first, last):
            if slot.closed or used.get(slot.day, 0) > a_day:
                continue
            unit = next((one for one in queue if self._may(one, slot)), None)
            if unit is None:
                continue
            queue.remove(unit)
            used[slot.day] = used.get(slot.day, 0) + 1
            contact = self._contact(unit, slot)
            outcome = self._outcome(unit, slot.day)
            self._plan(unit, slot, contact, outcome)
            if outcome == "connected" and not self._stopped and slot.day >= self._times.today - _LATELY:
                self._number_stopped(unit, slot)
            if outcome in ("", "connected"):
                unit.last, unit.failed_from = slot.day, None
                queue.append(unit)
            elif len(unit.failed) == _VISIT_AFTER:
                unit.last, unit.failed_from = slot.day, None
                self._visit_due(unit)
            else:
                unit.failed_from = f"{slot.day.isoformat()}T{slot.starts}"
                queue.insert(0, unit)

    def _outcome(self, unit: _Unit, day: date) -> str:
        """Return how a call went: through the second time at the latest, but for one child whose family never answers."""
        if day >= self._times.today:
            return ""
        lately = day >= self._times.today - _LATELY and len(unit.children) == 1
        if unit is self._unlucky or (self._unlucky is None and lately and not unit.failed_from):
            self._unlucky = unit
            unit.failed.append(day.isoformat())
            return "no_answer"
        return "connected" if unit.failed_from else self._invent.weighted(_OUTCOMES)

    def _number_stopped(self, unit: _Unit, slot: Slot) -> None:
        """Let the first number that was dialled in a call be stopped, where somebody else could be asked at once."""
        call = self._calls[-1]
        phones = self._store.rows(
            "SELECT id, uuid FROM phone WHERE person_id = ? AND deleted_at IS NULL AND valid_to IS NULL",
            (call["person"],),
        )
        if len(unit.children) > 1 or len(phones) != 1:
            return
        self._stopped = call["person"]
        other = self._contact(unit, slot)
        if other is None:
            self._stopped = 0
            return
        ((phone, uuid),) = phones
        nothing = {"minutes": None, "mood": None, "said": None}
        tried = {**call, **nothing, "uuid": self._invent.uuid(), "outcome": "stopped", "phone": phone}
        self._calls.insert(len(self._calls) - 1, tried)
        call["person"] = other.person_id
        self._action.update(Phone, uuid, confirmed_on=slot.day.isoformat(), result="stopped")

    def _visit_due(self, unit: _Unit) -> None:
        """Let the visit fall due that the school's rule asks for after two days in a row."""
        listed = "、".join(f"{day} 无人接" for day in unit.failed)
        key = self._around.row(
            TriggerEvent,
            child=unit.children[0].child_id,
            rule_code=CALLS_FAILED,
            happened_on=unit.failed[-1],
            entered_on=unit.failed[-1],
            note=f"连续 {len(unit.failed)} 次没打通：{listed}",
        )
        self._calls[-1]["trigger_event"] = key

    def _evenings(self, units: Iterable[_Unit], first: date) -> None:
        """Log the calls on the mobile, in no slot: parents who are free at night only."""
        for unit in units:
            contact = unit.children[0].contacts[0] if unit.children[0].contacts else None
            if unit.last is not None or contact is None or not contact.windows:
                continue
            sunday = monday_of(self._times.today) - timedelta(days=1)
            for weeks in (8, 4, 0):
                day = sunday - weeks * WEEK
                if day >= first:
                    occasion = self._invent.uuid()
                    for child in unit.children:
                        self._calls.append(self._evening(child, day, contact, occasion))

    def _evening(self, child: Callee, day: date, contact: CallContact, occasion: str) -> dict[str, Any]:
        return {
            "uuid": self._invent.uuid(),
            "child": child.child_id,
            "planned_call": None,
            "happened_on": day.isoformat(),
            "entered_on": day.isoformat(),
            "started": "19:40",
            "minutes": self._invent.number(4, 12),
            "call_line": self._around.lines[MOBILE],
            "medium": "phone",
            "outcome": "connected",
            "person": contact.person_id,
            "mood": "happy",
            "said": self._invent.word("call_said"),
            "staff": self._owner,
            "occasion": occasion,
            "trigger_event": None,
            "phone": None,
        }

    def _contact(self, unit: _Unit, slot: Slot) -> CallContact | None:
        """Return the first whom one of them may talk with at the time of a slot."""
        return next(
            (
                one
                for one in unit.children[0].contacts
                if one.can_call
                and one.person_id != self._stopped
                and one.reachable(slot.day, slot.starts, slot.ends)
            ),
            None,
        )

    def _may(self, unit: _Unit, slot: Slot) -> bool:
        if not unit.wants_call(slot.day):
            return False
        if unit.failed_from is not None and unit.failed_from[:10] == slot.day.isoformat():
            return False
        for one in unit.children:
            registered = one.registered_since is None or one.registered_since[:10] <= slot.day.isoformat()
            if not registered or one.why_not(slot.day) or slot.lesson_of(one.class_id):
                return False
        return self._contact(unit, slot) is not None

    def _plan(self, unit: _Unit, slot: Slot, contact: CallContact | None, outcome: str) -> None:
        occasion = self._invent.uuid()
        person = contact.person_id if contact else None
        minutes = self._invent.number(3, 9)
        for place, child in enumerate(unit.children):
            planned = self._invent.uuid()
            self._planned.append(
                {
                    "uuid": planned,
                    "child": child.child_id,
                    "call_line": slot.line_id,
                    "day": slot.day.isoformat(),
                    "starts": slot.starts,
                    "ends": slot.ends,
                    "place": place,
                    "occasion": occasion,
                    "medium": slot.medium.value,
                    "person": person,
                    "origin": "planner",
                    "printed_on": monday_of(slot.day).isoformat() if slot.day <= self._times.today else None,
                    "moved_from": unit.failed_from,
                }
            )
            if outcome:
                self._calls.append(self._log(child, slot, planned, person, occasion, outcome, minutes))

    def _log(
        self,
        child: Callee,
        slot: Slot,
        planned: str,
        person: int | None,
        occasion: str,
        outcome: str,
        minutes: int,
    ) -> dict[str, Any]:
        through = outcome == "connected"
        invent = self._invent
        return {
            "uuid": invent.uuid(),
            "child": child.child_id,
            "planned_call": planned,
            "happened_on": slot.day.isoformat(),
            "entered_on": slot.day.isoformat(),
            "started": slot.starts,
            "minutes": minutes if through else None,
            "call_line": slot.line_id,
            "medium": slot.medium.value,
            "outcome": outcome,
            "person": person,
            "mood": invent.weighted(_MOODS) if through else None,
            "said": invent.word("call_said") if through and invent.chance(45) else None,
            "staff": self._staff.get(slot.duty_uuid),
            "occasion": occasion,
            "trigger_event": None,
            "phone": None,
        }
