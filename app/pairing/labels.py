"""The Chinese words for the tables, columns and stored values of pairing."""

from collections.abc import Mapping

from app.children.codes import Sex
from app.core.code import Code
from app.pairing import codes

TABLES: Mapping[str, str] = {
    "pairing": "结对",
    "help_plan": "帮扶计划",
    "help_measure": "帮扶措施",
    "help_stage": "帮扶阶段记录",
    "help_check": "帮扶计划抽查",
    "individual_plan": "个别教育管理方案",
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "supporter": {
        "staff_id": "教职工",
        "name": "姓名",
        "sex": "性别",
        "phone": "电话",
        "identity": "身份",
        "organisation": "单位",
        "duty": "职务",
        "left_on": "离开日期",
        "note": "备注",
    },
    "pairing": {
        "kind": "类别",
        "supporter_id": "帮扶人",
        "buddy_id": "学习帮手",
        "focus": "重点",
        "agreed_on": "签协议日期",
        "kept_at": "协议存放处",
        "unchecked_reason": "没有从业查询的原因",
        "end_reason": "解除原因",
        "end_note": "解除说明",
    },
    "help_plan": {
        "term_id": "学期",
        "supporter_id": "帮扶人",
        "situation": "现状与原因",
        "aim_mind": "心理上的目标",
        "aim_life": "生活上的目标",
        "aim_study": "学习上的目标",
        "aim_conduct": "行为上的目标",
        "effect": "期末效果",
        "grade": "期末评定",
        "reflection": "反思",
        "assessed_on": "评定日期",
        "assessor": "评定人",
    },
    "help_measure": {
        "help_plan_id": "帮扶计划",
        "position": "序号",
        "guidance": "四导",
        "content": "措施",
        "planned_for": "时间",
        "place": "地点",
        "participants": "参与人",
    },
    "help_stage": {
        "help_plan_id": "帮扶计划",
        "happened_on": "日期",
        "entered_on": "录入日期",
        "content": "内容",
        "reaction": "学生反应",
        "effect": "效果",
    },
    "help_check": {
        "help_plan_id": "帮扶计划",
        "checked_on": "抽查日期",
        "checker": "抽查人",
        "opinion": "意见",
    },
    "individual_plan": {
        "term_id": "学期",
        "supporter_id": "负责人",
        "situation": "现状与原因",
        "aims": "目标",
        "measures": "措施",
        "course": "过程",
        "effect": "效果",
        "assessed_on": "评定日期",
        "assessor": "评定人",
    },
}
CODES: Mapping[tuple[str, str], type[Code]] = {
    ("supporter", "sex"): Sex,
    ("supporter", "identity"): codes.Identity,
    ("background_check", "result"): codes.CheckResult,
    ("pairing", "kind"): codes.PairingKind,
    ("pairing", "end_reason"): codes.PairingEnd,
    ("pairing_rule", "kind"): codes.PairingKind,
    ("pairing_rule", "class_teacher"): codes.ClassTeacherRule,
    ("pairing_rule", "siblings"): codes.Wish,
    ("pairing_rule", "woman_for_girls"): codes.Wish,
    ("help_plan", "grade"): codes.PlanGrade,
    ("help_measure", "guidance"): codes.Guidance,
}


def counted_words(pairs: int, children: int) -> str:
    """Return 7 对，7 名儿童; where they differ the sentence that says why."""
    why = "（一名儿童由几位一起带，每位各算一对）" if pairs > children else ""
    return f"{pairs} 对，{children} 名儿童{why}"
