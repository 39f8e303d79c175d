"""永久删除: nothing of the child is left in the ledger, its history, journal, drafts, kept files and private folder."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from app.children.codes import Category, Relation
from app.children.drafts import ChildDraft, PersonDraft
from app.children.queries import load_child
from app.children.service import add_child, change_field
from app.children.service_care import flag_category
from app.children.service_family import add_phone, change_person_field, link_person
from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault, UserError
from app.core.messages import fault
from app.core.paths import private_folder, settings_file
from app.core.settings import load_settings, save_settings
from app.dossier.purge_names import SOMEBODY
from app.dossier.service_bin import binned_children, move_to_bin, restore_from_bin
from app.dossier.service_merge import merge_children
from app.school.codes import HandoverKind
from app.school.handover import log_handover
from app.school.service import init_school
from app.storage.backup_list import Backup, Reason, list_backups
from app.storage.backups import make_backup
from app.storage.data_place import backup_folder_for
from app.storage.drafts import Draft, Entry, box_of
from app.storage.history import undo
from app.storage.purging import pending_purges
from app.storage.restore import restore
from app.storage.second_place import name_second
from app.storage.store import Store
from app.storage.thinning import superfluous
from app.tasks import purge as purge_module
from app.tasks.demo import make_demo
from app.tasks.import_roster import import_roster
from app.tasks.purge import (
    KEPT_AT_MOST,
    finish_purges,
    purge_children,
    purge_preview,
    write_destruction_list,
)

DAY = date(2026, 11, 21)
NAME, MOTHER, OLD_NAME = "覃龑飞", "向桂香凤", "覃小龑"
CHILD_ID, OLD_ID, MOTHER_ID = "500000201711055010", "500000201711055029", "500000198805201226"
PHONE, OLD_PHONE = "15900380038", "13700380038"
WHY = "家长书面申请，校长批准"
SECRETS = (NAME, MOTHER, OLD_NAME, CHILD_ID, OLD_ID, MOTHER_ID, PHONE, OLD_PHONE)


@pytest.fixture
def path(tmp_path, clock) -> Path:
    made = tmp_path / "守望.db"
    with Store.create(made, clock=clock) as store:
        init_school(store, name="青石坪镇中心小学")
    return made


@pytest.fixture
def store(path, clock):
    with Store.open(path, clock=clock) as opened:
        yield opened


def raw(path):
    """What stands in a file, read by another process: beside an open connection a plain read would drop its locks."""
    code = "import sys, pathlib; sys.stdout.buffer.write(pathlib.Path(sys.argv[1]).read_bytes())"
    return subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=True).stdout


def places(path):
    """Every file of the program that must be without the child."""
    ours = [path, *path.parent.glob("守望.db-journal"), *private_folder().rglob("*")]
    folder = backup_folder_for(path)
    ours += [*(folder / "日志").rglob("*"), *(folder / "草稿").rglob("*")]
    return [one for one in ours if one.is_file()]


def found(path, words=SECRETS):
    contents = {one.name: raw(one) for one in places(path)}
    return {(name, word) for name, content in contents.items() for word in words if word.encode() in content}


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


def add_the_child(store):
    """A child with a mother, former names and numbers in the history, on the ledger for a while."""
    mother = PersonDraft(relation=Relation.MOTHER, name=MOTHER, id_number=MOTHER_ID, phones=(OLD_PHONE,))
    draft = ChildDraft(name=OLD_NAME, id_number=OLD_ID, birth_date="2017-11-05", people=(mother,))
    add_child(store, draft=draft)
    uuid = draft.uuid
    change_field(store, uuid=uuid, field="name", value=NAME)
    change_field(store, uuid=uuid, field="id_number", value=CHILD_ID)
    change_field(store, uuid=uuid, field="note", value=f"{NAME}怕黑")
    flag_category(store, child_uuid=uuid, category=Category.ORPHAN, since="2026-03")
    person = load_child(store, uuid, DAY).mother.uuid
    add_phone(store, person_uuid=person, number=PHONE)
    change_person_field(store, person_uuid=person, field="note", value="夜班")
    return uuid


@pytest.fixture
def child(store):
    """The child in the recycle bin, with a verified backup made while it was on file."""
    uuid = add_the_child(store)
    make_backup(store, reason=Reason.BY_HAND)
    move_to_bin(store, uuids=[uuid])
    return uuid


def leftovers(store, *uuids):
    return [one.uuid for one in purge_preview(store, uuids).plan.leftovers]


def draft_of(store, uuid, text):
    entry = Entry(name="note", label="备注", value=text, words=text)
    return Draft(
        form="child", version=1, record=uuid, words=f"{NAME} 备注", entries=(entry,), at="2026-11-21T09:00:00"
    )


def test_nothing_of_the_child_is_found_in_the_bytes_of_anything(store, path, child):
    box = box_of(store.db_uuid, backup_folder_for(path))
    box.keep(draft_of(store, child, f"{NAME} 家访"))
    before = found(path)
    assert {word for _, word in before} >= {NAME, OLD_NAME, CHILD_ID, OLD_ID, MOTHER_ID, PHONE}
    assert any(name.endswith(".draft") for name, _ in before)
    assert any("日志" in name for name, _ in before)
    people = leftovers(store, child)
    done = purge_children(store, uuids=[child], reason=WHY, people=people, by="陈素兰")
    assert done.unfinished is None
    assert done.traces == ()
    assert found(path) == set()
    store.close()
    assert found(path) == set()


def test_the_new_backup_is_proved_and_holds_none_of_it(store, path, child):
    done = purge_children(store, uuids=[child], reason=WHY, people=leftovers(store, child))
    assert done.backup.verified
    assert done.backup.reason is Reason.AFTER_PURGE
    assert not any(word.encode() in done.backup.path.read_bytes() for word in SECRETS)
    assert not pending_purges(store.db)


def test_the_ledger_stays_whole_and_says_what_was_done(store, child):
    seen = purge_preview(store, [child])
    done = purge_children(store, uuids=[child], reason=WHY, paper_ref="镇教办〔2026〕12号", by="陈素兰")
    assert done.records == seen.plan.records
    assert store.rows("PRAGMA foreign_key_check") == []
    assert store.rows("PRAGMA integrity_check") == [("ok",)]
    row = store.rows(
        "SELECT content, records, counts, reason, paper_ref, who, copies_until FROM destruction"
    )[0]
    assert row[0].startswith("1 名儿童的档案：没有档案号，2017 年生")
    assert row[1] == done.records == sum(json.loads(row[2])["counts"].values())
    assert row[3:6] == (WHY, "镇教办〔2026〕12号", "陈素兰")
    assert row[6] == (DAY + KEPT_AT_MOST).isoformat()
    with refused("undo.stays"):
        undo(store, done.changes.action_uuid, by=None)
    assert not binned_children(store)


def test_what_was_done_stays_in_the_history_without_the_name(store, child):
    purge_children(store, uuids=[child], reason=WHY)
    words = [row[0] for row in store.rows("SELECT words FROM action ORDER BY id")]
    assert f"移到回收站：{SOMEBODY}" in words
    assert not [one for one in words if NAME in one or OLD_NAME in one]


def test_who_is_needed_elsewhere_stays_with_everything(store, path):
    uuid = add_the_child(store)
    mother = load_child(store, uuid, DAY).mother.uuid
    other = ChildDraft(name="覃明")
    add_child(store, draft=other)
    link_person(store, child_uuid=other.uuid, draft=PersonDraft(relation=Relation.MOTHER, person_uuid=mother))
    move_to_bin(store, uuids=[uuid])
    assert leftovers(store, uuid) == []
    with refused("purge.person_needed"):
        purge_children(store, uuids=[uuid], reason=WHY, people=[mother])
    purge_children(store, uuids=[uuid], reason=WHY)
    brother = load_child(store, other.uuid, DAY)
    assert (brother.mother.name, brother.mother.id_number) == (MOTHER, MOTHER_ID)
    assert {phone.number for phone in brother.mother.phones} == {PHONE, OLD_PHONE}
    assert found(path, (NAME, OLD_NAME, CHILD_ID, OLD_ID)) == set()


def test_a_namesake_keeps_the_name_and_what_was_done_to_it(store, path):
    uuid = add_the_child(store)
    namesake = ChildDraft(name=NAME, birth_date="2016-02-02")
    add_child(store, draft=namesake)
    change_field(store, uuid=namesake.uuid, field="note", value="爱唱歌")
    move_to_bin(store, uuids=[uuid])
    done = purge_children(store, uuids=[uuid], reason=WHY)
    assert done.traces == ()
    assert load_child(store, namesake.uuid, DAY).name == NAME
    words = [row[0] for row in store.rows("SELECT words FROM action WHERE words LIKE ?", (f"%{NAME}%",))]
    assert len(words) == 2  # added, and its note written
    assert found(path, (OLD_NAME, CHILD_ID, OLD_ID)) == set()


def test_the_file_that_was_merged_into_it_goes_too(store, path):
    keep = add_the_child(store)
    twin = ChildDraft(name="覃龑飞儿", id_number="500000201711055037")
    add_child(store, draft=twin)
    merge_children(store, keep_uuid=keep, drop_uuid=twin.uuid)
    move_to_bin(store, uuids=[keep])
    purge_children(store, uuids=[keep], reason=WHY, people=leftovers(store, keep))
    assert store.rows("SELECT count(*) FROM child") == [(0,)]
    assert found(path, (*SECRETS, "500000201711055037", "覃龑飞儿")) == set()


def test_of_three_files_that_became_one_in_two_steps_all_go(store, path):
    first, second = (ChildDraft(name=NAME, id_number=number) for number in (OLD_ID, "500000201711055037"))
    add_child(store, draft=first)
    flag_category(store, child_uuid=first.uuid, category=Category.ORPHAN, since="2026-03")
    add_child(store, draft=second)
    merge_children(store, keep_uuid=second.uuid, drop_uuid=first.uuid)
    keep = add_the_child(store)
    merge_children(store, keep_uuid=keep, drop_uuid=second.uuid)
    move_to_bin(store, uuids=[keep])
    done = purge_children(store, uuids=[keep], reason=WHY, people=leftovers(store, keep))
    assert store.rows("SELECT count(*) FROM child") == [(0,)]
    assert found(path, (*SECRETS, "500000201711055037")) == set()
    assert done.traces == ()


def test_the_roster_it_came_in_and_the_rows_that_wait_go(store, path, tmp_path):
    roster = tmp_path / "花名册.csv"
    head = "姓名,性别,身份证号,班级,父亲姓名,父亲电话"
    rows = [f"{NAME},男,{CHILD_ID},三（1）班,覃大,{PHONE}", f"{NAME},男,{CHILD_ID},三（1）班,覃大,{PHONE}"]
    other = "单永强,男,500000201705125016,三（1）班,单大,13900000001"
    roster.write_text("\n".join([head, *rows, other]) + "\n", encoding="utf-8")
    import_roster(store, roster, data_date=DAY)
    (uuid,) = store.rows("SELECT uuid FROM child WHERE name = ?", (NAME,))[0]
    assert store.rows("SELECT count(*) FROM parked_row") == [(1,)]
    move_to_bin(store, uuids=[uuid])
    counts = dict(purge_preview(store, [uuid]).plan.counts)
    assert counts["导入的原文件"] == 1
    assert counts["待处理行"] == 1
    purge_children(store, uuids=[uuid], reason=WHY, people=leftovers(store, uuid))
    assert store.rows("SELECT count(*) FROM import_file") == [(0,)]
    assert store.rows("SELECT name FROM child") == [("单永强",)]
    assert found(path, (NAME, CHILD_ID, PHONE)) == set()


def test_a_log_of_what_left_keeps_everything_but_the_name(store, path, child):
    restore_from_bin(store, uuids=[child])
    log_handover(
        store,
        kind=HandoverKind.PDF,
        content="一人一档（1 名）",
        people=1,
        file_name=f"{NAME}.pdf",
        recipient="镇里",
    )
    move_to_bin(store, uuids=[child])
    done = purge_children(store, uuids=[child], reason=WHY, people=leftovers(store, child))
    assert store.rows("SELECT file_name, recipient FROM handover") == [(f"{SOMEBODY}.pdf", "镇里")]
    kept = json.loads(store.rows("SELECT counts FROM destruction")[0][0])["copies"]
    assert any("本机备份 1 份" in line for line in kept)
    assert any("一人一档（1 名）" in line and "请收回" in line for line in kept)
    assert not any(NAME in line for line in kept)
    assert done.traces == ()
    assert found(path) == set()


def test_only_what_lies_in_the_bin_and_only_with_a_reason_without_names(store):
    uuid = add_the_child(store)
    with refused("child.not_binned"):
        purge_children(store, uuids=[uuid], reason=WHY)
    move_to_bin(store, uuids=[uuid])
    for reason, key in (("  ", "purge.reason"), (f"{NAME}家长申请", "purge.reason_names")):
        with refused(key):
            purge_children(store, uuids=[uuid], reason=reason)
    with refused("child.nobody"):
        purge_children(store, uuids=[], reason=WHY)
    with refused("purge.unknown"):
        write_destruction_list(store, "nothing", store.path.parent / "清单.pdf")
    assert binned_children(store)


def test_a_file_that_cannot_be_looked_into_is_not_said_to_be_without_it(store, path, child, monkeypatch):
    unreadable = private_folder() / "held.bin"
    unreadable.parent.mkdir(parents=True, exist_ok=True)
    unreadable.write_bytes(NAME.encode())
    opened = Path.open

    def held_by_another(path, *arguments, **values):
        if path == unreadable:
            raise PermissionError(13, "held")
        return opened(path, *arguments, **values)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", held_by_another)
        done = purge_children(store, uuids=[child], reason=WHY)
    unreadable.unlink()
    assert done.traces == (unreadable,)
    assert not any("没有了" in line for line in done.words)


def test_in_a_second_copy_of_the_ledger_it_is_done_once_and_for_all(store, path, child, clock):
    """The journal is the first file's: none of the copy's has to be begun anew."""
    store.close()
    second = shutil.copyfile(path, path.with_name("守望 - 副本.db"))
    with Store.open(second, clock=clock) as again:
        assert again.journal is None
        done = purge_children(again, uuids=[child], reason=WHY)
        assert done.unfinished is None
        assert pending_purges(again.db) == []
        assert not finish_purges(again)


@pytest.mark.parametrize("kind", ["damaged", "kept", "before-restore"])
def test_a_file_laid_aside_beside_the_ledger_is_named(store, path, child, kind):
    aside = path.with_name(f"{path.name}.{kind}-20261120_101500")
    shutil.copyfile(list_backups(backup_folder_for(path))[0].path, aside)
    assert aside in purge_preview(store, [child]).copies.lasting


def test_a_backup_without_its_slip_is_not_said_to_go_by_itself(store, path, child):
    """Nothing that is not proved is ever thinned."""
    (proved,) = list_backups(backup_folder_for(path))
    bare = shutil.copyfile(proved.path, proved.path.with_name("守望备份_20261101_080000_手动.db"))
    copies = purge_preview(store, [child]).copies
    assert bare in copies.lasting
    assert [one.path for one in copies.backups] == [proved.path]


def test_a_backup_that_cannot_be_made_leaves_a_mark_and_is_gone_on_with(store, path, child, monkeypatch):
    people = leftovers(store, child)

    with monkeypatch.context() as patch:
        patch.setattr(purge_module, "make_backup", _full)
        done = purge_children(store, uuids=[child], reason=WHY, people=people)
    assert isinstance(done.unfinished, EnvironmentFault)
    assert "还没有清" in done.words[1]
    assert pending_purges(store.db)
    half = path.parent / "清单.pdf"
    assert write_destruction_list(store, done.destruction_uuid, half).pages == 1
    assert not [one for one in found(path) if one[0] == path.name]
    assert finish_purges(store)
    assert found(path) == set()
    assert not finish_purges(store)


# ---- a power cut at any moment ---------------------------------------------------------------------------------------

_ACTOR = """
import sys
from pathlib import Path
from datetime import datetime
from app.core.clock import FixedClock
from app.storage import store as store_module
from app.storage.store import Store
from app.tasks import purge as purge_module
from app.tasks.demo import make_demo
import os, signal
step = sys.argv[3]
def die(*_a, **_k): os.kill(os.getpid(), signal.SIGKILL)
def dying_after(real):
    def run(*a, **k):
        real(*a, **k); die()
    return run
