"""体检: each kind of damage is found by name, what is mended is proved, and the file itself is never touched."""

from __future__ import annotations

import hashlib
import shutil
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.children.queries import load_facts
from app.children.service import change_field
from app.core.clock import FixedClock
from app.core.errors import Cancelled, EnvironmentFault
from app.core.paths import private_folder
from app.dossier.service_bin import move_to_bin
from app.storage.backups import Reason, make_backup
from app.storage.beside import Marker, write_marker
from app.storage.check import check
from app.storage.checkup import examine, examined
from app.storage.findings import Kind, Severity
from app.storage.history import actions, row_history
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.app.storage import damage
from tests.sampling import sampled

NOW = datetime(2026, 11, 21, 9, 0)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path, clock=FixedClock(NOW), children=14)
    return path


@pytest.fixture
def ledger(demo, tmp_path):
    """A demo school with numbers, dates, two parents and a class for every child."""
    return shutil.copyfile(demo, tmp_path / "守望.db")


def looked_at(path, clock, **wishes):
    """Examine, and look that the file was only read and nothing of the copy remains."""
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    found = examine(path, clock=clock, **wishes)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert not list(private_folder().glob("work_*"))
    return found


def told(checkup):
    return [(finding.kind, finding.severity, finding.table, finding.column) for finding in checkup.findings]


# ------------------------------------------------------------------------------------------------ the sound ledger


def test_a_sound_school_has_nothing(ledger, clock):
    found = looked_at(ledger, clock)
    assert found.findings == ()
    assert not found.is_lost
    assert not found.is_mended
    assert found.facts.children == 14
    assert found.records > 300


def test_the_open_ledger_is_looked_at_through_its_own_connection(ledger, clock):
    closed = looked_at(ledger, clock)
    with Store.open(ledger, clock=clock) as store:
        opened = examine(store, clock=clock)
        assert opened.findings == ()
        assert opened.facts == closed.facts
        with pytest.raises(RuntimeError):
            examine(ledger, clock=clock)
        # The lock is still held: reading did not drop it.
        with store.action("改", kind="x"):
            store.db.execute_sql("UPDATE school SET phone = '0716-8212345'")


def test_an_emptied_bin_an_undo_and_an_edit_are_no_findings(ledger, clock):
    from app.storage.history import undo

    with Store.open(ledger, clock=clock) as store:
        child, other = load_facts(store, clock.today(), only_registered=True)[:2]
        move_to_bin(store, uuids=[child.uuid])
        clock.advance(hours=1)
        edited = change_field(store, uuid=other.uuid, field="note", value="一句话")
        undo(store, edited.action_uuid, by=None)
    assert looked_at(ledger, clock).findings == ()


# ------------------------------------------------------------------------------------------------ pages and indexes


def test_a_damaged_index_is_built_anew_on_the_copy(ledger, clock):
    damage.damage_an_index(ledger)
    assert check(ledger).state == "index-damaged"
    found = looked_at(ledger, clock)
    assert told(found) == [(Kind.INDEX, Severity.MENDED, "child", "")]
    assert found.is_mended
    assert found.facts.children == 14
    assert check(ledger).state == "index-damaged"


def test_a_lost_page_is_told_per_table_and_nothing_is_mended(ledger, clock):
    with Store.open(ledger, clock=clock) as store:
        backup = make_backup(store, reason=Reason.BY_HAND, folder=ledger.parent / "备份")
        last = store.one("SELECT max(rowid) FROM child")[0]
    damage.zero_page(ledger, damage.leaf_page(ledger, "child", last))
    assert check(ledger).state == "corrupt"
    found = looked_at(ledger, clock, backups=[backup.path])
    assert told(found) == [(Kind.PAGES, Severity.LOST, "", "")]
    assert found.is_lost
    assert not found.is_mended
    assert found.facts is None
    readings = {reading.table: reading for reading in found.readings}
    child = readings["child"]
    assert not child.is_whole
    assert 0 < child.readable < child.expected == last
    assert readings["person"].is_whole
    assert readings["person"].readable == readings["person"].expected


