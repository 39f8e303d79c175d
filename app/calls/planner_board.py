"""The open hours that a plan has, and for everybody who calls together the part of it that suits them. Pure.

A *cell* is all room of one kind: one day, one hour, one medium, one teacher on duty. *Options* are the cells in which
a call can take place, earliest days first, each with how far down the list of contacts the first one stands who can be
reached then.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct, field

from app.calls.codes import CallMedium
from app.calls.people import CallContact
from app.calls.plan_facts import PlanFacts
from app.calls.slots import Slot
from app.school.lessons import EVERY_CLASS

OTHER_MEDIUM = 2
"""A call by another medium than the child wishes for counts as if it were with the contact two places down."""


class Cell(Struct, eq=False):
    """Open slots that nothing tells apart but their line; ``slots`` in the order in which they are given away."""

    day: date
    starts: str
    ends: str
    medium: CallMedium
    duty: str
    kept: frozenset[int]
    """Classes that are not called out of a lesson then."""
    slots: list[Slot] = field(default_factory=list)


Options: TypeAlias = Mapping[Cell, int]
_Hours: TypeAlias = tuple[tuple[str, str], ...] | None


class Unit(Struct, frozen=True):
    """Who calls together: places in ``PlanFacts.callees``, and whom they can talk with, in order."""

    members: tuple[int, ...]
    contacts: tuple[CallContact, ...]


class _Kind(Struct, frozen=True):
    """What tells from others the cells in which children can call: who can be reached when, classes, wishes, absences."""

    hours: int
    classes: frozenset[int]
    wish: CallMedium | None
    wants: bool
    away: tuple[tuple[date, date], ...]
    leaves: str | None
    put_off: str
    off: frozenset[tuple[date, str]]


class Board:
    """The cells of a plan and, for every unit, the options it has in them."""

    def __init__(self, facts: PlanFacts, opened: Iterable[Slot]) -> None:
        self.facts = facts
        known: dict[object, Cell] = {}
        self._cell_of: dict[int, Cell] = {}
        for slot in opened:
            key = (slot.day, slot.starts, slot.ends, slot.medium, slot.duty_uuid, slot.lessons)
            if key not in known:
                known[key] = Cell(*key[:5], frozenset(of_class for of_class, _ in slot.lessons))
            known[key].slots.append(slot)
            self._cell_of[id(slot)] = known[key]
        self.cells = sorted(known.values(), key=lambda cell: (cell.day, cell.starts))
        self._days: dict[date, _Day] = {}
        for cell in self.cells:
            self._days.setdefault(cell.day, _Day()).note(cell)
        self._numbers: dict[object, int] = {}
        self._of_unit: dict[tuple[int, ...], int] = {}
        self._hours_on: dict[tuple[int, date], tuple[_Hours, ...]] = {}
        self._asked: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
        self._kinds: list[_Kind] = []
        self._number_of: dict[_Kind, int] = {}
        self._known: dict[tuple[int, date, date, bool], Options] = {}

    def cell_of(self, slot: Slot) -> Cell | None:
        """Return the cell of a slot; None when it is not open."""
        return self._cell_of.get(id(slot))

    def options(self, unit: Unit, members: Sequence[int], first: date, last: date, *, video: bool) -> Options:
        """Return the cells of [first, last] in which all ``members`` can call together, with the rank of the contact.

        Units that nothing tells apart get the same object. A call that a parent put off is in the slot of that minute,
        else after it; where somebody called one off, there is none again.
        """
        asking = (unit.members, tuple(members))
        number = self._asked.get(asking)
        if number is None:
            number = self._asked[asking] = self._kind_of(unit, members)
        key = (number, first, last, video)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._found(
                unit, members, self._kinds[number], first, last, video=video
            )
        return found

    def _found(
        self, unit: Unit, members: Sequence[int], kind: _Kind, first: date, last: date, *, video: bool
    ) -> Options:
        # Most children are there every day, and then no day has to be asked about.
        absent = [one for member in members if not (one := self.facts.callees[member]).is_always_there]
        found: dict[Cell, int] = {}
        for day, here in self._days.items():
            if first <= day <= last and not any(one.why_not(day) for one in absent):
                hours = self._hours_on.get((kind.hours, day))
                if hours is None:
                    hours = tuple(_hours(one, day) for one in unit.contacts)
                    self._hours_on[kind.hours, day] = hours
                found.update(here.options(hours, kind.classes, kind.wish, video=video))
        if kind.off:
            found = {
                cell: rank
                for cell, rank in found.items()
                if not kind.off & {(cell.day, ""), (cell.day, cell.starts)}
            }
        return _put_off(found, kind.put_off) if kind.put_off else found

    def _kind_of(self, unit: Unit, members: Sequence[int]) -> int:
        """Return the number of everything that tells what ``members`` can do from what others can, the days apart."""
        callees = [self.facts.callees[member] for member in members]
        kind = _Kind(
            hours=self._hours_of(unit),
            classes=frozenset(EVERY_CLASS if one.class_id is None else one.class_id for one in callees),
            wish=next((one.wish.medium for one in callees if one.wish.medium is not None), None),
            wants=all(one.wish.wants for one in callees),
            away=tuple(
                sorted({(spell.first, spell.back or date.max) for one in callees for spell in one.absences})
            ),
            leaves=min((one.leaves_on for one in callees if one.leaves_on is not None), default=None),
            put_off=max((self.facts.put_off.get(one.child_uuid, "") for one in callees), default=""),
            off=frozenset().union(*(self.facts.called_off.get(one.child_uuid, ()) for one in callees)),
        )
        number = self._number_of.setdefault(kind, len(self._kinds))
        if number == len(self._kinds):
            self._kinds.append(kind)
        return number

    def _hours_of(self, unit: Unit) -> int:
        """Return a number that all units have in common whose contacts can be reached at the same times."""
        if unit.members not in self._of_unit:
            hours = tuple(one.windows for one in unit.contacts)
            self._of_unit[unit.members] = self._numbers.setdefault(hours, len(self._numbers))
        return self._of_unit[unit.members]


class _Day:
    """The cells of a day, by hour. What suits one family suits others too: it is kept."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str], list[Cell]] = {}
        self._kept: dict[frozenset[int], int] = {}
        self._known: dict[object, tuple[tuple[Cell, int], ...]] = {}

    def note(self, cell: Cell) -> None:
        """Take a cell in."""
        self._cells.setdefault((cell.starts, cell.ends), []).append(cell)
        self._kept.setdefault(cell.kept, len(self._kept))

    def options(
        self, hours: tuple[_Hours, ...], classes: frozenset[int], wish: CallMedium | None, *, video: bool
    ) -> tuple[tuple[Cell, int], ...]:
        """Return the cells in which somebody of these hours can be called, out of no lesson, with the rank."""
        ranks = _ranks(hours, tuple(self._cells))
        may_come = tuple(kept.isdisjoint(classes) for kept in self._kept)
        key = (ranks, may_come, wish, video)
        if key not in self._known:
            self._known[key] = tuple(
                (cell, rank + (OTHER_MEDIUM if wish is not None and cell.medium is not wish else 0))
                for rank, cells in zip(ranks, self._cells.values(), strict=True)
                if rank is not None
                for cell in cells
                if may_come[self._kept[cell.kept]] and (not video or cell.medium is CallMedium.VIDEO)
            )
        return self._known[key]


