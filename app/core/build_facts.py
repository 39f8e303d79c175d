"""What the frozen program knows of how it was built; a checkout was not built and knows nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

BUILD_FILE = "build.json"


def build_facts() -> dict[str, str]:
    """Return version, platform, commit, day and tools of the build; empty in a checkout or when the note is unreadable."""
    folder = getattr(sys, "_MEIPASS", None)
    if folder is None:
        return {}
    try:
        read = json.loads((Path(folder) / BUILD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in read.items()} if isinstance(read, dict) else {}
