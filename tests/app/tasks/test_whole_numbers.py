"""Whole numbers leave with a reason that is kept, or not at all: whatever is exported (decisions.md §4.4)."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from app.core.errors import UserError
from app.school.codes import Profile
from app.school.service import init_school
from app.storage.store import Store
from app.tasks.calls_export import export_calls
from app.tasks.dropout_book import export_dropout_book
from app.tasks.export_ledger import export_ledger
from app.tasks.pairing_roster import export_roster
from app.tasks.registers.all import export_registers
from app.tasks.registers.lists import Which, export_list
from app.tasks.registers.making import Wanted, export_register, export_sheets
from app.tasks.registers.meetings import export_meeting_sheets, export_meetings

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 21)
DAYS = {"since": FIRST, "until": LAST}
WANTED = Wanted(FIRST, LAST)

# What it is called, and how it is asked for: the ledger, a folder, and whether whole numbers may leave and why.
EXPORTS = {
    "ledger": lambda store, out, **how: export_ledger(store, out / "a.xlsx", day=LAST, **how),
    "roster of pairs": lambda store, out, **how: export_roster(store, out / "a.xlsx", day=LAST, **how),
    "register": lambda store, out, **how: export_register(store, out / "a.xlsx", WANTED, **how),
    "sheets": lambda store, out, **how: export_sheets(store, out / "a.pdf", WANTED, **how),
    "list": lambda store, out, **how: export_list(store, out / "a.pdf", next(iter(Which)), WANTED, **how),
    "meetings": lambda store, out, **how: export_meetings(store, out / "a.xlsx", WANTED, **how),
    "sheets of meetings": lambda store, out, **how: export_meeting_sheets(
        store, out / "a.pdf", WANTED, **how
    ),
    "dropout book": lambda store, out, **how: export_dropout_book(store, out / "a.xlsx", **DAYS, **how),
    "calls": lambda store, out, **how: export_calls(store, out, **DAYS, **how),
    "all registers": lambda store, out, **how: export_registers(store, out, WANTED, **how),
}


@pytest.fixture
def path(empty_ledger, tmp_path, clock):
    path = tmp_path / "守望.db"
    shutil.copyfile(empty_ledger, path)
    with Store.open(path, clock=clock, verify=False) as store:
        init_school(store, name="青石坪镇中心小学")
    return path


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


def test_without_a_reason_nothing_leaves(path, out, clock):
    with Store.open(path, clock=clock, verify=False) as store:
        for name, export in EXPORTS.items():
            with refused("export.reason"):
                export(store, out, profile=Profile.FULL, reason="  ")
            assert list(out.iterdir()) == [], name


def test_where_the_reason_cannot_be_kept_nothing_leaves(path, out, clock):
    with Store.open(path, clock=clock, read_only=True) as store:
        for name, export in EXPORTS.items():
            with refused("export.reason_not_kept"):
                export(store, out, profile=Profile.FULL, reason="镇里检查")
            assert list(out.iterdir()) == [], name
