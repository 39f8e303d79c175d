"""What is asked at the start, side by side, and that nothing is put in or thrown away unasked."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout

from app.children.queries import load_facts
from app.children.service import change_field
from app.dossier.service_bin import move_to_bin
from app.storage.drafts import Draft, Entry, Source
from ui.drafts import Form
from ui.offers import COPY, DROP, LATER, ON, Covered, Offers, OffersPanel, SideBySide
from ui.widgets import Text
from ui.widgets.cuts import cuts_of

PATIENCE = 10_000


@pytest.fixture
def child(ledger, asked):
    return next(one for one in asked(load_facts, ledger.clock.today()) if one.former_name is None)


@pytest.fixture
def keep(ledger, child):
    """`keep(value, …)`: a draft of the child's former name, as a killed program left it."""

    def write(value="覃小龑", **known):
        source = Source("child", child.uuid, "former_name")
        entry = Entry("child:former_name", "曾用名", value, value, "", "", source)
        draft = Draft(
            form="child.fields",
            version=1,
            record=child.uuid,
            words=f"{child.name} 曾用名",
            entries=(entry,),
            at="2026-11-20T16:20:00",
            where={"uuid": child.uuid},
            rows=(("child", child.uuid),),
        )
        draft = replace(draft, **known)
        ledger.drafts.box.keep(draft)
        return draft

    return write


@pytest.fixture
def banners():
    return {}


@pytest.fixture
def offers(ledger, banners, settled):
    made = Offers(ledger, banners.__setitem__)

    def begin():
        made.begin()
        settled()
        return [panel for panel in ledger.dialogs.panels if isinstance(panel, OffersPanel)]

    made.ask = begin
    return made


def reads(panel):
    return [label.text() for label in panel.findChildren(Text) if label.isVisibleTo(panel)]


def compared(panel):
    """The lines of the side by side."""
    grid = panel.findChild(SideBySide).layout()
    assert isinstance(grid, QGridLayout)
    found = []
    for line in range(grid.rowCount()):
        cells = [grid.itemAtPosition(line, column) for column in range(3)]
        if all(cell is not None and cell.widget() is not None for cell in cells):
            found.append(tuple(cell.widget().text() for cell in cells))
    return found


def test_without_drafts_nothing_is_asked(offers, banners):
    assert offers.ask() == []
    assert banners.get("drafts") is None


def test_one_is_a_question_with_both_sides_and_opens_its_page(offers, keep, child, ledger, banners):
    keep()
    (panel,) = offers.ask()
    assert panel.head.text() == f"上次没来得及保存：{child.name} 曾用名 昨天 16:20，要接着写吗？"
    assert compared(panel) == [("", "档案里现在", "您写的"), ("曾用名", "（空着）", "覃小龑")]
    assert panel.safe == LATER
    assert [b.text() for b in panel.buttons.values() if b.isVisibleTo(panel)] == [
        "以后再说",
        "不要了",
        "接着写",
    ]
    assert cuts_of(panel) == []
    assert ledger.navigation.opened == []
    panel.answer(ON)
    assert ledger.navigation.opened == [("child", {"uuid": child.uuid})]
    assert ledger.drafts.take_wanted("child.", record="another") is None
    assert ledger.drafts.take_wanted("child.", record=child.uuid) is not None
    assert ledger.drafts.take_wanted("child.", record=child.uuid) is None, "once"


def test_what_was_changed_meanwhile_stands_beside(offers, keep, child, ledger, settled):
    keep()
    ledger.write(change_field, uuid=child.uuid, field="former_name", value="覃大龑")
    settled()
    (panel,) = offers.ask()
    assert compared(panel)[1] == ("曾用名", "覃大龑", "覃小龑")


def test_later_leaves_a_banner_that_asks_again(offers, keep, banners, ledger, settled):
    keep()
    (panel,) = offers.ask()
    panel.answer(LATER)
    banner = banners["drafts"]()
    assert "有 1 处上次没来得及保存的内容" in " ".join(reads(banner))
    offers.look()
    settled()
    assert len([one for one in ledger.dialogs.panels if isinstance(one, OffersPanel)]) == 2
    banner.deleteLater()


def test_of_several_each_is_looked_at_and_thrown_away_by_itself(offers, keep, ledger, banners):
    keep()
    keep("短", copy="b", at="2026-11-21T09:00:00")
    (panel,) = offers.ask()
    assert panel.head.text() == "上次有 2 处没来得及保存，要接着写吗？"
    assert compared(panel)[1][2] == "短", "the latest first"
    panel.list.chosen.emit("0")
    panel.answer(DROP)
    assert ledger.dialogs.asked == [], "little is given up silently"
    assert compared(panel)[1][2] == "覃小龑"
    assert len(ledger.drafts.left) == 1
    panel.answer(DROP)
    assert ledger.drafts.left == ()
    assert banners["drafts"] is None
    ledger.drafts.flush()
    assert ledger.drafts.box.read().drafts == ()


