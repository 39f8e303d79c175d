#!/usr/bin/env python3
"""Freeze the program: from a bare checkout to one folder that runs where there is no Python.

    python3 packaging/build.py                 into build/dist/shouwang-VERSION-PLATFORM
    python3 packaging/build.py --name          only print that folder's path
    python3 packaging/build.py --again         also when nothing has changed since the last time

Makes the environment of `packaging/dev.py` (pinned, with hashes) when it is not there. What goes in stands in
`packaging/frozen/parts.py`, the recipe in `packaging/shouwang.spec`. What a failed build has made is removed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import dev
from frozen import names
from frozen.trial import listing

PACKED = ("app", "ui", "resources", "packaging", "pyproject.toml", "requirements.lock", "LICENSE")
"""What of the checkout a build depends on."""

PACKED_LIBRARIES = {"libcups2": "libcups.so.2"}
"""Debian's package → the library that comes along, beside what `dev.py` brings: printing must not hang on the desktop."""


def python_library() -> dict[str, str]:
    """Return Debian's package → the library of the Python that builds: PyInstaller packs it, Debian's Python does without."""
    library = sysconfig.get_config_var("INSTSONAME") or ""
    return {f"libpython3.{sys.version_info[1]}": library} if ".so" in library else {}


_IGNORED = {"resources/pictures", "resources/proofreading"}
"""What of it is never packed; a package of the program may have the same name."""


# ------------------------------------------------------------------------------------------- what it is built of


