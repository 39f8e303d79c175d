"""Reading whole records for registers and sheets: every text, with the people in words, in the order of the days."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from app.children.codes import Relation
from app.diary.codes import Topic
from app.diary.drafts import TEXTS
from app.diary.facts import RecordLine
from app.diary.late import late_words
from app.diary.lines import OPEN_PROMISE, LineReader, in_json
from app.diary.queries import RecordFilters, filter_sql
from app.school.event_rules import event_name
from app.storage.store import Store

# Table and column names below are our own.
# ruff: noqa: S608

_COLUMNS = ("ended", "minutes", "topic", "place", "present", *TEXTS)


class FullRecord(Struct, frozen=True):
    """One record whole. ``texts`` by column, only what was written; ``carer`` is who was spoken with, ``promises`` the
    words of what was promised then, with 已兑现 where it was kept; ``events`` are those that the record answers. ``duty``
    is the 职务 of who did it, as the staff list or the list of supporters has it now; "" = not known.
    """

    line: RecordLine
    ended: str | None
    minutes: int | None
    topic: Topic | None
    place: str
    present: str
    carer: str
    texts: Mapping[str, str]
    promises: tuple[str, ...]
    events: tuple[str, ...] = ()
    duty: str = ""

    @property
    def late(self) -> str:
        """Return 补录（12 天）, "" when it was written down in time."""
        return late_words(self.line.late_days)

    def text(self, *columns: str) -> str:
        """Return some of the texts, one per line."""
        return "\n".join(self.texts[name] for name in columns if self.texts.get(name))


def full_records(
    store: Store,
    filters: RecordFilters,
    *,
    uuids: Collection[str] | None = None,
    child_uuids: Collection[str] | None = None,
) -> tuple[FullRecord, ...]:
    """Return the records that ``filters`` (and ``uuids``, ``child_uuids``) let through, whole, the earliest first."""
    where, params = filter_sql(store, filters)
    if uuids is not None:
        where, params = f"{where} AND {in_json('r.uuid')}", [*params, json.dumps(list(uuids))]
    if child_uuids is not None:
        where, params = f"{where} AND {in_json('c.uuid')}", [*params, json.dumps(list(child_uuids))]
    lines = LineReader(store).read(where, params, rest="ORDER BY r.happened_on, r.id")
    ids = json.dumps([line.id for line in lines])
    names, promised, answered = _carers(store), _promises(store, ids), _events(store, ids)
    duties = duties_of_supporters(store)
    rows = {
        row[0]: row[1:]
        for row in store.rows(
            f"SELECT id, child_id, person_id, {', '.join(_COLUMNS)} FROM care_record WHERE {in_json('id')}",
            (ids,),
        )
    }
    return tuple(
        _whole(
            line,
            rows[line.id],
            names,
            promised.get(line.id, ()),
            answered.get(line.id, ()),
            duties.get(line.supporter_uuid or "", ""),
        )
        for line in lines
    )


def _whole(
    line: RecordLine,
    row: tuple[Any, ...],
    names: Mapping[tuple[int, int], str],
    promises: Sequence[str],
    events: Sequence[str],
    duty: str,
) -> FullRecord:
    child_id, person_id, ended, minutes, topic, place, present, *texts = row
    return FullRecord(
        line=line,
        ended=ended,
        minutes=minutes,
        topic=Topic.of(topic),
        place=place or "",
        present=present or "",
        carer="" if person_id is None else names.get((child_id, person_id), ""),
        texts={name: text for name, text in zip(TEXTS, texts, strict=True) if text},
        promises=tuple(promises),
        events=tuple(events),
        duty=duty,
    )


def duties_of_supporters(store: Store) -> dict[str, str]:
    """Return the 职务 of every supporter by uuid, of a member of staff that of the staff list."""
    return dict(
        store.rows(
            "SELECT s.uuid, coalesce(t.duty, s.duty, '') FROM supporter s LEFT JOIN staff t ON t.id = s.staff_id"
        )
    )


def _promises(store: Store, ids: str) -> dict[int, list[str]]:
    """Return what was promised in these records, in words."""
    found: dict[int, list[str]] = {}
    for record_id, content, due, kept, given_up in store.rows(
        # One whose keeping record lies in the recycle bin is open again.
        f"SELECT p.care_record_id, p.content, p.due_on, CASE WHEN {OPEN_PROMISE} THEN NULL ELSE p.kept_on END,"
        f" p.given_up_on FROM promise p WHERE {in_json('p.care_record_id')} AND p.deleted_at IS NULL ORDER BY p.id",
        (ids,),
    ):
        state = (
            f"（{kept} 已兑现）" if kept else "（不再办）" if given_up else f"（约定 {due}）" if due else ""
        )
        found.setdefault(record_id, []).append(f"{content}{state}")
    return found


def _events(store: Store, ids: str) -> dict[int, list[str]]:
    """Return what had happened that these records answer, in words: 身体不佳（2026-11-10）."""
    found: dict[int, list[str]] = {}
    for record_id, code, day in store.rows(
        f"SELECT closed_by_id, rule_code, happened_on FROM trigger_event WHERE {in_json('closed_by_id')}"
        " AND deleted_at IS NULL ORDER BY happened_on, id",
        (ids,),
    ):
        found.setdefault(record_id, []).append(f"{event_name(store, code)}（{day}）")
    return found


def _carers(store: Store) -> dict[tuple[int, int], str]:
    """Return what every grown-up is to a child, with the name: 奶奶 田秀莲."""
    return {
        (child, person): " ".join(part for part in (label or Relation(relation).label, name) if part)
        for child, person, relation, label, name in store.rows(
            "SELECT k.child_id, k.person_id, k.relation, k.label, p.name FROM kinship k JOIN person p ON p.id = k.person_id"
            " WHERE k.deleted_at IS NULL ORDER BY k.id"
        )
    }
