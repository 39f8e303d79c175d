"""四 家庭: grandparents and other relatives, brothers and sisters, what the household lives on."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.children.child_file import ChildFile
from app.children.codes import PARENTS, HouseholdFactKind, Relation
from app.children.finding import ChildRef
from ui import theme
from ui.pages.child import forms
from ui.pages.child.clerk import Clerk
from ui.pages.child.parents import Cards
from ui.pages.child.person_panel import PersonPanel
from ui.pages.child.phone_panel import PhoneDesk
from ui.pages.child.section import FactLine, Facts, Section, present_first, sub_head
from ui.pages.child.words import livelihood_words
from ui.theme import Tone, Type
from ui.widgets import Link, Text, empty_out, holder, row


class Family(Section):
    """Who belongs to the household besides the parents and the carer."""

    key = "family"
    words = "家庭"
    doubt_fields = ("family", "livelihood", "income", "aid", "members")

    def __init__(self, clerk: Clerk, number: str, phones: PhoneDesk) -> None:
        self._add = Link("加一名家人…", self._ask_person, kind=Type.SMALL)
        super().__init__(clerk, number, self._add)
        m = theme.metrics()
        self._cards = Cards(clerk, phones)
        self._siblings = QVBoxLayout()
        self._siblings.setContentsMargins(0, 0, 0, 0)
        self._siblings.setSpacing(0)
        self._shown: tuple[tuple[ChildRef, ...], tuple[ChildRef, ...]] | None = None
        self._income, self._aid = Facts(clerk, threaded=False), Facts(clerk, threaded=False)
        self._income_link = Link("加一项…", partial(self._ask, forms.INCOME), kind=Type.SMALL)
        self._aid_link = Link("加一项…", partial(self._ask, forms.AID), kind=Type.SMALL)
        self.box.addWidget(self._cards)
        self.box.addWidget(holder(self._siblings))
        self.box.addSpacing(m.s4)
        self.box.addWidget(sub_head("家庭经济来源", self._income_link))
        self.box.addWidget(self._income)
        self.box.addWidget(sub_head("救助帮扶", self._aid_link))
        self.box.addWidget(self._aid)

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        facts = file.facts
        carer = facts.care.person.uuid if facts.care and facts.care.person else ""
        people = [p for p in facts.relatives if p.relation not in PARENTS and p.uuid != carer]
        self._cards.show_people(people, file, fresh=fresh)
        self._show_siblings(file)
        today = self.clerk.context.clock.today()
        for kind, form, facts_list in (
            (HouseholdFactKind.INCOME, forms.INCOME, self._income),
            (HouseholdFactKind.AID, forms.AID, self._aid),
        ):
            lines = [
                FactLine(form, one, livelihood_words(one), undated=True)
                for one in file.livelihood
                if one.kind is kind
            ]
            facts_list.show_rows(
                present_first(lines, today), empty=kind.label, on_empty=partial(self._ask, form)
            )
        for link in (self._add, self._income_link, self._aid_link):
            link.setVisible(self.clerk.editable)

    def first_field(self) -> QWidget:
        return self._add

    def _show_siblings(self, file: ChildFile) -> None:
        shown = (file.siblings, file.maybe_siblings)
        if shown == self._shown:
            return
        self._shown = shown
        empty_out(self._siblings)
        m = theme.metrics()
        for words, children in (("兄弟姐妹", file.siblings), ("可能是兄弟姐妹", file.maybe_siblings)):
            for place, child in enumerate(children):
                label = Text(words if not place else "", tone=Tone.INK2)
                label.setFixedWidth(m.field_date)
                link = Link(child.name, partial(self.clerk.context.navigation.open_child, child.uuid))
                why = Text(child.why, Type.SMALL, Tone.INK2, wrap=True)
                line = row(label, link, why, gap=m.s8, margins=(0, m.s2, 0, m.s2))
                line.setStretchFactor(why, 1)
                self._siblings.addWidget(holder(line))

    def _ask(self, form: forms.FactForm) -> None:
        if self.clerk.editable:
            self.clerk.change(form, self.clerk.facts.uuid, "")

    def _ask_person(self) -> None:
        self.clerk.open_panel(PersonPanel(self.clerk, Relation.PATERNAL_GRANDMOTHER))
