"""One sitting: a ledger that is open, the window over it, and putting it away at the end."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.core.changes import Changes
from app.core.clock import Clock
from app.core.errors import ShouwangError
from app.core.settings import Settings
from app.storage.place_state import confirm_restored
from ui import theme
from ui.bus import ChangeBus
from ui.context import Context, Entering, Program
from ui.dialogs import Dialogs
from ui.drafts import Drafts
from ui.errors import ErrorRouter
from ui.jobs import Jobs
from ui.preferences import Preferences
from ui.shell.ahead import Ahead, know_widgets, modules_of
from ui.shell.bars import Bars
from ui.shell.day_watch import DayWatch
from ui.shell.ledger import Opened, before_the_first_save, look_through, staff_names, status_facts
from ui.shell.page import PageSpec
from ui.shell.putting_away import PuttingAway
from ui.shell.status import StatusFacts
from ui.shell.window import MainWindow
from ui.widgets.surface import Banner

if TYPE_CHECKING:
    from app.storage.backups import Backup
    from ui.offers import Offers
    from ui.shell.rescuing import Rescuing

log = logging.getLogger("shouwang.window")

_HELD = frozenset({"locked", "storage.locked"})
BACKUP_LOOK = 5 * 60 * 1000
"""Every so many milliseconds it is asked whether a half-hourly backup is due, and memory is given back."""


class Sitting(QObject):
    """Owns window and context. `ended` when the file is closed, `broken(error)` when it proves bad.

    `leaving` when it begins to be put away, `staying` when it is not after all.
    """

    ended = Signal()
    broken = Signal(object)
    leaving = Signal()
    staying = Signal()

    def __init__(
        self,
        opened: Opened,
        *,
        specs: Sequence[PageSpec],
        program: Program,
        jobs: Jobs,
        preferences: Preferences,
        dialogs: Dialogs,
        errors: ErrorRouter,
        clock: Clock,
        usual: Path | None,
    ) -> None:
        super().__init__()
        self._opened = opened
        self._specs = tuple(specs)
        self._rescuing: Rescuing | None = None
        self._scale = preferences.value.font_scale
        self.window = MainWindow(specs, self._title())
        self.context = Context(
            store=opened.store,
            jobs=jobs,
            bus=ChangeBus(),
            clock=clock,
            errors=errors,
            dialogs=dialogs,
            entering=Entering(self._who(preferences.value), opened.staff),
            navigation=self.window,
            settings=preferences,
            program=program,
            backup_folder=opened.backups,
            read_only=opened.store.read_only,
            drafts=Drafts(opened.drafts, clock=clock, who=self._entering_now),
        )
        errors.keep_drafts = self.context.drafts.flush
        self.context.entering.changed.connect(self._who_changed)
        self.context.bus.changed.connect(self._changed)
        preferences.changed.connect(self._settings_changed)
        self._timer = QTimer(self)
        self._timer.setInterval(BACKUP_LOOK)
        self._timer.timeout.connect(self._every_while)
        self._day = DayWatch(self.context, self)
        self._day.passed.connect(self._day_passed)
        self.bars = Bars(opened, self.context, usual)
        self._ahead = Ahead(modules_of(specs), jobs, self)
        self._ahead.finished.connect(self._rest)
        self._left_unsaved: Offers | None = None
        self._has_backup = False
        self.context.drafts.troubled.connect(self._draft_not_kept)
        self._end = PuttingAway(self.context, self._window_now, self)
        self._end.leaving.connect(self.leaving)
        self._end.leaving.connect(self._ahead.stop)
        self._end.staying.connect(self.staying)
        self._end.away.connect(self._is_away)
        self._wear_restored()
        self._dress(self.window)

    def _window_now(self) -> MainWindow:
        return self.window

    # ---- beginning

    def begin(self, page: str) -> None:
        """Show the window at a page, then look through the file beside it."""
        self._show_as_left()
        self.window.open_page(page)
        store, folder = self.context.store, self.context.backup_folder
        self.context.jobs.run(
            status_facts, store, folder, on_done=self._first_status, on_error=self._no_first_status
        )
        self._look_through()
        self._timer.start()

    def _first_status(self, facts: StatusFacts) -> None:
        """What else is looked at begins behind the first paint, which it would take the time from."""
        self._show_status(facts)
        QTimer.singleShot(0, self, self.bars.look)

    def _no_first_status(self, error: BaseException) -> None:
        self.context.errors.show(error)
        self.bars.look()

    def _look_through(self) -> None:
        """In a large school after what the page reads, else its lines would wait; what she saves still comes after it."""
        jobs = self.context.jobs
        run = jobs.run_when_quiet if self._opened.is_large else jobs.run
        run(look_through, self.context.store, on_done=self._looked_through, on_error=self._found_broken)

    def _show_as_left(self) -> None:
        """Maximised at first; later as it was left."""
        left = self.context.settings.value.window
        width, height = left.get("width"), left.get("height")
        if isinstance(width, int) and isinstance(height, int):
            self.window.resize(width, height)
        if left.get("maximised", True):
            self.window.showMaximized()
        else:
            self.window.show()

    def _remember_window(self) -> None:
        size = self.window.normalGeometry().size()
        kept = {"width": size.width(), "height": size.height(), "maximised": self.window.isMaximized()}
        self.context.settings.change(window=kept)

    def _title(self) -> str:
        return f"守望　{self._opened.school}" if self._opened.school else "守望"

    def _who(self, settings: Settings) -> str:
        names = self._opened.staff
        if settings.who in names:
            return str(settings.who)
        return names[0] if len(names) == 1 else ""

    def _dress(self, window: MainWindow) -> None:
        window.attach(self.context)
        window.closing.connect(self.end)
        window.status_wanted.connect(self.refresh)
        self.context.dialogs.window = window
        self.bars.dress(window)

    def _wear_restored(self) -> None:
        if self._opened.is_restored:
            words = "这份数据是恢复来的，请看看对不对。点「数据没有问题」以前，旧备份一份也不清理。"
            self.bars.set("restored", partial(self._restored_banner, words))

    def _restored_banner(self, words: str) -> Banner:
        return Banner(
            words, icon="info", ground="select", link="数据没有问题", on_link=self._restored_is_right
        )

    def _restored_is_right(self) -> None:
        path, folder = self.context.store.path, self.context.backup_folder
        self.context.jobs.run(confirm_restored, path, folder, on_done=self._restored_confirmed)

    def _restored_confirmed(self, _answer: object) -> None:
        self.bars.set("restored", None)

    def _looked_through(self, _answer: object) -> None:
        self.bars.set("checking", None)
        self.bars.look_for_garbled()
        QTimer.singleShot(0, self, know_widgets)
        self._ahead.begin()
        self._offers.begin()
        run, store, folder = self.context.jobs.run, self.context.store, self.context.backup_folder
        run(before_the_first_save, store, folder, on_done=self._show_status, on_error=self._not_backed_up)

    @property
    def _offers(self) -> Offers:
        """What asks about what was left unsaved; the first page is painted before it is imported."""
        if self._left_unsaved is None:
            from ui.offers import Offers

            self._left_unsaved = Offers(self.context, self.bars.set)
        return self._left_unsaved

    def _draft_not_kept(self, error: object) -> None:
        if self._left_unsaved is None:  # else it hears of it itself
            self._offers.show_trouble(error)

    def _entering_now(self) -> str | None:
        return self.context.entering.by

    def _end_drafts(self) -> None:
        self.context.errors.keep_drafts = None
        self.context.drafts.shut()

    def _found_broken(self, error: BaseException) -> None:
        if isinstance(error, ShouwangError) and error.key in _HELD and not self._end.is_under_way:
            self._look_through()  # nothing is known against the file: once more, when it is let go
        elif isinstance(error, ShouwangError):
            self._timer.stop()
            self._day.stop()
            self.context.jobs.run(self.context.store.close, on_done=partial(self._gave_up, error))
            self.context.jobs.hold_storage()
        else:
            self.context.errors.show(error)

    def _gave_up(self, error: ShouwangError, _answer: object) -> None:
        self.context.jobs.end_hold(drop=True)
        self._end_drafts()
        self.window.finish()
        self.broken.emit(error)

    # ---- while it lasts

    def refresh(self) -> None:
        """Look again at backup, place, term and staff."""
        store, folder = self.context.store, self.context.backup_folder
        self.context.jobs.run(status_facts, store, folder, on_done=self._show_status)

    def _day_passed(self, *_days: object) -> None:
        """What was true yesterday does not stay in front of her on a computer that is left on."""
        self.refresh()
        self.context.bus.day_passed.emit()

    def _show_status(self, facts: StatusFacts) -> None:
        self._has_backup = facts.holds_somebody
        self.window.set_status(facts)
        if facts.not_backed_up:
            self._back_up_if_due()  # half an hour is too long for all there is to lie in one file only

    def _changed(self, changes: Changes) -> None:
        if changes.touches({"school"}):
            self.context.jobs.run(staff_names, self.context.store, on_done=self._show_staff)
        if changes.touches({"school", "calendar"}) or (
            changes.touches({"children"}) and not self._has_backup
        ):
            self.refresh()

    def _show_staff(self, names: tuple[str, ...]) -> None:
        self.context.entering.names = names

    def _who_changed(self, name: str) -> None:
        self.context.settings.change(who=name or None)

    def _every_while(self) -> None:
        self._back_up_if_due()
        self._rest()

    def _rest(self) -> None:
        """What was only needed on the way (to the first page, to a book of papers) is given back to the computer."""
        from app.storage.resting import rest

        self.context.jobs.run(rest, self.context.store)

    def _back_up_if_due(self) -> None:
        from app.storage.backups import backup_if_due

        store, folder = self.context.store, self.context.backup_folder
        self.context.jobs.run(
            backup_if_due, store, folder=folder, on_done=self._backed_up, on_error=self._not_backed_up
        )

    def _backed_up(self, backup: Backup | None) -> None:
        self.bars.backup_made()
        if backup is not None:
            self.refresh()

    def _not_backed_up(self, error: BaseException) -> None:
        """The work goes on: a bar says what is missing, the timer tries again by itself."""
        if isinstance(error, ShouwangError):
            log.warning("automatic backup not made: %s %s", error.key, error.code or "")
            self.bars.backup_failed(error, self._back_up_if_due)
        else:
            self.context.errors.show(error)

    def _settings_changed(self, settings: Settings) -> None:
        if settings.font_scale != self._scale:
            self._scale = settings.font_scale
            # The page that asked is still in the middle of its own slot.
            QTimer.singleShot(0, self._rebuild)

    def _rebuild(self) -> None:
        """Lay everything out anew for another 字号, at the same page."""
        app = QApplication.instance()
        old = self.window
        if not isinstance(app, QApplication) or self._end.is_under_way:
            return
        theme.install(app, self._scale)
        self.window = MainWindow(self._specs, self._title())
        self.context.navigation = self.window
        self._dress(self.window)
        self.window.setGeometry(old.geometry())
        self.window.setWindowState(old.windowState())
        self.window.show()
        self.window.take_place_of(old)
        old.finish()
        old.deleteLater()
        self._rescuing = None
        self.refresh()

    @property
    def rescuing(self) -> Rescuing:
        """拷到别的盘, for when the disk is full or fails."""
        if self._rescuing is None:
            from ui.shell.rescuing import Rescuing

            self._rescuing = Rescuing(self.context, self.window.progress)
        return self._rescuing

    # ---- the end

    def end(self, *, keep_backup: bool = True) -> None:
        """Back up what changed, close the file, then the window; what is only laid out or looked at is wanted no more."""
        self._end.begin(keep_backup=keep_backup)

    def stop(self) -> None:
        """The system asks for the end: as `end`, with no question; without the backup where it cannot be made."""
        self._end.stop()

    def _is_away(self) -> None:
        self._timer.stop()
        self._day.stop()
        self._end_drafts()
        self._remember_window()
        self.window.progress.end()
        self.window.finish()
        self.ended.emit()
