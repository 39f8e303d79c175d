"""What the page asks the store for, and how a round is narrowed down."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from app.storage.store import Store
from app.survey.queries import (
    NO_CLASS,
    NO_VILLAGE,
    SurveyedChild,
    SurveyFacts,
    SurveyProgress,
    has_children_to_check,
    survey_progress,
    surveys,
)

OPEN, CHANGED, DONE, ALL = "open", "changed", "done", "all"
LISTS = {OPEN: "还没核实", CHANGED: "有变化", DONE: "已核实", ALL: "全部"}
CLASS, VILLAGE = "class", "village"


class Loaded(Struct, frozen=True):
    """Every round, and the one that is looked at with its children; None before the first round.

    ``has_children`` tells whether a first round would have anybody in it.
    """

    rounds: tuple[SurveyFacts, ...]
    progress: SurveyProgress | None
    has_children: bool = True

    @property
    def running(self) -> SurveyFacts | None:
        """The round under way."""
        return next((one for one in self.rounds if one.closed_on is None), None)


def read_round(store: Store, wanted: str) -> Loaded:
    """Read the round ``wanted``; "" is the one under way, else the last one. A round that is over stands at its last day."""
    rounds = surveys(store)
    running = next((one for one in rounds if one.closed_on is None), None)
    chosen = next((one for one in rounds if one.uuid == wanted), running or (rounds[0] if rounds else None))
    if chosen is None:
        return Loaded(rounds, None, has_children_to_check(store, store.clock.today()))
    on = date.fromisoformat(chosen.closed_on) if chosen.closed_on else None
    return Loaded(rounds, survey_progress(store, chosen.uuid, on))


def in_list(child: SurveyedChild, which: str) -> bool:
    """Tell whether a child belongs to one of the lists."""
    check = child.check
    if which == OPEN:
        return check is None
    if which == CHANGED:
        return check is not None and check.changed
    return which == ALL or check is not None


def group_of(child: SurveyedChild, by: str) -> str:
    """Return the class or village under which a child is counted."""
    return (child.class_name or NO_CLASS) if by == CLASS else (child.village or NO_VILLAGE)
