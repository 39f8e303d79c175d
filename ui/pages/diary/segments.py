"""The parts of the diary page, in their order; each is imported and made when it is first shown."""

from __future__ import annotations

from ui.context import Context
from ui.pages.diary.segment import Segment, SegmentSpec
from ui.shell.page import Page


def _records(context: Context, host: Page) -> Segment:
    from ui.pages.diary.list_segment import ListSegment

    return ListSegment(context, host)


def _week(context: Context, host: Page) -> Segment:
    from ui.pages.diary.week_segment import WeekSegment

    return WeekSegment(context, host)


def all_segments() -> tuple[SegmentSpec, ...]:
    """Return every part; the first one is shown when nothing else is asked for."""
    return (
        SegmentSpec("list", "记录", _records),
        SegmentSpec("week", "按周登记", _week),
    )
