"""What a roster says about the parents: 双亲留守, 单亲留守, 父亲外出, 非留守 … and who that names."""

import re
from functools import lru_cache

from msgspec import Struct

from app.children.codes import AwayState, Category, LifeStatus, Relation, ReportedLabel
from app.children.roster.reading.clauses import read_clauses
from app.children.roster.reading.text import answer, says_nothing, yes_or_no
from app.children.roster.words import codes, plain_word, registry_codes

_BOTH = frozenset({Relation.FATHER, Relation.MOTHER})
_FATHER, _MOTHER = frozenset({Relation.FATHER}), frozenset({Relation.MOTHER})
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_TAIL = re.compile(r"(?:留守)?(?:儿童|学生)$")
_PARTED = re.compile("离异|离婚|[随跟][父母]")  # then the other one is not at home because this one is away
_PAUSES = re.compile(r"[、,;:/。]")
# In this column a bare 父 means that he is out; as the name of a column it would not.
_SHORT = {
    **dict.fromkeys(("双", "父母", "父母双方", "父、母", "父母亲"), "both_out"),
    **dict.fromkeys(("父", "父亲", "爸爸"), "father_out"),
    **dict.fromkeys(("母", "母亲", "妈妈"), "mother_out"),
    "单": "one_out",
}


class StatusCell(Struct, frozen=True):
    """What the cell says.

    ``out`` and ``home`` name the parents it speaks of; with 双亲留守 both are out, with a bare 单亲留守 nobody is
    named. ``left_behind`` is what it says about the register itself, None when it does not. ``incapable`` is the
    parent at home who is not able to look after the child. ``fate`` is what became of a parent who is neither.
    """

    label: ReportedLabel | None = None
    out: frozenset[Relation] = frozenset()
    home: frozenset[Relation] = frozenset()
    incapable: frozenset[Relation] = frozenset()
    left_behind: bool | None = None
    category: Category | None = None
    fate: tuple[tuple[Relation, LifeStatus], ...] = ()
    understood: bool = True


_MEANINGS = {
    "both_out": StatusCell(ReportedLabel.BOTH_OUT, out=_BOTH, left_behind=True),
    "father_out": StatusCell(ReportedLabel.ONE_OUT, out=_FATHER, home=_MOTHER, left_behind=True),
    "mother_out": StatusCell(ReportedLabel.ONE_OUT, out=_MOTHER, home=_FATHER, left_behind=True),
    "one_out": StatusCell(ReportedLabel.ONE_OUT, left_behind=True),
    "one_out_other_incapable": StatusCell(ReportedLabel.ONE_OUT_OTHER_INCAPABLE, left_behind=True),
    "father_out_other_incapable": StatusCell(
        ReportedLabel.ONE_OUT_OTHER_INCAPABLE, out=_FATHER, home=_MOTHER, incapable=_MOTHER, left_behind=True
    ),
    "mother_out_other_incapable": StatusCell(
        ReportedLabel.ONE_OUT_OTHER_INCAPABLE, out=_MOTHER, home=_FATHER, incapable=_FATHER, left_behind=True
    ),
    "none_out": StatusCell(ReportedLabel.NONE_OUT, home=_BOTH),
    "not_left_behind": StatusCell(ReportedLabel.NONE_OUT, left_behind=False),
}
NO_STATUS = StatusCell()


@lru_cache(maxsize=8_192)
def read_status(text: str) -> StatusCell:
    """Read a 留守类型 / 父母外出情况 cell."""
    if says_nothing(text):
        return NO_STATUS
    word = plain_word(text)
    coded = registry_codes().get(word)
    if coded is not None:
        return _MEANINGS[coded]
    found = _lookup(word)
    if found is not None:
        return found
    inside, bare = _BRACKETS.findall(word), _BRACKETS.sub("", word)
    for part in inside:
        # 单亲留守（父亲外出）, 一方外出（父亲）: the bracket names who it is.
        named = _lookup(part) or _lookup(f"{part}外出")
        if named is not None and named.out:
            return named
    found = _lookup(bare) or _lookup(_PAUSES.sub("", word)) or _MEANINGS.get(_SHORT.get(word, ""))
    found = found or _sentence(text)
    if found is not None:
        return found
    category = codes("category").get(word)
    if category is not None:
        return StatusCell(category=Category(category))
    said = yes_or_no(text)
    if said is not None and answer(text) != "none":
        return StatusCell(left_behind=True) if said else _MEANINGS["not_left_behind"]
    return StatusCell(understood=False)


def read_left_behind(text: str) -> StatusCell:
    """Read an 是否留守 cell: 1 is yes there; a word that says more is taken at its word."""
    if plain_word(text) == "1":
        return StatusCell(left_behind=True)
    if plain_word(text) == "0":
        return StatusCell(left_behind=False)
    meant = answer(text)
    if meant == "yes":
        return StatusCell(left_behind=True)
    if meant == "no":
        return StatusCell(left_behind=False)
    if meant is not None:
        return NO_STATUS
    word = plain_word(text)
    if word in ("留守", "留守儿童", "留守学生"):
        return StatusCell(left_behind=True)
    return read_status(text)


def _sentence(text: str) -> StatusCell | None:
    """Read a sentence about each parent: 父外出，母亡. Of whom it does not speak, it says nothing but by 一方外出."""
    said = read_clauses(text)
    if said is None:
        return None
    out = frozenset(relation for relation, state in said.items() if state is AwayState.OUT)
    home = frozenset(relation for relation, state in said.items() if state is AwayState.HOME)
    fate = tuple((relation, state) for relation, state in said.items() if isinstance(state, LifeStatus))
    fate = tuple((relation, life) for relation, life in fate if life is not LifeStatus.ALIVE)
    if len(said) == 1 and out and not _PARTED.search(text):
        return _MEANINGS["father_out" if out == _FATHER else "mother_out"]
    if len(out) == 2:
        return _MEANINGS["both_out"]
    if out:
        return StatusCell(ReportedLabel.ONE_OUT, out=out, home=home, fate=fate, left_behind=True)
    label = ReportedLabel.NONE_OUT if home == _BOTH else None
    return StatusCell(label, home=home, fate=fate)


def _lookup(word: str) -> StatusCell | None:
    table = codes("status")
    code = table.get(word) or table.get(_TAIL.sub("", word))
    if code is None and word in ("留守", "留守儿童", "留守学生"):
        return StatusCell(left_behind=True)
    return _MEANINGS[code] if code else None
