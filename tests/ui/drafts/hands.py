"""What a teacher and a power cut do to a form; what the offer does next time."""

from __future__ import annotations

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.storage.drafts import first_offers
from ui.drafts import is_known, page_of
from ui.pages.calls.lines_page import LinesPage
from ui.pages.child.page import ChildPage
from ui.pages.children.entry_page import EntryPage
from ui.pages.children.page import LedgerPage
from ui.pages.pairing.handover_page import HandOverPage
from ui.pages.pairing.page import PairingPage
from ui.pages.pairing.supporter_page import SupporterPage
from ui.pages.settings.page import SettingsPage
from ui.pages.survey.page import SurveyPage

PAGES = {
    "call_lines": LinesPage,
    "child": ChildPage,
    "ledger": LedgerPage,
    "entry": EntryPage,
    "settings": SettingsPage,
    "pairing": PairingPage,
    "supporter": SupporterPage,
    "supporter_handover": HandOverPage,
    "survey": SurveyPage,
}


def type_into(field, text):
    field.setFocus()
    field.selectAll()
    typing = QInputMethodEvent()
    typing.setCommitString(text)
    QApplication.sendEvent(field, typing)


def kept(ledger):
    ledger.drafts.flush()
    return ledger.drafts.box.read().drafts


def gone(panel, qtbot):
    """The power goes: the window is not there any more, and nobody answered it."""
    panel.setModal(False)
    panel.hide()
    with qtbot.waitSignal(panel.destroyed):
        panel.deleteLater()


def write_on(ledger, asked, shown, settled):
    """接着写: what the offer does."""
    offered, _ = asked(first_offers, ledger.drafts.box)
    (one,) = offered
    assert is_known(one.draft)
    ledger.drafts.set_left((one.draft,))
    ledger.drafts.want(one.draft)
    page = shown(PAGES[page_of(one.draft)], **one.draft.where)
    settled()
    return page, one
