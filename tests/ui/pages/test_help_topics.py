"""F1's words: every page, panel and start screen has a topic, and what a topic names really stands there."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.core.help_topics import help_topics
from app.tasks.guide import guide_words
from ui.pages import all_pages
from ui.shell.help.panel import HelpPanel
from ui.shell.help.topics import panel_topic, room_of, screen_topic
from ui.shell.start import StartScreen
from ui.widgets import Panel
from ui.widgets.cuts import cuts_of

ROOT = Path(__file__).resolve().parents[3]
PAGES = {spec.name: spec for spec in all_pages()}
SHARED = ("ui/widgets", "ui/shell", "ui/drafts", "ui/wording.py", "app/core")
"""What any page or panel may show."""
ROOMS_BEHIND = {
    "calls": ("app/calls",),
    "safety": ("app/storage",),
    "settings": ("app/school", "app/todo"),
    "statistics": ("app/statistics",),
}
"""Where words of a page come from that are data of the program."""


@cache
def words_in(place):
    """Every piece of text in the code of a folder or file, without docstrings."""
    path = ROOT / place
    found = set()
    for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(found)


def stands_in(name, places):
    return any(name in text for place in places for text in words_in(place))


def named_in(topic):
    said = "".join([topic.purpose, *(f"{what}{how}" for what, how in topic.steps)])
    return re.findall("「([^」]+)」", said)


def folder_of(module):
    parts = module.split(".")
    place = "/".join(parts[:3] if parts[1] == "pages" else parts[:2])
    return place if (ROOT / place).is_dir() else f"{place}.py"


@cache
def panels():
    for file in sorted((ROOT / "ui").rglob("*.py")):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        if not name.endswith("__main__"):
            importlib.import_module(name.removesuffix(".__init__"))
    found, waiting = [], [Panel]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += [one for one in kind.__subclasses__() if one.__module__.startswith("ui.")]
    return found


def test_every_page_has_its_topic_and_no_topic_is_left_over():
    assert set(help_topics().pages) == set(PAGES)
    for name, topic in help_topics().pages.items():
        assert topic.title == PAGES[name].caption, name
        assert len(topic.steps) >= 3, name
        assert all(what for what, _ in topic.steps), name


def test_every_panel_has_a_topic_of_its_own_kind():
    plain = {help_topics().panels["widgets.Panel"], help_topics().panels["drafts.EntryPanel"]}
    bare = [
        f"{room_of(kind)}.{kind.__name__}"
        for kind in panels()
        if panel_topic(kind) in plain and room_of(kind) not in {"widgets", "drafts"}
    ]
    assert bare == []


def test_no_topic_is_left_of_a_panel_or_screen_that_is_gone():
    known = {f"{room_of(kind)}.{kind.__name__}" for kind in panels()}
    assert set(help_topics().panels) - known == set()
    screens = {StartScreen, *StartScreen.__subclasses__()}
    assert set(help_topics().screens) == {kind.__name__ for kind in screens}
    assert screen_topic(StartScreen) is not None


@pytest.mark.parametrize("name", sorted(PAGES))
def test_what_a_pages_topic_names_stands_on_that_page(name):
    module = PAGES[name].factory.__module__
    places = (folder_of(module), *SHARED, *ROOMS_BEHIND.get(module.split(".")[2], ()))
    captions = {spec.caption for spec in PAGES.values()}
    missing = [
        word
        for word in named_in(help_topics().pages[name])
        if word not in captions and not stands_in(word, places)
    ]
    assert missing == []


def test_what_a_panels_topic_names_stands_in_it():
    captions = {spec.caption for spec in PAGES.values()}
    missing = []
    for kind in panels():
        name = f"{room_of(kind)}.{kind.__name__}"
        topic = help_topics().panels.get(name)
        if topic is None:
            continue
        places = (folder_of(kind.__module__), *SHARED, *ROOMS_BEHIND.get(room_of(kind), ()))
        missing += [
            (name, word) for word in named_in(topic) if word not in captions and not stands_in(word, places)
        ]
    for name, topic in help_topics().screens.items():
        missing += [
            (name, word) for word in named_in(topic) if not stands_in(word, ("ui/shell", "ui/widgets"))
        ]
    assert missing == []


def test_what_the_printed_guide_names_stands_in_the_program():
    named = set()
    for page in guide_words().pages:
        for block in page.blocks:
            named |= {name for name, _ in block.marks}
            said = "".join([page.title, *(text for _, text in block.marks), *block.lines])
            named |= set(re.findall("「([^」]+)」", said))
    captions = {spec.caption for spec in PAGES.values()}
    assert [
        word
        for word in sorted(named)
        if word not in captions and not stands_in(word, ("ui", "app/core", "app/storage", "app/tasks"))
    ] == []


def _keys(words):
    """「Alt+1 … 4」 as the keys it stands for."""
    span = re.fullmatch(r"(.*?)(\d) … (\d)", words)
    if span is None:
        return {_portable(words)}
    return {_portable(f"{span[1]}{digit}") for digit in range(int(span[2]), int(span[3]) + 1)}


def _portable(words):
    arrows = words.replace("↓", "Down").replace("↑", "Up").replace("←", "Left").replace("PgDn", "PgDown")
    arrows = arrows.replace("Enter", "Return")
    return QKeySequence(arrows).toString(QKeySequence.SequenceFormat.PortableText)


def _bound(page):
    keys = {
        one.key().toString(QKeySequence.SequenceFormat.PortableText) for one in page.findChildren(QShortcut)
    }
    return keys - {"F1", "Ctrl+Enter"}  # the panels' own; Enter once more, on the number pad


def test_the_keys_of_each_topic_are_the_keys_of_its_page(ledger, qtbot):
    for name, spec in PAGES.items():
        told = set().union(*(_keys(key) for key, _ in help_topics().pages[name].keys), set())
        page = spec.factory(ledger)
        if name == "settings":
            page.open_with(section="cadences")
        qtbot.addWidget(page)
        page.show()
        # Some parts, and their keys with them, are made after the first reading.
        qtbot.waitUntil(lambda page=page, told=told: page.is_whole and told <= _bound(page), timeout=10_000)
        assert _bound(page) - told == set(), name
        page.hide()


def test_every_topic_fits_the_smallest_window_and_is_read_with_the_keyboard(look, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(911, 432)
    topics = help_topics()
    for name, topic in {**topics.pages, **topics.screens, **topics.panels}.items():
        panel = HelpPanel(window, topic, with_keys=name in topics.pages, with_demo=name in topics.pages)
        qtbot.addWidget(panel)
        panel.show()
        assert cuts_of(panel) == [], name
        assert panel.height() <= window.height(), name
        inside = panel.reading.widget().height() > panel.reading.viewport().height()
        assert not inside or panel.reading.focusPolicy() & Qt.FocusPolicy.TabFocus, name
        panel.answer("close")
