"""How the window says days and moments: 今天, 昨天, 11月13日; with the year when it is another one."""

from __future__ import annotations

from datetime import date

from app.core.moments import day_words, moment_words, read_moment
from app.storage.backups import Reason

__all__ = ["REASONS", "day_words", "moment_words", "size_words", "stored_moment_words"]

REASONS = {
    Reason.BY_HAND: "手动备份",
    Reason.CLOSE: "关闭时自动",
    Reason.TIMER: "半小时自动",
    Reason.BEFORE_IMPORT: "导入以前",
    Reason.BEFORE_BULK: "批量改动以前",
    Reason.BEFORE_RESTORE: "恢复以前",
    Reason.BEFORE_UPGRADE: "升级以前",
    Reason.AFTER_PURGE: "永久删除以后",
}
"""Why a backup was made, wherever backups are listed."""


def stored_moment_words(text: str | None, today: date) -> str:
    """The same for a stored ISO moment; 还没有 without one."""
    if not text:
        return "还没有"
    moment = read_moment(text)
    return text.replace("T", " ")[:16] if moment is None else moment_words(moment, today)


def size_words(size: int) -> str:
    """3.1 MB, 820 KB."""
    if size >= 1 << 30:
        return f"{size / (1 << 30):.1f} GB"
    return f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{max(size >> 10, 1)} KB"
