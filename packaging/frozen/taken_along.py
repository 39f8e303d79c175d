"""The system's own libraries that PyInstaller takes along on Linux, each with the notice of the Debian package it is from.

Their licences ask that the text goes with the library; the computer the program lands on may be no Debian, or a later one
whose notices tell of other versions. Which package a library is from, dpkg says; a system without dpkg cannot build.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from frozen.elf import opened
from frozen.names import INSIDE, NOTICES, system
from frozen.parts import needed_distributions

TABLE = "系统公共库.txt"
TEXTS = "licences/debian"
COMMON = Path("/usr/share/common-licenses")
"""The texts that Debian's notices only name; they come along too."""

_DOCS = Path("/usr/share/doc")
_NAMED = re.compile(r"/usr/share/common-licenses/([\w.+-]+)")
_PYTHON = re.compile(r"python3\.\d+/|libpython3\.")
_HEAD = """程序文件夹里带着的系统公共库

下面这些库取自做程序的那台 {system}，只去掉了调试信息。每行：库、软件包和版本、源码包和版本、许可全文。
许可里提到的通用许可（GPL、LGPL 等）全文在 {texts}/common。源码：按源码包的名称和版本，在 https://snapshot.debian.org 取得。

"""


@dataclass(frozen=True, slots=True, order=True)
class Library:
    """One library of the system's: its name in our folder, the package it is from, the sources of that."""

    name: str
    package: str
    version: str
    source: str
    source_version: str


def from_the_system(entries: Iterable[tuple[str, str, str]]) -> dict[str, Path]:
    """Return what of PyInstaller's `(name, source, kind)` is neither a distribution's nor Python's own: name → file."""
    ours = [Path(sys.prefix).resolve()]
    python = [Path(sysconfig.get_paths()["stdlib"]).resolve()]
    if sys.base_prefix != "/usr":
        python.append(Path(sys.base_prefix).resolve())
    found = {}
    for name, source, kind in entries:
        path = Path(source)
        if kind == "SYMLINK" or _PYTHON.match(name) or any(path.is_relative_to(one) for one in ours):
            continue
        if not any(path.resolve().is_relative_to(one) for one in (*ours, *python)):
            found[name] = path
    return found


def library(name: str, path: Path) -> Library:
    """Return the package of the library at `path`; LookupError when no package of this system owns it."""
    spelled = {str(path), str(path.resolve())}
    # The lists know a library under /lib or under /usr/lib, however the two hang together here.
    spelled |= {one.removeprefix("/usr") for one in spelled} | {f"/usr{one}" for one in spelled}
    lines = _dpkg("--search", *sorted(spelled))
    owners = [line.partition(": ")[0] for line in lines if ": " in line and not line.startswith("diversion ")]
    if not owners:
        raise LookupError(f"{path} is of no package, so nobody tells its licence")
    form = "${Package}\t${Version}\t${source:Package}\t${source:Version}\n"
    told = _dpkg("--show", f"--showformat={form}", owners[0].partition(",")[0])
    return Library(name, *told[0].split("\t"))


def _dpkg(*words: str) -> list[str]:
    """Return what dpkg's lists say; nothing where they do not know it."""
    program = shutil.which("dpkg-query")
    if program is None:
        raise LookupError("no dpkg here: the licences of the system's libraries are only known on Debian")
    done = subprocess.run([program, *words], capture_output=True, encoding="utf-8", check=False)
    return done.stdout.splitlines()


def write(entries: Iterable[tuple[str, str, str]], place: Path) -> list[tuple[str, str, str]]:
    """Write the table and the texts below `place`; return them as PyInstaller wants them, `(name, source, "DATA")`.

    LookupError names a library whose licence nobody carries.
    """
    libraries = sorted(library(name, path) for name, path in from_the_system(entries).items())
    if not libraries:
        return []
    texts = place / TEXTS
    (texts / "common").mkdir(parents=True, exist_ok=True)
    for package in sorted({one.package for one in libraries}):
        notice = _DOCS / package / "copyright"
        if not notice.is_file():
            raise LookupError(f"{package} came without its copyright file")
        shutil.copyfile(notice, texts / f"{package}.txt")
        for common in _named(notice):
            shutil.copyfile(common, texts / "common" / common.name)
    lines = [
        f"{one.name}\t{one.package} {one.version}\t{one.source} {one.source_version}\t{TEXTS}/{one.package}.txt\n"
        for one in libraries
    ]
    head = _HEAD.format(system=system(), texts=TEXTS)
    (place / TABLE).write_text(head + "".join(lines), encoding="utf-8")
    written = [place / TABLE, *sorted(path for path in texts.rglob("*") if path.is_file())]
    return [(f"{NOTICES}/{path.relative_to(place).as_posix()}", str(path), "DATA") for path in written]


def _named(notice: Path) -> Iterator[Path]:
    """Yield the common texts that a notice names; LookupError when one of them is not here."""
    here = sorted(COMMON.iterdir()) if COMMON.is_dir() else []
    for name in sorted(set(_NAMED.findall(notice.read_text(encoding="utf-8", errors="replace")))):
        # A full stop after the name is the sentence's: the longest name that stands there is meant.
        fitting = [path for path in here if name.startswith(path.name)]
        if not fitting:
            raise LookupError(f"{notice} names {name}, which is not in {COMMON}")
        yield max(fitting, key=lambda path: len(path.name))


def noted(folder: Path) -> dict[str, str]:
    """Return what the table of a frozen program says: library → its text, below the folder of the notices."""
    table = folder / INSIDE / NOTICES / TABLE
    if not table.is_file():
        return {}
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()]
    return {row[0]: row[-1] for row in rows if len(row) == 4}


def without_notice(folder: Path) -> list[str]:
    """Return the libraries of a frozen program that are nobody's, or the system's without a text of their licence."""
    inside = folder / INSIDE
    ours = {file.as_posix() for one in needed_distributions().values() for file in one.files or ()}
    texts = noted(folder)
    bare = []
    for path in sorted(inside.rglob("*")):
        name = path.relative_to(inside).as_posix()
        if path.is_symlink() or not path.is_file() or name in ours or _PYTHON.match(name):
            continue
        with opened(path) as elf:
            if elf is None:
                continue
        text = inside / NOTICES / texts[name] if name in texts else None
        if text is None or not text.is_file() or not text.stat().st_size:
            bare.append(name)
    return bare
