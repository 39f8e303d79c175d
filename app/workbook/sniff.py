"""What a roster file really is, by its content; its name only decides between text that may and may not be a table."""

import re
from typing import Literal

from msgspec import Struct

from app.core.errors import UserError
from app.core.messages import refuse

Container = Literal["zip", "ole", "text"]

LARGEST_FILE = 64 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER = (
    (b"%PDF", "PDF 文档"),
    (b"{\\rtf", "RTF 文档"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"SQLite format 3\x00", "数据库文件"),
    (b"MZ", "程序"),
)
# Excel 2 to 4 wrote a bare stream: its first record is one of these beginnings of file.
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
_WIDE, _NARROW = (("utf-16", "UTF-16"),), (("utf-8-sig", "UTF-8"), ("gb18030", "GBK"))
_HTML = re.compile(rb"<!doctype html|<html|<table|<meta|<body|<head", re.IGNORECASE)


class Sniffed(Struct, frozen=True):
    """What the file is; for text also the whole text and the encoding that fitted."""

    container: Container
    text: str = ""


def sniff(name: str, content: bytes) -> Sniffed:
    """Tell what ``content`` is. UserError (``import.…``) in plain words when it is no roster that can be read."""
    if not content:
        raise refuse("import.empty", name=name)
    if content.startswith(_OLE):
        return Sniffed("ole")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Sniffed("zip")
    if content.startswith(_OLD_EXCEL):
        raise refuse("import.other_format", name=name, what="很旧的 Excel 文件")
    for magic, what in _OTHER:
        if content.startswith(magic):
            raise refuse("import.not_a_workbook", name=name, what=what)
    return Sniffed("text", _text(name, content))


def _text(name: str, content: bytes) -> str:
    text, encoding = _decoded(name, content)
    if not text.strip("\ufeff \t\r\n\0"):
        raise refuse("import.half" if "\0" in text else "import.empty", name=name)
    if "\0" in text:
        raise refuse("import.not_a_workbook", name=name, what="认不出的文件")
    marked = _markup(name, content[:65536] if encoding != "UTF-16" else text[:65536].encode())
    if marked is not None:
        raise marked
    if not name.lower().endswith(_TEXT_SUFFIXES):
        raise refuse("import.text", name=name, encoding=encoding)
    return text.removeprefix("\ufeff")


def _markup(name: str, head: bytes) -> UserError | None:
    """Return the refusal of a web page or an XML file that calls itself a workbook."""
    stripped = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if stripped[:13].upper() == b"MIME-VERSION:":
        return refuse("import.html", name=name)
    if not stripped.startswith(b"<"):
        return None
    if stripped[:5].lower() == b"<?xml" and b"schemas-microsoft-com:office:spreadsheet" in head:
        return refuse("import.xml", name=name)
    if _HTML.search(head):
        return refuse("import.html", name=name)
    return refuse("import.xml", name=name)


def _decoded(name: str, content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: UTF-8, UTF-16 with its mark, or GBK (as its superset)."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for codec, label in _WIDE if is_wide else _NARROW:
        try:
            return content.decode(codec), label
        except UnicodeDecodeError as error:
            # A file cut in the middle of its last character is still that encoding.
            if (
                error.start >= len(content) - 3
                and len(content) > 3
                and error.reason.startswith(("unexpected end", "incomplete", "truncated"))
            ):
                return content[: error.start].decode(codec), label
    raise refuse("import.not_a_workbook", name=name, what="认不出的文件")
