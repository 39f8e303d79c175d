"""The history, undo of single actions, the recycle bin."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import ShouwangError, UserError
from app.school.tables import School
from app.storage.history import actions, history_tables, recycle_bin, row_history, undo
from app.storage.in_the_way import standing_in_the_way
from app.storage.store import Store
from app.storage.table_words import WORDS

from .conftest import Away, Child, Kinship, Person, Staff


def content(store: Store) -> dict[str, list[tuple]]:
    """Return every row of every table that has a history, exactly."""
    return {table: store.rows(f'SELECT * FROM "{table}" ORDER BY id') for table in history_tables(store)}


def add_child(store: Store, name: str = "林小满"):
    with store.action("添加一名儿童", kind="child.add", by="周老师") as action:
        child = action.insert(Child, name=name)
        mother = action.insert(Person, name="母亲")
        action.insert(Kinship, child_id=child, person_id=mother, relation="mother")
        action.insert(Away, person_id=mother, state="out", place="东莞", valid_from="2026-02")
    return action, child, mother


# ------------------------------------------------------------------------------------------------- what is recorded


def test_every_table_with_a_history_has_three_triggers_and_a_word(store):
    with_uuid = {
        table
        for (table,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if any(row[1] == "uuid" for row in store.rows(f'PRAGMA table_info("{table}")'))
    }
    outside = {"action", "import_file", "attachment_content"}
    assert set(history_tables(store)) == with_uuid - outside
    for table in history_tables(store):
        for operation in ("insert", "update", "delete"):
            found = store.one(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?",
                (f"history_{table}_{operation}",),
            )
            assert found is not None, (table, operation)
        assert table in WORDS


def test_the_images_hold_every_column(store):
    for table in history_tables(store):
        columns = {row[1] for row in store.rows(f'PRAGMA table_info("{table}")')}
        (sql,) = store.one("SELECT sql FROM sqlite_master WHERE name = ?", (f"history_{table}_update",))
        for column in columns:
            assert f"'{column}', OLD.\"{column}\"" in sql
            assert f"'{column}', NEW.\"{column}\"" in sql
            assert f'OLD."{column}" IS NOT NEW."{column}"' in sql


def test_no_write_goes_around_the_history(store):
    with store.action("添加", kind="x") as action:
        key = action.insert(Staff, name="周老师")
    for sql in (
        "INSERT INTO staff (uuid, entered_at, name) VALUES ('u', '2026-11-21T09:00:00', '甲')",
        "UPDATE staff SET name = '乙'",
        "DELETE FROM staff",
    ):
        with pytest.raises(Exception, match=r"change\.action_id"):
            store.db.execute_sql(sql)
    assert store.rows("SELECT id, name FROM staff") == [(int(key), "周老师")]


def test_row_history_says_who_when_and_what(store, clock):
    action, child, _ = add_child(store)
    clock.advance(days=1)
    with store.action("改名字", kind="child.edit", by="陈校长") as second:
        second.update(Child, child, name="林晓满", note="改过名")
    history = row_history(store, "child", child.uuid)
    assert [(line.field, line.before, line.after) for line in history if line.field == "name"] == [
        ("name", None, "林小满"),
        ("name", "林小满", "林晓满"),
    ]
    last = history[-1]
    assert (last.when, last.who, last.field, last.after) == (
        "2026-11-22T09:00:00",
        "陈校长",
        "note",
        "改过名",
    )
    assert {line.action_uuid for line in history} == {action.uuid, second.uuid}
    assert not {"id", "uuid", "entered_at"} & {line.field for line in history}


def test_actions_come_newest_first_and_by_day(store, clock):
    first, *_ = add_child(store)
    clock.advance(days=1)
    second, *_ = add_child(store, "林小寒")
    assert [line.uuid for line in actions(store)] == [second.uuid, first.uuid]
    (line,) = actions(store, day=clock.today())
    assert (line.uuid, line.who, line.words, line.commit_no, line.changes, line.is_undone) == (
        second.uuid,
        "周老师",
        "添加一名儿童",
        2,
        4,
        False,
    )
    assert len(actions(store, limit=1)) == 1


# ------------------------------------------------------------------------------------------------- undo


def test_undo_and_undo_of_the_undo(store):
    empty = content(store)
    action, child, _ = add_child(store)
    full = content(store)
    result = undo(store, action.uuid, by="周老师")
    assert content(store) == empty
    assert result.kept == ()
    assert result.changes.words == "撤销：添加一名儿童"
    assert child.uuid in result.changes.uuids
    assert actions(store)[1].is_undone

    with pytest.raises(UserError) as refused:
        undo(store, action.uuid, by=None)
    assert refused.value.key == "undo.already"

    again = undo(store, result.changes.action_uuid, by="周老师")
    assert content(store) == full
    assert again.changes.words == "取消撤销：添加一名儿童"
    assert [line.is_undone for line in actions(store)] == [False, True, False]

    third = undo(store, again.changes.action_uuid, by=None)
    assert third.changes.words == "撤销：添加一名儿童"
    assert content(store) == empty
    assert [line.is_undone for line in actions(store)] == [False, True, False, True]


def test_the_history_of_a_row_survives_its_undo(store, clock):
    action, child, _ = add_child(store)
    clock.advance(minutes=1)
    undone = undo(store, action.uuid, by=None)
    gone = [(line.field, line.after) for line in row_history(store, "child", child.uuid)]
    assert ("name", "林小满") in gone
    assert ("name", None) in gone
    clock.advance(minutes=1)
    undo(store, undone.changes.action_uuid, by=None)
    assert [line.after for line in row_history(store, "child", child.uuid) if line.field == "name"] == [
        "林小满",
        None,
        "林小满",
    ]


def test_undo_is_refused_when_the_row_was_changed_since(store):
    action, child, _ = add_child(store)
    with store.action("改备注", kind="child.edit") as later:
        later.update(Child, child, note="新备注")
    before = content(store)
    with pytest.raises(UserError) as refused:
        undo(store, action.uuid, by=None)
    assert refused.value.key == "undo.changed_since"
    assert "改备注" in str(refused.value)
    assert "儿童" in str(refused.value)
    assert content(store) == before
    assert store.commit_no == 2

    undo(store, later.uuid, by=None)
    undo(store, action.uuid, by=None)
    assert store.rows("SELECT 1 FROM child") == []


def test_undo_is_refused_when_later_rows_stand_on_it(store):
    action, child, _ = add_child(store)
    with store.action("添加父亲", kind="family.add") as later:
        father = later.insert(Person, name="父亲")
        later.insert(Kinship, child_id=child, person_id=father, relation="father")
    with pytest.raises(UserError) as refused:
        undo(store, action.uuid, by=None)
    assert refused.value.key == "undo.used_since"
    undo(store, later.uuid, by=None)
    undo(store, action.uuid, by=None)


def test_undo_is_refused_when_something_took_the_place(store):
    with store.action("添加", kind="x") as first:
        person = first.insert(Person, name="甲")
        out = first.insert(Away, person_id=person, state="out", valid_from="2025")
    with store.action("移到回收站", kind="x") as removed:
        removed.soft_delete(Away, out)
    with store.action("另记一段", kind="x") as later:
        later.insert(Away, person_id=person, state="home", valid_from="2025")
    with pytest.raises(UserError) as refused:
        undo(store, removed.uuid, by=None)
    assert refused.value.key == "undo.in_the_way"
    assert "「另记一段」" in refused.value.what
    assert standing_in_the_way(store, removed.uuid).action_uuid == later.uuid
    undo(store, later.uuid, by=None)
    undo(store, removed.uuid, by=None)


def test_what_is_not_known_is_in_nobodys_way(store):
    """Two children may both be without a registry number: not those are in the way, but who has the same ID number."""
    number = "12300020160101001X"
    with store.action("添加", kind="x") as first:
        child = first.insert(Child, name="甲", id_number=number)
    with store.action("移到回收站", kind="x") as removed:
        removed.soft_delete(Child, child)
    with store.action("同一号码又登记", kind="x") as later:
        later.insert(Child, name="甲", id_number=number)
    with store.action("别的孩子", kind="x") as other:
        other.insert(Child, name="乙")
    assert standing_in_the_way(store, removed.uuid).action_uuid == later.uuid
    with pytest.raises(UserError) as refused:
        undo(store, removed.uuid, by=None)
    assert "「同一号码又登记」" in refused.value.what
    undo(store, later.uuid, by=None)
    assert standing_in_the_way(store, removed.uuid) is None


def test_where_there_may_be_one_row_only_the_other_one_is_in_the_way(store):
    with store.action("建校", kind="x") as first:
        school = first.insert(School, name="甲小学", kind="primary")
    with store.action("移到回收站", kind="x") as removed:
        removed.soft_delete(School, school)
    assert standing_in_the_way(store, removed.uuid) is None
    with store.action("另建一所", kind="x") as later:
        later.insert(School, name="乙小学", kind="primary")
    assert standing_in_the_way(store, removed.uuid).action_uuid == later.uuid


def test_a_period_that_has_ended_is_not_in_the_way_of_a_later_one(store):
    with store.action("添加", kind="x") as first:
        person = first.insert(Person, name="甲")
        first.insert(Away, person_id=person, state="home", valid_from="2023", valid_to="2024")
        out = first.insert(Away, person_id=person, state="out", valid_from="2025")
    with store.action("移到回收站", kind="x") as removed:
        removed.soft_delete(Away, out)
    assert standing_in_the_way(store, removed.uuid) is None


def test_a_row_changed_and_changed_back_is_no_obstacle(store):
    action, child, _ = add_child(store)
    for note in ("一", None):
        with store.action("改备注", kind="child.edit") as later:
            later.update(Child, child, note=note)
    undo(store, action.uuid, by=None)
    assert store.rows("SELECT 1 FROM child") == []


def test_an_unknown_action_and_the_handover_log(store):
    with pytest.raises(UserError) as refused:
        undo(store, "nobody", by=None)
    assert refused.value.key == "undo.unknown"
    with store.action("导出台账", kind="export") as action:
        store.db.execute_sql(
            "INSERT INTO handover (uuid, entered_at, happened_at, kind, content, people, data_commit_no)"
            " VALUES ('h', '2026-11-21T09:00:00', '2026-11-21T09:00:00', 'export', '台账', 3, 0)"
        )
    with pytest.raises(UserError) as refused:
        undo(store, action.uuid, by=None)
    assert refused.value.key == "undo.stays"


# ------------------------------------------------------------------------------------------------- import


def import_two(store: Store):
    with store.action("导入名册", kind="import") as action:
        keys = []
        for name in ("甲", "乙"):
            child = action.insert(Child, name=name)
            parent = action.insert(Person, name=f"{name}父")
            action.insert(Kinship, child_id=child, person_id=parent, relation="father")
            away = action.insert(Away, person_id=parent, state="out", place="东莞")
            keys.append((child, parent, away))
    return action, keys


def test_undoing_an_import_keeps_the_child_that_was_edited_whole(store):
    action, ((one, _, away), (two, *_)) = import_two(store)
    with store.action("改务工地", kind="child.edit") as later:
        later.update(Away, away, place="佛山")
    result = undo(store, action.uuid, by=None)
    assert store.rows("SELECT uuid FROM child") == [(one.uuid,)]
    assert [len(store.rows(f"SELECT 1 FROM {table}")) for table in ("person", "kinship", "away")] == [1, 1, 1]
    reasons = {(row.table, row.row_uuid): row.reason for row in result.kept}
    assert len(reasons) == 4
    assert "改务工地" in reasons["away", away.uuid]
    assert reasons["child", one.uuid] == "和留下的记录是一起的"
    assert two.uuid in result.changes.uuids
    assert one.uuid not in result.changes.uuids
    # And the undo can be taken back.
    undo(store, result.changes.action_uuid, by=None)
    assert len(store.rows("SELECT 1 FROM child")) == 2


def test_undoing_an_import_keeps_what_later_records_use(store):
    action, ((one, *_), (two, *_)) = import_two(store)
    with store.action("添加母亲", kind="family.add") as later:
        mother = later.insert(Person, name="母")
        later.insert(Kinship, child_id=two, person_id=mother, relation="mother")
    result = undo(store, action.uuid, by=None)
    assert store.rows("SELECT uuid FROM child") == [(two.uuid,)]
    assert ("child", two.uuid, "后来的记录用到了它") in {
        (row.table, row.row_uuid, row.reason) for row in result.kept
    }
    assert one.uuid in result.changes.uuids


def test_undoing_a_second_import_gives_back_the_former_values(store):
    _, ((one, parent, away), _) = import_two(store)
    before = content(store)
    with store.action("再次导入", kind="import") as second:
        second.update(Child, one, note="新")
        second.update(Away, away, valid_to="2026-11-21")
        second.insert(Away, person_id=parent, state="home", valid_from="2026-11-21")
    undo(store, second.uuid, by=None)
    assert content(store) == before


def test_undoing_an_import_that_meets_something_in_the_way_lists_it(store):
    _, ((_, parent, away), (two, *_)) = import_two(store)
    with store.action("再次导入", kind="import") as second:
        second.update(Away, away, valid_to="2026-03")
        second.update(Child, two, note="新")
    with store.action("回家", kind="x") as later:
        later.insert(Away, person_id=parent, state="home", valid_from="2026-03")
    result = undo(store, second.uuid, by=None)
    assert [(row.table, row.row_uuid, row.reason) for row in result.kept] == [
        ("away", away.uuid, "现在的记录挡住了原来的内容")
    ]
    assert store.rows("SELECT note FROM child WHERE id = ?", (two,)) == [(None,)]
    assert store.rows("SELECT valid_to FROM away WHERE id = ?", (away,)) == [("2026-03",)]


def test_undoing_an_import_of_which_everything_was_touched_is_refused(store):
    with store.action("导入名册", kind="import") as action:
        key = action.insert(Staff, name="甲")
    with store.action("改名", kind="x") as later:
        later.update(Staff, key, name="乙")
    with pytest.raises(UserError) as refused:
        undo(store, action.uuid, by=None)
    assert refused.value.key == "undo.changed_since"
    assert not actions(store)[-1].is_undone


# ------------------------------------------------------------------------------------------------- recycle bin


def test_recycle_bin(store, clock):
    _, child, _ = add_child(store)
    assert recycle_bin(store) == []
    clock.advance(hours=1)
    with store.action("移到回收站：一名儿童", kind="child.bin", by="周老师") as action:
        assert action.soft_delete(Child, child)
        assert not action.soft_delete(Child, child)
        action.soft_delete(Kinship, store.one("SELECT id FROM kinship")[0])
    rows = recycle_bin(store)
    assert {(row.table, row.uuid) for row in rows} >= {("child", child.uuid)}
    assert {(row.action_uuid, row.deleted_at, row.who, row.words) for row in rows} == {
        (action.uuid, "2026-11-21T10:00:00", "周老师", "移到回收站：一名儿童")
    }
    undo(store, action.uuid, by=None)
    assert recycle_bin(store) == []
    with store.action("删", kind="x") as again:
        again.soft_delete(Child, child.uuid)
    with store.action("恢复", kind="x") as back:
        assert back.restore(Child, child)
        assert not back.restore(Child, child)
    assert recycle_bin(store) == []


# ------------------------------------------------------------------------------------------------- any sequence

_STEPS = st.lists(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 30), st.sampled_from(["甲", "乙", "", "丙丁\n戊", "𬭎"])),
        min_size=1,
        max_size=5,
    ),
    min_size=1,
    max_size=8,
)


def play(store: Store, action, steps) -> None:
    """Write something for each step; what the tables refuse is left out, as a form would."""
    for kind, number, text in steps:
        people = [row[0] for row in store.rows("SELECT id FROM person WHERE deleted_at IS NULL ORDER BY id")]
        person = people[number % len(people)] if people else None
        store.db.execute_sql("SAVEPOINT step")
        try:
            if kind == 0 or person is None:
                action.insert(Person, name=text, note=None)
            elif kind == 1:
                action.update(Person, person, name=text)
            elif kind == 2:
                action.insert(Away, person_id=person, state="out", place=text, valid_from=str(2000 + number))
            elif kind == 3:
                row = store.one("SELECT id FROM away WHERE person_id = ? AND valid_to IS NULL", (person,))
                if row is not None:
                    action.update(Away, row[0], valid_to=str(2031 + number), place=text)
            elif kind == 4:
                action.soft_delete(Person, person)
            else:
                binned = store.one("SELECT id FROM person WHERE deleted_at IS NOT NULL")
                if binned is not None:
                    action.restore(Person, binned[0])
        except ShouwangError:
            store.db.execute_sql("ROLLBACK TO step")
        store.db.execute_sql("RELEASE step")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=_STEPS)
def test_undoing_every_action_in_reverse_gives_exactly_the_former_rows(store, clock, plan):
    start = content(store)
    states, done = [start], []
    for steps in plan:
        clock.advance(minutes=1)
        number = store.commit_no
        with store.action("一步", kind="test") as action:
            play(store, action, steps)
        if store.commit_no > number:
            done.append(action.uuid)
            states.append(content(store))
    undos = []
    for uuid in reversed(done):
        assert content(store) == states.pop()
        undos.append(undo(store, uuid, by=None).changes.action_uuid)
    assert content(store) == start
    numbers = [number for (number,) in store.rows("SELECT commit_no FROM action ORDER BY id")]
    assert numbers == list(range(1, len(numbers) + 1))
    for image in store.rows("SELECT before_json, after_json FROM change ORDER BY seq DESC LIMIT 20"):
        assert all(json.loads(text) for text in image if text is not None)
    for uuid in reversed(undos):
        undo(store, uuid, by=None)
    for uuid in reversed(done):
        undo(store, uuid, by=None)
    assert content(store) == start
