"""A day as it is written down in haste, in a cell that takes it for a number."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.children.roster.reading.recent_day import read_recent_day

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (2.4, date(2026, 2, 4)),
        (6.9, date(2026, 6, 9)),
        (11.18, date(2026, 11, 18)),
    ],
)
def test_a_number_that_can_be_one_day_only_is_that_day(value, day):
    assert read_recent_day(value, TODAY).day == day


@pytest.mark.parametrize(
    ("value", "later"), [(11.1, "11 月 10 日"), (6.3, "6 月 30 日"), (2.2, "2 月 20 日")]
)
def test_a_number_whose_last_nought_is_gone_is_asked_about(value, later):
    found = read_recent_day(value, TODAY)
    assert found.day is None
    assert later in found.reason


@pytest.mark.parametrize("value", [13.1, 0.5, 46344.5])
def test_what_is_no_day_is_not_told_as_two(value):
    assert read_recent_day(value, TODAY).reason == "看不出是哪一天"


@pytest.mark.parametrize("days", [1, 2, 20, 45])
def test_a_day_without_a_year_that_is_about_to_come_is_not_silently_a_year_ago(days):
    coming = TODAY + timedelta(days=days)
    found = read_recent_day(f"{coming.month}.{coming.day}日", TODAY)
    assert found.day is None
    assert "还没到" in found.reason


def test_a_day_of_last_spring_is_that_day():
    assert read_recent_day("3月5日", TODAY).day == date(TODAY.year, 3, 5)
