"""写入: what was written, in words and numbers, how to take it back, and where to go on."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Signal

from app.children.roster.model import ImportPlan, ImportResult, RowResult
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Button, EmptyState, FooterBar, Scroll, Sheet, Text, Way, column, empty_out, row


class DoneStep(Sheet):
    """Emits where she wants to go."""

    undo_pressed = Signal()
    ledger_pressed = Signal()
    parked_pressed = Signal()
    marked_pressed = Signal()
    another_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.content = Scroll()
        self.undo = Button("撤销这次导入", self.undo_pressed.emit, icon="arrow_undo")
        self.another = Button("再导入一个文件", self.another_pressed.emit)
        self.foot = FooterBar(self.undo, self.another, icon="info")
        self.box.addWidget(self.content, 1)
        self.box.addWidget(self.foot)
        self.ways: EmptyState | None = None

    def show_result(self, result: ImportResult) -> None:
        """Say what was written; it stands in the ledger now."""
        plan = result.plan
        parked = plan.count(RowResult.PARKED)
        ways = [
            Way(
                "people_community",
                "看看台账",
                "儿童都在台账里。",
                "去台账",
                self.ledger_pressed.emit,
                filled=True,
            )
        ]
        if parked:
            ways.append(
                Way(
                    "question_circle",
                    f"{parked} 行待处理",
                    "等您定是不是同一人，或补上缺的。",
                    "看待处理清单",
                    self.parked_pressed.emit,
                )
            )
        if plan.marked:
            ways.append(
                Way(
                    "edit",
                    f"{plan.marked} 处有标记",
                    "存疑的格子，照户口本补。",
                    f"补标记 {plan.marked} 处",
                    self.marked_pressed.emit,
                )
            )
        self._show("已写入台账", result_words(plan), ways)
        self.undo.setVisible(bool(result.changes))
        self.foot.set_words("写入前已备份。", "撤销会把这次导入写入的全部取回；之后改过的会留着并说明。")

    def show_undone(self, plan: ImportPlan) -> None:
        """The import was taken back."""
        words = [f"「{plan.file_name}」写入的内容已取回，台账回到导入之前。"]
        self._show("这次导入已撤销", words, [])
        self.undo.hide()
        self.foot.set_words("这次导入已撤销。", "原来的文件没有动，可以再导入。")

    def _show(self, head: str, sentences: list[str], ways: list[Way]) -> None:
        m = theme.metrics()
        empty_out(self.content.box)
        self.content.box.addStretch(1)
        lines = column(gap=m.s4, margins=(m.s24, m.s16, m.s24, 0))
        lines.addLayout(row(None, Text(head, Type.SECTION), None))
        for sentence in sentences:
            text = Text(sentence, tone=Tone.INK2, wrap=True)
            text.setAlignment(text.alignment().AlignCenter)
            lines.addWidget(text)
        self.content.box.addLayout(lines)
        self.ways = EmptyState(ways=ways) if ways else None
        if self.ways is not None:
            self.content.box.addWidget(self.ways)
        self.content.box.addStretch(2)

    def focus_first(self) -> None:
        """Where the keyboard begins."""
        buttons = cast("list[Button]", self.findChildren(Button))
        shown = (button for button in buttons if button.is_filled() and button.isVisibleTo(self))
        next(shown, self.another).setFocus()


def result_words(plan: ImportPlan) -> list[str]:
    """What was written, in numbers."""
    counts = [
        f"{words} {plan.count(result)} 名"
        for words, result in (
            ("新增", RowResult.NEW),
            ("更新", RowResult.UPDATED),
            ("不变", RowResult.UNCHANGED),
        )
        if plan.count(result)
    ]
    sentences = [f"「{plan.file_name}」读了 {len(plan.rows)} 行：{'、'.join(counts) or '没有写入儿童'}。"]
    parked = plan.count(RowResult.PARKED)
    if parked:
        sentences.append(f"{parked} 行留在待处理清单里，不会丢。")
    if plan.new_classes:
        sentences.append(f"新建了 {len(plan.new_classes)} 个班：{'、'.join(plan.new_classes)}。")
    if plan.missing:
        sentences.append(f"有 {len(plan.missing)} 名在册儿童不在表里，没有动。")
    return sentences
