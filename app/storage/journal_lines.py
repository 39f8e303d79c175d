"""The form of the save log 日志.jsonl, and reading it; writing it is ``journal.py``'s.

One journal per ledger, in ``<backup folder>/日志/<first 8 of db_uuid>/``. The first line says which ledger it is and
after which commit it begins; every further line is one commit with everything needed to do it again. Each line ends
in a SHA-256 of what stands before it, so that a line torn by a power cut, or rotten, is known for what it is.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

JOURNAL_FOLDER = "日志"
JOURNAL_NAME = "日志.jsonl"
PREVIOUS_NAME = "日志.上一份.jsonl"
ASIDE_STEM = "日志.换下的_"
FORMAT = 1

# Between the facts of a commit and its rows; inside a JSON string the quotes would be escaped, so it is found safely.
CHANGES = b',"changes":['
_SUM = b',"sha256":"'
_TAIL_SIZE = len(_SUM) + 64 + len(b'"}\n')
_BLOCK = 1024 * 1024


class Header(Struct, frozen=True):
    """Which ledger a journal belongs to and from where it goes on.

    ``ledger`` is the name of its file: a second copy of the same ledger beside it has no part in the journal.
    ``base_action`` is the uuid of the last action at ``base_commit``, "" at commit 0; ``started_at`` local ISO time.
    """

    db_uuid: str
    ledger: str
    base_commit: int
    base_action: str
    started_at: str

    def is_of_another(self, path: Path) -> bool:
        """Tell whether the journal belongs to another file beside ``path``."""
        return self.ledger != path.name and path.with_name(self.ledger).exists()


class Entry(Struct, frozen=True):
    """One commit in a journal, without its rows. ``previous`` is the uuid of the action before it, "" for the first.

    ``undoes`` is the uuid of the action it took back; ``schema`` the number of the data format it was written in.
    The line lies in ``journal`` from byte ``start`` to ``end``.
    """

    journal: Path
    start: int
    end: int
    schema: int
    commit_no: int
    previous: str
    uuid: str
    at: str
    who: str | None
    kind: str
    words: str
    partial: bool
    undoes: str | None


class Tail(Struct, frozen=True):
    """Where a journal ends: its header, its last whole line (None when it has none), and the bytes that are good."""

    header: Header
    last: Entry | None
    good: int
    size: int

    @property
    def commit_no(self) -> int:
        """The number of the last commit the journal reaches."""
        return self.header.base_commit if self.last is None else self.last.commit_no

    @property
    def action(self) -> str:
        """The uuid of the action of that commit, "" at commit 0."""
        return self.header.base_action if self.last is None else self.last.uuid


def journal_folder(backup_folder: Path, db_uuid: str) -> Path:
    """Return the folder of a ledger's journal beside its backups."""
    return backup_folder / JOURNAL_FOLDER / db_uuid[:8]


def is_journal(path: Path) -> bool:
    """Tell by its name whether a file is a journal, present, previous or set aside."""
    return path.name in (JOURNAL_NAME, PREVIOUS_NAME) or path.match(f"{ASIDE_STEM}*.jsonl")


def header_line(header: Header) -> bytes:
    """Write the first line of a journal."""
    values = {
        "v": FORMAT,
        "db_uuid": header.db_uuid,
        "ledger": header.ledger,
        "base_commit": header.base_commit,
        "base_action": header.base_action,
        "started_at": header.started_at,
    }
    body = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
    return body + closing(hashlib.sha256(body).hexdigest())


def closing(digest: str) -> bytes:
    """Return the end of a line whose bytes so far have this hash."""
    return _SUM + digest.encode() + b'"}\n'


