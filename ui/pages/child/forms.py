"""What each dated fact is asked for when it changed or was wrong: one table of entries per fact."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from operator import attrgetter

from msgspec import Struct, field

from app.children.codes import (
    AwayState,
    CareGrade,
    CareKind,
    Category,
    DisabilityKind,
    HealthStatus,
    HouseholdFactCode,
    HouseholdKind,
    LifeStatus,
    MarriageStatus,
    RegistrationEnd,
    RegistrationKind,
    Relation,
    SchoolingStatus,
)


class Kind(StrEnum):
    """How an entry is asked for."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    PERSON = "person"
    CLASS = "class"


class Ask(Struct, frozen=True):
    """One entry of a dialog. `read` is where its present value stands in the fact, the column if empty.

    `needed` = the fact cannot be stored without it; `only_for` = (column, codes) that make it apply;
    `beside` puts it on the line of the entry before it; `to_come` = a date that is still to come.
    """

    column: str
    label: str
    kind: Kind = Kind.TEXT
    options: tuple[tuple[object, str], ...] = ()
    read: str = ""
    needed: bool = False
    only_for: tuple[str, tuple[object, ...]] | None = None
    beside: bool = False
    to_come: bool = False

    def value_in(self, fact: object) -> object:
        """The present value in a fact of this kind; None when it, or what leads to it, is unknown."""
        try:
            found: object = attrgetter(self.read or self.column)(fact)
        except AttributeError:
            return None
        return found


class FactForm(Struct, frozen=True):
    """The entries of one dated table. `head` names the fact in a question: 「父亲的外出情况」."""

    table: str
    head: str
    asks: tuple[Ask, ...]
    fixed: Mapping[str, object] = field(default_factory=dict)

    def values_of(self, fact: object) -> dict[str, object]:
        """The values of a fact by column."""
        return {ask.column: ask.value_in(fact) for ask in self.asks}


def _codes(enum: type[StrEnum], *without: str) -> tuple[tuple[object, str], ...]:
    labels: Mapping[str, str] = enum.labels()  # type: ignore[attr-defined]
    return tuple((code, words) for code, words in labels.items() if code not in without)


_YES_NO = ((True, "是"), (False, "否"))
_OUT = ("state", (AwayState.OUT,))
_ILL = ("status", (HealthStatus.CHRONIC, HealthStatus.ILL, HealthStatus.WEAK, HealthStatus.OTHER))

