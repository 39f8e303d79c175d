"""The statistics of a day, read from the file."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from app.children.facts import ChildFacts
from app.children.queries import load_facts
from app.school.queries import classes, counting_rules, head_counts, school_calendar, school_profile
from app.statistics.calls import call_count
from app.statistics.rules import SchoolSide, Sexes, Statistics, count
from app.storage.store import Store


def stats(store: Store, day: date) -> Statistics:
    """Return everything counted for ``day``: what is known today about that day."""
    return count_facts(store, day, load_facts(store, day))


def count_facts(store: Store, day: date, known: Iterable[ChildFacts]) -> Statistics:
    """Return everything counted for ``day`` among ``known``, the facts of everybody on that day."""
    profile = school_profile(store)
    term = school_calendar(store).term_in_force(day)
    counted = {
        class_id: Sexes(entry.boys, entry.girls) for class_id, entry in head_counts(store, term).items()
    }
    everybody = list(known)
    counted_children = count(
        everybody,
        SchoolSide(
            as_of=day,
            term=term.words,
            classes=classes(store, day),
            head_counts=counted,
            rules=counting_rules(store),
            resident_is_rural=profile.resident_is_rural if profile else None,
        ),
    )
    ledger = [child.uuid for child in everybody if child.on_ledger]
    return replace(counted_children, calls=call_count(store, day, ledger))
