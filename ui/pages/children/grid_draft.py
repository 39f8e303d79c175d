"""The rows of the entry grid that are not saved yet, as a draft: also the cell that is being typed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import shiboken6
from PySide6.QtCore import QObject

from app.storage.drafts import Draft, Entry, Json
from ui.drafts import Drafts, Form
from ui.drafts.desk import Key, new_copy
from ui.drafts.known import version_of
from ui.pages.children.grid import EntryGrid

_BETWEEN = "\t"


class GridDraft(QObject):
    """Kept while a row stands in the grid. `settings()` is what stands above it."""

    def __init__(
        self, drafts: Drafts, grid: EntryGrid, settings: Callable[[], Mapping[str, Json]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._grid = grid
        self._settings = settings
        self._copy = new_copy()
        grid.cells.changed.connect(drafts.touched)
        grid.typed.connect(drafts.touched)
        drafts.open(self)

    @property
    def is_open(self) -> bool:
        return shiboken6.isValid(self) and shiboken6.isValid(self._grid)

    @property
    def key(self) -> Key:
        return Form.GRID, "", self._copy

    def draft(self) -> Draft | None:
        """One entry per row; a cell has no line breaks or tabs of its own."""
        rows = dict(self._grid.cells.filled)
        typing = self._grid.being_typed()
        if typing is not None:
            row, column, text = typing
            cells = rows.setdefault(row, [""] * len(self._grid.columns))
            cells[column] = text
        entries = tuple(
            Entry(
                str(place),
                f"第 {place + 1} 行",
                _BETWEEN.join(cell.replace(_BETWEEN, " ") for cell in cells),
                "，".join(cell for cell in cells if cell.strip()),
            )
            for place, cells in sorted(rows.items())
            if any(cell.strip() for cell in cells)
        )
        if not entries:
            return None
        return Draft(
            form=Form.GRID,
            version=version_of(Form.GRID),
            record="",
            words=f"表格录入 {len(entries)} 名",
            entries=entries,
            at="",
            copy=self._copy,
            how=self._settings(),
        )

    def keep_now(self) -> None:
        """Written down at once; when the grid is empty, its draft goes."""
        self._drafts.write()

    def fill(self, draft: Draft) -> None:
        """Put kept rows below those that stand there already, unsaved."""
        cells = self._grid.cells
        first = max((place + 1 for place, _ in cells.filled), default=0)
        if not first:
            self._copy = draft.copy
            self._drafts.resume(draft)
        texts = {
            (first + line, column): text
            for line, entry in enumerate(draft.entries)
            for column, text in enumerate(str(entry.value).split(_BETWEEN)[: len(self._grid.columns)])
        }
        cells.write(texts)
        self._drafts.write()
        if first:
            self._drafts.drop(draft.key)  # from now on the rows belong to the draft of this grid
        self._grid.go(first, 0)
