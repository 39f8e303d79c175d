"""The full ledger workbook read back by our own import, without a difference."""

from __future__ import annotations

import openpyxl
import pytest

from app.school.codes import Profile
from app.statistics.queries import stats
from app.statistics.shape import as_plain
from app.storage.store import Store
from app.tasks.create import create_school
from app.tasks.demo import make_demo
from app.tasks.export_ledger import export_ledger
from app.tasks.import_roster import import_roster
from app.workbook.ledger_layout import HEADER_ROW, MAIN_SHEET

NOT_COUNTED_AGAIN = {"pupils", "pupils_source", "awaiting_graduation", "calls"}
"""Head counts, finished cohorts and the log of calls stand in no roster."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from datetime import datetime

    from app.core.clock import FixedClock

    clock = FixedClock(datetime(2026, 11, 21, 10, 0))
    folder = tmp_path_factory.mktemp("trip")
    make_demo(folder / "demo.db", clock=clock, children=118)
    store = Store.open(folder / "demo.db", clock=clock)
    book = folder / "台账.xlsx"
    export_ledger(store, book, day=clock.today(), profile=Profile.FULL, reason="往返测试")
    yield store, book, clock, folder
    store.close()


def cells(path):
    """Return the rows of the main sheet as header → text, without the key a ledger gives its own children."""
    sheet = openpyxl.load_workbook(path)[MAIN_SHEET]
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER_ROW)]
    return [{h: v for h, v in zip(header, row, strict=True) if h != "台账编号"} for row in rows]


def test_into_the_same_ledger_nothing_changes(demo):
    store, book, clock, _ = demo
    result = import_roster(store, book, data_date=clock.today(), dry_run=True)

    plan = result.plan
    changed = [(row.row, list(row.changes)) for row in plan.rows if row.changes]
    assert changed == []
    found = result.as_json()
    assert (found["new"], found["updated"], found["unchanged"], found["parked"]) == (0, 0, 118, [])


def test_into_an_empty_ledger_everything_counts_the_same(demo, tmp_path):
    store, book, clock, _ = demo
    create_school(tmp_path / "new.db", clock=clock, name="青石坪镇中心小学")
    fresh = Store.open(tmp_path / "new.db", clock=clock)
    try:
        import_roster(fresh, book, data_date=clock.today())
        again = tmp_path / "again.xlsx"
        export_ledger(fresh, again, day=clock.today(), profile=Profile.FULL, reason="往返测试")
        before, after = as_plain(stats(store, clock.today())), as_plain(stats(fresh, clock.today()))
        for key in before.keys() - NOT_COUNTED_AGAIN - {"by_class", "counting_rules"}:
            assert after[key] == before[key], key
        before["counting_rules"].pop("local")  # the school's own rule is a setting, not a fact about a child
        for code, rule in before["counting_rules"].items():
            for answer in rule.keys() - {"registered_not_derived", "derived_not_registered"}:
                assert after["counting_rules"][code][answer] == rule[answer], (code, answer)
        first, second = cells(book), cells(again)
        assert len(first) == len(second)
        for one, other in zip(first, second, strict=True):
            # Who looks after a child is printed for the eye; pairs are not read from a roster.
            assert other | {"帮扶人": None} == one | {"帮扶人": None}
        assert any(one["帮扶人"] for one in first)
    finally:
        fresh.close()
