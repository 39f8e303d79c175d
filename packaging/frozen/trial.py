"""Where the frozen program is tried: a copy under a Chinese path that nobody may write to, in an environment with nothing in it.

Standard library only; Windows and Linux.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frozen import names

NOBODY = 65534
PATIENCE = 900
"""Seconds for one program to end; the walk through all pages on a busy machine is the longest."""


NONE: Mapping[str, str] = {}


class NotSo(Exception):
    """What is wrong, in one line that names the part."""


def listing(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below `folder`, by its path with slashes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = digest
    return found


@dataclass(frozen=True, slots=True)
class Trial:
    """A copy of the program and a home without anything in it."""

    folder: Path
    home: Path
    user: int | None
    locales: Path | None
    """Where the locale zh_CN.GBK was made; None where it cannot be."""

    @property
    def nothing(self) -> Path:
        """The folder for temporary files, and the only one on PATH: no program lies there."""
        return self.home / "空"

    def environment(self, extra: Mapping[str, str] = NONE) -> dict[str, str]:
        """Return all variables there are: no Python, no PATH with programs, a new home."""
        if sys.platform == "win32":
            system = os.environ["SYSTEMROOT"]
            told = {
                "SYSTEMROOT": system,
                "PATH": str(Path(system) / "System32"),
                "USERPROFILE": str(self.home),
                "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(self.home / "AppData"),
            }
            places = ("TEMP", "TMP")
        else:
            told = {"HOME": str(self.home), "PATH": str(self.nothing), "LANG": "C"}
            places = ("TMPDIR",)
        return told | dict.fromkeys(places, str(self.nothing)) | dict(extra)

    def gbk(self) -> dict[str, str]:
        """Return the variables of a Linux that speaks GBK."""
        told = {"LANG": "zh_CN.GBK", "LC_ALL": "zh_CN.GBK"}
        return told | ({"LOCPATH": str(self.locales)} if self.locales else {})

    def program(self, name: str) -> Path:
        """Return the file of one of the two programs."""
        return self.folder / f"{name}{names.SUFFIX}"

    def run(
        self,
        name: str,
        *words: str | Path,
        stdin: str = "",
        patience: float = PATIENCE,
        extra: Mapping[str, str] = NONE,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one of the two programs to its end; NotSo when it cannot be started or does not come back."""
        try:
            return subprocess.run(
                [str(self.program(name)), *map(str, words)],
                cwd=self.home,
                env=self.environment(extra),
                input=stdin.encode("utf-8"),
                capture_output=True,
                timeout=patience,
                check=False,
                **self.as_user(),
            )
        except subprocess.TimeoutExpired as late:
            raise NotSo(f"{name} {words[0] if words else ''} did not end within {patience:.0f} s") from late
        except OSError as error:
            raise NotSo(f"{name} cannot be started: {error}") from error

    def start(
        self, name: str, *words: str | Path, extra: Mapping[str, str] = NONE
    ) -> subprocess.Popen[bytes]:
        """Start a program and leave it running."""
        return subprocess.Popen(
            [str(self.program(name)), *map(str, words)],
            cwd=self.home,
            env=self.environment(extra),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.as_user(),
        )

    def room(self, name: str | Path) -> Path:
        """Make a folder in the home, and return it; it belongs to the one who starts the programs."""
        folder = self.home / name
        folder.mkdir(parents=True)
        self.give(folder)
        return folder

    def give(self, path: Path) -> None:
        """Let the one who starts the programs own what was put there."""
        if self.user is not None and sys.platform != "win32":
            os.chown(path, self.user, self.user)

    def as_user(self) -> dict[str, Any]:
        """Return what `subprocess` needs so that the program does not run as root."""
        return {} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}


@contextmanager
def trial(program: Path) -> Iterator[Trial]:
    """Copy the program to a place like a teacher's and take the right to write there away; all of it is gone afterwards."""
    with ExitStack() as stack:
        top = Path(tempfile.mkdtemp(prefix="shouwang 试 "))
        stack.callback(_remove, top)
        top.chmod(0o755)
        folder = top / "程序 文件夹 㛃" / "守望"
        shutil.copytree(program, folder, symlinks=True)
        home = top / "张三 的电脑 😀"
        home.mkdir()
        locales = _locale_gbk(top)
        user = NOBODY if sys.platform != "win32" and os.geteuid() == 0 else None
        made = Trial(folder, home, user, locales)
        made.give(home)
        made.room("空")
        _write_protect(folder)
        yield made


def _locale_gbk(top: Path) -> Path | None:
    """Make the locale zh_CN.GBK below `top`, where the machine has what is needed."""
    program = shutil.which("localedef")
    if program is None:
        return None
    folder = top / "locales"
    folder.mkdir()
    done = subprocess.run(
        [program, "-c", "-i", "zh_CN", "-f", "GBK", str(folder / "zh_CN.GBK")],
        capture_output=True,
        check=False,
    )
    return folder if (folder / "zh_CN.GBK").is_dir() and done.returncode in (0, 1) else None


def _write_protect(folder: Path) -> None:
    """Nobody may write below `folder`. On Windows only the files can be marked so."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o555 if runs else 0o444)


def _remove(top: Path) -> None:
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(top, ignore_errors=True)


def tail(done: subprocess.CompletedProcess[bytes], lines: int = 3) -> str:
    """Return the last words of a program, for a finding."""
    words = (done.stderr or done.stdout).decode("utf-8", errors="replace").strip().splitlines()
    return " / ".join(words[-lines:]) or "no words"


def wanted(done: subprocess.CompletedProcess[bytes], what: Sequence[str | Path]) -> None:
    """Raise NotSo unless the program ended with 0."""
    if done.returncode != 0:
        raise NotSo(f"{what[0]} ended with {done.returncode}: {tail(done)}")
