"""The command that destroys: only from the bin, with a reason, with its list."""

from datetime import datetime

import pytest

from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.core.clock import FixedClock
from app.dossier.service_bin import move_to_bin
from app.school.service import init_school
from app.storage.store import Store
from tests.app.command_line import ok, run, sentence

WHY = "家长书面申请"


@pytest.fixture
def binned(tmp_path):
    """A ledger of two children, one of them in the recycle bin: its path and the two uuids."""
    path = tmp_path / "守望.db"
    clock = FixedClock(datetime(2026, 11, 21, 9))
    with Store.create(path, clock=clock) as store:
        init_school(store, name="青石坪镇中心小学")
        one, two = ChildDraft(name="覃龑飞"), ChildDraft(name="单永强")
        add_child(store, draft=one)
        add_child(store, draft=two)
        move_to_bin(store, uuids=[one.uuid])
    return path, one.uuid, two.uuid


def test_a_child_in_the_bin_is_destroyed_with_its_list(binned, tmp_path):
    path, uuid, _ = binned
    out = tmp_path / "清单.pdf"
    ran = ok("purge", path, "--child", uuid, "--reason", WHY, "--with-people", "--list", out, "--json")
    value = ran.value
    assert value["finished"]
    assert value["traces"] == []
    assert value["counts"]["儿童"] == 1
    assert value["records"] == sum(value["counts"].values())
    assert out.read_bytes().startswith(b"%PDF")
    assert "已从台账里永久删除" in ran.err
    assert "覃龑飞" not in ran.err
    assert "覃龑飞".encode() not in path.read_bytes()


def test_one_who_is_not_in_the_bin_stays(binned, tmp_path):
    path, uuid, other = binned
    before = path.read_bytes()
    assert "回收站" in sentence(run("purge", path, "--child", other, "--reason", WHY))
    assert "原因" in sentence(run("purge", path, "--child", uuid, "--reason", " "))
    assert sentence(run("purge", path, "--child", uuid, "--reason", WHY, "--list", tmp_path / "清单.txt"))
    assert len(path.read_bytes()) == len(before)
    assert [one["name"] for one in ok("children", path, "--find", "单永强", "--json").value] == ["单永强"]
