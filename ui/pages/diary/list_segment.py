"""记录: every record, newest first, narrowed by chips or found by a word in its text."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.diary.codes import Activity
from app.diary.facts import RecordLine
from app.diary.importing.parked import RECORDS
from app.diary.queries import RecordFilters, count_records, records
from app.storage.store import Store
from ui.context import Context
from ui.pages.diary.list_columns import record_columns
from ui.pages.diary.list_filters import Choices, RecordFilterBar, read_choices
from ui.pages.diary.list_search import PAGE, Search
from ui.pages.diary.register_panel import filters_in_words
from ui.pages.diary.segment import Segment
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import Banner, Button, DataTable, EmptyState, Sheet, Way

Found = tuple[tuple[RecordLine, ...], int]


class ListSegment(Segment):
    """The list itself. It reads on as it is scrolled, and shows the first hits of a search while the rest is looked through."""

    areas: ClassVar[frozenset[str]] = frozenset({"diary", "children", "pairing", "school"})

    def __init__(self, context: Context, host: Page) -> None:
        super().__init__(context, host)
        self._reading = context.jobs.latest(self)
        self._words = ""
        self._asked: tuple[str, RecordFilters] | None = None
        self._search: Search | None = None
        self._waiting = 0
        self._total = 0
        self._is_all = True
        self._is_on_the_way = False
        self.bar = RecordFilterBar()
        self.bar.changed.connect(self._narrowed)
        self.table = DataTable(record_columns(context.clock.today()), two_lines=True)
        self.table.opened.connect(self._open)
        self.table.left_upwards.connect(self._focus_search)
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.empty = EmptyState()
        self.out = Button(
            "打印、导出…",
            self._to_registers,
            icon="print",
            tool_tip="导出登记册、打印记录表：就是现在列出的这些",
        )
        self.bring = Button(
            "导入…",
            partial(context.navigation.open_page, "importing_records"),
            icon="arrow_import",
            tool_tip="导入以前的记录：谈心、家访等登记表（Excel）",
        )
        self.bring.setEnabled(not context.read_only)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.sheet = Sheet(self.bar, self.stack)
        self.sheet.box.setStretchFactor(self.stack, 1)
        self.box.addWidget(self.sheet, 1)

    # ---- asked for

    @override
    def open_with(self, **params: Any) -> None:
        """Filters from elsewhere: `child` (with `name`), `kind`, `supporter`, `school_class`, `since`, `until`, `late`."""
        if not params:
            return
        kind = params.get("kind")
        filters = RecordFilters(
            child_uuid=params.get("child"),
            kinds=frozenset({Activity(kind)}) if kind else frozenset(),
            supporter_uuid=params.get("supporter"),
            class_uuid=params.get("school_class"),
            since=params.get("since"),
            until=params.get("until"),
            late=bool(params.get("late")),
        )
        self.bar.show_filters(filters, child_name=params.get("child_name", ""))
        self.is_stale = True
        self.reload()

    def entry_params(self) -> dict[str, Any]:
        """What 记一条 begins with: the child and the kind the list is narrowed to."""
        filters = self.bar.filters
        found: dict[str, Any] = {"child": filters.child_uuid} if filters.child_uuid else {}
        if len(filters.kinds) == 1:
            found["kind"] = next(iter(filters.kinds)).value
        return found

    def search(self, words: str) -> None:
        """Look for words in the texts; none shows the list again."""
        self._words = words.strip()
        self.load()

    @override
    def load(self) -> None:
        self.context.read(read_choices, self.context.clock.today(), on_done=self._take_choices)
        self.context.read(RECORDS.count, on_done=self._say_waiting)
        self._is_on_the_way = True
        if self._words:
            self._begin_search()
        else:
            self._search = self._asked = None
            most = max(PAGE, len(self.table.rows))
            self._reading.run(_read, self.context.store, self.bar.filters, most, on_done=self._show)

    def _say_waiting(self, count: int) -> None:
        """Rows of an import that nobody has decided on are not forgotten."""
        self._waiting = count
        self._show_waiting()

    def _show_waiting(self) -> None:
        banner = None
        if self._waiting and self.isVisible() and not self.context.read_only:
            words = f"导入以前的记录时，有 {self._waiting} 行放着待处理，还没有进日记。"
            go = partial(self.context.navigation.open_page, "importing_records", part="parked")
            banner = Banner(words, icon="info", link="看待处理的记录", on_link=go)
        self.host.set_banner("waiting", banner)

    def _take_choices(self, choices: Choices) -> None:
        self.bar.set_choices(choices)
        self.bar.show_filters(self.bar.filters, child_name=self.bar.child_name)

    def _narrowed(self) -> None:
        self.table.set_rows([])
        self.load()

    # ---- the list

    def _show(self, found: Found) -> None:
        lines, self._total = found
        self._is_on_the_way = False
        self._is_all = len(lines) >= self._total
        self.table.set_rows(lines)
        self._say()

    def _scrolled(self, value: int) -> None:
        bar = self.table.verticalScrollBar()
        near = value >= bar.maximum() - self.table.viewport().height()
        if not near or self._is_all or self._is_on_the_way or not self.table.rows:
            return
        self._is_on_the_way = True
        store = self.context.store
        if self._search is not None:
            self._reading.run(self._search.read_on, store, on_done=self._show_more_hits)
        else:
            before = self.table.rows[-1]
            filters = self.bar.filters
            self._reading.run(records, store, filters, limit=PAGE, before=before, on_done=self._show_more)

    def _show_more(self, lines: tuple[RecordLine, ...]) -> None:
        self._add(lines, is_all=len(lines) < PAGE)

    def _add(self, lines: tuple[RecordLine, ...], *, is_all: bool) -> None:
        self._is_on_the_way = False
        self._is_all = is_all
        self.table.set_rows([*self.table.rows, *lines])
        self._say()

    # ---- hits

    def _begin_search(self) -> None:
        """Look for the words from the start; what the same search has found before stays until this one is whole."""
        asked = (self._words, self.bar.filters)
        if asked != self._asked:
            self.table.set_rows([])
        self._asked = asked
        self._is_all = False
        self._search = Search(self.context.store, *asked, again=len(self.table.rows))
        self._look_on(self._search)

    @property
    def _walks(self) -> bool:
        """She goes through the list: its order is not to change beneath her."""
        return self.table.current_place() > 0 or self.table.scrolled_to() > 0

    def _look_on(self, search: Search) -> None:
        by_day = search.is_again or not self._walks
        self._reading.run(
            search.look_on,
            self.context.store,
            by_day=by_day,
            on_done=partial(self._show_hits, search),
            on_error=self.context.errors.catching(partial(self._broke_off, search)),
        )

    def _broke_off(self, search: Search) -> None:
        """Nobody looks any more; 再试一次 goes on where it stopped."""
        self.bar.count.setText(f"找到 {len(search.hits)} 条，没有找完")

    def _show_hits(self, search: Search, lines: tuple[RecordLine, ...]) -> None:
        if not search.is_whole:
            if lines:
                self.table.set_rows([*self.table.rows, *lines])
                self.stack.setCurrentWidget(self.table)
            self.bar.count.setText(f"找到 {len(search.hits)} 条，还在找…")
            self._look_on(search)
            return
        to_top = not (search.is_again or self._walks)
        self._is_on_the_way = False
        self._is_all = search.is_listed
        self.table.set_rows(lines)
        if to_top and lines:
            self.table.set_current(lines[0].uuid)
        self._say()

    def _show_more_hits(self, lines: tuple[RecordLine, ...]) -> None:
        self._add(lines, is_all=self._search is None or self._search.is_listed)

    # ---- said

    def _say(self) -> None:
        shown = len(self.table.rows)
        count = f"找到 {len(self._search.hits)} 条" if self._search is not None else f"{self._total} 条"
        self.bar.count.setText(count if self._is_all else f"{count}，往下翻接着列")
        if shown:
            self.stack.setCurrentWidget(self.table)
        else:
            self._say_empty()
            self.stack.setCurrentWidget(self.empty)
        self.say_fact()

    def _say_empty(self) -> None:
        if self._words or self.bar.is_on:
            narrowed = "、".join(f"{chip.text()}" for chip in self.bar.chips if chip.choice)
            looked = f"文字里有「{self._words}」" if self._words else ""
            asked = "，".join(part for part in (looked, narrowed) if part)
            link = "去掉筛选，全部列出" if self.bar.is_on else ""
            self.empty.set_words(
                "没有这样的记录", f"现在找的是：{asked}。", link=link, on_link=self.bar.drop_all
            )
            return
        go = self.context.navigation.open_page
        ways = [
            Way(
                "edit",
                "做了就记",
                "谈心、家访、辅导，一条几十秒。",
                "记一条",
                partial(go, "record"),
                filled=True,
            ),
            Way(
                "table",
                "一周一起记",
                "一个班一张表，一行一名。",
                "按周登记",
                partial(go, "diary", part="week"),
            ),
            Way(
                "arrow_import",
                "以前有登记表",
                "Excel 里的谈心、家访记录，一次读进来。",
                "导入以前的记录",
                partial(go, "importing_records"),
            ),
        ]
        self.empty.set_words(
            "还没有记录", "记下的谈心、家访、辅导都在这里。", ways=() if self.context.read_only else ways
        )

    @override
    def fact(self) -> str:
        return f"{self._total} 条记录" if self._total and not self._words and not self.bar.is_on else ""

    @override
    def verbs(self) -> tuple[Button, ...]:
        return (self.bring, self.out)

    def _to_registers(self) -> None:
        """What the list is narrowed to, as a workbook or on sheets."""
        asked = filters_in_words(self.bar.filters, self.bar.child_name)
        self.context.navigation.open_page("registers", **asked)

    # ---- keys and window

    def _open(self, line: RecordLine) -> None:
        self.context.navigation.open_page("record", uuid=line.uuid)

    def _focus_search(self) -> None:
        if self.host.header.search is not None:
            self.host.header.search.setFocus()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_waiting()

    @override
    def leave(self) -> None:
        super().leave()
        self.host.set_banner("waiting", None)

    @override
    def focus_first(self) -> None:
        self.table.setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.bar.kind, self.table)

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        narrow = breakpoint_ is Breakpoint.NARROW
        self.table.set_narrow(narrow)
        for chip in (self.bar.tags, self.bar.more):
            chip.setVisible(not narrow or bool(chip.choice))


def _read(store: Store, filters: RecordFilters, limit: int) -> Found:
    return records(store, filters, limit=limit), count_records(store, filters)
