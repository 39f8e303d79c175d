"""演习: one button that brings a backup back for trial; what came of it, the drills before, the proof to sign."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.errors import Cancelled
from app.school.drills import DrillEntry
from app.tasks.drill import Drilled, conclusion, hold_drill, make_proof
from app.tasks.safety import Safety
from ui.context import Context
from ui.jobs import Job
from ui.pages.safety.outcome import Outcome
from ui.shell.papers import Papers
from ui.theme import Tone
from ui.widgets import Button, Cell, Column, DataTable, EmptyState, FooterBar, Kind, ProgressFooter
from ui.widgets.layout import column
from ui.wording import day_words, stored_moment_words

_WHAT = "演习把最新的备份恢复到临时文件夹，逐项核对，再删掉；现在的数据一点不动。每学期做一次，打印一张演习记录存档。"


def _key_of(entry: DrillEntry) -> str:
    return entry.uuid


class DrillPart(QWidget):
    """`show_safety` fills it; a drill that was held is announced like everything that is saved."""

    def __init__(self, context: Context, progress: ProgressFooter) -> None:
        super().__init__()
        self._context = context
        self._progress = progress
        self._job: Job | None = None
        self._can_begin = False
        self.papers = Papers(context, self, title="数据恢复演习记录", stem="恢复演习记录")
        self.outcome = Outcome()
        self.table = DataTable(self._columns(), key=_key_of)
        self.table.opened.connect(self._show_paper_of)
        self._empty = EmptyState("还没有演习过", _WHAT)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.proof = Button("看演习记录、打印…", self._show_proof, icon="print")
        self.begin = Button("演习一次", self.hold, icon="shield_checkmark", kind=Kind.FILLED)
        verbs: list[QWidget] = [self.proof] if context.read_only else [self.proof, self.begin]
        self._foot = FooterBar(*verbs)
        self.setLayout(column(self._stack, self.outcome, self._foot))
        progress.stopped.connect(self._stop)

    def _columns(self) -> list[Column]:
        return [
            Column("day", "演习日期", self._day_cell, "2025年12月30日", frozen=True),
            Column("result", "结果", _result_cell, "没有通过　　"),
            Column("backup", "用的备份", self._backup_cell, "2025年12月30日 16:20"),
            Column("children", "儿童", _children_cell, "5000 名"),
            Column("records", "记录", _records_cell, "180000 条"),
            Column("journal", "日志补回", _journal_cell, "1000 次"),
            Column("who", "演习人", _who_cell, "欧阳素兰　"),
        ]

    def _day_cell(self, entry: DrillEntry) -> Cell:
        return Cell(day_words(entry.happened_on, self._context.clock.today()), bold=True)

    def _backup_cell(self, entry: DrillEntry) -> Cell:
        return Cell(stored_moment_words(entry.backup_made_at, self._context.clock.today()))

    # ---- showing

    def show_safety(self, found: Safety) -> None:
        """Show the drills and whether one is due."""
        self.table.set_rows(found.drills)
        self._stack.setCurrentWidget(self.table if found.drills else self._empty)
        self._can_begin = any(backup.verified for backup in found.backups)
        self._enable()
        if not self._can_begin and not found.drills:
            self._foot.set_words("先要有一份核对过的备份：请到「备份」点「现在备份」。")
        elif found.drill_due:
            self._foot.set_words(f"{found.drill_due}还没有做过。")
        else:
            self._foot.set_words("这学期已经做过，随时可以再做。")

    def take_focus(self) -> None:
        """Put the keyboard where work begins."""
        if self.begin.isVisible() and self.begin.isEnabled():
            self.begin.setFocus()
        elif self._stack.currentWidget() is self.table:
            self.table.setFocus()
        else:
            self._foot.setFocus()

    def _enable(self) -> None:
        self.begin.setEnabled(self._can_begin and self._job is None)
        self.proof.setEnabled(bool(self.table.rows) and self._job is None)

    # ---- holding one

    def hold(self) -> None:
        """Rehearse with the newest proved backup."""
        self.outcome.clear()
        self._progress.begin("正在演习", "停下后不登记，临时的一份随即删掉。")
        self._job = self._context.write(
            hold_drill,
            folder=self._context.backup_folder,
            on_done=self._done,
            on_error=self._failed,
            on_progress=self._progress.step,
        )
        self._enable()

    def _done(self, drilled: Drilled) -> None:
        self._end()
        lines = [f"{line.what}：{line.found}" for line in drilled.lines if not line.ok]
        if drilled.entry.proved:
            self.outcome.tell(
                "green", [conclusion(drilled.entry), f"{len(drilled.lines)} 项都相符，已登记。"]
            )
        else:
            self.outcome.tell("red", [conclusion(drilled.entry), *lines])

    def _failed(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, Cancelled):
            self.outcome.tell("ochre", ["没有演习完：您停下了。", "没有登记，数据和备份都没有动。"])
        else:
            self._context.errors.show(error)

    def _end(self) -> None:
        self._job = None
        self._progress.end()
        self._enable()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # ---- the proof

    def _show_proof(self) -> None:
        entry = self.table.current_row() or next(iter(self.table.rows), None)
        if entry is not None:
            self._show_paper_of(entry)

    def _show_paper_of(self, entry: DrillEntry) -> None:
        self.papers.show_paper(make_proof, entry)


def _result_cell(entry: DrillEntry) -> Cell:
    if entry.proved:
        return Cell("能恢复", Tone.GREEN, icon="checkmark")
    return Cell("没有通过", Tone.RED, icon="warning")


def _children_cell(entry: DrillEntry) -> Cell:
    return Cell("" if entry.children is None else f"{entry.children} 名")


def _records_cell(entry: DrillEntry) -> Cell:
    return Cell("" if entry.records is None else f"{entry.records} 条")


def _journal_cell(entry: DrillEntry) -> Cell:
    return Cell(f"{entry.journal_commits} 次" if entry.journal_commits else "", Tone.INK2)


def _who_cell(entry: DrillEntry) -> Cell:
    return Cell(entry.who or "", Tone.INK2)
