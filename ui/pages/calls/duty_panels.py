"""The dialogs about the school's day and who is on duty: a span of the day, a turn, 代班."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import cast

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from app.school.duty import SwapFacts, TurnFacts, Weeks
from app.school.duty_service import SwapDraft, TurnDraft, save_swap, save_turn
from app.school.lessons import WEEKDAYS, LessonFacts
from app.school.lessons_service import LessonDraft, save_lesson
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.pages.calls.lines_loading import Everything
from ui.pages.calls.lines_panels import day_field, span_row
from ui.widgets import FormRow, QuietChoice, QuietField
from ui.widgets.near_day import NOT_A_DAY
from ui.widgets.pick import PickField
from ui.widgets.time_field import TimeField

_DAYS: list[tuple[Hashable, str]] = [(place + 1, words) for place, words in enumerate(WEEKDAYS)]
_EVERY_DAY = 0
_KEPT = [(True, "不叫学生出来打电话"), (False, "可以叫学生出来打电话")]
_WEEKS = [(one, one.label) for one in Weeks]
_NOBODY = "请选一位教师：写姓名或拼音，按 ↓ 从名单里选。"


class LessonPanel(EntryPanel):
    """A span of the school day, and whether children are called out of it."""

    def __init__(self, context: Context, known: Everything, lesson: LessonFacts | None) -> None:
        head = "加一段作息" if lesson is None else f"修改：{lesson.name}"
        super().__init__(context.dialogs.window, head, self._asked, verb="存上")
        self._context = context
        self._uuid = lesson.uuid if lesson else LessonDraft(name="", starts="", ends="").uuid
        self.name = QuietField(quiet=False, hint="下午第一节")
        self.whose = QuietChoice([("", "全校"), *known.classes], quiet=False, unknown=False)
        self.weekday = QuietChoice([(_EVERY_DAY, "每天"), *_DAYS], quiet=False, unknown=False)
        self.starts, self.ends = TimeField(hint="14:10"), TimeField(hint="14:50")
        self.kept = QuietChoice(_KEPT, quiet=False, unknown=False)
        self.since = day_field(context, known.day)
        if lesson is not None:
            self.name.set_value(lesson.name)
            self.whose.set_value(lesson.class_uuid)
            self.weekday.set_value(lesson.weekday or _EVERY_DAY)
            self.starts.set_value(lesson.starts)
            self.ends.set_value(lesson.ends)
            self.kept.set_value(lesson.kept_free)
        self.add(FormRow("名称", self.name))
        self.add(FormRow("班级", self.whose))
        self.add(FormRow("星期", self.weekday))
        self.add(span_row("时间", self.starts, self.ends))
        self.add(FormRow("排号时", self.kept))
        self.add(FormRow("从哪天起", self.since))
        fields: dict[str, QWidget] = {
            "name": self.name, "class": self.whose, "weekday": self.weekday, "starts": self.starts,
            "ends": self.ends, "kept": self.kept, "since": self.since,
        }  # fmt: skip
        self.keep_draft(context, About(Form.LESSON, lesson.uuid if lesson else "", head), fields)

    def _asked(self, _key: str) -> None:
        since = self.since.day
        if since is None:
            self.object_to(NOT_A_DAY, self.since)
            return
        draft = LessonDraft(
            uuid=self._uuid,
            name=self.name.text(),
            class_uuid=cast("str", self.whose.value),
            weekday=cast("int", self.weekday.value) or None,
            starts=self.starts.text(),
            ends=self.ends.text(),
            kept_free=bool(self.kept.value),
        )
        self._context.write(
            save_lesson, draft=draft, since=since, toast=True, on_done=self._stored, on_error=self.refused
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class TurnPanel(EntryPanel):
    """Who is on duty on a weekday, every week or by turns."""

    def __init__(self, context: Context, known: Everything, turn: TurnFacts | None) -> None:
        head = "加一个值班" if turn is None else f"修改：{WEEKDAYS[turn.weekday - 1]} {turn.staff}"
        super().__init__(context.dialogs.window, head, self._asked, verb="存上")
        self._context = context
        self._uuid = turn.uuid if turn else TurnDraft(staff_uuid="", weekday=1).uuid
        self.teacher = PickField(known.teachers, hint="姓名或拼音")
        self.weekday = QuietChoice(_DAYS, quiet=False, unknown=False)
        self.weeks = QuietChoice(_WEEKS, quiet=False, unknown=False)
        self.starts, self.ends = TimeField(hint="整天"), TimeField(hint="整天")
        self.leader = PickField(known.teachers, hint="带班领导，可不填")
        self.since = day_field(context, known.day)
        if turn is not None:
            self.teacher.choose(turn.staff_uuid)
            self.weekday.set_value(turn.weekday)
            self.weeks.set_value(turn.weeks)
            self.starts.set_value(turn.starts)
            self.ends.set_value(turn.ends)
            self.leader.choose(turn.leader_uuid)
        self.add(FormRow("教师", self.teacher))
        self.add(FormRow("星期", self.weekday))
        self.add(FormRow("哪些周", self.weeks, note="按本学期第几周"))
        self.add(span_row("时间", self.starts, self.ends, "空着就是整天"))
        self.add(FormRow("带班领导", self.leader))
        self.add(FormRow("从哪天起", self.since))
        fields: dict[str, QWidget] = {
            "teacher": self.teacher, "weekday": self.weekday, "weeks": self.weeks, "starts": self.starts,
            "ends": self.ends, "leader": self.leader, "since": self.since,
        }  # fmt: skip
        self.keep_draft(context, About(Form.DUTY_TURN, turn.uuid if turn else "", head), fields)

    def _asked(self, _key: str) -> None:
        since, teacher = self.since.day, self.teacher.chosen
        if since is None:
            self.object_to(NOT_A_DAY, self.since)
            return
        if teacher is None:
            self.object_to(_NOBODY, self.teacher)
            return
        leader = self.leader.chosen
        draft = TurnDraft(
            uuid=self._uuid,
            staff_uuid=teacher.key,
            weekday=cast("int", self.weekday.value),
            weeks=Weeks(str(self.weeks.value)),
            starts=self.starts.text(),
            ends=self.ends.text(),
            leader_uuid=leader.key if leader else "",
        )
        self._context.write(
            save_turn, draft=draft, since=since, toast=True, on_done=self._stored, on_error=self.refused
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class SwapPanel(EntryPanel):
    """代班: one day, who is on duty instead of whom."""

    def __init__(self, context: Context, known: Everything, swap: SwapFacts | None) -> None:
        head = "记一次代班" if swap is None else f"修改代班：{swap.day.isoformat()}"
        super().__init__(context.dialogs.window, head, self._asked, verb="存上")
        self._context = context
        self._known = known
        self._swap = swap
        self._uuid = swap.uuid if swap else SwapDraft(day=known.day, staff_uuid="").uuid
        self.day = day_field(context, swap.day if swap else known.day)
        self.instead = PickField(known.teachers, hint="代谁；另外加一位就空着")
        self.teacher = PickField(known.teachers, hint="谁来代，姓名或拼音")
        self.starts, self.ends = TimeField(hint="整天"), TimeField(hint="整天")
        self.reason = QuietField(quiet=False, hint="外出培训，可不填")
        if swap is not None:
            self.instead.choose(swap.instead_uuid)
            self.teacher.choose(swap.staff_uuid)
            self.starts.set_value(swap.starts)
            self.ends.set_value(swap.ends)
            self.reason.set_value(swap.reason or None)
        self._on_duty = FormRow("代谁", self.instead)
        self.add(FormRow("日期", self.day))
        self.add(self._on_duty)
        self.add(FormRow("谁来代", self.teacher))
        self.add(span_row("时间", self.starts, self.ends, "空着就是整天"))
        self.add(FormRow("原因", self.reason))
        self.day.textChanged.connect(self._say_who)
        self._say_who()
        fields: dict[str, QWidget] = {
            "day": self.day, "instead": self.instead, "teacher": self.teacher, "starts": self.starts,
            "ends": self.ends, "reason": self.reason,
        }  # fmt: skip
        self.keep_draft(context, About(Form.DUTY_SWAP, swap.uuid if swap else "", head), fields)

    def _say_who(self, *_: object) -> None:
        """Whose turn it is on that weekday."""
        day = self.day.day or self._known.day
        names = [
            f"{turn.staff}{'' if turn.weeks is Weeks.EVERY else f'（{turn.weeks.label}）'}"
            for turn in self._known.turns
            if turn.weekday == day.isoweekday()
        ]
        self._on_duty.set_note(f"{WEEKDAYS[day.weekday()]}：{'、'.join(names) or '没有人值班'}")

    def _asked(self, _key: str) -> None:
        day, teacher, instead = self.day.day, self.teacher.chosen, self.instead.chosen
        if day is None:
            self.object_to(NOT_A_DAY, self.day)
            return
        if instead is None and self.instead.text().strip():
            self.object_to(_NOBODY, self.instead)
            return
        if teacher is None:
            self.object_to(_NOBODY, self.teacher)
            return
        draft = self._draft(day, teacher.key)
        draft = replace(draft, instead_uuid=instead.key if instead else "")
        self._context.write(save_swap, draft=draft, toast=True, on_done=self._stored, on_error=self.refused)

    def _draft(self, day: date, teacher: str) -> SwapDraft:
        return SwapDraft(
            uuid=self._uuid,
            day=day,
            staff_uuid=teacher,
            starts=self.starts.text(),
            ends=self.ends.text(),
            reason=self.reason.text(),
        )

    def _stored(self, _changes: object) -> None:
        self.finish()
