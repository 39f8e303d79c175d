"""Whatever hangs on a child, in whichever room: it goes with it to the bin, comes back, moves, and is destroyed."""

import pytest

from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.children.tables import Child
from app.dossier.change_history import change_history
from app.dossier.hanging import OF_CHILD, OPENLY_TOLD, WAITING
from app.dossier.merge import HANGING
from app.dossier.purge_plan import purge_plan
from app.dossier.service_bin import move_to_bin, restore_from_bin
from app.dossier.service_merge import merge_children
from app.dossier.words import TABLES, column_words
from app.storage.history import undo
from app.storage.purging import purge_rows
from tests.app.dossier.test_merge import everything
from tests.app.storage.full_ledger import row_for

KEPT = {
    "id",
    "uuid",
    "entered_at",
    "entered_on",
    "child_id",
    "import_run_id",
    "sheet",
    "row_number",
    "column_name",
}


def insert(store, table, **given):
    values = row_for(store, table, is_full=True) | given
    names = ", ".join(f'"{name}"' for name in values)
    store.db.execute_sql(
        f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(values))})', list(values.values())
    )
    return values["uuid"]


def add(store, name):
    draft = ChildDraft(name=name, registered=False)
    add_child(store, draft=draft)
    return draft.uuid, store.one("SELECT id FROM child WHERE uuid = ?", (draft.uuid,))[0]


@pytest.fixture
def both(store):
    """Two children, each with a row in every table that hangs on a child, all referring to one another."""
    found = [add(store, name) for name in ("覃龚", "覃龚二")]
    _, other_id = add(store, "向阳")
    with store.action("每样一条", kind="test") as action:
        for table in (
            "staff",
            "school_class",
            "person",
            "supporter",
            "meeting",
            "survey",
            "import_run",
            "diary_import",
            "call_line",
            "call_import",
        ):
            action.note_written([insert(store, table)])
        for _, child_id in found:
            for model in (*OF_CHILD, *WAITING):
                table = model._meta.table_name
                given = {"child_id": child_id}
                if table == "pairing":
                    # One with a grown-up, and one in which the child itself helps another to learn.
                    helper = {"kind": "study_buddy", "supporter_id": None, "buddy_id": child_id}
                    action.note_written([insert(store, table, **(helper | {"child_id": other_id}))])
                if table in ("doubt", "parked_row", "diary_parked", "call_parked"):
                    given["resolved_at"] = given["resolution"] = None
                if table == "care_record":
                    given["follows_id"] = None
                if table == "paper_form":
                    given["code"] = f"CODE{child_id}"
                if table == "incident":
                    given["number"] = f"2026-{child_id}"
                for column, parent in store.rows(
                    'SELECT "from", "table" FROM pragma_foreign_key_list(?)', (table,)
                ):
                    row = "child_id" in {name for _, name, *_ in store.rows(f'PRAGMA table_info("{parent}")')}
                    if row and parent != table:
                        (given[column],) = store.one(
                            f'SELECT max(id) FROM "{parent}" WHERE child_id = ?', (child_id,)
                        )
                action.note_written([insert(store, table, **given)])
    return found


def rows(store, model, child_id, *, live=True):
    condition = "deleted_at IS NULL" if live else "1 = 1"
    return store.rows(
        f"SELECT uuid FROM {model._meta.table_name} WHERE child_id = ? AND {condition}", (child_id,)
    )


