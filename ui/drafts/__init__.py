"""What is typed into any form is kept as a draft until it is saved or given up (reliability.md §3, ODK row).

A form says what it is (`About`) and which fields it has (`Keeping`); `Drafts` writes it down within two seconds, in a
thread of its own. `EntryPanel` is the dialog that does all this by itself.
"""

from ui.drafts.desk import Drafts
from ui.drafts.keeping import About, Keeping
from ui.drafts.known import Form, is_known, page_of
from ui.drafts.panel import SAVE, STAY, EntryPanel, refusal_words
from ui.drafts.picks import PicksDraft
from ui.drafts.rows import RowDrafts
from ui.drafts.singles import FieldDrafts, Sent, Spot

__all__ = [
    "SAVE",
    "STAY",
    "About",
    "Drafts",
    "EntryPanel",
    "FieldDrafts",
    "Form",
    "Keeping",
    "PicksDraft",
    "RowDrafts",
    "Sent",
    "Spot",
    "is_known",
    "page_of",
    "refusal_words",
]
