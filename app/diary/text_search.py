"""Searching what was written in the records: literal, the hits handed out as they are found.

No index: the records are read once in pieces, newest entry first (measurements.md §5: a search of 300,000 records with
LIKE costs a fifth of a second, and the index that SQLite offers cannot find words of two characters).
"""

from collections.abc import Iterator

from app.core.text import like_literal, normalise_cell
from app.diary.drafts import TEXTS
from app.diary.facts import RecordLine
from app.diary.lines import LineReader, batches, newest_first
from app.diary.queries import RecordFilters, filter_sql
from app.storage.store import Store

# Table and column names below are our own.

_PIECE = 20_000
_COLUMNS = (*TEXTS, "place", "present")
# Most columns of a record are empty: asking that first is faster than comparing, or putting them together.
_LIKE = " OR ".join(f"(r.{column} IS NOT NULL AND r.{column} LIKE ?{{0}} ESCAPE '\\')" for column in _COLUMNS)


def search_texts(
    store: Store, words: str, filters: RecordFilters | None = None
) -> Iterator[tuple[RecordLine, ...]]:
    """Yield records whose texts hold every word, piece by piece, the last entered first; also pieces without a hit.

    A piece is ordered by day, newest first. Words are parted by spaces and taken literally, capitals or not. Nothing
    is asked of the file between two pieces: whoever listens may stop, or write, in between.
    """
    wanted = [f"%{like_literal(word)}%" for word in normalise_cell(words).split()]
    if not wanted:
        return
    where, params = filter_sql(store, filters or RecordFilters())
    first_word = len(params) + 3  # after the two ends of a piece
    likes = " AND ".join(f"({_LIKE.format(first_word + number)})" for number in range(len(wanted)))
    (first, last) = store.rows("SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM care_record")[0]
    reader = LineReader(store, many=True)
    for lowest, highest in batches(first, last, _PIECE):
        yield reader.read(
            f"r.id BETWEEN ?1 AND ?2 AND {where} AND {likes}",
            [lowest, highest, *params, *wanted],
            rest=newest_first(),
        )
