"""What stands about a suggestion once a part of it is in the ledger, and the reason that is asked for on the way."""

from __future__ import annotations

from app.pairing.codes import PairingKind
from app.pairing.facts import UnpairedChild
from app.pairing.suggest import Proposal
from tests.ui.pages.pairing.conftest import LONG, drop
from ui.pages.pairing.children_side import _waiting_line
from ui.pages.pairing.draft import Draft
from ui.pages.pairing.loading import Waiting

FULL = "规则是每人最多 1 名，都已经带满"


def _proposal(child):
    return Proposal(
        child_uuid=child,
        child=child,
        class_name="",
        kind=PairingKind.SUPPORT_TEACHER,
        key="王秀芬",
        supporter="王秀芬",
        reason="现在没有带",
    )


def _line(draft):
    facts = UnpairedChild(
        uuid="b", name="乙", sex=None, class_name="", class_sort=0, since=None, days=None, why="还没有结过对"
    )
    return _waiting_line(Waiting(facts, ""), draft)


def test_full_is_said_of_the_draft_and_no_more_once_a_part_of_it_is_accepted():
    draft = Draft()
    draft.suggest([_proposal("a"), _proposal("c")], words="把 2 名分给 1 位。", unplaced={"b": FULL})
    assert _line(draft).why == f"{FULL}（草稿里的算在内）"
    draft.ticked = {"a"}
    draft.keep_only({"b", "c"}, {"王秀芬"})
    draft.settle()
    assert _line(draft).why == "还没有结过对", "a place may be free now"
    assert set(draft.proposals) == {"c"}
    assert draft.words == ""


def test_a_suggestion_that_is_all_accepted_says_nothing_of_who_was_left():
    draft = Draft()
    draft.suggest([_proposal("a")], words="把 1 名分给 1 位。", unplaced={"b": FULL})
    draft.keep_only({"b"}, {"王秀芬"})
    assert _line(draft).why == "还没有结过对"


def test_a_reason_that_is_missing_takes_the_keyboard_into_its_field(page, school, qtbot):
    drop(page.table, page.children_list.lines[0].key, page.table.rows.index(_long(page)))
    page.foot.accept.click()
    panel = school.dialogs.panels[-1]
    panel.buttons["save"].setFocus()
    panel.buttons["save"].click()
    qtbot.waitUntil(lambda: panel.focusWidget() is panel.reason)


def _long(page):
    return next(line for line in page.table.rows if line.name == LONG)
