"""The whole ledger, read in parts."""

from app.children import queries
from app.children.drafts import ChildDraft
from app.children.ledger import ledger_rows
from app.children.ledger_reading import read_ledger
from app.children.queries import load_facts
from app.children.service import add_children
from app.dossier.service_bin import move_to_bin
from tests.app.children.builders import DAY


def test_parts_make_the_whole_in_the_order_of_the_ledger(store, classes, monkeypatch):
    monkeypatch.setattr(queries, "PART", 3)
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
