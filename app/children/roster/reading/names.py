"""Names: one spelling, the nickname in brackets apart, and what else people write into a name cell."""

import re
from functools import cache

from msgspec import Struct

from app.children.roster.reading.text import answer, cell_text
from app.children.roster.sheet import CellValue
from app.children.roster.words import codes, plain_word
from app.core.pinyin import COMPOUND_SURNAMES
from app.core.text import normalise_name

_BRACKETED = re.compile(r"[（(\[【〔［]([^）)\]】〕］]*)[）)\]】〕］]")
_OPEN_BRACKET = re.compile(r"[（(\[【〔［].*$", re.DOTALL)
_PLAIN = re.compile("[\u4e00-\u9fff]{2,4}")
_SPLIT = re.compile(r"[、,，;；/／\n|＋+&]|以及")
_AND = re.compile("[和与]")  # also a character of names (张和平): it separates only what are whole names
_NOT_ONE_NAME = re.compile("[0-9、,，;；/／|+]|\n")
_STRAY = re.compile(r"^[*★☆※.、,，]+|[*★☆※、,，。.]+$")
_SIGNS = "*＊★☆※△▲▽▼●○◎■□◆◇√✓✔#＃"
_SIGN = re.compile(f"[{_SIGNS}]+")
_MASKED = re.compile("[\u4e00-\u9fff]?[*＊○●×]+[\u4e00-\u9fff]?|[\u4e00-\u9fff]{2,3}[*＊○●×]+[\u4e00-\u9fff]")
_BETWEEN = "-—–－_ \n\t\u3000/／|、,，;；:：.。"
_BEFORE_TAIL = re.compile(f"(?:已经?|现|于?(?:[0-9]{{2,4}}年)?[0-9]{{1,2}}月份?|[{_BETWEEN}])+$")
_NOT_BEHIND = re.compile("([\u3400-\u9fff]{2,4})[ \u3000]+((?:尚|还|并)?[未没].+)")  # 张三 未转走
_SEX_BEHIND = re.compile("([\u3400-\u9fff]{2,4})[ \u3000]+([男女])")
# A running number before the name: 1.张三, 2、李四, (3)王五, ④赵六, 05钱七.
_NUMBERED = re.compile(
    "(?:[0-9]{1,3}[.．、)）:： ]*|[(（][0-9]{1,3}[)）]|[\u2460-\u2473]) *(?=[\u3400-\u9fff]{2})"
)
_LIKE_A_NAME = re.compile("[\u3007\u3400-\u9fff\U00020000-\U0003ffffA-Za-z·]+|[A-Za-z·. '-]+")
_SHORTEST_TAIL = 2  # characters: a single one may end a name
_A_NAME = re.compile("[\u3400-\u9fff\U00020000-\U0003ffffA-Za-z·•・．. \n]{2,}")
_ABOUT_THE_CHILD = ("category", "status", "health", "disability", "schooling", "boarding")


class NameCell(Struct, frozen=True):
    """A name in one spelling and the bracket text beside it; ``is_odd`` when it does not look like a name."""

    name: str = ""
    note: str | None = None
    is_odd: bool = False


