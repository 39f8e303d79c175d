"""The whole ledger, read in parts."""

import random
import shutil
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlcipher3 import dbapi2

from app.children import ledger_reading
from app.children.drafts import ChildDraft
from app.children.ledger import LedgerStatus, ledger_rows
from app.children.ledger_reading import in_ledger_order, list_ledger, read_ledger
from app.children.outlines import ledger_outlines
from app.children.queries import load_facts
from app.children.service import add_children
from app.children.situation import UNREAD
from app.core.clock import FixedClock
from app.dossier.service_bin import move_to_bin
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.app.children.builders import DAY


def test_parts_make_the_whole_in_the_order_of_the_ledger(store, classes, monkeypatch):
    monkeypatch.setattr(ledger_reading, "PART", 3)
    rooms = [classes["二（1）班"].uuid, classes["一（1）班"].uuid, None]
    names = ["覃䶮", "曾小雨", "单永强", "区嘉欣", "张三", "李四", "王五"]
    drafts = [ChildDraft(name=name, class_uuid=rooms[place % 3]) for place, name in enumerate(names)]
    add_children(store, drafts=drafts)
    move_to_bin(store, uuids=[drafts[-1].uuid])
    rows = read_ledger(store, DAY)
    assert len(rows) == 6
    assert rows == ledger_rows(load_facts(store, DAY))
    assert [row.class_name for row in rows] == ["一（1）班", "一（1）班", "二（1）班", "二（1）班", "", ""]


def test_an_empty_ledger_has_no_rows(store):
    assert read_ledger(store, DAY) == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    """A demo school; who writes into it takes a copy."""
    path = tmp_path_factory.mktemp("demo") / "守望.db"
    make_demo(path, clock=FixedClock(datetime.combine(DAY, time(10))), children=60)
    return path


def test_what_the_list_leaves_unread_changes_no_row_on_any_day(demo, clock):
    with Store.open(demo, clock=clock, read_only=True) as store:
        left_out = 0
        for days in (-900, -40, 0, 400):
            day: date = clock.today() + timedelta(days=days)
            known = load_facts(store, day)
            left_out += sum(bool(child.livelihood or child.disabilities) for child in known)
            left_out += sum(len(child.care_papers) for child in known)
            left_out += sum(bool(person.marriage) for child in known for person in child.relatives)
            assert read_ledger(store, day) == sorted(ledger_rows(known), key=in_ledger_order)
        assert left_out, "the school has nothing of what is left out, so nothing was tried"


DATES = (
    None,
    "2026",
    "2026-11",
    "2026-11-20",
    "2026-11-21",
    "2026-11-22",
    "2025",
    "2025-09-01",
    "2027-03",
    "2019-09-01",
)


OF_CHILD = (
    "registration enrolment residence schooling boarding health household category_flag unsupported_ground"
)
DATED = (
    *OF_CHILD.split(),
    *("reported_status", "care_paper", "kinship", "care", "life_status", "capacity", "away", "phone"),
)


def in_disorder(path: Path, seed: int) -> None:
    """Give every child periods that no program would write: overlapping, open at either end, to the year only."""
    choose = random.Random(seed)
    file = dbapi2.connect(str(path), isolation_level=None)
    file.execute("PRAGMA ignore_check_constraints = 1")
    file.execute("BEGIN")  # dropping each by itself would wait for the disk a thousand times
    for kind, name in file.execute(
        "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
    ).fetchall():
        file.execute(f"DROP {kind} {name}")
    for table in DATED:
        ids = [row[0] for row in file.execute(f"SELECT id FROM {table}").fetchall()]
        columns = [
            row[1] for row in file.execute(f"PRAGMA table_info({table})") if row[1] not in ("id", "uuid")
        ]
        for id in choose.sample(ids, len(ids) // 2):
            file.execute(
                f"INSERT INTO {table} (uuid, {', '.join(columns)})"
                f" SELECT uuid || '{seed}', {', '.join(columns)} FROM {table} WHERE id = ?",
                (id,),
            )
        for (id,) in file.execute(f"SELECT id FROM {table}").fetchall():
            dates = (choose.choice(DATES), choose.choice(DATES), id)
            file.execute(f"UPDATE {table} SET valid_from = ?, valid_to = ? WHERE id = ?", dates)
        file.execute(f"UPDATE {table} SET deleted_at = '2026-11-01' WHERE id % 11 = 0")
    file.execute("UPDATE registration SET kind = 'in_difficulty' WHERE id % 7 = 0")
    file.execute("UPDATE registration SET end_reason = NULL WHERE id % 5 = 0")
    file.execute("UPDATE school_class SET deleted_at = '2026-11-01' WHERE id % 5 = 0")
    file.execute("UPDATE residence SET village = NULL, address = NULL WHERE id % 6 = 0")
    file.execute("UPDATE life_status SET status = 'missing' WHERE id % 13 = 0")
    file.execute("UPDATE away SET state = 'out' WHERE id % 3 = 0")
    file.execute("UPDATE phone SET number = number || id % 10")
    file.execute("UPDATE phone SET result = 'stopped' WHERE id % 3 = 0")
    file.execute("UPDATE care SET person_id = person_id + 7 WHERE id % 4 = 0")
    file.execute("UPDATE contact_order SET person_id = person_id + 7 WHERE id % 4 = 0")
    file.execute("UPDATE person SET deleted_at = '2026-11-01' WHERE id % 17 = 0")
    file.execute("COMMIT")
    file.close()


def test_a_line_says_the_same_whether_or_not_everything_about_the_child_was_read(tmp_path, demo, clock):
    path = tmp_path / "守望.db"
    met: set[tuple[LedgerStatus, bool]] = set()
    for seed in range(2):
        shutil.copyfile(demo, path)
        in_disorder(path, seed)
        with Store.open(path, clock=clock, read_only=True, verify=False) as store:
            for days in (-400, 0, 1, 2500):
                day = clock.today() + timedelta(days=days)
                whole = sorted(ledger_rows(load_facts(store, day)), key=in_ledger_order)
                assert list_ledger(store, day) == [replace(row, situation=UNREAD) for row in whole]
                assert read_ledger(store, day) == whole
                registered = load_facts(store, day, only_registered=True)
                assert {one.uuid for one in ledger_outlines(store, day)} == {one.uuid for one in registered}
                met |= {(row.status, row.status_certain) for row in whole}
    assert {
        (LedgerStatus.REGISTERED, False),
        (LedgerStatus.REGISTERED, True),
        (LedgerStatus.EXITED, True),
    } <= met
    assert (LedgerStatus.NEVER, True) in met
