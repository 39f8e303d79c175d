"""R01, R02, R03, R06, R11: the power goes, or the disk fails, while something is being saved."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter

import pytest

from tests.app.tasks.rosters import id_number, write_roster
from tests.faults.kit.actor import CUTS, every, operations
from tests.faults.kit.invariants import check_backups, check_refusal, look_again
from tests.faults.kit.power import cuts
from tests.sampling import sampled

# Of the hundreds of page writes of one commit so many, evenly; all of them in the deep run.
PAGES = sampled(12, None)
FEW = sampled(4, None)


def cut_everywhere(row, worlds, job, *, most, after, **args):
    """Kill the job before each of its operations, and once beyond the last; ``after(world, done, where)`` looks."""
    counts = operations(worlds().run(job, trace=CUTS, **args))
    for inject in every(counts, most=most):
        where = f"{job} with {inject.words}"
        world = worlds()
        done = world.run(job, inject=inject, **args)
        row.round(injected=done.injected, acked=len(done.acked))
        if done.killed != (inject.n <= counts[inject.call]) or done.bug or done.fault:
            row.broken(f"{where}: killed {done.killed}, {done.fault or done.bug}")
        after(world, done, where)


@pytest.mark.slow
def test_r01_power_cut_during_a_save(row, worlds):
    before = [uuid for uuid, _, _ in worlds().run("look").result["actions"]]

    def after(world, done, where):
        look_again(row, world, where, acked=[*before, *done.acked])

    cut_everywhere(row, worlds, "sitting", saves=1, leave=False, cared_for=True, most=PAGES, after=after)


@pytest.mark.slow
def test_r01_power_cut_that_takes_what_was_not_synced(row, worlds, tmp_path):
    """Each moment of a save on a disk that kept only what it had been told to keep, or that and some of the rest."""
    world = worlds()
    before = [uuid for uuid, _, _ in world.run("look").result["actions"]]
    start = world.copy(tmp_path / "start")
    how = {"number": sampled(20, None), "film": tmp_path / "film", "cared_for": True}
    for laid, sent, where in cuts(world, start, "sitting", saves=1, leave=False, **how):
        said = [json.loads(word)["ack"] for word in sent if "ack" in word]
        row.round(injected=1, acked=len(said))
        look_again(row, laid, where, acked=[*before, *said])
    assert len(said) == 4


# So often the plug is pulled on each of so many ledgers; every round looks through all that the rounds before left.
PULLS, LEDGERS = sampled((25, 4), (200, 1))


@pytest.mark.slow
@pytest.mark.parametrize("ledger", range(LEDGERS))
def test_r02_power_cut_storm(row, worlds, tmp_path, ledger):
    """Again and again somebody pulls the plug while she saves, cares, pairs, imports and backs up."""
    chance = random.Random(20261121 + ledger)
    world = worlds()
    said = [uuid for uuid, _, _ in world.run("look").result["actions"]]
    for number in range(PULLS):
        roster = new_roster(tmp_path, number)
        most = chance.randrange(0, 12)
        pause = chance.random() * 0.06

        def pull(pid, outcome, most=most, pause=pause):
            if len(outcome.acked) >= most:
                time.sleep(pause)
                os.kill(pid, signal.SIGKILL)

        done = world.run("storm", roster=roster, first=10_000 + 100 * number, meanwhile=pull)
        row.round(injected=1, acked=len(done.acked))
        where = f"storm {number}, killed after {len(done.acked)} saves and {pause:.3f} s"
        if not done.killed:
            row.broken(f"{where}: it ended by itself: {done.fault or done.bug}")
        found = look_again(row, world, where, acked=[*said, *done.acked])
        said = [uuid for uuid, _, _ in found["actions"]] if found else said
    check_backups(row, world, "after the storm")
    assert row.acked > row.rounds


def new_roster(folder, number):
    """Write a roster of three children nobody has seen yet."""
    rows = [
        [
            f"覃小{number}号{one}",
            id_number("20170520", 3 * (number % 16) + one, area=f"{510000 + number // 16}"),
            "爷爷",
        ]
        for one in range(3)
    ]
    return write_roster(folder / f"花名册{number}.xlsx", *rows, header=["姓名", "身份证号", "监护人"])


@pytest.mark.slow
def test_r03_power_cut_during_an_import(row, worlds, tmp_path):
    roster = new_roster(tmp_path, 1)
    world = worlds()
    world.run("sitting", saves=1, leave=False)  # something was saved since the last backup
    start = world.run("look").result
    worked_on = world.copy(tmp_path / "worked on")
    imported = worlds(worked_on)
    counts = operations(imported.command("import-roster", imported.ledger, roster, "--json", trace=CUTS))
    whole = imported.run("look").result
    assert whole["counts"]["child"] == start["counts"]["child"] + 3
    told = 0
    for inject in every(counts, most=PAGES and PAGES // 2):
        where = f"import with {inject.words}"
        world = worlds(worked_on)
        done = world.command("import-roster", world.ledger, roster, "--json", inject=inject)
        row.round(injected=done.injected, acked=3 if done.result else 0)
        found = look_again(row, world, where, acked=[uuid for uuid, _, _ in start["actions"]])
        if not found:
            continue
        if found["counts"] not in (start["counts"], whole["counts"]):
            row.lost(f"{where}: half an import: {found['counts']}")
        if done.result and found["counts"] != whole["counts"]:
            row.lost(f"{where}: the import was reported and is not there")
        told += found["cut_off"]
        if found["cut_off"] and found["counts"] == whole["counts"]:
            row.wrong(f"{where}: it is said to be taken back, and is there")
        names = check_backups(row, world, where, at_least=[name for name, _ in start["backups"]])
        if found["counts"] == whole["counts"] and not any("导入前" in name for name in names):
            row.broken(f"{where}: imported without a backup before")
    if not told:
        row.wrong("of no import that was cut off it is said")


@pytest.mark.slow
@pytest.mark.parametrize("act", ["split", "merge", "graduate", "bulk"])
def test_r06_power_cut_during_an_act_on_many(row, worlds, act):
    now = {"now": "2030-09-10T09:00:00"} if act == "graduate" else {}
    start = worlds().run("look").result
    ended = worlds()
    done = ended.run("classes", act=act, **now)
    assert not done.bug, done.bug
    whole = ended.run("look", **now).result
    wanted = whole["changes"][done.acked[0]]
    assert wanted > 3

    def after(world, done, where):
        found = look_again(
            row,
            world,
            where,
            acked=[*[uuid for uuid, _, _ in start["actions"]], *done.acked],
            whole=act != "graduate",
        )
        if not found:
            return
        new = [uuid for uuid, _, _ in found["actions"] if uuid not in start["changes"]]
        written = [found["changes"].get(uuid) for uuid in new if uuid not in dict.fromkeys(start["changes"])]
        if written not in ([], [wanted]):
            row.lost(f"{where}: half of it is there: {written} of {wanted} changes")

    cut_everywhere(row, worlds, "classes", act=act, most=FEW, after=after, **now)


# What may be said when this fails, and which calls a disk answers so: it is full when something grows.
FAILING = {
    "EIO": ({"storage.io_write", "storage.io_unsure", "io-error"}, ("pwrite64", "fsync", "unlink", "openat")),
    "ENOSPC": ({"storage.full", "storage.io_write"}, ("pwrite64",)),
    "EROFS": (
        {"storage.io_write", "storage.io_unsure", "io-error", "read-only"},
        ("pwrite64", "fsync", "unlink"),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("error", "onwards"),
    [("EIO", False), ("EIO", True), ("ENOSPC", False), ("ENOSPC", True), ("EROFS", True)],
)
def test_r11_the_disk_fails_while_saving(row, worlds, error, onwards):
    start = worlds().run("look").result
    before = [uuid for uuid, _, _ in start["actions"]]
    watched = worlds()
    expected, calls = FAILING[error]
    counts = operations(watched.run("stubborn", saves=2, trace=calls, only=watched.disk))
    for inject in every(counts, most=FEW, error=error, onwards=onwards):
        world = worlds()
        where = f"save with {inject.words}"
        done = world.run("stubborn", saves=2, inject=inject, only=world.disk)
        row.round(injected=done.injected, acked=len(done.acked))
        # SQLite that may not open a file for writing tries to read it, and says no more than that.
        may = expected | ({"read-only"} if inject.call == "openat" else set())
        if onwards:  # what a record stands on is read first, and a dead disk says so there
            may = may | {"storage.io_read", "storage.cannot_open"}
        if not done.result:
            check_refusal(row, done, where, may)
        found = look_again(row, world, where, acked=[*before, *done.acked])
        if found and done.result:
            check_presses(row, done, found, where, may, onwards=onwards)


def check_presses(row, done, found, where, expected, *, onwards):
    """What was refused is not there; what is unsure is; after a single failure saving works again."""
    there = Counter(found["rows"])
    for child, key, copy_offered in done.result["presses"]:
        if key is not None:
            row.says(key, expected, where)
        if key in ("storage.io_write", "storage.full", "storage.io_unsure") and not copy_offered:
            row.wrong(f"{where}: {key} without 拷到别的盘")
        if key == "storage.io_unsure" and there[child] != 1:
            row.lost(f"{where}: said to be in the data, is there {there[child]} times")
    saved = {child for child, key, _ in done.result["presses"] if key in (None, "storage.io_unsure")}
    refused = {child for child, _, _ in done.result["presses"]} - saved
    for child in refused:
        if there[child]:
            row.broken(f"{where}: refused twice, and yet there")
    if not onwards and refused:
        row.broken(f"{where}: one failure, and 再试一次 did not save either")


@pytest.mark.slow
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_r11_the_journal_cannot_be_written(row, worlds, error):
    """What is in the ledger is saved, whatever becomes of 日志.jsonl: a bar says so, and the gap is filled later."""
    before = [uuid for uuid, _, _ in worlds().run("look").result["actions"]]
    calls = ("write", "fsync", "openat", "ftruncate") if error == "EIO" else ("write",)

    def paths(world):
        (file,) = world.backups.glob("日志/*/日志.jsonl")
        return file, file.parent

    watched = worlds()
    counts = operations(watched.run("stubborn", saves=2, trace=calls, only=paths(watched)))
    for onwards in (False, True):
        for inject in every(counts, most=FEW, error=error, onwards=onwards):
            world = worlds()
            where = f"journal with {inject.words}"
            done = world.run("stubborn", saves=2, inject=inject, only=paths(world))
            row.round(injected=done.injected, acked=len(done.acked))
            if len(done.acked) != 2:
                row.wrong(f"{where}: a save failed for the journal: {done.fault or done.bug or done.result}")
            elif (
                onwards
                and inject.call == "write"
                and done.hit
                and done.result["bars"][-1] != "journal.not_written"
            ):
                row.wrong(f"{where}: nothing is said of it: {done.result['bars']}")
            elif not onwards and all(done.result["bars"]):
                row.broken(f"{where}: one failure, and the journal does not go on: {done.result['bars']}")
            look_again(row, world, where, acked=[*before, *done.acked])