if step == "rows": purge_module.purge_rows = dying_after(purge_module.purge_rows)
elif step == "committed": purge_module.purge_drafts = die
elif step == "drafts": purge_module.purge_drafts = dying_after(purge_module.purge_drafts)
elif step == "backup": purge_module.make_backup = dying_after(purge_module.make_backup)
with Store.open(Path(sys.argv[1]), clock=FixedClock(datetime(2026, 11, 21, 9))) as store:
    people = [one.uuid for one in purge_module.purge_preview(store, [sys.argv[2]]).plan.leftovers]
    purge_module.purge_children(store, uuids=[sys.argv[2]], reason="家长书面申请", people=people)
"""


@pytest.mark.parametrize("step", ["rows", "committed", "drafts", "backup"])
def test_killed_at_any_moment_it_is_whole_or_finished_at_the_next_start(path, clock, step):
    with Store.open(path, clock=clock) as store:
        uuid = add_the_child(store)
        make_backup(store, reason=Reason.BY_HAND)
        move_to_bin(store, uuids=[uuid])
        box_of(store.db_uuid, backup_folder_for(path)).keep(draft_of(store, uuid, NAME))
    root = Path(__file__).resolve().parents[3]
    ran = subprocess.run(
        [sys.executable, "-c", _ACTOR, str(path), uuid, step], cwd=root, env=os.environ, check=False
    )
    assert ran.returncode == -signal.SIGKILL
    with Store.open(path, clock=clock) as store:
        finished = finish_purges(store)
        there = store.rows("SELECT count(*) FROM child") == [(1,)]
        assert there == (step == "rows")
        assert finished != there
        assert store.rows("PRAGMA integrity_check") == [("ok",)]
    if not there:
        assert found(path) == set()


# ---- the list --------------------------------------------------------------------------------------------------------


def test_the_list_names_numbers_reason_and_copies_and_nobody(store, path, child, tmp_path, reader):
    pdftotext = reader("pdftotext")
    done = purge_children(store, uuids=[child], reason=WHY, people=leftovers(store, child), by="陈素兰")
    out = tmp_path / "销毁清单.pdf"
    result = write_destruction_list(store, done.destruction_uuid, out)
    assert result.pages == 1
    assert result.missing_characters == ()
    text = subprocess.run(
        [pdftotext, "-layout", str(out), "-"], capture_output=True, check=True
    ).stdout.decode()
    plain = text.replace(" ", "").replace("\n", "")
    for words in (
        "档案销毁清单",
        "青石坪镇中心小学",
        WHY,
        "陈素兰",
        "本机备份1份",
        "最迟",
        "监销人",
        "学校（盖章）",
        "类别",
    ):
        assert words in plain, words
    assert not any(word in plain for word in SECRETS)


def _cannot_be_read(folder):
    raise PermissionError(errno.EACCES, "not for you", str(folder))


def test_a_second_place_is_named_with_what_it_holds(store, path, tmp_path, monkeypatch):
    second = tmp_path / "移动硬盘"
    second.mkdir()
    before = load_settings(settings_file())
    save_settings(settings_file(), before.with_values(data_folder=path.parent))
    try:
        chosen = name_second(second, ledger=path, backup_folder=backup_folder_for(path)).folder
        uuid = add_the_child(store)
        make_backup(store, reason=Reason.BY_HAND)
        move_to_bin(store, uuids=[uuid])
        assert any("第二处备份 1 份" in line for line in purge_preview(store, [uuid]).copies.lines)
        with monkeypatch.context() as broken:
            broken.setattr("app.storage.backup_list.os.scandir", _cannot_be_read)
            assert any("读不出来" in line for line in purge_preview(store, [uuid]).copies.lines)
        shutil.rmtree(chosen)
        assert any("没有插上" in line for line in purge_preview(store, [uuid]).copies.lines)
    finally:
        save_settings(settings_file(), before)


def test_so_long_a_backup_is_kept_at_most_where_one_is_made_every_day():
    made = [
        Backup(Path(f"{day}.db"), datetime.fromordinal(DAY.toordinal() - day), Reason.CLOSE, 1, verified=True)
        for day in range(800)
    ]
    now = datetime.fromordinal(DAY.toordinal())
    gone = {one.path for one in superfluous(made, now=now, allowed=10**9)}
    oldest = max(now - one.made_at for one in made if one.path not in gone)
    assert oldest <= KEPT_AT_MOST


def test_yesterdays_file_put_back_finds_no_journal_that_brings_the_child_again(store, path, child, clock):
    purge_children(store, uuids=[child], reason=WHY, people=leftovers(store, child))
    backups = list_backups(backup_folder_for(path), db_uuid=store.db_uuid)
    assert {one.reason for one in backups} == {Reason.BY_HAND, Reason.AFTER_PURGE}
    assert isinstance(clock, FixedClock)
    assert store.journal.path.exists()
    assert not any(word.encode() in store.journal.path.read_bytes() for word in SECRETS)


def test_of_a_whole_school_only_the_child_is_gone(tmp_path, clock):
    path = tmp_path / "demo.db"
    make_demo(path, clock=clock, children=60)
    with Store.open(path, clock=clock) as store:
        chosen = [
            row[0]
            for row in store.rows("SELECT uuid FROM child WHERE id_number IS NOT NULL ORDER BY id LIMIT 3")
        ]
        before = {row[0] for row in store.rows("SELECT uuid FROM child")}
        move_to_bin(store, uuids=chosen)
        people = leftovers(store, *chosen)
        assert people
        secrets = purge_preview(store, chosen, people=people).plan.secrets.all
        assert len(secrets) > 2 * len(chosen)
        done = purge_children(store, uuids=chosen, reason=WHY, people=people)
        assert done.traces == ()
        assert {row[0] for row in store.rows("SELECT uuid FROM child")} == before - set(chosen)
        assert store.rows("PRAGMA foreign_key_check") == []
    assert found(path, secrets) == set()


def test_a_backup_carried_on_by_the_journal_does_not_bring_the_child_again(path, clock, monkeypatch):
    with Store.open(path, clock=clock) as store:
        uuid = add_the_child(store)
        other = ChildDraft(name="单永强")
        add_child(store, draft=other)
        backup = make_backup(store, reason=Reason.BY_HAND)
        move_to_bin(store, uuids=[uuid])
        with monkeypatch.context() as patch:
            patch.setattr(purge_module, "make_backup", _full)
            purge_children(store, uuids=[uuid], reason=WHY, people=leftovers(store, uuid))
    done = restore(path, backup.path, clock=clock, with_journal=True)
    assert done.journal_commits == 2
    with Store.open(path, clock=clock) as store:
        assert store.rows("SELECT name FROM child") == [("单永强",)]
        assert finish_purges(store)
        assert store.rows("SELECT count(*) FROM destruction") == [(1,)]
        images = store.rows("SELECT coalesce(before_json, '') || coalesce(after_json, '') FROM change")
        assert not [image for (image,) in images if any(word in image for word in SECRETS)]


def _full(*_args, **_values):
    raise fault("storage.full")