@pytest.mark.parametrize("kept", ["half", "a tenth less", "minus a page", "minus a byte"])
def test_a_file_that_was_cut_is_lost(ledger, clock, kept):
    content = ledger.read_bytes()
    cut = {"half": 2, "a tenth less": 10, "minus a page": len(content) // 4096, "minus a byte": len(content)}
    cut = -(len(content) // cut[kept])
    ledger.write_bytes(content[:cut])
    found = looked_at(ledger, clock)
    assert (found.is_lost, found.is_mended) == (True, False)
    assert found.code in ("SIZE", "CORRUPT", "INTEGRITY")
    # Of a file so short that not even its list of tables is whole, nothing can be told.
    assert any(reading.readable for reading in found.readings) == (kept != "half")


@pytest.mark.parametrize(
    ("content", "state"),
    [(b"", "empty"), (b"a letter to somebody", "not-ours"), (None, "missing")],
)
def test_what_is_no_ledger_is_told_by_its_state(tmp_path, clock, content, state):
    path = tmp_path / "x.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EnvironmentFault) as refused:
        examine(path, clock=clock)
    assert refused.value.key == state


def test_an_unfinished_restore_comes_first(ledger, clock):
    write_marker(ledger, Marker("restore", "a", "b", "2026-11-21T09:00:00"))
    with pytest.raises(EnvironmentFault) as refused:
        examine(ledger, clock=clock)
    assert refused.value.key == "resume"


def test_stopping_leaves_nothing(ledger, clock):
    def stop(done, total, words=""):
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        looked_at(ledger, clock, progress=stop)
    assert not list(private_folder().glob("work_*"))


# ------------------------------------------------------------------------------------------------ rows and history


def test_bad_bytes_come_back_from_the_history(ledger, clock):
    name = damage.value(ledger, "SELECT name FROM child WHERE id = 3").decode()
    damage.put_bad_bytes(ledger, "child", "name", 3)
    (finding,) = looked_at(ledger, clock).findings
    assert (finding.kind, finding.severity, finding.meant) == (Kind.TEXT, Severity.MENDED, name)
    assert finding.found == f"{name}\ufffd\ufffd"
    with examined(ledger, clock=clock, by="周老师") as found:
        assert found.checkup.is_mended
        assert check(found.copy).detail["bad_rows"] == 0
        with Store.open(found.copy, clock=clock) as store:
            assert store.one("SELECT name FROM child WHERE id = 3") == (name,)
            action = actions(store, limit=1)[0]
            assert (action.kind, action.who, action.words) == ("repair", "周老师", "体检修复：改回 1 处")
            uuid = store.one("SELECT uuid FROM child WHERE id = 3")[0]
            change = row_history(store, "child", uuid)[-1]
            assert (change.field, change.before, change.after) == ("name", f"{name}\ufffd\ufffd", name)
        assert examine(found.copy, clock=clock).findings == ()


def test_bad_bytes_that_nothing_knows_become_marks_for_the_paper(ledger, clock):
    damage.silently(ledger, "DELETE FROM change WHERE table_name = 'residence'")
    damage.put_bad_bytes(ledger, "residence", "address", 2)
    with examined(ledger, clock=clock) as found:
        bad = [f for f in found.checkup.findings if f.kind is Kind.TEXT]
        assert [(f.severity, f.table, f.row_id, f.meant) for f in bad] == [
            (Severity.PAPER, "residence", 2, None)
        ]
        assert found.checkup.is_mended
        assert (
            damage.value(found.copy, "SELECT address FROM residence WHERE id = 2")
            .decode()
            .endswith("\ufffd\ufffd")
        )
    assert {f.kind for f in found.checkup.findings} == {Kind.TEXT, Kind.UNTOLD}


def test_a_history_that_is_bad_text_is_made_readable_and_is_no_witness(ledger, clock):
    seq = damage.value(ledger, "SELECT min(seq) FROM change WHERE table_name = 'child'")
    damage.put_bad_bytes(ledger, "action", "words", 1)
    damage.silently(
        ledger,
        f"UPDATE change SET after_json = CAST(replace(CAST(after_json AS BLOB), x'E6', x'FF') AS TEXT) WHERE seq = {seq}",
    )
    with examined(ledger, clock=clock) as found:
        assert {(f.kind, f.severity, f.table) for f in found.checkup.findings} == {
            (Kind.HISTORY, Severity.NOTE, "action"),
            (Kind.HISTORY, Severity.NOTE, "change"),
        }
        assert found.checkup.is_mended
        assert check(found.copy).detail["bad_rows"] == 0


def flip_name(ledger):
    """Change one byte of a name in the row itself, so that it is another character; return both names."""
    name = damage.value(ledger, "SELECT name FROM child WHERE id = 2").decode()
    raw = name.encode()
    other = raw[:-1] + bytes([raw[-1] ^ 1])
    damage.change_bytes(ledger, raw, other)
    assert damage.value(ledger, "SELECT name FROM child WHERE id = 2") == other
    return name, other.decode()


def test_a_changed_letter_passes_every_other_check_and_is_found_here(ledger, clock):
    name, other = flip_name(ledger)
    assert check(ledger).state == "ok"
    found = looked_at(ledger, clock)
    (finding,) = found.findings
    assert (finding.kind, finding.severity, finding.column) == (Kind.DIFFERS, Severity.OFFERED, "name")
    assert (finding.found, finding.meant) == (other, name)
    assert not found.is_mended
    with examined(ledger, clock=clock, accept={finding.key}) as taken:
        assert taken.checkup.is_mended
        assert damage.value(taken.copy, "SELECT name FROM child WHERE id = 2").decode() == name
        assert taken.checkup.fingerprint == found.fingerprint


def test_a_backup_from_before_tells_which_is_right(ledger, clock):
    with Store.open(ledger, clock=clock) as store:
        backup = make_backup(store, reason=Reason.BY_HAND, folder=ledger.parent / "备份").path
    flip_name(ledger)
    (finding,) = looked_at(ledger, clock, backups=[ledger.parent / "weg.db", backup]).findings
    assert (finding.kind, finding.severity) == (Kind.DIFFERS, Severity.MENDED)


def test_a_backup_made_after_the_damage_is_no_witness(ledger, clock):
    flip_name(ledger)
    with Store.open(ledger, clock=clock) as store:
        backup = make_backup(store, reason=Reason.BY_HAND, folder=ledger.parent / "备份").path
    (finding,) = looked_at(ledger, clock, backups=[backup]).findings
    assert finding.severity is Severity.OFFERED


def test_a_backup_with_damaged_names_is_no_witness_and_no_damage_of_the_ledger(ledger, clock):
    with Store.open(ledger, clock=clock) as store:
        backup = make_backup(store, reason=Reason.BY_HAND, folder=ledger.parent / "备份").path
    content = backup.read_bytes()
    at = content.index(b"WHEN NEW.deleted_at IS NULL")
    backup.write_bytes(content[:at] + b"W\xc8EN" + content[at + 4 :])
    flip_name(ledger)
    found = looked_at(ledger, clock, backups=[backup])
    assert [(finding.kind, finding.severity) for finding in found.findings] == [
        (Kind.DIFFERS, Severity.OFFERED)
    ]


def test_a_backup_tells_that_the_history_was_damaged_and_the_row_is_right(ledger, clock):
    with Store.open(ledger, clock=clock) as store:
        backup = make_backup(store, reason=Reason.BY_HAND, folder=ledger.parent / "备份").path
    name = damage.value(ledger, "SELECT name FROM child WHERE id = 2").decode()
    damage.silently(
        ledger,
        f"UPDATE change SET after_json = replace(after_json, '\"{name}\"', '\"{name}甲\"')"
        " WHERE table_name = 'child' AND row_uuid = (SELECT uuid FROM child WHERE id = 2)",
    )
    found = looked_at(ledger, clock, backups=[backup])
    (finding,) = found.findings
    assert (finding.kind, finding.severity, finding.found) == (Kind.DIFFERS, Severity.NOTE, name)
    assert not found.is_mended


def test_an_impossible_number_against_a_possible_one_needs_no_other_witness(ledger, clock):
    number = damage.value(
        ledger, "SELECT id_number FROM child WHERE length(id_number) = 18 ORDER BY id"
    ).decode()
    other = number[:15] + str((int(number[15]) + 1) % 10) + number[16:]
    damage.silently(ledger, f"UPDATE child SET id_number = '{other}' WHERE id_number = '{number}'")
    (finding,) = looked_at(ledger, clock).findings
    assert (finding.severity, finding.found, finding.meant) == (Severity.MENDED, other, number)


def test_what_the_history_says_twice_counts_more_than_the_row(ledger, clock):
    with Store.open(ledger, clock=clock) as store:
        child = load_facts(store, clock.today(), only_registered=True)[0]
        change_field(store, uuid=child.uuid, field="note", value="一句话")
    damage.silently(ledger, f"UPDATE child SET name = name || '甲' WHERE uuid = '{child.uuid}'")
    (finding,) = looked_at(ledger, clock).findings
    assert (finding.kind, finding.severity, finding.column) == (Kind.DIFFERS, Severity.MENDED, "name")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("UPDATE child SET sex = '7' WHERE id = 2", "sex"),
        ("UPDATE kinship SET child_id = 9999 WHERE id = 3", "child_id"),
        ("UPDATE registration SET valid_from = '2025-02-31' WHERE id = 2", "valid_from"),
        ("UPDATE child SET uuid = substr(uuid, 1, 35) || 'z' WHERE id = 2", "uuid"),
    ],
)
def test_a_value_that_cannot_be_is_put_right_from_the_history(ledger, clock, change, column):
    table = change.split()[1]
    if column == "valid_from":
        with_day = damage.value(
            ledger, "SELECT count(*) FROM registration WHERE id = 2 AND valid_from IS NOT NULL"
        )
        assert with_day == 1
    damage.silently(ledger, change)
    found = looked_at(ledger, clock)
    assert told(found) == [(Kind.DIFFERS, Severity.MENDED, table, column)]
    assert found.is_mended


