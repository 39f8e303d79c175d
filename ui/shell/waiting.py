"""Another program holds the data file: say so after half a second, go on trying, and let her stop waiting."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.storage.connection import BUSY_SECONDS, be_patient
from ui import theme
from ui.dialogs import Dialogs
from ui.jobs import Jobs
from ui.theme import Tone
from ui.widgets.layout import row
from ui.widgets.surface import Ground
from ui.widgets.text import Link, Text

SAID_AFTER = 0.5
"""Seconds of waiting that are not worth a word."""


class WaitBar(Ground):
    """Laid over the foot of the window or panel in front; takes no focus away. `given_up` when she pressed 不等了."""

    given_up = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__("ochre", host)
        m = theme.metrics()
        mark = Text()
        mark.setPixmap(theme.pixmap("warning", Tone.OCHRE))
        self._words = Text("", wrap=True)
        self.link = Link("不等了", self._give_up)
        box = row(mark, m.s8, self._words, m.s12, self.link, margins=(m.s16, m.s8, m.s16, m.s8))
        box.setStretchFactor(self._words, 1)
        self.setLayout(box)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        host.installEventFilter(self)
        self.set_waited(SAID_AFTER)
        self.show()
        self.raise_()

    def set_waited(self, seconds: float) -> None:
        """Count on."""
        since = f"（已等 {int(seconds)} 秒）" if seconds >= 1 else ""
        self._words.setText(
            f"文件被别的程序占用（可能是杀毒软件或网盘），正在重试…{since}没有丢东西，等它放开就接着做。"
        )
        self._place()

    def _give_up(self) -> None:
        self.link.setEnabled(False)
        self._words.setText("不等了，正在停下…")
        self.given_up.emit()

    def _place(self) -> None:
        host = self.parentWidget()
        if host is not None:
            width = host.width()
            layout = self.layout()
            height = max(
                layout.totalHeightForWidth(width) if layout is not None else 0, theme.metrics().banner
            )
            self.setGeometry(0, host.height() - height, width, height)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self._place()
        return super().eventFilter(watched, event)


class Waiting(QObject):
    """Tells how long connections wait for another program's lock: as long as she does, while a ledger is open.

    `install()` when the window is there; `hurry()` before it is closed, so that leaving takes no longer than
    it must; `uninstall()` when the ledger is away.
    """

    _held_up = Signal(float)

    def __init__(self, jobs: Jobs, dialogs: Dialogs, parent: QObject) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self._gave_up = Event()
        self._hurries = Event()
        self.bar: WaitBar | None = None
        self._held_up.connect(self._say)
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        # A lock that was let go says nothing more: the bar goes when nobody has waited for a while.
        self._stale.setInterval(round(SAID_AFTER * 2_000))
        self._stale.timeout.connect(self._clear)
        jobs.busy_changed.connect(self._busy_changed)

    def install(self) -> None:
        """From now on every connection of this process asks here."""
        self._hurries.clear()
        be_patient(self._goes_on)

    def uninstall(self) -> None:
        """Back to the usual five seconds."""
        be_patient(None)
        self._clear()

    def hurry(self) -> None:
        """Wait no longer than the usual five seconds: the window is being closed."""
        self._hurries.set()

    def stop(self) -> None:
        """The program ends: nothing is waited for any more."""
        be_patient(_not_at_all)
        self._clear()

    def give_up(self) -> None:
        """She does not want to wait any more: what waits now ends with 被占用, and nothing of it is saved."""
        self._gave_up.set()

    def _goes_on(self, waited: float) -> bool:
        """Asked on the thread that waits, four times a second."""
        if waited < SAID_AFTER:
            self._gave_up.clear()
            return True
        if self._gave_up.is_set() or (self._hurries.is_set() and waited >= BUSY_SECONDS):
            return False
        self._held_up.emit(waited)
        return True

    def _say(self, waited: float) -> None:
        host = self._dialogs.top
        if self.bar is not None and host is not None and self.bar.parentWidget() is not host:
            self._clear()
        if self.bar is None and host is not None:
            self.bar = WaitBar(host)
            self.bar.given_up.connect(self.give_up)
            self.bar.destroyed.connect(self._forget)
        if self.bar is not None and not self._gave_up.is_set():
            self.bar.set_waited(waited)
        self._stale.start()

    def _forget(self) -> None:
        self.bar = None

    def _clear(self) -> None:
        bar, self.bar = self.bar, None
        if bar is not None:
            bar.destroyed.disconnect(self._forget)
            bar.hide()
            bar.deleteLater()

    def _busy_changed(self, busy: bool) -> None:
        if not busy:
            self._clear()


def _not_at_all(_waited: float) -> bool:
    return False
