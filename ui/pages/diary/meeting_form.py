"""One meeting with who came, ticked family by family or counted by heads; the sheet to be signed, blank or filled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Signal
from typing_extensions import override

from app.diary.codes import MeetingKind
from app.diary.late import late_words
from app.diary.meetings import (
    AttendanceDraft,
    AttendanceLine,
    MeetingDraft,
    MeetingFacts,
    attendance_offer,
    remove_meeting,
    save_meeting,
)
from app.pairing.facts import SupporterFacts
from app.tasks.case_papers import make_meeting_sheet, make_sign_in_sheet
from ui import theme
from ui.context import Context
from ui.drafts import EntryPanel, Form
from ui.pages.diary.case_form import CaseForm, day_field, line_field, text_field, text_in
from ui.shell.papers import Papers
from ui.theme import Tone
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    FormRow,
    QuietChoice,
    QuietField,
    Text,
    holder,
    row,
)
from ui.widgets.time_field import TimeField

WHOLE_SCHOOL = ""
_BY_LIST = frozenset({MeetingKind.PARENTS, MeetingKind.CARERS, MeetingKind.PARENT_SCHOOL})
"""Kinds to which the families are asked one by one; for the others heads are counted."""
_ROWS_SHOWN = 8


class MeetingHand(Struct, frozen=True):
    """What the form needs: the meeting on file (None for a new one) with its list, the classes, who may lead."""

    facts: MeetingFacts | None
    lines: tuple[AttendanceLine, ...]
    classes: tuple[tuple[str, str], ...]
    people: tuple[SupporterFacts, ...]


class AttendanceTable(DataTable):
    """The list: ticked who came. `lines` as they are now; Enter on a line says who came."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(
            [
                Column("child", "儿童", _child, sample="买买提·阿卜杜热西提", frozen=True),
                Column("class", "班级", _class_name, sample="九（12）班"),
                Column("who", "到会人", _attendee, sample="阿卜杜热西提，外祖母"),
                Column("phone", "电话", _phone, sample="13800000000", essential=False),
                Column("note", "备注", _note, sample="家里没有人", essential=False),
            ],
            key=_child_uuid,
            tickable=True,
        )
        self.setAccessibleName("签到")
        self.ticks_changed.connect(self.changed.emit)

    @property
    def lines(self) -> list[AttendanceLine]:
        return list(self.rows)

    def drafts(self) -> tuple[AttendanceDraft, ...]:
        """The whole list as it is stored: also who did not come."""
        ticked = self.ticked_keys()
        return tuple(
            AttendanceDraft(
                child_uuid=line.child_uuid,
                came=line.child_uuid in ticked,
                person_uuid=line.person_uuid if line.child_uuid in ticked else None,
                attendee=line.attendee if line.child_uuid in ticked else None,
                relation=line.relation if line.child_uuid in ticked else None,
                note=line.note,
            )
            for line in self.lines
        )


