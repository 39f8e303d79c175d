"""A row of our own sheet that came back, compared three ways: as it was printed, as it is now, as the ledger is now.

A cell that is as printed says nothing, whatever the ledger has become. A cell that was put right is a change where the
ledger is as printed, and a question where the ledger was changed too. What is read further is the child as the ledger
knows it today with what was put right on the sheet: an old cell beside a new one brings nothing back.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from app.children.roster.draft import Cells, Mark, RawCell
from app.children.roster.printed import PrintedRow
from app.children.roster.reading.text import answer, says_nothing
from app.children.roster.sheet import address
from app.children.roster.writer import same
from app.core.text import mask_numbers
from app.core.untold import Untold

NAME, CLASS = "child.name", "class.name"
NUMBERS = ("child.id_number", "child.student_registry_no")
BOTH_CHANGED = "changed_both"
"""The code of the mark on a cell that sheet and ledger have changed differently since the print."""
_BLANK = "（空）"
# Columns that are only understood together.
_IDENTITY = frozenset({NAME, *NUMBERS, "child.birth_date", "child.sex"})
_AWAY = frozenset({"out", "place", "since"})
# Whose a number or a place is, is told by the name beside it; whether nobody looks after a child, by where the parents are.
_PEOPLE = frozenset({"father", "mother", "carer", "care"})
_WHO = frozenset({"father.name", "mother.name", "carer.name", "carer.relation"})
_CARER = "carer.name"
_WHERE = frozenset({"father.out", "mother.out"})
# Here 无 is one of the two answers, in a row that nobody signed too.
_ANSWERED_BY_NONE = "boarding"

Columns = Mapping[str, tuple[int, str]]
"""Target → (column, header) of the sheet that came back."""


class Parted(Untold, frozen=True, kw_only=True):
    """One column in which the ledger is not as it was printed any more; all texts as on the sheet, "" for none."""

    target: str
    header: str
    printed: str
    ledger: str
    sheet: str = ""
    cell: RawCell | None = None

    def words(self) -> str:
        """Return what the ledger has become: 父亲电话 138****6217 → 139****1111."""
        before, after = shown(self.printed, self.ledger)
        return f"{self.header}{_apart(before)}{before} →{_apart(after)}{after}"


class SincePrint(Untold, frozen=True, kw_only=True):
    """What one row says since it was printed.

    ``cells`` are to be read. ``edited`` are the targets that were put right on the sheet, ``kept`` those that only the
    ledger has changed, ``asked`` those that both have, each differently. ``unsaid`` are the addresses of the cells that
    say nothing: a doubt about one of them is none of this sheet's.
    """

    row: PrintedRow
    cells: Cells
    edited: frozenset[str]
    kept: tuple[Parted, ...]
    asked: tuple[Parted, ...]
    unsaid: frozenset[str]
    has_number: bool
    """A number stands there as it was printed."""

    @property
    def keeps_class(self) -> bool:
        """Tell whether the class is as printed: then it is the ledger's affair, not the sheet's."""
        return CLASS not in self.edited

    @property
    def is_somebody_else(self) -> bool:
        """Tell whether another child was written over the one that was printed here: another name, and no number of its."""
        numbered = any(self.row.texts.get(number) or number in self.edited for number in NUMBERS)
        return NAME in self.edited and numbered and not self.has_number

    @property
    def words(self) -> str:
        """Return in one line what the ledger has changed and the sheet leaves alone; "" when there is nothing."""
        if not self.kept:
            return ""
        return f"印表以后台账改过：{'；'.join(parted.words() for parted in self.kept)}，没有动"

    def of_this_sheet(self, marks: Iterable[Mark]) -> list[Mark]:
        """Return the marks about what was put right; what stands as it was printed was asked about before."""
        return [mark for mark in marks if (mark.address or self.edited) and mark.address not in self.unsaid]


def since_print(
    row: PrintedRow,
    cells: Cells,
    now: Mapping[str, str],
    *,
    columns: Columns,
    checked: bool,
    fixed: Collection[str] = (),
) -> SincePrint:
    """Compare a row with what was printed of the child and with ``now``, what would be printed of it today.

    ``checked`` tells that the row was signed: 无 is an answer then. ``fixed`` are addresses of cells that somebody has
    put right in the preview: those are decided and go in.
    """
    edited: set[str] = set()
    kept: list[Parted] = []
    asked: list[Parted] = []
    for target, printed in row.texts.items():
        if target not in columns:
            continue
        found = cells.get(target, [])
        sheet, ledger = "、".join(cell.text for cell in found), now.get(target, "")
        header = columns[target][1]
        if any(cell.address in fixed for cell in found):
            edited.add(target)
        elif _is_blank(target, found, checked=checked) or same(sheet, printed):
            if not same(ledger, printed):
                kept.append(Parted(target=target, header=header, printed=printed, ledger=ledger))
        elif same(ledger, printed):
            edited.add(target)
        elif not (same(sheet, ledger) or (not ledger and says_nothing(sheet))):
            asked.append(
                Parted(
                    target=target,
                    header=header,
                    printed=printed,
                    ledger=ledger,
                    sheet=sheet,
                    cell=found[0],
                )
            )
    compared = frozenset(row.texts) & frozenset(columns)
    line = next((cell.row for found in cells.values() for cell in found), 0)
    unsaid = {cell.address for t in compared - edited for cell in cells.get(t, ())}
    unsaid |= {address(line, columns[target][0]) for target in compared - edited}
    return SincePrint(
        row=row,
        cells=_merged(cells, row.texts, now, compared, edited, columns, line),
        edited=frozenset(edited),
        kept=tuple(kept),
        asked=tuple(asked),
        unsaid=frozenset(unsaid),
        has_number=any(
            row.texts.get(number)
            and any(same(cell.text, row.texts[number]) for cell in cells.get(number, ()))
            for number in NUMBERS
        ),
    )


def question(parted: Parted, changed_on: str, said_on: str) -> str:
    """Return the question about a cell that both have changed: the ledger's value first, both with their days (ISO).

    ``changed_on`` "" when the day is not known.
    """
    ledger, sheet = shown(parted.ledger, parted.sheet)
    printed, _ = shown(parted.printed, "")
    when = f" {changed_on} " if changed_on else "在印表以后"
    return (
        f"两边都改过{parted.header}：台账{when}改成了{ledger}，表上 {said_on} 写的是{sheet}（印的是{printed}）；"
        "台账没有动，请问清是哪一个"
    )


def shown(one: str, other: str) -> tuple[str, str]:
    """Return two texts with the numbers in them masked, unless that made them look alike."""
    masked = mask_numbers(one), mask_numbers(other)
    said = (one, other) if masked[0] == masked[1] else masked
    return said[0] or _BLANK, said[1] or _BLANK


def _apart(text: str) -> str:
    """Return the space before a value; a bracket brings its own."""
    return "" if text == _BLANK else " "


def _is_blank(target: str, found: Sequence[RawCell], *, checked: bool) -> bool:
    """Tell whether the cells are blank or as good as blank: 不详, and 无 in a row that nobody signed."""
    if target == _ANSWERED_BY_NONE:
        return not found
    nothing = ("unknown",) if checked else ("unknown", "none")
    return all(answer(cell.text) in nothing for cell in found)


def _merged(
    cells: Cells,
    printed: Mapping[str, str],
    now: Mapping[str, str],
    compared: AbstractSet[str],
    edited: AbstractSet[str],
    columns: Columns,
    line: int,
) -> Cells:
    """Return what was put right, among what the ledger says today wherever one is not understood without the other.

    A cell that was emptied stays so: it clears nothing, and does not stand beside what was put right either.
    """
    merged = {target: found for target, found in cells.items() if target not in compared or target in edited}
    groups = {_group(target) for target in edited}
    wanted = {target for target in compared - edited if target == NAME or _group(target) in groups}
    if any(_owner(target) in _PEOPLE for target in edited):
        wanted |= compared & _WHO
    # Somebody else in the same line, or somebody by the right name: what stands beside the name is said of that person.
    others = {_owner(target) for target in edited & _WHO}
    others |= {"care"} if "carer" in others else set()
    wanted |= {target for target in compared if _owner(target) in others}
    if _CARER in edited:
        wanted |= compared & _WHERE
    wanted |= compared & _other_number(now, edited)
    for target in sorted(compared - edited):
        if target == CLASS:
            merged |= {target: cells[target]} if target in cells else {}
        elif target in wanted and (target in cells or not printed[target]) and (text := now.get(target, "")):
            column, header = columns[target]
            merged[target] = [RawCell(text, text, line, column, header)]
    return merged


def _other_number(now: Mapping[str, str], edited: AbstractSet[str]) -> set[str]:
    """Return where the number of a parent who is the carer stands once more: it still stands beside the new one."""
    found: set[str] = set()
    for parent in ("father", "mother"):
        pair = {f"{parent}.phone", "carer.phone"}
        name = now.get(f"{parent}.name", "")
        if name and pair & edited and same(name, now.get(_CARER, "")):
            found |= pair - edited
    return found


def _group(target: str) -> str:
    owner, column = _owner(target), target.partition(".")[2]
    if target in _IDENTITY:
        return "identity"
    if owner in _PEOPLE:
        return f"{owner}.away" if column in _AWAY else target
    return owner if owner == "residence" else target


def _owner(target: str) -> str:
    return target.partition(".")[0]
