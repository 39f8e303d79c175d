"""R07, R10, R13–R16, R42, R43: the power, the stick and the clock against what is written beside the ledger."""

from __future__ import annotations

import os
import signal
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.kit.actor import CUTS, Actor, Inject, every, operations
from tests.faults.kit.flip import build_shim
from tests.faults.kit.invariants import check_backups, check_refusal, look_again, proved, unproved
from tests.sampling import sampled

FEW = sampled(4, None)
PASSPHRASE = "春天的山 2026\n"


# ------------------------------------------------------------------------------------------------ R07: documents


def is_whole(path: Path) -> bool:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return book.testzip() is None and "xl/workbook.xml" in book.namelist()
    content = path.read_bytes()
    return content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["backup", "xlsx", "pdf"])
def test_r07_power_cut_while_a_file_is_written(row, worlds, tmp_path, kind):
    world = worlds()
    world.run("sitting", saves=1, leave=False)
    before = [uuid for uuid, _, _ in world.run("look").result["actions"]]
    ready = world.copy(tmp_path / "ready")
    desk = tmp_path / "桌面"
    desk.mkdir()
    out = desk / {"xlsx": "台账.xlsx", "pdf": "一人一档.pdf"}.get(kind, "")

    def words(world):
        what = {"xlsx": "export-ledger", "pdf": "archive"}.get(kind, "backup")
        return [what, world.ledger, *([out] if out != desk else []), "--json"]

    world = worlds(ready)
    counts = operations(world.command(*words(world), trace=CUTS))
    for inject in every(counts, most=FEW or 60):
        where = f"{kind} with {inject.words}"
        world = worlds(ready)
        good = out.read_bytes() if out != desk else b""
        older = [path.name for path in world.backups.glob("*.db")]
        done = world.command(*words(world), inject=inject)
        row.round(injected=done.injected, acked=bool(done.result))
        # The document and its line in the log of what left are two steps: only a whole document is ever logged.
        look_again(row, world, where, acked=before)
        if out != desk:
            if not is_whole(out) and out.read_bytes() != good:
                row.lost(f"{where}: {out.name} is half a file of {out.stat().st_size} bytes")
            if names := [path.name for path in desk.iterdir() if path != out]:
                row.broken(f"{where}: after the next start there lies {names}")
        names = check_backups(row, world, where, at_least=older)
        if kind == "backup" and done.result and len(names) != len(older) + 1:
            row.lost(f"{where}: the backup was reported and is not there")


@pytest.mark.slow
def test_r07_power_cut_while_a_plain_copy_goes_to_a_stick(row, worlds, tmp_path):
    """The Excel book that goes along lies on the stick before the ledger has its name: alone it does not stay there."""
    world = worlds()
    world.run("sitting", saves=1, leave=False)
    before = [uuid for uuid, _, _ in world.run("look").result["actions"]]
    ready = world.copy(tmp_path / "ready")
    stick = tmp_path / "优盘"
    stick.mkdir()
    words, _ = stick_words(world, stick)
    counts = operations(world.command(*words, trace=CUTS))
    for inject in every(counts, most=FEW or 60):
        where = f"plain copy with {inject.words}"
        clear(stick, [])
        world = worlds(ready)
        done = world.command(*stick_words(world, stick)[0], inject=inject)
        row.round(injected=done.injected, acked=bool(done.result))
        look_again(row, world, where, acked=before)
        whole = copies_on(stick)
        of_copy = [path for one in whole for path in stick.glob(f"{one.stem}*")]
        left = [path.name for path in stick.iterdir() if path not in of_copy and path.suffix != ".txt"]
        if left:
            row.broken(f"{where}: after the next start there lies {left} without its copy")


# ------------------------------------------------------------------------------------------------ R10–R16: sticks


def stick_words(world, stick: Path, *, plain: bool = True) -> tuple[list[object], str]:
    how = ["--plain", "--reason", "演练"] if plain else ["--passphrase-stdin"]
    return ["copy-to", world.ledger, stick, "--for", "self", *how, "--json"], "" if plain else PASSPHRASE


def copies_on(stick: Path) -> list[Path]:
    return sorted(path for path in stick.iterdir() if path.suffix in (".db", ".7z"))


