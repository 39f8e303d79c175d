"""What is typed into the grid of a session, read as attempts; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app.calls.codes import CallMedium, Mood, Outcome
from app.calls.log_drafts import LogDraft
from app.calls.log_facts import Dial, TodayCall
from app.diary.drafts import PromiseDraft, row_uuid
from ui.pages.calls.log_fields import check_minutes
from ui.widgets import Finding, State
from ui.widgets.time_field import check_time, tidy_time

RESULT, PARTY, MINUTES, MOOD, SAID, PROMISE, AT = (
    "result",
    "party",
    "minutes",
    "mood",
    "said",
    "promise",
    "at",
)
HEADS = {
    RESULT: "结果",
    PARTY: "打给",
    MINUTES: "分钟",
    MOOD: "情绪",
    AT: "几点",
    SAID: "孩子说",
    PROMISE: "答应的事",
}
_ALSO: Mapping[str, Outcome] = {
    "通": Outcome.CONNECTED,
    "打通": Outcome.CONNECTED,
    "通了": Outcome.CONNECTED,
    "√": Outcome.CONNECTED,
    "✓": Outcome.CONNECTED,
    "没人接": Outcome.NO_ANSWER,
    "无人": Outcome.NO_ANSWER,
    "未接": Outcome.NO_ANSWER,
    "关机": Outcome.STOPPED,
    "空号": Outcome.WRONG_NUMBER,
    "打错": Outcome.WRONG_NUMBER,
    "听不懂": Outcome.LANGUAGE,
    "方言": Outcome.LANGUAGE,
    "改期": Outcome.RESCHEDULED,
    "缺席": Outcome.CHILD_ABSENT,
    "没来": Outcome.CHILD_ABSENT,
    "网断": Outcome.LINE_DOWN,
    "断网": Outcome.LINE_DOWN,
}


class BatchRead(Struct, frozen=True):
    """What the grid holds: attempts by row, and what is wrong in which cell (row, column)."""

    drafts: Mapping[int, LogDraft]
    findings: Mapping[tuple[int, int], Finding]

    @property
    def blocked(self) -> tuple[tuple[int, int], ...]:
        """The cells that cannot be stored."""
        return tuple(place for place, found in self.findings.items() if found.state is State.INVALID)


class Usual(Struct, frozen=True):
    """What holds for every line: the day, and for calls that were not planned the telephone."""

    day: str
    line_uuid: str = ""
    medium: CallMedium = CallMedium.PHONE
    staff_uuid: str = ""


def read_outcome(text: str) -> Outcome | None:
    """Return the result that was typed: its words, its digit, or a usual other word."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return dict(enumerate(Outcome, start=1)).get(int(text))
    return next((one for one in Outcome if one.label == text), _ALSO.get(text))


def read_mood(text: str) -> Mood | None:
    """Return the mood that was typed."""
    return next((one for one in Mood if text and one.label.startswith(text.strip())), None)


def find_dial(dials: Sequence[Dial], text: str) -> Dial | None:
    """Return whom the text means: 母亲, 刘芳, 母亲 刘芳; without a text whom the list says."""
    text = text.strip()
    if not text:
        return next((one for one in dials if one.usable), None)
    return next((one for one in dials if text in (one.relation, one.who, f"{one.relation} {one.who}")), None)


def read_batch(
    calls: Sequence[TodayCall], usual: Usual, seed: str, rows: Sequence[tuple[int, Sequence[str]]]
) -> BatchRead:
    """Read the filled rows; `seed` makes saving twice one attempt each."""
    keys = list(HEADS)
    drafts: dict[int, LogDraft] = {}
    findings: dict[tuple[int, int], Finding] = {}
    for place, texts in rows:
        cells = {key: text.strip() for key, text in zip(keys, texts, strict=True)}
        reading = _Row(calls[place], usual, seed, cells)
        drafts_or_none = reading.draft()
        findings |= {(place, keys.index(key)): found for key, found in reading.findings.items()}
        if drafts_or_none is not None:
            drafts[place] = drafts_or_none
    return BatchRead(drafts, findings)


class _Row:
    """One line of the grid."""

    def __init__(self, call: TodayCall, usual: Usual, seed: str, cells: Mapping[str, str]) -> None:
        self._call = call
        self._usual = usual
        self._seed = seed
        self._cells = cells
        self.findings: dict[str, Finding] = {}

    def draft(self) -> LogDraft | None:
        """The attempt, None without a result."""
        cells, call = self._cells, self._call
        outcome = read_outcome(cells[RESULT])
        if outcome is None:
            words = (
                "写结果：1 接通，2 无人接，3 停机，4 号码错，5 语言不通，6 家长改期，7 学生缺席，8 线路不通。"
            )
            self.findings[RESULT] = Finding(State.INVALID, words)
            return None
        through = outcome is Outcome.CONNECTED
        dial = find_dial(call.dials, cells[PARTY])
        if cells[PARTY] and dial is None:
            self.findings[PARTY] = Finding(State.DOUBTFUL, "联系人里没有；会照写成接听人。")
        minutes_found = check_minutes(cells[MINUTES]) if cells[MINUTES] else None
        if minutes_found is not None:
            self.findings[MINUTES] = minutes_found
        at = tidy_time(cells[AT])
        if at:
            found = check_time(at)
            if found is not None:
                self.findings[AT] = found
        mood = read_mood(cells[MOOD])
        if cells[MOOD] and mood is None:
            labels = "、".join(one.label for one in Mood)
            self.findings[MOOD] = Finding(State.INVALID, f"只写 {labels}。")
        if not through and (cells[SAID] or cells[PROMISE]):
            key = SAID if cells[SAID] else PROMISE
            self.findings[key] = Finding(State.INVALID, "没有接通，不记孩子说的和答应的。")
        minutes = int(cells[MINUTES]) if cells[MINUTES] and MINUTES not in self.findings else None
        uuid = row_uuid(self._seed, call.child_uuid, first=False)
        planned = call.planned_uuid is not None
        return LogDraft(
            uuid=uuid,
            child_uuid=call.child_uuid,
            happened_on=self._usual.day,
            outcome=outcome,
            medium=call.medium if planned else self._usual.medium,
            started=at or (call.starts if planned else None),
            minutes=minutes if through else None,
            line_uuid=call.line_uuid if planned else (self._usual.line_uuid or None),
            planned_uuid=call.planned_uuid,
            person_uuid=dial.person_uuid if dial is not None else None,
            phone_uuid=dial.phone_uuid if dial is not None else None,
            spoke_with=cells[PARTY] if cells[PARTY] and dial is None else None,
            mood=mood,
            said=cells[SAID] or None,
            promise=PromiseDraft(content=cells[PROMISE], uuid=row_uuid(uuid, "promise", first=False))
            if cells[PROMISE]
            else None,
            staff_uuid=self._usual.staff_uuid or None,
            occasion=call.occasion if planned else None,
        )
