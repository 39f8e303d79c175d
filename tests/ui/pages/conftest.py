"""A page over a real ledger: the demo school, copied for each test, opened on the storage thread as the program does."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from app.core.clock import FixedClock
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.ledgers import copy_ledger
from tests.ui.whole_program import close_panels

NOW = datetime(2026, 11, 21, 10, 42)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory) -> Path:
    """A small demo school, never opened by a test itself."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path, clock=FixedClock(NOW), children=40)
    return path


@pytest.fixture
def ledger(context, jobs, qtbot, demo_file, tmp_path):
    """The context of a page over its own copy of the demo school."""
    path = tmp_path / "守望.db"
    copy_ledger(demo_file, path)
    opened: list[Store] = []
    jobs.run(Store.open, path, clock=context.clock, verify=False, on_done=opened.append)
    qtbot.waitUntil(lambda: bool(opened), timeout=10_000)
    context.store = opened[0]
    yield context
    close_panels(context.dialogs)
    closed: list[object] = []
    jobs.run(opened[0].close, on_done=lambda _: closed.append(True))
    qtbot.waitUntil(lambda: bool(closed), timeout=10_000)


@pytest.fixture
def asked(ledger, jobs, qtbot):
    """`asked(fn, …)` is the answer of `fn(store, …)`, on the storage thread."""

    def ask(fn, *args, **kwargs):
        answers: list[object] = []
        ledger.read(fn, *args, on_done=answers.append, **kwargs)
        qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
        return answers[0]

    return ask