def test_a_value_that_cannot_be_and_that_nothing_knows_better_leaves_only_the_backup(ledger, clock):
    damage.silently(
        ledger,
        "UPDATE child SET sex = '7' WHERE id = 2",
        "UPDATE kinship SET child_id = 9999 WHERE id = 3",
        "DELETE FROM change",
    )
    found = looked_at(ledger, clock)
    lost = {(f.kind, f.table, f.row_id) for f in found.of(Severity.LOST)}
    assert lost == {(Kind.RULE, "child", 2), (Kind.REFERENCE, "kinship", 3)}
    assert not found.is_mended


def test_a_row_that_is_gone_comes_back_from_the_history(ledger, clock):
    damage.silently(ledger, "DELETE FROM boarding WHERE id = 2")
    found = looked_at(ledger, clock)
    (finding,) = found.findings
    assert (finding.kind, finding.severity, finding.table) == (Kind.GONE, Severity.OFFERED, "boarding")
    assert not found.is_mended
    with examined(ledger, clock=clock, accept={finding.key}) as taken:
        assert taken.checkup.is_mended
        assert damage.value(taken.copy, "SELECT count(*) FROM boarding WHERE id = 2") == 1
        assert examine(taken.copy, clock=clock).findings == ()


def test_a_row_that_others_stand_on_comes_back_by_itself(ledger, clock):
    damage.silently(ledger, "DELETE FROM person WHERE id = 2")
    assert check(ledger).state == "corrupt"
    found = looked_at(ledger, clock)
    assert told(found) == [(Kind.GONE, Severity.MENDED, "person", "")]
    assert found.is_mended


