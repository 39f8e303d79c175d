"""A school with nobody in it, for what is read in from files."""

from datetime import datetime

import pytest

from app.core.clock import FixedClock
from app.storage.store import Store
from app.tasks.create import create_school
from tests.ledgers import copy_ledger


@pytest.fixture(scope="module")
def empty_school(tmp_path_factory):
    path = tmp_path_factory.mktemp("school") / "守望.db"
    create_school(path, clock=FixedClock(datetime(2026, 11, 21, 9)), name="青石坪镇中心小学")
    return path


@pytest.fixture
def store(empty_school, tmp_path, clock):
    path = tmp_path / "守望.db"
    copy_ledger(empty_school, path)
    with Store.open(path, clock=clock) as opened:
        yield opened
