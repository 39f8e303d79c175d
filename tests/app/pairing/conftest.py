"""A school with two classes, six teachers and eight children, of whom three are of one family; made once."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from app.children.codes import Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.service import add_child
from app.core.clock import FixedClock
from app.core.errors import UserError
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.school.service import add_staff, init_school
from app.school.service_classes import ensure_classes, set_class_teacher
from app.storage.store import Store
from tests.ledgers import copy_ledger

TEACHERS = (
    ("李国平", "1"),
    ("王秀芬", "2"),
    ("周晓燕", "2"),
    ("龙美华", "2"),
    ("黄明远", "1"),
    ("吴海涛", "1"),
)
CHILDREN = (
    ("谭晓东", "1"), ("谭小兰", "2"), ("谭小妹", "2"), ("罗诗涵", "2"), ("向阳", "1"), ("冉小燕", "2"), ("张伟", "1"),
    ("石头", "1"),
)  # fmt: skip


@pytest.fixture(scope="session")
def paired_school(tmp_path_factory):
    """Return the closed file and who is who in it."""
    path = tmp_path_factory.mktemp("pairing") / "守望.db"
    with Store.create(path, clock=FixedClock(datetime(2026, 9, 1, 9))) as store:
        init_school(store, name="青石坪镇中心小学")
        with store.action("开设班级", kind="class.open") as action:
            refs = [ClassRef(Stage.PRIMARY, 2024, number) for number in (1, 2)]
            classes = list(ensure_classes(store, action, refs, date(2026, 9, 1)).values())
        for name, sex in TEACHERS:
            add_staff(store, name=name, sex=sex, subject="语文")
        staff = dict(store.rows("SELECT name, uuid FROM staff"))
        set_class_teacher(
            store, class_uuid=classes[0].uuid, staff_uuid=staff["李国平"], since=date(2026, 9, 1)
        )
        mother = None
        for number, (name, sex) in enumerate(CHILDREN):
            shared = number < 3
            parent = PersonDraft(
                relation=Relation.MOTHER,
                name="田秀莲" if shared else None,
                person_uuid=mother if shared else None,
            )
            draft = ChildDraft(
                name=name,
                sex=Sex(sex),
                class_uuid=classes[number % 2].uuid,
                since="2026-09-01",
                people=(parent,) if shared else (),
            )
            add_child(store, draft=draft)
            row = store.one("SELECT uuid FROM person WHERE name = '田秀莲'")
            mother = row[0] if row else None
        children = dict(store.rows("SELECT name, uuid FROM child"))
    return SimpleNamespace(path=path, staff=staff, children=children)


@pytest.fixture
def store(paired_school, tmp_path, clock):
    """Return the school, open for writing, on 21 November 2026."""
    path = tmp_path / "守望.db"
    copy_ledger(paired_school.path, path)
    with Store.open(path, clock=clock, verify=False) as opened:
        yield opened


@pytest.fixture
def who(paired_school):
    """Return ``staff`` and ``children`` by name → uuid."""
    return paired_school


def refused(key):
    """Return the check that a UserError of that key is raised."""
    return pytest.raises(UserError, check=lambda error: error.key == key)
