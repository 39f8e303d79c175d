"""How fast the Excel ledger is written, beside openpyxl giving each cell a style of its own. Run by hand:

    python -m tests.bench.bench_export [--children 5000]

Both write the same texts with the same looks in one process; quote the ratio, not the seconds (goal: at most 0.60).
"""

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side

from app.workbook.ledger_book import LedgerHead, write_ledger
from app.workbook.ledger_layout import FIRST_DATA_ROW, MAIN_SHEET
from tests.app.workbook.conftest import DAY, child_number

GOAL = 0.60
PRINTED_COLUMNS = 16
HEAD = LedgerHead(
    school="青石坪镇中心小学", unit="青石坪镇中心小学", as_of=DAY, counting_words="登记在册的留守儿童"
)


def main() -> None:
    """Time both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=5_000)
    count = parser.parse_args().children
    children = [replace(child_number(number), categories=()) for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        ours = Path(folder) / "ours.xlsx"
        write_ledger(children[:50], HEAD, ours, profile="full")  # imports and caches warm
        start = time.perf_counter()
        write_ledger(children, HEAD, ours, profile="full")
        our_seconds = time.perf_counter() - start
        rows = [
            [cell.value for cell in row]
            for row in openpyxl.load_workbook(ours)[MAIN_SHEET].iter_rows(min_row=FIRST_DATA_ROW)
        ]
        start = time.perf_counter()
        _style_per_cell(rows, Path(folder) / "floor.xlsx")
        floor_seconds = time.perf_counter() - start
    cells = sum(len(row) for row in rows)
    print(f"{count} children, {cells} cells ({len(rows[0])} columns)")
    print(f"ours          {our_seconds:6.2f} s")
    print(f"style a cell  {floor_seconds:6.2f} s")
    print(f"ratio         {our_seconds / floor_seconds:6.2f}   goal <= {GOAL}")


def _style_per_cell(rows: list[list[object]], out: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    thin = Side(style="thin", color="FF8C8474")
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is None and column > PRINTED_COLUMNS:
                continue  # we leave these out as well
            cell = sheet.cell(number, column, value)
            cell.font = Font(name="宋体", size=9)
            cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.number_format = "@"
    book.save(out)


if __name__ == "__main__":
    main()
