"""The rows of an entry grid that are not saved yet, as a draft: also the cell that is being typed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import shiboken6
from PySide6.QtCore import QObject

from app.storage.drafts import Draft, Entry, Json
from ui.drafts.desk import Drafts, Key, new_copy
from ui.drafts.known import Form, version_of
from ui.widgets.grid import EntryGrid

_BETWEEN = "\t"


class GridDraft(QObject):
    """Kept while a row stands in the grid.

    `words(rows)` name it, `how()` is what stands above the grid, `where` are parameters of its page. `keys()`: what each
    row is known by, where rows are given (the uuids of the children); without it a row is known by its place.
    """

    def __init__(
        self,
        drafts: Drafts,
        grid: EntryGrid,
        form: Form,
        *,
        words: Callable[[int], str],
        how: Callable[[], Mapping[str, Json]],
        parent: QObject,
        where: Mapping[str, str] | None = None,
        keys: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._grid = grid
        self._form = form
        self._words = words
        self._how = how
        self._where = where or {}
        self._keys = keys
        self._copy = new_copy()
        self._strays: tuple[Entry, ...] = ()
        grid.cells.changed.connect(drafts.touched)
        grid.typed.connect(drafts.touched)
        drafts.open(self)

    @property
    def is_open(self) -> bool:
        return shiboken6.isValid(self) and shiboken6.isValid(self._grid)

    @property
    def key(self) -> Key:
        return self._form, "", self._copy

    def draft(self) -> Draft | None:
        """One entry per row; a cell has no line breaks or tabs of its own."""
        rows = dict(self._grid.cells.filled)
        typing = self._grid.being_typed()
        if typing is not None:
            row, column, text = typing
            cells = rows.setdefault(row, [""] * len(self._grid.columns))
            cells[column] = text
        entries = tuple(
            self._entry(place, cells)
            for place, cells in sorted(rows.items())
            if any(cell.strip() for cell in cells)
        )
        entries += self._strays
        if not entries:
            return None
        return Draft(
            form=self._form,
            version=version_of(self._form),
            record="",
            words=self._words(len(entries)),
            entries=entries,
            at="",
            copy=self._copy,
            where=self._where,
            how=self._how(),
        )

    def keep_now(self) -> None:
        """Written down at once; when the grid is empty, its draft goes."""
        self._drafts.write()

    def emptied(self) -> None:
        """Saved or given up, also what had no row here: the next rows are another draft."""
        self._strays = ()
        self._drafts.write()

    def fill(self, draft: Draft) -> None:
        """Put kept rows in, unsaved: where they belong, else below those that stand there; what has no row stays kept."""
        cells = self._grid.cells
        first = max((place + 1 for place, _ in cells.filled), default=0)
        if not first:
            self._copy = draft.copy
            self._drafts.resume(draft)
        keys = self._keys()
        texts: dict[tuple[int, int], str] = {}
        strays = []
        for line, entry in enumerate(draft.entries):
            place = keys.index(entry.name) if entry.name in keys else first + line
            if keys and entry.name not in keys:
                strays.append(entry)
                continue
            for column, text in enumerate(str(entry.value).split(_BETWEEN)[: len(self._grid.columns)]):
                texts[place, column] = text
        self._strays += tuple(strays)
        cells.write(texts)
        self._drafts.write()
        if first:
            self._drafts.drop(draft.key)  # from now on the rows belong to the draft of this grid
        self._grid.go(min(row for row, _ in texts) if texts else 0, 0)

    def _entry(self, place: int, cells: list[str]) -> Entry:
        keys, names = self._keys(), self._grid.cells.names
        return Entry(
            keys[place] if keys else str(place),
            names[place] if place < len(names) else f"第 {place + 1} 行",
            _BETWEEN.join(cell.replace(_BETWEEN, " ") for cell in cells),
            "，".join(cell for cell in cells if cell.strip()),
        )
