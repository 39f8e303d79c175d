"""The Chinese words for tables, columns and stored values, as forms, histories and previews show them."""

from collections.abc import Mapping

from app.children import codes
from app.children.ethnicity import ethnic_name
from app.core.code import Code
from app.school.lessons import WEEKDAYS

TABLES: Mapping[str, str] = {
    "child": "儿童",
    "person": "家人",
    "kinship": "亲属关系",
    "life_status": "健在情况",
    "capacity": "监护能力",
    "away": "外出情况",
    "phone": "电话",
    "reachable_time": "可接听时间",
    "marriage": "婚姻状况",
    "contact_order": "联系顺序",
    "care": "监护照护",
    "care_paper": "委托与告知材料",
    "registration": "在册登记",
    "enrolment": "班级",
    "schooling": "就学情况",
    "boarding": "寄宿",
    "health": "健康状况",
    "disability": "残疾",
    "household": "户籍",
    "residence": "现住址",
    "category_flag": "类别",
    "unsupported_ground": "事实无人抚养依据",
    "household_fact": "经济来源与救助",
    "reported_status": "名册所报",
    "doubt": "存疑",
    "parked_row": "待处理行",
}

_PERIOD: Mapping[str, str] = {
    "valid_from": "从",
    "valid_to": "到",
    "source": "来源",
    "noted_on": "记录日期",
    "deleted_at": "移到回收站",
}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "child": {
        "name": "姓名",
        "former_name": "曾用名",
        "name_note": "姓名备注",
        "pinyin": "姓名拼音",
        "initials": "拼音检索",
        "sex": "性别",
        "ethnicity": "民族",
        "birth_date": "出生日期",
        "birth_source": "出生日期来源",
        "birth_note": "出生日期备注",
        "id_number": "身份证号",
        "student_registry_no": "学籍号",
        "student_no": "学号",
        "native_place": "籍贯",
        "birth_place": "出生地",
        "nationality": "国籍",
        "political_status": "政治面貌",
        "only_child": "独生子女",
        "phone": "本人电话",
        "blood_type": "血型",
        "allergies": "过敏",
        "medical_history": "病史",
        "personality": "性格特征",
        "hobbies": "兴趣爱好",
        "study": "学习情况",
        "behaviour": "日常行为",
        "family_contact": "与家人沟通",
        "special_needs": "特殊需求",
        "care_measures": "关爱措施",
        "archive_no": "档案号",
        "archive_opened_on": "建档日期",
        "note": "备注",
    },
    "person": {
        "name": "姓名",
        "sex": "性别",
        "birth_date": "出生日期",
        "id_number": "身份证号",
        "education": "文化程度",
        "health": "身体状况",
        "occupation": "职业",
        "dialect_only": "只听得懂方言",
        "address": "住址",
        "note": "备注",
    },
    "kinship": {"person_id": "家人", "relation": "关系", "label": "称呼", "lives_together": "同住"},
    "life_status": {"status": "健在情况"},
    "capacity": {"capable": "有监护能力", "reason": "原因", "evidence": "依据"},
    "away": {
        "state": "外出情况",
        "place": "务工地",
        "trade": "工种",
        "employer": "单位",
        "expected_return": "预计返乡",
    },
    "phone": {"number": "号码", "label": "说明", "confirmed_on": "核实日期", "result": "核实结果"},
    "reachable_time": {
        "weekday": "星期",
        "starts": "从",
        "ends": "到",
        "alternate_on": "轮着来，从这天的一周算起",
        "every_weeks": "几周轮一次",
    },
    "marriage": {"spouse_id": "配偶", "status": "婚姻状况"},
    "contact_order": {
        "person_id": "联系人",
        "office": "单位",
        "office_number": "单位电话",
        "rank": "顺序",
        "reachable": "方便时间",
        "language_note": "语言",
    },
    "care": {
        "person_id": "监护人",
        "kind": "照护类型",
        "grade": "监护评估",
        "carer_able": "照护人有能力",
        "assessed_on": "评估日期",
        "assessor": "评估人",
    },
    "care_paper": {
        "person_id": "签署人",
        "kind": "材料",
        "done": "已办",
        "dated_on": "日期",
        "form": "形式",
        "kept_at": "存放处",
    },
    "registration": {"kind": "名册", "end_reason": "退出原因", "end_note": "退出说明"},
    "enrolment": {"school_class_id": "班级", "end_reason": "离班原因", "end_note": "离班说明"},
    "schooling": {"status": "就学情况"},
    "boarding": {"boards": "寄宿"},
    "health": {"status": "健康状况", "illness": "病名"},
    "disability": {"kind": "残疾类别", "grade": "残疾等级", "certificate_no": "残疾证号"},
    "household": {
        "registered": "已登记户口",
        "kind": "户口性质",
        "place": "户籍地",
        "village_committee": "属村委会",
    },
    "residence": {"address": "住址", "village": "村", "village_group": "组"},
    "category_flag": {
        "category": "类别",
        "basis": "认定依据",
        "evidence_date": "认定日期",
        "kept_at": "存放处",
    },
    "unsupported_ground": {"person_id": "父或母", "ground": "依据", "evidence": "证明材料"},
    "household_fact": {"kind": "项目", "code": "内容", "basis": "依据", "evidence_date": "日期"},
    "reported_status": {"label": "所报", "raw": "原文"},
    "doubt": {
        "field": "栏目",
        "code": "代码",
        "reason": "疑点",
        "raw": "原文",
        "resolved_at": "处理时间",
        "resolution": "处理结果",
    },
}

