"""The sixteen sections of the archive sheet, in the order of the paper."""

from collections.abc import Sequence
from typing import Final

from app.paper.archive_data import ArchiveSheet, CareDetails, CarePaper, CareWork, DatedText, ParentDetails
from app.paper.form import Column, Field, Form

TRACKING_HEIGHT: Final = 28.0
"""Height of a row of the tracking table: room for two hand-written lines."""
TRACKING_ROWS: Final = 2
TRACKING_ROWS_AFTER: Final = 2
"""Rows to go on by hand under what is printed."""
TRACKING_ROWS_MORE: Final = 18
"""So many rows more at most, to fill the last page."""

DETERMINATION_COLUMNS: Final = (Column("口径", 5), Column("结果", 5), Column("依据"))
PAPER_COLUMNS: Final = (Column("文书", 9), Column("情况", 3), Column("日期", 4), Column("存放处"))
CONTACT_COLUMNS: Final = (
    Column("序", 1.5, centred=True),
    Column("联系人", 6.5),
    Column("电话", 5),
    Column("方便时间", 4),
    Column("核实", 4),
    Column("语言"),
)
FAMILY_COLUMNS: Final = (
    Column("关系", 3.5),
    Column("姓名", 5.5),
    Column("出生日期", 4),
    Column("同住", 2.5, centred=True),
    Column("备注"),
)
CATEGORY_COLUMNS: Final = (
    Column("类别", 5),
    Column("认定依据", 7.5),
    Column("认定日期", 3.8),
    Column("起止", 4.2),
    Column("存放处"),
)
PAIR_COLUMNS: Final = (
    Column("类别", 3.6),
    Column("帮扶人", 7.4),
    Column("结对日期", 3.8),
    Column("解除", 5),
    Column("重点"),
)
TRACKING_COLUMNS: Final = (
    Column("日期", 3.5),
    Column("方式", 3),
    Column("记录人", 3.5),
    Column("内容", 9.5),
    Column("后续"),
)
CHANGE_COLUMNS: Final = (
    Column("日期", 3.7),
    Column("事项", 4),
    Column("变更前", 6),
    Column("变更后", 6),
    Column("录入"),
)
USUAL_PAPERS: Final = (CarePaper(kind="委托照护协议"), CarePaper(kind="书面告知"))
USUAL_PARENTS: Final = (ParentDetails(relation="父亲"), ParentDetails(relation="母亲"))
USUAL_RULES: Final = (("学籍系统", "", ""), ("国发〔2016〕13号", "", ""), ("本校口径", "", ""))


def add_sections(sheet: ArchiveSheet, form: Form) -> None:
    """Add all sections of one sheet to the form."""
    _add_personal(sheet, form)
    form.section("二、留守认定")
    found = [(one.rule, one.answer, one.reason) for one in sheet.determinations]
    form.table(DETERMINATION_COLUMNS, found or USUAL_RULES)
    _add_parents(sheet, form)
    _add_care(sheet.care, form)
    _add_contacts(sheet, form)
    _add_family(sheet, form)
    form.section("七、类别与认定依据")
    flags = [
        (one.category, one.basis, one.evidence_date, period(one.since, one.until), one.kept_at)
        for one in sheet.categories
    ]
    form.table(CATEGORY_COLUMNS, flags, blank_rows=0 if flags else 2)
    _add_health(sheet, form)
    _add_growing_up(sheet, form)
    _add_pairs(sheet.care_work, form)
    _add_tracking(sheet.care_work, form)
    form.section("十六、变更记录")
    changes = [
        (one.happened_on, one.what, one.before, one.after, _joined(one.who, one.entered_on, by="\n"))
        for one in sheet.changes
    ]
    form.table(CHANGE_COLUMNS, changes, blank_rows=2)


def period(since: str, until: str) -> str:
    """Return a period in words: 2021-09 至 2023-03, 2023-03 起, 至 2023-03; "" when neither end is known."""
    if since and until:
        return f"{since} 至 {until}"
    if since:
        return f"{since} 起"
    return f"至 {until}" if until else ""


def _joined(*parts: str, by: str = "，") -> str:
    return by.join(part for part in parts if part)


def _noted(text: str, note: str) -> str:
    return f"{text}（{note}）" if note else text


def _history(facts: Sequence[DatedText]) -> str:
    """Dated facts one below the other: period, what, source."""
    return "\n".join(
        _joined(period(fact.since, fact.until), _noted(fact.text, fact.source), by="　") for fact in facts
    )


def _add_personal(sheet: ArchiveSheet, form: Form) -> None:
    who = sheet.personal
    form.section("一、个人情况")
    name = _joined(who.name, who.former_name and f"曾用名 {who.former_name}", by="\n")
    form.fields(Field("姓名", name, 6), Field("性别", who.sex, 4), Field("民族", who.ethnicity))
    born = _joined(who.birth_date, who.birth_note, by="\n")
    form.fields(Field("出生日期", born, 6), Field("年龄", who.age, 4), Field("班级", who.class_name))
    number = _joined(who.id_number, who.id_note, by="\n")
    form.fields(Field("身份证号", number, 6), Field("学籍号", who.student_registry_no))
    form.fields(Field("现住址", who.address))
    if who.earlier_addresses:
        form.fields(Field("曾住", _history(who.earlier_addresses)))
    form.fields(Field("户籍地", who.household_place, 13), Field("户口性质", who.household_kind))
    form.fields(Field("籍贯", who.native_place, 6), Field("出生地", who.birth_place))
    form.fields(
        Field("就读方式", who.boarding, 6),
        Field("就学状况", who.schooling, 4),
        Field("联系电话", who.phone),
    )
    form.fields(
        Field("独生子女", who.only_child, 6),
        Field("政治面貌", who.political_status, 4),
        Field("班内学号", who.student_no),
    )


