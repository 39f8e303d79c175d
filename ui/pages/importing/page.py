"""The import page: 选文件 › 认列 › 核对 › 写入, and the list of rows that still wait."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.children.roster.model import ImportPlan, ImportResult
from app.children.roster.parked import WaitingRow, waiting_rows
from app.core.errors import Cancelled, ShouwangError
from app.tasks.import_roster import write_import, write_rejects
from ui.context import Context
from ui.jobs import Job
from ui.pages.importing.check_step import CheckStep
from ui.pages.importing.columns_step import ColumnsStep
from ui.pages.importing.done_step import DoneStep
from ui.pages.importing.file_step import KINDS, FileStep
from ui.pages.importing.first_ledger import FirstLedger
from ui.pages.importing.parked_step import ParkedStep
from ui.pages.importing.places import documents, is_undone
from ui.pages.importing.session import Beginning, Planned, ReadRoster, Session, begin, make_plan, read_roster
from ui.shell.other_name import not_written
from ui.shell.page import Page
from ui.shell.risky import NOT_BACKED_UP, ask_without_backup
from ui.theme import Breakpoint
from ui.widgets import EmptyState, ProgressFooter, StepHeader

STEPS = ("选文件", "认列", "核对", "写入")
FILE, COLUMNS, CHECK, DONE = range(4)
_TITLE, _PARKED_TITLE = "导入花名册", "待处理清单"
_NOTHING_WRITTEN = "停下后台账不动。"


class ImportPage(Page):
    """One import at a time. Leaving the page keeps what was decided; nothing is written before 写入."""

    areas = frozenset({"children", "school"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, _TITLE, back="台账")
        self.session: Session | None = None
        self.planned: Planned | None = None
        self.result: ImportResult | None = None
        self._job: Job | None = None
        self._writing = False
        self._is_parked = False
        self._plans = context.jobs.latest(self)
        self._files = context.jobs.latest(self)
        self._rest = context.jobs.latest(self)
        self.steps = StepHeader(STEPS)
        self.header.add(self.steps)
        self.stack = QStackedWidget()
        self.progress = ProgressFooter()
        self.progress.stopped.connect(self._stop)
        self._first_ledger = FirstLedger(context, self.progress, self)
        self._build_steps()
        self.content.addWidget(self.stack, 1)
        self.content.addWidget(self.progress)
        self.key("Ctrl+PgUp", partial(self._step_row, -1))
        self.key("Ctrl+PgDown", partial(self._step_row, 1))
        self._show_step(FILE)

    def _build_steps(self) -> None:
        self.file = FileStep()
        self.file.choose_pressed.connect(self.choose_file)
        self.file.file_chosen.connect(self.open_file)
        self.file.next_pressed.connect(self.to_columns)
        self.file.straight_pressed.connect(self._straight_to_check)
        self.file.changed.connect(self._request_changed)
        self.columns = ColumnsStep()
        self.columns.back_pressed.connect(partial(self._show_step, FILE))
        self.columns.next_pressed.connect(self.to_check)
        self.columns.changed.connect(self._request_changed)
        self.check = CheckStep(self.context)
        self.check.back_pressed.connect(partial(self._show_step, COLUMNS))
        self.check.another_pressed.connect(self.choose_file)
        self.check.changed.connect(self._plan)
        self.check.export_pressed.connect(self.export)
        self.check.write_pressed.connect(self.write)
        self.done = DoneStep()
        self.done.undo_pressed.connect(self._undo)
        self.done.another_pressed.connect(self.start_over)
        self.done.ledger_pressed.connect(partial(self.context.navigation.open_page, "ledger"))
        self.done.survey_pressed.connect(partial(self.context.navigation.open_page, "survey"))
        self.done.book_pressed.connect(self._first_ledger.ask)
        self.done.parked_pressed.connect(self.show_parked)
        self.done.marked_pressed.connect(self._to_marked)
        self.parked = ParkedStep(self.context)
        self.parked.ledger_pressed.connect(partial(self.context.navigation.open_page, "ledger"))
        self.parked.counted.connect(self._parked_counted)
        self._read_only = EmptyState("这份数据只能看", "要导入花名册，请打开自己的台账。")
        for step in (self.file, self.columns, self.check, self.done, self.parked, self._read_only):
            self.stack.addWidget(step)

    # ---- where we are

    @override
    def open_with(self, **params: Any) -> None:
        """Take `parked=True`: the rows that earlier imports left waiting; `file`: a file to begin with."""
        if params.get("parked"):
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
            self._rest.run(waiting_rows, self.context.store, on_done=self._show_waiting)
        elif self.step == CHECK and not self._writing:
            self._plan()
        elif self.step == DONE and self.result is not None:
            self._rest.run(
                is_undone, self.context.store, self.result.changes.action_uuid, on_done=self._show_undone
            )

    @property
    def step(self) -> int:
        """Which of the four steps is shown; -1 for the list of waiting rows."""
        return self.stack.currentIndex() if self.stack.currentIndex() <= DONE else -1

    def _show_step(self, step: int) -> None:
        if self.context.read_only:
            return
        self._is_parked = False
        self.steps.setVisible(True)
        self.steps.set_current(step if step < DONE else len(STEPS))
        self.header.set_title(_TITLE)
        self.stack.setCurrentIndex(step)
        self._say_file()
        self.focus_first()

    def _say_file(self) -> None:
        narrow = self.breakpoint is Breakpoint.NARROW
        if self.session is None or narrow or self._is_parked:
            self.header.set_fact("")
        else:
            self.header.set_fact(f"{self.session.roster.name}，{len(self.session.mappings)} 张表")

    def start_over(self) -> None:
        """Another import."""
        self.session = self.planned = self.result = None
        self.check.forget()
        self.file.show_nothing()
        self._show_step(FILE)

    # ---- 选文件

    def choose_file(self) -> None:
        """Ask for a file."""
        path = self.context.dialogs.open_file("选花名册", kinds=KINDS)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Read a file, beside the storage thread; what was decided about the one before is dropped."""
        if self._writing:
            return
        self._plans.drop()
        self.progress.begin("正在读文件", _NOTHING_WRITTEN)
        self.file.setEnabled(False)
        self._job = self._files.run(
            begin,
            self.context.store,
            on_done=partial(self._read_file, path),
            on_error=self._not_read,
        )

    def _read_file(self, path: Path, beginning: Beginning) -> None:
        self._job = self._files.work(
            read_roster,
            path,
            beginning,
            on_done=partial(self._file_read, beginning.is_first),
            on_error=self._not_read,
            on_progress=self.progress.step,
        )

    def _file_read(self, is_first: bool, read: ReadRoster) -> None:
        self._end_work()
        today = self.context.clock.today()
        self.session = Session.of(read, today, before=self.session, is_first=is_first)
        self.planned = self.result = None
        self.check.forget()
        self.file.show_session(self.session, today)
        self._show_step(FILE)

    def _not_read(self, error: BaseException) -> None:
        self._end_work()
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, ShouwangError):
            self.context.errors.show(error)
            return
        self.session = self.planned = self.result = None
        self.check.forget()
        self.file.show_fault(error)
        self._show_step(FILE)

    def _end_work(self) -> None:
        self.progress.end()
        self._job = None
        self.file.setEnabled(True)

    # ---- 认列, 核对

    def to_columns(self) -> None:
        """The second step."""
        if self.session is not None and self.session.chosen:
            self.columns.show_session(self.session)
            self._show_step(COLUMNS)

    def _straight_to_check(self) -> None:
        """Past the columns, which were all recognised; 上一步 shows them."""
        if self.session is not None:
            self.columns.show_session(self.session)
            self.to_check()

    def to_check(self) -> None:
        """The third step: plan, then show."""
        if self.planned is not None:
            self._show_step(CHECK)
        else:
            self._plan()

    def _request_changed(self) -> None:
        """The plan was made for something else: it has to be made anew, and looked at from its beginning."""
        self.planned = None
        self.check.forget()

    def _plan(self) -> None:
        if self.session is None:
            return
        self.check.set_busy(True)
        self.columns.setEnabled(False)
        self.progress.begin("正在核对", _NOTHING_WRITTEN)
        self._job = self._plans.run(
            make_plan,
            self.context.store,
            self.session.request(),
            by=self.context.entering.by,
            on_done=self._show_plan,
            on_error=self._not_planned,
            on_progress=self.progress.step,
        )

    def _show_plan(self, planned: Planned) -> None:
        self._end_work()
        self.columns.setEnabled(True)
        self.planned = planned
        if self.session is not None:
            self.check.show_plan(planned, self.session)
            if self.step in (FILE, COLUMNS):
                self._show_step(CHECK)

    def _not_planned(self, error: BaseException) -> None:
        self._end_work()
        self.columns.setEnabled(True)
        self.planned = None
        if self.step == CHECK and self.session is not None:
            # What was decided is not in the plan that was shown: it must not be written.
            self.to_columns()
        self.context.errors.show(error)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # ---- 写入

    def export(self) -> None:
        """The waiting rows as a workbook with the reason in a column."""
        if self.planned is None:
            return
        name = f"待处理_{self.context.clock.today():%Y%m%d}.xlsx"
        target = self.context.dialogs.save_file(
            "导出待处理的行", kinds="Excel (*.xlsx)", start=documents() / name
        )
        if target is not None:
            self._export_to(self.planned.plan, target)

    def _export_to(self, plan: ImportPlan, target: Path) -> None:
        failed = partial(not_written, self.context, target, partial(self._export_to, plan))
        done = partial(self._exported, target)
        self.context.jobs.work(write_rejects, plan, target, on_done=done, on_error=failed)

    def _exported(self, target: Path, count: int) -> None:
        words = f"已导出待处理 {count} 行，改好后可以再导入：{target.name}"
        self.context.navigation.toast_file(words, target)

    def write(self, *, anyway: bool = False) -> None:
        """Back up (unless she goes on `anyway`), write, undoable in one step."""
        if self.planned is None or self.session is None or self._writing:
            return
        self._writing = True
        self.check.setEnabled(False)
        self.progress.begin("正在备份", "停下后一行也不写入。")
        self._job = self.context.write(
            write_import,
            self.session.roster,
            self.planned.plan,
            anyway=anyway,
            on_done=self._written,
            on_error=self._not_written,
            on_progress=self.progress.step,
        )

    def _written(self, result: ImportResult) -> None:
        self._end_writing()
        is_first = self.session is not None and self.session.is_first
        self.result = result
        self.session = self.planned = None
        self.check.forget()
        self.done.show_result(result, is_first=is_first)
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
            self._plan()

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

    def _to_marked(self) -> None:
        self.context.navigation.open_page("ledger", data="doubts")

    # ---- the rows that wait

    def show_parked(self) -> None:
        """The rows that earlier imports left waiting."""
        if self.context.read_only:
            return
        self._is_parked = True
        self.steps.hide()
        self.header.set_title(_PARKED_TITLE)
        self.header.set_fact("")
        self.stack.setCurrentWidget(self.parked)
        self.reload()

    def _show_waiting(self, rows: list[WaitingRow]) -> None:
        self.parked.show_rows(rows)

    def _parked_counted(self, count: int) -> None:
        if self._is_parked:
            self.header.set_fact(f"{count} 行等着处理" if count else "")

    # ---- window and keys

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        left = not event.spontaneous() and not self.context.read_only
        if left and (self._is_parked or self.step == DONE):
            # 导入 begins with a file again; the list of waiting rows is asked for by its name.
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
        self.parked.set_narrow(narrow)
        self._say_file()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            step = self.parked if self._is_parked else self.check if self.step == CHECK else None
            if step is not None and step.left_pane():
                return
        super().keyPressEvent(event)

    @override
    def focus_first(self) -> None:
        step = self.stack.currentWidget()
        if isinstance(step, FileStep | ColumnsStep | CheckStep | DoneStep | ParkedStep):
            step.focus_first()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return self.check.side_stops() if self.step == CHECK else ()

    @override
    def foot_height(self) -> int:
        step = self.stack.currentWidget()
        foot = getattr(step, "foot", None)
        return foot.height() if isinstance(foot, QWidget) and foot.isVisible() else 0
