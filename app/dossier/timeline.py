"""Everything that was done with or for one child, in one order: records, calls, promises, events, meetings, pairs, absences.

What changed in the child's own facts is dated there (``app.children.child_file``). Counselling is not here at all, and of
an incident only that there was one: both are restricted (decisions.md §1.10).
"""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from app.calls.log import log_of_child
from app.calls.log_facts import CallEntry
from app.diary.absences import absences
from app.diary.codes import Activity, IncidentKind, MeetingKind
from app.diary.facts import EventFacts, PromiseFacts
from app.diary.late import LateRule, late_rule
from app.diary.open_items import events, promises
from app.diary.queries import RecordFilters, records
from app.pairing.codes import Guidance, PairingEnd, PairingKind
from app.school.event_rules import EventRuleFacts, event_rules
from app.storage.store import Store


class Sort(StrEnum):
    """What an entry is, and under which word it can be shown alone."""

    RECORD = "record"
    CALL = "call"
    PROMISE = "promise"
    EVENT = "event"
    MEETING = "meeting"
    PAIRING = "pairing"
    PLAN = "plan"
    ABSENCE = "absence"
    INCIDENT = "incident"
    SURVEY = "survey"

    @property
    def label(self) -> str:
        """Return the word for it."""
        return _LABELS[self]


_LABELS = {
    Sort.RECORD: "记录",
    Sort.CALL: "亲情电话",
    Sort.PROMISE: "承诺",
    Sort.EVENT: "必访事件",
    Sort.MEETING: "会议",
    Sort.PAIRING: "结对",
    Sort.PLAN: "帮扶计划",
    Sort.ABSENCE: "缺席与劝返",
    Sort.INCIDENT: "突发事件",
    Sort.SURVEY: "摸底核实",
}


class TimelineEntry(Struct, frozen=True, kw_only=True):
    """One thing that happened. ``day`` is ISO in its own precision, ``uuid`` the row it stands in.

    ``activity`` only for records; ``late_days`` is how much later than the school's limit it was written down, 0 = in
    time, ``pictures`` how many photographs and scans lie with a record.
    """

    day: str
    sort: Sort
    head: str
    uuid: str
    activity: Activity | None = None
    by: str = ""
    text: str = ""
    guidances: frozenset[Guidance] = frozenset()
    late_days: int = 0
    pictures: int = 0

    @property
    def late_words(self) -> str:
        """Return 补录（12 天）; "" for what was written down in time."""
        return f"补录（{self.late_days} 天）" if self.late_days else ""


class Timeline(Struct, frozen=True):
    """The entries of a child, newest first, and what is open: promises, the one due first first, and events.

    ``rules`` are the events that can be reported.
    """

    child_uuid: str
    entries: tuple[TimelineEntry, ...]
    promises: tuple[PromiseFacts, ...]
    events: tuple[EventFacts, ...] = ()
    rules: tuple[EventRuleFacts, ...] = ()


def timeline(store: Store, child_uuid: str) -> Timeline:
    """Return what was done with or for a child; empty for one that is unknown or in the recycle bin."""
    late = late_rule(store)
    of_child = promises(store, "c.uuid = ?", (child_uuid,))
    happened = events(store, "c.uuid = ?", (child_uuid,))
    found = [
        *_records(store, child_uuid),
        *(_call(entry) for entry in log_of_child(store, child_uuid)),
        *_promises(of_child),
        *_events(happened, late),
        *_meetings(store, child_uuid, late),
        *_pairs(store, child_uuid),
        *_plans(store, child_uuid, late),
        *_absences(store, child_uuid),
        *_incidents(store, child_uuid, late),
        *_surveys(store, child_uuid),
    ]
    found.sort(key=lambda entry: entry.day, reverse=True)
    return Timeline(
        child_uuid,
        tuple(found),
        tuple(one for one in of_child if one.is_open),
        tuple(one for one in happened if one.is_open),
        event_rules(store),
    )


def _records(store: Store, child: str) -> Iterator[TimelineEntry]:
    for line in records(store, RecordFilters(child_uuid=child), limit=None):
        yield TimelineEntry(
            day=line.happened_on,
            sort=Sort.RECORD,
            head=line.kind.label,
            uuid=line.uuid,
            activity=line.kind,
            by=line.supporter_name,
            text=line.text,
            guidances=line.guidances,
            late_days=line.late_days,
            pictures=line.pictures,
        )


