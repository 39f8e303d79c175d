"""Who looks after a child, in all the forms rosters use: 爷爷, 外婆王秀英, 刘顺昌、何玉梅（祖父母）, 隔代监护, 亲戚, 老师."""

import re
from functools import lru_cache

from msgspec import Struct

from app.children.codes import CareGrade, CareKind, Relation
from app.children.roster.reading.names import split_names
from app.children.roster.reading.text import says_nothing
from app.children.roster.words import codes, plain_word
from app.core.pinyin import COMPOUND_SURNAMES

_COUPLES: dict[str, tuple[Relation, Relation]] = {
    "paternal": (Relation.PATERNAL_GRANDFATHER, Relation.PATERNAL_GRANDMOTHER),
    "maternal": (Relation.MATERNAL_GRANDFATHER, Relation.MATERNAL_GRANDMOTHER),
    "parents": (Relation.FATHER, Relation.MOTHER),
}
_KIND_OF: dict[Relation, CareKind] = {
    **dict.fromkeys(
        (Relation.FATHER, Relation.MOTHER, Relation.STEPFATHER, Relation.STEPMOTHER), CareKind.ONE_PARENT
    ),
    **dict.fromkeys((Relation.ADOPTIVE_FATHER, Relation.ADOPTIVE_MOTHER), CareKind.ONE_PARENT),
    **dict.fromkeys(_COUPLES["paternal"] + _COUPLES["maternal"], CareKind.GRANDPARENTS),
    **dict.fromkeys((Relation.BROTHER, Relation.SISTER), CareKind.SIBLINGS),
    **dict.fromkeys((Relation.UNCLE_OR_AUNT, Relation.OTHER_RELATIVE), CareKind.RELATIVES),
    Relation.FRIEND_OR_NEIGHBOUR: CareKind.FRIENDS,
    Relation.TEACHER: CareKind.TEACHER,
    Relation.OTHER: CareKind.OTHER,
}
# Great-grandparents are recorded as other relatives; who is raised by them is raised by 祖辈.
_GREAT = re.compile("[太曾]|老祖")
_AFFIXES = re.compile(
    r"^(?:由|随|跟|跟随|与|和|其|家中|孩子|学生|本人的?)+|(?:代为)?(?:监护|照顾|照看|抚养|看护|照料|照护|代管|带养|带|管|共同生活|一起生活|生活|看管|代养)(?:人)?$"
)
_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
_WOMAN_FIRST = re.compile("奶|外婆|姥姥|祖母|妈|母")
_RELATION_FIRST = re.compile(r"[:：]")
_BETWEEN = "- \u3000—–－"
_A_COUPLE = 2
_A_NAME = re.compile("[\u3400-\u9fff·]{2,}")
# 曾祖爷爷 is of an older generation (曾国强爷爷 is called 曾国强); 王大伯母 is the 大伯母 of 王.
_NO_NAME = re.compile(
    "的|邻居|隔壁|^(?:[本同]村|村里|家[里中]|自己|亲戚|老祖)|^(?:外?曾|太)外?祖?$|^.[大小老二三四五六幺]$"
)
_RELATION_LAST = re.compile(f"(.+?)[{_BETWEEN}]+([^{_BETWEEN}]+)")  # 田老根 爷爷, 田老根-爷爷


class RelationCell(Struct, frozen=True):
    """What a relation cell says. ``label`` is the word itself; two relations are a couple."""

    relations: tuple[Relation, ...] = ()
    kind: CareKind | None = None
    label: str | None = None


class CareCell(Struct, frozen=True):
    """What a 监护类型 cell says: any of kind, relation, grade, and whether the entrusted carer is able."""

    kind: CareKind | None = None
    relations: tuple[Relation, ...] = ()
    label: str | None = None
    grade: CareGrade | None = None
    carer_able: bool | None = None
    understood: bool = True


class CarerCell(Struct, frozen=True):
    """What a 监护人 cell says: names, or only who it is to the child, or that nobody does.

    ``each`` is who every one of them is, where that stands beside every name: 爷爷刘顺昌、奶奶何玉梅.
    """

    names: tuple[str, ...] = ()
    relation: RelationCell = RelationCell()
    each: tuple[RelationCell, ...] = ()


