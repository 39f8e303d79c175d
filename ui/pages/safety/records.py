"""What left the program (移交记录), and what can be brought back (回收站)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.dossier.service_bin import restore_from_bin, restore_records
from app.school.codes import HANDOVER_KINDS, PROFILES
from app.school.handover import HandoverEntry
from app.tasks.recycle_bin import BinEntry
from app.tasks.safety import Safety
from ui import theme
from ui.context import Context
from ui.pages.safety.destructions import Destructions
from ui.theme import Tone, Type
from ui.widgets import Button, Cell, Column, DataTable, EmptyState, FooterBar, Kind, Link, Rule, Text
from ui.widgets.cell import longest
from ui.widgets.layout import column, holder
from ui.wording import stored_moment_words


class HandoverPart(QWidget):
    """The hand-over log, newest first; written by the program, never changed."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.table = DataTable(self._columns(()))
        self.table.current_changed.connect(self._show_detail)
        self._detail = Text("", Type.SMALL, Tone.INK2, wrap=True, selectable=True)
        m = theme.metrics()
        self._foot = holder(column(Rule(), column(self._detail, margins=(m.s16, m.s8, m.s16, m.s8))))
        self._empty = EmptyState("还没有移交过", "导出、打印、拷到优盘、查看完整号码，都会自己记在这里。")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.setLayout(column(self._stack, self._foot))

    def _columns(self, entries: Sequence[HandoverEntry]) -> list[Column]:
        """Contents and recipients are whatever was printed or written down: they get the room that these take."""
        contents = longest(("数据和台账（报镇，不加密）", *(one.content for one in entries)))
        recipients = longest(("本校自存", *(one.recipient or "" for one in entries)))
        return [
            Column("at", "时间", self._at_cell, "2025年12月30日 16:20", frozen=True),
            Column("kind", "怎么出去的", _kind_cell, "查看完整号码"),
            Column("content", "内容", _content_cell, contents),
            Column("people", "人数", _people_cell, "5000 名"),
            Column("profile", "号码", _profile_cell, "完整"),
            Column("recipient", "给谁", _recipient_cell, recipients),
            Column("who", "谁办的", _who_cell, "没有选是谁　"),
        ]

    def _at_cell(self, entry: HandoverEntry) -> Cell:
        return Cell(stored_moment_words(entry.happened_at, self._context.clock.today()), bold=True)

    def show_safety(self, found: Safety) -> None:
        """Show the entries."""
        self.table.set_columns(self._columns(found.handovers))
        self.table.set_rows(found.handovers)
        self._stack.setCurrentWidget(self.table if found.handovers else self._empty)
        self._show_detail(self.table.current_row())

    def _show_detail(self, entry: HandoverEntry | None) -> None:
        """Say in full, below the list, why the current one left and what it was."""
        self._foot.setVisible(entry is not None)
        self._detail.setText(detail_words(entry) if entry is not None else "")

    def take_focus(self) -> None:
        """Put the keyboard where work begins."""
        self.table.setFocus()


def _kind_cell(entry: HandoverEntry) -> Cell:
    return Cell(HANDOVER_KINDS[entry.kind])


def _content_cell(entry: HandoverEntry) -> Cell:
    return Cell(entry.content)


def _people_cell(entry: HandoverEntry) -> Cell:
    return Cell(f"{entry.people} 名")


def _profile_cell(entry: HandoverEntry) -> Cell:
    return Cell(PROFILES[entry.profile] if entry.profile else "", Tone.INK2)


def _recipient_cell(entry: HandoverEntry) -> Cell:
    return Cell(entry.recipient or "", Tone.INK2)


def _who_cell(entry: HandoverEntry) -> Cell:
    return Cell(entry.who or "没有选是谁", Tone.INK2 if entry.who else Tone.INK3)


def detail_words(entry: HandoverEntry) -> str:
    """Return reason, file, the day it shows and the state of the data, as far as they were written down."""
    parts = [
        f"原因：{entry.reason}" if entry.reason else "",
        f"文件：{entry.file_name}" if entry.file_name else "",
        f"截至 {entry.as_of} 的情况" if entry.as_of else "",
        f"数据序号 {entry.data_commit_no}",
    ]
    return "　".join(part for part in parts if part)


