"""Every state of a data file, forced on a real one, through the real window: its words, its buttons, what may never happen."""

import shutil
import subprocess
import sys
import threading
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlcipher3 import dbapi2

from app.core.messages import FAULTS, fault
from app.core.paths import private_folder
from app.core.settings import load_settings, save_settings
from app.storage.backups import list_backups
from app.storage.beside import Marker, marker_of, write_marker
from app.storage.connection import LedgerDatabase
from app.storage.data_place import ledger_path
from app.storage.manifest import manifest_path
from app.storage.store import Store
from tests.ui.shell.disks import disk, fill, held_by_another
from tests.ui.shell.hands import (
    add_staff_member,
    back_up,
    banners,
    buttons,
    close,
    key_shown,
    press,
    said,
    sits,
    wait_for_screen,
)
from ui.shell.first_run import FirstRun
from ui.shell.ledger import DEMO_PLACE
from ui.shell.mending import ELSEWHERE
from ui.shell.start import AT_THE_START, HEADS, LEAVE
from ui.widgets import Banner, Link

PATIENCE = 20_000
RELEASED = Path(__file__).parents[2] / "data" / "released"


@pytest.fixture
def path(school, tmp_path, qtbot):
    """The usual ledger, put away with a verified backup."""
    close(school, qtbot)
    assert list_backups(tmp_path / "backups")[0].verified
    return ledger_path(tmp_path / "data")


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def waits_until_it_sits(program, qtbot):
    qtbot.waitUntil(sits(program), timeout=PATIENCE)


def agree(program):
    """Press 恢复 in the question that is open."""
    program.dialogs.panels[-1].buttons["restore"].click()


# ---------------------------------------------------------------------------------------------------- resume


@pytest.mark.parametrize("verb", ["继续恢复", "换回原来的"])
def test_resume_has_two_ways_and_both_end_in_a_ledger(school, start, tmp_path, qtbot, verb):
    backup = back_up(school, qtbot)
    add_staff_member(school, qtbot, "李国平")
    close(school, qtbot)
    path = ledger_path(tmp_path / "data")
    marker = Marker(
        "restore", str(backup.path), f"{path}.before-restore-20261121_104200", "2026-11-21T10:42:00"
    )
    write_marker(path, marker)
    again = start()
    screen = wait_for_screen(again, qtbot, "resume")
    assert set(buttons(screen)) - LEAVE == {"继续恢复", "换回原来的"}
    press(screen, verb)
    waits_until_it_sits(again, qtbot)
    assert ("李国平" in again.sitting.context.entering.names) is (verb == "换回原来的")
    assert not marker_of(path).exists()


def test_an_upgrade_that_was_cut_is_cleared_up_by_itself(path, start, qtbot):
    left = path.with_name(path.name + ".upgraded")
    left.write_bytes(b"half")
    write_marker(path, Marker("upgrade", str(left), "", "2026-11-21T10:42:00"))
    again = start()
    waits_until_it_sits(again, qtbot)
    assert not marker_of(path).exists()
    assert not left.exists()


# ---------------------------------------------------------------------------------------------------- missing


def test_missing_nothing_is_made_by_looking(path, start, tmp_path, qtbot):
    path.rename(tmp_path / "moved.db")
    before = names(path.parent)
    again = start()
    screen = wait_for_screen(again, qtbot, "missing")
    assert buttons(screen)[0] == "找回数据文件"
    assert next(b for b in screen.findChildren(type(screen.first)) if b.is_filled()).text() == "找回数据文件"
    assert screen.first.text() in LEAVE
    assert names(path.parent) == before
    again.dialogs.files.append(tmp_path / "moved.db")
    press(screen, "找回数据文件")
    waits_until_it_sits(again, qtbot)
    # It is the one this computer knows, and goes on under its own name.
    assert again.sitting.context.store.path == ledger_path(tmp_path)
    assert again.sitting.context.backup_folder == tmp_path / "backups"
    assert not any("另一份数据" in words for words in banners(again))
    close(again, qtbot)
    third = start()
    waits_until_it_sits(third, qtbot)


