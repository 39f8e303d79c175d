"""A search in the texts of the records as the list does it: piece by piece, lines read only of the hits that are listed."""

from __future__ import annotations

from itertools import islice

from app.diary.facts import RecordLine
from app.diary.queries import RecordFilters, lines_of
from app.diary.text_search import Hit, TextSearch
from app.storage.store import Store

PAGE = 200
"""So many lines are read at a time; the next ones when she comes near the end of the list."""


class Search:
    """One search. Its steps run on the storage thread, one after the other; `hits` are all that are known by now.

    `again`: so many lines are listed from the same search before something changed. They stay until this one is whole,
    so its pieces bring no lines.
    """

    def __init__(self, store: Store, words: str, filters: RecordFilters, *, again: int = 0) -> None:
        self.hits: list[Hit] = []
        self.is_whole = False
        self._pieces = TextSearch(store, words, filters)
        self._again = again
        self._listed = 0

    @property
    def is_again(self) -> bool:
        """Lines of the same search are listed."""
        return self._again > 0

    @property
    def is_listed(self) -> bool:
        """Nothing more is to be looked through or read."""
        return self.is_whole and self._listed >= len(self.hits)

    def look_on(self, store: Store, *, by_day: bool) -> tuple[RecordLine, ...]:
        """Look through one more piece; return lines to add to the list until it is a page long.

        After the last piece it is whole: `by_day` puts all hits in the order of every list, and the lines returned
        are those of the list from its top.
        """
        piece = next(self._pieces, None)
        if piece is not None:
            self.hits.extend(piece)
            return () if self.is_again else self._read(store, PAGE)
        if by_day:
            self.hits.sort(reverse=True)
        most = max(PAGE, self._again, self._listed)
        self.is_whole, self._listed = True, 0
        return self._read(store, most)

    def read_on(self, store: Store) -> tuple[RecordLine, ...]:
        """Return the next lines to add to the list."""
        return self._read(store, self._listed + PAGE)

    def _read(self, store: Store, until: int) -> tuple[RecordLine, ...]:
        keys = [key for _day, key in islice(self.hits, self._listed, until)]
        lines = lines_of(store, keys) if keys else ()
        self._listed += len(keys)
        return lines
