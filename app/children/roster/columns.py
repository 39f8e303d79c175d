"""Which column means what: by its name, never by its place; corrected by hand and remembered (domain.md §10.2).

A target is a field of the ledger as text: ``child.name``, ``father.phone``, ``care.kind``. ``skip:年龄`` is a known
column that is not imported, ``tick:care.kind:祖父母`` one column of a group of boxes.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.children.roster.header import OPTION_FIELDS, Header, HeaderColumn, group_word, is_option
from app.children.roster.words import aliases, codes, header_words

_NUMBERED = re.compile(r"(?P<word>.+?)(?P<number>[1-9一二三四五])(?P<rest>\D*)")
_CHINESE_NUMBERS = {numeral: str(number) for number, numeral in enumerate("一二三四五", start=1)}
_SEVERAL = ("phone",)
# 监护人/关系, 监护人姓名及关系: one column for who it is and who that is to the child, or how they are reached.
_JOINED = re.compile(r"[/\\|+及和]|(?<=姓名)(?=.)")
_WITH_RELATION = ("carer.name", "family.name")
_BESIDE_A_CARER = frozenset({"name", "relation", "phone"})
# Fields that several columns may feed.
_REPEATABLE = frozenset({"child.note", "category.words", "members", "aid", "income", "boarding"})
# Attributes that say nothing about whose they are unless a name stands before them.
_BARE_TARGETS = {
    "phone": "child.phone",
    "place": "parents.place",
    "since": "parents.since",
    "employer": "parents.employer",
    "trade": "parents.trade",
    "expected_return": "parents.expected_return",
    "out": "status.label",
    "relation": "carer.relation",
    "health": "health.status",
    "age": "skip:年龄",
    "ignored": "skip:其他",
    "capable": "carer.capable",
    "incapable": "status.incapable",
    "education": "carer.education",
}
_INHERITABLE = frozenset(
    {
        "name",
        "phone",
        "place",
        "trade",
        "employer",
        "since",
        "id_number",
        "relation",
        "out",
        "birth_date",
        "age",
    }
)
_PERSON_ROLES = ("father", "mother", "stepfather", "stepmother", "carer", "family", "parents", "member")
_CHILD_FIELD = {
    "name": "child.name",
    "id_number": "child.id_number",
    "birth_date": "child.birth_date",
    "sex": "child.sex",
    "phone": "child.phone",
    "address": "residence.address",
    "health": "health.status",
    "age": "skip:年龄",
    "ignored": "skip:其他",
}
_NEUTRAL = frozenset({"child.sex"})
# A second column of this name belongs to the person named before it.
_OF_ANYBODY = {
    "child.id_number": "id_number",
    "child.birth_date": "birth_date",
    "residence.address": "address",
}


class ColumnChoice(Struct, frozen=True):
    """One column as the mapping page shows it. ``target`` None: not recognised, kept with the file only."""

    column: int
    header: str
    target: str | None
    hidden: bool = False
    remembered: bool = False
    repeated: bool = False

    @property
    def imported(self) -> bool:
        """Tell whether the column's values go into the ledger."""
        return self.target is not None and not self.target.startswith("skip:")


def propose_mapping(
    header: Header, remembered: Mapping[str, str | None] | None = None, *, printed_only: Collection[str] = ()
) -> tuple[ColumnChoice, ...]:
    """Return what each column means, by name; what was corrected before (header text → target) goes first.

    ``printed_only`` are headers that only repeat other columns for the eye, as in our own ledger.
    """
    choices: list[ColumnChoice] = []
    printed = {header_words(text)[0] for text in printed_only}
    for column, meant in zip(header.columns, _in_context(header.columns), strict=True):
        target = "skip:打印用" if header_words(column.text)[0] in printed else meant
        choice = ColumnChoice(column.column, column.text, target, column.hidden)
        if remembered and column.text in remembered:
            choice = replace(choice, target=remembered[column.text], remembered=True)
        choices.append(choice)
    return _without_repeats(choices)


def signature(header: Header) -> str:
    """Return what a remembered mapping is kept under: the same header texts, in the same order."""
    return hashlib.sha256("\n".join(column.text for column in header.columns).encode()).hexdigest()


def may_repeat(target: str) -> bool:
    """Tell whether several columns may feed this target: two phones, several remarks."""
    return target.startswith(("skip:", "tick:")) or target in _REPEATABLE or target.endswith(_SEVERAL)


def _without_repeats(choices: Iterable[ColumnChoice]) -> tuple[ColumnChoice, ...]:
    taken: set[str] = set()
    found: list[ColumnChoice] = []
    for choice in choices:
        target = choice.target
        if target and not may_repeat(target):
            if target in taken:
                found.append(replace(choice, target=None, repeated=True))
                continue
            taken.add(target)
        found.append(choice)
    return tuple(found)


# ---- one column ----------------------------------------------------------------------------------------------------


def target_of(column: HeaderColumn) -> str | None:
    """Return the target of one column by its own texts; ``?.phone`` when only an attribute is named."""
    parts = column.parts
    if not parts:
        return None
    if len(parts) == 1:
        return _single(parts[0])
    leaf = parts[-1]
    for upper in reversed(parts[:-1]):
        found = _grouped(upper, leaf, inherited=column.inherited)
        if found is not None:
            return found
    whole = "".join(parts)
    word = header_words(whole)[0]
    return _known(word) or _carer_and_more(word) or _single(leaf)