def test_another_ledger_that_is_found_in_the_place_of_a_missing_one_keeps_its_name(
    path, start, settings, tmp_path, clock, qtbot
):
    path.unlink()
    other = tmp_path / "别的学校.db"
    Store.create(other, clock=clock).close()
    again = start()
    screen = wait_for_screen(again, qtbot, "missing")
    again.dialogs.files.append(other)
    press(screen, "找回数据文件")
    waits_until_it_sits(again, qtbot)
    assert again.sitting.context.store.path == other
    assert any("另一份数据" in words for words in banners(again))
    assert load_settings(settings).data_folder == tmp_path / "data"


def test_a_data_folder_moved_with_its_backups_is_gone_on_with_as_a_whole(
    path, start, settings, tmp_path, qtbot
):
    """As she is told to when it lay in a cloud folder: nothing is written there any more."""
    cloud, new = tmp_path / "OneDrive" / "守望数据", tmp_path / "D" / "守望数据"
    for folder in (cloud, new.parent):
        folder.mkdir(parents=True)
    shutil.move(path, cloud / path.name)
    shutil.move(tmp_path / "backups", cloud / "备份")
    chosen = replace(load_settings(settings), data_folder=cloud, backup_folder=cloud / "备份")
    save_settings(settings, chosen)
    cloud.rename(new)
    again = start()
    screen = wait_for_screen(again, qtbot, "missing")
    again.dialogs.files.append(new / path.name)
    press(screen, "找回数据文件")
    waits_until_it_sits(again, qtbot)
    add_staff_member(again, qtbot, "李国平")
    close(again, qtbot)
    assert load_settings(settings).backup_folder == new / "备份"
    assert len(list_backups(new / "备份")) > 1
    assert not cloud.exists()


def test_missing_restores_from_the_backup(path, start, qtbot):
    path.unlink()
    again = start()
    screen = wait_for_screen(again, qtbot, "missing")
    press(screen, "恢复这一份")
    agree(again)
    waits_until_it_sits(again, qtbot)
    assert path.exists()


def test_missing_first_use_asks_again_where_to(path, start, qtbot):
    path.unlink()
    again = start()
    press(wait_for_screen(again, qtbot, "missing"), "第一次使用")
    assert isinstance(again.start_window.screen_shown, FirstRun)
    assert not path.exists()


def test_missing_without_backups_claims_none(path, start, tmp_path, qtbot):
    path.unlink()
    shutil.rmtree(tmp_path / "backups")
    again = start()
    screen = wait_for_screen(again, qtbot, "missing")
    assert "备份有" not in said(screen)
    assert screen.table is None


# ---------------------------------------------------------------------------------------- empty, not ours, corrupt


def test_empty_is_no_ledger_and_is_kept_beside(path, start, qtbot):
    path.write_bytes(b"")
    again = start()
    screen = wait_for_screen(again, qtbot, "empty")
    assert said(screen).count("0 字节") == 1
    press(screen, "恢复这一份")
    agree(again)
    waits_until_it_sits(again, qtbot)
    kept = [one for one in path.parent.iterdir() if ".damaged-" in one.name]
    assert [one.stat().st_size for one in kept] == [0]


def test_not_ours_is_left_alone(path, start, tmp_path, qtbot):
    stranger = tmp_path / "other" / "通讯录.db"
    stranger.parent.mkdir()
    stranger.write_bytes(b"not a ledger at all" * 99)
    before = stranger.read_bytes()
    again = start(stranger)
    screen = wait_for_screen(again, qtbot, "not-ours")
    assert names(stranger.parent) == ["通讯录.db"]
    again.dialogs.files.append(path)
    press(screen, "另选文件")
    waits_until_it_sits(again, qtbot)
    assert stranger.read_bytes() == before
    assert names(stranger.parent) == ["通讯录.db"]