def _add_parents(sheet: ArchiveSheet, form: Form) -> None:
    form.section("三、父母情况")
    for parent in sheet.parents or USUAL_PARENTS:
        with form.side(parent.relation):
            form.fields(
                Field("姓名", parent.name, 6),
                Field("状况", parent.life_status, 4, 2),
                Field("出生日期", parent.birth_date),
            )
            form.fields(Field("身份证号", parent.id_number, 6), Field("电话", parent.phones, label_units=2))
            form.fields(Field("务工地", parent.place, 6), Field("工种", parent.trade, label_units=2))
            form.fields(
                Field("外出时间", parent.away_since, 6),
                Field("目前", parent.away, 4, 2),
                Field("预计返乡", parent.expected_return),
            )
            if parent.earlier:
                form.fields(Field("以往外出", _history(parent.earlier)))
            form.fields(Field("监护能力", parent.capacity))
            if parent.note:
                form.fields(Field("备注", parent.note))
    form.fields(Field("父母婚姻", sheet.marriage))


def _add_pairs(work: CareWork, form: Form) -> None:
    form.section("十四、结对帮扶与帮扶计划")
    pairs = [(one.kind, one.supporter, one.since, one.until, one.focus) for one in work.pairs]
    form.table(PAIR_COLUMNS, pairs, blank_rows=0 if pairs else 1)
    if work.plan is not None:
        plan = work.plan
        form.fields(Field("计划学期", plan.term, label_units=4))
        for label, text in (
            ("现状与原因", plan.situation),
            ("目标", plan.aims),
            ("措施", plan.measures),
            ("期末效果", plan.effect),
        ):
            form.fields(Field(label, text, label_units=4))


def _add_tracking(work: CareWork, form: Form) -> None:
    form.section("十五、跟踪记录（本学年）")
    if work.counted:
        form.fields(Field("日常", work.counted))
    form.table(
        TRACKING_COLUMNS,
        [(one.day, one.kind, one.by, one.content, one.after) for one in work.tracking],
        blank_rows=TRACKING_ROWS_AFTER if work.tracking else TRACKING_ROWS,
        blank_height=TRACKING_HEIGHT,
        stretch=0 if work.tracking else TRACKING_ROWS_MORE,
    )


def _add_care(care: CareDetails, form: Form) -> None:
    form.section("四、监护情况")
    form.fields(
        Field("监护人", care.carer, 6), Field("关系", care.relation, 4), Field("监护方式", care.arrangement)
    )
    form.fields(
        Field("身份证号", care.id_number, 6), Field("起始", care.since, 4), Field("出生日期", care.birth_date)
    )
    form.fields(
        Field("电话", care.phones, 6), Field("文化程度", care.education, 4), Field("语言", care.language)
    )
    form.fields(Field("住址", care.address))
    form.fields(Field("身体状况", care.health))
    form.fields(
        Field("监护评估", care.grade, 6),
        Field("评估日期", care.assessed_on, 4),
        Field("评估人", care.assessor),
    )
    if care.earlier:
        form.fields(Field("以往监护", _history(care.earlier)))
    papers = care.papers or USUAL_PAPERS
    form.table(PAPER_COLUMNS, [(one.kind, one.state, one.dated_on, one.kept_at) for one in papers])


def _add_contacts(sheet: ArchiveSheet, form: Form) -> None:
    form.section("五、联系顺序")
    chain = [
        (str(rank), one.who, one.number, one.reachable, one.confirmed_on, one.language_note)
        for rank, one in enumerate(sheet.contacts, start=1)
    ]
    form.table(CONTACT_COLUMNS, chain, blank_rows=0 if chain else 3)


def _add_family(sheet: ArchiveSheet, form: Form) -> None:
    form.section("六、家庭情况")
    members = [(one.relation, one.name, one.birth_date, one.lives_together, one.note) for one in sheet.family]
    form.table(FAMILY_COLUMNS, members, blank_rows=0 if members else 3)
    form.fields(Field("经济来源", sheet.income))
    form.fields(Field("救助帮扶", sheet.aid))


def _add_health(sheet: ArchiveSheet, form: Form) -> None:
    health = sheet.health
    form.section("八、健康状况")
    form.fields(
        Field("健康状况", health.status, 6),
        Field("血型", health.blood_type, 4),
        Field("过敏", health.allergies),
    )
    form.fields(Field("患病", health.illness))
    form.fields(Field("残疾", health.disability, 13), Field("残疾证号", health.certificate_no))
    form.fields(Field("病史", health.medical_history), lines_to_write=1)


def _add_growing_up(sheet: ArchiveSheet, form: Form) -> None:
    form.section("九、学习情况")
    form.passage(sheet.study, lines_to_write=2)
    form.section("十、性格、爱好与心理")
    form.fields(Field("性格特征", sheet.personality), lines_to_write=2)
    form.fields(Field("兴趣爱好", sheet.hobbies), lines_to_write=2)
    form.fields(Field("心理状况", sheet.state_of_mind), lines_to_write=2)
    form.section("十一、日常行为")
    form.passage(sheet.behaviour, lines_to_write=2)
    form.section("十二、与监护人、父母沟通")
    form.passage(sheet.family_contact, lines_to_write=2)
    form.section("十三、关爱措施与特殊需求")
    form.fields(Field("关爱措施", sheet.care_measures), lines_to_write=2)
    form.fields(Field("特殊需求", sheet.special_needs), lines_to_write=2)
    if sheet.note:
        form.fields(Field("备注", sheet.note))
