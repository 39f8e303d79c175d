"""``upgrade`` and ``drill`` by the real command line: an old file, a spoilt backup, the proof as a PDF."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime

import pytest

from app.core.clock import FixedClock
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.store import Store
from tests.app.command_line import ROOT, run


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("数 据") / "青石坪 小学.db"
    assert run("demo", path, "--children", 20, "--json").code == 0
    return path


@pytest.fixture
def copy(demo, tmp_path):
    return shutil.copy(demo, tmp_path / "一份.db")


@pytest.fixture
def old(tmp_path):
    """A ledger as data format 1 left it."""
    return shutil.copy(ROOT / "tests" / "data" / "released" / "v1.db", tmp_path / "旧 格式.db")


def test_an_old_file_is_upgraded_once_and_says_what_it_holds(old):
    assert run("check", old, "--json").value["state"] == "older-schema"
    done = run("upgrade", old, "--json")
    assert done.code == 0
    found = done.value
    assert (found["upgraded"], found["from_schema"], found["to_schema"]) == (True, 1, SCHEMA_VERSION)
    words = f"升级完成：{found['children']} 份儿童档案（连同离校的和回收站里的）、{found['records']} 条记录，与升级前一致。"
    assert words in done.err
    assert run("verify", found["before_copy"], "--json").value["ok"]
    assert run("check", old, "--json").value["state"] == "ok"
    again = run("upgrade", old, "--json")
    assert (again.code, again.value["upgraded"]) == (0, False)


def test_a_damaged_old_file_is_not_upgraded(old):
    old.write_bytes(old.read_bytes()[:-1])
    before = old.read_bytes()
    refused = run("upgrade", old, "--json")
    assert refused.code == 1
    assert old.read_bytes() == before


def test_an_open_ledger_is_not_upgraded(copy):
    with Store.open(copy, clock=FixedClock(datetime(2026, 11, 21, 9))):
        assert run("upgrade", copy, "--json").code == 1


def test_a_drill_on_the_command_line_with_its_proof(copy, tmp_path, reader):
    assert run("drill", copy, "--json").code == 1, "there is no backup yet"
    made = run("backup", copy, "--json").value
    proof = tmp_path / "证明.pdf"
    done = run("drill", copy, "--proof", proof, "--json", today="2026-11-22")
    assert done.code == 0
    found = done.value
    assert (found["proved"], found["children"], found["proof"]) == (True, 20, str(proof))
    assert all(check["ok"] for check in found["checks"])
    text = subprocess.run([reader("pdftotext"), proof, "-"], capture_output=True, check=True).stdout.decode()
    assert "数据恢复演习记录" in text
    # That very backup, spoilt: the drill says so, and the exit code too.
    content = bytearray((tmp_path / "备份" / made["path"].rpartition("/")[2]).read_bytes())
    content[len(content) // 3] ^= 4
    (tmp_path / "备份" / made["path"].rpartition("/")[2]).write_bytes(bytes(content))
    spoilt = run("drill", copy, "--backup", made["path"], "--json", today="2026-11-22")
    assert spoilt.code == 1
    assert spoilt.value["proved"] is False
    assert "没有通过演习" in spoilt.err
    plain = run("drill", copy, "--proof", copy)
    assert plain.code != 0, "the proof is never written over the ledger"