def check_stick(row, world, stick, where, *, older, done) -> None:
    """What bears a final name is whole; a copy that was reported is one of them; the older ones are untouched."""
    names = copies_on(stick)
    for path in unproved(names):
        found = world.command(
            "verify", path, *(["--passphrase-stdin"] if path.suffix == ".7z" else []), stdin=PASSPHRASE
        )
        if found.fault or found.bug:
            row.broken(f"{where}: {path.name} is not sound: {found.message or found.bug}")
        else:
            proved(path)
    if set(older) - set(names):
        row.lost(f"{where}: an older copy is gone")
    new = set(names) - set(older)
    if len(new) != bool(done.result):
        row.broken(
            f"{where}: {len(new)} new files on the stick, the copy was {'reported' if done.result else 'refused'}"
        )
    if done.fault and not any(told in done.message for told in ("没有拷", "没有存成")):
        row.wrong(f"{where}: it is not said that nothing was copied: {done.message}")


@pytest.fixture
def stick_with_a_copy(worlds, mounts):
    """A stick of 5 MB with one good copy on it, and the world it is from."""
    world = worlds()
    stick = mounts.tmpfs("5m", name="KINGSTON")
    words, stdin = stick_words(world, stick)
    done = world.command(*words, stdin=stdin)
    assert done.result, done.message or done.bug
    return world, stick


def test_r10_a_full_stick(row, stick_with_a_copy):
    world, stick = stick_with_a_copy
    older = copies_on(stick)
    room = os.statvfs(stick)
    free = room.f_bavail * room.f_frsize
    for left in (0, 4096, 200 * 1024, 600 * 1024):
        filler = stick / "照片.jpg"
        filler.write_bytes(bytes(free - left))
        words, stdin = stick_words(world, stick)
        done = world.command(*words, stdin=stdin)
        row.round(injected=1)
        check_refusal(row, done, f"{left} bytes free", ["copy.no_space", "copy.became_full"])
        if done.fault == "copy.no_space" and not ("需要" in done.message and "只剩" in done.message):
            row.wrong(f"{left} bytes free: {done.message}")
        check_stick(row, world, stick, f"{left} bytes free", older=older, done=done)
        filler.unlink()
    look_again(row, world, "after a full stick")


@pytest.mark.slow
@pytest.mark.parametrize("error", ["ENOSPC", "EDQUOT"])
def test_r10_a_stick_that_becomes_full_midway(row, stick_with_a_copy, error):
    fail_on_stick(row, stick_with_a_copy, error, ("write", "openat", "fsync"), {"copy.became_full"})


def test_r10_a_quota_on_the_computer(row, worlds):
    """Not even the snapshot fits: nothing is left of it, the older backups stay."""
    world = worlds()
    world.run("sitting", saves=1, leave=False)
    older = [path.name for path in world.backups.glob("*.db")]
    for limit in (100_000, 500_000):
        done = world.run("backup", file_limit=limit)
        row.round(injected=1)
        check_refusal(
            row,
            done,
            f"files up to {limit} bytes",
            ["copy.became_full"],
        )
        look_again(row, world, f"files up to {limit} bytes")
        names = check_backups(row, world, f"files up to {limit} bytes", at_least=older)
        assert sorted(names) == sorted(older)


def stick_files(world, stick, done) -> tuple[Path, ...]:
    """Return what a copy touches on a stick: each file under its final and its half-done name, and the folder."""
    found = {stick}
    for one in done.traced:
        found |= {Path(path) for path in one.paths if path.startswith(str(stick))}
    return tuple(sorted(found))


def fail_on_stick(row, stick_with_a_copy, error, calls, expected):
    world, stick = stick_with_a_copy
    older = copies_on(stick)
    # The name of a copy carries the time of day, so that a job of our own, with a clock that stands, makes it.
    watched = world.run("stick", folder=stick, trace=("openat", "rename", "unlink"))
    paths = stick_files(world, stick, watched)
    clear(stick, older)
    counts = operations(world.run("stick", folder=stick, trace=calls, only=paths))
    clear(stick, older)
    assert counts["write"] >= 3
    for inject in every(counts, most=FEW, error=error, onwards=True):
        where = f"stick with {inject.words}"
        done = world.run("stick", folder=stick, inject=inject, only=paths)
        row.round(injected=done.injected, acked=bool(done.result))
        if done.injected:
            spared = {None} if inject.call in ("openat", "unlink") else set()
            # The last opens are those of the reading back: what cannot be read was not proved, whatever the system says.
            unread = {"copy.readback_differs"} if inject.call == "openat" else set()
            check_refusal(row, done, where, expected | spared | unread)
        elif done.fault or done.bug:
            row.broken(f"{where}: nothing failed, and yet: {done.message or done.bug}")
        check_stick(row, world, stick, where, older=older, done=done)
        clear(stick, older)
    look_again(row, world, "after the stick failed")


