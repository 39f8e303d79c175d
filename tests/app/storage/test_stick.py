"""The copy on the stick: proved, encrypted by default, nothing restricted for the town, never over an older one."""

import errno
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault, UserError
from app.core.paths import private_folder
from app.core.progress import no_progress
from app.storage.classification import RESTRICTED_TABLES
from app.storage.copy import verify_file
from app.storage.drives import Drive
from app.storage.manifest import manifest_path, read_manifest
from app.storage.medium import DISK, Disk
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.snapshot import take_snapshot
from app.storage.stick import NOTE, READY, copy_to_stick, stick_needs
from app.storage.stick_names import list_copies, older_copies, remove_copies
from app.storage.store import Store
from app.storage.withheld import without_restricted
from tests.app.storage.ledgers import DETENTION, ID_NUMBERS, NAMES, PARKED, fill, names

PASSPHRASE = "青石坪的桥2026"


@pytest.fixture
def ledger(store) -> Store:
    fill(store)
    return store


@pytest.fixture
def stick(tmp_path) -> Path:
    folder = tmp_path / "KINGSTON 优盘"
    folder.mkdir()
    return folder


@pytest.fixture
def book(tmp_path) -> Path:
    path = tmp_path / "台账"
    path.write_bytes(b"PK" + os.urandom(9000))
    return path


def put(ledger, stick, clock, **options):
    options = {"audience": "town", "passphrase": PASSPHRASE, **options}
    if options["passphrase"] is None:
        options.setdefault("plain_reason", "镇办电脑打不开压缩包")
    return copy_to_stick(ledger, stick, clock=clock, **options)


def unpacked(path: Path, folder: Path, reader) -> Path:
    subprocess.run(
        [reader("7z"), "x", f"-p{PASSPHRASE}", f"-o{folder}", str(path)], capture_output=True, check=True
    )
    return folder


def test_one_encrypted_file_with_the_ledger_and_the_book(ledger, stick, clock, book, tmp_path, reader):
    said = []
    result = put(
        ledger,
        stick,
        clock,
        extra_files={"留守儿童台账.xlsx": book},
        progress=lambda done, total, words="": said.append(words),
    )

    assert result.path.name == "守望_3152230101_报镇_20261121_090000.7z"
    assert sorted(path.name for path in stick.iterdir()) == sorted(
        [result.path.name, manifest_path(result.path).name, "说明.txt"]
    )
    assert result.files == ("守望.db", "留守儿童台账.xlsx", "校验单.json")
    assert (result.encrypted, result.plain_reason, result.facts.children) == (True, None, 4)
    folder = unpacked(result.path, tmp_path / "出", reader)
    assert (folder / "留守儿童台账.xlsx").read_bytes() == book.read_bytes()
    with Store.open(folder / "守望.db", clock=clock, read_only=True) as opened:
        assert names(opened) == list(NAMES)
    inner = json.loads((folder / "校验单.json").read_text(encoding="utf-8"))
    assert [file["name"] for file in inner["files"]] == ["守望.db", "留守儿童台账.xlsx"]
    assert said[-1] == result.words[-1] == READY == "现在可以拔出"
    assert READY not in said[:-1]
    assert result.words[0].startswith("已拷好，读回核对一致：4 名儿童")


def test_nothing_on_the_stick_names_anybody(ledger, stick, clock, book):
    put(ledger, stick, clock, extra_files={"留守儿童台账.xlsx": book})
    for path in stick.iterdir():
        content = path.read_bytes() + path.name.encode()
        for text in (*NAMES, *ID_NUMBERS, "青石坪", DETENTION):
            assert text.encode() not in content


@pytest.mark.parametrize("audience", ["self", "town"])
def test_a_copy_is_verified_with_its_passphrase_only(audience, ledger, stick, clock, book):
    result = put(ledger, stick, clock, audience=audience, extra_files={"留守儿童台账.xlsx": book})

    found = verify_file(result.path, passphrase=PASSPHRASE)
    assert (found.state, found.ok, found.children, found.commit_no, found.schema) == (
        "ok",
        True,
        4,
        1,
        SCHEMA_VERSION,
    )
    assert (found.made_at, found.last_entry) == ("2026-11-21T09:00:00", "2026-11-21T09:00:00")
    assert found.manifest.kind == audience
    assert found.files == result.files
    assert found.message == "核对过，是好的：4 名儿童，最近一条 2026-11-21 09:00。"
    with pytest.raises(UserError) as caught:
        verify_file(result.path)
    assert caught.value.key == "container.passphrase_needed"
    with pytest.raises(UserError) as caught:
        verify_file(result.path, passphrase="猜的")
    assert caught.value.key == "container.wrong_passphrase"


