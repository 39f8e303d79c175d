"""What each kind of record asks for, in the order of its paper form (domain.md §5.12–5.14, 5.29)."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from app.diary.codes import Activity, Medium, Topic


class FormField(Struct, frozen=True):
    """One text of a form: the column it is kept in and what the paper calls it."""

    column: str
    label: str


def _fields(*pairs: tuple[str, str]) -> tuple[FormField, ...]:
    return tuple(FormField(column, label) for column, label in pairs)


_FIELDS: Mapping[Activity, tuple[FormField, ...]] = {
    Activity.TALK: _fields(
        ("background", "背景（学业、行为、家庭、健康）"),
        ("content", "核心内容"),
        ("reaction", "学生反应"),
        ("plan", "行动计划"),
    ),
    Activity.HOME_VISIT: _fields(
        ("background", "家访目的"),
        ("content", "家访情况"),
        ("family", "家庭成员与父母外出"),
        ("economy", "家庭经济"),
        ("attitude", "教育观念与氛围"),
        ("surroundings", "居住与学习环境"),
        ("at_school", "在校表现"),
        ("at_home", "在家表现"),
        ("needs", "教育需求"),
        ("reaction", "家长反馈"),
        ("problems", "问题与建议"),
        ("plan", "后续计划"),
    ),
    Activity.TUTORING: _fields(("content", "辅导内容"), ("reaction", "掌握情况"), ("plan", "下次辅导")),
    Activity.GROWTH_JOURNAL: _fields(
        ("at_school", "学习"),
        ("at_home", "生活"),
        ("reaction", "情绪与行为"),
        ("content", "其他"),
        ("plan", "需要跟进"),
    ),
    Activity.CONTACT: _fields(("content", "联系内容"), ("reaction", "家长反馈"), ("plan", "后续计划")),
    Activity.ABNORMAL_NOTICE: _fields(
        ("background", "异常情况"), ("content", "告诉了什么"), ("reaction", "家长答复"), ("plan", "后续计划")
    ),
    Activity.GOOD_NEWS: _fields(("content", "好消息"), ("reaction", "家长反馈")),
    Activity.PARENT_VISIT: _fields(
        ("background", "来访目的"), ("content", "谈了什么"), ("reaction", "家长意见"), ("plan", "后续计划")
    ),
    Activity.VILLAGE: _fields(("content", "沟通内容"), ("reaction", "村组意见"), ("plan", "后续计划")),
    # 未成年人保护法 63: letters are counted, never copied out.
    Activity.LETTER: _fields(("content", "说明（不抄写信的内容）")),
}
_FACE = (Medium.IN_PERSON, Medium.PHONE, Medium.VIDEO, Medium.WRITTEN)
_FAR = (Medium.PHONE, Medium.VIDEO, Medium.MESSAGE, Medium.WRITTEN, Medium.IN_PERSON)
_MEDIA: Mapping[Activity, tuple[Medium, ...]] = {
    Activity.TALK: _FACE,
    Activity.HOME_VISIT: (Medium.DOOR, Medium.PHONE, Medium.VIDEO),
    Activity.TUTORING: (),
    Activity.GROWTH_JOURNAL: (),
    Activity.CONTACT: _FAR,
    Activity.ABNORMAL_NOTICE: _FAR,
    Activity.GOOD_NEWS: _FAR,
    Activity.PARENT_VISIT: (),
    Activity.VILLAGE: _FAR,
    Activity.LETTER: (),
}
_TOPICS: Mapping[Activity, tuple[Topic, ...]] = {
    Activity.TALK: (
        Topic.DAILY,
        Topic.ACADEMIC_WARNING,
        Topic.GUIDANCE,
        Topic.BEHAVIOUR,
        Topic.HOME_SCHOOL,
        Topic.OTHER,
    ),
    Activity.CONTACT: (Topic.WEEKLY, Topic.OTHER),
    Activity.LETTER: (Topic.SENT, Topic.RECEIVED),
}


def form_fields(kind: Activity) -> tuple[FormField, ...]:
    """Return the texts a kind of record asks for, in the order of its paper form."""
    return _FIELDS[kind]


def media_of(kind: Activity) -> tuple[Medium, ...]:
    """Return the ways to meet that a form offers, the usual one first; none when there is nothing to choose."""
    return _MEDIA[kind]


def topics_of(kind: Activity) -> tuple[Topic, ...]:
    """Return what a record of the kind may be about; none when its form does not ask."""
    return _TOPICS.get(kind, ())


def is_blank(kind: Activity, *said: object) -> bool:
    """Tell whether a record says nothing beside when and with whom: none of ``said`` is there.

    A letter is counted, never copied out: that there was one is all it says (未成年人保护法 63).
    """
    return kind is not Activity.LETTER and not any(said)


def before_birth(day: str, born: str | None) -> bool:
    """Tell whether an ISO day lies before a birth date, of which only the month or the year may be known."""
    return bool(born) and day[: len(born or "")] < (born or "")


def one_line(texts: Iterable[str | None]) -> str:
    """Return texts on one line, for lists; two spaces part what stood in different fields."""
    return "  ".join(" ".join(text.split()) for text in texts if text)
