"""Where the newest backup of the usual ledger was put, kept in a small file beside the ledger (``守望.db.backup``).

Beside the ledger, not beside the backups: with the data on another disk, as decisions §4.1 wants them, a 还原卡 that sets
the system's disk back takes the backups there, this program's settings and its log away at each start. What is on the
data's own disk is all that can tell of it.
"""

import json
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from app.core.errors import EnvironmentFault
from app.core.files import atomic_write
from app.storage.backup_list import Backup, is_listed, list_backups, newest_verified
from app.storage.beside import trace_of
from app.storage.data_place import same_place
from app.storage.store import Store

# So long after a backup was missed its folder is not trusted, unless another one is chosen.
_DOUBTED = timedelta(days=30)
_MOST_DAYS = 5


class Trace(Struct, frozen=True):
    """The newest verified backup of a ledger: its ``folder``, its file's ``name``, when it was made (local ISO time).

    ``missed`` are the days (ISO) on which it was looked for in that folder and neither it nor a newer one was there.
    """

    db_uuid: str
    folder: str
    name: str
    made_at: str
    missed: tuple[str, ...] = ()


def leave_trace(store: Store, backup: Backup) -> None:
    """Keep where this backup was put; where the folder is the same, also that one was missed there before.

    Nothing is said where it cannot be written: the backup itself was made and proved, and whatever keeps files from the
    ledger's folder is met by the next save.
    """
    before = read_trace(store.path)
    folder = backup.path.parent
    fresh = Trace(store.db_uuid, str(folder), backup.path.name, backup.made_at.isoformat(timespec="seconds"))
    if before is not None and before.db_uuid == store.db_uuid and same_place(Path(before.folder), folder):
        fresh = replace(fresh, missed=before.missed)
    with suppress(OSError, EnvironmentFault):
        _write(store.path, fresh)


def note_missed(store: Store, folder: Path) -> Trace | None:
    """Return the trace of a backup that was put into ``folder`` and is gone from there, and keep today as a day of that.

    None where it or a newer one is there, where the backups go into another folder since, and where the disk of the
    folder is away: that is told when the next backup fails.
    """
    trace = read_trace(store.path)
    if trace is None or trace.db_uuid != store.db_uuid or not same_place(Path(trace.folder), folder):
        return None
    newest = newest_verified(list_backups(folder, db_uuid=store.db_uuid))
    is_there = newest is not None and newest.made_at.isoformat(timespec="seconds") >= trace.made_at
    if is_there or not (is_listed(folder) or is_listed(folder.parent)):
        return None
    today = store.clock.today().isoformat()
    if today not in trace.missed:
        trace = replace(trace, missed=(*trace.missed, today)[-_MOST_DAYS:])
        with suppress(OSError, EnvironmentFault):
            _write(store.path, trace)
    return trace


def is_doubted(ledger: Path, folder: Path, *, today: date) -> bool:
    """Tell whether a backup was missed in ``folder`` lately, so that another folder is to be chosen."""
    trace = read_trace(ledger)
    if trace is None or not trace.missed or not same_place(Path(trace.folder), folder):
        return False
    return abs(today - date.fromisoformat(trace.missed[-1])) <= _DOUBTED


def read_trace(ledger: Path) -> Trace | None:
    """Return what is kept beside the ledger; None when nothing is, or nothing that can be read."""
    try:
        values = json.loads(trace_of(ledger).read_text(encoding="utf-8"))
        missed = tuple(date.fromisoformat(day).isoformat() for day in values.pop("missed", ()))
        return Trace(
            **{name: str(values[name]) for name in ("db_uuid", "folder", "name", "made_at")}, missed=missed
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(ledger: Path, trace: Trace) -> None:
    with atomic_write(trace_of(ledger)) as file:
        file.write(json.dumps(asdict(trace), ensure_ascii=False).encode("utf-8"))
