"""What the calls of the demo school rest on: lines with hours, lessons, who is on duty, when parents can be reached."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from app.calls.people import CallContact, Callee
from app.calls.tables import CallClosure, CallLine, CallOpening, CallWish
from app.children.tables import ReachableTime
from app.school.calendar import monday_of
from app.school.queries import classes
from app.school.tables import DutyDay, DutyTurn, LessonTime
from app.storage.action import Action
from app.storage.base import Row
from app.storage.store import Store
from app.tasks.demo.families import Times
from app.tasks.demo.invent import Invent

WEEK = timedelta(days=7)
PHONE, VIDEO, MOBILE = range(3)
ROW_OF_SIX = 6
_OPENINGS = (
    (PHONE, "12:20", "13:00", 10),
    (PHONE, "16:20", "16:40", 10),
    (VIDEO, "16:20", "17:00", 20),
)
_LESSONS = (("上午的课", "08:20", "11:50"), ("午休", "13:00", "14:00"), ("下午的课", "14:10", "16:10"))
_GRANDMOTHERS = ("祖母", "奶奶", "外祖母", "外婆")
_AT_NIGHT = 43  # one family in so many is free at night only


class CallsAround:
    """Writes it into an action. ``lines`` are the keys of phone, computer and mobile, ``owner`` whose mobile it is."""

    def __init__(self, store: Store, action: Action, times: Times, invent: Invent) -> None:
        self._store = store
        self._action = action
        self._times = times
        self._invent = invent
        self.lines: list[int] = []

    def row(self, model: type[Row], **values: object) -> int:
        """Write a row and return its key."""
        return int(self._action.insert(model, uuid=self._invent.uuid(), **values))

    def lines_and_hours(self, staff: Sequence[int], since: str) -> None:
        """Write lines, their hours, a day under repair, and the lessons nobody is called out of."""
        known = ("活动室座机", "room_phone", "phone", None, 1, "活动室"), (
            "视频电脑", "video_computer", "video", None, 1, "机房",
        ), ("陈素兰的手机", "staff_mobile", "phone", staff[1], 0, None)  # fmt: skip
        for name, kind, medium, owner, planned, place in known:
            key = self.row(
                CallLine,
                name=name,
                kind=kind,
                medium=medium,
                staff=owner,
                planned=planned,
                place=place,
                number=self._invent.phone() if kind == "room_phone" else None,
                valid_from=since,
            )
            self.lines.append(key)
        for line, starts, ends, minutes in _OPENINGS:
            for weekday in range(1, 6):
                self.row(
                    CallOpening,
                    call_line=self.lines[line],
                    weekday=weekday,
                    starts=starts,
                    ends=ends,
                    slot_minutes=minutes,
                    valid_from=since,
                )
        friday = monday_of(self._times.today) + timedelta(days=4)
        self.row(
            CallClosure,
            call_line=self.lines[VIDEO],
            first_on=friday.isoformat(),
            last_on=friday.isoformat(),
            reason="机房检修",
        )
        for name, starts, ends in _LESSONS:
            self.row(LessonTime, name=name, starts=starts, ends=ends, kept_free=1, valid_from=since)
        for cls in classes(self._store, self._times.today)[-1:]:
            self.row(
                LessonTime,
                name="毕业班辅导",
                school_class=cls.id,
                weekday=2,
                starts="16:20",
                ends="17:00",
                kept_free=1,
                valid_from=since,
            )
        self.row(LessonTime, name="课后服务", starts="16:20", ends="17:30", kept_free=0, valid_from=since)

    def duty(self, staff: Sequence[int], since: str) -> None:
        """Write who is on duty, by turns on Thursdays, and one who stands in."""
        teachers = staff[3 : 3 + ROW_OF_SIX] if len(staff) >= 3 + ROW_OF_SIX else staff[:ROW_OF_SIX]
        for weekday in range(1, 6):
            weeks = (
                (("odd", teachers[3]), ("even", teachers[5]))
                if weekday == 4
                else (("every", teachers[weekday - 1]),)
            )
            for turn, who in weeks:
                self.row(DutyTurn, staff=who, weekday=weekday, weeks=turn, leader=staff[1], valid_from=since)
        tuesday = monday_of(self._times.today) + timedelta(days=1)
        self.row(
            DutyDay, day=tuesday.isoformat(), staff=teachers[2], instead_of=teachers[1], reason="外出培训"
        )

    def hours_of_parents(self, families: Iterable[Sequence[Callee]], since: str) -> None:
        """Let some who are away work in shifts: free at noon every second week, or at night only; note two wishes."""
        monday = monday_of(self._times.today)
        seen: set[int] = set()
        for number, children in enumerate(families):
            reached = [one for one in children[0].contacts if one.can_call and one.person_id not in seen]
            away = next((one for one in reached if one.away), None)
            for one in reached if number % _AT_NIGHT == 11 else ():
                self._shift(one, since, "19:00", "21:00")
            if away is not None and number % 6 == 2:
                week = (monday - number % 4 // 2 * WEEK).isoformat()
                self._shift(away, since, "12:00", "13:30", week)
            elif away is not None and number % 6 == 4:
                self._shift(away, since, "16:00", "18:00")
            seen.update(one.person_id for one in reached)
            if number == 17:
                child = children[0].child_id
                self.row(CallWish, child=child, wants=0, note="不想当着老师的面打", valid_from=since)

    def wishes_grandmother(self, families: Iterable[Sequence[Callee]], since: str) -> None:
        """Let one child wish the grandmother who does not live with it, or is hard to talk with."""
        for children in families:
            one = children[0]
            wanted = next(
                (who for who in one.contacts if who.can_call and who.relation in _GRANDMOTHERS), None
            )
            if wanted is not None and wanted.order > 1:
                note = "想和奶奶说说话"
                person = wanted.person_id
                self.row(CallWish, child=one.child_id, wants=1, person=person, note=note, valid_from=since)
                return

    def _shift(self, who: CallContact, since: str, starts: str, ends: str, week: str | None = None) -> None:
        self.row(
            ReachableTime,
            person=who.person_id,
            starts=starts,
            ends=ends,
            alternate_on=week,
            valid_from=since,
            source="电话里问的",
        )
