"""Meetings (家长会, 座谈会 …) with who came for which child."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct, field

from app.children.contacts import contact_chain
from app.children.identity import tidy_text
from app.children.periods import key_of
from app.children.queries import load_facts
from app.children.tables import Child, Person
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.case_parts import AREAS, check_times, child_heads, clock_or_none, past_day
from app.diary.codes import MeetingKind
from app.diary.late import late_rule
from app.diary.tables import Attendance, Meeting
from app.pairing.service_supporters import ensure_supporter
from app.school.queries import all_classes
from app.school.tables import SchoolClass
from app.storage.action import Action
from app.storage.base import new_uuid
from app.storage.entry_day import entry_day
from app.storage.service import service
from app.storage.store import Store

MOST_AT_ONCE = 600
"""Families that are asked to one meeting at most: more fit into no hall, and are ticked by nobody."""


class AttendanceLine(Struct, frozen=True, kw_only=True):
    """One child of a meeting: whether somebody ``came`` for it (None = not on the list), who, with what number."""

    child_uuid: str
    child_name: str
    class_name: str
    came: bool | None = None
    person_uuid: str | None = None
    attendee: str = ""
    relation: str = ""
    phone: str = ""
    note: str | None = None


class AttendanceDraft(Struct, frozen=True, kw_only=True):
    """Whether somebody came for a child, and who."""

    child_uuid: str
    came: bool
    person_uuid: str | None = None
    attendee: str | None = None
    relation: str | None = None
    note: str | None = None


class MeetingDraft(Struct, frozen=True, kw_only=True):
    """A meeting as typed, whole, its list too. ``present_count`` when only heads were counted; ``uuid`` is the form's.

    ``host_uuid`` is a key of ``app.pairing``: a supporter's uuid, or that of a member of staff.
    """

    kind: MeetingKind
    happened_on: str
    topic: str
    uuid: str = field(default_factory=new_uuid)
    started: str | None = None
    ended: str | None = None
    class_uuid: str | None = None
    host_uuid: str | None = None
    place: str | None = None
    content: str | None = None
    decision: str | None = None
    present_count: int | None = None
    attendance: tuple[AttendanceDraft, ...] = ()


class MeetingFacts(Struct, frozen=True, kw_only=True):
    """One meeting. ``came`` of ``asked`` children had somebody there; ``class_name`` "" = of the whole school."""

    uuid: str
    kind: MeetingKind
    happened_on: str
    entered_on: str
    late_days: int
    started: str | None
    ended: str | None
    class_uuid: str | None
    class_name: str
    host_uuid: str | None
    host: str
    place: str | None
    topic: str
    content: str | None
    decision: str | None
    present_count: int | None
    asked: int
    came: int

    @property
    def present_words(self) -> str:
        """Return who was there in numbers: 到会 28 家，应到 31 家; 到会 40 人; "" when nothing is known."""
        if self.asked:
            return f"到会 {self.came} 家，应到 {self.asked} 家"
        return "" if self.present_count is None else f"到会 {self.present_count} 人"


@service
def save_meeting(store: Store, *, draft: MeetingDraft, by: str | None = None) -> Changes:
    """Write a meeting with its list, or what was changed in one.

    UserError ``case.missing`` without a topic, ``meeting.attendance_twice``, ``case.times``, ``case.future``, ``diary.day``.
    """
    values = _columns(store, draft)
    if len({line.child_uuid for line in draft.attendance}) < len(draft.attendance):
        raise refuse("meeting.attendance_twice")
    lines = {key_of(store, Child, line.child_uuid): _line_columns(store, line) for line in draft.attendance}
    row = store.one("SELECT id FROM meeting WHERE uuid = ? AND deleted_at IS NULL", (draft.uuid,))
    verb = "记下" if row is None else "改了"
    words = f"{verb}{draft.kind.label}（{values['happened_on']}）"
    with store.action(words, kind="meeting.save", by=by) as action:
        values["host_id"] = ensure_supporter(store, action, draft.host_uuid) if draft.host_uuid else None
        if row is None:
            key = int(action.insert(Meeting, uuid=draft.uuid, entered_on=entry_day(store), **values))
        else:
            key = int(row[0])
            action.update(Meeting, draft.uuid, **values)
        _write_lines(store, action, key, lines)
        return action.changes(AREAS)


@service
def remove_meeting(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Move a meeting with its list to the recycle bin. UserError ``row.unknown``."""
    key = key_of(store, Meeting, uuid)
    row = store.one("SELECT kind, happened_on FROM meeting WHERE id = ?", (key,))
    words = "" if row is None else f"{MeetingKind(row[0]).label}（{row[1]}）"
    with store.action(f"删了{words}", kind="meeting.remove", by=by) as action:
        for (line,) in store.rows(
            "SELECT uuid FROM attendance WHERE meeting_id = ? AND deleted_at IS NULL", (key,)
        ):
            action.soft_delete(Attendance, line)
        action.soft_delete(Meeting, uuid)
        return action.changes(AREAS)


