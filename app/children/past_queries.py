"""What was so before the day, for many children at once: what the archive sheet prints beside the facts in force."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

from app.children.codes import AwayState, CareKind, Category, RegistrationEnd, RegistrationKind, Relation, Sex
from app.children.day_reader import DayReader, Period, Shape
from app.storage.store import Store

Head = dict[str, Any]


class PastPeriod(Struct, frozen=True, kw_only=True):
    """One period that has begun by the day. ``ended`` = it was over on the day; ``entered_on`` = when it was typed."""

    valid_from: str | None
    valid_to: str | None
    source: str | None
    ended: bool
    entered_on: str


class PastAway(PastPeriod, frozen=True, kw_only=True):
    """Where a grown-up was."""

    state: AwayState
    place: str | None
    trade: str | None
    employer: str | None


class PastCare(PastPeriod, frozen=True, kw_only=True):
    """Who looked after the child. ``relation`` None: no kinship was recorded."""

    kind: CareKind
    carer: str | None
    relation: Relation | None
    label: str | None


class PastHome(PastPeriod, frozen=True, kw_only=True):
    """Where the child lived."""

    address: str | None
    village: str | None
    village_group: str | None


class PastRegistration(PastPeriod, frozen=True, kw_only=True):
    """The child on one of the registers."""

    kind: RegistrationKind
    end_reason: RegistrationEnd | None


class PastCategory(PastPeriod, frozen=True, kw_only=True):
    """A category the child belonged to."""

    category: Category
    basis: str | None
    evidence_date: str | None
    kept_at: str | None


class Sibling(Struct, frozen=True):
    """A brother or sister known to the school, half-siblings too."""

    uuid: str
    name: str
    sex: Sex | None
    birth_date: str | None


class ChildPast(Struct, frozen=True):
    """The periods of one child and its people, oldest first, those still in force among them."""

    away: Mapping[str, tuple[PastAway, ...]] = field(default_factory=dict)  # by the grown-up's uuid
    care: tuple[PastCare, ...] = ()
    homes: tuple[PastHome, ...] = ()
    registrations: tuple[PastRegistration, ...] = ()
    categories: tuple[PastCategory, ...] = ()
    siblings: tuple[Sibling, ...] = ()


def load_past(store: Store, day: date, uuids: Iterable[str]) -> Mapping[str, ChildPast]:
    """Return the periods of the named children that have begun by ``day``, by child uuid."""
    wanted = set(uuids)
    keys = {id: uuid for id, uuid in store.rows("SELECT id, uuid FROM child") if uuid in wanted}
    reader = DayReader(store, day, "child_id", keys)
    kin = _kin(store, keys)
    people = {person for links in kin.values() for person, _, _ in links}
    away = _by_key(DayReader(store, day, "person_id", people), _AWAY)
    names = _person_names(store)
    care = _care(reader, kin, names)
    homes = _by_key(reader, _HOME)
    registrations = _by_key(reader, _REGISTRATION)
    categories = _by_key(reader, _CATEGORY)
    siblings = _siblings(store)
    return {
        uuid: ChildPast(
            away={names[person][0]: away[person] for person, _, _ in kin.get(id, ()) if person in away},
            care=care.get(id, ()),
            homes=homes.get(id, ()),
            registrations=registrations.get(id, ()),
            categories=categories.get(id, ()),
            siblings=siblings.get(id, ()),
        )
        for id, uuid in keys.items()
    }


def _by_key(reader: DayReader, shape: Shape[Any]) -> dict[int, tuple[Any, ...]]:
    found: dict[int, list[Any]] = {}
    for period in reader.begun(shape):
        found.setdefault(period.key, []).append(_made(shape, period))
    return {key: tuple(periods) for key, periods in found.items()}


def _made(shape: Shape[Any], period: Period) -> Any:
    *own, entered_at = period.own
    head = {
        "valid_from": period.valid_from,
        "valid_to": period.valid_to,
        "source": period.row[4],
        "ended": period.holds is False,
        "entered_on": str(entered_at)[:10],
    }
    return shape.make(head, *own)


def _away(head: Head, state: str, place: str | None, trade: str | None, employer: str | None) -> PastAway:
    return PastAway(**head, state=AwayState(state), place=place, trade=trade, employer=employer)


def _home(head: Head, address: str | None, village: str | None, village_group: str | None) -> PastHome:
    return PastHome(**head, address=address, village=village, village_group=village_group)


def _registration(head: Head, kind: str, end_reason: str | None) -> PastRegistration:
    return PastRegistration(**head, kind=RegistrationKind(kind), end_reason=RegistrationEnd.of(end_reason))


def _category(
    head: Head, category: str, basis: str | None, evidence_date: str | None, kept_at: str | None
) -> PastCategory:
    return PastCategory(
        **head, category=Category(category), basis=basis, evidence_date=evidence_date, kept_at=kept_at
    )


_AWAY = Shape("away", "state, place, trade, employer, entered_at", _away)
_HOME = Shape("residence", "address, village, village_group, entered_at", _home)
_REGISTRATION = Shape("registration", "kind, end_reason, entered_at", _registration)
_CATEGORY = Shape("category_flag", "category, basis, evidence_date, kept_at, entered_at", _category)
_CARE: Shape[Any] = Shape("care", "kind, person_id, entered_at", dict)


def _care(
    reader: DayReader,
    kin: Mapping[int, list[tuple[int, str, str | None]]],
    names: Mapping[int, tuple[str, str | None]],
) -> dict[int, tuple[PastCare, ...]]:
    found: dict[int, list[PastCare]] = {}
    for period in reader.begun(_CARE):
        kind, person, entered_at = period.own
        link = next((link for link in kin.get(period.key, ()) if link[0] == person), None)
        found.setdefault(period.key, []).append(
            PastCare(
                valid_from=period.valid_from,
                valid_to=period.valid_to,
                source=period.row[4],
                ended=period.holds is False,
                entered_on=str(entered_at)[:10],
                kind=CareKind(kind),
                carer=names[person][1] if person in names else None,
                relation=Relation(link[1]) if link else None,
                label=link[2] if link else None,
            )
        )
    return {key: tuple(periods) for key, periods in found.items()}


def _kin(store: Store, keys: Mapping[int, str]) -> dict[int, list[tuple[int, str, str | None]]]:
    found: dict[int, list[tuple[int, str, str | None]]] = {}
    for child, person, relation, label in store.rows(
        "SELECT child_id, person_id, relation, label FROM kinship WHERE deleted_at IS NULL ORDER BY id"
    ):
        if child in keys:
            found.setdefault(child, []).append((person, relation, label))
    return found


def _person_names(store: Store) -> dict[int, tuple[str, str | None]]:
    return {
        id: (uuid, name)
        for id, uuid, name in store.rows("SELECT id, uuid, name FROM person WHERE deleted_at IS NULL")
    }


def _siblings(store: Store) -> dict[int, tuple[Sibling, ...]]:
    """Return who shares a parent with whom; half-siblings are siblings."""
    families: dict[int, set[int]] = {}
    for child, person in store.rows(
        "SELECT child_id, person_id FROM kinship WHERE deleted_at IS NULL"
        " AND relation IN ('father', 'mother', 'adoptive_father', 'adoptive_mother')"
    ):
        families.setdefault(person, set()).add(child)
    shared = [family for family in families.values() if len(family) > 1]
    if not shared:
        return {}
    known = {
        id: Sibling(uuid, name, Sex.of(sex), birth_date)
        for id, uuid, name, sex, birth_date in store.rows(
            "SELECT id, uuid, name, sex, birth_date FROM child WHERE deleted_at IS NULL"
        )
    }
    found: dict[int, set[int]] = {}
    for family in shared:
        for child in family:
            found.setdefault(child, set()).update(family - {child})
    return {
        child: tuple(
            sorted(
                (known[other] for other in others if other in known),
                key=lambda one: (one.birth_date or "", one.name),
            )
        )
        for child, others in found.items()
    }