def clear(stick: Path, keep) -> None:
    for path in stick.iterdir():
        if path not in keep and not any(path.name.startswith(one.name) for one in keep):
            path.unlink()


@pytest.mark.slow
@pytest.mark.parametrize("error", ["EIO", "ENODEV"])
def test_r13_the_stick_is_pulled(row, stick_with_a_copy, error):
    calls = ("write", "fsync", "openat", "rename", "read", "pread64")
    fail_on_stick(
        row, stick_with_a_copy, error, calls, {"stick.gone", "stick.no_folder", "copy.readback_differs"}
    )


def once_gone(inject: Inject, counts: dict[str, int]) -> Inject:
    """Let nothing else be read either from a stick that gave no page."""
    if inject.call == "read" or inject.beside is not None:
        return inject
    return replace(inject, beside=Inject("read", counts["read"] + 1, inject.error, onwards=True))


@pytest.mark.slow
@pytest.mark.parametrize("error", ["EIO", "ENODEV"])
def test_r13_the_stick_is_pulled_while_a_copy_is_checked(row, stick_with_a_copy, error):
    """What cannot be read any more is not called damaged: she would throw a good copy away."""
    world, stick = stick_with_a_copy
    (copy,) = copies_on(stick)
    counts = operations(world.command("verify", copy, trace=("openat", "read", "pread64"), only=[copy]))
    for inject in every(counts, most=sampled(6, None), error=error, onwards=True):
        done = world.command("verify", copy, inject=once_gone(inject, counts), only=[copy])
        row.round(injected=done.injected)
        # The command line ends with 1, and the words are on its stderr.
        if done.injected and ("读不出来" not in done.bug or "损坏" in done.bug):
            row.wrong(f"the check with {inject.words}: {(done.bug or done.message)[-200:]}")
        if not done.injected and not done.result:
            row.broken(f"nothing failed ({inject.words}), and yet: {done.bug or done.message}")


@pytest.mark.slow
def test_r13_the_stick_is_pulled_while_a_copy_on_it_is_restored(row, worlds, stick_with_a_copy):
    """Refused in words that blame neither the copy nor this computer's disk; the ledger is as it was."""
    world, stick = stick_with_a_copy
    (copy,) = copies_on(stick)
    then = [uuid for uuid, _, _ in world.run("look").result["actions"]]
    left = world.copy(world.folder.with_name("left"))
    bring = {"backup": copy, "only": [copy]}
    counts = operations(world.run("bring_back", trace=("openat", "read", "pread64"), **bring))
    for inject in every(counts, most=sampled(4, None), error="EIO", onwards=True):
        world = worlds(left)
        done = world.run("bring_back", inject=once_gone(inject, counts), **bring)
        where = f"restore with {inject.words}"
        row.round(injected=done.injected)
        check_refusal(row, done, where, ["restore.not_sound" if done.injected else None])
        if done.injected and "读不出来" not in done.message:
            row.wrong(f"{where}: {done.message}")
        row.says(world.state(), {"ok"}, where)
        found = look_again(row, world, where)
        if done.fault and found and [uuid for uuid, _, _ in found["actions"]] != then:
            row.lost(f"{where}: the ledger is not what it was")
    left.gone()


