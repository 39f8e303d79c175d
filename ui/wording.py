"""How the window says days and moments: 今天, 昨天, 11月13日; with the year when it is another one."""

from __future__ import annotations

from datetime import date, datetime, timedelta


def day_words(day: date, today: date) -> str:
    """今天, 昨天, 11月13日, 2025年11月13日."""
    if day == today:
        return "今天"
    if day == today - timedelta(days=1):
        return "昨天"
    words = f"{day.month}月{day.day}日"
    return words if day.year == today.year else f"{day.year}年{words}"


def moment_words(moment: datetime, today: date) -> str:
    """今天 09:58, 昨天 16:20, 11月13日 09:58."""
    return f"{day_words(moment.date(), today)} {moment:%H:%M}"


def stored_moment_words(text: str | None, today: date) -> str:
    """The same for a stored ISO moment; 还没有 without one."""
    if not text:
        return "还没有"
    return moment_words(datetime.fromisoformat(text), today)


def size_words(size: int) -> str:
    """3.1 MB, 820 KB."""
    if size >= 1 << 30:
        return f"{size / (1 << 30):.1f} GB"
    return f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{max(size >> 10, 1)} KB"
