"""永久删除 of somebody whose name is part of another name, or a word: the others keep theirs, and no alarm is false."""

from __future__ import annotations

import pytest

from app.children.drafts import ChildDraft
from app.children.queries import load_child
from app.children.service import add_child, change_field
from app.dossier.purge_names import Secrets
from app.dossier.service_bin import move_to_bin
from app.school.service import init_school
from app.storage.data_place import backup_folder_for
from app.storage.drafts import Draft, Entry, box_of
from app.storage.store import Store
from app.tasks.purge import purge_children

WHY = "家长书面申请，校长批准"


@pytest.fixture
def store(tmp_path, clock):
    with Store.create(tmp_path / "守望.db", clock=clock) as made:
        init_school(made, name="青石坪镇中心小学")
        yield made


def child(store, name, note):
    draft = ChildDraft(name=name)
    add_child(store, draft=draft)
    change_field(store, uuid=draft.uuid, field="note", value=note)
    return draft.uuid


@pytest.mark.parametrize(("name", "other"), [("李明", "李明华"), ("欧阳慕", "欧阳慕容雨桐")])
def test_a_longer_name_of_somebody_else_is_no_trace(store, name, other):
    gone = child(store, name, "怕黑")
    stays = child(store, other, f"{other}爱唱歌")
    move_to_bin(store, uuids=[gone])
    done = purge_children(store, uuids=[gone], reason=WHY)
    assert done.traces == ()
    assert load_child(store, stays, store.clock.today()).note == f"{other}爱唱歌"


def test_half_typed_words_about_somebody_of_a_longer_name_stay(store):
    """Only drafts that name who goes are taken away."""
    gone, stays = child(store, "李明", "怕黑"), child(store, "李明华", "爱唱歌")
    box = box_of(store.db_uuid, backup_folder_for(store.path))
    for place, words in enumerate(("李明华又长高了", "李明和奶奶住")):
        entry = Entry("note", "备注", words, words)
        box.keep(Draft("child.fields", 1, stays, "备注", (entry,), "", copy=str(place)))
    move_to_bin(store, uuids=[gone])
    done = purge_children(store, uuids=[gone], reason=WHY)
    assert [draft.entries[0].words for draft in box.read().drafts] == ["李明华又长高了"]
    assert done.traces == ()


def test_a_word_that_may_be_the_name_is_told_and_not_guessed_at(store):
    """高兴 stands in a sentence about somebody else: nothing is written over, and nobody is told that all is gone."""
    gone, stays = child(store, "高兴", "怕黑"), child(store, "覃䶮", "孩子今天很高兴")
    move_to_bin(store, uuids=[gone])
    done = purge_children(store, uuids=[gone], reason=WHY)
    assert load_child(store, stays, store.clock.today()).note == "孩子今天很高兴"
    assert done.traces == (done.backup.path,)
    assert not any("没有了" in line for line in done.words)


@pytest.mark.parametrize(
    ("content", "holds"),
    [
        ("李明华", False),
        ("小李明华李明", True),
        ("李明", True),
        ("华李明", True),
        ("李明华李明华", False),
        ("李", False),
    ],
)
def test_a_name_is_found_where_it_is_no_part_of_another(content, holds):
    secrets = Secrets(frozenset({"李明"}), frozenset({"15900380038"}), frozenset({"李明华"}))
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        assert secrets.finder(encoding).stands_in(content.encode(encoding)) is holds
    assert secrets.finder().stands_in(b"\x00\x0b15900380038\x00")
