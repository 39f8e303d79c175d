"""The care work at 5,000 children and 300,000 records: every read beside plain SQL for the same rows. Run by hand:

    python -m tests.bench.bench_care [--children 5000] [--only TEXT]

The floor of a read is one plain statement that fetches what the read rests on, from the same open file in turn with it:
no dataclasses, no words, no rules. Both are counted in processor time of the one thread: everything is in memory after
the first round, and other programs do not stretch it. The note says how many statements ours runs and what those take
by themselves, so that a read is seen that asks child by child. A register is measured beside openpyxl writing the same
cells with a style of their own. Quote ratios, not milliseconds.
"""

import argparse
import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from app.core.clock import FixedClock
from app.storage.store import Store
from app.todo import kept
from tests.bench.results import Result, table
from tests.bench.school import copy_school

RUNS = 5
GOAL_SEARCH = 1.3
GOAL_DUE = 1.7  # 25 ms beside one correlated look-up of each child's last day in 14.5 ms (measurements.md §5)
GOAL_DUE_AFTER = 25.0  # ms
DAY = date(2026, 11, 21)
SEARCHED = "奶奶"
PAGE = 200  # lines of a search that are listed at first

LAST_OF_EACH = """
SELECT c.id, (SELECT max(r.happened_on) FROM care_record r WHERE r.child_id = c.id AND r.deleted_at IS NULL)
FROM child c WHERE c.deleted_at IS NULL
"""
OF_GUIDANCES = """
SELECT c.id, max(r.mind), max(r.life), max(r.study), max(r.conduct) FROM child c
CROSS JOIN care_record r ON r.child_id = c.id AND r.deleted_at IS NULL AND r.happened_on BETWEEN :first AND :last
WHERE c.deleted_at IS NULL GROUP BY c.id
"""
OF_SUPPORTERS = """
SELECT s.id, r.kind, count(*), max(r.happened_on) FROM supporter s
CROSS JOIN care_record r ON r.supporter_id = s.id AND r.deleted_at IS NULL AND r.happened_on BETWEEN :first AND :last
GROUP BY s.id, r.kind
"""
WHOLE_RECORDS = (
    "SELECT r.*, c.name FROM care_record r CROSS JOIN child c ON c.id = r.child_id WHERE r.deleted_at IS NULL"
)
NEWEST = f"{WHOLE_RECORDS} ORDER BY r.happened_on DESC, r.id DESC LIMIT 200"
OF_CLASS = """AND r.child_id IN (SELECT e.child_id FROM enrolment e JOIN school_class k ON k.id = e.school_class_id
    WHERE k.uuid = :class AND e.valid_to IS NULL)"""
IN_WEEK = f"{WHOLE_RECORDS} AND r.happened_on BETWEEN :monday AND :sunday"
OF_CHILD = (
    f"{WHOLE_RECORDS} AND r.child_id = (SELECT id FROM child WHERE uuid = :child) ORDER BY r.happened_on DESC"
)
ROSTER = "SELECT c.*, q.* FROM child c LEFT JOIN pairing q ON q.child_id = c.id WHERE c.deleted_at IS NULL"


@dataclass(slots=True)
class Asked:
    """How many statements were run, and their seconds."""

    statements: int = 0
    seconds: float = 0.0


@contextmanager
def counted(store: Store) -> Iterator[Asked]:
    """Count what is asked of the file in the block, fetching included."""
    asked = Asked()
    originals = {name: getattr(Store, name) for name in ("rows", "one")}

    def watching(name: str) -> Callable[..., Any]:
        def ask(self: Store, *given: Any, **more: Any) -> Any:
            begun = time.thread_time()
            found = originals[name](self, *given, **more)
            asked.seconds += time.thread_time() - begun
            asked.statements += 1
            return found

        return ask

    try:
        for name in originals:
            setattr(Store, name, watching(name))
        yield asked
    finally:
        for name, original in originals.items():
            setattr(Store, name, original)


class Bench:
    """Times reads beside their floors."""

    def __init__(self, store: Store, only: str) -> None:
        self.store = store
        self.only = only
        self.found: list[Result] = []

    def beside(
        self,
        words: str,
        ours: Callable[[], object],
        floor: Callable[[], object],
        *,
        goal: float | None = None,
        limit: float | None = None,
        of: str = "raw SQL",
        before: Callable[[], object] = lambda: None,
    ) -> None:
        """Add a row: medians of both, taken in turns; ``before`` is done before each of ours and not counted."""
        if self.only not in words:
            return
        before()
        ours()
        floor()
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(RUNS):
            before()
            for place, act in enumerate((ours, floor)):
                begun = time.thread_time()
                act()
                times[place].append(time.thread_time() - begun)
        mine, floors = (statistics.median(one) * 1000 for one in times)
        before()
        with counted(self.store) as asked:
            ours()
        note = f"{asked.statements} statements, {asked.seconds * 1000:.0f} ms of it in SQL"
        self.found.append(Result(words, mine, "ms", floors, of, goal, limit, note=note))

    def raw(self, sql: str, **params: object) -> Callable[[], object]:
        """Return a floor: one plain statement."""
        return lambda: self.store.rows(sql, params)


