"""缺席: children that are not at school without leave, from the missed day to 销号; what is to be done next, and by when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QStandardPaths
from typing_extensions import override

from app.diary.absences import DueStep, absences, due_steps
from app.diary.absences_rules import AbsenceFacts, AbsenceStage
from app.diary.late import late_words
from app.school.codes import HandoverKind, Profile
from app.school.queries import school_calendar
from app.storage.store import Store
from app.tasks.dropout import DropoutPaper, log_absence_list, make_absence_list
from app.tasks.dropout_book import ExportedDropout, export_dropout_book
from ui.context import Context
from ui.drafts import EntryPanel
from ui.pages.diary.case_absence_form import AbsenceForm, AbsenceHand, read_case
from ui.pages.diary.case_child import head_of
from ui.pages.diary.case_form import CaseForm, line_field
from ui.pages.diary.case_segment import CaseSegment
from ui.shell.page import Page
from ui.shell.papers import Papers
from ui.theme import Tone
from ui.widgets import Button, Cell, Column, FormRow, Menu, QuietChoice
from ui.wording import day_words

_TONES = {
    AbsenceStage.WATCHED: Tone.OCHRE,
    AbsenceStage.SUSPECTED: Tone.OCHRE,
    AbsenceStage.DROPOUT: Tone.RED,
    AbsenceStage.RETURNED: Tone.GREEN,
    AbsenceStage.CLOSED: Tone.INK2,
}
_PAPERS = {
    DropoutPaper.REGISTER: "缺席学生情况登记表（本学期）",
    DropoutPaper.REPORT: "辍学学生情况报告表（今天）",
    DropoutPaper.PERSUASIONS: "劝返清单（本学期）",
}


class AbsenceLine(Struct, frozen=True):
    """One case of the list, with what is to be done next (None = nothing)."""

    facts: AbsenceFacts
    due: DueStep | None

    @property
    def uuid(self) -> str:
        """The key of the line."""
        return self.facts.uuid


class AbsenceSegment(CaseSegment):
    """The list of cases, open ones first."""

    verb = "记一条缺席"
    nothing = (
        "没有缺席的学生",
        "没请假没到校的，当天记在这里；到第几天该做什么，会提醒。没有人缺席，每月也能打印零报告。",
    )
    counted = "条缺席"

    def __init__(self, context: Context, host: Page) -> None:
        today = context.clock.today()
        super().__init__(
            context,
            host,
            [
                Column("child", "儿童", _child, sample="买买提·阿卜杜热西提", frozen=True),
                Column("missed", "未到校", partial(_missed, today), sample="2025年11月13日"),
                Column("stage", "现在", partial(_stage, today), sample="疑似辍学　　"),
                Column("next", "下一步", partial(_next, today), sample="连续 10 天未到校，列为疑似辍学"),
                Column("tried", "劝返", _tried, sample="12 次，答应返校", essential=False),
            ],
        )
        self.papers = Papers(context, self, title="控辍保学", stem="控辍保学")
        self.papers.went_out.connect(self._paper_out)
        self._printed: tuple[DropoutPaper, str, str] | None = None
        menu = Menu(self)
        for which, words in _PAPERS.items():
            menu.add(words, partial(self.print_list, which))
        menu.line()
        menu.add("本月月报（没有也打印）", partial(self.print_month, 0))
        menu.add("上月月报", partial(self.print_month, 1))
        menu.line()
        menu.add("导出三本台账（Excel）…", self.ask_export)
        self.print = Button("打印、导出", menu=menu, icon="print")

    @override
    def verbs(self) -> tuple[Button, ...]:
        return (self.print, self.new)

    @override
    def query(self, store: Store) -> Sequence[AbsenceLine]:
        due = {step.absence_uuid: step for step in due_steps(store, self.context.clock.today())}
        lines = [AbsenceLine(facts, due.get(facts.uuid)) for facts in absences(store)]
        return sorted(lines, key=lambda line: line.facts.closed_on is not None)

    @override
    def read_form(self, store: Store, params: dict[str, Any]) -> AbsenceHand:
        today = self.context.clock.today()
        return read_case(store, str(params.get("uuid") or ""), today, head_of(store, params, today))

    @override
    def make_form(self, found: AbsenceHand, params: dict[str, Any]) -> CaseForm:
        return AbsenceForm(self.context, found)

    # ---- papers

    def print_list(self, which: DropoutPaper) -> None:
        """Show one of the lists as it will be printed."""
        today = self.context.clock.today()
        self.context.read(_term_so_far, today, on_done=partial(self._show_list, which), owner=self)

    def print_month(self, before: int) -> None:
        """Show the figures of this month, or of the one before: a month without anybody is a report too."""
        last = self.context.clock.today()
        if before:
            last = last.replace(day=1) - timedelta(days=1)
        self._show_list(DropoutPaper.MONTH, (last.replace(day=1).isoformat(), last.isoformat()))

    def _show_list(self, which: DropoutPaper, days: tuple[str, str]) -> None:
        self._printed = which, *days
        self.papers.whole = which is not DropoutPaper.MONTH
        self.papers.show_paper(make_absence_list, which, *days)

    def _paper_out(self, kind: HandoverKind, target: Path | None) -> None:
        """What was printed or saved is written into the hand-over log: these lists carry whole numbers."""
        if self._printed is not None:
            why = self.papers.why(kind)
            stays = target if self.papers.whole else None
            self.papers.write_log(
                stays, log_absence_list, *self._printed, kind=kind, target=target, reason=why
            )

    def ask_export(self) -> None:
        """导出三本台账: masked unless a reason is given."""
        self.context.dialogs.open_panel(DropoutExportPanel(self.context, self._export), _nothing)

    def _export(self, profile: Profile, reason: str | None) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        today = self.context.clock.today()
        start = Path(folder or Path.home()) / f"控辍保学台账_{today:%Y%m%d}.xlsx"
        target = self.context.dialogs.save_file("导出三本台账", kinds="Excel (*.xlsx)", start=start)
        if target is not None:
            self.context.write(
                _export_term, target, today, profile, reason, on_done=partial(self._exported, target)
            )

    def _exported(self, target: Path, done: ExportedDropout) -> None:
        words = f"已导出：{target.name}，疑似、辍学和劝返共 {done.rows} 条"
        self.context.navigation.toast_file(words, target)


class DropoutExportPanel(EntryPanel):
    """Masked, or whole numbers with a reason that is written down."""

    def __init__(self, context: Context, export: Callable[[Profile, str | None], object]) -> None:
        super().__init__(
            context.dialogs.window, "导出控辍保学三本台账", self._asked, verb="选地方导出…", safe="先不导"
        )
        self._export = export
        self.profile = QuietChoice(
            [(Profile.MASKED, "脱敏：号码只留头尾"), (Profile.FULL, "完整号码，写原因")],
            quiet=False,
            unknown=False,
        )
        self.reason = line_field("交给谁、做什么用")
        self.say("适龄儿童、疑似辍学、辍学三本台账，另有劝返清单和本学期各月的数。")
        self.add(FormRow("号码", self.profile))
        self._reason_row = FormRow("原因", self.reason)
        self.add(self._reason_row)
        self.profile.currentIndexChanged.connect(self._arrange)
        self._arrange()

    def _arrange(self, _place: int = 0) -> None:
        """A reason is asked for only where whole numbers go out."""
        self._reason_row.setEnabled(self.profile.value == Profile.FULL)

    def _asked(self, _key: str) -> None:
        profile = Profile(str(self.profile.value))
        reason = self.reason.text().strip() or None if profile is Profile.FULL else None
        if profile is Profile.FULL and reason is None:
            self.object_to("完整号码要写原因，会记入移交记录。", self.reason)
            return
        self.finish()
        self._export(profile, reason)


def _term_so_far(store: Store, today: date) -> tuple[str, str]:
    """The days from the first one of the term to today."""
    return school_calendar(store).term_in_force(today).starts_on.isoformat(), today.isoformat()


def _export_term(
    store: Store, target: Path, today: date, profile: Profile, reason: str | None, *, by: str | None
) -> ExportedDropout:
    since = school_calendar(store).term_in_force(today).starts_on
    return export_dropout_book(store, target, since=since, until=today, profile=profile, reason=reason, by=by)


# ---- cells


def _child(line: AbsenceLine) -> Cell:
    return Cell(line.facts.child_name, bold=True, second=line.facts.class_name)


def _missed(today: date, line: AbsenceLine) -> Cell:
    facts = line.facts
    words = day_words(date.fromisoformat(facts.happened_on), today)
    late = late_words(facts.late_days)
    reason = facts.reason.label if facts.reason else "原因没有写"
    return Cell(words, second=late or reason, second_tone=Tone.OCHRE if late else Tone.INK2)


def _stage(today: date, line: AbsenceLine) -> Cell:
    stage = line.facts.stage_on(today) or AbsenceStage.WATCHED
    ended = line.facts.closed_reason
    return Cell(stage.label, _TONES[stage], tag=True, second=ended.label if ended else "")


def _next(today: date, line: AbsenceLine) -> Cell:
    if line.due is None:
        return Cell("不用再做", Tone.INK3)
    step = line.due.step
    tone = Tone.RED if step.due < today else Tone.INK2
    return Cell(step.words, second=step.when_words(today), second_tone=tone)


def _tried(line: AbsenceLine) -> Cell:
    tried = line.facts.persuasions
    if not tried:
        return Cell("还没有", Tone.INK3)
    last = tried[-1]
    return Cell(f"{len(tried)} 次", second=last.result.label if last.result else last.happened_on)


def _nothing(_key: str) -> None:
    """The panel has said everything itself."""
