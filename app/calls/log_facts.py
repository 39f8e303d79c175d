"""What the queries of the log answer with."""

from msgspec import Struct

from app.calls.codes import CallMedium, Mood, Outcome
from app.calls.log_drafts import LogDraft
from app.children.codes import Relation


class CallEntry(Struct, frozen=True, kw_only=True):
    """One attempt on file, as a list shows it.

    ``class_name`` is the child's class on that day, ``who`` the one who was called or answered ("" = nobody known),
    ``relation`` what he or she is to the child. ``late_days`` as in the diary: 0 when written down in time. ``draft``
    is what a form needs to change it.
    """

    id: int
    uuid: str
    child_uuid: str
    child_name: str
    class_name: str
    happened_on: str
    entered_on: str
    late_days: int
    started: str | None
    minutes: int | None
    line_name: str
    medium: CallMedium
    outcome: Outcome
    who: str
    relation: str
    mood: Mood | None
    said: str | None
    rescheduled_to: str | None
    staff_name: str
    promise: str | None
    event_uuid: str | None
    draft: LogDraft

    @property
    def late_words(self) -> str:
        """Return 补录（12 天）; "" for a call that was written down in time."""
        return f"补录（{self.late_days} 天）" if self.late_days else ""


class Dial(Struct, frozen=True, kw_only=True):
    """Somebody who can be dialled for a child: ``masked`` is the number with its middle starred, "" without one.

    The number itself comes from ``tasks.calls_log.show_numbers`` only, which writes down that it was shown.
    ``dialect_only`` = asked after the others; ``usable`` False = no number, or found stopped or wrong. ``reachable`` is
    when they can be called, in words.
    """

    person_uuid: str
    phone_uuid: str | None
    who: str
    relation: str
    masked: str
    usable: bool = True
    dialect_only: bool = False
    language_note: str | None = None
    reachable: str | None = None


class TodayCall(Struct, frozen=True, kw_only=True):
    """One child on the list of a day, in the order in which it is dialled.

    ``planned_uuid`` None = nothing is planned, a parent asked to be called again then. ``dials`` are the people in the
    order to try them, whom the plan names first; ``next`` is the one to try now: None when the call is done or nobody
    is left. ``entries`` are the attempts of the day, in their order. ``place`` > 0 = shares the slot with ``occasion``.
    """

    planned_uuid: str | None
    child_uuid: str
    child_name: str
    class_name: str
    line_uuid: str | None
    line_name: str
    starts: str | None
    ends: str | None
    medium: CallMedium
    occasion: str | None
    place: int
    dials: tuple[Dial, ...]
    next: Dial | None
    entries: tuple[CallEntry, ...]

    @property
    def outcome(self) -> Outcome | None:
        """Return how the last attempt of the day ended; 接通 when one got through; None = not called yet."""
        if any(entry.outcome is Outcome.CONNECTED for entry in self.entries):
            return Outcome.CONNECTED
        return self.entries[-1].outcome if self.entries else None

    @property
    def done(self) -> bool:
        """Tell whether nothing more is to be done for the child that day: through, put off, or not to be called."""
        return self.outcome in _ENDS


_ENDS = frozenset({Outcome.CONNECTED, Outcome.RESCHEDULED, Outcome.CHILD_ABSENT})


def relation_words(text: str | None) -> str:
    """Return what a grown-up is to the child: the family's own word, or a code (``=mother``) in the word of the list."""
    if not text:
        return ""
    return Relation(text[1:]).label if text.startswith("=") else text
