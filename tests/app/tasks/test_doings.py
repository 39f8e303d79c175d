"""Which of the things done on a day can be taken back."""

import pytest

from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.core.clock import FixedClock
from app.school.service import init_school
from app.storage.store import Store
from app.tasks.doings import STAYING, doings


@pytest.fixture
def store(tmp_path, clock: FixedClock):
    with Store.create(tmp_path / "守望.db", clock=clock) as made:
        init_school(made, name="青石坪镇中心小学")
        yield made


def test_the_founding_stays_and_the_rest_of_today_can_be_taken_back(store, clock):
    add_child(store, draft=ChildDraft(name="张伟"))
    added, founding = doings(store, clock.today()).doings
    assert (added.verb, added.why) == ("撤销", "")
    assert (founding.verb, founding.why) == ("", "不能撤销")
    assert {"handover", "drill", "purge"} <= STAYING


def test_a_day_with_a_flipped_digit_is_none_to_turn_to(store, clock):
    add_child(store, draft=ChildDraft(name="张伟"))
    store.db.execute_sql(
        "UPDATE action SET at = '2026-91-21T08:00:00' WHERE id = (SELECT max(id) FROM action)"
    )
    assert doings(store, clock.today()).after is None


def test_yesterday_can_only_be_read(store, clock):
    yesterday = clock.today()
    clock.advance(days=1)
    found = doings(store, clock.today())
    assert not found.doings
    assert (found.before, found.after) == (yesterday, None)
    earlier = doings(store, yesterday)
    assert {one.verb for one in earlier.doings} == {""}
    assert earlier.before is None