@pytest.mark.slow
def test_r13_the_stick_is_really_pulled(row, stick_with_a_copy, mounts):
    """The process is held before its N-th write, the disk goes away under it, it is let go again."""
    world, old = stick_with_a_copy
    watched = world.run("stick", folder=old, trace=("openat", "rename"))
    names = [path.relative_to(old) for path in stick_files(world, old, watched)]
    mounts.pull(old)
    for n in (1, 2, 3):
        stick = mounts.tmpfs("5m", name=f"stick{n}")

        log = Path(world.env["HOME"])

        def pull(pid, outcome, stick=stick, log=log):
            if stick in mounts.places and stops(log / f"strace-{pid}.log"):
                mounts.pull(stick)
                os.kill(pid, signal.SIGCONT)

        inject = Inject("write", n, signal="SIGSTOP")
        done = world.run(
            "stick", folder=stick, inject=inject, only=[stick / name for name in names], meanwhile=pull
        )
        row.round(injected=1, acked=bool(done.result))
        if stick in mounts.places:
            row.broken(f"there is no write {n}: {done.message or done.bug or done.result}")
            continue
        check_refusal(row, done, f"pulled at write {n}", ["stick.gone", "stick.no_folder"])
        if left := list(stick.iterdir()):
            row.broken(f"pulled at write {n}: {left} where the stick had been")
    look_again(row, world, "after the stick was pulled")


def stops(log: Path) -> bool:
    """Wait until the traced process is held by the signal; False when it ends without."""
    for _ in range(30_000):
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        if "stopped by SIGSTOP" in said or "+++" in said:
            return "stopped by SIGSTOP" in said
        time.sleep(0.002)
    return False


@pytest.mark.slow
def test_r14_the_good_word_comes_after_the_read_back(row, stick_with_a_copy):
    """Written, synced, forgotten by the memory, read back, only then named; 现在可以拔出 is the last word."""
    world, stick = stick_with_a_copy
    done = world.run("stick", folder=stick, trace=("write", "fsync", "fadvise64", "read", "rename"))
    row.round(acked=1)
    final = done.result["path"]
    steps = [one.call for one in done.traced if final + ".part" in one.paths]
    order = [call for number, call in enumerate(steps) if call not in steps[number + 1 :]]
    if order != ["write", "fsync", "fadvise64", "read", "rename"]:
        row.broken(f"the copy was made in this order: {order}")
    if not done.result["from_disk"]:
        row.broken("read back from memory")
    for words in (done.result["words"], done.result["said"]):
        if "现在可以拔出" not in words[-1] or any("现在可以拔出" in one for one in words[:-1]):
            row.wrong(f"现在可以拔出 is not the last word: {words}")


