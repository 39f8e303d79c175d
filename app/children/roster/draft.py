"""What one row of a roster says, read but not yet compared with the ledger."""

from typing import Any, NamedTuple

from msgspec import Struct, field

from app.children.codes import (
    AwayState,
    CareGrade,
    CareKind,
    Category,
    DisabilityKind,
    HouseholdFactCode,
    HouseholdFactKind,
    LifeStatus,
    MarriageStatus,
    Relation,
    ReportedLabel,
    UnsupportedGround,
)
from app.children.roster.reading.text import answer
from app.children.roster.sheet import CellValue, address
from app.school.rules import ClassRef


class RawCell(NamedTuple):
    """A filled cell of a mapped column: its value, its text, where it stands and under which header."""

    value: CellValue
    text: str
    row: int
    column: int
    header: str

    @property
    def address(self) -> str:
        """Return the address as Excel shows it."""
        return address(self.row, self.column)


Cells = dict[str, list[RawCell]]
"""The filled cells of one row by target; several when several columns feed one field."""


class Mark(Struct, frozen=True):
    """A cell that went in with a doubt, or stayed out for one. ``field`` is the target without ``child.``."""

    field: str
    code: str
    reason: str
    raw: str = ""
    column: str = ""
    address: str = ""


class PersonDraft(Struct):
    """A grown-up as one row describes them; ``role`` tells the columns apart (father, carer, carer2, member1 …).

    ``values`` are columns of ``person`` that the row fills. ``phones`` maps numbers to the word beside them; ``no_phone``
    when 无 stands there instead.
    """

    role: str
    relation: Relation | None = None
    label: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    phones: dict[str, str | None] = field(default_factory=dict)
    no_phone: bool = False
    away: AwayState | None = None
    place: str | None = None
    trade: str | None = None
    employer: str | None = None
    expected_return: str | None = None
    since: str | None = None
    out_since: str | None = None
    """Since when away without a break, where the present place came later."""
    life: LifeStatus | None = None
    capable: bool | None = None
    marriage: MarriageStatus | None = None
    ground: UnsupportedGround | None = None

    @property
    def name(self) -> str | None:
        """Return the name, None when the row does not give one."""
        name: str | None = self.values.get("name")
        return name

    @property
    def says_anything(self) -> bool:
        """Tell whether there is anything worth a row of its own about this person."""
        facts = (self.away, self.life, self.capable, self.marriage, self.ground)
        return bool(self.values or self.phones) or any(fact is not None for fact in facts)


class CareDraft(Struct):
    """Who looks after the child; ``role`` names the person among the row's people, None when nobody is named."""

    kind: CareKind | None = None
    role: str | None = None
    is_over: bool = False
    """无 stands for the carer in a row that was checked: whoever it was does not look after the child any more."""
    grade: CareGrade | None = None
    carer_able: bool | None = None
    assessed_on: str | None = None
    assessor: str | None = None

    @property
    def says_anything(self) -> bool:
        """Tell whether the row says anything about the care."""
        said = (self.kind, self.role, self.grade, self.carer_able, self.assessed_on)
        return self.is_over or any(value is not None for value in said)


class RowDraft(Struct):
    """One child as one row describes it. Only what the row says is set; a blank cell leaves no trace here."""

    sheet: str
    row: int
    name: str = ""
    child: dict[str, Any] = field(default_factory=dict)
    birth_hint: str | None = None
    uuid: str | None = None
    """The child's own key in our ledger, which our own export carries."""
    class_ref: ClassRef | None = None
    class_text: str = ""
    class_carried: bool = False
    """The class stands at the first of its children only: this row left it blank."""
    left_behind: bool | None = None
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    categories: dict[Category, tuple[str | None, str | None]] = field(default_factory=dict)
    disability: tuple[DisabilityKind, int | None, str | None] | None = None
    livelihood: dict[tuple[HouseholdFactKind, HouseholdFactCode], None] = field(default_factory=dict)
    reported: tuple[ReportedLabel, str] | None = None
    people: dict[str, PersonDraft] = field(default_factory=dict)
    care: CareDraft = field(default_factory=CareDraft)
    notes: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    checked: tuple[str, str] | None = None
    """Day and person when the row says that the facts were checked (核实日期, 核实人)."""
    check_written: str = ""
    """What stands for that day where the year was left out: 11.18."""
    is_collection: bool = False
    """The row stands on a sheet that we gave out with what the ledger knows: what is there now is all of it."""
    cells: Cells = field(default_factory=dict)
    owned: dict[str, Cells] = field(default_factory=dict)
    """Those of them that are somebody's but the child's: owner (father, carer2 …) → what the column says of them."""
    boxes: tuple[str, ...] = ()
    """The targets among the cells that are tick boxes; most rosters have none."""

    @property
    def id_number(self) -> str | None:
        """Return the ID number to be stored, None when there is none."""
        number: str | None = self.child.get("id_number")
        return number

    @property
    def registry_no(self) -> str | None:
        """Return the 学籍号 to be stored, None when there is none."""
        number: str | None = self.child.get("student_registry_no")
        return number

    def answers_none(self, target: str) -> bool:
        """Tell whether 无 is an answer here: in a row of our own sheet that was checked, as that sheet's head asks for it.

        In any other roster it is a blank: there 无 or a stroke fills every remark that nobody has.
        """
        cells = self.cells.get(target, ())
        asked = self.is_collection and self.checked is not None
        return asked and bool(cells) and all(answer(cell.text) == "none" for cell in cells)

    def mark(
        self, field_name: str, code: str, reason: str, cell: RawCell | None = None, raw: str | None = None
    ) -> None:
        """Mark a cell of this row."""
        shown = raw if raw is not None else (cell.text if cell else "")
        header, where = (cell.header, cell.address) if cell else ("", "")
        self.marks.append(Mark(field_name, code, reason, shown, header, where))

    def person(self, role: str, relation: Relation | None = None) -> PersonDraft:
        """Return the person of this role, made when the row first speaks of them."""
        draft = self.people.get(role)
        if draft is None:
            draft = self.people[role] = PersonDraft(role, relation)
        return draft