def test_a_long_text_is_thrown_away_only_after_a_question(offers, keep, ledger):
    keep("奶奶说孩子小时候叫这个名字，后来上户口才改成现在的")
    (panel,) = offers.ask()
    panel.answer(DROP)
    assert "都不要了" in ledger.dialogs.asked[0][0]
    assert ledger.dialogs.asked[0][2] == ("先留着", "不要了")
    assert len(ledger.drafts.left) == 1
    ledger.dialogs.choices.append("drop")
    panel.answer(DROP)
    assert ledger.drafts.left == ()


CLOSED = [
    (Form.INCIDENT, "一次突发事件"),
    (Form.COUNSELLING, "一次心理疏导"),
    (Form.INDIVIDUAL_PLAN, "一份个别方案"),
]


@pytest.mark.parametrize(("form", "kind"), CLOSED)
def test_of_a_restricted_record_only_the_kind_and_the_moment_are_told(
    form, kind, offers, keep, child, ledger
):
    """Whoever switches the computer on sees this panel first."""
    draft = keep(form=form.value)
    keep("短", copy="b", at="2026-11-19T09:00:00")
    (panel,) = offers.ask()
    assert panel.list.current == "0", "the latest first: the restricted one"
    items = [item.words for item in panel.list._items]
    assert items == [kind, f"{child.name} 曾用名"]
    said = " ".join([panel.windowTitle(), *reads(panel)])
    assert child.name not in said
    assert "覃小龑" not in said
    assert panel.findChildren(SideBySide) == []
    panel.answer(DROP)
    assert ledger.dialogs.asked[-1][0] == f"{kind}：这些都不要了？", (
        "what nobody has seen goes only after a question"
    )
    assert len(ledger.drafts.left) == 2
    panel.answer(ON)
    assert ledger.drafts.wants(draft.form)


def test_a_restricted_one_alone_names_nobody_and_is_shown_when_asked_for(offers, keep, child):
    keep(form=Form.INCIDENT.value)
    (panel,) = offers.ask()
    assert panel.head.text() == "上次没来得及保存：一次突发事件 昨天 16:20，要接着写吗？"
    assert panel.buttons[ON].isVisibleTo(panel)
    panel.findChild(Covered).link.click()
    assert panel.head.text() == f"上次没来得及保存：{child.name} 曾用名 昨天 16:20，要接着写吗？"
    assert compared(panel)[1] == ("曾用名", "（空着）", "覃小龑")


def test_the_words_of_a_restricted_one_that_cannot_be_opened_are_copied_once_they_are_seen(offers, keep):
    keep(form=Form.INCIDENT.value, version=99)
    (panel,) = offers.ask()
    assert not panel.buttons[COPY].isVisibleTo(panel)
    panel.findChild(Covered).link.click()
    assert panel.buttons[COPY].isVisibleTo(panel)


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"version": 99}, "没有这张表"),
        ({"form": "visits.note"}, "没有这张表"),
        ({"rows": (("child", "nobody"),)}, "不在了"),
        ({"rows": (("no_such_table", "x"),)}, "不在了"),
    ],
)
def test_what_cannot_be_opened_can_be_read_and_copied(known, why, offers, keep, ledger):
    keep(**known)
    (panel,) = offers.ask()
    assert not panel.buttons[ON].isVisibleTo(panel)
    assert why in " ".join(reads(panel))
    panel.answer(COPY)
    assert QGuiApplication.clipboard().text() == "曾用名：覃小龑"
    assert "已复制" in " ".join(reads(panel))
    assert len(ledger.drafts.left) == 1, "copying gives nothing up"


def test_of_a_child_in_the_bin_nothing_is_asked(offers, keep, child, ledger, settled):
    keep()
    ledger.write(move_to_bin, uuids=(child.uuid,))
    settled()
    assert offers.ask() == []
    assert len(ledger.drafts.box.read().drafts) == 1


def test_files_that_cannot_be_read_are_said(offers, keep, ledger):
    keep()
    (ledger.drafts.box.folders[0] / "x.draft").write_bytes(b"damaged")
    (panel,) = offers.ask()
    assert "另有 1 份草稿读不出来" in " ".join(reads(panel))


def test_that_drafts_cannot_be_written_is_a_bar_until_they_can(offers, ledger, banners):
    ledger.drafts.troubled.emit(RuntimeError())
    banner = banners["drafts-trouble"]()
    assert "没能留底" in " ".join(reads(banner))
    banner.deleteLater()
    ledger.drafts.troubled.emit(None)
    assert banners["drafts-trouble"] is None
