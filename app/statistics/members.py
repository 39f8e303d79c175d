"""Who stands behind each figure: the lists a count opens when it is pressed."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from app.children.codes import CareBucket, Category, ParentsCode
from app.children.derive import care_bucket
from app.children.facts import ChildFacts
from app.children.queries import let_go, load_facts
from app.children.rules import parents_status
from app.statistics.queries import count_facts
from app.statistics.rules import Statistics
from app.storage.store import Store

C = TypeVar("C", bound=StrEnum)
Uuids = tuple[str, ...]


class Members(Struct, frozen=True):
    """The UUIDs behind the figures of one day; each list is as long as its count. ``by_class`` is keyed by class key."""

    everybody: Uuids
    parents: Mapping[ParentsCode, Uuids]
    care: Mapping[CareBucket, Uuids]
    categories: Mapping[Category, Uuids]
    by_class: Mapping[str | None, Uuids]


class Overview(Struct, frozen=True):
    """The statistics of a day and who stands behind them, read at one moment."""

    statistics: Statistics
    members: Members


def overview(store: Store, day: date) -> Overview:
    """Return everything counted for ``day`` with the lists behind it."""
    known = load_facts(store, day)
    ledger = [child for child in known if child.on_ledger]
    found = Overview(
        count_facts(store, day, known),
        Members(
            everybody=tuple(child.uuid for child in ledger),
            parents=_grouped(ParentsCode, ((parents_status(child).code, child) for child in ledger)),
            care=_grouped(CareBucket, ((care_bucket(child), child) for child in ledger)),
            categories=_grouped(
                Category,
                (
                    (category, child)
                    for child in ledger
                    for category in {flag.category for flag in child.categories}
                ),
            ),
            by_class=_by_class(ledger),
        ),
    )
    del ledger
    let_go(known)
    return found


def _grouped(codes: type[C], pairs: Iterable[tuple[C, ChildFacts]]) -> Mapping[C, Uuids]:
    found: dict[C, list[str]] = {code: [] for code in codes}
    for code, child in pairs:
        found[code].append(child.uuid)
    return {code: tuple(uuids) for code, uuids in found.items()}


def _by_class(ledger: Iterable[ChildFacts]) -> Mapping[str | None, Uuids]:
    found: dict[str | None, list[str]] = {}
    for child in ledger:
        in_class = child.school_class if child.school_class and child.school_class.counts else None
        found.setdefault(in_class.key if in_class else None, []).append(child.uuid)
    return {key: tuple(uuids) for key, uuids in found.items()}
