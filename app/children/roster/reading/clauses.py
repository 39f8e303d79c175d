"""Short sentences about the parents: 父亲在外务工、母亲在家 · 父外出，母亡 · 父母皆外出 · 父、母外出."""

import re
from collections.abc import Iterable
from functools import lru_cache

from app.children.codes import AwayState, LifeStatus, Relation
from app.children.roster.words import codes, plain_word

State = AwayState | LifeStatus
"""What a sentence says of a parent: out, at home, dead, missing or out of contact."""

_BOTH = (Relation.FATHER, Relation.MOTHER)
_SUBJECTS: dict[str, tuple[Relation, ...]] = {
    **dict.fromkeys(("父母双方", "父母双亲", "父母亲", "父母", "爸妈", "双亲", "双方"), _BOTH),
    **dict.fromkeys(("父亲", "爸爸", "父方", "父", "爸"), _BOTH[:1]),
    **dict.fromkeys(("母亲", "妈妈", "母方", "母", "妈"), _BOTH[1:]),
}
_PAUSE = re.compile(r"[、,;:/()+。和与及且]+|而且|但是?|同时")
_ADVERB = re.compile("均|都|皆|全部|全|双双|双|已经?|常年|长期|现在?|目前|也|仅|一直|一人|一方|单独|单方")
# Who parted and whom the child lives with says nothing about who is away.
_ASIDE = re.compile("(?:离异|离婚|已离异|已离婚)|[随跟][父母](?:亲)?(?:生活)?")
_WORK_AT = re.compile(
    "(?:在|去|到|赴)(?P<place>[\u4e00-\u9fff]{1,12}?)(?:外出)?(?:务工|打工|做工|上班|经商|做生意|工作)"
)
_AT_HOME = re.compile("^(?:家|本|老家|当地|附近|村)")


@lru_cache(maxsize=8_192)
def read_clauses(text: str) -> dict[Relation, State] | None:
    """Return what the text says of father and mother; None unless all of it is understood without contradiction."""
    word = plain_word(text)
    said: dict[Relation, State] = {}
    waiting: list[Relation] = []
    place = 0
    while place < len(word):
        subject = _longest(word, place, _SUBJECTS)
        passed = _PAUSE.match(word, place) or _ASIDE.match(word, place)
        if passed is None and subject:
            waiting += _SUBJECTS[subject]
            place += len(subject)
            continue
        if passed is not None and _ASIDE.match(word, place):
            waiting = []
        passed = passed or _ADVERB.match(word, place)
        if passed is not None:
            place = passed.end()
            continue
        state, length = _state_at(word, place)
        if state is None or not waiting:
            return None
        for relation in waiting:
            if said.setdefault(relation, state) is not state:
                return None
        waiting = []
        place += length
    return said if said and not waiting else None


def _state_at(word: str, place: int) -> tuple[State | None, int]:
    """Return the state named at this place of the text, and how long its name is."""
    away, life = codes("away"), codes("life")
    found = max(_longest(word, place, away), _longest(word, place, life), key=len)
    at_work = _WORK_AT.match(word, place)
    if at_work is not None and at_work.end() - place > len(found):
        home = _AT_HOME.match(at_work["place"])
        return AwayState.HOME if home else AwayState.OUT, at_work.end() - place
    if not found:
        return None, 0
    return (LifeStatus(life[found]) if found in life else AwayState(away[found])), len(found)


def _longest(word: str, place: int, known: Iterable[str]) -> str:
    return max((name for name in known if word.startswith(name, place)), key=len, default="")
