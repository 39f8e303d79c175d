"""A school with its classes in a real file."""

from datetime import date, datetime
from pathlib import Path

import pytest

from app.core.clock import FixedClock
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.school.service import init_school
from app.school.service_classes import ensure_classes
from app.storage.store import Store
from tests.ledgers import copy_ledger

DAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def school_file(tmp_path_factory) -> Path:
    """Return the closed ledger of a primary school without children, made once."""
    path = tmp_path_factory.mktemp("school") / "守望.db"
    with Store.create(path, clock=FixedClock(datetime(2026, 11, 21, 9))) as made:
        init_school(made, name="青石坪镇中心小学")
    return path


@pytest.fixture
def store(school_file, tmp_path: Path, clock):
    """Return an open ledger of a primary school, without children."""
    path = tmp_path / "守望.db"
    copy_ledger(school_file, path)
    with Store.open(path, clock=clock, verify=False) as opened:
        yield opened


@pytest.fixture
def classes(store):
    """Return the school's classes by name: 一（1）班 … 六（2）班."""
    refs = [ClassRef(Stage.PRIMARY, year, number) for year in range(2021, 2027) for number in (1, 2)]
    with store.action("开设班级", kind="class.open") as action:
        made = ensure_classes(store, action, refs, DAY)
    return {cls.name: cls for cls in made.values()}
