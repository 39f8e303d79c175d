"""The program's own source, taken apart once for all tests that look at it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(path for room in ("app", "ui") for path in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    """Return how a file is called in findings: ``app/…/file.py``."""
    return path.relative_to(ROOT).as_posix()


@cache
def nodes_of_the_program() -> dict[str, list[ast.AST]]:
    """Return every node of every file by its name: to walk through all of them takes as long as to parse them."""
    return {name_of(path): list(ast.walk(ast.parse(path.read_text(encoding="utf-8")))) for path in SOURCES}
