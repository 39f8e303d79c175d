"""The page is made and filled part by part: nothing of another child stays, and Tab goes as it is read."""

import pytest
from PySide6.QtCore import Qt

from ui.pages.child.paper import KINDS
from ui.widgets import slices
from ui.widgets.slices import Slices

WAIT = 10_000


@pytest.fixture
def one_at_a_time(monkeypatch):
    """Every pause is a turn of the window."""
    monkeypatch.setattr(slices, "SLICE", 0.0)


def counting(done, most=4):
    for number in range(most):
        done.append(number)
        yield


def test_work_goes_on_at_the_next_turn_and_to_the_end_when_it_is_needed(page, one_at_a_time, qtbot):
    done = []
    work = Slices(page)
    work.begin(counting(done))
    assert done == []
    qtbot.waitUntil(lambda: bool(done), timeout=WAIT)
    work.finish()
    assert done == [0, 1, 2, 3]


def test_new_work_drops_what_was_left(page, one_at_a_time, qtbot):
    old, new = [], []
    work = Slices(page)
    work.begin(counting(old))
    work.go_on()
    work.begin(counting(new))
    qtbot.waitUntil(lambda: len(new) == 4, timeout=WAIT)
    assert old == [0]


def test_work_that_asks_for_its_own_end_is_not_begun_twice(page):
    work = Slices(page)
    done = []

    def asking():
        done.append("before")
        work.finish()
        done.append("after")
        yield

    work.begin(asking())
    work.finish()
    assert done == ["before", "after"]


def test_nothing_is_seen_of_a_section_before_it_shows_the_child(page, children, one_at_a_time, qtbot):
    page.open_with(uuid=children[0].uuid)
    qtbot.waitUntil(lambda: bool(page.form.made) and page.form.made[0].isVisible(), timeout=WAIT)
    assert page.form.made[0].field("name").text() == children[0].name
    assert not any(section.isVisible() for section in page.form.made[1:])
    with qtbot.waitSignal(page.form.all_shown, timeout=WAIT):
        pass
    assert [section.key for section in page.form.made] == [kind.key for kind in KINDS]
    assert all(section.isVisible() for section in page.sections)


def test_the_next_child_asked_for_half_way_is_the_one_that_stands_everywhere(
    page, children, one_at_a_time, qtbot
):
    one = children[0]
    other = next(child for child in children if child.mother and child.mother.name and child.uuid != one.uuid)
    page.open_with(uuid=one.uuid)
    qtbot.waitUntil(lambda: bool(page.form.made) and page.form.made[0].isVisible(), timeout=WAIT)
    with qtbot.waitSignal(page.form.all_shown, timeout=WAIT):
        page.open_with(uuid=other.uuid)
    assert page.shown_uuid == other.uuid
    assert page.personal.field("name").text() == other.name
    assert page.parents.card(other.mother.uuid).person == other.mother
    assert set(page.form._uuid_in.values()) == {other.uuid}


def with_cards(children):
    """Two children with both parents each, all of them different grown-ups."""
    whole = [child for child in children if child.father and child.mother]
    one = whole[0]
    mine = {one.father.uuid, one.mother.uuid}
    other = next(child for child in whole if not mine & {child.father.uuid, child.mother.uuid})
    return one, other


def test_the_card_of_the_next_childs_father_is_closed_and_shows_him(opened, children):
    one, other = with_cards(children)
    page = opened(one)
    card = page.parents.card(one.father.uuid)
    card.open_details()
    page = opened(other)
    assert page.parents.card(one.father.uuid) is None
    his = page.parents.card(other.father.uuid)
    assert his.person.uuid == other.father.uuid
    assert not his.make_details().isVisible()
    assert his.field("education").toPlainText() == (other.father.education or "")


def stops_of(page):
    """Where Tab goes on the page, from the index on."""
    first = page.index
    found, widget = [first], first.nextInFocusChain()
    while widget is not first:
        if (
            widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isVisibleTo(page)
            and page.isAncestorOf(widget)
        ):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_tab_goes_through_the_sections_as_they_are_read_then_to_what_changed(opened, children):
    one, other = with_cards(children)
    page = opened(one)
    page = opened(other)
    card = page.parents.card(other.father.uuid)
    card.open_details()
    stops = stops_of(page)
    places = [next((n for n, s in enumerate(page.sections) if s.isAncestorOf(stop)), None) for stop in stops]
    inside = [place for place in places if place is not None]
    assert inside == sorted(inside)
    assert set(inside) == set(range(len(KINDS)))
    last_in_form = len(places) - 1 - places[::-1].index(len(KINDS) - 1)
    assert stops.index(page.timeline.stop) > last_in_form
    in_card = [stop for stop in stops if card.isAncestorOf(stop)]
    assert (
        in_card.index(card.change) < in_card.index(card.field("name")) < in_card.index(card.field("address"))
    )
