"""How often a child calls: its own rule, else the one for 重点, else the school's, else the shipped one."""

from datetime import date

import pytest

from app.calls.presets import SHIPPED_RULE
from app.storage.store import Store
from app.tasks.call_rules import call_rules
from app.todo.codes import Per
from app.todo.service import set_cadence
from tests.app.calls.conftest import calls_school  # noqa: F401
from tests.ledgers import copy_ledger

DAY = date(2026, 11, 21)


@pytest.fixture
def store(calls_school, tmp_path, clock):  # noqa: F811
    """Return the school of the calls, open for writing."""
    path = tmp_path / "守望.db"
    copy_ledger(calls_school.path, path)
    with Store.open(path, clock=clock, verify=False) as opened:
        yield opened


def test_the_shipped_rule_holds_until_a_rule_of_the_school_is_about_calls(store, calls_school):  # noqa: F811
    child = calls_school.children["罗诗涵"]
    assert call_rules(store, DAY)[child] == (SHIPPED_RULE,)
    set_cadence(store, activity="video_call", times=1, per=Per.WEEK, since=DAY)
    found = call_rules(store, DAY)[child]
    assert [(one.activity, one.times, one.per, one.own) for one in found] == [
        ("call", 1, "month", False),
        ("video_call", 1, "week", False),
    ]
    assert call_rules(store, date(2026, 11, 20))[child] == (SHIPPED_RULE,)


def test_a_childs_own_rule_goes_before_and_none_is_an_answer(store, calls_school):  # noqa: F811
    one, other = (calls_school.children[name] for name in ("罗诗涵", "向阳"))
    set_cadence(store, activity="call", times=2, per=Per.MONTH, since=DAY, child_uuid=one)
    assert [(rule.times, rule.own) for rule in call_rules(store, DAY)[one]] == [(2, True)]
    assert call_rules(store, DAY)[other] == (SHIPPED_RULE,)
    set_cadence(store, activity="call", times=0, per=Per.MONTH, since=DAY, child_uuid=other)
    assert call_rules(store, DAY)[other] == ()
