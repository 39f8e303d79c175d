"""The register of meetings (domain.md §5.29): which, when, on what, and for whose children somebody came."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.files import atomic_write, check_target, gone_unless_done, sha256_of
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.core.text import mask_numbers
from app.diary.late import late_words
from app.diary.meetings import MeetingFacts, attendance, meetings
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover, require_reason
from app.school.queries import all_classes, school_profile
from app.storage.store import Store
from app.tasks.case_papers import make_meeting_sheets
from app.tasks.registers.gathered import Gathered
from app.tasks.registers.making import RegisterMade, Wanted

if TYPE_CHECKING:
    from app.workbook.register_book import Register


def export_meetings(
    store: Store,
    out: Path,
    wanted: Wanted,
    *,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> RegisterMade:
    """Write the meetings of the days with their lists as a workbook and log it; numbers in the texts are masked.

    UserError ``file.…`` when ``out`` is no place for a workbook, ``export.reason…`` for whole numbers.
    """
    from app.workbook.register_book import write_registers

    require_reason(store, profile, reason)
    check_target(out, ".xlsx", sources=(store.path,))
    gathered = gather_meetings(store, wanted, masked=profile is Profile.MASKED)
    write_registers(
        gathered.sheets,
        out,
        subject="会议登记",
        printed_at=f"{store.clock.now():%Y-%m-%d %H:%M}",
        commit_no=store.commit_no,
        progress=progress,
    )
    digest = sha256_of(out)
    with gone_unless_done(out):
        changes = log_handover(
            store,
            kind=HandoverKind.EXPORT,
            content=f"会议登记册（{wanted.span}）",
            people=gathered.people,
            profile=profile,
            reason=reason,
            file_name=out.name,
            sha256=digest,
            as_of=wanted.until,
            by=by,
        )
    return RegisterMade(out, gathered.records, changes)


def gather_meetings(store: Store, wanted: Wanted, *, masked: bool) -> Gathered:
    """Return the meetings of the days, and who came to which.

    With a class only its own meetings and those of the whole school, and of these lists its children; with a child only
    those it is listed in. To a supporter a meeting does not belong: ``wanted`` is not narrowed by one here.
    """
    found = meetings_wanted(store, wanted)
    profile = school_profile(store)
    school = profile.name if profile else ""
    lists, people = _lists(store, found, wanted, masked=masked)
    line = f"填报单位（盖章）：{school}　　　{wanted.span}　　　共 {len(found)} 次"
    sheets = [_register(school, line, found, masked=masked), *([lists] if people else [])]
    return Gathered(sheets, len(found), people)


def meetings_wanted(store: Store, wanted: Wanted) -> list[MeetingFacts]:
    """Return the meetings that are meant, the first first."""
    found = [
        one
        for one in meetings(store, since=wanted.since, until=wanted.until)
        if wanted.class_uuid is None or one.class_uuid in (None, wanted.class_uuid)
    ]
    if wanted.child_uuid is not None:
        found = [one for one in found if _of_child(store, one, wanted.child_uuid)]
    return sorted(found, key=lambda one: (one.happened_on, one.uuid))


def own_meetings(store: Store, wanted: Wanted) -> list[MeetingFacts]:
    """Return the meetings whose whole record may go along: with a class only its own, which lists nobody else's child.

    With one child none: the record of a meeting lists everybody who came.
    """
    if wanted.child_uuid is not None:
        return []
    found = meetings_wanted(store, wanted)
    return [one for one in found if wanted.class_uuid in (None, one.class_uuid)]


def export_meeting_sheets(
    store: Store,
    out: Path,
    wanted: Wanted,
    *,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> RegisterMade:
    """Write the record of each meeting of the days (form 5.29), those of one class alone if so, and log it.

    UserError ``file.…``, ``register.nothing`` when there was no meeting, ``export.reason…`` for whole numbers.
    """
    require_reason(store, profile, reason)
    found = own_meetings(store, wanted)
    if not found:
        raise refuse("register.nothing", span=wanted.span)
    check_target(out, ".pdf", sources=(store.path,))
    progress(0, 0, "正在写会议记录")
    with atomic_write(out) as file:
        make_meeting_sheets(
            store,
            [one.uuid for one in found],
            file,
            wanted.until.isoformat(),
            masked=profile is Profile.MASKED,
        )
    people = {line.child_uuid for one in found for line in attendance(store, one.uuid)}
    with gone_unless_done(out):
        changes = log_handover(
            store,
            kind=HandoverKind.PDF,
            content=f"会议记录（{wanted.span}）",
            people=len(people),
            profile=profile,
            reason=reason,
            file_name=out.name,
            sha256=sha256_of(out),
            as_of=wanted.until,
            by=by,
        )
    return RegisterMade(out, len(found), changes)


def _register(school: str, line: str, found: Sequence[MeetingFacts], *, masked: bool) -> "Register":
    from app.workbook.register_book import PLACE, Column, Register

    told = partial(_told, masked=masked)
    return Register(
        name="会议登记",
        title=f"{school}会议登记册",
        line=line,
        columns=(
            PLACE,
            Column("日期", 16, "center"),
            Column("类别", 10),
            Column("范围", 9, "center"),
            Column("主题", 20),
            Column("地点", 10),
            Column("主持", 9),
            Column("到会", 14),
            Column("内容", 32),
            Column("决定", 24),
            Column("补录", 10, "center"),
        ),
        rows=[
            (
                str(place),
                _when(one),
                one.kind.label,
                one.class_name or "全校",
                told(one.topic),
                told(one.place),
                one.host,
                one.present_words,
                told(one.content),
                told(one.decision),
                late_words(one.late_days),
            )
            for place, one in enumerate(found, start=1)
        ],
    )


def _told(text: str | None, *, masked: bool) -> str:
    return mask_numbers(text or "") if masked else text or ""


def _lists(
    store: Store, found: Sequence[MeetingFacts], wanted: Wanted, *, masked: bool
) -> "tuple[Register, int]":
    """Return the sheet of who came to which meeting (of one class or child if so), and of how many children it speaks."""
    from app.workbook.register_book import PLACE, Column, Register

    rows: list[tuple[str, ...]] = []
    children: set[str] = set()
    for one in found:
        names = {cls.uuid: cls.name for cls in all_classes(store, date.fromisoformat(one.happened_on))}
        for line in attendance(store, one.uuid):
            if wanted.class_uuid is not None and line.class_name != names.get(wanted.class_uuid):
                continue
            if wanted.child_uuid not in (None, line.child_uuid):
                continue
            children.add(line.child_uuid)
            came = "到会" if line.came else "未到"
            rows.append(
                (
                    str(len(rows) + 1),
                    one.happened_on,
                    _told(one.topic, masked=masked),
                    line.child_name,
                    line.class_name,
                    came,
                    _told(line.attendee, masked=masked),
                    _told(line.relation, masked=masked),
                )
            )
    register = Register(
        name="签到",
        title="会议签到登记",
        line=f"共 {len(rows)} 人次",
        columns=(
            PLACE,
            Column("日期", 11, "center"),
            Column("会议", 26),
            Column("儿童", 11),
            Column("班级", 10, "center"),
            Column("到会", 7, "center"),
            Column("到会人", 12),
            Column("关系", 12),
        ),
        rows=rows,
    )
    return register, len(children)


def _of_child(store: Store, one: MeetingFacts, child_uuid: str) -> bool:
    return any(line.child_uuid == child_uuid for line in attendance(store, one.uuid))


def _when(one: MeetingFacts) -> str:
    times = f"{one.started or ''}{f'—{one.ended}' if one.ended else ''}"
    return f"{one.happened_on} {times}".strip()
