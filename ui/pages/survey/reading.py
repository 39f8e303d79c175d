"""What the page asks the store for, and how a round is narrowed down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from app.storage.store import Store
from app.survey.queries import (
    NO_CLASS,
    NO_VILLAGE,
    GroupCount,
    SurveyedChild,
    SurveyFacts,
    SurveyProgress,
    has_children_to_check,
    survey_progress,
    surveys,
)
from app.survey.service import next_name

OPEN, CHANGED, DONE, ALL = "open", "changed", "done", "all"
LISTS = {OPEN: "还没核实", CHANGED: "有变化", DONE: "已核实", ALL: "全部"}
CLASS, VILLAGE = "class", "village"
Group = tuple[str, str]
"""``CLASS`` or ``VILLAGE``, and its name; of ``EVERYBODY`` neither."""
EVERYBODY: Group = ("", "")


class Loaded(Struct, frozen=True):
    """Every round, and the one that is looked at with its children; None before the first round.

    ``lists`` are its children by group and list, ``counts`` how far each class and each village is: thousands of
    children, so they are gone through beside the window. ``has_children`` tells whether a first round would have
    anybody in it, ``next_name`` is what a new one is called.
    """

    rounds: tuple[SurveyFacts, ...]
    progress: SurveyProgress | None
    lists: Mapping[Group, Mapping[str, Sequence[SurveyedChild]]] = {}
    counts: Mapping[str, Sequence[GroupCount]] = {}
    has_children: bool = True
    next_name: str = ""

    def of(self, group: Group, which: str) -> Sequence[SurveyedChild]:
        """Return the children of a group that belong to one of ``LISTS``, in the order of the ledger."""
        return self.lists.get(group, {}).get(which, ())

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
        has_children = has_children_to_check(store, store.clock.today())
        return Loaded(rounds, None, has_children=has_children, next_name=next_name(store))
    on = date.fromisoformat(chosen.closed_on) if chosen.closed_on else None
    progress = survey_progress(store, chosen.uuid, on)
    counts = {"": (_whole(progress),), CLASS: progress.by_class(), VILLAGE: progress.by_village()}
    return Loaded(rounds, progress, _listed(progress), counts, next_name=next_name(store))


def _whole(progress: SurveyProgress) -> GroupCount:
    return GroupCount("", progress.done, len(progress.children))


def _listed(progress: SurveyProgress) -> dict[Group, dict[str, list[SurveyedChild]]]:
    found: dict[Group, dict[str, list[SurveyedChild]]] = {EVERYBODY: {key: [] for key in LISTS}}
    for child in progress.children:
        keys = _lists_of(child)
        of_class, of_village = (CLASS, child.class_name or NO_CLASS), (VILLAGE, child.village or NO_VILLAGE)
        for group in (EVERYBODY, of_class, of_village):
            if group not in found:
                found[group] = {key: [] for key in LISTS}
            for key in keys:
                found[group][key].append(child)
    return found


def _lists_of(child: SurveyedChild) -> tuple[str, ...]:
    if child.check is None:
        return OPEN, ALL
    return (CHANGED, DONE, ALL) if child.check.changed else (DONE, ALL)
