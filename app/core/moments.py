"""Days and moments, as they are stored and in words: 今天, 昨天, 11月13日; with the year when it is another one."""

from datetime import date, datetime, timedelta


def read_moment(text: str) -> datetime | None:
    """Return a stored local ISO moment; None for one that no calendar has: a disk may have changed a digit."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


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
