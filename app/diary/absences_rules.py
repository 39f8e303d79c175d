"""From a missed day to 返校 and 销号: at which stage a case stands on a day, and what is to be done by when.

未成年人保护法 28 and 教基厅函〔2024〕15号 ask for register, report and 劝返; the days between are the school's own limits.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from app.core.code import Code
from app.core.moments import day_words
from app.diary.codes import AbsenceEnd, AbsenceReason, Medium, PersuasionResult

_LONGEST_WATCH = 400


class AbsenceStage(Code):
    """Where a case stands; the second and third are the ledgers 疑似辍学 and 辍学."""

    WATCHED = "watched", "缺席"
    SUSPECTED = "suspected", "疑似辍学"
    DROPOUT = "dropout", "辍学"
    RETURNED = "returned", "已返校"
    CLOSED = "closed", "已销号"


class PersuasionFacts(Struct, frozen=True, kw_only=True):
    """The n-th 劝返 of a case. ``late_days`` as for every record, 0 = written down in time."""

    uuid: str
    number: int
    happened_on: str
    entered_on: str
    late_days: int = 0
    persons: str | None = None
    medium: Medium | None = None
    course: str | None = None
    result: PersuasionResult | None = None


class AbsenceFacts(Struct, frozen=True, kw_only=True):
    """One case of a child that was not at school without leave."""

    uuid: str
    child_uuid: str
    child_name: str
    class_name: str
    sex: str | None
    happened_on: str
    entered_on: str
    late_days: int = 0
    reason: AbsenceReason | None = None
    found_by: str | None = None
    suspected_on: str | None = None
    reported_on: str | None = None
    reported_to: str | None = None
    receiver: str | None = None
    dropout_on: str | None = None
    returned_on: str | None = None
    closed_on: str | None = None
    closed_reason: AbsenceEnd | None = None
    note: str | None = None
    persuasions: Sequence[PersuasionFacts] = field(default=())

    def stage_on(self, day: date) -> AbsenceStage | None:
        """Return where the case stood at the end of a day; None before it began."""
        at = day.isoformat()
        if self.happened_on > at:
            return None
        for on, stage in (
            (self.closed_on, AbsenceStage.CLOSED),
            (self.returned_on, AbsenceStage.RETURNED),
            (self.dropout_on, AbsenceStage.DROPOUT),
            (self.suspected_on, AbsenceStage.SUSPECTED),
        ):
            if on is not None and on <= at:
                return stage
        return AbsenceStage.WATCHED

    def was_between(self, stage: AbsenceStage, since: str, until: str) -> bool:
        """Tell whether the case stood at 疑似辍学 or 辍学 on some day of a period (ISO, both in).

        A ledger of a period lists by this, so that it agrees with the figures of its months, which count who came to it.
        """
        begun = self.suspected_on if stage is AbsenceStage.SUSPECTED else self.dropout_on
        later = [self.returned_on, self.closed_on]
        if stage is AbsenceStage.SUSPECTED:
            later.append(self.dropout_on)
        ended = min((on for on in later if on is not None), default=None)
        if begun is None or begun > until:
            return False
        return begun >= since or ended is None or ended > since

    def up_to(self, day: date) -> "AbsenceFacts":
        """Return the case as it stood at the end of a day: what came later is left out."""
        at = day.isoformat()

        def so_far(on: str | None) -> str | None:
            return on if on is not None and on <= at else None

        is_reported, is_closed = so_far(self.reported_on) is not None, so_far(self.closed_on) is not None
        return replace(
            self,
            suspected_on=so_far(self.suspected_on),
            reported_on=so_far(self.reported_on),
            reported_to=self.reported_to if is_reported else None,
            receiver=self.receiver if is_reported else None,
            dropout_on=so_far(self.dropout_on),
            returned_on=so_far(self.returned_on),
            closed_on=so_far(self.closed_on),
            closed_reason=self.closed_reason if is_closed else None,
            persuasions=tuple(one for one in self.persuasions if one.happened_on <= at),
        )


class NextStep(Struct, frozen=True):
    """What is to be done next in a case, and by when; ``column`` of the case says that it was done, "" = a 劝返."""

    words: str
    due: date
    column: str = ""

    def when_words(self, today: date) -> str:
        """Return by when: 3 天前就该做, 今天该做, 11月25日以前."""
        if self.due < today:
            return f"{(today - self.due).days} 天前就该做"
        return "今天该做" if self.due == today else f"{day_words(self.due, today)}以前"


def next_step(
    facts: AbsenceFacts,
    today: date,
    *,
    suspect_days: int,
    report_days: int,
    persuasion_days: int,
    is_school_day: Callable[[date], bool],
) -> NextStep | None:
    """Return the next step of a case as of ``today``; None when nothing is left to do.

    ``suspect_days`` are school days counted from the first missed one; ``report_days`` days after 疑似辍学,
    ``persuasion_days`` from one 劝返 to the next.
    """
    stage = facts.stage_on(today)
    if stage is None or stage is AbsenceStage.CLOSED:
        return None
    if stage is AbsenceStage.RETURNED:
        return NextStep("已返校，请销号", _day(facts.returned_on), "closed_on")
    if stage is AbsenceStage.WATCHED:
        due = _nth_school_day(_day(facts.happened_on), suspect_days, is_school_day)
        return NextStep(f"连续 {suspect_days} 天未到校，列为疑似辍学", due, "suspected_on")
    if facts.reported_on is None:
        return NextStep(
            "书面上报",
            _day(facts.suspected_on or facts.dropout_on) + timedelta(days=report_days),
            "reported_on",
        )
    if not facts.persuasions:
        return NextStep("第 1 次劝返", _day(facts.reported_on))
    last = facts.persuasions[-1]
    return NextStep(f"第 {last.number + 1} 次劝返", _day(last.happened_on) + timedelta(days=persuasion_days))


def _nth_school_day(first: date, count: int, is_school_day: Callable[[date], bool]) -> date:
    """Return the count-th school day from ``first`` on (itself counted); without a calendar every day is taken as one."""
    seen = 0
    for offset in range(_LONGEST_WATCH):
        day = first + timedelta(days=offset)
        seen += is_school_day(day)
        if seen == count:
            return day
    return first + timedelta(days=count - 1)


def _day(text: str | None) -> date:
    if text is None:
        raise ValueError("a stage is reached on a day")
    return date.fromisoformat(text)
