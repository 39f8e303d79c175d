"""Which class the next child of the demo school goes to."""

from collections.abc import Sequence

from app.school.rules import ClassRef
from app.tasks.demo.invent import Invent

Place = tuple[ClassRef, int]


class Places:
    """The classes in school today, filled evenly. A place is a class with its position in the list of all classes."""

    def __init__(self, refs: Sequence[ClassRef], school_year: int, invent: Invent) -> None:
        self._refs = [ref for ref in refs if ref.entering_year > school_year - 6]
        self._filled = [0] * len(self._refs)
        self._year = school_year
        self._invent = invent

    def grade(self, grade: int) -> Place:
        """Take a place in the emptiest class of ``grade``."""
        year = self._year - grade + 1
        return self._take([place for place, ref in enumerate(self._refs) if ref.entering_year == year])

    def any(self) -> Place:
        """Take a place in one of the emptiest classes."""
        least = min(self._filled)
        return self._take([place for place, filled in enumerate(self._filled) if filled <= least + 1])

    def other(self, *taken: Place) -> Place:
        """Take a place in another grade than those of ``taken``."""
        years = {ref.entering_year for ref, _ in taken}
        return self._take([place for place, ref in enumerate(self._refs) if ref.entering_year not in years])

    def again(self, place: Place) -> Place:
        """Take one more place in the same class, for a twin."""
        self._filled[place[1]] += 1
        return place

    def _take(self, candidates: list[int]) -> Place:
        least = min(self._filled[place] for place in candidates)
        chosen = self._invent.pick([place for place in candidates if self._filled[place] == least])
        self._filled[chosen] += 1
        return self._refs[chosen], chosen
