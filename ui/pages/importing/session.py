"""What one import knows on its way through the steps; nothing of it is in the ledger yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from app.children.ledger_count import ledger_count
from app.children.roster.cells import with_fixes
from app.children.roster.columns import ColumnChoice, may_repeat
from app.children.roster.columns import signature as kind_of
from app.children.roster.model import Decision, ImportPlan, PlannedRow, RosterOptions, SheetMapping
from app.children.roster.reading.text import cell_text
from app.children.roster.sheet import RosterFile
from app.children.roster.sheets import Templates, remap
from app.children.roster.stated_day import propose_day
from app.children.roster.templates import load_templates, remember_mapping
from app.core.progress import Progress, no_progress
from app.storage.store import Store
from app.tasks.import_roster import OpenedRoster, open_with
from app.tasks.survey_back import plan_roster

RowKey = tuple[str, int]
CellKey = tuple[str, int, int]
SAMPLES = 2
LONGEST_SAMPLE = 40
"""A cell may hold a page; what has no room in the table is shortened there, and only there."""


def key_of(row: PlannedRow) -> RowKey:
    """A planned row by its sheet and its number in Excel."""
    return (row.sheet, row.row)


class ReadRoster(Struct, frozen=True):
    """A file that was read, and for each of its sheets what stands in a column, by the column's number."""

    opened: OpenedRoster
    samples: Mapping[str, Mapping[int, list[str]]]


class Beginning(Struct, frozen=True):
    """What the ledger says before a file is read: the meanings corrected earlier, what day it is, and whether it is empty."""

    templates: Templates
    today: date
    is_first: bool


def begin(store: Store) -> Beginning:
    """Look into the ledger before a file is read."""
    today = store.clock.today()
    return Beginning(load_templates(store), today, ledger_count(store, today).known == 0)


def read_roster(path: Path, beginning: Beginning, *, progress: Progress = no_progress) -> ReadRoster:
    """Read a file and look through its columns; beside the window, for a sheet may hold very many cells."""
    opened = open_with(path, beginning.templates, beginning.today, progress=progress)
    return ReadRoster(opened, {mapping.sheet.name: samples_of(mapping) for mapping in opened.mappings})


def samples_of(mapping: SheetMapping) -> dict[int, list[str]]:
    """Return the first different words below the header, column by column; a column without any has no entry."""
    found: dict[int, list[str]] = {}
    if mapping.header is None:
        return found
    sheet = mapping.sheet
    looked_at = [choice.column for choice in mapping.choices]
    for line in range(mapping.header.last_row + 1, sheet.last_row + 1):
        for column in looked_at:
            text = cell_text(sheet.cell(line, column))
            shown = text if len(text) <= LONGEST_SAMPLE else f"{text[:LONGEST_SAMPLE]}……"
            if shown and shown not in (samples := found.setdefault(column, [])):
                samples.append(shown)
        looked_at = [column for column in looked_at if len(found.get(column, ())) < SAMPLES]
    return found


