"""``todo`` by the real command line: what is due on a day, as JSON and for people."""

from __future__ import annotations

from datetime import date

import pytest

from app.todo.rules import DueKind, State
from tests.app.command_line import run


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
