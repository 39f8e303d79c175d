"""Where a file is dropped or chosen, and why one could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.errors import ShouwangError
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Button, FooterBar, Kind, Scroll, Sheet, Text, column, empty_out, holder, row
from ui.widgets.dialog import THREE_HEADS


class FilePlace(Sheet):
    """Emits `file_chosen(Path)` for what is dropped and `choose_pressed`. `head` and `lines` say what is wanted.

    Its foot holds 换一个文件 and the `onward` buttons of who extends it.
    """

    file_chosen = Signal(Path)
    choose_pressed = Signal()

    def __init__(self, head: str, lines: Sequence[str], *onward: Button) -> None:
        super().__init__()
        m = theme.metrics()
        self._head = head
        self._lines = tuple(lines)
        self.onward = onward
        self.setAcceptDrops(True)
        self.content = Scroll(gap=0, margins=(m.s24, m.s16, m.s24, m.s16))
        self.choose: Button | None = None
        self.another = Button("换一个文件", self.choose_pressed.emit)
        self.foot = FooterBar(self.another, *onward, icon="info")
        self.box.addWidget(self.content, 1)
        self.box.addWidget(self.foot)

    def show_nothing(self) -> None:
        """No file yet: where to drop one."""
        self.clear()
        self.foot.hide()
        m = theme.metrics()
        self.choose = Button("选文件", self.choose_pressed.emit, icon="folder_open", kind=Kind.FILLED)
        lines = column(
            _centred(Text(self._head, Type.SECTION)),
            m.s8,
            *(_centred(Text(line, tone=Tone.INK2)) for line in self._lines),
            m.s16,
            _centred(self.choose),
        )
        self.content.box.addStretch(2)
        self.content.box.addLayout(lines)
        self.content.box.addStretch(3)

    def show_fault(self, error: ShouwangError) -> None:
        """Why the file could not be read, and what to do; another one can be chosen."""
        self.clear()
        m = theme.metrics()
        self.content.box.addWidget(Text("这个文件没有读进来", Type.SECTION))
        self.content.box.addSpacing(m.s12)
        for head, words in zip(THREE_HEADS, (error.what, error.safe, error.todo), strict=True):
            if words:
                self.content.box.addWidget(Text(head, bold=True))
                self.content.box.addWidget(Text(words, tone=Tone.INK2, wrap=True, selectable=True))
                self.content.box.addSpacing(m.s12)
        self.content.box.addStretch(1)
        self.foot.set_words("还没有写入任何内容。", "也可以把另一个文件拖到这里。")
        for button in self.onward:
            button.hide()
        self.another.set_kind(Kind.FILLED)
        self.foot.show()
        self.another.setFocus()

    def clear(self) -> None:
        """Take away what is shown."""
        self.choose = None
        empty_out(self.content.box)

    def focus_first(self) -> None:
        """Where the keyboard begins."""
        if self.foot.isVisibleTo(self):
            self.another.setFocus()
        elif self.choose is not None:
            self.choose.setFocus()

    # ---- drag and drop

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            event.acceptProposedAction()
            self.set_ground("select")

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self.set_ground("sheet")

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self.set_ground("sheet")
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.file_chosen.emit(path)


def _centred(widget: QWidget) -> QWidget:
    return holder(row(None, widget, None))


def dropped_file(event: QDropEvent) -> Path | None:
    """The one local file of a drop."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())
