"""The program's version: it stands in pyproject.toml, and a build takes it along in what it notes of itself."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

from app.core.build_facts import BUILD_FILE

_CHECKOUT = Path(__file__).resolve().parents[2]


@cache
def program_version() -> str:
    """Return the version, such as ``0.1.0``; OSError or KeyError where the program came without the file that tells."""
    built = getattr(sys, "_MEIPASS", None)
    if built is not None:
        told = json.loads((Path(built) / BUILD_FILE).read_text(encoding="utf-8"))
    else:
        import tomllib  # the built program has nothing to read with it

        told = tomllib.loads((_CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(told["version"])
