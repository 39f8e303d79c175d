"""认列: which column means what; corrected once, remembered for every file of this kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QPoint, Signal

from app.children.roster.columns import ColumnChoice
from app.children.roster.model import SheetMapping
from app.children.roster.name_column import is_named
from app.children.roster.sheet import column_letters
from app.children.roster.sheets import missed_columns, propose_columns
from app.children.roster.targets import NOT_READ, target_groups, target_words
from ui import theme
from ui.pages.importing.session import Session
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    FilterBar,
    FooterBar,
    Kind,
    Link,
    Menu,
    QuietChoice,
    Rule,
    Sheet,
    Text,
    holder,
    row,
)

_OWN_KEY = "child.uuid"
"""Written and hidden by the program itself; it finds the child again and is nothing to decide about."""


class ColumnRow(Struct, frozen=True):
    """One column of the sheet as the page shows it."""

    uuid: int
    letters: str
    choice: ColumnChoice
    samples: str
    note: str
    missed: bool = False
    """Nobody recognised it, and it would be missed."""


def column_rows(mapping: SheetMapping, samples: Mapping[int, Sequence[str]]) -> Iterator[ColumnRow]:
    """The columns that hold anything, in the order of the sheet."""
    missed = {choice.column for choice in missed_columns(mapping)}
    for choice in mapping.choices:
        words = "、".join(samples.get(choice.column, ()))
        if (words or choice.imported) and choice.target != _OWN_KEY:
            letters, note = column_letters(choice.column), _note(choice)
            yield ColumnRow(choice.column, letters, choice, words, note, choice.column in missed)


def _note(choice: ColumnChoice) -> str:
    notes = []
    if choice.remembered:
        notes.append("照上次改的")
    if choice.repeated:
        notes.append("前面已有一栏")
    elif choice.target is None:
        notes.append("没有认出")
    if choice.hidden and choice.target != _OWN_KEY:
        notes.append("隐藏的列")
    return "，".join(notes)


def _meaning(shown: ColumnRow) -> Cell:
    tone = Tone.ACCENT if shown.choice.imported else Tone.OCHRE if shown.choice.target is None else Tone.INK3
    return Cell(target_words(shown.choice.target), tone, link=True)


def _columns() -> list[Column]:
    return [
        Column("letters", "列", lambda r: Cell(r.letters, Tone.INK2), "AB"),
        Column(
            "header", "表头", lambda r: Cell(r.choice.header, bold=r.choice.imported), "父亲·现务工地详细地址"
        ),
        Column("target", "认作", _meaning, "监护人监护能力预计", link=True),
        Column(
            "samples",
            "前两个值",
            lambda r: Cell(r.samples or "（空）", Tone.INK2),
            "G500000202002213456、G500000202007243456",
        ),
        Column("note", "说明", lambda r: Cell(r.note, Tone.OCHRE if r.missed else Tone.INK3), "照上次改的"),
    ]


class ColumnsStep(Sheet):
    """Emits `back_pressed`, `next_pressed`, `changed` after another meaning was chosen."""

    back_pressed = Signal()
    next_pressed = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self._session: Session | None = None
        self.sheets = QuietChoice([], quiet=False, unknown=False)
        self.sheets.saved.connect(self._show_sheet)
        self._counted = Text("", tone=Tone.INK2)
        self._reset = Link("恢复自动认列", self._propose_again)
        self.table = DataTable(_columns())
        self.table.link_pressed.connect(self._link_pressed)
        self.table.opened.connect(self.offer)
        self.differs = QuietChoice(
            [(False, "从数据日期起变化"), (True, "更正：以前登记错了")], quiet=False, unknown=False
        )
        self.differs.saved.connect(self._differs_saved)
        self.single = QuietChoice(
            [(False, "一方外出，另一方在家"), (True, "一方外出，另一方无监护能力")],
            quiet=False,
            unknown=False,
        )
        self.single.saved.connect(self._single_saved)
        options = row(
            Text("和台账不同的", Type.SMALL, Tone.INK2),
            self.differs,
            m.s12,
            Text("「单亲留守」指", Type.SMALL, Tone.INK2),
            self.single,
            None,
            gap=m.s8,
            margins=(m.s16, m.s8, m.s16, m.s8),
        )
        self.next = Button("下一步：核对", self.next_pressed.emit, kind=Kind.FILLED)
        self.foot = FooterBar(Button("上一步", self.back_pressed.emit), self.next, icon="info")
        self.box.addWidget(FilterBar(self.sheets, self._counted, None, self._reset))
        self.box.addWidget(self.table, 1)
        self.box.addWidget(Rule())
        self.box.addWidget(holder(options))
        self.box.addWidget(self.foot)

    def show_session(self, session: Session) -> None:
        """Show the ticked sheets, the first one first."""
        self._session = session
        names = [mapping.sheet.name for mapping in session.chosen]
        self.sheets.set_options([(name, f"{name}（{session.mapping(name).rows} 行）") for name in names])
        if self.sheets.value not in names and names:
            self.sheets.set_value(names[0])
        self.sheets.setVisible(len(names) > 1)
        self.differs.set_value(session.correction)
        self.single.set_value(session.third_meaning)
        self._show_sheet()

    def focus_first(self) -> None:
        """Where the keyboard begins."""
        self.table.setFocus()

    # ---- the columns of one sheet

    def _mapping(self) -> SheetMapping | None:
        if self._session is None or self.sheets.value is None:
            return None
        return self._session.mapping(str(self.sheets.value))

    def _show_sheet(self, *_: object) -> None:
        mapping = self._mapping()
        samples = self._session.samples if self._session else {}
        rows = list(column_rows(mapping, samples.get(mapping.sheet.name, {}))) if mapping else []
        self.table.set_rows(rows)
        read = sum(shown.choice.imported for shown in rows)
        unknown = sum(shown.choice.target is None for shown in rows)
        words = f"认出 {read} 栏" + (f"，{unknown} 栏没有认出" if unknown else "")
        self._counted.setText(words)
        missed = [shown.choice.header for shown in rows if shown.missed]
        self._counted.set_tone(Tone.OCHRE if missed else Tone.INK2)
        unnamed = self._unnamed()
        self.next.setEnabled(mapping is not None and not unnamed)
        lead = "认错的，按 Enter 或点「认作」改；改过的会记住，下次同样的表照样认。"
        if missed:
            headers = "、".join(f"「{header}」" for header in missed[:3]) + ("等" if len(missed) > 3 else "")
            lead = f"{headers}多数行里写着内容，却没有认出，不会存进台账；请点「认作」指明它是什么。"
        if mapping is not None and mapping.sheet.name in unnamed:
            lead = "这张表还没有认出「姓名」一栏，请指明哪一栏是姓名。"
        elif unnamed:
            lead = f"「{unnamed[0]}」还没有认出「姓名」一栏，请在上面换到那张表指明，或回上一步不勾它。"
        self.foot.set_words(
            lead,
            "不读的栏不进台账，原来的文件会和这次导入一起留着。",
        )

    def _unnamed(self) -> list[str]:
        """The ticked sheets on which no column holds the names yet."""
        chosen = self._session.chosen if self._session else []
        return [mapping.sheet.name for mapping in chosen if not is_named(mapping.choices)]

    def _propose_again(self) -> None:
        mapping = self._mapping()
        if self._session is None or mapping is None or mapping.header is None:
            return
        for choice in propose_columns(mapping.sheet, mapping.header):
            self._session.choose(mapping.sheet.name, choice.column, choice.target)
        self._show_sheet()
        self.changed.emit()

    # ---- another meaning

    def _link_pressed(self, shown: ColumnRow, _key: str) -> None:
        self.offer(shown)

    def offer(self, shown: ColumnRow) -> None:
        """Open the list of meanings at the row."""
        menu = self.menu_for(shown)
        at = self.table.visualRect(self.table.model().index(self.table.current_place(), 2))
        menu.popup(self.table.viewport().mapToGlobal(at.bottomLeft() + QPoint(0, 0)))

    def menu_for(self, shown: ColumnRow) -> Menu:
        """Everything a column can mean, in groups; what it means now is ticked."""
        menu = Menu(self)
        now = shown.choice.target
        if now is not None and now.startswith("tick:"):
            menu.add(target_words(now), partial(self._take, shown, now), ticked=True)
        menu.add(NOT_READ, partial(self._take, shown, None), ticked=not shown.choice.imported)
        menu.line()
        for group, targets in target_groups():
            sub = menu.sub(group)
            for target, words in targets:
                sub.add(words, partial(self._take, shown, target), ticked=target == now)
        return menu

    def _take(self, shown: ColumnRow, target: str | None) -> None:
        mapping = self._mapping()
        if self._session is None or mapping is None:
            return
        self._session.choose(mapping.sheet.name, shown.uuid, target)
        self._show_sheet()
        self.changed.emit()

    # ---- how the rows are understood

    def _differs_saved(self, correction: object) -> None:
        if self._session is not None:
            self._session.correction = bool(correction)
            self.changed.emit()

    def _single_saved(self, third: object) -> None:
        if self._session is not None:
            self._session.third_meaning = bool(third)
            self.changed.emit()


__all__ = ["ColumnRow", "ColumnsStep", "column_rows"]
