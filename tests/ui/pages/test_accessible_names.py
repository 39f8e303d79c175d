"""A screen reader finds a name on everything that takes the keyboard, on every page and in each of its parts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from ui.pages import all_pages


def nameless(root):
    """Widgets that take the keyboard and have no name, told by their class and where they stand."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or not widget.isVisibleTo(root):
            continue
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is not None and not spoken.text(QAccessible.Text.Name).strip():
            owner = widget.parentWidget()
            found.append(f"{type(widget).__name__} in {type(owner).__name__}")
    return found


def test_whatever_takes_the_keyboard_has_a_name(ledger, qtbot, asked):
    bare = {}
    for spec in all_pages():
        example = asked(spec.example) if spec.example is not None else {}
        page = spec.factory(ledger)
        qtbot.addWidget(page)
        page.resize(1366, 688)
        for part in ("", *spec.parts):
            params = {**example, **({"part": part} if part else {})}
            if params:
                page.open_with(**params)
            page.show()
            qtbot.waitUntil(lambda page=page: page.is_whole and not ledger.jobs.busy, timeout=15_000)
            found = nameless(page)
            if found:
                bare[f"{spec.name} {part}".strip()] = sorted(set(found))
        page.hide()
    assert bare == {}
