"""A place for the data at the first start: a disk with little room is said to have it, on the screen too."""

from datetime import date
from pathlib import Path

import pytest

from app.storage import data_place
from app.storage.drives import Drive, DriveKind
from ui.shell import place
from ui.shell.first_run import FirstRun
from ui.shell.place import Proposed, propose_folder
from ui.shell.start_window import StartWindow
from ui.widgets import Text
from ui.widgets.cuts import cuts_of

TODAY = date(2026, 11, 21)
SCARCE = 300 * 1024**2


def disk(letter, free, *, system=False):
    return Drive(Path(f"{letter}:\\"), "", free, 10**12, read_only=False, kind=DriveKind.FIXED, system=system)


@pytest.fixture
def proposal(monkeypatch):
    """What a PC proposes whose two other disks are full."""
    monkeypatch.setattr(data_place, "_is_for_users", lambda _drive: True)
    home = Path("C:\\Users\\t\\Documents")
    drives = [disk("C", 10**11, system=True), disk("D", SCARCE), disk("E", SCARCE)]
    return data_place.propose(drives, windows=True, home=home, documents=home, environment={})


def said(screen):
    return " ".join(label.text() for label in screen.findChildren(Text)).replace("\u200b", "")


def test_the_first_screen_says_which_disks_are_too_full_and_cuts_nothing(look, qtbot, proposal):
    window = StartWindow()
    qtbot.addWidget(window)
    window.resize(911, 432)
    screen = FirstRun(Proposed(proposal), TODAY)
    window.show_screen(screen)
    assert "D 盘只剩 300.0 MB、E 盘只剩 300.0 MB，不够用，没有选。" in said(screen)
    assert "别的硬盘剩的空间不够，请常拷到优盘。" in said(screen)
    assert cuts_of(window) == []


@pytest.mark.parametrize(("free", "words"), [(SCARCE, "这个盘只剩 300.0 MB，请先腾出空间。"), (10**11, "")])
def test_a_folder_she_names_on_a_full_disk_is_taken_and_the_room_said(
    monkeypatch, tmp_path, proposal, free, words
):
    monkeypatch.setattr(place, "propose_here", lambda: proposal)
    monkeypatch.setattr(place, "drive_of", lambda _path: disk("D", free))
    found = propose_folder(tmp_path)
    assert found.proposal.data_folder.parent == tmp_path
    assert found.proposal.data_reason == words
