"""Ochre lines below the head of a section: doubts that an import left, facts that do not fit together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.children.facts import DoubtFacts
from ui import theme
from ui.theme import Tone, Type, line_height
from ui.widgets import Link, Text, empty_out


class Remark(Struct, frozen=True):
    """One line; with `verb` it can be settled."""

    words: str
    verb: str = ""
    act: Callable[[], object] | None = None


def doubt_words(doubt: DoubtFacts) -> str:
    """The reason, what stood in the cell, and where the cell is."""
    sheet, row_number = doubt.sheet, doubt.row_number
    place = f"（{sheet} 第 {row_number} 行）" if sheet and row_number else ""
    raw = f"，原来写的是「{doubt.raw}」" if doubt.raw else ""
    column = f"{doubt.column_name}：" if doubt.column_name else ""
    return f"{column}{doubt.reason.rstrip('。')}{raw}{place}"


class Remarks(QWidget):
    """Shows remarks, or takes no room."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._shown: tuple[str, ...] = ()
        self.hide()

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """Show these; an unchanged list is left alone."""
        words = tuple(remark.words for remark in remarks)
        if words == self._shown:
            return
        self._shown = words
        empty_out(self._box)
        for remark in remarks:
            self._box.addWidget(_Line(remark))
        self.setVisible(bool(remarks))


class _Line(QWidget):
    def __init__(self, remark: Remark) -> None:
        super().__init__()
        m = theme.metrics()
        icon = Text()
        icon.setPixmap(theme.pixmap("warning", Tone.OCHRE))
        icon.setFixedHeight(line_height(Type.SMALL) + m.s4)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, m.s2, 0, m.s2)
        box.setSpacing(m.icon_gap)
        top = Qt.AlignmentFlag.AlignTop
        box.addWidget(icon, 0, top)
        words = Text(remark.words, Type.SMALL, Tone.OCHRE, wrap=True)
        words.setMinimumHeight(line_height(Type.SMALL) + m.s4)
        box.addWidget(words, 1)
        if remark.verb and remark.act is not None:
            box.addWidget(Link(remark.verb, remark.act, kind=Type.SMALL), 0, top)
