"""``todo`` by the real command line: what is due on a day, as JSON and for people."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.children.tables import Away
from app.core.clock import FixedClock
from app.storage.store import Store
from app.todo.rules import DueKind, State
from tests.app.command_line import run
from tests.ledgers import copy_ledger


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("数 据") / "青石坪 小学.db"
    assert run("demo", path, "--children", 20, "--json").code == 0
    return path


def test_every_item_says_for_whom_by_when_under_which_rule_and_why(demo):
    done = run("todo", demo, "--as-of", "2026-11-18", "--json")
    assert done.code == 0
    known = {child["uuid"]: child["name"] for child in run("children", demo, "--json").value}
    assert done.value
    for item in done.value:
        assert item["state"] in set(State)
        assert item["kind"] in set(DueKind)
        assert item["rule"]
        assert (date.fromisoformat(item["due"]) < date(2026, 11, 18)) == (item["state"] == "overdue")
        if item["child"] is not None:
            assert item["name"]
    assert {item["child"] for item in done.value if item["child"]} <= set(known)
    assert [item["due"] for item in done.value] == sorted(item["due"] for item in done.value)


def test_the_day_asked_for_rules(demo):
    def states(day):
        return {item["due"] for item in run("todo", demo, "--as-of", day, "--json").value}

    assert states("2026-11-18") != states("2026-12-30")


def test_for_people_it_is_one_line_each_with_the_counts_below(demo):
    done = run("todo", demo, "--as-of", "2026-11-18")
    assert done.code == 0
    assert "已过期" in done.out
    assert done.err.startswith("2026-11-18：已过期 ")


def test_a_bad_day_is_refused_in_words(demo):
    assert run("todo", demo, "--as-of", "2026-13-40").code == 2


def test_a_clock_set_back_is_said(demo):
    done = run("--today", "2026-05-04", "todo", demo, "--json")
    last = run("--today", "2099-01-01", "todo", demo)
    assert "电脑今天是 2026-05-04，比台账最后一次保存的 " in done.err
    assert "请核对电脑的日期" in done.err
    assert "电脑今天" not in last.err
    assert "电脑今天" not in run("--today", "2026-05-04", "todo", demo, "--as-of", "2026-05-04").err


def test_who_is_due_home_later_this_month_is_listed(demo, tmp_path):
    path = tmp_path / "守望.db"
    copy_ledger(demo, path)
    with Store.open(path, clock=FixedClock(datetime(2026, 11, 2, 9))) as store:
        away = store.one(
            "SELECT a.uuid FROM away a JOIN kinship k ON k.person_id = a.person_id JOIN registration r"
            " ON r.child_id = k.child_id WHERE a.state = 'out' AND a.valid_to IS NULL AND r.valid_to IS NULL"
            " AND r.kind = 'left_behind' AND k.valid_to IS NULL AND a.valid_from < '2026-11' LIMIT 1"
        )[0]
        with store.action("预计返乡", kind="test") as action:
            action.update(Away, away, expected_return="2026-11-29")
    done = run("todo", path, "--as-of", "2026-11-02")
    assert done.code == 0
    assert [line for line in done.out.splitlines() if line.startswith("本月返乡\t2026-11-29\t")]
    assert "本月返乡 1 项" in done.err