def test_every_table_of_the_schema_that_names_a_child_is_known(store):
    tables = {
        table
        for (table,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if "child_id" in {row[1] for row in store.rows(f'PRAGMA table_info("{table}")')}
    }
    assert tables == {model._meta.table_name for model in HANGING}


@pytest.mark.parametrize("model", OF_CHILD, ids=lambda model: model._meta.table_name)
def test_every_table_and_column_has_its_word(model):
    table = model._meta.table_name
    assert TABLES[table]
    for field in model._meta.sorted_fields:
        if field.column_name not in KEPT:
            assert field.column_name == "person_id" or column_words(table, field.column_name)


def test_all_of_it_goes_to_the_bin_and_comes_back(store, both):
    before = everything(store)
    (uuid, child_id), _ = both
    move_to_bin(store, uuids=[uuid])
    assert [model._meta.table_name for model in OF_CHILD if rows(store, model, child_id)] == []
    restore_from_bin(store, uuids=[uuid])
    assert everything(store) == before


def test_all_of_it_moves_in_a_merge_and_undo_gives_back_exactly_what_was(store, both):
    before = everything(store)
    (keep, keep_id), (drop, drop_id) = both
    result = merge_children(store, keep_uuid=keep, drop_uuid=drop)
    assert {model._meta.table_name: rows(store, model, drop_id, live=False) for model in HANGING} == {
        model._meta.table_name: [] for model in HANGING
    }
    for model in HANGING:
        assert len(rows(store, model, keep_id, live=False)) == 2, model
    # Its measures, stages and checks belong to the plan that stands now.
    assert store.one("SELECT count(DISTINCT help_plan_id) FROM help_measure") == (1,)
    assert store.one("SELECT count(*) FROM help_plan WHERE deleted_at IS NULL") == (1,)
    assert store.rows("SELECT buddy_id FROM pairing WHERE buddy_id IS NOT NULL") == [(keep_id,), (keep_id,)]
    undo(store, result.changes.action_uuid, by=None)
    assert everything(store) == before


def test_a_child_that_was_its_own_study_buddy_is_so_no_more(store, both):
    (keep, keep_id), (drop, drop_id) = both
    with store.action("结对", kind="test") as action:
        uuid = insert(
            store, "pairing", child_id=keep_id, kind="study_buddy", supporter_id=None, buddy_id=drop_id,
            valid_from="2026-09", valid_to=None,
        )  # fmt: skip
        action.note_written([uuid])
    before = everything(store)
    result = merge_children(store, keep_uuid=keep, drop_uuid=drop)
    assert store.one("SELECT deleted_at IS NULL FROM pairing WHERE uuid = ?", (uuid,)) == (0,)
    undo(store, result.changes.action_uuid, by=None)
    assert everything(store) == before


def test_all_of_it_is_destroyed_in_an_order_that_can_be_kept(store, both):
    (uuid, child_id), _ = both
    with store.action("跟进", kind="test") as action:
        first = store.one("SELECT id FROM care_record WHERE child_id = ?", (child_id,))[0]
        second = insert(store, "care_record", child_id=child_id, follows_id=first)
        attachment = store.one("SELECT uuid FROM attachment WHERE child_id = ?", (child_id,))[0]
        content = insert(store, "attachment_content", attachment_uuid=attachment)
        action.note_written([second, content])
        # Typed in the wrong order: the earlier row follows the later one up.
        store.db.execute_sql("UPDATE care_record SET follows_id = NULL WHERE uuid = ?", (second,))
        later = store.one("SELECT id FROM care_record WHERE uuid = ?", (second,))[0]
        store.db.execute_sql("UPDATE care_record SET follows_id = ? WHERE id = ?", (later, first))
    move_to_bin(store, uuids=[uuid])
    plan = purge_plan(store, [uuid])
    with store.action("永久删除", kind="purge") as action:
        purge_rows(store.db, action, rows=plan.rows, words=plan.words)
    assert [model._meta.table_name for model in OF_CHILD if rows(store, model, child_id, live=False)] == []
    assert store.rows("SELECT 1 FROM pairing WHERE buddy_id = ?", (child_id,)) == []
    assert store.rows("SELECT 1 FROM attachment_content") == []
    assert store.rows("PRAGMA foreign_key_check") == []
    assert store.one("SELECT count(*) FROM child WHERE id = ?", (child_id,)) == (0,)


def test_the_history_tells_all_of_it_in_words(store, both):
    (uuid, _), _ = both
    lines = change_history(store, uuid)
    told = {line.table for line in lines}
    assert told >= {model._meta.table_name for model in OPENLY_TOLD}
    assert told.isdisjoint({"counselling", "incident", "incident_report", "individual_plan"})
    for line in lines:
        assert "None" not in line.after
        assert "_id" not in f"{line.what}{line.after}"
    assert Child._meta.table_name in {line.table for line in lines}