def test_the_town_gets_nothing_restricted(ledger, stick, clock):
    with ledger.action("删掉一条", kind="test"):
        ledger.db.execute_sql("UPDATE unsupported_ground SET evidence = '旧的依据也不能带走的一句话'")
    removed = [uuid for table in RESTRICTED_TABLES for (uuid,) in ledger.rows(f"SELECT uuid FROM {table}")]
    assert len(removed) == 3

    result = put(ledger, stick, clock, passphrase=None)

    raw = result.path.read_bytes()
    for text in (DETENTION, PARKED, "旧的依据也不能带走的一句话", *removed):
        assert text.encode() not in raw, text
    assert NAMES[0].encode() in raw
    with Store.open(result.path, clock=clock, read_only=True) as opened:
        assert opened.meta("made_for") == "town"
        assert opened.rows(
            "SELECT count(*) FROM change WHERE table_name IN ('unsupported_ground', 'parked_row')"
        ) == [(0,)]
        assert opened.rows("SELECT count(*) FROM change WHERE table_name = 'child'") == [(4,)]
        assert opened.rows("SELECT words FROM action WHERE id = 2") == [("（这一步的内容留在学校）",)]
        # Nothing else was lost, and the guards of the tables are all back.
        assert opened.rows("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'") == ledger.rows(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
        )
    assert (result.counts["child"], result.counts["unsupported_ground"]) == (4, 0)
    assert verify_file(result.path).state == "ok"
    # The school's own ledger is as it was.
    assert ledger.rows("SELECT count(*) FROM unsupported_ground") == [(1,)]
    assert ledger.meta("made_for") is None


def test_the_schools_own_copy_is_whole(ledger, stick, clock):
    result = put(ledger, stick, clock, audience="self", passphrase=None)
    raw = result.path.read_bytes()
    assert DETENTION.encode() in raw
    assert PARKED.encode() in raw
    assert "自存" in result.path.name
    assert result.facts.made_for is None


def test_a_restricted_word_that_stays_behind_stops_the_copy(ledger, stick, clock):
    # As if a later table kept a restricted row's name where nobody took it out.
    with ledger.action("留下痕迹", kind="test"):
        uuid = ledger.one("SELECT uuid FROM unsupported_ground")[0]
        ledger.db.execute_sql("UPDATE child SET note = ? WHERE id = 1", (f"见 {uuid}",))
    with pytest.raises(EnvironmentFault) as caught:
        put(ledger, stick, clock)
    assert caught.value.key == "copy.restricted_left"
    assert list(stick.iterdir()) == []
    # A remark typed twice, once where it may go along, is no leak.
    with ledger.action("痕迹改成一句话", kind="test"):
        ledger.db.execute_sql("UPDATE child SET note = ? WHERE id = 1", (DETENTION,))
        ledger.db.execute_sql("UPDATE action SET words = 'x'")
    ledger.db.execute_sql("DELETE FROM change WHERE table_name = 'child'")
    assert put(ledger, stick, clock).path.exists()


def test_plain_needs_a_reason_and_encrypted_a_passphrase(ledger, stick, clock):
    for options, key in (
        ({"passphrase": None, "plain_reason": None}, "copy.passphrase_needed"),
        ({"passphrase": "", "plain_reason": None}, "copy.passphrase_needed"),
        ({"passphrase": None, "plain_reason": "  "}, "copy.reason_needed"),
    ):
        with pytest.raises(UserError) as caught:
            put(ledger, stick, clock, **options)
        assert caught.value.key == key
    assert list(stick.iterdir()) == []


def test_a_plain_copy_lies_beside_the_book(ledger, stick, clock, book):
    result = put(ledger, stick, clock, passphrase=None, extra_files={"留守儿童台账.xlsx": book})
    assert result.plain_reason == "镇办电脑打不开压缩包"
    assert [(stick / name).is_file() for name in result.files] == [True, True]
    assert (stick / result.files[1]).read_bytes() == book.read_bytes()
    assert "镇办电脑" not in manifest_path(result.path).read_text(encoding="utf-8")


