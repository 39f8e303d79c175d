"""A search in the texts of the records, as the list shows it: its first hits, its order, one that does not come to an end."""

from __future__ import annotations

from threading import Semaphore
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt

from app.core.messages import fault
from app.diary.text_search import TextSearch
from app.tasks.diary import save_records
from tests.ui.pages.diary.conftest import talk

WAIT = 10_000


def shown(diary):
    return diary.segment.table.rows


def test_a_search_is_literal_and_shows_its_hits(diary, settled, qtbot):
    for words, found in (("100% 河边", 1), ("第 17 段", None), ("绝没有的字", 0)):
        diary.header.search.setText(words)
        qtbot.keyClick(diary.header.search, Qt.Key.Key_Return)
        settled()
        texts = [line.text for line in shown(diary)]
        assert all(word in text for text in texts for word in words.split())
        assert found is None or len(texts) == found
    diary.header.search.clear()
    qtbot.keyClick(diary.header.search, Qt.Key.Key_Return)
    settled()
    assert len(shown(diary)) == 200


@pytest.fixture
def pieces(monkeypatch):
    """A search in pieces of 50 records, each held until it is let through; `pieces.asked` are the words of each."""
    whole, held = TextSearch._piece, Semaphore(0)
    asked = []

    def piece(self, lowest, highest):
        asked.append(self._words)
        held.acquire()
        return whole(self, lowest, highest)

    monkeypatch.setattr("app.diary.text_search._PIECE", 50)
    monkeypatch.setattr(TextSearch, "_piece", piece)
    yield SimpleNamespace(asked=asked, let=held.release)
    held.release(1000)


def words_of(diary):
    return diary.segment.bar.count.text()


def test_hits_stand_by_day_and_more_come_as_it_is_scrolled(diary, pieces, settled):
    pieces.let(1000)
    diary.segment.search("背到第")
    settled()
    days = [line.happened_on for line in shown(diary)]
    assert len(days) == 200
    assert days == sorted(days, reverse=True)
    assert diary.segment.table.current_place() == 0
    assert words_of(diary) == "找到 230 条，往下翻接着列"
    bar = diary.segment.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    settled()
    assert words_of(diary) == "找到 230 条"
    days = [line.happened_on for line in shown(diary)]
    assert days == sorted(days, reverse=True)
    assert {line.text for line in shown(diary)} == {f"背到第 {number} 段" for number in range(230)}


def test_the_first_hits_are_listed_while_the_rest_is_looked_through_and_one_word_more_ends_that(
    diary, pieces, settled, qtbot
):
    diary.segment.search("背到第")
    pieces.let()
    qtbot.waitUntil(lambda: len(shown(diary)) > 0, timeout=WAIT)
    known = len(shown(diary))
    assert known <= 50
    assert words_of(diary) == f"找到 {known} 条，还在找…"
    diary.segment.search("背到第 217")
    assert shown(diary) == []
    pieces.let(1000)
    settled()
    assert [line.text for line in shown(diary)] == ["背到第 217 段"]
    assert pieces.asked.count(["%背到第%"]) <= 2 < pieces.asked.count(["%背到第%", "%217%"])


def test_the_order_is_not_changed_beneath_who_walks_through_the_hits(diary, pieces, settled, qtbot):
    table = diary.segment.table
    diary.segment.search("背到第")
    pieces.let()
    qtbot.waitUntil(lambda: len(shown(diary)) > 0, timeout=WAIT)
    first = [line.uuid for line in shown(diary)]
    table.setFocus()
    for _ in range(3):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    pieces.let(1000)
    settled()
    assert [line.uuid for line in shown(diary)][: len(first)] == first
    assert table.current_row().uuid == first[3]
    assert words_of(diary) == "找到 230 条，往下翻接着列"


def test_hits_stay_listed_where_she_is_while_they_are_looked_for_again(diary, pieces, settled, asked, kids):
    pieces.let(1000)
    diary.segment.search("背到第")
    settled()
    bar = diary.segment.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    settled()
    place = bar.value()
    current = shown(diary)[210].uuid
    diary.segment.table.set_current(current)
    asked(save_records, drafts=[talk(kids[0].uuid, "2026-11-21", "背到第 230 段")])
    diary.segment.load()
    assert len(shown(diary)) == 230, "not emptied meanwhile"
    settled()
    assert shown(diary)[0].text == "背到第 230 段"
    assert diary.segment.table.current_row().uuid == current
    assert bar.value() >= place


def test_a_search_that_broke_off_says_so_and_goes_on_when_it_is_tried_again(
    diary, ledger, pieces, settled, monkeypatch
):
    whole, failing = TextSearch._piece, [False, True]

    def piece(self, lowest, highest):
        if failing and failing.pop(0):
            raise fault("memory.short")
        return whole(self, lowest, highest)

    monkeypatch.setattr(TextSearch, "_piece", piece)
    failed = []
    ledger.jobs.faulted.connect(failed.append)
    pieces.let(1000)
    diary.segment.search("背到第")
    settled()
    first = len(shown(diary))
    assert 0 < first <= 50
    assert words_of(diary) == f"找到 {first} 条，没有找完"
    assert ledger.dialogs.faults
    ledger.jobs.again(ledger.jobs.failed_job(failed[0]))
    settled()
    assert words_of(diary) == "找到 230 条，往下翻接着列"
