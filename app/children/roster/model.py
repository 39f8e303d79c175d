"""What planning an import yields, and what applying it yields: everything the preview and the result page show."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct, field

from app.children.roster.columns import ColumnChoice
from app.children.roster.draft import Mark
from app.children.roster.header import Header
from app.children.roster.printed import Printed
from app.children.roster.rows import SheetRows, SkippedRow
from app.children.roster.sheet import RosterSheet
from app.core.changes import Changes


class RowResult(StrEnum):
    """What becomes of a row; ``label`` is the word of the preview."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    PARKED = "parked"
    LEFT_OUT = "left_out"
    """It was decided that the row does not go in; it is kept, and does not wait."""

    @property
    def label(self) -> str:
        """Return the Chinese word."""
        return {
            "new": "新增",
            "updated": "更新",
            "unchanged": "不变",
            "parked": "待处理",
            "left_out": "不导入",
        }[self.value]


class ParkedCode(StrEnum):
    """Why a row waits for a decision; nothing else parks a row."""

    NO_NAME = "no_name"
    DUPLICATE_NUMBER = "duplicate_number"
    MAYBE_SAME_PERSON = "maybe_same_person"
    MAYBE_GONE = "maybe_gone"
    """The sheet says beside the name, or as its whole remark, that the child may be here no longer: 转走."""

    @property
    def kept_as(self) -> str:
        """Return the word of the table for it: one of three, and what exactly is asked stands in the packed row."""
        return str(ParkedCode.MAYBE_SAME_PERSON if self is ParkedCode.MAYBE_GONE else self)


class Resolution(StrEnum):
    """What was decided about a parked row."""

    SAME_PERSON = "same_person"
    ADDED = "added"
    DROPPED = "dropped"


class Decision(Struct, frozen=True):
    """A decision about one row, given before writing (in memory) or later. ``child_uuid``: who it is."""

    resolution: Resolution
    child_uuid: str | None = None


class SheetMapping(Struct, frozen=True):
    """One sheet as the first two steps show it: its header, its columns, whether it is to be read.

    ``why`` says why a sheet is not ticked from the start: hidden, no header, a sub-ledger of our own, a repeat.
    ``printed`` is what the workbook keeps of its printing when the sheet is one of ours, ``fixed`` the addresses of the
    cells that were put right since it was read.
    """

    sheet: RosterSheet
    header: Header | None
    choices: tuple[ColumnChoice, ...] = ()
    rows: int = 0
    selected: bool = True
    why: str = ""
    found: SheetRows | None = None
    printed: Printed | None = None
    fixed: frozenset[str] = frozenset()


class RosterOptions(Struct, frozen=True):
    """How the rows are to be understood and written.

    ``data_date``: the day the roster speaks of. ``correction``: what differs is 更正, not a change since that day.
    ``third_meaning``: 单亲留守 means one parent out and the other not able.
    """

    data_date: date
    correction: bool = False
    third_meaning: bool = False
    decisions: Mapping[tuple[str, int], Decision] = field(default_factory=dict)
    same_child: str | None = None
    """The child that the one row of ``plan_cells`` is, whatever its numbers say: somebody decided it."""


class FieldChange(Struct, frozen=True):
    """One value that would become another; both as words to show, "" for none."""

    label: str
    before: str
    after: str
    since: str | None = None


class Candidate(Struct, frozen=True):
    """A child of the ledger who may be the one in the row."""

    uuid: str
    name: str
    sex: str | None
    birth_date: str | None
    class_name: str
    in_bin: bool = False
    exited: bool = False


