"""What every dated fact has."""

from msgspec import Struct

__all__ = ["DatedFact"]


class DatedFact(Struct, frozen=True):
    """A fact on [valid_from, valid_to), dates in their own precision (``app.core.dates``).

    ``certain`` is False when that precision leaves it open whether the fact holds on the day asked for (待确认).
    ``source`` is who said so, ``noted_on`` the day on which it was noted down (happened_on of the note).
    """

    uuid: str
    valid_from: str | None = None
    valid_to: str | None = None
    source: str | None = None
    noted_on: str | None = None
    certain: bool = True
