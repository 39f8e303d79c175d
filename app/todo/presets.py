"""How often schools of different kinds want what done: the rule sets to begin with (domain.md §6). Data, no rule.

The numbers are those of real work reports; where a report names the duty and no number, ``ours`` is true and the
number a starting point that the school sets.
"""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from app.calls.cadence import ACTIVITIES as CALLS
from app.calls.cadence import CALL, VIDEO_CALL
from app.diary.codes import Activity, MeetingKind
from app.todo.codes import Audience, Per, Scope

MEETING = "meeting:"
"""A cadence of meetings has this before the kind of meeting as its activity: ``meeting:parents``."""


class Cadence(Struct, frozen=True):
    """So many ``times`` in every span of ``per`` somebody is to do ``activity``; 0 = not asked of."""

    activity: str
    times: int
    per: Per
    audience: Audience = Audience.CHILD
    scope: Scope = Scope.ALL
    note: str | None = None
    ours: bool = False


class Style(Struct, frozen=True):
    """A rule set to begin with: what it is called, whose it is, what it asks."""

    name: str
    about: str
    cadences: tuple[Cadence, ...]


def _meeting(kind: MeetingKind, times: int, per: Per, *, ours: bool = False) -> Cadence:
    return Cadence(f"{MEETING}{kind.value}", times, per, Audience.SCHOOL, ours=ours)


_TALK, _VISIT = Activity.TALK.value, Activity.HOME_VISIT.value
_TUTORING, _JOURNAL = Activity.TUTORING.value, Activity.GROWTH_JOURNAL.value
_CONTACT, _LETTER = Activity.CONTACT.value, Activity.LETTER.value

