"""待处理清单 of past records or call results: whose it is and what is wrong, put right and written one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.core.errors import ShouwangError, UserError
from app.diary.importing.model import RowResult
from app.diary.importing.waiting import WaitingRow
from app.pairing.roll import read_roll
from app.storage.drafts import Draft
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.drafts import About, Keeping, RowDrafts
from ui.drafts.note import DraftNote
from ui.pages.importing.intake import CHILD, Field, Planned, TableKind
from ui.pages.importing.side_by_side import SideBySide
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    EmptyState,
    FilterBar,
    FormRow,
    Kind,
    Sheet,
    Text,
    column,
    holder,
    row,
)
from ui.widgets.pick import Pick, PickField, unique_picks

_CHILD_HINT = "姓名、拼音首字母或班级"


class Waiting(Struct, frozen=True):
    """The rows that wait, and every child of the file to choose from."""

    rows: tuple[WaitingRow, ...]
    children: tuple[Pick, ...]


def load_waiting(store: Store, waiting: Callable[[Store], tuple[WaitingRow, ...]]) -> Waiting:
    """Read both; a record may well be about a child who has left."""
    roll = sorted(
        read_roll(store, store.clock.today()).values(), key=lambda one: (not one.at_school, one.order)
    )
    return Waiting(
        waiting(store),
        tuple(unique_picks((one.uuid, one.name, one.class_name or "不在班") for one in roll)),
    )


def _name(waiting: WaitingRow) -> Cell:
    name = waiting.fields.get("name", "")
    second = waiting.fields.get("class", "")
    return Cell(name or "（没有写）", Tone.INK if name else Tone.OCHRE, bold=True, second=second)


def _day(waiting: WaitingRow) -> Cell:
    day = waiting.fields.get("day", "")
    return Cell(day or "（没有写）", Tone.INK if day else Tone.OCHRE)


def _kind(waiting: WaitingRow) -> Cell:
    return Cell(waiting.code.label, Tone.OCHRE, tag=True)


def _why(waiting: WaitingRow) -> Cell:
    return Cell(waiting.reason, second=f"{waiting.sheet} 第 {waiting.row} 行，{waiting.file_name}")


def _tip(waiting: WaitingRow) -> str:
    return f"{waiting.reason}\n{waiting.sheet} 第 {waiting.row} 行，{waiting.file_name}"


def _columns(longest_code: str) -> list[Column]:
    return [
        Column("name", "姓名", _name, "买买提·阿卜杜热西提"),
        Column("day", "日期", _day, "2026年10月13日"),
        Column("kind", "为什么等着", _kind, longest_code),
        Column("why", "原因，从哪里来", _why, "号码是别人的，姓名写的是另一个", tip=_tip),
    ]


class RecordsParked(Sheet):
    """Its rows come from `show_waiting`; every decision is written at once and can be undone."""

    home_pressed = Signal()
    export_pressed = Signal()
    counted = Signal(int)

    def __init__(self, context: Context, intake: TableKind) -> None:
        super().__init__()
        m = theme.metrics()
        self._context = context
        self._intake = intake
        self._latest = context.jobs.latest(self)
        self._waiting: WaitingRow | None = None
        self._children: tuple[Pick, ...] = ()
        self._kept = RowDrafts(context, self._filled, self)
        self.child = PickField((), hint=_CHILD_HINT)
        self.fields: dict[str, Field] = {}
        self.table = DataTable(_columns(intake.longest_code), two_lines=True, tint_current=True)
        self.table.current_changed.connect(self._show_row)
        self._count = Text("", bold=True)
        self.export = Button("导出清单…", self.export_pressed.emit, icon="arrow_export_ltr", small=True)
        bar = FilterBar(
            self._count, None, Text("每定一行就写入一条，可以撤销。", Type.SMALL, Tone.INK2), self.export
        )
        self.says = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self.write = Button(self._verb, self._write)
        self.later = Button("先放着，以后再定", self._later)
        self.drop = Button("这一行不导入", self._drop_row, kind=Kind.DANGER)
        self._verbs = column(row(self.write, self.later, None, gap=m.s8), row(self.drop, None), gap=m.s8)
        verbs = column(self.says, self._verbs, gap=m.s8, margins=(m.s16, m.s12, m.s16, m.s12))
        self.side = SideBySide(bar, self.table, holder(verbs))
        self.side.enter_pane_at(self._first_field)
        self._empty = EmptyState(
            "没有待处理的行",
            "导入时放着的行都处理完了。",
            link=f"去{intake.home}",
            on_link=self.home_pressed.emit,
        )
        self._empty.hide()
        self.box.addWidget(self.side, 1)
        self.box.addWidget(self._empty, 1)

    # ---- the list

    def show_waiting(self, found: Waiting) -> None:
        """Show these; the row that took the place of a decided one is next."""
        self._children = found.children
        place, before = self.table.current_place(), self.table.current_row()
        self.table.set_rows(found.rows)
        keys = [waiting.uuid for waiting in found.rows]
        if keys and before is not None and before.uuid not in keys and place > 0:
            self.table.set_current(keys[min(place, len(keys) - 1)])
        self._count.setText(f"待处理 {len(keys)} 行")
        self.side.setVisible(bool(keys))
        self._empty.setVisible(not keys)
        current = self.table.current_row()
        if current is not None and self._waiting is not None and current.uuid == self._waiting.uuid:
            self.side.say_place("行待处理")  # something else was changed: what is being typed here stays
        elif current is not None:
            self._show_row(current)
        else:
            self._waiting = None
        self._context.drafts.reopen({self._intake.form: self._again})
        self.counted.emit(len(keys))

    def _again(self, draft: Draft) -> None:
        """接着写: at the row about which something was left."""
        if self._waiting is not None and self._waiting.uuid == draft.record:
            self._show_row(self._waiting)
        elif any(one.uuid == draft.record for one in self.table.rows):
            self.table.set_current(draft.record)
        else:
            self._context.navigation.toast("这一行已经处理完了，草稿还留着")

    def _filled(self) -> None:
        self._look()
        self._first_field().setFocus()

    def step(self, by: int) -> None:
        """Ctrl+PgUp / Ctrl+PgDn."""
        self.side.step(by)

    # ---- one row

    def _show_row(self, waiting: WaitingRow) -> None:
        self._kept.put_by()
        self._waiting = waiting
        self.side.begin_row(
            waiting.fields.get("name", "") or "没有写姓名的一行", waiting.reason, noun="行待处理"
        )
        self.side.part("补上或改正")
        note = DraftNote()
        self.side.line(note)
        # New fields for every row: what was typed about another one is not this one's.
        self.child = PickField(self._children, hint=_CHILD_HINT)
        self.child.choose(waiting.child_uuid or "")
        self.fields = {CHILD: self.child}
        self.side.line(FormRow("儿童", self.child))
        for fix in self._intake.fixes:
            text = waiting.fields.get(fix.name, "")
            if text or not fix.when_filled:
                self.fields[fix.name] = fix.widget(text)
                self.side.line(FormRow(fix.label, self.fields[fix.name]))
        for field in self.fields.values():
            field.saved.connect(self._look)
        self.side.cells(waiting.cells)
        self.side.body.box.addStretch(1)
        self._say("", Tone.INK2)
        self._enable(on=True)
        self._look()
        name = waiting.fields.get("name", "") or "没有写姓名的一行"
        title = f"{self._intake.draft_words}：{name}"
        about = About(self._intake.form, waiting.uuid, title, where={"part": "parked"})
        self._kept.show(about, dict(self.fields), note)

    def _first_field(self) -> QWidget:
        """What is missing is where the keyboard goes."""
        name = self._intake.first(self._waiting) if self._waiting is not None else CHILD
        return self.fields.get(name, self.child)

    def _fixes(self) -> dict[str, str]:
        """What was typed over the cells, by field."""
        if self._waiting is None:
            return {}
        fixes = {}
        for fix in self._intake.fixes:
            if fix.name in self.fields:
                typed = fix.typed(self.fields[fix.name], self._waiting.fields.get(fix.name, ""))
                if typed is not None:
                    fixes[fix.name] = typed
        return fixes

    def _chosen(self) -> str | None:
        return self.child.chosen.key if self.child.chosen is not None else None

    def _look(self, *_: object) -> None:
        """What writing it would do, as it stands now."""
        if self._waiting is not None:
            self._latest.run(
                self._intake.table.intake.preview,
                self._context.store,
                self._waiting.uuid,
                child_uuid=self._chosen(),
                fixes=self._fixes() or None,
                on_done=self._looked,
                on_error=self._not_looked,
            )

    def _looked(self, planned: Planned) -> None:
        if planned.result is RowResult.PARKED:
            self._say(f"还不能写入：{planned.reason}。", Tone.OCHRE)
            self.write.set_text(self._verb)
        elif planned.result is RowResult.KNOWN:
            place = self._intake.place
            self._say(f"{place}里已经有同样的一条。", Tone.INK2)
            self.write.set_text(f"{place}里已有，了结这一行")
        else:
            self._say(f"写成：{self._intake.becomes(planned)}", Tone.INK2)
            self.write.set_text(self._verb)
        self.write.setEnabled(planned.result is not RowResult.PARKED and not self._context.read_only)

    def _not_looked(self, error: BaseException) -> None:
        if not (isinstance(error, UserError) and error.key == "import.parked_gone"):
            self._context.errors.show(error)

    @property
    def _verb(self) -> str:
        return f"写入{self._intake.place}"

    def _say(self, words: str, tone: Tone) -> None:
        self.says.setText(words)
        self.says.set_tone(tone)

    # ---- decisions

    def _write(self) -> None:
        if self._waiting is not None:
            self._decide(
                self._intake.table.intake.resolve,
                self._waiting.uuid,
                child_uuid=self._chosen(),
                fixes=self._fixes() or None,
            )

    def _drop_row(self) -> None:
        if self._waiting is not None:
            self._decide(self._intake.table.intake.drop, self._waiting.uuid)

    def _later(self) -> None:
        self.step(1)
        self.table.setFocus()

    def _decide(self, service: Callable[..., Any], uuid: str, **values: object) -> None:
        self._enable(on=False)
        decided = partial(self._decided, self._kept.keeping)
        self._context.write(
            service, uuid=uuid, toast=True, on_done=decided, on_error=self._not_decided, **values
        )

    def _decided(self, sent: Keeping | None, _changes: object) -> None:
        self._kept.done(sent)
        self._enable(on=True)
        self.side.close_pane()

    def _not_decided(self, error: BaseException) -> None:
        self._enable(on=True)
        if isinstance(error, ShouwangError) and error.key == "import.parked_needs":
            self._first_field().setFocus()
        self._context.errors.show(error)

    def _enable(self, *, on: bool) -> None:
        for button in (self.write, self.later, self.drop):
            button.setEnabled(on and not self._context.read_only)

    # ---- narrow, keys

    def set_narrow(self, narrow: bool) -> None:
        """Side by side where there is width and no height."""
        way = QBoxLayout.Direction
        self._verbs.setDirection(way.LeftToRight if narrow else way.TopToBottom)
        self.side.set_narrow(narrow)

    def focus_first(self) -> None:
        """Where the keyboard begins."""
        self.table.setFocus()
