"""What is typed into a form of pairing and not saved is kept, offered, and put back unsaved."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.pairing.codes import PairingKind
from app.pairing.facts import CheckState
from app.pairing.queries import pairs, supporters, unpaired
from app.pairing.service_pairs import pair
from app.storage.drafts import box_of, first_offers
from tests.ui.pages.pairing.conftest import type_in
from ui.drafts import Drafts, Form, is_known, page_of
from ui.drafts.panel import STAY
from ui.pages.pairing.page import PairingPage
from ui.pages.pairing.person_panels import OutsiderPanel
from ui.pages.pairing.plan_page import HelpPlanPage

PAGES = {"pairing": PairingPage, "help_plan": HelpPlanPage}


MADE: list[QWidget] = []


@pytest.fixture
def desk(school, asked):
    """The context with drafts that are written down."""
    uuid = asked(lambda store: store.db_uuid)
    school.drafts = Drafts(box_of(uuid, school.backup_folder), clock=school.clock, who=lambda: "陈素兰")
    yield school
    while MADE:
        page = MADE.pop()
        if shiboken6.isValid(page):
            page.close()
            page.deleteLater()
    school.drafts.shut()


@pytest.fixture
def child(desk, asked):
    return asked(unpaired, desk.clock.today())[0]


def shown(desk, settles, kind, **params):
    page = kind(desk)
    MADE.append(page)
    if params:
        page.open_with(**params)  # the window does not call it without
    page.show()
    page.focus_first()
    settles()
    return page


def kept(desk):
    desk.drafts.flush()
    return desk.drafts.box.read().drafts


def power_goes(widget):
    """The window is not there any more, and nobody answered it."""
    widget.hide()
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def write_on(desk, asked, settles):
    """接着写: what the offer does."""
    ((one,), _) = asked(first_offers, desk.drafts.box)
    assert is_known(one.draft)
    desk.drafts.set_left((one.draft,))
    desk.drafts.want(one.draft)
    return shown(desk, settles, PAGES[page_of(one.draft)], **one.draft.where)


def open_pair(page, _child):
    page.opening.pair()


def open_outsider(page, _child):
    page.opening.outsider()


def open_measure(page, _child):
    page.parts.measure(None)


@pytest.mark.parametrize(
    ("form", "opened", "name", "text"),
    [
        (Form.PAIR, open_pair, "focus", "心理上多陪"),
        (Form.SUPPORTER, open_outsider, "organisation", "白水沟村村委会"),
        (Form.HELP_STAGE, open_measure, "content", "放学后辅导半小时"),
    ],
)
def test_a_panel_is_opened_again_with_the_same(form, opened, name, text, desk, child, asked, settles):
    page = shown(desk, settles, PAGES[form.value.partition(".")[0]], uuid=child.uuid)
    opened(page, child)
    settles()
    panel = desk.dialogs.panels[-1]
    type_in(panel.keeping.fields[name], text)
    (draft,) = kept(desk)
    assert (draft.form, draft.entry(name).value) == (form, text)
    power_goes(panel)

    write_on(desk, asked, settles)
    again = desk.dialogs.panels[-1]
    field = again.keeping.fields[name]
    assert (field.toPlainText() if hasattr(field, "toPlainText") else field.text()) == text
    assert desk.navigation.saved == 0, "nothing is saved by looking"
    again.answer(STAY)
    assert kept(desk) == ()


def test_a_child_who_was_being_given_to_another_one(desk, child, asked, settles):
    today = desk.clock.today()
    first, second = [one for one in asked(supporters, today) if one.check is CheckState.VALID][:2]
    asked(pair, child_uuid=child.uuid, kind=PairingKind.SUPPORT_TEACHER, key=first.key, since="2026-09-01")
    page = shown(desk, settles, PairingPage)
    (old,) = asked(pairs, today)
    page.giving.move(old, next(line for line in page.table.rows if line.uuid == second.key))
    panel = desk.dialogs.panels[-1]
    type_in(panel.note, "同一个村的，走动方便")
    (draft,) = kept(desk)
    assert draft.words == f"{child.name} 换给 {second.name}"
    power_goes(panel)
    power_goes(page)
    write_on(desk, asked, settles)
    again = desk.dialogs.panels[-1]
    assert again is not panel, desk.navigation.toasts
    assert again.note.text() == "同一个村的，走动方便"
    again.answer("save")
    settles()
    (now,) = asked(pairs, today)
    assert now.key == second.key
    assert kept(desk) == ()


def test_a_supporter_who_was_being_changed_is_opened_again(desk, asked, settles):
    today = desk.clock.today()
    person = next(
        one for one in asked(supporters, today) if not one.staff_uuid and one.check is CheckState.MISSING
    )
    page = shown(desk, settles, PairingPage)
    panel = OutsiderPanel(desk, person)
    desk.dialogs.open_panel(panel, lambda _key: None)
    type_in(panel.texts["duty"], "村文书")
    assert len(kept(desk)) == 1
    power_goes(panel)
    power_goes(page)
    write_on(desk, asked, settles)
    again = desk.dialogs.panels[-1]
    assert again.texts["name"].text() == person.name
    assert again.texts["duty"].text() == "村文书"
    again.answer(STAY)


@pytest.mark.parametrize("part", ["help", "individual"])
def test_a_field_of_the_plan_is_put_back_unsaved(part, desk, child, asked, settles):
    page = shown(desk, settles, HelpPlanPage, uuid=child.uuid, part=part)
    type_in(page.fields["situation"], "在家没人辅导")
    (draft,) = kept(desk)
    assert child.name in draft.words
    power_goes(page)
    again = write_on(desk, asked, settles)
    assert again.tabs.current == part
    assert again.fields["situation"].toPlainText() == "在家没人辅导"
    assert again.fields["situation"].is_pending
    again.fields["situation"].leave()
    settles()
    assert kept(desk) == ()
