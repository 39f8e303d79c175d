"""What an archive sheet (一人一档, domain.md §5.5) is handed: ready-to-print Chinese text, nothing to compute.

Rules for every text field, unless its own line says otherwise:

* ``""`` is *not known* (未采集): the cell stays empty so that it can be filled in by hand;
* ``NOT_APPLICABLE`` (—) is *does not apply* (a dead parent's phone, the carer of an unguarded child);
* codes are already in words (女, 汉族, 较好), dates are ISO text with their own precision (2023, 2023-03, 2023-03-12);
* a line break stays a line break, any length is printed whole.

An empty tuple prints the section with empty rows to fill in by hand, so say "无" in a row where none is known to exist.
"""

from msgspec import Struct

NOT_APPLICABLE = "—"


class DatedText(Struct, frozen=True, kw_only=True):
    """One fact and the time it was so; a correction is not a dated fact."""

    text: str
    since: str = ""
    """First day it was so; "" = since before anybody wrote it down."""
    until: str = ""
    """First day it was no longer so; "" = it is still so."""
    source: str = ""
    """Where it is known from: 家访, 花名册导入, …; printed behind the text."""


class PersonalDetails(Struct, frozen=True, kw_only=True):
    """一、个人情况."""

    name: str
    former_name: str = ""
    """曾用名, 小名; printed below the name."""
    sex: str = ""
    ethnicity: str = ""
    """With its 族: 汉族, 维吾尔族."""
    birth_date: str = ""
    birth_note: str = ""
    """What speaks against the birth date: 与身份证不一致 …; printed below it."""
    age: str = ""
    """Age on the as-of day: 9 岁."""
    id_number: str = ""
    """Full, never masked: the archive sheet is the school's own file."""
    id_note: str = ""
    """What is doubtful about the number: 末位校验码不符 …; printed below it."""
    student_registry_no: str = ""
    student_no: str = ""
    """班内学号."""
    class_name: str = ""
    """As of the day: 五（2）班."""
    native_place: str = ""
    birth_place: str = ""
    political_status: str = ""
    only_child: str = ""
    """是 / 否."""
    boarding: str = ""
    """走读 / 住校, with the day since when if known."""
    schooling: str = ""
    """就学情况: 小学, 初中, 辍学 …"""
    household_kind: str = ""
    """户口性质: 农村 / 城镇 / 居民户口 / 无户口."""
    household_place: str = ""
    address: str = ""
    """现住址 with village and group (村组)."""
    earlier_addresses: tuple[DatedText, ...] = ()
    phone: str = ""


class Determination(Struct, frozen=True, kw_only=True):
    """One row of 二、留守认定: a 口径, what it gives on the as-of day, and why."""

    rule: str
    """学籍系统, 国发〔2016〕13号, 本校口径."""
    answer: str
    """双亲留守, 是, 不是, 待确认 …"""
    reason: str
    """The facts used: 父亲 2023-03 起外出，母亲 2023-08 起外出."""


class ParentDetails(Struct, frozen=True, kw_only=True):
    """One parent of 三、父母情况; a step-parent or adoptive parent is one more row."""

    relation: str
    """父亲, 母亲, 继父 …"""
    name: str = ""
    life_status: str = ""
    """健在 / 已故 / 失踪 / 失联, with the day if known."""
    birth_date: str = ""
    id_number: str = ""
    phones: str = ""
    """All numbers with their labels, separated by line breaks or 、."""
    away: str = ""
    """外出 / 在家."""
    away_since: str = ""
    place: str = ""
    """省、市 of work."""
    trade: str = ""
    """工种, and the employer where known."""
    expected_return: str = ""
    capacity: str = ""
    """监护能力: 有 / 无, with the reason."""
    earlier: tuple[DatedText, ...] = ()
    """Earlier times away, newest first."""
    note: str = ""


class CarePaper(Struct, frozen=True, kw_only=True):
    """One paper about the care: 委托照护协议, 书面告知, 四项禁止情形声明, 听取孩子意见, 个人信息同意书."""

    kind: str
    state: str = ""
    """有 / 无, 已声明 / 未声明 …"""
    dated_on: str = ""
    kept_at: str = ""
    """Where the paper lies."""


class CareDetails(Struct, frozen=True, kw_only=True):
    """四、监护情况: who really looks after the child, on the as-of day."""

    arrangement: str = ""
    """隔代监护, 父亲监护, 无人监护 …"""
    carer: str = ""
    relation: str = ""
    since: str = ""
    birth_date: str = ""
    id_number: str = ""
    phones: str = ""
    address: str = ""
    health: str = ""
    education: str = ""
    """文化程度."""
    language: str = ""
    """只说方言 …"""
    grade: str = ""
    """监护情况评估: 较好 / 一般 / 差."""
    assessed_on: str = ""
    assessor: str = ""
    papers: tuple[CarePaper, ...] = ()
    earlier: tuple[DatedText, ...] = ()
    """Earlier carers, newest first."""


