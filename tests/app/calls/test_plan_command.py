"""``plan-calls`` as it is typed: shown, written, again; the shape of its JSON; sentences for what cannot be planned."""

import json
from datetime import date

import pytest

from app.__main__ import main
from app.calls.service_lines import OpeningDraft, set_openings
from app.storage.store import Store

TODAY = ("--today", "2026-11-21")
WEEK = ("--from", "2026-11-23", "--to", "2026-11-27")


@pytest.fixture
def typed(store, capsys):
    """Return a function that runs the command on the closed school and gives exit code, JSON and what was said."""
    path = store.path
    store.close()

    def run(*words, today=TODAY):
        code = main([*today, "plan-calls", str(path), *words, "--json"])
        out = capsys.readouterr()
        return code, json.loads(out.out) if out.out else None, out.err

    run.path = path
    return run


def test_shown_written_and_again(typed, who, clock):
    """Shown writes nothing; written is one action; a second time nothing moves and nothing is written."""
    code, shown, said = typed(*WEEK)
    assert code == 0
    assert shown["moved"] == 0
    assert shown["longest_wait_days"] == 83
    assert [
        (one["date"], one["start"], one["line"], one["children_names"], one["contact"])
        for one in shown["planned"]
    ] == [
        ("2026-11-23", "12:20", "活动室座机", ["罗诗涵"], "父亲 罗大勇"),
        ("2026-11-23", "12:30", "活动室座机", ["谭晓东", "谭小兰"], "母亲 田秀莲"),
    ]
    assert shown["planned"][1]["children"] == [who.children["谭晓东"], who.children["谭小兰"]]
    assert {one["child_name"] for one in shown["unserved"]} == {"冉小燕", "向阳", "张伟"}
    assert all(one["why"] and one["child"] in who.children.values() for one in shown["unserved"])
    assert "已写入" not in said
    code, written, said = typed(*WEEK, "--write")
    assert (code, written["planned"]) == (0, shown["planned"])
    assert "已写入，可以撤销。" in said
    code, again, said = typed(*WEEK, "--write")
    assert (code, again["moved"]) == (0, 0)
    assert {one["state"] for one in again["planned"]} == {"kept"}
    assert "没有要写的" in said
    with Store.open(typed.path, clock=clock, read_only=True) as store:
        assert store.one("SELECT count(*) FROM action WHERE kind = 'call.plan'") == (1,)
        assert store.one("SELECT count(*) FROM planned_call") == (3,)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from", "2026-11-02", "--to", "2026-11-06"), 1, "2026-11-06 已经过了"),
        (("--from", "2026-11-27", "--to", "2026-11-23"), 1, "在 2026-11-23 后面"),
        (("--from", "2026-11-23"), 2, ""),
        (("--from", "2026-13-01", "--to", "2026-11-27"), 2, ""),
    ],
)
def test_what_cannot_be_planned(typed, words, code, said):
    """A period in the past is refused in words (1); what is typed wrongly is wrong usage (2)."""
    if code == 2:
        with pytest.raises(SystemExit, check=lambda stopped: stopped.code == 2):
            typed(*words)
        return
    answer, _, err = typed(*words)
    assert (answer, said in err) == (code, True)


def test_a_rule_that_gives_everybody_a_place_says_so(store, who, typed, clock):
    """Two families and one slot: with one more slot all are served, and nobody is 还差."""
    with Store.open(typed.path, clock=clock) as opened:
        one_slot(opened, who)
    code, shown, said = typed("--from", "2026-12-28", "--to", "2026-12-31")
    assert code == 0
    longer = next(one for one in shown["advice"] if "多开" in one["words"])
    assert longer["left"] == 0
    assert f"{longer['words']}：能多排 {longer['gain']} 名，全部排得上。" in said
    assert "还差 0" not in said


def one_slot(store, who):
    """Leave the school one slot in December 2026: that of the 29th."""
    tuesday = OpeningDraft(weekday=2, starts="12:20", ends="12:30", slot_minutes=10)
    for line in ("活动室座机", "视频电脑"):
        set_openings(store, line_uuid=who.lines[line], openings=[], since=date(2026, 12, 1))
    set_openings(store, line_uuid=who.lines["活动室座机"], openings=[tuesday], since=date(2026, 12, 29))
