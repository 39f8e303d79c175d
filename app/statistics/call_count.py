"""The affection calls of a term up to a day, counted over the children of the ledger; each figure with whom it counts."""

from datetime import date

from msgspec import Struct, field


class CallCount(Struct, frozen=True):
    """What was dialled ``since`` the term began, how much of it got through, and who was reached.

    ``reached`` and ``not_reached`` foot to the children of the ledger; ``month`` and ``week`` are those of the former
    who were reached in the month and the week of the day.
    """

    since: date
    attempts: int = 0
    connected: int = 0
    minutes: int = 0
    reached: tuple[str, ...] = field(default=())
    not_reached: tuple[str, ...] = field(default=())
    month: tuple[str, ...] = field(default=())
    week: tuple[str, ...] = field(default=())
