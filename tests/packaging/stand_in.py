"""A folder that looks as packaging/build.py leaves one, for the tests of what is made from it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


def developer_command(name: str) -> ModuleType:
    """Import a script of packaging/, which finds its neighbours beside itself as when it is run."""
    sys.path.insert(0, str(PACKAGING))
    try:
        return __import__(name)
    finally:
        sys.path.remove(str(PACKAGING))


def frozen_program(folder: Path, version: str, program: bytes, suffix: str) -> Path:
    """Make `folder` with the two programs, each of them `program`, and a few files inside."""
    inside = folder / "_internal"
    (inside / "PySide6" / "plugins").mkdir(parents=True)
    for name in (f"shouwang{suffix}", f"shouwang-cli{suffix}"):
        (folder / name).write_bytes(program)
        (folder / name).chmod(0o755)
    (inside / "PySide6" / "plugins" / "插件.txt").write_text("plugin", encoding="utf-8")
    platform = "windows-x86_64" if suffix else "linux-x86_64"
    told = {"version": version, "platform": platform, "built": "2026-11-20"}
    (inside / "build.json").write_text(json.dumps(told), encoding="utf-8")
    return folder
