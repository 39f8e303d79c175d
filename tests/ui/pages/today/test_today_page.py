"""The first page of the day over the demo school: what is to be done leads to where it is done."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.children.codes import CareKind
from app.children.queries import load_facts
from app.children.service_care import set_care
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft, draft_uuid
from app.dossier.service_bin import move_to_bin
from app.pairing.codes import Guidance
from app.storage.backups import Reason, make_backup
from app.storage.store import Store
from app.tasks.diary import save_record
from app.tasks.glance import DueItem, DueKind
from app.tasks.today import DueChildren
from app.todo.board import board_of
from app.todo.forms import paper_forms
from app.todo.queries import DueList
from app.todo.rules import DueKind as RuleKind
from app.todo.rules import State
from app.todo.service_forms import FormDraft
from tests.printed_forms import print_forms
from ui import theme
from ui.pages.today.lines import lines_of
from ui.pages.today.page import TodayPage
from ui.theme import Breakpoint, Tone
from ui.widgets import Link, Rule, Text, cuts
from ui.widgets.button import Button

WAIT = 10_000
RAIL = 144
PAGES = {
    "calls",
    "importing",
    "settings",
    "safety",
    "pairing",
    "supporter",
    "supporter_handover",
    "paper_forms",
    "diary",
}


@pytest.fixture
def hers(monkeypatch):
    """The ledger stands for her own: nothing is asked of invented data."""
    monkeypatch.setattr("app.tasks.glance.is_demo", lambda _store: False)


@pytest.fixture
def page(ledger, qtbot):
    made = TodayPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    qtbot.waitUntil(lambda: made._children is not None and bool(made.listed.due.keys), timeout=WAIT)
    return made


def lines(page):
    return {row.key: row for group in page.listed.lines.groups for row in group.rows}


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
    titles = [group.title for group in page.listed.lines.groups]
    assert titles == ["要紧的", "已过期", "本周到期", "下周", "资料和数据"]
    assert [group.tone for group in page.listed.lines.groups[:2]] == [Tone.RED, Tone.RED]
    assert page.listed.lines.groups[2].fact.startswith("到 11月22日，")
    assert len(page.listed.due.keys) == len(page.listed.lines.targets)


def test_what_is_due_is_there_before_the_children_have_been_read(ledger, qtbot):
    page = TodayPage(ledger)
    qtbot.addWidget(page)
    seen = []
    for name in ("_show_glance", "_show_work", "_show_children"):
        own = getattr(page, name)
        setattr(page, name, lambda found, name=name, own=own: (seen.append(name), own(found)))
    page.show()
    qtbot.waitUntil(lambda: len(seen) == 3, timeout=WAIT)
    assert seen == ["_show_glance", "_show_work", "_show_children"]


def test_every_line_leads_somewhere_and_one_child_opens_its_file(page, qtbot):
    for key, target in page.listed.lines.targets.items():
        page._go(key)
        name, params = page.context.navigation.opened[-1]
        if target.child:
            assert (name, params["uuid"]) == ("child", target.child)
            assert target.child in params["among"]
        elif name == "ledger":
            assert params["uuids"]
            assert params["words"]
        elif name == "record":
            assert params["child"] in params["among"]
            assert params["why"]
        else:
            assert name in PAGES


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
    first = page.listed.due.keys[0]
    qtbot.keyClick(page.listed.due.lines, Qt.Key.Key_Home)
    qtbot.keyClick(page.listed.due.lines, Qt.Key.Key_Return)
    assert page.context.navigation.opened[-1][1].get("uuid") == page.listed.lines.targets[first].child


def test_a_line_goes_when_its_cause_is_gone(page, qtbot, asked, ledger):
    key = next(key for key in page.listed.due.keys if key.startswith("unguarded:"))
    uuid = page.listed.lines.targets[key].child
    ledger.write(set_care, child_uuid=uuid, kind=CareKind.GRANDPARENTS, since="2026-11-21")
    qtbot.waitUntil(lambda: key not in page.listed.due.keys, timeout=WAIT)


def test_the_four_guidances_foot_to_the_ledger_and_open_who_lacks_them(page, qtbot, asked, ledger):
    everybody = {child.uuid for child in asked(load_facts, ledger.clock.today(), only_registered=True)}
    assert link(page, qtbot, "在册 40 名") is not None
    found = page._work.coverage
    assert found.children == 40
    for guidance in Guidance:
        assert found.covered(guidance) + len(found.without[guidance]) == 40
        assert set(found.without[guidance]) <= everybody
    neither = found.neither_mind_nor_conduct
    link(page, qtbot, "看名单").click()
    expected = {"uuids": neither, "words": "心理、行为一次都没有"}
    assert page.context.navigation.opened[-1] == ("ledger", expected)


def due_key(page, kind, start="cadence:talk:"):
    return next(key for key in page.listed.due.keys if key.startswith(start) and key.endswith(f":{kind}"))


def test_a_due_talk_opens_the_entry_form_with_the_reason(page, qtbot):
    key = due_key(page, "overdue")
    page.listed.due.lines.make_current(key)
    page.listed.due.setFocus()
    qtbot.keyClick(page.listed.due.lines, Qt.Key.Key_Return)
    name, params = page.context.navigation.opened[-1]
    assert (name, params["kind"]) == ("record", "talk")
    assert params["why"].startswith("每周谈心一次：")
    assert page.entry_params() == params, "Ctrl+N begins with the line that has the ring"
    row = lines(page)[key]
    assert row.late
    assert row.left.startswith("已过 ")


def test_a_record_takes_its_line_away(page, qtbot, asked, ledger):
    key = due_key(page, "this_week")
    child = page.listed.lines.targets[key].params["child"]
    draft = RecordDraft(
        uuid=draft_uuid(), children=(child,), kind=Activity.TALK, happened_on="2026-11-20", content="谈了谈"
    )
    before = page._work.done.get("talk", 0)
    ledger.write(save_record, draft=draft)
    qtbot.waitUntil(lambda: key not in page.listed.due.keys, timeout=WAIT)
    qtbot.waitUntil(lambda: page._work.done.get("talk", 0) == before + 1, timeout=WAIT)


def test_chips_and_people_narrow_the_list_and_tell_their_counts(page, qtbot):
    due = page._work.due.items
    present = [item for item in due if item.state in (State.OVERDUE, State.THIS_WEEK)]
    chips = {key: count for key, _, count in page.listed.filters._chips}
    assert chips["all"] == len(present) + chips["files"]
    numbers = {group.title: int(re.findall(r"(\d+) 项", group.fact)[0]) for group in page.listed.lines.groups}
    ahead = [group for group in page.listed.lines.groups if group.fact.endswith("，不算在要办的里")]
    assert "下周" in {group.title for group in ahead}
    assert sum(numbers.values()) == len(due) + chips["files"]
    assert chips["all"] == sum(numbers.values()) - sum(numbers[group.title] for group in ahead)
    assert chips["talk"] == sum(
        item.activity == "talk" and item.kind is not RuleKind.PROMISE for item in present
    )

    page.listed.filters._choose("promise")
    assert page.listed.due.keys
    assert all(key.startswith("promise:") for key in page.listed.due.keys)
    page.listed.filters._choose("all")
    name = next(item.supporter for item in present if item.supporter)
    page.listed.filters._choose_person(name)
    of_hers = [item for item in present if item.supporter == name]
    assert {key: count for key, _, count in page.listed.filters._chips}["all"] == len(of_hers)
    assert {row.who for row in lines(page).values()} <= {name, ""}
    assert not any(group.title in {"要紧的", "资料和数据"} for group in page.listed.lines.groups)
    page.listed.filters.people.cleared.emit()
    assert any(group.title == "要紧的" for group in page.listed.lines.groups)


def test_many_lines_come_a_part_at_a_time(page):
    due = [
        item for item in page._work.due.items if item.kind is RuleKind.CADENCE and item.state is State.OVERDUE
    ]
    many = [due[0]._replace(child_uuid=str(number)) for number in range(200)]
    found = lines_of([], board_of(many), most=60)
    assert (len(found.targets), found.hidden) == (60, 140)
    assert found.groups[0].fact == "200 项"
    # One more is listed instead of being counted.
    assert lines_of([], board_of(many[:61]), most=60).hidden == 0
    assert lines_of([], board_of(many[:62]), most=60).hidden == 2


def test_a_call_that_is_due_leads_to_the_calls(page):
    """Whatever its child, a duty of the calls is logged there and not in the diary."""
    due = next(item for item in page._work.due.items if item.kind is RuleKind.CADENCE)
    found = lines_of([], board_of([due._replace(activity="call", rule="每周亲情电话一次")]), as_of=due.as_of)
    ((row,),) = [group.rows for group in found.groups]
    assert (row.kind, row.verb) == ("亲情电话", "打电话")
    assert found.targets[row.key].page == "calls"
    assert found.targets[row.key].params == {"child": due.child_uuid}


def test_papers_that_are_out_are_told_of_also_when_nothing_is_due(page, ledger):
    """They may be of children who left: nothing waits for them, and they are still out there."""
    page._glance = replace(page._glance, items=())
    page._children = DueChildren(())
    nothing = DueList(page._work.due.as_of, ())
    page._work = replace(page._work, due=nothing, board=board_of(()), forms=2)
    page._show_due()
    assert page._stack.currentWidget() is page._nothing
    (way,) = [one for one in page._nothing.findChildren(Link) if one.text() == "待回收的周纸单 2 张"]
    way.click()
    assert ledger.navigation.opened[-1] == ("paper_forms", {})


def test_the_keyboard_goes_to_the_neighbour_of_a_line_that_was_done(page, qtbot, ledger):
    """Not back to the first line: she goes on down the list."""
    talks = [key for key, to in page.listed.lines.targets.items() if to.params.get("kind") == "talk"]
    done = talks[len(talks) // 2]
    keys = page.listed.due.keys
    page.listed.due.lines.make_current(done)
    target = page.listed.lines.targets[done].params
    draft = RecordDraft(
        uuid=draft_uuid(),
        children=(target["child"],),
        kind=Activity.TALK,
        happened_on="2026-11-21",
        content="说了一会儿话",
        follows_uuid=target.get("follows"),
    )
    ledger.write(save_record, draft=draft)
    qtbot.waitUntil(lambda: done not in page.listed.due.keys, timeout=WAIT)
    after = [key for key in keys[keys.index(done) + 1 :] if key in page.listed.due.keys]
    assert page.listed.due.current == after[0]
    assert ledger.undo_last()
    qtbot.waitUntil(lambda: done in page.listed.due.keys, timeout=WAIT)
    assert page.listed.due.current == done, "what was taken back has the ring again"
    page.listed.filters.kind = "home_visit"
    page.listed._filtered()
    assert page.listed.due.current == page.listed.due.keys[0], "another list begins at its head"


def test_a_code_in_the_search_opens_child_and_form(page, qtbot, asked, ledger):
    uuid = next(item.child_uuid for item in page._work.due.items if item.child_uuid)
    ledger.write(print_forms, drafts=[FormDraft(child_uuid=uuid, activity="talk", why="每周谈心一次")])
    qtbot.waitUntil(lambda: bool(asked(paper_forms)), timeout=WAIT)
    (form,) = asked(paper_forms)
    page.header.search.setFocus()
    qtbot.keyClicks(page.header.search, form.code.lower())
    qtbot.keyClick(page.header.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.context.navigation.opened[-1:] != [], timeout=WAIT)
    expected = {"child": uuid, "kind": "talk", "paper": form.code, "why": "每周谈心一次"}
    assert page.context.navigation.opened[-1] == ("record", expected)


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


def test_a_backup_made_meanwhile_is_seen_when_she_comes_back(hers, page, qtbot, asked, ledger):
    assert any(key.startswith("backup:") for key in page.listed.due.keys)
    page.hide()
    asked(make_backup, reason=Reason.BY_HAND, folder=ledger.backup_folder)
    page.show()
    qtbot.waitUntil(lambda: not any(key.startswith("backup:") for key in page.listed.due.keys), timeout=WAIT)
    assert page._glance.backup.children == 40


def test_the_day_after_what_is_due_then_stands_there_though_nobody_touched_the_page(page, qtbot, ledger):
    before = page._work.due
    ledger.clock.advance(days=3)
    ledger.bus.day_passed.emit()
    ledger.bus.day_passed.emit()
    qtbot.waitUntil(lambda: page._work.due.as_of > before.as_of, timeout=WAIT)
    qtbot.waitUntil(lambda: not ledger.jobs.busy, timeout=WAIT)
    assert "11月24日" in page.header.fact
    assert len(page._work.due.of(State.OVERDUE)) > len(before.of(State.OVERDUE))


def test_the_demo_school_alarms_nobody_about_its_backups(page):
    assert not any(key.split(":")[0] in {"backup", "stick", "drill"} for key in page.listed.due.keys)
    said = " ".join(text.text() for text in page.summary.findChildren(Text) if text.isVisible())
    assert "演示数据是编的，不用备份" in said
    assert "还没有" not in said.partition("数据安全")[2]
    assert not any(b.text() == "现在拷" for b in page.summary.findChildren(Button) if b.isVisible())


def test_letters_buttons_and_rules_of_the_summary_end_at_one_edge(hers, page, qtbot):
    """A link keeps room for its ring beyond its letters."""
    link(page, qtbot, "看备份")

    def edge(widget):
        beyond = theme.metrics().s4 if isinstance(widget, Link) else 0
        return widget.mapTo(page, widget.rect().bottomRight()).x() - beyond

    def is_even():
        ends = [
            one for kind in (Link, Rule, Button) for one in page.summary.findChildren(kind) if one.isVisible()
        ]
        kinds = {type(one) for one in ends}
        return kinds == {Link, Rule, Button} and len({edge(one) for one in ends}) == 1

    qtbot.waitUntil(is_even, timeout=WAIT)


def test_safety_is_one_press_away(hers, page, qtbot):
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
    assert page.header.search.text() == "", "back here, nothing is searched for"


def test_narrow_shows_one_part_at_a_time(page):
    page.set_breakpoint(Breakpoint.NARROW)
    assert page.listed.due.isVisible()
    assert not page.summary.isVisible()
    page._parts.set_current("summary")
    page._arrange()
    assert page.summary.isVisible()
    assert not page.listed.due.isVisible()


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
    qtbot.waitUntil(ways["导入花名册"].isVisible, timeout=WAIT)
    page.focus_first()
    assert page.focusWidget() is ways["导入花名册"], "the likeliest way, not what stands at the foot"
    ways["导入花名册"].click()
    ways["登记第一名"].click()
    ways["看演示学校"].click()
    assert page.context.navigation.opened == [("importing", {}), ("ledger", {"add": True})]
    assert page.context.program.asked == [("demo", None)]

    jobs.run(made[0].close)
    ledger.store = demo


@pytest.mark.parametrize("window", [1110, 1170, 1240, 1366])
def test_the_chips_are_whole_in_every_window_that_has_the_summary_beside_them(page, window):
    page.resize(window - RAIL, 656)
    assert chips_cut(page) == []
    assert window < 1366 or page.listed.filters.printing.text() == "打印本周纸单…"
    page.listed.filters._choose_person(page.listed.filters._people[0][0])
    assert chips_cut(page) == []
    page.listed.filters._choose_person("")
    folded = page.listed.filters._chips[len(page.listed.filters._own()) :]
    page.listed.filters._choose(folded[-1][0])
    assert page.listed.filters.more.choice == folded[-1][1], "what is folded away is chosen from the menu"
    assert chips_cut(page) == []


def chips_cut(page):
    """What is cut in the bar above what is due, once everything in it has its place."""
    QApplication.processEvents()
    with cuts.recording():
        page.grab()
        return cuts.cuts_of(page.listed.filters)
