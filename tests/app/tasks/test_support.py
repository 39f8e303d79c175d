"""关于 and the support file: enough to help with, and not one name or number of anybody in its bytes."""

import logging
import re
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault
from app.core.log import NamelessFormatter
from app.core.paths import log_folder, settings_file
from app.core.settings import Settings, save_settings
from app.storage.backups import Reason, make_backup
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.store import Store
from app.tasks.demo import make_demo
from app.tasks.support import FACTS_NAME, about, for_others, place_words, write_support
from tests.app.command_line import run

NOW = datetime(2026, 11, 21, 10, 42)
CLOCK = FixedClock(NOW)
HAN = re.compile("[\u4e00-\u9fff]")
NUMBER = re.compile("(?<![0-9a-f-])[0-9]{7,18}[Xx]?(?![0-9a-f-])")
UUID = re.compile("[0-9a-f-]{32,36}")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "守望.db"
    make_demo(path, clock=CLOCK, children=20)
    return path


@pytest.fixture
def ledger(demo, tmp_path):
    return Path(shutil.copy(demo, tmp_path / "守望.db"))


@pytest.fixture
def logs():
    """The folder of the log, empty before and after."""
    folder = log_folder()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def settings():
    yield settings_file()
    settings_file().unlink(missing_ok=True)


