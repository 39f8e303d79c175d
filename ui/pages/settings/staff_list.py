"""几名教职工一起登记: pasted out of a spreadsheet or typed, looked through before anything is written, one undo."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from typing_extensions import override

from app.children.codes import Sex
from app.school.service import add_several_staff
from app.storage.drafts import Draft, Json
from app.tasks.staff_list import COLUMNS, StaffRow, arranged, read_staff_rows
from ui import theme
from ui.drafts import SAVE, STAY, EntryPanel, Form
from ui.drafts.grid import GridDraft
from ui.drafts.note import ask_about
from ui.pages.settings.section import Section
from ui.theme import Tone, Type
from ui.widgets import Button, Finding, Ground, State, Text, column, row
from ui.widgets.grid import EntryGrid, GridColumn
from ui.widgets.grid_model import Block

READS_AFTER = 200
"""Milliseconds after the last change before the rows are read."""
_SAMPLES = {
    "name": "欧阳慕容雨桐",
    "sex": "女",
    "duty": "副校长（分管德育）",
    "subject": "道德与法治",
    "phone": "12300000000",
    "joined_on": "2026-09-01",
}
_KEYS = tuple(COLUMNS)
_ROWS, _ROWS_IN_LOW_WINDOW = 9, 4
_NAMED = 6


class _StaffGrid(EntryGrid):
    """Knows the columns of a block also by other heads (手机号, 任课), or by what stands in them."""

    def __init__(self) -> None:
        choices = {"sex": tuple(sex.label for sex in Sex)}
        super().__init__(
            [GridColumn(key, head, _SAMPLES[key], choices.get(key, ())) for key, head in COLUMNS.items()]
        )

    @override
    def arranged(self, block: Block) -> Block:
        return arranged(block)


class StaffListPanel(EntryPanel):
    """A grid of members of staff to be added; who is on the list already is said and left out."""

    def __init__(self, section: Section) -> None:
        m = theme.metrics()
        head = "登记几名教职工"
        super().__init__(section, head, self._asked, verb="加上", safe="先不加", width=m.form_most)
        self._context = section.context
        self._reading = section.context.jobs.latest(self)
        self._read: list[StaffRow] = []
        self._noticed = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(READS_AFTER)
        self._pause.timeout.connect(self._look)
        self.grid = _StaffGrid()
        self.grid.cells.changed.connect(self._changed)
        self.grid.current_moved.connect(self._say_cell)
        self.grid.noticed.connect(self._notice)
        window = self._context.dialogs.window
        is_low = window is not None and window.height() < m.start_column * 3 // 4
        self.grid.setFixedHeight(m.table_head + (_ROWS_IN_LOW_WINDOW if is_low else _ROWS) * m.row)
        self.told = Text("", wrap=True)
        self.doubt = Text("", Type.SMALL, Tone.OCHRE, wrap=True)
        self._build()
        self.kept = GridDraft(
            self._context.drafts,
            self.grid,
            Form.STAFF_LIST,
            words=self._draft_words,
            how=_nothing,
            where={"section": section.key},
            parent=self,
        )
        left = self._context.drafts.left_for(Form.STAFF_LIST, "")
        if left is not None:
            self.draft_note.offer(left, self._context.clock.today(), partial(self.resume, left))
        self._say()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)  # Ctrl+V is the first thing she does

    def _build(self) -> None:
        self.say(
            "在 WPS 表格里选中几列（姓名、性别、职务、学科、电话……），复制，再在这里粘贴；有没有表头、"
            "先后次序怎样都行。也可以直接打字，一人一行。"
        )
        paste = Button("粘贴", self._paste, small=True)
        paste.setToolTip("Ctrl+V")
        self.form.addLayout(row(paste, None))
        ground = Ground("note")
        ground.setLayout(column(self.grid, margins=(1, 1, 1, 1)))
        self.form.addWidget(ground)
        self.form.addWidget(self.told)
        self.form.addWidget(self.doubt)

    def _draft_words(self, count: int) -> str:
        return f"登记 {count} 名教职工"

    @override
    def resume(self, draft: Draft) -> None:
        self.kept.fill(draft)
        self.draft_note.say_filled(())

    # ---- reading

    def _paste(self, *_: object) -> None:
        self.grid.setFocus()
        self.grid.paste()

    def _rows(self) -> list[tuple[int, dict[str, str]]]:
        return [(place, dict(zip(_KEYS, texts, strict=True))) for place, texts in self.grid.cells.filled]

    def _changed(self) -> None:
        self._noticed = ""
        self.say_why("")
        self._pause.start()

    def _look(self) -> None:
        self._reading.run(read_staff_rows, self._context.store, self._rows(), on_done=self._show)

    def _show(self, found: list[StaffRow]) -> None:
        self._read = found
        findings: dict[tuple[int, int], Finding] = {}
        for one in found:
            for mark in one.marks:
                state = State.INVALID if mark.blocks and not one.known else State.DOUBTFUL
                findings.setdefault((one.place, _KEYS.index(mark.column)), Finding(state, mark.reason))
            if one.known:
                findings[one.place, 0] = Finding(State.DOUBTFUL, f"{one.known}，不会再加")
        self.grid.cells.set_findings(findings)
        self._say()

    @property
    def _new(self) -> list[StaffRow]:
        return [one for one in self._read if not one.known]

    def _say(self) -> None:
        new = self._new
        blocked = sum(not one.ready for one in new)
        parts = [f"要加上 {len(new)} 名"] if new else []
        parts += [f"其中 {blocked} 行要改好才能加"] if blocked else []
        known = [one for one in self._read if one.known]
        words = "，".join(parts) + "。" if parts else ""
        if known:
            names = "、".join(one.name for one in known[:_NAMED])
            more = f"等 {len(known)} 名" if len(known) > _NAMED else ""
            words += (
                f"不会再加：{names}{more}，{known[0].known if len(known) == 1 else '名单里或上面已经有'}。"
            )
        self.told.setText(words or "还没有填。")
        self.buttons[SAVE].set_text(f"加上 {len(new)} 名" if new else "加上")
        self.buttons[SAVE].setEnabled(bool(new))
        self._say_cell()

    def _say_cell(self, *_: object) -> None:
        """What is the matter with the cell she is in, or what was not pasted."""
        row_, column_ = self.grid.place()
        found = self.grid.cells.finding(row_, column_) if row_ >= 0 else None
        self.doubt.setText(f"第 {row_ + 1} 行{_HEADS[column_]}：{found.reason}" if found else self._noticed)

    def _notice(self, words: str) -> None:
        self._noticed = words
        self._say_cell()

    # ---- writing

    def _asked(self, _key: str) -> None:
        """Read once more: the last cell may have been typed just now."""
        self._pause.stop()
        self._reading.run(
            read_staff_rows, self._context.store, self._rows(), on_done=self._write, on_error=self.refused
        )

    def _write(self, found: list[StaffRow]) -> None:
        self._show(found)
        new = self._new
        blocked = next((one for one in new if not one.ready), None)
        if blocked is not None:
            mark = next(mark for mark in blocked.marks if mark.blocks)
            self.grid.go(blocked.place, _KEYS.index(mark.column))
            self.object_to(f"第 {blocked.place + 1} 行{COLUMNS[mark.column]}：{mark.reason}", self.grid)
        elif not new:
            self.object_to("没有要加的：都已经在名单里。", self.grid)
        else:
            self._context.write(
                add_several_staff,
                members=tuple(dict(one.values) for one in new),
                toast=True,
                on_done=self._stored,
                on_error=self._not_stored,
            )

    def _not_stored(self, error: BaseException) -> None:
        self.kept.keep_now()
        self.refused(error)

    def _stored(self, _changes: object) -> None:
        self._empty()
        self.finish()

    def _empty(self) -> None:
        self._pause.stop()
        self.grid.cells.empty_out()
        self._pause.stop()
        self.kept.emptied()

    @override
    def answer(self, key: str) -> None:
        filled = len(self.grid.cells.filled)
        if key == STAY and filled:
            ask_about(self._context.dialogs, f"填了 {filled} 名", self._give_up)
            return
        self.buttons[SAVE].setFocus(Qt.FocusReason.OtherFocusReason)  # what is being typed goes into its cell
        super().answer(key)

    def _give_up(self) -> None:
        self._empty()
        super().answer(STAY)


_HEADS = tuple(COLUMNS.values())


def _nothing() -> dict[str, Json]:
    """Nothing stands above the rows."""
    return {}