def test_older_copies_stay_and_are_offered_beyond_five(ledger, stick, clock, book):
    (stick / "守望_另一所学校_报镇_20260101_080000.7z").write_bytes(b"x")
    (stick / "我的照片.jpg").write_bytes(b"x")
    made = []
    for _ in range(7):
        made.append(put(ledger, stick, clock, passphrase=None, extra_files={"台账.xlsx": book}))
        clock.advance(days=1)
    contents = {path: path.read_bytes() for path in stick.iterdir()}
    same = FixedClock(datetime(2026, 11, 27, 9))
    newest = put(ledger, stick, same, passphrase=None, extra_files={"台账.xlsx": book})

    assert newest.path.name.endswith("_20261127_090000_2.db")
    assert all(path.read_bytes() == content for path, content in contents.items())
    assert [copy.path for copy in newest.older] == [result.path for result in (made[2], made[1], made[0])]
    assert len(list_copies(stick)) == 9

    remove_copies(newest.older)
    assert older_copies(newest.path) == []
    left = {path.name for path in stick.iterdir()}
    assert not [name for name in left if "_20261121_" in name or "_20261123_" in name]
    assert {"我的照片.jpg", "守望_另一所学校_报镇_20260101_080000.7z", newest.path.name, "说明.txt"} <= left
    assert all(verify_file(copy.path).ok for copy in list_copies(stick) if copy.label != "另一所学校")


def test_the_note_names_nobody_and_covers_nobodys_file(ledger, stick, clock):
    (stick / "说明.txt").write_text("这是别的说明", encoding="utf-8")
    result = put(ledger, stick, clock, passphrase=None)
    assert (stick / "说明.txt").read_text(encoding="utf-8") == "这是别的说明"
    assert result.note.name == "说明_20261121_090000.txt"
    assert result.note.read_bytes() == NOTE
    (stick / "说明.txt").unlink()
    first = put(ledger, stick, clock, passphrase=None)
    again = put(ledger, stick, clock, passphrase=None)
    assert first.note == again.note == stick / "说明.txt"


def test_sizes_are_told_before_the_start(ledger, stick, clock, book):
    needs = stick_needs(ledger, stick, extra_files={"台账.xlsx": book})
    result = put(ledger, stick, clock, extra_files={"台账.xlsx": book})
    assert needs.fits
    assert result.size < needs.needed
    assert needs.words_of("优盘").startswith("最多要 ")


class Sticks:
    def __init__(self, path: Path, **facts) -> None:
        self._drives = [Drive(path, "KINGSTON", 10**9, 10**9, facts.pop("read_only", False), **facts)]

    def drives(self):
        return self._drives


def test_a_locked_stick_is_named_before_anything_is_done(ledger, stick, clock):
    with pytest.raises(EnvironmentFault) as caught:
        put(ledger, stick, clock, probe=Sticks(stick, read_only=True))
    assert caught.value.key == "stick.write_protected"
    assert "优盘侧面的小开关" in str(caught.value)


def test_a_file_too_large_for_fat32_is_refused(ledger, stick, clock, monkeypatch):
    monkeypatch.setattr("app.storage.drives.FAT32_LARGEST_FILE", 1000)
    with pytest.raises(EnvironmentFault) as caught:
        put(ledger, stick, clock, probe=Sticks(stick, file_system="vfat"))
    assert caught.value.key == "copy.too_large"
    assert list(stick.iterdir()) == []


def test_a_stick_that_is_not_there(ledger, tmp_path, clock):
    with pytest.raises(EnvironmentFault) as caught:
        put(ledger, tmp_path / "没有插", clock)
    assert caught.value.key == "stick.no_folder"


@pytest.mark.parametrize("encrypted", [True, False])
def test_any_failing_call_takes_all_of_the_copy_back(
    encrypted, ledger, stick, clock, book, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))

    class Failing(Disk):
        def __init__(self, left: int) -> None:
            self.left = left

        def __getattribute__(self, name):
            if name in {"create", "write", "fsync", "drop_cache", "blocks", "rename", "fsync_folder"}:
                self.left -= 1
                if self.left < 0:
                    raise OSError(errno.EIO, "EIO")
            return super().__getattribute__(name)

    options = {"passphrase": PASSPHRASE if encrypted else None, "extra_files": {"台账.xlsx": book}}
    # Packing takes a second in its key derivation: the encrypted case looks at the last steps only.
    for left in (14, 18) if encrypted else range(0, 28, 3):
        with pytest.raises(EnvironmentFault) as caught:
            put(ledger, stick, clock, disk=Failing(left), **options)
        assert caught.value.key in {"stick.gone", "copy.io_error"}
        assert list(stick.iterdir()) == [], left
    assert list(private_folder().iterdir()) == []


