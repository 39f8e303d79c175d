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


def _meetings(context: Context, host: Page) -> Segment:
    from ui.pages.diary.meeting_segment import MeetingSegment

    return MeetingSegment(context, host)


def _absences(context: Context, host: Page) -> Segment:
    from ui.pages.diary.case_absence import AbsenceSegment

    return AbsenceSegment(context, host)


def _incidents(context: Context, host: Page) -> Segment:
    from ui.pages.diary.case_incident import IncidentSegment

    return IncidentSegment(context, host)


def _counselling(context: Context, host: Page) -> Segment:
    from ui.pages.diary.counsel_segment import CounselSegment

    return CounselSegment(context, host)


def all_segments() -> tuple[SegmentSpec, ...]:
    """Return every part; the first one is shown when nothing else is asked for."""
    return (
        SegmentSpec("list", "记录", _records),
        SegmentSpec("week", "按周登记", _week),
        SegmentSpec("meetings", "会议", _meetings),
        SegmentSpec("absences", "缺席", _absences),
        SegmentSpec("incidents", "突发事件", _incidents),
        SegmentSpec("counselling", "心理疏导", _counselling),
    )
