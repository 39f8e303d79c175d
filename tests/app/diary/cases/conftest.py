"""A school with three children and a supporter in a real file."""

from datetime import datetime

import pytest

from app.children.codes import Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.service import add_children
from app.core.clock import FixedClock
from app.diary import sealing
from app.pairing.tables import Supporter
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.school.service import init_school
from app.storage.store import Store
from tests.ledgers import copy_ledger

FIRST, SECOND, THIRD = "c1000000", "c2000000", "c3000000"


def uuid_of(start: str) -> str:
    return f"{start}-0000-4000-8000-000000000000"


CHILD, OTHER, GIRL = uuid_of(FIRST), uuid_of(SECOND), uuid_of(THIRD)
SUPPORTER = uuid_of("50000000")


@pytest.fixture(scope="session")
def cases_file(tmp_path_factory):
    """Return the closed ledger of a school with three children, made once."""
    path = tmp_path_factory.mktemp("cases") / "守望.db"
    two = ClassRef(Stage.PRIMARY, 2024, 2)
    grandmother = PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, name="罗桂英", phones=("13800000001",))
    with Store.create(path, clock=FixedClock(datetime(2026, 9, 1, 9))) as made:
        init_school(made, name="青石坪镇中心小学")
        add_children(
            made,
            drafts=(
                ChildDraft(
                    uuid=CHILD,
                    name="覃小禾",
                    sex=Sex.FEMALE,
                    class_ref=two,
                    birth_date="2017-03-02",
                    carer=grandmother,
                ),
                ChildDraft(uuid=OTHER, name="韦大山", sex=Sex.MALE, class_ref=two),
                ChildDraft(uuid=GIRL, name="蓝芷若", class_ref=ClassRef(Stage.PRIMARY, 2021, 1)),
            ),
        )
        with made.action("来了帮扶人", kind="test") as action:
            action.insert(Supporter, uuid=SUPPORTER, name="陈素兰", identity="volunteer")
    return path


@pytest.fixture
def store(cases_file, tmp_path, clock):
    """Return that ledger, open for writing."""
    path = tmp_path / "data" / "守望.db"
    path.parent.mkdir()
    copy_ledger(cases_file, path)
    with Store.open(path, clock=clock, verify=False) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch):
    """Derive keys cheaply: the cost is data of each wrap. One test makes its wrap at the shipped cost."""
    monkeypatch.setattr(sealing, "COST", 4)
