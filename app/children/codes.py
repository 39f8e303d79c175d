"""The codes of the children's tables, each with the Chinese word that the screens and the paper show.

The values are those of the CHECKs in the migrations (a test compares them). ``member.label`` is the word;
``Enum("code")`` makes a member of what the file holds.
"""

from app.core.code import Code

NOT_COLLECTED = "未采集"


class Sex(Code):
    """GB/T 2261.1, the two that occur (domain.md §9.2)."""

    MALE = "1", "男"
    FEMALE = "2", "女"


class BirthSource(Code):
    """Where a birth date was read."""

    ID_NUMBER = "id_number", "身份证"
    HOUSEHOLD_BOOKLET = "household_booklet", "户口本"
    TOLD = "told", "口述"


class Relation(Code):
    """What a grown-up is to a child, as recorded in ``kinship``."""

    FATHER = "father", "父亲"
    MOTHER = "mother", "母亲"
    STEPFATHER = "stepfather", "继父"
    STEPMOTHER = "stepmother", "继母"
    ADOPTIVE_FATHER = "adoptive_father", "养父"
    ADOPTIVE_MOTHER = "adoptive_mother", "养母"
    PATERNAL_GRANDFATHER = "paternal_grandfather", "祖父"
    PATERNAL_GRANDMOTHER = "paternal_grandmother", "祖母"
    MATERNAL_GRANDFATHER = "maternal_grandfather", "外祖父"
    MATERNAL_GRANDMOTHER = "maternal_grandmother", "外祖母"
    BROTHER = "brother", "兄弟"
    SISTER = "sister", "姐妹"
    UNCLE_OR_AUNT = "uncle_or_aunt", "叔伯姑舅姨"
    OTHER_RELATIVE = "other_relative", "其他亲属"
    FRIEND_OR_NEIGHBOUR = "friend_or_neighbour", "朋友邻居"
    TEACHER = "teacher", "教师"
    OTHER = "other", "其他"


class LifeStatus(Code):
    """Whether a grown-up is alive and to be found."""

    ALIVE = "alive", "健在"
    DEAD = "dead", "去世"
    MISSING = "missing", "失踪"
    OUT_OF_CONTACT = "out_of_contact", "失联"


class AwayState(Code):
    """Whether a grown-up is away for work."""

    OUT = "out", "外出"
    HOME = "home", "在家"


class PhoneResult(Code):
    """What the last try of a number gave."""

    REACHED = "reached", "接通"
    NO_ANSWER = "no_answer", "无人接"
    STOPPED = "stopped", "停机"
    WRONG_NUMBER = "wrong_number", "号码错"


class MarriageStatus(Code):
    """How a couple stands."""

    MARRIED = "married", "已婚"
    DIVORCED = "divorced", "离异"
    REMARRIED = "remarried", "再婚"
    WIDOWED = "widowed", "丧偶"
    SEPARATED = "separated", "分居"
    UNMARRIED = "unmarried", "未婚"


class CareKind(Code):
    """Who really looks after a child."""

    GRANDPARENTS = "grandparents", "祖辈"
    RELATIVES = "relatives", "亲戚"
    SIBLINGS = "siblings", "兄姐"
    ONE_PARENT = "one_parent", "父母一方"
    ONE_PARENT_WITHOUT_CAPACITY = "one_parent_without_capacity", "一方外出另一方无监护能力"
    BOTH_PARENTS = "both_parents", "父母双方"
    FRIENDS = "friends", "朋友邻居"
    TEACHER = "teacher", "教师"
    LODGING = "lodging", "寄住户"
    INSTITUTION = "institution", "机构"
    UNGUARDED = "unguarded", "无人监护"
    OTHER = "other", "其他"


class CareGrade(Code):
    """监护情况评估 of the census form (domain.md §4.1)."""

    GOOD = "good", "较好"
    FAIR = "fair", "一般"
    POOR = "poor", "差"


class CarePaperKind(Code):
    """A paper about the care of a child (domain.md §3)."""

    WRITTEN_NOTICE = "written_notice", "书面告知"
    ENTRUSTMENT = "entrustment", "委托书"
    FOUR_BAR = "four_bar", "四项禁止情形声明"
    CHILD_HEARD = "child_heard", "听取孩子意见"
    CONSENT = "consent", "个人信息同意书"


