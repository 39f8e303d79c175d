"""The dialogs about lines: what a line is, when it is open, when it is closed."""

from __future__ import annotations

from datetime import date
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.calls.codes import CallMedium, LineKind
from app.calls.lines import ClosureFacts, LineFacts
from app.calls.presets import SLOT_MINUTES
from app.calls.service_lines import (
    MOST_MINUTES,
    ClosureDraft,
    LineDraft,
    OpeningDraft,
    close_line,
    save_line,
    set_openings,
)
from app.core.times import minute_of, read_time
from app.school.lessons import WEEKDAYS
from ui import theme
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.pages.calls.lines_loading import Everything, hours_rows
from ui.theme import Tone, Type
from ui.widgets import (
    CheckBox,
    Finding,
    FormRow,
    NearDay,
    QuietChoice,
    QuietField,
    Scroll,
    State,
    Text,
)
from ui.widgets.layout import column, holder, row
from ui.widgets.near_day import NOT_A_DAY
from ui.widgets.pick import PickField
from ui.widgets.time_field import TimeField

_KINDS = [(one, one.label) for one in LineKind]
_MEDIA = [(one, one.label) for one in CallMedium]
_PLANNED = [(True, "排号"), (False, "不排号，打了就记")]
_SHORT = len("周")


def day_field(context: Context, day: date) -> NearDay:
    """A field for a whole day that begins with `day`."""
    field = NearDay(context.clock.today)
    field.show_day(day)
    return field


def _named(text: str) -> Finding | None:
    return None if text.strip() else Finding(State.INVALID, "不能空着。")


def span_row(label: str, starts: TimeField, ends: TimeField, note: str = "") -> QWidget:
    """Two times on one row."""
    m = theme.metrics()
    starts.setAccessibleName(f"{label} 从")
    ends.setAccessibleName(f"{label} 到")
    words = Text(label, tone=Tone.INK2)
    words.setFixedWidth(m.value_at)
    parts = (starts, Text("到", tone=Tone.INK2), ends, Text(note, Type.SMALL, Tone.INK3), None)
    return holder(row(words, holder(row(*parts, gap=m.s8)), gap=0))


class LinePanel(EntryPanel):
    """What a line is; a new one also from which day on. `added(uuid)`: a new line that has slots is stored."""

    added = Signal(str)

    def __init__(self, context: Context, known: Everything, line: LineFacts | None) -> None:
        head = "加一条线路" if line is None else f"修改：{line.name}"
        super().__init__(context.dialogs.window, head, self._asked, verb="存上")
        self._context = context
        self._is_new = line is None
        self._uuid = line.uuid if line else LineDraft(name="", kind=LineKind.ROOM_PHONE).uuid
        self.name = QuietField(quiet=False, hint="活动室座机", check=_named)
        self.kind = QuietChoice(_KINDS, quiet=False, unknown=False)
        self.teacher = PickField(known.teachers, hint="谁的手机，姓名或拼音")
        self.medium = QuietChoice(_MEDIA, quiet=False, unknown=False)
        self.planned = QuietChoice(_PLANNED, quiet=False, unknown=False)
        self.number = QuietField(quiet=False, hint="家长看到的来电号码，可不填")
        self.where = QuietField(quiet=False, hint="活动室，可不填")
        self.since = day_field(context, known.day)
        if line is not None:
            self._show(line)
        for label, field in (
            ("名称", self.name),
            ("是什么", self.kind),
            ("教师", self.teacher),
            ("方式", self.medium),
            ("排不排号", self.planned),
            ("号码", self.number),
            ("在哪里", self.where),
        ):
            self.add(FormRow(label, field))
        fields: dict[str, QWidget] = {
            "name": self.name, "kind": self.kind, "teacher": self.teacher, "medium": self.medium,
            "planned": self.planned, "number": self.number, "where": self.where,
        }  # fmt: skip
        if line is None:
            self.add(FormRow("从哪天起", self.since))
            fields["since"] = self.since
        self.kind.saved.connect(self._kind_chosen)
        self._enable()
        self.keep_draft(context, About(Form.LINE, line.uuid if line else "", head), fields)

    def _show(self, line: LineFacts) -> None:
        self.name.set_value(line.name)
        self.kind.set_value(line.kind)
        self.teacher.choose(line.staff_uuid)
        self.medium.set_value(line.medium)
        self.planned.set_value(line.planned)
        self.number.set_value(line.number or None)
        self.where.set_value(line.place or None)

    def _kind_chosen(self, kind: object) -> None:
        self.medium.set_value(CallMedium.VIDEO if kind is LineKind.VIDEO_COMPUTER else CallMedium.PHONE)
        self.planned.set_value(kind is not LineKind.STAFF_MOBILE)
        self._enable()

    def _enable(self) -> None:
        """Whose it is is asked of a teacher's mobile only."""
        self.teacher.setEnabled(self.kind.value is LineKind.STAFF_MOBILE)

    def _asked(self, _key: str) -> None:
        since = self.since.day
        if since is None:
            self.object_to(NOT_A_DAY, self.since)
            return
        chosen = self.teacher.chosen if self.kind.value is LineKind.STAFF_MOBILE else None
        draft = LineDraft(
            uuid=self._uuid,
            name=self.name.text(),
            kind=LineKind(str(self.kind.value)),
            medium=CallMedium(str(self.medium.value)),
            planned=bool(self.planned.value),
            staff_uuid=chosen.key if chosen else "",
            number=self.number.text(),
            place=self.where.text(),
        )
        self._context.write(
            save_line, draft=draft, since=since, toast=True, on_done=self._stored, on_error=self.refused
        )

    def _stored(self, _changes: object) -> None:
        self.finish()
        if self._is_new and self.planned.value:
            self.added.emit(self._uuid)