def test_a_leftover_of_a_pulled_stick_is_cleared_and_strangers_stay(ledger, stick, clock):
    (stick / "守望_3152230101_报镇_20261001_080000.7z.part").write_bytes(b"half")
    (stick / "守望_3152230101_报镇_20261001_080000.7z.校验单.json").write_bytes(b"of what never got its name")
    (stick / "论文.part").write_bytes(b"hers")
    put(ledger, stick, clock, passphrase=None)
    assert (stick / "论文.part").exists()
    assert not list(stick.glob("守望*.part"))
    assert not list(stick.glob("守望*20261001*"))


@pytest.mark.parametrize("change", ["flip", "cut", "manifest", "inner"])
def test_a_copy_changed_on_the_way_does_not_fit_its_slip(change, ledger, stick, clock, tmp_path):
    result = put(ledger, stick, clock, passphrase=None)
    content = bytearray(result.path.read_bytes())
    if change == "flip":
        at = content.index(NAMES[0].encode())
        content[at + 2] ^= 1
        result.path.write_bytes(content)
    elif change == "cut":
        result.path.write_bytes(content[:-1])
    elif change == "manifest":
        slip = manifest_path(result.path)
        slip.write_text(
            slip.read_text(encoding="utf-8").replace('"child": 4', '"child": 5'), encoding="utf-8"
        )
    else:
        moved = tmp_path / result.path.name
        shutil.copy(result.path, moved)
        shutil.copy(manifest_path(result.path), tmp_path)
        with moved.open("r+b") as file:
            file.seek(70)
            file.write(b"\xff")
        result = type(result)(**{**{f: getattr(result, f) for f in result.__struct_fields__}, "path": moved})
    found = verify_file(result.path)
    assert (found.state, found.ok) == ("corrupt", False)
    assert "与校验单不符" in found.message


@pytest.mark.parametrize(
    ("content", "state"),
    [(None, "missing"), (b"", "empty"), (b"x" * 900, "not-ours"), (b"7z\xbc\xaf\x27\x1c", "corrupt")],
)
def test_other_files_are_told_apart(content, state, tmp_path):
    path = tmp_path / "守望_x_报镇_20261121_090000.db"
    if content is not None:
        path.write_bytes(content)
    found = verify_file(path, passphrase="x")
    assert (found.state, found.ok) == (state, False)
    assert found.message


def test_looking_at_a_copy_does_not_change_it(ledger, stick, clock):
    result = put(ledger, stick, clock, passphrase=None)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in stick.iterdir()}
    verify_file(result.path)
    with Store.open(result.path, clock=clock, read_only=True) as opened:
        opened.rows("SELECT * FROM child")
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in stick.iterdir()} == before


def test_the_manifest_outside_tells_no_reason(ledger, stick, clock):
    assert read_manifest(put(ledger, stick, clock, passphrase=None).path).reason == ""


# ------------------------------------------------------------------------------------------------ real media

_COPY = """
import sys
from datetime import datetime
from pathlib import Path
from app.core.clock import FixedClock
from app.core.errors import ShouwangError
from app.storage.stick import copy_to_stick
from app.storage.store import Store
from app.storage.withheld import without_restricted
clock = FixedClock(datetime(2026, 11, 21, 9))
try:
    with Store.open(Path(sys.argv[1]), clock=clock) as store:
        print(copy_to_stick(store, Path(sys.argv[2]), audience="self", plain_reason="试验", clock=clock).words[-1])
except ShouwangError as fault:
    print(fault.key)
"""


