"""Where a file or a folder is chosen: it begins in a folder that is there, and speaks Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QTreeView

from ui.dialogs import Dialogs
from ui.widgets.file_choice import Wanted, make


@pytest.fixture
def begun(look, monkeypatch, tmp_path):
    """Where each dialog stands when it opens: the folder, and the name that is proposed."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(Path, "home", staticmethod(lambda: home))
    seen: list[tuple[Path, str]] = []

    def note(dialog):
        named = [Path(one).name for one in dialog.selectedFiles() if not Path(one).is_dir()]
        seen.append((Path(dialog.directory().absolutePath()), *named))
        return 0

    monkeypatch.setattr(QFileDialog, "exec", note)
    return home, seen


def test_a_folder_that_is_not_there_gives_way_to_home(begun, tmp_path):
    """A system without a folder for documents: Qt would fall back on the folder of the program itself."""
    home, seen = begun
    gone = tmp_path / "文档"
    dialogs = Dialogs()
    dialogs.save_file("台账存到哪里", kinds="Excel (*.xlsx)", start=gone / "台账.xlsx")
    dialogs.open_file("选花名册", kinds="花名册 (*.xls)", start=gone)
    dialogs.folder("拷到哪里", start=gone)
    assert seen == [(home, "台账.xlsx"), (home,), (home,)]


def test_what_is_there_is_where_they_begin(begun, tmp_path):
    _home, seen = begun
    there = tmp_path / "文档"
    there.mkdir()
    (there / "花名册.xls").touch()
    dialogs = Dialogs()
    assert dialogs.save_file("台账存到哪里", kinds="Excel (*.xlsx)", start=there / "台账.xlsx") is None
    assert dialogs.open_file("选花名册", kinds="花名册 (*.xls)", start=there / "花名册.xls") is None
    assert dialogs.folder("拷到哪里", start=there) is None
    assert seen == [(there, "台账.xlsx"), (there, "花名册.xls"), (there,)]


def test_what_was_chosen_is_told(look, monkeypatch, tmp_path):
    (tmp_path / "花名册.xls").touch()
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    dialogs = Dialogs()
    start = tmp_path / "花名册.xls"
    assert dialogs.open_file("选花名册", kinds="花名册 (*.xls)", start=start) == start
    assert dialogs.folder("拷到哪里", start=tmp_path) == tmp_path


def test_a_new_file_gets_its_ending_before_it_is_asked_whether_to_replace_one(look, qtbot, tmp_path):
    dialog = make(None, "存到哪里", tmp_path / "台账.xlsx", kinds="Excel (*.xlsx)", wanted=Wanted.NEW)
    qtbot.addWidget(dialog)
    typed = dialog.findChild(QLineEdit, "fileNameEdit")
    for name, chosen in (("交镇上", "交镇上.xlsx"), ("交镇上.xlsx", "交镇上.xlsx")):
        typed.setText(name)
        assert dialog.selectedFiles() == [str(tmp_path / chosen)]


def test_where_qt_draws_it_kinds_and_days_are_chinese(look, qtbot, tmp_path):
    (tmp_path / "文档").mkdir()
    (tmp_path / "花名册.xlsx").touch()
    dialog = make(None, "选文件", tmp_path, kinds="全部 (*)", wanted=Wanted.FILE)
    qtbot.addWidget(dialog)
    dialog.show()
    listed = dialog.findChild(QTreeView, "treeView")
    model = listed.model()
    qtbot.waitUntil(lambda: model.rowCount(listed.rootIndex()) == 2)

    def said(row):
        return [model.index(row, column, listed.rootIndex()).data() for column in (0, 2, 3)]

    rows = {words[0]: words[1:] for words in map(said, range(2))}
    assert (rows["文档"][0], rows["花名册.xlsx"][0]) == ("文件夹", "XLSX 文件")
    assert all(len(day) == len("2026-11-20 10:42") and day[4] == "-" for _, day in rows.values())
    heads = [model.headerData(one, Qt.Orientation.Horizontal) for one in range(4)]
    assert heads == ["名称", "大小", "类型", "修改时间"]
    assert model.index(0, 0, QModelIndex()).data() is not None, "the root is told too"
