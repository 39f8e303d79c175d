"""What must hold after every round, however the round ended (reliability §5.1)."""

from __future__ import annotations

import glob
import json
from collections import Counter
from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.storage.manifest import manifest_path
from tests.faults.kit.actor import Outcome
from tests.faults.kit.row import Row
from tests.faults.kit.world import World

# name, kinships, care, registrations, open enrolments, phones: what the actor's families have.
WHOLE = [2, 1, 1, 1, 2]


def look_again(
    row: Row,
    world: World,
    where: str,
    *,
    acked: Iterable[str] = (),
    unsaid: int = 1,
    whole: bool = True,
    may_be_older: bool = False,
) -> dict[str, Any]:
    """Start the program again and hold what it finds against every invariant; return what it found ({} when nothing).

    ``acked`` are the actions that were said to be saved, ``unsaid`` how many more may be there: one that was on the
    disk before the word came out. ``whole``: every child has its family as the actor wrote it. ``may_be_older``: the
    start may ask whether this older file is meant, and it is.
    """
    seen = world.run("look")
    if may_be_older and seen.fault == "older-content":
        seen = world.run("look", as_it_is=True)
    if seen.bug or seen.killed:
        row.broken(f"{where}: the next start failed: {seen.bug}")
        return {}
    if seen.fault:
        row.wrong(f"{where}: the next start said {seen.fault}: {seen.message}")
        return {}
    found = seen.result
    check_content(row, found, where)
    check_acked(row, found, where, acked, unsaid)
    if whole:
        for name, *family in found["families"]:
            if name.startswith("单小") and family != WHOLE:
                row.lost(f"{where}: {name} is there without the whole family: {family}")
    check_folder(row, found, where)
    check_journal(row, world, found, where)
    return found


def check_journal(row: Row, world: World, found: dict[str, Any], where: str) -> None:
    """日志.jsonl goes on from a commit of this ledger to its last one, action by action; read with nothing of the program."""
    files = list(world.backups.glob("日志/*/日志.jsonl"))
    if len(files) != 1:
        row.broken(f"{where}: there are {len(files)} journals")
        return
    lines = files[0].read_bytes().splitlines(keepends=True)
    if torn := [number for number, line in enumerate(lines, 1) if not line.endswith(b"}\n")]:
        row.broken(f"{where}: torn lines in the journal: {torn}")
        return
    head, *entries = (json.loads(line) for line in lines)
    wanted = [uuid for uuid, number, _ in found["actions"] if number > head["base_commit"]]
    written = [entry["uuid"] for entry in entries]
    if head["db_uuid"] != found["db_uuid"] or written != wanted:
        row.broken(
            f"{where}: the journal has {len(written)} commits after {head['base_commit']}, the ledger {len(wanted)}"
        )
    # A file that was read in is kept beside its rows; it has no history.
    changes = [sum(change["op"] != "keep" for change in entry["changes"]) for entry in entries]
    if changes != [found["changes"].get(uuid, 0) for uuid in written]:
        row.broken(f"{where}: the journal's commits have other rows than the ledger's history: {changes}")


def check_content(row: Row, found: dict[str, Any], where: str) -> None:
    """Integrity, foreign keys, one number per commit, no change without its action, no act that is there by halves."""
    if found["integrity"] != ["ok"]:
        row.broken(f"{where}: integrity_check: {found['integrity'][:3]}")
    for what in ("foreign_keys", "orphan_changes", "under_way", "half_done"):
        if found[what]:
            row.broken(f"{where}: {what} {found[what]}")
    numbers = [number for _, number, _ in found["actions"]]
    if numbers != list(range(1, len(numbers) + 1)) or found["commit_no"] != len(numbers):
        row.broken(f"{where}: commits {numbers}, the file says {found['commit_no']}")


def check_acked(row: Row, found: dict[str, Any], where: str, acked: Iterable[str], unsaid: int) -> None:
    """Each action that was said to be saved is there exactly once, and none that nobody did."""
    there = Counter(uuid for uuid, _, _ in found["actions"])
    said = list(acked)
    for uuid in said:
        if there[uuid] != 1:
            row.lost(f"{where}: what was said to be saved is there {there[uuid]} times")
    more = len(there) - len(set(said))
    if said and not 0 <= more <= unsaid:
        row.broken(f"{where}: {more} actions are there that were never said to be saved")


def check_folder(row: Row, found: dict[str, Any], where: str) -> None:
    """Nothing half done lies about after a start."""
    for what in ("parts", "rooms", "journal", "marker"):
        if found[what]:
            row.broken(f"{where}: {what} after the next start: {found[what]}")


def check_backups(row: Row, world: World, where: str, *, at_least: Collection[str] = ()) -> list[str]:
    """Prove every file that carries the final name of a backup, with the program's own ``verify``; return the names.

    The same name with the same bytes beside the same manifest is proved once: every round begins with the backups of
    yesterday. ``at_least``: names that must still be there.
    """
    files = sorted(world.backups.glob("*.db"))
    names = [path.name for path in files]
    for path in files:
        if not manifest_path(path).exists():
            row.broken(f"{where}: {path.name} under a final name has nothing by which it can be proved")
    for path in unproved(files):
        found = world.command("verify", path, "--json")
        if found.fault or found.bug:
            row.broken(f"{where}: {path.name} under a final name is not sound: {found.message or found.bug}")
        else:
            proved(path)
    for name in set(at_least) - set(names):
        row.broken(f"{where}: the older backup {name} is gone")
    return names


_proved: set[tuple[str, ...]] = set()


def unproved(copies: Iterable[Path]) -> list[Path]:
    """Return those that were not proved yet under this name, with these bytes, beside this manifest."""
    return [copy for copy in copies if _bytes_of(copy) not in _proved]


def proved(copy: Path) -> None:
    """Remember that a copy was proved as it is now."""
    _proved.add(_bytes_of(copy))


def _bytes_of(backup: Path) -> tuple[str, ...]:
    """Say what a proof of a backup stands on: its name, and every file beside it that begins with it."""
    files = sorted(backup.parent.glob(f"{glob.escape(backup.stem)}*"))
    return tuple(word for file in files for word in (file.name, sha256(file.read_bytes()).hexdigest()))


def check_refusal(row: Row, outcome: Outcome, where: str, expected: Iterable[str | None]) -> None:
    """A job that was not killed ended as it may: with one of these keys (None = it was done), never with a bug."""
    if outcome.bug:
        row.wrong(
            f"{where}: an unexpected error instead of a sentence: {outcome.bug.strip().splitlines()[-1]}"
        )
    elif not outcome.killed:
        row.says(outcome.fault, expected, where)
