"""写入 of past records: what was written, in words and numbers, how to take it back, and where to go on."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.diary.importing.model import DiaryImportResult, DiaryPlan, RowResult
from ui.pages.importing.done_step import DoneSheet
from ui.widgets import Button, Kind


class RecordsDone(DoneSheet):
    """Emits where she wants to go."""

    diary_pressed = Signal()

    def show_result(self, result: DiaryImportResult) -> None:
        """Say what was written; it stands in the diary now."""
        plan = result.plan
        waiting = len(plan.waiting())
        to_diary = Button("去日记", self.diary_pressed.emit, kind=Kind.FILLED)
        ways = [self.way("日记", "写入的记录都在日记和孩子的跟踪记录里，晚记的标着「补录」。", to_diary)]
        if waiting:
            verb = Button("看待处理清单", self.parked_pressed.emit)
            ways.append(self.way(f"{waiting} 行待处理", "等您选是哪一名儿童，或补上日期、类别。", verb))
        self.show_words("已写入日记", result_words(plan), ways)
        self.undo.setVisible(bool(result.changes))
        self.foot.set_words("写入前已备份。", "撤销会取回这次写入的记录；之后改过的会留着，并说明是哪些。")

    def show_undone(self, plan: DiaryPlan) -> None:
        """The import was taken back."""
        self.show_words("这次导入已撤销", f"「{plan.file_name}」写入的记录已取回。", [])
        self.undo.hide()
        self.foot.set_words("这次导入已撤销。", "原来的文件没有动，可以再导入。")


def result_words(plan: DiaryPlan) -> str:
    """What was written, in numbers."""
    new, known, waiting = plan.count(RowResult.NEW), plan.count(RowResult.KNOWN), len(plan.waiting())
    sentences = [f"「{plan.file_name}」读了 {len(plan.rows)} 行：写入 {new} 条。"]
    if known:
        sentences.append(f"{known} 条日记里已有，没有重写。")
    if waiting:
        sentences.append(f"{waiting} 行留在待处理清单里，不会丢。")
    return "".join(sentences)
