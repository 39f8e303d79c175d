"""三 监护与联系人: who really looks after the child, the papers about it, whom to ring first."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.children.child_file import ChildFile
from app.children.codes import PARENTS, CareKind, CarePaperKind, Relation
from app.children.completeness import completeness
from app.children.contacts import contact_chain, number_of
from app.children.facts import CarePaperFacts, Contact
from app.children.service_care import record_care_paper
from app.core.text import mask_phone
from ui import theme
from ui.drafts import Form
from ui.pages.child import forms
from ui.pages.child.calling import Calling
from ui.pages.child.clerk import Clerk, Write, change_link
from ui.pages.child.fact_panel import FactPanel
from ui.pages.child.parents import Cards
from ui.pages.child.person_panel import PersonPanel
from ui.pages.child.phone_panel import PhoneDesk, contact_key
from ui.pages.child.section import FactLine, Facts, Section, present_first, sub_head
from ui.pages.child.words import care_source, care_words, confirmed_words, joined, paper_words
from ui.theme import Tone, Type
from ui.widgets import ContactChain, ContactLine, Fact, FactList, Link, Text, holder

_STALE_DAYS = 90


class Carers(Section):
    """Care with its periods, the carer, the papers, the chain of contacts."""

    key = "care"
    words = "监护与联系人"
    short = "监护"
    gap_fields = ("care", "care_paper")
    doubt_fields = ("care", "carer", "care_paper", "contact", "contacts")

    def __init__(self, clerk: Clerk, number: str, phones: PhoneDesk) -> None:
        self._change = change_link(self._ask_change)
        super().__init__(clerk, number, self._change)
        self._phones = phones
        self._care = Facts(clerk)
        self._cards = Cards(clerk, phones)
        self._papers = FactList(threaded=False)
        self._papers.setAccessibleName("照护文书")
        self._papers.activated.connect(self._paper)
        self._chain = ContactChain()
        self._chain.setAccessibleName("联系顺序")
        self._chain.setToolTip("点一下或按回车：核实、换号；Alt+↑↓ 换顺序")
        self._chain.moved.connect(phones.move)
        self._chain.activated.connect(self._open_contact)
        self._empty_chain = Text("还没有能打的电话。", tone=Tone.INK2)
        self.calling = Calling(clerk)
        self._check = Link("核实、换号…", self._check_current, kind=Type.SMALL)
        self._reveal = Link("显示号码", phones.reveal, kind=Type.SMALL, icon="eye")
        self._reveal.setToolTip("看了会记在「数据移交登记」里")
        self._add_person = Link("加一名家人…", self._ask_person, kind=Type.SMALL)
        self._add_office = Link("加一个单位…", phones.add_office, kind=Type.SMALL)
        chain_head = sub_head("联系顺序", self._check, self._reveal, self._add_person, self._add_office)
        self.box.addWidget(holder(self._column(chain_head)))

    def _column(self, chain_head: QWidget) -> QVBoxLayout:
        m = theme.metrics()
        box = QVBoxLayout()
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._care)
        box.addWidget(self._cards)
        box.addSpacing(m.s4)
        box.addWidget(chain_head)
        box.addWidget(self._chain)
        box.addWidget(self._empty_chain)
        box.addWidget(self.calling)
        box.addSpacing(m.s8)
        box.addWidget(sub_head("照护文书"))
        box.addWidget(self._papers)
        return box

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        facts = file.facts
        today = self.clerk.context.clock.today()
        lines = [
            FactLine(
                forms.CARE,
                care,
                care_words(care),
                source=care_source(care, today),
                tone=Tone.RED if care.kind is CareKind.UNGUARDED else Tone.INK,
            )
            for care in file.care
        ]
        self._care.show_rows(present_first(lines, today), empty="由谁照护", on_empty=self._ask_change)
        carer = facts.care.person if facts.care else None
        own_card = carer is not None and carer.relation not in PARENTS
        self._cards.show_people([carer] if carer is not None and own_card else [], file, fresh=fresh)
        self._show_chain(today)
        self.calling.show_child(facts.uuid)
        self._papers.set_facts([self._paper_line(kind, file) for kind in CarePaperKind])
        on = self.clerk.editable
        for link in (self._change, self._add_person, self._add_office):
            link.setVisible(on)

    def _show_chain(self, today: date) -> None:
        chain = contact_chain(self.clerk.facts)
        self._chain.set_contacts([self._contact_line(contact, today) for contact in chain])
        self._chain.setVisible(bool(chain))
        self._empty_chain.setVisible(not chain)
        self._check.setVisible(bool(chain) and self.clerk.editable)
        self._reveal.setVisible(bool(chain) and not self._phones.revealed)

    def _contact_line(self, contact: Contact, today: date) -> ContactLine:
        number = contact.number or ""
        if number and not self._phones.revealed:
            number = mask_phone(number)
        days = (today - date.fromisoformat(contact.confirmed_on)).days if contact.confirmed_on else None
        return ContactLine(
            contact_key(contact),
            contact.relation_words or ("单位" if contact.office else ""),
            contact.who or "姓名未采集",
            number or "没有号码",
            joined((contact.language_note, contact.reachable)),
            self._tried(contact, today) if number else "",
            stale=days is None or days > _STALE_DAYS,
        )

    def _tried(self, contact: Contact, today: date) -> str:
        phone = number_of(contact)
        if phone is None or phone.found_right_on:
            return confirmed_words(contact.confirmed_on, today)
        return confirmed_words(phone.confirmed_on, today, phone.result)

    def gap_target(self, field: str) -> QWidget | None:
        carer = self.clerk.facts.care.person if self.clerk.facts.care else None
        card = self._cards.card(carer.uuid) if carer is not None else None
        what = field.partition(".")[2]
        if field.startswith("care_paper"):
            return self._papers
        if card is not None and what in ("name", "id_number", "phone"):
            return card.field(what)
        return self._care if self._care.isVisibleTo(self) else self._change

    def first_field(self) -> QWidget | None:
        return self._care if self._care.isVisibleTo(self) else self._change

    @property
    def chain(self) -> ContactChain:
        """The order in which to ring."""
        return self._chain

    # ---- done

    def _ask_change(self) -> None:
        now = self.clerk.facts.care
        hint = "" if self.clerk.facts.relatives else "监护人还没有登记的，先用「加一名家人…」登记。"
        self.clerk.change(forms.CARE, self.clerk.facts.uuid, "", now=now, hint=hint)

    def _ask_person(self) -> None:
        self.clerk.open_panel(PersonPanel(self.clerk, Relation.PATERNAL_GRANDMOTHER))

    def _check_current(self) -> None:
        self._open_contact(self._chain.current_key)

    def _open_contact(self, key: str) -> None:
        for contact in contact_chain(self.clerk.facts):
            if contact_key(contact) == key and self.clerk.editable:
                self._phones.open_contact(contact)

    # ---- papers

    def _paper_line(self, kind: CarePaperKind, file: ChildFile) -> Fact:
        paper = _paper_of(kind, file)
        if paper is None:
            asked = any(gap.field == f"care_paper.{kind.value}" for gap in completeness(file.facts).gaps)
            return Fact(
                kind.value, kind.label, "未采集", in_force=False, tone=Tone.OCHRE if asked else Tone.INK
            )
        return Fact(kind.value, kind.label, paper_words(paper), in_force=paper.done)

    def _paper(self, key: str) -> None:
        if self.clerk.editable:
            self.ask_paper(CarePaperKind(key))

    def ask_paper(self, kind: CarePaperKind) -> None:
        """Ask for one paper about the care."""
        self.clerk.ask(
            kind.label,
            forms.PAPER,
            partial(self._recorded_paper, kind),
            fact=_paper_of(kind, self.clerk.file),
            dated=False,
            kind=Form.PAPER,
            how={"paper": kind.value},
        )

    def _recorded_paper(self, kind: CarePaperKind, panel: FactPanel) -> Write:
        return record_care_paper, {"child_uuid": self.clerk.facts.uuid, "kind": kind, **panel.values()}


def _paper_of(kind: CarePaperKind, file: ChildFile) -> CarePaperFacts | None:
    return next((paper for paper in file.facts.care_papers if paper.kind is kind), None)