def test_a_row_from_nowhere_is_for_the_paper(ledger, clock):
    damage.silently(
        ledger,
        "INSERT INTO child (uuid, entered_at, name) VALUES ('00000000-0000-4000-8000-000000000000', '2026-11-21T09:00:00', '某')",
    )
    assert told(looked_at(ledger, clock)) == [(Kind.UNTOLD, Severity.PAPER, "child", "")]


# ------------------------------------------------------------------------------------------------ periods, bin, numbers


def test_two_periods_at_once_are_for_the_paper(ledger, clock):
    damage.silently(
        ledger,
        "INSERT INTO residence (uuid, entered_at, child_id, address, valid_from, valid_to) SELECT"
        " '00000000-0000-4000-8000-000000000000', entered_at, child_id, '另一处', NULL, '2100' FROM residence WHERE id = 2",
    )
    found = looked_at(ledger, clock)
    overlap = next(f for f in found.findings if f.kind is Kind.OVERLAP)
    assert (overlap.severity, overlap.table, overlap.row_id) == (Severity.PAPER, "residence", 2)
    assert overlap.meant == "/2100"


def test_a_record_left_outside_when_its_child_went_to_the_bin(ledger, clock):
    with Store.open(ledger, clock=clock) as store:
        child = load_facts(store, clock.today(), only_registered=True)[0]
        move_to_bin(store, uuids=[child.uuid])
        at = store.one("SELECT deleted_at FROM child WHERE uuid = ?", (child.uuid,))[0]
        with store.action("落下一条", kind="test"):
            store.db.execute_sql(
                "UPDATE residence SET deleted_at = NULL WHERE child_id = (SELECT id FROM child WHERE uuid = ?)",
                (child.uuid,),
            )
    found = looked_at(ledger, clock)
    (finding,) = found.findings
    assert (finding.kind, finding.severity, finding.meant) == (Kind.BIN, Severity.OFFERED, at)
    with examined(ledger, clock=clock, accept={finding.key}) as taken:
        assert taken.checkup.is_mended
        assert examine(taken.copy, clock=clock).findings == ()


