"""Replay: a copy carried further by the journal is the ledger that was lost, row by row, history included."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.clock import FixedClock
from app.core.errors import UserError
from app.storage.backups import Reason, make_backup
from app.storage.data_place import backup_folder_for
from app.storage.history import undo
from app.storage.journal_lines import ASIDE_STEM, PREVIOUS_NAME
from app.storage.purging import PURGE_KIND, purge_rows
from app.storage.replay import Journals, Replayed, last_action, replay
from app.storage.store import Store
from tests.ledgers import copy_ledger
from tests.sampling import sampled

from .conftest import Away, Child, Kinship, Person, Staff
from .full_ledger import fill_every_table
from .journals import everything, journal_at
from .ledgers import NAMES, fill, rename_child


def copied(store: Store, name: str = "备份.db") -> Path:
    """Write a copy of the open ledger as backups are written."""
    copy = store.path.with_name(name)
    store.db.execute_sql("VACUUM INTO ?", (str(copy),))
    return copy


def carried(copy: Path, store: Store) -> Replayed:
    db_uuid, action, number = last_action(copy)
    return replay(copy, Journals(backup_folder_for(store.path), db_uuid).chain(action, number))


def assert_same(copy: Path, ledger: Path) -> None:
    there, here = everything(copy), everything(ledger)
    assert list(there) == list(here)
    for table in here:
        assert there[table] == here[table], table


# ------------------------------------------------------------------------------------------------ whatever was done


class Days:
    """A ledger and the things somebody may do to it; each returns without doing anything where it does not apply."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.done: list[str] = []

    def add(self, number: int) -> None:
        with self.store.action(f"登记 {number} 名儿童", kind="child.add", by="周老师") as action:
            person = action.insert(Person, name=f"覃{number}", note="生僻字𬭎䶮“\n")
            for one in range(number + 1):
                child = action.insert(Child, name=f"单{one}", note=None)
                action.insert(Kinship, child_id=child, person_id=person, relation="father")
        self.done.append(action.uuid)

    def change(self, number: int) -> None:
        with self.store.action("改备注", kind="child.edit", by=None) as action:
            # One statement over many rows, as a bulk edit is.
            self.store.db.execute_sql(
                "UPDATE child SET note = coalesce(note, '') || ? WHERE id % 3 = ?",
                (f"改{number}", number % 3),
            )
        self.done.append(action.uuid)

    def away(self, number: int) -> None:
        people = [row[0] for row in self.store.rows("SELECT id FROM person ORDER BY id")]
        if people:
            try:
                with self.store.action("外出", kind="away", by="周老师") as action:
                    person = people[number % len(people)]
                    self.store.db.execute_sql(
                        "UPDATE away SET valid_to = '2026-09' WHERE person_id = ? AND valid_to IS NULL"
                        " AND valid_from < '2026-09'",
                        (person,),
                    )
                    action.insert(Away, person_id=person, state="out", valid_from=f"2026-{number % 9 + 1:02}")
            except UserError:
                return
            self.done.append(action.uuid)

    def bin(self, number: int) -> None:
        children = [row[0] for row in self.store.rows("SELECT uuid FROM child ORDER BY id")]
        if children:
            with self.store.action("删除", kind="child.delete") as action:
                action.soft_delete(Child, children[number % len(children)])
            self.done.append(action.uuid)

    def import_(self, number: int) -> None:
        with self.store.action("导入", kind="import", by="周老师") as action:
            run = self.store.db.execute_sql(
                "INSERT INTO import_run (uuid, entered_at, file_name, file_sha256, data_date, row_count, new_count,"
                " updated_count, unchanged_count, parked_count, marked_count) VALUES (?, ?, 'x', 'y', '2026-09-01',"
                " 1, 1, 0, 0, 0, 0)",
                (f"{self.store.commit_no:036}", action.at),
            )
            self.store.db.execute_sql(
                "INSERT INTO import_file (uuid, entered_at, import_run_uuid, content) VALUES (?, ?, ?, ?)",
                (
                    f"f{self.store.commit_no:035}",
                    action.at,
                    f"{self.store.commit_no:036}",
                    bytes([number]) * 50,
                ),
            )
            action.insert_many(Staff, [{"name": f"{run.lastrowid}-{one}"} for one in range(number)])
        self.done.append(action.uuid)

    def undo(self, number: int) -> None:
        if self.done:
            try:
                found = undo(self.store, self.done[-1 - number % min(len(self.done), 4)], by="周老师")
            except UserError:
                return
            self.done.append(found.changes.action_uuid)

    def nothing(self, number: int) -> None:
        with self.store.rehearsal("预演") as action:
            action.insert_many(Staff, [{"name": "不留"}] * number)