_CODES: Mapping[tuple[str, str], type[Code]] = {
    ("child", "sex"): codes.Sex,
    ("child", "birth_source"): codes.BirthSource,
    ("person", "sex"): codes.Sex,
    ("kinship", "relation"): codes.Relation,
    ("life_status", "status"): codes.LifeStatus,
    ("away", "state"): codes.AwayState,
    ("phone", "result"): codes.PhoneResult,
    ("marriage", "status"): codes.MarriageStatus,
    ("care", "kind"): codes.CareKind,
    ("care", "grade"): codes.CareGrade,
    ("care_paper", "kind"): codes.CarePaperKind,
    ("registration", "kind"): codes.RegistrationKind,
    ("registration", "end_reason"): codes.RegistrationEnd,
    ("enrolment", "end_reason"): codes.EnrolmentEnd,
    ("schooling", "status"): codes.SchoolingStatus,
    ("health", "status"): codes.HealthStatus,
    ("disability", "kind"): codes.DisabilityKind,
    ("household", "kind"): codes.HouseholdKind,
    ("category_flag", "category"): codes.Category,
    ("unsupported_ground", "ground"): codes.UnsupportedGround,
    ("household_fact", "kind"): codes.HouseholdFactKind,
    ("household_fact", "code"): codes.HouseholdFactCode,
    ("reported_status", "label"): codes.ReportedLabel,
}
_YES_NO = frozenset(
    {
        ("child", "only_child"),
        ("person", "dialect_only"),
        ("kinship", "lives_together"),
        ("capacity", "capable"),
        ("care", "carer_able"),
        ("care_paper", "done"),
        ("boarding", "boards"),
        ("household", "registered"),
        ("household", "village_committee"),
    }
)


def column_words(table: str, column: str) -> str:
    """Return the Chinese word for a column; KeyError for one that nobody named."""
    return COLUMNS[table].get(column) or _PERIOD[column]


def value_words(table: str, column: str, value: object) -> str:
    """Return a stored value as it is shown: codes by their word, 1 and 0 as 是 and 否, NULL as 未采集."""
    if value is None:
        return codes.NOT_COLLECTED
    if (table, column) in _YES_NO:
        return "是" if value else "否"
    if column == "weekday":
        return WEEKDAYS[int(str(value)) - 1]
    if (table, column) == ("child", "ethnicity"):
        return ethnic_name(str(value)) or str(value)
    enum = _CODES.get((table, column))
    return str(value) if enum is None else enum(str(value)).label
