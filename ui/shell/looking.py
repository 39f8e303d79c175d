"""The look at a ledger that goes before opening it, when the last stop was a power cut: said, with how far it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from ui.shell.start import StartScreen
from ui.widgets import Text
from ui.widgets.progress import APPEARS_AFTER

HEAD = "正在检查上次断电后的数据…"
WORDS = (
    "上次没有正常关上，多半是断电。打开以前先查一遍：在拷出的一份上查，原来的数据不动。\n"
    "数据多的学校要一两分钟，不用做什么，查完自己打开。"
)
LEAVES = "关掉也不要紧：数据没有动，下次打开再查"


class Looking(QObject):
    """`step` as the job tells; after a second of it a screen is shown. `end()` when the ledger is open, or is not."""

    def __init__(self, show: Callable[[StartScreen], None], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        self._screen: StartScreen | None = None
        self._last = (0, 0, "")
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(APPEARS_AFTER)
        self._delay.timeout.connect(self._appear)

    def step(self, done: int, total: int, words: str) -> None:
        """Take note of how far it is; in a small school it is over before anything need be said."""
        self._last = (done, total, words)
        if self._screen is not None:
            self._screen.progress.step(*self._last)
        elif not self._delay.isActive():
            self._delay.start()

    def end(self) -> None:
        """It is over, one way or the other; what is shown next takes the screen's place."""
        self._delay.stop()
        self._screen = None

    def _appear(self) -> None:
        self._screen = StartScreen(HEAD)
        self._screen.body.addWidget(Text(WORDS, wrap=True))
        self._screen.progress.begin(self._last[2], LEAVES, can_stop=False)
        self._screen.progress.step(*self._last)
        self._screen.progress.show()
        self._show(self._screen)
