"""选文件: a file is dropped or chosen, its sheets are ticked, and the day it speaks of is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.children.roster.model import SheetMapping
from app.children.roster.sheets import sheet_notes
from app.core.errors import ShouwangError
from ui import theme
from ui.pages.importing.session import Session
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    CheckBox,
    DateField,
    FooterBar,
    FormRow,
    Kind,
    Rule,
    Scroll,
    Sheet,
    Text,
    column,
    empty_out,
    holder,
    row,
)
from ui.widgets.dialog import THREE_HEADS
from ui.widgets.field import Finding, State

KINDS = "花名册 (*.xlsx *.xls *.csv)"
_DATE_MEANS = "这份花名册说的是哪一天的情况。和台账不同的内容，从这一天起算变化。"


def full_day(text: str) -> Finding | None:
    """A data date is one whole day."""
    return None if len(text) == len("2026-11-21") else Finding(State.INVALID, "请写到日，如 2026-09-01。")


class FileStep(Sheet):
    """Emits `file_chosen(Path)`, `choose_pressed`, `next_pressed`; `changed` after a tick or another date."""

    file_chosen = Signal(Path)
    choose_pressed = Signal()
    next_pressed = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self._session: Session | None = None
        self._today = date.min
        self.boxes: dict[str, CheckBox] = {}
        self.setAcceptDrops(True)
        self.content = Scroll(gap=0, margins=(m.s24, m.s16, m.s24, m.s16))
        self.choose: Button | None = None
        self.date: DateField | None = None
        self.another = Button("换一个文件", self.choose_pressed.emit)
        self.next = Button("下一步：认列", self._go_on, kind=Kind.FILLED)
        self.foot = FooterBar(self.another, self.next, icon="info")
        self.box.addWidget(self.content, 1)
        self.box.addWidget(self.foot)
        self.show_nothing()

    # ---- what is shown

    def show_nothing(self) -> None:
        """No file yet: where to drop one."""
        self._clear()
        self.foot.hide()
        m = theme.metrics()
        self.choose = Button("选文件", self.choose_pressed.emit, icon="folder_open", kind=Kind.FILLED)
        lines = column(
            self._centred(Text("把花名册拖到这里，或从电脑里选", Type.SECTION)),
            m.s8,
            self._centred(Text("Excel、WPS 表格都可以（.xlsx、.xls、.csv），不用先整理。", tone=Tone.INK2)),
            self._centred(Text("一个文件里有几张表也行。选了只是读一遍，不会马上写进台账。", tone=Tone.INK2)),
            m.s16,
            self._centred(self.choose),
        )
        self.content.box.addStretch(2)
        self.content.box.addLayout(lines)
        self.content.box.addStretch(3)

    def show_fault(self, error: ShouwangError) -> None:
        """Why the file could not be read, and what to do; another one can be chosen."""
        self._clear()
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
        self.next.hide()
        self.another.set_kind(Kind.FILLED)
        self.foot.show()
        self.another.setFocus()

    def show_session(self, session: Session, today: date) -> None:
        """The sheets of a file that was read."""
        self._clear()
        self._session, self._today = session, today
        m = theme.metrics()
        box = self.content.box
        box.addWidget(Text(session.roster.name, Type.SECTION, wrap=True))
        box.addSpacing(m.s12)
        self.date = DateField(check=self._check_day, quiet=False, hint="年-月-日")
        self.date.set_value(session.data_date.isoformat())
        self.date.saved.connect(self._date_saved)
        box.addWidget(FormRow("数据日期", self.date))
        means = Text(_DATE_MEANS, Type.SMALL, Tone.INK2, wrap=True)
        box.addLayout(row(m.value_at, means, margins=(0, 0, 0, m.s16)))
        box.addWidget(Rule())
        box.addSpacing(m.s8)
        box.addWidget(Text("读哪几张表", bold=True))
        box.addSpacing(m.s4)
        for mapping in session.mappings:
            box.addWidget(self._sheet_line(mapping))
        box.addStretch(1)
        self.another.set_kind(Kind.PLAIN)
        self.next.show()
        self.foot.show()
        self._say()

    def _sheet_line(self, mapping: SheetMapping) -> QWidget:
        m = theme.metrics()
        name = mapping.sheet.name
        tick = CheckBox(name, checked=mapping.selected)
        readable = mapping.header is not None and mapping.rows > 0
        tick.setEnabled(readable)
        tick.toggled.connect(partial(self._ticked, name))
        self.boxes[name] = tick
        count = Text(f"{mapping.rows} 行" if mapping.rows else "", tone=Tone.INK2)
        tone = Tone.OCHRE if readable else Tone.INK3
        notes = [Text(words, Type.SMALL, tone, wrap=True) for words in sheet_words(mapping)]
        return holder(
            column(
                row(tick, m.s12, count, None),
                *(row(m.s24 + m.s4, note) for note in notes),
                margins=(0, m.s2, 0, m.s4),
            )
        )

    def _clear(self) -> None:
        self._session, self.choose, self.date, self.boxes = None, None, None, {}
        empty_out(self.content.box)

    @staticmethod
    def _centred(widget: QWidget) -> QWidget:
        return holder(row(None, widget, None))

    # ---- what is changed

    def _ticked(self, sheet: str, ticked: bool) -> None:
        if self._session is not None:
            self._session.tick(sheet, ticked=ticked)
            self._say()
            self.changed.emit()

    def _check_day(self, text: str) -> Finding | None:
        if len(text) == len("2026-11-21") and text > self._today.isoformat():
            return Finding(State.INVALID, "数据日期不能晚于今天。")
        return full_day(text)

    def _go_on(self) -> None:
        """A date that was typed and is none keeps her here."""
        if self.date is not None:
            self.date.leave()
            if self.date.is_pending:
                self.date.setFocus()
                return
        self.next_pressed.emit()

    def _date_saved(self, text: str, _as_is: bool) -> None:
        if self._session is not None and text:
            self._session.data_date = date.fromisoformat(text)
            self.changed.emit()

    def _say(self) -> None:
        chosen = self._session.chosen if self._session else []
        rows = sum(mapping.rows for mapping in chosen)
        self.foot.set_words(
            f"要读 {len(chosen)} 张表，共 {rows} 行。" if chosen else "请至少勾选一张表。",
            "还没有写入任何内容。",
        )
        self.next.setEnabled(bool(chosen))

    def focus_first(self) -> None:
        """Where the keyboard begins."""
        if self._session is not None:
            self.next.setFocus()
        elif self.foot.isVisibleTo(self):
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


def dropped_file(event: QDropEvent) -> Path | None:
    """The one local file of a drop."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())


def sheet_words(mapping: SheetMapping) -> list[str]:
    """What has to be said about a sheet, ticked or not, without its name at every line."""
    words = [mapping.why] if mapping.why else []
    if mapping.selected or not mapping.why:
        # Columns nobody recognised are the next step's affair.
        hidden = replace(mapping, choices=())
        words += [_without_name(note, mapping.sheet.name) for note in sheet_notes(hidden)]
    return list(dict.fromkeys(words))


def _without_name(note: str, name: str) -> str:
    return note.removeprefix(f"「{name}」").removeprefix("里").removeprefix("的")
