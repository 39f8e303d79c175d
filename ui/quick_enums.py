"""The kinds of Qt (``Qt.Key``, ``QEvent.Type`` …) are made in a third of the time that Python's ``enum`` takes.

PySide makes all kinds of a class of Qt as Python enums when the class is first named: two hundred with three thousand
members before the first page, most of them for the one name ``Qt``. It hands ``enum`` plain names and whole numbers;
``enum`` prepares each member for whatever a member can be, which was an eighth of the start. Here the class is made by
``enum`` without members, and these are then put where ``enum`` would have put them. That is tried on samples first: where
they do not come out the same (another version of Python), everything stays as it was. Tests compare all kinds of Qt.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import Enum, EnumType, Flag, FlagBoundary, IntEnum, IntFlag
from itertools import chain
from typing import Any

# With the names that are theirs already (``name``, ``real``): a member called so is another matter.
_KINDS = {
    kind: frozenset(chain.from_iterable(vars(base) for base in kind.__mro__))
    for kind in (Enum, IntEnum, Flag, IntFlag)
}
_TRIED = (Flag, IntEnum)  # bits and not, of numbers and of objects
_OF_FLAGS = ("_flag_mask_", "_singles_mask_", "_all_bits_")
_SAMPLE = [("None_", 0), ("Two", 2), ("One", 1), ("Both", 3), ("Second", 2), ("Far", 0x40), ("All", -1)]

Names = list[tuple[str, int]]


def begin() -> bool:
    """From now on the kinds of Qt are made quickly; return False, and change nothing, where that would be another thing."""
    plain = EnumType.__dict__.get("_create_")
    if (
        plain is None
        or getattr(plain, "is_quick", False)
        or not all(_comes_out_the_same(plain, kind) for kind in _TRIED)
    ):
        return False

    def create(
        cls: Any, class_name: str, names: Any, *, module: str | None = None, boundary: Any = None, **more: Any
    ) -> Any:
        is_of_qt = (
            boundary is FlagBoundary.KEEP and module is None and cls in _KINDS and _is_plain(cls, names)
        )
        if module is None:  # as ``enum`` finds out where the class is made; PySide then says it better
            module = sys._getframe(2).f_globals.get("__name__")  # noqa: SLF001
        made = plain(cls, class_name, () if is_of_qt else names, module=module, boundary=boundary, **more)
        if is_of_qt:
            fill(made, names)
        return made

    create.is_quick, create.plain = True, plain  # type: ignore[attr-defined]
    EnumType._create_ = create  # type: ignore[attr-defined]
    return True


def fill(made: Any, names: Names) -> None:
    """Give an enum that has no members yet these, as ``enum`` itself does (``enum._proto_member``)."""
    by_value, by_name, listed = made._value2member_map_, made._member_map_, made._member_names_
    is_flag, is_int = issubclass(made, Flag), made._member_type_ is int
    put = type.__setattr__  # that of the enum looks for a member to be protected first
    mask = singles = 0
    for name, value in names:
        is_single = value > 0 and not value & (value - 1)
        mask |= value
        singles |= value if is_single else 0
        member = by_value.get(value)
        if member is None:
            member = int.__new__(made, value) if is_int else object.__new__(made)
            member._value_ = value
            member._name_ = name
            member.__objclass__ = made
            member._sort_order_ = len(listed)
            if is_single or not is_flag:
                listed.append(name)
            by_value[value] = member
        put(made, name, member)
        by_name[name] = member
    if is_flag and names:
        for key, bits in zip(_OF_FLAGS, (mask, singles, 2 ** mask.bit_length() - 1), strict=True):
            if key in vars(made):
                put(made, key, bits)
        values = [member._value_ for member in made]
        if values != sorted(values):
            made._iter_member_ = made._iter_member_by_def_


def _is_plain(cls: Any, names: Any) -> bool:
    """Names and whole numbers and nothing besides, no name twice, none that is the enum's own already."""
    if type(names) is not list or not all(type(pair) is tuple and len(pair) == 2 for pair in names):
        return False
    known = dict(names)
    return (
        len(known) == len(names)
        and _KINDS[cls].isdisjoint(known)
        and all(type(value) is int for value in known.values())
        and not any(name.startswith("_") for name in known)
    )


def _comes_out_the_same(plain: Callable[..., Any], kind: Any) -> bool:
    try:
        usual, quick = (
            plain(kind, "Sample", names, module=__name__, boundary=FlagBoundary.KEEP)
            for names in (_SAMPLE, ())
        )
        fill(quick, _SAMPLE)
        return said_of(usual) == said_of(quick)
    except (AttributeError, TypeError, ValueError):
        return False


def said_of(made: Any) -> Any:
    """All that an enum keeps of itself and its members, to be compared with that of another one."""
    own = {key: value for key, value in vars(made).items() if key not in made.__members__}
    inner = {
        key: value
        for key, value in own.items()
        if key.startswith("_") and isinstance(value, int | list | type)
    }
    members = [(name, vars(member) | {"__objclass__": None}) for name, member in made.__members__.items()]
    by_value = [(value, member.name) for value, member in made._value2member_map_.items()]
    order = getattr(made, "_iter_member_", None)
    return (
        sorted(vars(made)),
        inner,
        members,
        by_value,
        [member.name for member in made],
        order and order.__name__,
    )
