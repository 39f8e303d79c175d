"""Numbers: shown masked, tried today, changed, retired; the order in which to ring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.children.codes import PhoneResult
from app.children.contacts import contact_chain
from app.children.facts import Contact
from app.children.finding import ChildRef, phone_shared_with, same_number_elsewhere
from app.children.person_facts import PersonFacts, PhoneFacts
from app.children.service_facts import correct_fact
from app.children.service_family import (
    ContactEntry,
    add_phone,
    change_phone,
    confirm_phone,
    order_contacts,
    retire_phone,
)
from app.core.text import mask_phone
from app.school.codes import HandoverKind
from app.school.handover import log_handover
from app.storage.drafts import Source
from app.storage.store import Store
from ui.drafts import SAVE, EntryPanel, Form
from ui.pages.child.clerk import Clerk, person_words
from ui.theme import Tone, Type
from ui.widgets import FormRow, NearDate, QuietChoice, QuietField, Text, Verb

RETIRE = "retire"
DROP = "drop"
_NOT_TRIED = "今天没有打"


class PhoneDesk(QObject):
    """Everything about the numbers of one page. `revealed` until the next child is shown."""

    changed = Signal()

    def __init__(self, clerk: Clerk) -> None:
        super().__init__(clerk)
        self._clerk = clerk
        self.revealed = False

    def hide(self) -> None:
        """Another child is shown: masked again."""
        self.revealed = False

    def reveal(self) -> None:
        """Show the numbers; that they were shown is written down first, and never undone."""
        context = self._clerk.context
        if context.read_only:
            self._revealed(None)
            return
        context.read(
            log_handover,
            kind=HandoverKind.REVEAL,
            content="档案页上显示电话号码",
            people=1,
            by=context.entering.by,
            on_done=self._revealed,
        )

    def _revealed(self, _changes: object) -> None:
        self.revealed = True
        self.changed.emit()

    def open(self, person: PersonFacts, phone: PhoneFacts, contact: Contact | None = None) -> None:
        """Try, change or retire a number."""
        panel = PhonePanel(self._clerk, person, phone, contact)
        self._clerk.open_panel(panel)

    def add_number(self, person: PersonFacts) -> None:
        """Write a first or a further number."""
        self._clerk.open_panel(NewNumberPanel(self._clerk, person))

    def open_contact(self, contact: Contact) -> None:
        """A link of the chain: a grown-up with a number, one without, an office."""
        person = contact.person
        if person is None:
            self._clerk.open_panel(OfficePanel(self._clerk, contact))
            return
        phone = next((one for one in person.phones if one.uuid == contact.phone_uuid), None)
        if phone is None:
            self.add_number(person)
        else:
            self.open(person, phone, contact)

    def add_office(self) -> None:
        """The village committee, a neighbour's shop: an office with its number."""
        self._clerk.open_panel(OfficePanel(self._clerk, None))

    def move(self, key: str, place: int) -> None:
        """Put one link of the chain elsewhere; with that the whole chain is in her order."""
        chain = list(contact_chain(self._clerk.facts))
        moved = next((contact for contact in chain if contact_key(contact) == key), None)
        if moved is None:
            return
        chain.remove(moved)
        chain.insert(place, moved)
        store_chain(self._clerk, [entry_of(contact) for contact in chain])


def contact_key(contact: Contact) -> str:
    """What a link is known by on the page; one that was only offered has no row yet."""
    return contact.uuid or f"person:{contact.person.uuid if contact.person else ''}"


def entry_of(contact: Contact) -> ContactEntry:
    """The link as it is written."""
    return ContactEntry(
        person_uuid=contact.person.uuid if contact.person else None,
        office=contact.office,
        office_number=contact.number if contact.person is None else None,
        reachable=contact.reachable,
        language_note=contact.language_note if contact.uuid else None,
    )


def store_chain(
    clerk: Clerk,
    chain: Sequence[ContactEntry],
    *,
    on_done: Callable[[object], object] | None = None,
    on_error: Callable[[BaseException], object] | None = None,
) -> None:
    """Write the order in which to ring."""
    child = clerk.facts.uuid
    clerk.context.write(order_contacts, child_uuid=child, chain=chain, on_done=on_done, on_error=on_error)


def _sharing(store: Store, person_uuid: str, number: str) -> tuple[list[ChildRef], list[ChildRef]]:
    return phone_shared_with(store, person_uuid), same_number_elsewhere(store, number, person_uuid)


