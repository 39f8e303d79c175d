"""What this computer remembers of the ledgers it works on, kept beside the backups as ``place_state.json``.

Beside the backups, because what wipes the data disk at each start (a 还原卡) may not reach them: only so is a ledger
that was set back known for it. And so a computer that forgets at each start where its data lie is known for that.
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from app.core.clock import Clock
from app.core.files import atomic_write
from app.core.messages import FAULTS
from app.core.paths import settings_file
from app.core.settings import Settings, load_settings, plain_values, settings_of
from app.core.version import program_version
from app.storage.check import Known
from app.storage.data_place import is_usual_ledger
from app.storage.store import Store

STATE_NAME = "place_state.json"
# Set back twice within this time: something undoes the disk at each start, not a person once.
_REWINDS_WITHIN = timedelta(days=30)
_MOST_REWINDS = 5
# So long nothing is thinned after a restore that nobody has said to be right.
RESTORE_DOUBTED = timedelta(days=30)


class Remembered(Struct, frozen=True):
    """One ledger as it was left: its place, its name, the number of its last commit, when that was (local ISO time).

    ``set_back`` are the days on which it was found older than that; ``restored_at`` is set from a restore until she
    has said that the data are right. ``program`` is the version that left it, "" where nobody wrote that down.
    ``forgotten`` are the days on which this computer did not know of it any more and it was opened as found here;
    ``settings`` what its user had chosen, as plain values, for such a day.
    """

    database: str
    db_uuid: str
    commit_no: int
    left_at: str
    set_back: tuple[str, ...] = ()
    restored_at: str | None = None
    program: str = ""
    forgotten: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def recall(folder: Path, ledger: Path) -> Remembered | None:
    """Return what is remembered in the backup ``folder`` of the ledger at ``ledger``; None when nothing is."""
    return _read(folder).get(_key(ledger))


def known(folder: Path, ledger: Path, *, backups: str = "") -> Known | None:
    """Return the memory in the form that ``check`` and the opening of a ledger take."""
    found = recall(folder, ledger)
    if found is None:
        return None
    return Known(Path(found.database), found.db_uuid, found.commit_no, backups)


def remember_exit(store: Store, folder: Path) -> None:
    """Keep where the open ledger stands; called when it is left in order. EnvironmentFault when it cannot be kept."""
    now = store.clock.now().isoformat(timespec="seconds")
    before = recall(folder, store.path)
    kept = before if before is not None and before.db_uuid == store.db_uuid else None
    fresh = Remembered(str(store.path), store.db_uuid, store.commit_no, now, program=program_version())
    if kept is not None:
        fresh = replace(fresh, set_back=kept.set_back, restored_at=kept.restored_at, forgotten=kept.forgotten)
    if is_usual_ledger(store.path):
        fresh = replace(fresh, settings=plain_values(load_settings(settings_file())))
    _write(folder, store.path, fresh)


def note_start(store: Store, folder: Path) -> str | None:
    """Compare the ledger just opened with what was left; return the warning of a 还原卡 when it is set back again and again.

    Also on the day on which it was found set back and a newer one was put in its place (``note_set_back``), or was found
    here by a computer that had forgotten it (``note_forgotten``) for the second time.
    """
    before = recall(folder, store.path)
    if before is None or before.db_uuid != store.db_uuid:
        return None
    today = store.clock.today()
    days = before.set_back
    if store.commit_no < before.commit_no:
        days = (*days, today.isoformat())[-_MOST_REWINDS:]
        _write(folder, store.path, replace(before, commit_no=store.commit_no, set_back=days))
    elif today.isoformat() not in days or not (before.restored_at or "").startswith(today.isoformat()):
        return _forgets(before, today) if today.isoformat() in before.forgotten else None
    return _words("place.rewinds") if _lately(days, today) > 1 else None


def _forgets(found: Remembered, today: date) -> str | None:
    folder = Path(found.database).parent
    return _words("place.forgotten", folder=folder) if _lately(found.forgotten, today) > 1 else None


def _lately(days: Sequence[str], today: date) -> int:
    return sum(today - date.fromisoformat(day) <= _REWINDS_WITHIN for day in days)


def _words(key: str, **values: object) -> str:
    text = FAULTS[key]
    return f"{text.what}{text.safe}{text.todo}".format(**values)


def note_set_back(ledger: Path, folder: Path, *, clock: Clock) -> None:
    """Keep that the ledger was found older than it was left, before a newer one takes its place; once a day.

    Who takes the newer one each morning never opens the older one: ``note_start`` alone would not see it.
    """
    found, today = recall(folder, ledger), clock.today().isoformat()
    if found is not None and today not in found.set_back:
        _write(folder, ledger, replace(found, set_back=(*found.set_back, today)[-_MOST_REWINDS:]))


def note_forgotten(ledger: Path, folder: Path, *, clock: Clock) -> None:
    """Keep that this computer did not know of the ledger any more today, and it is opened where it was found."""
    found, today = recall(folder, ledger), clock.today().isoformat()
    if found is not None and today not in found.forgotten:
        _write(folder, ledger, replace(found, forgotten=(*found.forgotten, today)[-_MOST_REWINDS:]))


def is_forgotten_daily(ledger: Path, folder: Path, *, clock: Clock) -> bool:
    """Tell whether the ledger was forgotten on two other days lately: who is asked each morning gives the same answer."""
    found, today = recall(folder, ledger), clock.today()
    return (
        found is not None and _lately([day for day in found.forgotten if day != today.isoformat()], today) > 1
    )


def settings_left(ledger: Path, folder: Path) -> Settings:
    """Return what the user of the ledger had chosen when it was left last; the usual settings when nobody kept it."""
    found = recall(folder, ledger)
    return settings_of(None if found is None else dict(found.settings))


def remember_restored(ledger: Path, folder: Path, db_uuid: str, commit_no: int, *, clock: Clock) -> None:
    """Keep that the ledger was set back on purpose, to this commit, so that its next start is no surprise."""
    now = clock.now().isoformat(timespec="seconds")
    before = recall(folder, ledger)
    left = Remembered(str(ledger.absolute()), db_uuid, commit_no, now, (), now, program_version())
    if before is not None:
        left = replace(left, set_back=before.set_back, forgotten=before.forgotten, settings=before.settings)
    _write(folder, ledger, left)


def is_restore_doubted(ledger: Path, folder: Path, *, clock: Clock) -> bool:
    """Tell whether the ledger was restored and nobody has said yet that it is right; then no backup may go."""
    found = recall(folder, ledger)
    if found is None or found.restored_at is None:
        return False
    return abs(clock.now() - datetime.fromisoformat(found.restored_at)) < RESTORE_DOUBTED


def confirm_restored(ledger: Path, folder: Path) -> None:
    """Keep that she has looked at the restored data and found them right."""
    found = recall(folder, ledger)
    if found is not None and found.restored_at is not None:
        _write(folder, ledger, replace(found, restored_at=None))


def _key(ledger: Path) -> str:
    return os.path.normcase(os.path.realpath(ledger))


def _read(folder: Path) -> dict[str, Remembered]:
    """Return all memories; one that cannot be read counts as forgotten: then nothing is warned of wrongly."""
    try:
        content = json.loads((folder / STATE_NAME).read_text(encoding="utf-8"))
        return {key: _remembered(values) for key, values in content["ledgers"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _remembered(values: Mapping[str, Any]) -> Remembered:
    restored_at = values["restored_at"]
    return Remembered(
        database=str(values["database"]),
        db_uuid=str(values["db_uuid"]),
        commit_no=int(values["commit_no"]),
        left_at=datetime.fromisoformat(values["left_at"]).isoformat(timespec="seconds"),
        set_back=tuple(date.fromisoformat(day).isoformat() for day in values["set_back"]),
        restored_at=None if restored_at is None else datetime.fromisoformat(restored_at).isoformat(),
        # Programs of before 22 November 2026 do not write the first of these, of a day later the others.
        program=str(values.get("program", "")),
        forgotten=tuple(date.fromisoformat(day).isoformat() for day in values.get("forgotten", ())),
        settings=dict(values.get("settings", {})),
    )


def _write(folder: Path, ledger: Path, memory: Remembered) -> None:
    memories = {**_read(folder), _key(ledger): memory}
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = {"ledgers": {key: asdict(found) for key, found in memories.items()}}
    with atomic_write(folder / STATE_NAME) as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=1, default=str).encode())
