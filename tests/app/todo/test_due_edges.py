"""Days and facts at the edge: a month that is not over, a partial day, a check that found something."""

from datetime import date

import pytest

from app.children.tables import Away, Kinship, Person
from app.pairing.tables import BackgroundCheck
from app.todo.queries import due_items
from app.todo.rules import DueKind, State
from tests.app.todo.conftest import child_id, supporter_id, write


def items(store, kind, day):
    return [item for item in due_items(store, date.fromisoformat(day)).items if item.kind is kind]


def away(store, expected):
    father = write(store, Person, name="覃大山")
    write(store, Kinship, child=child_id(store, "覃龑"), person=father, relation="father")
    write(
        store,
        Away,
        person=father,
        state="out",
        valid_from="2026-03-01",
        expected_return=expected,
        place="东莞",
    )


@pytest.mark.parametrize("expected", ["2026-11-28", "2026-11"])
def test_who_is_expected_home_late_in_the_month_waits_for_its_week(store, expected):
    """Before its month nothing is said of it; in the month it stands among 本月返乡, then it is due, then overdue."""
    away(store, expected)
    assert not items(store, DueKind.HOMECOMING, "2026-10-30")
    (later,) = items(store, DueKind.HOMECOMING, "2026-11-02")
    assert later.state is State.THIS_MONTH
    (near,) = items(store, DueKind.HOMECOMING, "2026-11-23")
    assert near.state in {State.THIS_WEEK, State.NEXT_WEEK}
    (late,) = items(store, DueKind.HOMECOMING, "2026-12-03")
    assert late.state is State.OVERDUE


def test_a_check_that_found_something_is_due_at_once(store):
    """查到记录 settles nothing: who looks after children in spite of it is named at once, whenever it was found."""
    write(store, BackgroundCheck, supporter=supporter_id(store), checked_on="2026-11-16", result="found")
    (found,) = items(store, DueKind.CHECK_RENEWAL, "2026-11-18")
    assert (found.state, found.due) == (State.OVERDUE, date(2026, 11, 16))
    assert "查到记录" in found.fact
