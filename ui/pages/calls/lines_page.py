"""线路与时段: on what the children call, when it is open and closed, the school's day, and who is on duty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.calls.lines import LineFacts
from app.calls.queries import planned_after
from app.calls.service_lines import end_line, remove_closure
from app.school.duty_service import end_turn, remove_swap
from app.school.lessons_service import end_lesson
from app.storage.drafts import Draft
from app.storage.store import Store
from ui.context import Context
from ui.drafts import EntryPanel, Form
from ui.pages.calls.duty_panels import LessonPanel, SwapPanel, TurnPanel
from ui.pages.calls.lines_loading import Everything, HoursRow, hours_rows, load_everything
from ui.pages.calls.lines_panels import ClosurePanel, HoursPanel, LinePanel
from ui.pages.calls.lines_tables import LISTS, columns_for
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import (
    Banner,
    Button,
    DataTable,
    EmptyState,
    FilterBar,
    FooterBar,
    Kind,
    Segments,
    Sheet,
    Verb,
)

_PARTS = (("lines", "线路"), ("closures", "停用"), ("lessons", "作息"), ("turns", "值班"), ("swaps", "代班"))
_ADD = {
    "lines": "加一条线路…",
    "closures": "加一段停用…",
    "lessons": "加一段作息…",
    "turns": "加一个值班…",
    "swaps": "记一次代班…",
}
_SAID = {
    "lines": "",
    "closures": "停用的时段不排号，排班表上写原因。列出四周以来和以后的。",
    "lessons": "写明哪几段不叫学生出来打电话，排号就避开；没写的都可以叫。",
    "turns": "排班表和值班名单按这里写值班教师；单周、双周按本学期第几周算。",
    "swaps": "只改那一天；平常的值班不动。列出四周以来和以后的。",
}
_NOTHING = {
    "closures": "没有停用的日子。节假日按校历，不用写在这里。",
    "lessons": "还没有写作息：每个时段都可以叫学生出来打电话。",
    "turns": "还没有排值班。",
    "swaps": "没有代班。",
}


class LinesPage(Page):
    """Five lists of one kind: add above, change with Enter, end with Delete after a question."""

    areas = frozenset({"calls", "school", "classes", "staff", "calendar"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "线路与时段", back="亲情电话")
        self._known: Everything | None = None
        self._part = "lines"
        self._focus_waits = False
        self._hours_wanted = ""
        self.segments = Segments(_PARTS)
        self.segments.changed.connect(self.show_part)
        self._add = Button(_ADD["lines"], self._add_one, icon="add", kind=Kind.FILLED)
        self.tables: dict[str, DataTable] = {}
        self._rows: dict[str, Sequence[Any]] = {}
        self._stack = QStackedWidget()
        self.empty = EmptyState()
        self._stack.addWidget(self.empty)
        self._foot = FooterBar()
        self.content.addWidget(Sheet(FilterBar(self.segments, None, self._add), self._stack, self._foot), 1)
        if context.read_only:
            self._add.hide()

    def table(self, key: str) -> DataTable:
        """The table of one list; made when it is first looked at."""
        if key not in self.tables:
            made = DataTable(columns_for(key, self._rows.get(key, ())))
            made.set_narrow(self.breakpoint is Breakpoint.NARROW)
            made.set_rows(self._rows.get(key, ()))
            made.opened.connect(partial(self._opened, key))
            made.link_pressed.connect(partial(self._pressed, key))
            end = QShortcut(QKeySequence("Delete"), made)
            end.setContext(Qt.ShortcutContext.WidgetShortcut)
            end.activated.connect(partial(self._end_current, key))
            self._stack.addWidget(made)
            self.tables[key] = made
        return self.tables[key]

    # ---- showing

    @override
    def open_with(self, **params: Any) -> None:
        if params.get("part") in LISTS:
            self.show_part(params["part"])

    @override
    def load(self) -> None:
        self.context.read(load_everything, self.context.clock.today(), on_done=self._show)

    def _show(self, known: Everything) -> None:
        self._known = known
        self._rows = {
            "lines": hours_rows(known.lines),
            "closures": known.closures,
            "lessons": known.lessons,
            "turns": known.turns,
            "swaps": known.swaps,
        }
        for key, table in self.tables.items():
            table.set_columns(columns_for(key, self._rows[key]))
            table.set_rows(self._rows[key])
        self.segments.set_words("lines", f"线路 {len(known.lines)}" if known.lines else "线路")
        count = known.slots_a_week
        self.header.set_fact(f"每周 {count} 个时段" if count else "")
        self.set_banner("doubts", Banner("；".join(known.warnings), icon="info") if known.warnings else None)
        self.show_part(self._part)
        if self._focus_waits:
            self._focus_waits = False
            self._focus_list()
        self._open_hours_wanted()
        self.context.drafts.reopen(
            {
                Form.LINE: self._line_again,
                Form.HOURS: self._hours_again,
                Form.CLOSURE: partial(self._again, "closures"),
                Form.LESSON: partial(self._again, "lessons"),
                Form.DUTY_TURN: partial(self._again, "turns"),
                Form.DUTY_SWAP: partial(self._again, "swaps"),
            }
        )

    def show_part(self, key: str) -> None:
        """Show one of the lists, or that there is nothing in it yet."""
        self._part = key
        self.segments.set_current(key)
        self._add.set_text(_ADD[key])
        self._foot.set_words(self._said(key), "")
        if self._known is None or self._rows[key]:
            self._stack.setCurrentWidget(self.table(key))
            return
        if key == "lines":
            self.empty.set_words(
                "还没有线路",
                "孩子用什么给父母打电话？写下线路和开放时间，就能排号；没有电话也行：用老师的手机打，打了就记。",
            )
        else:
            self.empty.set_words("", _NOTHING[key], link=_ADD[key], on_link=self._add_one)
        self._stack.setCurrentWidget(self.empty)

    def _said(self, key: str) -> str:
        if key != "lines" or self._known is None:
            return _SAID[key]
        count = self._known.slots_a_week
        if not count:
            return "加了线路，再写开放时间，就能排号。"
        alone = "不排号的线路，打了就记。" if any(not line.planned for line in self._known.lines) else ""
        return f"每周 {count} 个时段，一个时段打一名，兄弟姐妹一起打。{alone}"

    # ---- adding and changing

    def _add_one(self, *_: object) -> None:
        self._open(self._part, None)

    def _opened(self, key: str, row: object, *_: object) -> None:
        if isinstance(row, HoursRow) and row.line.planned:
            self._open_panel(HoursPanel, row.line)
        elif isinstance(row, HoursRow):
            self._open("lines", row.line)
        else:
            self._open(key, row)

    def _open(self, key: str, row: Any) -> None:
        panels: dict[str, Callable[[Context, Everything, Any], EntryPanel]] = {
            "lines": LinePanel,
            "closures": ClosurePanel,
            "lessons": LessonPanel,
            "turns": TurnPanel,
            "swaps": SwapPanel,
        }
        self._open_panel(panels[key], row)

    def _open_panel(self, panel: Callable[[Context, Everything, Any], EntryPanel], row: Any) -> None:
        if self._known is None or self.context.read_only:
            return
        made = panel(self.context, self._known, row)
        if isinstance(made, LinePanel):
            made.added.connect(self._ask_hours)
        self.context.dialogs.open_panel(made, _closed)

    def _ask_hours(self, uuid: str) -> None:
        """A new line needs hours next: ask for them as soon as it is in the list."""
        self._hours_wanted = uuid
        self._open_hours_wanted()

    def _open_hours_wanted(self) -> None:
        line = self._line(self._hours_wanted)
        if line is not None:
            self._hours_wanted = ""
            self._open_panel(HoursPanel, line)

    def _again(self, key: str, draft: Draft) -> None:
        row = next((one for one in self._rows[key] if one.uuid == draft.record), None)
        self.show_part(key)
        self._open(key, row)

    def _line_again(self, draft: Draft) -> None:
        self._open("lines", self._line(draft.record))

    def _hours_again(self, draft: Draft) -> None:
        line = self._line(draft.record)
        if line is not None:
            self._open_panel(HoursPanel, line)

    def _line(self, uuid: str) -> LineFacts | None:
        known = self._known.lines if self._known else ()
        return next((line for line in known if line.uuid == uuid), None)

    # ---- ending

    def _pressed(self, key: str, row: Any, column: str) -> None:
        if column == "end":
            self._end(key, row)
        elif column == "change":
            self._open(key, row.line if isinstance(row, HoursRow) else row)
        else:
            self._opened(key, row)

    def _end_current(self, key: str) -> None:
        row = self.table(key).current_row()
        if row is not None:
            self._end(key, row)

    def _end(self, key: str, row: Any) -> None:
        if self.context.read_only:
            return
        if key == "lines":
            today = self.context.clock.today()
            self.context.read(_planned_on, row.line, today, on_done=self._ask_line)
            return
        question, verb = _question(key, row)
        self.context.dialogs.ask(
            question,
            ["以前的照旧；已经排好的电话不动。可以撤销。"],
            [Verb("stay", "先不动"), Verb("end", verb, Kind.DANGER)],
            partial(self._answered, key, row),
        )

    def _ask_line(self, found: tuple[LineFacts, int]) -> None:
        line, planned = found
        told = [f"从今天起已经排了 {planned} 个电话在上面，请再点「重新排号」。"] if planned else []
        self.context.dialogs.ask(
            f"从今天起不再用{line.name}？",
            [*told, "以前打过的电话都不动。可以撤销。"],
            [Verb("stay", "先不动"), Verb("end", "不再用", Kind.DANGER)],
            partial(self._answered, "lines", line),
        )

    def _answered(self, key: str, row: Any, answer: str) -> None:
        if answer != "end":
            return
        today = self.context.clock.today()
        if key == "lines":
            self.context.write(end_line, line_uuid=row.uuid, on=today, toast=True)
        elif key == "closures":
            self.context.write(remove_closure, uuid=row.uuid, toast=True)
        elif key == "lessons":
            self.context.write(end_lesson, uuid=row.uuid, on=today, toast=True)
        elif key == "turns":
            self.context.write(end_turn, uuid=row.uuid, on=today, toast=True)
        else:
            self.context.write(remove_swap, uuid=row.uuid, toast=True)

    # ---- the window

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        for table in self.tables.values():
            table.set_narrow(breakpoint_ is Breakpoint.NARROW)

    @override
    def focus_first(self) -> None:
        if self._known is None:
            self._focus_waits = True  # for the list that is still being read
        else:
            self._focus_list()

    def _focus_list(self) -> None:
        """The keyboard goes to the list; where there is nothing yet, to what adds the first."""
        shown = self._stack.currentWidget()
        (self._add if shown is self.empty else shown).setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.segments, self._stack)


def _question(key: str, row: Any) -> tuple[str, str]:
    """What is asked before one of a list ends, and the verb that ends it."""
    if key == "closures":
        return f"{row.line or '全部线路'}不停用了？", "取消停用"
    if key == "lessons":
        return f"从今天起不再有「{row.name}」？", "不再有"
    if key == "turns":
        return f"从今天起{row.staff}不再值这个班？", "不再值"
    return f"取消{row.staff}这次代班，照平常的值班？", "取消代班"


def _planned_on(store: Store, line: LineFacts, day: Any) -> tuple[LineFacts, int]:
    return line, planned_after(store, line.uuid, day)


def _closed(_key: str) -> None:
    """The dialog has done its work itself."""
