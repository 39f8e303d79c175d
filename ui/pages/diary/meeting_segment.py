"""会议: the meetings there were, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from typing_extensions import override

from app.diary.late import late_words
from app.diary.meetings import (
    MeetingFacts,
    attendance,
    attendance_offer,
    meeting,
    meetings,
)
from app.pairing.queries import supporters
from app.school.queries import classes
from app.storage.store import Store
from ui.context import Context
from ui.pages.diary.case_form import CaseForm
from ui.pages.diary.case_segment import CaseSegment
from ui.pages.diary.meeting_form import MeetingForm, MeetingHand
from ui.shell.page import Page
from ui.theme import Tone
from ui.widgets import (
    Cell,
    Column,
)
from ui.wording import day_words


class MeetingSegment(CaseSegment):
    """The list of meetings."""

    verb = "记一次会议"
    nothing = ("还没有会议", "家长会、座谈会、村组会都记在这里，能打印签到表。")
    counted = "次会议"

    def __init__(self, context: Context, host: Page) -> None:
        today = context.clock.today()
        super().__init__(
            context,
            host,
            [
                Column("day", "日期", partial(_day, today), sample="2025年11月13日"),
                Column("kind", "类型", _kind, sample="村组沟通会", frozen=True),
                Column("topic", "主题", _topic, sample="冬季取暖和防溺水，发联系卡"),
                Column("came", "到会", _came, sample="到会 128 家，应到 131 家"),
                Column("host", "主持", _host, sample="欧阳慕容", essential=False),
            ],
        )

    @override
    def query(self, store: Store) -> Sequence[MeetingFacts]:
        return meetings(store)

    @override
    def read_form(self, store: Store, params: dict[str, Any]) -> MeetingHand:
        uuid = params.get("uuid")
        today = self.context.clock.today()
        return MeetingHand(
            facts=meeting(store, uuid) if uuid else None,
            lines=attendance(store, uuid) if uuid else attendance_offer(store, on=today),
            classes=tuple((one.uuid, one.name) for one in classes(store, today) if one.uuid),
            people=supporters(store, today, gone=bool(uuid)),
        )

    @override
    def make_form(self, found: MeetingHand, params: dict[str, Any]) -> CaseForm:
        return MeetingForm(self.context, found)


# ---- cells


def _day(today: date, facts: MeetingFacts) -> Cell:
    words = day_words(date.fromisoformat(facts.happened_on), today)
    times = "–".join(part for part in (facts.started, facts.ended) if part)
    late = late_words(facts.late_days)
    return Cell(words, second=late or times, second_tone=Tone.OCHRE if late else Tone.INK2)


def _kind(facts: MeetingFacts) -> Cell:
    return Cell(facts.kind.label, bold=True, second=facts.class_name or "全校")


def _topic(facts: MeetingFacts) -> Cell:
    return Cell(facts.topic, second=(facts.decision or "").split("\n")[0])


def _came(facts: MeetingFacts) -> Cell:
    return Cell(facts.present_words or "没有记", Tone.INK if facts.present_words else Tone.INK3)


def _host(facts: MeetingFacts) -> Cell:
    return Cell(facts.host or "—", second=facts.place or "")
