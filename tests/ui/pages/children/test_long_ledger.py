"""A ledger too long to be worked out at once: shown first, each child's situation a little later."""

from datetime import date

import pytest

from app.children import ledger_reading
from app.children.codes import ParentsCode
from app.children.service import change_field
from app.children.service_bulk import SetBoarding, bulk_change
from app.core.clock import FixedClock
from app.dossier.service_bin import move_to_bin
from app.storage.store import Store
from app.tasks.today import due_children
from tests.ui.pages.children.conftest import DRAFTS, NOON
from ui.pages.children import loading
from ui.pages.children.filter_bar import READING
from ui.pages.children.page import LedgerPage
from ui.widgets import Menu


@pytest.fixture
def long_page(context, opened, ledger_file, qtbot, monkeypatch):
    """The page over a dozen children as over thousands, not shown yet: three in sight, four at a time."""
    for module in (ledger_reading, loading):
        monkeypatch.setattr(module, "PART", 4)
    monkeypatch.setattr(loading, "IN_SIGHT", 3)
    opened(ledger_file)
    made = LedgerPage(context)
    qtbot.addWidget(made)
    made.resize(1222, 632)
    return made


@pytest.fixture
def at_first(long_page, qtbot):
    """`at_first(act)` is what `act()` gives while only the first lines are whole; then everything is."""

    def shown(act):
        found = []
        long_page.reader.begun.connect(lambda _: found.append(act()))
        long_page.show()
        qtbot.waitUntil(lambda: long_page.reader.loaded is not None)
        assert len(found) == 1, "it came at once, so nothing was tried"
        return found[0]

    return shown


def texts(table, column):
    place = next(i for i, one in enumerate(table.model().columns) if one.key == column)
    section = table.model().first + place
    return [table.model().cell(row, section).text for row in range(len(table.rows))]


def entries(page, build):
    menu = Menu(page)
    build(menu)
    return [action.text() for action in menu.actions() if action.text()]


def test_the_list_is_there_before_everything_about_each_child_is(long_page, at_first):
    page = long_page
    names, parents, data, count, view = at_first(
        lambda: (
            texts(page.table, "name"),
            texts(page.table, "parents"),
            texts(page.table, "data"),
            page.bar.count.text(),
            page.bar.view.text(),
        )
    )
    assert names == texts(page.table, "name")
    assert len(names) == len(DRAFTS)
    assert parents == [*texts(page.table, "parents")[:3], *["…"] * 9]
    assert data == [*texts(page.table, "data")[:3], *["…"] * 9]
    assert "…" not in texts(page.table, "parents") + texts(page.table, "data")
    assert (count, view) == ("符合 12 名：男 8、女 4", "全部在册 12")
    assert page.reader.loaded.is_whole


def test_what_the_first_page_looked_at_is_not_read_again(ledger_file, monkeypatch):
    for module in (ledger_reading, loading):
        monkeypatch.setattr(module, "PART", 4)
    with Store.open(ledger_file, clock=FixedClock(NOON), read_only=True, verify=False) as store:
        day = store.clock.today()
        whole = ledger_reading.read_ledger(store, day)
        assert not loading.load_ledger(store, day).is_whole
        due_children(store)
        read = []
        monkeypatch.setattr(ledger_reading, "outlines", lambda *asked: read.extend(asked[2]) or ())
        loaded = loading.load_ledger(store, day)
    assert [row for row in loaded.rows if row.is_whole] == [row for row in whole if row.registered]
    assert len(read) == sum(not row.registered for row in whole) > 0


def test_nothing_is_counted_that_is_not_known_yet(long_page, at_first):
    page = long_page
    chips, views = at_first(
        lambda: (
            entries(page, lambda menu: page.bar._build("parents", menu)),
            entries(page, page.views.build),
        )
    )
    assert chips == [READING]
    assert views[:2] == ["全部在册\t12", "双亲留守"]
    assert entries(page, lambda menu: page.bar._build("parents", menu))[0] == "双亲\t9"
    assert entries(page, page.views.build)[1] == "双亲留守\t9"


def test_who_is_not_found_yet_is_not_said_not_to_be_there(long_page, at_first):
    page = long_page

    def look():
        page.header.search.setText("5678")
        return page.bar.count.text(), page.stack.currentWidget() is page.nobody

    assert at_first(look) == (READING, False)
    assert [row.name for row in page.table.rows] == ["邹星宇"]
    assert page.bar.count.text() == "找到 1 名，按电话尾号：男 1、女 0"


def test_a_list_asked_for_by_what_is_not_known_yet_comes_when_it_is(long_page, at_first):
    page = long_page
    page.open_with(parents=ParentsCode.ONE.value)
    rows, chip = at_first(lambda: (len(page.table.rows), page.bar.chips["parents"].choice))
    assert rows < 2
    assert chip == "…"
    assert [row.name for row in page.table.rows] == ["解思远", "单永强"]
    assert page.bar.chips["parents"].choice == "单亲"