def _call(entry: CallEntry) -> TimelineEntry:
    who = f"{entry.relation}{entry.who}"
    length = f"{entry.minutes} 分钟" if entry.minutes else ""
    later = f"改到 {entry.rescheduled_to.replace('T', ' ')}" if entry.rescheduled_to else ""
    facts = (
        entry.outcome.label,
        who,
        entry.medium.label,
        length,
        entry.mood.label if entry.mood else "",
        later,
    )
    said = f"孩子说：{entry.said}" if entry.said else ""
    promised = f"答应：{entry.promise}" if entry.promise else ""
    return TimelineEntry(
        day=entry.happened_on,
        sort=Sort.CALL,
        head=Sort.CALL.label,
        uuid=entry.uuid,
        by=entry.staff_name,
        text="。".join(part for part in ("，".join(fact for fact in facts if fact), said, promised) if part),
        late_days=entry.late_days,
    )


def _promises(known: tuple[PromiseFacts, ...]) -> Iterator[TimelineEntry]:
    for one in known:
        if one.is_open:
            continue  # also where the record that had kept it lies in the recycle bin
        if one.kept_on:
            yield TimelineEntry(
                day=one.kept_on,
                sort=Sort.PROMISE,
                head="兑现了",
                uuid=one.uuid,
                by=one.supporter_name,
                text=one.content,
            )
        elif one.given_up_on:
            text = f"{one.content}（{one.note}）" if one.note else one.content
            yield TimelineEntry(
                day=one.given_up_on,
                sort=Sort.PROMISE,
                head="不再办",
                uuid=one.uuid,
                by=one.supporter_name,
                text=text,
            )


def _events(known: tuple[EventFacts, ...], late: LateRule) -> Iterator[TimelineEntry]:
    for one in known:
        if one.withdrawn_on:
            then = f"已撤回：{one.withdrawn_note}"
        else:
            then = f"还没有{one.activity.label}" if one.is_open else f"已{one.activity.label}"
        yield TimelineEntry(
            day=one.happened_on,
            sort=Sort.EVENT,
            head=one.name,
            uuid=one.uuid,
            by=one.supporter_name,
            text="，".join(part for part in (one.note, then) if part),
            late_days=late.days(one.happened_on, one.entered_on),
        )


def _meetings(store: Store, child: str, late: LateRule) -> Iterator[TimelineEntry]:
    rows = store.rows(
        "SELECT m.uuid, m.kind, m.happened_on, m.entered_on, m.topic, a.came, coalesce(p.name, a.attendee), a.relation"
        " FROM attendance a JOIN meeting m ON m.id = a.meeting_id JOIN child c ON c.id = a.child_id"
        " LEFT JOIN person p ON p.id = a.person_id"
        " WHERE c.uuid = ? AND c.deleted_at IS NULL AND a.deleted_at IS NULL AND m.deleted_at IS NULL",
        (child,),
    )
    for uuid, kind, day, entered, topic, came, who, relation in rows:
        named = " ".join(part for part in (relation, who) if part)
        there = (f"到会：{named}" if named else "家里来人了") if came else "家里没有来"
        yield TimelineEntry(
            day=day,
            sort=Sort.MEETING,
            head=MeetingKind(kind).label,
            uuid=uuid,
            text=f"{topic}。{there}",
            late_days=late.days(day, entered),
        )


def _pairs(store: Store, child: str) -> Iterator[TimelineEntry]:
    rows = store.rows(
        "SELECT q.uuid, q.kind, q.valid_from, q.valid_to, q.end_reason, q.end_note, coalesce(t.name, s.name, b.name)"
        " FROM pairing q JOIN child c ON c.id = q.child_id LEFT JOIN supporter s ON s.id = q.supporter_id"
        " LEFT JOIN staff t ON t.id = s.staff_id LEFT JOIN child b ON b.id = q.buddy_id"
        " WHERE c.uuid = ? AND c.deleted_at IS NULL AND q.deleted_at IS NULL",
        (child,),
    )
    for uuid, kind, since, until, reason, note, name in rows:
        what = PairingKind(kind).label
        if since:
            yield TimelineEntry(day=since, sort=Sort.PAIRING, head="结对", uuid=uuid, text=f"{what} {name}")
        if until:
            ended = PairingEnd.of(reason)
            why = "，".join(part for part in (ended.label if ended else "", note) if part)
            text = f"{what} {name}" + (f"：{why}" if why else "")
            yield TimelineEntry(day=until, sort=Sort.PAIRING, head="结对结束", uuid=uuid, text=text)


