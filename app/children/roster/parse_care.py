"""From the cells of a row to who looks after the child: the carer, the kind of care, its grade."""

from app.children.codes import AwayState, CareKind, Relation, ReportedLabel
from app.children.roster.context import RowContext, first, ticked_options
from app.children.roster.draft import Cells, PersonDraft, RawCell, RowDraft
from app.children.roster.parse_people import add_phones, carer_said, read_person, without_numbers
from app.children.roster.reading.care import (
    CareCell,
    CarerCell,
    RelationCell,
    kind_of,
    read_care,
    read_care_grade,
    read_carer,
    read_relation,
)
from app.children.roster.reading.dates import read_date
from app.children.roster.reading.names import read_name
from app.children.roster.reading.phones import read_phones
from app.children.roster.reading.text import answer, says_nothing
from app.children.roster.words import codes

_PARENT_ROLES = ("father", "mother", "stepfather", "stepmother")
# In this column of our own ledger stands the kind itself, not somebody's word for it.
_OWN_HEADER = "监护人类别"
# Kinds that a person of another relation may well carry out.
_COMPATIBLE = (
    {CareKind.ONE_PARENT, CareKind.ONE_PARENT_WITHOUT_CAPACITY},
    {CareKind.RELATIVES, CareKind.FRIENDS},
    {CareKind.RELATIVES, CareKind.SIBLINGS},
    {CareKind.TEACHER, CareKind.LODGING},
    {CareKind.FRIENDS, CareKind.LODGING},
)


def read_care_of(draft: RowDraft, cells: Cells, context: RowContext) -> None:
    """Fill the draft's care and the people who carry it out."""
    kind_cell = first(cells, "care.kind") or ticked_options(draft, cells, "care.kind", "监护类型")
    if kind_cell is None and draft.answers_none("carer.name"):
        draft.care.is_over = True
        return
    carer = _carer(draft, cells)
    stated = read_care(kind_cell.text) if kind_cell else CareCell()
    if kind_cell and not stated.understood:
        draft.mark("care", "value_unknown", "不认得这种监护情况；原话记在备注里", kind_cell)
        draft.notes.append(f"{kind_cell.header}：{kind_cell.text}")
    relation = _relation(cells, carer, stated)
    care = draft.care
    care.grade, care.carer_able = stated.grade, stated.carer_able
    care.kind = _kind(draft, stated, relation, kind_cell)
    care.role = _people(draft, cells, carer, relation, context)
    if care.role is not None and care.kind is None:
        _kind_of_person(draft, care.role, cells)
    _read_grade(draft, cells, context)
    if care.kind is CareKind.UNGUARDED:
        reason = "写的是无人监护：请核实，并按规定报告"
        draft.mark("care", "unguarded", reason, kind_cell or first(cells, "carer.name"))
    if care.kind is None and care.grade is not None and not draft.is_collection:
        draft.notes.append(f"监护评估：{care.grade.label}")  # a grade of a care that nobody named


def _kind_of_person(draft: RowDraft, role: str, cells: Cells) -> None:
    """Take the kind of care from who the carer is; of somebody of whom not even the name is written it stays open."""
    person = draft.people[role]
    if person.relation is not None:
        draft.care.kind = kind_of(person.relation)
    elif person.name:
        draft.care.kind = CareKind.OTHER
        cell = first(cells, "carer.name")
        draft.mark("care", "relation_missing", "没有写监护人与儿童的关系，请补上", cell)
    elif person.says_anything:
        reason = "没有写监护人是谁，没有登记由谁照护；写了的（如电话）记在家人「监护人」下，请补上姓名和关系"
        draft.mark("care", "carer_unnamed", reason, first(cells, "carer.phone"))


def _carer(draft: RowDraft, cells: Cells) -> CarerCell:
    cell = first(cells, "carer.name")
    if cell is None:
        return _named_in_relation(cells)
    return carer_said(draft, cell)


def _named_in_relation(cells: Cells) -> CarerCell:
    """Read 监护人、关系: a column that is called the relation may hold the name as well, 爷爷田老根."""
    cell = first(cells, "carer.relation")
    carer = read_carer(cell.text) if cell else CarerCell()
    return carer if carer.names and (carer.relation.relations or carer.relation.kind) else CarerCell()


def _relation(cells: Cells, carer: CarerCell, stated: CareCell) -> RelationCell:
    cell = first(cells, "carer.relation")
    if cell and not says_nothing(cell.text) and (first(cells, "carer.name") or not carer.names):
        return read_relation(cell.text)
    if carer.relation.relations or carer.relation.kind:
        return carer.relation
    return RelationCell(stated.relations, stated.kind, stated.label) if stated.relations else RelationCell()


def _kind(
    draft: RowDraft, stated: CareCell, relation: RelationCell, kind_cell: RawCell | None
) -> CareKind | None:
    by_relation = relation.kind
    if kind_cell is not None and kind_cell.header == _OWN_HEADER and stated.kind is not None:
        return stated.kind
    if by_relation is None or stated.kind is None or stated.kind is by_relation:
        return stated.kind or by_relation
    if {stated.kind, by_relation} in _COMPATIBLE or stated.kind is CareKind.OTHER:
        return stated.kind if stated.kind is not CareKind.OTHER else by_relation
    reason = f"监护类型写的是{stated.label or stated.kind.label}，监护人的关系却是{relation.label}；按监护人的关系存，请核对"
    draft.mark("care", "care_conflict", reason, kind_cell)
    return by_relation


