"""The window in which a file or a folder is chosen: the system's own, and Qt's where the system has none.

Qt's own takes its words from three places, and leaves the kinds of files and the dates in English; here it is Chinese,
and wide enough for a name and a day.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QFileInfo, QIdentityProxyModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QFileDialog, QFileSystemModel, QHeaderView, QSplitter, QTreeView, QWidget
from typing_extensions import override

from ui import theme

_NAME, _SIZE, _KIND, _DAY = range(4)
_HEADS = {_NAME: "名称", _SIZE: "大小", _KIND: "类型", _DAY: "修改时间"}
_SHOWN = Qt.ItemDataRole.DisplayRole


class FileWords(QIdentityProxyModel):
    """Says of each file what it is and when it was changed, in Chinese."""

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = _SHOWN) -> Any:
        if role == _SHOWN and index.column() in (_KIND, _DAY):
            source = cast("QFileSystemModel", self.sourceModel())
            about = source.fileInfo(self.mapToSource(cast("QModelIndex", index)))
            return _kind(about) if index.column() == _KIND else _changed(about)
        return super().data(index, role)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _SHOWN) -> Any:
        if role == _SHOWN and orientation == Qt.Orientation.Horizontal and section in _HEADS:
            return _HEADS[section]
        return super().headerData(section, orientation, role)


def _kind(about: QFileInfo) -> str:
    if about.isRoot():
        return "磁盘"
    if about.isDir():
        return "文件夹"
    ending = about.suffix().upper()
    return f"{ending} 文件" if ending else "文件"


def _changed(about: QFileInfo) -> str:
    when = about.lastModified()
    return when.toString("yyyy-MM-dd HH:mm") if when.isValid() else ""


class Wanted(Enum):
    """What is chosen: a file that is there, or several, where a new one goes, or a folder."""

    FILE = QFileDialog.FileMode.ExistingFile
    FILES = QFileDialog.FileMode.ExistingFiles
    NEW = QFileDialog.FileMode.AnyFile
    FOLDER = QFileDialog.FileMode.Directory


def choose(
    window: QWidget | None, title: str, start: Path, *, kinds: str = "", wanted: Wanted = Wanted.FILE
) -> Path | None:
    """Ask, beginning at the folder or the proposed file `start`; None when she let it be.

    Where a new one would replace a file, it asks before.
    """
    chosen = _ask(make(window, title, start, kinds=kinds, wanted=wanted))
    return chosen[0] if chosen else None


def choose_several(window: QWidget | None, title: str, start: Path, *, kinds: str) -> tuple[Path, ...]:
    """Ask for one or several files that are there; none when she let it be."""
    return _ask(make(window, title, start, kinds=kinds, wanted=Wanted.FILES))


def _ask(dialog: QFileDialog) -> tuple[Path, ...]:
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return tuple(map(Path, chosen))


def make(
    window: QWidget | None, title: str, start: Path, *, kinds: str = "", wanted: Wanted = Wanted.FILE
) -> QFileDialog:
    """The dialog of `choose`, not shown yet."""
    begin, proposed = (start, "") if start.is_dir() else (start.parent, start.name)
    dialog = QFileDialog(window, title, str(begin), kinds)
    dialog.setFileMode(wanted.value)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, on=wanted is Wanted.FOLDER)
    if wanted is Wanted.NEW:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # A name typed without an ending gets it here: so what would be replaced is the file that is asked about.
        dialog.setDefaultSuffix(start.suffix.removeprefix("."))
    if proposed:
        dialog.selectFile(proposed)
    _arrange(dialog)
    return dialog


def _arrange(dialog: QFileDialog) -> None:
    """What Qt draws itself gets our words and room; a dialog of the system's has no such parts and stays as it is."""
    listed = cast("QTreeView | None", dialog.findChild(QTreeView, "treeView"))
    if listed is None:
        return
    m = theme.metrics()
    dialog.setProxyModel(FileWords(dialog))
    dialog.setViewMode(QFileDialog.ViewMode.Detail)
    dialog.setMinimumWidth(m.start_column)
    dialog.resize(m.start_column, m.dialog - m.list_row)
    split = cast("QSplitter | None", dialog.findChild(QSplitter, "splitter"))
    if split is not None:
        split.setSizes([m.name_width, m.start_column - m.name_width])
    heads = listed.header()
    heads.setStretchLastSection(False)
    heads.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    heads.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
    for section, width in ((_SIZE, m.field_small), (_KIND, m.field_small), (_DAY, m.number_width)):
        heads.resizeSection(section, width)
