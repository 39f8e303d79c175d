#!/usr/bin/env python3
"""The developer's commands, from a bare checkout and nothing but Python itself.

    python3 packaging/dev.py run      open the program (without a screen: do its main job on a demo school)
    python3 packaging/dev.py test     every check and every test
    python3 packaging/dev.py setup    only make the environment (.venv/ in the checkout)
    python3 packaging/dev.py demo     the main job on a demo school, into build/demo/
    python3 packaging/dev.py lint     ruff and mypy only
    python3 packaging/dev.py guide    whether the pictures of the printed guide show today's program
    python3 packaging/dev.py lock     write requirements.lock anew from pyproject.toml

Standard library only, Windows and Linux. Words after `run` go to the program, words after `test` to pytest.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
LOG = CACHE / "setup.log"
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "lock.sha256"
VENV_INTERPRETER = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PYTHON = str(VENV_INTERPRETER)
DEMO = ROOT / "build" / "demo"

OLDEST, NEWEST = (3, 11), (3, 13)  # PySide6 6.8.0.2 refuses to install on 3.14
UV_FOR_LOCK = "uv==0.13.9"  # pip's own resolver only sees the machine it runs on; uv locks for all of them
# uv brings certificates of its own; behind a proxy only the system has the right ones.
SYSTEM_CERTIFICATES = {"UV_NATIVE_TLS": "1"}

# What Qt needs from the system: package name on Debian → the library it brings.
QT_LIBRARIES = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libfontconfig1": "libfontconfig.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libglib2.0-0": "libglib-2.0.so.0",
}
QT_LIBRARIES_FOR_A_SCREEN = {
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
}
QT_TRIAL = (
    "from PySide6 import QtGui, QtNetwork, QtPrintSupport, QtSvg, QtWidgets; "
    "QtWidgets.QApplication([]); QtGui.QImage(8, 8, QtGui.QImage.Format.Format_RGB32)"
)
DEMO_PASSPHRASE = "演示学校的口令 2026"  # noqa: S105 - protects invented people only


def say(chinese: str, english: str) -> None:
    """Print one line in both languages: the school's helper and the developer may be different people."""
    print(f"{chinese} | {english}", flush=True)