def test_a_number_that_is_too_low_would_stop_the_next_save(ledger, clock):
    damage.silently(ledger, "UPDATE meta SET value = 1 WHERE key = 'commit_no'")
    with examined(ledger, clock=clock) as found:
        assert told(found.checkup) == [(Kind.NUMBER, Severity.MENDED, "meta", "commit_no")]
        with Store.open(found.copy, clock=clock) as store, store.action("存得上", kind="x"):
            store.db.execute_sql("UPDATE school SET phone = '1'")


def test_numbers_that_are_missing_are_told(ledger, clock):
    damage.silently(ledger, "UPDATE meta SET value = value + 5 WHERE key = 'commit_no'")
    assert told(looked_at(ledger, clock)) == [(Kind.NUMBER, Severity.NOTE, "meta", "commit_no")]


def test_an_action_left_half_open_is_closed(ledger, clock):
    damage.silently(ledger, "INSERT INTO current_action (one, action_id) VALUES (1, 1)")
    found = looked_at(ledger, clock)
    assert told(found) == [(Kind.NUMBER, Severity.MENDED, "current_action", "")]
    assert found.is_mended


def test_a_lost_guard_and_a_lost_index_are_made_anew_and_strange_ones_told(ledger, clock):
    connection = damage.raw(ledger)
    for statement in (
        "DROP TRIGGER period_away_insert",
        "DROP INDEX action_at",
        "CREATE TABLE somebody_elses (x)",
    ):
        connection.execute(statement)
    connection.close()
    with examined(ledger, clock=clock) as found:
        assert {(f.kind, f.severity, f.column) for f in found.checkup.findings} == {
            (Kind.SCHEMA, Severity.MENDED, "trigger period_away_insert"),
            (Kind.SCHEMA, Severity.MENDED, "index action_at"),
            (Kind.SCHEMA, Severity.NOTE, "table somebody_elses"),
        }
        assert found.checkup.is_mended
        assert (
            damage.value(found.copy, "SELECT count(*) FROM sqlite_master WHERE name = 'period_away_insert'")
            == 1
        )


