"""ID numbers and 学籍号: never cut, never repaired, and what Excel has destroyed stays out (domain.md §9.1, §10.1)."""

import re

from msgspec import Struct

from app.children.roster.reading.text import answer, cell_text
from app.children.roster.sheet import CellValue
from app.core.dates import is_partial_date
from app.core.id_number import inspect_id

_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
_THROUGH_FLOAT = re.compile(r"[0-9]{16,18}\.0+")
_SEPARATORS = re.compile(r"[\s\-'’‘`\"“”]+")
_LOOKS_LIKE_X = str.maketrans("×ХхχΧ✕", "XXXXXX")
# Kept though it may be wrong: at least six letters and digits, and nothing of another script.
_NUMBERLIKE = re.compile(r"(?=(?:[^0-9A-Z]*[0-9A-Z]){6})[!-~]+")
_REGISTRY = re.compile(r"[GJL][0-9]{17}[0-9X]")
_NOT_REGISTERED = ("无户口", "未上户", "没上户", "未落户", "没有户口", "黑户")


class NumberCell(Struct, frozen=True):
    """What a number cell says. ``number`` None with a ``code``: it stays out; with a number: kept and marked.

    ``raw`` is what to show of it; ``birth_date`` and ``sex`` are read from the number, ``birth_hint`` from the exact
    first fourteen digits of a destroyed one. ``no_household``: the cell says the child is not registered anywhere.
    """

    number: str | None = None
    code: str | None = None
    reason: str = ""
    raw: str = ""
    birth_date: str | None = None
    sex: str | None = None
    birth_hint: str | None = None
    is_sound: bool = False
    no_household: bool = False


NO_NUMBER = NumberCell()

_PROBLEMS = {
    "length": ("id_length", "身份证号有 {length} 位，应是 18 位；照原样存着，请照户口本补正"),
    "characters": ("id_characters", "身份证号里有不该有的字符；照原样存着，请照户口本补正"),
    "check_digit": ("id_check_digit", "身份证号最后一位对不上，请看看原件；照原样存着"),
    "birth_date": ("id_birth_date", "身份证号里的出生日期不存在，请看看原件；照原样存着"),
    "fifteen": ("id_fifteen", "身份证号是 15 位的旧号，儿童没有这种号；照原样存着，请照户口本补正"),
}


def read_id_number(value: CellValue, *, adult: bool = False) -> NumberCell:
    """Read an ID number cell. An adult's 15-digit number is an old one and in order."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    text = cell_text(value)
    if not text or answer(text) in ("none", "unknown", "no"):
        return NO_NUMBER
    raw = text
    if len(text) == 18 and text.isascii() and text.isalnum():
        return _inspected(text.upper(), raw, adult=adult)
    text = _SEPARATORS.sub("", text).upper().translate(_LOOKS_LIKE_X)
    if _SCIENTIFIC.fullmatch(text) or _THROUGH_FLOAT.fullmatch(text):
        return _destroyed(raw, "")
    if "*" in text and sum(map(str.isdigit, text)) >= 4:
        reason = "身份证号是遮住一部分的，没有存，请照户口本补上"
        return NumberCell(code="id_masked", reason=reason, raw=raw)
    if any(word in raw for word in _NOT_REGISTERED):
        return NumberCell(code="id_missing", reason="没有上户，还没有身份证号", raw=raw, no_household=True)
    if not _NUMBERLIKE.fullmatch(text):
        return NumberCell(code="id_not_a_number", reason="身份证号一栏里不是号码，没有当号码存", raw=raw)
    return _inspected(text, raw, adult=adult)


def read_registry_no(value: CellValue) -> NumberCell:
    """Read a 学籍号 cell: G, J or L and 18 characters; another shape is kept and marked."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= 1e15:
            return _destroyed(_shown(value), "", registry=True)
        text = cell_text(value)
    else:
        text = cell_text(value)
    if not text or answer(text) in ("none", "unknown", "no"):
        return NO_NUMBER
    raw, text = text, _SEPARATORS.sub("", text).upper()
    if _SCIENTIFIC.fullmatch(text) or _THROUGH_FLOAT.fullmatch(text):
        return _destroyed(raw, "", registry=True)
    if "*" in text:
        return NumberCell(code="registry_masked", reason="学籍号是遮住一部分的，没有存", raw=raw)
    if not _NUMBERLIKE.fullmatch(text):
        return NumberCell(code="registry_not_a_number", reason="学籍号一栏里不是号码，没有当号码存", raw=raw)
    if not _REGISTRY.fullmatch(text):
        reason = "学籍号应是 G、J 或 L 加 18 位；照原样存着，请核对"
        return NumberCell(number=text, code="registry_shape", reason=reason, raw=raw)
    return NumberCell(number=text, raw=raw, is_sound=True)


def _from_number(value: float) -> NumberCell:
    if abs(value) >= 1e15 and float(value).is_integer():
        return _destroyed(_shown(value), _shown(value)[:15])
    if value == 0:
        return NO_NUMBER
    digits = cell_text(value)
    if not float(value).is_integer():
        return NumberCell(code="id_not_a_number", reason="身份证号一栏里不是号码，没有当号码存", raw=digits)
    return _inspected(digits, digits, adult=False)


def _shown(value: float) -> str:
    """Return the fifteen digits that Excel kept of a long number, with ? for those it lost.

    Written out as an integer the number would show other digits than those: binary fractions round.
    """
    mantissa, _, exponent = f"{abs(value):.14e}".partition("e")
    digits = mantissa.replace(".", "")
    return digits + "?" * (int(exponent) + 1 - len(digits))


def _destroyed(raw: str, digits: str, *, registry: bool = False) -> NumberCell:
    what = "学籍号" if registry else "身份证号"
    code = "registry_destroyed" if registry else "id_destroyed"
    hint, birth = "", None
    if len(digits) == 15:
        day = f"{digits[6:10]}-{digits[10:12]}-{digits[12:14]}"
        birth = day if is_partial_date(day) else None
        hint = f"（前面可参考：地区 {digits[:6]}" + (f"，出生 {birth}）" if birth else "）")
    reason = f"{what}已失真：Excel 把它存成了数字，后几位没有了{hint}；没有存，请照户口本补上"
    return NumberCell(code=code, reason=reason, raw=raw, birth_hint=birth)


def _inspected(text: str, raw: str, *, adult: bool) -> NumberCell:
    finding = inspect_id(text)
    if finding.problem is None or (adult and finding.problem == "fifteen"):
        return NumberCell(finding.number, None, "", raw, finding.birth_date, finding.sex, is_sound=True)
    code, reason = _PROBLEMS[finding.problem]
    return NumberCell(
        number=finding.number or text,
        code=code,
        reason=reason.format(length=len(text)),
        raw=raw,
        birth_date=finding.birth_date,
        sex=finding.sex,
    )
