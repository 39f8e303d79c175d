"""The program around the sittings: opening a ledger, and handing over to the front when that cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.core.clock import Clock
from app.core.errors import ShouwangError
from app.core.paths import DATABASE_NAME
from ui.dialogs import Dialogs
from ui.errors import ErrorRouter
from ui.jobs import Job, Jobs
from ui.preferences import Preferences
from ui.shell.ahead import Ahead, bring_in, module_of
from ui.shell.focus import FocusKeeper
from ui.shell.ledger import Opened, open_ledger
from ui.shell.mending import Mending
from ui.shell.page import PageSpec
from ui.shell.putting_away import put_away_panels
from ui.shell.sitting import Sitting
from ui.shell.waiting import Waiting

if TYPE_CHECKING:
    from app.tasks.checkup import CheckupReport
    from ui.shell.front import Front
    from ui.shell.looking import Looking
    from ui.shell.single import RaiseOnAsk
    from ui.shell.sleep import SleepWatch
    from ui.shell.start import StartScreen
    from ui.shell.start_window import StartWindow

FIRST_PAGE = "today"
ASKED_EVERY = 250
"""Milliseconds between two tries to reach the window that has the ledger."""
LISTEN_AFTER = 300
"""Milliseconds after opening from which on a second start is heard: what hears it is imported behind the first paint."""
ASKED_QUIETLY, ASKED_AT_MOST = 12, 240
"""So many tries before it is said that the ledger is in use, and in all: a minute."""


class Program(QObject):
    """`start(path)` opens a ledger, or shows why not. One sitting at a time.

    What is only needed when something is in the way (start screens, restoring) or after the first paint
    is imported then: the window is to be there quickly.
    """

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
        self.waiting = Waiting(self.jobs, self.dialogs, self)
        self.mending = Mending(
            self.jobs,
            self.dialogs,
            self,
            is_open=self._is_open,
            rescue=self._rescue,
            leave=self._leave_ledger,
            give_up=self.waiting.give_up,
        )
        self.errors.acts = self.mending.acts
        # Queued: a page that shows the error itself has done so by then.
        self.jobs.faulted.connect(self.errors.make_sure, Qt.ConnectionType.QueuedConnection)
        self.preferences = Preferences(self.jobs, settings_file)
        self._focus = FocusKeeper(self)
        self.sitting: Sitting | None = None
        self.path = Path()
        self._page = ""
        self._again: Callable[[], object] = self.start
        self._then: Callable[[], object] | None = None
        self._front: Front | None = None
        self._raise: RaiseOnAsk | None = None
        self._sleep: SleepWatch | None = None
        self._in_use: ShouwangError | None = None
        self._looking: Looking | None = None
        self._opening: Job | None = None
        self._listening = QTimer(self)
        self._listening.setSingleShot(True)
        self._listening.setInterval(LISTEN_AFTER)
        self._listening.timeout.connect(self._listen)
        self._is_stopping = False

    # ---- where things are

    @property
    def usual_path(self) -> Path | None:
        """The ledger this computer usually opens; None before the place was chosen."""
        folder = self.preferences.value.data_folder
        return folder / DATABASE_NAME if folder else None

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def front(self) -> Front:
        """The start screens, made when they are first needed."""
        if self._front is None:
            from ui.shell.front import Front

            self._front = Front(self, self)
            self._front.refused.connect(self.refused)
        return self._front

    @property
    def start_window(self) -> StartWindow | None:
        """The window of the start screens while it is shown."""
        return self._front.window if self._front is not None else None

    def backups_of(self, path: Path) -> Path:
        """The folder of its backups."""
        from app.storage.data_place import backup_folder_for

        return backup_folder_for(path)

    # ---- opening

    def start(self, path: Path | None = None) -> None:
        """Open the given ledger, else the usual one, else ask where the data shall live."""
        target = path or self.usual_path
        if target is None:
            self.front.show_first_run()
        else:
            self.open(target)

    def begin_at(self, page: str) -> None:
        """The page the next sitting begins at; empty for the first."""
        self._page = page

    def open(self, path: Path, *, read_only: bool = False, as_it_is: bool = False) -> None:
        """Open a ledger. `as_it_is`: also when it is older than what was left here."""
        self.path = path.absolute()
        self._in_use = None
        self._again = partial(self.open, path, read_only=read_only, as_it_is=as_it_is)
        self._opening = self.jobs.run(
            open_ledger,
            self.path,
            self._clock,
            is_usual=self._is_usual(),
            read_only=read_only,
            as_it_is=as_it_is,
            on_done=self._opened,
            on_error=self.not_opened,
            on_progress=self._looking_first,
        )
        self._bring_in_first_page()

    def _looking_first(self, done: int, total: int, words: str) -> None:
        """The last stop left something that is looked at before the window is there."""
        if self._looking is None:
            from ui.shell.looking import Looking

            self._looking = Looking(self._show_looking, self)
        self._looking.step(done, total, words)

    def _show_looking(self, screen: StartScreen) -> None:
        self.front.show_screen(screen)

    def _opening_ended(self) -> None:
        self._opening = None
        if self._looking is not None:
            self._looking.end()

    def _bring_in_first_page(self) -> None:
        """The page to be shown first, while the file is opened; on this thread, see ui.shell.ahead."""
        module = module_of(self._first_page())
        if self._front is not None:
            Ahead([module], self.jobs, self).begin(at_once=True)
        else:  # no window is there yet that could be kept waiting
            QTimer.singleShot(0, partial(bring_in, module))

    def _is_usual(self) -> bool:
        from app.storage.data_place import same_place

        usual = self.usual_path
        return usual is not None and same_place(self.path, usual)

    def _first_page(self) -> PageSpec:
        """What the next sitting begins at."""
        by_name = {spec.name: spec for spec in self._specs}
        return by_name.get(self._page) or by_name.get(FIRST_PAGE) or self._specs[0]

    def open_again(self) -> None:
        """The same once more, as it was asked for."""
        self._again()

    def _opened(self, opened: Opened) -> None:
        self._opening_ended()
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
        sitting.broken.connect(self._sitting_broken)
        sitting.leaving.connect(self.waiting.hurry)
        sitting.staying.connect(self.waiting.install)
        self.sitting = sitting
        self.waiting.install()
        first, self._page = self._first_page(), ""
        sitting.begin(first.name)
        if self._front is not None:
            self._front.close()
        if not opened.store.read_only:
            self._listening.start()
            sitting.leaving.connect(self._stop_listening)
            sitting.staying.connect(self._listen)
        self.sat_down.emit(sitting)
        if self._is_stopping:
            self.stop()

    def _sitting_broken(self, error: BaseException) -> None:
        self.waiting.uninstall()
        self.not_opened(error)

    def not_opened(self, error: BaseException) -> None:
        """Say why a ledger is not open, with what can be done."""
        self.sitting = None
        self._opening_ended()
        self._stop_listening()
        if self._is_stopping:
            self.leave()
        elif not isinstance(error, ShouwangError):
            self.errors.show(error)
            self.front.show_first_run()
        elif error.key == "storage.in_use":
            self._in_use = error
            self._ask_the_other(error, 0)
        else:
            self.front.show_fault(error)

    def _ask_the_other(self, error: ShouwangError, asked: int) -> None:
        """Let the window that has the ledger come to the front, and leave.

        It may not hear yet: who presses an icon twice starts both at once. Or not any more, while it makes its last
        backup. So it is asked again and again, and only after a while said that the ledger is in use (by the command line
        it may be, which never answers); once it is free it is opened.
        """
        from app.storage.lock import is_in_use

        if self._in_use is not error:
            return
        if self._raise_other():
            self.leave()
            return
        if not is_in_use(self.path):
            self.open_again()
            return
        if asked == ASKED_QUIETLY:
            self.front.show_fault(error)
        if asked < ASKED_AT_MOST:
            QTimer.singleShot(ASKED_EVERY, self, partial(self._ask_the_other, error, asked + 1))

    # ---- what the buttons of a fault need

    def _is_open(self) -> bool:
        return self.sitting is not None

    def _rescue(self) -> Callable[[], object] | None:
        """拷到别的盘; None where there is nothing of hers to bring away."""
        sitting = self.sitting
        return None if sitting is None or sitting.context.read_only else sitting.rescuing.begin

    def _leave_ledger(self, *, keep_backup: bool) -> None:
        if self.sitting is None:
            self.leave()
        else:
            self.sitting.end(keep_backup=keep_backup)

    # ---- one window per ledger

    def _listen(self) -> None:
        from ui.shell.single import RaiseOnAsk
        from ui.shell.sleep import SleepWatch

        if self.sitting is not None:
            self._raise = RaiseOnAsk(self)
            self._raise.asked.connect(self._come_to_front)
            self._raise.listen(self.path)
            self._sleep = SleepWatch(self.sitting.context.drafts.flush)

    def _stop_listening(self) -> None:
        self._listening.stop()
        if self._raise is not None:
            self._raise.stop()
            self._raise = None
        if self._sleep is not None:
            self._sleep.deleteLater()
            self._sleep = None

    def _raise_other(self) -> bool:
        from ui.shell.single import raise_other

        return raise_other(self.path)

    def _come_to_front(self) -> None:
        if self.sitting is not None:
            window = self.sitting.window
            # As it was: a maximised window that was put away comes back maximised.
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()

    # ---- what pages ask of the program

    def open_ledger(self, path: Path, *, read_only: bool = False) -> None:
        self._end_then(partial(self.open, path, read_only=read_only))

    def open_demo(self) -> None:
        self._end_then(self.front.show_demo)

    def open_usual(self) -> None:
        self._end_then(self.start)

    def restore(self, backup: Path, branch: Path | None = None) -> None:
        self.front.restoring.with_passphrase(backup, partial(self._end_and_restore, backup, branch))

    def use_repaired(self, report: CheckupReport, accept: frozenset[str] = frozenset()) -> None:
        by = self.sitting.context.entering.by if self.sitting is not None else None
        self._end_then(partial(self._use_repaired, report, accept, by))

    def _use_repaired(self, report: CheckupReport, accept: frozenset[str], by: str | None) -> None:
        self.front.restoring.use_repaired(report, accept, by)

    def _end_and_restore(self, backup: Path, branch: Path | None, passphrase: str | None) -> None:
        restoring = self.front.restoring
        self._end_then(
            partial(restoring.restore, backup, passphrase, with_journal=branch is not None, branch=branch)
        )

    def _end_then(self, then: Callable[[], object]) -> None:
        if self.sitting is None:
            then()
            return
        self._then = then
        # The window must not be the last one while it closes: that would end the program.
        self.front.show_waiting("正在放好数据…")
        self.sitting.end()

    # ---- the end

    def _sitting_ended(self) -> None:
        self.waiting.uninstall()
        self.sitting = None
        self._stop_listening()
        then, self._then = self._then, None
        if then is not None:
            then()
        else:
            self.leave()

    def stop(self) -> None:
        """The system asks for the end: the same as closing the window, but nothing is asked that nobody may answer.

        What is typed is kept as a draft, as after a power cut. An opening under way is waited for.
        """
        self._is_stopping = True
        self._then = None
        if self.sitting is not None:
            self.sitting.stop()
        elif self._opening is not None:
            self._opening.cancel()
        else:
            put_away_panels()
            self.leave()

    def leave(self) -> None:
        """End the program: every thread works off its queue first, but for what only lays out or looks."""
        self._in_use = None
        if self._opening is not None:
            self._opening.cancel()
        if self._front is not None:
            self._front.close()
        self.waiting.stop()
        self.jobs.stop_looking()
        self.jobs.shut()
        self.waiting.uninstall()
        self.left.emit()
        # Not exit(): where no loop of the application runs, no later loop of the process would run either.
        QApplication.quit()
