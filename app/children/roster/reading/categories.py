"""Categories: cells that list them, and remarks that are nothing but a category word."""

import re
from functools import lru_cache

from msgspec import Struct

from app.children.codes import (
    Category,
    DisabilityKind,
    HouseholdFactCode,
    HouseholdFactKind,
    LifeStatus,
    Relation,
)
from app.children.roster.reading.text import says_nothing
from app.children.roster.words import codes, plain_word

_SPLIT = re.compile(r"[、，,;；/／\n|＋+。 　]|和(?!平)|及|并且|且")
_TAIL = re.compile(r"(?:家庭|儿童|学生|户|对象|人员|人口|子女)$")
_PREFIX = re.compile(r"^(?:是|属|属于|系|为|享受)")
_GRADE = re.compile(r"([一二三四1-4壹贰叁肆ⅠⅡⅢⅣ])级|(?<![0-9])([1-4])(?![0-9])")
_GRADES = {
    **{c: n for n, c in enumerate("一二三四", 1)},
    **{c: n for n, c in enumerate("ⅠⅡⅢⅣ", 1)},
    **{str(n): n for n in range(1, 5)},
}
_GRADES |= {c: n for n, c in enumerate("壹贰叁肆", 1)}
_BASIS = re.compile(r"(.+?)[:：](.*?)(?:（([0-9-]{4,10})）)?")
_PARENT_FATE = re.compile(r"(父母双方|父母|双亲|父亲|父|爸爸|母亲|母|妈妈)(?:均|都|已|双)*(.+)")


class CategoryCell(Struct, frozen=True):
    """The categories a cell names, the disability it describes, and the parts that are no category."""

    categories: tuple[Category, ...] = ()
    disability: tuple[DisabilityKind, int | None] | None = None
    rest: tuple[str, ...] = ()


@lru_cache(maxsize=8_192)
def read_categories(text: str) -> CategoryCell:
    """Read a list of category words (孤儿、低保); what is none of them stands in ``rest``."""
    if says_nothing(text):
        return CategoryCell()
    found: dict[Category, None] = {}
    disability = None
    rest: list[str] = []
    for part in _SPLIT.split(text):
        if not part.strip() or says_nothing(part.strip()):
            continue
        category = category_of(part)
        described = read_disability(part)
        if category is not None:
            found[category] = None
        elif described is not None and described[0] is not DisabilityKind.OTHER:
            found[Category.DISABILITY] = None
            disability = described
        else:
            rest.append(part.strip())
    return CategoryCell(tuple(found), disability, tuple(rest))


@lru_cache(maxsize=8_192)
def category_of(text: str) -> Category | None:
    """Return the category that a word names (低保户, 建档立卡贫困户), None when it names none."""
    word = plain_word(text)
    bare = _PREFIX.sub("", word)
    for candidate in (word, bare, _TAIL.sub("", bare)):
        code = codes("category").get(candidate)
        if code is not None:
            return Category(code)
    return None


@lru_cache(maxsize=4_096)
def read_disability(text: str) -> tuple[DisabilityKind, int | None] | None:
    """Read a kind of disability with its grade: 肢体二级, 听力残疾一级, 残疾（三级）. None when it is none."""
    if says_nothing(text):
        return None
    word = plain_word(text)
    grade = read_disability_grade(word)
    bare = _GRADE.sub("", word).strip("()（）,，、:;级")
    bare = bare.removesuffix("证").removeprefix("有")
    table = codes("disability")
    code = table.get(bare) or table.get(bare.removesuffix("残疾").removesuffix("残"))
    if code is not None:
        return DisabilityKind(code), grade
    kinds = [kind for name, kind in table.items() if len(name) >= 2 and name in bare and kind != "other"]
    if len(set(kinds)) > 1:
        return DisabilityKind.MULTIPLE, grade
    if kinds:
        return DisabilityKind(kinds[0]), grade
    if codes("category").get(bare) == Category.DISABILITY and grade is not None:
        return DisabilityKind.UNKNOWN, grade
    return None


def read_disability_grade(text: str) -> int | None:
    """Read 二级, 2, Ⅱ级; None for anything else."""
    found = _GRADE.search(
        plain_word(text).replace("ⅰ", "Ⅰ").replace("ⅱ", "Ⅱ").replace("ⅲ", "Ⅲ").replace("ⅳ", "Ⅳ")
    )
    if found is None:
        return _GRADES.get(plain_word(text))
    return _GRADES[found[1] or found[2]]


def read_basis(text: str) -> dict[Category, tuple[str, str | None]]:
    """Read the basis of each category, one to a line as our own ledger writes them: 孤儿：孤儿证（2025-03）."""
    found: dict[Category, tuple[str, str | None]] = {}
    for line in text.split("\n"):
        parts = _BASIS.fullmatch(line.strip())
        category = category_of(parts[1]) if parts else None
        if parts and category is not None and parts[2].strip():
            found[category] = (parts[2].strip(), parts[3])
    return found


def read_parent_fate(text: str) -> tuple[tuple[Relation, ...], LifeStatus] | None:
    """Read a remark that says what became of a parent: 父亲去世, 母亲失踪. None when it says more or less."""
    found = _PARENT_FATE.fullmatch(plain_word(text))
    if found is None:
        return None
    status = codes("life").get(found[2])
    if status is None or status == LifeStatus.ALIVE:
        return None
    who: tuple[Relation, ...] = (Relation.FATHER,) if found[1][0] in "父爸" else (Relation.MOTHER,)
    if found[1] in ("父母", "父母双方", "双亲"):
        who = (Relation.FATHER, Relation.MOTHER)
    return who, LifeStatus(status)


def read_household_facts(
    text: str, kind: HouseholdFactKind
) -> tuple[tuple[HouseholdFactCode, ...], tuple[str, ...]]:
    """Read incomes or aids; the second part is what none of the words covers."""
    table = codes(kind.value)
    found: dict[HouseholdFactCode, None] = {}
    rest: list[str] = []
    for part in _SPLIT.split(text):
        word = plain_word(part)
        if not word:
            continue
        code = table.get(word)
        if code is not None:
            found[HouseholdFactCode(code)] = None
        elif not says_nothing(part):
            rest.append(part.strip())
    return tuple(found), tuple(rest)
