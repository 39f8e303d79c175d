"""接着写: opens the dialog of a child's file in which something was left, or fills its fields, with what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.children.child_file import ChildFile, PersonPeriods
from app.children.codes import CarePaperKind, Relation
from app.children.contacts import contact_chain
from app.children.dated_fact import DatedFact
from app.children.person_facts import PersonFacts
from app.storage.drafts import Draft
from ui.drafts import Form
from ui.pages.child import forms
from ui.pages.child.carers import Carers
from ui.pages.child.clerk import Clerk
from ui.pages.child.leave_panel import LeavePanel, RegisterPanel, ReturnPanel
from ui.pages.child.paper import PaperForm
from ui.pages.child.person_card import PersonCard
from ui.pages.child.person_panel import PersonPanel
from ui.pages.child.phone_panel import PhoneDesk, contact_key


class Resuming:
    """For the child that is shown. `open(draft)` is False when what it belongs to is not in this file any more."""

    def __init__(self, form: PaperForm, clerk: Clerk, phones: PhoneDesk) -> None:
        self._form = form
        self._clerk = clerk
        self._phones = phones

    def begin(self, child_uuid: str) -> QWidget | None:
        """Fill in what was asked to be written on, if it is this child's; return the field that is to have the keyboard."""
        context = self._clerk.context
        draft = context.drafts.take_wanted("child.", record=child_uuid)
        if draft is None:
            return None
        if draft.form == Form.CHILD_FIELDS and self._clerk.editable:
            for section in self._form.sections:
                for card in cast("list[PersonCard]", section.findChildren(PersonCard)):
                    card.make_details()
            fields = self._clerk.fields.fill(draft, _open_card_of)
            if fields:
                labels = "、".join(dict.fromkeys(field.accessibleName() for field in fields))
                context.navigation.toast(f"已填进「{labels}」，离开那一格才存上")
                return fields[0]
        elif self.open(draft):
            return None
        context.navigation.toast("这份档案里已经没有它要写进的地方，草稿还留着")
        return None

    def open(self, draft: Draft) -> bool:
        """Open the dialog of a draft, filled in, not saved."""
        if not self._clerk.editable:
            return False
        self._clerk.resuming = draft
        opened = self._open(Form(draft.form), draft)
        self._clerk.resuming = None
        return opened

    def _open(self, form: Form, draft: Draft) -> bool:
        how = {name: str(value) for name, value in draft.how.items()}
        if form in (Form.CHANGE, Form.CORRECT):
            return self._fact(form, how)
        if form in (Form.PHONE, Form.NEW_NUMBER, Form.OFFICE):
            return self._number(form, draft.record, how)
        if form is Form.PAPER:
            self._form.section(Carers).ask_paper(CarePaperKind(how["paper"]))
        elif form is Form.PERSON:
            among = [Relation(code) for code in how["among"].split(",")]
            self._clerk.open_panel(PersonPanel(self._clerk, Relation(how["relation"]), among=among))
        elif form in (Form.REACHABLE, Form.WISH):
            self._form.section(Carers).calling.open_again(draft)
        elif form in _ON_AND_OFF:
            self._clerk.open_panel(_ON_AND_OFF[form](self._clerk))
        else:
            return False
        return True

    def _fact(self, form: Form, how: dict[str, str]) -> bool:
        fact_form = forms.BY_NAME[how["form"]]
        if form is Form.CHANGE:
            now = fact_of(self._clerk.file, how["now"])
            self._clerk.change(fact_form, how["subject"], how["whose"], now=now)
            return True
        fact = fact_of(self._clerk.file, how["fact"])
        if fact is None:
            return False
        self._clerk.correct(fact_form, how["whose"], fact)
        return True

    def _number(self, form: Form, record: str, how: dict[str, str]) -> bool:
        chain = contact_chain(self._clerk.facts)
        if form is Form.OFFICE:
            contact = next((one for one in chain if one.uuid == how["contact"]), None)
            if contact is not None:
                self._phones.open_contact(contact)
            else:
                self._phones.add_office()
            return contact is not None or not how["contact"]
        person = person_of(self._clerk.file, record if form is Form.NEW_NUMBER else how["person"])
        if person is None:
            return False
        if form is Form.NEW_NUMBER:
            self._phones.add_number(person)
            return True
        phone = next((one for one in person.phones if one.uuid == record), None)
        if phone is None:
            return False
        contact = next((one for one in chain if contact_key(one) == how["contact"]), None)
        self._phones.open(person, phone, contact)
        return True


_ON_AND_OFF = {Form.LEAVE: LeavePanel, Form.RETURN: ReturnPanel, Form.REGISTER: RegisterPanel}


def _open_card_of(field: QWidget) -> None:
    """The details of a grown-up are folded up at first."""
    above: QObject | None = field.parent()
    while above is not None:
        if isinstance(above, PersonCard):
            above.open_details()
            return
        above = above.parent()


def fact_of(file: ChildFile, uuid: str) -> DatedFact | None:
    """The row of a file with this uuid, past ones included."""
    return next((fact for fact in _facts(file) if fact.uuid == uuid), None)


def person_of(file: ChildFile, uuid: str) -> PersonFacts | None:
    """The grown-up of a file, as related to the child."""
    people = [*file.facts.relatives, *(periods.person for periods in file.people)]
    return next((person for person in people if person.uuid == uuid), None)


def _facts(file: ChildFile) -> Iterator[DatedFact]:
    parts: tuple[ChildFile | PersonPeriods, ...] = (file, *file.people)
    for part in parts:
        for name in part.__struct_fields__:
            value = getattr(part, name)
            if isinstance(value, tuple):
                yield from (fact for fact in value if isinstance(fact, DatedFact))
