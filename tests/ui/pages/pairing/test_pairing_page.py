"""She deals children out: by suggestion, by mouse, by keyboard; nothing is written before it is accepted."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractButton

from app.pairing.codes import Identity, PairingKind
from app.pairing.facts import CheckState
from app.pairing.queries import pairs, supporters, unpaired
from app.pairing.service_pairs import pair
from app.pairing.suggest import Proposal
from tests.ui.pages.pairing.conftest import LONG, WAIT, drop, type_in
from ui import theme
from ui.pages.pairing import squares
from ui.pages.pairing.draft import BY_HAND, Draft
from ui.pages.pairing.giving import MovePanel, UncheckedPanel
from ui.pages.pairing.squares import Load
from ui.pages.pairing.supporters import columns
from ui.theme import Breakpoint
from ui.widgets import DataTable
from ui.widgets.cuts import cuts_of, recording


@pytest.fixture
def suggested(page, settles, qtbot):
    """The page with a suggestion for everybody."""
    page.foot.suggest.click()
    qtbot.waitUntil(lambda: bool(page.draft), timeout=WAIT)
    settles()
    return page


def place_of(page, name):
    return next(i for i, line in enumerate(page.table.rows) if line.name == name)


def test_a_suggestion_is_accepted_in_part_and_taken_back(suggested, asked, school, settles):
    page, today = suggested, school.clock.today()
    alone = asked(unpaired, today)
    dealt = {line.key for line in page.children_list.lines if line.to}
    assert dealt
    assert dealt <= {child.uuid for child in alone}
    assert not asked(pairs, today), "a draft writes nothing"
    assert sum(line.load.coming for line in page.table.rows) == len(dealt)

    left_out = next(key for key, one in page.draft.proposals.items() if not one.family)
    page.children_list.setFocus()
    page.children_list.inner.toggle(page.children_list.inner.place(left_out))
    assert page.foot.accept.text() == f"接受勾选的 {len(dealt) - 1} 名"
    page.foot.accept.click()
    settles()

    written = asked(pairs, today)
    assert {one.child_uuid for one in written} == dealt - {left_out}
    assert {one.valid_from for one in written} == {today.isoformat()}
    assert left_out in {line.key for line in page.children_list.lines}
    assert set(page.draft.proposals) == {left_out}, "what was not accepted is still proposed"
    assert page.foot.lead.text() == "草稿里还有 1 名没有接受。"

    assert school.undo_last()
    settles()
    assert not asked(pairs, today)
    assert len(page.children_list.lines) == len(alone)


def test_a_child_dropped_on_a_supporter_is_only_proposed(page, asked, school, settles):
    key = page.children_list.lines[2].key
    drop(page.table, key, 1)

    person = page.table.rows[1]
    line = next(one for one in page.children_list.lines if one.key == key)
    assert (line.to, line.why) == (person.name, BY_HAND)
    assert person.load == Load(0, 1, person.load.most)
    assert not asked(pairs, school.clock.today())

    page.foot.accept.click()
    settles()
    assert [(one.child_uuid, one.key) for one in asked(pairs, school.clock.today())] == [
        (key, page.table.rows[1].uuid)
    ]


def test_a_child_is_lifted_and_given_with_the_keyboard_alone(page, qtbot):
    page.children_list.setFocus()
    lines = page.children_list.inner
    qtbot.keyClick(lines, Qt.Key.Key_Down)
    key = page.children_list.current
    qtbot.keyClick(lines, Qt.Key.Key_Return)
    assert page.table.hasFocus()
    assert "交给谁" in page.foot.lead.text()

    qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    assert lines.hasFocus()
    assert not page.draft

    qtbot.keyClick(lines, Qt.Key.Key_Return)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    given_to = page.table.current_row().uuid
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.draft.proposals[key].key == given_to
    assert lines.hasFocus()
    assert page.children_list.current == key


def test_without_a_check_the_reason_is_asked_for_first(page, asked, school, settles, qtbot):
    drop(page.table, page.children_list.lines[0].key, place_of(page, LONG))
    page.foot.accept.click()
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, UncheckedPanel)
    panel.buttons["save"].click()
    assert not asked(pairs, school.clock.today()), "nothing is written without the reason"

    type_in(panel.reason, "已申请，结果未回")
    panel.buttons["save"].click()
    settles()
    (written,) = asked(pairs, school.clock.today())
    assert written.supporter == LONG
    assert written.unchecked_reason == "已申请，结果未回"


def test_a_child_with_a_supporter_goes_to_another_one(page, asked, school, settles):
    child = page.children_list.lines[0].key
    first, second = [line for line in page.table.rows if line.check is CheckState.VALID][:2]
    asked(pair, child_uuid=child, kind=PairingKind.SUPPORT_TEACHER, key=first.uuid, since="2026-09-01")
    page.load()
    settles()
    page.side.sides.set_current("paired")
    page.side.switched.emit("paired")
    (line,) = page.children_list.lines
    assert line.to == first.name

    drop(page.table, line.key, place_of(page, second.name))
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, MovePanel)
    panel.buttons["save"].click()
    settles()
    (now,) = asked(pairs, school.clock.today())
    assert (now.child_uuid, now.key) == (child, second.uuid)
    assert school.undo_last()
    settles()
    assert [one.key for one in asked(pairs, school.clock.today())] == [first.uuid]


def test_the_search_narrows_both_lists_and_keeps_the_ticks(suggested):
    page = suggested
    ticked = set(page.draft.ticked)
    page.header.search.setText(page.children_list.lines[0].name)
    page._fill()
    assert len(page.children_list.lines) < len(ticked)
    assert page.draft.ticked == ticked
    page.header.search.setText("没有这样的人")
    page._fill()
    assert not page.children_list.lines
    assert page.side._nobody.isVisible()


def test_in_a_narrow_window_everything_has_its_room(suggested, qtbot, settles):
    page = suggested
    page.resize(831, 388)
    page.set_breakpoint(Breakpoint.NARROW)
    settles()
    counts = [len(page._loaded.waiting), len(page._loaded.pairs), len(page._loaded.supporters)]
    words = [button.text() for button in page._parts.findChildren(QAbstractButton)]
    assert words == [
        f"没有结对 {counts[0]} 名",
        f"已结对 {counts[1]} 对",
        f"帮扶人 {counts[2]} 位",
    ]
    assert counts[0]
    assert counts[2]
    for part in ("waiting", "paired", "people"):
        page._parts.set_current(part)
        page._part_changed(part)
        settles()
        assert not [cut for cut in cuts_of(page) if not cut.where.startswith("cell 从业")]


def test_what_is_dealt_by_hand_stays_when_a_suggestion_comes():
    draft = Draft()
    one, other = (_proposal(child, "李国平") for child in ("a", "b"))
    draft.give(_proposal("a", "王秀芬"))
    draft.ticked.discard("a")
    draft.suggest([one, other], words="把 2 名分给 1 位。")
    assert {key: one.supporter for key, one in draft.proposals.items()} == {"a": "王秀芬", "b": "李国平"}
    assert draft.ticked == {"b"}
    assert draft.by_hand == 1

    draft.keep_only({"a"}, {"王秀芬"})
    assert set(draft.proposals) == {"a"}
    draft.clear()
    assert not draft


@pytest.mark.parametrize(
    ("load", "words"),
    [(Load(2, 1, 5), "2 + 1"), (Load(5, 0, 5), "5"), (Load(5, 2, 5), "5 + 2，超 2"), (Load(9), "9")],
)
def test_a_load_says_how_many_are_too_many(load, words):
    assert load.words == words


@pytest.mark.parametrize(
    ("load", "dense", "filled", "outlined"),
    [
        (Load(3), False, 3, 0),
        (Load(3), True, 3, 0),
        (Load(8, 0, 10), True, 8, 2),
        (Load(8, 2, 10), False, 8, 2),
        (Load(17), False, 0, 0),
        (Load(10, 2, 10), True, 0, 0),
    ],
)
def test_a_load_is_drawn_as_squares_where_they_fit(look, monkeypatch, load, dense, filled, outlined):
    """Full ones in ink, room and proposals as outlines; beyond what the eye counts or the cell holds, the figure alone."""
    drawn = []
    monkeypatch.setattr(squares.paint, "draw_box", lambda *_, **how: drawn.append(how["border"]))
    picture = QImage(200, 44, QImage.Format.Format_RGB32)
    column = next(one for one in columns(date(2026, 11, 20), 10) if one.key == "load")
    painter = QPainter(picture)
    with recording() as cuts:
        width = DataTable([column]).column_width(column) - 2 * theme.metrics().cell_pad
        squares.paint_load(painter, QRect(0, 0, width, 44), load, dense=dense)
    painter.end()
    assert cuts == []
    assert (drawn.count(None), len(drawn) - drawn.count(None)) == (filled, outlined)


def _proposal(child, name):
    return Proposal(
        child_uuid=child,
        child=child,
        class_name="",
        kind=PairingKind.SUPPORT_TEACHER,
        key=name,
        supporter=name,
        reason=f"只带 {date(2026, 11, 1).month} 名",
    )


def test_all_columns_stand_beside_the_children_at_1366(page, qtbot):
    qtbot.waitUntil(lambda: page.table.viewport().width() > 0)
    assert page.table.horizontalScrollBar().maximum() == 0


# ---- pairs that are there are dealt out anew only when she asks -----------------------------------------------------


@pytest.fixture
def lopsided(page, asked, school, settles):
    """One teacher has five children, and everybody else of the kind none; nobody waits."""
    today = school.clock.today()
    teacher = next(one for one in asked(supporters, today) if one.identity is Identity.STAFF)
    children = asked(unpaired, today)[:5]
    for child in children:
        asked(
            pair, child_uuid=child.uuid, kind=PairingKind.SUPPORT_TEACHER, key=teacher.key, since="2026-09-01"
        )
    page.reload()
    settles()
    return teacher


def test_an_ordinary_suggestion_leaves_the_pairs_alone(lopsided, page, qtbot, settles):
    page.foot.suggest.click()
    qtbot.waitUntil(lambda: bool(page.draft), timeout=WAIT)
    assert page.draft.moves == ()


def test_existing_pairs_are_moved_only_when_she_asks_and_only_as_a_draft(
    lopsided, page, asked, school, settles, qtbot
):
    today = school.clock.today()
    before = asked(pairs, today)
    page._ask_to_move()
    question, lines, verbs = school.dialogs.asked[-1]
    assert question == "已有的 5 对帮扶教师也放进来一起排？"
    assert "什么都不改" in lines[1]
    assert verbs[0] == "先不动"
    assert not page.draft, "the safe answer deals nothing out"

    school.dialogs.choices.append("deal")
    page._ask_to_move()
    qtbot.waitUntil(lambda: bool(page.draft), timeout=WAIT)
    settles()
    assert asked(pairs, today) == before
    moves = {one.child_uuid: one for one in page.draft.moves}
    assert 0 < len(moves) < 5, "who need not move stays"
    assert "名换人" in page.foot.lead.text()
    shown = {line.key: line for line in page.children_list.lines}
    assert all(f"换人，现在是{lopsided.name}" in shown[child].why for child in moves)
    line = next(line for line in page.table.rows if line.uuid == lopsided.key)
    assert line.load.has == 5 - len(moves)

    child = next(iter(moves))
    other = next(
        line
        for line in page.table.rows
        if line.facts is not None
        and not line.facts.needs_reason
        and line.uuid not in {lopsided.key, moves[child].key}
    )
    drop(page.table, child, page.table.rows.index(other))
    assert page.draft.proposals[child].key == other.uuid
    assert page.draft.proposals[child].replaces == moves[child].replaces

    page.foot.accept.click()
    settles()
    after = {one.child_uuid: one.key for one in asked(pairs, today)}
    assert after[child] == other.uuid
    assert all(after[uuid] != lopsided.key for uuid in moves)
    assert school.undo_last()
    settles()
    assert asked(pairs, today) == before


def test_a_colleague_is_added_where_the_staff_is_kept(page):
    words = [action.text() for action in page._more.menu().actions()]
    assert "加一位本校教职工…" in words
    page._more.menu().actions()[words.index("加一位本校教职工…")].trigger()
    assert page.context.navigation.opened[-1] == ("settings", {"section": "staff"})
