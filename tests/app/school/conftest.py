"""A real school in a real file."""

from datetime import datetime

import pytest

from app.core.clock import FixedClock
from app.school.codes import SchoolKind
from app.school.service import init_school
from app.storage.store import Store
from tests.ledgers import copy_ledger


@pytest.fixture
def clock():
    return FixedClock(datetime(2026, 11, 21, 9, 0))


@pytest.fixture
def empty_store(empty_ledger, tmp_path, clock):
    path = tmp_path / "守望.db"
    copy_ledger(empty_ledger, path)
    with Store.open(path, clock=clock, verify=False) as store:
        yield store


@pytest.fixture
def store(empty_store):
    init_school(empty_store, name="青石坪镇中心小学", kind=SchoolKind.PRIMARY, town="青石坪镇")
    return empty_store
