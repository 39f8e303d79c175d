"""What is typed into any form is kept as a draft until it is saved or given up (reliability.md §3, ODK row).

A form says what it is (`About`) and which fields it has (`Keeping`); `Drafts` writes it down within two seconds, in a
thread of its own. `EntryPanel` is the dialog that does all this by itself.

Each is imported when it is named, as in ui.widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.when_named import imported_when_named

if TYPE_CHECKING:
    from ui.drafts.desk import Drafts as Drafts
    from ui.drafts.keeping import About as About
    from ui.drafts.keeping import Keeping as Keeping
    from ui.drafts.known import Form as Form
    from ui.drafts.known import closed_words as closed_words
    from ui.drafts.known import is_known as is_known
    from ui.drafts.known import page_of as page_of
    from ui.drafts.objection import Objection as Objection
    from ui.drafts.objection import quoted_field as quoted_field
    from ui.drafts.panel import SAVE as SAVE
    from ui.drafts.panel import STAY as STAY
    from ui.drafts.panel import EntryPanel as EntryPanel
    from ui.drafts.panel import refusal_words as refusal_words
    from ui.drafts.picks import PicksDraft as PicksDraft
    from ui.drafts.rows import RowDrafts as RowDrafts
    from ui.drafts.singles import FieldDrafts as FieldDrafts
    from ui.drafts.singles import Sent as Sent
    from ui.drafts.singles import Spot as Spot
else:  # hidden from the type checker: to it every name would be one
    PLACES, __getattr__ = imported_when_named(
        __name__,
        {
            "desk": ("Drafts",),
            "keeping": ("About", "Keeping"),
            "known": ("Form", "closed_words", "is_known", "page_of"),
            "objection": ("Objection", "quoted_field"),
            "panel": ("SAVE", "STAY", "EntryPanel", "refusal_words"),
            "picks": ("PicksDraft",),
            "rows": ("RowDrafts",),
            "singles": ("FieldDrafts", "Sent", "Spot"),
        },
    )
