"""Where a parent is, and where a child lives: places, and the words that stand in their cells instead."""

import re
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from app.children.codes import AwayState, LifeStatus, MarriageStatus, UnsupportedGround
from app.children.roster.reading.text import answer, says_nothing, yes_or_no
from app.children.roster.words import codes, plain_word

_VILLAGE = re.compile(
    r"(?:^|[省市县区乡镇]|街道|办事处)"
    r"(?P<village>[^省市县区乡镇道处0-9\s]{1,12}?(?:村|社区|居委会))(?:委会)?"
    r"(?P<group>(?:第?[0-9一二三四五六七八九十百]{1,4}|[^省市县区乡镇村0-9\s号]{1,5}?)(?:村民小组|小组|组|社|队))?"
)
_GROUP = re.compile(
    r"(?P<group>第?[0-9一二三四五六七八九十]{1,4}(?:村民小组|小组|组|社|队)?|.{1,8}(?:村民小组|小组|组|社|队))"
)
# What became of somebody, said in more than the one word: 2015年去世, 因病去世, 病故（2019）, 在监狱服刑.
_TOLD = (
    (LifeStatus.DEAD, re.compile("去世|病故|病逝|亡故|过世|已故|死亡|身亡|逝世|身故|已亡|早亡|已逝")),
    (LifeStatus.MISSING, re.compile("失踪|下落不明")),
    (LifeStatus.OUT_OF_CONTACT, re.compile("失联|失去联系|离家出走|联系不上|杳无音信")),
)
_TOLD_GROUND = (
    (UnsupportedGround.IN_PRISON, re.compile("服刑|坐牢|监狱|在押|羁押|看守所")),
    (UnsupportedGround.DRUG_REHABILITATION, re.compile("戒毒")),
)
_LONGEST_WORD = 14
_NOT_SO = re.compile("[未没非]|[爷奶婆哥姐]|外公|前夫|前妻|丧偶|狱警|工作|上班")
_AT_HOME = re.compile(
    "(?:现|目前|长期|一直|常年)?(?:在家|家里|家中|在老家|在?本地|在?本村|在?本镇|在?本乡|在?村里|在?当地)"
    "(?![具居电纺政园乐禽装外])(?!.*(?:外出|在外|外地|省))"
)
_ASIDE = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
_LABELLED = re.compile(r"(父亲|父|爸爸|爸|母亲|母|妈妈|妈)\s*[:：在]?\s*")


class WhereCell(Struct, frozen=True):
    """What a cell about a parent's whereabouts says; at most one of the words, or a place."""

    place: str | None = None
    away: AwayState | None = None
    life: LifeStatus | None = None
    marriage: MarriageStatus | None = None
    ground: UnsupportedGround | None = None
    is_told: bool = False
    """The cell says more than the word that was taken from it."""


NOWHERE = WhereCell()


@lru_cache(maxsize=16_384)
def read_where(text: str) -> WhereCell:
    """Read a 务工地 cell: a place, 在家, or what became of the parent instead."""
    if says_nothing(text):
        return NOWHERE
    found = read_told(text)
    if found is not None:
        return found
    if len(text) <= _LONGEST_WORD and _AT_HOME.match(_ASIDE.sub("", text)):
        return WhereCell(away=AwayState.HOME, is_told=True)
    said = yes_or_no(text)
    if said is not None:
        return WhereCell(away=AwayState.OUT if said else AwayState.HOME)
    return WhereCell(place=text, away=AwayState.OUT)


@lru_cache(maxsize=8_192)
def read_person_word(text: str) -> WhereCell | None:
    """Read a word that says what became of somebody (去世, 失联, 服刑, 离异, 在家, 外出); None for anything else."""
    word = plain_word(text)
    if word in codes("life"):
        return WhereCell(life=LifeStatus(codes("life")[word]))
    if word in codes("ground"):
        return WhereCell(ground=UnsupportedGround(codes("ground")[word]))
    if word in codes("marriage"):
        return WhereCell(marriage=MarriageStatus(codes("marriage")[word]))
    if word in codes("away") and answer(text) is None:
        return WhereCell(away=AwayState(codes("away")[word]))
    return None


def read_told(text: str) -> WhereCell | None:
    """Read like ``read_person_word``, also out of a few words more than the tables hold; never for a name cell."""
    exact = read_person_word(text)
    if exact is not None:
        return exact
    bare = _ASIDE.sub("", text).strip()
    inside = _ASIDE.findall(text)
    if bare != text.strip() and (found := read_person_word(bare or inside[0])) is not None:
        return replace(found, is_told=bool(bare))
    if len(text) > _LONGEST_WORD or _NOT_SO.search(text):
        return None
    for ground, pattern in _TOLD_GROUND:
        if pattern.search(text):
            return WhereCell(ground=ground, is_told=True)
    for life, pattern in _TOLD:
        if pattern.search(text):
            return WhereCell(life=life, is_told=True)
    return None


def split_by_parent(text: str) -> dict[str, str]:
    """Split 父：广东，母：浙江 into what belongs to the father and to the mother; {} when the cell does not say."""
    parts = _LABELLED.split(text)
    if len(parts) < 3:
        return {}
    found: dict[str, str] = {}
    for label, rest in zip(parts[1::2], parts[2::2], strict=True):
        who = "father" if label[0] in "父爸" else "mother"
        content = rest.strip(" \n、，,;；/。")
        if not content or who in found:
            return {}
        found[who] = content
    return found if not parts[0].strip() else {}


@lru_cache(maxsize=16_384)
def village_of(address: str) -> tuple[str | None, str | None]:
    """Return the village and the group that an address names: 青石坪镇白水沟村4组 → 白水沟村, 4组."""
    found = _VILLAGE.search(address)
    return (found["village"], found["group"]) if found else (None, None)


def split_village_group(text: str) -> tuple[str | None, str | None]:
    """Split a 村组 cell: 白水沟村4组, 白水沟 4 组, 4组."""
    if says_nothing(text):
        return None, None
    village, group = village_of(text.replace(" ", ""))
    if village:
        return village, group
    compact = text.replace(" ", "")
    if _GROUP.fullmatch(compact) and len(compact) <= 4:
        return None, compact
    tail = re.fullmatch(r"(.{1,12}?)(第?[0-9一二三四五六七八九十]{1,4}(?:村民小组|小组|组|社|队))", compact)
    return (tail[1], tail[2]) if tail else (compact, None)
