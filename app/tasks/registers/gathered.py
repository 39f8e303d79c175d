"""What was read for a register, before it becomes a workbook or a list on paper."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from app.workbook.register_book import Register


class Gathered(Struct, frozen=True):
    """The sheets, how many records or meetings are in them, and of how many children they speak."""

    sheets: "Sequence[Register]"
    records: int
    people: int
