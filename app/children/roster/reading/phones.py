"""Phone numbers: several to a cell, with a word for whose each is; odd ones are kept and marked."""

import itertools
import re

from msgspec import Struct

from app.children.roster.reading.text import answer, cell_text
from app.children.roster.sheet import CellValue

_NUMBER = re.compile(
    r"(?:\+?86[- ]?)?(1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4})(?![0-9])"
    r"|(?<![0-9])(\(?0[0-9]{2,3}\)?[- ]?[0-9]{7,8})(?![0-9])"
    r"|(?<![0-9])([0-9][0-9\-]{2,}[0-9])(?![0-9])"
)
_SCIENTIFIC = re.compile(r"[0-9]\.[0-9]+[eE]\+[0-9]{2}")
_LABEL_EDGES = " \t\n:：、,，;；/／|.。·-—－()（）[]【】＋+"
_EMPTY_LABEL = frozenset(
    {"电话", "手机", "联系电话", "手机号", "号码", "tel", "或", "和", "及", "Tel", "TEL"}
)
_MOBILE = re.compile(
    r"1[0-9]{10}"
)  # judged by its length: new prefixes come up, and invented people have 123…
_LANDLINE = re.compile(r"0[0-9]{9,11}|[2-8][0-9]{6,7}")


class PhoneCell(Struct, frozen=True):
    """The numbers of one cell, each with the word beside it (父, 奶奶), or a doubt about the cell."""

    numbers: tuple[tuple[str, str | None], ...] = ()
    code: str | None = None
    reason: str = ""
    raw: str = ""


NO_PHONE = PhoneCell()


def read_phones(value: CellValue) -> PhoneCell:
    """Read a phone cell; 0 and 无 are blank, an odd length only marks the cell."""
    text = cell_text(value)
    if _MOBILE.fullmatch(text):
        return PhoneCell(((text, None),), raw=text)
    if not text or text.strip("0") == "" or answer(text) in ("none", "unknown", "no"):
        return NO_PHONE
    if _SCIENTIFIC.search(text) and "+" in text:
        reason = "电话已失真：Excel 把它存成了数字；没有存，请问清楚补上"
        return PhoneCell(code="phone_destroyed", reason=reason, raw=text)
    if "*" in text:
        return PhoneCell(code="phone_masked", reason="电话是遮住一部分的，没有存", raw=text)
    found = list(_NUMBER.finditer(text))
    if not found:
        return PhoneCell(code="phone_not_a_number", reason="电话一栏里不是号码，没有当号码存", raw=text)
    numbers = _labelled(text, found)
    odd = [number for number, _ in numbers if not is_usual(number)]
    if odd:
        return PhoneCell(
            numbers, "phone_length", f"电话 {len(odd[0])} 位，位数不对；照原样存着，请核对", text
        )
    return PhoneCell(numbers, raw=text)


def is_usual(number: str) -> bool:
    """Tell whether the number has the shape of a mobile or a landline."""
    return bool(_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number))


def _labelled(text: str, found: list[re.Match[str]]) -> tuple[tuple[str, str | None], ...]:
    """Pair each number with the word before it; where words stand behind their numbers, with the word behind."""
    gaps = [text[: found[0].start()]]
    gaps += [text[left.end() : right.start()] for left, right in itertools.pairwise(found)]
    gaps.append(text[found[-1].end() :])
    words = [_label(gap) for gap in gaps]
    behind = not words[0] and words[-1] is not None
    labels = words[1:] if behind else words[:-1]
    if len(found) == 1:
        labels = [words[0] or words[1]]
    seen: dict[str, str | None] = {}
    for match, label in zip(found, labels, strict=True):
        seen.setdefault(_digits(match), label)
    return tuple(seen.items())


def _label(gap: str) -> str | None:
    word = "".join(gap.strip(_LABEL_EDGES).split()).strip(_LABEL_EDGES)
    return word if word and word not in _EMPTY_LABEL and len(word) <= 12 else None


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"[^0-9]", "", next(group for group in match.groups() if group))