def let_words_fit() -> None:
    """Show ? for what the console cannot spell: one in GBK, or in Latin letters (the forge's Windows), must not end the work."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def stop(chinese: str, english: str) -> NoReturn:
    """Say in one line why it does not go on, and end with 1."""
    say(chinese, english)
    raise SystemExit(1)


# ------------------------------------------------------------------------------------------------ processes


# What another Python, or a container, tells its own; without the last, every start compiles the program anew.
_FOREIGN = {
    "PYTHONHOME",
    "PYTHONPATH",
    "PIP_PREFIX",
    "PIP_TARGET",
    "PIP_USER",
    "VIRTUAL_ENV",
    "PYTHONDONTWRITEBYTECODE",
}


def environment(**extra: str) -> dict[str, str]:
    """Return the variables for a child process: UTF-8, nothing of a foreign Python, and a home that exists."""
    env = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
    env |= {"PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1", "PYPINYIN_NO_PHRASES": "true"}
    if os.name == "posix":
        if "utf" not in (env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or "").lower():
            env.pop("LC_ALL", None)
            env["LC_CTYPE"] = "C.UTF-8"
        home = env.get("HOME")
        if not home or not os.access(home, os.W_OK):
            spare = CACHE / "home"
            spare.mkdir(parents=True, exist_ok=True)
            env["HOME"] = str(spare)
    return env | extra


def call(arguments: Sequence[str | Path], *, stdin: str | None = None, **extra: str) -> int:
    """Run a command in the checkout, its output on our screen; return its exit code."""
    done = subprocess.run(
        [str(word) for word in arguments],
        cwd=ROOT,
        env=environment(**extra),
        input=stdin,
        encoding="utf-8",
        check=False,
    )
    return done.returncode


def call_quietly(arguments: Sequence[str | Path], **extra: str) -> tuple[bool, str]:
    """Run a command, its output into the log; return whether it went well and its last line of words."""
    done = subprocess.run(
        [str(word) for word in arguments],
        cwd=ROOT,
        env=environment(**extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    CACHE.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(str(word) for word in arguments)}\n{done.stdout}\n")
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR", "E:"))]
    return done.returncode == 0, (errors or lines or [f"exit {done.returncode}"])[-1]


def install_system_packages(packages: Iterable[str]) -> bool:
    """Install packages with apt-get where we may (Debian or a relative, as root); return whether it worked."""
    if sys.platform == "win32" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    names = list(packages)
    say(f"正在安装系统组件：{' '.join(names)}", f"installing system packages: {' '.join(names)}")
    # Asked from several terminals at once, the second waits instead of failing.
    apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300"]
    call_quietly([*apt, "update"], DEBIAN_FRONTEND="noninteractive")
    went_well, _ = call_quietly(
        [*apt, "install", "--no-install-recommends", *names], DEBIAN_FRONTEND="noninteractive"
    )
    return went_well


# ---------------------------------------------------------------------------------------------- environment


def fitting_python() -> str:
    """Return the interpreter the environment is made from: this one, or one beside it when this does not fit."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        # From inside a virtual environment, the interpreter it was made from.
        return getattr(sys, "_base_executable", None) or sys.executable
    beside = [["py", f"-3.{minor}"] if os.name == "nt" else [f"python3.{minor}"] for minor in (13, 12, 11)]
    for words in beside:
        if shutil.which(words[0]):
            runs, where = call_quietly([*words, "-c", "import ensurepip, sys; print(sys.executable)"])
            if runs:
                return where
    stop(
        f"需要 Python 3.{OLDEST[1]} 至 3.{NEWEST[1]}，现在是 {sys.version.split()[0]}。",
        f"needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}, this is {sys.version.split()[0]}",
    )


def make_venv(folder: Path) -> None:
    """Make a virtual environment in `folder` anew, removing whatever half of one stands there."""
    python = fitting_python()
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        install_system_packages(["python3-venv"])
    shutil.rmtree(folder, ignore_errors=True)
    went_well, why = call_quietly([python, "-m", "venv", "--clear", folder])
    if went_well:
        return
    shutil.rmtree(folder, ignore_errors=True)
    name = folder.name
    if os.name == "posix":
        stop(
            f"无法建立运行环境 {name}，请先安装 python3-venv。",
            f"cannot make {name}: install python3-venv (ensurepip) first",
        )
    stop(f"无法建立运行环境 {name}（{why}）。", f"cannot make {name}, see .cache/setup.log")


def venv_works() -> bool:
    """Return whether .venv/ has an interpreter that runs, fits and has pip; a half-made one has not."""
    if not VENV_INTERPRETER.exists():
        return False
    fits = f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    try:
        return call_quietly([PYTHON, "-c", fits])[0]
    except OSError:  # a foreign system's interpreter, or one whose files are gone
        return False


def lock_hash() -> str:
    """Return what the stamp must say for .venv/ to be what requirements.lock describes."""
    if not LOCK.exists():
        stop("缺少 requirements.lock。", "requirements.lock is missing")
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def setup(*, for_screen: bool = False) -> None:
    """Make .venv/ what requirements.lock says and see that Qt loads; at once when nothing has changed."""
    wanted = lock_hash()
    fresh = not (STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted and VENV_INTERPRETER.exists())
    if fresh:
        CACHE.mkdir(exist_ok=True)
        LOG.write_text("", encoding="utf-8")
        if not venv_works():
            say("正在建立运行环境 .venv …", "making the environment .venv …")
            make_venv(VENV)
        say(
            "正在按 requirements.lock 安装组件（首次约 165 MB）…",
            "installing from requirements.lock (about 165 MB the first time) …",
        )
        pip = [PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "-r", str(LOCK)]
        went_well, why = call_quietly(
            pip, PIP_ROOT_USER_ACTION="ignore", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1"
        )
        if not went_well:
            stop(f"组件没有装上：{why}（详见 .cache/setup.log）", "installing failed, see .cache/setup.log")
    bring_qt_libraries(for_screen=for_screen, try_it=fresh)
    if fresh:
        STAMP.write_text(wanted, encoding="utf-8")
        say("运行环境已就绪。", "the environment is ready")


