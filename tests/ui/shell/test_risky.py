"""From the window: a backup stands before a large change; when there can be none, she decides."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.children.queries import load_facts
from app.core.clock import FixedClock
from app.core.errors import Cancelled
from app.dossier.service_bin import move_to_bin
from app.storage.backups import list_backups
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.ledgers import copy_ledger
from ui.shell.risky import write_after_backup

NOW = datetime(2026, 11, 21, 10, 42)


@pytest.fixture(scope="module")
def demo_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path, clock=FixedClock(NOW), children=20)
    return path


@pytest.fixture
def ledger(context, jobs, qtbot, demo_file, tmp_path):
    copy_ledger(demo_file, tmp_path / "守望.db")
    opened = []
    jobs.run(Store.open, tmp_path / "守望.db", clock=context.clock, on_done=opened.append)
    qtbot.waitUntil(lambda: bool(opened))
    context.store = opened[0]
    yield context
    closed = []
    jobs.run(opened[0].close, on_done=lambda _: closed.append(True))
    qtbot.waitUntil(lambda: bool(closed))


@pytest.fixture
def move_away(ledger, qtbot):
    """Do it and wait for the answer: `done` or `failed`."""

    def press():
        found, done, failed = [], [], []
        ledger.read(load_facts, ledger.clock.today(), only_registered=True, on_done=found.append)
        qtbot.waitUntil(lambda: bool(found))
        write_after_backup(
            ledger,
            "移走一批",
            move_to_bin,
            uuids=[child.uuid for child in found[0][:3]],
            on_done=done.append,
            on_error=failed.append,
            toast=True,
        )
        qtbot.waitUntil(lambda: bool(done or failed))
        return done, failed

    return press


def test_the_change_comes_after_its_backup(ledger, move_away):
    done, failed = move_away()
    assert done
    assert not failed
    assert len(list_backups(ledger.backup_folder)) == 1
    assert ledger.navigation.toasts[0][0].startswith("移到回收站")
    assert ledger.dialogs.asked == []


def test_without_room_for_a_backup_the_safe_answer_changes_nothing(ledger, move_away):
    ledger.backup_folder.write_text("a file where the folder should be", encoding="utf-8")
    done, failed = move_away()
    question, lines, verbs = ledger.dialogs.asked[0]
    assert question.startswith("「移走一批」以前要先备份，备份没有做成：")
    assert verbs == ("先不做", "再备份一次", "不备份，照做")
    assert "数据没有动" in lines[0]
    assert not done
    assert isinstance(failed[0], Cancelled)
    assert ledger.navigation.toasts == []


def test_going_on_without_is_her_own_word(ledger, move_away):
    ledger.backup_folder.write_text("a file where the folder should be", encoding="utf-8")
    ledger.dialogs.choices += ["again", "anyway"]
    done, failed = move_away()
    assert done
    assert not failed
    assert len(ledger.dialogs.asked) == 2
    assert ledger.done == [done[0].action_uuid], "and can be undone"
