"""Where the keyboard is can be seen: Tab and F6 through every page; each stop is in sight and wears a ring."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.storage.data_place import Proposal
from tests.ledgers import copy_ledger
from tests.ui.pages.conftest import demo_file  # noqa: F401 - a fixture
from ui.pages import all_pages
from ui.shell.first_run import FirstRun, NewSchoolPanel
from ui.shell.focus import FocusKeeper
from ui.shell.place import Proposed
from ui.shell.start_window import StartWindow
from ui.widgets import Button, Scroll, Text

MOST_STOPS = 200
LEAST_STOPS = 500
"""So many there are at least in all pages together: fewer, and the walk has not gone far."""
RING = 120
"""So many bytes of the picture change at least when the keyboard comes, forty pixels; a caret alone is half of that."""
AROUND = 3
VIEWS = [(spec, part) for spec in all_pages() for part in ("", *spec.parts)]


def picture(window, rect):
    return window.grab(rect).toImage().convertToFormat(QImage.Format.Format_RGB32)


def changed(before, after):
    """How many bytes of the picture differ."""
    one, other = (int.from_bytes(bytes(image.constBits()), "little") for image in (before, after))
    return before.sizeInBytes() - (one ^ other).to_bytes(before.sizeInBytes(), "little").count(0)


def name_of(widget):
    text = getattr(widget, "text", None)
    return f"{type(widget).__name__}「{widget.accessibleName() or (text() if callable(text) else '')}」"


def fault_of(widget):
    """What is wrong with the keyboard being here; "" when it is in sight and wears a ring."""
    window = widget.window()
    seen = widget.visibleRegion().boundingRect().translated(widget.mapTo(window, QPoint()))
    if seen.isEmpty():
        return "is out of sight"
    around = seen.adjusted(-AROUND, -AROUND, AROUND, AROUND).intersected(window.rect())
    with_keyboard = picture(window, around)
    widget.clearFocus()
    without = picture(window, around)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    ring = changed(with_keyboard, without)
    return "" if ring >= RING else f"wears no ring ({ring} bytes changed)"


def walk():
    """Every stop from where the keyboard is, by Tab and then by F6, with what is wrong with it."""
    looked_at = {}
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_F6):
        met = set()
        for _ in range(MOST_STOPS):
            here = QApplication.focusWidget()
            if here is None:
                return {**looked_at, "nowhere": f"after {key.name} the keyboard is nowhere"}
            if here in met:
                break
            met.add(here)
            if here not in looked_at:
                looked_at[here] = fault_of(here)
            QTest.keyClick(here, key)
            QApplication.processEvents()
    return looked_at


@pytest.fixture
def program(programs, qtbot, demo_file, tmp_path):  # noqa: F811
    made = programs(all_pages(), copy_ledger(demo_file, tmp_path / "守望.db"))
    qtbot.waitUntil(lambda: made.sitting is not None, timeout=20_000)
    qtbot.bring(made.sitting.window)
    return made


@pytest.fixture
def shows(program, qtbot):
    """`shows(spec, part)` opens a view and waits until all of it is there."""

    def settles():
        qtbot.waitUntil(lambda: not program.jobs.busy, timeout=20_000)
        QApplication.sendPostedEvents()
        QApplication.processEvents()

    def show(spec, part):
        params = [{}]
        if spec.example is not None:
            program.sitting.context.read(spec.example, on_done=params.append)
            settles()
        window = program.sitting.window
        window.open_page(spec.name, **params[-1], **({"part": part} if part else {}))
        settles()
        qtbot.waitUntil(lambda: window.current_page().is_whole, timeout=20_000)
        settles()

    return show


def test_every_stop_on_every_page_can_be_seen(program, shows):
    wrong, stops = [], 0
    for spec, part in VIEWS:
        shows(spec, part)
        found = walk()
        stops += len(found)
        where = "-".join(word for word in (spec.name, part) if word)
        wrong += [
            f"{where}: {stop if isinstance(stop, str) else name_of(stop)} {fault}"
            for stop, fault in found.items()
            if fault
        ]
    assert wrong == []
    assert stops >= LEAST_STOPS


def test_every_stop_of_the_first_screens_can_be_seen(look, qtbot):
    place = Proposal(Path("/d/守望数据"), "不在系统盘上。", Path("/e/守望备份"), "在另一个硬盘上。")
    window = StartWindow()
    qtbot.addWidget(window)
    window.resize(911, 432)
    with qtbot.waitActive(window):
        window.show_screen(FirstRun(Proposed(place), date(2026, 11, 22)))
    found = walk()
    assert set(found.values()) == {""}
    assert len(found) == len(("帮助", "导入花名册", "新建学校", "看演示学校", "从备份恢复", "换个地方…"))
    panel = NewSchoolPanel(window, "建好学校")
    panel.name.setText("青石坪镇中心小学")
    with qtbot.waitActive(panel):
        panel.show()
    found = walk()
    assert set(found.values()) == {""}
    assert {panel.name, panel.who, *panel.buttons.values()} <= set(found)


# ---- the walk finds what it is for ----------------------------------------------------------------------------------


class Ringless(QLabel):
    """Takes the keyboard and does not show it."""

    def __init__(self):
        super().__init__("words")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


@pytest.fixture
def window(look, qtbot):
    """`window(parts…)` shows them one below the other, the keyboard on the first."""

    kept = []

    def show(*parts):
        made = QWidget()
        kept.append(made)
        qtbot.addWidget(made)
        box = QVBoxLayout(made)
        for part in parts:
            box.addWidget(part)
        made.resize(300, 200)
        with qtbot.waitActive(made):
            made.show()
        parts[0].setFocus()
        return made

    return show


def test_the_walk_finds_a_part_without_a_ring(window):
    button, bad = Button("写入"), Ringless()
    window(button, bad)
    found = walk()
    assert found[button] == ""
    assert found[bad].startswith("wears no ring")


def test_the_walk_finds_a_part_that_is_scrolled_away_and_the_keeper_brings_it_back(window, qtbot):
    first, far = Button("上"), Button("下")
    scroll = Scroll(*(Text("一行") for _ in range(60)), far)
    window(first, scroll)
    far.setFocus()
    assert fault_of(far) == "is out of sight"
    first.setFocus()
    keeper = FocusKeeper(scroll)
    far.setFocus()
    assert fault_of(far) == ""
    assert keeper.parent() is scroll


def test_the_keyboard_does_not_rest_on_what_takes_none(window, qtbot):
    one, two, button = Button("一"), Text("没有可做的"), Button("下一个")
    stack = QStackedWidget()
    stack.addWidget(one)
    stack.addWidget(two)
    window(stack, button)
    keeper = FocusKeeper(stack)
    one.setFocus()
    stack.setCurrentWidget(two)  # Qt gives the keyboard to the page itself
    qtbot.waitUntil(button.hasFocus)
    assert keeper.parent() is stack
