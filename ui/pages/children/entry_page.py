"""表格录入: several children at once, with a spreadsheet's keys, saved as one action."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.children.codes import Relation, Sex
from app.children.service import add_children
from app.children.typed_rows import COLUMNS, TypedRow, read_typed_rows
from app.core.changes import Changes
from app.core.dates import is_partial_date
from app.school.queries import classes
from app.school.rules import ClassFacts
from app.storage.drafts import Json
from app.storage.store import Store
from ui.context import Context
from ui.drafts import Form
from ui.drafts.grid import GridDraft
from ui.shell.page import Page
from ui.theme import Breakpoint, Tone, Type
from ui.widgets import (
    Button,
    CheckBox,
    FilterBar,
    Finding,
    FooterBar,
    Kind,
    NearDate,
    Sheet,
    State,
    Text,
    Verb,
)
from ui.widgets.grid import EntryGrid, GridColumn

READS_AFTER = 300
"""Milliseconds after the last change before the rows are read."""

HINT = "可以从 Excel 整块粘贴。F2 改这一格，Ctrl+D 照抄上一行，Alt+↓ 列出可选的，Ctrl+Z 退一步"
SHORT_HINT = "可以从 Excel 整块粘贴，Alt+↓ 列出可选的"
_SAMPLES = {
    "name": "欧阳慕容雨桐",
    "sex": "女",
    "class": "2026级12班",
    "birth": "2018-04-30",
    "id": "500000201804300000",
    "village": "石门坎村 12 组",
    "carer": "欧阳慕容雨桐",
    "relation": "外祖母",
    "phone": "13800000000",
    "father": "欧阳慕容雨桐",
    "father_place": "浙江绍兴",
    "mother": "欧阳慕容雨桐",
    "mother_place": "浙江绍兴",
    "note": "在县城陪读，周五才回村里",
}
_RELATIONS = (
    "爷爷",
    "奶奶",
    "外公",
    "外婆",
    Relation.FATHER.label,
    Relation.MOTHER.label,
    "姑姑",
    "舅舅",
    "无人",
)
_KEYS = tuple(COLUMNS)


class EntryPage(Page):
    """A grid of new children. Rows stay until they are saved or given up, also while another page is shown."""

    areas: ClassVar[frozenset[str]] = frozenset({"school", "children"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "表格录入", back="台账")
        self._typed: dict[int, TypedRow] = {}
        self._leaving = False
        self._saving = False
        self._reading = context.jobs.latest(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(READS_AFTER)
        self._pause.timeout.connect(self._read)
        self.registered = CheckBox("都登记为留守儿童", checked=True)
        self.since = NearDate(context.clock.today, hint="早就在了")
        self.since.show_day(context.clock.today())
        self.grid = self._make_grid()
        self.kept = GridDraft(
            context.drafts, self.grid, Form.GRID, words=self._draft_words, how=self._for_all, parent=self
        )
        self.open = Button("打开那一名", self._open_candidate)
        self.give_up = Button("都不要了…", self._ask_give_up)
        self.save = Button("存下", self.ask_save, kind=Kind.FILLED)
        self.header.add(self.give_up)
        self.foot = FooterBar(self.open, self.save)
        self.hint = Text(HINT, Type.SMALL, Tone.INK2, elide=True)
        bar = FilterBar(self.registered, Text("从"), self.since, Text("起"), None, self.hint)
        self.sheet = Sheet(bar, self.grid, self.foot)
        self.sheet.box.setStretchFactor(self.grid, 1)
        self.content.addWidget(self.sheet, 1)
        self.registered.toggled.connect(self.since.setEnabled)
        self.key("Ctrl+Return", self.ask_save)
        self._say()

    def _make_grid(self) -> EntryGrid:
        choices: dict[str, tuple[str, ...]] = {
            "sex": tuple(sex.label for sex in Sex),
            "relation": _RELATIONS,
            "father_place": ("在家",),
            "mother_place": ("在家",),
        }
        grid = EntryGrid(
            [GridColumn(key, head, _SAMPLES[key], choices.get(key, ())) for key, (head, _) in COLUMNS.items()]
        )
        grid.cells.changed.connect(self._cells_changed)
        grid.current_moved.connect(self._say)
        grid.noticed.connect(self._notice)
        return grid

    # ---- classes to offer

    @override
    def load(self) -> None:
        self.context.read(_classes_today, on_done=self._offer)

    def _offer(self, known: list[ClassFacts]) -> None:
        self.grid.offer("class", tuple(one.name for one in known))

    # ---- reading what is typed

    def _rows(self) -> list[tuple[int, dict[str, str]]]:
        return [(place, dict(zip(_KEYS, texts, strict=True))) for place, texts in self.grid.cells.filled]

    def _cells_changed(self) -> None:
        self._pause.start()
        self._say()

    def _for_all(self) -> dict[str, Json]:
        return {"registered": self.registered.isChecked(), "since": self.since.text()}

    def _draft_words(self, count: int) -> str:
        return f"表格录入 {count} 名"

    def _since(self) -> str | None:
        iso = self.since.iso
        return iso if is_partial_date(iso) else None

    def _read(self) -> None:
        self._reading.run(
            read_typed_rows,
            self.context.store,
            self._rows(),
            day=self.context.clock.today(),
            registered=self.registered.isChecked(),
            since=self._since(),
            on_done=self._show,
        )

    def _show(self, typed: list[TypedRow]) -> None:
        self._typed = {row.place: row for row in typed}
        findings: dict[tuple[int, int], Finding] = {}
        for row in typed:
            for mark in row.marks:
                place = (row.place, _KEYS.index(mark.column))
                state = State.INVALID if mark.blocks else State.DOUBTFUL
                if place not in findings or mark.blocks:
                    findings[place] = Finding(state, mark.reason)
        self.grid.cells.set_findings(findings)
        self._say()
        if self._saving:
            self._saving = False
            self._save_or_ask()

    # ---- the foot

    def _say(self, _row: int = 0, _column: int = 0) -> None:
        filled = len(self.grid.cells.filled)
        blocked = sum(not row.ready for row in self._typed.values())
        lead = f"{filled} 名" if filled else "还没有填"
        if blocked:
            lead += f"，{blocked} 行要改好才能存"
        row, column = self.grid.place()
        found = self.grid.cells.finding(row, column) if row >= 0 else None
        where = f"第 {row + 1} 行 {self.grid.columns[column].head}：" if found else ""
        self.foot.set_words(lead, f"{where}{found.reason}" if found else "")
        self.save.set_text(f"存下 {filled} 名" if filled else "存下")
        self.save.setEnabled(filled > 0)
        self.give_up.setEnabled(filled > 0)
        self.open.setVisible(bool(found) and self._candidate() != "")

    def _notice(self, words: str) -> None:
        """Say what could not be pasted, until the next move."""
        self.foot.set_words(f"{len(self.grid.cells.filled)} 名", words)

    def _candidate(self) -> str:
        typed = self._typed.get(self.grid.place()[0])
        known = [one for one in typed.candidates if not one.in_bin] if typed else []
        return known[0].uuid if known else ""

    def _open_candidate(self) -> None:
        self._leaving = True
        self.context.navigation.open_child(self._candidate())
        self._leaving = False

    # ---- saving

    def ask_save(self) -> None:
        """Read once more, then write, or say what is in the way."""
        if self.grid.cells.filled:
            self._saving = True
            self._pause.stop()
            self._read()

    def _save_or_ask(self) -> None:
        blocked = [row for row in self._typed.values() if not row.ready]
        if blocked:
            first = blocked[0]
            column = next(mark.column for mark in first.marks if mark.blocks)
            self.grid.go(first.place, _KEYS.index(column))
            self.grid.setFocus()
            return
        alike = [row for row in self._typed.values() if row.candidates]
        if not alike:
            self._write()
            return
        names = "、".join(row.draft.name for row in alike)
        lines = [f"{names}：台账里有同名或同音的。", "光标移到那一格，可以打开已有的那一名对照。"]
        verbs = [Verb("look", "先看看"), Verb("new", f"确实是新的，{len(self._typed)} 名都存")]
        question = f"有 {len(alike)} 行可能已经有了，还是存成新的？"
        self.context.dialogs.ask(question, lines, verbs, partial(self._answered, alike[0].place))

    def _answered(self, place: int, key: str) -> None:
        if key == "new":
            self._write()
        else:
            self.grid.go(place, 0)
            self.grid.setFocus()

    def _write(self) -> None:
        drafts = tuple(row.draft for row in self._typed.values())
        self.save.setEnabled(False)
        again = self.context.errors.catching(self._not_written)
        self.context.write(add_children, drafts=drafts, on_done=self._written, on_error=again)

    def _not_written(self) -> None:
        """The rows stay, here and in their draft."""
        self.kept.keep_now()
        self._say()

    def _written(self, changes: Changes) -> None:
        self._empty()
        self.context.navigation.back()
        # Only now: a toast belongs to the page it is said on.
        self.context.navigation.toast(changes.words, partial(self.context.undo, changes.action_uuid))

    def _empty(self) -> None:
        self._typed = {}
        self.grid.cells.empty_out()
        self.grid.go(0, 0)
        self.kept.keep_now()
        self._say()

    # ---- leaving

    @override
    def may_leave(self) -> bool:
        if self._leaving or not self.grid.cells.filled:
            return True
        lasts = "关掉守望也还在，下次打开会问您" if self.context.drafts.flush() else "关掉守望以前都在"
        self.context.dialogs.ask(
            f"表里的 {len(self.grid.cells.filled)} 名还没有存",
            [f"先放着：留在「表格录入」里，{lasts}。", "已经存下的儿童没有动。"],
            [Verb("stay", "接着填"), Verb("keep", "先放着，离开"), Verb("drop", "都不要了", Kind.DANGER)],
            self._left,
        )
        return False

    def _left(self, key: str) -> None:
        if key == "stay":
            self.grid.setFocus()
            return
        if key == "drop":
            self._empty()
        self._leaving = True
        self.context.navigation.go_on()
        self._leaving = False

    def _ask_give_up(self) -> None:
        self.context.dialogs.ask(
            f"表里的 {len(self.grid.cells.filled)} 名都不要了？",
            ["只清空这张表，已经存下的儿童没有动。"],
            [Verb("stay", "先不动"), Verb("drop", "都不要了", Kind.DANGER)],
            self._gave_up,
        )

    def _gave_up(self, key: str) -> None:
        if key == "drop":
            self._empty()
        self.grid.setFocus()

    # ---- window

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self.hint.setText(SHORT_HINT if breakpoint_ is Breakpoint.NARROW else HINT)

    @override
    def focus_first(self) -> None:
        draft = self.context.drafts.take_wanted(Form.GRID)
        if draft is not None:
            self.registered.setChecked(bool(draft.how.get("registered", True)))
            self.since.setText(str(draft.how.get("since", "")))
            self.kept.fill(draft)
        self.grid.setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.grid, self.save)


def _classes_today(store: Store) -> list[ClassFacts]:
    return classes(store, store.clock.today())
