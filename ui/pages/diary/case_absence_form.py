"""One case of an absent child: the days of each stage, and every 劝返."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.diary.absences import absences, due_steps
from app.diary.absences_rules import AbsenceFacts, NextStep, PersuasionFacts
from app.diary.case_parts import ChildHead
from app.diary.codes import AbsenceEnd, AbsenceReason, Medium, PersuasionResult
from app.diary.late import late_words
from app.diary.service_absences import (
    AbsenceDraft,
    PersuasionDraft,
    remove_absence,
    remove_persuasion,
    save_absence,
    save_persuasion,
)
from app.storage.base import new_uuid
from app.storage.drafts import Draft
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.pages.diary.case_child import ChildForm
from ui.pages.diary.case_form import day_field, line_field, text_field, text_in
from ui.theme import Tone
from ui.widgets import Button, Cell, Column, DataTable, FormRow, QuietChoice, Verb
from ui.wording import day_words

NOT_WRITTEN = ""
_MEDIA = (Medium.DOOR, Medium.IN_PERSON, Medium.PHONE, Medium.VIDEO, Medium.MESSAGE, Medium.WRITTEN)
_DAYS = ("suspected_on", "reported_on", "dropout_on", "returned_on", "closed_on")
_REMOVE = "remove"


class AbsenceHand(Struct, frozen=True):
    """What the form needs: the case on file with what is due in it, or the child of a new one; None = still to be found."""

    facts: AbsenceFacts | None
    child: ChildHead | None = None
    step: NextStep | None = None


def read_case(store: Store, uuid: str, today: date, child: ChildHead | None = None) -> AbsenceHand:
    """Read a case, and what is due in it today."""
    facts = next((one for one in absences(store) if one.uuid == uuid), None) if uuid else None
    due = next((one.step for one in due_steps(store, today) if one.absence_uuid == uuid), None)
    return AbsenceHand(facts, child, due)


class AbsenceForm(ChildForm):
    """One case."""

    kept_as = Form.ABSENCE
    part = "absences"

    def __init__(self, context: Context, hand: AbsenceHand) -> None:
        facts = hand.facts
        title = "记一条缺席" if facts is None else f"{facts.child_name}　{facts.class_name}"
        super().__init__(
            context,
            title,
            uuid=facts.uuid if facts else None,
            table="absence",
            child=facts.child_uuid if facts else "",
        )
        self._facts = facts
        self._step = hand.step
        self._lay_out()
        self._fill()
        for day in self.days.values():
            day.textChanged.connect(self._mark)
        self._mark()
        self.start(hand.child)

    @override
    def about(self) -> str:
        if self._facts is not None:
            return f"{self._facts.child_name} 缺席的情况"
        return f"{self.child.head.name} 一条缺席" if self.child.head is not None else "一条缺席"

    @override
    def focus_first(self) -> None:
        super().focus_first()
        if not self.context.read_only:
            self.context.drafts.reopen({Form.PERSUASION: self._persuasion_again}, record=self.uuid)

    def _lay_out(self) -> None:
        today = self.context.clock.today().isoformat()
        self.days = {name: day_field(self.context, "还没有") for name in _DAYS}
        self.happened_on = day_field(self.context)
        self.happened_on.set_value(today)
        reasons = [(one, one.label) for one in AbsenceReason]
        self.reason = QuietChoice([(NOT_WRITTEN, "不写"), *reasons], quiet=False, unknown=False)
        ends = [(one, one.label) for one in AbsenceEnd]
        self.closed_reason = QuietChoice([(NOT_WRITTEN, "不写"), *ends], quiet=False, unknown=False)
        self.found_by, self.reported_to, self.receiver = line_field(), line_field(), line_field()
        self.remark = text_field()
        self.add_child_row()
        self.pair(
            self.row("happened_on", "未到校", self.happened_on, note="第一天"),
            self.row("reason", "原因", self.reason),
        )
        # One stage a line, in the order they come: the day at the left, what belongs to it at the right.
        self._stages = {
            "suspected_on": (self.row("suspected_on", "列为疑似辍学", self.days["suspected_on"]),),
            "reported_on": (
                self.row("reported_on", "上报", self.days["reported_on"]),
                self.row("reported_to", "上报单位", self.reported_to),
                self.row("receiver", "接收人", self.receiver),
            ),
            "dropout_on": (self.row("dropout_on", "列为辍学", self.days["dropout_on"]),),
            "returned_on": (self.row("returned_on", "返校", self.days["returned_on"]),),
            "closed_on": (
                self.row("closed_on", "销号", self.days["closed_on"]),
                self.row("closed_reason", "销号原因", self.closed_reason),
            ),
        }
        self.pair(QWidget(), self.row("found_by", "发现人", self.found_by))
        for day, *beside in self._stages.values():
            self.pair(day, *beside[:1])
            for more in beside[1:]:
                self.pair(QWidget(), more)
        self.full(self.row("note", "备注", self.remark))
        self.tried = DataTable(_persuasion_columns(self.context.clock.today()), two_lines=True)
        self.tried.setAccessibleName("劝返")
        self.tried.opened.connect(self._open_persuasion)
        self.add_tried = Button("记一次劝返…", self.begin_persuasion, icon="add", small=True)
        self.add_tried.setEnabled(not self.context.read_only)
        if self._facts is not None:
            self._tried_head = self.section("劝返", self.add_tried)
            self.full(self.tried)

    def _fill(self) -> None:
        facts = self._facts
        if facts is None:
            return
        self.happened_on.set_value(facts.happened_on)
        self.reason.set_value(facts.reason or NOT_WRITTEN)
        self.closed_reason.set_value(facts.closed_reason or NOT_WRITTEN)
        for name, day in self.days.items():
            day.setText(getattr(facts, name) or "")
        for field, value in (
            (self.found_by, facts.found_by),
            (self.reported_to, facts.reported_to),
            (self.receiver, facts.receiver),
        ):
            field.setText(value or "")
        self.remark.set_value(facts.note)
        self._show_persuasions(facts)
        self.fact.setText(late_words(facts.late_days))
        self.fact.set_tone(Tone.OCHRE)

    def _mark(self, *_: object) -> None:
        """Say at the step that is due by when; what comes later stands back until something is written there."""
        today, step = self.context.clock.today(), self._step
        for name, (day, *beside) in self._stages.items():
            is_due = step is not None and step.column == name and not self.days[name].text().strip()
            late = is_due and step is not None and step.due < today
            words = step.when_words(today) if is_due and step is not None else ""
            day.set_note(words, Tone.RED if late else Tone.OCHRE)
            back = not is_due and name != "returned_on" and not self.days[name].text().strip()
            for one in (day, *beside):
                one.label.set_tone(Tone.INK if is_due else Tone.INK3 if back else Tone.INK2)
        if self._facts is not None:
            due = step is not None and not step.column
            self._tried_head.set_fact(f"{step.words}，{step.when_words(today)}" if due and step else "")

    def _show_persuasions(self, facts: AbsenceFacts) -> None:
        m = theme.metrics()
        self.tried.set_rows(facts.persuasions)
        self.tried.setVisible(bool(facts.persuasions))
        self.tried.setFixedHeight(m.table_head + 2 + m.list_row * len(facts.persuasions))

    # ---- 劝返

    def begin_persuasion(self) -> None:
        """One more time somebody went."""
        self._open_panel(None)

    def _persuasion_again(self, draft: Draft) -> None:
        """接着写: the one that was being changed, else a new one, which keeps its name."""
        tried = next((one for one in self.tried.rows if one.uuid == draft.record), None)
        if tried is None and draft.record != self.uuid:
            self.context.navigation.toast("那一次劝返已经不在了，草稿还留着")
        else:
            self._open_panel(tried, str(draft.how.get("uuid") or ""))

    def _open_persuasion(self, tried: PersuasionFacts) -> None:
        self._open_panel(tried)

    def _open_panel(self, tried: PersuasionFacts | None, uuid: str = "") -> None:
        name = self._facts.child_name if self._facts else ""
        panel = PersuasionPanel(self.context, (self.uuid, name), tried, uuid=uuid)
        self.context.dialogs.open_panel(panel, self._persuaded)

    def _persuaded(self, key: str) -> None:
        """A 劝返 may have brought the child back: the case is read anew; what is typed here and not saved stays."""
        if key != "stay":
            self.context.read(
                read_case, self.uuid, self.context.clock.today(), on_done=self._take, owner=self
            )

    def _take(self, found: AbsenceHand) -> None:
        if found.facts is None:
            return  # taken back from elsewhere; saving says so
        self._facts, self._step = found.facts, found.step
        self._show_persuasions(found.facts)
        if not self.days["returned_on"].text().strip():
            self.days["returned_on"].setText(found.facts.returned_on or "")
        self._mark()

    # ---- answers

    @override
    def draft(self) -> AbsenceDraft | None:
        child = self.child_uuid
        if child is None:
            self.object_to("还没有选儿童。", self.child)
            return None
        reason, end = self.reason.value, self.closed_reason.value
        return AbsenceDraft(
            uuid=self.uuid,
            child_uuid=child,
            happened_on=self.happened_on.text(),
            reason=AbsenceReason(str(reason)) if reason else None,
            found_by=text_in(self.found_by),
            suspected_on=text_in(self.days["suspected_on"]),
            reported_on=text_in(self.days["reported_on"]),
            reported_to=text_in(self.reported_to),
            receiver=text_in(self.receiver),
            dropout_on=text_in(self.days["dropout_on"]),
            returned_on=text_in(self.days["returned_on"]),
            closed_on=text_in(self.days["closed_on"]),
            closed_reason=AbsenceEnd(str(end)) if end else None,
            note=text_in(self.remark),
        )

    @override
    def saver(self) -> Callable[..., Any]:
        return save_absence

    @override
    def remover(self) -> Callable[..., Any]:
        return remove_absence

    @override
    def removal(self) -> tuple[str, tuple[str, ...]]:
        name = self._facts.child_name if self._facts else ""
        return f"把{name}的这条缺席移到回收站？", ("可以撤销。",)


class PersuasionPanel(EntryPanel):
    """One 劝返: when, who went, how, what came of it. `absence` is the uuid of the case and the name of its child.

    `uuid` when a new one is written on: it stays the same one, were it stored already.
    """

    def __init__(
        self,
        context: Context,
        absence: tuple[str, str],
        tried: PersuasionFacts | None,
        *,
        uuid: str = "",
    ) -> None:
        absence_uuid, child = absence
        more = () if tried is None else (Verb(_REMOVE, "移到回收站"),)
        head = "记一次劝返" if tried is None else f"第 {tried.number} 次劝返"
        super().__init__(context.dialogs.window, head, self._asked, verb="存上", more=more)
        self._context = context
        self._absence = absence_uuid
        self.uuid = tried.uuid if tried else uuid or new_uuid()
        self.on = day_field(context)
        self.on.set_value(tried.happened_on if tried else context.clock.today().isoformat())
        self.people = line_field("如 班主任、村支书")
        self.medium = QuietChoice([(one, one.label) for one in _MEDIA], quiet=False, unknown=False)
        self.course = text_field(2)
        results = [(one, one.label) for one in PersuasionResult]
        self.outcome = QuietChoice([(NOT_WRITTEN, "不写"), *results], quiet=False, unknown=False)
        if tried is not None:
            self.people.setText(tried.persons or "")
            self.medium.set_value(tried.medium or Medium.DOOR)
            self.course.set_value(tried.course)
            self.outcome.set_value(tried.result or NOT_WRITTEN)
        fields: dict[str, QWidget] = {}
        for name, label, field in (
            ("on", "日期", self.on),
            ("people", "人员", self.people),
            ("medium", "方式", self.medium),
            ("course", "过程", self.course),
            ("result", "结果", self.outcome),
        ):
            self.add(FormRow(label, field))
            fields[name] = field
        self.say("结果是「已返校」的，返校日期一起写上。")
        about = About(
            Form.PERSUASION,
            tried.uuid if tried else absence_uuid,
            f"{child} 一次劝返",
            where={"part": "absences", "uuid": absence_uuid},
            how={"uuid": self.uuid},
            rows=(("absence", absence_uuid),),
        )
        self.keep_draft(context, about, fields)

    def _asked(self, key: str) -> None:
        if key == _REMOVE:
            self._context.write(
                remove_persuasion, uuid=self.uuid, on_done=self._stored, on_error=self.refused, toast=True
            )
            return
        result = self.outcome.value
        draft = PersuasionDraft(
            uuid=self.uuid,
            absence_uuid=self._absence,
            happened_on=self.on.text(),
            persons=text_in(self.people),
            medium=Medium(str(self.medium.value)),
            course=text_in(self.course),
            result=PersuasionResult(str(result)) if result else None,
        )
        self._context.write(
            save_persuasion, draft=draft, on_done=self._stored, on_error=self.refused, toast=True
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


# ---- cells


def _persuasion_columns(today: date) -> list[Column]:
    return [
        Column("which", "第几次", partial(_which, today), sample="2025年11月13日"),
        Column("people", "人员", _people, sample="班主任、村支书、派出所"),
        Column("result", "结果", _result, sample="不愿返校"),
        Column("course", "过程", _course, sample="到家里谈了一个上午，祖母也在场。", essential=False),
    ]


def _which(today: date, tried: PersuasionFacts) -> Cell:
    words = day_words(date.fromisoformat(tried.happened_on), today)
    late = late_words(tried.late_days)
    return Cell(
        f"第 {tried.number} 次",
        bold=True,
        second=f"{words}　{late}".strip(),
        second_tone=Tone.OCHRE if late else Tone.INK2,
    )


def _people(tried: PersuasionFacts) -> Cell:
    return Cell(tried.persons or "—", second=tried.medium.label if tried.medium else "")


def _result(tried: PersuasionFacts) -> Cell:
    return Cell(tried.result.label if tried.result else "没有写", Tone.INK if tried.result else Tone.INK3)


def _course(tried: PersuasionFacts) -> Cell:
    return Cell((tried.course or "").split("\n")[0])
