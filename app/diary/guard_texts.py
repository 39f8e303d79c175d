"""Looking through a text for names, numbers and pronouns: pure, one pass, fast enough while somebody types."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from msgspec import Struct

# Full-width digits and letters become the plain ones, one for one: places in the text stay what they are.
_PLAIN = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), 0xFF38, 0xFF58, 0xFF0D)}
_ID = re.compile(
    r"(?<![0-9A-Za-z])(?:[1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{7}(?:0[1-9]|1[0-2])[0-9]{5})(?![0-9A-Za-z])"
)
_PHONE = re.compile(
    r"(?<![0-9])(?:1[3-9][0-9](?:[ -]?[0-9]{4}){2}|0[1-9][0-9]{1,2}[ -]?[2-9][0-9]{6,7})(?![0-9])"
    r"|(?:(?<=电话)|(?<=手机)|(?<=号码)|(?<=电话[：: 是])|(?<=手机[：: 是])|(?<=号码[：: 是]))[2-9][0-9]{6,7}(?![0-9])"
)
# Names that are words of every day too: they say nothing about another pupil.
_EVERYDAY = (
    "高兴 高明 高大 安静 安宁 安心 方正 方向 成功 成长 和平 和气 温暖 温和 温柔 明白 明天 文明 文静 平安 "
    "平静 平时 向上 向阳 全家 关心 关爱 时间 白天 家长 家庭 欢喜 欢乐 乐观 快乐 阳光 童年 黄昏 王子 国家 "
    "国庆 元旦 计划 习惯 喜欢 强大 马上 田野 石头 江南 水平 左右 单独 秋天 万一 毛病 商量 管理 经常 严格 "
    "任何 任性 许多 何时 别人 谈心 谈话 余下 相信 有时 曾经 终于 花钱 牛奶 易于 应该 施工 "
)
_WORDS = frozenset(_EVERYDAY.split())
_SHORTEST = 8
SAME = 0.9
"""From how much on two texts count as the same (features.md idea 10)."""
# Whoever else 他 or 她 may be: where one of them is named, the pronoun is not asked about.
_MEN = re.compile("父|爸|爷|公公|外公|姥爷|叔|伯|舅|哥|弟|儿子|男|老师|同学|孙子|校长|主任|医生")
_WOMEN = re.compile("母|妈|奶|婆|姥姥|姑|姨|婶|姐|妹|女|老师|同学|嫂|校长|主任|医生")
_HE = re.compile("(?<![其吉])他(?![们人处乡日])")
_SHE = re.compile("她(?!们)")


class Found(Struct, frozen=True):
    """A piece of a text and where it stands."""

    text: str
    start: int
    end: int


Named = tuple[tuple[str, str], ...]
"""(name, class) of people whose names begin alike, the longest name first."""


def names_by_head(people: Iterable[tuple[str, str]], *, words_too: bool = False) -> dict[str, Named]:
    """Return people by the first two characters of their names; without names that are words of every day."""
    found: dict[str, dict[str, str]] = {}
    for name, class_name in people:
        if len(name) >= 2 and (words_too or name not in _WORDS):
            found.setdefault(name[:2], {}).setdefault(name, class_name)
    return {head: tuple(sorted(named.items(), key=lambda one: -len(one[0]))) for head, named in found.items()}


def other_names(
    text: str, names: Mapping[str, Named], known: Mapping[str, Named]
) -> Iterator[tuple[Found, str]]:
    """Yield other pupils' names in a text, each once, with their class; a name that may stand there hides what is in it."""
    told: set[str] = set()
    place = 0
    while place < len(text) - 1:
        head = text[place : place + 2]
        mine = next((name for name, _ in known.get(head, ()) if text.startswith(name, place)), "")
        other = next((one for one in names.get(head, ()) if text.startswith(one[0], place)), None)
        if other is not None and len(other[0]) > len(mine):
            name, class_name = other
            if name not in told:
                told.add(name)
                yield Found(name, place, place + len(name)), class_name
            place += len(name)
        else:
            place += len(mine) or 1


def numbers_in(text: str) -> Iterator[tuple[Found, bool]]:
    """Yield what looks like an ID number (True) or a telephone number (False)."""
    plain = text.translate(_PLAIN)
    taken: list[tuple[int, int]] = []
    for match in _ID.finditer(plain):
        taken.append(match.span())
        yield Found(match[0], *match.span()), True
    for match in _PHONE.finditer(plain):
        if all(match.start() >= end or match.end() <= start for start, end in taken):
            yield Found(match[0], *match.span()), False


def wrong_pronoun(text: str, *, girl: bool) -> Found | None:
    """Return the first 他 about a girl (她 about a boy); None where it may well mean somebody else."""
    wrong, right, others = (_HE, _SHE, _MEN) if girl else (_SHE, _HE, _WOMEN)
    match = wrong.search(text)
    if match is None or right.search(text) is not None or others.search(text) is not None:
        return None
    return Found(match[0], *match.span())


def likeness(text: str, other: str) -> float:
    """Return how much of two texts is the same, 0 to 1; texts of a few characters are alike without meaning anything."""
    if min(len(text), len(other)) < _SHORTEST:
        return 0.0
    if text == other:
        return 1.0
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    # The cheap upper bounds first: most texts differ plainly.
    if matcher.real_quick_ratio() < SAME or matcher.quick_ratio() < SAME:
        return 0.0
    return matcher.ratio()