@lru_cache(maxsize=16_384)
def read_relation(text: str) -> RelationCell:
    """Read who somebody is to the child; the word itself is kept as label when it says more than the code."""
    if says_nothing(text):
        return RelationCell()
    word = plain_word(text)
    for candidate in (word, _AFFIXES.sub("", word), _BRACKETS.sub("", word)):
        found = _relation_word(candidate, text.strip())
        if found is not None:
            return found
    parts = [
        found for part in split_names(text) if (found := _relation_word(plain_word(part), part)) is not None
    ]
    if len(parts) > 1:
        relations = tuple(dict.fromkeys(relation for part in parts for relation in part.relations))
        kinds = {part.kind for part in parts}
        kind = kinds.pop() if len(kinds) == 1 else None
        if set(relations) == {Relation.FATHER, Relation.MOTHER}:
            kind = CareKind.BOTH_PARENTS
        return RelationCell(relations, kind, text.strip())
    run_on = _run_on(word) or _before_a_name(text)
    return run_on or RelationCell((Relation.OTHER,), None, text.strip())


def _run_on(word: str) -> RelationCell | None:
    """Read relations written without anything between them: 叔叔婶婶, 伯父伯母, 爷爷外婆."""
    table = codes("relation")
    parts: list[RelationCell] = []
    rest = word
    while rest:
        first = next((rest[:length] for length in (4, 3, 2) if rest[:length] in table), None)
        found = _relation_word(first, first) if first else None
        if first is None or found is None:
            return None
        parts.append(found)
        rest = rest[len(first) :]
    relations = tuple(dict.fromkeys(relation for part in parts for relation in part.relations))
    kinds = {part.kind for part in parts}
    return RelationCell(relations, kinds.pop() if len(kinds) == 1 else None, word) if parts else None


def _before_a_name(text: str) -> RelationCell | None:
    """Read the relation of a cell that goes on with the name: 外祖母 李四."""
    word, _, name = text.strip().partition(" ")
    return _relation_word(plain_word(word), word) if name.strip() else None


def _relation_word(word: str, label: str) -> RelationCell | None:
    couple = codes("couple").get(word)
    if couple is not None:
        relations = _COUPLES[couple]
        if _WOMAN_FIRST.match(word):
            relations = (relations[1], relations[0])
        kind = CareKind.BOTH_PARENTS if couple == "parents" else _KIND_OF[relations[0]]
        return RelationCell(relations, kind, label)
    code = codes("relation").get(word)
    if code is not None:
        relation = Relation(code)
        great = relation is Relation.OTHER_RELATIVE and _GREAT.search(word)
        return RelationCell((relation,), CareKind.GRANDPARENTS if great else _KIND_OF[relation], label)
    kind_code = codes("care").get(word)
    if kind_code is not None and kind_code != "other":
        return RelationCell((), CareKind(kind_code), label)
    return None


@lru_cache(maxsize=16_384)
def read_care(text: str) -> CareCell:
    """Read a 监护类型 / 实际监护 cell; the census words for the grade may stand there too."""
    if says_nothing(text):
        return CareCell()
    word = plain_word(text)
    for candidate in (word, _AFFIXES.sub("", word)):
        if candidate in codes("care_grade"):
            return CareCell(grade=CareGrade(codes("care_grade")[candidate]))
        if candidate in codes("carer_not_able"):
            return CareCell(carer_able=False)
        if candidate in codes("care"):
            return CareCell(CareKind(codes("care")[candidate]), label=text.strip())
        found = _relation_word(candidate, text.strip())
        if found is not None:
            return CareCell(found.kind, found.relations, found.label)
    relation = read_relation(text)
    if relation.kind is not None:
        return CareCell(relation.kind, relation.relations, relation.label)
    return CareCell(understood=False)


def read_care_grade(text: str) -> CareGrade | None:
    """Read 较好, 一般, 差; None for anything else."""
    code = codes("care_grade").get(plain_word(text))
    return CareGrade(code) if code else None


