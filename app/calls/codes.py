"""The codes of affection calls, each with the Chinese word that screens and papers show."""

from app.core.code import Code


class LineKind(Code):
    """What children talk on."""

    ROOM_PHONE = "room_phone", "活动室座机"
    SCHOOL_MOBILE = "school_mobile", "学校手机"
    STAFF_MOBILE = "staff_mobile", "教师手机"
    VIDEO_COMPUTER = "video_computer", "视频电脑"


class CallMedium(Code):
    """By what they talk."""

    PHONE = "phone", "电话"
    VIDEO = "video", "视频"


class Outcome(Code):
    """How a call ended (接通情况, form 5.16). Only ``CONNECTED`` got through."""

    CONNECTED = "connected", "接通"
    NO_ANSWER = "no_answer", "无人接"
    STOPPED = "stopped", "停机"
    WRONG_NUMBER = "wrong_number", "号码错"
    LANGUAGE = "language", "语言不通"
    RESCHEDULED = "rescheduled", "家长改期"
    CHILD_ABSENT = "child_absent", "学生缺席"
    LINE_DOWN = "line_down", "线路不通"


FAILED: tuple[Outcome, ...] = (
    Outcome.NO_ANSWER,
    Outcome.STOPPED,
    Outcome.WRONG_NUMBER,
    Outcome.LANGUAGE,
)
"""The family was called and nobody there could be talked to; the others say nothing about the family."""


class Mood(Code):
    """How the child was after the call."""

    HAPPY = "happy", "高兴"
    CALM = "calm", "平静"
    LOW = "low", "低落"
    CRYING = "crying", "哭了"
    ANGRY = "angry", "生气"
    SILENT = "silent", "不说话"


class Origin(Code):
    """Who put a call into its slot."""

    PLANNER = "planner", "排号"
    HAND = "hand", "手工"


class CancelReason(Code):
    """Why a planned call does not take place."""

    CHILD_ABSENT = "child_absent", "学生缺席"
    CHILD_LEFT = "child_left", "学生已离校"
    LINE_DOWN = "line_down", "线路不通"
    PARENT = "parent", "家长改期"
    DUTY = "duty", "无人值班"
    OTHER = "other", "其他"
