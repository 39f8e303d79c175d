"""From a workbook to a plan: each row a new record, a known one, or one that waits with its reason."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.children.roster.sheet import RosterFile
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.diary.codes import Activity
from app.diary.drafts import TEXTS
from app.diary.importing.model import DiaryPlan, ParkedCode, PlannedRecord, RowResult
from app.diary.importing.people import People
from app.diary.importing.reading import read_record
from app.diary.importing.sheets import (
    SEALED_WORDS,
    DiarySheet,
    RawCell,
    RawRecord,
    hidden_words,
    is_counselling,
    read_records,
    survey_sheet,
    unknown_words,
)
from app.diary.importing.words import code_in
from app.diary.rules import before_birth
from app.storage.store import Store

_STEP = 500
KIND_HEADER = "类别"
_Mark = tuple[
    int, str, str, str
]  # child, kind, day, texts without spaces: what makes two rows the same record


def plan_diary(
    store: Store, roster: RosterFile, *, sheet: str | None = None, progress: Progress = no_progress
) -> DiaryPlan:
    """Return what importing the workbook would do; nothing is written.

    ``sheet`` reads that sheet only, else every one with a table of records. UserError ``import.no_such_sheet``,
    ``diary_import.no_header``, ``diary_import.sealed``, ``diary_import.no_rows``.
    """
    surveyed = [survey_sheet(one) for one in roster.sheets]
    told = [
        f"「{one.sheet.name}」没有读：{one.why}"
        for one in surveyed
        if one.header_row is None and one.sheet.rows
    ]
    if sheet is not None:
        surveyed = [one for one in surveyed if one.sheet.name.strip() == sheet.strip()]
        if not surveyed:
            names = "、".join(one.name for one in roster.sheets)
            raise refuse("import.no_such_sheet", name=roster.name, sheet=sheet, sheets=names)
    read = [one for one in surveyed if one.header_row is not None]
    if not read:
        sealed = any(one.why == SEALED_WORDS for one in surveyed)
        raise refuse("diary_import.sealed" if sealed else "diary_import.no_header", name=roster.name)
    found = [row for one in read for row in read_records(one)]
    if not found:
        raise refuse("diary_import.no_rows", name=roster.name)
    rows = [row for row in found if not is_counselling(row)]
    if len(rows) < len(found):
        told.append(f"有 {len(found) - len(rows)} 行没有读：{SEALED_WORDS}")
    told += [words for one in read for words in _told(one) if words]
    planner = Planner(store)
    planned = []
    for number, row in enumerate(rows):
        if number % _STEP == 0:
            progress(number, len(rows), "正在核对")
        planned.append(planner.plan(row))
    return DiaryPlan(roster.name, roster.sha256, tuple(planned), tuple(told), store.commit_no)


class Planner:
    """Plans rows one after the other; knows what is on file and what came before in the same workbook.

    ``among_waiting``: a row that waits already is known. It is not when such a row itself is looked at anew.
    """

    def __init__(self, store: Store, *, among_waiting: bool = True) -> None:
        self._store = store
        self._people = People(store)
        self._today = store.clock.today()
        self._seen: set[_Mark] = set()
        self._records: dict[int, dict[tuple[str, str], list[tuple[Any, ...]]]] = {}
        waiting = "SELECT raw_json FROM diary_parked WHERE resolution IS NULL AND deleted_at IS NULL"
        kept = store.rows(waiting) if among_waiting else []
        self._waiting = {_waiting_mark(unpack(raw)) for (raw,) in kept}

    def plan(self, row: RawRecord, *, child: tuple[int, str, str] | None = None) -> PlannedRecord:
        """Return what becomes of a row; ``child`` (key, uuid, name) is whose a person has said it is."""
        packed = pack(row)
        base: dict[str, Any] = {
            "sheet": row.sheet,
            "row": row.row,
            "packed": packed,
            "cells": row.texts(),
            "written_name": row.text("name"),
        }
        read = read_record(row, self._today)
        if read.code is not None and not read.happened_on:
            return self._parked(base, read.code, read.reason)
        if child is None:
            match = self._people.child(row, read.happened_on)
            if match.pupil is None:
                code = match.code or ParkedCode.NO_CHILD
                return self._parked(base, code, match.reason, child_id=match.maybe)
            child = (match.pupil.id, match.pupil.uuid, match.pupil.name)
        born = self._people.born(child[0])
        if before_birth(read.happened_on, born):
            reason = f"日期 {read.happened_on} 在出生日期 {born} 以前"
            return self._parked(base, ParkedCode.BAD_DATE, reason, child_id=child[0])
        if read.code is not None or read.values is None or read.kind is None:
            return self._parked(base, read.code or ParkedCode.EMPTY, read.reason, child_id=child[0])
        values = dict(read.values)
        supporter = self._people.supporter(read.supporter) if read.supporter else None
        if read.supporter and supporter is None:
            # Who is on no list is not lost: the name stands with those who were there.
            values["present"] = "、".join(part for part in (values["present"], read.supporter) if part)
        if read.carer:
            values["person_id"] = self._people.carer(child[0], read.carer)
            if values["person_id"] is None:
                values["content"] = "\n".join(
                    part for part in (values["content"], f"监护人：{read.carer}") if part
                )
        mark = _mark(child[0], values)
        result = RowResult.KNOWN if mark in self._seen or self._is_on_file(mark) else RowResult.NEW
        self._seen.add(mark)
        return PlannedRecord(
            **base,
            child_id=child[0],
            child_uuid=child[1],
            child_name=child[2],
            result=result,
            kind=read.kind,
            happened_on=read.happened_on,
            values=values,
            supporter=supporter,
            promise=read.promise,
            promise_due=read.promise_due,
        )

    def _parked(
        self, base: Mapping[str, Any], code: ParkedCode, reason: str, *, child_id: int | None = None
    ) -> PlannedRecord:
        if _waiting_mark(unpack(base["packed"])) in self._waiting:
            return PlannedRecord(
                **base,
                result=RowResult.WAITING,
                child_id=child_id,
                code=code,
                reason=f"{reason}（已在待处理里）",
            )
        return PlannedRecord(**base, result=RowResult.PARKED, child_id=child_id, code=code, reason=reason)

    def _is_on_file(self, mark: _Mark) -> bool:
        """Tell whether a child has the record already, be it in the recycle bin: what was removed does not come back."""
        child_id, kind, day, texts = mark
        records = self._records.get(child_id)
        if records is None:
            records = self._records[child_id] = {}
            columns = ", ".join(TEXTS)
            for row in self._store.rows(
                f"SELECT kind, happened_on, {columns} FROM care_record WHERE child_id = ?",  # noqa: S608  # our own names
                (child_id,),
            ):
                records.setdefault((row[0], row[1]), []).append(row[2:])
        return any(_bare(found) == texts for found in records.get((kind, day), ()))


def pack(row: RawRecord) -> str:
    """Return a row as it is kept while it waits: every filled cell with field, header and text."""
    cells: list[dict[str, str | None]] = [
        {"field": field, "header": cell.header, "text": cell.text}
        for field, found in row.cells.items()
        for cell in found
    ]
    cells += [{"field": None, "header": cell.header, "text": cell.text} for cell in row.other]
    kept = {"sheet": row.sheet, "row": row.row, "kind": row.kind, "base_1904": row.base_1904, "cells": cells}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def unpack(packed: str, fixes: Mapping[str, str] | None = None) -> RawRecord:
    """Return a kept row; ``fixes`` (field → text, "" clears) go over what stood there."""
    kept = json.loads(packed)
    cells: dict[str, list[RawCell]] = {}
    other: list[RawCell] = []
    for entry in kept["cells"]:
        cell = RawCell(entry["header"], entry["text"], entry["text"])
        if entry["field"] is None:
            other.append(cell)
        else:
            cells.setdefault(entry["field"], []).append(cell)
    for field, text in (fixes or {}).items():
        header = cells[field][0].header if field in cells else field
        cells.pop(field, None)
        if text.strip():
            cells[field] = [RawCell(header, text.strip(), text.strip())]
    filled = {field: tuple(found) for field, found in cells.items()}
    return RawRecord(kept["sheet"], kept["row"], filled, tuple(other), kept["kind"], kept["base_1904"])


def _waiting_mark(row: RawRecord) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return what makes two waiting rows the same, wherever they stand: also one that went out as a list and came back."""
    cells = [cell for field, found in row.cells.items() if field != "kind" for cell in found]
    said = row.text("kind")
    kind = code_in("kind", said) or said or row.kind
    return kind, tuple(sorted((cell.header, "".join(cell.text.split())) for cell in (*cells, *row.other)))


def cells_to_go_out(packed: str) -> tuple[tuple[str, str], ...]:
    """Return (header, text) of a kept row for a list; what only the sheet's title said of its kind becomes a column."""
    row = unpack(packed)
    if row.kind and not row.text("kind"):
        return (*row.texts(), (KIND_HEADER, Activity(row.kind).label))
    return row.texts()


def _mark(child_id: int, values: Mapping[str, Any]) -> _Mark:
    texts: Sequence[str | None] = [values[name] for name in TEXTS]
    return child_id, values["kind"], values["happened_on"], _bare(texts)


def _bare(texts: Iterable[str | None]) -> str:
    return "\x1f".join("".join((text or "").split()) for text in texts)


def _told(one: DiarySheet) -> tuple[str, str]:
    return hidden_words(one), unknown_words(one)
