"""Searching what was written in the records: literal, the hits handed out as they are found.

No index: the records are read once in pieces, newest entry first (measurements.md §5: a search of 300,000 records with
LIKE costs a fifth of a second, and the index that SQLite offers cannot find words of two characters). Along an index,
to have the hits by day, it takes five times as long: the records are then read all over the file. So a search finds
keys and days only; whoever shows the hits orders the keys, and reads the lines that are looked at.
"""

from collections.abc import Iterator

from app.core.text import like_literal, normalise_cell
from app.diary.drafts import TEXTS
from app.diary.lines import LIVE, newest_first
from app.diary.queries import RecordFilters, filter_sql
from app.storage.store import Store

# Table and column names below are our own.
# ruff: noqa: S608

_PIECE = 20_000
_COLUMNS = (*TEXTS, "place", "present")
# Most columns of a record are empty: asking that first is faster than comparing, or putting them together.
_LIKE = " OR ".join(f"(r.{column} IS NOT NULL AND r.{column} LIKE ?{{0}} ESCAPE '\\')" for column in _COLUMNS)


Hit = tuple[str, int]
"""A record that was found: its day and its key. In falling order hits stand as every list does, the newest day first."""


class TextSearch(Iterator[tuple[Hit, ...]]):
    """Records whose texts hold every word, piece by piece, the last entered first; also pieces without a hit.

    A piece is in falling order. Words are parted by spaces and taken literally, capitals or not. Nothing is asked of
    the file between two pieces: whoever listens may stop, or write, in between; a piece that could not be read is the
    next one again. `queries.lines_of` reads the lines.
    """

    def __init__(self, store: Store, words: str, filters: RecordFilters | None = None) -> None:
        self._store = store
        self._words = [f"%{like_literal(word)}%" for word in normalise_cell(words).split()]
        self._filters = filters or RecordFilters()
        self._left: tuple[int, int] | None = None if self._words else (1, 0)

    def __next__(self) -> tuple[Hit, ...]:
        if self._left is None:
            ends = "SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM care_record"
            self._left = self._store.rows(ends)[0]
        first, last = self._left
        if first > last:
            raise StopIteration
        lowest = max(first, last - _PIECE + 1)
        found = tuple(self._piece(lowest, last))
        self._left = (first, lowest - 1)
        return found

    def _piece(self, lowest: int, highest: int) -> list[Hit]:
        where, params = filter_sql(self._store, self._filters)
        first_word = len(params) + 3  # after the two ends of the piece
        likes = " AND ".join(f"({_LIKE.format(first_word + number)})" for number in range(len(self._words)))
        return self._store.rows(
            "SELECT r.happened_on, r.id FROM care_record r CROSS JOIN child c ON c.id = r.child_id"
            f" WHERE r.id BETWEEN ?1 AND ?2 AND {LIVE} AND {where} AND {likes} {newest_first()}",
            [lowest, highest, *params, *self._words],
        )
