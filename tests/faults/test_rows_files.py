"""R12, R19–R24, R27: what somebody, or a disk, has done to the files before the program starts."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.kit.actor import Inject, every, operations
from tests.faults.kit.disks import needs_root
from tests.faults.kit.invariants import check_backups, check_refusal, look_again
from tests.faults.kit.world import World, new_world
from tests.sampling import sampled

FEW = sampled(6, None)
PAGE = 4096
NOBODY = 65534


def actions_of(world: World) -> list[str]:
    return [uuid for uuid, _, _ in world.run("look").result["actions"]]


def check_found(
    row, world, state, where, *, opens: str | bool | None = False, tells_backups: bool = True
) -> None:
    """The state is told, in words with the backups that there are, and looking has changed nothing.

    ``opens``: what opening for work comes to, when it is not refused with the state itself.
    """
    before = world.picture()
    done = world.command("check", world.ledger, "--json")
    row.round(injected=1)
    if not done.result:
        row.wrong(f"{where}: check itself failed: {done.message or done.bug}")
        return
    told = json.loads(done.result["stdout"])
    row.says(told["state"], state, where)
    if tells_backups and world.backups.exists() and "备份" not in told["message"]:
        row.wrong(f"{where}: nothing is said of backups: {told['message']}")
    if world.picture() != before:
        row.broken(f"{where}: looking has changed something")
    opened = world.run("look")
    row.says(
        opened.fault or ("bug" if opened.bug else None),
        state if opens is False else opens,
        f"{where}, opening",
    )
    after = world.picture()
    if state == "older-content":
        # Found out only when the file is open, and the one write that proves the lock has been done.
        after |= {name: digest for name, digest in before.items() if name.endswith("守望.db")}
    if opens is False and after != before:
        row.broken(f"{where}: a refused start has changed something: {after.keys() ^ before.keys()}")


def check_brought_back(row, world, where, said, *, kept: bool = True, with_journal: bool = False) -> None:
    """The newest backup brings everything back; the bad file is kept byte for byte."""
    bad = world.ledger.read_bytes() if world.ledger.exists() else None
    newest = max(world.backups.glob("*.db"))
    done = world.run("bring_back", backup=newest, with_journal=with_journal)
    check_refusal(row, done, f"{where}, restoring", [None])
    look_again(row, world, f"{where}, restored", acked=said)
    aside = [*world.ledger.parent.glob("守望.db.damaged-*"), *world.ledger.parent.glob("守望.db.kept-*")]
    aside = [path for path in aside if not path.name.endswith("-journal")]
    if kept and [path.read_bytes() for path in aside] != [bad]:
        row.broken(f"{where}: the bad file was not kept as it was: {[path.name for path in aside]}")
    check_backups(row, world, where)


# ------------------------------------------------------------------------------------------------ R12


@pytest.mark.slow
@pytest.mark.parametrize("job", ["check", "look"])
def test_r12_the_disk_cannot_be_read_at_the_start(row, worlds, job):
    """Said to be the disk, never damage; nothing is restored, nothing made."""
    calls = ("pread64", "read", "openat")
    world = worlds()

    def run(world, **how):
        if job == "check":
            return world.command("check", world.ledger, "--json", only=[world.ledger], **how)
        return world.run("look", only=[world.ledger], **how)

    said = actions_of(world)
    counts = operations(run(world, trace=calls))
    assert counts["pread64"] > 3
    for onwards in (False, True):
        for inject in every(counts, most=FEW, error="EIO", onwards=onwards):
            world = worlds()
            names = sorted(world.picture())
            # A disk that does not give its bytes to SQLite does not give them to anybody.
            from_now_on = inject.call == "pread64" and onwards and inject.beside is None
            beside = Inject("read", counts["read"] + 1, "EIO", onwards=True) if from_now_on else inject.beside
            done = run(world, inject=replace(inject, beside=beside))
            row.round(injected=done.injected)
            where = f"{job} with {inject.words}"
            key = done.fault
            if job == "check" and done.result:
                key = json.loads(done.result["stdout"])["state"]
                key = None if key == "ok" else key
                if key == "io-error" and "先别恢复" not in done.result["stdout"]:
                    row.wrong(f"{where}: {done.result['stdout']}")
            if done.bug:
                row.wrong(f"{where}: {done.bug.strip().splitlines()[-1]}")
            read_whole = job == "look" and done.result and done.result["integrity"] == ["ok"]
            if done.result and not read_whole and job == "look":
                key = "storage.io_read"  # met only by the question of the test itself
            right = {"io-error", "storage.io_read"} if done.injected else {None}
            # SQLite that may not open a file for writing reads it. What failed once may not be needed, or be tried
            # again; and ``check`` reads the bytes without SQLite, which only keeps others from writing meanwhile.
            spared = inject.call == "openat" or (job == "check" and inject.call == "pread64")
            if spared or not onwards or read_whole:
                right |= {None, "read-only", "storage.corrupt"}
            row.says(key, right, where)
            if [name for name in sorted(world.picture()) if name not in names and "日志" not in name]:
                row.broken(f"{where}: files were made: {sorted(world.picture())}")
            if onwards:
                look_again(row, world, where, acked=said)


# ------------------------------------------------------------------------------------------------ R19, R20


def test_r19_a_file_of_no_bytes(row, worlds):
    world = worlds()
    said = actions_of(world)
    os.truncate(world.ledger, 0)
    check_found(row, world, "empty", "0 bytes")
    check_brought_back(row, world, "0 bytes", said)


@pytest.mark.slow
@pytest.mark.parametrize(
    "cut",
    [
        lambda size: size // 2,
        lambda size: size // 2 + 1,
        lambda size: size - PAGE,
        lambda size: size - 1,
        lambda size: PAGE,
        lambda size: 100,
        lambda size: 50,
        lambda size: 1,
    ],
    ids=["half", "half a byte more", "one page less", "one byte less", "one page", "100 B", "50 B", "1 B"],
)
def test_r20_a_file_cut_short(row, worlds, cut):
    world = worlds()
    said = actions_of(world)
    os.truncate(world.ledger, cut(world.ledger.stat().st_size))
    check_found(row, world, "corrupt", "cut")
    check_brought_back(row, world, "cut", said)


def test_r20_a_file_made_longer(row, worlds):
    world = worlds()
    said = actions_of(world)
    for more in (1, PAGE):
        with world.ledger.open("ab") as file:
            file.write(bytes(more))
        check_found(row, world, "corrupt", f"{more} bytes more")
    check_brought_back(row, world, "longer", said)


# ------------------------------------------------------------------------------------------------ R21


def test_r21_garbage_for_a_header(row, worlds):
    """Where the usual ledger lies it is damage; anywhere else it is somebody else's file, and not one byte is written."""
    for content in (b"\0" * 100, b"PK\x03\x04" + b"x" * 96, os.urandom(100)):
        world = worlds()
        said = actions_of(world)
        stranger = world.ledger.with_name("别的.db")
        shutil.copyfile(world.ledger, stranger)
        for path in (world.ledger, stranger):
            with path.open("r+b") as file:
                file.write(content)
        check_found(row, world, "corrupt", "garbage for a header")
        before = world.picture()
        told = world.command("children", stranger)
        row.round(injected=1)
        check_refusal(row, told, "garbage elsewhere", ["not-ours"])
        if world.picture() != before:
            row.broken("a stranger's file was touched")
        check_brought_back(row, world, "garbage for a header", said)


