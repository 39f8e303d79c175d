"""R04, R05, R44: the power goes, or the disk fails, while one file takes the place of another."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from app.storage.migrations.runner import SCHEMA_VERSION
from tests.faults.kit.actor import CUTS, every, operations
from tests.faults.kit.invariants import check_backups, check_refusal, look_again
from tests.faults.kit.power import cuts
from tests.faults.kit.world import World
from tests.sampling import sampled

FEW = sampled(3, None)
RELEASED = Path(__file__).resolve().parents[1] / "data" / "released"


# ------------------------------------------------------------------------------------------------ R04: restore


@pytest.fixture
def to_be_restored(worlds, tmp_path):
    """A computer on which two children were saved after the backup; what is saved now, and what was then."""
    world = worlds()
    then = [uuid for uuid, _, _ in world.run("look").result["actions"]]
    (backup,) = world.backups.glob("*.db")
    world.run("sitting", saves=2)
    now = [uuid for uuid, _, _ in world.run("look").result["actions"]]
    assert len(now) == len(then) + 4
    assert backup.exists()
    return world.copy(tmp_path / "ready"), backup.name, now, then


@pytest.mark.slow
@pytest.mark.parametrize("with_journal", [False, True])
def test_r04_power_cut_during_a_restore(row, worlds, to_be_restored, with_journal):
    ready, backup, now, then = to_be_restored
    world = worlds(ready)
    how = {"with_journal": with_journal}
    counts = operations(world.run("bring_back", backup=world.backups / backup, trace=CUTS, **how))
    after = now if with_journal else then
    look_again(row, world, "restored", acked=after, unsaid=0)
    for number, inject in enumerate(every(counts, most=FEW)):
        where = f"restore with {inject.words}"
        world = worlds(ready)
        done = world.run("bring_back", backup=world.backups / backup, inject=inject, **how)
        row.round(injected=done.injected, acked=len(after) if done.result else 0)
        state = world.state()
        # Either the old one, or the new one, or the question; never an empty start.
        row.says(state, {"ok", "resume"}, where)
        forward = number % 2 == 0
        if state == "resume":
            gone_on = world.run("resume_restore", forward=forward)
            check_refusal(row, gone_on, f"{where}, {'on' if forward else 'back'}", [None])
        found = look_again(row, world, where)
        if not found:
            continue
        got = [uuid for uuid, _, _ in found["actions"]]
        right = [after if forward else now] if state == "resume" else [now, after]
        if done.result:
            right = [after]
        if got not in right:
            row.lost(
                f"{where}, {state}, {'on' if forward else 'back'}: {len(got)} actions of {len(now)} and {len(then)}"
            )
        check_backups(row, world, where, at_least=[backup])


@pytest.mark.slow
def test_r04_power_cut_that_takes_what_was_not_synced(row, worlds, to_be_restored, tmp_path):
    ready, backup, now, then = to_be_restored
    world = worlds(ready)
    how = {"number": sampled(4, None), "film": tmp_path / "film", "backup": world.backups / backup}
    for number, (laid, sent, where) in enumerate(cuts(world, ready, "bring_back", **how)):
        row.round(injected=1, acked=len(then) if sent else 0)
        state = laid.state()
        row.says(state, {"ok", "resume"}, where)
        forward = number % 4 < 2
        if state == "resume":
            check_refusal(row, laid.run("resume_restore", forward=forward), where, [None])
        found = look_again(row, laid, where)
        got = [uuid for uuid, _, _ in found["actions"]] if found else now
        if got not in ([then] if sent or (state == "resume" and forward) else [now, then]):
            row.lost(f"{where}, {state}: {len(got)} actions of {len(now)} and {len(then)}")


@pytest.mark.slow
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_r04_the_disk_fails_during_a_restore(row, worlds, to_be_restored, error):
    ready, backup, now, then = to_be_restored
    calls = ("write", "fsync", "rename", "link") if error == "EIO" else ("write", "pwrite64")
    world = worlds(ready)
    counts = operations(world.run("bring_back", backup=world.backups / backup, trace=calls))
    for inject in every(counts, most=FEW, error=error):
        where = f"restore with {inject.words}"
        world = worlds(ready)
        done = world.run("bring_back", backup=world.backups / backup, inject=inject)
        row.round(injected=done.injected, acked=len(then) if done.result else 0)
        if done.bug:
            check_refusal(row, done, where, [None])
        if world.state() == "resume":
            check_refusal(row, world.run("resume_restore", forward=False), f"{where}, back", [None])
        # The journal, or what is remembered of the place, may be what could not be written: then the start asks.
        found = look_again(row, world, where, may_be_older=bool(done.result and done.injected))
        got = [uuid for uuid, _, _ in found["actions"]] if found else now
        if got != (then if done.result else now):
            row.lost(f"{where}: {len(got)} actions, {'restored' if done.result else done.fault}")
        check_backups(row, world, where, at_least=[backup])


# ------------------------------------------------------------------------------------------------ R05: upgrade


def uuids_in(path: Path) -> set[str]:
    """Read the records of a ledger that nobody has open, with another library, and touch nothing."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) f WHERE m.type = 'table' AND f.name = 'uuid'"
        )
    ]
    found = {uuid for name in tables for (uuid,) in connection.execute(f'SELECT uuid FROM "{name}"')}
    connection.close()
    return found


def schema_of(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[60:64], "big")


@pytest.fixture
def old_version(worlds, actor, tmp_path):
    """The computer of a school that has the first version."""
    world = World(tmp_path / "old", actor)
    world.ledger.parent.mkdir(parents=True)
    (tmp_path / "old" / "home").mkdir()
    shutil.copyfile(RELEASED / "v1.db", world.ledger)
    return world