def _plans(store: Store, child: str, late: LateRule) -> Iterator[TimelineEntry]:
    rows = store.rows(
        "SELECT h.uuid, h.happened_on, h.entered_on, h.content, h.reaction, h.effect FROM help_stage h"
        " JOIN child c ON c.id = h.child_id JOIN help_plan p ON p.id = h.help_plan_id"
        " WHERE c.uuid = ? AND c.deleted_at IS NULL AND h.deleted_at IS NULL AND p.deleted_at IS NULL",
        (child,),
    )
    for uuid, day, entered, *texts in rows:
        yield TimelineEntry(
            day=day,
            sort=Sort.PLAN,
            head="帮扶计划阶段",
            uuid=uuid,
            text="，".join(text for text in texts if text),
            late_days=late.days(day, entered),
        )


def _absences(store: Store, child: str) -> Iterator[TimelineEntry]:
    for one in absences(store, child_uuid=child):
        why = one.reason.label if one.reason else ""
        text = "，".join(part for part in (why, one.note) if part)
        yield TimelineEntry(
            day=one.happened_on,
            sort=Sort.ABSENCE,
            head="没有到校",
            uuid=one.uuid,
            text=text,
            late_days=one.late_days,
        )
        for day, head in (
            (one.suspected_on, "列为疑似辍学"),
            (one.dropout_on, "列为辍学"),
            (one.returned_on, "返校"),
        ):
            if day:
                yield TimelineEntry(day=day, sort=Sort.ABSENCE, head=head, uuid=one.uuid)
        if one.closed_on:
            reason = one.closed_reason.label if one.closed_reason else ""
            yield TimelineEntry(day=one.closed_on, sort=Sort.ABSENCE, head="销号", uuid=one.uuid, text=reason)
        for tried in one.persuasions:
            result = tried.result.label if tried.result else ""
            yield TimelineEntry(
                day=tried.happened_on,
                sort=Sort.ABSENCE,
                head=f"第 {tried.number} 次劝返",
                uuid=one.uuid,
                by=tried.persons or "",
                text="，".join(part for part in (tried.course, result) if part),
                late_days=tried.late_days,
            )


def _incidents(store: Store, child: str, late: LateRule) -> Iterator[TimelineEntry]:
    rows = store.rows(
        "SELECT i.uuid, i.kind, i.found_at, i.entered_on FROM incident i JOIN child c ON c.id = i.child_id"
        " WHERE c.uuid = ? AND c.deleted_at IS NULL AND i.deleted_at IS NULL",
        (child,),
    )
    for uuid, kind, found_at, entered in rows:
        day = found_at[:10]
        yield TimelineEntry(
            day=day,
            sort=Sort.INCIDENT,
            head="突发事件",
            uuid=uuid,
            text=f"{IncidentKind(kind).label}。经过不在这里，在「日记」的突发事件里看。",
            late_days=late.days(day, entered),
        )


def _surveys(store: Store, child: str) -> Iterator[TimelineEntry]:
    rows = store.rows(
        "SELECT k.uuid, k.checked_on, k.checked_by, k.changed, k.note, v.name FROM survey_check k"
        " JOIN survey v ON v.id = k.survey_id JOIN child c ON c.id = k.child_id"
        " WHERE c.uuid = ? AND c.deleted_at IS NULL AND k.deleted_at IS NULL AND v.deleted_at IS NULL",
        (child,),
    )
    for uuid, day, who, changed, note, name in rows:
        text = "，".join(part for part in (name, "有变化" if changed else "没有变化", note) if part)
        yield TimelineEntry(day=day, sort=Sort.SURVEY, head="已核实", uuid=uuid, by=who, text=text)
