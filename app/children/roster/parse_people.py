"""From the cells of a row to the grown-ups in it: parents, grandparents, further family members."""

import re
from functools import lru_cache

from app.children.codes import LifeStatus, Relation
from app.children.roster.context import RowContext, first
from app.children.roster.draft import Cells, PersonDraft, RawCell, RowDraft
from app.children.roster.parse_out import read_out
from app.children.roster.reading.care import CarerCell, RelationCell, read_carer, read_relation
from app.children.roster.reading.dates import read_date
from app.children.roster.reading.identity import read_id_number
from app.children.roster.reading.names import read_name, split_names
from app.children.roster.reading.phones import PhoneCell, read_phones
from app.children.roster.reading.places import (
    WhereCell,
    read_person_word,
    read_told,
    read_where,
    split_by_parent,
)
from app.children.roster.reading.simple import read_life, read_marriage, read_sex
from app.children.roster.reading.text import answer, says_nothing, yes_or_no
from app.children.roster.words import codes, plain_word

ROLE_RELATIONS: dict[str, Relation] = {
    relation.value: relation
    for relation in Relation
    if relation
    in (
        Relation.FATHER,
        Relation.MOTHER,
        Relation.STEPFATHER,
        Relation.STEPMOTHER,
        Relation.PATERNAL_GRANDFATHER,
        Relation.PATERNAL_GRANDMOTHER,
        Relation.MATERNAL_GRANDFATHER,
        Relation.MATERNAL_GRANDMOTHER,
    )
}
WORDS = {
    "father": "父亲",
    "mother": "母亲",
    "carer": "监护人",
    "family": "家长",
    "parents": "父母",
    **{role: relation.label for role, relation in ROLE_RELATIONS.items()},
}
_PARENT_ROLES = ("father", "mother")
_NUMBER = re.compile(r"[+0-9][0-9 \-]{5,}[0-9]")
_EMPTY_BRACKETS = re.compile(r"[(（]\s*[)）]")
_NUMBERS_IN_TEXT = re.compile(r"[+0-9][0-9 \-]{5,}[0-9](?:[（(][^）)]*[）)])?")
# 王大山已故, 王大山 亡: what became of somebody stands behind the name.
_LATE = re.compile("([㐀-鿿·]{2,})(?:(?:已故|已亡|已去世|去世|病故|病逝|亡故|已逝)| +(?:亡|故|殁|逝))")
_PLAIN_VALUES = ("education", "health", "occupation", "address")
_AWAY_COLUMNS = frozenset({"place", "out", "trade", "employer", "since", "out_since", "expected_return"})
_FATE_COLUMNS = frozenset({"life", "capable", "incapable", "marriage"})


@lru_cache(maxsize=1_024)  # the same few targets in every row
def _owner_and_column(target: str) -> tuple[str, str]:
    owner, dot, column = target.partition(".")
    return (owner, column) if dot and owner != "child" and not owner.startswith("tick:") else ("", target)


def cells_by_owner(cells: Cells) -> dict[str, Cells]:
    """Return by whose column it is (father, carer2, parents …) what is filled in a row; the child's own stays out."""
    owned: dict[str, Cells] = {}
    for target, found in cells.items():
        owner, column = _owner_and_column(target)
        if owner:
            owned.setdefault(owner, {})[column] = found
    return owned


def read_people(draft: RowDraft, cells: Cells, context: RowContext) -> None:
    """Fill the draft with the parents, grandparents and further members that have columns of their own."""
    owners = draft.owned
    for role, relation in ROLE_RELATIONS.items():
        if role in owners:
            read_person(draft, role, relation, context)
    for role in sorted(owner for owner in owners if owner.startswith("member")):
        _read_member(draft, cells, role, context)
    for cell in cells.get("members", ()):
        for number, line in enumerate(re.split(r"[\n；;]", cell.text)):
            _read_member_line(draft, line, f"other{number}")
    _read_joint_names(draft, cells)
    if "family" in owners:
        _read_family(draft, cells, context)


