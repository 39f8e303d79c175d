"""A list to look at: rows that were skipped, what else is to be known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Panel, Rule, Scroll, Text, Verb, row

_MOST = 400


def listing_panel(parent: QWidget, head: str, sentence: str, lines: Sequence[tuple[str, str]]) -> Panel:
    """A panel with a list of (about, words); it scrolls with the arrow keys."""
    m = theme.metrics()
    panel = Panel(parent, head, [Verb("ok", "看完了")], width=m.form_most, focus_content=True)
    if sentence:
        panel.box.addWidget(Text(sentence, Type.SMALL, Tone.INK2, wrap=True))
    scroll = Scroll(gap=0)
    scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for about, words in lines[:_MOST]:
        label = Text(about, Type.SMALL, Tone.INK2, wrap=True)
        label.setFixedWidth(m.side_list)
        text = Text(words, wrap=True, selectable=True)
        line = row(label, text, gap=m.s12, margins=(0, m.s4, 0, m.s4))
        line.setStretchFactor(text, 1)
        scroll.box.addLayout(line)
        scroll.box.addWidget(Rule())
    if len(lines) > _MOST:
        scroll.box.addWidget(Text(f"另有 {len(lines) - _MOST} 条。", Type.SMALL, Tone.INK2))
    scroll.box.addStretch(1)
    scroll.setFixedHeight(min(len(lines), _LINES_SHOWN) * m.row + m.row)
    panel.box.addWidget(scroll)
    return panel


_LINES_SHOWN = 8
