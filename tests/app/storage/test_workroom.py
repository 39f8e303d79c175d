"""The private rooms: what is taken there is given back."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread

import pytest
from filelock import FileLock

from app.storage import workroom as rooms_of
from app.storage.workroom import workroom


def held_in(folder):
    """Return the files of a folder that this process has open."""
    open_here = set()
    for number in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            open_here.add(number.readlink())
    return {path.name for path in open_here if path.is_relative_to(folder)}


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_room_is_given_back_on_whatever_thread(tmp_path, monkeypatch):
    locks = []  # a lock that nobody knows any more lets go by itself, but after its file was to be removed
    monkeypatch.setattr(rooms_of, "FileLock", lambda *a, **k: locks.append(FileLock(*a, **k)) or locks[-1])
    folder = tmp_path.resolve()
    rooms = ExitStack()
    room = rooms.enter_context(workroom(folder))
    (room / "paper.pdf").write_bytes(b"%PDF")
    assert held_in(folder) == {f"{room.name}.lock"}
    back = Thread(target=rooms.close)
    back.start()
    back.join()
    assert list(folder.iterdir()) == []
    assert held_in(folder) == set(), "Windows removes no lock that is held"
