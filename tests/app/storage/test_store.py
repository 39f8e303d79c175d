"""The store: one transaction per action, and what holds when the disk or the power does not."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from uuid import UUID

import peewee
import pytest

from app.children.codes import Sex
from app.core.errors import EnvironmentFault, UserError
from app.storage.base import RowKey, new_uuid
from app.storage.data_place import backup_folder_for
from app.storage.store import Store
from tests.sampling import sampled

from .conftest import Away, Child, Kinship, Person, Staff

ROOT = Path(__file__).parents[3]


def run(code: str, *arguments: str, check: bool = True, **options) -> subprocess.CompletedProcess:
    """Run Python code in a process of its own, with the app and this test's tables at hand."""
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(code), *arguments], check=check, **options
    )


PRELUDE = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from datetime import datetime
from pathlib import Path
from peewee import IntegerField, TextField
from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault, UserError
from app.storage.base import Row
from app.storage.store import Store
class Staff(Row):
    name = TextField(); note = TextField(null=True)
class Person(Row):
    name = TextField(null=True)
class Child(Row):
    name = TextField()
class Kinship(Row):
    child_id = IntegerField(); person_id = IntegerField(); relation = TextField()
clock = FixedClock(datetime(2026, 11, 21, 9, 0))
path = Path(sys.argv[1])
"""


# ------------------------------------------------------------------------------------------------- making and opening


def test_a_new_ledger(ledger_path, clock):
    with Store.create(ledger_path, clock=clock) as store:
        assert store.commit_no == 0
        assert UUID(store.db_uuid).version == 4
        assert store.meta("created_at") == "2026-11-21T09:00:00"
        assert store.meta("min_reader_version") == 1
        assert store.meta("nothing") is None
        assert store.rows("SELECT 1 FROM child") == []
    assert sorted(path.name for path in ledger_path.parent.iterdir()) == ["守望.db", "守望.db.lock"]


def test_two_ledgers_have_two_names(tmp_path, clock):
    names = set()
    for name in ("a.db", "b.db"):
        with Store.create(tmp_path / name, clock=clock) as store:
            names.add(store.db_uuid)
    assert len(names) == 2


def test_what_is_there_is_never_made_anew(ledger_path, clock):
    for leave in (ledger_path, ledger_path.with_name(ledger_path.name + "-journal")):
        leave.write_bytes(b"")
        with pytest.raises(EnvironmentFault) as refused:
            Store.create(ledger_path, clock=clock)
        assert refused.value.key == "storage.exists"
        assert leave.read_bytes() == b""
        leave.unlink()


def test_making_a_ledger_that_is_interrupted_leaves_no_file(ledger_path, clock, monkeypatch):
    from app.storage import opening

    monkeypatch.setattr(opening, "run_steps", lambda connection: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Store.create(ledger_path, clock=clock)
    assert list(ledger_path.parent.iterdir()) == []


def test_no_ledger_on_the_network(clock):
    for make in (Store.create, Store.open):
        with pytest.raises(EnvironmentFault) as refused:
            make(Path("//server/share/守望.db"), clock=clock)
        assert refused.value.key == "storage.network_path"


def test_closing_is_remembered(store, clock):
    path = store.path
    store.close()
    with Store.open(path, clock=clock) as opened:
        assert opened.was_clean
    run("Store.open(path, clock=clock); import os; os._exit(1)", str(path), check=False)
    with Store.open(path, clock=clock) as opened:
        assert not opened.was_clean
    with Store.open(path, clock=clock) as opened:
        assert opened.was_clean


def test_looking_changes_nothing(store, clock):
    with store.action("添加", kind="x") as action:
        action.insert(Staff, name="甲")
    path = store.path
    store.close()
    path.with_name(path.name + ".lock").unlink()
    before = (path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir()))
    with Store.open(path, clock=clock, read_only=True) as reader:
        assert reader.one("SELECT name FROM staff") == ("甲",)
        with pytest.raises(EnvironmentFault) as refused, reader.action("改", kind="x"):
            pass
        assert refused.value.key == "storage.read_only"
        with pytest.raises(EnvironmentFault), reader.rehearsal("改"):
            pass
        with pytest.raises(EnvironmentFault):
            reader.db.execute_sql("UPDATE meta SET value = 7 WHERE key = 'commit_no'")
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())) == before


def test_readers_work_while_the_window_is_open(store):
    with store.action("添加", kind="x") as action:
        action.insert(Staff, name="甲")
    reading = """
        with Store.open(path, clock=clock, read_only=True) as reader:
            print(reader.commit_no, reader.one("SELECT count(*) FROM staff")[0])
    """
    assert run(reading, str(store.path), capture_output=True).stdout.split() == [b"1", b"1"]
    with store.action("添加", kind="x") as action:
        action.insert(Staff, name="乙")
        # In the middle of an action a journal lies beside; the reader sees what was saved before.
        assert run(reading, str(store.path), capture_output=True).stdout.split() == [b"1", b"1"]
    writing = "Store.open(path, clock=clock)"
    refused = run(writing, str(store.path), capture_output=True, check=False)
    assert refused.returncode == 1
    assert b"storage.in_use" in refused.stderr
    assert run(reading, str(store.path), capture_output=True).stdout.split() == [b"2", b"2"]


# ------------------------------------------------------------------------------------------------- actions


def test_an_action_is_numbered_and_signed(store, clock):
    with store.action("添加教师", kind="staff.add", by="周老师") as action:
        key = action.insert(Staff, name="甲")
    assert store.rows(
        "SELECT uuid, at, who, kind, words, partial, commit_no, undoes_id, undone_by_id FROM action"
    ) == [(action.uuid, "2026-11-21T09:00:00", "周老师", "staff.add", "添加教师", 0, 1, None, None)]
    assert store.rows("SELECT action_id, table_name, row_uuid, op, before_json FROM change") == [
        (action.id, "staff", key.uuid, "insert", None)
    ]
    changes = action.changes({"school"})
    assert (changes.action_uuid, changes.words, changes.areas, changes.uuids) == (
        action.uuid,
        "添加教师",
        {"school"},
        {key.uuid},
    )
    clock.advance(days=-4000)
    with store.action("再添加", kind="import") as action:
        action.insert(Staff, name="乙")
        action.words = "导入 1 名教师"
    assert store.commit_no == 2
    assert store.one("SELECT words, partial FROM action ORDER BY commit_no DESC LIMIT 1") == (
        "导入 1 名教师",
        1,
    )
    assert store.rows("SELECT * FROM current_action") == []


def test_an_action_that_wrote_nothing_leaves_no_trace(store):
    with store.action("添加", kind="x") as action:
        key = action.insert(Staff, name="甲", phone="1")
    with store.action("什么也没改", kind="x") as action:
        assert not action.update(Staff, key, name="甲", phone="1")
    assert not action.changes({"school"})
    assert store.commit_no == 1
    assert store.rows("SELECT count(*) FROM action") == [(1,)]


def test_an_error_takes_everything_back(store):
    with pytest.raises(ZeroDivisionError), store.action("添加", kind="x") as action:
        action.insert(Staff, name="甲")
        raise ZeroDivisionError
    assert store.commit_no == 0
    for table in ("staff", "action", "change", "current_action"):
        assert store.rows(f"SELECT 1 FROM {table}") == []
    with store.action("添加", kind="x") as action:
        assert int(action.insert(Staff, name="甲")) == 1


def test_a_rehearsal_is_the_real_thing_taken_back(store):
    with store.rehearsal("试着导入") as action:
        key = action.insert(Staff, name="甲")
        assert store.one("SELECT name FROM staff WHERE id = ?", (key,)) == ("甲",)
    assert store.rows("SELECT 1 FROM staff UNION SELECT 1 FROM action") == []
    assert store.commit_no == 0


def test_one_action_at_a_time(store):
    with store.action("外", kind="x") as action:
        action.insert(Staff, name="甲")
        for inner in (store.action("内", kind="x"), store.rehearsal("内")):
            with pytest.raises(RuntimeError), inner:
                pass
        with pytest.raises(RuntimeError):
            store.close()
    assert store.commit_no == 1


def test_writing_outside_an_action_does_not_work(store):
    with pytest.raises(peewee.IntegrityError):
        Staff.insert(uuid=new_uuid(), entered_at="2026-11-21T09:00:00", name="甲").execute(store.db)
    assert store.rows("SELECT 1 FROM staff") == []


def test_text_is_cleaned_on_its_way_in(store):
    with store.action("添加", kind="x") as action:
        one = action.insert(Staff, name="张\x00\u200b三", duty="e\u0301")
        (two,) = action.insert_many(Staff, [{"name": "李\ud800四"}])
        action.update(Staff, two, phone="1\x0b2")
        assert not action.update(Staff, one, name="张\u202e三")
    assert store.rows("SELECT name, duty, phone FROM staff ORDER BY id") == [
        ("张三", "é", None),
        ("李四", None, "12"),
    ]


def test_values_go_in_by_field_or_column_name(store):
    class Linked(Child):
        class Meta:
            table_name = "child"

    with store.action("添加", kind="x") as action:
        child = action.insert(Linked, name="甲")
        person = action.insert(Person, name="乙")
        key = action.insert(Kinship, child_id=child, person_id=person, relation="mother")
        assert isinstance(key, RowKey)
        assert action.update(Kinship, key.uuid, relation="stepmother")
        for wrong in ({"nobody": 1}, {"id": 7}, {"entered_at": "2020-01-01T00:00:00"}):
            with pytest.raises(TypeError):
                action.insert(Child, name="丙", **wrong)
            with pytest.raises(TypeError):
                action.update(Child, child, **wrong)
        for missing in (99, "no-such-uuid"):
            with pytest.raises(LookupError):
                action.update(Child, missing, name="丁")
            with pytest.raises(LookupError):
                action.soft_delete(Child, missing)
    assert store.rows("SELECT child_id, person_id, relation FROM kinship") == [(1, 1, "stepmother")]
    # A default of the class, and one of the table.
    assert store.one("SELECT pinyin, initials FROM child") == ("", "")


def test_many_rows_at_once(store):
    with store.action("批量", kind="x") as action:
        first = action.insert(Child, name="零")
        given = new_uuid()
        keys = action.insert_many(
            Child, [{"name": "一"}, {"name": "二", "note": "x", "uuid": given}, {"note": None, "name": "三"}]
        )
        assert action.insert_many(Child, []) == []
        last = action.insert(Child, name="四")
    assert [int(key) for key in (first, *keys, last)] == [1, 2, 3, 4, 5]
    assert keys[1].uuid == given
    assert store.rows("SELECT id, uuid, name, note, entered_at FROM child ORDER BY id") == [
        (1, first.uuid, "零", None, action.at),
        (2, keys[0].uuid, "一", None, action.at),
        (3, given, "二", "x", action.at),
        (4, keys[2].uuid, "三", None, action.at),
        (5, last.uuid, "四", None, action.at),
    ]
    assert action.touched == {key.uuid for key in (first, *keys, last)}
    assert len(store.rows("SELECT 1 FROM change")) == 5


@pytest.mark.parametrize("number", [1, 1599, 1600, 1601, 3201])
def test_rows_of_several_statements_have_their_history_in_order(store, number):
    """One statement takes 8,000 values: 1,600 rows of five columns."""
    with store.action("批量", kind="x") as action:
        keys = action.insert_many(
            Staff,
            [{"name": f"师{place}", "duty": None if place % 7 else "班主任"} for place in range(number)],
        )
    wanted = [(place + 1, key.uuid, f"师{place}") for place, key in enumerate(keys)]
    assert store.rows("SELECT id, uuid, name FROM staff ORDER BY id") == wanted
    assert [int(key) for key in keys] == [one for one, _, _ in wanted]
    images = store.rows(
        "SELECT json_extract(after_json, '$.id'), row_uuid, json_extract(after_json, '$.name')"
        " FROM change WHERE op = 'insert' AND table_name = 'staff' ORDER BY seq"
    )
    assert images == wanted
    assert store.one("SELECT seq FROM sqlite_sequence WHERE name = 'staff'") == (number,)


def test_ids_that_were_planned_are_those_that_rows_got(store):
    with store.action("批量", kind="x") as action:
        child = action.insert(Child, name="甲")
        people = action.insert_planned(Person, [{"name": "父"}, {"name": "母"}], {})
        ids = {-1: int(child), -2: people[0], -3: people[1]}
        rows = [{"child_id": -1, "person_id": person, "relation": "other"} for person in (-3, -2)]
        action.insert_planned(Kinship, rows, {"child_id": ids, "person_id": ids})
    assert store.rows("SELECT child_id, person_id FROM kinship ORDER BY id") == [(1, 2), (1, 1)]
    assert rows[0]["person_id"] == -3  # the plan stays as it was: it may be written again


def test_many_rows_at_once_are_stored_as_each_by_itself(store):
    texts = [
        "张三",
        "李\x00\u200b四",
        "e",
        "e\u0301",
        "\u0301",
        "一\r",
        "\n二",
        "王\ud800五",
        "a\u200bb",
        "",
        " ",
    ]
    choices = (*texts, None, 7, True, Sex.MALE)
    dice = random.Random(11)
    for size in (1, 2, 40):
        rows = [
            {"name": f"甲{dice.choice(texts)}", dice.choice(("duty", "phone")): dice.choice(choices)}
            for _ in range(size)
        ]
        with store.action("批量", kind="x") as action:
            many = action.insert_many(Staff, rows)
            singly = [action.insert(Staff, **row) for row in rows]
        sql = "SELECT name, duty, phone, typeof(duty), typeof(phone) FROM staff WHERE id = ?"
        assert [store.one(sql, (key,)) for key in many] == [store.one(sql, (key,)) for key in singly]


def test_new_uuids_are_random_and_of_version_4():
    made = {new_uuid() for _ in range(2000)}
    assert len(made) == 2000
    assert {(UUID(text).version, UUID(text).variant) for text in made} == {(4, "specified in RFC 4122")}
    assert all(str(UUID(text)) == text for text in made)


def test_an_update_writes_only_what_differs(store):
    with store.action("添加", kind="x") as action:
        key = action.insert(Staff, name="甲", phone="1")
    with store.action("改", kind="x") as action:
        assert action.update(Staff, key, name="甲", phone="2")
    before, after = map(
        json.loads, store.one("SELECT before_json, after_json FROM change WHERE op = 'update'")
    )
    assert {name for name in after if after[name] != before[name]} == {"phone"}


# ------------------------------------------------------------------------------------------------- faults


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are of Unix")
def test_a_write_the_disk_refuses_is_said_and_nothing_is_lost(store):
    path = str(store.path)
    store.close()
    done = run(
        """
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = Store.open(path, clock=clock)
        acked = 0
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100_000, resource.RLIM_INFINITY))
        try:
            for number in range(100_000):
                with store.action("添加", kind="x") as action:
                    action.insert(Staff, name=str(number), note="x" * 3000)
                acked += 1
        except EnvironmentFault as error:
            print(error.key, error.code)
        else:
            raise SystemExit("the disk was never full")
        assert store.commit_no == acked == store.one("SELECT count(*) FROM staff")[0], acked
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        with store.action("添加", kind="x") as action:
            action.insert(Staff, name="again")
        store.close()
        print(acked)
        """,
        path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    key, _, acked = done.stdout.split()
    assert key in ("storage.io_write", "storage.full")
    assert int(acked) > 0


@pytest.fixture
def small_disk(tmp_path):
    """Return a file system of 3 MB; skip where none may be mounted."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root mounts a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_said_and_nothing_is_lost(small_disk, clock):
    path, other_files = small_disk / "守望.db", small_disk / "other files"
    other_files.write_bytes(b"x" * 500_000)
    with Store.create(path, clock=clock) as store:
        acked = 0
        with pytest.raises(EnvironmentFault) as full:
            while True:
                with store.action("添加", kind="x") as action:
                    action.insert(Staff, name=str(acked), duty="x" * 20_000)
                acked += 1
        assert full.value.key == "storage.full"
        assert acked > 0
        assert store.commit_no == acked
        assert store.one("SELECT count(*) FROM staff") == (acked,)
        other_files.unlink()
        with store.action("改", kind="x") as action:
            action.update(Staff, 1, duty=None)
    with Store.open(path, clock=clock) as store:
        assert store.commit_no == acked + 1


