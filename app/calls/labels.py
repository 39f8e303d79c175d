"""The Chinese words for the tables, columns and stored values of affection calls."""

from collections.abc import Mapping

from app.calls import codes
from app.core.code import Code

TABLES: Mapping[str, str] = {
    "call_wish": "孩子的通话意愿",
    "planned_call": "通话安排",
    "affection_call": "亲情电话",
    "call_parked": "通话待处理行",
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "call_wish": {"wants": "愿意打电话", "person_id": "想打给", "medium": "方式", "note": "孩子的话"},
    "planned_call": {
        "call_line_id": "线路",
        "day": "日期",
        "starts": "开始",
        "ends": "结束",
        "place": "同一时段的次序",
        "occasion": "同一次",
        "medium": "方式",
        "person_id": "打给",
        "origin": "谁排的",
        "fixed": "固定不动",
        "printed_on": "打印日期",
        "moved_from": "原来排在",
        "cancelled_on": "取消日期",
        "cancelled_reason": "取消原因",
        "note": "备注",
    },
    "affection_call": {
        "planned_call_id": "通话安排",
        "happened_on": "日期",
        "entered_on": "录入日期",
        "started": "开始",
        "minutes": "分钟",
        "call_line_id": "线路",
        "medium": "方式",
        "outcome": "接通情况",
        "person_id": "打给",
        "phone_id": "拨的号码",
        "spoke_with": "接听人",
        "mood": "情绪",
        "said": "孩子愿意记下的话",
        "rescheduled_to": "改到",
        "staff_id": "值班教师",
        "promise_id": "答应的事",
        "trigger_event_id": "引出的家访",
        "occasion": "同一次",
        "note": "备注",
    },
}
CODES: Mapping[tuple[str, str], type[Code]] = {
    ("call_wish", "medium"): codes.CallMedium,
    ("planned_call", "medium"): codes.CallMedium,
    ("planned_call", "origin"): codes.Origin,
    ("planned_call", "cancelled_reason"): codes.CancelReason,
    ("affection_call", "medium"): codes.CallMedium,
    ("affection_call", "outcome"): codes.Outcome,
    ("affection_call", "mood"): codes.Mood,
}
YES_NO: frozenset[tuple[str, str]] = frozenset({("call_wish", "wants"), ("planned_call", "fixed")})
