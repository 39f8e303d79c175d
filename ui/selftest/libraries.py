"""Do the libraries under `app` work that have files or compiled parts of their own: photos, holidays, pinyin, sealing?

What the walk does anyway is not tried here: the database, workbooks, the PDFs.
"""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from functools import partial
from typing import Any

from app.diary import sealing
from ui.selftest.report import Report
from ui.walk import NotSo

_PHOTOS = {
    "JPEG": (
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYV"
        "pQYEpRUk//wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIh"
        "MUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhI"
        "WGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AIq/"
        "/9k="
    ),
    "WebP": "UklGRjIAAABXRUJQVlA4ICYAAABwAQCdASoIAAgAAUAmJZACdAF1AAD+7HDf4t+0f3tlBScQUdAAAA==",
    "TIFF": (
        "SUkqADAAAACAFo8DyBQSBwWEQeFQaGQmGwuHRGIROHxWJRaKReNRmORiPRuPwuAgCgAAAQMAAQAAAAgAAAABAQMAAQAAAAgAAAACAQMAAwAA"
        "AK4AAAADAQMAAQAAAAUAAAAGAQMAAQAAAAIAAAARAQQAAQAAAAgAAAAVAQMAAQAAAAMAAAAWAQMAAQAAAAgAAAAXAQQAAQAAACgAAAAcAQMA"
        "AQAAAAEAAAAAAAAACAAIAAgA"
    ),
    "GIF": "R0lGODdhCAAIAIEAAFp4PAAAAAAAAAAAACwAAAAACAAIAAAIDwABCBxIsKDBgwgTKkwYEAA7",
    "PNG": (
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGOMqrBhwAaYsIoOWgkA1/oBHi+HmAAAAAAASUVORK5CYII="
    ),
}
"""Eight by eight points, as a telephone or a scanner would write them."""


def check_libraries(report: Report) -> None:
    """Write one line per library."""
    for name, content in _PHOTOS.items():
        report.check(f"photo {name}", partial(_photo, content))
    report.check("holidays", _holidays)
    report.check("pinyin", _pinyin)
    report.check("ID number", _id_number)
    report.check("sealing", _sealing)
    report.check("help", _help)


def _photo(content: str) -> dict[str, Any]:
    from app.storage.pictures import shrink_bytes

    made = shrink_bytes("photo", b64decode(content))
    if made.width != 8 or not made.content.startswith(b"\xff\xd8"):
        raise NotSo("no JPEG came out")
    return {"bytes": len(made.content)}


def _holidays() -> dict[str, Any]:
    from app.school.calendar import public_holidays, spring_festival

    names = {day.name for day in public_holidays([2026])}
    if spring_festival(2026) != date(2026, 2, 17) or not any("国庆节" in words for words in names):
        raise NotSo(f"China's holidays in Chinese: {sorted(names)[:4]}")
    return {"holidays": len(names)}


def _pinyin() -> dict[str, Any]:
    from app.core.pinyin import initials

    found = initials("曾小雨")
    if "zxy" not in found.lower():
        raise NotSo(f"曾小雨 reads {found}")
    return {"曾小雨": found}


def _id_number() -> dict[str, Any]:
    from app.core.id_number import inspect_id

    found = inspect_id("11010519491231002X")
    if found.problem is not None:
        raise NotSo(f"a good number is {found.problem}")
    return {}


def _sealing() -> dict[str, Any]:
    key_uuid, key = sealing.new_key()
    wrapped = sealing.wrap(key_uuid, key, sealing.Way.PASSPHRASE, "自检的口令 2026")
    if (
        sealing.unwrap(wrapped, "自检的口令 2026") != key
        or sealing.unwrap(wrapped, "别的口令 2026") is not None
    ):
        raise NotSo("a key does not come back, or comes back under another passphrase")
    return {}


def _help() -> dict[str, Any]:
    from app.core.help_topics import help_topics

    found = help_topics()
    return {"screens": len(found.screens)}
