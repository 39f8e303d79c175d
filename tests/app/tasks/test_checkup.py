"""体检 in words: a teacher finds the paper file by them, the list prints, the command line does the whole job."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime

import pytest

from app.core.clock import FixedClock
from app.core.errors import UserError
from app.storage.backups import Reason, make_backup
from app.storage.check import check
from app.storage.checkup_file import fresh_schema
from app.storage.findings import Kind, Severity
from app.storage.history import actions, undo
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.store import Store
from app.tasks import checkup_words
from app.tasks.checkup import checkup, use_repaired, write_checkup_list
from app.tasks.demo import make_demo
from app.tasks.import_roster import import_roster
from tests.app.command_line import ROOT, ok, run, run_process, sentence
from tests.app.storage import damage

RELEASED = ROOT / "tests" / "data" / "released"
ROSTERS = ROOT / "tests" / "data" / "rosters"
NOW = datetime(2026, 11, 21, 9, 0)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path, clock=FixedClock(NOW), children=14)
    return path


@pytest.fixture
def ledger(demo, tmp_path):
    return shutil.copyfile(demo, tmp_path / "守望.db")


def name_of(path, row_id):
    return damage.value(path, "SELECT name FROM child WHERE id = ?", row_id).decode()


def test_a_sound_ledger_says_how_much_was_looked_at(ledger, clock):
    report = checkup(ledger, clock=clock)
    assert report.is_clean
    assert report.head == f"没有发现问题：14 名儿童，{report.checkup.records} 条记录，逐条和改动历史对过。"
    assert report.groups() == []
    assert report.school


def test_whose_row_it_is_is_said_so_that_the_paper_is_found(ledger, clock):
    name = name_of(ledger, 3)
    damage.put_bad_bytes(ledger, "child", "name", 3)
    damage.silently(ledger, "UPDATE phone SET number = '13900000000' WHERE id = 4")
    report = checkup(ledger, clock=clock)
    mended, offered = report.lines
    assert report.head == "已在副本上修好并核对：14 名儿童，条数一致。"
    assert mended.whose.startswith(f"{name}（")
    assert "班" in mended.whose
    assert "生" in mended.whose
    assert mended.what == "姓名"
    assert mended.compared == f"文件里：{name}\ufffd\ufffd；历史里：{name}"
    assert mended.child_uuid == damage.value(ledger, "SELECT uuid FROM child WHERE id = 3").decode()
    assert offered.whose.endswith("的家人）")
    assert (offered.what, offered.can_accept) == ("电话：号码", True)
    assert [caption for caption, _ in report.groups()] == ["已在副本上修好", "两处不一致，请您定"]


def test_each_kind_of_finding_has_its_words_and_every_table_and_field_a_name():
    """Nothing is left to be said in the program's own words: every table and column there is."""
    fresh = fresh_schema(SCHEMA_VERSION)
    for table in fresh.history_tables():
        words = checkup_words.table_words(table)
        assert not words.isascii(), table
    known = {kind for kind, _ in checkup_words._WORDS}
    assert known == set(Kind)
    assert set(checkup_words.CAPTIONS) == set(Severity)


def test_pages_that_are_lost_are_told_per_table_and_a_backup_is_the_way(ledger, clock, tmp_path):
    with Store.open(ledger, clock=clock) as store:
        make_backup(store, reason=Reason.BY_HAND)
    damage.zero_page(ledger, damage.leaf_page(ledger, "child", 0))
    report = checkup(ledger, clock=clock)
    assert report.is_lost
    assert not report.can_use_repaired
    assert "要从备份恢复" in report.head
    assert any(note.startswith("儿童：只读得出") and "最近的备份里有" in note for note in report.notes)
    assert "不会单独拼成一份" in report.notes[-1]
    with pytest.raises(UserError) as refused:
        use_repaired(ledger, report, clock=clock)
    assert refused.value.key == "checkup.nothing_mended"


def test_the_offer_she_accepts_is_mended_with_the_rest(ledger, clock):
    name = name_of(ledger, 5)
    damage.silently(ledger, "UPDATE child SET name = '单立夏' WHERE id = 5")
    report = checkup(ledger, clock=clock)
    assert not report.can_use_repaired
    (line,) = report.lines
    done = use_repaired(ledger, report, clock=clock, accept={line.key}, by="周老师")
    assert done.words[0].startswith("已换上修好的")
    assert name_of(ledger, 5) == name
    assert checkup(ledger, clock=clock).is_clean


