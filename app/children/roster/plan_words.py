"""How the preview words a planned row."""

from collections.abc import Iterable, Sequence

from app.children.roster.draft import RowDraft
from app.children.roster.model import ParkedCode, PlannedRow, RowResult
from app.children.roster.outcome import RowOutcome
from app.children.roster.plan_people import FamilyFound
from app.children.roster.since_print import SincePrint
from app.children.roster.targets import target_words

_SHOWN = 6
"""Of how many different days a note tells how they were read."""

_FEWEST_OF_COLUMN = 3
"""From how many rows on a column is asked about as a whole."""


def words_of_new(draft: RowDraft, family: FamilyFound) -> tuple[str, str]:
    """Return reason and detail of a row that becomes a new child."""
    reason = "台账里没有这个证件号" if draft.id_number or draft.registry_no else "没有证件号，作为新的一名"
    if draft.class_carried:
        reason = f"班级空着，照上面的{draft.class_text}登记；{reason}"
    if family.siblings:
        return reason, f"和{'、'.join(family.siblings)}是一家，将连起来"
    if family.maybe:
        return reason, f"父母和{family.maybe}的父母同名，可能是一家；没有连，请核对"
    return reason, ""


def words_of_update(outcome: RowOutcome) -> tuple[str, str]:
    """Return reason and detail of a row that changes a known child."""
    if not outcome.changes:
        return "补上了台账里没有的内容", ""
    first = outcome.changes[0]
    reason = f"{first.label}：{first.before or '（空）'} → {first.after}"
    parts = [f"自 {first.since} 起"] if first.since else []
    if len(outcome.changes) > 1:
        parts.append(f"另有 {len(outcome.changes) - 1} 处")
    return reason, "；".join(parts)


def words_of_unchanged(since: SincePrint | None) -> str:
    """Return the reason of a row that changes nothing; where the ledger has moved on since the print, not 和台账一样."""
    if since is not None and since.asked:
        return "两边都改过的没有动"
    return "表上没有改" if since is not None and since.kept else "和台账一样"


def address_of(draft: RowDraft, code: ParkedCode | None) -> str:
    """Return the cell a row's reason is about."""
    targets = ("child.id_number", "child.student_registry_no") if code is ParkedCode.DUPLICATE_NUMBER else ()
    for target in (*targets, "child.name"):
        if target in draft.cells:
            return draft.cells[target][0].address
    cells = next(iter(draft.cells.values()), None)
    return cells[0].address if cells else ""


def shown_number(draft: RowDraft) -> str:
    """Return the ID number as the preview shows it: as stored, else as it stood in the cell."""
    if draft.id_number:
        return draft.id_number
    raw = next((mark.raw for mark in draft.marks if mark.field == "id_number" and mark.raw), "")
    cells = draft.cells.get("child.id_number")
    return raw or (cells[0].text if cells else "")


def _classless_notes(rows: Iterable[PlannedRow]) -> list[str]:
    """Say that new children go in without a class because neither their row nor the sheet tells which: a sheet 二班."""
    found = [row for row in rows if row.result is RowResult.NEW and not row.class_name]
    if not found:
        return []
    sheets = "、".join(f"「{name}」" for name in dict.fromkeys(row.sheet for row in found))
    return [f"{sheets}有 {len(found)} 名看不出是哪个年级哪个班，先不编班；写进去以后可以在台账里一起编"]


def column_notes(rows: Sequence[PlannedRow]) -> list[str]:
    """Return what has to be asked of whole columns: it stands before everything else."""
    return [*_parents_notes(rows), *_carried_notes(rows)]


def row_notes(rows: Sequence[PlannedRow]) -> list[str]:
    """Return what is said once for all rows: how days without a year were read, who goes in without a class."""
    return [*_year_notes(rows), *_classless_notes(rows)]


def _carried_notes(rows: Iterable[PlannedRow]) -> list[str]:
    """Say for how many the class was taken from above, and ask whether it is so."""
    found = [row for row in rows if row.class_carried]
    if not found:
        return []
    first = found[0]
    question = (
        f"有 {len(found)} 行的班级空着，照上面一行的登记（第 {first.row} 行 {first.name} 起），是这样吗？"
    )
    return [f"{question}不是的话，请在表里写上班级，再选一次文件"]


def _parents_notes(rows: Iterable[PlannedRow]) -> list[str]:
    """Say once, for the whole column, that it does not tell of which parent it speaks, and where to answer that."""
    marks = [mark for row in rows for mark in row.marks if mark.code == "which_parent"]
    found = [mark for mark in marks if mark.field == "parents.place" and mark.column]
    if len(found) < _FEWEST_OF_COLUMN:
        return []
    column = found[0].column
    both = target_words("parents.both_place")
    question = f"「{column}」有 {len(found)} 行没写是父亲还是母亲。这一栏要是说的都是父母两人，"
    return [f"{question}请回到「认列」，把它改成「{both}」"]


def _year_notes(rows: Iterable[PlannedRow]) -> list[str]:
    """Say once, for all rows, how days without a year were read."""
    read = {row.check_written: row.checked[0] for row in rows if row.check_written and row.checked}
    if not read:
        return []
    listed = "、".join(f"{text} 读作 {day}" for text, day in list(read.items())[:_SHOWN])
    more = "……" if len(read) > _SHOWN else ""
    return [f"核实日期没有写年份的，按最近的那一天读：{listed}{more}"]
