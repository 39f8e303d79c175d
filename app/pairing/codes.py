"""The codes of the pairing tables, each with the Chinese word that screens and papers show."""

from app.core.code import Code


class PairingKind(Code):
    """What somebody is to a child beside its family (domain.md §6)."""

    MENTOR = "mentor", "导师"
    SUPPORT_TEACHER = "support_teacher", "帮扶教师"
    PROXY_PARENT = "proxy_parent", "代理家长"
    STUDY_BUDDY = "study_buddy", "学习帮手"


class Identity(Code):
    """Who a supporter is."""

    STAFF = "staff", "教师"
    VILLAGE_CADRE = "village_cadre", "村干部"
    GOVERNMENT = "government", "政府人员"
    RETIRED_TEACHER = "retired_teacher", "退休教师"
    VOLUNTEER = "volunteer", "志愿者"
    WOMENS_FEDERATION = "womens_federation", "妇联"
    OTHER = "other", "其他"


class CheckResult(Code):
    """What a 从业查询 said."""

    CLEAR = "clear", "无违法犯罪记录"
    FOUND = "found", "查到记录"


class PairingEnd(Code):
    """Why a pair ended."""

    SUPPORTER_LEFT = "supporter_left", "帮扶人离开"
    HANDED_OVER = "handed_over", "交接给别人"
    CHILD_LEFT = "child_left", "儿童离校"
    CHILD_GRADUATED = "child_graduated", "儿童毕业"
    TERM_OVER = "term_over", "期满"
    ASKED = "asked", "本人或家长要求"
    UNSUITED = "unsuited", "不合适"
    MISTAKEN = "mistaken", "登记有误"
    OTHER = "other", "其他"


class Wish(Code):
    """How strongly the school's rule of pairing wants something."""

    MUST = "must", "必须"
    WISH = "wish", "尽量"
    NO = "no", "不要求"


class ClassTeacherRule(Code):
    """Whether the head teacher of the child's own class is to look after it."""

    MUST = "must", "必须是班主任"
    WISH = "wish", "尽量是班主任"
    NO = "no", "不要求"
    NEVER = "never", "不能是班主任"


class PlanGrade(Code):
    """What a help plan came to at the end of the term."""

    GOOD = "good", "效果好"
    FAIR = "fair", "有效果"
    POOR = "poor", "效果不明显"


class Guidance(Code):
    """四导: 心理上疏导、生活上指导、学习上辅导、行为上引导."""

    MIND = "mind", "心理疏导"
    LIFE = "life", "生活指导"
    STUDY = "study", "学习辅导"
    CONDUCT = "conduct", "行为引导"
