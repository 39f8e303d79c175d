"""A school with four children of two classes and three teachers in a real file, made once."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.children.codes import Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.service import add_children
from app.core.clock import FixedClock
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft, draft_uuid
from app.diary.service import save_record
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.school.service import add_staff, init_school
from app.storage.store import Store
from tests.ledgers import copy_ledger

THIRD, FOURTH = ClassRef(Stage.PRIMARY, 2024, 1), ClassRef(Stage.PRIMARY, 2023, 2)
TEACHERS = ("王丽华", "李国庆", "周晓云")


@pytest.fixture(scope="session")
def diary_file(tmp_path_factory) -> tuple[Path, SimpleNamespace]:
    """Return the closed ledger and who is in it, by name."""
    path = tmp_path_factory.mktemp("diary") / "守望.db"
    mother = PersonDraft(relation=Relation.MOTHER, name="刘桂香", phones=("13800000001",))
    father = PersonDraft(relation=Relation.FATHER, name="张建国")
    begun = {"since": "2026-09-01"}
    rain = ChildDraft(name="张小雨", sex=Sex.FEMALE, class_ref=THIRD, people=(mother, father), **begun)
    chen = ChildDraft(name="陈思远", sex=Sex.MALE, class_ref=THIRD, **begun)
    moon = ChildDraft(name="欧阳明月", sex=Sex.FEMALE, class_ref=FOURTH, **begun)
    with Store.create(path, clock=FixedClock(datetime(2026, 9, 1, 9))) as made:
        init_school(made, name="青石坪镇中心小学")
        add_children(made, drafts=(rain, chen, moon))
        people = dict(made.rows("SELECT name, uuid FROM person"))
        shared = PersonDraft(relation=Relation.MOTHER, person_uuid=people["刘桂香"])
        thunder = ChildDraft(name="张小雷", sex=Sex.MALE, class_ref=FOURTH, people=(shared,), **begun)
        add_children(made, drafts=(thunder,))
        for name in TEACHERS:
            add_staff(made, name=name)
        staff = dict(made.rows("SELECT name, uuid FROM staff"))
        classes = dict(made.rows("SELECT entering_year, uuid FROM school_class"))
    who = SimpleNamespace(
        rain=rain.uuid,
        thunder=thunder.uuid,
        chen=chen.uuid,
        moon=moon.uuid,
        wang=staff["王丽华"],
        li=staff["李国庆"],
        mother=people["刘桂香"],
        third=classes[2024],
        fourth=classes[2023],
    )
    return path, who


@pytest.fixture
def who(diary_file) -> SimpleNamespace:
    """Return the uuids of children (rain, thunder, chen, moon), staff (wang, li), a mother and two classes."""
    return diary_file[1]


@pytest.fixture
def store(diary_file, tmp_path: Path, clock):
    """Return an open copy of the ledger; it is Saturday, 2026-11-21."""
    path = tmp_path / "守望.db"
    copy_ledger(diary_file[0], path)
    with Store.open(path, clock=clock, verify=False) as opened:
        yield opened


@pytest.fixture
def write(store, who):
    """Return a function that saves a talk with 张小雨 on Friday, or what it is told, and returns the draft."""

    def save(**known) -> RecordDraft:
        usual = {
            "uuid": draft_uuid(),
            "children": (who.rain,),
            "kind": Activity.TALK,
            "happened_on": "2026-11-20",
            "supporter_uuid": who.wang,
            "content": "说了一会儿话",
        }
        draft = RecordDraft(**(usual | known))
        save_record(store, draft=draft)
        return draft

    return save
