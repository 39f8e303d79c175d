"""A class sheet that comes back: planned like any roster, compared with what it was printed with."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from app.children.queries import load_facts
from app.children.roster.model import ImportPlan, RosterOptions, SheetMapping
from app.children.roster.plan import plan_import
from app.children.roster.printed import Printed
from app.children.roster.reading.text import cell_text
from app.children.roster.sheet import RosterFile
from app.core.progress import Progress, no_progress
from app.core.text import clean
from app.storage.store import Store
from app.workbook.ledger_cells import CellTexts


def plan_roster(
    store: Store,
    roster: RosterFile,
    mappings: Sequence[SheetMapping],
    options: RosterOptions,
    *,
    progress: Progress = no_progress,
) -> ImportPlan:
    """Return what importing the ticked sheets would do; rows of our own sheets are compared with their print.

    A print from a state that this ledger has not reached (an older copy of it was restored since) tells nothing about
    what was entered meanwhile: such a sheet is read like any roster, and the plan says so. UserError ``import.…``.
    """
    printed = next((mapping.printed for mapping in mappings if mapping.selected and mapping.printed), None)
    if printed is None:
        return plan_import(store, roster, mappings, options, progress=progress)
    ahead = {uuid for uuid, row in printed.rows.items() if row.commit_no > store.commit_no}
    now = _texts_now(store, printed, set(printed.rows) - ahead)
    plan = plan_import(store, roster, mappings, options, now=now, progress=progress)
    note = "这份表是台账恢复到旧备份以前印的，看不出哪些格改过，按一般花名册读"
    return replace(plan, notes=(*plan.notes, note)) if ahead else plan


def _texts_now(store: Store, printed: Printed, uuids: set[str]) -> Mapping[str, Mapping[str, str]]:
    """Return uuid → target → what the sheet would say if it were printed today."""
    from app.workbook.collection_book import sheet_texts

    texts = CellTexts(masked=False)
    found = {}
    for child in load_facts(store, store.clock.today(), uuids=sorted(uuids)):
        said = sheet_texts(texts, child)
        found[child.uuid] = {
            target: cell_text(clean(said.get(header, ""))) for target, header in printed.headers.items()
        }
    return found
