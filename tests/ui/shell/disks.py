"""A disk of its own, and another program that holds a file: what the tests of the shell do to the machine."""

import os
import subprocess
import sys
from contextlib import contextmanager, suppress

import pytest


@contextmanager
def disk(place, *options):
    """A small disk of its own, from root only; gone after the block."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root mounts a disk")
    place.mkdir(parents=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", *options, "tmpfs", place], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def fill(filler):
    """Take all the room there is on the disk that holds `filler`."""
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


_WRITER = """
import sys; from pathlib import Path; from app.storage.lock import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def written_by_another(path):
    """Another program of ours that has no window, the command line, writes the ledger."""
    other = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert other.stdout.readline() == b"held\n"
        yield
    finally:
        other.communicate()


_LOCKER = """
import sys; from sqlcipher3 import dbapi2
connection = dbapi2.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_by_another(path):
    """Another program has the whole file in hand; `let_go()` ends that."""
    other = subprocess.Popen(
        [sys.executable, "-c", _LOCKER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout.readline() == b"locked\n"

    def let_go():
        if not other.stdin.closed:
            other.stdin.close()
            other.wait()

    try:
        yield let_go
    finally:
        let_go()
        other.stdout.close()
