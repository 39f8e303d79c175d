"""二 父母: father and mother, adoptive and step-parents, each with what changed and when."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.children.child_file import ChildFile
from app.children.codes import PARENTS, Relation
from app.children.person_facts import PersonFacts
from ui import theme
from ui.pages.child.clerk import Clerk
from ui.pages.child.person_card import PersonCard
from ui.pages.child.person_panel import PersonPanel
from ui.pages.child.phone_panel import PhoneDesk
from ui.pages.child.section import Section
from ui.theme import Tone, Type
from ui.widgets import Link, Text, holder, row


class Cards(QWidget):
    """Cards of grown-ups; each keeps its place while the same people are shown.

    A card that nobody needs is kept for the next child: making one takes longer than everything else on the way there.
    """

    def __init__(self, clerk: Clerk, phones: PhoneDesk) -> None:
        super().__init__()
        self._clerk = clerk
        self._phones = phones
        self._cards: dict[str, PersonCard] = {}
        self._spare: list[PersonCard] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def show_people(self, people: list[PersonFacts], file: ChildFile, *, fresh: bool) -> None:
        """Show these, in this order."""
        wanted = [person.uuid for person in people]
        for uuid in [uuid for uuid in self._cards if uuid not in wanted]:
            card = self._cards.pop(uuid)
            card.clear()
            self._spare.append(card)
        for place, person in enumerate(people):
            card = self._cards.get(person.uuid) or self._card_for(person.uuid)
            if self._box.indexOf(card) != place:
                self._box.insertWidget(place, card)
            card.show_person(person, file, fresh=fresh)
            card.show()
        self.setVisible(bool(people))

    def card(self, uuid: str) -> PersonCard | None:
        """The card of a grown-up."""
        return self._cards.get(uuid)

    def _card_for(self, uuid: str) -> PersonCard:
        card = self._spare.pop() if self._spare else PersonCard(self._clerk, self._phones)
        self._cards[uuid] = card
        return card


class Missing(QWidget):
    """父亲 未采集, and the way to write them down."""

    def __init__(self, clerk: Clerk, relation: Relation) -> None:
        super().__init__()
        m = theme.metrics()
        self._clerk = clerk
        self._relation = relation
        self.link = Link(f"登记{relation.label}…", self._add, kind=Type.SMALL)
        words = Text(relation.label, tone=Tone.INK2)
        unknown = Text("未采集", tone=Tone.OCHRE)
        self.setLayout(row(words, unknown, None, self.link, gap=m.s8, margins=(0, m.s4, 0, m.s4)))

    def _add(self) -> None:
        self._clerk.open_panel(PersonPanel(self._clerk, self._relation))


class Parents(Section):
    """The two the law means, then the others who are called father or mother."""

    key = "parents"
    words = "父母"
    gap_fields = ("father", "mother")
    doubt_fields = ("father", "mother", "parents", "person", "status", "stepfather", "stepmother")

    def __init__(self, clerk: Clerk, number: str, phones: PhoneDesk) -> None:
        self._add = Link("加一名家长…", partial(self._add_parent, Relation.STEPFATHER), kind=Type.SMALL)
        super().__init__(clerk, number, self._add)
        self._file: ChildFile | None = None
        self._cards = Cards(clerk, phones)
        self._missing = {
            "father": Missing(clerk, Relation.FATHER),
            "mother": Missing(clerk, Relation.MOTHER),
        }
        self.box.addWidget(holder(self._lines()))

    def _lines(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._missing["father"])
        box.addWidget(self._cards)
        box.addWidget(self._missing["mother"])
        return box

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        self._file = file
        facts = file.facts
        people = [person for person in facts.relatives if person.relation in PARENTS]
        first = [person for person in (facts.father, facts.mother) if person is not None]
        rest = [person for person in people if person.uuid not in {one.uuid for one in first}]
        self._cards.show_people([*first, *rest], file, fresh=fresh)
        self._missing["father"].setVisible(facts.father is None)
        self._missing["mother"].setVisible(facts.mother is None)
        on = self.clerk.editable
        self._add.setVisible(on)
        for missing in self._missing.values():
            missing.link.setVisible(on)

    def gap_target(self, field: str) -> QWidget | None:
        side, _, what = field.partition(".")
        person = getattr(self.clerk.facts, side)
        if person is None:
            return self._missing[side].link
        card = self._cards.card(person.uuid)
        return card.field(what) if card is not None else None

    def first_field(self) -> QWidget | None:
        for side in ("father", "mother"):
            person = getattr(self.clerk.facts, side)
            card = self._cards.card(person.uuid) if person is not None else None
            if card is not None:
                return card.open
        return self._missing["father"].link

    def card(self, uuid: str) -> PersonCard | None:
        """The card of a parent."""
        return self._cards.card(uuid)

    def _add_parent(self, relation: Relation) -> None:
        self.clerk.open_panel(PersonPanel(self.clerk, relation, among=PARENTS))