STYLES: Mapping[str, Style] = {
    "usual": Style(
        "常用",
        "每周谈心一次，每月家访一次，每学期两次家长会",
        (
            Cadence(_TALK, 1, Per.WEEK),
            Cadence(_VISIT, 1, Per.MONTH),
            _meeting(MeetingKind.PARENTS, 2, Per.TERM),
        ),
    ),
    "village_primary": Style(
        "村小：四导、五必访",
        "平时谈心看护，出了情况就家访（必访事件另设）",
        (
            Cadence(_TALK, 1, Per.WEEK, ours=True),
            Cadence(_VISIT, 1, Per.TERM, ours=True),
            _meeting(MeetingKind.PARENTS, 1, Per.TERM, ours=True),
        ),
    ),
    "town_primary": Style(
        "镇小学：一对一代理家长",
        "每周谈心，每周和监护人说一次话，每位教师每月家访 5 到 10 名，每学期两次家长会",
        (
            Cadence(_TALK, 1, Per.WEEK),
            Cadence(_CONTACT, 1, Per.WEEK),
            Cadence(_VISIT, 5, Per.MONTH, Audience.SUPPORTER, note="5 到 10 名"),
            _meeting(MeetingKind.PARENTS, 2, Per.TERM),
            _meeting(MeetingKind.VILLAGE, 1, Per.YEAR),
        ),
    ),
    "rural_primary": Style(
        "农村小学：每周辅导、每月家访",
        "每周辅导作业一次、记学习和生活一次，每月谈心家访一次、和父母通话一次，每学期通信一次",
        (
            Cadence(_TUTORING, 1, Per.WEEK),
            Cadence(_JOURNAL, 1, Per.WEEK),
            Cadence(_TALK, 1, Per.MONTH),
            Cadence(_VISIT, 1, Per.MONTH),
            Cadence(CALL, 1, Per.MONTH),
            Cadence(_LETTER, 1, Per.TERM),
        ),
    ),
    "big_town": Style(
        "大镇学校：班主任常谈心、座谈会",
        "班主任经常谈心，每月和父母通话一次，每学期帮扶人、孩子和监护人座谈一次",
        (
            Cadence(_TALK, 1, Per.FORTNIGHT, ours=True),
            Cadence(CALL, 1, Per.MONTH),
            Cadence(_VISIT, 1, Per.TERM, ours=True),
            _meeting(MeetingKind.FORUM, 1, Per.TERM, ours=True),
            _meeting(MeetingKind.PARENTS, 1, Per.TERM, ours=True),
        ),
    ),
    "boarding_middle": Style(
        "寄宿初中：分村分批家访",
        "按班、按村分批家访，和父母视频通话",
        (
            Cadence(_TALK, 1, Per.MONTH, ours=True),
            Cadence(_VISIT, 1, Per.TERM, ours=True),
            Cadence(VIDEO_CALL, 1, Per.MONTH, ours=True),
        ),
    ),
    "journal": Style(
        "成长日记：两三名一位教师",
        "每周写成长日记，经常家访",
        (
            Cadence(_JOURNAL, 1, Per.WEEK, ours=True),
            Cadence(_VISIT, 1, Per.TERM, ours=True),
            Cadence(_TALK, 1, Per.FORTNIGHT, ours=True),
        ),
    ),
    "village": Style(
        "村里：每周和父母视频",
        "每周和父母视频一次，重点儿童先访",
        (
            Cadence(VIDEO_CALL, 1, Per.WEEK),
            Cadence(_VISIT, 1, Per.MONTH, scope=Scope.PRIORITY, ours=True),
        ),
    ),
    "womens_federation": Style(
        "妇联：代理妈妈",
        "代理妈妈谈心、联系父母，节日家访",
        (
            Cadence(_TALK, 1, Per.WEEK, ours=True),
            Cadence(_CONTACT, 1, Per.MONTH, ours=True),
            Cadence(_VISIT, 1, Per.TERM, ours=True),
            _meeting(MeetingKind.CARERS, 1, Per.TERM, ours=True),
        ),
    ),
    "four_ones": Style(
        "四个一",
        "每月谈心三次，每月家访一次",
        (Cadence(_TALK, 3, Per.MONTH), Cadence(_VISIT, 1, Per.MONTH)),
    ),
    "weekly_monthly": Style(
        "每周谈心、每月联系家长",
        "每周谈心一次，每月和家长通话一次，每学期家访一次",
        (Cadence(_TALK, 1, Per.WEEK), Cadence(_CONTACT, 1, Per.MONTH), Cadence(_VISIT, 1, Per.TERM)),
    ),
}
SHIPPED = "usual"
"""The style that is in force until the school writes its own rules."""


IN_SCHOOL = frozenset({_TALK, _TUTORING, _JOURNAL})
"""What teachers do with children where these go to school (domain.md §6): not asked of for a child in no class (休学, 辍学,
not yet in a class), who is to be visited, called and kept in contact with all the same. A rule of its own for such a
child asks for it anyway."""


@cache
def activity_words(activity: str) -> str:
    """Return the Chinese word of what a cadence asks: 谈心, 家长会; the code itself when nobody knows it."""
    if activity.startswith(MEETING):
        kind = activity.removeprefix(MEETING)
        return MeetingKind(kind).label if kind in {known.value for known in MeetingKind} else kind
    if activity in CALLS:
        return CALLS[activity]
    return Activity(activity).label if activity in {known.value for known in Activity} else activity


@cache
def cadence_words(activity: str, times: int, per: Per, audience: Audience, scope: Scope) -> str:
    """Return a rule in words: 每周谈心一次, 每位教师每月家访 5 次, 重点帮扶儿童每周谈心 2 次."""
    whom = {Audience.CHILD: "", Audience.SUPPORTER: "每位教师", Audience.SCHOOL: "全校"}[audience]
    if audience is Audience.CHILD and scope is Scope.PRIORITY:
        whom = "重点帮扶儿童"
    what = activity_words(activity)
    if times == 0:
        return f"{whom}不要求{what}"
    return f"{whom}{per.label}{what}{'一次' if times == 1 else f' {times} 次'}"