class _Span(QWidget):
    """One span of the week: its weekdays, from when to when, how long each child has."""

    def __init__(self, number: int) -> None:
        super().__init__()
        m = theme.metrics()
        self.days = [CheckBox(word[_SHORT:]) for word in WEEKDAYS]
        for place, box in enumerate(self.days):
            box.setAccessibleName(f"第 {number + 1} 段 {WEEKDAYS[place]}")
        self.starts, self.ends = TimeField(hint="12:20"), TimeField(hint="13:00")
        self.minutes = QuietField(quiet=False, hint=str(SLOT_MINUTES), check=_minutes)
        self.minutes.setFixedWidth(m.field_small)
        for field, words in ((self.starts, "从"), (self.ends, "到"), (self.minutes, "每人分钟数")):
            field.setAccessibleName(f"第 {number + 1} 段 {words}")
        times = (
            self.starts, Text("到", tone=Tone.INK2), self.ends, Text("每人", tone=Tone.INK2), self.minutes,
            Text("分钟", tone=Tone.INK2), None,
        )  # fmt: skip
        whole = column(row(*self.days, None, gap=m.s4), row(*times, gap=m.s8), gap=m.s4)
        whole.setContentsMargins(0, 0, 0, m.s8)
        self.setLayout(whole)

    def fields(self, number: int) -> dict[str, QWidget]:
        """The fields by name, for the draft."""
        days: dict[str, QWidget] = {f"day{number}.{place}": box for place, box in enumerate(self.days)}
        return {
            **days,
            f"starts{number}": self.starts,
            f"ends{number}": self.ends,
            f"minutes{number}": self.minutes,
        }

    @property
    def weekdays(self) -> list[int]:
        """The weekdays ticked, 1 = Monday."""
        return [place + 1 for place, box in enumerate(self.days) if box.isChecked()]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all was entered."""
        return not self.weekdays and not self.starts.text().strip() and not self.ends.text().strip()

    def drafts(self) -> list[OpeningDraft]:
        """The openings of this span. ValueError when the minutes are no number."""
        minutes = int(self.minutes.text().strip() or SLOT_MINUTES)
        return [
            OpeningDraft(weekday=day, starts=self.starts.text(), ends=self.ends.text(), slot_minutes=minutes)
            for day in self.weekdays
        ]

    def slots_a_week(self) -> int:
        """How many slots it gives; 0 while something is missing."""
        starts, ends = read_time(self.starts.text()), read_time(self.ends.text())
        minutes = self.minutes.text().strip() or str(SLOT_MINUTES)
        if starts is None or ends is None or starts >= ends or _minutes(minutes) is not None:
            return 0
        return (minute_of(ends) - minute_of(starts)) // int(minutes) * len(self.weekdays)


def _minutes(text: str) -> Finding | None:
    if not text.strip() or (text.strip().isdecimal() and 1 <= int(text) <= MOST_MINUTES):
        return None
    return Finding(State.INVALID, f"请写 1 到 {MOST_MINUTES} 的整数。")


class HoursPanel(EntryPanel):
    """When a line is open in a week, span by span; a row left empty is none."""

    def __init__(self, context: Context, known: Everything, line: LineFacts) -> None:
        super().__init__(
            context.dialogs.window,
            f"{line.name}的开放时间",
            self._asked,
            verb="照这样开放",
            width=theme.metrics().form_most,
        )
        self._context = context
        self._line = line
        present = [one for one in hours_rows((line,)) if one.openings]
        self.spans = [_Span(number) for number in range(len(present) + (1 if present else 2))]
        for span, hours in zip(self.spans, present, strict=False):
            one = hours.one
            for place, box in enumerate(span.days):
                box.setChecked(place + 1 in hours.openings)
            if one is not None:
                span.starts.set_value(one.starts)
                span.ends.set_value(one.ends)
                span.minutes.set_value(str(one.slot_minutes))
        self.say("每一段勾上星期几；不用的一段把勾去掉。剩下不够一个人的几分钟不算。")
        m = theme.metrics()
        rows = Scroll(*self.spans)
        two = 2 * (2 * m.field + m.s24) + m.s12
        room = context.dialogs.window.height() - m.dialog // 2 if context.dialogs.window is not None else two
        rows.setFixedHeight(min(max(room, two), len(self.spans) * (2 * m.field + m.s8)))
        self.form.addWidget(rows)
        begun = (line.valid_from or "") if not line.openings else ""
        whole = len(begun) == len("2026-09-01")
        self.since = day_field(context, date.fromisoformat(begun) if whole else known.day)
        self.add(FormRow("从哪天起", self.since))
        self._told = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self.form.addWidget(self._told)
        for span in self.spans:
            for box in span.days:
                box.toggled.connect(self._say)
            for field in (span.starts, span.ends, span.minutes):
                field.textChanged.connect(self._say)
        self._say()
        fields: dict[str, QWidget] = {"since": self.since}
        for number, span in enumerate(self.spans):
            fields |= span.fields(number)
        rows_of = (("call_line", line.uuid),)
        self.keep_draft(context, About(Form.HOURS, line.uuid, f"{line.name}的开放时间", rows=rows_of), fields)

    def _say(self, *_: object) -> None:
        count = sum(span.slots_a_week() for span in self.spans)
        self._told.setText(f"照这样每周 {count} 个时段，一个时段打一名（兄弟姐妹一起打）。")

    def _asked(self, _key: str) -> None:
        since = self.since.day
        wanted = [span for span in self.spans if not span.is_empty]
        odd = [span.minutes for span in wanted if _minutes(span.minutes.text()) is not None]
        dayless = [span.days[0] for span in wanted if not span.weekdays and span.starts.text().strip()]
        if since is None:
            self.object_to(NOT_A_DAY, self.since)
        elif odd:
            self.object_to(f"每人的分钟数要在 1 到 {MOST_MINUTES} 之间。", odd[0])
        elif dayless and not self._emptied():
            words = "有一段写了时间，没有勾星期几。不用这一段，请把时间也去掉。"
            self.object_to(words, dayless[0])
        else:
            self._context.write(
                set_openings,
                line_uuid=self._line.uuid,
                openings=[draft for span in wanted for draft in span.drafts()],
                since=since,
                toast=True,
                on_done=self._stored,
                on_error=self.refused,
            )

    def _emptied(self) -> bool:
        """Tell whether every span without a weekday is one that stood there before: its ticks were taken away."""
        present = sum(1 for one in hours_rows((self._line,)) if one.openings)
        return all(span.weekdays or span.is_empty for span in self.spans[present:])

    def _stored(self, _changes: object) -> None:
        self.finish()


class ClosurePanel(EntryPanel):
    """Days on which a line, or every one, cannot be used, and why."""

    def __init__(self, context: Context, known: Everything, closure: ClosureFacts | None) -> None:
        head = "加一段停用" if closure is None else f"修改停用：{closure.reason}"
        super().__init__(context.dialogs.window, head, self._asked, verb="存上")
        self._context = context
        self._uuid = closure.uuid if closure else ""
        planned = [(line.uuid, line.name) for line in known.lines if line.planned]
        self.line = QuietChoice([("", "全部线路"), *planned], quiet=False, unknown=False)
        self.first, self.last = day_field(context, known.day), day_field(context, known.day)
        self.starts, self.ends = TimeField(hint="整天"), TimeField(hint="整天")
        self.reason = QuietField(quiet=False, hint="机房检修；排班表上写这几个字", check=_named)
        if closure is None and planned:
            self.line.set_value(planned[0][0])
        if closure is not None:
            self.line.set_value(closure.line_uuid)
            self.first.set_value(closure.first.isoformat())
            self.last.set_value(closure.last.isoformat())
            self.starts.set_value(closure.starts)
            self.ends.set_value(closure.ends)
            self.reason.set_value(closure.reason)
        self.add(FormRow("线路", self.line))
        self.add(FormRow("从", self.first))
        self.add(FormRow("到", self.last))
        self.add(span_row("时间", self.starts, self.ends, "空着就是整天"))
        self.add(FormRow("原因", self.reason))
        self.say("停用的时段不排号；已经排在里面的，请再点「重新排号」。")
        fields: dict[str, QWidget] = {
            "line": self.line, "first": self.first, "last": self.last, "starts": self.starts, "ends": self.ends,
            "reason": self.reason,
        }  # fmt: skip
        self.keep_draft(context, About(Form.CLOSURE, self._uuid, head), fields)

    def _asked(self, _key: str) -> None:
        first, last = self.first.day, self.last.day
        if first is None or last is None:
            self.object_to(NOT_A_DAY, self.first if first is None else self.last)
            return
        draft = ClosureDraft(
            line_uuid=cast("str", self.line.value),
            first=first,
            last=last,
            reason=self.reason.text(),
            starts=self.starts.text(),
            ends=self.ends.text(),
        )
        if self._uuid:
            draft = ClosureDraft(
                uuid=self._uuid,
                line_uuid=draft.line_uuid,
                first=first,
                last=last,
                reason=draft.reason,
                starts=draft.starts,
                ends=draft.ends,
            )
        self._context.write(close_line, draft=draft, toast=True, on_done=self._stored, on_error=self.refused)

    def _stored(self, _changes: object) -> None:
        self.finish()
