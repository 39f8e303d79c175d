"""Whether a cell for father and mother together speaks of both: 父母均在广东东莞, 都在深圳, 均在外务工."""

import re
from functools import lru_cache

from app.children.codes import AwayState
from app.children.roster.reading.places import NOWHERE, WhereCell, read_where
from app.children.roster.reading.text import says_nothing
from app.children.roster.words import plain_word

_WHO = "父母亲?双方|父亲母亲|父母亲?|爸爸妈妈|爸妈|夫妻(?:双方|二人|俩)?|双亲|双方|(?:他们)?(?:两|二|俩)人"
_BOTH = "均|都|皆|全部|全|双双|一起|一同|共同|同"
_OFTEN = "已经?|现在?|目前|长期|常年|一直|外出"
# 都 and 全 begin the name of a place as well (都匀, 全州): alone they speak of people only before a word for being there.
_SUBJECT = re.compile(
    rf"(?:(?:{_WHO})[、,:]?(?:{_BOTH})*|(?:{_BOTH})+(?=在|去|到|赴|外出|务工|打工|常年|长期|已))(?:{_OFTEN})*(?P<rest>.*)"
)
_AT = re.compile(
    r"(?:(?:外出)?(?:在|去|到|赴|往))?(?P<place>.*?)(?:外出)?(?:务工|打工|做工|上班|工作|经商|做生意)?"
)
_WORK = re.compile("务工|打工|做工")
_ABROAD = frozenset({"", "外", "外地", "外面", "外务工", "外头"})
# Where each has something of their own, or somebody else comes into it, the cell is nobody's answer for both.
_NOT_BOTH = re.compile("一方|其中|分别|各|[父母爸妈爷奶公婆姐哥弟妹]|离异|离婚|[不未没无]|[,;。]|[0-9]{3}")
# What stands behind 父母 is a place only where something says so: 父母种田, 父母残疾, 父母都回来了 are nobody's being away.
_IS_AWAY = re.compile(
    "(?:务工|打工|做工)$|^(?:在|去|到|赴|往)(?!身边|跟前|附近|一起|旁|本|当地|这|老?家|学?校|医院|[镇乡村组])"
    "|^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)|^.{1,8}[省市]"
)
_LONGEST_PLACE = 20


@lru_cache(maxsize=8_192)
def read_together(text: str) -> WhereCell | None:
    """Return what the cell says of father and mother alike; None when it does not say that it is about both."""
    if says_nothing(text):
        return None
    found = _SUBJECT.fullmatch(plain_word(text))
    if found is None or (not found["rest"] and "外出" not in text):
        return None
    rest = found["rest"]
    where = read_where(rest) if rest else NOWHERE
    if where.away is AwayState.HOME or where.life is not None:
        return where
    if _NOT_BOTH.search(rest) or where.marriage is not None or where.ground is not None:
        return None
    if not _IS_AWAY.search(rest) and "外出" not in text:
        return None
    at = _AT.fullmatch(rest)
    place = at["place"] if at is not None else rest
    if len(place) > _LONGEST_PLACE or _WORK.search(place):
        return None
    return WhereCell(place=None if place in _ABROAD else place, away=AwayState.OUT)