class RegistrationKind(Code):
    """One of the school's registers."""

    LEFT_BEHIND = "left_behind", "留守儿童"
    IN_DIFFICULTY = "in_difficulty", "困境儿童"
    MIGRANT = "migrant", "流动儿童"


class RegistrationEnd(Code):
    """Why a child left a register."""

    ONE_PARENT_BACK = "one_parent_back", "父母一方返乡"
    BOTH_PARENTS_BACK = "both_parents_back", "父母双方返乡"
    JOINED_PARENTS = "joined_parents", "随父母外出"
    TURNED_16 = "turned_16", "满16周岁"
    GRADUATED = "graduated", "毕业"
    TRANSFERRED_OUT = "transferred_out", "转出"
    DROPPED_OUT = "dropped_out", "辍学"
    MISTAKEN = "mistaken", "登记有误"
    DIED = "died", "死亡"
    REPORTED_NOT = "reported_not", "名册报为非留守"
    OTHER = "other", "其他"


class EnrolmentEnd(Code):
    """Why a child left a class."""

    CHANGED_CLASS = "changed_class", "换班"
    REPEATED_GRADE = "repeated_grade", "留级"
    GRADUATED = "graduated", "毕业"
    TRANSFERRED_OUT = "transferred_out", "转出"
    DROPPED_OUT = "dropped_out", "辍学"
    JOINED_PARENTS = "joined_parents", "随父母外出"
    SUSPENDED = "suspended", "休学"
    DIED = "died", "死亡"
    MISTAKEN = "mistaken", "登记有误"
    OTHER = "other", "其他"


class SchoolingStatus(Code):
    """就学情况 when no class of ours says it (census form)."""

    KINDERGARTEN = "kindergarten", "幼儿园"
    NOT_IN_KINDERGARTEN = "not_in_kindergarten", "未入园"
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中"
    VOCATIONAL = "vocational", "中职"
    DROPOUT = "dropout", "辍学"
    NOT_IN_SCHOOL = "not_in_school", "不在学"


class HealthStatus(Code):
    """健康状况; the foreign code numbers are mapped by name only (domain.md §9.2)."""

    GOOD = "good", "健康或良好"
    WEAK = "weak", "一般或较弱"
    CHRONIC = "chronic", "慢性病"
    ILL = "ill", "患病"
    DISABLED = "disabled", "残疾"
    OTHER = "other", "其他"


class DisabilityKind(Code):
    """The seven kinds of a disability certificate."""

    SIGHT = "sight", "视力"
    HEARING = "hearing", "听力"
    SPEECH = "speech", "言语"
    BODY = "body", "肢体"
    MIND = "mind", "智力"
    MENTAL = "mental", "精神"
    MULTIPLE = "multiple", "多重"
    OTHER = "other", "其他"
    UNKNOWN = "not_collected", "类别未采集"


class HouseholdKind(Code):
    """户口性质."""

    AGRICULTURAL = "agricultural", "农业户口"
    NON_AGRICULTURAL = "non_agricultural", "非农业户口"
    RESIDENT = "resident", "居民户口"
    NONE = "none", "无户口"


class Category(Code):
    """A category a child was found to belong to (domain.md §2). Several may hold at once."""

    ORPHAN = "orphan", "孤儿"
    DE_FACTO_UNSUPPORTED = "de_facto_unsupported", "事实无人抚养"
    DISABILITY = "disability", "残疾"
    SERIOUS_ILLNESS = "serious_illness", "重病"
    FAMILY_HARDSHIP = "family_hardship", "家庭困难"
    NO_GUARDIAN = "no_guardian", "监护人缺失"
    DROPOUT = "dropout", "辍学"
    MINIMUM_LIVING = "minimum_living", "低保"
    EXTREME_POVERTY = "extreme_poverty", "特困"
    POVERTY_RELIEVED = "poverty_relieved", "脱贫户"
    MONITORED = "monitored", "监测对象"
    SINGLE_PARENT_FAMILY = "single_parent_family", "单亲家庭"
    PRIORITY = "priority", "重点帮扶"


