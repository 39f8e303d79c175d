"""导入花名册: from a file to the ledger; what the window's four steps and the command line both call."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from app.children.roster.apply import apply_import, rehearse_import
from app.children.roster.model import (
    ImportPlan,
    ImportResult,
    PlannedRow,
    RosterOptions,
    RowResult,
    SheetMapping,
)
from app.children.roster.raw_rows import row_texts
from app.children.roster.sheet import RosterFile
from app.children.roster.sheets import OwnLedger, Templates, survey_sheets
from app.children.roster.side_by_side import name_in_file
from app.children.roster.stated_day import stated_day_of
from app.children.roster.templates import load_templates
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.storage.backups import Reason
from app.storage.store import Store
from app.tasks.cut_off import import_under_way
from app.tasks.risky import backup_before
from app.tasks.survey import checks_of
from app.tasks.survey_back import plan_roster
from app.workbook.ledger_layout import MAIN_SHEET, PRINT_ONLY_HEADERS, SUB_LEDGER_MARK
from app.workbook.rejects import RejectedRow, write_rejected_rows
from app.workbook.roster_reader import read_roster

_NAME = "child.name"
OWN_LEDGER = OwnLedger(PRINT_ONLY_HEADERS, SUB_LEDGER_MARK, MAIN_SHEET)


class OpenedRoster(Struct, frozen=True):
    """A roster file with its sheets as the first two steps show them."""

    roster: RosterFile
    mappings: tuple[SheetMapping, ...]


def open_roster(store: Store, path: Path, *, progress: Progress = no_progress) -> OpenedRoster:
    """Read the file and propose which sheets and columns mean what, as corrected before for files of this kind.

    UserError ``import.…`` in plain words when the file is no roster that can be read back.
    """
    return open_with(path, load_templates(store), store.clock.today(), progress=progress)


def open_with(
    path: Path, templates: Templates, today: date, *, progress: Progress = no_progress
) -> OpenedRoster:
    """Do what ``open_roster`` does with mappings that were loaded before: needs no ledger, so it can run beside it."""
    roster = read_roster(path, progress=progress)
    if roster.own_profile == "masked":
        raise refuse("import.masked_ledger", name=roster.name)
    mappings = survey_sheets(roster, templates, OWN_LEDGER, today=today)
    if not any(mapping.header for mapping in mappings):
        raise refuse("import.no_header", name=roster.name)
    return OpenedRoster(roster, mappings)


def import_roster(
    store: Store,
    path: Path,
    *,
    sheet: str | None = None,
    data_date: date | None = None,
    dry_run: bool = False,
    rejects: Path | None = None,
    correction: bool = False,
    anyway: bool = False,
    by: str | None = None,
    progress: Progress = no_progress,
) -> ImportResult:
    """Read, plan and write a roster without any question: the whole job of the command line.

    ``sheet`` reads that sheet only, also a hidden one. ``data_date`` is the day the roster speaks of (today when not
    given). ``dry_run`` is the real import rolled back. ``rejects`` gets the rows that wait, with their reasons.
    A verified backup is made before anything is written, unless ``anyway``.
    """
    opened = open_roster(store, path, progress=progress)
    mappings = choose_sheet(opened, sheet) if sheet is not None else opened.mappings
    today = store.clock.today()
    options = RosterOptions(data_date or today, correction=correction)
    plan = plan_roster(store, opened.roster, mappings, options, progress=progress)
    if data_date is None and (said := another_day(opened.roster, mappings, today)):
        plan = replace(plan, notes=(*plan.notes, said))
    if dry_run:
        result = rehearse_import(store, plan, also=checks_of(store, plan, by=by), progress=progress)
    else:
        result = write_import(store, opened.roster, plan, by=by, anyway=anyway, progress=progress)
    if rejects is not None:
        write_rejects(plan, rejects)
    return result


def write_import(
    store: Store,
    roster: RosterFile,
    plan: ImportPlan,
    *,
    by: str | None = None,
    anyway: bool = False,
    progress: Progress = no_progress,
) -> ImportResult:
    """Back up, then write the plan in one undoable step; ``anyway`` goes without the backup, because she said so.

    EnvironmentFault when the backup (``backup.not_made_before``) or the write did not succeed: then nothing was written.
    """
    if not anyway:
        backup_before(store, "导入名册", reason=Reason.BEFORE_IMPORT, progress=progress)
    with import_under_way(store):
        return apply_import(
            store, plan, content=roster.content, by=by, also=checks_of(store, plan, by=by), progress=progress
        )


def another_day(roster: RosterFile, mappings: Sequence[SheetMapping], today: date) -> str:
    """Say that the file gives itself another day than ``today``, which was taken; "" when it does not."""
    found = stated_day_of(roster, [mapping for mapping in mappings if mapping.selected])
    if found is None or found.begins <= today <= found.day:
        return ""
    return f"{found.where}写着「{found.written}」；没有写 --data-date，按今天 {today.isoformat()} 起算变化"


def choose_sheet(opened: OpenedRoster, name: str) -> tuple[SheetMapping, ...]:
    """Return the sheets with only the named one ticked. UserError ``import.no_such_sheet``, ``import.no_header``."""
    wanted = name.strip()
    named = {mapping.sheet.name for mapping in opened.mappings if mapping.sheet.name.strip() == wanted} or {
        mapping.sheet.name for mapping in opened.mappings if name_in_file(mapping.sheet.name) == wanted
    }
    if not named:
        listed = "、".join(mapping.sheet.name for mapping in opened.mappings)
        raise refuse("import.no_such_sheet", name=opened.roster.name, sheet=name, sheets=listed)
    chosen = tuple(
        replace(mapping, selected=mapping.sheet.name in named, why="没有选这张表")
        for mapping in opened.mappings
    )
    if all(mapping.header is None for mapping in chosen if mapping.selected):
        raise refuse("import.no_header", name=opened.roster.name)
    return chosen


def write_rejects(plan: ImportPlan, out: Path) -> int:
    """Write the plan's waiting rows as a workbook that can be put right and imported again; return how many."""
    rows = [(row, row_texts(row.raw)) for row in plan.rows if row.result is RowResult.PARKED]
    # A row that lacks its name needs the column to write it in.
    named = (header for _, cells in rows for header, target, _ in cells if target == _NAME)
    header_of_name = next(named, "姓名")
    write_rejected_rows([_rejected(row, cells, header_of_name) for row, cells in rows], out)
    return len(rows)


def _rejected(row: PlannedRow, cells: tuple[tuple[str, str, str], ...], header_of_name: str) -> RejectedRow:
    reason = "；".join(part for part in (row.reason, row.detail) if part)
    texts = [(header, text) for header, _, text in cells]
    if not any(target == _NAME for _, target, _ in cells):
        texts.insert(0, (header_of_name, ""))
    return RejectedRow(tuple(texts), reason, row.sheet, row.row)