class PhonePanel(EntryPanel):
    """One number: what came of today's call, a new number, when to ring."""

    def __init__(
        self, clerk: Clerk, person: PersonFacts, phone: PhoneFacts, contact: Contact | None = None
    ) -> None:
        number = mask_phone(phone.number)
        more = [Verb(RETIRE, "停用这个号码")]
        if contact is not None and contact.uuid:
            more.append(Verb(DROP, "移出顺序"))
        super().__init__(
            clerk.window(), f"{person_words(person)} {number}", self._asked, verb="记下", more=more
        )
        self._clerk = clerk
        self._phone = phone
        self._contact = contact
        self._acts: dict[str, Callable[[], object]] = {}
        self._stored: set[str] = set()
        options = [(code, words) for code, words in PhoneResult.labels().items()]
        self.outcome = QuietChoice([("", _NOT_TRIED), *options], quiet=False, unknown=False)
        self.number = QuietField(quiet=False, hint="号码没换就空着")
        self.since = NearDate(clerk.context.clock.today, hint="今天")
        self.label = QuietField(quiet=False, hint="如 厂里、晚上用")
        self.label.set_value(phone.label)
        self.reachable = QuietField(quiet=False, hint="如 白班，19 点后")
        self.language = QuietField(quiet=False, hint="如 只听得懂方言")
        self._shared = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self._shared.hide()
        self.add(FormRow("今天打了", self.outcome))
        self.add(FormRow("换成新号", self.number))
        self.add(FormRow("新号从", self.since))
        self.add(FormRow("说明", self.label))
        if contact is not None:
            self.reachable.set_value(contact.reachable)
            self.language.set_value(contact.language_note)
            self.add(FormRow("何时能接", self.reachable))
            self.add(FormRow("语言", self.language))
        self.form.addWidget(self._shared)
        clerk.context.read(_sharing, person.uuid, phone.number, on_done=self._show_sharing)
        self._keep(person)

    def _keep(self, person: PersonFacts) -> None:
        fields: dict[str, QWidget] = {
            "outcome": self.outcome,
            "number": self.number,
            "since": self.since,
            "label": self.label,
        }
        if self._contact is not None:
            fields |= {"reachable": self.reachable, "language": self.language}
        uuid = self._phone.uuid
        contact = contact_key(self._contact) if self._contact is not None else ""
        self._clerk.keep(
            self,
            Form.PHONE,
            f"{person_words(person)}的电话",
            fields,
            record=uuid,
            how={"person": person.uuid, "contact": contact},
            rows=(("person", person.uuid), ("phone", uuid)),
            sources={"label": Source("phone", uuid, "label")},
        )

    def _show_sharing(self, found: tuple[list[ChildRef], list[ChildRef]]) -> None:
        own, elsewhere = found
        others = [child.name for child in own if child.uuid != self._clerk.facts.uuid]
        words = []
        if others:
            words.append(f"{'、'.join(others)}也用这个号码，换号会一起换。")
        apart = [child.name for child in elsewhere if child.uuid != self._clerk.facts.uuid]
        if apart:
            words.append(f"{'、'.join(apart)}的档案里另一位家长也是这个号码，换了号请到那里看看。")
        self._shared.setText("".join(words))
        self._shared.setVisible(bool(words))

    def _asked(self, key: str) -> None:
        write = partial(self._clerk.context.write, on_done=self._one_stored, on_error=self.refused)
        uuid = self._phone.uuid
        acts: dict[str, Callable[[], object]] = {}
        if key == RETIRE:
            acts[RETIRE] = partial(write, retire_phone, phone_uuid=uuid, toast=True)
        elif key == DROP:
            acts[DROP] = partial(self._store_contact, drop=True)
        elif key == SAVE:
            acts = self._changes(write)
        self._acts = {name: act for name, act in acts.items() if name not in self._stored}
        self._do_next()

    def _do_next(self) -> None:
        """One after the other: what is stored is not written again when a later one fails."""
        act = next(iter(self._acts.values()), None)
        if act is None:
            self.finish()
        else:
            act()

    def _one_stored(self, _changes: object) -> None:
        name = next(iter(self._acts))
        del self._acts[name]
        self._stored.add(name)
        self._do_next()

    def _changes(self, write: Callable[..., object]) -> dict[str, Callable[[], object]]:
        uuid = self._phone.uuid
        acts: dict[str, Callable[[], object]] = {}
        if self.label.value != (self._phone.label or ""):
            values = {"label": self.label.value or None}
            acts["label"] = partial(write, correct_fact, table="phone", row_uuid=uuid, values=values)
        if self.outcome.value:
            result = PhoneResult(str(self.outcome.value))
            acts["outcome"] = partial(write, confirm_phone, phone_uuid=uuid, result=result, toast=True)
        if self.number.value:
            since = self.since.value or None
            number = self.number.value
            acts["number"] = partial(
                write, change_phone, phone_uuid=uuid, number=number, since=since, toast=True
            )
        contact = self._contact
        if contact is not None and (
            self.reachable.value != (contact.reachable or "")
            or self.language.value != (contact.language_note or "")
        ):
            acts["contact"] = self._store_contact
        return acts

    def _store_contact(self, *, drop: bool = False) -> None:
        chain = []
        for contact in contact_chain(self._clerk.facts):
            entry = entry_of(contact)
            if self._contact is not None and contact_key(contact) == contact_key(self._contact):
                if drop:
                    continue
                entry = ContactEntry(
                    person_uuid=entry.person_uuid,
                    reachable=self.reachable.value or None,
                    language_note=self.language.value or None,
                )
            elif not contact.uuid:
                continue  # only offered: stays so
            chain.append(entry)
        store_chain(self._clerk, chain, on_done=self._one_stored, on_error=self.refused)


