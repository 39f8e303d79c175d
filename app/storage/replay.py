"""Carries a copy of the ledger further by its journal: does the saves again that were made after the copy.

Only ever on a private copy. The rows are written by plain SQL, so that the triggers write the same history; after each
save that history is compared with the journal's images. A journal that does not fit is followed up to the last whole
save that does, and the result says so.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct
from sqlcipher3 import dbapi2

from app.core.messages import fault
from app.core.progress import Progress, no_progress
from app.storage.connection import primary_code, set_pragmas, uri_of
from app.storage.journal_lines import (
    ASIDE_STEM,
    JOURNAL_NAME,
    PREVIOUS_NAME,
    Entry,
    changes_of,
    journal_folder,
    read_entries,
    read_tail,
)
from app.storage.medium import Place
from app.storage.migrations.runner import STEPS, run_steps
from app.storage.purging import note_of, note_purge, statements
from app.storage.snapshot import moment_words
from app.storage.undo import mark_undone

Break = Literal["", "unreadable", "other"]

_WHY: Mapping[Break, str] = {
    "": "",
    "unreadable": "日志里有一段读不出",
    "other": "日志和这份数据接不上",
}


class Chain(Struct, frozen=True):
    """The saves that follow on one commit, in order.

    ``lost`` is how many more the journal speaks of that do not follow, and ``why``.
    """

    entries: tuple[Entry, ...]
    lost: int = 0
    why: Break = ""

    @property
    def until(self) -> str | None:
        """When the last of them was made, local ISO time; None without any."""
        return self.entries[-1].at if self.entries else None


class Replayed(Struct, frozen=True):
    """What was done again: so many ``commits``, until when (local ISO time); ``lost`` more could not be, and why."""

    commits: int
    until: str | None
    lost: int = 0
    why: Break = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Say how far it went, and never less than what is missing."""
        lines = (
            [f"从日志补回了 {self.commits} 次保存，到 {moment_words(self.until)}。"] if self.commits else []
        )
        if self.lost:
            lines.append(f"后来的 {self.lost} 次保存没有补回：{_WHY[self.why]}。日志原样留着。")
        elif not self.commits:
            lines.append("日志里没有这以后的保存，不用补。")
        return tuple(lines)


class Journals:
    """What the journals of one ledger hold, read once: to ask what follows on a backup, or on several.

    Taken from the present journal, what it lacks from the previous one, and at last from those that were set aside;
    from ``branch`` before all others when that is one of them. OSError when the first of them cannot be read.
    """

    def __init__(self, backup_folder: Path, db_uuid: str, *, branch: Path | None = None) -> None:
        folder = journal_folder(backup_folder, db_uuid)
        self.aside = sorted(folder.glob(f"{ASIDE_STEM}*.jsonl"), reverse=True)
        self._present = branch or folder / JOURNAL_NAME
        self._following: dict[str, Entry] = {}
        self._is_whole = True
        for journal in dict.fromkeys(
            (self._present, folder / JOURNAL_NAME, folder / PREVIOUS_NAME, *self.aside)
        ):
            try:
                found = read_entries(journal)
            except OSError:
                if journal == self._present:
                    raise
                self._is_whole = False
                continue
            if found is not None and found[0].db_uuid == db_uuid:
                for entry in found[1]:
                    self._following.setdefault(entry.previous, entry)
            if journal == self._present:
                self._is_whole = found is None or found[2]

    def may_follow(self, commit_no: int | None) -> bool:
        """Tell whether any save follows on that commit, whichever history it belongs to."""
        return any(entry.commit_no - 1 == commit_no for entry in self._following.values())

    def chain(self, action: str, commit_no: int) -> Chain:
        """Return the saves that follow on ``action``, the last one of a ledger or backup at ``commit_no``."""
        entries: list[Entry] = []
        while (following := self._following.get(action)) is not None and following.commit_no == commit_no + 1:
            entries.append(following)
            action, commit_no = following.uuid, following.commit_no
        lost = _beyond(self._present, action, commit_no)
        return Chain(tuple(entries), lost, "" if not lost else "other" if self._is_whole else "unreadable")


