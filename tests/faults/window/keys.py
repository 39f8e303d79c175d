"""What hands do that QTest has no word for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication


def pastes(field, text):
    """Paste a text with Ctrl+V, through the clipboard as every program does."""
    QApplication.clipboard().setText(text)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def presses_twice(button):
    """A double click, as hands do it that learnt to start programs."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)  # which mouseDClick leaves out


def holds_enter(widget, modifier=Qt.KeyboardModifier.NoModifier):
    """A key that is held down repeats."""
    for _ in range(4):
        QTest.keyClick(widget, Qt.Key.Key_Return, modifier)
