"""What the rows of the fault table share: counting, disks, the actor that is killed, a ground to do it on."""

from __future__ import annotations

import os
import re

import pytest

from tests.faults.kit.disks import mounts_in
from tests.faults.kit.row import Row

DEEP = os.environ.get("SHOUWANG_FAULTS") == "deep"
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