def read_name(value: CellValue) -> NameCell:
    """Read the name of one person; "" when the cell names nobody."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and answer(value) is None:
        return NameCell(value)
    text = _STRAY.sub("", cell_text(value))
    if not text or answer(text) in ("none", "unknown", "no"):
        return NameCell()
    notes = [note.strip() for note in _BRACKETED.findall(text) if note.strip()]
    closed = _BRACKETED.sub("", text)
    bare = _OPEN_BRACKET.sub("", closed).strip()
    if bare and (unclosed := closed.strip().removeprefix(bare).strip("（([【〔［ \n")):
        notes.append(unclosed)
    if not bare:
        bare, notes = text, []
    name = normalise_name(bare.replace("\n", " "))
    return NameCell(name, "；".join(notes) or None, bool(_NOT_ONE_NAME.search(bare.strip())))


class ChildName(Struct, frozen=True):
    """A child's name cell: the name, and apart from it what rosters write beside one.

    ``note`` is another name (小名), ``remark`` what was said of the child there (转走, 休学, 孤儿), ``sign`` a mark whose
    meaning the sheet explains elsewhere, if at all. ``gone``: the remark may mean that the child is no longer here.
    ``is_masked``: stars stand for characters of the name.
    """

    name: str = ""
    note: str | None = None
    remark: str = ""
    sign: str = ""
    gone: bool = False
    is_odd: bool = False
    is_masked: bool = False


def read_child_name(value: CellValue) -> ChildName:
    """Read a child's name cell; nothing that stands beside the name becomes part of it, nothing is dropped."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value[-_SHORTEST_TAIL:] not in _remarks():
        return ChildName() if answer(value) is not None else ChildName(value)
    text = cell_text(value)
    if not text or answer(text) in ("none", "unknown", "no"):
        return ChildName()
    if _MASKED.fullmatch("".join(text.split())):
        return ChildName("".join(text.split()), is_masked=True)
    sign = signs_in(text)
    without = _SIGN.sub("", text).strip()
    if (numbered := _NUMBERED.match(without)) is not None:
        without = without[numbered.end() :]
    bare, tail = _without_tail(without)
    read = read_name(bare)
    name = read.name.strip("（()）[]【】")
    if not name or name in _remarks():
        return ChildName(sign=sign)
    notes = read.note.split("；") if read.note else []
    remarks = [note for note in notes if _is_remark(note)] + ([tail] if tail else [])
    others = [note for note in notes if not _is_remark(note)]
    return ChildName(
        name,
        "；".join(others) or None,
        "；".join(remarks),
        sign,
        gone=any(_means_gone(remark) for remark in remarks),
        is_odd=read.is_odd or name != read.name or _LIKE_A_NAME.fullmatch(name) is None,
    )


def signs_in(text: str) -> str:
    """Return the different signs (*, △ …) in a text, in its order."""
    return "".join(dict.fromkeys("".join(_SIGN.findall(text))))


def _without_tail(text: str) -> tuple[str, str]:
    """Return a name and what was said behind it without brackets: 张三 已转走, 李四-休学."""
    sex = _SEX_BEHIND.fullmatch(text)
    if sex is not None:
        return sex[1], sex[2]
    denied = _NOT_BEHIND.fullmatch(text)
    if denied is not None and _is_remark(denied[2]):
        return denied[1], denied[2]
    whole = "".join(text.split()) if _A_NAME.fullmatch(text) else text
    tails = [word for word in _remarks() if len(word) >= _SHORTEST_TAIL and whole.endswith(word)]
    if not tails:
        return text, ""
    before = whole.removesuffix(max(tails, key=len))
    name = _BEFORE_TAIL.sub("", before)
    if _A_NAME.fullmatch(name) is None:
        return text, ""  # nothing that could be a name stands before it: it is one
    if name == before and name in COMPOUND_SURNAMES:
        return text, ""  # nobody is called by the surname alone: 欧阳新生
    return name, whole[len(name) :].strip(_BETWEEN)


@cache
def _remarks() -> frozenset[str]:
    return frozenset(codes("name_remark"))


def _is_remark(note: str) -> bool:
    word = plain_word(note)
    return (
        word in _remarks()
        or any(len(known) >= _SHORTEST_TAIL and known in word for known in _remarks())
        or any(word in codes(section) for section in _ABOUT_THE_CHILD)
    )


def _means_gone(remark: str) -> bool:
    word, kinds = plain_word(remark), codes("name_remark")
    found = [
        known
        for known in kinds
        if known == word
        or (len(known) >= _SHORTEST_TAIL and re.search(f"(?<![未没不])(?<!没有)(?<!不是){known}", word))
    ]
    return bool(found) and kinds[max(found, key=len)] == "gone"


def split_names(text: str) -> list[str]:
    """Return the parts of a cell that names several people: 刘顺昌、何玉梅."""
    parts: list[str] = []
    for part in _SPLIT.split(text):
        pieces = [piece.strip() for piece in _AND.split(part)]
        parts += pieces if all(len(piece) >= 2 for piece in pieces) else [part.strip()]
    return [part for part in parts if part]
