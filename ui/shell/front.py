"""Before and between sittings: the first start, problems at the start, restoring, the demo school."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.core.errors import ShouwangError
from app.core.messages import fault
from app.storage.backups import backups_words
from app.storage.beside import read_marker
from app.storage.data_place import propose_here, same_place
from app.storage.found_again import go_on_with
from ui.shell import ledger
from ui.shell.candidates import Candidate
from ui.shell.checkup import StartCheckup
from ui.shell.first_alone import FirstAlone
from ui.shell.first_day import FirstDay
from ui.shell.first_day import Host as FirstDayHost
from ui.shell.fitting import takes_it_all
from ui.shell.restoring import Restoring
from ui.shell.start import (
    LEAVE,
    LOOK_CLOSER,
    OTHER_FOLDER,
    PRINT_LIST,
    UPGRADE,
    UPGRADE_AGAIN,
    USE_MENDED,
    Problem,
    ProblemScreen,
    StartScreen,
)
from ui.shell.start_window import StartWindow
from ui.shell.upgrading import Upgrading
from ui.widgets.dialog import Verb

LEDGER_KINDS = "守望的数据 (*.db)"
FIRST_USE = "第一次使用"
LOCKED, INDEX_DAMAGED = "locked", "index-damaged"
RETRY_EVERY = 1_000
"""Milliseconds between two tries to open a file that another program holds."""


class Host(FirstDayHost, Protocol):
    """What the front asks of the program."""

    def backups_of(self, path: Path) -> Path: ...

    def open_again(self) -> None: ...

    def leave(self) -> None: ...


class Front(QObject):
    """Shows start screens in their own window and does what their verbs say."""

    refused = Signal(object)

    def __init__(self, program: Host, parent: QObject) -> None:
        super().__init__(parent)
        self._program = program
        self.window: StartWindow | None = None
        self.restoring = Restoring(program, self.show_screen, self)
        self.upgrading = Upgrading(program, self.show_screen, self.show_problem, self)
        self.checkup = StartCheckup(program, self.restoring, self.show_screen, self.show_problem, self)
        self.first_day = FirstDay(program, self.restoring, self.show_screen, self)
        self._alone = FirstAlone(program.preferences.file, self)
        self._alone.asked.connect(self._come_to_front)
        self._tries = 0

    def show_screen(self, screen: StartScreen) -> None:
        """Put a start screen on its window."""
        if self.window is None:
            self.window = StartWindow()
            if takes_it_all(self.window):
                self.window.setWindowState(Qt.WindowState.WindowMaximized)
            self.window.closed.connect(self._program.leave)
            self.window.help_asked.connect(self._help)
        self.window.show_screen(screen)
        self._program.dialogs.window = self.window

    def _help(self, asking: QWidget | None) -> None:
        from ui.shell.help.desk import HelpDesk

        if self.window is None or self.window.screen_shown is None:
            return
        screen = self.window.screen_shown
        program = self._program
        trouble = screen.problem.key if isinstance(screen, ProblemScreen) else ""
        path = program.path if trouble or program.usual_path is not None else None
        HelpDesk(program, self.window, path=path, trouble=trouble).open(asking or screen)

    def show_problem(self, problem: Problem) -> None:
        """Show a fault of the start and wait for a verb."""
        screen = ProblemScreen(problem, self._program.clock.today())
        screen.chosen.connect(partial(self._problem_answered, problem))
        screen.restore_chosen.connect(partial(self._restore_chosen, problem))
        self.show_screen(screen)
        self.refused.emit(problem)

    def show_first_run(self) -> None:
        """Ask how to begin, and where the data shall live; one program at a time, a second start raises the first window."""
        self._alone.begin(
            partial(self._first_day_here, self._program.usual_path),
            raised=self._program.leave,
            waits=partial(self.show_waiting, "守望已经在另一个窗口打开，正在等它…"),
        )

    def _first_day_here(self, usual: Path | None) -> None:
        """The ledger may have been made by the program that was waited for, or while this one started."""
        if usual is None:
            self._program.preferences.reload()
            if self._program.usual_path is not None:
                self._alone.end()
                self._program.start()
                return
        self.first_day.begin()

    def _come_to_front(self) -> None:
        if self.window is not None:
            self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
            self.window.show()
            self.window.raise_()
            self.window.activateWindow()

    def show_fault(self, error: ShouwangError) -> None:
        """Say why the ledger is not open, with the backups there are; what only needs finishing is finished."""
        program = self._program
        if self._is_a_strange_file(error.key):
            strange = fault("start.strange", name=program.path.name)
            verbs = strange.buttons if program.usual_path is not None else (FIRST_USE, *strange.buttons[1:])
            self.show_problem(replace(Problem.of(strange), key="not-ours", verbs=(*verbs, "退出")))
            return
        marker = read_marker(program.path) if error.key == "resume" else None
        if marker is not None and marker.work == "upgrade":
            self.upgrading.finish()
            return
        program.jobs.run(
            ledger.diagnosed,
            program.path,
            program.backups_of(program.path),
            error,
            program.clock,
            on_done=self._diagnosed,
            on_error=partial(self._show_fault_alone, error),
            owner=self,
        )

    def _is_a_strange_file(self, state: str) -> bool:
        """Something else than a ledger, and not where hers lies: a backup must not be put in the place of that."""
        path, usual = self._program.path, self._program.usual_path
        is_elsewhere = path.suffix != ".db" or (usual is not None and not same_place(path, usual))
        return is_elsewhere and (state == "not-ours" or (state == "empty" and path.suffix != ".db"))

    def _diagnosed(self, found: tuple[ShouwangError, list[Candidate]]) -> None:
        self._show_fault(*found)

    def _show_fault(self, error: ShouwangError, found: list[Candidate]) -> None:
        shown = self.window.screen_shown if self.window is not None else None
        is_retry = isinstance(shown, ProblemScreen) and shown.problem.key == error.key == LOCKED
        if not is_retry:
            self._tries = 0
            problem = Problem.of(error, found)
            if error.key == LOCKED:
                # It is tried again without being asked.
                problem = replace(problem, verbs=tuple(verb for verb in problem.verbs if verb in LEAVE))
            if error.key == INDEX_DAMAGED:
                self.checkup.begin(problem)
            else:
                self.show_problem(problem)
        if error.key == LOCKED:
            self._try_again_soon()

    def _show_fault_alone(self, error: ShouwangError, why: BaseException) -> None:
        self._show_fault(error, [])
        if not isinstance(why, ShouwangError):
            self._program.errors.show(why)

    # ---- a file held by another program: tried again until it is free, or she does not want to wait

    def _try_again_soon(self) -> None:
        shown = self.window.screen_shown if self.window is not None else None
        if isinstance(shown, ProblemScreen):
            self._tries += 1
            shown.say_more(f"正在重试…已试 {self._tries} 次。它放开以后会自己打开，不用守着。")
            QTimer.singleShot(RETRY_EVERY, shown, partial(self._try_again, shown))

    def _try_again(self, screen: ProblemScreen) -> None:
        if self.window is not None and self.window.screen_shown is screen:
            self._program.open_again()

    def show_waiting(self, words: str) -> None:
        """Say that something is going on."""
        self.show_screen(StartScreen(words))

    def show_demo(self) -> None:
        """Make the demo school if it is not there, and open it."""
        screen = StartScreen("演示学校")
        self.show_screen(screen)
        folder = self._program.preferences.value.data_folder or propose_here().data_folder
        self.first_day.open_demo(screen, folder)

    def close(self) -> None:
        """Take the window of the start screens away."""
        self._alone.end()
        if self.window is not None:
            window, self.window = self.window, None
            window.closed.disconnect(self._program.leave)
            window.close()
            window.deleteLater()

    def verbs(self) -> tuple[str, ...]:
        """Every verb of a start screen that does something, besides leaving."""
        return tuple(self._acts(Problem("", ("", "", ""), ())))

    def _acts(self, problem: Problem) -> Mapping[str, Callable[[], object]]:
        back = partial(self.show_problem, problem)
        choose = partial(self.restoring.choose_file, problem.parts[0], back)
        return {
            "再试一次": self._program.open_again,
            USE_MENDED: self.checkup.use_mended,
            PRINT_LIST: self.checkup.print_list,
            LOOK_CLOSER: partial(self.checkup.begin, problem),
            UPGRADE: self.upgrading.begin,
            UPGRADE_AGAIN: self.upgrading.begin,
            "打开": partial(self._program.open, self._program.path),
            "只读查看": partial(self._program.open, self._program.path, read_only=True),
            "看这一份": partial(self._program.open, self._program.path, read_only=True),
            "就用这份": partial(self._program.open, self._program.path, as_it_is=True),
            "打开平时那份": self._program.start,
            FIRST_USE: self.show_first_run,
            "另选文件": self._choose_file,
            "找回数据文件": self._choose_file,
            "另选文件夹": self._choose_file,
            "从备份恢复": choose,
            "用较新的": choose,
            "继续恢复": partial(self.restoring.resume, forward=True),
            "换回原来的": partial(self.restoring.resume, forward=False),
            OTHER_FOLDER: partial(self._other_backups, problem),
        }

    def _problem_answered(self, problem: Problem, words: str) -> None:
        if words in LEAVE:
            self._program.leave()
            return
        self._acts(problem)[words]()

    def _choose_file(self) -> None:
        found = self._program.dialogs.open_file(
            "打开守望的数据", kinds=LEDGER_KINDS, start=self._program.path.parent
        )
        if found is None:
            return
        # The usual ledger may have been found again in another folder: from now on it is looked for there.
        self._program.jobs.run(
            go_on_with,
            found,
            on_done=self._open_chosen,
            on_error=self._program.errors.catching(partial(self._open_chosen, found)),
            owner=self,
        )

    def _open_chosen(self, ledger: Path) -> None:
        self._program.preferences.reload()
        self._program.open(ledger)

    def _other_backups(self, problem: Problem) -> None:
        folder = self._program.dialogs.folder("在哪个文件夹找备份", start=self._program.path.parent)
        if folder is None:
            return
        backups = [b for b in ledger.look_at_backups(folder) if b.verified]
        if backups:
            what, _safe, todo = problem.parts
            found = tuple(Candidate(backup.path, backup) for backup in backups)
            parts = (what, backups_words(backups), todo)
            self.show_problem(Problem(problem.key, parts, problem.verbs, found))
        else:
            self._program.dialogs.ask(
                "这个文件夹里没有核对过的备份",
                ["备份文件名以「守望备份」开头，旁边有同名的校验单。"],
                [Verb("ok", "知道了")],
                _nothing,
            )

    def _restore_chosen(self, problem: Problem, chosen: Candidate) -> None:
        self.restoring.ask(chosen, problem.parts[0])


def _nothing(_key: str) -> None:
    """After being told there is nothing to choose."""