def test_what_is_asked_for_too_early_is_done_as_soon_as_it_can_be(long_page, at_first, context):
    page = long_page
    before = at_first(lambda: (page.fill_gaps(), list(context.navigation.opened))[1])
    assert before == []
    lacking = tuple(row.uuid for row in page.table.rows if row.situation.gaps)
    assert context.navigation.opened == [("child", {"uuid": lacking[0], "among": lacking})]


def test_a_change_in_the_middle_of_the_reading_is_not_lost(long_page, qtbot):
    page = long_page
    asked = []
    page.reader.begun.connect(lambda _: asked.append(page.reader._touched.copy()))
    page.reader.begun.connect(lambda _: page.reader._touched.add("a row written meanwhile"))
    page.show()
    qtbot.waitUntil(lambda: page.reader.loaded is not None)
    assert asked == [set()]
    assert page.reader._touched == {"a row written meanwhile"}


def test_after_a_change_of_many_everything_is_read_to_its_end(long_page, qtbot, context, monkeypatch):
    """What touches more than are read one by one (an import, 改一批 over a school) reads all anew, in parts."""
    page = long_page
    page.show()
    qtbot.waitUntil(lambda: page.reader.loaded is not None)
    monkeypatch.setattr(loading, "MOST_REREAD", 2)
    everybody = tuple(row.uuid for row in page.table.rows)
    context.write(bulk_change, uuids=everybody, change=SetBoarding(True), since=context.clock.today())
    qtbot.waitUntil(lambda: not context.jobs.busy)
    assert page.reader.loaded.is_whole
    assert page.reader._touched == set()
    assert {row.situation.boards for row in page.table.rows} == {True}
    page.open_with(parents=ParentsCode.ONE.value)
    assert [row.name for row in page.table.rows] == ["解思远", "单永强"]


def test_paper_is_asked_for_everybody_who_fits_not_for_those_known_so_far(long_page, at_first, context):
    page = long_page
    page.open_with(parents=ParentsCode.BOTH.value)
    before = at_first(lambda: (page.print_files(), list(context.navigation.opened))[1])
    assert before == []
    ((name, params),) = context.navigation.opened
    assert (name, params["words"]) == ("printing", "留守：双亲")
    assert set(params["uuids"]) == {row.uuid for row in page.table.rows}
    assert len(params["uuids"]) == 9


def test_the_foot_counts_nothing_that_is_not_known_yet(long_page, at_first):
    page = long_page

    def look():
        page.table.set_ticked([row.uuid for row in page.table.rows])
        ticked = page.selection._lead.text(), page.selection.gaps.isVisibleTo(page.selection)
        page.untick()
        page.open_with(data="gaps")
        return *ticked, page.gap_bar.isVisibleTo(page.foot)

    assert at_first(look) == ("已选 12 名", False, False)
    assert page.gap_bar.isVisibleTo(page.foot)
    page.table.set_ticked([row.uuid for row in page.table.rows])
    assert page.selection.gaps.isVisibleTo(page.selection)


def test_what_was_asked_for_is_let_go_when_she_has_gone_to_another_page(long_page, at_first, context):
    page = long_page
    at_first(lambda: (page.fill_gaps(), page.hide()))
    page.show()
    page.reload()
    assert context.navigation.opened == []


def test_a_day_that_begins_in_the_middle_of_the_reading_is_the_day_that_is_shown(long_page, qtbot, context):
    page = long_page
    days = []

    def turn(loaded):
        days.append(loaded.day)
        if len(days) == 1:
            context.clock.advance(days=1)
            context.bus.day_passed.emit()

    page.reader.begun.connect(turn)
    page.show()
    qtbot.waitUntil(lambda: page.reader.loaded is not None)
    assert page.reader.loaded.is_whole
    assert days == [date(2026, 11, 21), date(2026, 11, 22)]
    assert {row.day for row in page.table.rows} == {date(2026, 11, 22)}


def test_what_is_saved_in_the_middle_of_the_reading_is_shown(long_page, qtbot, context):
    page = long_page
    gone, renamed = [], []

    def save(loaded):
        if not gone:
            gone.append(loaded.rows[-1].uuid)
            renamed.append(loaded.rows[0].uuid)
            context.write(move_to_bin, uuids=gone)
            context.write(change_field, uuid=renamed[0], field="name", value="龙婷")

    page.reader.begun.connect(save)
    page.show()
    qtbot.waitUntil(lambda: page.reader.loaded is not None and not context.jobs.busy)
    rows = {row.uuid: row for row in page.reader.loaded.rows}
    assert (gone[0] in rows, rows[renamed[0]].name) == (False, "龙婷")
    assert all(row.is_whole for row in rows.values())
