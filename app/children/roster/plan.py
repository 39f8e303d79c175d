"""Planning an import: every row with what becomes of it, and every write that follows. Nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn

from app.children.roster.changed_days import ChangedDays
from app.children.roster.compared import Compared, RowOfClass, compared_classes, strays
from app.children.roster.context import RowContext
from app.children.roster.draft import Cells, Mark, RowDraft
from app.children.roster.families import Families
from app.children.roster.gone import answered, asked_of, is_asked, with_left_out
from app.children.roster.ledger_state import Known, LedgerState, read_ledger
from app.children.roster.match import Match, Matcher
from app.children.roster.model import (
    Candidate,
    ImportPlan,
    ParkedCode,
    PlannedRow,
    Resolution,
    RosterOptions,
    RowResult,
    SheetMapping,
)
from app.children.roster.outcome import RowOutcome
from app.children.roster.parse import read_row
from app.children.roster.plan_child import plan_child
from app.children.roster.plan_classes import PlannedClasses
from app.children.roster.plan_none import plan_none
from app.children.roster.plan_people import FamilyFound, PeoplePlanner
from app.children.roster.plan_words import (
    address_of,
    column_notes,
    row_notes,
    shown_number,
    words_of_new,
    words_of_unchanged,
    words_of_update,
)
from app.children.roster.raw_rows import fingerprint, pack_row
from app.children.roster.rows import SkippedRow
from app.children.roster.second_list import GROWN_UPS
from app.children.roster.settled import settled_rows, waiting_rows
from app.children.roster.sheet import RosterFile
from app.children.roster.sheet_rows import ReadRow, TextsNow, read_sheet
from app.children.roster.sheets import sheet_notes
from app.children.roster.uncollected import uncollected
from app.children.roster.writer import PlanWriter
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.school.queries import all_classes, school_shape, school_years
from app.school.rules import ClassRef, class_name
from app.storage.store import Store


def plan_import(
    store: Store,
    roster: RosterFile,
    mappings: Sequence[SheetMapping],
    options: RosterOptions,
    *,
    now: TextsNow | None = None,
    progress: Progress = no_progress,
) -> ImportPlan:
    """Return what importing the ticked sheets would do.

    ``now`` is what our class sheet would say of the children today; without it no row is compared with its print.
    UserError ``import.…`` when no sheet is ticked or one has no name column; Cancelled when ``progress`` says so.
    """
    chosen = [mapping for mapping in mappings if mapping.selected]
    if not chosen:
        _refuse_unread(roster, mappings)
    with uncollected():
        return _plan(store, roster, mappings, options, now or {}, progress)


def _refuse_unread(roster: RosterFile, mappings: Sequence[SheetMapping]) -> NoReturn:
    """Say why no sheet is read: a header without a name column, one without children below it, or none at all."""
    headed = [mapping for mapping in mappings if mapping.header is not None]
    named = [m for m in headed if any(choice.target == "child.name" for choice in m.choices)]
    if named and not any(mapping.rows for mapping in named):
        raise refuse("import.no_rows", name=roster.name)
    if headed and not named:
        raise refuse("import.no_name_column", sheet=headed[0].sheet.name)
    if any(mapping.why == GROWN_UPS for mapping in named):
        raise refuse("import.grown_ups", name=roster.name)
    raise refuse("import.no_header", name=roster.name)


def _plan(
    store: Store,
    roster: RosterFile,
    mappings: Sequence[SheetMapping],
    options: RosterOptions,
    now: TextsNow,
    progress: Progress,
) -> ImportPlan:
    read: list[ReadRow] = []
    skipped: list[SkippedRow] = []
    notes: list[str] = []
    for mapping in mappings:
        if mapping.selected:
            rows_of_sheet, found = read_sheet(store, roster.name, mapping, options, now, progress)
            read += rows_of_sheet
            skipped += found.skipped
        notes += sheet_notes(mapping)
    if not read:
        raise refuse("import.no_rows", name=roster.name)
    planner = _Planner(store, options, read)
    rows: list[PlannedRow] = []
    for number, row in enumerate(read, start=1):
        if number % 50 == 0:
            progress(number, len(read), "正在核对")
        rows.append(planner.plan_row(row))
    compared = compared_classes(planner.standing)
    return ImportPlan(
        file_name=roster.name,
        file_sha256=roster.sha256,
        options=options,
        rows=with_left_out(rows, options),
        skipped=tuple(skipped),
        new_classes=planner.classes.new_names(),
        missing=planner.missing(rows, compared),
        compared_with=planner.words_of(compared),
        strays=strays(planner.standing, compared, planner.class_names),
        notes=(*column_notes(rows), *notes, *row_notes(rows)),
        writes=planner.writer.writes(),
        class_refs=dict(planner.classes.new),
        commit_no=store.commit_no,
    )


def plan_cells(
    store: Store, sheet: str, row: int, cells: Cells, context: RowContext, options: RosterOptions
) -> ImportPlan:
    """Return what importing one row by itself would do: a parked row that was put right."""
    read = ReadRow(read_row(sheet, row, cells, context), context)
    planner = _Planner(store, options, [read], remember=False)
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


class _Planner:
    """Plans one row after the other; knows the ledger, the classes and the rows before."""

    def __init__(
        self, store: Store, options: RosterOptions, read: Sequence[ReadRow], *, remember: bool = True
    ) -> None:
        day = options.data_date
        self._options = options
        self._state: LedgerState = read_ledger(store, day.isoformat())
        known = all_classes(store, day)
        refs = frozenset(row.draft.class_ref for row in read if row.draft.class_ref is not None)
        self.writer = PlanWriter(self._state, options)
        self.classes = PlannedClasses(known, refs, self.writer.words.class_names)
        self._shape, self._years = school_shape(store), school_years(store)
        self.writer.words.class_names.update({facts.id: facts.name for facts in known})
        self._matcher = Matcher(self._state, day.isoformat(), {facts.id: facts for facts in known})
        self._people = PeoplePlanner(self.writer, Families.of_ledger(self._state))
        self.standing: list[RowOfClass] = []
        self._settled = settled_rows(store) if remember else {}
        self._waiting = waiting_rows(store) if remember else frozenset()
        self._by_uuid = self._matcher.by_uuid
        self._days = ChangedDays(store, self._state)
        for row in read:
            if row.key:
                self._matcher.claim(row.key, row.draft)

    def plan_row(self, row: ReadRow) -> PlannedRow:
        """Plan one row."""
        draft = row.draft
        outcome = self.writer.begin(draft)
        keeps_class = row.since is not None and row.since.keeps_class
        ref, class_id = (draft.class_ref, None) if keeps_class else self.classes.resolve(draft)
        if class_id in self.classes.new and class_id is not None:
            facts = class_name(self.classes.new[class_id], self._options.data_date, self._years, self._shape)
            self.writer.words.class_names[class_id] = facts
        has_number = bool(draft.id_number or draft.registry_no)
        print_of_row = "" if has_number and draft.name else fingerprint(draft.cells)
        asked_for = self._by_uuid.get(row.asks_for)
        match = (
            self._matcher.match(draft, ref, print_of_row)
            if asked_for is None
            else self._whose_key(row, asked_for)
        )
        asked_who = match.code is not None
        decided = self._by_uuid.get(self._options.same_child or "")
        if decided is not None and match.code is not ParkedCode.NO_NAME:
            match = Match(decided)
        if match.code is not None:
            match = self._decided(row, match, print_of_row)
        if match.code is None:
            match = self._still_here(row, match, print_of_row, asked_who=asked_who)
        if match.code is not None:
            return self._park(row, match, match.code, print_of_row)
        return self._write(row, match, outcome, class_id, ref)

    @property
    def class_names(self) -> Mapping[ClassRef, str]:
        """Return the names of the classes on the data date, of those to be made too."""
        refs = {facts.id: facts.ref for facts in self.classes.known} | self.classes.new
        return {refs[one]: name for one, name in self.writer.words.class_names.items() if one in refs}

    def words_of(self, compared: Compared) -> str:
        """Return with which classes a file is compared; "" for the whole school."""
        names = self.class_names
        refs = compared.refs or frozenset()
        return "、".join(sorted(names.get(ref, "") if ref else "没有编班的儿童" for ref in refs))

    def missing(self, rows: Iterable[PlannedRow], compared: Compared) -> tuple[Candidate, ...]:
        """Return the children on the register whom the roster ought to name and does not: listed, never removed.

        Whom a waiting row may be about is asked about there, and not said to be missing as well.
        """
        asked_about = {candidate.uuid for row in rows for candidate in row.candidates}
        if not self._state.children:
            return ()
        day = self._options.data_date.isoformat()
        found = []
        for child in self._state.children.values():
            periods = self._state.of("registration", child.id, "left_behind")
            open_now = any(p.id > 0 and (p.valid_from or "") <= day < (p.valid_to or "9999") for p in periods)
            named = child.id in self._matcher.matched or child.uuid in asked_about
            if not open_now or child.in_bin or named:
                continue
            now = self._matcher.in_class(child)
            if compared.covers(now.ref if now else None):
                found.append(self._matcher.candidate(child))
        return tuple(sorted(found, key=lambda candidate: (candidate.class_name, candidate.name)))

    # ---- rows that wait -------------------------------------------------------------------------------------------

    def _whose_key(self, row: ReadRow, child: Known) -> Match:
        """Ask whether the row is the child whose key it carries."""
        return Match(
            code=ParkedCode.MAYBE_SAME_PERSON,
            reason=row.question,
            detail=f"这一行印的是{child.values['name']}；是同一人就更新，是另一人就加为新的一名",
            candidates=(self._matcher.candidate(child),),
        )

    def _decided(self, row: ReadRow, match: Match, print_of_row: str) -> Match:
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

    def _still_here(self, row: ReadRow, match: Match, print_of_row: str, *, asked_who: bool) -> Match:
        """Ask about a row that says the child may have left, unless it was decided that it goes in.

        Where ``asked_who`` the child is was decided, the remark stays with the child as a doubt.
        """
        draft = row.draft
        if not is_asked(draft):
            return match
        before = self._state.doubts.get(match.known.id, ()) if match.known is not None else ()
        asked = asked_of(draft, match, self._matcher, [(code, raw or "") for _, _, code, raw, _ in before])
        decision = self._options.decisions.get((draft.sheet, draft.row)) or self._settled.get(
            print_of_row or fingerprint(draft.cells)
        )
        if asked.code is None or decision is None or decision.resolution is Resolution.DROPPED:
            return asked
        if not asked_who:
            answered(draft)
        return match

    def _park(self, row: ReadRow, match: Match, code: ParkedCode, print_of_row: str) -> PlannedRow:
        draft = row.draft
        raw = pack_row(draft, row.context, row.printed, asks="" if code == code.kept_as else str(code))
        if (print_of_row or fingerprint(draft.cells)) not in self._waiting:
            known = [self._by_uuid[c.uuid].id for c in match.candidates if c.uuid in self._by_uuid]
            values = {
                "sheet": draft.sheet,
                "row_number": draft.row,
                "code": code.kept_as,
                "reason": match.reason,
                "raw_json": raw,
                "child_id": known[0] if len(known) == 1 else None,
            }
            self.writer.insert("parked_row", values)
        return PlannedRow(
            sheet=draft.sheet,
            row=draft.row,
            address=address_of(draft, code),
            name=draft.name,
            class_name=draft.class_text,
            id_number=shown_number(draft),
            result=RowResult.PARKED,
            reason=match.reason,
            detail=match.detail,
            code=code,
            marks=tuple(draft.marks),
            candidates=match.candidates,
            raw=raw,
        )

    # ---- rows that go in ------------------------------------------------------------------------------------------

    def _write(
        self, row: ReadRow, match: Match, outcome: RowOutcome, class_id: int | None, ref: ClassRef | None
    ) -> PlannedRow:
        draft, known = row.draft, match.known
        outcome.wrote, outcome.is_new = False, known is None
        standing = self._standing(row, known, ref)
        self.standing.append(standing)
        family = FamilyFound()
        if known is not None and row.since is not None and not row.since.edited:
            child = known.id
        else:
            child = plan_child(
                self.writer,
                draft,
                known,
                None if standing.keeps or (known and draft.class_carried) else class_id,
                returns=not (standing.keeps and standing.exited_on),
            )
            family = self._people.plan(draft, child, is_new=known is None)
        if known is not None:
            plan_none(self.writer, draft, known)
        wrote = outcome.wrote
        if known is not None and row.since is not None:
            self._days.ask(draft, row.since, known, self._options.data_date)
        marks = self._doubts(draft, child, known)
        if known is None:
            result, (reason, detail) = RowResult.NEW, words_of_new(draft, family)
        elif wrote:
            result, (reason, detail) = RowResult.UPDATED, words_of_update(outcome)
        else:
            result, reason, detail = RowResult.UNCHANGED, words_of_unchanged(row.since), ""
        kept = row.since.words if row.since is not None else ""
        detail = "；".join(part for part in (detail, *(mark.reason for mark in marks[:1])) if part)
        return PlannedRow(
            sheet=draft.sheet,
            row=draft.row,
            address=marks[0].address if marks and marks[0].address else address_of(draft, None),
            name=draft.name,
            class_name=self.writer.words.class_names.get(class_id, "")
            if class_id is not None
            else draft.class_text,
            id_number=shown_number(draft) or str((known.values["id_number"] if known else None) or ""),
            result=result,
            reason=reason,
            detail=detail,
            changes=tuple(outcome.changes) if known is not None else (),
            marks=tuple(marks),
            child_uuid=known.uuid if known is not None else None,
            checked=draft.checked,
            check_written=draft.check_written,
            child_id=child,
            kept=kept,
            class_carried=draft.class_carried and known is None,
        )

    def _standing(self, row: ReadRow, known: Known | None, ref: ClassRef | None) -> RowOfClass:
        """Return in which class row and ledger have the child, before anything of the row is planned."""
        draft, is_collection = row.draft, row.context.is_collection
        if known is None:
            return RowOfClass(sheet=draft.sheet, name=draft.name, in_row=ref, is_collection=is_collection)
        now = self._matcher.in_class(known)
        return RowOfClass(
            sheet=draft.sheet,
            name=draft.name,
            in_row=ref,
            in_ledger=now.ref if now else None,
            past=self._matcher.past_classes(known),
            exited_on=self._matcher.exited_on(known),
            known=True,
            is_collection=is_collection,
            is_ours=is_collection and draft.uuid == known.uuid,
            is_as_printed=row.since is not None and row.since.keeps_class,
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