def read_person(
    draft: RowDraft,
    role: str,
    relation: Relation | None,
    context: RowContext,
    columns: str = "",
) -> PersonDraft:
    """Read the columns of one role (``columns``, when they bear another name than the role) into its person."""
    person = draft.person(role, relation)
    own = draft.owned.get(columns or role, {})
    words = WORDS.get(role, "家庭成员")
    name = first(own, "name")
    if name and columns != "carer":
        _read_name(draft, person, name)
    _read_number(draft, person, first(own, "id_number"), words)
    birth = first(own, "birth_date")
    if birth and not says_nothing(birth.text):
        date = read_date(
            birth.value, latest_year=context.day.year, of_child=False, base_1904=context.base_1904
        )
        if date.value and not date.code:
            person.values["birth_date"] = date.value
        elif date.code:
            draft.mark(f"{role}.birth_date", date.code, f"{words}出生日期{date.reason}", birth)
    sex = first(own, "sex")
    if sex and (found := read_sex(sex.text)):
        person.values["sex"] = found.value
    for column in _PLAIN_VALUES:
        cell = first(own, column)
        if cell and not says_nothing(cell.text):
            person.values[column] = cell.text
    for cell in own.get("phone", ()):
        add_phones(draft, person, read_phones(cell.value), cell)
        person.no_phone = person.no_phone or answer(cell.text) == "none"
    if not _AWAY_COLUMNS.isdisjoint(own):
        _read_away(draft, person, own, context)
    if not _FATE_COLUMNS.isdisjoint(own):
        _read_fate(draft, person, own)
    return person


def add_phones(draft: RowDraft, person: PersonDraft, phones: PhoneCell, cell: RawCell) -> None:
    """Give the numbers to the person, or to whom the word beside a number names (父138… 母139…)."""
    for number, label in phones.numbers:
        owner, word = _named_beside(draft, label) or person, label
        relation = Relation(code) if label and (code := codes("relation").get(plain_word(label))) else None
        if relation is not None and relation is not person.relation:
            owner = _person_of(draft, relation)
        if relation is not None or (label and owner.name and owner.name in label):
            word = None
        owner.phones.setdefault(number, word)
    if phones.code:
        draft.mark(f"{person.role}.phone", phones.code, phones.reason, cell)


def _named_beside(draft: RowDraft, label: str | None) -> PersonDraft | None:
    """Return whose name stands beside a number: 爷爷刘顺昌138…、奶奶何玉梅139…."""
    named = (person for person in draft.people.values() if label and person.name and person.name in label)
    return next(named, None)


def _person_of(draft: RowDraft, relation: Relation) -> PersonDraft:
    for person in draft.people.values():
        if person.relation is relation:
            return person
    return draft.person(relation.value, relation)


def _read_name(draft: RowDraft, person: PersonDraft, cell: RawCell) -> None:
    """Read a name cell, in which a number or what became of the person may stand too."""
    word = read_person_word(cell.text) or read_person_word(cell.text.strip("()（）"))
    if word is not None:
        _apply_word(person, word)
        return
    text = cell.text
    late = _LATE.fullmatch(text)
    if late is not None:
        person.life, text = LifeStatus.DEAD, late[1]
    if _NUMBERS_IN_TEXT.search(text):
        add_phones(draft, person, read_phones(text), cell)
        text = _NUMBERS_IN_TEXT.sub(" ", text).strip(" ,，、;；:：/()（）\n")
    name = read_name(text)
    if not name.name:
        return
    person.values["name"] = name.name
    if name.note:
        noted = read_person_word(name.note)
        if noted is not None:
            _apply_word(person, noted)
        else:
            person.values["note"] = name.note
    if name.is_odd:
        draft.mark(f"{person.role}.name", "name_unusual", "姓名里有数字，请核对", cell)


def _apply_word(person: PersonDraft, word: WhereCell) -> None:
    person.life = person.life or word.life
    person.marriage = person.marriage or word.marriage
    person.ground = person.ground or word.ground
    person.away = person.away or word.away


def _read_number(draft: RowDraft, person: PersonDraft, cell: RawCell | None, words: str) -> None:
    if cell is None:
        return
    number = read_id_number(cell.value, adult=True)
    if number.number and number.number == draft.id_number:
        reason = f"{words}的身份证号和儿童的一样，可能贴错了；没有存"
        draft.mark(f"{person.role}.id_number", "id_same_as_child", reason, cell)
        return
    if number.number:
        person.values["id_number"] = number.number
        if number.is_sound:
            if number.birth_date:
                person.values.setdefault("birth_date", number.birth_date)
            if number.sex:
                person.values.setdefault("sex", number.sex)
    if number.code:
        draft.mark(f"{person.role}.id_number", number.code, f"{words}的{number.reason}", cell, number.raw)


