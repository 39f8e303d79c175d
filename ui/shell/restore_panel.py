"""The question before a restore: what is there now, what will be, and whether the journal shall add the rest."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from ui.shell.candidates import Candidate
from ui.theme import Tone
from ui.widgets import CheckBox, Kind, Text, Verb
from ui.widgets.dialog import Panel

GO = "restore"


class RestorePanel(Panel):
    """`now` is a sentence about what is there, `is_there` whether there is a file that can be kept aside.

    `with_journal` is what she left ticked.
    """

    def __init__(
        self, parent: QWidget | None, chosen: Candidate, now: str, today: date, *, is_there: bool
    ) -> None:
        head = f"用 {chosen.when(today)} 的备份换下现在的数据？"
        if not chosen.is_verified:
            head = "用选的这一份换下现在的数据？"
        if chosen.backup is None:
            head = "把日志里的保存补进现在这份数据？"
        verb = "恢复这一份" if chosen.backup is not None else "从日志补回"
        super().__init__(parent, head, [Verb("stay", "先不动"), Verb(GO, verb, Kind.FILLED)])
        self.box.addWidget(Text(f"现在：{now}", wrap=True))
        holds = chosen.holds(today)
        if chosen.backup is not None:
            after = holds or "没有核对过，恢复前先核对，不完好就不换"
            self.box.addWidget(Text(f"恢复后：{after}。", wrap=True))
        self.journal: CheckBox | None = None
        if chosen.branch is not None:
            added = f"再补回换下的那份日志里的 {chosen.journal_words(today)}。现在这份日志里的保存不在里面，日志会留着。"
            self.box.addWidget(Text(added, wrap=True))
        elif chosen.journal_commits and chosen.backup is not None:
            self.journal = CheckBox(f"后来的记录从日志补回：{chosen.journal_words(today)}", checked=True)
            self.box.addWidget(self.journal)
        elif chosen.journal_commits:
            self.box.addWidget(Text(f"从日志补回 {chosen.journal_words(today)}。", wrap=True))
        kept = "现在的数据先原样留好，以后可以再换回来。"
        words = kept if is_there else "那里现在没有文件，不会盖掉什么。"
        self.box.addWidget(Text(words, tone=Tone.INK2, wrap=True))

    @property
    def with_journal(self) -> bool:
        """Whether the journal is to be played on top."""
        return True if self.journal is None else self.journal.isChecked()