@lru_cache(maxsize=16_384)
def read_carer(text: str) -> CarerCell:
    """Read a 监护人 cell: 王秀英 · 奶奶 · 奶奶王秀英 · 王秀英奶奶 · 王秀英（奶奶） · 王秀英/奶奶 · 刘顺昌、何玉梅."""
    if says_nothing(text):
        return CarerCell()
    whole = _stated(text)
    if whole is not None:
        return CarerCell((), whole)
    if (several := _each_named(text)) is not None:
        return several
    inside = [found for part in _BRACKETS.findall(text) if (found := _stated(part)) is not None]
    bare = _BRACKETS.sub("", text).strip() if inside else text
    relation = inside[0] if inside else RelationCell()
    outside = _stated(bare)
    if outside is not None:
        # 奶奶（王秀英）: the name stands in the brackets.
        others = [part for part in _BRACKETS.findall(text) if _stated(part) is None]
        return CarerCell(tuple(others[:1]), outside)
    if not inside and _RELATION_FIRST.search(bare):
        word, _, rest = bare.replace("：", ":").partition(":")
        stated = _stated(word)
        if stated is not None and rest.strip():
            return CarerCell(tuple(split_names(rest)), stated)
    if not inside and (behind := _name_and_relation(bare)) is not None:
        return behind
    if not relation.relations and relation.kind is None:
        for length in (4, 3, 2):
            stated = _stated(bare[:length]) if len(bare) >= length + 2 else None
            if stated is not None:
                return CarerCell(tuple(split_names(bare[length:].strip(f"{_BETWEEN}、:：()（）"))), stated)
        if (behind := _run_on_relation(bare)) is not None:
            return behind
    return CarerCell(tuple(split_names(bare)), relation)


def _name_and_relation(text: str) -> CarerCell | None:
    """Read a relation that stands behind the name: 田老根/爷爷, 田老根 爷爷, 刘顺昌、何玉梅/祖父母."""
    parts = split_names(text)
    if len(parts) == 1 and (found := _RELATION_LAST.fullmatch(parts[0])) is not None:
        parts = [found[1], found[2]]
    stated = _stated(parts[-1]) if len(parts) > 1 else None
    if stated is None or any(_stated(part) or _stated(part[:2]) for part in parts[:-1]):
        return None  # 爷爷刘顺昌、奶奶: two people, not one and who that is
    return CarerCell(tuple(parts[:-1]), stated)


def _each_named(text: str) -> CarerCell | None:
    """Read two people or more, each with who that is: 爷爷刘顺昌、奶奶何玉梅; None when one of them lacks either."""
    parts = split_names(text)
    if len(parts) < _A_COUPLE:
        parts = text.split()
    found = [read_carer(part) for part in parts] if len(parts) >= _A_COUPLE else []
    if not found or any(len(one.names) != 1 or len(one.relation.relations) != 1 for one in found):
        return None
    each = tuple(one.relation for one in found)
    relations = tuple(relation for one in each for relation in one.relations)
    kinds = {one.kind for one in each}
    kind = kinds.pop() if len(kinds) == 1 else None
    if set(relations) == {Relation.FATHER, Relation.MOTHER}:
        kind = CareKind.BOTH_PARENTS
    label = "、".join(one.label or "" for one in each)
    return CarerCell(tuple(one.names[0] for one in found), RelationCell(relations, kind, label), each)


def _run_on_relation(text: str) -> CarerCell | None:
    """Read the relation that ends a cell right behind the name: 田老根爷爷. 欧阳大姐, 隔壁奶奶 are nobody's name."""
    for length in (4, 3, 2):
        name, word = text[:-length], text[-length:]
        code = codes("relation").get(plain_word(word))
        if code is not None and _A_NAME.fullmatch(name) and not _NO_NAME.search(name):
            is_another_word = any(_stated(name[place:]) is not None for place in range(len(name) - 1))
            if name in COMPOUND_SURNAMES or is_another_word:
                return None
            found = _relation_word(plain_word(word), word)
            return CarerCell((name,), found) if found is not None else None
    return None


def _stated(text: str) -> RelationCell | None:
    """Return what a text says when it is a relation or care word from the tables and nothing else."""
    word = plain_word(text)
    found = _relation_word(word, text.strip())
    if found is None:
        bare = _AFFIXES.sub("", word)
        found = _relation_word(bare, text.strip()) if bare and bare != word else None
    parts = split_names(text) if found is None else []
    if parts and all(_relation_word(plain_word(part), part) for part in parts):
        cell = read_relation(text)
        return cell if cell.relations != (Relation.OTHER,) else None
    return found


def kind_of(relation: Relation) -> CareKind:
    """Return the kind of care that somebody of this relation gives."""
    return _KIND_OF[relation]
