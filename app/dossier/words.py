"""The Chinese words for every table of one child's file, whichever room it belongs to."""

from collections.abc import Mapping

from app.calls import labels as calls
from app.children import labels as children
from app.core.code import Code
from app.diary import labels as diary
from app.diary.codes import Activity
from app.pairing import labels as pairing
from app.survey.codes import Way
from app.todo.codes import Audience, Per, Scope

TABLES: Mapping[str, str] = {
    **children.TABLES,
    **pairing.TABLES,
    **diary.TABLES,
    **calls.TABLES,
    "cadence_rule": "频次规则",
    "paper_form": "周纸单",
    "survey_check": "核实登记",
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    **children.COLUMNS,
    **pairing.COLUMNS,
    **diary.COLUMNS,
    **calls.COLUMNS,
    "cadence_rule": {
        "activity": "做什么",
        "audience": "对象",
        "scope": "范围",
        "times": "次数",
        "per": "多久",
        "note": "说明",
    },
    "paper_form": {
        "code": "单号",
        "activity": "做什么",
        "supporter_id": "负责人",
        "due_on": "期限",
        "why": "缘由",
        "printed_on": "打印日期",
        "batch": "批次",
        "care_record_id": "收回的记录",
        "void_on": "作废日期",
        "void_reason": "作废原因",
        "asked_uuid": "为哪件事",
    },
    "survey_check": {
        "survey_id": "摸底核实",
        "checked_on": "核实日期",
        "checked_by": "核实人",
        "way": "方式",
        "changed": "有变化",
        "note": "备注",
    },
}
_CODES: Mapping[tuple[str, str], type[Code]] = {
    **pairing.CODES,
    **diary.CODES,
    **calls.CODES,
    ("cadence_rule", "audience"): Audience,
    ("cadence_rule", "scope"): Scope,
    ("cadence_rule", "per"): Per,
    ("survey_check", "way"): Way,
}
# What a rule may ask for beside the records of the diary.
_ACTIVITIES: Mapping[str, str] = {
    **Activity.labels(),
    "call": "亲情电话",
    "video_call": "视频通话",
    "counselling": "心理疏导",
    "meeting": "家长会",
    "carer_contact": "联系监护人",
}
_YES_NO = diary.YES_NO | calls.YES_NO | {("survey_check", "changed")}


def column_words(table: str, column: str) -> str:
    """Return the Chinese word for a column; KeyError for one that nobody named."""
    return COLUMNS[table].get(column) or children.column_words("child", column)


def value_words(table: str, column: str, value: object) -> str:
    """Return a stored value as it is shown: codes by their word, 1 and 0 as 是 and 否, NULL as 未采集."""
    enum = _CODES.get((table, column))
    if value is not None and enum is not None:
        return enum(str(value)).label
    if value is not None and column == "activity":
        return _ACTIVITIES.get(str(value), str(value))
    if value is not None and (table, column) in _YES_NO:
        return "是" if value else "否"
    return children.value_words(table, column, value)