def _hours(contact: CallContact, day: date) -> _Hours:
    """Return when a contact can be reached on a day, None = at any time: ``CallContact.reachable``, once a day."""
    held = [one for one in contact.windows if one.in_force(day)]
    return tuple((one.starts, one.ends) for one in held if one.comes_on(day)) if held else None


@lru_cache(maxsize=4096)
def _ranks(hours: tuple[_Hours, ...], spans: tuple[tuple[str, str], ...]) -> tuple[int | None, ...]:
    """Return for each span the place of the first contact who can be reached for the whole of it; None = nobody can.

    Kept: the same hours and the same spans come again every week.
    """
    return tuple(_rank(hours, span) for span in spans)


def _rank(hours: Iterable[_Hours], span: tuple[str, str]) -> int | None:
    starts, ends = span
    for place, held in enumerate(hours):
        if held is None or any(begin <= starts and ends <= end for begin, end in held):
            return place
    return None


def _put_off(options: Options, minute: str) -> Options:
    """Return the options in which a call is that was put off to a minute: then; else after it; else all."""
    day, _, at = minute.partition("T")
    then = {
        cell: rank
        for cell, rank in options.items()
        if cell.day.isoformat() == day and cell.starts <= at < cell.ends
    }
    after = {
        cell: rank for cell, rank in options.items() if f"{cell.day.isoformat()}T{cell.starts}" >= minute
    }
    return then or after or options