def test_the_printed_list_names_everything_and_has_room_to_sign(ledger, clock, tmp_path, reader):
    names = [name_of(ledger, key) for key in (3, 5)]
    damage.put_bad_bytes(ledger, "child", "name", 3)
    damage.silently(ledger, "UPDATE child SET note = 'x' WHERE id = 5", "DELETE FROM boarding WHERE id = 2")
    out = tmp_path / "清单.pdf"
    report = checkup(ledger, clock=clock)
    made = write_checkup_list(report, out)
    assert made.missing_characters == ()
    text = subprocess.run(
        [reader("pdftotext"), "-layout", str(out), "-"], check=True, capture_output=True
    ).stdout.decode()
    flat = "".join(text.split())
    for words in (
        "数据体检清单",
        "已在副本上修好（1处）",
        "两处不一致，请您定（2处）",
        "核对人：",
        "学校（盖章）",
        *names,
    ):
        assert words in flat
    assert "〓〓" in flat
    assert "第1页共1页" in flat
    title = subprocess.run([reader("pdfinfo"), str(out)], check=True, capture_output=True).stdout.decode()
    assert not any(name in title for name in names)


def test_a_long_list_goes_over_several_pages_whole(ledger, clock, tmp_path, reader):
    damage.silently(ledger, "DELETE FROM change WHERE table_name IN ('kinship', 'phone', 'away')")
    report = checkup(ledger, clock=clock)
    out = tmp_path / "清单.pdf"
    assert write_checkup_list(report, out).pages > 2
    text = subprocess.run([reader("pdftotext"), "-layout", str(out), "-"], check=True, capture_output=True)
    numbers = {word for word in text.stdout.decode().split() if word.isdigit()}
    assert {str(number) for number in range(1, len(report.lines) + 1)} <= numbers


def test_the_list_never_takes_the_place_of_the_ledger(ledger, clock):
    report = checkup(ledger, clock=clock)
    for wrong in (ledger, ledger.with_name("清单.txt"), ledger.parent):
        with pytest.raises(UserError):
            write_checkup_list(report, wrong)


@pytest.mark.parametrize("released", sorted(RELEASED.glob("v*.db")), ids=lambda path: path.stem)
def test_a_file_of_an_older_release_has_nothing(released, tmp_path, clock):
    path = shutil.copyfile(released, tmp_path / "alt.db")
    assert checkup(path, clock=clock).is_clean


def test_a_roster_that_was_read_in_and_taken_back_has_nothing(ledger, clock):
    with Store.open(ledger, clock=clock) as store:
        import_roster(store, ROSTERS / "two_row_header.xlsx", data_date=clock.today())
        imported = actions(store, limit=1)[0]
    assert checkup(ledger, clock=clock).is_clean
    with Store.open(ledger, clock=clock) as store:
        undo(store, imported.uuid, by=None)
    assert checkup(ledger, clock=clock).is_clean


# ------------------------------------------------------------------------------------------------ the command line


def test_checkup_on_the_command_line(ledger, tmp_path):
    assert ok("checkup", ledger, "--json").value["clean"] is True
    damage.damage_an_index(ledger)
    before = ledger.read_bytes()
    found = ok("checkup", ledger, "--list", tmp_path / "清单.pdf", "--json").value
    assert (found["clean"], found["mended"], found["lost"], found["children"]) == (False, True, False, 14)
    assert found["findings"] == [
        {"kind": "index", "severity": "mended", "table": "child", "uuid": "", "column": ""}
    ]
    assert found["list"]["pages"] == 1
    assert (tmp_path / "清单.pdf").read_bytes().startswith(b"%PDF")
    assert ledger.read_bytes() == before


def test_repair_on_the_command_line(ledger):
    damage.damage_an_index(ledger)
    ran = ok("checkup", ledger, "--repair", "--json", by=run_process)
    assert ran.value["repaired"]["kept"]
    assert "已换上修好的：14 名儿童" in ran.err
    assert check(ledger).state == "ok"
    # Once more is harmless: there is nothing to do.
    assert "repaired" not in ok("checkup", ledger, "--repair", "--json").value


def test_what_cannot_be_mended_is_refused_on_the_command_line(ledger):
    damage.silently(ledger, "UPDATE child SET note = 'x' WHERE id = 5")
    assert "没有能换上的" in sentence(run("checkup", ledger, "--repair", "--json"))
    assert "找不到" in sentence(run("checkup", ledger.with_name("没有.db"), "--json"))
