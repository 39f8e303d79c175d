"""The ELF files of a Linux program: programs and libraries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Yield the ELF file at `path`, None when it is none; ValueError when it is a broken one."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    with path.open("rb") as file:
        if file.read(4) != b"\x7fELF":
            yield None
            return
        file.seek(0)
        try:
            yield ELFFile(file)
        except ELFError as broken:
            raise ValueError(f"{path} is a broken ELF file: {broken}") from broken


def has_debugging(path: Path) -> bool:
    """Tell whether the file at `path` is an ELF file with debugging tables in it."""
    with opened(path) as elf:
        return elf is not None and elf.get_section_by_name(".debug_info") is not None


def needed(path: Path) -> list[str]:
    """Return the names of the libraries that the file at `path` asks the loader for; [] when it is no ELF file."""
    with opened(path) as elf:
        section = elf.get_section_by_name(".dynamic") if elf is not None else None
        return [tag.needed for tag in section.iter_tags("DT_NEEDED")] if section is not None else []