def _read_away(draft: RowDraft, person: PersonDraft, own: Cells, context: RowContext) -> None:
    place = first(own, "place")
    if place:
        where = read_where(place.text)
        _apply_word(person, where)
        person.place = where.place
        if where.ground is not None:
            reason = "已按事实无人抚养的依据记下（受限），没有写进务工地"
            draft.mark(f"{person.role}.place", "restricted_word", reason, place, "")
        elif where.is_told:
            draft.notes.append(f"{place.header}：{place.text}")
    read_out(draft, person, first(own, "out"))
    for column in ("trade", "employer"):
        cell = first(own, column)
        if cell and not says_nothing(cell.text):
            setattr(person, column, cell.text)
    for column in ("since", "out_since", "expected_return"):
        cell = first(own, column)
        if cell:
            setattr(person, column, read_moment(draft, f"{person.role}.{column}", cell, context))


def read_moment(draft: RowDraft, field: str, cell: RawCell, context: RowContext) -> str | None:
    """Read 外出时间 or 预计返乡; a span (两年) or a festival is kept in the remark and marked."""
    date = read_date(cell.value, latest_year=context.day.year, of_child=True, base_1904=context.base_1904)
    if date.code or date.maybe:
        draft.mark(field, date.code or "date_ambiguous", f"{cell.header}{date.reason}；原话记在备注里", cell)
        draft.notes.append(f"{cell.header}：{cell.text}")
        return date.value
    return date.value


def _read_fate(draft: RowDraft, person: PersonDraft, own: Cells) -> None:
    life = first(own, "life")
    if life and not says_nothing(life.text):
        status, word = read_life(life.text), read_told(life.text)
        if status is not None:
            person.life = status
        elif word is not None:
            _apply_word(person, word)
        else:
            draft.mark(f"{person.role}.life", "value_unknown", "看不出是否健在，没有存", life)
    able, unable = first(own, "capable"), first(own, "incapable")
    if able and (said := yes_or_no(able.text)) is not None:
        person.capable = said
    if unable and yes_or_no(unable.text):
        person.capable = False
    marriage = first(own, "marriage")
    if marriage and not says_nothing(marriage.text):
        person.marriage = read_marriage(marriage.text) or person.marriage


def _read_joint_names(draft: RowDraft, cells: Cells) -> None:
    cell = first(cells, "parents.name")
    if cell is None or says_nothing(cell.text):
        return
    split = split_by_parent(cell.text)
    names = [split.get(role, "") for role in _PARENT_ROLES] if split else split_names(cell.text)
    if len(names) == 2:
        for role, name in zip(_PARENT_ROLES, names, strict=True):
            if name and read_name(name).name:
                draft.person(role, ROLE_RELATIONS[role]).values.setdefault("name", read_name(name).name)
    elif names:
        draft.mark("parents.name", "which_parent", "父母姓名只有一个，不知是父是母；原话记在备注里", cell)
        draft.notes.append(f"{cell.header}：{cell.text}")


# ---- further members -----------------------------------------------------------------------------------------------


def _read_member(draft: RowDraft, cells: Cells, role: str, context: RowContext) -> None:
    cell = first(cells, f"{role}.relation")
    relation = read_relation(cell.text) if cell else RelationCell()
    target = _member_role(draft, relation, first(cells, f"{role}.name"), role)
    person = read_person(draft, target, _one(relation), context, columns=role)
    person.label = person.label or _label(relation)


def _member_role(draft: RowDraft, relation: RelationCell, name: RawCell | None, role: str) -> str:
    """Return the role of a member: father or mother when that is who they are, else one of their own."""
    wanted = _one(relation)
    if wanted in (Relation.FATHER, Relation.MOTHER) and wanted is not None:
        known = draft.people.get(wanted.value)
        given = read_name(name.text).name if name else ""
        if known is None or not known.name or not given or known.name == given:
            return wanted.value
    return role


def _read_member_line(draft: RowDraft, line: str, role: str) -> None:
    """Read one further person written in one line: 舅舅 张三 13800000000."""
    text = line.strip()
    if says_nothing(text):
        return
    phones = read_phones(text) if _NUMBERS_IN_TEXT.search(text) else PhoneCell()
    words = [word for part in _NUMBERS_IN_TEXT.sub(" ", text).split() for word in split_names(part)]
    relation = RelationCell()
    if words and (len(words) > 1 or plain_word(words[0]) in codes("relation")):
        relation = read_relation(words.pop(0))
    person = draft.person(role, _one(relation))
    person.label = _label(relation)
    if words:
        person.values["name"] = read_name(" ".join(words)).name
    for number, label in phones.numbers:
        own = (relation.label, person.name, f"{relation.label or ''}{person.name or ''}")
        person.phones.setdefault(number, None if label in own else label)