def test_no_room_for_a_new_ledger(small_disk, clock):
    (small_disk / "filler").write_bytes(b"x" * 2_900_000)
    with pytest.raises(EnvironmentFault) as full:
        Store.create(small_disk / "守望.db", clock=clock)
    assert full.value.key == "storage.full"
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


_WRITER = """
store = Store.open(path, clock=clock)
print("ready", flush=True)
number = store.one("SELECT count(*) FROM child")[0]
while True:
    number += 1
    with store.action("添加", kind="x") as action:
        child = action.insert(Child, name=str(number))
        parents = action.insert_many(Person, [{"name": f"{number}-{n}"} for n in range(2)])
        action.insert_many(
            Kinship, [{"child_id": child, "person_id": key, "relation": "other"} for key in parents]
        )
    print(number, flush=True)
"""


def kill_while_writing(path: Path, saves: int, delay: float) -> int:
    """Let a process write actions, kill it a while after so many, and return the last one it was told is saved."""
    with subprocess.Popen(
        [sys.executable, "-c", PRELUDE + _WRITER, str(path)], stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        told = [writer.stdout.readline() for _ in range(saves)]
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.read().splitlines(keepends=True)
    # The last one may be cut in half.
    return max((int(number) for number in told if number.endswith(b"\n")), default=0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of Unix")
def test_everything_told_saved_survives_kills(store, clock):
    path = store.path
    store.close()
    acked = 0
    for number in range(sampled(5, 20)):
        acked = max(acked, kill_while_writing(path, number % 3, 0.011 * (number % 7)))
        with Store.open(path, clock=clock, verify=True) as opened:
            children = opened.one("SELECT count(*) FROM child")[0]
            assert children in (acked, acked + 1), "everything that was told saved is there, at most one more"
            acked = children
            names = opened.rows("SELECT name FROM child ORDER BY id")
            assert names == [(str(place + 1),) for place in range(children)]
            assert opened.one("SELECT count(*) FROM kinship") == (2 * children,), (
                "no child without its family"
            )
            assert opened.commit_no == children
            assert opened.rows("SELECT 1 FROM current_action") == []
    assert acked > 0


def test_a_ledger_of_periods(store):
    """The guard of the tables: one fact in force at a time, half-open periods may touch."""
    with store.action("记录", kind="x") as action:
        person = action.insert(Person, name="甲")
        action.insert(Away, person_id=person, state="out", valid_to="2025")
        action.insert(Away, person_id=person, state="home", valid_from="2025", valid_to="2026-03")
        action.insert(Away, person_id=person, state="out", valid_from="2026-03")
        other = action.insert(Person, name="乙")
        action.insert(Away, person_id=other, state="out")
    for overlapping in (
        {"valid_from": "2027"},
        {"valid_from": "2024", "valid_to": "2025"},
        {"valid_to": "2020"},
        {"valid_from": "2025-05", "valid_to": "2025-06"},
        {},
    ):
        with pytest.raises(UserError, match="重叠"), store.action("重叠", kind="x") as action:
            action.insert(Away, person_id=person, state="out", **overlapping)


_FOUR_ACTIONS = """
try:
    with Store.open(path, clock=clock) as store:
        for number in range(4):
            try:
                with store.action("添加", kind="x") as action:
                    action.insert(Staff, name=str(number))
                print("told saved", number)
            except EnvironmentFault as error:
                print(error.key, number)
except EnvironmentFault as error:
    print(error.key, "opening")
"""


@pytest.mark.slow
def test_a_disk_that_fails_at_the_nth_call_is_never_taken_for_saved(store, clock, tmp_path):
    """Every failing write, sync or removal: what was told saved is there, what was not is not, doubt is said as doubt."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    path = store.path
    store.close()
    original, seen = path.read_bytes(), set()
    calls = sampled(
        {"pwrite64": (2, 14), "fdatasync,fsync": (3, 10), "unlink": (4,), "openat": (10,)},
        {"pwrite64": (2, 14, 20), "fdatasync,fsync": (3, 8, 10, 20), "unlink": (2, 4), "openat": (2, 10)},
    )
    for call, number in [(call, number) for call, numbers in calls.items() for number in numbers]:
        path.write_bytes(original)
        journal = path.with_name(path.name + "-journal")
        journal.unlink(missing_ok=True)
        shutil.rmtree(backup_folder_for(path), ignore_errors=True)
        only = [part for one in (path, journal, path.parent) for part in ("-P", str(one))]
        inject = f"inject={call}:error=EIO:when={number}"
        done = subprocess.run(
            [
                *(strace, "-f", "-qq", "-o", str(tmp_path / "trace"), *only, "-e", inject),
                *(sys.executable, "-c", PRELUDE + _FOUR_ACTIONS, str(path)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if "ptrace" in done.stderr:
            pytest.skip("strace may not be used here")
        assert done.returncode == 0, done.stderr
        told = [line.rpartition(" ")[::2] for line in done.stdout.splitlines()]
        saved = {which for what, which in told if what in ("told saved", "storage.io_unsure")}
        with Store.open(path, clock=clock) as opened:
            assert {name for (name,) in opened.rows("SELECT name FROM staff")} == saved
            assert opened.commit_no == len(saved)
        seen |= {what for what, _ in told}
    assert seen >= {"told saved", "storage.io_write", "io-error"}
    assert seen <= {"told saved", "storage.io_write", "storage.io_unsure", "io-error", "read-only"}