def _beyond(journal: Path, action: str, commit_no: int) -> int:
    """Return how many saves the journal that was asked first holds after the commit that was reached."""
    try:
        tail = read_tail(journal)
    except ValueError:
        return 0
    if tail is None or tail.action == action:
        return 0
    return max(tail.commit_no - commit_no, 0)


def replay(copy: Path, chain: Chain, *, progress: Progress = no_progress) -> Replayed:
    """Do the saves of ``chain`` again in the private ledger file ``copy``, which nobody has open.

    What does not fit is taken back whole and ends it. ValueError when the foreign keys of the result do not hold.
    """
    connection = dbapi2.connect(uri_of(copy, "rw"), uri=True, isolation_level=None)
    done: list[Entry] = []
    why = chain.why
    try:
        set_pragmas(connection)
        # A copy nobody else has: it is proved and put on the disk as a whole afterwards.
        connection.execute("PRAGMA synchronous = 0")
        for entry in chain.entries:
            progress(len(done), len(chain.entries), "正在从日志补回")
            try:
                _do_again(connection, entry)
            except (dbapi2.DatabaseError, ValueError, LookupError, TypeError, OSError) as error:
                _require_misfit(error)
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                why = "unreadable" if isinstance(error, OSError) else "other"
                break
            done.append(entry)
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise ValueError("the journal leaves a broken foreign key")
    finally:
        connection.close()
    lost = chain.lost + len(chain.entries) - len(done)
    return Replayed(len(done), done[-1].at if done else None, lost, why if lost else "")


def _require_misfit(error: Exception) -> None:
    """Raise the fault of this computer's disk that ``error`` is; a save that only does not fit is none."""
    code = primary_code(error)
    if code == "SQLITE_FULL":
        raise fault("copy.became_full", place=Place.COMPUTER, code="FULL") from error
    if code not in (None, "SQLITE_ERROR", "SQLITE_CONSTRAINT", "SQLITE_MISMATCH"):
        raise fault("copy.io_error", place=Place.COMPUTER, code=code.removeprefix("SQLITE_")) from error


def last_action(copy: Path) -> tuple[str, str, int]:
    """Return (db_uuid, uuid of the last action, its commit number) of a ledger file that nobody writes."""
    connection = dbapi2.connect(uri_of(copy, "ro", immutable=True), uri=True)
    try:
        meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        number = int(meta["commit_no"])
        found = connection.execute("SELECT uuid FROM action WHERE commit_no = ?", (number,)).fetchone()
        return str(meta["db_uuid"]), "" if found is None else str(found[0]), number
    finally:
        connection.close()


def holds_action(copy: Path, uuid: str) -> bool:
    """Tell whether the history of a ledger file that nobody writes holds an action."""
    connection = dbapi2.connect(uri_of(copy, "ro", immutable=True), uri=True)
    try:
        return connection.execute("SELECT 1 FROM action WHERE uuid = ?", (uuid,)).fetchone() is not None
    finally:
        connection.close()


def _do_again(connection: Any, entry: Entry) -> None:
    """Do one save again as one transaction; what is raised means that it does not fit."""
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    if entry.schema > schema:
        # The ledger was upgraded between two saves: so is the copy, at the same place.
        run_steps(connection, [step for step in STEPS if entry.schema >= step.VERSION])
    execute = connection.execute
    execute("BEGIN IMMEDIATE")
    (number,) = execute("SELECT value FROM meta WHERE key = 'commit_no'").fetchone()
    last = execute("SELECT uuid FROM action WHERE commit_no = ?", (number,)).fetchone()
    if entry.commit_no != number + 1 or entry.previous != ("" if last is None else last[0]):
        raise ValueError("the save does not follow on the last one")
    action_id = execute(
        "INSERT INTO action (uuid, at, who, kind, words, partial) VALUES (?, ?, ?, ?, ?, ?)",
        (entry.uuid, entry.at, entry.who, entry.kind, entry.words, int(entry.partial)),
    ).lastrowid
    execute("INSERT INTO current_action (one, action_id) VALUES (1, ?)", (action_id,))
    images, purged = [], []
    for change in changes_of(entry):
        if change["op"] in _WRITERS:
            images.append(change)
            sql, values = _WRITERS[change["op"]](change)
            execute(sql, values)
        elif change["op"] == "keep":
            # The same row can stand in two lines of one second.
            sql, values = _inserted(change["table"], change["row"], change["blobs"])
            execute(f"{sql} ON CONFLICT (uuid) DO NOTHING", values)
        else:
            purged.append(change)
    _purge(connection, entry.uuid, purged)
    if entry.undoes is not None:
        (undone,) = execute("SELECT id FROM action WHERE uuid = ?", (entry.undoes,)).fetchone()
        mark_undone(execute, undone, action_id)
    execute("DELETE FROM current_action")
    execute("UPDATE meta SET value = ? WHERE key = 'commit_no'", (entry.commit_no,))
    execute("UPDATE action SET commit_no = ? WHERE id = ?", (entry.commit_no, action_id))
    _require_same_history(connection, action_id, images)
    execute("COMMIT")


