"""What is done to every text that comes in, and to numbers that are shown."""

import re
import unicodedata
from functools import cache

# Control characters break SQLite's length(), Excel and PDF; lone surrogates cannot be stored;
# zero-width and direction marks make two equal-looking names differ.
_UNWANTED = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACES = "[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_GAP_BETWEEN_HAN = f"(?<=[{_HAN}]){_SPACES}+(?=[{_HAN}])"
_MIDDLE_DOT = f"{_SPACES}*[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\u0387\u16eb]{_SPACES}*"
_DOT_BETWEEN_HAN = f"(?<=[{_HAN}]){_SPACES}*[.\uff0e]{_SPACES}*(?=[{_HAN}])"
_PLAIN = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
} | dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), 0x20)
_ID_IN_TEXT = r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])|(?<![0-9])[0-9]{15}(?![0-9])"
# Written in one piece or in groups: 13800006217, 138 0000 6217, 138-0000-6217; also the demo school's 123….
_MOBILE_IN_TEXT = r"(?<![0-9])1[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])"


@cache
def pattern(text: str) -> re.Pattern[str]:
    """Compile at the first use: those that name every Chinese character take long, and the first page needs none."""
    return re.compile(text)


def clean(text: str) -> str:
    """Return ``text`` as it may be stored: no control, surrogate, zero-width or direction characters, NFC, plain line ends.

    Tabs, line breaks, spaces and rare characters stay. Applying it twice changes nothing more.
    """
    if text.isascii() and text.isprintable():
        return text
    if not text.isprintable():
        text = pattern("\r\n?").sub("\n", pattern(_UNWANTED).sub("", text))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def normalise_cell(text: str) -> str:
    """Return the content of a spreadsheet cell as a person reads it.

    Full-width digits, Latin letters and every kind of space become the plain ones, the ends
    are stripped. Full-width punctuation stays, it belongs to Chinese text.
    """
    text = clean(text)
    return (text if text.isascii() else text.translate(_PLAIN)).strip()


def normalise_name(text: str) -> str:
    """Return a person's name in one spelling: 张 三 → 张三, every middle dot → ·, single spaces in other scripts."""
    name = normalise_cell(text)
    name = pattern(_MIDDLE_DOT).sub("·", name)
    name = pattern(_DOT_BETWEEN_HAN).sub("·", name)
    name = pattern(_GAP_BETWEEN_HAN).sub("", name)
    return " ".join(name.split())


def mask_id(number: str) -> str:
    """Return an ID number with all but the first 6 and last 4 characters starred; a short one is starred whole."""
    hidden = len(number) - 10
    if hidden < 4:
        return "*" * len(number)
    return number[:6] + "*" * hidden + number[-4:]


def mask_phone(number: str) -> str:
    """Return a phone number with its middle four characters starred; one of fewer than 7 is starred whole."""
    if len(number) < 7:
        return "*" * len(number)
    start = (len(number) - 4) // 2
    return number[:start] + "****" + number[start + 4 :]


def mask_numbers(text: str) -> str:
    """Return free text with the ID and mobile numbers in it masked; other runs of digits stay."""
    text = pattern(_ID_IN_TEXT).sub(lambda found: mask_id(found[0]), text)
    return pattern(_MOBILE_IN_TEXT).sub(lambda found: mask_phone(found[0]), text)


def like_literal(text: str) -> str:
    """Return ``text`` with ``% _`` and the backslash escaped by a backslash, for LIKE with that ESCAPE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