@pytest.mark.slow
def test_r21_garbage_for_a_page(row, worlds):
    """Any page: never taken for sound with anything missing, and always to be had back."""
    pages = worlds().ledger.stat().st_size // PAGE
    whole = worlds().run("look").result
    damaged = 0
    for page in range(1, pages, sampled(11, 1)):
        world = worlds()
        with world.ledger.open("r+b") as file:
            file.seek(page * PAGE)
            file.write(b"\x5a" * PAGE)
        where = f"page {page} spoilt"
        before = world.picture()
        state = world.state()
        row.round(injected=1)
        row.says(state, {"corrupt", "index-damaged", "ok"}, where)
        if world.picture() != before:
            row.broken(f"{where}: looking has changed something")
        if state == "ok":  # a page that nothing stands on
            found = look_again(row, world, where)
            if found and found["families"] != whole["families"]:
                row.lost(f"{where}: taken for sound, and differs")
            continue
        damaged += 1
        opened = world.run("look")
        row.says(opened.fault, {"corrupt", "index-damaged"}, f"{where}, opening")
        if page % 33 == 1:
            check_brought_back(row, world, where, [uuid for uuid, _, _ in whole["actions"]])
    assert damaged > row.rounds / 2


def test_r21_damage_in_an_index_only(row, worlds, tmp_path):
    world = worlds()
    world.run(
        "sitting", saves=1, leave=False
    )  # the program was not left in order: everything is looked through
    said = actions_of(world.copy(tmp_path / "same"))
    connection = sqlite3.connect(world.ledger)
    (root,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'kinship' ORDER BY name LIMIT 1"
    ).fetchone()
    connection.close()
    with world.ledger.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        page = bytearray(file.read(PAGE))
        page[-3:] = b"\x01\x02\x03"
        file.seek((root - 1) * PAGE)
        file.write(page)
    check_found(row, world, "index-damaged", "an index spoilt")
    check_brought_back(row, world, "an index spoilt", said, with_journal=True)