def _grouped(upper: str, leaf: str, *, inherited: bool) -> str | None:
    """Return the target of a leaf below a group: 父亲 over 电话, 监护类型 over 亲戚, 联系电话 over 父亲."""
    table = aliases()
    group, word = group_word(upper), header_words(leaf)[0]
    bare = header_words(leaf)[1]
    role = table.roles.get(group)
    if role is not None:
        attribute = table.attributes.get(word) or table.attributes.get(bare)
        if attribute is not None and (not inherited or attribute in _INHERITABLE or word not in table.fields):
            return _child_or(role, attribute)
        return None
    attribute = table.attributes.get(group)
    if attribute is not None and word in table.roles:
        return _child_or(table.roles[word], attribute)
    field = table.fields.get(group) or table.fields.get(header_words(upper)[0])
    if field in OPTION_FIELDS and (is_option(field, leaf) or "其他" in leaf):
        return f"tick:{field}:{leaf.strip()}"
    return None


def _child_or(role: str, attribute: str) -> str | None:
    if role == "child":
        return _CHILD_FIELD.get(attribute)
    if attribute == "age":
        return "skip:年龄"
    return "skip:其他" if attribute == "ignored" else f"{role}.{attribute}"


def _single(text: str) -> str | None:
    whole, bare, inside = header_words(text)
    table = aliases()
    found = _known(whole)
    if found is not None:
        return found
    for part in inside:
        # 电话（父亲）
        role = table.roles.get(part)
        owned = _child_or(role, table.attributes[bare]) if role and bare in table.attributes else None
        if owned is not None:
            return owned
    found = (
        _known(bare)
        or _role_and_attribute(whole)
        or _role_and_attribute(bare)
        or _carer_and_more(whole)
        or _tick(whole)
        or _tick(bare)
    )
    if found is not None:
        return found
    attribute = table.attributes.get(whole) or table.attributes.get(bare)
    if attribute is not None:
        return f"?.{attribute}"
    return _numbered(whole)


def _known(word: str) -> str | None:
    table = aliases()
    if word in table.fields:
        return table.fields[word]
    if word in table.skipped:
        return f"skip:{table.skipped[word]}"
    role = table.roles.get(word)
    return f"{role}.name" if role is not None and role != "child" else None


def _role_and_attribute(word: str) -> str | None:
    table = aliases()
    for role_word in sorted(table.roles, key=len, reverse=True):
        role = table.roles[role_word]
        if word.startswith(role_word):
            rest = word.removeprefix(role_word).removeprefix("的")
            if rest in table.attributes:
                return _child_or(role, table.attributes[rest])
        if word.endswith(role_word):
            rest = word.removesuffix(role_word)
            if rest in table.attributes:
                return _child_or(role, table.attributes[rest])
    return None


def _carer_and_more(word: str) -> str | None:
    """Read 监护人/关系, 家长及关系: the cell of the carer or parent is read for the relation and a number as well."""
    first, *others = [part.removeprefix("其") for part in _JOINED.split(word) if part] or [""]
    named = _known(first) or _role_and_attribute(first)
    if not others or named not in _WITH_RELATION:
        return None
    attributes = aliases().attributes
    return named if all(attributes.get(part) in _BESIDE_A_CARER for part in others) else None


def _numbered(word: str) -> str | None:
    """Read 联系电话2, 家庭成员1姓名, 监护人二电话."""
    found = _NUMBERED.fullmatch(word)
    if found is None:
        return None
    number = _CHINESE_NUMBERS.get(found["number"], found["number"])
    table = aliases()
    role = table.roles.get(found["word"])
    attribute = table.attributes.get(found["rest"]) if found["rest"] else "name"
    if role == "member" and attribute is not None:
        return f"member{number}.{attribute}"
    if role == "carer" and attribute is not None:
        return f"carer.{attribute}" if number == "1" else f"member{number}.{attribute}"
    plain = _single(found["word"] + found["rest"])
    return plain if plain and plain.endswith("phone") else None


def _tick(word: str) -> str | None:
    """Read a box with its own name: 是否孤儿, 低保户, 双亲留守."""
    asked = word.removeprefix("是否为").removeprefix("是否属于").removeprefix("是否")
    if asked in codes("category") and len(asked) >= 2:
        return f"tick:category.words:{asked}"
    if asked in codes("status") and ("留守" in asked or "外出" in asked):
        return f"tick:status.label:{asked}"
    if asked in codes("care") and ("监护" in asked or "抚养" in asked):
        return f"tick:care.kind:{asked}"
    return None


# ---- columns beside each other -------------------------------------------------------------------------------------


def _in_context(columns: Iterable[HeaderColumn]) -> list[str | None]:
    """Give a bare 电话 or 务工地 to the person whose name stands before it."""
    found: list[str | None] = []
    taken: set[str] = set()
    role = before = ""
    for column in columns:
        target = target_of(column)
        if target and target.startswith("?."):
            target = _with_role(role, target.removeprefix("?."), taken)
        elif target in taken and role and target in _OF_ANYBODY:
            target = _with_role(role, _OF_ANYBODY[target], taken)
        elif target is None and before.startswith("disability.") and column.text in ("等级", "级别"):
            target = "disability.grade"
        if target is not None:
            role = _next_role(role, before, target)
            before = target
            taken.add(target)
        found.append(target)
    return found


def _with_role(role: str, attribute: str, taken: set[str]) -> str | None:
    if role:
        target = _child_or(role, attribute)
        if target is not None and (target not in taken or attribute in _SEVERAL):
            return target
    return _BARE_TARGETS.get(attribute)


def _next_role(role: str, before: str, target: str) -> str:
    """Return whose a bare attribute is after this column; father and mother side by side share what follows."""
    owner, _, attribute = target.partition(".")
    if target.startswith("skip:") or target in _NEUTRAL:
        return role
    if attribute == "name" and {before, target} == {"father.name", "mother.name"}:
        return "parents"
    if owner in _PERSON_ROLES or owner.endswith(("father", "mother")) or owner.startswith("member"):
        return owner
    return ""
