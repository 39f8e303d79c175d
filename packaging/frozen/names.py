"""What the frozen program and its parts are called, and where they stand.

Also read by the installers; standard library only.
"""

from __future__ import annotations

import platform
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "build" / "dist"
WORK = ROOT / "build" / "pyinstaller"

WINDOW = "shouwang"
CONSOLE = "shouwang-cli"
INSIDE = "_internal"
BUILD_FILE = "build.json"
NOTICES = "resources/notices"
"""Below `INSIDE`: the third-party notices."""

SUFFIX = ".exe" if sys.platform == "win32" else ""

_MACHINES = {"amd64": "x86_64", "x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


def version() -> str:
    """Return the program's version from the one place where it stands."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: str = told["project"]["version"]
    return found


def platform_tag() -> str:
    """Return what this machine builds for, such as `linux-x86_64` or `windows-x86_64`."""
    system = "windows" if sys.platform == "win32" else sys.platform
    machine = platform.machine().lower()
    return f"{system}-{_MACHINES.get(machine, machine)}"


def folder_name() -> str:
    """Return the name of the folder that a build leaves."""
    return f"{WINDOW}-{version()}-{platform_tag()}"


def system() -> str:
    """Return the name and number of the system that builds, such as `Debian 12` or `Windows 2022`: libraries come from it."""
    if not sys.platform.startswith("linux"):
        return f"{platform.system()} {platform.release()}"
    told = platform.freedesktop_os_release()
    return f"{told.get('NAME', 'Linux').split()[0]} {told.get('VERSION_ID', '')}".strip()