def test_r21_bytes_that_are_no_text(row, worlds):
    """One bad row is marked; all the others can be read."""
    world = worlds()
    spoil_text(world.ledger, "单小3", b"\xff\xfe\xfd\xfc\xfb\xfa3")
    check_found(row, world, "bad-row", "bytes that are no text", opens=None, tells_backups=False)
    listed = world.command("children", world.ledger, "--json")
    check_refusal(row, listed, "the list with a bad row", [None])
    names = [child["name"] for child in json.loads(listed.result["stdout"])]
    if len(names) != 6 or sum(name in {f"单小{n}" for n in range(6)} for name in names) != 5:
        row.lost(f"the list with a bad row shows {names}")


def test_r21_another_digit(row, worlds):
    """No check of SQLite sees it: the history does, and in a copy the hash."""
    world = worlds()
    spoil_text(world.ledger, "13800000003", b"13800000008")
    (backup,) = world.backups.glob("*.db")
    spoil_text(backup, "13800000003", b"13800000008")
    checked = world.command("checkup", world.ledger, "--json")
    row.round(injected=1)
    found = json.loads(checked.result["stdout"])["findings"] if checked.result else []
    if [(one["kind"], one["table"]) for one in found] != [("differs", "phone")]:
        row.wrong(
            f"the checkup does not find the digit that changed: {found or checked.message or checked.bug}"
        )
    verified = world.command("verify", backup, "--json")
    row.round(injected=1)
    if verified.result or "不符" not in verified.bug + verified.message:
        row.wrong(f"a changed digit in a backup is taken for good: {verified.result}")
    check_refusal(row, world.run("bring_back", backup=backup), "restoring it", ["restore.not_sound"])


def spoil_text(path: Path, text: str, other: bytes) -> None:
    """Write other bytes over a text wherever a row of the tables holds it, not where the history does."""
    content = path.read_bytes()
    old = text.encode()
    assert len(old) == len(other)
    at, done = content.find(old), 0
    while at >= 0:
        inside_json = content[at - 1 : at] == b'"' or content[at + len(old) : at + len(old) + 1] == b'"'
        if not inside_json:
            content = content[:at] + other + content[at + len(old) :]
            done += 1
        at = content.find(old, at + 1)
    assert done
    path.write_bytes(content)


# ------------------------------------------------------------------------------------------------ R22


