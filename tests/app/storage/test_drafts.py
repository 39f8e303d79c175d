"""Drafts on the disk: two folders, whole files only, nothing for the town, gone with their record."""

from __future__ import annotations

import errno
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.core.errors import EnvironmentFault
from app.core.paths import private_folder
from app.storage import drafts as module
from app.storage.drafts import Draft, DraftBox, Entry, RecordState, Source, box_of, offers, purge
from tests.app.storage.conftest import Away, Child, Person

LEDGER = "6f9d6c1e-0000-4000-8000-000000000001"
NAME = "覃龑"
ID_NUMBER = "500000201703080000"


@pytest.fixture
def folders(tmp_path) -> tuple[Path, Path]:
    return tmp_path / "private" / LEDGER, tmp_path / "备份" / "草稿" / LEDGER


@pytest.fixture
def box(folders) -> DraftBox:
    return DraftBox(LEDGER, folders)


def entry(name="note", value="转到县城", **more) -> Entry:
    return Entry(name, "说明", value, str(value), **more)


def draft(record="child-1", *entries, **more) -> Draft:
    known = {"form": "child.leave", "version": 1, "words": f"{NAME} 退出台账", "at": "2026-11-21T10:42:00"}
    return Draft(**(known | more), record=record, entries=entries or (entry(),))


def kept(box):
    return box.read().drafts


# ---- kept and read


def test_what_is_kept_is_read_back_and_the_later_state_counts(box):
    box.keep(draft())
    box.keep(draft("child-1", entry(value="转到县城第二小学")))
    box.keep(draft("child-2"))
    assert [one.entries[0].value for one in kept(box) if one.record == "child-1"] == ["转到县城第二小学"]
    assert len(kept(box)) == 2
    box.remove(draft().key)
    assert [one.record for one in kept(box)] == ["child-2"]


json_values = st.none() | st.booleans() | st.integers() | st.text()


@given(values=st.lists(json_values, min_size=1, max_size=4), words=st.text(), who=st.none() | st.text())
def test_any_text_survives_but_half_a_character(tmp_path_factory, values, words, who):
    box = DraftBox(LEDGER, (tmp_path_factory.mktemp("drafts"),))
    entries = tuple(
        Entry(str(place), "", value, words, source=Source("child", "u", "note"), options=((value, words),))
        for place, value in enumerate(values)
    )
    written = draft("r", *entries, who=who, how={"a": values[0]}, rows=(("child", "u"),))
    box.keep(written)
    assert kept(box) == (replace(written, turn=1),)


def test_two_openings_of_one_form_do_not_write_over_each_other(box):
    box.keep(draft(copy="a"))
    box.keep(draft(copy="b"))
    assert len(kept(box)) == 2


def test_names_of_files_say_nothing_and_nobody_else_reads_them(box, folders):
    box.keep(draft())
    (path,) = folders[0].iterdir()
    assert NAME not in path.name
    assert "child" not in path.name
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_draft_of_another_ledger_is_none_of_ours(box, folders):
    box.keep(draft())
    found = DraftBox("another", folders).read()
    assert (found.drafts, found.unreadable) == ((), 1)


def test_old_ones_are_listed_and_never_thrown_away_by_age(box):
    box.keep(draft(at="2026-08-01T09:00:00"))
    box.keep(draft("child-2"))
    assert [one.record for one in kept(box)] == ["child-2", "child-1"], "the latest first"


# ---- disks that do not take it


def full(*refused):
    def write(path):
        if path.parent in refused:
            raise EnvironmentFault("file.full", "满了")
        return real(path)

    real = module.atomic_write
    return write


def test_a_full_disk_sends_the_draft_beside_the_backups(box, folders, monkeypatch):
    box.keep(draft())
    monkeypatch.setattr(module, "atomic_write", full(folders[0]))
    later = draft("child-1", entry(value="后来写的"))
    assert box.keep(later) == folders[1]
    assert list(folders[0].iterdir()) == [], "the older state is not offered beside the newer one"
    assert [one.entries[0].value for one in kept(box)] == ["后来写的"]


def test_of_two_states_the_later_counts_whatever_the_clock_says(folders):
    both = [DraftBox(LEDGER, (folder,)) for folder in folders]
    both[0].keep(draft(at="2026-11-21T12:00:00"))
    both[1].keep(draft(at="2026-11-21T12:00:00"))
    both[1].keep(draft("child-1", entry(value="后来写的"), at="2020-01-01T00:00:00"))
    assert [one.entries[0].value for one in kept(DraftBox(LEDGER, folders))] == ["后来写的"]


def test_no_disk_at_all_is_said(box, folders, monkeypatch):
    monkeypatch.setattr(module, "atomic_write", full(*folders))
    with pytest.raises(EnvironmentFault) as told:
        box.keep(draft())
    assert told.value.key == "drafts.not_kept"
    assert box.read().drafts == ()


