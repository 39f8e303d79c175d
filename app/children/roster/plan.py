"""Planning an import: every row with what becomes of it, and every write that follows. Nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from app.children.roster.context import RowContext
from app.children.roster.draft import Cells, Mark, RawCell, RowDraft
from app.children.roster.families import Families
from app.children.roster.ledger_state import Known, LedgerState, read_ledger
from app.children.roster.match import Match, Matcher
from app.children.roster.model import (
    Candidate,
    Decision,
    ImportPlan,
    ParkedCode,
    PlannedRow,
    Resolution,
    RosterOptions,
    RowResult,
    SheetMapping,
)
from app.children.roster.parse import read_row
from app.children.roster.parse_home import class_in_text
from app.children.roster.plan_child import plan_child
from app.children.roster.plan_classes import PlannedClasses
from app.children.roster.plan_people import PeoplePlanner
from app.children.roster.plan_words import address_of, shown_number, words_of_new, words_of_update
from app.children.roster.raw_rows import fingerprint, fingerprint_of_packed, pack_row
from app.children.roster.rows import SkippedRow, class_titles, read_rows
from app.children.roster.sheet import RosterFile
from app.children.roster.sheets import sheet_notes
from app.children.roster.uncollected import uncollected
from app.children.roster.writer import PlanWriter, RowOutcome
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.school.queries import all_classes, school_shape, school_years
from app.school.rules import class_name
from app.storage.store import Store


@dataclass(slots=True)
class _Read:
    """A row that was read, with what is needed to keep it if it has to wait."""

    draft: RowDraft
    context: RowContext


def plan_import(
    store: Store,
    roster: RosterFile,
    mappings: Sequence[SheetMapping],
    options: RosterOptions,
    *,
    progress: Progress = no_progress,
) -> ImportPlan:
    """Return what importing the ticked sheets would do.

    UserError ``import.…`` when no sheet is ticked or one has no name column; Cancelled when ``progress`` says so.
    """
    chosen = [mapping for mapping in mappings if mapping.selected]
    if not chosen:
        _refuse_unread(roster, mappings)
    with uncollected():
        return _plan(store, roster, mappings, options, progress)


def _refuse_unread(roster: RosterFile, mappings: Sequence[SheetMapping]) -> NoReturn:
    """Say why no sheet is read: a header without a name column, one without children below it, or none at all."""
    headed = [mapping for mapping in mappings if mapping.header is not None]
    named = [m for m in headed if any(choice.target == "child.name" for choice in m.choices)]
    if named and not any(mapping.rows for mapping in named):
        raise refuse("import.no_rows", name=roster.name)
    if headed and not named:
        raise refuse("import.no_name_column", sheet=headed[0].sheet.name)
    raise refuse("import.no_header", name=roster.name)


def _plan(
    store: Store,
    roster: RosterFile,
    mappings: Sequence[SheetMapping],
    options: RosterOptions,
    progress: Progress,
) -> ImportPlan:
    read: list[_Read] = []
    skipped: list[SkippedRow] = []
    notes: list[str] = []
    for mapping in mappings:
        if mapping.selected:
            _read_sheet(store, roster.name, mapping, options, read, skipped, progress)
        notes += sheet_notes(mapping)
    if not read:
        raise refuse("import.no_rows", name=roster.name)
    planner = _Planner(store, options, [row.draft for row in read])
    rows: list[PlannedRow] = []
    for number, row in enumerate(read, start=1):
        if number % 50 == 0:
            progress(number, len(read), "正在核对")
        rows.append(planner.plan_row(row))
    return ImportPlan(
        file_name=roster.name,
        file_sha256=roster.sha256,
        options=options,
        rows=tuple(rows),
        skipped=tuple(skipped),
        new_classes=planner.classes.new_names(),
        missing=planner.missing(),
        notes=tuple(notes),
        writes=planner.writer.writes(),
        class_refs=dict(planner.classes.new),
        commit_no=store.commit_no,
    )


def plan_cells(
    store: Store, sheet: str, row: int, cells: Cells, context: RowContext, options: RosterOptions
) -> ImportPlan:
    """Return what importing one row by itself would do: a parked row that was put right."""
    read = _Read(read_row(sheet, row, cells, context), context)
    planner = _Planner(store, options, [read.draft], remember=False)
    planned = planner.plan_row(read)
    return ImportPlan(
        file_name="",
        file_sha256="",
        options=options,
        rows=(planned,),
        skipped=(),
        new_classes=planner.classes.new_names(),
        missing=(),
        notes=(),
        writes=planner.writer.writes(),
        class_refs=dict(planner.classes.new),
        commit_no=store.commit_no,
    )


def _read_sheet(
    store: Store,
    file_name: str,
    mapping: SheetMapping,
    options: RosterOptions,
    read: list[_Read],
    skipped: list[SkippedRow],
    progress: Progress,
) -> None:
    sheet, header = mapping.sheet, mapping.header
    if header is None:
        raise refuse("import.no_header", name=file_name)
    if not any(choice.target == "child.name" for choice in mapping.choices):
        raise refuse("import.no_name_column", sheet=sheet.name)
    found = mapping.found or read_rows(sheet, header, mapping.choices)
    skipped += found.skipped
    base = RowContext(
        day=options.data_date,
        years=school_years(store),
        shape=school_shape(store),
        base_1904=sheet.serial_base_1904,
        third_meaning=options.third_meaning,
        targets=frozenset(choice.target for choice in mapping.choices if choice.target),
    )
    titles = [text for text in class_titles(sheet, header) if class_in_text(text, base) is not None]
    base = replace(base, class_of_sheet=titles[0] if titles else "")
    headers = {choice.column: choice for choice in mapping.choices if choice.imported}
    uncomputed: dict[int, list[int]] = {}
    for row, column in sorted(sheet.uncomputed):
        uncomputed.setdefault(row, []).append(column)
    for place, (number, cells, title) in enumerate(found.rows):
        if place % 200 == 0:
            progress(place, len(found.rows), f"正在读「{sheet.name}」")
        context = base
        if title and class_in_text(title, base) is not None:
            context = replace(base, class_of_sheet=title)
        draft = read_row(sheet.name, number, cells, context)
        for column in uncomputed.get(number, ()):
            if column in headers:
                _mark_uncomputed(draft, headers[column].header, headers[column].target or "", number, column)
        read.append(_Read(draft, context))


def _mark_uncomputed(draft: RowDraft, header: str, target: str, row: int, column: int) -> None:
    reason = "这一格是公式，文件里没有存下算好的值；没有存，请用 WPS 打开再保存一次"
    cell = RawCell("", "", row, column, header)
    draft.mark(target.removeprefix("child."), "formula_without_value", reason, cell, "")


class _Planner:
    """Plans one row after the other; knows the ledger, the classes and the rows before."""

    def __init__(
        self, store: Store, options: RosterOptions, drafts: Iterable[RowDraft], *, remember: bool = True
    ) -> None:
        day = options.data_date
        self._options = options
        self._state: LedgerState = read_ledger(store, day.isoformat())
        known = all_classes(store, day)
        refs = frozenset(draft.class_ref for draft in drafts if draft.class_ref is not None)
        self.writer = PlanWriter(self._state, options)
        self.classes = PlannedClasses(known, refs, self.writer.names)
        self._shape, self._years = school_shape(store), school_years(store)
        self.writer.names.update({facts.id: facts.name for facts in known})
        self._matcher = Matcher(self._state, day.isoformat(), {facts.id: facts for facts in known})
        self._people = PeoplePlanner(self.writer, Families.of_ledger(self._state))
        self._settled = _settled_rows(store) if remember else {}
        self._waiting = _waiting_rows(store) if remember else frozenset()
        self._by_uuid = self._matcher.by_uuid

    def plan_row(self, row: _Read) -> PlannedRow:
        """Plan one row."""
        draft = row.draft
        outcome = self.writer.begin(draft)
        ref, class_id = self.classes.resolve(draft)
        if class_id in self.classes.new and class_id is not None:
            facts = class_name(self.classes.new[class_id], self._options.data_date, self._years, self._shape)
            self.writer.names[class_id] = facts
        has_number = bool(draft.id_number or draft.registry_no)
        print_of_row = "" if has_number and draft.name else fingerprint(draft.cells)
        match = self._matcher.match(draft, ref, print_of_row)
        decided = self._by_uuid.get(self._options.same_child or "")
        if decided is not None and match.code is not ParkedCode.NO_NAME:
            match = Match(decided)
        if match.code is not None:
            match = self._decided(row, match, print_of_row)
        if match.code is not None:
            return self._park(row, match, print_of_row)
        return self._write(draft, match, outcome, class_id)

    def missing(self) -> tuple[Candidate, ...]:
        """Return the children on the register that the roster does not name: listed, never removed."""
        if not self._state.children:
            return ()
        day = self._options.data_date.isoformat()
        found = []
        for child in self._state.children.values():
            periods = self._state.of("registration", child.id, "left_behind")
            open_now = any(p.id > 0 and (p.valid_from or "") <= day < (p.valid_to or "9999") for p in periods)
            if open_now and not child.in_bin and child.id not in self._matcher.matched:
                found.append(self._matcher.candidate(child))
        return tuple(sorted(found, key=lambda candidate: (candidate.class_name, candidate.name)))

    # ---- rows that wait -------------------------------------------------------------------------------------------

    def _decided(self, row: _Read, match: Match, print_of_row: str) -> Match:
        """Follow the decision about a waiting row: one given now, else one given for the very same row before."""
        decision = self._options.decisions.get((row.draft.sheet, row.draft.row))
        if decision is None and match.code is ParkedCode.MAYBE_SAME_PERSON:
            decision = self._settled.get(print_of_row or fingerprint(row.draft.cells))
        if decision is None or decision.resolution is Resolution.DROPPED:
            return match
        child = self._by_uuid.get(decision.child_uuid or "")
        if match.code is not ParkedCode.MAYBE_SAME_PERSON:
            return match
        if child is not None:
            self._matcher.matched[child.id] = row.draft.sheet, row.draft.row
            return Match(child)
        in_bin = any(candidate.in_bin for candidate in match.candidates)
        return Match() if decision.resolution is Resolution.ADDED and not in_bin else match

    def _park(self, row: _Read, match: Match, print_of_row: str) -> PlannedRow:
        draft = row.draft
        raw = pack_row(draft, row.context)
        if (print_of_row or fingerprint(draft.cells)) not in self._waiting:
            known = [self._by_uuid[c.uuid].id for c in match.candidates if c.uuid in self._by_uuid]
            values = {
                "sheet": draft.sheet,
                "row_number": draft.row,
                "code": str(match.code),
                "reason": match.reason,
                "raw_json": raw,
                "child_id": known[0] if len(known) == 1 else None,
            }
            self.writer.insert("parked_row", values)
        return PlannedRow(
            sheet=draft.sheet,
            row=draft.row,
            address=address_of(draft, match.code),
            name=draft.name,
            class_name=draft.class_text,
            id_number=shown_number(draft),
            result=RowResult.PARKED,
            reason=match.reason,
            detail=match.detail,
            code=match.code,
            marks=tuple(draft.marks),
            candidates=match.candidates,
            raw=raw,
        )

    # ---- rows that go in ------------------------------------------------------------------------------------------

    def _write(self, draft: RowDraft, match: Match, outcome: RowOutcome, class_id: int | None) -> PlannedRow:
        known = match.known
        outcome.wrote, outcome.is_new = False, known is None
        child = plan_child(self.writer, draft, known, class_id)
        family = self._people.plan(draft, child, is_new=known is None)
        wrote = outcome.wrote
        marks = self._doubts(draft, child, known)
        if known is None:
            result, (reason, detail) = RowResult.NEW, words_of_new(draft, family)
        elif wrote:
            result, (reason, detail) = RowResult.UPDATED, words_of_update(outcome)
        else:
            result, reason, detail = RowResult.UNCHANGED, "和台账一样", ""
        if marks:
            detail = "；".join(part for part in (detail, marks[0].reason) if part)
        return PlannedRow(
            sheet=draft.sheet,
            row=draft.row,
            address=marks[0].address if marks and marks[0].address else address_of(draft, None),
            name=draft.name,
            class_name=self.writer.names.get(class_id, "") if class_id is not None else draft.class_text,
            id_number=shown_number(draft),
            result=result,
            reason=reason,
            detail=detail,
            changes=tuple(outcome.changes) if known is not None else (),
            marks=tuple(marks),
            child_uuid=known.uuid if known is not None else None,
            checked=draft.checked,
            child_id=child,
        )

    def _doubts(self, draft: RowDraft, child: int, known: Known | None) -> list[Mark]:
        """Plan a doubt per marked cell and return the marks; what somebody has looked at already is none."""
        before = self._state.doubts.get(child, []) if known is not None else []
        looked_at = {(field, code, raw) for _, field, code, raw, resolved in before if resolved is not None}
        open_now = {(field, code, raw) for _, field, code, raw, resolved in before if resolved is None}
        marks: list[Mark] = []
        for mark in draft.marks:
            key = (mark.field, mark.code, mark.raw or None)
            if key in looked_at:
                continue
            marks.append(mark)
            if key not in open_now:
                open_now.add(key)
                self.writer.insert(
                    "doubt",
                    {
                        "child_id": child,
                        "field": mark.field,
                        "code": mark.code,
                        "reason": mark.reason,
                        "raw": mark.raw or None,
                        "sheet": draft.sheet,
                        "row_number": draft.row,
                        "column_name": mark.column or None,
                    },
                )
        return marks


def _settled_rows(store: Store) -> Mapping[str, Decision]:
    """Return fingerprint → what was decided about the very same row in an earlier import."""
    rows = store.rows(
        "SELECT p.raw_json, p.resolution, c.uuid FROM parked_row p LEFT JOIN child c ON c.id = p.child_id"
        " AND c.deleted_at IS NULL WHERE p.resolution IS NOT NULL AND p.deleted_at IS NULL"
        " AND p.code = 'maybe_same_person' ORDER BY p.id"
    )
    return {
        fingerprint_of_packed(raw): Decision(Resolution(resolution), uuid) for raw, resolution, uuid in rows
    }


def _waiting_rows(store: Store) -> frozenset[str]:
    """Return the fingerprints of rows that are waiting, or were dropped: they are not kept a second time."""
    rows = store.rows(
        "SELECT raw_json FROM parked_row WHERE deleted_at IS NULL AND (resolution IS NULL OR resolution = 'dropped')"
    )
    return frozenset(fingerprint_of_packed(raw) for (raw,) in rows)
