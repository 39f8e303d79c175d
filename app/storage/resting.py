"""Memory that is given back to the computer while nothing is wanted of the ledger."""

import sys
from collections.abc import Callable
from functools import cache
from typing import cast

from app.storage.store import Store


def rest(store: Store) -> None:
    """Give back what SQLite keeps of the file in memory, and what the C library keeps of memory that was freed.

    Both come again when they are needed, in a few milliseconds. glibc alone keeps freed memory for good (Windows and
    musl do not): what the pages that were imported and the first lists needed on their way.
    """
    store.db.execute_sql("PRAGMA shrink_memory")
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    return cast("Callable[[int], int] | None", getattr(ctypes.CDLL(None), "malloc_trim", None))