class Session(Struct):
    """The file, what its sheets and columns mean, what was decided and put right so far."""

    roster: RosterFile
    mappings: list[SheetMapping]
    data_date: date
    day_said: str = ""
    """Where the data date comes from, when the file gives one; nothing once she has chosen another."""
    day_chosen: bool = False
    """She has said herself which day the file speaks of."""
    samples: Mapping[str, Mapping[int, list[str]]] = field(default_factory=dict)
    correction: bool = False
    third_meaning: bool = False
    decisions: dict[RowKey, Decision] = field(default_factory=dict)
    fixes: dict[CellKey, str] = field(default_factory=dict)
    is_first: bool = False
    """Nobody is in the ledger yet: nothing can differ from it."""
    corrected: set[str] = field(default_factory=set)
    """The sheets whose columns were corrected by hand."""

    @classmethod
    def of(
        cls, read: ReadRoster, today: date, *, before: Session | None = None, is_first: bool = False
    ) -> Session:
        """A file that was read, of the day that it gives itself, else of the one she chose ``before``, else of today."""
        session = cls(
            read.opened.roster, list(read.opened.mappings), today, samples=read.samples, is_first=is_first
        )
        session.propose_day(today)
        if not session.day_said and before is not None and before.day_chosen:
            session.choose_day(before.data_date)
        return session

    def choose_day(self, day: date) -> None:
        """Take the day that she says."""
        self.data_date, self.day_said, self.day_chosen = day, "", True

    def propose_day(self, today: date) -> None:
        """Take the day that the ticked sheets give themselves, and say where it stood; hers stays."""
        if self.day_chosen:
            return
        proposed = propose_day(self.roster, self.chosen, today)
        self.data_date, self.day_said = proposed.day, proposed.said

    @property
    def chosen(self) -> list[SheetMapping]:
        """The ticked sheets."""
        return [mapping for mapping in self.mappings if mapping.selected]

    @property
    def is_plain(self) -> bool:
        """Every column of the ticked sheets that holds anything is recognised, and there is no ledger to differ from."""
        return self.is_first and all(self._is_recognised(mapping) for mapping in self.chosen)

    def _is_recognised(self, mapping: SheetMapping) -> bool:
        filled = self.samples.get(mapping.sheet.name, {})
        targets = [choice.target for choice in mapping.choices if choice.target or filled.get(choice.column)]
        return "child.name" in targets and None not in targets

    def mapping(self, sheet: str) -> SheetMapping:
        """The sheet of this name."""
        return next(mapping for mapping in self.mappings if mapping.sheet.name == sheet)

    def tick(self, sheet: str, *, ticked: bool) -> None:
        """Read a sheet, or do not."""
        self._replace(sheet, replace(self.mapping(sheet), selected=ticked))

    def choose(self, sheet: str, column: int, target: str | None) -> None:
        """Say what a column means, on every sheet that has the same header.

        Another column that meant the same is not read any more: one field, one column.
        """
        mapping = self.mapping(sheet)
        header = next(choice.header for choice in mapping.choices if choice.column == column)
        alike = kind_of(mapping.header) if mapping.header else ""
        for other in list(self.mappings):
            if other.header is None or kind_of(other.header) != alike:
                continue
            choices = tuple(_chosen(choice, header, target) for choice in other.choices)
            self._replace(other.sheet.name, remap(other, choices))
            self.corrected.add(other.sheet.name)

    def _replace(self, sheet: str, mapping: SheetMapping) -> None:
        place = next(i for i, other in enumerate(self.mappings) if other.sheet.name == sheet)
        self.mappings[place] = mapping

    def request(self) -> PlanRequest:
        """What planning needs, as it stands now: what is changed later does not reach a plan under way."""
        options = RosterOptions(
            self.data_date,
            correction=self.correction,
            third_meaning=self.third_meaning,
            decisions=dict(self.decisions),
        )
        return PlanRequest(
            self.roster, tuple(self.mappings), options, dict(self.fixes), frozenset(self.corrected)
        )


def _chosen(choice: ColumnChoice, header: str, target: str | None) -> ColumnChoice:
    if choice.header == header:
        return replace(choice, target=target, remembered=False, repeated=False)
    if target is not None and choice.target == target and not may_repeat(target):
        return replace(choice, target=None, repeated=True)
    return choice


class PlanRequest(Struct, frozen=True):
    """One wish to know what an import would do."""

    roster: RosterFile
    mappings: tuple[SheetMapping, ...]
    options: RosterOptions
    fixes: Mapping[CellKey, str]
    corrected: frozenset[str]


class Planned(Struct, frozen=True):
    """The answer: the plan, and the sheets as they were read for it."""

    plan: ImportPlan
    mappings: tuple[SheetMapping, ...]

    def mapping(self, sheet: str) -> SheetMapping:
        """The sheet of this name, with its cells put right."""
        return next(mapping for mapping in self.mappings if mapping.sheet.name == sheet)


def make_plan(
    store: Store, request: PlanRequest, *, by: str | None = None, progress: Progress = no_progress
) -> Planned:
    """Remember what was corrected about the columns, put cells right, and plan; nothing else is written."""
    kinds: set[str] = set()
    for mapping in request.mappings:
        if mapping.sheet.name in request.corrected and mapping.selected and mapping.header is not None:
            kind = kind_of(mapping.header)
            if kind not in kinds:
                kinds.add(kind)
                remember_mapping(store, mapping, by=by)
    mappings = tuple(with_fixes(mapping, _of_sheet(mapping, request)) for mapping in request.mappings)
    return Planned(plan_roster(store, request.roster, mappings, request.options, progress=progress), mappings)


def _of_sheet(mapping: SheetMapping, request: PlanRequest) -> dict[tuple[int, int], str]:
    name = mapping.sheet.name
    return {(row, column): text for (sheet, row, column), text in request.fixes.items() if sheet == name}