class BinPart(QWidget):
    """The recycle bin. 取回 brings a child back with everything under it; it can be undone like any action."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        columns = [
            Column("what", "移走的", _what_cell, "欧阳慕容雨桐　已并到「欧阳慕容雨桐」", frozen=True),
            Column("records", "是什么", _records_cell, "并掉的一份和 20 条记录"),
            Column("at", "什么时候", self._deleted_cell, "2025年12月30日 16:20"),
            Column("who", "谁移走的", _bin_who_cell, "没有选是谁　"),
        ]
        if not context.read_only:
            columns.append(Column("back", "", _back_cell, "撤销合并", link=True))
        self.table = DataTable(columns, tickable=not context.read_only)
        self.table.link_pressed.connect(self._link_pressed)
        self.table.opened.connect(self._bring_back_one)
        self.table.ticks_changed.connect(self._show_foot)
        self.table.current_changed.connect(self._current_moved)
        self._empty = EmptyState("回收站是空的", "移走的儿童和记录会留在这里，随时可以取回。")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.back = Button("取回勾选的", self._bring_back_ticked, icon="arrow_undo", kind=Kind.FILLED)
        self.purge = Button("永久删除…", self._purge_ticked, icon="delete", kind=Kind.DANGER)
        self.destructions = Destructions(context, self)
        self.register = Link("销毁登记", self.destructions.show_register)
        verbs: list[QWidget] = (
            [self.register] if context.read_only else [self.register, self.purge, self.back]
        )
        self._foot = FooterBar(*verbs)
        self.setLayout(column(self._stack, self._foot))

    def _deleted_cell(self, entry: BinEntry) -> Cell:
        return Cell(stored_moment_words(entry.deleted_at, self._context.clock.today()))

    def show_safety(self, found: Safety) -> None:
        """Show what lies in the bin."""
        self.table.keep_ticks([entry.uuid for entry in found.bin])
        self.table.set_rows(found.bin)
        self._stack.setCurrentWidget(self.table if found.bin else self._empty)
        self._show_foot()

    def _current_moved(self, _entry: BinEntry | None) -> None:
        self._show_foot()

    def _show_foot(self) -> None:
        count = len(self.table.ticked_rows())
        self.back.setVisible(bool(self.table.rows) and not self._context.read_only)
        self.purge.setVisible(self.back.isVisibleTo(self._foot))
        self.back.setEnabled(bool(count))
        self.purge.setEnabled(any(entry.is_child for entry in self.table.ticked_rows()))
        self.back.set_text(f"取回勾选的 {count} 项" if count else "取回勾选的")
        current = self.table.current_row()
        if current is not None and current.merged:
            words = "两份里同一时期的记录只能留一条，没留的在这里；撤销合并就都分开。"
        else:
            words = "取回一名儿童，名下一起移走的记录也都回来。"
        self._foot.set_words(words if self.table.rows else "")

    # ---- bringing back

    def _link_pressed(self, entry: BinEntry, _key: str) -> None:
        self._bring_back_one(entry)

    def _bring_back_one(self, entry: BinEntry) -> None:
        if not self._context.read_only:
            self._bring_back([entry])

    def _bring_back_ticked(self) -> None:
        self._bring_back(self.table.ticked_rows())

    def _bring_back(self, entries: list[BinEntry]) -> None:
        children = [entry.uuid for entry in entries if entry.is_child and not entry.merged]
        if children:
            self._context.write(restore_from_bin, uuids=children, toast=True)
        # A merge is undone as a whole, and once, however many of its children are ticked.
        for action_uuid in dict.fromkeys(entry.merged for entry in entries if entry.merged):
            self._context.undo(action_uuid)
        for entry in entries:
            if not entry.is_child:
                self._context.write(restore_records, action_uuid=entry.uuid, toast=True)

    # ---- taking away for good

    def _purge_ticked(self) -> None:
        """Of what is ticked the children; single records lie here until their child goes."""
        children = [entry.uuid for entry in self.table.ticked_rows() if entry.is_child]
        if children:
            self.destructions.ask(children)

    def take_focus(self) -> None:
        """Put the keyboard where work begins."""
        self.table.setFocus()


def _what_cell(entry: BinEntry) -> Cell:
    return Cell(entry.what, bold=entry.is_child, aside=entry.detail)


def _records_cell(entry: BinEntry) -> Cell:
    if not entry.is_child:
        return Cell(f"{entry.records} 条记录", Tone.INK2)
    what = "并掉的一份" if entry.merged else "儿童"
    return Cell(f"{what}和 {entry.records} 条记录", Tone.INK2)


def _bin_who_cell(entry: BinEntry) -> Cell:
    return Cell(entry.who or "没有选是谁", Tone.INK2 if entry.who else Tone.INK3)


def _back_cell(entry: BinEntry) -> Cell:
    return Cell("撤销合并" if entry.merged else "取回")