AWAY = FactForm(
    "away",
    "外出情况",
    (
        Ask("state", "现在", Kind.CHOICE, _codes(AwayState), needed=True),
        Ask("place", "务工地", only_for=_OUT),
        Ask("employer", "单位", only_for=_OUT),
        Ask("trade", "工种"),
        Ask("expected_return", "预计回来", Kind.DATE, only_for=_OUT, beside=True, to_come=True),
    ),
)
LIFE = FactForm(
    "life_status", "健在情况", (Ask("status", "现在", Kind.CHOICE, _codes(LifeStatus), needed=True),)
)
CAPACITY = FactForm(
    "capacity",
    "监护能力",
    (
        Ask("capable", "监护能力", Kind.CHOICE, ((True, "有"), (False, "无")), needed=True),
        Ask("reason", "原因"),
        Ask("evidence", "凭什么"),
    ),
)
MARRIAGE = FactForm(
    "marriage", "婚姻情况", (Ask("status", "现在", Kind.CHOICE, _codes(MarriageStatus), needed=True),)
)
KINSHIP = FactForm(
    "kinship",
    "和孩子的关系",
    (
        Ask("relation", "关系", Kind.CHOICE, _codes(Relation), needed=True),
        Ask("label", "家里叫法"),
        Ask("lives_together", "同住", Kind.YES_NO, _YES_NO),
    ),
)
PHONE = FactForm("phone", "电话", (Ask("number", "号码", needed=True), Ask("label", "谁的、何时用")))
CARE = FactForm(
    "care",
    "照护情况",
    (
        Ask("kind", "由谁照护", Kind.CHOICE, _codes(CareKind), needed=True),
        Ask("person_uuid", "监护人", Kind.PERSON, read="person.uuid"),
        Ask("carer_able", "照护能力", Kind.CHOICE, ((True, "够"), (False, "不足"))),
        Ask("grade", "监护评估", Kind.CHOICE, _codes(CareGrade), beside=True),
        Ask("assessed_on", "评估日期", Kind.DATE),
        Ask("assessor", "评估人", beside=True),
    ),
)
CLASS = FactForm(
    "enrolment",
    "班级",
    (Ask("school_class_uuid", "班级", Kind.CLASS, read="school_class.uuid", needed=True),),
)
SCHOOLING = FactForm(
    "schooling", "就学情况", (Ask("status", "现在", Kind.CHOICE, _codes(SchoolingStatus), needed=True),)
)
BOARDING = FactForm(
    "boarding",
    "住校走读",
    (Ask("boards", "现在", Kind.CHOICE, ((True, "住校"), (False, "走读")), needed=True),),
)
HEALTH = FactForm(
    "health",
    "健康状况",
    (
        Ask("status", "现在", Kind.CHOICE, _codes(HealthStatus), needed=True),
        Ask("illness", "病名", only_for=_ILL),
    ),
)
DISABILITY = FactForm(
    "disability",
    "残疾",
    (
        Ask("kind", "类别", Kind.CHOICE, _codes(DisabilityKind), needed=True),
        Ask("grade", "等级", Kind.CHOICE, ((1, "一级（最重）"), (2, "二级"), (3, "三级"), (4, "四级"))),
        Ask("certificate_no", "残疾证号"),
    ),
)
HOUSEHOLD = FactForm(
    "household",
    "户口",
    (
        Ask("kind", "户口性质", Kind.CHOICE, _codes(HouseholdKind)),
        Ask("place", "户籍地"),
        Ask("village_committee", "属于", Kind.CHOICE, ((True, "村委会"), (False, "居委会"))),
        Ask("registered", "登记户口", Kind.YES_NO, _YES_NO),
    ),
)
RESIDENCE = FactForm(
    "residence",
    "住址",
    (Ask("village", "村"), Ask("village_group", "组", beside=True), Ask("address", "现住址")),
)
CATEGORY = FactForm(
    "category_flag",
    "类别",
    (
        Ask("category", "类别", Kind.CHOICE, _codes(Category), needed=True),
        Ask("basis", "认定依据"),
        Ask("evidence_date", "依据日期", Kind.DATE),
        Ask("kept_at", "材料存放"),
    ),
)
_NOT_INCOME = (
    HouseholdFactCode.POVERTY_RELIEF,
    HouseholdFactCode.TEMPORARY,
    HouseholdFactCode.MEDICAL,
    HouseholdFactCode.HOUSING,
    HouseholdFactCode.DISABILITY_SUBSIDY,
    HouseholdFactCode.ORPHAN_ALLOWANCE,
    HouseholdFactCode.MINIMUM_LIVING,
    HouseholdFactCode.EXTREME_POVERTY,
)
_NOT_AID = (
    HouseholdFactCode.WORK,
    HouseholdFactCode.FARMING,
    HouseholdFactCode.GOVERNMENT,
    HouseholdFactCode.RELATIVES,
)
_BASIS = (Ask("basis", "依据"), Ask("evidence_date", "依据日期", Kind.DATE))
INCOME = FactForm(
    "household_fact",
    "家庭经济来源",
    (Ask("code", "来源", Kind.CHOICE, _codes(HouseholdFactCode, *_NOT_INCOME), needed=True), *_BASIS),
    {"kind": "income"},
)
AID = FactForm(
    "household_fact",
    "救助帮扶",
    (Ask("code", "种类", Kind.CHOICE, _codes(HouseholdFactCode, *_NOT_AID), needed=True), *_BASIS),
    {"kind": "aid"},
)
PAPER = FactForm(
    "care_paper",
    "照护文书",
    (
        Ask("done", "有没有", Kind.CHOICE, ((True, "有"), (False, "要过，还没有")), needed=True),
        Ask("dated_on", "日期", Kind.DATE),
        Ask("form", "形式"),
        Ask("person_uuid", "谁签的", Kind.PERSON),
        Ask("kept_at", "存放处"),
    ),
)
REGISTRATION = FactForm(
    "registration",
    "台账登记",
    (
        Ask("kind", "台账", Kind.CHOICE, _codes(RegistrationKind), needed=True),
        Ask("end_reason", "退出原因", Kind.CHOICE, _codes(RegistrationEnd)),
        Ask("end_note", "说明"),
    ),
)

ENDED_BY_HAND = (CATEGORY, DISABILITY, INCOME, AID, KINSHIP, REGISTRATION)
"""Facts that end without another taking their place."""
ASKED_AWAY = (
    Relation.FATHER,
    Relation.MOTHER,
    Relation.STEPFATHER,
    Relation.STEPMOTHER,
    Relation.ADOPTIVE_FATHER,
    Relation.ADOPTIVE_MOTHER,
)
"""Of whom it is asked whether they are away."""

BY_NAME: Mapping[str, FactForm] = {
    "away": AWAY,
    "life": LIFE,
    "capacity": CAPACITY,
    "marriage": MARRIAGE,
    "kinship": KINSHIP,
    "phone": PHONE,
    "care": CARE,
    "class": CLASS,
    "schooling": SCHOOLING,
    "boarding": BOARDING,
    "health": HEALTH,
    "disability": DISABILITY,
    "household": HOUSEHOLD,
    "residence": RESIDENCE,
    "category": CATEGORY,
    "income": INCOME,
    "aid": AID,
    "paper": PAPER,
    "registration": REGISTRATION,
}
"""The forms by the name they have in a draft; never renamed."""


def name_of(form: FactForm) -> str:
    """The name of a form in a draft."""
    return next(name for name, one in BY_NAME.items() if one is form)
