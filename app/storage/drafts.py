"""Drafts: what was typed and is not saved yet, as small files outside the ledger (reliability.md §3, ODK row).

They lie in the private folder of this computer and, when that disk does not take them, in the backup folder; never in the
ledger itself, whose disk may be the full one, so that no copy for the town can carry any. A file's name says nothing.
"""

import hashlib
import json
import logging
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec import Struct, field, to_builtins
from msgspec.structs import replace

from app.core.errors import EnvironmentFault
from app.core.files import atomic_write, os_fault
from app.core.messages import fault
from app.core.paths import make_private, private_folder
from app.storage.store import Store

log = logging.getLogger("shouwang.drafts")

FOLDER = "drafts"
BESIDE_BACKUPS = "草稿"
SUFFIX = ".draft"
FORMAT = 1

Json = str | int | float | bool | None
"""A value as it is typed or chosen."""


class Source(Struct, frozen=True):
    """Where a typed value belongs in the ledger; ``column`` ``<table>_uuid`` means the row that ``<table>_id`` points to."""

    table: str
    uuid: str
    column: str


class Entry(Struct, frozen=True):
    """One field of a draft: what was typed and what stood there when the form was opened, as codes and as words.

    ``words`` make a draft readable also when its form is not known any more; ``options`` are the words of the codes.
    """

    name: str
    label: str
    value: Json
    words: str
    was: Json = None
    was_words: str = ""
    source: Source | None = None
    options: tuple[tuple[Json, str], ...] = ()


