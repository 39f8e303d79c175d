"""From a table of call results to a plan: each row a new call, a known one, or one that waits with its reason."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from app.calls.codes import CallMedium, Outcome
from app.calls.importing_model import CallsImportPlan, ParkedCode, PlannedCallResult
from app.calls.importing_reading import WORDS, ReadCall, parted, read_call
from app.calls.log_checking import check_call
from app.calls.log_drafts import LogDraft
from app.children.roster.sheet import RosterFile
from app.core.errors import UserError
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.core.text import mask_numbers, normalise_name
from app.diary.drafts import PromiseDraft, draft_uuid, row_uuid
from app.diary.importing.model import RowResult
from app.diary.importing.people import People
from app.diary.importing.plan import pack
from app.diary.importing.sheets import (
    DiarySheet,
    RawCell,
    RawRecord,
    hidden_words,
    read_records,
    survey_sheet,
    unknown_words,
)
from app.storage.store import Store

_STEP = 200
_Mark = tuple[int, str, str, str, str]  # child, day, outcome, hour, who: what makes two rows the same call
_PLAN = "是通话安排，不是打过的电话"
_SHARED = {"no_child": ParkedCode.NO_CHILD, "several_children": ParkedCode.SEVERAL_CHILDREN}


def plan_calls_import(
    store: Store, book: RosterFile, *, sheet: str | None = None, progress: Progress = no_progress
) -> CallsImportPlan:
    """Return what importing the table would do; nothing is written.

    ``sheet`` reads that sheet only, else every one with a table of calls. UserError ``import.no_such_sheet``,
    ``call_import.no_header``, ``call_import.no_rows``.
    """
    surveyed = [
        replace(one, header_row=None, why=_PLAN) if _is_plan(one) else one
        for one in (survey_sheet(one, WORDS) for one in book.sheets)
    ]
    told = [
        f"「{one.sheet.name}」没有读：{one.why}"
        for one in surveyed
        if one.header_row is None and one.sheet.rows
    ]
    if sheet is not None:
        surveyed = [one for one in surveyed if one.sheet.name.strip() == sheet.strip()]
        if not surveyed:
            names = "、".join(one.name for one in book.sheets)
            raise refuse("import.no_such_sheet", name=book.name, sheet=sheet, sheets=names)
    read = [one for one in surveyed if one.header_row is not None]
    if not read:
        raise refuse("call_import.no_header", name=book.name)
    rows = [
        part
        for one in read
        for row in read_records(one)
        for part in _of_occasion(_with_outcome(row, one), book.sha256)
    ]
    if not rows:
        raise refuse("call_import.no_rows", name=book.name)
    told += [words for one in read for words in (hidden_words(one), unknown_words(one)) if words]
    planner = CallPlanner(store)
    planned = []
    for number, (row, occasion) in enumerate(rows):
        if number % _STEP == 0:
            progress(number, len(rows), "正在核对")
        planned.append(planner.plan(row, occasion=occasion))
    return CallsImportPlan(book.name, book.sha256, tuple(planned), tuple(told), store.commit_no)


def _with_outcome(row: RawRecord, sheet: DiarySheet) -> RawRecord:
    """Return the row with its outcome, be it empty: where there is a column for it, an empty cell is no answer."""
    if "outcome" in row.cells:
        return row
    empty = tuple(RawCell(header, "", "") for header, field in sheet.columns.values() if field == "outcome")
    return replace(row, cells={**row.cells, "outcome": empty}) if empty else row


def _of_occasion(row: RawRecord, sha256: str) -> Iterator[tuple[RawRecord, str | None]]:
    """Yield a row for each child it names; brothers and sisters of one row share the call, so its occasion too."""
    parts = tuple(parted(row))
    occasion = occasion_of_row(sha256, row.sheet, row.row) if len(parts) > 1 else None
    for part in parts:
        yield part, occasion


def occasion_of_row(sha256: str, sheet: str, number: int) -> str:
    """Return what the children of one row of one file share: the same also when one of them waits and is put right."""
    return row_uuid(sha256, f"{sheet}/{number}", first=False)


def _is_plan(one: DiarySheet) -> bool:
    """Tell whether a sheet is the plan and no log: what is only to come is no call."""
    first = one.sheet.cell(one.sheet.first_row, one.sheet.first_column)
    return any("安排" in str(text) and "记录" not in str(text) for text in (one.sheet.name, first))


class CallPlanner:
    """Plans rows one after the other; knows what is on file and what came before in the same table.

    ``among_waiting``: a row that waits already is known. It is not when such a row itself is looked at anew.
    """

    def __init__(self, store: Store, *, among_waiting: bool = True) -> None:
        self._store = store
        self._people = People(store)
        self._today = store.clock.today()
        self._seen: set[_Mark] = set()
        self._calls: dict[int, set[_Mark]] = {}
        self._kin: dict[int, list[tuple[str, str]]] = {}
        live = "WHERE deleted_at IS NULL"
        self._staff = _by_name(store.rows(f"SELECT name, uuid FROM staff {live}"))  # noqa: S608  # our own words
        self._lines = _by_name(store.rows(f"SELECT name, uuid FROM call_line {live}"))  # noqa: S608
        for child, relation, uuid in store.rows(
            "SELECT k.child_id, k.relation, p.uuid FROM kinship k JOIN person p ON p.id = k.person_id"
            " WHERE k.deleted_at IS NULL AND p.deleted_at IS NULL ORDER BY k.valid_to IS NOT NULL, k.id"
        ):
            self._kin.setdefault(child, []).append((relation, uuid))
        waiting = "SELECT raw_json FROM call_parked WHERE resolution IS NULL AND deleted_at IS NULL"
        self._waiting = {row[0] for row in store.rows(waiting)} if among_waiting else set()

    def plan(
        self, row: RawRecord, *, child: tuple[int, str, str] | None = None, occasion: str | None = None
    ) -> PlannedCallResult:
        """Return what becomes of a row; ``child`` (key, uuid, name) is whose a person has said it is.

        ``occasion`` is what it shares with the other children of its row.
        """
        base: dict[str, Any] = {
            "sheet": row.sheet,
            "row": row.row,
            "packed": pack(row),
            "cells": row.texts(),
            "written_name": row.text("name"),
        }
        read = read_call(row, self._today)
        base["happened_on"] = read.happened_on
        if read.code is not None and not read.happened_on:
            return self._parked(base, read.code, read.reason)
        if child is None:
            match = self._people.child(row, read.happened_on)
            if match.pupil is None:
                code = _SHARED.get(match.code or "", ParkedCode.NO_CHILD)
                return self._parked(base, code, match.reason, child_id=match.maybe)
            child = (match.pupil.id, match.pupil.uuid, match.pupil.name)
        if read.code is not None or read.outcome is None:
            return self._parked(base, read.code or ParkedCode.NO_OUTCOME, read.reason, child_id=child[0])
        draft = replace(self._draft(child, read, read.outcome), occasion=occasion)
        try:
            check_call(self._store, draft)
        except UserError as refused:
            return self._parked(base, ParkedCode.CANNOT_BE, refused.what, child_id=child[0])
        mark = self._mark(child[0], draft)
        result = RowResult.KNOWN if mark in self._seen or mark in self._on_file(child[0]) else RowResult.NEW
        self._seen.add(mark)
        return PlannedCallResult(**base, result=result, child_id=child[0], child_name=child[2], draft=draft)

    def _draft(self, child: tuple[int, str, str], read: ReadCall, outcome: Outcome) -> LogDraft:
        person = self._person(child[0], read)
        staff = self._staff.get(_teacher(read.staff))
        line = self._lines.get(normalise_name(read.line))
        notes = [read.note] if read.note else []
        if read.staff and staff is None:
            notes.append(f"值班：{read.staff}")
        if read.line and line is None and read.medium is None:
            notes.append(f"线路：{read.line}")
        named = "" if person else "，".join(part for part in (read.relation_words, read.person) if part)
        return LogDraft(
            uuid=draft_uuid(),
            child_uuid=child[1],
            happened_on=read.happened_on,
            outcome=outcome,
            medium=read.medium or self._medium(line),
            started=read.started,
            minutes=read.minutes,
            line_uuid=line,
            person_uuid=person,
            spoke_with=named or None,
            mood=read.mood,
            said=read.said,
            promise=PromiseDraft(content=read.promise) if read.promise else None,
            rescheduled_to=read.put_off if outcome is Outcome.RESCHEDULED else None,
            staff_uuid=staff,
            note="；".join(notes) or None,
        )

    def _person(self, child_id: int, read: ReadCall) -> str | None:
        """Return the grown-up of the child whom the row names, else the one of that relation when there is just one."""
        if read.person:
            key = self._people.carer(child_id, read.person)
            if key is not None:
                row = self._store.one("SELECT uuid FROM person WHERE id = ?", (key,))
                return str(row[0]) if row else None
        kin = list(
            dict.fromkeys(uuid for relation, uuid in self._kin.get(child_id, ()) if relation == read.relation)
        )
        # A name that is nobody's on file is another person, whatever the relation.
        only_relation = not read.person or WORDS.codes("relation").get(read.person) is not None
        return kin[0] if len(kin) == 1 and only_relation else None

    def _medium(self, line_uuid: str | None) -> CallMedium:
        row = self._store.one("SELECT medium FROM call_line WHERE uuid = ?", (line_uuid,))
        return CallMedium(row[0]) if row else CallMedium.PHONE

    def _parked(
        self, base: Mapping[str, Any], code: ParkedCode, reason: str, *, child_id: int | None = None
    ) -> PlannedCallResult:
        if base["packed"] in self._waiting:
            told = f"{reason}（已在待处理里）"
            return PlannedCallResult(
                **base, result=RowResult.WAITING, child_id=child_id, code=code, reason=told
            )
        return PlannedCallResult(**base, result=RowResult.PARKED, child_id=child_id, code=code, reason=reason)

    def _mark(self, child_id: int, draft: LogDraft) -> _Mark:
        # A number that somebody wrote there comes back masked.
        who = draft.person_uuid or mask_numbers(draft.spoke_with or "")
        return child_id, draft.happened_on, draft.outcome.value, draft.started or "", who

    def _on_file(self, child_id: int) -> set[_Mark]:
        """Return the calls a child has already, be it in the recycle bin: what was removed does not come back."""
        if child_id not in self._calls:
            self._calls[child_id] = {
                (child_id, day, outcome, started or "", uuid or mask_numbers(spoke or ""))
                for day, outcome, started, uuid, spoke in self._store.rows(
                    "SELECT a.happened_on, a.outcome, a.started, p.uuid, a.spoke_with FROM affection_call a"
                    " LEFT JOIN person p ON p.id = a.person_id WHERE a.child_id = ?",
                    (child_id,),
                )
            }
        return self._calls[child_id]


def _by_name(rows: list[tuple[Any, ...]]) -> dict[str, str]:
    """Return uuid by name; a name that two have is nobody's."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for name, uuid in rows:
        key = normalise_name(name)
        if key in found:
            twice.add(key)
        found[key] = uuid
    return {name: uuid for name, uuid in found.items() if name not in twice}


def _teacher(text: str) -> str:
    name = normalise_name(text)
    for title in ("老师", "教师"):
        name = name.removesuffix(title)
    return name
