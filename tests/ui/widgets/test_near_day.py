"""Days typed with as few keys as it takes, in whatever form."""

from __future__ import annotations

from datetime import date

import pytest

from ui.widgets import NearDate, NearDay
from ui.widgets.near_day import NOT_A_DATE, NOT_A_DAY, tidy_day

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "ahead", "iso"),
    [
        ("18", None, "2026-11-18"),
        ("18", False, "2026-11-18"),
        ("18", True, "2026-12-18"),
        ("11.23", None, "2026-11-23"),
        ("11-23", False, "2026-11-23"),
        ("1123", None, "2026-11-23"),
        ("11月23日", None, "2026-11-23"),
        ("1.5", None, "2027-01-05"),
        ("1.5", False, "2026-01-05"),
        ("11.24", False, "2026-11-24"),
        ("24", False, "2026-10-24"),
        ("12.25", False, "2025-12-25"),
        ("11.20", True, "2026-11-20"),
        ("11.23", True, "2026-11-23"),
        ("9.1", True, "2027-09-01"),
        ("2025.3.1", None, "2025-03-01"),
        ("20250301", True, "2025-03-01"),
        ("32", None, "32"),
        ("2-30", None, "2-30"),
    ],
)
def test_what_is_left_out_is_what_makes_it_the_nearest_day(typed, ahead, iso):
    assert tidy_day(typed, TODAY, ahead=ahead) == iso


def _left(qtbot, field, typed):
    """Type into the field and leave it: what it stored."""
    qtbot.addWidget(field)
    stored = []
    field.saved.connect(lambda text, _: stored.append(text))
    field.setText(typed)
    field.leave()
    return stored


@pytest.mark.parametrize(
    ("typed", "iso"), [("11.23", "2026-11-23"), ("18", "2026-11-18"), ("2025-9-1", "2025-09-01")]
)
def test_a_day_is_stored_whole(look, qtbot, typed, iso):
    field = NearDay(TODAY)
    assert _left(qtbot, field, typed) == [iso]
    assert field.day == date.fromisoformat(iso)


@pytest.mark.parametrize("typed", ["2026-11", "2026", "去年", "32"])
def test_a_month_is_no_day(look, qtbot, typed):
    field = NearDay(TODAY)
    assert _left(qtbot, field, typed) == []
    assert field.finding.reason == NOT_A_DAY
    assert field.day is None


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("11.23", "2026-11-23"),
        ("0901", "2026-09-01"),
        ("2025", "2025"),
        ("2025.9", "2025-09"),
        ("18日", "2026-11-18"),
        ("3.1", "2026-03-01"),
        ("12.1", "2026-12-01"),
    ],
)
def test_a_date_is_stored_as_precisely_as_it_is_known(look, qtbot, typed, iso):
    assert _left(qtbot, NearDate(TODAY), typed) == [iso]


@pytest.mark.parametrize("typed", ["18", "9", "说不清"])
def test_a_lone_number_is_no_date(look, qtbot, typed):
    """It might be the day of a month or a year."""
    field = NearDate(TODAY)
    assert _left(qtbot, field, typed) == []
    assert field.finding.reason == NOT_A_DATE


def test_what_the_caller_checks_is_asked_of_a_whole_day_only(look, qtbot):
    asked = []
    field = NearDay(TODAY, check=asked.append)
    _left(qtbot, field, "去年")
    _left(qtbot, field, "11.23")
    assert asked == ["2026-11-23"]