def test_r22_the_file_or_its_folder_is_gone(row, worlds, tmp_path):
    """Nothing is made by looking; 新建 is no answer to it."""
    world = worlds()
    said = actions_of(world)
    roster = tmp_path / "花名册.csv"
    roster.write_text("姓名,性别\n覃小雨,女\n", encoding="utf-8")
    for what in ("file", "folder"):
        source = world.ledger if what == "file" else world.ledger.parent
        away = source.with_name(source.name + "改名")
        source.rename(away)
        names = sorted(path.name for path in world.folder.rglob("*") if "home" not in path.parts)
        check_found(row, world, "missing", f"{what} renamed")
        for words in (
            ("children", world.ledger),
            ("stats", world.ledger),
            ("export-ledger", world.ledger, tmp_path / "x.xlsx"),
            ("import-roster", world.ledger, roster),
            ("backup", world.ledger),
            ("upgrade", world.ledger),
            ("copy-to", world.ledger, tmp_path, "--plain", "--reason", "演练"),
        ):
            done = world.command(*words)
            row.round(injected=1)
            check_refusal(row, done, f"{what} renamed, {words[0]}", ["missing"])
        if sorted(path.name for path in world.folder.rglob("*") if "home" not in path.parts) != names:
            row.broken(f"{what} renamed: something was made by looking")
        away.rename(source)
        look_again(row, world, f"{what} back", acked=said)
    world.ledger.unlink()
    check_brought_back(row, world, "file deleted", said, kept=False)


# ------------------------------------------------------------------------------------------------ R23


def cut_in_a_commit(world, spare: Path) -> None:
    """Let the power go in the middle of a commit: pages half written, the journal beside."""
    watched = world.copy(spare)
    done = watched.run("sitting", saves=1, leave=False, trace=("pwrite64", "unlink"), only=watched.disk)
    watched.gone()
    order = [one.call for one in done.traced]
    # The commit of the child itself: some pages before its journal goes.
    goes = [number for number, call in enumerate(order) if call == "unlink"][1]
    n = order[:goes].count("pwrite64") - 3
    done = world.run("sitting", saves=1, leave=False, inject=Inject("pwrite64", n), only=world.disk)
    assert done.killed
    assert world.journal.exists()


@pytest.fixture
def left_hot(worlds, tmp_path):
    """A computer whose power went in the middle of a commit, and what had been saved on it."""
    said = actions_of(worlds())
    world = worlds()
    cut_in_a_commit(world, tmp_path / "spare")
    return world.copy(tmp_path / "hot"), said


@pytest.mark.slow
def test_r23_a_journal_that_waits(row, worlds, left_hot):
    hot, said = left_hot
    world = worlds(hot)
    before = world.picture()
    row.says(world.state(), "ok", "a hot journal")
    listed = world.command("children", world.ledger, "--json")
    row.round(injected=1)
    if len(json.loads(listed.result["stdout"])) != 6:
        row.lost("the list beside a hot journal is not what was saved")
    if world.picture() != before:
        row.broken("looking has changed something")
    look_again(row, world, "a hot journal", acked=said, unsaid=0)


@pytest.mark.slow
def test_r23_a_journal_that_was_deleted(row, worlds, left_hot):
    """The half commit cannot be taken back any more: it is seen, never taken for sound."""
    hot, said = left_hot
    world = worlds(hot)
    world.journal.unlink()
    check_found(
        row,
        world,
        {"corrupt", "index-damaged", "older-content"},
        "the journal was deleted",
        opens={"corrupt", "index-damaged"},
    )
    check_brought_back(row, world, "the journal was deleted", said)


@pytest.mark.slow
@pytest.mark.parametrize("whose", ["another school's", "its own, of yesterday"])
def test_r23_a_journal_that_does_not_belong(row, worlds, left_hot, actor, tmp_path, whose):
    """It is tried on a copy first; what it would make of the ledger is refused, and nothing has been touched."""
    hot, _ = left_hot
    if whose.startswith("another"):
        hot = new_world(tmp_path / "another", actor, children=9)
        cut_in_a_commit(hot, tmp_path / "spare")
    world = worlds()
    world.run("sitting", saves=1)
    said = actions_of(world)
    shutil.copyfile(hot.journal, world.journal)
    before = world.picture()
    row.round(injected=1)
    state = world.state()
    row.says(state, {"corrupt", "older-content"}, f"{whose} journal")
    opened = world.run("look")
    row.says(opened.fault, state, f"{whose} journal, opening")
    if world.picture() != before and state == "corrupt":
        row.broken("looking has changed something")
    brought = world.run("bring_back", backup=max(world.backups.glob("*.db")))
    check_refusal(row, brought, f"{whose} journal, restoring", [None])
    look_again(row, world, f"{whose} journal, restored", acked=said, unsaid=0)


