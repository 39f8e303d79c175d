"""永久删除 and what is kept of it: asking, doing, the register of destructions, the list to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.tasks.purge import (
    TITLE,
    DestructionEntry,
    PurgePreview,
    destructions,
    purge_preview,
    write_destruction_list,
)
from ui import theme
from ui.context import Context
from ui.pages.safety.purge_panel import PURGE, PurgePanel
from ui.shell.papers import Papers
from ui.theme import Tone, Type
from ui.widgets import Cell, Column, DataTable, EmptyState, Kind, Panel, Text, Verb
from ui.wording import day_words

LIST = "list"
_LINES = 8


class RegisterPanel(Panel):
    """销毁登记: every permanent deletion there was. Answers `list` for the one in `chosen_uuid`."""

    def __init__(self, context: Context, entries: Sequence[DestructionEntry], parent: QWidget | None) -> None:
        m = theme.metrics()
        verbs = [Verb("stay", "知道了")]
        if entries:
            verbs.append(Verb(LIST, "看销毁清单、打印…", Kind.FILLED))
        super().__init__(parent, "销毁登记", verbs, width=m.start_column, focus_content=True)
        self._context = context
        if not entries:
            self.box.addWidget(EmptyState("", "还没有永久删除过。"))
            return
        self.table = DataTable(
            [
                Column("day", "日期", self._day_cell, "2025年12月30日", frozen=True),
                Column("records", "条数", _records_cell, "1000 条"),
                Column("reason", "原因", _reason_cell, "家长书面申请，校长批准"),
                Column("content", "销毁了什么", _content_cell, "12 名儿童的档案"),
            ]
        )
        low = parent is not None and parent.height() < m.start_column * 3 // 4
        lines = min(max(len(entries), 2), _LINES // 2 if low else _LINES)
        self.table.setFixedHeight(m.table_head + lines * m.row + m.s4)
        self.table.set_rows(list(entries))
        self._whole = Text(entries[0].content, Type.SMALL, Tone.INK2, wrap=True, selectable=True)
        self.table.current_changed.connect(self._tell_whole)
        self.table.set_current(entries[0].uuid)
        self.table.opened.connect(self._open)
        self.box.addWidget(self.table)
        self.box.addSpacing(m.s8)
        self.box.addWidget(self._whole)

    @property
    def chosen_uuid(self) -> str:
        """The deletion whose list is wanted."""
        row = self.table.current_row() or self.table.rows[0]
        return str(row.uuid)

    def _day_cell(self, entry: DestructionEntry) -> Cell:
        return Cell(day_words(date.fromisoformat(entry.happened_on), self._context.clock.today()), bold=True)

    def _tell_whole(self, entry: DestructionEntry | None) -> None:
        """A list of many files does not fit into its cell."""
        self._whole.setText(entry.content if entry is not None else "")

    def _open(self, _entry: DestructionEntry) -> None:
        self.answer(LIST)


class Destructions(QObject):
    """`ask(uuids)` leads through a permanent deletion; `show_register()` lists those there were."""

    done = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._panel: PurgePanel | None = None
        self._register: RegisterPanel | None = None
        self._wanted = ""
        self.papers = Papers(context, parent, title=TITLE, stem=TITLE)

    def ask(self, uuids: Sequence[str]) -> None:
        """Count first, then ask."""
        self._context.read(
            purge_preview,
            tuple(uuids),
            backup_folder=self._context.backup_folder,
            on_done=self._counted,
            owner=self,
        )

    def _counted(self, preview: PurgePreview) -> None:
        self._panel = PurgePanel(self._context, preview, self._context.dialogs.window)
        self._context.dialogs.open_panel(self._panel, self._answered)

    def _answered(self, key: str) -> None:
        panel, self._panel = self._panel, None
        if key != PURGE or panel is None or panel.purged is None:
            return
        self.done.emit()
        self._wanted = panel.purged.destruction_uuid
        first, *rest = panel.purged.words
        verbs = [Verb("stay", "知道了"), Verb(LIST, "看销毁清单、打印…", Kind.FILLED)]
        self._context.dialogs.ask(first, rest, verbs, self._after)

    def _after(self, key: str) -> None:
        if key == LIST:
            self._show_list()

    def _show_list(self) -> None:
        """The list as it will be printed; from there onto paper or into a PDF."""
        self.papers.show_paper(write_destruction_list, self._wanted)

    # ---- the register and its lists

    def show_register(self) -> None:
        """List the deletions there were."""
        self._context.read(destructions, on_done=self._show_register, owner=self)

    def _show_register(self, entries: list[DestructionEntry]) -> None:
        self._register = RegisterPanel(self._context, entries, self._context.dialogs.window)
        self._context.dialogs.open_panel(self._register, self._register_answered)

    def _register_answered(self, key: str) -> None:
        register, self._register = self._register, None
        if key == LIST and register is not None:
            self._wanted = register.chosen_uuid
            self._show_list()


def _records_cell(entry: DestructionEntry) -> Cell:
    return Cell(f"{entry.records} 条", Tone.INK2)


def _reason_cell(entry: DestructionEntry) -> Cell:
    return Cell(entry.reason)


def _content_cell(entry: DestructionEntry) -> Cell:
    return Cell(entry.content.split("：", 1)[0], Tone.INK2)
