"""Which glibc the files of a folder need: the highest GLIBC symbol version over every ELF file in it.

.venv/bin/python packaging/frozen/glibc.py FOLDER
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from frozen.elf import opened

_VERSION = re.compile(r"GLIBC_(\d+(?:\.\d+)+)$")


def needs(path: Path) -> tuple[int, ...]:
    """Return the highest GLIBC version that the file at `path` asks for; () when it is no ELF or asks for none."""
    from elftools.elf.gnuversions import GNUVerNeedSection

    asked: list[str] = []
    with opened(path) as elf:
        for section in elf.iter_sections() if elf is not None else ():
            if isinstance(section, GNUVerNeedSection):
                asked += [one.name for _, versions in section.iter_versions() for one in versions]
    matches = [_VERSION.match(name) for name in asked]
    return max((tuple(int(part) for part in match[1].split(".")) for match in matches if match), default=())


def by_file(folder: Path) -> Iterator[tuple[tuple[int, ...], Path]]:
    """Yield `(version, path)` of every ELF file below `folder` that asks for a GLIBC version."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            version = needs(path)
            if version:
                yield version, path


def spelled(version: tuple[int, ...]) -> str:
    """Return `(2, 36)` as 2.36."""
    return ".".join(str(part) for part in version)


def highest(folder: Path) -> str:
    """Return the highest version over every file of `folder`, "" where none needs glibc (Windows)."""
    return spelled(max((version for version, _ in by_file(folder)), default=()))


def main(folder: Path) -> int:
    """Print the highest version and the files that need it."""
    found = list(by_file(folder))
    most = max((version for version, _ in found), default=())
    print(f"glibc {spelled(most)}" if most else "no file needs glibc")
    for version, path in found:
        if version == most:
            print(f"  {path.relative_to(folder)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
