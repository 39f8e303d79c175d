"""How long a verified copy of a 125 MB ledger takes, beside its floors. Run by hand, on an idle computer:

    python -m tests.bench.bench_copy [--megabytes 125] [--container]

Floors and copy are timed in one process on one disk; quote the ratios, not the seconds (goal: at most 2.5 s with
read-back on the computer of measurements.md, whose floors were: copy + fsync 0.10, VACUUM INTO 0.38, sha256 0.16,
integrity_check 1.05 s). The home of settings is set aside, so nothing of this computer's user is touched.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlcipher3 import dbapi2

from app.core.clock import FixedClock
from app.core.files import sha256_of
from app.storage.store import Store
from tests.app.storage.ledgers import fill
from tests.bench.results import Result, table

RUNS = 5
GOAL = 2.5


def measure(megabytes: int = 125, *, container: bool = False) -> list[Result]:
    """Build the ledger, time the floors and the copy."""
    from app.storage.copy import verified_copy, verify_file

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_DATA_HOME"] = str(folder / "home")
        ledger = folder / "守望.db"
        clock = FixedClock(datetime(2026, 11, 21, 9))
        build(ledger, clock, megabytes)
        floors = {
            "copy + fsync": median(lambda: copy_and_sync(ledger, folder / "copy")),
            "VACUUM INTO": median(lambda: vacuum(ledger, folder / "vacuumed")),
            "sha256": median(lambda: sha256_of(ledger)),
            "integrity_check": median(lambda: pragma(ledger, "integrity_check")),
            "quick_check": median(lambda: pragma(ledger, "quick_check")),
        }
        target = folder / "stick"
        target.mkdir()
        with Store.open(ledger, clock=clock) as store:
            seconds = median(lambda: verified_copy(store, target, "守望", clock=clock))
            newest = max(target.glob("*.db"))
            verifying = median(lambda: verify_file(newest))
            extra = bench_container(store, target, clock) if container else []
    parts = sum(floors.values()) + floors["sha256"]  # its parts; the sum of the file is made and read back
    return [
        Result(f"verified copy, {megabytes} MB", seconds, "s", parts, "sum of its parts", limit=GOAL),
        Result("  looking at a copy again", verifying, "s", floors["integrity_check"], "integrity_check"),
        *(Result(f"  floor: {words}", took, "s") for words, took in floors.items()),
        *extra,
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=125)
    parser.add_argument("--container", action="store_true", help="also time the encrypted stick copy")
    options = parser.parse_args()
    print(table(measure(options.megabytes, container=options.container)))


def bench_container(store: Store, target: Path, clock: FixedClock) -> list[Result]:
    """Time one encrypted copy; compressing and the key derivation are most of it."""
    from app.storage.stick import copy_to_stick

    start = time.perf_counter()
    result = copy_to_stick(store, target, audience="town", passphrase="一句别人想不到的话", clock=clock)
    seconds = time.perf_counter() - start
    return [Result(f"  encrypted copy, {result.size / 1024**2:.1f} MB", seconds, "s")]


def build(path: Path, clock: FixedClock, megabytes: int) -> None:
    """Fill a ledger with children and notes until it has the size, by plain SQL inside one action."""
    with Store.create(path, clock=clock) as store:
        fill(store)
        pages = megabytes * 1024**2 // store.one("PRAGMA page_size")[0]
        number = 0
        while store.one("PRAGMA page_count")[0] < pages:
            with store.action("填满", kind="bench") as action:
                numbers = range(number + 1, number + 2001)
                number += 2000
                story = "次家访：奶奶身体还好，孩子作业按时交，下次带一双手套。"
                store.db.insert_columns(
                    "child",
                    {
                        "uuid": [str(uuid4()) for _ in numbers],
                        "entered_at": [action.at for _ in numbers],
                        "name": [f"孩子{one}" for one in numbers],
                        "note": [f"第 {one} {story}" * 6 for one in numbers],
                    },
                )


def median(work: Callable[[], object]) -> float:
    """Run some work and return the median of its seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def copy_and_sync(source: Path, target: Path) -> None:
    """Copy a file the plain way, onto the disk."""
    with source.open("rb") as given, target.open("wb") as out:
        while block := given.read(1024 * 1024):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())


def vacuum(source: Path, target: Path) -> None:
    """Let SQLite write the file anew."""
    target.unlink(missing_ok=True)
    connection = dbapi2.connect(str(source), isolation_level=None)
    connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()


def pragma(source: Path, name: str) -> None:
    """Run one of SQLite's own checks."""
    connection = dbapi2.connect(str(source))
    connection.execute(f"PRAGMA {name}").fetchall()
    connection.close()


if __name__ == "__main__":
    main()