def test_a_folder_that_cannot_be_made_is_passed_over(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    second = tmp_path / "second"
    assert DraftBox(LEDGER, (tmp_path / "file" / "drafts", second)).keep(draft()) == second


@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
def test_killed_or_failing_at_any_step_leaves_the_old_or_the_new_state(box, folders, monkeypatch, step):
    """Where the disk gives up during the writing, what was kept before is still whole."""
    box.keep(draft())

    def fails(*_args, **_values):
        raise OSError(errno.EIO, "I/O")

    with monkeypatch.context() as patch:
        if step == "open":
            patch.setattr(Path, "open", fails)
        elif step == "replace":
            patch.setattr(Path, "replace", fails)
        else:
            patch.setattr(os, "fsync", fails)
        with pytest.raises(EnvironmentFault):
            box.keep(draft("child-1", entry(value="后来写的")))
    assert [one.entries[0].value for one in kept(box)] == ["转到县城"]
    box.clean()
    assert not list(folders[0].glob("*.part"))


# ---- damaged files


def test_a_changed_byte_is_noticed_counted_and_left_alone(box, folders):
    box.keep(draft())
    box.keep(draft("child-2"))
    path = min(folders[0].iterdir())
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    path.write_bytes(content)
    found = box.read()
    assert (len(found.drafts), found.unreadable) == (1, 1)
    assert path.read_bytes() == bytes(content)


@pytest.mark.parametrize("content", [b"", b"\n", b"{}", b"x" * 64 + b"\n{}", b"\x00" * 500])
def test_what_is_no_draft_is_none(box, folders, content):
    folders[0].mkdir(parents=True)
    (folders[0] / "x.draft").write_bytes(content)
    assert box.read() == module.Found((), 1)


def test_what_a_power_cut_left_half_written_goes_at_the_start(store, folders):
    folders[0].mkdir(parents=True)
    (folders[0] / "x.draft.part").write_bytes(b"half")
    module.first_offers(store, DraftBox(LEDGER, folders))
    assert list(folders[0].iterdir()) == []


# ---- the ledger beside it


@pytest.fixture
def child(store):
    with store.action("登记", kind="child.add") as action:
        return action.insert(Child, name=NAME, note="原来的备注")


def child_draft(uuid, *entries):
    return draft(uuid, *entries, rows=(("child", uuid),))


def test_both_sides_are_shown_also_when_the_ledger_has_moved_on(store, box, child):
    source = Source("child", child.uuid, "note")
    box.keep(child_draft(child.uuid, entry(was="原来的备注", was_words="原来的备注", source=source)))
    (one,), unreadable = offers(store, box)
    assert (one.state, one.now, unreadable) == (RecordState.HERE, {"note": "原来的备注"}, 0)
    with store.action("改", kind="child.edit") as action:
        action.update(Child, child, note="别人改过")
    (one,), _ = offers(store, box)
    assert one.now == {"note": "别人改过"}


def test_codes_and_links_are_said_in_words(store, box):
    with store.action("登记", kind="child.add") as action:
        person = action.insert(Person, name="田秀莲")
        away = action.insert(Away, person_id=person, state="out", place="福建")
    entries = (
        Entry(
            "state", "现在", "home", "在家", "unknown", "不清楚",
            Source("away", away.uuid, "state"), (("out", "外出"), ("home", "在家")),
        ),
        Entry(
            "person_uuid", "谁", None, "未采集", None, "未采集",
            Source("away", away.uuid, "person_uuid"), ((person.uuid, "奶奶 田秀莲"),),
        ),
        Entry("place", "地方", "x", "x", None, "", Source("away", away.uuid, "no_such_column")),
        Entry("table", "表", "x", "x", None, "", Source('away" --', away.uuid, "place")),
    )  # fmt: skip
    box.keep(draft("r", *entries, rows=(("away", away.uuid),)))
    (one,), _ = offers(store, box)
    assert one.now == {"state": "外出", "person_uuid": "奶奶 田秀莲", "place": "", "table": ""}


def test_of_a_record_in_the_bin_nothing_is_offered_until_it_is_back(store, box, child):
    box.keep(child_draft(child.uuid))
    with store.action("移到回收站", kind="child.bin") as action:
        action.soft_delete(Child, child)
    assert offers(store, box) == ((), 0)
    assert len(kept(box)) == 1, "it stays until the record is gone for good"
    with store.action("取回", kind="child.restore") as action:
        action.restore(Child, child)
    assert len(offers(store, box)[0]) == 1


def test_a_record_that_is_gone_is_said(store, box):
    box.keep(child_draft("no-such-child"))
    assert [one.state for one in offers(store, box)[0]] == [RecordState.GONE]


# ---- gone with their record


def test_purging_searches_the_bytes_in_both_folders(tmp_path):
    uuid, other = "9a1b0000-0000-4000-8000-000000000009", "9a1b0000-0000-4000-8000-00000000000a"
    box = box_of(LEDGER, tmp_path / "备份")
    assert box.folders[0] == private_folder() / "drafts" / LEDGER
    for folder, record, copy in ((0, uuid, "a"), (1, uuid, "b"), (0, other, "c")):
        DraftBox(LEDGER, (box.folders[folder],)).keep(draft(record, copy=copy, rows=(("child", record),)))
    named = draft("", entry(value=ID_NUMBER), form="children.add", words="加一名儿童")
    DraftBox(LEDGER, (box.folders[1],)).keep(named)
    (box.folders[0] / "x.draft.part").write_bytes(uuid.encode())
    (box.folders[0] / "y.draft").write_bytes(b"damaged " + uuid.encode())

    removed = purge(
        LEDGER, [uuid], backup_folder=tmp_path / "备份", holds=lambda content: ID_NUMBER.encode() in content
    )
    assert removed == 5
    left = [path.read_bytes() for folder in box.folders for path in folder.iterdir()]
    assert len(left) == 1
    assert not any(uuid.encode() in content or ID_NUMBER.encode() in content for content in left)
    assert purge("nobody", [uuid], backup_folder=tmp_path / "备份") == 0


def test_the_words_stand_in_the_file_as_they_are_so_that_a_search_finds_them(box, folders):
    box.keep(draft())
    (path,) = folders[0].iterdir()
    assert NAME.encode() in path.read_bytes()
    assert json.loads(path.read_bytes().split(b"\n", 1)[1])["db_uuid"] == LEDGER


def test_nothing_of_a_draft_is_in_the_ledger(store, box, ledger_path):
    box.keep(draft())
    offers(store, box)
    assert NAME.encode() not in ledger_path.read_bytes()
