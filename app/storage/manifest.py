"""The 校验单 beside each copy: by what the copy can be checked later, and nothing about any child.

A small JSON file that carries the name of the copy and ``.校验单.json``; a container holds a second one inside.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins

from app.storage.snapshot import Facts

SUFFIX = ".校验单.json"
_FORMAT = "守望校验单"


class CopiedFile(Struct, frozen=True):
    """One file of a copy: its name, its size in bytes, its SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True):
    """What a copy was when it was proved. ``kind``: backup, copy, self or town; ``reason``: why a backup was made.

    ``files`` are the copy itself, or what lies in the container, the database first. ``made_at`` is local time.
    """

    kind: str
    reason: str
    made_at: str
    files: tuple[CopiedFile, ...]
    facts: Facts

    def to_json(self) -> bytes:
        """Write the manifest as indented UTF-8 JSON."""
        content = {"format": _FORMAT, "version": 1, **to_builtins(self)}
        return json.dumps(content, ensure_ascii=False, indent=1).encode()


def manifest_path(copy: Path) -> Path:
    """Return where the manifest of ``copy`` lies."""
    return copy.with_name(copy.name + SUFFIX)


def parse_manifest(content: bytes) -> Manifest | None:
    """Read a manifest; None when it is not one of ours or is damaged."""
    try:
        found = json.loads(content)
        if not isinstance(found, dict) or found.get("format") != _FORMAT:
            return None
        return Manifest(
            kind=str(found["kind"]),
            reason=str(found["reason"]),
            made_at=datetime.fromisoformat(found["made_at"]).isoformat(timespec="seconds"),
            files=tuple(_copied_file(entry) for entry in found["files"]),
            # Slips of before counted the children on the day of the clock, and did not say so.
            facts=_facts({"counted_on": str(found["made_at"])[:10], **found["facts"]}),
        )
    except (ValueError, TypeError, KeyError, UnicodeDecodeError):
        return None


def read_manifest(copy: Path) -> Manifest | None:
    """Read the manifest beside ``copy``; None when there is none that can be used."""
    try:
        return parse_manifest(manifest_path(copy).read_bytes())
    except OSError:
        return None


def _copied_file(entry: Mapping[str, Any]) -> CopiedFile:
    return CopiedFile(name=str(entry["name"]), size=int(entry["size"]), sha256=str(entry["sha256"]))


def _facts(found: Mapping[str, Any]) -> Facts:
    values = {name: found[name] for name in Facts.__struct_fields__}
    for table in ("counts", "highest"):
        values[table] = {str(name): int(number) for name, number in found[table].items()}
    return Facts(**values)
