"""Children typed into the entry grid: every cell read as a roster's cell is, and checked before anything is written."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from app.children.codes import BirthSource, Relation, ReportedLabel, Sex
from app.children.drafts import ChildDraft, DoubtDraft, PersonDraft
from app.children.finding import Candidate, Likeness, candidates
from app.children.roster.context import RowContext
from app.children.roster.draft import Cells, RawCell, RowDraft
from app.children.roster.draft import PersonDraft as ReadPerson
from app.children.roster.parse import read_row
from app.children.roster.unnamed_carer import join_family
from app.core.id_number import tidy_id
from app.school.queries import all_classes, school_shape, school_years
from app.school.rules import ClassFacts, match_class
from app.storage.store import Store

COLUMNS: Mapping[str, tuple[str, str]] = {
    "name": ("姓名", "child.name"),
    "sex": ("性别", "child.sex"),
    "class": ("班级", "class.name"),
    "birth": ("出生日期", "child.birth_date"),
    "id": ("身份证号", "child.id_number"),
    "village": ("村组", "residence.village_group"),
    "carer": ("监护人", "carer.name"),
    "relation": ("关系", "carer.relation"),
    "phone": ("监护人电话", "carer.phone"),
    "father": ("父亲", "father.name"),
    "father_place": ("父亲务工地", "father.place"),
    "mother": ("母亲", "mother.name"),
    "mother_place": ("母亲务工地", "mother.place"),
    "note": ("备注", "child.note"),
}
"""What can be typed: key → head and the roster's name of the field, in the order of the grid."""

_PLACES = {head: key for key, (head, _) in COLUMNS.items()}
_RESTRICTED = "restricted_word"


class CellMark(Struct, frozen=True):
    """What was found about one cell. ``blocks``: nothing could be read from it, so the row is not written like this."""

    column: str
    reason: str
    blocks: bool


class TypedRow(Struct, frozen=True):
    """One row of the grid: the child it would become, what was found, whom the file knows that may be the same."""

    place: int
    draft: ChildDraft
    marks: tuple[CellMark, ...]
    candidates: tuple[Candidate, ...]

    @property
    def ready(self) -> bool:
        """Tell whether the row can be written as it is."""
        return not any(mark.blocks for mark in self.marks)


def read_typed_rows(
    store: Store,
    rows: Sequence[tuple[int, Mapping[str, str]]],
    *,
    day: date,
    registered: bool = True,
    since: str | None = None,
) -> list[TypedRow]:
    """Read the filled rows of the grid, given as (place, texts by column key).

    ``registered`` and ``since`` hold for all of them. A number typed twice, or that a known child has, blocks its row;
    a child of the same name is only named.
    """
    context = RowContext(day=day, years=school_years(store), shape=school_shape(store))
    known = all_classes(store, day)
    numbers: dict[str, int] = {}
    found = []
    for place, texts in rows:
        read = _read(place, texts, context)
        marks = _marks(read, known)
        number = tidy_id(texts.get("id", ""))
        if number and number in numbers:
            marks.append(CellMark("id", f"和第 {numbers[number] + 1} 行的身份证号相同", blocks=True))
        numbers.setdefault(number, place)
        draft = _draft(read, known, registered=registered, since=since)
        alike = _alike(store, draft, day)
        for one in alike:
            if one.likeness is Likeness.SAME_NUMBER and not one.in_bin:
                marks.append(CellMark("id", f"这个号码已经登记在 {_who(one)} 名下", blocks=True))
            else:
                marks.append(CellMark("name", f"可能已经有了：{_who(one)}，{one.why}", blocks=False))
        found.append(TypedRow(place, draft, tuple(marks), alike))
    return found


def _read(place: int, texts: Mapping[str, str], context: RowContext) -> RowDraft:
    cells: Cells = {}
    for column, (key, (head, target)) in enumerate(COLUMNS.items(), start=1):
        text = texts.get(key, "").strip()
        if text:
            cells[target] = [RawCell(text, text, place + 1, column, head)]
    return read_row("", place + 1, cells, context)


def _marks(read: RowDraft, known: Sequence[ClassFacts]) -> list[CellMark]:
    """Return what the reader marked, in the grid's columns; what could not be read blocks."""
    marks = [] if read.name else [CellMark("name", "没有姓名", blocks=True)]
    kept = {
        "sex": "sex" in read.child,
        "birth": "birth_date" in read.child,
        "id": "id_number" in read.child,
        "class": read.class_ref is not None,
        "phone": any(person.phones for person in read.people.values()),
    }
    for mark in read.marks:
        column = _PLACES.get(mark.column, "name")
        blocks = mark.code == _RESTRICTED or not kept.get(column, True)
        reason = (
            "这像是事实无人抚养的依据，请存好以后到档案里登记" if mark.code == _RESTRICTED else mark.reason
        )
        marks.append(CellMark(column, reason, blocks))
    if read.class_ref is not None and match_class(read.class_ref, known) is None:
        marks.append(CellMark("class", "还没有这个班，存的时候新开", blocks=False))
    return marks


def _draft(read: RowDraft, known: Sequence[ClassFacts], *, registered: bool, since: str | None) -> ChildDraft:
    join_family(read)
    child, home, care = read.child, read.facts.get("residence", {}), read.care
    cls = match_class(read.class_ref, known) if read.class_ref else None
    carer = read.people.get(care.role) if care.role else None
    others = [person for role, person in read.people.items() if role != care.role]
    notes = "；".join(part for part in (child.get("birth_note"), child.get("note")) if part)
    return ChildDraft(
        name=read.name,
        name_note=child.get("name_note"),
        sex=Sex.of(child.get("sex")),
        birth_date=child.get("birth_date"),
        birth_source=BirthSource.of(child.get("birth_source")),
        id_number=child.get("id_number"),
        note=notes or None,
        class_uuid=cls.uuid if cls else None,
        class_ref=None if cls else read.class_ref,
        registered=registered,
        since=since,
        village=home.get("village"),
        village_group=home.get("village_group"),
        address=home.get("address"),
        categories=tuple(read.categories),
        reported=ReportedLabel(read.reported[0]) if read.reported else None,
        people=tuple(person for one in others if (person := _person(one)) is not None),
        carer=_person(carer) if carer else None,
        care_kind=care.kind,
        care_grade=care.grade,
        doubts=tuple(
            DoubtDraft(field=mark.field, code=mark.code, reason=mark.reason, raw=mark.raw)
            for mark in read.marks
        ),
    )


def _person(read: ReadPerson) -> PersonDraft | None:
    if not read.says_anything and read.relation is None:
        return None
    return PersonDraft(
        relation=read.relation or Relation.OTHER_RELATIVE,
        name=read.name,
        label=read.label,
        phones=tuple(read.phones),
        life=read.life,
        away=read.away,
        place=read.place,
        trade=read.trade,
        employer=read.employer,
        since=read.since,
    )


def _alike(store: Store, draft: ChildDraft, day: date) -> tuple[Candidate, ...]:
    if not draft.name:
        return ()
    found = candidates(
        store,
        name=draft.name,
        day=day,
        sex=draft.sex,
        class_uuid=draft.class_uuid,
        birth_date=draft.birth_date,
        id_number=draft.id_number,
    )
    return tuple(found)


def _who(one: Candidate) -> str:
    facts = "，".join(part for part in (one.class_name, (one.birth_date or "")[:7]) if part)
    return f"{one.name}（{facts}）" if facts else one.name
