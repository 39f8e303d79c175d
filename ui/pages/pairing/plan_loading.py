"""What the page of a help plan shows, read in one go."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from app.pairing.facts import ADULT_KINDS, PairFacts
from app.pairing.pair_reading import pairs_of_child
from app.pairing.plans import (
    HelpPlanFacts,
    IndividualPlanFacts,
    individual_plans_of_child,
    plans_of_child,
)
from app.pairing.roll import read_roll
from app.school.calendar import Term
from app.school.queries import school_calendar
from app.storage.store import Store


class Loaded(Struct, frozen=True):
    """The plans of a child in a term (None: nothing is written yet), who could carry them, the terms to choose from."""

    child: str
    name: str
    class_name: str
    pairs: tuple[PairFacts, ...]
    plan: HelpPlanFacts | None
    term: Term
    terms: tuple[Term, ...]
    individual: IndividualPlanFacts | None = None
    written: frozenset[str] = frozenset()
    """The terms (uuid) for which the child has a plan of either kind."""
    proposed: str = ""
    """The supporter put into a plan that is not written yet: the one the page was opened from, else the first."""


def load_plan(store: Store, child: str, day: date, chosen: Term | None, *, key: str = "") -> Loaded:
    """Read the plans of the chosen term, or of this one; an earlier term with a plan can always be chosen.

    ``key``: the supporter to propose, if this one looks after the child today.
    """
    calendar = school_calendar(store)
    now = calendar.term_in_force(day)
    plans, individual = plans_of_child(store, child), individual_plans_of_child(store, child)
    written = frozenset((*(one.term_uuid for one in plans), *(one.term_uuid for one in individual)))
    lately = [term for year in (now.school_year - 1, now.school_year) for term in calendar.terms_of(year)]
    terms = {term.starts_on: term for term in calendar.terms if term.uuid in written}
    terms |= {term.starts_on: term for term in lately if term.starts_on <= now.starts_on}
    begun = sorted(terms.values(), reverse=True)
    term = next((one for one in begun if chosen is not None and one.starts_on == chosen.starts_on), now)
    pupil = next((one for one in read_roll(store, day).values() if one.uuid == child), None)
    pairs = tuple(one for one in pairs_of_child(store, child, day) if one.open and one.kind in ADULT_KINDS)
    keys = [one.key for one in pairs]
    return Loaded(
        child=child,
        name=pupil.name if pupil else "",
        class_name=pupil.class_name if pupil else "",
        pairs=pairs,
        plan=next((one for one in plans if term.uuid and one.term_uuid == term.uuid), None),
        term=term,
        terms=tuple(begun),
        individual=next((one for one in individual if term.uuid and one.term_uuid == term.uuid), None),
        written=written,
        proposed=key if key in keys else next(iter(keys), ""),
    )