def everything_typed(path):
    """Every text of the ledger in which there is a Chinese character or a long number, from whatever column."""
    found = set()
    with Store.open(path, clock=CLOCK, read_only=True) as store:
        for (table,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
            for row in store.rows(f'SELECT * FROM "{table}"'):
                texts = [one for one in row if isinstance(one, str) and not UUID.fullmatch(one)]
                found |= {one for one in texts if len(one) > 1 and (HAN.search(one) or NUMBER.search(one))}
    return found


def whole_text(out):
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_nothing_that_was_typed_is_in_the_bytes_of_the_support_file(ledger, logs, settings, tmp_path):
    typed = everything_typed(ledger)
    assert len(typed) > 500
    save_settings(
        settings,
        Settings(
            data_folder=ledger.parent,
            who="欧阳慕容雨桐",
            saved_filters={"欧阳慕容雨桐的班": {"class": "三（2）班"}},
        ),
    )
    # A line of our own log, and lines that never went through its formatter: both name everybody.
    record = logging.LogRecord("shouwang", logging.ERROR, "x.py", 1, " ".join(sorted(typed)), None, None)
    (logs / "shouwang.log").write_text(NamelessFormatter().format(record), encoding="utf-8")
    (logs / "shouwang.log.1").write_text("\n".join(sorted(typed)), encoding="utf-8")
    make_backup_of(ledger)
    for store in (None, "open"):
        out = tmp_path / f"支持 {store}.zip"
        written = write_it(out, ledger, opened=store is not None)
        assert (written.logs, written.size) == (2, out.stat().st_size)
        said = whole_text(out)
        assert sorted(said) == ["log/shouwang.log", "log/shouwang.log.1", FACTS_NAME]
        for name, text in said.items():
            assert [one for one in typed if one in text] == [], name
        packed = out.read_bytes()
        assert [one for one in typed if one.encode("utf-8") in packed] == []
        assert "欧阳慕容雨桐" not in "".join(said.values())


def make_backup_of(path):
    with Store.open(path, clock=CLOCK) as store:
        make_backup(store, reason=Reason.BY_HAND)


def write_it(out, path, *, opened, trouble=""):
    if not opened:
        return write_support(out, path=path, clock=CLOCK, trouble=trouble)
    with Store.open(path, clock=CLOCK) as store:
        return write_support(out, path=path, clock=CLOCK, store=store, trouble=trouble)


def test_it_says_what_a_helper_asks_first(ledger, logs, settings, tmp_path):
    make_backup_of(ledger)
    write_it(tmp_path / "a.zip", ledger, opened=True)
    page = whole_text(tmp_path / "a.zip")[FACTS_NAME]
    assert f"数据格式：{SCHEMA_VERSION}" in page
    assert "SQLite 3." in page
    assert "状态：开着" in page
    assert "child 2" in page  # twenty or so of them
    assert "备份 1 份" in page
    assert "核对过" in page


def test_a_ledger_that_does_not_open_is_told_with_its_state(ledger, logs, settings, tmp_path):
    damaged = bytearray(ledger.read_bytes())
    damaged[:16] = b"not a database!!"
    ledger.write_bytes(damaged)
    before = ledger.read_bytes()
    write_it(tmp_path / "a.zip", ledger, opened=False, trouble="corrupt")
    page = whole_text(tmp_path / "a.zip")[FACTS_NAME]
    assert "代码：corrupt" in page
    assert "状态：not-ours" in page
    assert ledger.read_bytes() == before


def test_before_there_is_a_ledger_it_holds_versions_and_the_log(logs, settings, tmp_path):
    (logs / "shouwang.log").write_text("2026-11-21 INFO started", encoding="utf-8")
    write_support(tmp_path / "a.zip", path=None, clock=CLOCK)
    said = whole_text(tmp_path / "a.zip")
    assert "【数据文件】" not in said[FACTS_NAME]
    assert "started" in said["log/shouwang.log"]


def test_the_computers_user_is_not_named(ledger, logs, settings, tmp_path, monkeypatch):
    home = tmp_path / "zhangwei"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    trace = f'File "{home}/AppData/x.py", line 3\nuser zhangwei, C:\\Users\\zhangwei\\x\n'
    (logs / "shouwang.log").write_text(trace, encoding="utf-8")
    assert place_words(home / "守望数据").startswith("~")
    write_support(tmp_path / "a.zip", path=ledger, clock=CLOCK)
    assert "zhangwei" not in "".join(whole_text(tmp_path / "a.zip").values())


def test_a_file_that_does_not_read_back_is_not_called_written(logs, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile.ZipFile, "testzip", lambda _self: FACTS_NAME)
    with pytest.raises(EnvironmentFault) as told:
        write_support(tmp_path / "a.zip", path=None, clock=CLOCK)
    assert told.value.key == "support.unreadable"


def test_a_folder_that_is_gone_is_said(logs, settings, tmp_path):
    with pytest.raises(EnvironmentFault) as told:
        write_support(tmp_path / "no" / "a.zip", path=None, clock=CLOCK)
    assert told.value.key == "file.no_folder"


def test_about_tells_the_last_verified_backup_and_the_place(ledger):
    assert dict(about(ledger, CLOCK))["上次核对成功的备份"] == "还没有"
    make_backup_of(ledger)
    facts = dict(about(ledger, CLOCK, toolkit="Qt 6"))
    assert facts["上次核对成功的备份"].startswith("2026-11-21 10:42，")
    assert facts["数据"] == place_words(ledger.parent)
    assert "Qt 6" in facts["组件"]
    assert "数据" not in dict(about(None, CLOCK))


def test_about_does_not_take_the_backup_of_another_ledger_for_this_ones(ledger):
    """A school begun anew keeps its backups in the folder in which those of the ledger before lie."""
    make_backup_of(ledger)
    ledger.rename(ledger.with_name("以前的.db"))
    with Store.create(ledger, clock=CLOCK) as new:
        assert dict(about(ledger, CLOCK, store=new))["上次核对成功的备份"] == "还没有"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (r"D:\曾小雨的东西\守望数据", r"D:\…\守望数据"),
        ("/media/chensulan/守望数据/备份", "/media/…/守望数据/备份"),
        (r"~\Documents\守望数据", r"~\Documents\守望数据"),
    ],
)
def test_what_is_sent_on_names_no_folder_of_hers(place, told):
    facts = [("版本", "守望 1"), ("数据", place), ("上次核对成功的备份", "还没有")]
    assert for_others(facts) == [facts[0], ("数据", told), facts[2]]


def test_the_command_line_writes_it_too(ledger, logs, settings, tmp_path):
    done = run("support", ledger, tmp_path / "给人看.zip", "--json")
    assert done.code == 0, done.err
    assert done.value["size"] == (tmp_path / "给人看.zip").stat().st_size
    assert run("support", ledger, tmp_path / "给人看.txt", "--json").code == 1
