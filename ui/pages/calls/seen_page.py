"""通话情况: who waits how long, who was not reached this month, per class and week; every figure opens its names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.calls.seen import CallSpan, CallWait, ClassCalls, NeverReached, Seen, seen
from ui.context import Context
from ui.pages.calls.table_stack import TableStack
from ui.shell.page import Page
from ui.theme import Breakpoint, Tone
from ui.widgets import (
    Cell,
    Column,
    DataTable,
    FilterBar,
    FilterChip,
    Menu,
    Segments,
    Sheet,
    Text,
)

WAITS, CLASSES, WEEKS, NEVER = "waits", "classes", "weeks", "never"
MONTH, WEEK, NEVER_THROUGH, APART = "month", "week", "never_through", "apart"
_VIEWS = {MONTH: "本月没接通", WEEK: "本周没接通", NEVER_THROUGH: "从没打通过", APART: "现在不想打"}
_NAME = "买买提·阿卜杜热西提"
_LONG_DAYS = 31
"""Longer than a month without a call that got through is said in ochre."""


class ShownWeek(Struct, frozen=True):
    """A week of the term with its number."""

    number: int
    span: CallSpan


def _waited(row: CallWait) -> Cell:
    words = f"{row.days} 天" if row.last_on else "还没有打通过"
    tone = Tone.OCHRE if row.days >= _LONG_DAYS or not row.last_on else Tone.INK
    return Cell(words, tone, bold=tone is Tone.OCHRE)


def _last_try(row: CallWait) -> str:
    return f"{row.tried_on[5:]} {row.last_try.label}" if row.tried_on and row.last_try else ""


def _log_verb(_row: CallWait) -> Cell:
    return Cell("记通话", Tone.ACCENT, link=True)


def _wait_columns() -> list[Column]:
    return [
        Column("name", "姓名", lambda r: Cell(r.child_name, bold=True), sample=_NAME, frozen=True),
        Column("class", "班级", lambda r: r.class_name, sample="三（2）班", sort=lambda r: r.class_sort),
        Column(
            "last",
            "上次接通",
            lambda r: r.last_on or "—",
            sample="2026-11-06",
            sort=lambda r: r.last_on or "",
        ),
        Column("days", "已隔", _waited, sample="还没有打通过", sort=lambda r: r.days, number=True),
        Column(
            "tries",
            "之后没打通",
            lambda r: f"{r.tries} 次" if r.tries else "",
            sample="之后没打通",
            sort=lambda r: r.tries,
            number=True,
        ),
        Column("try", "最近一次", _last_try, sample="11-06 学生缺席", essential=False),
        Column("call", "", _log_verb, sample="记通话", link=True),
    ]


def _class_columns() -> list[Column]:
    return [
        Column("name", "班级", lambda r: Cell(r.class_name, bold=True), sample="三（2）班", frozen=True),
        Column("all", "在册", lambda r: f"{len(r.children)} 名", sample="118 名", number=True),
        Column("week", "本周接通", lambda r: f"{len(r.week)} 名", sample="本周接通", number=True),
        Column("month", "本月接通", lambda r: f"{len(r.month)} 名", sample="本月接通", number=True),
        Column("left", "本月没接通", _class_left, sample="本月没接通", number=True),
        Column(
            "longest", "等得最久", lambda r: f"{r.longest.child_name}　{r.longest.words}", sample=_NAME * 2
        ),
    ]


def _class_left(row: ClassCalls) -> Cell:
    left = len(row.left)
    return Cell(f"{left} 名", Tone.OCHRE if left else Tone.INK2, bold=bool(left))


def _week_columns() -> list[Column]:
    return [
        Column("name", "周", lambda r: Cell(f"第 {r.number} 周", bold=True), sample="第 20 周", frozen=True),
        Column(
            "days", "日期", lambda r: f"{r.span.first:%m-%d} 至 {r.span.last:%m-%d}", sample="11-16 至 11-22"
        ),
        Column("planned", "排了", lambda r: f"{r.span.planned} 名次", sample="118 名次", number=True),
        Column("tries", "拨打", lambda r: f"{r.span.attempts} 次", sample="118 次", number=True),
        Column("through", "接通", lambda r: f"{r.span.connected} 次", sample="118 次", number=True),
        Column("children", "接通儿童", lambda r: f"{len(r.span.reached)} 名", sample="接通儿童", number=True),
        Column(
            "failed",
            "家里没打通",
            lambda r: f"{r.span.failed} 次" if r.span.failed else "",
            sample="家里没打通",
            number=True,
        ),
    ]


def _never_columns() -> list[Column]:
    return [
        Column(
            "name",
            "家长",
            lambda r: Cell(f"{r.relation} {r.who}".strip(), bold=True),
            sample="外祖父 " + _NAME,
            frozen=True,
        ),
        Column("children", "孩子", lambda r: "、".join(r.names), sample=_NAME * 2),
        Column(
            "tries", "打了", lambda r: f"{r.tries} 次", sample="12 次", sort=lambda r: r.tries, number=True
        ),
        Column("last", "最近一次", lambda r: f"{r.tried_on[5:]} {r.last_try.label}", sample="11-06 语言不通"),
    ]


class SeenPage(Page):
    """Four tables over one reading; a class and a week open the names behind them."""

    areas = frozenset({"calls", "children", "school"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "通话情况", back="亲情电话")
        self._seen: Seen | None = None
        self._view = MONTH
        self._class = ""
        self._names: frozenset[str] | None = None
        self._names_words = ""
        self._reading = context.jobs.latest(self)
        self.parts = Segments(
            [(WAITS, "名单"), (CLASSES, "按班级"), (WEEKS, "按周"), (NEVER, "没打通过的家长")]
        )
        self.parts.setAccessibleName("看什么")
        self.parts.changed.connect(self._show_part)
        self.view = FilterChip("谁", self._offer_views)
        self.view.cleared.connect(partial(self._choose_view, ""))
        self.of_class = FilterChip("班级", self._offer_classes)
        self.of_class.cleared.connect(partial(self._choose_class, ""))
        self.count = Text("", tone=Tone.INK2)
        self.bar = FilterBar(self.view, self.of_class, None, self.count)
        self.tables = self.stack = TableStack(
            {WAITS: self._waits, CLASSES: self._classes, WEEKS: self._weeks, NEVER: self._never}
        )
        self.sheet = Sheet(self.bar, self.stack)
        self.sheet.box.setStretchFactor(self.stack, 1)
        self.content.addWidget(self.parts)
        self.content.addWidget(self.sheet, 1)

    def _waits(self) -> DataTable:
        table = DataTable(_wait_columns(), key=_child_key)
        table.opened.connect(self._open_child)
        table.link_pressed.connect(self._open_call)
        return table

    def _classes(self) -> DataTable:
        table = DataTable(_class_columns(), key=_class_key)
        table.opened.connect(self._open_class)
        return table

    def _weeks(self) -> DataTable:
        table = DataTable(_week_columns(), key=_week_key)
        table.opened.connect(self._open_week)
        return table

    def _never(self) -> DataTable:
        table = DataTable(_never_columns(), key=_person_key)
        table.opened.connect(self._open_parent)
        return table

    # ---- read

    @override
    def load(self) -> None:
        self._reading.run(seen, self.context.store, self.context.clock.today(), on_done=self._show)

    def _show(self, found: Seen) -> None:
        self._seen = found
        self.parts.set_words(NEVER, f"没打通过的家长 {len(found.never)}")
        first = len(found.weeks)
        self.tables.set_rows(CLASSES, found.classes)
        self.tables.set_rows(
            WEEKS, [ShownWeek(first - place, span) for place, span in enumerate(reversed(found.weeks))]
        )
        self.tables.set_rows(NEVER, found.never)
        apart = len(found.apart_this_month)
        words = f"本月接通 {len(found.month.reached)} 名，没接通 {len(found.not_yet_this_month)} 名"
        self.header.set_fact(f"{words}，{apart} 名现在不想打" if apart else words)
        self._filter()

    def _filter(self) -> None:
        if self._seen is None:
            return
        found = self._seen
        rows: Sequence[CallWait] = found.waits
        if self._view == MONTH:
            rows = found.not_yet_this_month
        elif self._view == WEEK:
            wanted = set(found.week.not_reached)
            rows = [one for one in rows if one.child_uuid in wanted]
        elif self._view == NEVER_THROUGH:
            rows = found.never_through
        elif self._view == APART:
            rows = found.apart
        if self._class:
            rows = [one for one in rows if one.class_name == self._class]
        if self._names is not None:
            rows = [one for one in rows if one.child_uuid in self._names]
        self.view.set_choice(self._names_words or _VIEWS.get(self._view, ""))
        self.of_class.set_choice(self._class)
        self.tables.set_rows(WAITS, rows)
        self.count.setText(f"{len(rows)} 名，等得最久的在前")
        self._show_part(self.parts.current)

    def _show_part(self, key: str) -> None:
        self.bar.setVisible(key == WAITS and self._has_children)
        if self._seen is None:
            return
        go = self.context.navigation.open_page
        if not self._has_children:
            self.stack.say(
                "台账还是空的",
                "先把孩子登记进来，再打亲情电话。",
                link="去台账",
                on_link=partial(go, "ledger"),
            )
            return
        sentences: dict[str, tuple[str, str, Callable[[], object]]] = {
            WAITS: ("这里没有人：都接通过了，或者换一个条件看看。", "看全部在册", self._show_everybody),
            CLASSES: ("还没有一个儿童在班。", "去台账", partial(go, "ledger")),
            WEEKS: ("这个学期还没有开始。", "看校历", partial(go, "settings", section="calendar")),
            NEVER: ("打过的家长都接通过。", "去亲情电话", partial(go, "calls")),
        }
        sentence, link, act = sentences[key]
        self.stack.show_list(key, sentence, link=link, on_link=act)

    @property
    def _has_children(self) -> bool:
        return self._seen is None or bool(self._seen.waits or self._seen.apart)

    def _show_everybody(self) -> None:
        self._class = ""
        self._choose_view("")

    # ---- which of them

    def _offer_views(self, menu: Menu) -> None:
        for key, words in _VIEWS.items():
            menu.add(words, partial(self._choose_view, key), ticked=key == self._view)
        menu.line()
        menu.add("全部在册", partial(self._choose_view, ""), ticked=not self._view)

    def _choose_view(self, key: str) -> None:
        self._view, self._names, self._names_words = key, None, ""
        self._filter()

    def _offer_classes(self, menu: Menu) -> None:
        for one in self._seen.classes if self._seen is not None else ():
            menu.add(
                one.class_name,
                partial(self._choose_class, one.class_name),
                ticked=one.class_name == self._class,
            )

    def _choose_class(self, name: str) -> None:
        self._class = name
        self._filter()

    def _list(self, words: str, names: Sequence[str]) -> None:
        """The names behind a figure."""
        self._view, self._class = "", ""
        self._names, self._names_words = frozenset(names), words
        self.parts.set_current(WAITS)
        self._filter()
        self.tables[WAITS].setFocus()

    # ---- opened

    def _open_class(self, row: ClassCalls) -> None:
        self._list(f"{row.class_name}本月没接通", row.left)

    def _open_week(self, row: ShownWeek) -> None:
        self._list(f"第 {row.number} 周接通的", row.span.reached)

    def _open_parent(self, row: NeverReached) -> None:
        self._list(f"打不通{row.relation or '家长'}的", row.children)

    def _open_child(self, row: CallWait) -> None:
        among = tuple(one.child_uuid for one in self.tables[WAITS].rows)
        self.context.navigation.open_child(row.child_uuid, among=among)

    def _open_call(self, row: CallWait, _key: str) -> None:
        self.context.navigation.open_page("calls", child=row.child_uuid)

    # ---- page

    @override
    def open_with(self, **params: Any) -> None:
        part = params.get("part")
        if part:
            self.parts.set_current(str(part))
            self._filter()

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self.tables.set_narrow(breakpoint_ is Breakpoint.NARROW)

    @override
    def focus_first(self) -> None:
        if self.stack.currentWidget() is self.stack.empty:
            self.stack.empty.focus_way()
        else:
            self.tables[self.parts.current].setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return self.parts, self.tables[self.parts.current]


def _child_key(row: CallWait) -> str:
    return row.child_uuid


def _class_key(row: ClassCalls) -> str:
    return row.class_name


def _week_key(row: ShownWeek) -> int:
    return row.number


def _person_key(row: NeverReached) -> str:
    return row.person_uuid
