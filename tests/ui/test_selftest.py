"""The program's test of itself: what it writes over, and what not. The test as a whole runs in the frozen program."""

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
