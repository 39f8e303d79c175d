"""Times of day as they are stored, HH:MM, and spans of them; half-open [starts, ends), so that one may follow another."""

import re

_SHAPE = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_TYPED_SHAPE = re.compile(r"([01]?[0-9]|2[0-3])(?::([0-5]?[0-9])?)?", re.ASCII)
_MARKS = str.maketrans("０１２３４５６７８９：；;．.点", "0123456789::::::")


def read_time(text: str) -> str | None:
    """Return a typed time of day as HH:MM (9:05, 9：5, 9.05, 9点05分, 905, 9); None when it is none."""
    plain = text.strip().translate(_MARKS).removesuffix("分").replace(" ", "")
    if plain.isascii() and plain.isdigit() and len(plain) in (3, 4):
        plain = f"{plain[:-2]}:{plain[-2:]}"
    shape = _TYPED_SHAPE.fullmatch(plain)
    return None if shape is None else f"{int(shape[1]):02d}:{int(shape[2] or 0):02d}"


def minute_of(time: str) -> int:
    """Return the minutes from midnight to HH:MM; ValueError when it is no time of day."""
    shape = _SHAPE.fullmatch(time)
    if shape is None:
        raise ValueError(f"not a time of day: {time!r}")
    return int(shape[1]) * 60 + int(shape[2])


def time_at(minute: int) -> str:
    """Return HH:MM of a minute from midnight."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def spans_meet(starts: str, ends: str, other_starts: str, other_ends: str) -> bool:
    """Tell whether two spans of a day have a minute in common."""
    return starts < other_ends and other_starts < ends


def covers(starts: str | None, ends: str | None, part_starts: str, part_ends: str) -> bool:
    """Tell whether a span (None = the whole day) holds all of another."""
    return starts is None or ends is None or (starts <= part_starts and part_ends <= ends)
