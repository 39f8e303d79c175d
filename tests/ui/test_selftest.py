"""The program's test of itself: what it writes over, and what not. The test as a whole runs in the frozen program."""

import json
from contextlib import nullcontext

from ui.__main__ import SELF_TEST, main


def test_it_writes_over_nothing_but_its_own_kind_of_file(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("ui.selftest.run._try_all", lambda _folder, _report: None)
    monkeypatch.setattr("ui.selftest.run._OWN_FOLDERS", ())
    ledger = tmp_path / "守望.db"
    ledger.write_bytes(b"somebody's data")
    assert main([SELF_TEST, str(ledger)]) == 2
    assert ledger.read_bytes() == b"somebody's data"
    assert "守望.db" in capsys.readouterr().err
    found = tmp_path / "结果.jsonl"
    assert main([SELF_TEST, str(found)]) == 0
    assert found.read_text(encoding="utf-8").startswith('{"check": "end"')


def test_a_folder_of_its_own_that_stays_is_a_finding(tmp_path, monkeypatch, caplog):
    """Windows takes no folder away in which something is still open."""
    monkeypatch.setattr("ui.selftest.run._try_all", lambda _folder, _report: None)
    monkeypatch.setattr("ui.selftest.run._OWN_FOLDERS", ())
    stays = tmp_path / "自检 1"
    stays.mkdir()
    monkeypatch.setattr("ui.selftest.run.tempfile.TemporaryDirectory", lambda **_: nullcontext(str(stays)))
    found = tmp_path / "结果.jsonl"
    assert main([SELF_TEST, str(found)]) == 1
    lines = [json.loads(line) for line in found.read_text(encoding="utf-8").splitlines()]
    assert [line["check"] for line in lines if not line["ok"]] == ["leftovers", "end"]
    assert "self-test: leftovers" in caplog.text