@pytest.mark.parametrize("content", [b"PK\x03\x04" + bytes(2000), b""])
def test_no_backup_is_put_in_the_place_of_a_roster_drawn_onto_the_icon(path, start, tmp_path, qtbot, content):
    roster = tmp_path / "other" / "花名册.xlsx"
    roster.parent.mkdir()
    roster.write_bytes(content)
    again = start(roster)
    screen = wait_for_screen(again, qtbot, "not-ours")
    assert set(buttons(screen)) == {"打开平时那份", "另选文件", "退出"}
    assert "导入" in said(screen)
    press(screen, "打开平时那份")
    waits_until_it_sits(again, qtbot)
    assert again.sitting.context.store.path == path
    assert names(roster.parent) == ["花名册.xlsx"]
    assert roster.read_bytes() == content


@pytest.mark.parametrize("is_remembered", [True, False])
def test_other_bytes_at_the_usual_place_are_damage(path, start, tmp_path, qtbot, is_remembered):
    path.write_bytes(b"garbage" * 5000)
    if not is_remembered:
        (tmp_path / "backups" / "place_state.json").unlink()
    again = start()
    screen = wait_for_screen(again, qtbot, "corrupt")
    assert "核对过的备份有 1 份" in said(screen)
    press(screen, "恢复这一份")
    agree(again)
    waits_until_it_sits(again, qtbot)
    kept = [one.read_bytes() for one in path.parent.iterdir() if one.is_file()]
    assert b"garbage" * 5000 in kept