def copy_elsewhere(ledger: Path, stick: Path, *before: str) -> str:
    done = subprocess.run(
        [*before, sys.executable, "-c", _COPY, str(ledger), str(stick)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[3],
    )
    return done.stdout.strip() or done.stderr


@pytest.fixture
def mounted(tmp_path):
    """Return a function that mounts a small file system and gives its folder; unmounts its own in the end."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("a real small file system needs root and mount")
    places = []

    def mount(*arguments: str) -> Path:
        place = tmp_path / f"挂载{len(places)}"
        place.mkdir()
        done = subprocess.run(["mount", *arguments, str(place)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"mount is not allowed here: {done.stderr.strip()}")
        places.append(place)
        return place

    yield mount
    for place in places:
        subprocess.run(["umount", "-l", str(place)], check=True)
    assert str(tmp_path) not in Path("/proc/mounts").read_text(encoding="utf-8")


def test_the_computer_is_full_while_what_stays_is_taken_out(ledger, clock, mounted):
    class Liar(Disk):
        """Says there is room: another program takes it meanwhile."""

        def free(self, folder):
            return 10**12

    for disk, key in ((DISK, "copy.no_space"), (Liar(), "copy.became_full")):
        room = mounted("-t", "tmpfs", "-o", "size=3m", "none")
        snapshot = take_snapshot(ledger, room, day="2026-11-21", progress=no_progress)
        free = 3 * 2**20 - snapshot.size
        (room / "other").write_bytes(bytes(free - 16384))
        with pytest.raises(EnvironmentFault) as caught:
            without_restricted(snapshot, day="2026-11-21", disk=disk)
        assert caught.value.key == key, disk


def test_real_file_systems(ledger, ledger_path, clock, mounted, tmp_path):
    roomy = mounted("-t", "tmpfs", "-o", "size=20m", "none")
    assert put(ledger, roomy, clock, passphrase=None).words[-1] == READY

    full = mounted("-t", "tmpfs", "-o", "size=600k", "none")
    with pytest.raises(EnvironmentFault) as caught:
        put(ledger, full, clock, passphrase=None)
    assert caught.value.key == "copy.no_space"
    assert list(full.iterdir()) == []

    class Liar(Disk):
        """Says there is room: the stick was filled by another program midway."""

        def free(self, folder):
            return 10**12

    with pytest.raises(EnvironmentFault) as caught:
        put(ledger, full, clock, passphrase=None, disk=Liar())
    assert caught.value.key == "copy.became_full"
    assert list(full.iterdir()) == []

    locked = mounted("-t", "tmpfs", "-o", "ro", "none")
    for probe in (None, Sticks(tmp_path)):  # seen beforehand, and not
        with pytest.raises(EnvironmentFault) as caught:
            put(ledger, locked, clock, passphrase=None, probe=probe)
        assert caught.value.key == "stick.write_protected"


def test_a_medium_that_rots_under_a_good_file_is_noticed(ledger, ledger_path, clock, mounted, tmp_path):
    """Memory still holds the good bytes: only dropping it shows what the medium has."""
    mkfs = shutil.which("mkfs.ext4", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if mkfs is None:
        pytest.skip("a file system to spoil needs mkfs.ext4 (Debian package e2fsprogs)")
    image = tmp_path / "stick.img"
    with image.open("wb") as file:
        file.truncate(16 * 1024**2)
    subprocess.run([mkfs, "-q", "-F", "-O", "^has_journal", str(image)], check=True)
    flash = mounted("-o", "loop", str(image))

    class Rotting(Disk):
        forgets = True

        def fsync(self, file):
            super().fsync(file)
            raw = image.read_bytes()
            at = raw.find(NAMES[0].encode())
            if at >= 0:
                with image.open("r+b") as medium:
                    medium.seek(at)
                    medium.write("王".encode())

        def drop_cache(self, path):
            return super().drop_cache(path) if self.forgets else False

    with pytest.raises(EnvironmentFault) as caught:
        put(ledger, flash, clock, passphrase=None, disk=Rotting())
    assert caught.value.key == "copy.readback_differs"
    assert [path.name for path in flash.iterdir()] == ["lost+found"]
    Rotting.forgets = False
    believed = put(ledger, flash, clock, passphrase=None, disk=Rotting())
    # Without forgetting, the rot would go unseen: that is why the words then ask to plug in again and check.
    assert not believed.from_disk
    assert "请拔下再插上" in believed.words[1]
    Disk().drop_cache(believed.path)
    assert verify_file(believed.path).state == "corrupt"


def test_real_errors_of_system_calls(ledger, ledger_path, stick):
    """Let the kernel's own answer be an error, for the stick's file only."""
    strace = shutil.which("strace")
    probe = [strace or "", "-o", "/dev/null", "true"]
    if not strace or subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs strace and the right to trace")
    ledger.close()
    part = stick / "守望_3152230101_自存_20261121_090000.db.part"
    for call, error, key in (
        ("write", "EIO", "stick.gone"),
        ("write", "ENOSPC", "copy.became_full"),
        ("fsync", "EIO", "stick.gone"),
        ("rename", "ENODEV", "stick.gone"),
    ):
        inject = f"inject={call}:error={error}:when=1"
        said = copy_elsewhere(
            ledger_path,
            stick,
            strace,
            "-f",
            "-o",
            "/dev/null",
            "-P",
            str(part),
            "-e",
            f"trace={call}",
            "-e",
            inject,
        )
        assert said == key, call
        assert list(stick.iterdir()) == []
