"""``pairings`` as it is typed: list, draft, accepted suggestion; the same JSON in all three."""

import json

import pytest

from app.__main__ import main
from app.storage.store import Store
from tests.app.pairing.test_service_pairs import DAY

TODAY = ("--today", DAY.isoformat())


@pytest.fixture
def typed(store, capsys):
    """Return a function that runs the command on the closed school and gives exit code, JSON and what was said."""
    path = store.path
    store.close()

    def run(*words):
        code = main([*TODAY, "pairings", str(path), *words, "--json"])
        out = capsys.readouterr()
        return code, json.loads(out.out) if out.out else None, out.err

    run.path = path
    return run


def test_suggested_tried_out_accepted_and_kept(typed, who, clock):
    """A draft writes nothing; accepted it is one action; the next suggestion moves nobody."""
    code, empty, _ = typed()
    assert (code, empty["pairs"], len(empty["unpaired"]), empty["load"]) == (0, [], 8, {})
    code, draft, said = typed("--suggest", "--per-teacher", "3", "--dry-run")
    assert code == 0
    assert len(draft["pairs"]) == 8
    assert not any(pair["existing"] or pair["uuid"] for pair in draft["pairs"])
    assert sorted(draft["load"].values()) == [1, 1, 1, 1, 1, 3]  # the three of one family stay together
    assert set(draft["load"]) == set(who.staff.values())
    assert "建议只是草稿" in said
    assert typed()[1]["pairs"] == []
    code, made, said = typed("--suggest", "--per-teacher", "3")
    assert code == 0
    assert "已结 8 对，可以撤销。" in said
    assert "8 对的帮扶人还没有有效的从业查询" in said
    assert all(
        pair["uuid"] and not pair["existing"] and pair["from"] == DAY.isoformat() for pair in made["pairs"]
    )
    assert {pair["child"] for pair in made["pairs"]} == set(who.children.values())
    assert made["load"] == draft["load"]
    told = [[(pair["child"], pair["supporter"]) for pair in one["pairs"]] for one in (draft, made)]
    assert told[0] == told[1]
    code, again, _ = typed("--suggest", "--per-teacher", "1")
    assert [(pair["uuid"], pair["supporter"]) for pair in again["pairs"] if pair["existing"]] == [
        (pair["uuid"], pair["supporter"]) for pair in typed()[1]["pairs"]
    ]
    assert again["unpaired"] == []
    with Store.open(typed.path, clock=clock, read_only=True) as store:
        assert store.one("SELECT count(*) FROM action WHERE kind = 'pairing.accept'") == (1,)


def test_what_cannot_be_is_said(typed, who):
    """One child per teacher where three are of one family: the family stays without, and the rule is named."""
    code, found, _ = typed("--suggest", "--per-teacher", "1", "--dry-run")
    assert code == 0
    family = {who.children[name] for name in ("谭晓东", "谭小兰", "谭小妹")}
    assert {one["child"] for one in found["unpaired"]} == family
    assert all("3 人" in one["why"] for one in found["unpaired"])
    assert any("兄弟姐妹必须由同一人带" in why for why in found["why"])
    assert typed("--per-teacher", "2")[0] == 1
    code, _, said = typed("--suggest", "--per-teacher", "0", "--dry-run")
    assert (code, "要在 1 到 99 之间（写的是 0）" in said) == (1, True)
