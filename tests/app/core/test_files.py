from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from app.core.errors import EnvironmentFault
from app.core.files import atomic_write, sha256_of


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