class UnsupportedGround(Code):
    """Why one parent counts for 事实无人抚养 (民发〔2019〕62号). Restricted."""

    SEVERELY_DISABLED = "severely_disabled", "重残"
    SERIOUSLY_ILL = "seriously_ill", "重病"
    IN_PRISON = "in_prison", "服刑在押"
    DRUG_REHABILITATION = "drug_rehabilitation", "强制隔离戒毒"
    RESTRAINT_OF_LIBERTY = "restraint_of_liberty", "被执行其他限制人身自由的措施"
    OUT_OF_CONTACT = "out_of_contact", "失联"
    GUARDIANSHIP_REVOKED = "guardianship_revoked", "被撤销监护资格"
    DEPORTED = "deported", "被遣送（驱逐）出境"
    DEAD = "dead", "死亡"
    MISSING = "missing", "失踪"


class HouseholdFactKind(Code):
    """Whether a fact about the household is an income or an aid."""

    INCOME = "income", "家庭经济来源"
    AID = "aid", "救助帮扶"


class HouseholdFactCode(Code):
    """What a household lives on, or which aid it receives: kinds only, never sums."""

    WORK = "work", "打工收入"
    FARMING = "farming", "种养殖业"
    GOVERNMENT = "government", "政府救助"
    RELATIVES = "relatives", "亲朋接济"
    MINIMUM_LIVING = "minimum_living", "低保"
    EXTREME_POVERTY = "extreme_poverty", "特困供养"
    POVERTY_RELIEF = "poverty_relief", "脱贫帮扶"
    TEMPORARY = "temporary", "临时救助"
    MEDICAL = "medical", "医疗救助"
    HOUSING = "housing", "住房救助"
    DISABILITY_SUBSIDY = "disability_subsidy", "残疾人补贴"
    ORPHAN_ALLOWANCE = "orphan_allowance", "孤儿津贴"
    NONE = "none", "无"
    OTHER = "other", "其他"


class ReportedLabel(Code):
    """What a roster said about the parents in one word, kept as reported."""

    BOTH_OUT = "both_out", "双亲留守"
    ONE_OUT = "one_out", "单亲留守"
    ONE_OUT_OTHER_INCAPABLE = "one_out_other_incapable", "一方外出另一方无监护能力"
    NONE_OUT = "none_out", "非留守"


class ParentsCode(Code):
    """How many parents are away on a day: one exclusive split that always foots."""

    BOTH = "both_out", "双亲"
    ONE = "one_out", "单亲"
    NONE = "none_out", "父母均未外出"
    NOT_COLLECTED = "not_collected", NOT_COLLECTED


class XuejiCode(Code):
    """Item 37 of the 学籍 system; offices may want the name, not the number (domain.md §1.1)."""

    NOT = "0", "非留守"
    ONE = "1", "单亲留守"
    BOTH = "2", "双亲留守"


class CareBucket(Code):
    """实际监护 as the offices count it: one exclusive split that always foots (domain.md §2, §4.4)."""

    GRANDPARENTS = "grandparents", "祖父母、外祖父母"
    RELATIVES = "relatives", "亲戚朋友"
    ONE_PARENT = "one_parent", "父母一方"
    ONE_PARENT_WITHOUT_CAPACITY = "one_parent_without_capacity", "一方外出另一方无监护能力"
    UNGUARDED = "unguarded", "无人监护"
    OTHER = "other", "其他"
    NOT_COLLECTED = "not_collected", NOT_COLLECTED


# Kinship words by which several relations are meant at once.
FATHERS = (Relation.ADOPTIVE_FATHER, Relation.FATHER)
MOTHERS = (Relation.ADOPTIVE_MOTHER, Relation.MOTHER)
STEP_PARENTS = (Relation.STEPFATHER, Relation.STEPMOTHER)
PARENTS = (*FATHERS, *MOTHERS, *STEP_PARENTS)
GRANDPARENTS = (
    Relation.PATERNAL_GRANDFATHER,
    Relation.PATERNAL_GRANDMOTHER,
    Relation.MATERNAL_GRANDFATHER,
    Relation.MATERNAL_GRANDMOTHER,
)
