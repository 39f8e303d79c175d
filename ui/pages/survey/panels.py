"""What the page asks for: a new round, and that children were checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtWidgets import QWidget

from app.survey.codes import Way
from app.survey.queries import SurveyedChild, SurveyFacts
from app.survey.service import Checked, begin_survey, note_checks
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.widgets import CheckBox, Finding, FormRow, NearDay, QuietChoice, QuietField, State

USUAL_DAYS = 14
"""So long a round is proposed to take."""


class BeginPanel(EntryPanel):
    """Name and days are proposed; the round begins when it is stored."""

    def __init__(self, context: Context, name: str) -> None:
        super().__init__(context.dialogs.window, "开始一轮摸底核实", self._begin, verb="开始")
        self._context = context
        today = context.clock.today()
        self.name = QuietField(quiet=False, hint="如 2026年秋季摸底核实")
        self.name.setText(name)
        self.starts_on = NearDay(context.clock.today)
        self.starts_on.show_day(today)
        self.due_on = NearDay(context.clock.today, ahead=True, hint="可以不写")
        self.due_on.show_day(today + timedelta(days=USUAL_DAYS))
        self.add(FormRow("名称", self.name))
        self.add(FormRow("开始", self.starts_on))
        self.add(FormRow("交回", self.due_on, note="印在核实表上"))
        self.say("在册的每一名都列入这一轮；谁核实过、谁还没有，按班级和村数给您看。")
        fields = {"name": self.name, "starts_on": self.starts_on, "due_on": self.due_on}
        self.keep_draft(context, About(Form.SURVEY, "", "开始一轮摸底核实"), fields)

    def _begin(self, _key: str) -> None:
        due = self.due_on.text().strip()
        start = self.starts_on.text().strip()
        if not start:
            self.object_to("请写从哪一天开始。", self.starts_on)
            return
        self._context.write(
            begin_survey,
            name=self.name.text(),
            starts_on=date.fromisoformat(start),
            due_on=date.fromisoformat(due) if due else None,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class CheckPanel(EntryPanel):
    """That one or several children were checked: when, by whom, how, and whether anything had changed."""

    def __init__(self, context: Context, round_: SurveyFacts, children: Sequence[SurveyedChild]) -> None:
        whom = children[0].name if len(children) == 1 else f"{len(children)} 名儿童"
        super().__init__(context.dialogs.window, f"已核实：{whom}", self._note, verb="记下")
        self._context = context
        self._children = tuple(children)
        today = context.clock.today()
        self.day = NearDay(context.clock.today, ahead=False, check=partial(_day_of_round, today, round_))
        self.day.show_day(today)
        self.who = QuietField(quiet=False, hint="班主任或去核实的人")
        self.who.setText(context.entering.name)
        self.way = QuietChoice(tuple(Way.labels().items()), quiet=False, unknown=False)
        self.changed = CheckBox("有变化（改在档案里，这里只作记号）", checked=False)
        self.remark = QuietField(quiet=False, hint="可以不写")
        if len(children) == 1 and children[0].check is not None:
            self._show_check(children[0])
        self.add(FormRow("日期", self.day))
        self.add(FormRow("核实人", self.who))
        self.add(FormRow("方式", self.way))
        self.add(self.changed)
        self.add(FormRow("备注", self.remark))
        again = sum(child.check is not None for child in children)
        if again:
            self.say(
                f"其中 {again} 名核实过，以这一次为准。" if len(children) > 1 else "核实过，以这一次为准。"
            )
        self._keep(round_.uuid, whom)

    def _keep(self, round_uuid: str, whom: str) -> None:
        fields: dict[str, QWidget] = {
            "day": self.day,
            "who": self.who,
            "way": self.way,
            "changed": self.changed,
            "remark": self.remark,
        }
        about = About(
            Form.SURVEY_CHECK,
            round_uuid,
            f"{whom} 已核实",
            how={"uuids": " ".join(child.uuid for child in self._children)},
            rows=(("survey", round_uuid),),
        )
        self.keep_draft(self._context, about, fields)

    def _show_check(self, child: SurveyedChild) -> None:
        check = child.check
        if check is not None:
            self.who.setText(check.checked_by)
            self.way.set_value(check.way)
            self.changed.setChecked(check.changed)
            self.remark.setText(check.note or "")

    def _note(self, _key: str) -> None:
        day = self.day.text().strip()
        if not day:
            self.object_to("请写哪一天核实的。", self.day)
            return
        remark = self.remark.text().strip() or None
        checks = [
            Checked(
                child.uuid,
                day,
                self.who.text().strip(),
                Way(str(self.way.value)),
                self.changed.isChecked(),
                remark,
            )
            for child in self._children
        ]
        self._context.write(
            note_checks, checks=checks, on_done=self._stored, on_error=self.refused, toast=True
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


def _day_of_round(today: date, round_: SurveyFacts, text: str) -> Finding | None:
    if text > today.isoformat():
        return Finding(State.INVALID, "这一天还没有到。")
    if not round_.counts(text):
        return Finding(State.INVALID, f"这次摸底 {round_.starts_on} 才开始。")
    return None
