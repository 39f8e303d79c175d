"""How a name is read, for searching and sorting.

pypinyin gives characters their most frequent reading; surnames often have another. The tables
here go first, all other readings stay findable. pypinyin is imported at the first use, without
its phrases (names are no phrases, and loading them takes four times as long).
"""

import os
import unicodedata
from functools import lru_cache
from itertools import islice, product

# Surnames whose usual reading as a surname is not the character's most frequent one.
_SURNAMES = {
    "曾": "zēng", "单": "shàn", "查": "zhā", "解": "xiè", "仇": "qiú", "区": "ōu", "覃": "qín", "盖": "gě",
    "任": "rén", "华": "huà", "朴": "piáo", "缪": "miào", "纪": "jǐ", "员": "yùn", "宁": "nìng", "乐": "yuè",
    "翟": "zhái", "隗": "wěi", "牟": "mù", "种": "chóng", "祭": "zhài", "折": "shé", "黑": "hè", "秘": "bì",
    "繁": "pó", "薄": "bó", "卜": "bǔ", "那": "nā", "句": "gōu", "阚": "kàn", "燕": "yān", "么": "yāo",
    "佴": "nài", "乜": "niè", "撒": "sǎ", "葛": "gě", "哈": "hǎ", "过": "guō", "占": "zhān", "相": "xiàng",
    "都": "dū", "郇": "xún", "肖": "xiāo", "召": "shào", "洗": "xiǎn", "长": "cháng", "重": "chóng",
}  # fmt: skip

# Surnames of two characters; the others are read character by character.
COMPOUND_SURNAMES = {
    "尉迟": "yù chí", "万俟": "mò qí", "长孙": "zhǎng sūn", "令狐": "líng hú", "澹台": "tán tái", "单于": "chán yú",
    "皇甫": "huáng fǔ", "诸葛": "zhū gě", "夏侯": "xià hóu", "鲜于": "xiān yú", "闾丘": "lǘ qiū", "亓官": "qí guān",
    "子车": "zǐ jū", "乐正": "yuè zhèng", "宰父": "zǎi fǔ", "谷梁": "gǔ liáng", "拓跋": "tuò bá", "夹谷": "jiá gǔ",
    "欧阳": "ōu yáng", "上官": "shàng guān", "司马": "sī mǎ", "公孙": "gōng sūn", "慕容": "mù róng",
    "呼延": "hū yán", "端木": "duān mù", "司徒": "sī tú", "轩辕": "xuān yuán", "独孤": "dú gū", "南宫": "nán gōng",
    "申屠": "shēn tú", "公冶": "gōng yě", "濮阳": "pú yáng", "淳于": "chún yú", "赫连": "hè lián",
    "钟离": "zhōng lí", "仲孙": "zhòng sūn", "完颜": "wán yán", "耶律": "yē lǜ", "东郭": "dōng guō",
}  # fmt: skip

# Given-name characters whose first reading in the dictionary is not the one of names, or that it does not know.
_GIVEN = {"子": "zǐ", "卜": "bǔ", "薄": "bó", "𠮷": "jí", "茜": "qiàn", "晟": "shèng"}

# More spellings of one name than this are not kept: a name of five characters with three readings each has 243.
_MOST_VARIANTS = 64


def readings(name: str) -> str:
    """Return the likely reading of a name: lower-case syllables without tones, joined by spaces (``qin yan``).

    ü is written v. Characters nobody can read stay as they are, middle dots fall away.
    """
    return " ".join(_toneless(syllable) for syllable in _syllables(name))


def with_tones(name: str) -> str:
    """Return the likely reading of a name with tone marks (``qín yàn``)."""
    return " ".join(_syllables(name))


def initials(name: str) -> str:
    """Return the first letters of the likely reading (``qy``)."""
    return "".join(syllable[0] for syllable in readings(name).split())


def search_key(name: str) -> str:
    """Return all spellings by which a name may be typed, joined by spaces: initials and whole readings.

    The likely ones come first, then those with the other readings of each character; ü is there
    as v and as u.
    """
    pieces = [_toneless(syllable) for syllable in _syllables(name)]
    choices = [_in_order(piece, reading) for piece, reading in zip(pieces, _all_readings(name), strict=True)]
    variants = list(islice(product(*choices), _MOST_VARIANTS)) if choices else []
    letters = dict.fromkeys("".join(syllable[0] for syllable in variant) for variant in variants)
    whole = dict.fromkeys("".join(variant) for variant in variants)
    return " ".join((*letters, *whole))


def _syllables(name: str) -> list[str]:
    """Return one toned syllable per character, the surname by its own table."""
    parts = _parts(name)
    text = "".join(parts)
    if text[:2] in COMPOUND_SURNAMES and len(text) > 2:
        return [*COMPOUND_SURNAMES[text[:2]].split(), *map(_given, parts[2:])]
    # A surname stands before a given name; a single character is read as a surname too.
    return [
        _SURNAMES.get(part) or _given(part) if place == 0 else _given(part)
        for place, part in enumerate(parts)
    ]


def _all_readings(name: str) -> list[tuple[str, ...]]:
    return [_readings_of(part) for part in _parts(name)]


def _parts(name: str) -> list[str]:
    """Return the characters to be read: each Han character, each run of Latin letters and digits."""
    parts: list[str] = []
    joins = False
    for character in name:
        is_plain = character.isascii() and character.isalnum()
        if is_plain and joins:
            parts[-1] += character
        elif character.isalnum():
            parts.append(character)
        joins = is_plain
    return parts


def _given(part: str) -> str:
    return _GIVEN.get(part) or _dictionary(part)[0]


@lru_cache(maxsize=8192)
def _readings_of(part: str) -> tuple[str, ...]:
    """Return the readings of one part without tones, ü as v and as u."""
    plain = dict.fromkeys(_toneless(reading) for reading in _dictionary(part))
    plain.update(dict.fromkeys(reading.replace("v", "u") for reading in plain if not part.isascii()))
    return tuple(plain)


@lru_cache(maxsize=8192)
def _dictionary(part: str) -> tuple[str, ...]:
    if part.isascii():
        return (part.lower(),)
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    (found,) = pinyin(part, style=Style.TONE, heteronym=True) or [[part]]
    return tuple(found)


def _in_order(first: str, others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((first, *others)))


@lru_cache(maxsize=2048)  # Chinese has some thirteen hundred
def _toneless(syllable: str) -> str:
    """Return a syllable without its tone mark; ü becomes v, as it is typed."""
    decomposed = unicodedata.normalize("NFD", syllable.lower().replace("ü", "v"))
    decomposed = decomposed.replace("u\u0308", "v")
    kept = "".join(mark for mark in decomposed if unicodedata.category(mark) != "Mn")
    return unicodedata.normalize("NFC", kept)