class MeetingForm(CaseForm):
    """One meeting."""

    kept_as = Form.MEETING
    part = "meetings"

    def __init__(self, context: Context, hand: MeetingHand) -> None:
        facts = hand.facts
        title = "记一次会议" if facts is None else f"{facts.kind.label}　{facts.happened_on}"
        super().__init__(context, title, uuid=facts.uuid if facts else None, table="meeting")
        self._facts = facts
        self.papers = Papers(context, self, title="会议记录和签到", stem="会议记录")
        self.more.addWidget(Button("打印…", self._print, icon="print"))
        self._make_fields(hand)
        self._lay_out()
        self._fill(hand)
        self.kind.currentIndexChanged.connect(self._arrange)
        self.by_list.currentIndexChanged.connect(self._show_list)
        self.school_class.currentIndexChanged.connect(self._offer)
        self.day.textChanged.connect(self._offer)
        self.table.changed.connect(self._ticked)
        self.table.opened.connect(self._say_who)
        self.came.textChanged.connect(self._take_ticks)
        self._arrange()
        self.begin("一次会议")

    def _make_fields(self, hand: MeetingHand) -> None:
        self.kind = QuietChoice([(one, one.label) for one in MeetingKind], quiet=False, unknown=False)
        self.day = day_field(self.context)
        self.started, self.ended = TimeField(), TimeField()
        self.school_class = QuietChoice([(WHOLE_SCHOOL, "全校"), *hand.classes], quiet=False, unknown=False)
        people = [(one.key, one.name) for one in hand.people]
        self.host = QuietChoice([(WHOLE_SCHOOL, "不写"), *people], quiet=False, unknown=False)
        self.place, self.topic = line_field(), line_field("一句话，如 冬季安全")
        self.content, self.decision = text_field(2), text_field()
        self.heads = line_field("只数了人数就填")
        self.heads.setFixedWidth(theme.metrics().field_date)
        self.by_list = QuietChoice([(True, "一家一家签到"), (False, "只数人数")], quiet=False, unknown=False)
        self.table = AttendanceTable()
        self.came = QuietField(quiet=False, hint="")
        self.came.hide()
        self.all_came = Button("都到了", self._tick_all, small=True)
        self.counted = Text("", tone=Tone.INK2)

    def _lay_out(self) -> None:
        times = row(self.started, theme.metrics().s8, Text("到"), theme.metrics().s8, self.ended, None)
        self.started.setAccessibleName("开始时间")
        self.ended.setAccessibleName("结束时间")
        self.pair(self.row("kind", "类型", self.kind), self.row("class", "范围", self.school_class))
        self.pair(self.row("day", "日期", self.day), self._times(times))
        self.pair(self.row("host", "主持", self.host), self.row("place", "地点", self.place))
        self.full(
            self.row("topic", "主题", self.topic),
            self.row("content", "内容", self.content),
            self.row("decision", "决定", self.decision),
        )
        self.pair(self.row("by_list", "到会", self.by_list), self._heads_row())
        self._list_row = holder(row(self.counted, None, self.all_came))
        self.full(self._list_row, self.table)
        self.came.setAccessibleName("到会的（名单里第几行）")
        self.named["came"] = self.came

    def _times(self, times: Any) -> FormRow:
        self.named |= {"started": self.started, "ended": self.ended}
        return FormRow("时间", holder(times), label_width=theme.metrics().number_width)

    def _heads_row(self) -> FormRow:
        self._heads = self.row("heads", "人数", self.heads)
        return self._heads

    def _fill(self, hand: MeetingHand) -> None:
        facts = hand.facts
        self.day.set_value(facts.happened_on if facts else self.context.clock.today().isoformat())
        self.table.set_rows(hand.lines)
        if facts is None:
            return
        self.kind.set_value(facts.kind)
        self.school_class.set_value(facts.class_uuid or WHOLE_SCHOOL)
        self.host.set_value(facts.host_uuid or WHOLE_SCHOOL)
        self.by_list.set_value(bool(hand.lines))
        for field, value in (
            (self.started, facts.started),
            (self.ended, facts.ended),
            (self.place, facts.place),
            (self.topic, facts.topic),
            (self.heads, None if facts.present_count is None else str(facts.present_count)),
        ):
            field.setText(value or "")
        self.content.set_value(facts.content)
        self.decision.set_value(facts.decision)
        self.table.set_ticked({line.child_uuid for line in hand.lines if line.came})
        self._ticked()
        self.fact.setText(late_words(facts.late_days))
        self.fact.set_tone(Tone.OCHRE)

    # ---- the list

    def _arrange(self, *_: object) -> None:
        """Whether families are ticked or heads counted; a kind begins with what is usual for it."""
        if self.sender() is self.kind and self.is_new:
            self.by_list.set_value(self.kind.value in _BY_LIST)
        self._show_list()

    def _show_list(self, *_: object) -> None:
        by_list = bool(self.by_list.value)
        if by_list and not self.table.rows and self.sender() is self.by_list:
            self._read_offer()
        for widget in (self._list_row, self.table):
            widget.setVisible(by_list)
        self._heads.setVisible(not by_list)
        rows = min(len(self.table.rows), _ROWS_SHOWN) + 1
        m = theme.metrics()
        self.table.setFixedHeight(m.row * max(rows, 2) + m.table_head)
        self._count()

    def _offer(self, *_: object) -> None:
        """Another class, another day: who is to be asked is read anew; ticks of those who stay, stay."""
        if self.sender() is self.school_class or self.is_new:
            self._read_offer()

    def _read_offer(self) -> None:
        try:
            on = date.fromisoformat(self.day.text().strip())
        except ValueError:
            return  # half a date: the list stays as it is
        self.context.read(
            attendance_offer,
            on=on,
            class_uuid=str(self.school_class.value) or None,
            on_done=self._take_offer,
            owner=self,
        )

    def _take_offer(self, lines: tuple[AttendanceLine, ...]) -> None:
        ticked = self.table.ticked_keys()
        known = {line.child_uuid: line for line in self.table.lines}
        self.table.set_rows([known.get(line.child_uuid, line) for line in lines])
        self.table.set_ticked(ticked & {line.child_uuid for line in lines})
        self._ticked()
        self._show_list()

    def _tick_all(self) -> None:
        self.table.set_ticked({line.child_uuid for line in self.table.lines})
        self._ticked()

    def _ticked(self) -> None:
        """The ticks as line numbers stand in a field that the draft keeps."""
        ticked = self.table.ticked_keys()
        places = [str(place) for place, line in enumerate(self.table.lines, 1) if line.child_uuid in ticked]
        words = "、".join(places)
        if self.came.text() != words:
            self.came.setText(words)
        self._count()

    def _take_ticks(self, text: str) -> None:
        lines = self.table.lines
        places = [int(part) for part in text.split("、") if part.isdigit()]
        wanted = {lines[place - 1].child_uuid for place in places if 0 < place <= len(lines)}
        if wanted != self.table.ticked_keys():
            self.table.set_ticked(wanted)
            self._count()

    def _count(self) -> None:
        if not self.table.rows:
            self.counted.setText("这里没有在册的儿童；人多的学校先选一个班。")
            return
        came = len(self.table.ticked_keys())
        self.counted.setText(f"到会 {came} 家，应到 {len(self.table.rows)} 家（空格勾选，回车改到会人）")

    def _say_who(self, line: AttendanceLine) -> None:
        panel = AttendeePanel(self.context, line, self._take_line)
        self.context.dialogs.open_panel(panel, _nothing)

    def _take_line(self, changed: AttendanceLine) -> None:
        ticked = self.table.ticked_keys() | {changed.child_uuid}
        self.table.set_rows(
            [changed if line.child_uuid == changed.child_uuid else line for line in self.table.lines]
        )
        self.table.set_ticked(ticked)
        self._ticked()

    # ---- answers

    @override
    def draft(self) -> MeetingDraft | None:
        heads = text_in(self.heads)
        by_list = bool(self.by_list.value)
        if not by_list and heads is not None and not heads.isdecimal():
            self.object_to("人数要写成数字。", self.heads)
            return None
        if text_in(self.topic) is None:
            self.object_to("还没有写主题。", self.topic)
            return None
        return MeetingDraft(
            uuid=self.uuid,
            kind=MeetingKind(str(self.kind.value)),
            happened_on=self.day.text(),
            topic=self.topic.text(),
            started=text_in(self.started),
            ended=text_in(self.ended),
            class_uuid=str(self.school_class.value) or None,
            host_uuid=str(self.host.value) or None,
            place=text_in(self.place),
            content=text_in(self.content),
            decision=text_in(self.decision),
            present_count=int(heads) if heads is not None and not by_list else None,
            attendance=self.table.drafts() if by_list else (),
        )

    @override
    def saver(self) -> Callable[..., Any]:
        return save_meeting

    @override
    def remover(self) -> Callable[..., Any]:
        return remove_meeting

    @override
    def removal(self) -> tuple[str, tuple[str, ...]]:
        asked = self._facts.asked if self._facts else 0
        lines = (f"签到 {asked} 行也一起去。",) if asked else ()
        return f"把这次{self.title.text()}移到回收站？", (*lines, "可以撤销。")

    def _print(self) -> None:
        """The record as it is on file; a meeting to come as the sheet to be signed."""
        self.papers.write_down("会议记录和签到", len(self.table.rows))
        if not self.is_new:
            self.papers.show_paper(make_meeting_sheet, self.uuid)
            return
        day = self.day.text().strip()
        if self.day.finding is not None or len(day) != 10:
            self.object_to("先写好日期，再打印签到表。", self.day)
            return
        kind = MeetingKind(str(self.kind.value))
        class_uuid = str(self.school_class.value) or None
        self.papers.show_paper(make_sign_in_sheet, kind, day, class_uuid, self.topic.text().strip())


