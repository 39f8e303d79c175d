"""What the rows of the fault table share: counting, disks, the actor that is killed, a ground to do it on."""

from __future__ import annotations

import re
import shutil
import sys

import pytest

from tests.faults.kit.actor import Actor
from tests.faults.kit.disks import CANNOT, mounts_in
from tests.faults.kit.row import Row
from tests.faults.kit.world import World, fast_folder, new_world

_ROW_OF_TEST = re.compile(r"test_(r\d\d)_")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Record what the row counted, and let a test with findings fall with all of them."""
    try:
        outcome = yield
    finally:
        row = getattr(item, "funcargs", {}).get("row")
        if isinstance(row, Row):
            item.user_properties.extend(row.properties.items())
    if isinstance(row, Row) and row.findings:
        pytest.fail(row.findings, pytrace=False)
    return outcome


@pytest.fixture
def row(request):
    """The row of the fault table that the test's name begins with (``test_r07_…`` → R07)."""
    match = _ROW_OF_TEST.match(request.node.name)
    assert match, "a fault test is named after its row: test_r07_…"
    return Row(match[1].upper())


@pytest.fixture
def mounts(tmp_path):
    """Disks to mount under the test's own folder; all gone afterwards."""
    with mounts_in(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def actor():
    """The fork server that does the program's work."""
    if sys.platform != "linux":
        pytest.skip(f"{CANNOT}system calls are made to fail on Linux only")
    made = Actor()
    yield made
    made.close()


@pytest.fixture(scope="session")
def template(actor):
    """A school's computer, left in order yesterday; to be copied, never worked on."""
    folder = fast_folder()
    made = new_world(folder / "computer", actor)
    kept = made.copy(folder / "template")
    made.gone()
    yield kept
    shutil.rmtree(folder)


@pytest.fixture
def worlds(template):
    """A function that gives a fresh computer for each round; the one of the round before is gone.

    All stand at the same place, one after the other: what a program remembers of a ledger goes by its path.
    """
    place = template.folder.with_name("computer")

    def fresh(of: World = template) -> World:
        shutil.rmtree(place, ignore_errors=True)
        return of.copy(place)

    yield fresh
    shutil.rmtree(place, ignore_errors=True)
