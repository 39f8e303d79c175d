"""The real program with its real pages on a school of twelve children, and what the teacher sees of a fault."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.children.queries import load_facts
from app.children.service import add_children
from app.core.clock import FixedClock
from app.core.errors import ShouwangError
from app.core.settings import load_settings, save_settings
from app.school.service import add_staff, init_school
from app.storage.connection import APPLICATION_ID
from app.storage.store import Store
from tests.ledgers import copy_ledger
from tests.stories.conftest import (  # noqa: F401 - fixtures of the whole program
    clock,
    look,
    programs,
    qapp_args,
    settings,
    start,
    stick,
    teacher,
)
from tests.stories.messy import SCHOOL
from tests.ui.pages.children.conftest import DRAFTS, NOON
from ui.widgets import Banner, Text

WHO = "陈素兰"


@pytest.fixture(scope="session")
def school_file(tmp_path_factory) -> Path:
    """The closed ledger of the school; never opened by a test itself."""
    path = tmp_path_factory.mktemp("school") / "守望.db"
    with Store.create(path, clock=FixedClock(NOON)) as store:
        init_school(store, name=SCHOOL)
        add_staff(store, name=WHO)
        add_children(store, drafts=DRAFTS)
    return path


class Desk:
    """The program open on a ledger. ``told`` are the keys of every fault that was shown to her."""

    def __init__(self, program, teacher, clock):
        self.program = program
        self.teacher = teacher
        self.clock = clock
        self.told = []
        program.errors.shown.connect(self._note)

    def _note(self, error):
        self.told.append(error.key if isinstance(error, ShouwangError) else type(error).__name__)

    @property
    def context(self):
        return self.program.sitting.context

    @property
    def window(self):
        return self.program.sitting.window

    @property
    def page(self):
        return self.window.current_page()

    @property
    def panel(self):
        """The panel opened last."""
        return self.program.dialogs.panels[-1]

    def gives_keys_to(self, widget):
        """Bring the window to the front and the keys to a part of it: page keys are heard in an active window only."""
        self.teacher.qtbot.bring(self.window)
        widget.setFocus()
        self.teacher.waits(widget.hasFocus)

    def settles(self):
        self.teacher.settles(self.program)

    def goes_to(self, page, **params):
        return self.teacher.goes_to(self.program, page, **params)

    def presses(self, widget, words):
        self.teacher.presses(widget, words)
        self.settles()

    def opens_child(self, name):
        """Show the file of the child with this name."""
        self.window.open_child(self.uuid_of(name))
        self.settles()
        assert self.page.sections, "all of the form, not only what is in sight"
        return self.page

    def uuid_of(self, name):
        return next(child.uuid for child in self.children() if child.name == name)

    def asks(self, fn, *args, **kwargs):
        """The answer of ``fn(store, …)``, on the storage thread."""
        answers = []
        self.context.read(fn, *args, on_done=answers.append, **kwargs)
        self.teacher.waits(lambda: bool(answers))
        return answers[0]

    def children(self):
        """The facts of every child, in the ledger's order."""
        return list(self.asks(load_facts, self.clock.today()))

    def names(self):
        return sorted(child.name for child in self.children())

    def actions(self):
        """How many actions the ledger has kept."""
        return self.asks(lambda store: store.one("SELECT count(*) FROM action")[0])

    @contextmanager
    def disk_is_slow(self):
        """Nothing that is asked of the storage thread is done before the block has ended."""
        gate = threading.Event()
        self.context.jobs.run(gate.wait)
        try:
            yield
        finally:
            gate.set()
        self.settles()

    def banners(self):
        """What the coloured bars over the page say."""
        return [
            " ".join(text.text() for text in banner.findChildren(Text))
            for banner in self.window.findChildren(Banner)
            if banner.isVisibleTo(self.window)
        ]

    def reads(self, widget=None):
        """Every text she can see."""
        return self.teacher.reads(widget or self.window)

    def leaves(self):
        """Close the window as she does, with the backup of the evening."""
        with self.teacher.qtbot.waitSignal(self.program.left, timeout=20_000):
            self.window.close()


@pytest.fixture
def folders(settings, school_file, tmp_path):
    """The usual place of a school that was set up some time ago: (ledger, backups)."""
    data, backups = tmp_path / "守望数据", tmp_path / "备份"
    data.mkdir()
    backups.mkdir()
    copy_ledger(school_file, data / "守望.db")
    chosen = replace(load_settings(settings), data_folder=data, backup_folder=backups, who=WHO)
    save_settings(settings, chosen)
    return data / "守望.db", backups


@pytest.fixture
def begins(folders, start, teacher, clock):
    """`begins()` starts the program and does not wait for what comes of it."""
    return lambda path=None: Desk(start(path), teacher, clock)


@pytest.fixture
def sits(begins, teacher):
    """`sits()` starts the program and waits until the ledger is open and everything is shown."""

    def sit(path=None):
        made = begins(path)
        teacher.sits(made.program)
        return made

    return sit


@pytest.fixture
def desk(sits):
    """The program, open on the usual ledger."""
    return sits()


@pytest.fixture
def whole():
    """`whole(path, names)`: the closed file opens, is sound, and holds each of these children exactly once."""

    def look_into(path, names=()):
        with Store.open(path, clock=FixedClock(NOON), read_only=True) as store:
            assert store.one("PRAGMA application_id") == (APPLICATION_ID,)
            assert store.rows("PRAGMA integrity_check") == [("ok",)]
            assert store.rows("PRAGMA foreign_key_check") == []
            found = [name for (name,) in store.rows("SELECT name FROM child WHERE deleted_at IS NULL")]
        for name in names:
            assert found.count(name) == 1, "each record there once"
        return found

    return look_into