def _files(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
    elif top.is_dir():
        for path in sorted(top.iterdir()):
            if path.name != "__pycache__" and path.relative_to(names.ROOT).as_posix() not in _IGNORED:
                yield from _files(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint() -> str:
    """Return one number for everything that a build depends on: files, interpreter, machine, the commit it tells."""
    total = hashlib.sha256(f"{sys.version} {platform.platform()} {commit()}".encode())
    for name in PACKED:
        for path in _files(names.ROOT / name):
            total.update(f"{path.relative_to(names.ROOT).as_posix()} {_digest(path)}\n".encode())
    return total.hexdigest()


def _git(*words: str) -> str:
    try:
        done = subprocess.run(
            ["git", *words], cwd=names.ROOT, capture_output=True, encoding="utf-8", check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def commit() -> str:
    """Return the last commit that touched what is packed, with + when there are changes since; "" outside of git."""
    known = _git("log", "-1", "--format=%h", "--abbrev=12", "--", *PACKED)
    return known + ("+" if known and _git("status", "--porcelain", "--", *PACKED) else "")


def moment() -> int:
    """Return the time of that commit in seconds since 1970, so that the same sources give the same folder.

    Outside of git it is that of the newest file: an archive of the sources keeps the commit's.
    """
    told = _git("log", "-1", "--format=%ct", "--", *PACKED)
    if told:
        return int(told)
    return int(max(path.stat().st_mtime for name in PACKED for path in _files(names.ROOT / name)))


# ------------------------------------------------------------------------------------------- what was built


def _note(folder: Path) -> Path:
    return folder.with_name(folder.name + ".made.json")


def is_there(folder: Path, mark: str) -> bool:
    """Tell whether `folder` is what a build of today's sources left, byte for byte."""
    try:
        told = json.loads(_note(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(told["fingerprint"] == mark and told["files"] == listing(folder))


@contextmanager
def taken_back_on_failure(*folders: Path) -> Iterator[None]:
    """Remove `folders` when the work inside does not end well: half a program must not be taken for one."""
    try:
        yield
    except BaseException:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
            _note(folder).unlink(missing_ok=True)
        raise


# ------------------------------------------------------------------------------------------- the work


def write_build_file(folder: Path) -> None:
    """Write what `shouwang-cli version` and 关于 tell about this build."""
    from importlib.metadata import version

    told = {
        "version": names.version(),
        "commit": commit(),
        "built": time.strftime("%Y-%m-%d", time.gmtime(moment())),
        "platform": names.platform_tag(),
        "system": names.system(),
        "pyinstaller": version("pyinstaller"),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    (folder / names.BUILD_FILE).write_text(text, encoding="utf-8")


def freeze(folder: Path) -> None:
    """Run PyInstaller; SystemExit says in one line that it failed and where its words are."""
    from frozen import notices, parts

    made, log = names.WORK / "made", names.WORK / "build.log"
    shutil.rmtree(names.WORK, ignore_errors=True)
    made.mkdir(parents=True)
    notices.write(made / names.NOTICES)
    write_build_file(made)
    words = [dev.PYTHON, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    places = ["--distpath", str(folder.parent), "--workpath", str(names.WORK / "work")]
    settled = {
        "SHOUWANG_MADE": str(made),
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": str(moment()),
        "PYINSTALLER_CONFIG_DIR": str(names.WORK / "config"),
    }
    with log.open("w", encoding="utf-8") as told:
        done = subprocess.run(
            [*words, *places, str(names.ROOT / "packaging" / "shouwang.spec")],
            cwd=names.ROOT,
            env=dev.environment(**settled),
            stdout=told,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        last = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()][-1:]
        dev.stop(f"没有做成（{''.join(last)}），详见 {log}", f"PyInstaller failed, see {log}")
    warned = (names.WORK / "work" / names.WINDOW / f"warn-{names.WINDOW}.txt").read_text(encoding="utf-8")
    broken = parts.broken_imports(warned)
    if broken:
        dev.stop(
            f"少带了模块：{'、'.join(broken)}", f"modules that are needed are left out: {', '.join(broken)}"
        )
    strip(folder)


def strip(folder: Path) -> None:
    """Take the debugging tables out of the libraries that carry some (Python's own here, SQLite's wheel): 35 MB less."""
    from frozen.elf import has_debugging

    for path in sorted(folder.rglob("*.so*")) if shutil.which("strip") else ():
        if not path.is_symlink() and has_debugging(path):
            subprocess.run(["strip", "--strip-debug", str(path)], check=True)


def report(folder: Path, seconds: float) -> None:
    """Print what was made: where, how big, what it needs."""
    from frozen import glibc

    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(sizes) / 1e6
    dev.say(
        f"做好了：{folder}，{len(sizes)} 个文件，{size:.0f} MB，用了 {seconds:.0f} 秒。",
        f"built: {len(sizes)} files, {size:.0f} MB, {seconds:.0f} s",
    )
    needed = glibc.highest(folder)
    if needed:
        dev.say(f"需要 glibc {needed} 或更新。", f"needs glibc {needed} or newer")


def build(folder: Path, *, again: bool) -> int:
    """Build into `folder` unless what stands there is today's; return the exit code."""
    mark = fingerprint()
    if not again and is_there(folder, mark):
        dev.say(f"没有变化，还是上次做的：{folder}", "nothing has changed since the last build")
        return 0
    begun = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    _note(folder).unlink(missing_ok=True)
    with taken_back_on_failure(folder):
        freeze(folder)
        report(folder, time.monotonic() - begun)
        told = {"fingerprint": mark, "files": listing(folder)}
        _note(folder).write_text(json.dumps(told, indent=1), encoding="utf-8")
    return 0


def bring_what_is_packed() -> None:
    """See that the libraries that come along and PyInstaller's tools are here, on Linux; SystemExit names what is missing."""
    if not sys.platform.startswith("linux"):
        return
    missing = dev.missing_libraries(PACKED_LIBRARIES | python_library())
    missing += ["binutils"] if not (shutil.which("objdump") and shutil.which("objcopy")) else []
    if missing and not dev.install_system_packages(missing):
        dev.stop(f"缺少系统组件：{' '.join(missing)}", f"missing system packages: {' '.join(missing)}")


def main(words: Sequence[str]) -> int:
    """Build; return the exit code."""
    dev.let_words_fit()
    parser = argparse.ArgumentParser(description="Freeze the program into one folder.")
    parser.add_argument(
        "--out", type=Path, default=names.DIST, help="folder the result comes into (build/dist)"
    )
    parser.add_argument("--again", action="store_true", help="build even when nothing has changed")
    parser.add_argument("--name", action="store_true", help="only print the folder's path")
    wanted = parser.parse_args(words)
    folder = wanted.out.absolute() / names.folder_name()
    if wanted.name:
        print(folder)
        return 0
    if Path(sys.prefix).resolve() != dev.VENV.resolve():
        bring_what_is_packed()
        # The libraries of a screen come along too, so they must be here.
        dev.setup(for_screen=True)
        return dev.call([dev.PYTHON, __file__, *words])
    return build(folder, again=wanted.again)


if __name__ == "__main__":
    os.umask(0o022)  # readable by every user of the machine it is installed on
    sys.exit(main(sys.argv[1:]))
