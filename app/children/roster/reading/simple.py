"""Cells whose answer is one of a few words: sex, 民族, 户口性质, 寄宿, 健康 …"""

from app.children.codes import HealthStatus, HouseholdKind, LifeStatus, MarriageStatus, SchoolingStatus, Sex
from app.children.ethnicity import ethnic_code
from app.children.roster.reading.text import says_nothing, yes_or_no
from app.children.roster.words import codes, plain_word

_SEXES = {**dict.fromkeys(("男", "男性", "男孩", "男生", "1", "m", "男童"), Sex.MALE)}
_SEXES |= dict.fromkeys(("女", "女性", "女孩", "女生", "2", "f", "女童"), Sex.FEMALE)


def read_sex(text: str) -> Sex | None:
    """Read 男, 女, 1, 2."""
    return _SEXES.get(plain_word(text))


def read_ethnicity(text: str) -> str | None:
    """Read a 民族 cell into its GB 3304 code: 汉, 汉族, 01, 1."""
    word = plain_word(text)
    return ethnic_code(f"0{word}" if len(word) == 1 and word.isdigit() else word)


def read_household_kind(text: str) -> HouseholdKind | None:
    """Read 户口性质."""
    code = codes("household_kind").get(plain_word(text))
    return HouseholdKind(code) if code else None


def read_boarding(text: str) -> bool | None:
    """Read 是否寄宿 and 就读方式; the 学籍 codes are 1 走读, 2 住校, so a bare 1 is a tick only beside 是/否."""
    said = codes("boarding").get(plain_word(text))
    if said is not None:
        return said == "yes"
    return yes_or_no(text)


def read_health(text: str) -> HealthStatus | None:
    """Read 健康状况 by its words; the numbers are those of the 学籍 form."""
    code = codes("health").get(plain_word(text))
    return HealthStatus(code) if code else None


def read_schooling(text: str) -> SchoolingStatus | None:
    """Read 就学情况."""
    code = codes("schooling").get(plain_word(text))
    return SchoolingStatus(code) if code else None


def read_life(text: str) -> LifeStatus | None:
    """Read whether a grown-up is alive: 健在, 去世; in a 是否健在 column 是 and 否."""
    code = codes("life").get(plain_word(text))
    if code is not None:
        return LifeStatus(code)
    said = None if says_nothing(text) else yes_or_no(text)
    return None if said is None else (LifeStatus.ALIVE if said else LifeStatus.DEAD)


def read_marriage(text: str) -> MarriageStatus | None:
    """Read 婚姻状况."""
    code = codes("marriage").get(plain_word(text))
    return MarriageStatus(code) if code else None
