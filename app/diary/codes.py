"""The codes of the diary's tables, each with the Chinese word that screens and papers show."""

from app.core.code import Code


class Activity(Code):
    """What was done with or for a child (domain.md §5.12–5.14, 5.29, §6)."""

    TALK = "talk", "谈心"
    HOME_VISIT = "home_visit", "家访"
    TUTORING = "tutoring", "作业辅导"
    GROWTH_JOURNAL = "growth_journal", "成长日记"
    CONTACT = "contact", "家校联系"
    ABNORMAL_NOTICE = "abnormal_notice", "异常通知"
    GOOD_NEWS = "good_news", "报喜"
    PARENT_VISIT = "parent_visit", "家长来访"
    VILLAGE = "village", "村组沟通"
    LETTER = "letter", "书信"


class Medium(Code):
    """How people met."""

    IN_PERSON = "in_person", "面谈"
    DOOR = "door", "上门"
    PHONE = "phone", "电话"
    VIDEO = "video", "视频"
    WRITTEN = "written", "书面"
    MESSAGE = "message", "微信或短信"


class Topic(Code):
    """What it was about (谈心类型, form 5.12), or which way a letter went."""

    DAILY = "daily", "日常"
    ACADEMIC_WARNING = "academic_warning", "学业预警"
    GUIDANCE = "guidance", "心理疏导"
    BEHAVIOUR = "behaviour", "行为纠正"
    HOME_SCHOOL = "home_school", "家校"
    WEEKLY = "weekly", "每周联系"
    SENT = "sent", "寄出"
    RECEIVED = "received", "收到"
    OTHER = "other", "其他"


class MeetingKind(Code):
    """Which meeting (form 5.29)."""

    PARENTS = "parents", "家长会"
    CARERS = "carers", "监护人会"
    FORUM = "forum", "座谈会"
    SEMINAR = "seminar", "研讨会"
    VILLAGE = "village", "村组沟通会"
    PARENT_SCHOOL = "parent_school", "家长学校"
    OPEN_CLASS = "open_class", "开放课堂"
    OTHER = "other", "其他"


class AbsenceReason(Code):
    """Why a child is not at school (form 5.24)."""

    TIRED_OF_SCHOOL = "tired_of_school", "厌学"
    POVERTY = "poverty", "家庭困难"
    WORKING = "working", "外出务工"
    EARLY_MARRIAGE = "early_marriage", "早婚"
    ILLNESS = "illness", "疾病"
    OUT_OF_CONTACT = "out_of_contact", "失联"
    WITH_PARENTS = "with_parents", "随父母外出"
    NOT_COLLECTED = "not_collected", "原因不明"
    OTHER = "other", "其他"


class AbsenceEnd(Code):
    """Why the case of an absent child was closed (销号)."""

    RETURNED = "returned", "已返校"
    TRANSFERRED = "transferred", "已转学"
    OVER_AGE = "over_age", "已满义务教育年龄"
    MISTAKEN = "mistaken", "登记有误"
    OTHER = "other", "其他"


class PersuasionResult(Code):
    """What one 劝返 came to."""

    RETURNED = "returned", "已返校"
    PROMISED = "promised", "答应返校"
    REFUSED = "refused", "不愿返校"
    NOT_MET = "not_met", "没有见到"
    OTHER = "other", "其他"


class IncidentKind(Code):
    """What kind of incident (未成年人保护法 11, 37, 39, 40)."""

    INJURY = "injury", "受伤"
    ILLNESS = "illness", "急病"
    BULLYING = "bullying", "欺凌"
    ABUSE = "abuse", "虐待或家庭暴力"
    SEXUAL_HARM = "sexual_harm", "性侵害或性骚扰"
    ABANDONED = "abandoned", "被遗弃"
    ALONE = "alone", "独自居住无人监护"
    MISSING = "missing", "走失"
    SELF_HARM = "self_harm", "自伤或有轻生念头"
    OTHER = "other", "其他"


class Severity(Code):
    """How grave an incident is."""

    LIGHT = "light", "轻"
    SERIOUS = "serious", "重"
    CRITICAL = "critical", "危急"


class ReportBody(Code):
    """To whom an incident is reported (未成年人保护法 11)."""

    POLICE = "police", "公安"
    CIVIL_AFFAIRS = "civil_affairs", "民政"
    EDUCATION = "education", "教育"
    GOVERNMENT = "government", "乡镇政府"
    OTHER = "other", "其他"


class CounsellingForm(Code):
    """In what circle (form 5.20)."""

    SINGLE = "single", "个别"
    GROUP = "group", "团体"
    FAMILY = "family", "家长访谈"


class CounsellingOrigin(Code):
    """How a child came to the counsellor (form 5.20)."""

    SELF = "self", "主动"
    REFERRED = "referred", "转介"
    PARENT = "parent", "家长"
    OBSERVED = "observed", "观察"


class AttachmentKind(Code):
    """What a kept picture is."""

    PHOTO = "photo", "照片"
    SCAN = "scan", "扫描件"
    DOCUMENT = "document", "文件"
