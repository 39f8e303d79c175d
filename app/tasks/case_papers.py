"""The papers of meetings, incidents and counselling: what is known, put into the words of the sheet."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.core.dates import age_on
from app.core.text import mask_numbers, mask_phone
from app.diary.codes import MeetingKind
from app.diary.counselling import NOTE_TEXTS, open_note
from app.diary.incidents import emergency_steps, incident
from app.diary.meetings import AttendanceLine, attendance, attendance_offer, meeting
from app.diary.sealing import OpenKey
from app.paper.printing import PrintResult, PrintStamp
from app.school.queries import all_classes, school_profile
from app.storage.store import Store

if TYPE_CHECKING:
    from app.paper.meeting_sheet import MeetingLine, MeetingSheet

_ROWS_OVER = 4
"""Empty rows under a sign-in list: somebody always comes who was not on it."""
_SEXES = {"1": "男", "2": "女"}


def make_meeting_sheet(store: Store, uuid: str, out: Path | BinaryIO) -> PrintResult:
    """Write the record of a meeting with its list. UserError ``row.unknown``."""
    from app.paper.meeting_sheet import render_meeting

    sheet = _meeting_sheet(store, uuid)
    return render_meeting(sheet, out, stamp=stamp_of(store, sheet.when[:10]))


def make_meeting_sheets(
    store: Store, uuids: Sequence[str], out: Path | BinaryIO, as_of: str, *, masked: bool = False
) -> PrintResult:
    """Write the records of several meetings, each beginning a page, numbers in them masked if so. UserError ``row.unknown``."""
    from app.paper.meeting_sheet import render_meetings

    sheets = [_meeting_sheet(store, uuid, masked=masked) for uuid in uuids]
    return render_meetings(sheets, out, title="会议记录", stamp=stamp_of(store, as_of))


def _meeting_sheet(store: Store, uuid: str, *, masked: bool = False) -> "MeetingSheet":
    from app.paper.meeting_sheet import MeetingSheet

    def told(text: str | None) -> str:
        return mask_numbers(text or "") if masked else text or ""

    facts = meeting(store, uuid)
    lines = attendance(store, uuid)
    times = "".join((f" {facts.started}" if facts.started else "", f"—{facts.ended}" if facts.ended else ""))
    return MeetingSheet(
        title=f"{facts.kind.label}记录",
        school=school_name(store),
        kind=facts.kind.label,
        when=f"{facts.happened_on}{times}",
        place=told(facts.place),
        host=facts.host,
        scope=facts.class_name or "全校",
        topic=told(facts.topic),
        present=facts.present_words,
        content=told(facts.content),
        decision=told(facts.decision),
        lines=[_signed(line, told) for line in lines],
        blank_rows=0 if lines else _ROWS_OVER,
    )


def make_sign_in_sheet(
    store: Store, kind: MeetingKind, on: str, class_uuid: str | None, topic: str, out: Path | BinaryIO
) -> PrintResult:
    """Write the blank sheet to be signed, for a meeting on any day: who is to be asked, and lines to write on."""
    from app.paper.meeting_sheet import MeetingLine, MeetingSheet, render_meeting

    day = date.fromisoformat(on)
    offered = attendance_offer(store, on=day, class_uuid=class_uuid)
    names = {cls.uuid: cls.name for cls in all_classes(store, day)}
    sheet = MeetingSheet(
        title=f"{kind.label}签到表",
        school=school_name(store),
        kind=kind.label,
        when=on,
        scope="全校" if class_uuid is None else names.get(class_uuid, ""),
        topic=topic,
        lines=[
            MeetingLine(
                child=line.child_name,
                class_name=line.class_name,
                attendee=line.attendee,
                relation=line.relation,
                phone=mask_phone(line.phone),
            )
            for line in offered
        ],
        blank_rows=_ROWS_OVER,
        to_sign=True,
    )
    return render_meeting(sheet, out, stamp=stamp_of(store, on))


def make_incident_sheet(store: Store, uuid: str, out: Path | BinaryIO) -> PrintResult:
    """Write the card of an incident. UserError ``row.unknown``."""
    from app.paper.incident_sheet import IncidentSheet, render_incident

    facts = incident(store, uuid)
    told = {True: "须报告", False: "不属于强制报告", None: ""}[facts.must_report]
    sheet = IncidentSheet(
        school=school_name(store),
        number=facts.number,
        child=facts.child_name,
        class_name=facts.class_name,
        kind=facts.kind.label,
        severity=facts.severity.label if facts.severity else "",
        found_at=_moment(facts.found_at),
        found_by=facts.found_by or "",
        place=facts.place or "",
        course=facts.course or "",
        rescue=facts.rescue or "",
        must_report=told,
        outcome=facts.outcome or "",
        closed_on=facts.closed_on or "",
        steps=[
            (step.name, _moment(step.at or ""), step.words if step.at or step.why else "")
            for step in emergency_steps(store, facts)
        ],
        reports=[
            (
                _moment(one.reported_at),
                one.body.label,
                one.recipient or "",
                one.reporter,
                one.receipt_no or "",
            )
            for one in facts.reports
        ],
    )
    return render_incident(sheet, out, stamp=stamp_of(store, facts.found_at[:10]))


def make_counselling_sheet(
    store: Store, key: OpenKey, uuid: str, by_code: bool, out: Path | BinaryIO
) -> PrintResult:
    """Write the sheet of a note; ``by_code``: its number stands in the place of the name.

    UserError as of ``counselling.open_note``. The text is readable in what is written: give it memory, not a file.
    """
    from app.paper.counselling_sheet import CounsellingSheet, render_counselling

    note = open_note(store, key=key, uuid=uuid)
    head = note.head
    birth = head.child.birth_date
    years = age_on(birth, date.fromisoformat(head.happened_on)) if birth else None
    times = "".join((f" {head.started}" if head.started else "", f"—{head.ended}" if head.ended else ""))
    sheet = CounsellingSheet(
        school=school_name(store),
        number=head.number,
        child=f"代号 {head.number}" if by_code else head.child.name,
        class_name="" if by_code else head.child.class_name,
        sex=_SEXES.get(head.child.sex or "", ""),
        age="" if years is None else f"{years} 岁",
        when=f"{head.happened_on}{times}",
        place=note.texts.get("place", ""),
        counsellor=head.supporter,
        form=head.form.label if head.form else "",
        origin=head.origin.label if head.origin else "",
        texts=[(label, note.texts.get(name, "")) for name, label in NOTE_TEXTS.items() if name != "place"],
    )
    return render_counselling(sheet, out, stamp=stamp_of(store, head.happened_on))


def make_recovery_slip(store: Store, words: Sequence[str], out: Path | BinaryIO) -> PrintResult:
    """Write the recovery slip. The words are kept nowhere else: give it memory, not a file."""
    from app.paper.counselling_sheet import render_slip

    today = store.clock.today().isoformat()
    return render_slip(words, school=school_name(store), out=out, stamp=stamp_of(store, today))


def school_name(store: Store) -> str:
    """Return the school as it prints itself."""
    profile = school_profile(store)
    return profile.name if profile else ""


def stamp_of(store: Store, as_of: str) -> PrintStamp:
    """Return the last line of a page printed now about a day."""
    return PrintStamp(
        printed_at=f"{store.clock.now():%Y-%m-%d %H:%M}", commit_no=store.commit_no, as_of=as_of
    )


def _moment(text: str) -> str:
    return text.replace("T", " ")


def _signed(line: AttendanceLine, told: Callable[[str | None], str]) -> "MeetingLine":
    from app.paper.meeting_sheet import MeetingLine

    return MeetingLine(
        child=line.child_name,
        class_name=line.class_name,
        attendee=told(line.attendee) if line.came else "",
        relation=told(line.relation) if line.came else "",
        phone=mask_phone(line.phone) if line.came else "",
        signed=told(line.note) if line.came else "，".join(filter(None, ("未到", told(line.note)))),
    )