def test_corrupt_says_what_is_now_and_what_will_be_and_can_be_left_alone(path, start, qtbot):
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    again = start()
    screen = wait_for_screen(again, qtbot, "corrupt")
    assert [one.backup.children for one in screen.table.rows] == [0]
    press(screen, "恢复这一份")
    panel = again.dialogs.panels[-1]
    assert "现在：数据文件损坏" in said(panel)
    assert "恢复后：0 名儿童" in said(panel)
    assert "可以再换回来" in said(panel)
    panel.buttons["stay"].click()
    assert key_shown(again) == "corrupt"
    assert path.read_bytes() == whole[: len(whole) // 2]


@pytest.mark.parametrize("lies_in", ["elsewhere", "elsewhere/备份"])
def test_the_backups_may_lie_in_another_folder(lies_in, path, start, tmp_path, qtbot):
    """She may point at their folder, or at the data folder they lie in."""
    (tmp_path / lies_in).parent.mkdir(exist_ok=True)
    shutil.move(tmp_path / "backups", tmp_path / lies_in)
    path.write_bytes(b"")
    again = start()
    screen = wait_for_screen(again, qtbot, "empty")
    assert screen.table is None
    again.dialogs.folders.append(tmp_path / "elsewhere")
    screen.chosen.emit("换一个文件夹找备份")
    again_screen = again.start_window.screen_shown
    assert "核对过的备份有 1 份" in said(again_screen)
    press(again_screen, "恢复这一份")
    agree(again)
    waits_until_it_sits(again, qtbot)


# ---------------------------------------------------------------------------------------------------- versions


def with_schema(path, *, schema, min_reader):
    other = dbapi2.connect(str(path), isolation_level=None)
    other.execute("UPDATE meta SET value = ? WHERE key = 'min_reader_version'", (min_reader,))
    other.execute(f"PRAGMA user_version = {schema}")
    other.close()


def test_newer_is_only_looked_at_when_this_version_understands_it(path, start, qtbot):
    with_schema(path, schema=99, min_reader=1)
    before = sha256(path.read_bytes()).digest()
    again = start()
    screen = wait_for_screen(again, qtbot, "newer-schema")
    assert "损坏" not in said(screen)
    press(screen, "只读查看")
    waits_until_it_sits(again, qtbot)
    assert again.sitting.context.read_only
    assert any("只读查看" in words for words in banners(again))
    close(again, qtbot)
    assert sha256(path.read_bytes()).digest() == before


def test_newer_that_is_not_understood_is_not_offered_to_look_at(path, start, qtbot):
    with_schema(path, schema=99, min_reader=99)
    again = start()
    screen = wait_for_screen(again, qtbot, "newer-schema")
    assert set(buttons(screen)) - LEAVE == {"恢复这一份"}


def test_from_newer_the_way_back_is_a_backup_of_before_with_what_the_journal_adds(
    path, start, tmp_path, qtbot
):
    later = start()
    waits_until_it_sits(later, qtbot)
    add_staff_member(later, qtbot, "李国平")
    close(later, qtbot)
    with_schema(path, schema=99, min_reader=99)
    newer = path.read_bytes()
    for saved_by_newer in list_backups(tmp_path / "backups")[:1]:
        saved_by_newer.path.unlink()
    again = start()
    screen = wait_for_screen(again, qtbot, "newer-schema")
    assert not any(button.is_filled() for button in screen.findChildren(type(screen.first)))
    press(screen, "恢复这一份")
    agree(again)
    waits_until_it_sits(again, qtbot)
    assert "李国平" in again.sitting.context.entering.names
    assert [one.read_bytes() for one in path.parent.iterdir() if ".kept-" in one.name] == [newer]


def rows_of(path):
    """The schema number and every row but the file's own facts: opening notes there that it was not left in order."""
    other = dbapi2.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {
            name: other.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables if name != "meta"
        }
        return other.execute("PRAGMA user_version").fetchone(), rows
    finally:
        other.close()


@pytest.fixture
def old(path):
    """A ledger that an older version has filled, at the usual place."""
    shutil.copy(RELEASED / "v1.db", path)
    return path


def test_older_is_upgraded_told_in_numbers_and_opened(old, start, tmp_path, qtbot):
    before = rows_of(old)
    again = start()
    screen = wait_for_screen(again, qtbot, "older-schema")
    assert rows_of(old) == before
    press(screen, "开始升级")
    waits_until_it_sits(again, qtbot)
    question, lines, _verbs = again.dialogs.asked[-1]
    assert question.startswith("升级完成：")
    assert "与升级前一致" in question
    assert any("备份" in line for line in lines)
    assert [b.verified for b in list_backups(tmp_path / "backups") if b.reason_words == "升级前"] == [True]


def test_an_upgrade_that_she_stops_leaves_the_question(old, start, qtbot, monkeypatch):
    before, begun = rows_of(old), threading.Event()

    def slow(*_args, progress, **_known):
        begun.set()
        while True:
            progress(0, 0, "正在换成新格式")

    monkeypatch.setattr("ui.shell.upgrading.upgrade", slow)
    again = start()
    press(wait_for_screen(again, qtbot, "older-schema"), "开始升级")
    qtbot.waitUntil(begun.is_set)
    again.start_window.screen_shown.progress.stopped.emit()
    assert "开始升级" in buttons(wait_for_screen(again, qtbot, "older-schema"))
    assert again.dialogs.faults == []
    assert rows_of(old) == before


@pytest.mark.parametrize("with_its_proof", [True, False])
def test_the_backup_of_before_an_upgrade_is_looked_at_without_being_upgraded(
    old, start, tmp_path, qtbot, with_its_proof
):
    """It is the way back to the version that made it."""
    again = start()
    press(wait_for_screen(again, qtbot, "older-schema"), "开始升级")
    waits_until_it_sits(again, qtbot)
    backups = list_backups(tmp_path / "backups")
    (before,) = (one.path for one in backups if one.reason_words == "升级前")
    if not with_its_proof:
        before = shutil.copy(before, tmp_path / "从优盘拷来.db")
    before = Path(before)
    proved, beside = sha256(before.read_bytes()).digest(), sorted(before.parent.iterdir())
    again.open_ledger(before, read_only=True)
    qtbot.waitUntil(
        lambda: again.sitting is not None and again.sitting.context.store.path == before, timeout=20_000
    )
    assert again.sitting.context.read_only
    bar = again.sitting.window.current_page().findChildren(Banner)[0]
    assert "旧版守望存的" in said(bar)
    assert sha256(before.read_bytes()).digest() == proved
    assert sorted(before.parent.iterdir()) == beside, "nothing is left beside it, not even a lock"
    assert list_backups(tmp_path / "backups") == backups
    bar.findChild(Link).click()
    qtbot.waitUntil(lambda: again.sitting is not None and not again.sitting.context.read_only, timeout=20_000)
    assert again.sitting.context.store.path == old
    assert not list(private_folder().glob("work_*")), "the copy that was looked at is gone"


def test_the_demo_school_of_an_older_version_is_brought_over_unasked(school, qtbot):
    """An update is no reason to ask about a school that is invented; what was tried in it stays."""
    demo = school.path.parent / DEMO_PLACE
    demo.parent.mkdir()
    shutil.copy(RELEASED / "v1.db", demo)
    tried = rows_of(demo)[1]["action"]
    school.open_demo()
    qtbot.waitUntil(
        lambda: school.sitting is not None and school.sitting.context.store.path == demo, timeout=PATIENCE
    )
    assert school.dialogs.asked == []
    assert not school.sitting.context.read_only
    close(school, qtbot)
    assert tried
    assert rows_of(demo)[1]["action"] == tried


def test_a_demo_school_that_cannot_be_brought_over_says_why(school, qtbot):
    demo = school.path.parent / DEMO_PLACE
    demo.parent.mkdir()
    shutil.copy(RELEASED / "v1.db", demo)
    (demo.parent / "备份").write_text("no folder", encoding="utf-8")
    school.open_demo()
    screen = wait_for_screen(school, qtbot, "older-schema")
    assert "开始升级" in buttons(screen)


def test_an_upgrade_that_does_not_work_leaves_the_old_data_and_can_be_tried_again(
    old, start, tmp_path, qtbot
):
    before = rows_of(old)
    backups = tmp_path / "backups"
    backups.rename(tmp_path / "away")
    backups.write_text("no folder", encoding="utf-8")
    again = start()
    press(wait_for_screen(again, qtbot, "older-schema"), "开始升级")
    screen = wait_for_screen(again, qtbot, "storage.upgrade_failed")
    assert "没有升级成，仍用原来的数据" in said(screen)
    assert rows_of(old) == before
    backups.unlink()
    press(screen, "再升级一次")
    waits_until_it_sits(again, qtbot)


# ---------------------------------------------------------------------------------------------------- older content


@pytest.fixture
def put_back(school, start, tmp_path, qtbot):
    """Yesterday's file put in the place of today's, which has one save more and a backup of it."""
    path = ledger_path(tmp_path / "data")
    close(school, qtbot)
    old = path.read_bytes()
    again = start()
    waits_until_it_sits(again, qtbot)
    add_staff_member(again, qtbot, "李国平")
    close(again, qtbot)
    path.write_bytes(old)
    return path


def test_older_content_counts_what_is_missing_and_takes_the_newer_one(put_back, start, qtbot):
    again = start()
    screen = wait_for_screen(again, qtbot, "older-content")
    assert "少 1 次保存" in said(screen)
    assert not any(b.is_filled() for b in screen.findChildren(type(screen.first)))
    press(screen, "用较新的")
    agree(again)
    waits_until_it_sits(again, qtbot)
    assert "李国平" in again.sitting.context.entering.names


def test_older_content_is_taken_when_she_says_so(put_back, start, qtbot):
    again = start()
    press(wait_for_screen(again, qtbot, "older-content"), "就用这份")
    waits_until_it_sits(again, qtbot)
    assert "李国平" not in again.sitting.context.entering.names
    close(again, qtbot)
    third = start()
    waits_until_it_sits(third, qtbot)


# ---------------------------------------------------------------------------------------- the disk, rights, locks


def test_a_disk_that_does_not_read_is_never_restored_over(path, start, qtbot):
    kept = path.rename(path.with_name("kept"))
    path.symlink_to(path)  # the system itself says that it cannot be read
    again = start()
    screen = wait_for_screen(again, qtbot, "io-error")
    assert screen.table is None
    assert not any("恢复" in verb or "第一次" in verb for verb in buttons(screen))
    assert "不是数据坏了" in said(screen)
    path.unlink()
    kept.rename(path)
    press(screen, "再试一次")
    waits_until_it_sits(again, qtbot)


def test_read_only_is_looked_at(path, start, tmp_path, qtbot):
    with disk(tmp_path / "disk") as place:
        shutil.copy(path, place / path.name)
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        again = start(place / path.name)
        press(wait_for_screen(again, qtbot, "read-only"), "只读查看")
        waits_until_it_sits(again, qtbot)
        assert again.sitting.context.read_only
        assert any("不能登记" in words for words in banners(again))
        close(again, qtbot)


def test_a_full_disk_at_the_start_is_looked_at_or_tried_again(path, start, tmp_path, qtbot):
    with disk(tmp_path / "disk", "-o", "size=5m") as place:
        shutil.copy(path, place / path.name)
        filler = place / "filler"
        fill(filler)
        again = start(place / path.name)
        screen = wait_for_screen(again, qtbot, "storage.full")
        press(screen, "只读查看")
        waits_until_it_sits(again, qtbot)
        assert again.sitting.context.read_only
        close(again, qtbot)
        third = start(place / path.name)
        screen = wait_for_screen(third, qtbot, "storage.full")
        filler.unlink()
        press(screen, "再试一次")
        waits_until_it_sits(third, qtbot)
        close(third, qtbot)


@pytest.fixture
def impatient(monkeypatch):
    """A tenth of a second stands for five, and the next try comes at once."""
    monkeypatch.setattr(LedgerDatabase.__init__, "__kwdefaults__", {"busy_seconds": 0.1})
    monkeypatch.setattr("app.storage.check.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("ui.shell.front.RETRY_EVERY", 20)


@pytest.mark.usefixtures("impatient")
def test_locked_is_tried_again_and_opens_by_itself(path, start, qtbot):
    with held_by_another(path) as let_go:
        again = start()
        screen = wait_for_screen(again, qtbot, "locked")
        qtbot.waitUntil(lambda: "已试 2 次" in said(screen), timeout=PATIENCE)
        assert again.start_window.screen_shown is screen
        assert "不等了" in buttons(screen)
        let_go()
        waits_until_it_sits(again, qtbot)


@pytest.mark.usefixtures("impatient")
def test_locked_can_be_left(path, start, qtbot):
    with held_by_another(path):
        again = start()
        screen = wait_for_screen(again, qtbot, "locked")
        with qtbot.waitSignal(again.left):
            press(screen, "不等了")
        assert again.sitting is None


def test_a_ledger_that_something_without_a_window_uses_is_said_and_can_be_tried_again(
    path, start, clock, qtbot
):
    code = (
        "import sys; from pathlib import Path; from app.storage.lock import InstanceLock\n"
        "lock = InstanceLock(Path(sys.argv[1])); lock.acquire(); print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout.readline() == b"held\n"
    again = start()
    screen = wait_for_screen(again, qtbot, "storage.in_use")
    other.stdin.close()
    other.wait()
    other.stdout.close()
    press(screen, "再试一次")
    waits_until_it_sits(again, qtbot)


# ---------------------------------------------------------------------------------------- bad rows, copies


def test_one_bad_row_does_not_hide_the_others(school, start, tmp_path, qtbot):
    add_staff_member(school, qtbot, "覃龑龑龑")
    close(school, qtbot)
    path = ledger_path(tmp_path / "data")
    path.write_bytes(path.read_bytes().replace("覃龑龑龑".encode(), b"\xff\xfe" * 6))
    again = start()
    waits_until_it_sits(again, qtbot)
    qtbot.waitUntil(lambda: any("乱码" in words for words in banners(again)), timeout=PATIENCE)
    assert any("有 1 条记录里有乱码" in words for words in banners(again))
    assert "陈素兰" in again.sitting.context.entering.names


def test_a_backup_that_is_opened_is_only_looked_at(path, start, tmp_path, qtbot):
    backup = list_backups(tmp_path / "backups")[0].path
    before = sha256(backup.read_bytes()).digest()
    program = start(backup)
    waits_until_it_sits(program, qtbot)
    assert program.sitting.context.read_only
    assert any("正在看一份备份" in words for words in banners(program))
    close(program, qtbot)
    assert sha256(backup.read_bytes()).digest() == before
    assert [one.verified for one in list_backups(tmp_path / "backups")] == [True]


def test_another_path_wears_its_bar_for_good(path, start, tmp_path, clock, qtbot):
    other = tmp_path / "other" / "去年.db"
    other.parent.mkdir()
    shutil.copy(path, other)
    program = start(other)
    waits_until_it_sits(program, qtbot)
    program.sitting.window.open_page("settings")
    assert any("另一份数据" in words for words in banners(program))


def test_a_copy_nothing_proves_is_taken_only_when_she_says_so(path, start, tmp_path, qtbot):
    plain = tmp_path / "从老师那里.db"
    shutil.copy(path, plain)
    path.write_bytes(b"")
    again = start()
    wait_for_screen(again, qtbot, "empty")
    again.front.restoring.restore(plain, None)
    wait_for_screen(again, qtbot, "empty")
    assert path.stat().st_size == 0
    assert again.dialogs.asked[-1][0] == FAULTS["restore.unproved"].what
    again.dialogs.choices.append("take")
    again.front.restoring.restore(plain, None)
    waits_until_it_sits(again, qtbot)


def test_every_button_that_a_state_names_does_something(start):
    program = start()
    at_start = [key for key in FAULTS if key in HEADS or key.startswith("storage.")]
    offered = {verb for key in at_start for verb in FAULTS[AT_THE_START.get(key, key)].buttons} - {ELSEWHERE}
    assert offered <= set(program.front.verbs()) | LEAVE


# ---------------------------------------------------------------------------------------- mended on a copy


def with_damaged_index(path):
    """Let an index miss a row that its table has, as a fault of the disk would: the index is hidden while the row is put back."""
    steps = (
        ["CREATE TABLE hidden AS SELECT * FROM sqlite_master WHERE name = 'change_action'"],
        ["CREATE TABLE kept AS SELECT * FROM change WHERE seq = 7", "DELETE FROM change WHERE seq = 7"],
        ["PRAGMA writable_schema = 1", "DELETE FROM sqlite_master WHERE name = 'change_action'"],
        ["INSERT INTO change SELECT * FROM kept"],
        ["PRAGMA writable_schema = 1", "INSERT INTO sqlite_master SELECT * FROM hidden"],
        ["DROP TABLE hidden", "DROP TABLE kept"],
    )
    for statements in steps:
        connection = dbapi2.connect(str(path), isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.close()


@pytest.fixture
def damaged(path):
    with_damaged_index(path)
    return path


def test_damaged_indexes_are_mended_on_a_copy_and_that_is_used(damaged, start, qtbot):
    before = damaged.read_bytes()
    again = start()
    screen = wait_for_screen(again, qtbot, "index-damaged")
    qtbot.waitUntil(lambda: "用修好的" in buttons(again.start_window.screen_shown), timeout=PATIENCE)
    screen = again.start_window.screen_shown
    assert "已在副本上修好并核对" in said(screen)
    assert "条数一致" in said(screen)
    press(screen, "用修好的")
    waits_until_it_sits(again, qtbot)
    assert "陈素兰" in again.sitting.context.entering.names
    kept = [one.read_bytes() for one in damaged.parent.iterdir() if ".damaged-" in one.name]
    assert len(kept) == 1
    assert len(kept[0]) == len(before)


def test_the_list_of_what_would_be_mended_is_saved_where_there_is_no_printer(damaged, start, tmp_path, qtbot):
    again = start()
    qtbot.waitUntil(lambda: key_shown(again) == "index-damaged", timeout=PATIENCE)
    screen = again.start_window.screen_shown
    again.dialogs.files.append(tmp_path / "清单.pdf")
    again.dialogs.printer = _no_printer
    press(screen, "打印修复清单")
    qtbot.waitUntil(lambda: bool(again.dialogs.asked), timeout=PATIENCE)
    assert (tmp_path / "清单.pdf").read_bytes().startswith(b"%PDF")
    assert "清单.pdf" in again.dialogs.asked[-1][0]


def _no_printer(_pages):
    raise fault("print.no_printer")


# ---------------------------------------------------------------------------------------- what the journal adds


@pytest.fixture
def saved_after_the_backup(school, tmp_path, qtbot):
    """A ledger whose last save is in no backup, only in the journal; put away and then cut in half."""
    back_up(school, qtbot)
    add_staff_member(school, qtbot, "李国平")
    school.sitting.end(keep_backup=False)
    qtbot.waitUntil(lambda: school.sitting is None, timeout=PATIENCE)
    path = ledger_path(tmp_path / "data")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@pytest.mark.parametrize("ticked", [True, False])
def test_a_damaged_file_comes_back_with_what_was_saved_after_the_backup(
    saved_after_the_backup, start, qtbot, ticked
):
    again = start()
    screen = wait_for_screen(again, qtbot, "corrupt")
    assert "日志里还有之后的 1 次保存，恢复时可以补回" in said(screen)
    assert screen.table.rows[0].journal_commits == 1
    press(screen, "恢复这一份")
    panel = again.dialogs.panels[-1]
    assert panel.journal.isChecked()
    assert "后来的记录从日志补回：1 次" in panel.journal.text()
    panel.journal.setChecked(ticked)
    agree(again)
    waits_until_it_sits(again, qtbot)
    assert ("李国平" in again.sitting.context.entering.names) is ticked
    _question, lines, _verbs = again.dialogs.asked[-1]
    assert any("日志" in line for line in lines) is ticked


def test_an_older_file_is_carried_on_by_its_own_journal(school, start, tmp_path, qtbot):
    path = ledger_path(tmp_path / "data")
    school.sitting.end(keep_backup=False)
    qtbot.waitUntil(lambda: school.sitting is None, timeout=PATIENCE)
    old = path.read_bytes()
    again = start()
    waits_until_it_sits(again, qtbot)
    add_staff_member(again, qtbot, "李国平")
    again.sitting.end(keep_backup=False)
    qtbot.waitUntil(lambda: again.sitting is None, timeout=PATIENCE)
    path.write_bytes(old)
    third = start()
    screen = wait_for_screen(third, qtbot, "older-content")
    assert [one.backup for one in screen.table.rows] == [None]
    press(screen, "用较新的")
    assert "从日志补回" in said(third.dialogs.panels[-1])
    agree(third)
    waits_until_it_sits(third, qtbot)
    assert "李国平" in third.sitting.context.entering.names


def test_a_copy_she_picks_herself_is_looked_through_before_she_is_asked(path, start, tmp_path, qtbot):
    backup = list_backups(tmp_path / "backups")[0].path
    elsewhere = tmp_path / "stick"
    elsewhere.mkdir()
    for one in (backup, manifest_path(backup)):
        shutil.move(one, elsewhere / one.name)
    path.write_bytes(b"")
    again = start()
    screen = wait_for_screen(again, qtbot, "empty")
    assert screen.table is None
    again.dialogs.files.append(elsewhere / backup.name)
    press(screen, "从备份恢复")
    qtbot.waitUntil(lambda: bool(again.dialogs.panels), timeout=PATIENCE)
    panel = again.dialogs.panels[-1]
    assert "恢复后：0 名儿童" in said(panel)
    panel.buttons["stay"].click()
    screen = wait_for_screen(again, qtbot, "empty")
    again.dialogs.files.append(elsewhere / backup.name)
    press(screen, "从备份恢复")
    qtbot.waitUntil(lambda: len(again.dialogs.panels) == 2, timeout=PATIENCE)
    agree(again)
    waits_until_it_sits(again, qtbot)


def test_a_picked_copy_that_is_not_whole_is_not_taken(path, start, tmp_path, qtbot):
    backup = list_backups(tmp_path / "backups")[0].path
    backup.write_bytes(backup.read_bytes()[:-4096])
    path.write_bytes(b"")
    again = start()
    screen = wait_for_screen(again, qtbot, "empty")
    again.dialogs.files.append(backup)
    press(screen, "从备份恢复")
    qtbot.waitUntil(lambda: bool(again.dialogs.asked), timeout=PATIENCE)
    assert "校验单不符" in again.dialogs.asked[-1][0]
    assert key_shown(again) == "empty"
    assert path.stat().st_size == 0
