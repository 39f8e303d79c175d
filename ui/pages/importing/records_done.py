"""写入 of past records or call results: what was written, in words and numbers, how to take it back, and where to go on."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.diary.importing.model import RowResult
from ui.pages.importing.done_step import DoneSheet
from ui.pages.importing.intake import Plan, Result, TableKind
from ui.widgets import Button, Kind


class RecordsDone(DoneSheet):
    """Emits where she wants to go."""

    home_pressed = Signal()

    def __init__(self, intake: TableKind) -> None:
        super().__init__()
        self._intake = intake

    def show_result(self, result: Result) -> None:
        """Say what was written; it stands there now."""
        intake = self._intake
        plan = result.plan
        waiting = len(plan.waiting())
        go_home = Button(f"去{intake.home}", self.home_pressed.emit, kind=Kind.FILLED)
        ways = [self.way(intake.home, intake.done_way, go_home)]
        if waiting:
            verb = Button("看待处理清单", self.parked_pressed.emit)
            ways.append(self.way(f"{waiting} 行待处理", intake.parked_way, verb))
        follows = intake.follows(result)
        words = result_words(plan, intake.place) + (f"{follows}。" if follows else "")
        self.show_words(f"已写入{intake.place}", words, ways)
        self.undo.setVisible(bool(result.changes))
        self.foot.set_words("写入前已备份。", "撤销会取回这次写入的记录；之后改过的会留着，并说明是哪些。")

    def show_undone(self, plan: Plan) -> None:
        """The import was taken back."""
        self.show_words("这次导入已撤销", f"「{plan.file_name}」写入的记录已取回。", [])
        self.undo.hide()
        self.foot.set_words("这次导入已撤销。", "原来的文件没有动，可以再导入。")


def result_words(plan: Plan, place: str) -> str:
    """What was written, in numbers."""
    new, known, waiting = plan.count(RowResult.NEW), plan.count(RowResult.KNOWN), len(plan.waiting())
    sentences = [f"「{plan.file_name}」读了 {len(plan.rows)} 行：写入 {new} 条。"]
    if known:
        sentences.append(f"{known} 条{place}里已有，没有重写。")
    if waiting:
        sentences.append(f"{waiting} 行留在待处理清单里，不会丢。")
    return "".join(sentences)
