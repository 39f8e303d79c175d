"""The whole ledger as rows, read a part at a time, so that a school of thousands never lies in memory with all its facts."""

from collections.abc import Mapping
from datetime import date

from app.children.day_reader import no_collecting
from app.children.ledger import LedgerRow, ledger_rows
from app.children.queries import ledger_parts
from app.storage.store import Store


def read_ledger(
    store: Store, day: date, supporters: Mapping[str, tuple[str, ...]] | None = None
) -> list[LedgerRow]:
    """Return the rows of every child the file knows, as of ``day``, in the order of the ledger.

    ``supporters`` names, by child uuid, who looks after it.
    """
    rows: list[LedgerRow] = []
    with no_collecting():
        for part in ledger_parts(store, day, bare=True):
            rows += ledger_rows(part, supporters)
    rows.sort(key=in_ledger_order)
    return rows


def in_ledger_order(row: LedgerRow) -> tuple[int, str, str, str]:
    """Return the place of a row: by class (without one last), then by pinyin and name."""
    return (row.class_sort, row.pinyin, row.name, row.uuid)