# ------------------------------------------------------------------------------------------------ R24


@pytest.mark.parametrize("left_in_order", [True, False])
def test_r24_yesterdays_file_is_put_back(row, worlds, left_in_order):
    world = worlds()
    yesterday = world.ledger.read_bytes()
    done = world.run("sitting", saves=3, leave=left_in_order)
    row.round(injected=1, acked=len(done.acked))
    said = actions_of(world)
    world.ledger.write_bytes(yesterday)
    check_found(row, world, "older-content", "yesterday's file")
    told = world.command("check", world.ledger, "--json").result["stdout"]
    if "6" not in json.loads(told)["message"]:
        row.wrong(f"six saves are missing: {told}")
    back = world.run("bring_back", backup=world.ledger, with_journal=True)
    if left_in_order:
        # The journal begins with the last backup, that of the end of the sitting.
        back = world.run("bring_back", backup=max(world.backups.glob("*.db")))
    check_refusal(row, back, "the newer content", [None])
    look_again(row, world, "the newer content", acked=said, unsaid=0)


# ------------------------------------------------------------------------------------------------ R27


def check_looking_works(row, world, where, tmp_path, **how) -> None:
    """Reading and taking elsewhere work; whatever writes refuses in words."""
    opened = world.run("look", **how)
    row.says(opened.fault or opened.bug or None, "read-only", where)
    out = tmp_path / "台账.xlsx"
    for words in (("children", world.ledger), ("stats", world.ledger), ("export-ledger", world.ledger, out)):
        done = world.command(*words, **how)
        row.round(injected=1)
        check_refusal(row, done, f"{where}, {words[0]}", [None])
    if not out.exists():
        row.broken(f"{where}: the export did not arrive")
    out.unlink(missing_ok=True)
    roster = tmp_path / "花名册.csv"
    roster.write_text("姓名,性别\n覃小雨,女\n", encoding="utf-8")
    for words in (("import-roster", world.ledger, roster), ("backup", world.ledger)):
        done = world.command(*words, **how)
        row.round(injected=1)
        check_refusal(row, done, f"{where}, {words[0]}", ["read-only"])


def test_r27_a_disk_that_is_read_only(row, worlds, mounts, tmp_path):
    disk = mounts.tmpfs("20m", name="data")
    world = worlds().copy(disk / "computer")
    said = actions_of(world)
    home = tmp_path / "home"
    shutil.copytree(world.folder / "home", home)
    before = world.picture()
    mounts.protect(disk)

    class Elsewhere(World):
        __slots__ = ()

        @property
        def env(self):
            return {
                name: value.replace(str(self.folder / "home"), str(home))
                for name, value in super().env.items()
            }

    check_looking_works(row, Elsewhere(world.folder, world.actor), "disk switched to read-only", tmp_path)
    if world.picture() != before:
        row.broken("something was written onto a read-only disk")
    mounts.unprotect(disk)
    look_again(row, world, "switched back", acked=said)


def test_r27_a_folder_she_may_not_write_in(row, worlds, template):
    """As an ordinary user: root may write anywhere."""
    needs_root()
    world = worlds()
    said = actions_of(world)
    desk = world.folder / "desk"
    desk.mkdir()
    for path in (world.folder.parent, world.folder):
        path.chmod(0o755)
    for path in (desk, *(world.folder / "home").rglob("*"), world.folder / "home"):
        os.chown(path, NOBODY, NOBODY)
    for path in (world.ledger.parent, *world.ledger.parent.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = world.picture()
    check_looking_works(row, world, "no right to write", desk, user=NOBODY)
    if world.picture() != before:
        row.broken("something was written without the right to")
    for path in (world.ledger.parent, *world.ledger.parent.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    look_again(row, world, "with the right again", acked=said)
