"""The fields beside a list, made anew for whichever row is shown: what is typed about one is put by for the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.storage.drafts import Draft
from ui.drafts.keeping import About, Keeping
from ui.drafts.note import DraftNote
from ui.drafts.panel import Sitting


class RowDrafts(QObject):
    """One row at a time. Call `put_by` before its fields go, `show` when those of the next one are there."""

    def __init__(self, sitting: Sitting, filled: Callable[[], object], owner: QObject) -> None:
        super().__init__(owner)
        self._sitting = sitting
        self._filled = filled
        self._note: DraftNote | None = None
        self.keeping: Keeping | None = None

    def show(self, about: About, fields: Mapping[str, QWidget], note: DraftNote) -> None:
        """Keep what is typed about this row. What was left of it is offered in `note`, or filled in when she asked for it."""
        drafts = self._sitting.drafts
        again = drafts.take_reopened(about.form, about.record)
        left = drafts.left_for(about.form, about.record)
        self.keeping, self._note = Keeping(drafts, about, fields, self), note
        if again is not None:
            self.resume(again)
        elif left is not None:
            note.offer(left, self._sitting.clock.today(), partial(self.resume, left))

    def resume(self, draft: Draft) -> None:
        """Fill in what was kept, unsaved; `filled()` afterwards."""
        if self.keeping is not None and self._note is not None:
            self._note.say_filled(self.keeping.fill(draft))
            self._filled()

    def put_by(self) -> None:
        """Another row is shown: what was typed about this one is offered when she comes back to it."""
        keeping, self.keeping = self.keeping, None
        if keeping is None:
            return
        if keeping.draft() is not None:
            self._sitting.drafts.leave(keeping)
        else:
            keeping.done()

    def done(self, keeping: Keeping | None) -> None:
        """The row is decided on that was kept by this when it was sent: its draft goes, also if another is shown by now."""
        if keeping is self.keeping:
            self.keeping = None
        if keeping is not None:
            keeping.done()
