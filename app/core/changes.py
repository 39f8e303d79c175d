"""What a finished action touched, as told to whoever shows data."""

from collections.abc import Iterable

from msgspec import Struct, field


class Changes(Struct, frozen=True):
    """The answer of every service function.

    ``action_uuid`` is "" and ``uuids`` empty when there was nothing to write. ``areas`` are the
    nouns whose pages must look again (``children``, ``school`` …), ``words`` the sentence that
    「我刚才做了什么」 shows.
    """

    action_uuid: str
    words: str
    areas: frozenset[str] = field(default_factory=frozenset)
    uuids: frozenset[str] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        """Tell whether anything was written at all."""
        return self.action_uuid != ""

    def touches(self, areas: Iterable[str]) -> bool:
        """Tell whether one of ``areas`` was changed."""
        return not self.areas.isdisjoint(areas)
