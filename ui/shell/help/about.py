"""关于守望: which version this is, where the data lie, when they were last backed up; to be read out on the telephone."""

from __future__ import annotations

import re
from collections.abc import Sequence

import PySide6
from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from app.tasks.support import Line, for_others
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Panel, Text, Verb, column, holder, row, within_room
from ui.widgets.clipboard import copy_text

CLOSE, COPY = "close", "copy"


def toolkit_words() -> str:
    """What the window stands on."""
    return f"Qt {qVersion()}（PySide6 {PySide6.__version__}）"


class AboutPanel(Panel):
    """The facts, a line each; 复制文字 leaves the panel open."""

    def __init__(self, parent: QWidget | None, facts: Sequence[Line]) -> None:
        m = theme.metrics()
        verbs = [Verb(CLOSE, "知道了"), Verb(COPY, "复制文字")]
        wide = m.form_most
        super().__init__(parent, "关于守望", verbs, width=wide)
        self.facts = tuple(facts)
        mark = Text()
        mark.setPixmap(theme.program_pixmap(m.header, self.devicePixelRatioF()))
        mark.setAccessibleName("守望的图标")
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(m.s16)
        grid.setVerticalSpacing(m.s4)
        grid.setColumnStretch(1, 1)
        for line, (label, value) in enumerate(facts):
            grid.addWidget(Text(label, tone=Tone.INK2), line, 0)
            grid.addWidget(_value(value), line, 1)
        told = Text("农村学校留守儿童的台账、结对、日记和亲情电话，不联网。", tone=Tone.INK2, wrap=True)
        head = row(mark, m.s16, column(None, told, None))
        head.setStretch(2, 1)
        self.told = Text("", Type.SMALL, Tone.INK2)
        self.box.addLayout(head)
        self.box.addSpacing(m.s12)
        room = max(parent.height() - m.list_row * 5, m.list_row * 3) if parent is not None else m.dialog
        self.box.addWidget(within_room(holder(grid), self.head.text(), width=wide - 2 * m.s24, room=room))
        self.box.addSpacing(m.s4)
        self.box.addWidget(self.told)

    @property
    def words(self) -> str:
        """What is copied, to be sent to whoever helps: a folder of her own may be called by somebody's name."""
        return "\n".join(f"{label}：{value}" for label, value in for_others(self.facts))

    @override
    def answer(self, key: str) -> None:
        if key == COPY:
            self.told.setText(copy_text(self.words))
        else:
            super().answer(key)


def _value(words: str) -> Text:
    """A path may break after each of its folders; what is copied is `words`, without these marks."""
    return Text(re.sub(r"([/\\])", f"\\1{MAY_BREAK}", words), wrap=True)


MAY_BREAK = "\u200b"
