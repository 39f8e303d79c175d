"""What was left in a short dialog is opened again through the real window, also on a page that needs no parameters."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.children.queries import load_facts
from app.core.clock import FixedClock
from app.storage.data_place import backup_folder_for
from app.storage.drafts import Draft, Entry, box_of
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.ledgers import copy_ledger
from ui.drafts import STAY, EntryPanel, Form
from ui.offers import ON, OffersPanel


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    path = tmp_path_factory.mktemp("school") / "demo.db"
    make_demo(path, clock=FixedClock(datetime(2026, 11, 21, 10, 42)), children=12)
    return path


def left(form, how, **typed):
    entries = tuple(Entry(name, name, value, str(value)) for name, value in typed.items())
    return Draft(form, 1, "", "留下的", entries, "2026-11-21T10:40:00", how=how)


@pytest.mark.parametrize(
    ("form", "name", "value", "more"),
    [
        (Form.SURVEY, "name", "2026年冬季核实", {}),
        (Form.PAIRING_RULE, "since", "2026-12-01", {}),
        (Form.PAIR, "focus", "心理上多陪", {}),
        (Form.BULK, "village.village", "岩湾村", {"what": 4}),
    ],
)
def test_it_is_there_again(form, name, value, more, school, start, teacher, clock, tmp_path):
    path = tmp_path / "守望.db"
    copy_ledger(school, path)
    with Store.open(path, clock=clock) as store:
        uuids = [one.uuid for one in load_facts(store, clock.today(), only_registered=True)][:2]
        box = box_of(store.db_uuid, backup_folder_for(path))
    box.keep(left(form, {"uuids": " ".join(uuids)}, **more, **{name: value}))
    program = start(path)
    teacher.sits(program)
    teacher.waits(lambda: any(isinstance(one, OffersPanel) for one in program.dialogs.panels))
    program.dialogs.panels[-1].answer(ON)
    teacher.waits(lambda: isinstance(program.dialogs.panels[-1], EntryPanel))
    panel = program.dialogs.panels[-1]
    assert panel.keeping.fields[name].text() == value
    assert program.sitting.context.drafts.left == ()
    panel.answer(STAY)
    program.sitting.context.drafts.flush()
    assert box.read().drafts == ()
