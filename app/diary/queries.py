"""Reading the diary: lists, one record, the last of each kind, coverage of the four guidances."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from app.diary.attachments import attachments
from app.diary.codes import Activity, Medium, Topic
from app.diary.drafts import TEXTS, PromiseDraft, RecordDraft
from app.diary.facts import Coverage, RecordFacts, RecordLine
from app.diary.late import late_rule
from app.diary.lines import IN_CLASS, LIVE, SUPPORTER_ID, LineReader, in_json, newest_first
from app.diary.open_items import events, promises
from app.pairing.codes import Guidance
from app.storage.store import Store

# Table and column names below are our own.
# ruff: noqa: S608


class RecordFilters(Struct, frozen=True, kw_only=True):
    """Which records a list shows; what is not given does not narrow it. Days are ISO, both ends count.

    ``guidances``: records with any of them; ``untagged``: with none of the four. ``class_uuid``: the child was in that
    class on the day of the record. ``late``: written down later than the school's limit.
    """

    child_uuid: str | None = None
    kinds: frozenset[Activity] = frozenset()
    guidances: frozenset[Guidance] = frozenset()
    untagged: bool = False
    class_uuid: str | None = None
    supporter_uuid: str | None = None
    since: str | None = None
    until: str | None = None
    late: bool = False


def records(
    store: Store, filters: RecordFilters, *, limit: int | None = 200, before: RecordLine | None = None
) -> tuple[RecordLine, ...]:
    """Return the newest records, ``limit`` of them (None = all); ``before`` goes on after the last line shown."""
    where, params = filter_sql(store, filters)
    if before is not None:
        where += " AND (r.happened_on, r.id) < (?, ?)"
        params += [before.happened_on, before.id]
    rest = newest_first() + ("" if limit is None else f" LIMIT {int(limit)}")
    return LineReader(store).read(where, params, rest=rest)


def lines_of(store: Store, ids: Sequence[int]) -> tuple[RecordLine, ...]:
    """Return the lines of these records, in this order; one that is in the recycle bin by now is left out."""
    found = {line.id: line for line in LineReader(store).read(in_json("r.id"), (json.dumps(ids),))}
    return tuple(found[id] for id in ids if id in found)


def count_records(store: Store, filters: RecordFilters) -> int:
    """Return how many records the filters let through."""
    where, params = filter_sql(store, filters)
    # Only of some kinds does the index of the last days hold all that is asked.
    live = LIVE.removeprefix("+") if filters.kinds else LIVE
    sql = (
        f"SELECT count(*) FROM care_record r CROSS JOIN child c ON c.id = r.child_id WHERE {live} AND {where}"
    )
    return int(store.rows(sql, params)[0][0])


def filter_sql(store: Store, filters: RecordFilters) -> tuple[str, list[Any]]:
    """Return the filters as SQL on the record ``r`` of the child ``c``, with its parameters."""
    where: list[str] = ["1"]
    params: list[Any] = []

    def add(condition: str, *values: object) -> None:
        where.append(condition)
        params.extend(values)

    if filters.child_uuid is not None:
        add("r.child_id = (SELECT id FROM child WHERE uuid = ?)", filters.child_uuid)
    if filters.kinds:
        add(in_json("r.kind"), json.dumps(sorted(filters.kinds)))
    if filters.guidances:
        add("(" + " OR ".join(f"r.{one.value} = 1" for one in sorted(filters.guidances)) + ")")
    if filters.untagged:
        add("r.mind = 0 AND r.life = 0 AND r.study = 0 AND r.conduct = 0")
    if filters.class_uuid is not None:
        of_class = "e.school_class_id = (SELECT id FROM school_class WHERE uuid = ?)"
        # Who was ever in the class is looked up once and leads to the records; then the day decides.
        add(f"r.child_id IN (SELECT e.child_id FROM enrolment e WHERE {of_class})", filters.class_uuid)
        add(f"EXISTS (SELECT 1 FROM enrolment e WHERE {IN_CLASS} AND {of_class})", filters.class_uuid)
    if filters.supporter_uuid is not None:
        add(f"r.supporter_id = ({SUPPORTER_ID})", filters.supporter_uuid)
    if filters.since is not None:
        add("r.happened_on >= ?", filters.since)
    if filters.until is not None:
        add("r.happened_on <= ?", filters.until)
    if filters.late:
        rule = late_rule(store)
        steps = " ".join("WHEN r.entered_on >= ? THEN ?" for _ in rule.starts)
        latest_first = reversed(tuple(zip(rule.starts, rule.numbers, strict=True)))
        most = f"CASE {steps} ELSE {rule.limit('')} END" if steps else str(rule.limit(""))
        add(
            f"julianday(r.entered_on) - julianday(r.happened_on) > {most}",
            *(value for pair in latest_first for value in pair),
        )
    return " AND ".join(where), params


def record(store: Store, uuid: str) -> RecordFacts | None:
    """Return everything about one record, ready to be changed in a form; None when there is none."""
    lines = LineReader(store).read("r.uuid = ?", (uuid,))
    if not lines:
        return None
    line = lines[0]
    row = store.one(
        "SELECT r.ended, r.minutes, r.topic, r.place, p.uuid, coalesce(p.name, ''), r.present,"
        " (SELECT f.uuid FROM care_record f WHERE f.id = r.follows_id),"
        " (SELECT f.uuid FROM care_record f WHERE f.follows_id = r.id AND f.deleted_at IS NULL ORDER BY f.id LIMIT 1),"
        f" {', '.join(f'r.{name}' for name in TEXTS)}"
        " FROM care_record r LEFT JOIN person p ON p.id = r.person_id WHERE r.uuid = ?",
        (uuid,),
    )
    if row is None:
        return None
    made = promises(store, "p.care_record_id = ?", (line.id,))
    kept = promises(store, "p.kept_record_id = ?", (line.id,))
    closed = events(store, "e.closed_by_id = ?", (line.id,))
    draft = RecordDraft(
        uuid=line.uuid,
        children=(line.child_uuid,),
        kind=line.kind,
        happened_on=line.happened_on,
        started=line.started,
        ended=row[0],
        minutes=row[1],
        medium=Medium.of(line.medium),
        topic=Topic.of(row[2]),
        place=row[3],
        supporter_uuid=line.supporter_uuid,
        person_uuid=row[4],
        present=row[6],
        guidances=line.guidances,
        follow_up_on=line.follow_up_on,
        follows_uuid=row[7],
        contacted=line.contacted,
        promises=tuple(PromiseDraft(content=one.content, due_on=one.due_on, uuid=one.uuid) for one in made),
        kept=tuple(one.uuid for one in kept),
        closes=tuple(one.uuid for one in closed),
        **dict(zip(TEXTS, row[9:], strict=True)),
    )
    return RecordFacts(
        line=line,
        draft=draft,
        person_name=row[5],
        promises=made,
        kept=kept,
        events=closed,
        attachments=attachments(store, record_uuid=uuid),
        followed_by=row[8],
        others=_others(store, line),
    )


def last_of_each(store: Store, child_uuid: str) -> dict[Activity, RecordLine]:
    """Return the last record of each kind that a child has."""
    found: dict[Activity, RecordLine] = {}
    for line in LineReader(store).read(
        "r.id IN (SELECT (SELECT l.id FROM care_record l WHERE l.child_id = x.id AND l.kind = k.value"
        " AND l.deleted_at IS NULL ORDER BY l.happened_on DESC, l.id DESC LIMIT 1)"
        " FROM (SELECT id FROM child WHERE uuid = ?) x, json_each(?) k)",
        (child_uuid, json.dumps(list(Activity))),
    ):
        found[line.kind] = line
    return found


def last_days(store: Store, kinds: Iterable[Activity]) -> dict[str, str]:
    """Return child uuid → the last day on which something of these kinds was done with it."""
    # One look into the index (child, kind, day) per child and kind: a grouping would read every record.
    rows = store.rows(
        "SELECT c.uuid, max(coalesce((SELECT max(r.happened_on) FROM care_record r WHERE r.child_id = c.id"
        " AND r.kind = k.value AND r.deleted_at IS NULL), '')) FROM child c, json_each(?) k"
        " WHERE c.deleted_at IS NULL GROUP BY c.id",
        (json.dumps(sorted(kinds)),),
    )
    return {uuid: day for uuid, day in rows if day}


def guidance_coverage(store: Store, since: str, until: str) -> dict[str, Coverage]:
    """Return child uuid → its records from ``since`` to ``until`` by guidance; a child without records is not there."""
    rows = store.rows(
        "SELECT c.uuid, sum(r.mind), sum(r.life), sum(r.study), sum(r.conduct), count(*) FROM child c"
        # From child to child along the covering index: by day, every record of the term would be looked up.
        " CROSS JOIN care_record r ON r.child_id = c.id AND r.happened_on BETWEEN ? AND ? AND r.deleted_at IS NULL"
        " WHERE c.deleted_at IS NULL GROUP BY c.id",
        (since, until),
    )
    return {row[0]: Coverage(*row[1:]) for row in rows}


def _others(store: Store, line: RecordLine) -> tuple[tuple[str, str], ...]:
    """Return (uuid, child's name) of the other rows of one occasion."""
    if line.occasion is None:
        return ()
    rows = store.rows(
        "SELECT r.uuid, c.name FROM care_record r JOIN child c ON c.id = r.child_id WHERE r.happened_on = ?"
        " AND r.kind = ? AND r.occasion = ? AND r.id <> ? AND r.deleted_at IS NULL ORDER BY r.id",
        (line.happened_on, line.kind.value, line.occasion, line.id),
    )
    return tuple((uuid, name) for uuid, name in rows)
