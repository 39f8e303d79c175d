"""Brothers whose mother was entered twice: she finds the other row and makes both one."""

import pytest

from app.children.codes import Relation
from app.children.drafts import PersonDraft
from app.children.finding import siblings
from app.children.queries import load_child
from app.children.service_family import change_person_field, link_person, unlink_person
from ui.pages.child.person_card import PersonCard
from ui.pages.child.same_person_panel import SamePersonPanel

WAIT = 20_000


@pytest.fixture
def brothers(children, asked, ledger):
    """Two children; the mother of the second is a second row of the first one's mother."""
    one = next(child for child in children if child.mother and child.mother.name)
    known = {ref.uuid for ref in asked(siblings, one.uuid)} | {one.uuid}
    two = next(child for child in children if child.mother and child.uuid not in known)
    asked(unlink_person, kinship_uuid=two.mother.kinship.uuid)
    draft = PersonDraft(relation=Relation.MOTHER, name=one.mother.name, phones=("13900001111",))
    asked(link_person, child_uuid=two.uuid, draft=draft)
    mother = asked(load_child, two.uuid, ledger.clock.today()).mother
    asked(change_person_field, person_uuid=mother.uuid, field="education", value="夜校")
    asked(change_person_field, person_uuid=one.mother.uuid, field="education", value="小学")
    return one, two, mother


@pytest.fixture
def panel(opened, brothers, ledger, qtbot):
    one, _, other = brothers
    page = opened(one)
    cards = page.parents.findChildren(PersonCard)
    card = next(card for card in cards if card.person and card.person.uuid == one.mother.uuid)
    card._same_person()
    made = ledger.dialogs.panels[-1]
    assert isinstance(made, SamePersonPanel)
    qtbot.waitUntil(lambda: other.uuid in made.radios, timeout=WAIT)
    return made


def test_both_rows_become_one_for_both_brothers(panel, brothers, asked, ledger, qtbot):
    one, two, other = brothers
    assert not panel.buttons["merge"].isEnabled()
    assert one.mother.uuid not in panel.radios
    panel.radios[other.uuid].click()
    qtbot.waitUntil(panel.buttons["merge"].isEnabled, timeout=WAIT)
    panel.versus.options["field:education"]["drop"].radio.click()
    panel.buttons["merge"].click()
    qtbot.waitUntil(lambda: bool(ledger.navigation.toasts), timeout=WAIT)
    day = ledger.clock.today()
    brother = asked(load_child, two.uuid, day)
    assert brother.mother.uuid == one.mother.uuid
    assert brother.mother.education == "夜校"
    assert "13900001111" in {phone.number for phone in brother.mother.phones}
    assert two.uuid in {ref.uuid for ref in asked(siblings, one.uuid)}


def test_another_name_is_looked_for(panel, qtbot):
    panel.name.setText("没有这个人")
    qtbot.waitUntil(lambda: not panel.radios, timeout=WAIT)
    assert not panel.buttons["merge"].isEnabled()
    panel.answer("stay")
    assert not panel.isVisible()