def meetings(
    store: Store, *, since: date | None = None, until: date | None = None, kinds: Sequence[MeetingKind] = ()
) -> tuple[MeetingFacts, ...]:
    """Return the meetings, the newest first: of the days since … until (both in), of these kinds (all when none)."""
    found = _read(
        store,
        " AND m.happened_on >= ? AND m.happened_on <= ?",
        (since.isoformat() if since else "", until.isoformat() if until else "9999"),
    )
    return tuple(one for one in found if not kinds or one.kind in kinds)


def meeting(store: Store, uuid: str) -> MeetingFacts:
    """Return one meeting. UserError ``row.unknown``."""
    found = _read(store, " AND m.uuid = ?", (uuid,))
    if not found:
        raise refuse("row.unknown")
    return found[0]


def attendance(store: Store, uuid: str) -> tuple[AttendanceLine, ...]:
    """Return the list of a meeting as it was written, in class order."""
    facts = meeting(store, uuid)
    rows = store.rows(
        "SELECT a.child_id, c.uuid, a.came, p.uuid, a.attendee, a.relation, a.note FROM attendance a"
        " JOIN meeting m ON m.id = a.meeting_id JOIN child c ON c.id = a.child_id"
        " LEFT JOIN person p ON p.id = a.person_id"
        " WHERE m.uuid = ? AND a.deleted_at IS NULL AND c.deleted_at IS NULL",
        (uuid,),
    )
    written = {row[1]: row for row in rows}
    day = date.fromisoformat(facts.happened_on)
    return tuple(
        AttendanceLine(
            child_uuid=offered.child_uuid,
            child_name=offered.child_name,
            class_name=offered.class_name,
            came=bool(row[2]),
            person_uuid=row[3],
            attendee=row[4] or "",
            relation=row[5] or "",
            phone=offered.phone if row[4] == offered.attendee else "",
            note=row[6],
        )
        for offered in _offered(store, day, written)
        if (row := written[offered.child_uuid])
    )


def attendance_offer(store: Store, *, on: date, class_uuid: str | None = None) -> tuple[AttendanceLine, ...]:
    """Return who is to be asked to a meeting: the children on the ledger of that day, of one class or all, in class order.

    With each stands whom to call first: most often it is who comes. Of a school with more than ``MOST_AT_ONCE`` children
    nobody is offered at once: it meets class by class.
    """
    key = None if class_uuid is None else key_of(store, SchoolClass, class_uuid)
    heads = child_heads(store, on, school_class_id=key)
    if key is None and len(heads) > MOST_AT_ONCE:
        return ()
    return _offered(store, on, [head.uuid for head in heads.values()], only_ledger=True)


# ---- inside ---------------------------------------------------------------------------------------------------------


def _offered(
    store: Store, on: date, uuids: Sequence[str] | dict[str, tuple[object, ...]], *, only_ledger: bool = False
) -> tuple[AttendanceLine, ...]:
    found = []
    for facts in load_facts(store, on, uuids=uuids):
        if only_ledger and not facts.on_ledger:
            continue
        first = next(iter(contact_chain(facts)), None)
        person = first.person if first else None
        found.append(
            AttendanceLine(
                child_uuid=facts.uuid,
                child_name=facts.name,
                class_name=facts.enrolment.school_class.name if facts.enrolment else "",
                person_uuid=person.uuid if person else None,
                attendee=person.name or "" if person else "",
                relation=person.relation_words if person else "",
                phone=(first.number or "") if first and person else "",
            )
        )
    return tuple(found)


