"""Opening a zip that may be a bomb: what it holds is judged before anything is unpacked (reliability.md §2, R33)."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.core.messages import refuse

MOST_BYTES = 640 * 1024 * 1024
"""All parts together; a million formatted blank rows are below half of it."""

MOST_PART_BYTES = 48 * 1024 * 1024
"""Any part that a reader must hold in memory whole, such as the shared strings."""

HIGHEST_RATIO = 200
_RATIO_FROM = 1024 * 1024
_MOST_PARTS = 5_000
_CHUNK = 1024 * 1024
_LOCAL_HEADER = struct.Struct("<4s22xHH")


class GuardedZip:
    """The parts of a zip archive in memory, each unpacked no further than its directory promised."""

    def __init__(self, name: str, content: bytes) -> None:
        """Read the directory; UserError (``import.…``) when it is damaged, encrypted or out of all proportion."""
        self._name = name
        self._content = content
        try:
            with ZipFile(BytesIO(content)) as archive:
                self._parts = {info.filename.replace("\\", "/"): info for info in archive.infolist()}
        except (BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
            raise refuse("import.half", name=name) from error
        self._judge()

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the names of all parts."""
        return tuple(self._parts)

    def size(self, part: str) -> int:
        """Return the unpacked size that the directory promises."""
        return self._parts[part].file_size

    def read(self, part: str) -> bytes:
        """Return a part that is small enough to be held whole."""
        if self._parts[part].file_size > MOST_PART_BYTES:
            raise refuse("import.too_big", name=self._name, why="内容太多")
        return b"".join(self.chunks(part))

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield a part piece by piece; UserError when there is more of it than promised, or when it is damaged."""
        info = self._parts[part]
        packed = self._packed(info)
        if info.compress_type == ZIP_STORED:
            if len(packed) != info.file_size:
                raise refuse("import.half", name=self._name)
            yield packed
            return
        if info.compress_type != ZIP_DEFLATED:
            raise refuse("import.half", name=self._name)
        inflater, done, rest = zlib.decompressobj(-15), 0, packed
        try:
            while not inflater.eof:
                piece = inflater.decompress(rest, _CHUNK)
                rest = inflater.unconsumed_tail
                if not piece and not rest:
                    break
                done += len(piece)
                if done > info.file_size:
                    raise refuse("import.too_big", name=self._name, why="解开后比标明的还大")
                yield piece
        except zlib.error as error:
            raise refuse("import.half", name=self._name) from error
        if done != info.file_size:
            raise refuse("import.half", name=self._name)

    def check(self, part: str) -> None:
        """Unpack a part to nowhere, so that another reader may be trusted with it."""
        if self._parts[part].file_size > MOST_PART_BYTES:
            raise refuse("import.too_big", name=self._name, why="内容太多")
        for _ in self.chunks(part):
            continue

    def _judge(self) -> None:
        parts = self._parts.values()
        if any(info.flag_bits & 1 for info in parts):
            raise refuse("import.encrypted", name=self._name)
        total = sum(info.file_size for info in parts)
        if len(self._parts) > _MOST_PARTS or total > MOST_BYTES:
            raise refuse("import.too_big", name=self._name, why=f"解开后有 {total // _RATIO_FROM} MB")
        for info in parts:
            if info.file_size > _RATIO_FROM and info.file_size > HIGHEST_RATIO * max(info.compress_size, 1):
                times = info.file_size // max(info.compress_size, 1)
                raise refuse("import.too_big", name=self._name, why=f"解开后是原来的 {times} 倍")

    def _packed(self, info: ZipInfo) -> bytes:
        start = info.header_offset
        header = self._content[start : start + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            raise refuse("import.half", name=self._name)
        _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        start += _LOCAL_HEADER.size + name_length + extra_length
        packed = self._content[start : start + info.compress_size]
        if len(packed) != info.compress_size:
            raise refuse("import.half", name=self._name)
        return packed
