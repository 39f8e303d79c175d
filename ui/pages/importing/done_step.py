"""写入: what was written, in words and numbers, how to take it back, and where to go on."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.children.roster.model import ImportPlan, ImportResult, RowResult
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Button, FooterBar, Kind, Rule, Scroll, Sheet, Text, column, empty_out, holder, row


class DoneSheet(Sheet):
    """What an import did: head, sentences, ways to go on. `undo_pressed`, `parked_pressed`, `another_pressed`."""

    undo_pressed = Signal()
    parked_pressed = Signal()
    another_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.content = Scroll()
        self.undo = Button("撤销这次导入", self.undo_pressed.emit, icon="arrow_undo")
        self.another = Button("再导入一个文件", self.another_pressed.emit)
        self.foot = FooterBar(self.undo, self.another, icon="info")
        self.box.addWidget(self.content, 1)
        self.box.addWidget(self.foot)

    def show_words(self, head: str, sentences: str, ways: list[QWidget]) -> None:
        """Say what happened and where to go on."""
        m = theme.metrics()
        empty_out(self.content.box)
        lines = column(
            Text(head, Type.SECTION),
            m.s4,
            Text(sentences, tone=Tone.INK2, wrap=True),
            m.s16,
            *(part for way in ways for part in (Rule(), way)),
            Rule() if ways else 0,
            margins=(m.s24, m.s24, m.s24, m.s16),
        )
        inner = holder(lines)
        inner.setMaximumWidth(m.form_most + m.s24 + m.s24)
        self.content.box.addWidget(inner)
        self.content.box.addStretch(1)

    @staticmethod
    def way(head: str, detail: str, verb: Button) -> QWidget:
        """One line that leads on."""
        m = theme.metrics()
        said = column(Text(head, bold=True), Text(detail, Type.SMALL, Tone.INK2, wrap=True))
        line = row(said, m.s16, verb, margins=(0, m.s8, 0, m.s8))
        line.setStretchFactor(said, 1)
        return holder(line)

    def focus_first(self) -> None:
        """Where the keyboard begins."""
        buttons = cast("list[Button]", self.findChildren(Button))
        shown = (button for button in buttons if button.is_filled() and button.isVisibleTo(self))
        next(shown, self.another).setFocus()


class DoneStep(DoneSheet):
    """Emits where she wants to go."""

    ledger_pressed = Signal()
    book_pressed = Signal()
    survey_pressed = Signal()
    marked_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.book: Button | None = None

    def show_result(self, result: ImportResult, *, is_first: bool = False) -> None:
        """Say what was written; it stands in the ledger now. After the first roster the ledger can be had as a file."""
        plan = result.plan
        parked = plan.count(RowResult.PARKED)
        to_ledger = Button("去台账", self.ledger_pressed.emit, kind=Kind.FILLED)
        ways = [self.way("台账", "写入的儿童都在台账里。", to_ledger)]
        if is_first:
            self.book = Button("存一份 Excel 台账…", self.book_pressed.emit)
            words = "身份证号和电话只留头尾；要完整号码的，在台账里导出。"
            ways.append(self.way("第一份台账", words, self.book))
        if plan.checked:
            verb = Button("去摸底核实", self.survey_pressed.emit)
            ways.append(
                self.way(f"{plan.checked} 名已核实", "谁还没有核实，在「摸底核实」里按班数给您看。", verb)
            )
        if parked:
            verb = Button("看待处理清单", self.parked_pressed.emit)
            ways.append(self.way(f"{parked} 行待处理", "等您定是不是同一人，或补上缺的。", verb))
        if plan.marked:
            verb = Button(f"补标记 {plan.marked} 处", self.marked_pressed.emit)
            ways.append(self.way(f"{plan.marked} 处有标记", "存疑的格子，在档案里照户口本补。", verb))
        self.show_words("已写入台账", result_words(plan), ways)
        self.undo.setVisible(bool(result.changes))
        self.foot.set_words(
            "写入前已备份。", "撤销会取回这次写入的全部内容；之后改过的会留着，并说明是哪些。"
        )

    def show_undone(self, plan: ImportPlan) -> None:
        """The import was taken back."""
        self.book = None
        self.show_words("这次导入已撤销", f"「{plan.file_name}」写入的内容已取回。", [])
        self.undo.hide()
        self.foot.set_words("这次导入已撤销。", "原来的文件没有动，可以再导入。")


def result_words(plan: ImportPlan) -> str:
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
    if left_out := plan.count(RowResult.LEFT_OUT):
        sentences.append(f"{left_out} 行照您定的不导入。")
    if plan.new_classes:
        sentences.append(f"新建了 {len(plan.new_classes)} 个班：{'、'.join(plan.new_classes)}。")
    if plan.missing:
        sentences.append(f"{plan.missing_words}，没有动。")
    return "".join(sentences)
