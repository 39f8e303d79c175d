"""The day on which something counts as written down: a clock set back does not change it, one far ahead does not hold it."""

from datetime import date, datetime, timedelta

import pytest

from app.core.clock import FixedClock
from app.storage.entry_day import SETTLED, entry_day, last_believed
from app.storage.store import Store
from tests.app.storage.conftest import Staff

TODAY = date(2026, 11, 22)


def saves(store, clock, *days):
    """One save on each day, in this order."""
    for day in days:
        clock.advance(days=(day - clock.today()).days)
        with store.action("记录", kind="test") as action:
            action.insert(Staff, name=f"教师 {day}")


def run_of(first, number):
    return [first + timedelta(days=place) for place in range(number)]


@pytest.fixture
def clock():
    return FixedClock(datetime(2026, 9, 1, 8))


def on(store, clock, day):
    clock.advance(days=(day - clock.today()).days)
    return entry_day(store)


def test_a_clock_set_back_by_days_or_years_back_dates_nothing(store, clock):
    saves(store, clock, *run_of(date(2026, 9, 1), 5), TODAY)
    for back in (date(2026, 11, 12), date(2026, 9, 1), date(2020, 1, 1), date(2008, 1, 1)):
        assert on(store, clock, back) == TODAY.isoformat()
    saves(store, clock, date(2008, 1, 1))
    assert on(store, clock, date(2008, 1, 2)) == TODAY.isoformat()
    assert on(store, clock, date(2026, 11, 25)) == "2026-11-25"


def test_a_clock_that_was_years_ahead_holds_it_no_longer_than_that(store, clock):
    saves(store, clock, *run_of(date(2026, 9, 1), 5))
    saves(store, clock, date(2036, 11, 20), date(2036, 11, 21))
    assert on(store, clock, date(2036, 11, 22)) == "2036-11-22", "while it is so the clock is all there is"
    assert on(store, clock, TODAY) == TODAY.isoformat()
    assert on(store, clock, date(2026, 9, 3)) == "2026-09-05", "and what was saved before it still counts"
    saves(store, clock, TODAY)
    assert on(store, clock, date(2026, 11, 2)) == TODAY.isoformat()


def test_some_months_ahead_hold_until_they_have_come(store, clock):
    """A pause may be that long: nothing tells a clock set wrong from one set back."""
    saves(store, clock, *run_of(date(2026, 9, 1), 5), date(2027, 3, 1))
    assert on(store, clock, TODAY) == "2027-03-01"


def test_a_ledger_begun_under_a_wrong_clock_is_right_once_work_has_settled(store, clock):
    saves(store, clock, date(2036, 1, 1), *run_of(date(2026, 9, 1), SETTLED - 1))
    assert on(store, clock, date(2026, 9, 2)) == "2036-01-01"
    saves(store, clock, date(2026, 11, 1))
    assert on(store, clock, date(2026, 9, 2)) == "2026-11-01"


def test_after_years_of_rest_work_goes_on_under_the_new_days(store, clock):
    saves(store, clock, *run_of(date(2026, 9, 1), SETTLED), *run_of(date(2029, 2, 1), SETTLED))
    assert on(store, clock, date(2029, 2, 10)) == (date(2029, 2, 1) + timedelta(days=SETTLED - 1)).isoformat()


def test_after_a_long_rest_a_clock_set_back_by_months_back_dates_nothing(store, clock):
    saves(store, clock, date(2024, 9, 2), TODAY)
    assert on(store, clock, date(2026, 5, 4)) == TODAY.isoformat()


def test_an_empty_ledger_counts_from_today(store, clock):
    assert entry_day(store) == "2026-09-01"
    assert last_believed(TODAY, [], None) is None


def test_it_is_read_from_one_row_while_the_clock_is_right(store, clock, monkeypatch):
    saves(store, clock, *run_of(date(2026, 9, 1), 3))
    monkeypatch.setattr(Store, "rows", lambda *_: pytest.fail("looked through every save"))
    assert on(store, clock, TODAY) == TODAY.isoformat()
