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
from app.survey.queries import open_survey
from app.workbook.ledger_cells import CellTexts

_SHOWN = 6
"""Of how many children a note gives the names."""


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
        return _of_this_round(store, plan_import(store, roster, mappings, options, progress=progress))
    ahead = {uuid for uuid, row in printed.rows.items() if row.commit_no > store.commit_no}
    now = _texts_now(store, printed, set(printed.rows) - ahead)
    plan = _of_this_round(store, plan_import(store, roster, mappings, options, now=now, progress=progress))
    note = "这份表是台账恢复到旧备份以前印的，看不出哪些格改过，按一般花名册读"
    return replace(plan, notes=(*plan.notes, note)) if ahead else plan


def _of_this_round(store: Store, plan: ImportPlan) -> ImportPlan:
    """Let what was checked before the round under way began not count as checked in it, and say whose that is."""
    running = open_survey(store)
    if running is None:
        return plan
    begun = running.starts_on
    earlier = [row for row in plan.rows if row.checked is not None and not running.counts(row.checked[0])]
    if not earlier:
        return plan
    listed = "、".join(row.name for row in earlier[:_SHOWN]) + ("……" if len(earlier) > _SHOWN else "")
    note = (
        f"{len(earlier)} 名的核实日期在这次摸底开始（{begun}）以前，没有记成已核实：{listed}；"
        "写错了日子的，请改好这一格"
    )
    rows = tuple(
        replace(row, checked=None) if row.checked and not running.counts(row.checked[0]) else row
        for row in plan.rows
    )
    return replace(plan, rows=rows, notes=(note, *plan.notes))


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
