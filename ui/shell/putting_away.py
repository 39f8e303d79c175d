"""Putting a sitting away: what is on its way out goes first, then the backup, then the file is closed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.core.errors import ShouwangError
from ui.context import Context
from ui.jobs import Job
from ui.shell.ledger import put_away
from ui.shell.window import MainWindow
from ui.widgets.button import Kind
from ui.widgets.dialog import Verb

log = logging.getLogger("shouwang.window")

OUT_AT_MOST = 10_000
"""So many milliseconds the end waits for what is on its way out: a printer that hangs keeps no ledger open."""


class PuttingAway(QObject):
    """`leaving` when it begins, `staying` when she stays after all, `away` when the file is closed.

    `window` gives the window of that moment: another 字号 makes another one.
    """

    leaving = Signal()
    staying = Signal()
    away = Signal()

    def __init__(self, context: Context, window: Callable[[], MainWindow], parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._window = window
        self._is_stopping = False
        self._is_asking = False
        self.is_under_way = False

    def begin(self, *, keep_backup: bool) -> None:
        """Back up what changed and close the file; nothing when that is under way already."""
        if not self.is_under_way:
            self.is_under_way = True
            self._context.jobs.stop_looking()
            self._put_away(keep_backup=keep_backup)

    def stop(self) -> None:
        """The system asks for the end: with no question; without the backup where it cannot be made.

        What is typed is on the disk before anything else, and offered next time.
        """
        self._is_stopping = True
        self._context.drafts.flush()
        put_away_panels()
        if self._is_asking:
            self._put_away(keep_backup=False)
        else:
            self.begin(keep_backup=True)

    def _put_away(self, *, keep_backup: bool) -> None:
        self._is_asking = False
        self.leaving.emit()
        self._context.jobs.end_quiet()
        self._window().setEnabled(False)
        self._window().progress.begin("正在备份今天的改动…", "备份核对完就关", can_stop=False)
        close = partial(self._close_ledger, keep_backup)
        if self._context.jobs.busy and not self._is_stopping:
            # A file or a print on its way out is written into the hand-over log when it is out; the ledger stays open for it.
            told = self._context.jobs.draw(_nothing, on_done=close)
            QTimer.singleShot(OUT_AT_MOST, self, partial(_waits_no_longer, told, close))
        else:
            close(None)

    def _close_ledger(self, keep_backup: bool, _answer: object) -> None:
        self._context.jobs.run(
            put_away,
            self._context.store,
            self._context.backup_folder,
            keep_backup=keep_backup,
            on_done=self._is_away,
            on_error=partial(self._not_away, keep_backup),
            on_progress=self._window().progress.step,
        )
        self._context.jobs.hold_storage()

    def _is_away(self, _answer: object) -> None:
        self._context.jobs.end_hold(drop=True)
        self.away.emit()

    def _not_away(self, keep_backup: bool, error: BaseException) -> None:
        self._context.jobs.end_hold(drop=False)
        if self._is_stopping:
            log.warning("not put away: %s", getattr(error, "key", type(error).__name__))
            self._go_without(keep_backup)
            return
        self._window().progress.end()
        self._window().setEnabled(True)
        if not isinstance(error, ShouwangError):
            self._context.errors.show(error)
        lines = [f"{error.what}{error.safe}", error.todo] if isinstance(error, ShouwangError) else []
        verbs = [
            Verb("stay", "先不关"),
            Verb("again", "再备份一次", Kind.FILLED),
            Verb("leave", "不备份，退出"),
        ]
        self._is_asking = True
        self._context.dialogs.ask("关窗前的备份没有做成", [w for w in lines if w], verbs, self._after_failure)

    def _go_without(self, keep_backup: bool) -> None:
        """Nobody is there to ask: without the backup; and without a tidy close when that fails too."""
        if keep_backup:
            self._put_away(keep_backup=False)
        else:
            self._is_away(None)

    def _after_failure(self, key: str) -> None:
        self._is_asking = False
        self.is_under_way = key != "stay"
        if not self.is_under_way:
            self.staying.emit()
        else:
            self._put_away(keep_backup=key == "again")


def _nothing() -> None:
    """Whoever is told of this was told of everything before it."""


def _waits_no_longer(told: Job, close: Callable[[None], object]) -> None:
    if not told.finished:
        told.drop()
        close(None)


def put_away_panels() -> None:
    """Take every panel, file dialog and menu off the screen as if nobody had answered: none keeps the program from ending.

    Closed, a panel would answer with its safe verb, and what is typed in it would be given up; hidden, it is kept as a draft.
    """
    while (panel := QApplication.activePopupWidget() or QApplication.activeModalWidget()) is not None:
        panel.hide()