def missing_libraries(wanted: dict[str, str]) -> list[str]:
    """Return the Debian packages of `wanted` whose library the system cannot load."""
    missing = []
    for package, library in wanted.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def bring_qt_libraries(*, for_screen: bool, try_it: bool) -> None:
    """See that Qt loads on this Linux; bring the libraries it lacks where we may, else name them and stop."""
    if not sys.platform.startswith("linux"):
        return
    wanted = QT_LIBRARIES | (QT_LIBRARIES_FOR_A_SCREEN if for_screen else {})
    missing = missing_libraries(wanted)
    if missing and install_system_packages(missing):
        missing, try_it = [], True
    if not missing and not try_it:
        return
    loads, why = call_quietly([PYTHON, "-c", QT_TRIAL], QT_QPA_PLATFORM="offscreen")
    # Some systems keep the libraries where only Qt finds them, so what Qt says counts.
    if loads and not (for_screen and missing):
        return
    names = " ".join(missing) or why
    stop(f"缺少图形界面需要的系统组件：{names}", f"missing system packages for Qt: {names}")


# --------------------------------------------------------------------------------------------------- commands


def has_screen() -> bool:
    """Return whether a window could be shown here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(words: Sequence[str]) -> int:
    """Open the program on the user's own data; without a screen do the main job on a demo school instead."""
    if not has_screen():
        say("没有屏幕，改为用示范学校走一遍主要工作。", "no screen: doing the main job on the demo school")
        return demo(())
    setup(for_screen=True)
    return call([PYTHON, "-m", "ui.main", *words])


def demo(_words: Sequence[str]) -> int:
    """Do the main job without a window: demo school, ledger workbook, archive book, stick copy, pictures."""
    setup()
    shutil.rmtree(DEMO, ignore_errors=True)
    stick, pictures = DEMO / "U盘", DEMO / "pictures"
    stick.mkdir(parents=True)
    pictures.mkdir()
    file, ledger, book = DEMO / "示范学校.db", DEMO / "留守儿童台账.xlsx", DEMO / "一人一档.pdf"
    app = [PYTHON, "-m", "app"]
    steps: list[tuple[str, str, list[str | Path], str | None]] = [
        ("示范学校", "demo school", [*app, "demo", file], None),
        ("台账", "ledger workbook", [*app, "export-ledger", file, ledger], None),
        ("一人一档", "archive book", [*app, "archive", file, book, "--all"], None),
        (
            "U盘备份",
            "stick copy",
            [*app, "copy-to", file, stick, "--passphrase-stdin"],
            DEMO_PASSPHRASE + "\n",
        ),
        ("界面图片", "page pictures", [PYTHON, "-m", "ui.pictures", pictures, file], None),
    ]
    for number, (chinese, english, command, stdin) in enumerate(steps, start=1):
        say(f"[{number}/{len(steps)}] {chinese} …", f"{english} …")
        code = call(command, stdin=stdin, QT_QPA_PLATFORM="offscreen")
        if code:
            say(f"「{chinese}」没有做成，退出码 {code}。", f"{english} failed with exit code {code}")
            return 1
    say(f"都在这里：{DEMO}（U盘备份的口令：{DEMO_PASSPHRASE}）", "all of it is in build/demo/")
    for path in sorted(path for path in DEMO.rglob("*") if path.is_file()):
        print(f"  {path.relative_to(DEMO).as_posix()}  {path.stat().st_size / 1024:,.0f} KB")
    return 0


# What only Linux does stands behind a question of its own.
FOR_WINDOWS = ("--platform", "win32", "--no-warn-unreachable")