class ContactEntry(Struct, frozen=True, kw_only=True):
    """One line of 五、联系顺序; its place in the tuple is its rank."""

    who: str
    """外祖母 何玉梅, or an office: 青石坪村委会."""
    number: str = ""
    reachable: str = ""
    """When: 晚上 8 点后."""
    confirmed_on: str = ""
    """Day the number was last tried, and what came of it."""
    language_note: str = ""


class FamilyMember(Struct, frozen=True, kw_only=True):
    """One row of 六、家庭情况: grandparents, brothers and sisters, whoever lives with the child."""

    relation: str
    name: str = ""
    birth_date: str = ""
    lives_together: str = ""
    """是 / 否."""
    note: str = ""
    """健在与否, 学校班级, 电话 …"""


class CategoryEntry(Struct, frozen=True, kw_only=True):
    """One row of 七、类别与认定依据. The registration on the ledger is a row too (留守儿童)."""

    category: str
    basis: str = ""
    evidence_date: str = ""
    since: str = ""
    until: str = ""
    """With the reason of the end: 2026-07，毕业."""
    kept_at: str = ""


class HealthDetails(Struct, frozen=True, kw_only=True):
    """八、健康状况."""

    status: str = ""
    illness: str = ""
    disability: str = ""
    """Kind and grade: 听力残疾 二级."""
    certificate_no: str = ""
    blood_type: str = ""
    allergies: str = ""
    medical_history: str = ""


class PairEntry(Struct, frozen=True, kw_only=True):
    """One row of 十四、结对帮扶: open pairs first. ``until`` carries the reason of the end."""

    kind: str
    supporter: str
    since: str = ""
    until: str = ""
    focus: str = ""


class PlanEntry(Struct, frozen=True, kw_only=True):
    """The help plan of the term; aims and measures one per line."""

    term: str
    situation: str = ""
    aims: str = ""
    measures: str = ""
    effect: str = ""


class TrackingEntry(Struct, frozen=True, kw_only=True):
    """One row of 十五、跟踪记录, oldest first; ``day`` carries the mark of what was written down late."""

    day: str
    kind: str = ""
    by: str = ""
    content: str = ""
    after: str = ""


class CareWork(Struct, frozen=True, kw_only=True):
    """What was done for the child: ``tracking`` this school year, ``counted`` what is done weekly, in numbers."""

    pairs: tuple[PairEntry, ...] = ()
    plan: PlanEntry | None = None
    tracking: tuple[TrackingEntry, ...] = ()
    counted: str = ""


class ChangeEntry(Struct, frozen=True, kw_only=True):
    """One row of 十六、变更记录, oldest first."""

    happened_on: str
    """When it was so (记录日期)."""
    entered_on: str = ""
    """When it was typed (录入日期)."""
    what: str = ""
    """Which fact: 监护人, 母亲务工地 …"""
    before: str = ""
    after: str = ""
    who: str = ""


class ArchiveSheet(Struct, frozen=True, kw_only=True):
    """One child's archive sheet, in the order in which it is printed."""

    child_key: str
    """UUID of the child: the key of `PrintResult.page_of_child`; never printed."""
    school: str
    archive_no: str = ""
    opened_on: str = ""
    """建档日期."""
    personal: PersonalDetails
    determinations: tuple[Determination, ...] = ()
    parents: tuple[ParentDetails, ...] = ()
    marriage: str = ""
    """父母婚姻状况."""
    care: CareDetails = CareDetails()
    contacts: tuple[ContactEntry, ...] = ()
    family: tuple[FamilyMember, ...] = ()
    income: str = ""
    """家庭经济来源, kinds only, never sums: 打工收入、种养殖业."""
    aid: str = ""
    """救助帮扶: 享受低保（2024-03 起）."""
    categories: tuple[CategoryEntry, ...] = ()
    health: HealthDetails = HealthDetails()
    study: str = ""
    personality: str = ""
    hobbies: str = ""
    state_of_mind: str = ""
    """心理: what the class teacher sees; never counselling notes, those are restricted."""
    behaviour: str = ""
    family_contact: str = ""
    """与监护人、父母沟通."""
    care_measures: str = ""
    special_needs: str = ""
    note: str = ""
    care_work: CareWork = CareWork()
    changes: tuple[ChangeEntry, ...] = ()
    built_by: str = ""
    """建档人; "" leaves the line to be signed."""


class BookCover(Struct, frozen=True, kw_only=True):
    """Cover of a bound book (汇编成册)."""

    school: str
    scope: str
    """Whose sheets: 全校, 五（2）班, 选定的 12 名."""
    period: str = ""
    """2026—2027学年第一学期."""
    compiled_by: str = ""
    compiled_on: str = ""
    title: str = "留守儿童档案汇编"