def _read(store: Store, where: str, params: tuple[str, ...]) -> tuple[MeetingFacts, ...]:
    rows = store.rows(
        "SELECT m.uuid, m.kind, m.happened_on, m.entered_on, m.started, m.ended, k.id, k.uuid, s.uuid,"  # noqa: S608
        " coalesce(t.name, s.name, ''), m.place, m.topic, m.content, m.decision, m.present_count,"
        " (SELECT count(*) FROM attendance a JOIN child c ON c.id = a.child_id"
        " WHERE a.meeting_id = m.id AND a.deleted_at IS NULL AND c.deleted_at IS NULL),"
        " (SELECT count(*) FROM attendance a JOIN child c ON c.id = a.child_id"
        " WHERE a.meeting_id = m.id AND a.came = 1 AND a.deleted_at IS NULL AND c.deleted_at IS NULL)"
        " FROM meeting m LEFT JOIN school_class k ON k.id = m.school_class_id"
        " LEFT JOIN supporter s ON s.id = m.host_id LEFT JOIN staff t ON t.id = s.staff_id"
        f" WHERE m.deleted_at IS NULL{where} ORDER BY m.happened_on DESC, m.id DESC",
        params,
    )
    late = late_rule(store)
    names = {
        day: {cls.id: cls.name for cls in all_classes(store, date.fromisoformat(day))}
        for day in {row[2] for row in rows if row[6] is not None}
    }
    return tuple(
        MeetingFacts(
            uuid=row[0],
            kind=MeetingKind(row[1]),
            happened_on=row[2],
            entered_on=row[3],
            late_days=late.days(row[2], row[3]),
            started=row[4],
            ended=row[5],
            class_uuid=row[7],
            class_name="" if row[6] is None else names[row[2]].get(row[6], ""),
            host_uuid=row[8],
            host=row[9],
            place=row[10],
            topic=row[11],
            content=row[12],
            decision=row[13],
            present_count=row[14],
            asked=row[15],
            came=row[16],
        )
        for row in rows
    )


def _columns(store: Store, draft: MeetingDraft) -> dict[str, object]:
    topic = tidy_text(draft.topic)
    if topic is None:
        raise refuse("case.missing", what="主题")
    started, ended = clock_or_none(draft.started), clock_or_none(draft.ended)
    check_times(started, ended)
    return {
        "kind": draft.kind.value,
        "happened_on": past_day(store, draft.happened_on),
        "started": started,
        "ended": ended,
        "school_class_id": key_of(store, SchoolClass, draft.class_uuid) if draft.class_uuid else None,
        "topic": topic,
        "present_count": draft.present_count,
        **{name: tidy_text(getattr(draft, name)) for name in ("place", "content", "decision")},
    }


def _line_columns(store: Store, line: AttendanceDraft) -> dict[str, object]:
    return {
        "came": int(line.came),
        "person_id": key_of(store, Person, line.person_uuid) if line.person_uuid else None,
        "attendee": tidy_text(line.attendee),
        "relation": tidy_text(line.relation),
        "note": tidy_text(line.note),
    }


def _write_lines(store: Store, action: Action, meeting_id: int, lines: dict[int, dict[str, object]]) -> None:
    rows = store.rows(
        "SELECT child_id, uuid FROM attendance WHERE meeting_id = ? AND deleted_at IS NULL", (meeting_id,)
    )
    there: dict[int, str] = dict(rows)
    for child_id, values in lines.items():
        if child_id in there:
            action.update(Attendance, there[child_id], **values)
    action.insert_many(
        Attendance,
        [
            {"child_id": child_id, "meeting_id": meeting_id, **values}
            for child_id, values in lines.items()
            if child_id not in there
        ],
    )
    for child_id in sorted(set(there) - set(lines)):
        action.soft_delete(Attendance, there[child_id])
