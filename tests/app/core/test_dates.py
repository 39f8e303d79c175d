from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DayClock, FixedClock, SystemClock
from app.core.dates import age_on, earliest, in_force, is_partial_date, latest, months_before

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@st.composite
def partial_dates(draw) -> str:
    return draw(DAYS).isoformat()[: draw(st.sampled_from([4, 7, 10]))]


@pytest.mark.parametrize("text", ["2025", "2025-03", "2025-03-12", "2024-02-29", "1000", "2999-12-31"])
def test_partial_dates(text):
    assert is_partial_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "2025-3",
        "2025-13",
        "2025-00",
        "2025-02-30",
        "2023-02-29",
        "2025-03-12T",
        "２０２５",
        "0999",
        "2025/03",
    ],
)
def test_what_is_no_partial_date(text):
    assert not is_partial_date(text)
    with pytest.raises(ValueError):
        earliest(text)


def test_earliest_and_latest():
    assert (earliest("2024"), latest("2024")) == (date(2024, 1, 1), date(2024, 12, 31))
    assert (earliest("2024-02"), latest("2024-02")) == (date(2024, 2, 1), date(2024, 2, 29))
    assert earliest("2024-02-03") == latest("2024-02-03") == date(2024, 2, 3)


@given(partial_dates(), partial_dates(), DAYS)
def test_in_force_agrees_with_every_day_the_precision_allows(start, end, day):
    possible = {
        first <= day < last
        for first in {earliest(start), latest(start), min(max(day, earliest(start)), latest(start))}
        | {min(max(day + timedelta(1), earliest(start)), latest(start))}
        for last in {earliest(end), latest(end), min(max(day, earliest(end)), latest(end))}
        | {min(max(day + timedelta(1), earliest(end)), latest(end))}
    }
    assert in_force(start, end, day) is (possible.pop() if len(possible) == 1 else None)


def test_in_force_is_half_open_and_open_ended():
    day = date(2026, 9, 30)
    assert in_force(None, None, day) is True
    assert in_force("2026-09-30", None, day) is True
    assert in_force("2026-10-01", None, day) is False
    assert in_force(None, "2026-09-30", day) is False
    assert in_force(None, "2026-10-01", day) is True
    assert in_force("2026-09", None, day) is True
    assert in_force("2026-09", None, date(2026, 9, 29)) is None
    assert in_force(None, "2026", day) is None


def test_age():
    assert age_on("2010-11-21", date(2026, 11, 20)) == 15
    assert age_on("2010-11-21", date(2026, 11, 21)) == 16
    assert age_on("2010-11", date(2026, 11, 21)) is None
    assert age_on("2010-11", date(2026, 12, 1)) == 16
    assert age_on("2010", date(2026, 11, 21)) is None
    assert age_on("2012-02-29", date(2026, 2, 28)) == 13
    assert age_on("2012-02-29", date(2026, 3, 1)) == 14


def test_months_before():
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
    assert months_before(date(2026, 1, 31), -1) == date(2026, 2, 28)


def test_clocks(clock):
    clock.advance(days=1, hours=20)
    assert clock.now().isoformat() == "2026-11-23T05:00:00"
    assert clock.today() == date(2026, 11, 23)
    fixed = DayClock(date(2026, 9, 1), FixedClock(clock.now()))
    assert fixed.now().isoformat() == "2026-09-01T05:00:00"
    assert fixed.today() == date(2026, 9, 1)
    assert SystemClock().now().microsecond == 0
    assert SystemClock().now().tzinfo is None
