#!/usr/bin/env python3
"""Try the frozen program as a teacher's computer would have it: no Python, new home, Chinese path, nothing writable.

    python3 packaging/smoke_test.py [FOLDER] [--report OUT.json] [--quick] [--glibc 2.31]

FOLDER holds the two programs (build/dist/…, or where it was installed). A copy of it is tried; FOLDER itself is only read.
Each line is one check; the exit code is 1 when one failed. `--quick` leaves out the second locale, the X screen and the
second start. As root the programs run as nobody.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import dev
from frozen import elf, glibc, names, taken_along, window_job
from frozen.console_job import ConsoleJob
from frozen.from_the_system import GLIBC, PACKAGE_OF
from frozen.trial import NONE, NotSo, Trial, listing, trial

README = names.ROOT / "README.md"


class Findings:
    """One line per check on the screen, and all of them for the report."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    @property
    def ok(self) -> bool:
        """Tell whether something was checked and nothing failed."""
        return bool(self.lines) and all(line["ok"] for line in self.lines)

    def check(self, name: str, work: Callable[[], object]) -> bool:
        """Do one check; return whether it went well."""
        begun = time.monotonic()
        try:
            found: object = work()
        except NotSo as why:
            self.add(name, ok=False, found=str(why), seconds=time.monotonic() - begun)
            return False
        self.add(name, ok=True, found=found, seconds=time.monotonic() - begun)
        return True

    def add(self, name: str, *, ok: bool, found: object, seconds: float = 0.0) -> None:
        """Say and keep what a check has found."""
        self.lines.append({"check": name, "ok": ok, "found": found, "seconds": round(seconds, 1)})
        words = "" if found in (None, "") else f"  {json.dumps(found, ensure_ascii=False)[:200]}"
        print(f"{'ok    ' if ok else 'FAILED'} {name}{words}", flush=True)


# --------------------------------------------------------------------------------------------- what lies there


def whole(folder: Path) -> object:
    """Every file that the build noted is there, byte for byte; a folder that was carried elsewhere has no note."""
    note = folder.with_name(folder.name + ".made.json")
    if not note.is_file():
        return "no note of the build beside it"
    noted: dict[str, str] = json.loads(note.read_text(encoding="utf-8"))["files"]
    there = listing(folder)
    wrong = [name for name in noted if there.get(name) != noted[name]]
    if wrong:
        raise NotSo(f"missing or changed: {', '.join(wrong[:5])}")
    return {"files": len(there)}


def resources(folder: Path) -> object:
    """Every resource of the checkout came along."""
    from frozen import parts

    inside = folder / names.INSIDE
    found = [Path(source).relative_to(names.ROOT) for source, _ in parts.resources()]
    missing = [path.as_posix() for path in found if not (inside / path).is_file()]
    if missing:
        raise NotSo(f"missing: {', '.join(missing[:5])}")
    return {"files": len(found)}


def modules(folder: Path) -> object:
    """Every module of the program is in the archive of each program that needs it."""
    from PyInstaller.archive.readers import CArchiveReader

    told = {}
    for name, rooms in ((names.WINDOW, ("app", "ui")), (names.CONSOLE, ("app",))):
        archive = CArchiveReader(str(folder / f"{name}{names.SUFFIX}"))
        packed = set(archive.open_embedded_archive("PYZ.pyz").toc)
        wanted = {_module(path) for room in rooms for path in (names.ROOT / room).rglob("*.py")}
        if wanted - packed:
            raise NotSo(f"{name} lacks {', '.join(sorted(wanted - packed)[:5])}")
        told[name] = len(wanted)
    return told


