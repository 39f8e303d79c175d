"""What a plan of affection calls rests on and what it is: facts in, facts out; nothing here touches the file.

One planned call is an *occasion*: one slot of one line, for one child or for brothers and sisters together, with one
grown-up. A *round* is one span of a cadence rule (a month, a school week); in it a child is to be served so many times.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, field

from app.calls.codes import CallMedium, CancelReason, Origin
from app.calls.people import Callee
from app.calls.slots import Slot


class PlannedCall(Struct, frozen=True, kw_only=True):
    """One child's planned call as the file holds it. ``moved_from`` is a minute, 2026-11-16T12:20, or ""."""

    id: int
    uuid: str
    child_id: int
    child_uuid: str
    child: str
    line_id: int
    line_uuid: str
    line: str
    day: date
    starts: str
    ends: str
    occasion: str
    medium: CallMedium
    origin: Origin
    place: int = 0
    class_name: str = ""
    person_uuid: str = ""
    contact: str = ""
    fixed: bool = False
    printed_on: date | None = None
    moved_from: str = ""
    cancelled_on: date | None = None
    cancelled_reason: CancelReason | None = None
    note: str = ""

    @property
    def pinned(self) -> bool:
        """Tell whether planning again leaves it where it is: fixed, printed, or put there by hand."""
        return self.fixed or self.printed_on is not None or self.origin is Origin.HAND

    @property
    def minute(self) -> str:
        """Return where it stands as a minute, 2026-11-16T12:20."""
        return f"{self.day.isoformat()}T{self.starts}"


class Made(Struct, frozen=True):
    """A call that took place, or failed: the day, by what, whether it got through, the planned call it belonged to."""

    day: date
    medium: CallMedium
    connected: bool
    planned_uuid: str = ""


class RoundSpan(Struct, frozen=True, order=True):
    """One span in which a rule wants its calls: both days are in it. ``words`` name it: 11月, 第 12 周."""

    first: date
    last: date
    words: str = ""


class PlanFacts(Struct, frozen=True, kw_only=True):
    """Everything a plan for [first, last] rests on.

    ``now`` is the school's own minute: what begins later is planned. ``slots`` reach to the end of the last round that
    touches the period, so that nobody is left without room in it. ``spans`` are the rounds by the word of the rule
    (week, month …). ``made`` are the calls by child since the first of these rounds began, ``put_off``
    the minute to which a parent has put a child's call off, ``called_off`` when a child is not to call: (day, start),
    "" = all that day. ``notes`` is what is to be known before the plan is read, in sentences.
    """

    first: date
    last: date
    now: datetime
    slots: tuple[Slot, ...]
    callees: tuple[Callee, ...]
    spans: Mapping[str, tuple[RoundSpan, ...]]
    planned: tuple[PlannedCall, ...] = ()
    made: Mapping[str, tuple[Made, ...]] = field(default_factory=dict)
    put_off: Mapping[str, str] = field(default_factory=dict)
    called_off: Mapping[str, frozenset[tuple[date, str]]] = field(default_factory=dict)
    term_began: date = date(2000, 1, 1)
    notes: tuple[str, ...] = ()


class Conflict(Struct, frozen=True):
    """What stands against putting a call into a slot, short enough for a cell. ``hard`` = it cannot be done.

    ``swap`` is a planned call of whoever stands there: the two can change places. ``key`` names the refusal.
    """

    key: str
    words: str
    hard: bool = False
    swap: str = ""


class LineState(StrEnum):
    """What became of a planned call when it was planned again."""

    KEPT = "kept"
    NEW = "new"
    MOVED = "moved"
    PINNED = "pinned"


class PlanChild(Struct, frozen=True, kw_only=True):
    """A child of an occasion. ``row_uuid`` is its planned call, "" = it has none yet.

    ``wait_days`` are the days since the last call that got through, or since registration, to this one.
    """

    uuid: str
    name: str
    class_name: str
    row_uuid: str = ""
    wait_days: int = 0


class PlanLine(Struct, frozen=True, kw_only=True):
    """One occasion of the plan; ``moved_from`` is the minute at which it stood before, ``why`` what made it move.

    ``rewrites`` = the file does not hold it like that yet: it is new, moved, or called with somebody else.
    """

    occasion: str
    children: tuple[PlanChild, ...]
    day: date
    starts: str
    ends: str
    line_id: int
    line_uuid: str
    line: str
    medium: CallMedium
    state: LineState
    duty: str = ""
    person_uuid: str = ""
    contact: str = ""
    contact_note: str = ""
    moved_from: str = ""
    why: str = ""
    rewrites: bool = False


class Unserved(Struct, frozen=True, kw_only=True):
    """A child that cannot be served within its rule: ``why``, and ``by`` when it should have been."""

    child_uuid: str
    child: str
    class_name: str
    why: str
    by: date
    wait_days: int = 0
    short: bool = False


class Later(Struct, frozen=True, kw_only=True):
    """A child whose turn comes after the period, on ``day`` as it looks now, still within its rule (``by``)."""

    child_uuid: str
    child: str
    class_name: str
    day: date
    by: date


class Dropped(Struct, frozen=True, kw_only=True):
    """A planned call that falls away, and why."""

    row_uuid: str
    child_uuid: str
    child: str
    minute: str
    reason: CancelReason
    why: str


class Missing(Struct, frozen=True, kw_only=True):
    """How many slots a round is short of, for how many children."""

    words: str
    first: date
    last: date
    slots: int
    children: int


class Advice(Struct, frozen=True, kw_only=True):
    """One rule to loosen, tried by planning again: ``gain`` children more would be served, ``left`` still not."""

    code: str
    words: str
    gain: int
    left: int

    @property
    def told(self) -> str:
        """Return the rule with what loosening it brings; 还差 is said only while somebody is left."""
        left = f"还差 {self.left} 名" if self.left else "全部排得上"
        return f"{self.words}：能多排 {self.gain} 名，{left}"


class Load(Struct, frozen=True):
    """How many calls a teacher on duty sees to in the period; ``name`` "" = nobody is written down for them."""

    name: str
    calls: int


class CallPlan(Struct, frozen=True, kw_only=True):
    """A plan as it would stand when it is accepted; ``facts`` is what it rests on.

    ``longest_wait_days`` is the longest that anybody waits from one call that gets through to the next one, or still
    waits at the end of the round; None when there is nobody to wait.
    """

    facts: PlanFacts
    lines: tuple[PlanLine, ...] = ()
    unserved: tuple[Unserved, ...] = ()
    later: tuple[Later, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    missing: tuple[Missing, ...] = ()
    advice: tuple[Advice, ...] = ()
    loads: tuple[Load, ...] = ()
    longest_wait_days: int | None = None
    words: str = ""

    @property
    def first(self) -> date:
        """Return the first day of the period."""
        return self.facts.first

    @property
    def last(self) -> date:
        """Return the last day of the period."""
        return self.facts.last

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what is to be known before it is read."""
        return self.facts.notes

    def of(self, state: LineState) -> tuple[PlanLine, ...]:
        """Return the occasions of which this became."""
        return tuple(line for line in self.lines if line.state is state)

    @property
    def changes_anything(self) -> bool:
        """Tell whether accepting it writes anything."""
        return bool(self.dropped) or any(line.rewrites for line in self.lines)
