"""The big school that the parts about the care work are measured on: 5,000 children, two years, some 300,000 records.

Making it takes a minute, so it is kept below ``build/`` and made anew only when what makes it has changed.
"""

import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from app.core.clock import FixedClock

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench"
MADE_AT = datetime(2026, 11, 21, 8)
MADE_OF = ("app/tasks/demo", "app/storage/migrations")


def big_school(children: int = 5000, years: int = 2) -> Path:
    """Return the closed ledger of the school; to be copied or read, never to be worked on."""
    path = KEPT / f"school-{children}-{years}-{_what_makes_it()}.db"
    if not path.exists():
        for older in KEPT.glob(f"school-{children}-{years}-*.db"):
            older.unlink()
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            made = Path(folder) / "守望.db"
            # In a process of its own: its memory is not that of what is measured.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
                other.submit(_make, made, children, years, str(Path(folder) / "home")).result()
            made.replace(path)
    return path


def copy_school(to: Path, children: int = 5000, years: int = 2) -> None:
    """Put a copy of the school at ``to``."""
    shutil.copyfile(big_school(children, years), to)


def _make(path: Path, children: int, years: int, home: str) -> None:
    os.environ["XDG_DATA_HOME"] = home
    from app.tasks.demo import make_demo

    make_demo(path, clock=FixedClock(MADE_AT), children=children, years=years)


def _what_makes_it() -> str:
    found = sha256()
    for folder in MADE_OF:
        for file in sorted((ROOT / folder).glob("*.py")):
            found.update(file.read_bytes())
    return found.hexdigest()[:12]
