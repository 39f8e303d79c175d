"""The counsellor is called away: what she typed is locked and kept sealed, offered next time, and readable nowhere."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.core.clock import FixedClock
from app.core.paths import private_folder
from app.diary import sealing
from app.diary.counselling import note_heads, open_note, unlock
from app.storage.store import Store
from app.tasks.demo import make_demo
from ui.offers import ON, OffersPanel

PASSPHRASE = "石榴树下的秘密"
SAID = "她说夜里害怕，奶奶睡着以后一个人哭"


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch):
    monkeypatch.setattr(sealing, "COST", 4)


def typed(field, words):
    event = QInputMethodEvent()
    event.setCommitString(words)
    field.setFocus()
    QApplication.sendEvent(field, event)


def readable_in(*folders):
    return [
        path.name
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and SAID.encode() in path.read_bytes()
    ]


def test_a_note_is_begun_locked_offered_again_and_saved(start, teacher, tmp_path, clock):
    path = tmp_path / "data" / "守望.db"
    path.parent.mkdir()
    make_demo(path, clock=FixedClock(datetime(2026, 11, 20, 9, 0)), children=14)
    path.with_name("守望.db.lock").unlink(missing_ok=True)
    program = start(path)
    teacher.sits(program)
    page = teacher.goes_to(program, "diary", part="counselling")
    part = page.segment
    new = part.locked.new
    typed(new.first, PASSPHRASE)
    typed(new.second, PASSPHRASE)
    teacher.presses(part.locked, "设口令，打印恢复单")
    teacher.waits(lambda: part.papers.preview is not None)
    part.papers.panel.answer("close")
    teacher.settles(program)

    with Store.open(path, clock=clock, read_only=True) as store:
        child = store.one("SELECT uuid FROM child WHERE deleted_at IS NULL ORDER BY id")[0]
    page = teacher.goes_to(program, "diary", part="counselling", child=child)
    typed(part.form.texts["course"], SAID)
    teacher.goes_to(program, "ledger")
    assert part.key is None, "another page is in front: it is locked"
    assert part.form is None
    teacher.closes(program)
    assert readable_in(tmp_path, private_folder()) == []

    again = start(path)
    teacher.sits(again)
    teacher.waits(lambda: any(isinstance(panel, OffersPanel) for panel in again.dialogs.panels))
    offer = next(panel for panel in again.dialogs.panels if isinstance(panel, OffersPanel))
    words = teacher.reads(offer)
    assert "一次心理疏导" in words
    assert SAID not in words
    offer.answer(ON)
    teacher.settles(again)
    part = again.sitting.window.current_page().segment
    typed(part.locked.passphrase, PASSPHRASE)
    teacher.presses(part.locked, "打开")
    teacher.waits(lambda: part.form is not None)
    assert part.form.texts["course"].toPlainText() == SAID
    teacher.presses(part.form, "存上")
    teacher.waits(lambda: part.form is None)
    teacher.settles(again)
    teacher.closes(again)

    assert readable_in(tmp_path, private_folder()) == []
    with Store.open(path, clock=clock, read_only=True) as store:
        (head,) = note_heads(store)
        assert open_note(store, key=unlock(store, PASSPHRASE), uuid=head.uuid).texts["course"] == SAID
