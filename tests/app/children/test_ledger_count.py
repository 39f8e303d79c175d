"""The quick count of the ledger agrees with the facts of every child."""

from datetime import date, datetime

import pytest

from app.children.codes import Sex
from app.children.ledger_count import ledger_count
from app.children.queries import load_facts
from app.core.clock import FixedClock
from app.storage.store import Store
from app.tasks.demo import make_demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    clock = FixedClock(datetime(2026, 11, 21, 9))
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path, clock=clock, children=60)
    with Store.open(path, clock=clock) as store:
        yield store


@pytest.mark.parametrize(
    "day", [date(2026, 11, 21), date(2027, 9, 2), date(2025, 10, 8), date(2026, 2, 1), date(2020, 1, 1)]
)
def test_counts_who_is_on_the_ledger_that_day(demo, day):
    """In September 2027 the last cohort waits for 确认毕业 and is counted in neither."""
    ledger = load_facts(demo, day, only_registered=True)
    count = ledger_count(demo, day)

    assert count.total == len(ledger)
    assert count.boys == sum(child.sex is Sex.MALE for child in ledger)
    assert count.girls == sum(child.sex is Sex.FEMALE for child in ledger)
    assert count.known == len(load_facts(demo, day))


def test_the_waiting_cohort_makes_a_difference(demo):
    assert 0 < ledger_count(demo, date(2027, 9, 2)).total < ledger_count(demo, date(2027, 8, 1)).total