class PlannedRow(Struct, frozen=True, kw_only=True):
    """One row of the roster with what becomes of it, and why.

    ``address`` is the cell the reason is about (that of the name when it is about the row). ``raw`` holds the row's
    cells for a parked row, so that it can be put right and read again later. ``checked`` are day and name when the row
    says that the child's facts were checked (核实日期, 核实人); ``child_id`` is then whose, negative for a new one, and
    ``check_written`` what stands there for a day without its year. ``kept`` says what the ledger has changed since our
    sheet was printed and the row leaves alone. ``class_carried``: a new child whose class the row left blank below one
    that names it.
    """

    sheet: str
    row: int
    address: str
    name: str
    class_name: str
    id_number: str
    result: RowResult
    reason: str
    detail: str = ""
    code: ParkedCode | None = None
    changes: tuple[FieldChange, ...] = ()
    marks: tuple[Mark, ...] = ()
    child_uuid: str | None = None
    candidates: tuple[Candidate, ...] = ()
    raw: str = ""
    checked: tuple[str, str] | None = None
    child_id: int | None = None
    check_written: str = ""
    kept: str = ""
    class_carried: bool = False


class Write(NamedTuple):
    """One write the plan wants. Negative ids in ``values`` stand for rows of the plan that have no id yet.

    ``row_id`` None = a new row, which gets ``new_id`` (negative) when others refer to it.
    """

    table: str
    values: Mapping[str, Any]
    row_id: int | None = None
    new_id: int | None = None


class ImportPlan(Struct, frozen=True, kw_only=True):
    """Everything an import would do. Nothing has been written; ``commit_no`` is the state it was planned against."""

    file_name: str
    file_sha256: str
    options: RosterOptions
    rows: tuple[PlannedRow, ...]
    skipped: tuple[SkippedRow, ...]
    new_classes: tuple[str, ...]
    missing: tuple[Candidate, ...]
    notes: tuple[str, ...]
    writes: tuple[Write, ...]
    class_refs: Mapping[int, Any]
    commit_no: int
    compared_with: str = ""
    """The class (or classes) whose children ``missing`` were looked for among; "" = the whole school."""
    strays: tuple[tuple[str, str], ...] = ()
    """Who stands on the sheet of a class and is not in it: (what they are, words)."""

    @property
    def missing_words(self) -> str:
        """Return how many children are not on the roster, of its class or of the school; "" when none is missing."""
        of = f"{self.compared_with}有" if self.compared_with else "有"
        return f"{of} {len(self.missing)} 名在册儿童不在表里" if self.missing else ""

    def count(self, result: RowResult) -> int:
        """Return how many rows have this result."""
        return sum(row.result is result for row in self.rows)

    @property
    def checked(self) -> int:
        """Return for how many children it is noted that their facts were checked; most of them may be unchanged."""
        return sum(row.checked is not None and row.result is not RowResult.PARKED for row in self.rows)

    @property
    def marked(self) -> int:
        """Return how many cells are marked."""
        return sum(len(row.marks) for row in self.rows)

    def told(self) -> tuple[str, ...]:
        """Return everything worth a sentence besides the rows: the notes, new classes, children not in the file."""
        said = list(self.notes)
        if self.new_classes:
            said.append(f"新建 {len(self.new_classes)} 个班：{'、'.join(self.new_classes)}")
        if self.missing:
            said.append(f"{self.missing_words}，没有动")
        said += [f"{about}：{words}" for about, words in self.strays]
        said += [f"{row.name}，{row.kept}" for row in self.rows if row.kept]
        return tuple(said)

    def as_json(self) -> dict[str, Any]:
        """Return the counts, the parked rows and the marked cells as ``import-roster --json`` prints them."""
        return {
            "rows": len(self.rows),
            "new": self.count(RowResult.NEW),
            "updated": self.count(RowResult.UPDATED),
            "unchanged": self.count(RowResult.UNCHANGED),
            "parked": [
                {"sheet": row.sheet, "row": row.row, "code": str(row.code), "reason": row.reason}
                for row in self.rows
                if row.result is RowResult.PARKED
            ],
            "marked": [
                {
                    "sheet": row.sheet,
                    "row": row.row,
                    "column": mark.column,
                    "cell": mark.address,
                    "field": mark.field,
                    "code": mark.code,
                    "reason": mark.reason,
                }
                for row in self.rows
                for mark in row.marks
            ],
        }


class ImportResult(Struct, frozen=True):
    """What an import did (or, in a dry run, would have done): the plan it followed and the changes it made."""

    plan: ImportPlan
    changes: Changes
    run_uuid: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the result as ``import-roster --json`` prints it."""
        return self.plan.as_json()
