"""The checkup from the start screen: what could be mended on a copy, the mended copy in use, the list on paper."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.errors import EnvironmentFault, ShouwangError
from app.core.paths import private_folder
from app.paper.printing import PrintResult
from app.storage.workroom import workroom
from app.tasks.checkup import CheckupReport, checkup, write_checkup_list
from ui.shell.restoring import Host, Restoring
from ui.shell.start import LOOK_CLOSER, PRINT_LIST, USE_MENDED, Problem, StartScreen
from ui.widgets import Verb
from ui.widgets.pdf import put_on_paper

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

PDF_KINDS = "PDF (*.pdf)"


class StartCheckup(QObject):
    """Works on `program.path` with no ledger open. `begin(problem)` ends in the same problem, known better."""

    def __init__(
        self,
        program: Host,
        restoring: Restoring,
        show: Callable[[StartScreen], None],
        show_problem: Callable[[Problem], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._program = program
        self._restoring = restoring
        self._show = show
        self._show_problem = show_problem
        self._report: CheckupReport | None = None
        self._room = ExitStack()

    def begin(self, problem: Problem) -> None:
        """Look through a private copy; the file itself is only read."""
        program = self._program
        screen = StartScreen("正在体检")
        self._show(screen)
        screen.progress.begin("正在一份副本上检查", "只看副本，原文件不动", can_stop=False)
        program.jobs.run(
            checkup,
            program.path,
            clock=program.clock,
            backup_folder=program.backups_of(program.path),
            on_done=partial(self._looked, problem),
            on_error=partial(self._not_looked, problem),
            on_progress=screen.progress.step,
        )

    def _looked(self, problem: Problem, report: CheckupReport) -> None:
        self._report = report
        what, safe, todo = problem.parts
        found = "".join((report.head, *report.notes))
        if report.can_use_repaired:
            safe, todo = f"{safe}{found}", "请用修好的那一份；现在的文件会原样留着。"
        else:
            todo = f"{found}{todo}"
        verbs = tuple(verb for verb in problem.verbs if verb not in {LOOK_CLOSER, USE_MENDED, PRINT_LIST})
        if report.lines:
            verbs = (PRINT_LIST, *verbs)
        if report.can_use_repaired:
            verbs = (USE_MENDED, *verbs)
        self._show_problem(Problem(problem.key, (what, safe, todo), verbs, problem.backups))

    def _not_looked(self, problem: Problem, error: BaseException) -> None:
        verbs = tuple(verb for verb in problem.verbs if verb not in {USE_MENDED, PRINT_LIST})
        self._show_problem(Problem(problem.key, problem.parts, verbs, problem.backups))
        self._program.errors.show(error)

    def use_mended(self) -> None:
        """用修好的: by the same safe exchange as a restore."""
        if self._report is not None:
            self._restoring.use_repaired(self._report, frozenset(), None)

    # ---- the list

    def print_list(self) -> None:
        """打印修复清单: onto paper, or as a PDF where there is no printer."""
        if self._report is None:
            return
        try:
            room = self._room.enter_context(workroom(private_folder()))
        except EnvironmentFault as error:
            self._program.errors.show(error)
            return
        out = room / "体检清单.pdf"
        self._program.jobs.run(
            write_checkup_list,
            self._report,
            out,
            on_done=partial(self._written, out),
            on_error=self._not_printed,
        )

    def _written(self, out: Path, result: PrintResult) -> None:
        try:
            chosen = self._program.dialogs.printer(result.pages)
        except ShouwangError:
            self._save_list()
            return
        if chosen is None:
            self._room.close()
            return
        printer, first, last = chosen
        self._program.jobs.draw(
            put_on_paper,
            out,
            printer,
            first,
            last,
            on_done=partial(self._printed, printer),
            on_error=self._not_printed,
        )

    def _printed(self, _printer: QPrinter, _pages: int) -> None:
        self._room.close()

    def _not_printed(self, error: BaseException) -> None:
        self._room.close()
        self._program.errors.show(error)

    def _save_list(self) -> None:
        """No printer here: the list goes where she says, to be printed elsewhere."""
        self._room.close()
        day = self._program.clock.today()
        target = self._program.dialogs.save_file(
            "没有打印机，清单存成 PDF", kinds=PDF_KINDS, start=Path.home() / f"体检清单_{day:%Y%m%d}.pdf"
        )
        if target is not None and self._report is not None:
            self._program.jobs.run(
                write_checkup_list,
                self._report,
                target,
                on_done=partial(self._saved, target),
                on_error=self._program.errors.show,
            )

    def _saved(self, target: Path, result: PrintResult) -> None:
        words = f"已存成 PDF：{target.name}，{result.pages} 页"
        self._program.dialogs.ask(
            words, ["里面有孩子的姓名，打印后请收好或删掉。"], [Verb("ok", "知道了")], _read
        )


def _read(_key: str) -> None:
    """After reading there is nothing to choose."""
