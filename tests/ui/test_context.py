"""Reading and writing through the context, on a real file."""

import pytest
from PySide6.QtCore import QObject

from app.core.changes import Changes
from app.core.errors import UserError


class Page(QObject):
    def __init__(self):
        super().__init__()
        self.answers = []

    def show(self, answer):
        self.answers.append(answer)


@pytest.fixture
def store(context, clock, tmp_path, qtbot):
    """A new ledger, opened where it is used: on the storage thread."""
    from app.storage.store import Store

    got = []
    context.jobs.run(Store.create, tmp_path / "ledger.db", clock=clock, on_done=got.append)
    qtbot.waitUntil(lambda: bool(got))
    context.store = got[0]
    yield got[0]
    context.jobs.run(got[0].close)
    qtbot.waitUntil(lambda: not context.jobs.busy)


def add_staff(store, *, name, by):
    """One small action on a real table."""
    from app.school.tables import Staff

    with store.action(f"加了教职工 {name}", kind="staff", by=by) as action:
        action.insert(Staff, name=name)
    return action.changes({"school"})


def names(store):
    return [row[0] for row in store.rows("SELECT name FROM staff WHERE deleted_at IS NULL ORDER BY id")]


def test_a_write_is_announced_and_toasted_and_can_be_undone(context, store, qtbot):
    heard, page = [], Page()
    context.bus.changed.connect(heard.append)
    context.write(add_staff, name="李国平", on_done=page.show, toast=True)
    qtbot.waitUntil(lambda: bool(page.answers))
    changes = page.answers[0]
    assert isinstance(changes, Changes)
    assert heard == [changes]
    assert context.navigation.saved == 1
    words, undo = context.navigation.toasts[0]
    assert words == "加了教职工 李国平"
    undo()
    qtbot.waitUntil(lambda: len(heard) == 2)
    context.read(names, on_done=page.show)
    qtbot.waitUntil(lambda: len(page.answers) == 2)
    assert page.answers[1] == []


def test_ctrl_z_takes_back_one_action_after_the_other(context, store, qtbot):
    page = Page()
    assert context.undo_last() is False
    for name in ("李国平", "王秀芬"):
        context.write(add_staff, name=name, on_done=page.show)
    qtbot.waitUntil(lambda: len(page.answers) == 2)
    assert context.undo_last()
    assert context.undo_last()
    assert not context.undo_last()
    context.read(names, on_done=page.show)
    qtbot.waitUntil(lambda: len(page.answers) == 3)
    assert page.answers[2] == []


def test_who_is_entering_goes_with_the_action(context, store, qtbot):
    from app.storage.history import actions

    page = Page()
    context.entering.choose("李国平")
    context.write(add_staff, name="王秀芬", on_done=page.show)
    context.read(actions, on_done=page.show)
    qtbot.waitUntil(lambda: len(page.answers) == 2)
    assert page.answers[1][0].who == "李国平"


def test_a_refused_write_is_said_and_nothing_is_called_saved(context, store, qtbot):
    def refuse(store, *, by):
        raise UserError("staff.twice", "已经有这个名字。")

    context.write(refuse, on_done=Page().show, toast=True)
    qtbot.waitUntil(lambda: bool(context.dialogs.faults))
    assert context.navigation.saved == 0
    assert context.navigation.toasts == []
