"""What every stored code is: its value in the file, and the Chinese word for it."""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A stored code with its Chinese word."""

    label: str
    __hash__ = str.__hash__  # they stand in sets by the thousand; that of Enum takes five times as long

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make the member ``value`` of the file, shown as ``label``."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Return code → Chinese word in the order in which a form offers them."""
        return {member.value: member.label for member in cls}

    @classmethod
    def of(cls, value: str | None) -> Self | None:
        """Return the member for what the file holds; None (未采集) stays None."""
        return None if value is None else cls(value)