def checks(*, tests: Sequence[str] | None) -> int:
    """Run ruff and mypy, then pytest unless `tests` is None; each once, all of them, then one summary."""
    python = [PYTHON, "-m"]
    jobs: list[tuple[str, list[str | Path]]] = [
        ("ruff check", [*python, "ruff", "check", "."]),
        ("ruff format", [*python, "ruff", "format", "--check", "."]),
        # What the other system lacks is seen on this one.
        ("mypy", [*python, "mypy"]),
        ("mypy for Windows", [*python, "mypy", *FOR_WINDOWS, "--cache-dir", CACHE / "mypy-windows"]),
    ]
    if tests is not None:
        # Two workers: what the smallest machine we build on has. A later -n on the command line wins. Each takes one half
        # of the files in their order, so that what a file's tests share is made once; who is done first takes from the other.
        jobs.append(("pytest", [*python, "pytest", "-n", "2", "--dist", "worksteal", *tests]))
    results: list[tuple[str, int]] = []
    for name, command in jobs:
        print(f"== {name}", flush=True)
        code = call(
            command,
            QT_QPA_PLATFORM="offscreen",
            HYPOTHESIS_STORAGE_DIRECTORY=str(CACHE / "hypothesis"),
        )
        results.append((name, code))
    failed = [name for name, code in results if code]
    print("== " + ", ".join(f"{name}: {'failed' if code else 'ok'}" for name, code in results), flush=True)
    if failed:
        say(f"没有通过：{'、'.join(failed)}", f"failed: {', '.join(failed)}")
        return 1
    say("全部通过。", "everything passed")
    return 0


def test(words: Sequence[str]) -> int:
    """Make the environment, then run every check and every test, without a screen."""
    setup()
    return checks(tests=words)


def lint(_words: Sequence[str]) -> int:
    """Make the environment, then run ruff and mypy."""
    setup()
    return checks(tests=None)


def guide(_words: Sequence[str]) -> int:
    """Make the environment, then draw the guide's pictures aside and compare."""
    setup()
    return call([PYTHON, "-m", "ui.pictures.guide", "--check"], QT_QPA_PLATFORM="offscreen")


def lock_tools() -> Path:
    """Make the environment that holds uv, apart from the program's; return its interpreter."""
    tools = CACHE / "lock-tools"
    python = tools / VENV_INTERPRETER.relative_to(VENV)
    if not python.exists():
        make_venv(tools)
    went_well, why = call_quietly([python, "-m", "pip", "install", "-q", UV_FOR_LOCK])
    if not went_well:
        stop(f"无法取得 uv：{why}", "cannot install uv")
    return python


def lock(_words: Sequence[str]) -> int:
    """Write requirements.lock anew: every file of every pinned release by hash, no address in it."""
    python = lock_tools()
    extras = ["--extra", "dev", "--extra", "build"]
    options = ["--universal", "--python-version", f"3.{OLDEST[1]}", "--generate-hashes", *extras]
    silent = [
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--no-header",
        "--no-annotate",
        "--no-config",
        "--quiet",
    ]
    code = call(
        [python, "-m", "uv", "pip", "compile", "pyproject.toml", *options, *silent, "-o", LOCK.name],
        **SYSTEM_CERTIFICATES,
    )
    if code == 0:
        pins = len(re.findall(r"^[a-z0-9]", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE))
        say(f"requirements.lock 已更新，共 {pins} 个组件。", f"requirements.lock written, {pins} packages")
    return code


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "test": test,
    "demo": demo,
    "lint": lint,
    "guide": guide,
    "lock": lock,
}


def main(words: Sequence[str]) -> int:
    """Do what the first word says; return the exit code (2 for a word it does not know)."""
    let_words_fit()
    command, rest = (words[0], words[1:]) if words else ("help", [])
    if command == "setup":
        setup(for_screen=has_screen())
        return 0
    if command in COMMANDS:
        return COMMANDS[command](rest)
    print(__doc__)
    return 0 if command in {"help", "-h", "--help"} and words else 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
