"""The fields that a column can mean, in words and in groups, as the mapping page offers them."""

import re
from functools import cache

from app.children.roster.words import aliases

NOT_READ = "不读"
_GROUPS = (
    ("儿童", ("child",)),
    ("班级、寄宿和就学", ("class", "boarding", "schooling")),
    ("住址和户籍", ("residence", "household")),
    ("留守和监护", ("left_behind", "status", "care")),
    ("父亲", ("father",)),
    ("母亲", ("mother",)),
    ("父母（合写一栏）", ("parents",)),
    ("监护人", ("carer",)),
    ("其他家人", ("family", "members", "member", "stepfather", "stepmother")),
    ("健康、类别和救助", ("health", "disability", "category", "income", "aid")),
    ("摸底核实", ("survey",)),
)
_ROLE_WORDS = {
    "father": "父亲",
    "mother": "母亲",
    "parents": "父母",
    "carer": "监护人",
    "family": "家长",
    "member": "家庭成员",
    "stepfather": "继父",
    "stepmother": "继母",
}
_OF_GROWN_UPS = (
    "name",
    "phone",
    "id_number",
    "birth_date",
    "out",
    "since",
    "place",
    "employer",
    "trade",
    "expected_return",
    "life",
    "capable",
    "marriage",
    "education",
    "health",
    "address",
)
_OF_ROLE = {
    "father": _OF_GROWN_UPS,
    "mother": _OF_GROWN_UPS,
    "parents": ("phone", "place", "both_place", "since", "out", "employer", "trade", "expected_return"),
    "carer": (
        "name",
        "relation",
        "phone",
        "id_number",
        "birth_date",
        "capable",
        "education",
        "health",
        "address",
    ),
    "family": ("name", "relation", "phone"),
    "member": ("name", "relation", "phone"),
    "stepfather": ("name", "phone", "place"),
    "stepmother": ("name", "phone", "place"),
}
_INTERNAL = frozenset({"child.uuid"})
_NUMBERED = re.compile(r"([a-z]+)([0-9]+)\.([a-z_]+)")


def target_words(target: str | None) -> str:
    """Return what a column means in words: 父亲电话; 不读 for what is not imported."""
    if target is None:
        return NOT_READ
    if target.startswith("skip:"):
        return f"{NOT_READ}（{target.removeprefix('skip:')}）"
    if target.startswith("tick:"):
        _, field, option = target.split(":", 2)
        return f"{target_words(field)}：{option}"
    known = _words()
    if target in known:
        return known[target]
    numbered = _NUMBERED.fullmatch(target)
    if numbered and numbered[1] in _ROLE_WORDS:
        return f"{_ROLE_WORDS[numbered[1]]}{numbered[2]}{_attribute_words().get(numbered[3], '')}"
    owner, _, attribute = target.partition(".")
    return f"{_role_word(owner)}{_attribute_words().get(attribute, attribute)}"


def _role_word(role: str) -> str:
    named = (word for word, owner in aliases().roles.items() if owner == role)
    return _ROLE_WORDS.get(role) or next(named, "")


@cache
def target_groups() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return (group, ((target, words), …)) of everything a column can mean, in the order of the forms."""
    words = _words()
    return tuple(
        (
            group,
            tuple(
                (target, words[target])
                for owner in owners
                for target in words
                if target.partition(".")[0] == owner and target not in _INTERNAL
            ),
        )
        for group, owners in _GROUPS
    )


@cache
def _attribute_words() -> dict[str, str]:
    words: dict[str, str] = {}
    for word, attribute in aliases().attributes.items():
        words.setdefault(attribute, word)
    return words


@cache
def _words() -> dict[str, str]:
    """Return every target with the first of its names in the alias table."""
    words: dict[str, str] = {}
    for word, target in aliases().fields.items():
        words.setdefault(target, word)
    for role, attributes in _OF_ROLE.items():
        for attribute in attributes:
            target = f"{role}.{attribute}"
            if target not in words or role == "carer":
                words[target] = f"{_ROLE_WORDS[role]}{_attribute_words()[attribute]}"
    return words