def measure(children: int = 5000, only: str = "") -> list[Result]:
    """Return the rows of the care work."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_DATA_HOME"] = str(folder / "home")
        path = folder / "守望.db"
        copy_school(path, children)
        with Store.open(path, clock=FixedClock(datetime(2026, 11, 21, 10)), verify=False) as store:
            bench = Bench(store, only)
            gc.disable()  # as the window does, which collects only when she rests (ui/shell/collecting.py)
            for part in (of_today, of_diary, of_pairing, of_registers):
                part(bench, folder)
            return bench.found


def of_today(bench: Bench, _folder: Path) -> None:
    """Measure what the first page asks for."""
    from app.school.queries import school_calendar
    from app.tasks.today import due_children
    from app.todo.board import board_of
    from app.todo.coverage import done_between, guidance_coverage
    from app.todo.progress import supporter_progress
    from app.todo.queries import due_items

    store = bench.store
    term = school_calendar(store).term_in_force(DAY)
    span = {"first": term.starts_on.isoformat(), "last": DAY.isoformat()}
    monday = DAY - timedelta(days=DAY.weekday())
    count = len(due_items(store).items)
    due = f"due list, all rules ({count} lines)"
    bench.beside(due, lambda: due_items(store), bench.raw(LAST_OF_EACH), goal=GOAL_DUE, before=forget)
    saves = partial(save_one, store)
    for words, read, sql, known in (
        ("due list", lambda: due_items(store), LAST_OF_EACH, {}),
        ("coverage of the four guidances", lambda: guidance_coverage(store, term, DAY), OF_GUIDANCES, span),
    ):
        limit = GOAL_DUE_AFTER if words == "due list" else None
        bench.beside(f"{words} after one save", read, bench.raw(sql, **known), limit=limit, before=saves)
    bench.beside("due list as it is shown", lambda: board_of(due_items(store).items), bench.raw(LAST_OF_EACH))
    files = "what the children's files lack"
    bench.beside(files, lambda: due_children(store), bench.raw(LAST_OF_EACH), before=forget)
    bench.beside(
        f"{files} after one save", lambda: due_children(store), bench.raw(LAST_OF_EACH), before=saves
    )
    bench.beside(
        "coverage of the four guidances",
        lambda: guidance_coverage(store, term, DAY),
        bench.raw(OF_GUIDANCES, **span),
        before=forget,
    )
    bench.beside(
        "what each supporter has done",
        lambda: supporter_progress(store, term, DAY),
        bench.raw(OF_SUPPORTERS, **span),
        before=forget,
    )
    bench.beside(
        "what was done this week",
        lambda: done_between(store, monday, DAY),
        bench.raw(
            "SELECT kind, count(*) FROM care_record WHERE deleted_at IS NULL"
            " AND happened_on BETWEEN :first AND :last GROUP BY kind",
            first=monday.isoformat(),
            last=DAY.isoformat(),
        ),
    )


def forget() -> None:
    """Let the next look be the first one."""
    kept._KEPT.clear()


def save_one(store: Store) -> None:
    """Write one talk, as she does between two looks."""
    from app.diary.tables import CareRecord

    with store.action("谈心", kind="record") as action:
        action.insert(
            CareRecord,
            child=store.rows("SELECT id FROM child WHERE deleted_at IS NULL ORDER BY random() LIMIT 1")[0][0],
            kind="talk",
            happened_on=DAY.isoformat(),
            entered_on=DAY.isoformat(),
            mind=1,
        )


def of_diary(bench: Bench, _folder: Path) -> None:
    """Measure the list, the week, one child, the search."""
    from app.diary.codes import Activity
    from app.diary.guards import guard_facts
    from app.diary.queries import RecordFilters, lines_of, records
    from app.diary.text_search import TextSearch
    from app.diary.week import week_grid
    from app.dossier.timeline import timeline

    store = bench.store
    cls, monday = full_class(store), DAY - timedelta(days=DAY.weekday())
    week = {"monday": monday.isoformat(), "sunday": (monday + timedelta(days=6)).isoformat()}
    kinds = tuple(Activity)
    child, number = store.rows(
        "SELECT c.uuid, count(*) FROM child c JOIN care_record r ON r.child_id = c.id WHERE c.deleted_at IS NULL"
        " GROUP BY c.id ORDER BY count(*) DESC LIMIT 1"
    )[0]
    bench.beside("records, first 200 of all", lambda: records(store, RecordFilters()), bench.raw(NEWEST))
    bench.beside(
        "week grid of a class",
        lambda: week_grid(store, monday=monday, kinds=kinds, class_uuid=cls),
        bench.raw(f"{IN_WEEK} {OF_CLASS}", **week, **{"class": cls}),
    )
    bench.beside(
        "week grid of the school",
        lambda: week_grid(store, monday=monday, kinds=kinds),
        bench.raw(IN_WEEK, **week),
    )
    bench.beside(
        f"timeline of a child ({number} records)",
        lambda: timeline(store, child),
        bench.raw(OF_CHILD, child=child),
    )
    bench.beside(
        "what a form asks before it questions",
        lambda: guard_facts(store, [child]),
        bench.raw("SELECT name FROM child"),
    )

    def listed(hits: Iterable[tuple[str, int]]) -> object:
        """Read what the list shows of them: the lines of its first page."""
        return lines_of(store, [key for _day, key in islice(hits, PAGE)])

    for words in (SEARCHED, "没有这样的话"):
        found = sum(map(len, TextSearch(store, words)))
        bench.beside(
            f"text search, whole ({found} hits)",
            lambda words=words: listed(sorted(chain.from_iterable(TextSearch(store, words)), reverse=True)),
            bench.raw(every_text("r.id"), words=f"%{words}%"),
            goal=GOAL_SEARCH,
            of="raw LIKE, keys only",
        )
    bench.beside(
        "text search, first hits listed",
        lambda: listed(next(found for found in TextSearch(store, SEARCHED) if found)),
        bench.raw(every_text("r.*, c.name"), words=f"%{SEARCHED}%"),
        of="raw LIKE, whole rows",
    )


def every_text(what: str) -> str:
    """Return the plain search: every text column of every record, ``what`` of those that are found."""
    from app.diary.drafts import TEXTS

    likes = " OR ".join(f"r.{name} LIKE :words" for name in (*TEXTS, "place", "present"))
    return f"{WHOLE_RECORDS} AND ({likes})".replace("r.*, c.name", what, 1)


def full_class(store: Store) -> str:
    """Return the uuid of the class with the most children."""
    return str(
        store.rows(
            "SELECT k.uuid FROM school_class k JOIN enrolment e ON e.school_class_id = k.id"
            " WHERE e.valid_to IS NULL AND e.deleted_at IS NULL GROUP BY k.id ORDER BY count(*) DESC LIMIT 1"
        )[0][0]
    )


def of_pairing(bench: Bench, _folder: Path) -> None:
    """Measure the pairing page's reads."""
    from app.pairing.queries import overview, pairs, supporters, unpaired

    store = bench.store
    bench.beside("everything the pairing page shows", lambda: overview(store, DAY), bench.raw(ROSTER))
    for words, read in (("pairs", pairs), ("supporters", supporters), ("unpaired", unpaired)):
        bench.beside(words, lambda read=read: read(store, DAY), bench.raw(ROSTER))


