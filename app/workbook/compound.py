"""The compound file that an .xls lives in: a small file system of streams (MS-CFB), read with nothing trusted."""

import struct

from app.core.messages import refuse

_FREE = 0xFFFFFFFA  # every sector number from here on is a mark, not a sector
_ENTRY = 128
_MINI = 64


class CompoundFile:
    """The streams of a compound file by name; UserError ``import.half`` when its chains lead nowhere."""

    def __init__(self, name: str, content: bytes) -> None:
        self._name = name
        self._content = content
        if len(content) < 512:
            raise refuse("import.half", name=name)
        shift = struct.unpack_from("<H", content, 30)[0]
        if shift not in (9, 12):
            raise refuse("import.half", name=name)
        self._sector = 1 << shift
        self._mini_cutoff = struct.unpack_from("<I", content, 56)[0]
        self._fat = self._allocation_table()
        directory = self._chain(struct.unpack_from("<I", content, 48)[0])
        self._entries = self._directory(directory)
        self._mini_fat = self._numbers(self._chain(struct.unpack_from("<I", content, 60)[0]))
        root = next((entry for entry in self._entries.values() if entry[2] == 5), None)
        self._mini_stream = self._chain(root[0]) if root else b""

    def __contains__(self, stream: str) -> bool:
        return stream.lower() in self._entries

    @property
    def streams(self) -> tuple[str, ...]:
        """Return the names of all streams and folders, lower case."""
        return tuple(self._entries)

    def read(self, stream: str) -> bytes:
        """Return a stream whole; UserError ``import.half`` when the file ends before it does."""
        start, size, _ = self._entries[stream.lower()]
        content = self._mini_chain(start) if size < self._mini_cutoff else self._chain(start)
        if len(content) < size:
            raise refuse("import.half", name=self._name)
        return content[:size]

    def _allocation_table(self) -> list[int]:
        count, first, more = (
            struct.unpack_from("<I", self._content, 44)[0],
            *struct.unpack_from("<II", self._content, 68),
        )
        sectors = [number for number in struct.unpack_from("<109I", self._content, 76) if number < _FREE]
        seen = 0
        while first < _FREE and seen <= more:
            block = self._numbers(self._at(first))
            sectors += [number for number in block[:-1] if number < _FREE]
            first, seen = block[-1], seen + 1
        table: list[int] = []
        for number in sectors[:count]:
            table += self._numbers(self._at(number))
        return table

    def _directory(self, content: bytes) -> dict[str, tuple[int, int, int]]:
        """Return stream name → (first sector, size, kind)."""
        entries: dict[str, tuple[int, int, int]] = {}
        for offset in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", content, offset + 64)
            if kind not in (1, 2, 5) or not 2 <= length <= 64:
                continue
            name = content[offset : offset + length - 2].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", content, offset + 116)
            entries.setdefault(name.lower(), (start, size, kind))
        return entries

    def _at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        sector = self._content[start : start + self._sector]
        if not sector:
            raise refuse("import.half", name=self._name)
        return sector.ljust(self._sector, b"\0") if len(sector) < self._sector else sector

    def _chain(self, number: int) -> bytes:
        found: list[bytes] = []
        while number < _FREE:
            if number >= len(self._fat) or len(found) > len(self._fat):
                raise refuse("import.half", name=self._name)
            found.append(self._at(number))
            number = self._fat[number]
        return b"".join(found)

    def _mini_chain(self, number: int) -> bytes:
        found: list[bytes] = []
        while number < _FREE:
            if number >= len(self._mini_fat) or len(found) > len(self._mini_fat):
                raise refuse("import.half", name=self._name)
            found.append(self._mini_stream[number * _MINI : (number + 1) * _MINI])
            number = self._mini_fat[number]
        return b"".join(found)

    def _numbers(self, content: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))
