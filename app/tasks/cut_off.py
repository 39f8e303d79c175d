"""An import that a power cut broke off: a note stays of it, and the next start tells it once (reliability.md R03)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.core.paths import make_private, private_folder
from app.storage.store import Store


@contextmanager
def import_under_way(store: Store) -> Iterator[None]:
    """Leave a note, on this computer only, while an import writes: where the ledger stood before."""
    note = _note(store)
    with suppress(OSError):  # without the note the work is done all the same
        make_private(note.parent)
        note.write_text(str(store.commit_no), encoding="ascii")
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


def import_was_cut_off(store: Store) -> bool:
    """Tell whether the last import was broken off and is not in the ledger; asked once, for the note goes with the answer."""
    note = _note(store)
    try:
        stood_at = note.read_bytes()
    except OSError:
        return False
    with suppress(OSError):
        note.unlink()
    # Cut off while the note itself was written: then nothing of the import had begun.
    return stood_at == str(store.commit_no).encode("ascii")


def _note(store: Store) -> Path:
    return private_folder() / f"import_{store.db_uuid}"
