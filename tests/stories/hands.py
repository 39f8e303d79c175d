"""Her ten fingers on the real window: keys go where the keyboard is, Chinese comes from the input method; no mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.widgets import Button, Link

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier
MOST_TABS = 80


class Hands:
    """`press` a key, `writes` words, `tabs_to` what is looked for; every key is answered before the next."""

    def __init__(self, teacher, program):
        self.teacher = teacher
        self.program = program

    @property
    def window(self):
        return self.program.sitting.window

    @property
    def page(self):
        return self.window.current_page()

    @property
    def panel(self):
        """The dialog in front."""
        return self.program.dialogs.panels[-1]

    @property
    def here(self):
        return QApplication.focusWidget()

    def press(self, key, modifier=PLAIN, times=1):
        for _ in range(times):
            self.teacher.qtbot.keyClick(self.here or self.window, key, modifier)
            self.settles()

    def settles(self):
        self.teacher.settles(self.program)
        QApplication.processEvents()

    def writes(self, text):
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self.here, event)
        self.settles()

    def types(self, letters):
        self.teacher.qtbot.keyClicks(self.here, letters)
        self.settles()

    def tabs_to(self, wanted, *, back=False):
        """Tab until the keyboard is there; `wanted` is a widget, the words on a button, or a field's name."""
        key, held = (Qt.Key.Key_Backtab, SHIFT) if back else (Qt.Key.Key_Tab, PLAIN)
        way = []
        for _ in range(MOST_TABS):
            if is_at(self.here, wanted):
                return self.here
            self.press(key, held)
            way.append(name_of(self.here))
        raise AssertionError(f"{wanted} is not reached by Tab; on the way: {way}")

    def answers(self, words):
        """Tab to a verb and press it."""
        self.tabs_to(words)
        self.press(Qt.Key.Key_Space)

    def in_panel(self):
        """A dialog has the keyboard by itself."""
        panel = self.panel
        assert panel.isVisible()
        self.teacher.qtbot.bring(panel)
        if self.here is None or not panel.isAncestorOf(self.here):
            (panel.focusWidget() or panel).setFocus()
        return panel

    def back_in_window(self):
        self.teacher.qtbot.bring(self.window)
        self.settles()


def is_at(widget, wanted):
    if widget is None:
        return False
    if isinstance(wanted, QWidget):
        return widget is wanted or widget.focusProxy() is wanted
    return name_of(widget).startswith(wanted)


def name_of(widget):
    if isinstance(widget, Button | Link):
        return widget.text()
    return widget.accessibleName() or type(widget).__name__ if widget is not None else "nothing"
