"""The statistics page: classes in a table, every split beside it, each figure a way to the names behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.school.queries import school_calendar
from app.statistics.members import Overview, overview
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.pages.statistics.figures import ClassRow, Figure, Group, class_rows, groups
from ui.shell.page import Page
from ui.theme import Breakpoint, Tone, Type
from ui.widgets import (
    Bar,
    Cell,
    Column,
    DataTable,
    EmptyState,
    FilterChip,
    Menu,
    Rule,
    Scroll,
    Segments,
    Sheet,
    Text,
    paint,
)
from ui.widgets.day_panel import DayChoice, DayPanel, choice_words, day_choices
from ui.widgets.layout import column, empty_out, holder, row
from ui.widgets.slices import Slices
from ui.widgets.text import ListedLink
from ui.wording import day_words


def _read(store: Store, day: date, today: date) -> tuple[Overview, list[DayChoice]]:
    """Return the figures of ``day`` and the days worth offering."""
    return overview(store, day), day_choices(school_calendar(store), today)


def _number(value: int, chosen: ClassRow) -> Cell:
    return Cell(str(value), Tone.INK if value else Tone.INK3, bold=chosen.is_sum)


def _columns() -> list[Column]:
    def figure(key: str, head: str, cell: Callable[[ClassRow], Cell], sample: str = "4897") -> Column:
        return Column(key, head, cell, sample, number=True)

    return [
        Column("name", "班级", _name, "三（12）班", sort=_by_place, frozen=True),
        figure("pupils", "学生", lambda r: _number(r.pupils, r)),
        Column("total", "留守", _total, "4897", link=True, number=True),
        figure("share", "占比", lambda r: Cell(r.share, Tone.INK2), "100.0%"),
        figure("boys", "男", lambda r: _number(r.boys, r)),
        figure("girls", "女", lambda r: _number(r.girls, r)),
        figure("both", "双亲", lambda r: _number(r.both, r)),
        figure("one", "单亲", lambda r: _number(r.one, r)),
        figure("none", "均未外出", lambda r: _number(r.none, r)),
        figure("unknown", "未采集", _unknown),
    ]


def _name(chosen: ClassRow) -> Cell:
    return Cell(chosen.name, bold=True)


def _total(chosen: ClassRow) -> Cell:
    return Cell(str(chosen.total), bold=True, link=bool(chosen.uuids))


def _unknown(chosen: ClassRow) -> Cell:
    return Cell(str(chosen.unknown), Tone.OCHRE if chosen.unknown else Tone.INK3, bold=chosen.is_sum)


def _by_place(chosen: ClassRow) -> int:
    return chosen.sort


class StatisticsPage(Page):
    """Figures of one day. The day is today unless another one was chosen."""

    areas = frozenset({"children", "school", "classes", "calendar", "calls"})
    turns_with_day = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, "统计")
        m = theme.metrics()
        self._day: date | None = None
        self._bare = False
        self._choices: list[DayChoice] = []
        self._latest = context.jobs.latest(self)
        self._slices = Slices(self)
        self._links: list[ListedLink] = []
        self._chip = FilterChip("看哪天", self._fill_days)
        self._chip.cleared.connect(self._look_at_today)
        self.header.add(self._chip)
        self.table = DataTable(_columns())
        self.table.link_pressed.connect(self._open_class)
        self.table.opened.connect(self._open_row)
        self._side = Scroll(gap=m.s4, margins=(m.s12, 0, m.s12, m.s12))
        self._sheet = Sheet(self.table)
        self._parts = Segments([("classes", "分班"), ("splits", "分项")])
        self._parts.changed.connect(self._arrange)
        self._parts.hide()
        self.content.addWidget(self._parts)
        self._body = row(self._sheet, self._side, gap=m.s8)
        self._body.setStretch(0, 1)
        self._side.setMinimumWidth(m.side)
        self._side.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        self.content.addLayout(self._body, 1)
        self._empty = EmptyState(
            "还没有可以统计的",
            "把孩子登记进来，各班的人数在设置的「班级」里写上，这里就有数。",
            link="去台账",
            on_link=partial(self.context.navigation.open_page, "ledger"),
        )
        self._empty.hide()
        self.content.addWidget(self._empty, 1)

    # ---- loading

    @override
    def load(self) -> None:
        today = self.context.clock.today()
        self._latest.run(_read, self.context.store, self._day or today, today, on_done=self._show)

    def _show(self, answer: tuple[Overview, list[DayChoice]]) -> None:
        found, self._choices = answer
        self.header.set_fact(f"截至 {found.statistics.as_of.isoformat()}，{found.statistics.term}")
        rows = class_rows(found)
        self._bare = all(one.is_sum and not one.uuids for one in rows)
        self.table.set_rows(rows)
        empty_out(self._side.box)
        self._links = []
        self._slices.begin(self._fill_side(groups(found)))
        self._arrange()

    @property
    @override
    def is_whole(self) -> bool:
        return self._slices.is_done

    def _fill_side(self, found: Sequence[Group]) -> Iterator[None]:
        for place, group in enumerate(found):
            self._add_group(group, first=place == 0)
            yield
        self._side.box.addStretch(1)

    def _add_group(self, group: Group, *, first: bool) -> None:
        m = theme.metrics()
        if not first:
            self._side.box.addSpacing(m.s8)
            self._side.box.addLayout(
                row(Rule(), m.s4)
            )  # as far as the figures, whose links keep room for a ring
            self._side.box.addSpacing(m.s8)
        self._side.box.addWidget(Text(group.title, Type.SECTION))
        self._side.box.addWidget(Text(group.note, Type.SMALL, Tone.INK2, wrap=True))
        most = max((figure.number for figure in group.figures), default=0)
        for figure in group.figures:
            self._side.box.addWidget(self._line(group, figure, most))
        if not group.figures:
            self._side.box.addWidget(Text("没有。", Type.BODY, Tone.INK3))

    def _line(self, group: Group, figure: Figure, most: int) -> QWidget:
        """One figure of a group, whose greatest is `most`: shares and numbers each stand in a column."""
        m = theme.metrics()
        number: QWidget
        if figure.uuids:
            words = f"{group.title}：{figure.words}"
            number = ListedLink(f"{figure.number} 名", partial(self._open, words, figure.uuids), self._links)
            number.setAccessibleName(f"{words} {figure.number} 名，上下键换一项")
        else:
            number = Text(f"{figure.number} 名", Type.BODY, Tone.INK if figure.number else Tone.INK3)
            number.setContentsMargins(m.s4, 0, m.s4, 0)  # as a link has them: all figures end at one edge
        ending = holder(row(None, number))
        ending.setFixedWidth(paint.text_width(f"{most} 名", theme.font(Type.BODY)) + m.s8)
        top = row(
            Text(figure.words, Type.BODY, Tone.INK, wrap=True),
            None,
            Text(figure.aside, Type.SMALL, Tone.INK3),
            ending,
            gap=m.s8,
        )
        if figure.part is None:
            return holder(top)
        return holder(column(top, row(Bar(figure.part), m.s4), gap=m.s2, margins=(0, 0, 0, m.s4)))

    # ---- the names behind a figure

    def _open(self, words: str, uuids: Sequence[str], *_: Any) -> None:
        self.context.navigation.open_page("ledger", uuids=tuple(uuids), words=words, day=self._day)

    def _open_class(self, chosen: ClassRow, _key: str) -> None:
        self._open_row(chosen)

    def _open_row(self, chosen: ClassRow) -> None:
        if chosen.uuids:
            self._open(chosen.name, chosen.uuids)

    # ---- the day

    def _fill_days(self, menu: Menu) -> None:
        today = self.context.clock.today()
        menu.add("今天", partial(self._look_at, None), ticked=self._day is None)
        for choice in self._choices:
            menu.add(
                choice_words(choice, today),
                partial(self._look_at, choice.day),
                ticked=self._day == choice.day,
            )
        menu.line()
        menu.add("别的一天…", self._ask_day)

    def _look_at_today(self) -> None:
        self._look_at(None)

    def _ask_day(self) -> None:
        panel = DayPanel(self, self.context.clock)
        self.context.dialogs.open_panel(panel, partial(self._day_answered, panel))

    def _day_answered(self, panel: DayPanel, verb: str) -> None:
        if verb == "look" and panel.day is not None:
            self._look_at(panel.day)

    def _look_at(self, day: date | None, *_: Any) -> None:
        today = self.context.clock.today()
        self._day = None if day == today else day
        self._chip.set_choice("" if self._day is None else day_words(self._day, today))
        self.reload()

    # ---- narrow, wide

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        narrow = breakpoint_ is Breakpoint.NARROW
        m = theme.metrics()
        self._body.setStretch(1, int(narrow))
        self._side.setMinimumWidth(0 if narrow else m.side)
        self._arrange()

    def _arrange(self, *_: Any) -> None:
        narrow, filled = self.breakpoint is Breakpoint.NARROW, not self._bare
        self._empty.setVisible(self._bare)
        self._parts.setVisible(narrow and filled)
        self._sheet.setVisible(filled and (not narrow or self._parts.current == "classes"))
        self._side.setVisible(filled and (not narrow or self._parts.current == "splits"))

    @override
    def focus_first(self) -> None:
        self.table.setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.table, self._side)
