"""What the writes of one row amount to, and what the rows before it have said of people they share."""

from msgspec import Struct, field

from app.children.roster.draft import RowDraft
from app.children.roster.model import FieldChange

SHARED = frozenset({"kinship", "life_status", "capacity", "away", "phone", "marriage"})
"""What later rows of the file may speak of again: brothers and sisters share these people."""


class RowOutcome(Struct):
    """What the writes of one row amount to, for the preview."""

    draft: RowDraft
    changes: list[FieldChange] = field(default_factory=list)
    wrote: bool = False
    is_new: bool = False
    """A new child: everything about it is new, no change is worth a word."""

    @property
    def replaces_note(self) -> bool:
        """Tell whether the remark was printed on our own sheet: what stands there now is no further one."""
        return self.draft.is_collection and "child.note" in self.draft.cells


class Told:
    """Which row of the file was the first to confirm or change something that the ledger holds.

    Brothers and sisters share their parents. Where their rows contradict each other the first one is kept and the other
    marked: also when the file is read again, for the ledger then says what the first row says, and the second would look
    like news.
    """

    def __init__(self) -> None:
        self._first: dict[tuple[object, ...], RowOutcome] = {}

    def by(self, row: RowOutcome, *what: object) -> None:
        """Note that ``row`` has said ``what`` (table, id, and the column where it is one), where others may speak of it."""
        if what[0] in SHARED or what[0] == "person":
            self._first.setdefault(what, row)

    def otherwise(self, row: RowOutcome, *what: object) -> bool:
        """Tell whether an earlier row of the file has said something of ``what``: otherwise, when this one differs."""
        return self._first.get(what, row) is not row
