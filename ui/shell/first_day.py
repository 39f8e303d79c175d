"""The first start: where the data shall live, then one of four ways in. Nothing is settled before she has chosen one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.core.clock import Clock
from app.core.errors import ShouwangError
from app.core.settings import Settings
from app.storage.data_place import Choice, choose, ledger_path, take_back
from app.storage.found_place import FoundPlace
from app.tasks.starting import clock_before_program
from ui import theme
from ui.dialogs import Dialogs
from ui.errors import ErrorRouter
from ui.jobs import Jobs
from ui.preferences import Preferences
from ui.shell import ledger
from ui.shell.first_run import DEMO, RESTORE, ROSTER, FirstRun, NewSchool, NewSchoolPanel
from ui.shell.place import Here, look_here, propose_folder, take_up
from ui.shell.restoring import Restoring
from ui.shell.start import StartScreen

IMPORT_PAGE = "importing"


class Host(Protocol):
    """What the first start asks of the program."""

    dialogs: Dialogs
    errors: ErrorRouter
    jobs: Jobs
    preferences: Preferences
    path: Path

    @property
    def clock(self) -> Clock: ...

    @property
    def usual_path(self) -> Path | None: ...

    def start(self, path: Path | None = None) -> None: ...

    def open(self, path: Path, *, read_only: bool = False, as_it_is: bool = False) -> None: ...

    def begin_at(self, page: str) -> None: ...


class FirstDay(QObject):
    """Shows the first screen and does what its verbs say; the demo school from anywhere."""

    def __init__(
        self, program: Host, restoring: Restoring, show: Callable[[StartScreen], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._program = program
        self._restoring = restoring
        self._show = show
        self._choice: Choice | None = None

    def begin(self) -> None:
        """Show the first screen; the ways in come with the place that is proposed and what lies on this computer."""
        clock = self._program.clock
        notice = clock_before_program(clock)
        screen = FirstRun(None, clock.today(), warning=notice.words if notice is not None else "")
        screen.place_change_asked.connect(partial(self._change_place, screen))
        screen.way_chosen.connect(partial(self._way_chosen, screen))
        screen.open_asked.connect(partial(self._open_there, screen))
        screen.found_chosen.connect(self._open_found)
        self._show(screen)
        # A disk that sleeps wakes up in its own time; she may have chosen a folder or left by then.
        self._program.jobs.work(
            look_here,
            clock,
            on_done=partial(self._looked, screen),
            on_error=partial(self._not_looked, screen),
            owner=screen,
        )

    def _looked(self, screen: FirstRun, here: Here) -> None:
        """A computer that forgets each night (a 还原卡 over the system's disk) is not asked each morning; a bar says it."""
        if here.again is not None and screen.is_looking:
            not_taken = self._program.errors.catching(partial(screen.looked, here))
            self._take_up(here.again, not_taken, as_before=True)
        else:
            screen.looked(here)

    def _not_looked(self, screen: FirstRun, error: BaseException) -> None:
        """Something unforeseen about a disk: she names the folder herself."""
        screen.not_looked()
        self._program.errors.show(error)

    # ---- where

    def _change_place(self, screen: FirstRun) -> None:
        near = Path.home() if screen.is_looking else screen.proposal.data_folder.parent
        folder = self._program.dialogs.folder("数据放在哪个文件夹", start=near)
        if folder is not None:
            self._program.jobs.run(
                propose_folder,
                folder,
                on_done=screen.propose,
                on_error=self._program.errors.show,
                owner=screen,
            )

    def _settle(self, data: Path, backups: Path, then: Callable[[], object]) -> None:
        """Make the folders and remember them; then go on."""
        self._program.jobs.run(
            choose,
            data,
            backups,
            on_done=partial(self._settled, then),
            on_error=self._program.errors.show,
            owner=self,
        )

    def _settled(self, then: Callable[[], object], choice: Choice) -> None:
        self._choice = choice
        self._program.preferences.reload()
        self._program.path = self._program.usual_path or self._program.path
        then()

    def _unsettle(self, then: Callable[[], object]) -> None:
        """No ledger came of it: the next start is a first one again, and does not call a ledger lost that never was."""
        if self._choice is not None:
            self._program.jobs.run(
                take_back,
                self._choice,
                on_done=partial(self._unsettled, then),
                on_error=self._program.errors.catching(then),
                owner=self,
            )

    def _unsettled(self, then: Callable[[], object], _answer: object) -> None:
        self._program.preferences.reload()
        then()

    def _open_there(self, screen: FirstRun) -> None:
        proposal = screen.proposal
        there = FoundPlace(proposal.data_folder, proposal.backup_folder, self._program.clock.now())
        self._take_up(there, self._program.errors.show, as_before=False)

    def _open_found(self, found: FoundPlace) -> None:
        self._take_up(found, self._program.errors.show, as_before=False)

    def _take_up(
        self, place: FoundPlace, not_taken: Callable[[BaseException], object], *, as_before: bool
    ) -> None:
        program = self._program
        program.jobs.run(
            take_up,
            place,
            program.clock,
            as_before=as_before,
            on_done=partial(self._settled, self._go_on),
            on_error=not_taken,
            owner=self,
        )

    def _go_on(self) -> None:
        """Letters of the size that was chosen here before: the program began with the usual one, not knowing of it."""
        app, scale = QApplication.instance(), self._program.preferences.value.font_scale
        if isinstance(app, QApplication) and scale != Settings().font_scale:
            theme.install(app, scale)
        self._program.start()

    # ---- which way

    def _way_chosen(self, screen: FirstRun, key: str) -> None:
        if key == DEMO:
            self.open_demo(screen, screen.proposal.data_folder)
        elif key == RESTORE:
            self._program.path = ledger_path(screen.proposal.data_folder)
            # After a re-installed system the backups still lie where they are proposed.
            folder = screen.proposal.backup_folder
            self._restoring.choose_file(
                "还没有数据。", self.begin, partial(self._restore, screen), folder=folder
            )
        else:
            panel = NewSchoolPanel(screen.window(), "建好，去导入" if key == ROSTER else "建好学校")
            self._program.dialogs.open_panel(panel, partial(self._school_named, panel, screen, key))

    def _restore(self, screen: FirstRun, copy: Path, passphrase: str | None) -> None:
        proposal = screen.proposal
        self._settle(
            proposal.data_folder,
            proposal.backup_folder,
            partial(self._restoring.restore, copy, passphrase, otherwise=partial(self._unsettle, self.begin)),
        )

    def _school_named(self, panel: NewSchoolPanel, screen: FirstRun, key: str, verb: str) -> None:
        new = panel.school()
        if verb == "make" and new is not None:
            self._program.begin_at(IMPORT_PAGE if key == ROSTER else "")
            proposal = screen.proposal
            self._settle(proposal.data_folder, proposal.backup_folder, partial(self._make, new))

    def _make(self, new: NewSchool) -> None:
        program = self._program
        if new.who:
            program.preferences.change(who=new.who)
        program.jobs.run(
            ledger.make_school,
            program.path,
            program.clock,
            new,
            on_done=self._made,
            on_error=self._not_made,
        )

    def _not_made(self, error: BaseException) -> None:
        if isinstance(error, ShouwangError) and error.key == "storage.exists":
            # Made meanwhile by another first screen: who presses an icon twice on the first day has two of them.
            self._program.start()
            return
        self._unsettle(partial(self._program.errors.show, error))

    def _made(self, _answer: object) -> None:
        self._program.start()

    # ---- the demo school

    def open_demo(self, screen: StartScreen, folder: Path) -> None:
        """Make the demo school in a folder of its own beside the data, if it is not there, and open it."""
        path = folder / ledger.DEMO_PLACE
        screen.progress.begin("正在编一个演示学校…", can_stop=False)
        self._program.jobs.run(
            ledger.make_demo_school,
            path,
            self._program.clock,
            on_done=partial(self._demo_made, path),
            on_error=self._program.errors.catching(screen.progress.end),
            on_progress=screen.progress.step,
        )

    def _demo_made(self, path: Path, _answer: object) -> None:
        self._program.open(path)
