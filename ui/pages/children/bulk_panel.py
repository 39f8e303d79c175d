"""改一批: one thing for several children, old → new shown first, one action to undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.children.ledger import LedgerRow
from app.children.service_bulk import BulkChange, BulkLine, BulkResult, bulk_change
from app.school.rules import ClassFacts
from app.storage.drafts import Draft
from ui import theme
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.pages.children.bulk_fields import new_values
from ui.pages.children.reader import LedgerReader
from ui.shell.risky import write_after_backup
from ui.theme import Tone
from ui.widgets import (
    Cell,
    Column,
    DataTable,
    FormRow,
    Ground,
    NearDay,
    QuietChoice,
    Text,
    column,
    row,
)

_LINES_SEEN = 8
_LINES_IN_LOW_WINDOW = 4
_LINES_BELOW_A_NOTE = 2


class _Line(Struct, frozen=True):
    """One child of the preview with the class beside the name."""

    uuid: str
    class_name: str
    line: BulkLine


def _name(shown: _Line) -> Cell:
    return Cell(shown.line.name, bold=True)


def _class(shown: _Line) -> Cell:
    return Cell(shown.class_name, Tone.INK2)


def _old(shown: _Line) -> Cell:
    return Cell(shown.line.old, Tone.INK2)


def _new(shown: _Line) -> Cell:
    line = shown.line
    if line.refused:
        return Cell(line.refused, Tone.RED)
    return Cell(line.new, bold=True) if line.changes else Cell("不变", Tone.INK3)


class BulkPanel(EntryPanel):
    """Answers `change` once it is written."""

    def __init__(
        self,
        context: Context,
        rows: Sequence[LedgerRow],
        classes: Sequence[ClassFacts],
        parent: QWidget | None = None,
    ) -> None:
        m = theme.metrics()
        super().__init__(
            parent,
            f"给选中的 {len(rows)} 名改什么？",
            self._write,
            verb="改",
            key="change",
            safe="先不改",
            width=m.form_most,
        )
        self._context = context
        self._names = [one.name for one in rows]
        self._classes_of = {one.uuid: one.class_name for one in rows}
        self._looking = context.jobs.latest(self)
        self._changed = 0
        self.values = new_values(rows, classes, context.entering.by)
        self.what = QuietChoice(
            [(place, value.words) for place, value in enumerate(self.values)], quiet=False, unknown=False
        )
        self.what.setFixedWidth(m.field_medium)
        self.stack = QStackedWidget()
        for value in self.values:
            self.stack.addWidget(value)
            value.edited.connect(self._look)
        self.stack.setFixedHeight(2 * (m.field + m.s4))
        self.since = NearDay(context.clock.today, ahead=False)
        self.since.show_day(context.clock.today())
        self.lines = DataTable(
            [
                Column("name", "姓名", _name, "买买提·阿卜杜热西提"),
                Column("class", "班级", _class, "2026级12班"),
                Column("old", "现在", _old, "事实无人抚养、家庭困难"),
                Column("new", "改成", _new, ""),
            ]
        )
        self._is_low = parent is not None and parent.height() < m.start_column * 3 // 4
        self.count = Text("", tone=Tone.INK2)
        self.what.saved.connect(self._choose)
        self.since.textChanged.connect(self._look)
        self._arrange()
        self._show(None)
        self._keep()
        self._fit_lines()

    def _fit_lines(self) -> None:
        """So many lines of the preview as leave room for the verbs, also below what is said of a draft."""
        m = theme.metrics()
        lines = _LINES_SEEN
        if self._is_low:
            lines = _LINES_IN_LOW_WINDOW if self.draft_note.isHidden() else _LINES_BELOW_A_NOTE
        self.lines.setFixedHeight(m.table_head + lines * m.row)

    @override
    def resume(self, draft: Draft) -> None:
        super().resume(draft)
        self._fit_lines()

    def _keep(self) -> None:
        fields: dict[str, QWidget] = {"what": self.what, "since": self.since}
        for value in self.values:
            fields |= {f"{value.key}.{name}": field for name, field in value.fields.items()}
        several = f"等 {len(self._names)} 名" if len(self._names) > 1 else ""
        words = f"改一批：{self._names[0]}{several}"
        about = About(Form.BULK, "", words, how={"uuids": " ".join(self._classes_of)})
        self.keep_draft(self._context, about, fields)

    def _arrange(self) -> None:
        m = theme.metrics()
        note = Ground("note")
        note.setLayout(column(self.lines, margins=(1, 1, 1, 1)))
        since = FormRow("从哪天起", self.since, note="早先的情况照样留着")
        self.form.addLayout(row(FormRow("改什么", self.what), since, None, gap=m.s16))
        self.form.addWidget(self.stack)
        self.form.addWidget(note)
        self.form.addWidget(self.count)

    # ---- what is asked for

    def _choose(self, place: object) -> None:
        self.stack.setCurrentIndex(int(str(place)))
        self._look()

    def _wanted(self) -> tuple[BulkChange, date] | None:
        change, day = self.values[self.stack.currentIndex()].change(), self.since.day
        return None if change is None or day is None else (change, day)

    # ---- preview

    def _look(self, _value: object = None) -> None:
        """The real change, rolled back: what it shows is what will be."""
        wanted = self._wanted()
        if wanted is None:
            self._looking.drop()
            self._show(None)
            return
        change, since = wanted
        self._looking.run(
            bulk_change,
            self._context.store,
            uuids=tuple(self._classes_of),
            change=change,
            since=since,
            dry_run=True,
            on_done=self._show,
            on_error=self._refused,
        )

    def _refused(self, error: BaseException) -> None:
        self._show(None)
        self._context.errors.show(error)

    def _show(self, result: BulkResult | None) -> None:
        # Whom it leaves as they are she need not look at: they stand below.
        lines = sorted(result.lines if result else (), key=lambda line: not (line.changes or line.refused))
        self.lines.set_rows(_Line(line.uuid, self._classes_of.get(line.uuid, ""), line) for line in lines)
        changed = self._changed = result.changed if result else 0
        refused = sum(bool(line.refused) for line in lines)
        parts = [f"会改 {changed} 名", f"{len(lines) - changed - refused} 名已经是这样"]
        parts += [f"{refused} 名改不了，原因在表里"] if refused else []
        self.count.setText("，".join(parts) if result else "选好以后，这里先列出每一名从什么改成什么。")
        button = self.buttons["change"]
        button.set_text(f"改 {changed} 名" if changed else "改")
        button.setEnabled(changed > 0)

    # ---- writing

    def _write(self, _key: str) -> None:
        wanted = self._wanted()
        if wanted is None:
            self.wait_on()
            return
        change, since = wanted
        write_after_backup(
            self._context,
            "批量改动",
            bulk_change,
            uuids=tuple(self._classes_of),
            change=change,
            since=since,
            on_done=self._written,
            on_error=self.refused,
            toast=f"{self.values[self.stack.currentIndex()].words}：改了 {self._changed} 名",
        )

    def _written(self, _result: BulkResult) -> None:
        self.finish()


class BulkFlow(QObject):
    """Opens the panel for rows of the ledger that is shown; `closed` when she has answered."""

    closed = Signal()

    def __init__(self, context: Context, reader: LedgerReader, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._reader = reader

    def ask(self, rows: Sequence[LedgerRow]) -> None:
        """Ask what is to be changed for these children."""
        if rows and self._reader.loaded is not None:
            panel = BulkPanel(self._context, rows, self._reader.loaded.classes, self._context.dialogs.window)
            self._context.dialogs.open_panel(panel, self._answered)

    def again(self, draft: Draft) -> None:
        """接着写: for those of the children who are still there."""
        uuids = frozenset(str(draft.how.get("uuids")).split())
        rows = [row for row in self._reader.loaded.rows if row.uuid in uuids] if self._reader.loaded else []
        if not rows:
            self._context.navigation.toast("当时选的儿童都不在台账里了，草稿还留着")
        self.ask(rows)

    def _answered(self, _key: str) -> None:
        self.closed.emit()