class AttendeePanel(EntryPanel):
    """Who came for a child, when it was somebody else; written into the list, not yet into the ledger."""

    def __init__(
        self, context: Context, line: AttendanceLine, take: Callable[[AttendanceLine], object]
    ) -> None:
        super().__init__(context.dialogs.window, f"{line.child_name}家谁到会", self._asked, verb="写上")
        self._line = line
        self._take = take
        self.who, self.relation, self.remark = line_field(), line_field("如 外祖母、姑姑"), line_field()
        for label, field, value in (
            ("到会人", self.who, line.attendee),
            ("关系", self.relation, line.relation),
            ("备注", self.remark, line.note),
        ):
            field.setText(value or "")
            self.add(FormRow(label, field))

    def _asked(self, _key: str) -> None:
        line = self._line
        name = self.who.text().strip()
        same = name == line.attendee
        self._take(
            AttendanceLine(
                child_uuid=line.child_uuid,
                child_name=line.child_name,
                class_name=line.class_name,
                came=True,
                person_uuid=line.person_uuid if same else None,
                attendee=name,
                relation=self.relation.text().strip(),
                phone=line.phone if same else "",
                note=text_in(self.remark),
            )
        )
        self.finish()


# ---- cells


def _child(line: AttendanceLine) -> Cell:
    return Cell(line.child_name, bold=True)


def _class_name(line: AttendanceLine) -> Cell:
    return Cell(line.class_name, Tone.INK2)


def _attendee(line: AttendanceLine) -> Cell:
    words = "，".join(part for part in (line.attendee, line.relation) if part)
    return Cell(words or "没有联系人", Tone.INK if words else Tone.INK3)


def _phone(line: AttendanceLine) -> Cell:
    return Cell(line.phone, Tone.INK2)


def _note(line: AttendanceLine) -> Cell:
    return Cell(line.note or "", Tone.INK2)


def _child_uuid(line: AttendanceLine) -> str:
    return line.child_uuid


def _nothing(_key: str) -> None:
    """The panel has said everything itself."""