def _people(
    draft: RowDraft, cells: Cells, carer: CarerCell, relation: RelationCell, context: RowContext
) -> str | None:
    """Make the carer a person of the row and return their role; None when there is nobody to name."""
    # 爷爷刘顺昌、奶奶: the second is nobody's name.
    names = [name for text in carer.names if (name := read_name(text).name) and name not in codes("relation")]
    each = carer.each if relation is carer.relation else ()
    role = _role(draft, names, each[0] if each else relation)
    if role is None and not names and not _has_columns(cells) and not relation.relations:
        return None
    if set(relation.relations) == {Relation.FATHER, Relation.MOTHER}:
        for parent, name in zip(relation.relations, names, strict=False):
            draft.person(parent.value, parent).values.setdefault("name", name)
        return None
    if relation.kind is CareKind.UNGUARDED and not names:
        return None
    role = role or "carer"
    person = draft.person(role)
    if names:
        person.values.setdefault("name", names[0])
    is_told = len(relation.relations) == 1 or len(names) > 1
    if person.relation is None and is_told:
        _set_relation(person, names, relation, each)  # first, so that numbers find the second carer
    _add_others(draft, names, relation, each)
    read_person(draft, role, None, context, columns="carer")
    if person.relation is None and not is_told:
        _set_relation(person, names, relation, each)
    cell = first(cells, "carer.name")
    if cell and without_numbers(cell.text) != cell.text:
        add_phones(draft, person, read_phones(cell.text), cell)
    return role


def _role(draft: RowDraft, names: list[str], relation: RelationCell) -> str | None:
    """Return the person of the row who is the carer: by relation when it is a parent, else by the very name."""
    single = relation.relations[0] if len(relation.relations) == 1 else None
    for role, person in draft.people.items():
        if names and person.name == names[0] and single in (None, person.relation):
            return role
        if (
            single is not None
            and person.relation is single
            and (not names or person.name in (None, names[0]))
        ):
            return role
    if single is not None and single.value in _PARENT_ROLES and single.value not in draft.people:
        draft.person(single.value, single)
        return single.value
    return None


def _has_columns(cells: Cells) -> bool:
    filled = (cell for target, found in cells.items() if target.startswith("carer.") for cell in found)
    return any(not says_nothing(cell.text) and cell.text.strip("0") for cell in filled)


def _set_relation(
    person: PersonDraft, names: list[str], relation: RelationCell, each: tuple[RelationCell, ...]
) -> None:
    relations = relation.relations
    if each or len(relations) == 1:
        _set_one(person, each[0] if each else relation)
    elif len(relations) == len(names) and relations:
        person.relation = relations[0]
    elif relations:
        # 爷爷奶奶 with one name, or with none: which of the two it is stays open.
        by_sex = {"1": relations[0], "2": relations[-1]}
        person.relation = by_sex.get(person.values.get("sex", ""), Relation.OTHER_RELATIVE)
        person.label = relation.label if person.relation is Relation.OTHER_RELATIVE else None
    elif len(names) <= 1 and relation.kind is CareKind.GRANDPARENTS:
        person.relation, person.label = Relation.OTHER_RELATIVE, relation.label


def _set_one(person: PersonDraft, relation: RelationCell) -> None:
    (person.relation,) = relation.relations
    person.label = relation.label if relation.label != person.relation.label else None


def _add_others(
    draft: RowDraft, names: list[str], relation: RelationCell, each: tuple[RelationCell, ...]
) -> None:
    """Make those who are named behind the carer persons of the row too; of whom not more is said, only that."""
    known = {person.name for person in draft.people.values()}
    for place, name in enumerate(names[1:], start=2):
        if name in known:
            continue
        at = place - 1
        own = relation.relations[at] if len(relation.relations) == len(names) else None
        role = own.value if own is not None and own.value in _PARENT_ROLES else f"carer{place}"
        other = draft.person(role, own)
        other.values.setdefault("name", name)
        if each and other.role == f"carer{place}":
            _set_one(other, each[at])


def _read_grade(draft: RowDraft, cells: Cells, context: RowContext) -> None:
    cell = first(cells, "care.grade") or ticked_options(draft, cells, "care.grade", "监护评估")
    if cell and not says_nothing(cell.text):
        grade = read_care_grade(cell.text)
        if grade is not None:
            draft.care.grade = grade
        elif (also := read_care(cell.text)).carer_able is not None or also.kind is not None:
            draft.care.carer_able = also.carer_able
            draft.care.kind = draft.care.kind or also.kind
        else:
            draft.mark("care.grade", "value_unknown", "不认得这种监护评估，没有存", cell)
    assessed = first(cells, "care.assessed_on")
    if assessed:
        date = read_date(
            assessed.value, latest_year=context.day.year, of_child=True, base_1904=context.base_1904
        )
        draft.care.assessed_on = date.value if not date.code else None
    assessor = first(cells, "care.assessor")
    if assessor and not says_nothing(assessor.text):
        draft.care.assessor = assessor.text


def check_nobody_named(draft: RowDraft, cells: Cells) -> None:
    """Mark a 无 that is more than it seems.

    无 in the carer's cell may mean that none was entrusted; with both parents out it is worth a look.
    """
    cell = first(cells, "carer.name")
    if cell is None or answer(cell.text) not in ("none", "no") or draft.care.kind is not None:
        return
    out = [
        role
        for role in ("father", "mother")
        if role in draft.people and draft.people[role].away is AwayState.OUT
    ]
    both = len(out) == 2 or (draft.reported is not None and draft.reported[0] is ReportedLabel.BOTH_OUT)
    if both:
        reason = "监护人写的是“无”，父母又都外出；没有替您登记为无人监护，请核实"
        draft.mark("care", "carer_none", reason, cell)
