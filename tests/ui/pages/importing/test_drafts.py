"""What is typed about a row that waits is kept: while she looks at another one, and over a power cut."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import pytest
import shiboken6

from app.storage.drafts import box_of, first_offers
from tests.ui.pages.importing.conftest import type_chinese
from tests.ui.pages.importing.test_past_records import book, children, talk  # noqa: F401 - fixtures
from tests.ui.pages.importing.test_waiting_rows import waiting  # noqa: F401 - a fixture
from ui.drafts import Drafts, Form, page_of
from ui.pages.importing.page import ImportPage
from ui.pages.importing.pane import ADDED
from ui.pages.importing.records_page import RecordsImportPage
from ui.widgets import Link


@pytest.fixture
def drafts(ledger, asked):
    """Written down, as in the window."""
    uuid = asked(lambda store: store.db_uuid)
    made = ledger.drafts = Drafts(box_of(uuid, ledger.backup_folder), clock=ledger.clock)
    yield made
    made.shut()


@pytest.fixture
def shown():
    """`shown(page)` shows a page that may be gone before the test ends."""
    made = []

    def show(page):
        made.append(page)
        page.resize(1222, 632)
        page.show()
        return page

    yield show
    for page in made:
        if shiboken6.isValid(page):
            page.close()
            page.deleteLater()


@pytest.fixture
def page(ledger, shown):
    return shown(ImportPage(ledger))


def kept(drafts):
    drafts.flush()
    return drafts.box.read().drafts


def write_on(kind, ledger, drafts, asked, shown, settled):
    """接着写 in a window of the next day."""
    ((one,), _) = asked(first_offers, drafts.box)
    drafts.set_left((one.draft,))
    drafts.want(one.draft)
    page = shown(kind(ledger))
    page.open_with(**one.draft.where)
    settled()
    return page


def test_of_a_row_of_a_roster(drafts, ledger, waiting, asked, shown, qtbot, settled, by_name):
    first, second = waiting.parked.table.rows
    type_chinese(waiting.parked.fields["child.name"], "覃大龙")
    (draft,) = kept(drafts)
    assert (draft.form, draft.record, page_of(draft)) == (Form.WAITING_ROW, first.uuid, "importing")
    waiting.parked.step(1)
    settled()
    assert [one.record for one in drafts.left] == [first.uuid], "put by when another row is shown"
    waiting.parked.step(-1)
    settled()
    assert waiting.parked.fields["child.name"].text() == "", "offered, not put in"
    fill = next(link for link in waiting.parked.pane.findChildren(Link) if link.text() == "填进来")
    fill.click()
    assert waiting.parked.fields["child.name"].text() == "覃大龙"
    assert len(kept(drafts)) == 1

    with qtbot.waitSignal(waiting.destroyed):  # the power goes
        waiting.deleteLater()
    page = write_on(ImportPage, ledger, drafts, asked, shown, settled)
    assert page.parked.table.current_row().uuid == first.uuid
    assert page.parked.fields["child.name"].text() == "覃大龙"
    assert "覃大龙" not in by_name()
    page.parked.decide.buttons[ADDED].click()
    settled()
    assert "覃大龙" in by_name()
    assert [row.uuid for row in page.parked.table.rows] == [second.uuid]
    assert kept(drafts) == ()
    assert drafts.left == ()


def test_of_the_second_row_when_she_comes_back(drafts, ledger, waiting, asked, shown, qtbot, settled):
    waiting.parked.step(1)
    settled()
    second = waiting.parked.table.current_row()
    type_chinese(waiting.parked.fields["child.name"], "覃小虎")
    kept(drafts)
    with qtbot.waitSignal(waiting.destroyed):
        waiting.deleteLater()
    page = write_on(ImportPage, ledger, drafts, asked, shown, settled)
    assert page.parked.table.current_row().uuid == second.uuid
    assert page.parked.fields["child.name"].text().endswith("覃小虎")
    page.parked._drop.click()
    settled()
    assert kept(drafts) == ()


def test_of_a_past_record(drafts, ledger, children, shown, book, asked, qtbot, settled):
    records_page = shown(RecordsImportPage(ledger))
    records_page.open_file(book(talk("何大壮", content=""), talk("覃䶮")))
    settled()
    records_page.check.write.click()
    settled()
    records_page.open_with(part="parked")
    settled()
    (row,) = records_page.parked.table.rows
    child = next(one for one in records_page.parked._children if one.key == children["覃䶮"])
    type_chinese(records_page.parked.child, child.words)
    records_page.parked.child.leave()
    type_chinese(records_page.parked.fields["content"], "想妈妈了，睡不着")
    (draft,) = kept(drafts)
    assert (draft.form, page_of(draft)) == (Form.WAITING_RECORD, "importing_records")
    with qtbot.waitSignal(records_page.destroyed):
        records_page.deleteLater()
    page = write_on(RecordsImportPage, ledger, drafts, asked, shown, settled)
    assert page.parked.table.current_row().uuid == row.uuid
    assert page.parked.fields["content"].toPlainText() == "想妈妈了，睡不着"
    assert page.parked.child.chosen == child
    assert page.parked.write.isEnabled(), "looked at with what was filled in"
    page.parked.write.click()
    settled()
    assert page.parked.table.rows == []
    assert kept(drafts) == ()
    assert drafts.left == ()
