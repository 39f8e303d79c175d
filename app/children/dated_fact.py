"""What every dated fact has, and the decorator that makes such facts cheaply."""

from typing import TYPE_CHECKING

__all__ = ["DatedFact", "fact"]

if TYPE_CHECKING:
    from dataclasses import dataclass as fact
else:
    from dataclasses import dataclass

    def fact(*, frozen: bool, **options: bool) -> type:
        """Make a dataclass that the type checker holds frozen and Python does not.

        A frozen one takes four times as long to make (2.8 µs against 0.7 µs for ten fields), and the facts of 5,000
        children are 90,000 of them.
        """
        return dataclass(unsafe_hash=frozen, **options)


@fact(frozen=True, slots=True)
class DatedFact:
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
