"""A file with whole ID or telephone numbers leaves with a reason that is kept in the hand-over log (decisions.md §4.4)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.errors import UserError
from app.school.codes import Profile
from app.school.handover import require_reason
from ui.context import Context
from ui.drafts import EntryPanel
from ui.widgets import FormRow, QuietField

WORDS = "这份 PDF 里有完整的身份证号或电话，存出去就能转发。写一句给谁、做什么用，会记入移交记录；不写用途，可以打印在纸上。"


class WhyWhole(EntryPanel):
    """Asks what the file is for; `then(reason)` once she has said it."""

    def __init__(self, context: Context, parent: QWidget | None, then: Callable[[str], object]) -> None:
        super().__init__(parent, "存成 PDF，号码不遮", self._asked, verb="选存到哪里")
        self._context = context
        self._then = then
        self.reason = QuietField(quiet=False, hint="如 交镇民政办核对")
        self.say(WORDS)
        self.add(FormRow("用途", self.reason))

    def _asked(self, _key: str) -> None:
        reason = self.reason.text().strip()
        try:
            require_reason(self._context.store, Profile.FULL, reason)
        except UserError as refusal:
            self.object_to(f"{refusal.what}{refusal.safe}", self.reason)
            return
        self.finish()
        self._then(reason)


def ask_why(context: Context, then: Callable[[str], object]) -> None:
    """Ask before a file with whole numbers is offered; `then(reason)` is called when there is a reason."""
    panel = WhyWhole(context, context.dialogs.top, then)
    context.dialogs.open_panel(panel, _closed)


def _closed(_key: str) -> None:
    """Without a reason nothing leaves."""
