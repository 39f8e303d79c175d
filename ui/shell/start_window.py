"""The window of the start screens."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.shell.fitting import within_screen
from ui.shell.start import ProblemScreen, StartScreen
from ui.theme import tokens


class StartWindow(QWidget):
    """Holds one start screen; `closed` when it is closed by the person, `help_asked(panel or None)` on F1."""

    closed = Signal()
    help_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("守望")
        self._screen: StartScreen | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        scale = theme.metrics().scale
        self.setMinimumSize(round(tokens.WINDOW_LEAST[0] * scale), round(tokens.WINDOW_LEAST[1] * scale))
        self.resize(within_screen(self, *tokens.WINDOW_USUAL))
        QShortcut(QKeySequence("F1"), self).activated.connect(self.open_help)
        theme.dress(self)

    def open_help(self, asking: QWidget | None = None) -> None:
        """Help about the screen that is shown, or about a panel over it that asks."""
        self.help_asked.emit(asking)

    @property
    def screen_shown(self) -> StartScreen | None:
        """The screen shown."""
        return self._screen

    def show_screen(self, screen: StartScreen) -> None:
        """Replace what is shown."""
        if self._screen is not None:
            self._box.removeWidget(self._screen)
            self._screen.hide()
            self._screen.deleteLater()
        self._screen = screen
        self._box.addWidget(screen)
        self.show()
        screen.setVisible(True)
        if isinstance(screen, ProblemScreen):
            screen.first.setFocus()
        else:
            screen.focusNextChild()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
