"""Small, full, write-protected and rotting disks, mounted for one test and surely gone after it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CANNOT = "cannot be injected here: "


def needs(program: str) -> str:
    """Return where a program is; skip the test by its name where it is not."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{CANNOT}{program} is not installed")
    return found


def needs_root() -> None:
    """Skip the test where only root could do what it does."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip(f"{CANNOT}only root mounts disks and changes users")


class Mounts:
    """Disks mounted under one folder; ``gone`` takes away what is still there, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: list[Path] = []

    def tmpfs(self, size: str, *, name: str = "disk", read_only: bool = False) -> Path:
        """Mount an empty disk of this size (``600k``, ``3m``); FULL and QUOTA are written against its end."""
        return self.mount(name, "-t", "tmpfs", "-o", f"size={size}{',ro' if read_only else ''}", "none")

    def image(self, megabytes: int, *, name: str = "flash") -> tuple[Path, Path]:
        """Mount an ext4 stick and return its folder and the file that is its flash underneath."""
        maker = needs("mkfs.ext4")
        flash = self.folder / f"{name}.img"
        with flash.open("wb") as file:
            file.truncate(megabytes * 1024 * 1024)
        subprocess.run([maker, "-q", "-F", "-b", "4096", flash], check=True, capture_output=True)
        return self.mount(name, "-o", "loop", str(flash)), flash

    def mount(self, name: str, *arguments: str) -> Path:
        """Mount something under a name; skip the test where the system does not let us."""
        needs_root()
        place = self.folder / name
        place.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [needs("mount"), *arguments, str(place)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"{CANNOT}mount is not allowed ({done.stderr.strip()})")
        self.places.append(place)
        return place

    def protect(self, place: Path) -> None:
        """Push the write-protect switch of a mounted disk."""
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True, capture_output=True)

    def unprotect(self, place: Path) -> None:
        """Push it back."""
        subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True, capture_output=True)

    def pull(self, place: Path) -> None:
        """Pull a disk out while somebody may still hold files on it."""
        subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)
        self.places.remove(place)

    def gone(self) -> None:
        """Unmount what this test mounted, the loop devices with it, and see that nothing is left."""
        for place in reversed(self.places):
            subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)
        self.places.clear()
        left = [mount for mount in mounted() if mount.is_relative_to(self.folder)]
        if left:
            raise RuntimeError(f"a test left disks mounted: {left}")


def mounted() -> list[Path]:
    """Return where something is mounted now."""
    table = Path("/proc/mounts")
    if not table.exists():
        return []
    places = [line.split(" ")[1] for line in table.read_text(encoding="utf-8").splitlines()]
    # The kernel writes spaces and the like as three octal digits.
    return [Path(re.sub(r"\\(\d{3})", lambda match: chr(int(match[1], 8)), place)) for place in places]


@contextmanager
def mounts_in(folder: Path) -> Iterator[Mounts]:
    """Give mounts under ``folder`` that are gone after the block."""
    made = Mounts(folder)
    try:
        yield made
    finally:
        made.gone()