def _read_family(draft: RowDraft, cells: Cells, context: RowContext) -> None:
    """Read 家长, 家长/关系: the father or mother when the name is theirs, else a person of whom no more is known."""
    cell = first(cells, "family.name")
    said = carer_said(draft, cell) if cell else CarerCell()
    relation_cell = first(cells, "family.relation")
    relation = read_relation(relation_cell.text) if relation_cell else said.relation
    names = list(said.names)
    if len(names) == 2 and not {"father", "mother"} & set(draft.people) and not relation.relations:
        for role, name in zip(("father", "mother"), names, strict=True):
            draft.person(role, ROLE_RELATIONS[role]).values["name"] = read_name(name).name
        names = []
    wanted = relation.relations[0] if said.each and relation is said.relation else _one(relation)
    role = next((who for who, person in draft.people.items() if names and person.name == names[0]), "")
    if not role and wanted in (Relation.FATHER, Relation.MOTHER) and wanted is not None:
        role = wanted.value
    if not role and not names:
        _family_phone(draft, cells)
        return
    if cell is not None and said.relation.relations:
        # 爷爷田老根, 田老根（爷爷）: the name is what is left when who it is was read; of 小禾妈妈 that is none.
        draft.owned["family"]["name"] = [cell._replace(value=name, text=name) for name in names[:1]]
    person = read_person(
        draft,
        role or "family",
        wanted or draft.people[role].relation if role else wanted,
        context,
        "family",
    )
    if wanted is not None and not role:
        person.label = _label(said.each[0] if said.each else relation)
    for name, other in zip(names[1:], said.each[1:], strict=False):
        _family_of_name(draft, name, other.relations[0], _label(other))
    if cell is not None and said.relation.relations and _NUMBERS_IN_TEXT.search(cell.text):
        add_phones(draft, person, read_phones(cell.text), cell)
    if not role and person.relation is None:
        person.relation, person.label = Relation.OTHER, "家长"


def _family_of_name(draft: RowDraft, name: str, relation: Relation, label: str | None) -> None:
    """Keep one more person who is named beside the first: 母亲 in 父亲王大山、母亲李梅."""
    person = draft.person(relation.value if relation.value in ROLE_RELATIONS else f"family_{name}", relation)
    person.values.setdefault("name", name)
    person.label = person.label or label


def carer_said(draft: RowDraft, cell: RawCell) -> CarerCell:
    """Read a cell that may hold names and relations. 小禾妈妈 says who she is to 小禾, and not what she is called."""
    said = read_carer(without_numbers(cell.text))
    after_the_child = bool(said.names) and all(
        len(name) > 1 and draft.name.endswith(name) for name in said.names
    )
    return CarerCell((), said.relation) if after_the_child and said.relation.relations else said


def without_numbers(text: str) -> str:
    """Return what a cell says beside its telephone numbers; brackets that held nothing else go with them."""
    if _NUMBER.search(text) is None:
        return text
    bare = _EMPTY_BRACKETS.sub("", _NUMBER.sub("", text))
    return bare.strip(" ,，、;；:：/\n").lstrip(")）").rstrip("(（")


def _family_phone(draft: RowDraft, cells: Cells) -> None:
    """A number of 家长 without a name is the family's number."""
    numbers = [
        number for cell in cells.get("family.phone", ()) for number, _ in read_phones(cell.value).numbers
    ]
    known = draft.child.get("phone")
    if numbers:
        draft.child["phone"] = "、".join(dict.fromkeys([*(known.split("、") if known else []), *numbers]))


def _one(relation: RelationCell) -> Relation | None:
    return relation.relations[0] if len(relation.relations) == 1 else None


def _label(relation: RelationCell) -> str | None:
    """Return the family's own word for the relation when it says more than the code's own."""
    if relation.label is None or not relation.relations:
        return relation.label
    one = _one(relation)
    if (
        one is not None
        and codes("relation").get(plain_word(one.label)) == one
        and relation.label == one.label
    ):
        return None
    return relation.label


def is_gone(person: PersonDraft) -> bool:
    """Tell whether the row says that the person is dead or missing."""
    return person.life in (LifeStatus.DEAD, LifeStatus.MISSING)
