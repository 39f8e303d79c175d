"""选文件: a file is dropped or chosen, its sheets are ticked, and the day it speaks of is said."""

from __future__ import annotations

from datetime import date
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.children.roster.model import SheetMapping
from app.children.roster.sheets import sheet_notes
from ui import theme
from ui.pages.importing.file_place import FilePlace
from ui.pages.importing.session import Session
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    CheckBox,
    FormRow,
    Kind,
    NearDay,
    Rule,
    Text,
    column,
    holder,
    row,
)
from ui.widgets.field import Finding, State

KINDS = "花名册 (*.xlsx *.xls *.csv)"
_TO_COLUMNS = "下一步：认列"
_DATE_MEANS = "这份花名册说的是哪一天的情况。和台账不同的内容，从这一天起算变化。"


class FileStep(FilePlace):
    """Emits `file_chosen(Path)`, `choose_pressed`, `next_pressed`; `changed` after a tick or another date.

    Where every column was recognised its filled button is `straight_pressed`, right to 核对; 认列 stays within reach.
    """

    next_pressed = Signal()
    straight_pressed = Signal()
    changed = Signal()

    def __init__(self) -> None:
        self.columns = Button("看认列")
        self.next = Button(_TO_COLUMNS, kind=Kind.FILLED)
        super().__init__(
            "把花名册拖到这里，或从电脑里选",
            (
                "Excel、WPS 表格都可以（.xlsx、.xls、.csv），不用先整理。",
                "一个文件里有几张表也行。选了只是读一遍，不会马上写进台账。",
            ),
            self.columns,
            self.next,
        )
        self.next.clicked.connect(partial(self._go_on, straight=True))
        self.columns.clicked.connect(self._go_on)
        self._session: Session | None = None
        self._today = date.min
        self.boxes: dict[str, CheckBox] = {}
        self.date: NearDay | None = None
        self._origin: Text | None = None
        self.show_nothing()

    # ---- what is shown

    def show_session(self, session: Session, today: date) -> None:
        """The sheets of a file that was read."""
        self.clear()
        self._session, self._today = session, today
        m = theme.metrics()
        box = self.content.box
        box.addWidget(Text(session.roster.name, Type.SECTION, wrap=True))
        box.addSpacing(m.s12)
        self.date = NearDay(today, ahead=False, check=self._check_day)
        self.date.show_day(session.data_date)
        self.date.saved.connect(self._date_saved)
        box.addWidget(FormRow("数据日期", self.date))
        means = Text(_DATE_MEANS, Type.SMALL, Tone.INK2, wrap=True)
        self._origin = Text("", Type.SMALL, Tone.OCHRE, wrap=True)
        box.addLayout(row(m.value_at, column(means, self._origin), margins=(0, 0, 0, m.s16)))
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

    @override
    def clear(self) -> None:
        super().clear()
        self._session, self.date, self._origin, self.boxes = None, None, None, {}

    # ---- what is changed

    def _ticked(self, sheet: str, ticked: bool) -> None:
        if self._session is not None:
            self._session.tick(sheet, ticked=ticked)
            self._session.propose_day(self._today)
            if self.date is not None:
                self.date.set_value(self._session.data_date.isoformat())
            self._say()
            self.changed.emit()

    def _check_day(self, text: str) -> Finding | None:
        late = text > self._today.isoformat()
        return Finding(State.INVALID, "数据日期不能晚于今天。") if late else None

    def _go_on(self, *_: object, straight: bool = False) -> None:
        """A date that was typed and is none keeps her here."""
        if self.date is not None:
            self.date.leave()
            if self.date.is_pending:
                self.date.setFocus()
                return
        if straight and self._session is not None and self._session.is_plain:
            self.straight_pressed.emit()
        else:
            self.next_pressed.emit()

    def _date_saved(self, text: str, _as_is: bool) -> None:
        if self._session is not None and text:
            self._session.choose_day(date.fromisoformat(text))
            self._say()
            self.changed.emit()

    def _say(self) -> None:
        chosen = self._session.chosen if self._session else []
        rows = sum(mapping.rows for mapping in chosen)
        is_plain = bool(chosen) and self._session is not None and self._session.is_plain
        known = "每一栏都认出来了。" if is_plain else ""
        self.foot.set_words(
            f"要读 {len(chosen)} 张表，共 {rows} 行。{known}" if chosen else "请至少勾选一张表。",
            "还没有写入任何内容。",
        )
        self.next.set_text("下一步：核对" if is_plain else _TO_COLUMNS)
        self.next.setEnabled(bool(chosen))
        self.columns.setVisible(is_plain)
        if self._origin is not None and self._session is not None:
            self._origin.setText(self._session.day_said)
            self._origin.setVisible(bool(self._session.day_said))

    @override
    def focus_first(self) -> None:
        if self._session is not None:
            self.next.setFocus()
        else:
            super().focus_first()


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
