from __future__ import annotations

import errno
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.errors import EnvironmentFault
from app.core.files import (
    atomic_write,
    free_name,
    gone_unless_done,
    patiently,
    remove_unfinished,
    sha256_of,
    unfinished,
)
from app.core.messages import fault
from app.core.paths import private_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_there_whole(tmp_path):
    target = tmp_path / "台账 #1.xlsx"
    with atomic_write(target) as file:
        file.write(b"one")
        assert not target.exists()
    assert target.read_bytes() == b"one"
    with atomic_write(target) as file:
        file.write(b"two")
        assert target.read_bytes() == b"one"
    assert target.read_bytes() == b"two"
    assert names(tmp_path) == [target.name]
    assert sha256_of(target) == hashlib.sha256(b"two").hexdigest()


@pytest.mark.parametrize("error", [RuntimeError("x"), KeyboardInterrupt(), OSError(2, "other", "/elsewhere")])
def test_an_error_of_the_writer_leaves_the_old_file_and_passes_through(tmp_path, error):
    target = tmp_path / "x"
    target.write_bytes(b"old")
    with pytest.raises(type(error)) as raised, atomic_write(target) as file:
        file.write(b"half")
        raise error
    assert raised.value is error
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["x"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_said_in_words(tmp_path):
    # The .part is a link to the device that is always full.
    target = tmp_path / "书.pdf"
    (tmp_path / "书.pdf.part").symlink_to("/dev/full")
    with pytest.raises(EnvironmentFault) as raised, atomic_write(target) as file:
        file.write(b"x" * 100_000)
    assert raised.value.key == "file.full"
    assert "书.pdf" in str(raised.value)
    assert names(tmp_path) == []


def test_a_missing_folder_is_said_in_words(tmp_path):
    with pytest.raises(EnvironmentFault) as raised, atomic_write(tmp_path / "no" / "x"):
        pass
    assert raised.value.key == "file.no_folder"


@pytest.fixture
def private(tmp_path, monkeypatch):
    """The private folder of a user of its own, also for programs that are started."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "home"))
    private_folder().mkdir(parents=True)
    return private_folder()


def notes() -> list[Path]:
    return list(private_folder().glob("unfinished_*"))


def left_half_done(part: Path) -> None:
    """Let a program begin to write a file and be gone in the middle of it."""
    program = (
        "import os, sys; from pathlib import Path; from app.core.files import unfinished\n"
        "with unfinished(Path(sys.argv[1])): Path(sys.argv[1]).write_bytes(b'half'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", program, part], check=False).returncode == 9


def test_half_a_file_goes_at_the_next_start_wherever_it_lies(tmp_path, private):
    part = tmp_path / "桌面" / "台账.xlsx.part"
    part.parent.mkdir()
    left_half_done(part)
    assert part.exists()
    remove_unfinished(private)
    assert not part.exists()
    assert notes() == []


def test_half_a_file_on_a_stick_goes_when_the_stick_is_back(tmp_path, private):
    part, away = tmp_path / "stick" / "x.db.part", tmp_path / "away"
    part.parent.mkdir()
    left_half_done(part)
    part.parent.rename(away)
    remove_unfinished(private)
    assert len(notes()) == 1
    away.rename(part.parent)
    remove_unfinished(private)
    assert not part.exists()
    assert notes() == []


def test_what_is_being_written_now_stays(tmp_path, private):
    part = tmp_path / "x.pdf.part"
    with unfinished(part):
        part.write_bytes(b"half")
        remove_unfinished(private)
        assert part.exists()
        part.rename(tmp_path / "x.pdf")
    assert notes() == []


def test_only_half_files_are_taken_away_by_their_notes(tmp_path, private):
    kept, stem = tmp_path / "花名册.xlsx", f"unfinished_{2**22 + 5}_"
    kept.write_bytes(b"hers")
    (private / f"{stem}a").write_text(str(kept), encoding="utf-8")
    (private / f"{stem}b").write_bytes(b"")
    (private / f"{stem}c").write_bytes(b"\xff\xfe")
    remove_unfinished(private)
    assert kept.exists()
    assert notes() == []


def test_a_file_that_is_looked_into_for_a_moment_is_renamed_all_the_same():
    looked_into = [PermissionError(13, "sharing violation")] * 2
    tries = []

    def rename():
        tries.append(len(tries))
        if looked_into:
            raise looked_into.pop()

    patiently(rename, waits=(0, 0, 0))
    assert len(tries) == 3
    looked_into[:] = [PermissionError(13, "sharing violation")] * 9
    with pytest.raises(PermissionError):
        patiently(rename, waits=(0, 0, 0))
    assert len(tries) == 3 + 4


def test_the_next_name_is_one_nobody_has(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"")
    assert free_name(path).name == "台账_2.xlsx"
    (tmp_path / "台账_2.xlsx").mkdir()
    assert free_name(path).name == "台账_3.xlsx"


def test_a_document_that_could_not_be_logged_does_not_stay(tmp_path):
    made = tmp_path / "名册.xlsx"
    made.write_bytes(b"PK")
    with pytest.raises(EnvironmentFault) as told, gone_unless_done(made):
        raise fault("storage.full")
    assert (told.value.key, made.exists()) == ("storage.full", False)


def test_a_document_that_stays_though_it_should_have_gone_is_told_of(tmp_path, monkeypatch):
    """Security software may hold it, or the disk be gone: whole numbers would lie there, and nobody know."""
    made = tmp_path / "名册.xlsx"
    made.write_bytes(b"PK")

    def held(_path, **_how):
        raise PermissionError(errno.EACCES, "held")

    monkeypatch.setattr(Path, "unlink", held)
    with pytest.raises(EnvironmentFault) as told, gone_unless_done(made):
        raise fault("storage.full")
    assert (told.value.key, told.value.code) == ("file.not_taken_back", "EACCES")
    assert told.value.what.startswith(fault("storage.full").what)
    assert "「名册.xlsx」" in told.value.todo
