"""导入以前的记录 and 导入通话记录, in three steps: 选文件 › 核对 › 写入; and the rows that wait."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.children.roster.sheet import RosterFile
from app.core.errors import Cancelled, ShouwangError
from app.tasks.table_import import WaitingExport, read_book
from ui.context import Context
from ui.jobs import Job
from ui.pages.importing.calls_intake import CALLS
from ui.pages.importing.file_place import FilePlace
from ui.pages.importing.intake import Plan, Result, TableKind
from ui.pages.importing.places import documents, is_undone
from ui.pages.importing.records_check import RecordsCheck
from ui.pages.importing.records_done import RecordsDone
from ui.pages.importing.records_intake import RECORDS
from ui.pages.importing.records_parked import RecordsParked, load_waiting
from ui.shell.other_name import not_written
from ui.shell.page import Page
from ui.shell.risky import NOT_BACKED_UP, ask_without_backup
from ui.theme import Breakpoint
from ui.widgets import EmptyState, ProgressFooter, StepHeader

STEPS = ("选文件", "核对", "写入")
FILE, CHECK, DONE = range(3)
KINDS = "记录表 (*.xlsx *.xls *.csv)"


class RecordsImportPage(Page):
    """One import at a time; nothing is written before 写入. What differs between kinds of tables is in `intake`."""

    areas = frozenset({"diary", "children", "school"})
    intake: ClassVar[TableKind] = RECORDS

    def __init__(self, context: Context) -> None:
        super().__init__(context, self.intake.title, back=self.intake.home)
        self.book: RosterFile | None = None
        self.plan: Plan | None = None
        self.result: Result | None = None
        self._nothing_written = f"停下后{self.intake.place}不动。"
        self._job: Job | None = None
        self._writing = False
        self._is_parked = False
        self._parked: RecordsParked | None = None
        self._plans = context.jobs.latest(self)
        self._files = context.jobs.latest(self)
        self._rest = context.jobs.latest(self)
        self.steps = StepHeader(STEPS)
        self.header.add(self.steps)
        self.stack = QStackedWidget()
        self._build_steps()
        self.progress = ProgressFooter()
        self.progress.stopped.connect(self._stop)
        self.content.addWidget(self.stack, 1)
        self.content.addWidget(self.progress)
        self.key("Ctrl+PgUp", partial(self._step_row, -1))
        self.key("Ctrl+PgDown", partial(self._step_row, 1))
        self.start_over()

    def _build_steps(self) -> None:
        intake = self.intake
        self.file = FilePlace(intake.drop_head, intake.drop_lines)
        self.file.choose_pressed.connect(self.choose_file)
        self.file.file_chosen.connect(self.open_file)
        self.check = RecordsCheck(self.context, intake)
        self.check.another_pressed.connect(self.choose_file)
        self.check.export_pressed.connect(self.export)
        self.check.write_pressed.connect(self.write)
        self.done = RecordsDone(intake)
        self.done.undo_pressed.connect(self._undo)
        self.done.another_pressed.connect(self.start_over)
        self.done.home_pressed.connect(self._go_home)
        self.done.parked_pressed.connect(self.show_parked)
        self._read_only = EmptyState("这份数据只能看", intake.read_only)
        for step in (self.file, self.check, self.done, self._read_only):
            self.stack.addWidget(step)

    @property
    def parked(self) -> RecordsParked:
        """The rows that wait, made when they are first looked at."""
        if self._parked is None:
            self._parked = RecordsParked(self.context, self.intake)
            self._parked.home_pressed.connect(self._go_home)
            self._parked.export_pressed.connect(self._export_waiting)
            self._parked.counted.connect(self._parked_counted)
            self._parked.set_narrow(self.breakpoint is Breakpoint.NARROW)
            self.stack.addWidget(self._parked)
        return self._parked

    def _go_home(self) -> None:
        self.context.navigation.open_page(self.intake.home_page, **self.intake.home_part)

    # ---- where we are

    @override
    def open_with(self, **params: Any) -> None:
        """Take `part="parked"`: the rows that earlier imports left waiting; `file`: a file to begin with."""
        if params.get("part") == "parked":
            self.show_parked()
        elif self._is_parked:
            self.start_over()
        if params.get("file") is not None:
            self.open_file(Path(params["file"]))

    @override
    def load(self) -> None:
        if self.context.read_only:
            self.steps.hide()
            self.stack.setCurrentWidget(self._read_only)
        elif self._is_parked:
            waiting = self.intake.table.intake.rows
            self._rest.run(load_waiting, self.context.store, waiting, on_done=self.parked.show_waiting)
        elif self.step == CHECK and not self._writing:
            self._plan_again()
        elif self.step == DONE and self.result is not None:
            action = self.result.changes.action_uuid
            self._rest.run(is_undone, self.context.store, action, on_done=self._show_undone)

    @property
    def step(self) -> int:
        """Which of the three steps is shown; -1 for the list of waiting rows."""
        return self.stack.currentIndex() if self.stack.currentIndex() <= DONE else -1

    def _show_step(self, step: int) -> None:
        if self.context.read_only:
            return
        self._is_parked = False
        self.steps.setVisible(True)
        self.steps.set_current(step if step < DONE else len(STEPS))
        self.header.set_title(self.intake.title)
        self.stack.setCurrentIndex(step)
        self._say_file()
        self.focus_first()

    def _say_file(self) -> None:
        narrow = self.breakpoint is Breakpoint.NARROW
        shown = self.book is not None and not narrow and not self._is_parked
        self.header.set_fact(self.book.name if self.book is not None and shown else "")

    def start_over(self) -> None:
        """Another import."""
        self.book = self.plan = self.result = None
        self.check.forget()
        self.file.show_nothing()
        self._show_step(FILE)

    # ---- 选文件, 核对

    def choose_file(self) -> None:
        """Ask for a file."""
        path = self.context.dialogs.open_file(self.intake.choose, kinds=KINDS)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Read a file, beside the storage thread, and plan at once."""
        if self._writing:
            return
        self._plans.drop()
        self.progress.begin("正在读文件", self._nothing_written)
        self.file.setEnabled(False)
        self._job = self._files.work(
            read_book, path, on_done=self._book_read, on_error=self._not_read, on_progress=self.progress.step
        )

    def _book_read(self, book: RosterFile) -> None:
        self.book = book
        self.plan = self.result = None
        self.check.forget()
        self._plan_again()

    def _plan_again(self) -> None:
        if self.book is None:
            return
        self.check.write.setEnabled(False)
        self.progress.begin("正在核对", self._nothing_written)
        self._job = self._plans.run(
            self.intake.table.plan_book,
            self.context.store,
            self.book,
            on_done=self._show_plan,
            on_error=self._not_read,
            on_progress=self.progress.step,
        )

    def _show_plan(self, plan: Plan) -> None:
        self._end_work()
        self.plan = plan
        self.check.show_plan(plan)
        if self.step == FILE:
            self._show_step(CHECK)

    def _not_read(self, error: BaseException) -> None:
        self._end_work()
        self.book = self.plan = self.result = None
        self.check.forget()
        if isinstance(error, Cancelled):
            self.file.show_nothing()
        elif isinstance(error, ShouwangError):
            self.file.show_fault(error)
        else:
            self.file.show_nothing()
            self.context.errors.show(error)
        self._show_step(FILE)

    def _end_work(self) -> None:
        self.progress.end()
        self._job = None
        self.file.setEnabled(True)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # ---- out of the program

    def export(self) -> None:
        """The waiting rows of the plan as a workbook with the reason in a column."""
        target = self._ask_target()
        if self.plan is not None and target is not None:
            self._export_to(self.plan, target)

    def _ask_target(self) -> Path | None:
        name = f"{self.intake.file_name}_{self.context.clock.today():%Y%m%d}.xlsx"
        return self.context.dialogs.save_file(
            "导出待处理的行", kinds="Excel (*.xlsx)", start=documents() / name
        )

    def _export_to(self, plan: Plan, target: Path) -> None:
        failed = partial(not_written, self.context, target, partial(self._export_to, plan))
        done = partial(self._exported, target)
        self.context.jobs.work(self.intake.table.write_rejects, plan, target, on_done=done, on_error=failed)

    def _export_waiting(self) -> None:
        target = self._ask_target()
        if target is not None:
            self._export_waiting_to(target)

    def _export_waiting_to(self, target: Path) -> None:
        failed = partial(not_written, self.context, target, self._export_waiting_to)
        done = partial(self._waiting_exported, target)
        self.context.write(self.intake.table.export_waiting, target, on_done=done, on_error=failed)

    def _waiting_exported(self, target: Path, made: WaitingExport) -> None:
        self._exported(target, made.rows)

    def _exported(self, target: Path, count: int) -> None:
        words = f"已导出待处理 {count} 行，改好后可以再导入：{target.name}"
        self.context.navigation.toast_file(words, target)

    # ---- 写入

    def write(self, *, anyway: bool = False) -> None:
        """Back up (unless she goes on `anyway`), write, undoable in one step."""
        if self.plan is None or self._writing:
            return
        self._writing = True
        self.check.setEnabled(False)
        self.progress.begin("正在备份", "停下后一条也不写入。")
        self._job = self.context.write(
            self.intake.table.write,
            self.plan,
            anyway=anyway,
            on_done=self._written,
            on_error=self._not_written,
            on_progress=self.progress.step,
        )

    def _written(self, result: Result) -> None:
        self._end_writing()
        self.result = result
        self.book = self.plan = None
        self.check.forget()
        self.done.show_result(result)
        self._show_step(DONE)
        self.context.navigation.refresh_status()

    def _not_written(self, error: BaseException) -> None:
        self._end_writing()
        self.check.focus_first()
        if isinstance(error, ShouwangError) and error.key == NOT_BACKED_UP:
            ask_without_backup(self.context, error, self.write)
            return
        self.context.errors.show(error)
        if isinstance(error, ShouwangError) and error.key == "import.changed_since":
            self._plan_again()

    def _end_writing(self) -> None:
        self._writing = False
        self._end_work()
        self.check.setEnabled(True)

    def _undo(self) -> None:
        if self.result is not None:
            self.context.undo(self.result.changes.action_uuid)

    def _show_undone(self, undone: bool) -> None:
        if undone and self.result is not None and self.step == DONE:
            self.done.show_undone(self.result.plan)
            self.done.focus_first()

    # ---- the rows that wait

    def show_parked(self) -> None:
        """The rows that earlier imports left waiting."""
        if self.context.read_only:
            return
        self._is_parked = True
        self.steps.hide()
        self.header.set_title(self.intake.parked_title)
        self.header.set_fact("")
        self.stack.setCurrentWidget(self.parked)
        self.parked.focus_first()
        self.reload()

    def _parked_counted(self, count: int) -> None:
        if self._is_parked:
            self.header.set_fact(f"{count} 行等着处理" if count else "")

    # ---- window and keys

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        left = not event.spontaneous() and not self.context.read_only
        if left and (self._is_parked or self.step == DONE):
            # It begins with a file again; the list of waiting rows is asked for by its name.
            self.start_over()

    def _step_row(self, by: int) -> None:
        if self._is_parked:
            self.parked.step(by)
        elif self.step == CHECK:
            self.check.step(by)

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        narrow = breakpoint_ is Breakpoint.NARROW
        self.check.set_narrow(narrow)
        if self._parked is not None:
            self._parked.set_narrow(narrow)
        self._say_file()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self.stack.currentWidget()
        side = step.side if isinstance(step, RecordsCheck | RecordsParked) else None
        if event.key() == Qt.Key.Key_Escape and side is not None and side.left_pane():
            return
        super().keyPressEvent(event)

    @override
    def focus_first(self) -> None:
        step = self.stack.currentWidget()
        if isinstance(step, FilePlace | RecordsCheck | RecordsDone | RecordsParked):
            step.focus_first()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return self.check.side_stops() if self.step == CHECK else ()

    @override
    def foot_height(self) -> int:
        step = self.stack.currentWidget()
        foot = getattr(step, "foot", None)
        return foot.height() if isinstance(foot, QWidget) and foot.isVisible() else 0


class CallsImportPage(RecordsImportPage):
    """Results of calls, with the same manners."""

    areas = frozenset({"calls", "children", "school"})
    intake = CALLS
