"""F1: the keys that work here, on one small sheet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from ui import theme
from ui.theme import Tone, Type
from ui.widgets.dialog import Panel, Verb
from ui.widgets.text import Text

EVERYWHERE = (
    ("Ctrl+1 … 9", "左边的页，从上往下"),
    ("Ctrl+F", "搜索；Esc 清空，再按一次离开"),
    ("Ctrl+Z", "撤销上一步"),
    ("Ctrl+S", "存上正在填的这一格"),
    ("F6", "左边栏、列表、侧栏之间换"),
    ("Alt+←", "回到上一页"),
    ("Ctrl+N", "记一条"),
    ("Ctrl+K", "输入纸单单号"),
    ("Ctrl+Shift+N", "加一名儿童"),
    ("Esc", "退一步，不丢东西"),
)
IN_LISTS = (
    ("↑ ↓", "换一行；第一行再按 ↑ 到表头，可排序"),
    ("Enter", "打开这一行"),
    ("空格", "勾选；Shift+↑↓ 连着勾，Ctrl+A 全勾"),
)


class KeysPanel(Panel):
    """Three groups: everywhere, in lists, on this page."""

    def __init__(self, parent: QWidget | None, of_page: Sequence[tuple[str, str]]) -> None:
        super().__init__(parent, "按键", [Verb("ok", "知道了")])
        m = theme.metrics()
        for title, keys in (("到处都能用", EVERYWHERE), ("在列表里", IN_LISTS), ("这一页", of_page)):
            if not keys:
                continue
            grid = QGridLayout()
            grid.setContentsMargins(0, 0, 0, m.s8)
            grid.setHorizontalSpacing(m.s16)
            grid.setVerticalSpacing(m.s2)
            grid.setColumnMinimumWidth(0, m.number_width)
            grid.setColumnStretch(1, 1)
            grid.addWidget(Text(title, Type.SMALL, Tone.INK3), 0, 0, 1, 2)
            for line, (pressed, words) in enumerate(keys, start=1):
                grid.addWidget(Text(pressed, bold=True), line, 0)
                grid.addWidget(Text(words, tone=Tone.INK2, wrap=True), line, 1)
            self.box.addLayout(grid)
