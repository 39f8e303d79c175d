"""Finds text that is cut: painters report what they had to elide, standard widgets are measured.

Nothing in the window may be cut silently. `recording()` is active only while a page is being checked;
otherwise a report costs one comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)


class Cut(Struct, frozen=True):
    """One text that is wider (or taller) than its place, in device-independent pixels."""

    where: str
    text: str
    needs: int
    has: int


_found: list[Cut] | None = None


@contextmanager
def recording() -> Iterator[list[Cut]]:
    """Collect what painters elide while the block runs (paint the page inside, e.g. with grab())."""
    global _found  # noqa: PLW0603 - painters have no other way to reach the collector
    _found = []
    try:
        yield _found
    finally:
        _found = None


def report(where: str, text: str, needs: int, has: int) -> None:
    """Called by every painter that had to elide `text`."""
    if _found is not None:
        cut = Cut(where, text, needs, has)
        if cut not in _found:
            _found.append(cut)


def _label_cut(label: QLabel) -> Cut | None:
    text = label.text()
    if not text or label.pixmap().width():
        return None
    room = label.contentsRect()
    if label.wordWrap():
        needs, has = label.heightForWidth(label.width()), label.height()
    else:
        # Beside a field & marks the key, and is not drawn.
        lines = (text.replace("&", "") if label.buddy() is not None else text).split("\n")
        needs, has = max(label.fontMetrics().horizontalAdvance(line) for line in lines), room.width()
    return Cut(f"label {label.objectName()}".strip(), text, needs, has) if needs > has else None


def _field_cut(field: QLineEdit) -> Cut | None:
    text = field.text() or field.placeholderText()
    if not text:
        return None
    from PySide6.QtWidgets import QStyle, QStyleOptionFrame

    option = QStyleOptionFrame()
    field.initStyleOption(option)
    room: QRect = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, field)
    needs = field.fontMetrics().horizontalAdvance(text)
    kind = "field" if field.text() else "hint"
    return Cut(kind, text, needs, room.width()) if needs > room.width() - 4 else None


def _squeezed(button: QAbstractButton) -> Cut | None:
    """A button that its layout made lower than its words and their frame need: the page is too low for what is on it."""
    needs, has = button.minimumSizeHint().height(), button.height()
    return Cut("squeezed button", button.text(), needs, has) if needs > has else None


def _scroller(widget: QWidget, root: QWidget) -> QAbstractScrollArea | None:
    above = widget.parentWidget()
    while above is not None and above is not root:
        if isinstance(above, QAbstractScrollArea):
            return above
        above = above.parentWidget()
    return None


def _sideways_cut(widget: QWidget, area: QAbstractScrollArea) -> Cut | None:
    """A widget with text that its scroll area cuts at a side to which it never scrolls."""
    inner = area.widget() if isinstance(area, QScrollArea) else None
    off = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    if inner is None or not off or not inner.isAncestorOf(widget):
        return None
    left = widget.mapTo(inner, widget.rect().topLeft()).x()
    is_line = isinstance(widget, QLabel) and not widget.wordWrap()  # its words end before its place does
    wide = min(widget.width(), widget.sizeHint().width()) if is_line else widget.width()
    right, has = left + wide, area.viewport().width()
    if left >= 0 and right <= has:
        return None
    text = str(widget.property("text") or widget.accessibleName() or "")
    return Cut("beside a scroll area", text, right, has) if text else None


def _outside_cut(widget: QWidget, root: QWidget) -> Cut | None:
    """A widget with text that sticks out of the page, or out of a scroll area, where it cannot be scrolled to."""
    area = _scroller(widget, root)
    if area is not None:
        return _sideways_cut(widget, area)
    reach = QRect(widget.mapTo(root, widget.rect().topLeft()), widget.size())
    if root.rect().contains(reach):
        return None
    text = str(widget.property("text") or "")
    return Cut("outside", text, reach.right() + 1, root.width()) if text else None


def measured(root: QWidget) -> list[Cut]:
    """Cuts of the visible labels, fields and buttons below `root`, and widgets that stick out of it."""
    found: list[Cut] = []
    children = cast("list[QWidget]", root.findChildren(QWidget))
    for widget in children:
        if not widget.isVisibleTo(root):
            continue
        cut = None
        if isinstance(widget, QLabel):
            cut = _label_cut(widget)
        elif isinstance(widget, QLineEdit):
            cut = _field_cut(widget)
        elif isinstance(widget, QAbstractButton):
            cut = _squeezed(widget)
        cut = cut or _outside_cut(widget, root)
        if cut is not None and cut not in found:
            found.append(cut)
    return found


def _lay_out(root: QWidget) -> None:
    """Give new words the room they ask for, as Qt does before it paints the next time: a picture takes a page as it was.

    The innermost first: each asks the one around it. What scrolls hears of it by its event.
    """
    for widget in reversed([root, *cast("list[QWidget]", root.findChildren(QWidget))]):
        layout = widget.layout() if widget.isVisible() else None
        if layout is not None:
            layout.activate()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


def cuts_of(root: QWidget) -> list[Cut]:
    """Everything that is cut on a page as it will be seen: painted text and standard widgets."""
    _lay_out(root)
    with recording() as found:
        root.grab()
        painted = list(found)
    return painted + measured(root)
