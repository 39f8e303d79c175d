"""The ledger page: every child in one table, narrowed down as she types and chooses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar, cast

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.children.ledger import LedgerRow
from app.core.changes import Changes
from ui.context import Context
from ui.drafts import Form
from ui.pages.children.add_panel import AddPanel
from ui.pages.children.as_of import AsOf
from ui.pages.children.bin_flow import BinFlow
from ui.pages.children.bulk_panel import BulkFlow
from ui.pages.children.column_panel import ColumnPanel
from ui.pages.children.columns import chosen_columns
from ui.pages.children.conditions import SHIPPED, Picked, Wanted, find, found_words, marks
from ui.pages.children.export import ExportFlow, ExportOrder
from ui.pages.children.facets import gap_choice
from ui.pages.children.filter_bar import READING, LedgerBar
from ui.pages.children.foot import Foot, GapBar, SelectionBar
from ui.pages.children.loading import Loaded
from ui.pages.children.merge_panel import MergeFlow
from ui.pages.children.nobody import say_ledger_is_empty, say_nobody_fits
from ui.pages.children.reader import LedgerReader
from ui.pages.children.view_menu import Views
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import Button, DataTable, EmptyState, Kind, Sheet

SEARCH_HINT = "搜姓名、拼音、证件或电话尾号、村组"


class LedgerPage(Page):
    """List, filters, selection. Rows are read once and kept; typing and choosing only picks among them."""

    areas: ClassVar[frozenset[str]] = frozenset({"children", "school", "pairing"})
    turns_with_day = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, "台账")
        self._rows: list[LedgerRow] = []
        self._base: list[LedgerRow] = []
        self._wanted = Wanted()
        self.reader = LedgerReader(context, self)
        self.reader.begun.connect(self._show)
        self.reader.arrived.connect(self._show)
        self.as_of = AsOf(context, self.reader)
        self.as_of.changed.connect(self._other_day)
        self.views = Views(context, self._now_wanted, self._count)
        self.views.setParent(self)
        self.views.wanted_changed.connect(self.show_wanted)
        self.export = ExportFlow(context)
        self.export.setParent(self)
        self.bin = BinFlow(context)
        self.bin.setParent(self)
        self.bulk = BulkFlow(context, self.reader, self)
        self.bulk.closed.connect(self._to_list)
        self.merging = MergeFlow(context)
        self.merging.setParent(self)
        self.merging.merged.connect(self.untick)
        self.views.duplicates_asked.connect(self.merging.find)
        self._build_header()
        self._build_sheet()
        self.key("F3", self.fill_gaps)
        self.key("Ctrl+P", self.print_files)

    # ---- parts

    def _build_header(self) -> None:
        search = self.header.add_search(SEARCH_HINT)
        search.changed.connect(self._typed)
        search.entered.connect(self._to_list)
        search.left.connect(self._to_list)
        self._import = Button(
            "导入", partial(self.context.navigation.open_page, "importing"), icon="arrow_import"
        )
        self._export = Button("导出 Excel…", self._export_shown, icon="arrow_export_ltr")
        self._survey = Button("摸底核实", partial(self.context.navigation.open_page, "survey"))
        self._add = Button("加一名儿童", self.add_child, icon="person_add", kind=Kind.FILLED)
        if self.context.read_only:
            return  # an export is logged in the ledger, so one that cannot be written lets nothing out
        for button in (self._import, self._export, self._survey, self._add):
            self.header.add(button)

    def _build_sheet(self) -> None:
        self.bar = LedgerBar(self.views.build, self.as_of.build)
        self.bar.wanted_changed.connect(self.show_wanted)
        self.bar.columns_asked.connect(self._ask_columns)
        self.bar.today_asked.connect(self.as_of.look_at_today)
        self.table = DataTable(chosen_columns(self.context.settings.value.columns), tickable=True)
        self.table.sort_by("class")
        self.table.opened.connect(self._open)
        self.table.ticks_changed.connect(self._close_export)
        self.nobody = EmptyState()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.nobody)
        self.selection = SelectionBar()
        self.selection.print_asked.connect(self.print_files)
        self.selection.export_asked.connect(self._export_ticked)
        self.selection.change_asked.connect(self.change_several)
        self.selection.bin_asked.connect(self._to_bin)
        self.selection.merge_asked.connect(self._merge)
        self.selection.gaps_asked.connect(self.fill_gaps)
        self.selection.cleared.connect(self.untick)
        self.gap_bar = GapBar()
        self.gap_bar.fill_asked.connect(self.fill_gaps)
        self.foot = Foot(self.selection, self.gap_bar, self.export.bar)
        self.export.told.connect(self._show_export)
        self.export.closed.connect(self.untick)
        self.sheet = Sheet(self.bar, self.stack, self.foot, self.export.progress)
        self.sheet.box.setStretchFactor(self.stack, 1)
        self.blank = EmptyState()
        self._told_export = False
        self.content.addWidget(self.sheet, 1)
        self.content.addWidget(self.blank, 1)
        self.blank.hide()

    # ---- reading

    @override
    def touched_by(self, changes: Changes) -> bool:
        touched = super().touched_by(changes)
        if touched:
            self.reader.touch(changes)
        return touched

    @override
    def load(self) -> None:
        self.reader.read()

    def _show(self, loaded: Loaded) -> None:
        self._rows = loaded.rows
        self.export.school = loaded.school
        self.table.keep_ticks(row.uuid for row in loaded.rows)
        here, place = self.table.current_row(), self.table.current_place()
        self._refilter()
        rows = self.table.rows
        if here is not None and rows and here.uuid not in {row.uuid for row in rows}:
            self.table.set_current(rows[min(place, len(rows) - 1)].uuid)  # who was there has gone
        self._show_blank()
        self.reader.do_what_waits(in_front=self.isVisible())
        self._write_on()

    @property
    def _day(self) -> date | None:
        """The day that is looked at, None for today."""
        return self.reader.day

    # ---- what is wanted

    def _now_wanted(self) -> Wanted:
        return self._wanted

    def _count(self, wanted: Wanted) -> int | None:
        unknown = self.reader.is_reading and wanted.conditions.of_situation
        return None if unknown else len(wanted.rows(self._rows))

    def show_wanted(self, wanted: Wanted) -> None:
        """Narrow the list down to this."""
        self._wanted = wanted
        if self.header.search is not None and self.header.search.text() != wanted.text:
            self.header.search.setText(wanted.text)
        self._refilter()

    def _typed(self, text: str) -> None:
        self._wanted = replace(self._wanted, text=text)
        self._search()

    def _refilter(self) -> None:
        self._base = self._wanted.base(self._rows)
        plain = Wanted(self._wanted.view, self._wanted.view.conditions)
        count = self._count(plain) if plain != self._wanted or self.reader.is_reading else len(self._base)
        self.bar.set_view(plain.view.name if count is None else f"{plain.view.name} {count}")
        on_ledger = sum([row.registered for row in self._rows])
        day = f"{self._day.isoformat()} " if self._day else ""
        narrow = self.breakpoint is Breakpoint.NARROW
        self.header.set_fact(f"{on_ledger} 名" if narrow else f"{day}在册 {on_ledger} 名儿童")
        self._search()

    def _search(self) -> None:
        text = self._wanted.text.strip()
        found = find(self._base, text)
        self.table.set_marks(self._marks if text else None)
        self.table.set_rows(found.rows)
        long, short = found_words(found, text)
        if self.reader.is_reading and (text or self._wanted.conditions.of_situation):
            long = short = READING  # more may be found
        self.bar.show_wanted(self._wanted, self._rows, long=long, short=short)
        self._export.setEnabled(bool(found.rows))
        self._show_nobody()
        self._show_foot()

    def _marks(self, row: LedgerRow, column: str) -> Sequence[int]:
        return marks(row, column, self._wanted.text)

    def _show_nobody(self) -> None:
        nobody = not self.table.rows and bool(self._rows) and not self.reader.is_reading
        if nobody:
            say_nobody_fits(self.nobody, self._wanted, self._rows, self.show_wanted)
        self.stack.setCurrentWidget(self.nobody if nobody else self.table)

    def _show_blank(self) -> None:
        blank = not self._rows and self._day is None
        if blank:
            say_ledger_is_empty(self.blank, self.context, self.add_child)
        self.sheet.setVisible(not blank)
        self.blank.setVisible(blank)
        if not self.context.read_only:
            self._add.setVisible(not blank)  # the ways have their own, and one of them is the filled button
        if blank:
            self.header.set_fact("")
            self.focus_first()
        if self.header.search is not None:
            self.header.search.setVisible(not blank)

    # ---- the foot

    def _show_foot(self) -> None:
        ticked = self.table.ticked_keys()
        gap = "" if self.reader.is_reading else self._wanted.gap_words(self._rows)
        if self._told_export:
            self.foot.show_only(self.export.bar)
        elif ticked:
            chosen = [row for row in self._rows if row.uuid in ticked]
            hidden = len(chosen) - len(self.table.ticked_rows())
            self.selection.show_chosen(chosen, hidden)
            self.selection.set_writable(self._day is None, read_only=self.context.read_only)
            self.foot.show_only(self.selection)
        elif gap and self.table.rows:
            self.gap_bar.show_gap(gap, len(self.table.rows))
            self.foot.show_only(self.gap_bar)
        else:
            self.foot.show_only(None)

    def untick(self) -> None:
        """Let go of the selection."""
        self.table.set_ticked(())
        self.table.setFocus()

    def _show_export(self) -> None:
        self._told_export = True
        self._show_foot()

    def _close_export(self) -> None:
        """The file was named; the next tick, or 知道了, makes room."""
        self._told_export = False
        self._show_foot()

    # ---- verbs

    def _chosen(self) -> list[LedgerRow]:
        """The ticked children; without ticks the ones shown."""
        ticked = self.table.ticked_keys()
        return [row for row in self._rows if row.uuid in ticked] if ticked else list(self.table.rows)

    def _open(self, row: LedgerRow) -> None:
        self.context.navigation.open_child(row.uuid, among=tuple(one.uuid for one in self.table.rows))

    def fill_gaps(self) -> None:
        """From child to child through those of the chosen ones that lack something (F3)."""
        if self.reader.waits(self.fill_gaps):
            return
        lacking = tuple(row.uuid for row in self._chosen() if row.situation.gaps)
        if lacking:
            self.context.navigation.open_child(lacking[0], among=lacking)

    def print_files(self) -> None:
        """The archive sheets of the ticked children, or of everybody shown: once everybody who fits is."""
        uuids = () if self.reader.waits(self.print_files) else tuple(row.uuid for row in self._chosen())
        if not uuids:
            return
        self.context.navigation.open_page("printing", uuids=uuids, words=self._scope(), day=self._day)

    def _scope(self) -> str:
        if self.table.ticked_keys():
            return f"选出的 {len(self._chosen())} 名"
        return self._wanted.scope_words(self._rows)

    def _export_shown(self) -> None:
        if not self.reader.waits(self._export_shown):
            self._order([row.uuid for row in self.table.rows], self._wanted.scope_words(self._rows))

    def _export_ticked(self) -> None:
        if not self.reader.waits(self._export_ticked):
            self._order([row.uuid for row in self._chosen()], self._scope())

    def _order(self, uuids: list[str], scope: str) -> None:
        if uuids and self.reader.loaded is not None and not self.export.busy:
            self.export.ask(ExportOrder(tuple(uuids), scope, self.reader.loaded.day))

    def add_child(self) -> None:
        """加一名儿童: search before create."""
        if self.context.read_only or self._day is not None:
            return
        if self.reader.waits(self.add_child) or self.reader.loaded is None:
            return
        panel = AddPanel(self.context, self.reader.loaded, self.context.dialogs.window)
        draft = self.context.drafts.take_wanted(Form.ADD_CHILD)
        if draft is not None:
            panel.resume(draft)
        self.context.dialogs.open_panel(panel, partial(self._added, panel))

    def _added(self, panel: AddPanel, key: str) -> None:
        if key == "grid":
            self.context.navigation.open_page("entry")
        elif key == "open":
            self.context.navigation.open_child(panel.opened)
        elif key == "save" and panel.draft is not None and panel.changes is not None:
            navigation, action = self.context.navigation, panel.changes.action_uuid
            navigation.open_child(panel.draft.uuid)
            navigation.toast(panel.changes.words, partial(self.context.undo, action))

    def change_several(self) -> None:
        """改一批: one thing for all ticked children."""
        if not self.reader.waits(self.change_several):
            self.bulk.ask(self._chosen())

    def _write_on(self) -> None:
        """接着写: the panel in which something was left."""
        if self.context.drafts.wants(Form.ADD_CHILD):
            self.add_child()
        if self.reader.loaded is not None and self._day is None and not self.context.read_only:
            self.context.drafts.reopen({Form.BULK: self.bulk.again})

    def _to_bin(self) -> None:
        rows = self._chosen()
        if rows:
            self.bin.ask(rows)

    def _merge(self) -> None:
        """Two ticked files beside each other."""
        rows = self._chosen()
        self.merging.ask(rows[0].uuid, rows[1].uuid)

    def _other_day(self) -> None:
        """What is changed, is changed as of today."""
        self.bar.set_day(self.as_of.words)
        self.set_banner("day", self.as_of.banner())
        self._add.setEnabled(self._day is None)
        self._import.setEnabled(self._day is None)
        self.reload()

    # ---- columns

    def _ask_columns(self) -> None:
        shown = [column.key for column in chosen_columns(self.context.settings.value.columns)]
        panel = ColumnPanel(self.context.dialogs.window, shown)
        self.context.dialogs.open_panel(panel, partial(self._columns_chosen, panel))

    def _columns_chosen(self, panel: ColumnPanel, key: str) -> None:
        if key == "use":
            self.context.settings.change(columns=panel.chosen_keys)
            self.table.set_columns(chosen_columns(panel.chosen_keys))

    # ---- from elsewhere

    @override
    def open_with(self, **params: Any) -> None:
        """Take `add=True`, or what to show: a view's name, one code per facet, `gap`, `find`, `uuids` with `words`, `day`."""
        if params.pop("add", False):
            self.add_child()
            return
        if "day" in params:
            self.as_of.look_at(params.pop("day"))
        view = self.views.find(str(params.pop("view", ""))) or SHIPPED[0]
        wanted = Wanted(view, view.conditions, text=str(params.pop("find", "")))
        uuids, words = params.pop("uuids", None), str(params.pop("words", ""))
        if uuids is not None:
            wanted = replace(wanted, picked=Picked(words or f"这 {len(uuids)} 名", frozenset(uuids)))
        if gap := params.pop("gap", ""):
            params["data"] = gap_choice(str(gap))
        for key, code in params.items():
            wanted = wanted.with_conditions(wanted.conditions.having(key, str(code)))
        self.show_wanted(wanted)

    # ---- window and keys

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        narrow = breakpoint_ is Breakpoint.NARROW
        self.table.set_narrow(narrow)
        self.bar.set_narrow(narrow)
        self.selection.set_narrow(narrow)
        self._refilter()

    def _to_list(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def focus_first(self) -> None:
        self._write_on()
        ways = cast("list[Button]", self.blank.findChildren(Button))
        filled = [one for one in ways if one.is_filled() and self.blank.isVisible()]
        (filled[0] if filled else self.table).setFocus()

    @override
    def foot_height(self) -> int:
        return self.foot.height() if self.foot.isVisible() else 0

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.table,)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.table.ticked_keys():
            self.untick()
        else:
            super().keyPressEvent(event)
