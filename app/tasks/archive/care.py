"""What the archive sheet tells of the care work: who looks after the child, the term's plan, what was done this school year."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from app.calls.codes import Outcome
from app.calls.log import read_calls
from app.calls.log_facts import CallEntry
from app.diary.codes import Activity
from app.diary.queries import RecordFilters
from app.diary.register import FullRecord, full_records
from app.pairing.codes import PairingEnd, PairingKind
from app.paper.archive_data import CareWork, PairEntry, PlanEntry, TrackingEntry
from app.school.queries import school_calendar, school_years
from app.storage.store import Store
from app.tasks.registers.words import guidances_of, told

# What is done every week is counted; it fills a journal of its own (form 5.14).
_COUNTED = (Activity.TUTORING, Activity.GROWTH_JOURNAL, Activity.CONTACT, Activity.GOOD_NEWS, Activity.LETTER)
_AIMS = (("心理", "aim_mind"), ("生活", "aim_life"), ("学习", "aim_study"), ("行为", "aim_conduct"))


def care_work(store: Store, day: date, uuids: Sequence[str]) -> Mapping[str, CareWork]:
    """Return the care work of these children up to ``day``: pairs ever, the plan of the term, records of the school year."""
    ids = json.dumps(list(uuids))
    pairs, plans = _pairs(store, ids, day), _plans(store, ids, day)
    since = school_years(store).start_of(school_years(store).year_of(day))
    filters = RecordFilters(since=since.isoformat(), until=day.isoformat())
    records: dict[str, list[FullRecord]] = {}
    for record in full_records(store, filters, child_uuids=uuids):
        records.setdefault(record.line.child_uuid, []).append(record)
    calls: dict[str, list[CallEntry]] = {}
    for entry in read_calls(
        store,
        "c.uuid IN (SELECT value FROM json_each(?)) AND a.happened_on BETWEEN ? AND ?",
        (ids, since.isoformat(), day.isoformat()),
        order="a.happened_on, a.id",
    ):
        calls.setdefault(entry.child_uuid, []).append(entry)
    return {
        uuid: CareWork(
            pairs=tuple(pairs.get(uuid, ())),
            plan=plans.get(uuid),
            tracking=tuple(_in_order(_tracking(records.get(uuid, ())), _told_calls(calls.get(uuid, ())))),
            counted=_counts(records.get(uuid, ()), calls.get(uuid, ())),
        )
        for uuid in uuids
    }


def _pairs(store: Store, ids: str, day: date) -> dict[str, list[PairEntry]]:
    found: dict[str, list[PairEntry]] = {}
    for uuid, kind, name, duty, since, until, reason, focus in store.rows(
        "SELECT c.uuid, p.kind, coalesce(s.name, f.name, b.name), coalesce(s.duty, f.duty, ''), p.valid_from, p.valid_to,"
        " p.end_reason, p.focus FROM pairing p JOIN child c ON c.id = p.child_id"
        " LEFT JOIN supporter s ON s.id = p.supporter_id LEFT JOIN staff f ON f.id = s.staff_id"
        " LEFT JOIN child b ON b.id = p.buddy_id"
        " WHERE c.uuid IN (SELECT value FROM json_each(?)) AND p.deleted_at IS NULL AND coalesce(p.valid_from, '') <= ?"
        " ORDER BY p.valid_to IS NOT NULL, p.valid_from DESC, p.id",
        (ids, day.isoformat()),
    ):
        ended = until is not None and until <= day.isoformat()
        end = f"{until}，{PairingEnd(reason).label}" if ended and reason else (until or "") if ended else ""
        found.setdefault(uuid, []).append(
            PairEntry(
                kind=PairingKind(kind).label,
                supporter="，".join(part for part in (name, duty) if part),
                since=since or "",
                until=end,
                focus=focus or "",
            )
        )
    return found


def _plans(store: Store, ids: str, day: date) -> dict[str, PlanEntry]:
    term = school_calendar(store).term_in_force(day)
    aims = ", ".join(f"p.{column}" for _, column in _AIMS)
    found: dict[str, PlanEntry] = {}
    for plan_id, uuid, situation, effect, *texts in store.rows(
        f"SELECT p.id, c.uuid, p.situation, p.effect, {aims} FROM help_plan p JOIN child c ON c.id = p.child_id"  # noqa: S608
        " JOIN term t ON t.id = p.term_id JOIN school_year y ON y.id = t.school_year_id"
        " WHERE c.uuid IN (SELECT value FROM json_each(?)) AND p.deleted_at IS NULL AND y.start_year = ? AND t.ordinal = ?",
        (ids, term.school_year, term.ordinal),
    ):
        named = zip((word for word, _ in _AIMS), texts, strict=True)
        measures = store.rows(
            "SELECT content, planned_for FROM help_measure WHERE help_plan_id = ? AND deleted_at IS NULL ORDER BY position, id",
            (plan_id,),
        )
        found[uuid] = PlanEntry(
            term=term.words,
            situation=situation or "",
            aims="\n".join(f"{word}：{text}" for word, text in named if text),
            measures="\n".join(f"{text}（{when}）" if when else text for text, when in measures),
            effect=effect or "",
        )
    return found


def _tracking(records: Iterable[FullRecord]) -> Iterable[TrackingEntry]:
    for record in records:
        line = record.line
        if line.kind not in _COUNTED:
            yield TrackingEntry(
                day="\n".join(part for part in (line.happened_on, record.late) if part),
                kind="\n".join(part for part in (line.kind.label, guidances_of(record)) if part),
                by=line.supporter_name,
                content=told(record, masked=False, without=("plan",)),
                after="\n".join(
                    part
                    for part in (
                        record.text("plan"),
                        f"{line.follow_up_on} 跟进" if line.follow_up_on else "",
                        *(f"承诺：{promise}" for promise in record.promises),
                    )
                    if part
                ),
            )


def _told_calls(calls: Iterable[CallEntry]) -> Iterable[TrackingEntry]:
    """Yield the calls of which there is something to tell: what the child said, what was promised. The rest is counted."""
    for entry in calls:
        if entry.said or entry.promise:
            length = f"，{entry.minutes} 分钟" if entry.minutes else ""
            head = f"{entry.outcome.label}{length}，{entry.relation}{entry.who}".rstrip("，")
            yield TrackingEntry(
                day="\n".join(part for part in (entry.happened_on, entry.late_words) if part),
                kind="亲情电话",
                by=entry.staff_name,
                content="\n".join(part for part in (head, entry.said) if part),
                after=f"承诺：{entry.promise}" if entry.promise else "",
            )


def _in_order(records: Iterable[TrackingEntry], calls: Iterable[TrackingEntry]) -> list[TrackingEntry]:
    return sorted([*records, *calls], key=lambda entry: entry.day)


def _counts(records: Iterable[FullRecord], calls: Sequence[CallEntry]) -> str:
    kinds = [record.line.kind for record in records]
    counted = [f"{kind.label} {kinds.count(kind)} 次" for kind in _COUNTED if kind in kinds]
    if calls:
        through = sum(entry.outcome is Outcome.CONNECTED for entry in calls)
        counted.append(f"亲情电话 {len(calls)} 次（接通 {through} 次）")
    return "，".join(counted)
