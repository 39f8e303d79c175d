"""What is chosen line by line in a table and not stored yet (who takes which child), as a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import shiboken6
from PySide6.QtCore import QObject

from app.storage.drafts import Draft, Entry
from ui.drafts.desk import Drafts, Key, new_copy
from ui.drafts.keeping import About
from ui.drafts.known import version_of


class PicksDraft(QObject):
    """Kept while `picks()` yields anything: one entry per line, named by its record, with the choice as its value.

    The page tells of each choice with `touched`, and takes it back with `resume`; `done` when they are stored or given
    up, `put_by` when another record is shown in this place.
    """

    def __init__(
        self, drafts: Drafts, about: About, picks: Callable[[], Iterable[Entry]], owner: QObject
    ) -> None:
        super().__init__(owner)
        self._drafts = drafts
        self._about = about
        self._picks = picks
        self._copy = new_copy()
        drafts.open(self)

    @property
    def is_open(self) -> bool:
        return shiboken6.isValid(self)

    @property
    def key(self) -> Key:
        return self._about.form, self._about.record, self._copy

    def draft(self) -> Draft | None:
        """Every line that has a choice."""
        about, entries = self._about, tuple(self._picks())
        if not entries:
            return None
        return Draft(
            form=about.form,
            version=version_of(about.form),
            record=about.record,
            words=about.words,
            entries=entries,
            at="",
            copy=self._copy,
            where=about.where,
            how=about.how,
            rows=about.rows,
        )

    def touched(self) -> None:
        """A choice was made or taken back."""
        self._drafts.touched()

    def resume(self, draft: Draft) -> None:
        """The page shows these choices again."""
        self._copy = draft.copy
        self._drafts.resume(draft)
        self._drafts.write()

    def put_by(self) -> None:
        """Something else is shown in this place: what stands here is offered later."""
        self._drafts.leave(self)

    def done(self) -> None:
        """Stored, or given up: the draft goes."""
        self._drafts.closed(self)
