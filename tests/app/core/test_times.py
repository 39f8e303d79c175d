"""Times of day: whatever way they are typed they are stored as HH:MM; spans that follow one another do not meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.times import covers, minute_of, read_time, spans_meet, time_at

MINUTES = st.integers(min_value=0, max_value=24 * 60 - 1)


@given(MINUTES)
def test_every_minute_is_read_as_it_is_written(minute):
    text = time_at(minute)
    assert read_time(text) == text
    assert minute_of(text) == minute
    hour, rest = divmod(minute, 60)
    assert {
        read_time(f"{hour}：{rest:02d}"),
        read_time(f"{hour}点{rest:02d}分"),
        read_time(f"{hour}{rest:02d}"),
    } == {text}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9点", "09:00"),
        (" 12.05 ", "12:05"),
        ("９：０５", "09:05"),
        ("0730", "07:30"),
        ("7", "07:00"),
        ("12:5", "12:05"),
    ],
)
def test_the_usual_ways_to_type_a_time(typed, read):
    assert read_time(typed) == read


@pytest.mark.parametrize("typed", ["", "中午", "24:00", "12:60", "99", "12345", "-1:00", "12:5:0"])
def test_what_is_no_time_is_none(typed):
    assert read_time(typed) is None
    with pytest.raises(ValueError, match="time of day"):
        minute_of(typed)


@given(MINUTES, MINUTES, MINUTES)
def test_spans_meet_when_they_have_a_minute_in_common(one, two, three):
    first, middle, last = (time_at(at) for at in sorted((one, two, three)))
    assert not spans_meet(first, middle, middle, last)
    assert spans_meet(first, last, middle, last) is (middle < last)
    assert covers(first, last, middle, last)
    assert covers(None, None, first, last)
