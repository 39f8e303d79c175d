"""Whether a list holds children, by itself or to the right of another one: parents must never become children unasked."""

import math
import re
from collections.abc import Iterator
from datetime import date
from statistics import median_low

from app.children.roster.header import HeaderColumn, is_known
from app.children.roster.model import SheetMapping
from app.children.roster.reading.dates import read_date
from app.children.roster.reading.text import cell_text

NOT_OF_PUPILS = (
    "右边的这张表看不出是儿童还是家长。是儿童，就在选文件这一步把它勾上；"
    "是家长，请把表里的「姓名」改成「监护人姓名」，再选一次文件"
)
GROWN_UPS = (
    "按身份证号、出生日期或年龄，上面的人多半是大人，不像学生，请核对。真是儿童，就在选文件这一步把它勾上；"
    "是家长或教职工，不要当儿童导入"
)
_ONLY_A_PUPILS = ("class.name", "class.grade", "child.student_registry_no", "child.student_no")
_DATED = ("child.birth_date", "child.id_number")
_AGE = "skip:年龄"
_FEWEST_KNOWN = 3
_OLDEST_PUPIL = 20
"""Years of age; whoever is older on a school's list is a grown-up."""
_SURELY_GROWN_UP = 25
_SLIPS = 3  # a parent's number in a child's line happens once or twice, and is marked there
_YOUNGEST_PARENT = 14
"""Years before the middle child of the left-hand list: more than lies between two pupils of one school."""
_LATEST_TWO_DIGITS = 2049  # a parent's 85 is 1985, a child's 12 is 2012
_OTHERS_NAME = re.compile("(?!child|class)[a-z0-9_]+[.]name")
_OWN_AGE = re.compile("(?:学生|儿童|孩子|本人)?(?:年龄|周岁|实足年龄|岁数)")
_FEW = 10  # one grown-up in so many is a slip of the pen
_GROWN_UPS = re.compile("家长|父母|父亲|母亲|监护|教师|职工")
_YEAR_IN_NUMBER = re.compile("[0-9]{6}((?:19|20)[0-9]{2})[0-9]{7}[0-9Xx]")


def is_of_pupils(left: SheetMapping, right: SheetMapping) -> bool:
    """Tell whether a right-hand list holds children, beside a left-hand one under the same header.

    It needs what only a pupil's list has, filled in, or three known columns besides a telephone; whatever ages or births
    it gives have to be those of pupils, and no title of its own may speak of grown-ups.
    """
    if _says_grown_ups(left, right):
        return False
    told = [age > _OLDEST_PUPIL for age in _ages(right)]
    born, dated = _births(left), _births(right)
    if dated and not born:
        return False
    told += [year < median_low(born) - _YOUNGEST_PARENT for year in dated]
    if told:
        return sum(told) * _FEW <= len(told)
    if any(any(_texts(left, target)) and not any(_texts(right, target)) for target in _ONLY_A_PUPILS):
        return False
    return any(any(_texts(right, target)) for target in _ONLY_A_PUPILS) or _known(left) >= _FEWEST_KNOWN


def are_grown_ups(mapping: SheetMapping, today: date) -> bool:
    """Tell whether most people of a list are over 25, by number, birth or age, where most of them say one of these."""
    ages = [today.year - year for year in _births(mapping)] or _ages(mapping)
    grown_up = sum(age > _SURELY_GROWN_UP for age in ages)
    return grown_up >= _SLIPS and mapping.rows < 2 * len(ages) and len(ages) < 2 * grown_up


def _known(mapping: SheetMapping) -> int:
    phones = {c.column for c in mapping.choices if (c.target or "").endswith("phone")}
    columns: tuple[HeaderColumn, ...] = mapping.header.columns if mapping.header is not None else ()
    return sum(bool(one.parts) and is_known(one.parts[-1]) for one in columns if one.column not in phones)


def _says_grown_ups(left: SheetMapping, right: SheetMapping) -> bool:
    return any(_GROWN_UPS.search(text) for text in set(_titles(right)) - set(_titles(left)))


def _titles(mapping: SheetMapping) -> Iterator[str]:
    first = mapping.header.first_row if mapping.header is not None else 0
    for number, row in mapping.sheet.numbered():
        if number < first:
            yield from filter(None, map(cell_text, row))


def _texts(mapping: SheetMapping, target: str) -> Iterator[str]:
    for _, cells, _ in mapping.found.rows if mapping.found is not None else ():
        if target in cells:
            yield "".join(cells[target][0].text.split())


def _ages(mapping: SheetMapping) -> list[int]:
    """Return the ages a list gives of the people it is about: 监护人年龄, or 年龄 behind 监护人, is somebody else's."""
    others = [c.column for c in mapping.choices if _OTHERS_NAME.fullmatch(c.target or "")]
    behind = min(others, default=math.inf)
    found = []
    for _, cells, _ in mapping.found.rows if mapping.found is not None else ():
        for cell in cells.get(_AGE, ()):
            is_own = cell.column < behind and _OWN_AGE.match("".join(cell.header.split()))
            if is_own and (age := re.match("[0-9]{1,3}", "".join(cell.text.split()))):
                found.append(int(age[0]))
    return found


def _births(mapping: SheetMapping) -> list[int]:
    """Return the years of birth that a list gives, by its dates or its numbers."""
    years = [
        int(found[1]) for text in _texts(mapping, _DATED[1]) if (found := _YEAR_IN_NUMBER.fullmatch(text))
    ]
    for _, cells, _ in mapping.found.rows if mapping.found is not None else ():
        if _DATED[0] in cells:
            value = read_date(
                cells[_DATED[0]][0].value,
                latest_year=_LATEST_TWO_DIGITS,
                of_child=False,
                base_1904=mapping.sheet.serial_base_1904,
            ).value
            years += [int(value[:4])] if value else []
    return years
