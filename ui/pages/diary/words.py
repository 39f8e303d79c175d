"""The pictures and words of records that several parts of the diary show."""

from __future__ import annotations

from collections.abc import Iterable

from app.diary.codes import Activity
from app.pairing.codes import Guidance

ICONS = {
    Activity.TALK: "chat",
    Activity.HOME_VISIT: "home_person",
    Activity.TUTORING: "book_open",
    Activity.GROWTH_JOURNAL: "edit",
    Activity.CONTACT: "call",
    Activity.ABNORMAL_NOTICE: "warning",
    Activity.GOOD_NEWS: "star",
    Activity.PARENT_VISIT: "people",
    Activity.VILLAGE: "people_community",
    Activity.LETTER: "mail",
}
SHORT = {Guidance.MIND: "心理", Guidance.LIFE: "生活", Guidance.STUDY: "学习", Guidance.CONDUCT: "行为"}
"""A tag of the four, where a line has no room for 心理疏导."""
WITH_GROWN_UPS = frozenset(
    {
        Activity.HOME_VISIT,
        Activity.CONTACT,
        Activity.ABNORMAL_NOTICE,
        Activity.GOOD_NEWS,
        Activity.PARENT_VISIT,
        Activity.LETTER,
    }
)
"""Kinds that are about speaking with one of the child's grown-ups."""

ASKS_FOR_TAGS = frozenset({Activity.TALK, Activity.HOME_VISIT})
"""Kinds whose paper asks which of the four guidances it was."""
_WHO = {Activity.TALK: "谈话人", Activity.HOME_VISIT: "家访教师", Activity.TUTORING: "辅导教师"}
BAR = "  "
"""What stands between the texts of one record where they are handed over on one line."""


def who_words(kind: Activity) -> str:
    """How the paper of a kind calls who did it."""
    return _WHO.get(kind, "记录人")


def parts_of(text: str) -> list[str]:
    """The texts of one record, one by one."""
    return text.split(BAR)


def apart(text: str) -> str:
    """The texts of one record on one line, with room between them."""
    return "　".join(parts_of(text))


def guidance_words(guidances: Iterable[Guidance]) -> str:
    """学习、心理, in the order of the four."""
    found = set(guidances)
    return "、".join(words for guidance, words in SHORT.items() if guidance in found)
