"""The first page of the day over the demo school: what is to be done leads to where it is done."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.children.codes import CareKind
from app.children.queries import load_facts
from app.children.service_care import set_care
from app.dossier.service_bin import move_to_bin
from app.storage.backups import Reason, make_backup
from app.storage.store import Store
from app.tasks.today import DueItem, DueKind
from ui import theme
from ui.pages.today.lines import lines_of
from ui.pages.today.page import TodayPage
from ui.theme import Breakpoint, Tone
from ui.widgets import Link
from ui.widgets.button import Button

WAIT = 10_000


@pytest.fixture
def page(ledger, qtbot):
    made = TodayPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    qtbot.waitUntil(lambda: bool(made.due.keys), timeout=WAIT)
    return made


def lines(page):
    return {row.key: row for group in page._lines.groups for row in group.rows}


def link(page, qtbot, words):
    """The link with these words once it is on the screen; those of before are on their way out."""
    found = []

    def is_there():
        links = page.summary.findChildren(Link)
        found[:] = [one for one in links if one.text() == words and one.isVisible()]
        return bool(found)

    qtbot.waitUntil(is_there, timeout=WAIT)
    return found[0]


def test_says_the_day_and_shows_the_urgent_first(page):
    assert page.header.fact == "11月21日　星期六　第 12 周"
    titles = [group.title for group in page._lines.groups]
    assert titles == ["要紧的", "这周可以做的"]
    assert page._lines.groups[0].tone is Tone.RED
    assert len(page.due.keys) == len(page._lines.targets)


def test_counts_are_there_before_the_children_have_been_read(ledger, qtbot):
    page = TodayPage(ledger)
    qtbot.addWidget(page)
    seen = []
    show_glance, show_children = page._show_glance, page._show_children
    page._show_glance = lambda found: (seen.append("glance"), show_glance(found))
    page._show_children = lambda found: (seen.append("children"), show_children(found))
    page.show()
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=WAIT)
    assert seen == ["glance", "children"]


def test_every_line_leads_somewhere_and_one_child_opens_its_file(page, qtbot):
    for key, target in page._lines.targets.items():
        page._go(key)
        name, params = page.context.navigation.opened[-1]
        if target.child:
            assert (name, params["uuid"]) == ("child", target.child)
            assert target.child in params["among"]
        elif name == "ledger":
            assert params["uuids"]
            assert params["words"]
        else:
            assert name in {"importing", "settings", "safety"}


@pytest.mark.parametrize("kind", DueKind)
def test_every_kind_is_shown_with_a_picture_and_leads_on(look, kind):
    for children in ((), ("a",), ("a", "b")):
        item = DueItem(kind, "张伟", "没有登记由谁照护", children=children)
        found = lines_of([item])
        (row,) = found.groups[0].rows
        assert not theme.pixmap(row.icon, row.tone, size=look.icon).isNull()
        assert row.kind
        assert row.verb
        (target,) = found.targets.values()
        about_children = kind in {DueKind.UNGUARDED, DueKind.CARER, DueKind.ID_NUMBER, DueKind.DOUBT}
        about_children |= kind in {DueKind.NUMBER, DueKind.GAPS}
        if about_children and children:
            assert target.child or target.params["words"]
        elif not children and not about_children:
            assert target.page


def test_by_keyboard_alone(page, qtbot):
    page.focus_first()
    first = page.due.keys[0]
    qtbot.keyClick(page.due.lines, Qt.Key.Key_Return)
    assert page.context.navigation.opened[-1][1].get("uuid") == page._lines.targets[first].child


def test_a_line_goes_when_its_cause_is_gone(page, qtbot, asked, ledger):
    key = next(key for key in page.due.keys if key.startswith("unguarded:"))
    uuid = page._lines.targets[key].child
    ledger.write(set_care, child_uuid=uuid, kind=CareKind.GRANDPARENTS, since="2026-11-21")
    qtbot.waitUntil(lambda: key not in page.due.keys, timeout=WAIT)


def test_the_split_foots_to_the_ledger_and_opens_the_names(page, qtbot, asked, ledger):
    everybody = asked(load_facts, ledger.clock.today(), only_registered=True)
    assert link(page, qtbot, "40 名") is not None
    uuids = [uuid for found in page._children.parents.values() for uuid in found]
    assert sorted(uuids) == sorted(child.uuid for child in everybody)

    both = page._children.parents["both_out"]
    link(page, qtbot, f"{len(both)} 名").click()
    assert page.context.navigation.opened[-1] == ("ledger", {"uuids": both, "words": "双亲外出"})


def test_what_was_done_can_be_undone_here(page, qtbot, asked, ledger):
    today = ledger.clock.today()
    child = asked(load_facts, today, only_registered=True)[0]
    ledger.write(move_to_bin, uuids=[child.uuid])
    qtbot.waitUntil(lambda: page._glance.count.total == 39, timeout=WAIT)

    assert page._glance.actions[0].words.startswith("移到回收站")
    link(page, qtbot, "撤销").click()
    qtbot.waitUntil(lambda: page._glance.count.total == 40, timeout=WAIT)
    assert asked(load_facts, today, uuids=[child.uuid]) == [child]
    assert link(page, qtbot, "取消撤销") is not None


def test_a_blocked_undo_says_why(page, qtbot, asked, ledger):
    child = next(
        one for one in asked(load_facts, ledger.clock.today(), only_registered=True) if one.care is not None
    )
    done = len(page._glance.actions)
    for kind in (CareKind.UNGUARDED, CareKind.GRANDPARENTS):
        ledger.write(set_care, child_uuid=child.uuid, kind=kind, since="2026-11-21")
    qtbot.waitUntil(lambda: len(page._glance.actions) == done + 2, timeout=WAIT)
    before = page._glance.actions[1]

    page._undo(before.uuid)
    qtbot.waitUntil(lambda: bool(page.context.dialogs.faults), timeout=WAIT)
    assert "改过" in page.context.dialogs.faults[-1][1][0]


def test_a_backup_made_meanwhile_is_seen_when_she_comes_back(page, qtbot, asked, ledger):
    assert any(key.startswith("backup:") for key in page.due.keys)
    page.hide()
    asked(make_backup, reason=Reason.BY_HAND, folder=ledger.backup_folder)
    page.show()
    qtbot.waitUntil(lambda: not any(key.startswith("backup:") for key in page.due.keys), timeout=WAIT)
    assert page._glance.backup.children == 40


def test_safety_is_one_press_away(page, qtbot):
    next(b for b in page.summary.findChildren(Button) if b.text() == "现在拷").click()
    assert page.context.navigation.opened[-1] == ("safety", {"part": "stick"})
    link(page, qtbot, "看备份").click()
    assert page.context.navigation.opened[-1] == ("safety", {"part": "backups"})


def test_enter_in_the_search_looks_in_the_ledger(page, qtbot):
    page.header.search.setFocus()
    qtbot.keyClicks(page.header.search, "zxy")
    assert page.context.navigation.opened == []
    qtbot.keyClick(page.header.search, Qt.Key.Key_Return)
    assert page.context.navigation.opened == [("ledger", {"find": "zxy"})]


def test_narrow_shows_one_part_at_a_time(page):
    page.set_breakpoint(Breakpoint.NARROW)
    assert page.due.isVisible()
    assert not page.summary.isVisible()
    page._parts.set_current("summary")
    page._arrange()
    assert page.summary.isVisible()
    assert not page.due.isVisible()


def test_an_empty_ledger_says_how_to_begin(ledger, qtbot, tmp_path, jobs):
    from app.school.service import init_school

    made = []

    def new_school():
        store = Store.create(tmp_path / "new.db", clock=ledger.clock)
        init_school(store, name="青石坪镇中心小学")
        return store

    jobs.run(new_school, on_done=made.append)
    qtbot.waitUntil(lambda: bool(made), timeout=WAIT)
    demo, ledger.store = ledger.store, made[0]
    page = TodayPage(ledger)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page._nothing, timeout=WAIT)

    ways = {button.text(): button for button in page._nothing.findChildren(Button)}
    assert list(ways) == ["导入花名册", "登记第一名", "看演示学校"]
    ways["导入花名册"].click()
    ways["登记第一名"].click()
    ways["看演示学校"].click()
    assert page.context.navigation.opened == [("importing", {}), ("ledger", {"add": True})]
    assert page.context.program.asked == [("demo", None)]

    jobs.run(made[0].close)
    ledger.store = demo