STEPS = st.tuples(
    st.sampled_from(["add", "change", "away", "bin", "import_", "undo", "undo", "nothing"]), st.integers(0, 8)
)


@settings(max_examples=sampled(20, 100), suppress_health_check=[HealthCheck.too_slow])
@given(
    before=st.lists(STEPS, max_size=6), after=st.lists(STEPS, min_size=1, max_size=14), closed=st.booleans()
)
def test_a_copy_and_the_journal_are_the_ledger(empty_ledger, before, after, closed):
    with tempfile.TemporaryDirectory() as folder:
        clock = FixedClock(datetime(2026, 11, 21, 9))
        path = copy_ledger(empty_ledger, Path(folder) / "守望.db")
        store = Store.open(path, clock=clock)
        days = Days(store)

        def do(steps):
            for name, number in steps:
                getattr(days, name)(number)
                clock.advance(seconds=number % 3)

        do(before)
        base = store.commit_no
        copy = copied(store)
        do(after[: len(after) // 2])
        if closed:
            store.close()
            days.store = store = Store.open(path, clock=clock)
        do(after[len(after) // 2 :])
        count = store.commit_no - base
        folder_of = store
        store.close()
        assert carried(copy, folder_of) == Replayed(
            count, everything(path)["action"][-1][2].decode() if count else None
        )
        assert_same(copy, path)


def test_every_table_comes_back(store, clock):
    copy = copied(store)
    fill_every_table(store)
    clock.advance(minutes=1)
    with store.action("改", kind="x"):
        store.db.execute_sql("UPDATE child SET note = NULL, deleted_at = NULL WHERE id = 2")
    store.close()
    assert carried(copy, store).commits == 2
    assert_same(copy, store.path)


def test_a_text_that_is_no_utf8_comes_back_as_it_is(store):
    with store.action("添加", kind="x") as action:
        action.insert(Staff, name="甲")
    copy = copied(store)
    with store.action("坏字节", kind="x"):
        store.db.execute_sql("UPDATE staff SET phone = CAST(x'e794b2ff' AS TEXT)")
        store.db.execute_sql(
            "INSERT INTO staff (uuid, entered_at, name) VALUES ('u', 'x', CAST(x'ff41' AS TEXT))"
        )
    with store.action("改好", kind="x"):
        store.db.execute_sql("UPDATE staff SET phone = '138' WHERE id = 1")
    assert not store.db.has_bad_text
    store.close()
    assert carried(copy, store).commits == 2
    assert_same(copy, store.path)


def test_attachments_come_back_with_their_bytes(store):
    store.db.execute_sql("ALTER TABLE child ADD COLUMN photo BLOB")
    copy = copied(store)
    with store.action("添加", kind="x") as action:
        uuid = action.insert(Child, name="单立冬").uuid
        store.db.execute_sql("UPDATE child SET photo = x'ff00d8' WHERE uuid = ?", (uuid,))
    store.close()
    assert carried(copy, store).commits == 1
    assert_same(copy, store.path)


def test_a_permanent_deletion_is_done_again(store):
    fill(store)
    copy = copied(store)
    with store.action(f"改 {NAMES[0]}", kind="test"):
        store.db.execute_sql("UPDATE child SET note = '爱画画' WHERE id IN (1, 2)")
    with store.action("永久删除 1 名儿童", kind=PURGE_KIND) as action:
        child = store.one("SELECT uuid FROM child WHERE id = 1")[0]
        other = store.one("SELECT uuid FROM child WHERE id = 2")[0]
        registration = store.one("SELECT uuid FROM registration WHERE child_id = 1")[0]
        named = store.one("SELECT uuid FROM action WHERE words LIKE ?", (f"%{NAMES[0]}%",))[0]
        store.db.execute_sql("UPDATE child SET note = '和一名已注销的孩子同班' WHERE id = 2")
        purge_rows(
            store.db,
            action,
            rows=[("registration", registration), ("child", child)],
            scrubbed=[("child", other)],
            words={named: "（已永久删除）"},
        )
    rename_child(store, "不在了")  # child 1 is gone: writes nothing
    with store.action("再改", kind="x"):
        store.db.execute_sql("UPDATE child SET note = '后来' WHERE id = 3")
    store.close()
    assert carried(copy, store).commits == 3
    assert_same(copy, store.path)
    store.path.unlink()
    assert NAMES[0] not in str(everything(copy)["action"])


def test_what_the_present_journal_lacks_stands_in_the_previous_one(store):
    fill(store)
    copy = copied(store)
    rename_child(store, "第二次")
    make_backup(store, reason=Reason.BY_HAND)
    rename_child(store, "第三次")
    store.close()
    assert (journal_at(store).with_name(PREVIOUS_NAME)).exists()
    assert carried(copy, store).commits == 2
    assert_same(copy, store.path)


@pytest.mark.parametrize("name", [PREVIOUS_NAME, f"{ASIDE_STEM}20261101_080000.jsonl"])
def test_an_older_journal_that_cannot_be_read_takes_nothing_of_the_present_one_away(store, name):
    fill(store)
    copy = copied(store)
    rename_child(store, "第二次")
    journal_at(store).with_name(name).mkdir()
    store.close()
    assert carried(copy, store).commits == 1
    assert_same(copy, store.path)


def test_what_stood_in_an_older_journal_that_cannot_be_read_is_said_to_be_missing(store):
    fill(store)
    copy = copied(store)
    rename_child(store, "第二次")
    make_backup(store, reason=Reason.BY_HAND)
    rename_child(store, "第三次")
    previous = journal_at(store).with_name(PREVIOUS_NAME)
    previous.unlink()
    previous.mkdir()
    store.close()
    done = carried(copy, store)
    assert (done.commits, done.lost, done.why) == (0, 2, "unreadable")


# ------------------------------------------------------------------------------------------------ what does not fit


@pytest.fixture
def three(store):
    """A copy at the first save, and a journal of three more; the ledger is closed."""
    fill(store)
    copy = copied(store)
    for name in ("第二次", "第三次", "第四次"):
        rename_child(store, name)
    store.close()
    return copy


def first_name(copy: Path) -> str:
    return everything(copy)["child"][0][4].decode()


def test_a_damaged_line_ends_it_and_that_is_said(three, store):
    lines = journal_at(store).read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace("第三次".encode(), "第假次".encode())
    journal_at(store).write_bytes(b"".join(lines))
    done = carried(three, store)
    assert (done.commits, done.lost, done.why) == (1, 2, "unreadable")
    assert first_name(three) == "第二次"
    assert done.words == (
        "从日志补回了 1 次保存，到 2026-11-21 09:00。",
        "后来的 2 次保存没有补回：日志里有一段读不出。日志原样留着。",
    )


def test_a_gap_ends_it(three, store):
    lines = journal_at(store).read_bytes().splitlines(keepends=True)
    del lines[3]
    journal_at(store).write_bytes(b"".join(lines))
    done = carried(three, store)
    assert (done.commits, done.lost, done.why) == (1, 2, "other")


def test_another_branch_is_not_put_on_top(three, store, clock):
    """The copy was worked on elsewhere: its next save is another one."""
    with Store.open(three, clock=clock, backup_folder=three.parent / "别处") as other:
        rename_child(other, "另一支")
    before = everything(three)
    done = carried(three, store)
    assert (done.commits, done.lost, done.why) == (0, 2, "other")
    assert everything(three) == before
    assert done.words == ("后来的 2 次保存没有补回：日志和这份数据接不上。日志原样留着。",)


def test_a_save_that_comes_out_other_than_it_was_is_taken_back(three, store):
    """The copy is not what it was (a changed letter): the row before the save is another one."""
    import sqlite3

    connection = sqlite3.connect(three)
    connection.executescript(
        "DROP TRIGGER history_child_update; UPDATE child SET name = '改过' WHERE id = 1;"
        "CREATE TRIGGER history_child_update AFTER UPDATE ON child BEGIN SELECT 1; END;"
    )
    connection.close()
    done = carried(three, store)
    assert (done.commits, done.lost, done.why) == (0, 3, "other")
    assert first_name(three) == "改过"


def test_nothing_to_add_is_said(store):
    fill(store)
    copy = copied(store)
    store.close()
    done = carried(copy, store)
    assert (done.commits, done.lost) == (0, 0)
    assert done.words == ("日志里没有这以后的保存，不用补。",)
    shutil.rmtree(backup_folder_for(store.path))
    assert carried(copy, store) == done


def test_an_upgrade_between_two_saves_is_done_at_its_place(tmp_path, clock):
    """The backup is of the older format, the journal goes over into the newer one."""
    from app.storage.upgrade import upgrade

    released = Path(__file__).parents[2] / "data" / "released" / "v1.db"
    path = tmp_path / "守望.db"
    shutil.copy(released, path)
    copy = tmp_path / "备份.db"
    shutil.copy(released, copy)
    upgrade(path, backup_folder=backup_folder_for(path), clock=clock)
    with Store.open(path, clock=clock) as store, store.action("升级以后", kind="x") as action:
        action.insert(Staff, name="升级以后来的")
        # What went into the old format before the upgrade is in the backup; the journal begins after it.
    done = carried(copy, store)
    assert (done.commits, done.lost) == (1, 0)
    assert_same(copy, path)