def of_registers(bench: Bench, folder: Path) -> None:
    """Measure the register of a class over a term."""
    from app.school.queries import school_calendar
    from app.tasks.registers.making import Wanted, export_register

    store = bench.store
    term = school_calendar(store).term_in_force(DAY)
    cls = full_class(store)
    wanted = Wanted(term.starts_on, DAY, class_uuid=cls)
    out = folder / "登记册.xlsx"
    span = {"first": term.starts_on.isoformat(), "last": DAY.isoformat(), "class": cls}
    sql = f"{WHOLE_RECORDS} AND r.happened_on BETWEEN :first AND :last {OF_CLASS}"
    number = len(store.rows(sql, span))
    bench.beside(
        f"register of a class's term as Excel ({number} records)",
        lambda: export_register(store, out, wanted),
        lambda: plain_book(store.rows(sql, span), folder / "floor.xlsx"),
        of="openpyxl, style per cell",
    )


def plain_book(rows: list[tuple[Any, ...]], out: Path) -> None:
    """Write rows as openpyxl does when each cell has a style of its own."""
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has no sheet")
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate((value for value in row if value is not None), start=1):
            cell = sheet.cell(number, column, value)
            cell.font = Font(name="宋体", size=9)
            cell.alignment = Alignment(wrap_text=True)
    book.save(out)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=5000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    print(table(measure(options.children, options.only)))


if __name__ == "__main__":
    main()
