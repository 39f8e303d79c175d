"""A suggestion and brothers and sisters: they are ticked together where the rule says so, and no line parts them unsaid."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.pairing.codes import PairingKind, Wish
from app.pairing.roll import siblings_of_all
from app.pairing.rules import TOGETHER, Proposal, Suggestion
from tests.ui.pages.pairing.conftest import WAIT, drop
from ui.pages.pairing.draft import BY_HAND, Draft
from ui.widgets import Text


def proposal(child, to="李国平", family="", kin=None):
    return Proposal(
        child_uuid=child,
        child=child,
        class_name="",
        kind=PairingKind.SUPPORT_TEACHER,
        key=to,
        supporter=to,
        reason=f"{TOGETHER}，现在没有带" if family else "现在没有带",
        family=frozenset(family) - {child},
        kin=kin or {},
    )


def drafted(siblings, *proposals):
    draft = Draft()
    draft.take(Suggestion(PairingKind.SUPPORT_TEACHER, proposals, siblings=siblings))
    return draft


def test_where_the_rule_keeps_them_together_they_are_ticked_and_unticked_together():
    draft = drafted(Wish.MUST, *(proposal(one, family="甲乙丙") for one in "甲乙丙"), proposal("丁"))
    assert draft.tick(set("甲乙丙")) is None, "who has no family takes nobody along"
    assert draft.tick(set("乙丙")) == (
        "规则是兄弟姐妹必须由同一人带：丙、乙也去掉了勾。只要其中一名，请拖给那一位。"
    )
    assert draft.ticked == set()
    assert draft.reason("乙") == (f"{TOGETHER}，现在没有带", False), "nobody is parted while none is ticked"
    assert draft.tick({"丙", "丁"}) == "规则是兄弟姐妹必须由同一人带：乙、甲也勾上了。"
    assert draft.ticked == set("甲乙丙丁")


def test_who_was_given_by_hand_stands_alone_and_both_lines_say_so():
    draft = drafted(Wish.MUST, *(proposal(one, family="甲乙") for one in "甲乙"))
    draft.give(replace(draft.proposals["甲"], key="王秀芬", supporter="王秀芬", reason=BY_HAND))
    assert draft.reason("甲") == (f"兄弟姐妹乙给李国平，会分开；{BY_HAND}", True)
    assert draft.reason("乙") == ("兄弟姐妹甲给王秀芬，会分开；现在没有带", True)
    assert draft.tick({"甲"}) == ""
    assert draft.ticked == {"甲"}


@pytest.mark.parametrize(
    ("ticked", "first", "second"),
    [
        ("甲乙", f"{TOGETHER}，现在没有带", f"{TOGETHER}，现在没有带"),
        ("甲", "兄弟姐妹乙没有勾，会分开；现在没有带", "没有勾，会和兄弟姐妹甲分开；现在没有带"),
        ("", f"{TOGETHER}，现在没有带", f"{TOGETHER}，现在没有带"),
    ],
)
def test_where_it_is_only_wished_for_the_line_says_that_they_are_parted(ticked, first, second):
    draft = drafted(Wish.WISH, *(proposal(one, family="甲乙") for one in "甲乙"))
    draft.tick(set(ticked))
    assert draft.ticked == set(ticked)
    assert (draft.reason("甲")[0], draft.reason("乙")[0]) == (first, second)


def test_a_child_kept_from_where_its_sister_is_already_is_said_too():
    draft = drafted(Wish.WISH, proposal("甲", to="王秀芬", kin={"李国平": "李国平"}))
    assert draft.reason("甲") == ("兄弟姐妹由李国平带，会分开；现在没有带", True)


@pytest.fixture
def family(page, settles, qtbot):
    """The page with a suggestion, and two lines of one family in it."""
    page.foot.suggest.click()
    qtbot.waitUntil(lambda: bool(page.draft), timeout=WAIT)
    settles()
    one = next(one for one in page.draft.proposals.values() if one.family)
    return [one.child_uuid, *sorted(one.family)]


def test_on_the_page_a_tick_takes_the_family_along_and_a_drop_says_that_it_parts_them(
    page, family, school, settles
):
    lines = page.children_list
    everybody = set(page.draft.proposals)
    lines.inner.toggle(lines.inner.place(family[0]))
    assert lines.ticked == everybody - set(family)
    assert page.foot.accept.text() == f"接受勾选的 {len(everybody) - len(family)} 名"
    lines.inner.toggle(lines.inner.place(family[1]))
    assert lines.ticked == everybody
    to = page.draft.proposals[family[0]].key
    other = next(i for i, line in enumerate(page.table.rows) if line.facts is not None and line.uuid != to)
    drop(page.table, family[0], other)
    settles()
    told = {line.key: line.why for line in lines.lines if line.key in family}
    assert all("会分开" in why for why in told.values())


def test_dealt_out_by_hand_alone_families_are_told_as_in_a_suggestion(page, asked, school, settles):
    """No suggestion was asked for: two of one family to one supporter, then one of them to another one."""
    waiting = [line.key for line in page.children_list.lines]
    siblings = asked(siblings_of_all)
    one = next(key for key in waiting if siblings.get(key, frozenset()) & set(waiting))
    other = min(siblings[one] & set(waiting))
    people = [
        place
        for place, line in enumerate(page.table.rows)
        if line.facts is not None and not line.facts.needs_reason
    ]

    def why(key):
        settles()
        return next(line.why for line in page.children_list.lines if line.key == key)

    drop(page.table, one, people[0])
    assert why(one) == BY_HAND, "the other one is nobody's yet"
    drop(page.table, other, people[0])
    assert why(one) == why(other) == f"{TOGETHER}，{BY_HAND}"
    drop(page.table, other, people[1])
    assert "给" in why(one)
    assert "会分开" in why(one)
    assert "会分开" in why(other)

    page.draft.clear()
    drop(page.table, one, people[0])
    page.foot.accept.click()
    settles()
    drop(page.table, other, people[1])
    assert why(other) == f"兄弟姐妹由{page.table.rows[people[0]].name}带，会分开；{BY_HAND}"
    page.foot.accept.click()
    settles()
    paired = next(one.facts for one in page._loaded.pairs if one.facts.child_uuid == other)
    page._given(paired.uuid, page.table.rows[people[2]])
    told = " ".join(text.text() for text in school.dialogs.panels[-1].findChildren(Text))
    assert f"兄弟姐妹由{page.table.rows[people[0]].name}带，会分开。" in told
    page._given(paired.uuid, page.table.rows[people[0]])
    told = " ".join(text.text() for text in school.dialogs.panels[-1].findChildren(Text))
    assert "会分开" not in told, "there they are together"