def entry_head(values: dict[str, object]) -> bytes:
    """Return the beginning of a commit's line, up to its rows."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()[:-1] + CHANGES


def read_tail(journal: Path) -> Tail | None:
    """Return where a journal ends, reading no more than its first and last line; None when there is none.

    ValueError when its first line cannot be read: then nothing can be said of the rest. OSError as it comes.
    """
    try:
        file = journal.open("rb")
    except FileNotFoundError:
        return None
    with file:
        first = file.readline()
        header = _header(first)
        if header is None:
            raise ValueError("the first line of the journal is no header")
        size = file.seek(0, os.SEEK_END)
        end = size
        while end > len(first):
            start = max(_line_start(file, end), len(first))
            file.seek(start)
            entry = _entry(file.read(end - start), journal, start)
            if entry is not None:
                return Tail(header, entry, end, size)
            end = start
        return Tail(header, None, len(first), size)


def read_entries(journal: Path) -> tuple[Header, list[Entry], bool] | None:
    """Return header and commits of a journal up to its first damaged line, and whether it is whole to its end.

    None when there is none or its first line cannot be read. A torn last line is no damage: nothing was promised of it.
    """
    with suppress(FileNotFoundError), journal.open("rb") as file:
        first = file.readline()
        header = _header(first)
        if header is None:
            return None
        entries: list[Entry] = []
        start = len(first)
        try:
            for line in file:
                entry = _entry(line, journal, start)
                if entry is None:
                    return header, entries, not line.endswith(b"\n")
                entries.append(entry)
                start += len(line)
        except OSError:  # a bad spot of the disk: what stands before it is good all the same
            return header, entries, False
        return header, entries, True
    return None


def changes_of(entry: Entry) -> Iterator[dict[str, Any]]:
    """Yield the rows of one commit, in the order they were written; ValueError when the line has become unreadable.

    Bytes that are no UTF-8 come as lone surrogates (``surrogateescape``): they go back in as they were.
    """
    with entry.journal.open("rb") as file:
        file.seek(entry.start)
        line = file.read(entry.end - entry.start)
    if not _is_whole(line):
        raise ValueError("a line of the journal has changed")
    text = line[line.index(CHANGES) + len(CHANGES) : -_TAIL_SIZE].decode(errors="surrogateescape")
    decoder = json.JSONDecoder()
    at = 0
    while text[at] != "]":
        change, at = decoder.raw_decode(text, at)
        yield change
        at += text[at] == ","


def _line_start(file: BinaryIO, end: int) -> int:
    """Return where the line begins whose last byte stands before ``end``."""
    at = end - 1  # the line's own line feed does not count
    while at > 0:
        step = min(_BLOCK, at)
        file.seek(at - step)
        found = file.read(step).rfind(b"\n")
        if found >= 0:
            return at - step + found + 1
        at -= step
    return 0


def _is_whole(line: bytes) -> bool:
    if len(line) <= _TAIL_SIZE or not line.endswith(b'"}\n'):
        return False
    body = memoryview(line)[:-_TAIL_SIZE]
    return line[-_TAIL_SIZE:] == closing(hashlib.sha256(body).hexdigest())


def _header(line: bytes) -> Header | None:
    if not _is_whole(line):
        return None
    try:
        values = json.loads(line)
        if values["v"] != FORMAT:
            return None
        return Header(
            str(values["db_uuid"]),
            str(values["ledger"]),
            int(values["base_commit"]),
            str(values["base_action"]),
            str(values["started_at"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _entry(line: bytes, journal: Path, start: int) -> Entry | None:
    if not _is_whole(line):
        return None
    try:
        values = json.loads(line[: line.index(CHANGES)] + b"}")
        return Entry(
            journal=journal,
            start=start,
            end=start + len(line),
            schema=int(values["schema"]),
            commit_no=int(values["commit_no"]),
            previous=str(values["previous"]),
            uuid=str(values["uuid"]),
            at=str(values["at"]),
            who=values["who"],
            kind=str(values["kind"]),
            words=str(values["words"]),
            partial=bool(values["partial"]),
            undoes=values["undoes"],
        )
    except (ValueError, KeyError, TypeError):
        return None