def test_a_lost_table_leaves_only_the_backup(ledger, clock):
    connection = damage.raw(ledger)
    connection.execute("DROP TABLE import_template")
    connection.close()
    found = looked_at(ledger, clock)
    assert (Kind.SCHEMA, Severity.LOST, "import_template", "table import_template") in told(found)
    assert found.is_lost
    assert not found.is_mended


# ------------------------------------------------------------------------------------------------ any flipped byte

TABLES = ("child", "person", "kinship", "phone", "registration", "residence")


def cells(path):
    """Return every value of the tables that are looked at, by table, row and column."""
    found = {}
    for table in TABLES:
        columns = [row[1].decode() for row in damage.table_info(path, table)]
        for row in damage.rows(path, table):
            found.update({(table, row[0], name): value for name, value in zip(columns, row, strict=True)})
    return found


@pytest.fixture(scope="module")
def pages_and_cells(demo):
    """Where the bits are flipped, and what stands there before."""
    return [damage.leaf_pages(demo, table) for table in (*TABLES, "change")], cells(demo)


@settings(max_examples=sampled(20, 200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_bit_flips_no_record_is_changed_in_silence(demo, pages_and_cells, tmp_path, data):
    """The records, their history, their indexes: a wrong value is found, and what was mended is as it was before."""
    path = tmp_path / "one.db"
    content = bytearray(demo.read_bytes())
    pages, before = pages_and_cells
    size = damage.page_size(demo)
    # The history has most of the pages: each table is as likely, else its rows are hardly ever hit.
    page = data.draw(st.sampled_from(pages).flatmap(st.sampled_from))
    at = (page - 1) * size + data.draw(st.integers(0, size - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    with examined(path, clock=FixedClock(NOW)) as found:
        if found.checkup.is_lost:
            assert not found.checkup.is_mended
            return
        told = {
            (f.table, f.row_id, f.column) for f in found.checkup.findings if f.severity is not Severity.MENDED
        }
        after = cells(found.copy)
    wrong = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert {key for key in wrong if key not in told and (*key[:2], "") not in told} == set()


def test_a_damaged_schema_is_told_and_does_not_end_the_program(ledger, clock):
    """SQLite repeats the bad bytes in its own message, which the driver cannot read."""
    content = ledger.read_bytes()
    at = content.index(b"WHEN NEW.deleted_at IS NULL")
    ledger.write_bytes(content[:at] + b"W\xc8EN" + content[at + 4 :])
    assert check(ledger).state == "corrupt"
    found = looked_at(ledger, clock)
    assert (found.is_lost, found.is_mended) == (True, False)


@pytest.mark.parametrize("change", ["row_uuid = substr(row_uuid, 1, 35) || 'z'", "table_name = 'chilb'"])
def test_an_entry_of_the_history_that_went_astray_is_no_witness(ledger, clock, change):
    with Store.open(ledger, clock=clock) as store:
        child = load_facts(store, clock.today(), only_registered=True)[0]
        for note in ("一句话", "另一句", "第三句"):
            clock.advance(minutes=1)
            change_field(store, uuid=child.uuid, field="note", value=note)
    # Without its last entry the history says that the note is an older one, and says so twice.
    damage.silently(ledger, f"UPDATE change SET {change} WHERE seq = (SELECT max(seq) FROM change)")
    found = looked_at(ledger, clock)
    assert told(found) == [(Kind.HISTORY, Severity.NOTE, "change", "")]
    assert not found.is_mended


def test_a_row_whose_history_was_deleted_for_good_is_no_finding(ledger, clock):
    """永久删除 takes the history of rows that stay: nothing can be compared there, and nothing is wrong."""
    uuid = damage.value(ledger, "SELECT uuid FROM school").decode()
    with Store.open(ledger, clock=clock) as store, store.action("永久删除", kind="purge"):
        store.db.execute_sql("UPDATE staff SET note = 'x' WHERE id = 1")
    damage.silently(ledger, f"DELETE FROM change WHERE row_uuid = '{uuid}'")
    assert looked_at(ledger, clock).findings == ()