def test_r14_a_stick_that_forgets_after_the_copy(row, worlds, mounts):
    """The flash changes under a copy that was proved: the next check says so, and the copy is not restored from."""
    world = worlds()
    stick, flash = mounts.image(16)
    words, stdin = stick_words(world, stick)
    assert world.command(*words, stdin=stdin).result
    (copy,) = copies_on(stick)
    content = copy.read_bytes()
    os.sync()
    spoilt = flash.read_bytes()
    # Every page of the copy that lies on the flash, in turn: a few of them.
    places = [at for at in range(0, len(content) - 4096, 4096) if content[at : at + 4096].count(0) < 2048]
    for at in places[:: max(1, len(places) // (sampled(8, 60)))]:
        where = spoilt.find(content[at : at + 4096])
        assert where >= 0
        with flash.open("r+b", buffering=0) as file:
            file.seek(where + 100)
            file.write(bytes([spoilt[where + 100] ^ 1]))
            os.fsync(file.fileno())
        found = world.command("verify", copy, "--json")
        row.round(injected=1)
        if found.result or "不符" not in found.message + found.bug:
            row.wrong(f"page at {at} of the copy has changed: {found.result or found.message}")
        put_back = world.command("restore", world.ledger, copy)
        check_refusal(row, put_back, f"restore from a copy changed at {at}", ["restore.not_sound"])
        with flash.open("r+b", buffering=0) as file:
            file.seek(where + 100)
            file.write(spoilt[where + 100 : where + 101])
            os.fsync(file.fileno())
    look_again(row, world, "after a stick that forgets")


def test_r15_a_stick_that_gives_other_bytes_back(row, worlds, mounts, tmp_path):
    world = worlds()
    stick = mounts.tmpfs("5m", name="扩容盘")
    lying = Actor(preload=build_shim(tmp_path))
    try:
        for suffix in (".db.part", ".校验单.json.part", ".txt.part"):
            for n in (1, 1_000):  # no file has so many: nothing is spoilt
                env = world.env | {"FLIP_SUFFIX": suffix, "FLIP_WRITE": str(n)}
                args = {"ledger": str(world.ledger), "now": world.now}
                done = lying.run("stick", env=env, folder=str(stick), **args)
                row.round(injected=n == 1, acked=bool(done.result))
                where = f"write {n} to {suffix} spoilt"
                check_refusal(row, done, where, ["copy.readback_differs"] if n == 1 else [None])
                if n == 1 and "不可靠" not in done.message:
                    row.wrong(f"{where}: {done.message}")
                check_stick(row, world, stick, where, older=[], done=done)
                if n == 1 and (left := list(stick.iterdir())):
                    row.broken(f"{where}: left on the stick: {[path.name for path in left]}")
                clear(stick, [])
    finally:
        lying.close()
    look_again(row, world, "after a stick that lies")


def test_r16_a_write_protected_stick(row, stick_with_a_copy, mounts):
    world, stick = stick_with_a_copy
    older = copies_on(stick)
    mounts.protect(stick)
    for plain in (True, False):
        words, stdin = stick_words(world, stick, plain=plain)
        done = world.command(*words, stdin=stdin)
        row.round(injected=1)
        check_refusal(row, done, "switched to read-only", ["stick.write_protected"])
        check_stick(row, world, stick, "switched to read-only", older=older, done=done)
    mounts.unprotect(stick)
    done = world.run("stick", folder=stick)
    row.round(acked=1)
    check_refusal(row, done, "switched back", [None])


@pytest.mark.slow
def test_r16_write_protected_midway(row, stick_with_a_copy):
    fail_on_stick(row, stick_with_a_copy, "EROFS", ("write", "fsync", "rename"), {"stick.write_protected"})


# ------------------------------------------------------------------------------------------------ R42, R43: backups


@pytest.mark.slow
def test_r42_the_wrong_backup_was_restored(row, worlds):
    """What was there before a restore can be had again for 30 days, however many backups are made meanwhile."""
    world = worlds()
    (old,) = world.backups.glob("*.db")
    said = world.run("sitting", saves=3).acked
    wrong = world.command("restore", world.ledger, old, "--json")
    row.round(injected=1, acked=len(said))
    if "恢复前" not in wrong.result["stderr"]:
        row.wrong(f"nothing is said of what was there before: {wrong.result['stderr']}")
    (kept,) = world.backups.glob("*恢复前*.db")
    later = world.run("days", number=29)
    assert not later.bug, later.bug
    row.round(acked=len(later.acked))
    found = look_again(row, world, "29 days later", acked=[])
    if not kept.exists():
        row.lost("the copy from before the restore was thinned within 30 days", len(said))
        return
    backups = len(found["backups"])
    if backups > 29:
        row.broken(f"nothing was thinned in 29 days: {backups} backups")
    back = world.command("restore", world.ledger, kept, "--json")
    row.round()
    check_refusal(row, back, "restoring what was there before", [None])
    look_again(row, world, "what was there before", acked=said, unsaid=len(found["actions"]))


@pytest.mark.slow
def test_r43_the_timer_meets_a_broken_ledger(row, worlds):
    """Pages go bad under the open window: the half-hourly backup refuses, the good backups stay."""
    good = worlds().run("look").result
    pages = worlds().ledger.stat().st_size // 4096
    refused = 0
    for page in range(1, pages, sampled(17, 1)):
        world = worlds()
        ready = world.ledger.with_name("ready")

        def spoil(pid, outcome, world=world, ready=ready, page=page):
            if outcome.acked and ready.exists():
                # In place and from outside, as a dying disk does; the process that has it open is another.
                with world.ledger.open("r+b", buffering=0) as file:
                    file.seek(page * 4096)
                    file.write(b"\xa5" * 4096)
                ready.unlink()

        older = [name for name, _ in good["backups"]]
        done = world.run("timer", meanwhile=spoil)
        row.round(injected=1, acked=len(done.acked))
        where = f"page {page} spoilt"
        check_refusal(
            row, done, where, ["copy.source_corrupt", "copy.changed_meanwhile", "storage.corrupt", None]
        )
        names = check_backups(row, world, where, at_least=older)
        refused += done.fault is not None
        if done.fault and len(names) != len(older):
            row.broken(f"{where}: refused, and yet a backup is there")
        if done.fault and "备份" not in done.message:
            row.wrong(f"{where}: nothing is said of the good backups: {done.message}")
    # The pages no record stands on are not read for a backup.
    assert refused > row.rounds / 2
