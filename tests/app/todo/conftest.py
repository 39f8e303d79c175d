"""A primary school with three children in one class and a teacher; records are put in as rows."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.children.codes import Sex
from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.core.clock import FixedClock
from app.diary.tables import CareRecord
from app.pairing.tables import PairingRow, Supporter
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.school.service import init_school
from app.school.tables import Staff
from app.storage.store import Store
from app.todo.queries import due_items
from app.todo.rules import DueKind
from tests.ledgers import copy_ledger

CLASS = ClassRef(Stage.PRIMARY, 2024, 1)


@pytest.fixture
def clock():
    """Wednesday of the 12th week."""
    return FixedClock(datetime(2026, 11, 18, 9))


@pytest.fixture(scope="session")
def school_file(tmp_path_factory) -> Path:
    """Return the closed ledger of a school with three registered children, made once; two are paired."""
    path = tmp_path_factory.mktemp("todo") / "守望.db"
    with Store.create(path, clock=FixedClock(datetime(2026, 9, 1, 8))) as made:
        init_school(made, name="青石坪镇中心小学")
        for name, since in (("覃龑", "2026-03-02"), ("龙婷", "2026-03-02"), ("单永强", "2026-11-04")):
            draft = ChildDraft(name=name, sex=Sex.MALE, since=since, class_ref=CLASS, birth_date="2017-11-24")
            add_child(made, draft=draft)
        with made.action("结对", kind="pair") as action:
            staff = action.insert(Staff, name="李国平")
            supporter = action.insert(Supporter, staff=staff, identity="staff")
            for name in ("覃龑", "龙婷"):
                action.insert(
                    PairingRow,
                    child=child_id(made, name),
                    kind="mentor",
                    supporter=supporter,
                    valid_from="2026-09-01",
                )
    return path


@pytest.fixture
def store(school_file, tmp_path, clock):
    """Return an open copy of that school."""
    path = tmp_path / "守望.db"
    copy_ledger(school_file, path)
    with Store.open(path, clock=clock, verify=False) as opened:
        yield opened


def child_id(store, name):
    return store.one("SELECT id FROM child WHERE name = ?", (name,))[0]


def supporter_id(store):
    return store.one("SELECT id FROM supporter")[0]


def record(store, name, day, kind="talk", **values):
    """One record of a child by its name."""
    with store.action("记录", kind="record") as action:
        return action.insert(
            CareRecord,
            child=child_id(store, name),
            kind=kind,
            happened_on=day,
            entered_on=store.clock.today().isoformat(),
            **{"supporter": supporter_id(store), **values},
        )


def write(store, model, **values):
    """One row of any table."""
    with store.action("写入", kind="test") as action:
        return action.insert(model, **values)


def every_week(store, name, until, kind="talk"):
    """A record on each Thursday of the term up to a day."""
    day = date(2026, 9, 3)
    while day <= date.fromisoformat(until):
        record(store, name, day.isoformat(), kind)
        day += timedelta(days=7)


def items(store, kind, name=None, day=None, activity=None):
    """What of this kind is due on a day (today when none is given)."""
    found = due_items(store, None if day is None else date.fromisoformat(day)).items
    return [
        item
        for item in found
        if item.kind is kind
        and (name is None or item.child_name == name)
        and (activity is None or item.activity == activity)
    ]


def talk(store, name="覃龑", day=None):
    """The talk that is due with a child, None without one."""
    found = items(store, DueKind.CADENCE, name, day, "talk")
    return found[0] if found else None
