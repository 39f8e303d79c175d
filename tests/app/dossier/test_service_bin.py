"""The recycle bin: what goes together comes back together, and only that."""

import pytest

from app.children.codes import CareKind, Category, Relation
from app.children.drafts import ChildDraft, PersonDraft
from app.children.queries import load_child
from app.children.service import add_child, change_field
from app.children.service_care import flag_category, set_care
from app.children.service_facts import record_fact, remove_fact
from app.children.service_family import add_phone, change_phone
from app.children.tables import Phone
from app.core.errors import UserError
from app.dossier.service_bin import (
    bin_preview,
    binned_children,
    move_to_bin,
    record_preview,
    restore_from_bin,
    restore_records,
)
from app.dossier.service_merge import merge_children
from app.tasks.recycle_bin import bin_entries
from tests.app.children.builders import DAY

MUM = PersonDraft(relation=Relation.MOTHER, name="向桂香", phones=("15900000380",))


def add(store, name, *people, **known):
    draft = ChildDraft(name=name, people=people, **known)
    add_child(store, draft=draft)
    return draft.uuid


def read(store, uuid):
    return load_child(store, uuid, DAY)


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


def _board(store, uuid):
    return record_fact(store, table="boarding", subject_uuid=uuid, values={"boards": True}, since=None)


def _boarding(store):
    return store.rows("SELECT uuid FROM boarding")[0][0]


def test_a_record_that_lay_there_before_its_child_stays_there(store):
    kid = add(store, "张伟", MUM)
    _board(store, kid)
    flag_category(store, child_uuid=kid, category=Category.ORPHAN, since="2026-03")
    removed = remove_fact(store, table="boarding", row_uuid=_boarding(store))
    counted = bin_preview(store, [kid])
    assert "寄宿" not in dict(counted.counts)
    moved = move_to_bin(store, uuids=[kid])  # in the same second, by the test's clock
    (entry,) = [one for one in bin_entries(store) if one.is_child]
    assert entry.records == counted.records
    restore_from_bin(store, uuids=[kid])
    child = read(store, kid)
    assert child.boards is None
    assert [flag.category for flag in child.categories] == [Category.ORPHAN]
    assert [one.uuid for one in bin_entries(store)] == [removed.action_uuid]
    assert moved.action_uuid not in {one.uuid for one in bin_entries(store)}


def test_a_child_that_went_twice_comes_back_with_what_went_last(store):
    kid = add(store, "张伟")
    _board(store, kid)
    move_to_bin(store, uuids=[kid])
    restore_from_bin(store, uuids=[kid])
    remove_fact(store, table="boarding", row_uuid=_boarding(store))
    move_to_bin(store, uuids=[kid])
    assert [child.records for child in binned_children(store)] == [1]  # on the ledger
    restore_from_bin(store, uuids=[kid])
    assert read(store, kid).boards is None


def test_a_record_comes_back_whatever_was_written_elsewhere_since(store):
    kid = add(store, "张伟")
    _board(store, kid)
    removed = remove_fact(store, table="boarding", row_uuid=_boarding(store))
    change_field(store, uuid=kid, field="note", value="后来写的")
    changes = restore_records(store, action_uuid=removed.action_uuid)
    assert read(store, kid).boards is True
    assert kid in changes.uuids
    assert not bin_entries(store)


def test_a_record_does_not_come_back_under_a_child_in_the_bin(store):
    kid = add(store, "张伟")
    _board(store, kid)
    removed = remove_fact(store, table="boarding", row_uuid=_boarding(store))
    move_to_bin(store, uuids=[kid])
    with refused("bin.of_binned"):
        restore_records(store, action_uuid=removed.action_uuid)
    with refused("undo.unknown"):
        restore_records(store, action_uuid="nothing")


def test_a_record_does_not_come_back_where_another_stands_now(store):
    kid = add(store, "张伟")
    _board(store, kid)
    removed = remove_fact(store, table="boarding", row_uuid=_boarding(store))
    record_fact(store, table="boarding", subject_uuid=kid, values={"boards": False}, since=None)
    with refused("storage.overlap"):
        restore_records(store, action_uuid=removed.action_uuid)
    assert read(store, kid).boards is False


def test_a_number_that_was_replaced_comes_back_by_undoing_the_replacement(store):
    kid = add(store, "张伟", MUM)
    mother = read(store, kid).mother.uuid
    add_phone(store, person_uuid=mother, number="13900000000")
    (row,) = store.rows("SELECT uuid FROM phone WHERE number = '13900000000'")
    today = store.clock.today().isoformat()
    with store.action("改起始", kind="test") as action:
        action.update(Phone, row[0], valid_from=today)
    changed = change_phone(store, phone_uuid=row[0], number="13700000000")
    restore_records(store, action_uuid=changed.action_uuid)
    numbers = {phone.number for phone in read(store, kid).mother.phones}
    assert numbers == {"15900000380", "13900000000"}


def test_a_merged_child_is_parted_only_by_undoing_the_merge(store):
    keep, drop = add(store, "张伟"), add(store, "张炜")
    _board(store, drop)
    record_fact(store, table="boarding", subject_uuid=keep, values={"boards": False}, since=None)
    merged = merge_children(store, keep_uuid=keep, drop_uuid=drop).changes
    (entry,) = bin_entries(store)
    assert entry.merged == merged.action_uuid
    assert "已并到「张伟」" in entry.detail
    with refused("bin.merged"):
        restore_from_bin(store, uuids=[drop])
    assert read(store, keep).boards is False


def test_nobody_and_the_unknown_are_refused(store):
    for key, call in (
        ("child.nobody", lambda: move_to_bin(store, uuids=[])),
        ("child.unknown", lambda: move_to_bin(store, uuids=["nothing"])),
        ("child.not_binned", lambda: restore_from_bin(store, uuids=["nothing"])),
    ):
        with refused(key):
            call()


def test_of_a_single_record_is_said_what_holds_again_and_what_stays(store):
    kid = add(store, "张伟", MUM)
    for village, since in (("石桥村", "2024"), ("白水沟村", "2025")):
        values = {"address": None, "village": village, "village_group": None}
        record_fact(store, table="residence", subject_uuid=kid, values=values, since=since)
    seen = record_preview(store, "residence", read(store, kid).residence.uuid)
    assert "白水沟村" in seen.lines[0]
    assert "石桥村" in seen.reopens
    mother = read(store, kid).mother
    set_care(store, child_uuid=kid, kind=CareKind.ONE_PARENT, person_uuid=mother.uuid, since=None)
    assert ("监护照护", 1) in record_preview(store, "kinship", mother.kinship.uuid).stays
    with refused("fact.unknown"):
        record_preview(store, "residence", "nothing")
