"""What a ledger can be brought back from, as the start screens list it: each proved backup and what the journal adds."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from msgspec import Struct

from app.core.clock import Clock
from app.storage.backups import Backup, Reason
from app.storage.copy import VerifyResult
from ui.theme import Tone
from ui.widgets import Cell, Column
from ui.wording import REASONS, moment_words, stored_moment_words


class Candidate(Struct, frozen=True):
    """One way back. Without a `backup` it is the file that is there, which only lacks what its journal holds.

    `journal_commits` saves after it can be added from the journal, the last one at `until` (local ISO time); `lost`
    more are in the journal but do not fit. `branch` is a journal that was set aside and is followed instead of the
    present one: what stands in that one is then not among what comes back.
    """

    path: Path
    backup: Backup | None = None
    journal_commits: int = 0
    until: str | None = None
    lost: int = 0
    branch: Path | None = None

    @property
    def is_verified(self) -> bool:
        """Whether it is proved what it holds."""
        return self.backup is None or self.backup.verified

    def when(self, today: date) -> str:
        """昨天 16:20, or 现在这份; 选的这一份 where nothing tells when it was made."""
        if self.backup is None:
            return "现在这份"
        return moment_words(self.backup.made_at, today) if self.backup.verified else "选的这一份"

    def holds(self, today: date) -> str:
        """118 名儿童，最近一条 昨天 16:20; "" for what nobody has counted."""
        if self.backup is None or self.backup.children is None:
            return ""
        last = stored_moment_words(self.backup.last_entry, today)
        return f"{self.backup.children} 名儿童，最近一条 {last}"

    def journal_words(self, today: date) -> str:
        """What the journal adds: 14 次，到今天 10:32; "" for nothing."""
        if not self.journal_commits:
            return ""
        until = f"，到{stored_moment_words(self.until, today)}" if self.until else ""
        lost = f"（另有 {self.lost} 次接不上）" if self.lost else ""
        return f"{self.journal_commits} 次{until}{lost}"


def chosen_copy(found: VerifyResult, clock: Clock) -> Candidate:
    """A copy that she picked herself and that was looked through, as a way back."""
    made_at = datetime.fromisoformat(found.made_at) if found.made_at else clock.now()
    is_proved = found.manifest is not None
    backup = Backup(
        found.path, made_at, Reason.BY_HAND, found.size, is_proved, found.children, found.last_entry
    )
    return Candidate(found.path, backup)


def candidate_columns(today: date) -> list[Column]:
    """Ways back as a person tells them apart: when, how many children, last entry, what the journal adds, why made."""

    def when(one: Candidate) -> Cell:
        return Cell(one.when(today), bold=True)

    def count(one: Candidate) -> str:
        children = one.backup.children if one.backup is not None else None
        return "" if children is None else f"{children} 名"

    def last(one: Candidate) -> str:
        return "" if one.backup is None else stored_moment_words(one.backup.last_entry, today)

    def more(one: Candidate) -> Cell:
        return Cell(one.journal_words(today) or "没有", Tone.INK if one.journal_commits else Tone.INK3)

    def proved(one: Candidate) -> Cell:
        if one.backup is None:
            return Cell("数据文件", Tone.INK2)
        if one.branch is not None:
            return Cell("接换下的日志", Tone.OCHRE)
        return Cell(REASONS[one.backup.reason], Tone.GREEN, icon="checkmark")

    return [
        Column("when", "备份时间", when, sample="2025年11月17日 16:31"),
        Column("children", "儿童", count, sample="1188 名", number=True),
        Column("last", "最近一条", last, sample="2025年11月17日 16:31"),
        Column("journal", "日志可再补", more, sample="14 次，到昨天 16:31"),
        Column("proved", "核对过的备份", proved, sample="批量改动以前    "),
    ]


def path_of(one: Candidate) -> str:
    """The key of a row."""
    return f"{one.path}|{one.branch or ''}"