class Draft(Struct, frozen=True):
    """What was typed into one form about one record.

    ``form`` and ``version`` name the form, ``record`` is the uuid it is about ("" for a new one), ``copy`` tells apart two
    unsaved texts of the same form. ``words`` say whose and which in Chinese, ``where`` are the parameters of the page that
    has the form, ``how`` those of the form, ``rows`` the (table, uuid) without which it cannot be opened. ``at`` is the
    moment of the last key, ``turn`` counts the writings, so that order never comes from a clock.
    """

    form: str
    version: int
    record: str
    words: str
    entries: tuple[Entry, ...]
    at: str
    who: str | None = None
    copy: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    how: Mapping[str, Json] = field(default_factory=dict)
    rows: tuple[tuple[str, str], ...] = ()
    turn: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what the draft is known by."""
        return self.form, self.record, self.copy

    def entry(self, name: str) -> Entry | None:
        """Return the entry of a field, None when nothing was typed into it."""
        return next((one for one in self.entries if one.name == name), None)


class RecordState(StrEnum):
    """Whether the record of a draft is still there."""

    HERE = "here"
    IN_BIN = "bin"
    GONE = "gone"


class Offered(Struct, frozen=True):
    """A draft as it is offered: whether its record is there, and what stands in it now, in words by field."""

    draft: Draft
    state: RecordState
    now: Mapping[str, str]


class Found(Struct, frozen=True):
    """What lies in the folders: readable drafts, the latest first, and how many files could not be read."""

    drafts: tuple[Draft, ...]
    unreadable: int = 0


class DraftBox:
    """The drafts of one ledger, in the first of some folders that takes them. Used by one writing thread."""

    def __init__(self, db_uuid: str, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._db_uuid = db_uuid
        self._turns: dict[str, int] = {}

    def keep(self, draft: Draft) -> Path:
        """Write a draft over its former state; return the folder that took it. EnvironmentFault ``drafts.not_kept``."""
        name = self._name(draft.key)
        turn = self._turns[name] = self._last_turn(name) + 1
        content = _written(replace(draft, turn=turn), self._db_uuid)
        cause: BaseException | None = None
        for folder in self.folders:
            try:
                make_private(folder)
                with atomic_write(folder / name) as file:
                    if sys.platform != "win32":
                        os.fchmod(file.fileno(), 0o600)
                    file.write(content)
            except (OSError, EnvironmentFault) as error:
                log.warning("a draft was not written: %s", getattr(error, "key", type(error).__name__))
                cause = error
                continue
            self._unlink(name, [one for one in self.folders if one != folder])
            return folder
        raise fault("drafts.not_kept") from cause

    def remove(self, key: tuple[str, str, str]) -> None:
        """Take a draft away: it was saved, or given up. What cannot be removed now is only offered once more."""
        self._unlink(self._name(key), self.folders)

    def read(self) -> Found:
        """Return every draft there is; of two states of one the later. Nothing is ever thrown away by age."""
        newest: dict[str, Draft] = {}
        unreadable: set[str] = set()
        for path in _files(self.folders, SUFFIX):
            try:
                draft = _read(path.read_bytes(), self._db_uuid)
            except (OSError, ValueError, TypeError, KeyError) as error:
                log.warning("a draft cannot be read: %s", type(error).__name__)
                unreadable.add(path.name)
                continue
            known = newest.get(path.name)
            if known is None or draft.turn > known.turn:
                newest[path.name] = draft
        drafts = sorted(newest.values(), key=lambda draft: draft.at, reverse=True)
        return Found(tuple(drafts), len(unreadable - set(newest)))

    def clean(self) -> None:
        """Remove what a power cut left half-written; only while nobody writes."""
        for path in _files(self.folders, ".part"):
            with suppress(OSError):
                path.unlink()

    def _last_turn(self, name: str) -> int:
        if name in self._turns:
            return self._turns[name]
        turns = [0]
        for folder in self.folders:
            with suppress(OSError, ValueError, TypeError, KeyError):
                turns.append(_read((folder / name).read_bytes(), self._db_uuid).turn)
        return max(turns)

    def _name(self, key: tuple[str, str, str]) -> str:
        text = "\n".join((self._db_uuid, *key))
        return hashlib.sha256(text.encode()).hexdigest()[:40] + SUFFIX

    @staticmethod
    def _unlink(name: str, folders: Sequence[Path]) -> None:
        for folder in folders:
            try:
                (folder / name).unlink(missing_ok=True)
            except OSError as error:
                log.warning("a draft stays behind: %s", type(error).__name__)


def box_of(db_uuid: str, backup_folder: Path) -> DraftBox:
    """Return the drafts of a ledger on this computer."""
    return DraftBox(db_uuid, (private_folder() / FOLDER / db_uuid, backup_folder / BESIDE_BACKUPS / db_uuid))


def purge(
    db_uuid: str,
    uuids: Collection[str],
    *,
    backup_folder: Path,
    holds: Callable[[bytes], bool] | None = None,
) -> int:
    """Remove every draft in which one of these records is named, or of which ``holds`` says so; return how many.

    For 永久删除: the bytes are searched, also in files that cannot be read any more and in half-written ones.
    ``holds`` tells whether words that must not remain (an ID number, a name) stand in them.
    EnvironmentFault ``file.…`` when one cannot be removed.
    """
    wanted = [uuid.encode() for uuid in uuids if uuid]
    removed = 0
    folders = box_of(db_uuid, backup_folder).folders
    for path in (*_files(folders, SUFFIX), *_files(folders, ".part")):
        try:
            content = path.read_bytes()
            if any(one in content for one in wanted) or (holds is not None and holds(content)):
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            raise os_fault(error, path) from error
    return removed


def offers(store: Store, box: DraftBox) -> tuple[tuple[Offered, ...], int]:
    """Return what is to be offered, the latest first, and how many files could not be read.

    Drafts of records in the recycle bin stay where they are and are not offered.
    """
    found = box.read()
    offered = (Offered(draft, *_present(store, draft)) for draft in found.drafts)
    return tuple(one for one in offered if one.state is not RecordState.IN_BIN), found.unreadable


def first_offers(store: Store, box: DraftBox) -> tuple[tuple[Offered, ...], int]:
    """Do the same at the start, when nobody writes yet: what a power cut left half-written goes."""
    box.clean()
    return offers(store, box)


# ---- the ledger beside a draft


def _present(store: Store, draft: Draft) -> tuple[RecordState, Mapping[str, str]]:
    state = RecordState.HERE
    for table, uuid in draft.rows:
        row = _row(store, table, uuid, "deleted_at")
        if row is None:
            return RecordState.GONE, {}
        if row[0] is not None:
            state = RecordState.IN_BIN
    return state, {entry.name: _now_words(store, entry) for entry in draft.entries}


def _now_words(store: Store, entry: Entry) -> str:
    if entry.source is None:
        return entry.was_words
    found = _row(store, entry.source.table, entry.source.uuid, entry.source.column)
    if found is None:
        return ""
    value = found[0]
    if value == entry.was or (value is None and entry.was in (None, "")):
        return entry.was_words
    words = next((words for code, words in entry.options if code == value), None)
    return words if words is not None else ("" if value is None else str(value))


def _row(store: Store, table: str, uuid: str, column: str) -> tuple[Any, ...] | None:
    """Read one value of a row; None when there is no such row. The names come from a file: only known ones are used."""
    columns = {name for (name,) in store.rows("SELECT name FROM pragma_table_info(?)", (table,))}
    if "uuid" not in columns:
        return None
    target = column.removesuffix("_uuid")
    if column not in columns and f"{target}_id" in columns:
        sql = f'SELECT (SELECT uuid FROM "{target}" WHERE id = "{table}"."{target}_id") FROM "{table}" WHERE uuid = ?'
    elif column in columns:
        sql = f'SELECT "{column}" FROM "{table}" WHERE uuid = ?'
    else:
        return None
    return store.one(sql, (uuid,))


# ---- the files


def _files(folders: Sequence[Path], suffix: str) -> Iterator[Path]:
    for folder in folders:
        with suppress(OSError):
            yield from sorted(path for path in folder.iterdir() if path.name.endswith(suffix))


def _written(draft: Draft, db_uuid: str) -> bytes:
    """The file: a checksum in the first line, the draft as JSON in the second, in UTF-8 so that a search finds its words."""
    values = {"v": FORMAT, "db_uuid": db_uuid, **to_builtins(draft)}
    body = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _read(content: bytes, db_uuid: str) -> Draft:
    """Return the draft of a file. ValueError, TypeError or KeyError when it is none of this ledger, or was changed."""
    checksum, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        raise ValueError("checksum")
    values = json.loads(body)
    if values.pop("v") != FORMAT or values.pop("db_uuid") != db_uuid:
        raise ValueError("another ledger or format")
    entries = tuple(_entry(one) for one in values.pop("entries"))
    rows = tuple((str(table), str(uuid)) for table, uuid in values.pop("rows"))
    return Draft(**values, entries=entries, rows=rows)


def _entry(values: dict[str, Any]) -> Entry:
    source = values.pop("source")
    options = tuple((code, str(words)) for code, words in values.pop("options"))
    return Entry(**values, source=Source(**source) if source else None, options=options)