def _insert(change: Mapping[str, Any]) -> tuple[str, Sequence[object]]:
    return _inserted(change["table"], change["after"], change.get("blobs", {}))


def _inserted(table: str, row: Mapping[str, Any], blobs: Mapping[str, str]) -> tuple[str, Sequence[object]]:
    values = {**row, **{name: base64.b64decode(blob) for name, blob in blobs.items()}}
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(map(_mark, values.values()))
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(map(_bound, values.values()))


def _update(change: Mapping[str, Any]) -> tuple[str, Sequence[object]]:
    before, after = change["before"], change["after"]
    new = {name: value for name, value in after.items() if value != before[name]}
    return _updated(change["table"], change["uuid"], new)


def _updated(table: str, uuid: str, values: Mapping[str, Any]) -> tuple[str, Sequence[object]]:
    assignments = ", ".join(f'"{name}" = {_mark(value)}' for name, value in values.items())
    return f'UPDATE "{table}" SET {assignments} WHERE uuid = ?', (*map(_bound, values.values()), uuid)


def _is_bad(value: object) -> bool:
    """Tell whether a text has bytes in it that are no UTF-8 (see ``changes_of``)."""
    return isinstance(value, str) and any("\udc80" <= letter <= "\udcff" for letter in value)


def _mark(value: object) -> str:
    return "CAST(? AS TEXT)" if _is_bad(value) else "?"


def _bound(value: object) -> object:
    return value.encode(errors="surrogateescape") if isinstance(value, str) and _is_bad(value) else value


def _delete(change: Mapping[str, Any]) -> tuple[str, Sequence[object]]:
    return f'DELETE FROM "{change["table"]}" WHERE uuid = ?', (change["uuid"],)


_WRITERS = {"insert": _insert, "update": _update, "delete": _delete}


def _purge(connection: Any, action_uuid: str, purged: Sequence[Mapping[str, Any]]) -> None:
    """Take away for good what a permanent deletion took away; its note stays until a new journal is begun."""
    if not purged:
        return
    for change in purged:
        if change["op"] == "scrub":
            connection.execute(*_updated(change["table"], change["uuid"], change["row"]))
    note = note_of(purged)
    note_purge(connection.execute, action_uuid, note)
    for sql, params in statements(note):
        connection.execute(sql, params)


def _require_same_history(connection: Any, action_id: int, images: Sequence[Mapping[str, Any]]) -> None:
    """ValueError unless the triggers have written exactly the images that stand in the journal."""
    rows = connection.execute(
        "SELECT table_name, row_uuid, op, CAST(before_json AS BLOB), CAST(after_json AS BLOB) FROM change"
        " WHERE action_id = ? ORDER BY seq",
        (action_id,),
    ).fetchall()
    written = [(table, uuid, op, _parsed(before), _parsed(after)) for table, uuid, op, before, after in rows]
    wanted = [
        (image["table"], image["uuid"], image["op"], image["before"], image["after"]) for image in images
    ]
    if written != wanted:
        raise ValueError("the save comes out other than it was")


def _parsed(image: bytes | None) -> object:
    return None if image is None else json.loads(image.decode(errors="surrogateescape"))
