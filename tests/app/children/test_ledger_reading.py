"""The whole ledger, read in parts."""

from datetime import date, timedelta
from pathlib import Path

from app.children import queries
from app.children.drafts import ChildDraft
from app.children.ledger import ledger_rows
from app.children.ledger_reading import in_ledger_order, read_ledger
from app.children.queries import load_facts
from app.children.service import add_children
from app.dossier.service_bin import move_to_bin
from app.storage.store import Store
from app.tasks.demo import make_demo
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


def test_what_the_list_leaves_unread_changes_no_row_on_any_day(tmp_path: Path, clock):
    path = tmp_path / "守望.db"
    make_demo(path, clock=clock, children=120)
    with Store.open(path, clock=clock, read_only=True) as store:
        left_out = 0
        for days in (-900, -40, 0, 400):
            day: date = clock.today() + timedelta(days=days)
            known = load_facts(store, day)
            left_out += sum(bool(child.livelihood or child.disabilities) for child in known)
            left_out += sum(len(child.care_papers) for child in known)
            left_out += sum(bool(person.marriage) for child in known for person in child.relatives)
            assert read_ledger(store, day) == sorted(ledger_rows(known), key=in_ledger_order)
        assert left_out, "the school has nothing of what is left out, so nothing was tried"