class NewNumberPanel(EntryPanel):
    """A number of a grown-up that was not known."""

    def __init__(self, clerk: Clerk, person: PersonFacts) -> None:
        super().__init__(clerk.window(), f"{person_words(person)}：加一个电话", self._asked, verb="记下")
        self._clerk = clerk
        self._person = person
        self.number = QuietField(quiet=False, hint="")
        self.label = QuietField(quiet=False, hint="如 厂里、晚上用")
        self.tried = QuietChoice([(False, "还没有打过"), (True, "今天打通了")], quiet=False, unknown=False)
        self.add(FormRow("号码", self.number))
        self.add(FormRow("说明", self.label))
        self.add(FormRow("核实", self.tried))
        clerk.keep(
            self,
            Form.NEW_NUMBER,
            f"{person_words(person)}：加一个电话",
            {"number": self.number, "label": self.label, "tried": self.tried},
            record=person.uuid,
            rows=(("person", person.uuid),),
        )

    def _asked(self, _key: str) -> None:
        today = self._clerk.context.clock.today().isoformat()
        self._clerk.context.write(
            add_phone,
            person_uuid=self._person.uuid,
            number=self.number.value,
            label=self.label.value or None,
            confirmed_on=today if self.tried.value else None,
            on_done=self._stored,
            on_error=self.refused,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class OfficePanel(EntryPanel):
    """An office in the chain: 村委会, 派出所."""

    def __init__(self, clerk: Clerk, contact: Contact | None) -> None:
        more = [Verb(DROP, "移出顺序")] if contact is not None else []
        head = contact.who if contact is not None else "加一个单位到联系顺序"
        super().__init__(clerk.window(), head, self._asked, verb="记下", more=more)
        self._clerk = clerk
        self._contact = contact
        self.office = QuietField(quiet=False, hint="如 白水沟村委会")
        self.number = QuietField(quiet=False, hint="")
        self.reachable = QuietField(quiet=False, hint="如 工作日白天")
        if contact is not None:
            self.office.set_value(contact.office)
            self.number.set_value(contact.number)
            self.reachable.set_value(contact.reachable)
        self.add(FormRow("单位", self.office))
        self.add(FormRow("电话", self.number))
        self.add(FormRow("何时能接", self.reachable))
        uuid = contact.uuid if contact is not None else ""
        clerk.keep(
            self,
            Form.OFFICE,
            "联系顺序里的单位",
            {"office": self.office, "number": self.number, "reachable": self.reachable},
            record=uuid,
            how={"contact": uuid},
            rows=(("contact_order", uuid),) if uuid else (),
        )

    def _asked(self, key: str) -> None:
        mine = ContactEntry(
            office=self.office.value or None,
            office_number=self.number.value or None,
            reachable=self.reachable.value or None,
        )
        chain: list[ContactEntry] = []
        for contact in contact_chain(self._clerk.facts):
            if self._contact is not None and contact.uuid == self._contact.uuid:
                if key == SAVE:
                    chain.append(mine)
            else:
                chain.append(entry_of(contact))
        if self._contact is None:
            chain.append(mine)
        self._clerk.context.write(
            order_contacts,
            child_uuid=self._clerk.facts.uuid,
            chain=chain,
            on_done=self._stored,
            on_error=self.refused,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()
