"""The register of meetings (domain.md §5.29): which, when, on what, and for whose children somebody came."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.files import check_target, gone_unless_done, sha256_of
from app.core.progress import Progress, no_progress
from app.core.text import mask_numbers
from app.diary.late import late_words
from app.diary.meetings import MeetingFacts, attendance, meetings
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.school.queries import school_profile
from app.storage.store import Store
from app.tasks.registers.making import RegisterMade, Wanted

if TYPE_CHECKING:
    from app.workbook.register_book import Register


def export_meetings(
    store: Store, out: Path, wanted: Wanted, *, by: str | None = None, progress: Progress = no_progress
) -> RegisterMade:
    """Write the meetings of the days with their lists as a workbook and log it; numbers in the texts are masked.

    UserError ``file.…`` when ``out`` is no place for a workbook.
    """
    from app.workbook.register_book import write_registers

    check_target(out, ".xlsx", sources=(store.path,))
    found = sorted(
        meetings(store, since=wanted.since, until=wanted.until), key=lambda one: (one.happened_on, one.uuid)
    )
    profile = school_profile(store)
    school = profile.name if profile else ""
    lists, people = _lists(store, found)
    line = f"填报单位（盖章）：{school}　　　{wanted.span}　　　共 {len(found)} 次"
    write_registers(
        [_register(school, line, found), *([lists] if people else [])],
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
            people=people,
            profile=Profile.MASKED,
            file_name=out.name,
            sha256=digest,
            as_of=wanted.until,
            by=by,
        )
    return RegisterMade(out, len(found), changes)


def _register(school: str, line: str, found: Sequence[MeetingFacts]) -> "Register":
    from app.workbook.register_book import Column, Register

    return Register(
        name="会议登记",
        title=f"{school}会议登记册",
        line=line,
        columns=(
            Column("序号", 5, "center"),
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
                one.topic,
                one.place or "",
                one.host,
                one.present_words,
                mask_numbers(one.content or ""),
                mask_numbers(one.decision or ""),
                late_words(one.late_days),
            )
            for place, one in enumerate(found, start=1)
        ],
    )


def _lists(store: Store, found: Sequence[MeetingFacts]) -> "tuple[Register, int]":
    """Return the sheet of who came to which meeting, and of how many children it speaks."""
    from app.workbook.register_book import Column, Register

    rows: list[tuple[str, ...]] = []
    children: set[str] = set()
    for one in found:
        for line in attendance(store, one.uuid):
            children.add(line.child_uuid)
            came = "到会" if line.came else "未到"
            rows.append(
                (
                    str(len(rows) + 1),
                    one.happened_on,
                    one.topic,
                    line.child_name,
                    line.class_name,
                    came,
                    line.attendee,
                    line.relation,
                )
            )
    register = Register(
        name="签到",
        title="会议签到登记",
        line=f"共 {len(rows)} 人次",
        columns=(
            Column("序号", 5, "center"),
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


def _when(one: MeetingFacts) -> str:
    times = f"{one.started or ''}{f'—{one.ended}' if one.ended else ''}"
    return f"{one.happened_on} {times}".strip()
