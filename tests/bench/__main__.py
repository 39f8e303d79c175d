"""All speeds of measurements.md §5 that the window and the command line have by now, as one table. Run by hand:

    python -m tests.bench [name …]        # start list import export copy paper care calls log gaps; all when none is named

On an idle computer, some minutes. Each part runs in a process of its own; ratios are of one run, beside floors
measured in that run. Nothing here is a test: times depend on the computer.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.bench.results import measured, table

PARTS = {
    "start": "bench_start",
    "list": "bench_ledger_list",
    "import": "bench_import",
    "export": "bench_export",
    "copy": "bench_copy",
    "paper": "bench_paper",
    "care": "bench_care",
    "calls": "bench_calls",
    "log": "bench_calls_log",
    "gaps": "bench_gaps",
}


def main() -> None:
    """Measure what is named and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS])
    wanted = parser.parse_args().parts or list(PARTS)
    rows = []
    for part in wanted:
        print(f"{part} …", file=sys.stderr, flush=True)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
            rows += other.submit(measured, PARTS[part]).result()
    print(table(rows))


if __name__ == "__main__":
    main()
