"""Every command of the command line, on real files, through another process."""

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from app import __version__
from app.core.clock import FixedClock
from app.core.messages import fault
from app.core.paths import private_folder, settings_file
from app.core.settings import Settings, save_settings
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.store import Store
from app.tasks.copy_to_stick import STAYS
from tests.app.command_line import ROOT, TODAY, ok, run, run_process, sentence
from tests.ledgers import copy_ledger


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo school in a folder with spaces and Chinese; tests that write work on a copy."""
    path = tmp_path_factory.mktemp("数 据") / "青石坪 小学.db"
    made = ok("demo", path, "--children", 40, "--json").value
    assert made["children"] == 40
    return path


@pytest.fixture
def copy(demo, tmp_path):
    """A copy of the demo school to write to."""
    return shutil.copy(demo, tmp_path / "一份.db")


@pytest.fixture
def held(copy):
    """A ledger that somebody has open in the window."""
    with Store.open(copy, clock=FixedClock(datetime(2026, 11, 21, 9, 0))):
        yield copy


# ------------------------------------------------------------------------------------------------ new files


def test_init_founds_a_school_and_never_over_a_file(tmp_path):
    path = tmp_path / "新 学校" / "台账.db"
    made = ok("init", path, "--school", "岩湾村小学", "--kind", "nine-year", "--json").value
    assert (made["school"], made["kind"], made["path"]) == ("岩湾村小学", "nine-year", str(path))
    assert "岩湾村小学" not in sentence(run("init", path, "--school", "另一所"))
    stats = ok("stats", path, "--json").value
    assert stats["children"]["total"] == stats["pupils"]["total"] == 0


def test_init_without_a_name_leaves_no_file(tmp_path):
    sentence(run("init", tmp_path / "台账.db", "--school", "  "))
    assert not (tmp_path / "台账.db").exists()


def test_demo_is_the_same_for_the_same_seed_and_day(tmp_path):
    lists = []
    for name in ("一.db", "二.db"):
        ok("demo", tmp_path / name, "--children", 8, "--seed", 5)
        lists.append(ok("children", tmp_path / name, "--json").value)
    assert lists[0] == lists[1]
    assert len(lists[0]) == 8


# ------------------------------------------------------------------------------------------------ reading


def test_children_lists_the_ledger_of_a_day(demo):
    now = ok("children", demo, "--json").value
    before = ok("children", demo, "--as-of", "2026-03-20", "--json").value
    assert len(now) == ok("stats", demo, "--json").value["children"]["total"] == 40
    assert {"uuid", "name", "sex", "class"} <= now[0].keys()
    assert {row["sex"] for row in now} == {"男", "女"}
    assert now[0]["class"].startswith("一")
    assert {row["uuid"] for row in before} != {row["uuid"] for row in now}


@pytest.mark.parametrize("text", ["覃䶮", "qinyan", "qy"])
def test_children_are_found_by_what_is_typed(demo, text):
    assert "覃䶮" in [row["name"] for row in ok("children", demo, "--find", text, "--json").value]


def test_who_is_not_on_the_ledger_is_found_too(demo):
    (found,) = ok("children", demo, "--find", "解语嫣", "--json").value
    assert found["registered"] is False


def test_children_for_people_is_one_line_each(demo):
    ran = ok("children", demo)
    assert len(ran.out.splitlines()) == 40
    assert "共 40 名" in ran.err


def test_stats_foot_and_look_at_the_day_asked_for(demo):
    found = ok("stats", demo, "--as-of", "2026-06-01", "--json").value
    assert found["as_of"] == "2026-06-01"
    total = found["children"]["total"]
    assert sum(found["care"].values()) == total
    assert sum(row["total"] for row in found["by_class"]) == total
    assert {"mz2016", "xueji", "edu_stat", "local"} == found["counting_rules"].keys()


def test_stats_for_people_name_day_and_counting_rule(demo):
    first = ok("stats", demo).out.splitlines()[0]
    assert "2026-11-21" in first
    assert "口径" in first


def test_reading_works_beside_an_open_window_and_writing_refuses(held, tmp_path):
    assert len(ok("children", held, "--json", by=run_process).value) == 40
    assert ok("stats", held, "--json", by=run_process).value["children"]["total"] == 40
    for arguments in (
        ("export-ledger", held, tmp_path / "台账.xlsx"),
        ("archive", held, tmp_path / "档案.pdf"),
        ("import-roster", held, write_roster(tmp_path / "名册.xlsx", ROWS)),
        ("backup", held),
        ("copy-to", held, tmp_path, "--plain", "--reason", "测试"),
        ("restore", held, held),
    ):
        assert "已经打开" in sentence(run_process(*arguments))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "一份.db",
        "一份.db.lock",
        "名册.xlsx",
        "备份",
    ]


# ------------------------------------------------------------------------------------------------ rosters


@pytest.fixture
def school(tmp_path):
    path = tmp_path / "新 校.db"
    ok("init", path, "--school", "岩湾村小学")
    return path


def write_roster(path, rows, sheet="花名册"):
    book = Workbook()
    book.active.title = sheet
    for row in (("姓名", "性别", "班级", "身份证号码", "是否留守", "父亲务工地"), *rows):
        book.active.append(row)
    book.save(path)
    return path


ROWS = (
    ("张小雨", "女", "三（1）班", "500000201801012343", "是", "广东东莞"),
    ("王小明", "男", "三（1）班", "", "否", ""),
    ("", "男", "三（2）班", "", "是", ""),
)


def test_a_roster_goes_in_and_its_answer_has_the_shape_of_the_issue(school, tmp_path):
    roster = write_roster(tmp_path / "花 名册.xlsx", ROWS)
    rehearsed = ok("import-roster", school, roster, "--dry-run", "--json").value
    assert ok("children", school, "--json").value == []
    rejects = tmp_path / "待处理.xlsx"
    done = ok(
        "import-roster", school, roster, "--json", "--rejects", rejects, "--data-date", "2026-11-01"
    ).value
    assert done == rehearsed
    assert {name: done[name] for name in ("rows", "new", "updated", "unchanged")} == {
        "rows": 3,
        "new": 2,
        "updated": 0,
        "unchanged": 0,
    }
    (parked,) = done["parked"]
    assert (parked["sheet"], parked["row"], parked["code"], bool(parked["reason"])) == (
        "花名册",
        4,
        "no_name",
        True,
    )
    assert all({"sheet", "row", "column", "code", "reason"} <= cell.keys() for cell in done["marked"])
    assert rejects.read_bytes().startswith(b"PK")
    assert [row["name"] for row in ok("children", school, "--json").value] == ["张小雨"]
    (known,) = ok("children", school, "--find", "王小明", "--json").value
    assert (known["registered"], known["class"]) == (False, "三（1）班")
    again = ok("import-roster", school, roster, "--json").value
    assert (again["new"], again["unchanged"]) == (0, 1)


def test_one_sheet_can_be_named(school, tmp_path):
    roster = write_roster(tmp_path / "名册.xlsx", ROWS, sheet="三年级")
    assert ok("import-roster", school, roster, "--sheet", "三年级", "--json").value["rows"] == 3
    assert "三年级" in sentence(run("import-roster", school, roster, "--sheet", "四年级"))


@pytest.mark.parametrize(
    "content", [b"", b"<html><table></table></html>", b"\xd0\xcf\x11\xe0 half", b"PK\x03\x04 half"]
)
def test_files_that_are_no_rosters_get_a_sentence(school, tmp_path, content):
    (tmp_path / "不是.xls").write_bytes(content)
    sentence(run("import-roster", school, tmp_path / "不是.xls", "--json"))
    assert ok("children", school, "--json").value == []


# ------------------------------------------------------------------------------------------------ what leaves the program


def log_of(path):
    with Store.open(path, clock=FixedClock(datetime(2026, 11, 21, 9, 0)), read_only=True) as store:
        return store.rows("SELECT kind, people, profile, reason, file_name, as_of FROM handover ORDER BY id")


def test_export_is_masked_and_logged(copy, tmp_path):
    out = tmp_path / "台 账.xlsx"
    made = ok("export-ledger", copy, out, "--json").value
    assert (made["children"], made["profile"]) == (40, "masked")
    assert out.read_bytes().startswith(b"PK")
    assert log_of(copy) == [("export", 40, "masked", None, "台 账.xlsx", TODAY)]


def test_full_numbers_need_a_reason_that_is_logged(copy, tmp_path):
    out = tmp_path / "台账.xlsx"
    sentence(run("export-ledger", copy, out, "--profile", "full"))
    assert not out.exists()
    ok("export-ledger", copy, out, "--profile", "full", "--reason", "镇里核对", "--as-of", "2026-10-01")
    assert log_of(copy)[0][2:] == ("full", "镇里核对", "台账.xlsx", "2026-10-01")


def test_archive_of_a_class_a_child_and_the_school(copy, tmp_path):
    (child,) = ok("children", copy, "--find", "覃䶮", "--json").value
    one = ok(
        "archive", copy, tmp_path / "一.pdf", "--child", child["uuid"], "--reason", "镇里核对", "--json"
    ).value
    assert one["children"] == 1
    cls = ok("archive", copy, tmp_path / "班.pdf", "--class", child["class"], "--json").value
    by_key = ok("archive", copy, tmp_path / "班.pdf", "--class", child["class_key"], "--json").value
    assert cls["children"] == by_key["children"] > 1
    whole = ok("archive", copy, tmp_path / "全校.pdf", "--as-of", "2026-11-20", "--json").value
    assert whole["children"] == 40
    assert whole["pages"] > cls["pages"] > one["pages"]
    assert "三（1）班" in sentence(run("archive", copy, tmp_path / "无.pdf", "--class", "九班"))
    sentence(run("archive", copy, tmp_path / "无.pdf", "--child", "nobody"))
    assert not (tmp_path / "无.pdf").exists()
    assert log_of(copy)[0][:4] == ("pdf", 1, "full", "镇里核对")
    assert log_of(copy)[-1][3] is None, "the command does not ask: who types it is not stopped"


# ------------------------------------------------------------------------------------------------ copies


def test_the_encrypted_copy_opens_with_its_passphrase_only(copy, tmp_path):
    stick = tmp_path / "优 盘"
    stick.mkdir()
    made = ok("copy-to", copy, stick, "--passphrase-stdin", "--json", stdin="青石坪2026口令\n")
    assert made.err.strip().splitlines()[-1] == STAYS, (
        "nothing can be pulled: it is on the disk of the ledger"
    )
    assert "现在可以拔出" not in made.err
    assert made.value["encrypted"] is True
    assert made.value["for"] == "town"
    file = made.value["path"]
    assert "加密" in sentence(run("verify", file))
    assert "口令不对" in sentence(run("verify", file, "--passphrase-stdin", stdin="别的口令"))
    found = ok("verify", file, "--passphrase-stdin", "--json", stdin="青石坪2026口令").value
    assert (found["ok"], found["children"], found["sha256"]) == (True, 40, made.value["sha256"])
    assert "留守儿童台账.xlsx" in found["files"]
    kind, people, profile, _, file_name, _ = log_of(copy)[0]
    assert (kind, people, profile) == ("export", 40, "full"), "it is on the disk of the ledger"
    assert file_name in file


def test_the_plain_copy_needs_a_reason_that_is_logged(copy, tmp_path):
    stick = tmp_path / "U"
    stick.mkdir()
    sentence(run("copy-to", copy, stick, "--plain"))
    sentence(run("copy-to", copy, stick, "--passphrase-stdin", stdin=""))
    assert list(stick.iterdir()) == []
    made = ok("copy-to", copy, stick, "--for", "self", "--plain", "--reason", "换电脑", "--json").value
    assert made["encrypted"] is False
    assert ok("verify", made["path"], "--json").value["ok"] is True
    assert log_of(copy)[0][3] == "换电脑"


def test_a_damaged_copy_is_told(copy, tmp_path):
    made = ok("backup", copy, "--json").value
    damaged = tmp_path / "坏.db"
    damaged.write_bytes(Path(made["path"]).read_bytes()[:-1])
    ran = run("verify", damaged, "--json")
    assert ran.code == 1
    assert ran.value["ok"] is False
    assert "损坏" in ran.value["message"]


def test_backup_and_restore_bring_back_what_was(copy):
    made = ok("backup", copy, "--json").value
    assert made["verified"] is True
    with (
        Store.open(copy, clock=FixedClock(datetime(2026, 11, 22, 9, 0))) as store,
        store.action("一改", kind="test"),
    ):
        store.db.execute_sql("UPDATE child SET hobbies = '后来的' WHERE id = 1")
    done = ok("restore", copy, made["path"], "--json", today="2026-11-23").value
    assert done["state_before"] == "ok"
    assert done["before_copy"]
    with Store.open(copy, clock=FixedClock(datetime(2026, 11, 23, 9, 0)), read_only=True) as store:
        assert store.rows("SELECT count(*) FROM child WHERE hobbies = '后来的'") == [(0,)]
    assert "不能用" in sentence(run("restore", copy, copy.with_name("没有.db")))


def test_a_second_place_that_is_away_is_said_in_words(demo, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "守望数据" / "守望.db"
    path.parent.mkdir()
    copy_ledger(demo, path)
    away = tmp_path / "移动硬盘" / "守望备份"
    save_settings(settings_file(), Settings(data_folder=path.parent, second_backup_folder=away))
    said = run_process("backup", path)
    assert said.code == 0
    assert "已备份" in said.err
    assert "第二处备份现在不在" in said.err
    assert "copy." not in said.err, "a line of the log is for whoever mends the program"


def test_what_was_saved_after_the_backup_comes_back_from_the_journal(copy, tmp_path):
    made = ok("backup", copy, "--json").value
    for hobby in ("画画", "下棋"):
        with (
            Store.open(copy, clock=FixedClock(datetime(2026, 11, 22, 9, 0))) as store,
            store.action("一改", kind="test"),
        ):
            store.db.execute_sql("UPDATE child SET hobbies = ? WHERE id = 1", (hobby,))
    found = ok("check", copy, "--json").value["detail"]["journal"]
    assert (found["last_commit"] - found["base_commit"], found["missing"]) == (2, 0)
    newest, older = copy.read_bytes(), Path(made["path"]).read_bytes()

    copy.write_bytes(newest[: len(newest) // 2])
    done = ok("restore", copy, made["path"], "--with-journal", "--json", today="2026-11-23").value
    assert (done["state_before"], done["journal_commits"], done["journal_lost"]) == ("corrupt", 2, 0)
    copy.write_bytes(older)
    found = ok("check", copy, "--json").value
    assert (found["state"], found["detail"]["journal"]["missing"]) == ("older-content", 2)
    assert "少 2 次保存" in sentence(run("backup", copy))
    done = ok("restore", copy, copy, "--with-journal", "--json", today="2026-11-23").value
    assert done["journal_commits"] == 2
    with Store.open(copy, clock=FixedClock(datetime(2026, 11, 23, 9, 0)), read_only=True) as store:
        assert store.one("SELECT hobbies FROM child WHERE id = 1") == ("下棋",)

    (tmp_path / "拷来的.db").write_bytes(older)
    assert "没有校验单" in sentence(run("restore", copy, tmp_path / "拷来的.db"))
    done = ok("restore", copy, tmp_path / "拷来的.db", "--unproved", "--json", today="2026-11-23").value
    assert done["journal_commits"] == 0


def test_check_names_the_state_and_touches_nothing(copy, tmp_path):
    before = copy.stat()
    found = ok("check", copy, "--json").value
    assert (found["state"], bool(found["message"])) == ("ok", True)
    assert copy.stat().st_mtime_ns == before.st_mtime_ns
    states = {}
    for name, content in {"空.db": b"", "字.db": b"hello" * 40, "半.db": copy.read_bytes()[:9000]}.items():
        (tmp_path / name).write_bytes(content)
        states[name] = ok("check", tmp_path / name, "--json").value["state"]
    assert states == {"空.db": "empty", "字.db": "not-ours", "半.db": "corrupt"}
    assert ok("check", tmp_path / "没有.db", "--json").value["state"] == "missing"
    assert not (tmp_path / "没有.db").exists()


# ------------------------------------------------------------------------------------------------ how it speaks


def test_version():
    value = ok("version", "--json", today=None, by=run_process).value
    assert value["version"] == __version__
    assert value["schema"] == SCHEMA_VERSION


@pytest.mark.parametrize(("commit", "sources"), [("0123456789ab", "0123456789ab"), ("", "源代码 0.9.1")])
def test_the_version_of_a_build_names_its_sources_also_without_a_commit(
    tmp_path, monkeypatch, commit, sources
):
    told = {"version": "0.9.1", "commit": commit, "built": "2027-03-05"}
    told |= {"platform": "windows-x86_64", "system": "Windows 10"}
    (tmp_path / "build.json").write_text(json.dumps(told), encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    said = ok("version", today=None).out
    assert said.splitlines()[1] == f"windows-x86_64，2027-03-05 做于 Windows 10（{sources}）"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "还少 命令"),
        (("fly",), "不能是 'fly'"),
        (("stats",), "还少 DB"),
        (("stats", "a.db", "--as-of", "21.11.2026"), "2026-09-01"),
        (("stats", "a.db", "--asof", "2026-11-21"), "不认识 --asof"),
        (("stats", "a.db", "--as-of"), "要跟一个值"),
        (("demo", "a.db", "--children", "many"), "整数"),
        (("init", "a.db"), "--school"),
        (("init", "a.db", "--school", "a", "--kind", "high"), "可以是"),
        (("copy-to", "a.db", "."), "选一个"),
        (("copy-to", "a.db", ".", "--plain", "--passphrase-stdin"), "不能一起用"),
        (("archive", "a.db", "a.pdf", "--all", "--class", "三（2）班"), "不能一起用"),
    ],
)
def test_wrong_usage_is_told_in_chinese_with_exit_code_2(arguments, words):
    ran = run(*arguments)
    assert words in sentence(ran, code=2)
    assert len(ran.err.splitlines()) == 1


def test_a_wrong_day_before_the_command():
    assert "2026-13-01" in sentence(run("version", today="2026-13-01"), code=2)


COMMANDS = (
    "init", "demo", "import-roster", "children", "export-ledger", "archive", "stats", "copy-to", "verify", "backup", "restore",
    "check", "version",
)  # fmt: skip


def test_help_is_chinese_and_names_every_command():
    first = ok("--help").out
    assert all(command in first for command in COMMANDS)
    for command in COMMANDS:
        words = ok(command, "--help").out
        assert words.startswith("用法：python -m app " + command)
        assert "显示这段说明" in words
        assert "usage" not in words
        assert "options" not in words


def test_missing_files_are_told_in_words_and_not_made(tmp_path):
    for arguments in (("children", tmp_path / "无.db"), ("backup", tmp_path / "无.db")):
        assert "找不到" in sentence(run(*arguments))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_and_one_in_the_place_of_a_file(copy, tmp_path):
    missing = tmp_path / "没有" / "台账.xlsx"
    for arguments in (("export-ledger", copy, missing), ("archive", copy, missing.with_suffix(".pdf"))):
        told = sentence(run_process(*arguments))
        assert "文件夹不在了" in told
        assert len(told.splitlines()) == 1
    assert log_of(copy) == []
    assert ok("check", tmp_path, "--json").value["state"] == "not-ours"
    assert "不是守望的数据" in sentence(run("children", tmp_path))


def test_a_gbk_console_shows_rare_characters_as_question_marks_and_json_stays_whole(demo):
    listed = ok("children", demo, encoding="gbk", by=run_process)
    assert "欧阳慕容雨桐" in listed.out
    assert "覃?" in listed.out
    names = [row["name"] for row in ok("children", demo, "--json", encoding="gbk", by=run_process).value]
    assert "覃䶮" in names
    assert "找不到" in sentence(run_process("children", demo.with_name("无𬭎.db"), encoding="gbk"))


def test_the_main_journey_as_processes_of_their_own(tmp_path):
    path, stick = tmp_path / "演 示.db", tmp_path / "优 盘"
    stick.mkdir()
    ok("demo", path, "--children", 12, by=run_process)
    assert ok("stats", path, "--json", by=run_process).value["children"]["total"] == 12
    ok("export-ledger", path, tmp_path / "台账.xlsx", by=run_process)
    ok("archive", path, tmp_path / "档案.pdf", "--class", "三（1）班", by=run_process)
    made = ok(
        "copy-to",
        path,
        stick,
        "--passphrase-stdin",
        "--json",
        stdin="十二个字的口令好记一些呀\n",
        by=run_process,
    )
    assert made.err.strip().splitlines()[-1] == STAYS, (
        "nothing can be pulled: it is on the disk of the ledger"
    )
    assert "现在可以拔出" not in made.err
    backup = ok("backup", path, "--json", by=run_process).value
    ok("verify", backup["path"], by=run_process)
    ok("restore", path, backup["path"], by=run_process)
    assert ok("check", path, "--json", by=run_process).value["state"] == "ok"
    assert "选一个" in sentence(run_process("copy-to", path, stick), code=2)


def test_a_document_that_could_not_be_logged_does_not_stay(copy, tmp_path, monkeypatch):
    def full(store, *_arguments, **_options):
        raise fault("storage.full")

    monkeypatch.setattr("app.tasks.export_ledger.log_handover", full)
    monkeypatch.setattr("app.tasks.archive.log_handover", full)
    for command, name in (("export-ledger", "台账.xlsx"), ("archive", "书.pdf")):
        assert "硬盘满了" in sentence(run(command, copy, tmp_path / name))
        assert not (tmp_path / name).exists()


def test_verify_does_not_promise_what_only_the_manifest_shows(copy, tmp_path):
    made = ok("copy-to", copy, tmp_path, "--plain", "--reason", "镇里没有解压软件", "--json").value
    assert "校验单" not in ok("verify", made["path"]).err
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(made["path"], alone / "x.db")
    assert "旁边没有校验单" in ok("verify", alone / "x.db").err


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_outside_any_ledger_is_wrong_usage(demo, day):
    assert "之间" in sentence(run("stats", demo, "--as-of", day), code=2)
    assert "之间" in sentence(run("stats", demo, today=day), code=2)


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
def test_the_farthest_days_are_counted(demo, day):
    stats = ok("stats", demo, "--as-of", day, "--json").value
    assert stats["children"]["total"] == sum(stats["care"].values())
    ok("children", demo, "--as-of", day)


def test_a_name_that_the_disk_cannot_hold_is_told_as_that(tmp_path):
    for path in (tmp_path / ("很" * 80 + ".db"), tmp_path.joinpath(*["很" * 60] * 3, "台账.db")):
        assert "太长" in sentence(run("init", path, "--school", "岩湾村小学"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_no_broken_stick(copy, tmp_path):
    for folder in (tmp_path / "没有", copy):
        assert "找不到优盘或文件夹" in sentence(
            run("copy-to", copy, folder, "--plain", "--reason", "镇里没有解压软件")
        )


def test_a_home_that_cannot_be_written_is_told(copy, tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    stick = tmp_path / "stick"
    stick.mkdir()
    for command in (("backup", copy), ("copy-to", copy, stick, "--plain", "--reason", "x"), ("check", copy)):
        assert "工作文件夹" in sentence(run(*command))
    assert list(stick.iterdir()) == []


def test_what_a_power_cut_left_in_the_private_folder_goes_with_the_next_opening(copy):
    room = private_folder() / "work_0123456789abcdef"
    room.mkdir(parents=True)
    (room / "snapshot.db").write_bytes(b"SQLite format 3")
    ok("export-ledger", copy, copy.parent / "台账.xlsx")
    assert not room.exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_write_protected_ledger_is_printed_without_an_entry(copy, tmp_path):
    copy.chmod(0o400)
    _looked_at_only(copy, tmp_path)


def test_a_ledger_opened_to_look_at_is_printed_without_an_entry(copy, tmp_path, monkeypatch):
    """For root no file is write-protected, so the fault is raised by hand."""
    opened = Store.open

    def only_to_look(path, **options):
        if not options.get("read_only"):
            raise fault("read-only", name=path.name, backups="")
        return opened(path, **options)

    monkeypatch.setattr(Store, "open", only_to_look)
    _looked_at_only(copy, tmp_path)


def _looked_at_only(ledger, folder):
    before = ledger.read_bytes()
    for command, name in (("export-ledger", "台账.xlsx"), ("archive", "书.pdf")):
        assert "没有记进移交登记" in ok(command, ledger, folder / name).err
        assert (folder / name).stat().st_size > 1000
    full = run("export-ledger", ledger, folder / "全.xlsx", "--profile", "full", "--reason", "镇里要核对")
    assert "没有导出" in sentence(full)
    assert not (folder / "全.xlsx").exists()
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    ("command", "target"),
    [
        (("export-ledger",), "一份.db"),
        (("archive",), "一份.db"),
        (("export-ledger",), "."),
        (("archive",), "."),
        (("export-ledger",), "book.pdf"),
        (("archive",), "book.xlsx"),
    ],
)
def test_no_document_is_written_over_the_ledger_or_a_folder(copy, command, target):
    before = copy.read_bytes()
    names = sorted(
        [*(path.name for path in copy.parent.iterdir()), "备份"]
    )  # the journal, once it was opened to write
    assert "没有写" in sentence(run(*command, copy, copy.parent / target))
    assert ok("check", copy, "--json").value["state"] == "ok"
    assert len(copy.read_bytes()) == len(before)
    assert sorted(path.name for path in copy.parent.iterdir() if path.suffix != ".lock") == names


def test_a_ledger_with_the_ending_of_a_workbook_is_not_written_over(copy, tmp_path):
    odd = copy.rename(tmp_path / "odd.xlsx")
    link = tmp_path / "link.xlsx"
    link.hardlink_to(odd)
    for target in (odd, link):
        assert "要读的那个文件" in sentence(run("export-ledger", odd, target))
    assert ok("check", odd, "--json").value["state"] == "ok"


def test_the_rows_that_wait_are_not_written_over_the_roster(copy, tmp_path):
    roster = tmp_path / "名册.xlsx"
    book = Workbook()
    book.active.append(["姓名", "性别", "班级"])
    book.active.append(["岑小满", "女", "三（2）班"])
    book.save(roster)
    before = roster.read_bytes()
    for target in (roster, copy):
        sentence(run("import-roster", copy, roster, "--rejects", target))
    assert roster.read_bytes() == before
    assert ok("children", copy, "--find", "岑小满", "--json").value == []


def test_a_bug_is_told_in_one_sentence_and_logged_without_names(tmp_path):
    """A folder in the place of the private folder's parent is nothing anybody foresaw."""
    script = (
        "import sys; from unittest import mock; import app.cli.commands as c; from app.__main__ import main\n"
        "def broken(args, clock): raise RuntimeError('张三 12345678901')\n"
        "with mock.patch.dict(c.COMMANDS, {'version': broken}): sys.exit(main(['version']))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False, encoding="utf-8"
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "没有料到" in ran.stderr
    assert "张三" not in ran.stderr


def test_starting_costs_little_of_what_a_command_does_not_need():
    script = (
        "import sys; sys.argv = ['app', '--help']\n"
        "try:\n    from app.__main__ import main; main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'peewee', 'sqlcipher3', 'openpyxl', 'reportlab', 'pypinyin', 'holidays', 'python_calamine', 'py7zr'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False, encoding="utf-8"
    )
    assert ran.stderr.strip() == "[]"
