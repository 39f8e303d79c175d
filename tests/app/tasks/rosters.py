"""Small rosters for tests: real workbooks, invented children."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from stdnum.iso7064 import mod_11_2

AREA = "511325"


def id_number(birth: str = "20170520", serial: int = 12, *, girl: bool = True, area: str = AREA) -> str:
    """Return a sound ID number; ``serial`` 0–49 tells children of one birthday apart."""
    body = f"{area}{birth}{serial * 2 + (0 if girl else 1):03d}"
    return body + str(mod_11_2.calc_check_digit(body))


def write_roster(
    path: Path, *rows: list[object], header: list[str], sheet: str = "花名册", **sheets: object
) -> Path:
    """Write a workbook with one sheet (``sheets``: name → rows for further ones) and return its path."""
    book = Workbook()
    first = book.active
    first.title = sheet
    for row in (header, *rows):
        first.append(row)
    for name, more in sheets.items():
        other = book.create_sheet(name)
        for row in more:
            other.append(row)
    book.save(path)
    return path
