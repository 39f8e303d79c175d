"""How fast the Excel ledger is written, beside openpyxl giving each cell a style of its own. Run by hand:

    python -m tests.bench.bench_export [--children 5000]

Both write the same texts with the same looks in one process; quote the ratio, not the seconds (goal: at most 0.60).
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import openpyxl
from msgspec.structs import replace
from openpyxl.styles import Alignment, Border, Font, Side

from app.workbook.ledger_book import LedgerHead, write_ledger
from app.workbook.ledger_layout import FIRST_DATA_ROW, MAIN_SHEET
from tests.app.workbook.conftest import DAY, child_number
from tests.bench.results import Result, table

GOAL = 0.60
RUNS = 1
PRINTED_COLUMNS = 16
HEAD = LedgerHead(
    school="青石坪镇中心小学", unit="青石坪镇中心小学", as_of=DAY, counting_words="登记在册的留守儿童"
)


def measure(count: int = 5_000) -> list[Result]:
    """Time both, in turns."""
    children = [replace(child_number(number), categories=()) for number in range(count)]
    ours, floor = [], []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ours.xlsx"
        write_ledger(children[:50], HEAD, out, profile="full")  # imports and caches warm
        for _ in range(RUNS):
            start = time.perf_counter()
            write_ledger(children, HEAD, out, profile="full")
            ours.append(time.perf_counter() - start)
            rows = [
                [cell.value for cell in row]
                for row in openpyxl.load_workbook(out)[MAIN_SHEET].iter_rows(min_row=FIRST_DATA_ROW)
            ]
            start = time.perf_counter()
            _style_per_cell(rows, Path(folder) / "floor.xlsx")
            floor.append(time.perf_counter() - start)
    words = f"ledger export, {count} children × {len(rows[0])} columns"
    middle, style = statistics.median(ours), statistics.median(floor)
    return [Result(words, middle, "s", style, "openpyxl, style per cell", GOAL)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=5_000)
    print(table(measure(parser.parse_args().children)))


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
