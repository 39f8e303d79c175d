"""The program around the sittings: the first start, problems at the start, restoring, opening another ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.core.clock import Clock
from app.core.errors import ShouwangError
from app.storage.backups import Backup, backups_words
from app.storage.data_place import Choice, Proposal, backup_folder_for, choose, ledger_path, propose_here
from ui.dialogs import Dialogs
from ui.errors import ErrorRouter
from ui.jobs import Jobs
from ui.preferences import Preferences
from ui.shell import ledger
from ui.shell.first_run import FirstRun, NewSchoolPanel
from ui.shell.ledger import Opened
from ui.shell.page import PageSpec
from ui.shell.place import Proposed, propose_folder
from ui.shell.restoring import Restoring
from ui.shell.single import RaiseOnAsk, raise_other
from ui.shell.sitting import Sitting
from ui.shell.start import LEAVE, OTHER_FOLDER, Problem, ProblemScreen, StartScreen
from ui.shell.start_window import StartWindow
from ui.widgets.dialog import Verb

LEDGER_KINDS = "守望的数据 (*.db)"
FIRST_PAGE = "today"
IMPORT_PAGE = "importing"


class Program(QObject):
    """`start(path)` opens a ledger, or shows why not. One sitting at a time."""

    sat_down = Signal(object)
    refused = Signal(object)
    left = Signal()

    def __init__(
        self,
        specs: Sequence[PageSpec],
        clock: Clock,
        *,
        settings_file: Path | None,
        dialogs: Dialogs | None = None,
    ) -> None:
        super().__init__()
        self._specs = tuple(specs)
        self._clock = clock
        self.jobs = Jobs(self)
        self.dialogs = dialogs or Dialogs()
        self.errors = ErrorRouter(self.dialogs, self)
        self.jobs.unhandled.connect(self.errors.show)
        self.preferences = Preferences(self.jobs, settings_file)
        self.sitting: Sitting | None = None
        self.start_window: StartWindow | None = None
        self._path = Path()
        self._page = FIRST_PAGE
        self._then: Callable[[], object] | None = None
        self._raise = RaiseOnAsk(self)
        self._raise.asked.connect(self._come_to_front)
        self._restoring = Restoring(self, self)

    # ---- where things are

    @property
    def usual_path(self) -> Path | None:
        """The ledger this computer usually opens; None before the place was chosen."""
        folder = self.preferences.value.data_folder
        return ledger_path(folder) if folder else None

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def path(self) -> Path:
        """The ledger that is open or was to be opened."""
        return self._path

    def backups_of(self, path: Path) -> Path:
        """The folder of its backups."""
        return backup_folder_for(path)

    # ---- opening

    def start(self, path: Path | None = None) -> None:
        """Open the given ledger, else the usual one, else ask where the data shall live."""
        target = path or self.usual_path
        if target is None:
            self.show_first_run()
        else:
            self.open(target)

    def open(self, path: Path, *, read_only: bool = False, as_it_is: bool = False) -> None:
        """Open a ledger. `as_it_is`: also when it is older than what was left here."""
        self._path = path.absolute()
        self.jobs.run(
            ledger.open_ledger,
            self._path,
            self._clock,
            read_only=read_only,
            as_it_is=as_it_is,
            on_done=self._opened,
            on_error=self.not_opened,
        )

    def _opened(self, opened: Opened) -> None:
        sitting = Sitting(
            opened,
            specs=self._specs,
            program=self,
            jobs=self.jobs,
            preferences=self.preferences,
            dialogs=self.dialogs,
            errors=self.errors,
            clock=self._clock,
            usual=self.usual_path,
        )
        sitting.ended.connect(self._sitting_ended)
        sitting.broken.connect(self.not_opened)
        self.sitting = sitting
        if not opened.store.read_only:
            self._raise.listen(self._path)
        page, self._page = self._page, FIRST_PAGE
        names = {spec.name for spec in self._specs}
        sitting.begin(page if page in names else self._specs[0].name)
        self._close_start_window()
        self.sat_down.emit(sitting)

    def not_opened(self, error: BaseException) -> None:
        """Say why a ledger is not open, with what can be done."""
        self.sitting = None
        self._raise.stop()
        if not isinstance(error, ShouwangError):
            self.errors.show(error)
            self.show_first_run()
            return
        if error.key == "storage.in_use" and raise_other(self._path):
            self.leave()
            return
        backups = ledger.look_at_backups(self.backups_of(self._path))
        self.show_problem(Problem.of(error, backups))

    # ---- screens before the window

    def show_screen(self, screen: StartScreen) -> None:
        """Put a start screen on its window."""
        if self.start_window is None:
            self.start_window = StartWindow()
            self.start_window.closed.connect(self.leave)
        self.start_window.show_screen(screen)
        self.dialogs.window = self.start_window

    def show_problem(self, problem: Problem) -> None:
        """Show a fault of the start and wait for a verb."""
        screen = ProblemScreen(problem, self._clock.today())
        screen.chosen.connect(partial(self._problem_answered, problem))
        screen.restore_chosen.connect(self._restore_backup)
        self.show_screen(screen)
        self.refused.emit(problem)

    def show_first_run(self) -> None:
        """Ask where the data shall live, then how to begin."""
        screen = FirstRun(Proposed(propose_here()))
        screen.place_chosen.connect(partial(self._place_chosen, screen))
        screen.place_change_asked.connect(partial(self._place_change, screen))
        screen.way_chosen.connect(partial(self._way_chosen, screen))
        screen.open_asked.connect(self.start)
        self.show_screen(screen)

    def _problem_answered(self, problem: Problem, words: str) -> None:
        if words in LEAVE:
            self.leave()
            return
        acts: dict[str, Callable[[], object]] = {
            "再试一次": partial(self.open, self._path),
            "打开": partial(self.open, self._path),
            "只读查看": partial(self.open, self._path, read_only=True),
            "看这一份": partial(self.open, self._path, read_only=True),
            "就用这份": partial(self.open, self._path, as_it_is=True),
            "打开平时那份": self.start,
            "第一次使用": self.show_first_run,
            "另选文件": self._choose_file,
            "找回数据文件": self._choose_file,
            "从备份恢复": self._restoring.choose_file,
            "用较新的": self._restoring.choose_file,
            "继续恢复": partial(self._restoring.resume, forward=True),
            "换回原来的": partial(self._restoring.resume, forward=False),
            OTHER_FOLDER: partial(self._other_backups, problem),
        }
        acts[words]()

    def _choose_file(self) -> None:
        found = self.dialogs.open_file("打开守望的数据", kinds=LEDGER_KINDS, start=self._path.parent)
        if found is None:
            return
        if found == ledger_path(found.parent):
            # The usual ledger was found again in another folder: from now on it is looked for there.
            self.preferences.change(data_folder=found.parent)
        self.open(found)

    def _other_backups(self, problem: Problem) -> None:
        folder = self.dialogs.folder("在哪个文件夹找备份", start=self._path.parent)
        if folder is None:
            return
        found = tuple(b for b in ledger.look_at_backups(folder) if b.verified)
        if found:
            what, _safe, todo = problem.parts
            self.show_problem(Problem(problem.key, (what, backups_words(found), todo), problem.verbs, found))
        else:
            self.dialogs.ask(
                "这个文件夹里没有核对过的备份",
                ["备份文件名以「守望备份」开头，旁边有同名的清单文件。"],
                [Verb("ok", "知道了")],
                _nothing,
            )

    def _restore_backup(self, backup: Backup) -> None:
        self._restoring.restore(backup.path, None)

    # ---- the first start

    def _place_change(self, screen: FirstRun) -> None:
        folder = self.dialogs.folder("数据放在哪个文件夹", start=screen.proposal.data_folder.parent)
        if folder is not None:
            self.jobs.run(propose_folder, folder, on_done=screen.propose)

    def _place_chosen(self, screen: FirstRun, proposal: Proposal) -> None:
        self.jobs.run(
            choose,
            proposal.data_folder,
            proposal.backup_folder,
            on_done=partial(self._place_taken, screen),
            on_error=self.errors.show,
        )

    def _place_taken(self, screen: FirstRun, choice: Choice) -> None:
        self.preferences.reload()
        screen.place_taken(choice.data_folder, has_ledger=ledger_path(choice.data_folder).exists())

    def _way_chosen(self, screen: FirstRun, key: str) -> None:
        if key in {"new", "roster"}:
            self._page = IMPORT_PAGE if key == "roster" else FIRST_PAGE
            panel = NewSchoolPanel(self.start_window, "建好，去导入" if key == "roster" else "建好学校")
            self.dialogs.open_panel(panel, partial(self._school_named, panel))
        elif key == "demo":
            self._open_demo(screen)
        else:
            self._path = self.usual_path or self._path
            self._restoring.choose_file()

    def _school_named(self, panel: NewSchoolPanel, verb: str) -> None:
        new, path = panel.school(), self.usual_path
        if verb == "make" and new is not None and path is not None:
            if new.who:
                self.preferences.change(who=new.who)
            self.jobs.run(
                ledger.make_school, path, self._clock, new, on_done=self._made, on_error=self.errors.show
            )

    def _made(self, _answer: object) -> None:
        self.start()

    def _open_demo(self, screen: StartScreen) -> None:
        folder = self.preferences.value.data_folder or propose_here().data_folder
        path = folder / ledger.DEMO_PLACE
        screen.progress.begin("正在编一个演示学校…", can_stop=False)
        self.jobs.run(
            ledger.make_demo_school,
            path,
            self._clock,
            on_done=partial(self._demo_made, path),
            on_error=self.errors.catching(screen.progress.end),
            on_progress=screen.progress.step,
        )

    def _demo_made(self, path: Path, _answer: object) -> None:
        self.open(path)

    # ---- what pages ask of the program

    def open_ledger(self, path: Path) -> None:
        self._end_then(partial(self.open, path))

    def open_demo(self) -> None:
        self._end_then(self._show_demo)

    def restore(self, backup: Path) -> None:
        self._restoring.with_passphrase(backup, partial(self._end_and_restore, backup))

    def _end_and_restore(self, backup: Path, passphrase: str | None) -> None:
        self._end_then(partial(self._restoring.restore, backup, passphrase))

    def _show_demo(self) -> None:
        screen = StartScreen("演示学校")
        self.show_screen(screen)
        self._open_demo(screen)

    def _end_then(self, then: Callable[[], object]) -> None:
        self._then = then
        if self.sitting is not None:
            # The window must not be the last one while it closes: that would end the program.
            self.show_screen(StartScreen("正在放好数据…"))
            self.sitting.end()
        else:
            self._then = None
            then()

    def _sitting_ended(self) -> None:
        self.sitting = None
        self._raise.stop()
        then, self._then = self._then, None
        if then is not None:
            then()
        else:
            self.leave()

    # ---- the end

    def _come_to_front(self) -> None:
        if self.sitting is not None:
            window = self.sitting.window
            window.showNormal() if window.isMinimized() else window.show()
            window.raise_()
            window.activateWindow()

    def _close_start_window(self) -> None:
        if self.start_window is not None:
            window, self.start_window = self.start_window, None
            window.closed.disconnect(self.leave)
            window.close()
            window.deleteLater()

    def leave(self) -> None:
        """End the program: every thread works off its queue first."""
        self._close_start_window()
        self.jobs.shut()
        self.left.emit()
        QApplication.quit()


def _nothing(_key: str) -> None:
    """After being told there is nothing to choose."""