def _module(path: Path) -> str:
    parts = path.relative_to(names.ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def notices(folder: Path) -> object:
    """The notices that the licences ask for came along, the LGPL's text and those of the system's libraries among them."""
    place = folder / names.INSIDE / names.NOTICES
    wanted = ("第三方声明.txt", "LICENSE.txt", "换用Qt库.txt", "texts/LGPL-3.0.txt", "texts/GPL-3.0.txt")
    missing = [name for name in wanted if not (place / name).is_file()]
    if missing:
        raise NotSo(f"missing: {', '.join(missing)}")
    bare = [] if sys.platform == "win32" else taken_along.without_notice(folder)
    if bare:
        raise NotSo(f"no licence text of: {', '.join(bare[:5])}")
    return {"licences": sum(1 for path in (place / "licences").rglob("*") if path.is_file())}


def needs_glibc(folder: Path, most: str | None) -> object:
    """No file needs a newer glibc than README states for the system it was built on."""
    found = list(glibc.by_file(folder))
    if not found:
        return "no file needs glibc"
    highest, _ = max(found)
    stated = most or _stated(folder)
    if highest > tuple(int(part) for part in stated.split(".")):
        needy = [path.relative_to(folder).as_posix() for version, path in found if version == highest]
        raise NotSo(f"needs glibc {glibc.spelled(highest)}, stated is {stated}: {', '.join(needy[:5])}")
    return {"glibc": glibc.spelled(highest), "stated": stated}


def complete(folder: Path) -> object:
    """Every library that a file of the folder asks for came along, except what is the system's."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    there = {path.name for path in files} | GLIBC | PACKAGE_OF.keys()
    asked = {(name, path.name) for path in files if not path.is_symlink() for name in elf.needed(path)}
    missing = sorted(f"{name} for {by}" for name, by in asked if name not in there)
    if missing:
        raise NotSo(f"missing: {', '.join(missing[:5])}")
    return {"asked for": len({name for name, _ in asked})}


def _stated(folder: Path) -> str:
    """Return the number that README states for a build made on this folder's system."""
    system = json.loads((folder / names.INSIDE / names.BUILD_FILE).read_text(encoding="utf-8")).get(
        "system", ""
    )
    found = re.search(re.escape(system) + r"[^.]{0,40}?glibc (\d+\.\d+)", README.read_text(encoding="utf-8"))
    if not system or found is None:
        raise NotSo(f"README states no glibc for a build made on {system or 'an unknown system'}")
    return found[1]


# --------------------------------------------------------------------------------------------- what it does


def try_console(found: Findings, place: Trial, *, quick: bool) -> None:
    """The main job without a window, in an environment of C, then shorter in one of GBK."""
    for name, work in ConsoleJob(place, "命令行").checks():
        if not found.check(f"console: {name}", work):
            return
    if quick or sys.platform == "win32":
        return
    if place.locales is None:
        print("note: no locale of GBK can be made here, not tried in it")
        return
    job = ConsoleJob(place, "命令行 GBK", place.gbk())
    found.check("console in GBK: words", partial(job.words, "gbk"))
    for name, work in job.checks()[:4]:
        if not found.check(f"console in GBK: {name}", work):
            return


def try_window(found: Findings, place: Trial, platform: str, extra: Mapping[str, str] = NONE) -> None:
    """The window's test of itself, line by line."""
    lines: list[dict[str, Any]] = []

    def tested() -> str:
        lines.extend(window_job.self_test(place, platform, extra))
        return window_job.really_on(lines, platform)

    found.check(f"window on {platform}", tested)
    for line in lines[:-1]:
        rest = {key: value for key, value in line.items() if key not in ("check", "ok", "why", "loaded")}
        found.add(f"window on {platform}: {line['check']}", ok=line["ok"], found=line.get("why") or rest)


def try_starts(found: Findings, place: Trial, extra: Mapping[str, str] = NONE) -> None:
    """The window as an icon opens it, and what it has logged meanwhile."""
    found.check("started again", lambda: window_job.starts_again(place, extra))
    found.check("nothing unforeseen in its log", lambda: window_job.nothing_unforeseen(place))


def try_out(folder: Path, found: Findings, *, quick: bool, most: str | None) -> None:
    """Everything, in an order that names what is missing before what it makes fail."""
    found.check("files of the build", lambda: whole(folder))
    found.check("resources", lambda: resources(folder))
    found.check("notices", lambda: notices(folder))
    found.check("modules", lambda: modules(folder))
    if sys.platform != "win32":
        found.check("libraries", lambda: complete(folder))
        found.check("glibc", lambda: needs_glibc(folder, most))
    before = listing(folder)
    with trial(folder) as place:
        try_console(found, place, quick=quick)
        # On Windows Qt's offscreen screen finds no font under a path the code page cannot spell, and nobody has that screen.
        try_window(found, place, "windows" if sys.platform == "win32" else "offscreen")
        if sys.platform != "win32":
            found.check("a home that takes no files", lambda: window_job.takes_a_bad_home(place))
        if sys.platform == "win32" and not quick:
            try_starts(found, place)
        elif not quick:
            with window_job.x_screen() as screen:
                if screen is None:
                    print("note: no Xvfb here, not tried on X11")
                else:
                    try_window(found, place, "xcb", screen)
                    try_starts(found, place, screen)
        found.check(
            "nothing written into the program's folder", lambda: _untouched(before, listing(place.folder))
        )


def _untouched(before: dict[str, str], after: dict[str, str]) -> object:
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if changed:
        raise NotSo(f"changed: {', '.join(changed[:5])}")
    return {"files": len(after)}


def main(words: Sequence[str]) -> int:
    """Try it; return the exit code."""
    dev.let_words_fit()
    parser = argparse.ArgumentParser(description="Try the frozen program where there is nothing.")
    parser.add_argument("folder", type=Path, nargs="?", default=names.DIST / names.folder_name())
    parser.add_argument("--report", type=Path, help="all findings as JSON")
    parser.add_argument("--quick", action="store_true", help="one locale, no X screen, no second start")
    parser.add_argument(
        "--glibc", metavar="2.31", help="the newest glibc it may need, instead of what README states"
    )
    wanted = parser.parse_args(words)
    if Path(sys.prefix).resolve() != dev.VENV.resolve():
        dev.setup()  # the libraries that read ELF files and PyInstaller's archives
        return dev.call([dev.PYTHON, __file__, *words])
    folder = wanted.folder.absolute()
    if not (folder / names.INSIDE).is_dir():
        dev.stop(f"这里没有做好的程序：{folder}", f"no frozen program in {folder}")
    # Stopped from outside, it puts its copy of the program and its screen away as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    found = Findings()
    try_out(folder, found, quick=wanted.quick, most=wanted.glibc)
    if wanted.report:
        wanted.report.write_text(json.dumps(found.lines, ensure_ascii=False, indent=1), encoding="utf-8")
    failed = [line["check"] for line in found.lines if not line["ok"]]
    if failed:
        dev.say(f"没有通过：{'、'.join(failed)}", f"{len(failed)} of {len(found.lines)} checks failed")
        return 1
    dev.say(f"全部通过：{len(found.lines)} 项。", f"{len(found.lines)} checks, all passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