@pytest.mark.slow
def test_r05_power_cut_during_an_upgrade(row, worlds, old_version):
    records = uuids_in(old_version.ledger)
    counts = operations(worlds(old_version).run("bring_up_to_date", trace=CUTS))
    for inject in every(counts, most=FEW):
        where = f"upgrade with {inject.words}"
        world = worlds(old_version)
        done = world.run("bring_up_to_date", inject=inject)
        row.round(injected=done.injected, acked=len(records) if done.result else 0)
        state = world.state()
        row.says(state, {"ok", "older-schema", "resume"}, where)
        if schema_of(world.ledger) not in (1, SCHEMA_VERSION) or (
            done.result and schema_of(world.ledger) == 1
        ):
            row.broken(f"{where}: the stamp is {schema_of(world.ledger)}")
        if missing := records - uuids_in(world.ledger):
            row.lost(f"{where}: {len(missing)} records are gone", len(missing))
        again = world.run("bring_up_to_date")
        check_refusal(row, again, f"{where}, once more", [None])
        if again.result and again.result["words"] and "与升级前一致" not in again.result["words"]:
            row.wrong(f"{where}: {again.result['words']}")
        found = look_again(row, world, where, whole=False)
        if found and not records <= uuids_in(world.ledger):
            row.lost(f"{where}: records are gone after the second try")
        names = check_backups(row, world, where)
        if not any("升级前" in name for name in names):
            row.broken(f"{where}: upgraded without a copy from before")


@pytest.mark.slow
def test_r05_power_cut_that_takes_what_was_not_synced(row, worlds, old_version, tmp_path):
    records = uuids_in(old_version.ledger)
    how = {"number": sampled(4, None), "film": tmp_path / "film"}
    for laid, sent, where in cuts(worlds(old_version), old_version, "bring_up_to_date", **how):
        row.round(injected=1, acked=len(records) if sent else 0)
        row.says(laid.state(), {"ok", "older-schema", "resume"}, where)
        if sent and schema_of(laid.ledger) == 1:
            row.broken(f"{where}: upgraded, it was said, and is not")
        check_refusal(row, laid.run("bring_up_to_date"), f"{where}, once more", [None])
        look_again(row, laid, where, whole=False)
        if missing := records - uuids_in(laid.ledger):
            row.lost(f"{where}: {len(missing)} records are gone", len(missing))
        check_backups(row, laid, where)


@pytest.mark.slow
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_r05_the_disk_fails_during_an_upgrade(row, worlds, old_version, error):
    records = uuids_in(old_version.ledger)
    calls = ("write", "fsync", "rename") if error == "EIO" else ("write", "pwrite64")
    counts = operations(worlds(old_version).run("bring_up_to_date", trace=calls))
    for inject in every(counts, most=FEW, error=error):
        where = f"upgrade with {inject.words}"
        world = worlds(old_version)
        done = world.run("bring_up_to_date", inject=inject)
        row.round(injected=done.injected, acked=len(records) if done.result else 0)
        if done.bug or not (done.result or "没有动" in done.message or "仍用原来的" in done.message):
            row.wrong(f"{where}: {done.message or done.bug}")
        if missing := records - uuids_in(world.ledger):
            row.lost(f"{where}: {len(missing)} records are gone", len(missing))
        if done.result and schema_of(world.ledger) == 1:
            row.broken(f"{where}: upgraded, it is said, and is not")
        check_refusal(row, world.run("bring_up_to_date"), f"{where}, once more", [None])
        look_again(row, world, where, whole=False)
        check_backups(row, world, where)


# ------------------------------------------------------------------------------------------------ R44: versions


def test_r44_an_older_program_meets_newer_data(row, worlds, tmp_path):
    world = worlds()
    connection = sqlite3.connect(world.ledger)
    connection.execute("UPDATE meta SET value = 99 WHERE key = 'min_reader_version'")
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    before = world.picture()
    roster = tmp_path / "花名册.csv"
    roster.write_text("姓名,性别\n覃小雨,女\n", encoding="utf-8")
    for words in (
        ("children", world.ledger),
        ("stats", world.ledger),
        ("export-ledger", world.ledger, tmp_path / "x.xlsx"),
        ("archive", world.ledger, tmp_path / "x.pdf", "--all"),
        ("import-roster", world.ledger, roster),
        ("backup", world.ledger),
        ("copy-to", world.ledger, tmp_path, "--plain", "--reason", "演练"),
        ("upgrade", world.ledger),
    ):
        done = world.command(*words)
        row.round(injected=1)
        check_refusal(row, done, words[0], ["newer-schema"])
        if "数据没有动" not in done.message:
            row.wrong(f"{words[0]}: {done.message}")
    row.says(world.state(), "newer-schema", "check")
    if world.picture() != before:
        row.broken("the newer data were touched")


def test_r44_an_update_over_a_running_program(row, worlds):
    """While the window has the ledger open, nothing may take its place; looking works beside it."""
    world = worlds()
    (backup,) = world.backups.glob("*.db")
    seen: list[tuple[str, str | None, str]] = []

    def meanwhile(pid, outcome):
        if outcome.acked and not seen:
            for words in (
                ("upgrade", world.ledger),
                ("restore", world.ledger, backup),
                ("backup", world.ledger),
            ):
                done = world.command(*words)
                row.round(injected=1)
                seen.append((words[0], done.fault, done.message or done.bug))
            seen.append(("children", world.command("children", world.ledger).fault, ""))
            world.ledger.with_name("ready").unlink()

    done = world.run("hold", meanwhile=meanwhile)
    assert not done.bug, done.bug
    for what, key, message in seen[:-1]:
        row.says(key, "storage.in_use", f"{what}: {message}")
    row.says(seen[-1][1], None, "children beside an open window")
    look_again(row, world, "after the window")
