"""Where the system's own windows begin: in a folder that is there, never in the one the program was started from."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from ui.dialogs import Dialogs


@pytest.fixture
def begun(monkeypatch, tmp_path):
    """The folder or file each window of the system was asked to begin with."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(Path, "home", staticmethod(lambda: home))
    seen: list[Path] = []

    def note(_window, _title, start, _kinds=""):
        seen.append(Path(start))
        return ("", "") if _kinds else ""

    for name in ("getOpenFileName", "getSaveFileName", "getExistingDirectory"):
        monkeypatch.setattr(QFileDialog, name, staticmethod(note))
    return home, seen


def test_a_folder_that_is_not_there_gives_way_to_home(begun, tmp_path):
    """A system without a folder for documents: Qt would fall back on the folder of the program itself."""
    home, seen = begun
    gone = tmp_path / "文档"
    dialogs = Dialogs()
    dialogs.save_file("台账存到哪里", kinds="Excel (*.xlsx)", start=gone / "台账.xlsx")
    dialogs.open_file("选花名册", kinds="花名册 (*.xls)", start=gone)
    dialogs.folder("拷到哪里", start=gone)
    assert seen == [home / "台账.xlsx", home, home]


def test_what_is_there_is_where_they_begin(begun, tmp_path):
    _home, seen = begun
    there = tmp_path / "文档"
    there.mkdir()
    (there / "花名册.xls").touch()
    dialogs = Dialogs()
    dialogs.save_file("台账存到哪里", kinds="Excel (*.xlsx)", start=there / "台账.xlsx")
    dialogs.open_file("选花名册", kinds="花名册 (*.xls)", start=there / "花名册.xls")
    dialogs.folder("拷到哪里", start=there)
    assert seen == [there / "台账.xlsx", there / "花名册.xls", there]
