#!/usr/bin/env python3
"""Try the Windows installer for what nobody can look at in a script: a swap that is disturbed, a power cut in its middle.

    .venv/bin/python packaging/installer_trial.py      on Windows, or on Linux with wine; makensis must be here

Two small folders stand in for the old and the new program. On Windows it refuses where 守望 is installed already; under
wine it works in a prefix of its own. Prints one line per trial; exit code 1 when one did not end as it should.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import installers
from frozen.names import BUILD_FILE, CONSOLE, WINDOW, version

PLACE = Path("Programs", "Shouwang")
UNINSTALLER = "卸载守望.exe"
FOREIGN = "她自己的.txt"
POWER_CUT = 9
GONE_CONSOLE = rf"Delete $INSTDIR\_new\{CONSOLE}.exe"
GONE_LIBRARIES = r"RMDir /r $INSTDIR\_new\_internal"
CUT = f"System::Call 'kernel32::ExitProcess(i {POWER_CUT})'"

Content = Mapping[str, str]


class NotSo(Exception):
    """What is otherwise than it should be."""


class Trial:
    """Runs installers one after the other against one place."""

    def __init__(self, scratch: Path, local: Path, wine: list[str], environment: Mapping[str, str]) -> None:
        self._scratch = scratch
        self._wine = wine
        self._environment = dict(environment)
        self.place = local / PLACE
        self.old, self.new = (self._program(name) for name in ("old", "new"))

    def _program(self, name: str) -> Path:
        """Make a folder as packaging/build.py leaves one; every file in it tells whose it is."""
        folder = self._scratch / name
        (folder / "_internal").mkdir(parents=True)
        told = {"version": version(), "platform": "windows-x86_64", "built": "2026-11-20"}
        (folder / "_internal" / BUILD_FILE).write_text(json.dumps(told | {"whose": name}), encoding="utf-8")
        for file in (f"{WINDOW}.exe", f"{CONSOLE}.exe", rf"_internal/only_{name}.txt"):
            (folder / file).write_text(name, encoding="utf-8")
        return folder

    def setup(self, program: Path, in_the_middle: str = "") -> int:
        """Compile an installer of `program`, run it silently; return its exit code."""
        target = self._scratch / "shouwang-trial.exe"
        installers.windows_installer(
            installers.program_in(program),
            target,
            cpu="x86" if os.name == "nt" else "amd64",  # wine alone runs no 32-bit program
            in_the_middle=in_the_middle,
        )
        return self.run(target, "/S")

    def run(self, *words: str | Path) -> int:
        """Run a Windows program to its end; return its exit code."""
        done = subprocess.run(
            [*self._wine, *map(str, words)], env=self._environment, check=False, timeout=300
        )
        return done.returncode

    def require(self, code: int, wanted: int, whole: Path | None, beside: tuple[str, ...] = ()) -> None:
        """NotSo unless the run ended with `wanted` and the place holds `whole`, `beside` it nothing but these names."""
        if code != wanted:
            raise NotSo(f"it ended with {code} instead of {wanted}")
        own = {
            name: text for name, text in content(self.place).items() if name.partition("/")[0] not in beside
        }
        if own != ({} if whole is None else content(whole)):
            raise NotSo(f"the place holds {sorted(own)!a} of {sorted(set(own.values()))!a}")
        left = {path.name for path in self.place.glob("_*") if path.is_dir()} - {"_internal"}
        if left != set(beside) & {"_old", "_new"}:
            raise NotSo(f"left behind: {sorted(left)}")


def content(folder: Path) -> Content:
    """Return the text of every file below `folder` by its path with slashes, without the uninstaller."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != UNINSTALLER
    }


def first(trial: Trial) -> None:
    """A first installation is whole."""
    trial.require(trial.setup(trial.old), 0, trial.old)


def console_gone(trial: Trial) -> None:
    """Security software takes a program out of the new folder: the old one is back."""
    trial.require(trial.setup(trial.new, GONE_CONSOLE), 2, trial.old)


def libraries_gone(trial: Trial) -> None:
    """It takes the whole folder of libraries: the old one is back."""
    trial.require(trial.setup(trial.new, GONE_LIBRARIES), 2, trial.old)


def power_cut(trial: Trial) -> None:
    """The power goes with the old program aside and none in its place: nothing of either is lost."""
    trial.require(trial.setup(trial.new, CUT), POWER_CUT, None, ("_old", "_new"))
    if content(trial.place / "_old") != content(trial.old):
        raise NotSo("the old program is not whole aside")


def old_again(trial: Trial) -> None:
    """The next installer, disturbed in its turn, first puts the old one back, and leaves that."""
    trial.require(trial.setup(trial.new, GONE_CONSOLE), 2, trial.old)


def cut_and_mended(trial: Trial) -> None:
    """After a power cut an undisturbed one ends in the new program, whole."""
    trial.setup(trial.new, CUT)
    trial.require(trial.setup(trial.new), 0, trial.new)


def removed(trial: Trial) -> None:
    """Removing takes the program and leaves what somebody else has put beside it."""
    (trial.place / FOREIGN).write_text("hers", encoding="utf-8")
    # An uninstaller goes on as a copy of itself unless it is told where it stands.
    place = (
        str(trial.place)
        if os.name == "nt"
        else r"C:\users" + str(trial.place).partition("/users")[2].replace("/", "\\")
    )
    trial.require(trial.run(trial.place / UNINSTALLER, "/S", f"_?={place}"), 0, None, (FOREIGN,))
    if not (trial.place / FOREIGN).exists():
        raise NotSo("what was not the program's is gone too")


TRIALS: tuple[Callable[[Trial], None], ...] = (
    first,
    console_gone,
    libraries_gone,
    power_cut,
    old_again,
    cut_and_mended,
    removed,
)


@contextmanager
def windows(scratch: Path) -> Iterator[Trial]:
    """Yield a trial on this Windows, or under wine in a prefix of its own; NotSo where neither is to be had."""
    if os.name == "nt":
        local = Path(os.environ["LOCALAPPDATA"])
        if (local / PLACE).exists():
            raise NotSo(f"{local / PLACE} is there already: this computer's own program is not tried out")
        try:
            yield Trial(scratch, local, [], os.environ)
        finally:
            shutil.rmtree(local / PLACE, ignore_errors=True)
        return
    wine, server = shutil.which("wine"), shutil.which("wineserver")
    if wine is None or server is None:
        raise NotSo("neither Windows nor wine")
    quiet = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}
    told = os.environ | quiet | {"WINEPREFIX": str(scratch / "wine"), "LC_ALL": "C.UTF-8"}
    for words in (("wineboot", "-i"), ("winecfg", "-v", "win10")):
        subprocess.run([wine, *words], env=told, capture_output=True, check=True)
    try:
        (home,) = (one for one in (scratch / "wine" / "drive_c" / "users").iterdir() if one.name != "Public")
        yield Trial(scratch, home / "AppData" / "Local", [wine], told)
    finally:
        subprocess.run([server, "-k", "-w"], env=told, check=False)


def main() -> int:
    """Go through the trials in their order, each on what the last one left; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="shouwang-") as scratch:
        try:
            with windows(Path(scratch)) as trial:
                for one in TRIALS:
                    what = str(one.__doc__).partition("\n")[0]
                    try:
                        one(trial)
                    except (NotSo, installers.NotMade) as why:
                        raise NotSo(f"{what} {why}") from why
                    print(f"ok     {what}", flush=True)
        except NotSo as why:
            print(f"installer_trial.py: {why}", file=sys.stderr)
            return 1
    print(f"{len(TRIALS)} trials, all as they should be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
