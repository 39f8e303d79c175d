"""What she should be told when a ledger has been opened although nothing has failed yet."""

import os
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.core.build_facts import build_facts
from app.core.clock import Clock
from app.core.messages import FAULTS
from app.core.moments import read_moment
from app.core.parts import missing_parts
from app.core.paths import log_folder, private_folder, settings_file
from app.storage.backup_trace import note_missed
from app.storage.bad_text import count_bad_records
from app.storage.drives import DriveProbe, place_warning
from app.storage.medium import DISK, Disk, size_words
from app.storage.place_state import recall
from app.storage.second_place import look_at_second
from app.storage.store import Store
from app.tasks.cut_off import import_was_cut_off

# Below this much free room the next import or backup may not fit any more, in bytes; nor below that of a snapshot of the
# ledger and its copy, where the ledger is a large one.
NEARLY_FULL = 200 * 1024 * 1024
_COPIES = 2
# A clock may be set right by some minutes; more than a year without an entry is as likely a wrong clock.
_EARLY = timedelta(minutes=10)
_LATE = timedelta(days=400)


class Notice(Struct, frozen=True):
    """A yellow bar: ``key`` into the table of texts, the whole ``words``."""

    key: str
    words: str


def start_notices(
    store: Store, backup_folder: Path, *, probe: DriveProbe | None = None, disk: Disk = DISK
) -> list[Notice]:
    """Return what speaks against the program's files, the place, its disk and the computer's clock; often nothing."""
    gone = missing_parts()
    found = [_notice("program.part_missing", names="、".join(gone))] if gone else []
    home = home_notice(private_folder(), settings_file().parent, log_folder())
    found += [] if home is None else [home]
    found += _nearly_full(store.path, backup_folder, disk)
    warning = place_warning(store.path.parent, probe)
    if warning is not None:
        said = _notice("place.lies_there", folder=store.path.parent, why=warning.what, todo=warning.todo)
        found.append(replace(said, key=warning.key))
    missed = note_missed(store, backup_folder)
    if missed is not None:
        found.append(
            _notice("backup.missed", folder=backup_folder, when=missed.made_at[:16].replace("T", " "))
        )
    if import_was_cut_off(store):
        found.append(_notice("import.cut_off"))
    clock = clock_notice(store, backup_folder)
    return found if clock is None else [*found, clock]


def home_notice(*folders: Path) -> Notice | None:
    """Name the first of the program's own ``folders`` that takes nothing: a home that is read-only, another's or none.

    Nothing else tells it before the first backup: settings that are not kept and a log that is not written keep nobody
    from her ledger.
    """
    closed = next((folder for folder in folders if not takes_files(folder)), None)
    return None if closed is None else _notice("home.closed", folder=closed)


def takes_files(folder: Path) -> bool:
    """Tell whether files can be made in ``folder``, or it can be made itself; asks only, makes nothing."""
    there = _nearest(folder)
    return there is not None and there.is_dir() and os.access(there, os.W_OK)


def _nearest(folder: Path) -> Path | None:
    """Return the folder, or what is there already of those above it."""
    return next((one for one in (folder, *folder.parents) if os.access(one, os.F_OK)), None)


def _nearly_full(ledger: Path, backups: Path, disk: Disk) -> list[Notice]:
    """Name each disk once: data and backups often share one.

    The system's disk counts where the data lie on another one: every backup begins there, and drafts are kept there.
    """
    found: dict[int, Notice] = {}
    enough = max(NEARLY_FULL, _COPIES * ledger.stat().st_size)
    own = _nearest(private_folder()) or backups
    for folder, place in ((ledger.parent, "数据"), (backups, "备份"), (own, "设置和草稿")):
        try:
            free, device = disk.free(folder), folder.stat().st_dev
        except OSError:
            continue  # a disk that is away is told where it is needed
        if free < enough:
            notice = _notice("disk.nearly_full", place=place, free=size_words(free))
            found.setdefault(device, notice)
    return list(found.values())


def clock_notice(store: Store, backup_folder: Path) -> Notice | None:
    """Compare the computer's clock with the entries and the last time this ledger was left (reliability R30).

    Early is what stands before the last entry; late what stands long after every entry: once a wrong clock was set
    right again, neither the entries made meanwhile nor their order speak against it any more.
    """
    left = recall(backup_folder, store.path)
    was_left = [left.left_at] if left is not None and left.db_uuid == store.db_uuid else []
    last = _latest(store.rows("SELECT at FROM action ORDER BY id DESC LIMIT 1"), was_left)
    latest = _latest(store.rows("SELECT max(at) FROM action"), was_left)
    now = store.clock.now()
    if last is None or latest is None:
        return clock_before_program(store.clock)
    if last - now > _EARLY:
        return _clock("clock.early", now, last)
    if now - latest > _LATE:
        return _clock("clock.late", now, latest)
    return clock_before_program(store.clock)


def clock_before_program(clock: Clock) -> Notice | None:
    """Tell when the computer stands before the day this program was built: at a first start there is no entry to compare.

    No computer that runs it can stand there unless its clock has lost the time (an empty battery). A checkout was not
    built and says nothing.
    """
    now, made = clock.now(), _program_made()
    if made is None or now.date() >= made:
        return None
    return _notice("clock.before_program", now=f"{now:%Y-%m-%d %H:%M}", made=made)


def _program_made() -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(build_facts().get("built", ""))
    return None


def _latest(rows: list[tuple[Any, ...]], more: list[str]) -> datetime | None:
    times = (read_moment(at) for at in (*(at for (at,) in rows if at), *more))
    return max((time for time in times if time is not None), default=None)


def _clock(key: str, now: datetime, last: datetime) -> Notice:
    return _notice(
        key, now=f"{now:%Y-%m-%d %H:%M}", last=f"{last:%Y-%m-%d %H:%M}", span=_span(abs(now - last))
    )


def _span(span: timedelta) -> str:
    """A span in the largest unit it fills: 6 年, 3 个月, 12 天, 5 小时, 40 分钟."""
    minutes = round(span.total_seconds() / 60)
    sizes = ((365 * 1440, "年"), (30 * 1440, "个月"), (1440, "天"), (60, "小时"), (1, "分钟"))
    size, unit = next(((size, unit) for size, unit in sizes if minutes >= size), sizes[-1])
    return f"{minutes // size} {unit}"


def second_notice(store: Store, backup_folder: Path, *, disk: Disk = DISK) -> Notice | None:
    """Tell when the second place of the backups is away, full, or behind the first; None when it is well or not wanted."""
    found = look_at_second(store.path, backup_folder, db_uuid=store.db_uuid, now=store.clock.now(), disk=disk)
    return None if found is None or found.is_well else Notice(f"second.{found.state}", found.words)


def garbled_rows(store: Store) -> Notice | None:
    """Count the records that hold bytes which are no text; None when all can be read.

    They are shown with � in the place of those bytes, so that one bad row does not hide the others (reliability §4).
    """
    rows = count_bad_records(store.db)
    return _notice("rows.garbled", rows=rows) if rows else None


def _notice(key: str, **values: object) -> Notice:
    text = FAULTS[key]
    return Notice(
        key, f"{text.what}{text.safe}{text.todo}".format_map({key: str(v) for key, v in values.items()})
    )
