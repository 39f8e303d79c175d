"""The classes a plan speaks of: those of the school, and those that would be made."""

from msgspec import Struct, field

from app.children.roster.draft import RowDraft
from app.school.codes import Stage
from app.school.rules import ClassFacts, ClassRef, ClassState

_FIRST_CLASS_ID = -1_000_000_000
"""Classes that the plan wants made have ids from here downwards; no plan has as many other rows."""


class PlannedClasses(Struct):
    """The classes that rows speak of: those of the school, and those to be made."""

    known: list[ClassFacts]
    mentioned: frozenset[ClassRef]
    names: dict[int, str]
    new: dict[int, ClassRef] = field(default_factory=dict)
    _ids: dict[ClassRef, int] = field(default_factory=dict)

    def resolve(self, draft: RowDraft) -> tuple[ClassRef | None, int | None]:
        """Return the class the row means and its id. A bare grade is its only class; of several none is guessed."""
        ref = draft.class_ref
        if ref is None:
            return None, None
        for facts in self.known:
            if facts.ref == ref and facts.state is not ClassState.CLOSED:
                return ref, facts.id
        if ref.number == 0:
            cohort = (ref.stage, ref.entering_year)
            numbered = {c.ref for c in self.known if c.ref != ref and c.state is not ClassState.CLOSED}
            alike = {
                r for r in (*numbered, *self.mentioned) if r.number and (r.stage, r.entering_year) == cohort
            }
            if len(alike) > 1:
                cells = draft.cells.get("class.name") or draft.cells.get("class.grade") or ()
                reason = f"{draft.class_text}有 {len(alike)} 个班，没有写是哪一班；没有编班"
                draft.mark("class", "class_which", reason, next(iter(cells), None))
                return None, None
            if alike:
                draft.class_ref = alike.pop()
                return self.resolve(draft)
        return ref, self._new(ref)

    def _new(self, ref: ClassRef) -> int:
        if ref not in self._ids:
            new_id = _FIRST_CLASS_ID - len(self.new)
            self._ids[ref], self.new[new_id] = new_id, ref
        return self._ids[ref]

    def new_names(self) -> tuple[str, ...]:
        """Return the names of the classes to be made, in the school's order: the lowest grade first."""
        ordered = sorted(self.new.items(), key=lambda one: _place(one[1]))
        return tuple(self.names[new_id] for new_id, _ in ordered)


def _place(ref: ClassRef) -> tuple[int, int, int]:
    return list(Stage).index(ref.stage), -ref.entering_year, ref.number
