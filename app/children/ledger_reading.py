"""The whole ledger as rows, read a part at a time, so that a school of thousands never lies in memory with all its facts."""

from datetime import date

from app.children.ledger import LedgerRow, ledger_rows
from app.children.queries import load_facts
from app.storage.store import Store

PART = 400
"""Children whose facts are held at one time."""


def read_ledger(store: Store, day: date) -> list[LedgerRow]:
    """Return the rows of every child the file knows, as of ``day``, in the order of the ledger."""
    uuids = [row[0] for row in store.rows("SELECT uuid FROM child WHERE deleted_at IS NULL ORDER BY id")]
    rows: list[LedgerRow] = []
    for start in range(0, len(uuids), PART):
        rows += ledger_rows(load_facts(store, day, uuids=uuids[start : start + PART]))
    return sorted(rows, key=in_ledger_order)


def in_ledger_order(row: LedgerRow) -> tuple[int, str, str, str]:
    """Return the place of a row: by class (without one last), then by pinyin and name."""
    return (row.class_sort, row.pinyin, row.name, row.uuid)
