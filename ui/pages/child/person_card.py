"""A grown-up on the page: one line, the dated facts, the numbers, and the details when they are opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.children.checks import id_problem_words
from app.children.child_file import ChildFile, PersonPeriods
from app.children.codes import LifeStatus, Sex
from app.children.person_facts import PersonFacts, PhoneFacts
from app.core.dates import in_force
from app.core.id_number import inspect_id
from ui import theme
from ui.pages.child import forms
from ui.pages.child.clerk import Clerk, change_link
from ui.pages.child.phone_panel import PhoneDesk
from ui.pages.child.rows import OPTIONAL, BoundRows
from ui.pages.child.same_person_panel import SamePersonPanel
from ui.pages.child.section import FactLine, Facts, forms_menu, present_first
from ui.pages.child.words import (
    away_words,
    capacity_words,
    confirmed_words,
    kinship_words,
    life_words,
    marriage_words,
    person_line,
    phone_words,
)
from ui.theme import Tone, Type
from ui.widgets import Fact, FactList, Finding, FormGrid, Link, State, Text, holder, row
from ui.widgets.slices import put_in_tab_order

_NEW_PHONE = "new"
_FORMS = {
    "away": forms.AWAY,
    "life": forms.LIFE,
    "capacity": forms.CAPACITY,
    "marriage": forms.MARRIAGE,
}
_DETAILS = frozenset(
    {
        "name",
        "sex",
        "birth_date",
        "education",
        "id_number",
        "health",
        "occupation",
        "dialect_only",
        "note",
        "address",
    }
)
_HIDDEN_LIFE = (LifeStatus.ALIVE,)


class PersonCard(QWidget):
    """`show_person(person, file, fresh=…)`; `whose` is the word for the person in questions (父亲的)."""

    def __init__(self, clerk: Clerk, phones: PhoneDesk) -> None:
        super().__init__()
        m = theme.metrics()
        self._clerk = clerk
        self._phones = phones
        self._person: PersonFacts | None = None
        self._relation = Text("", tone=Tone.INK2)
        self._name = Text("", bold=True)
        self._line = Text("", tone=Tone.INK2, wrap=True)
        self.change = change_link(self._change)
        self.open = Link("资料", self.toggle, kind=Type.SMALL, icon="chevron_down")
        head = row(self._relation, self._name, self._line, self.open, self.change, gap=m.s8)
        head.setStretchFactor(self._line, 1)
        self._facts = Facts(clerk)
        self._numbers = FactList(threaded=False)
        self._numbers.setAccessibleName("电话")
        self._numbers.setToolTip("点一下或按回车：核实、换号、停用")
        self._numbers.activated.connect(self._phone)
        self._rows = BoundRows(self._save, clerk.fields, "person", self._person_uuid)
        self._details: FormGrid | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, m.s4, 0, m.s4)
        self._box.setSpacing(0)
        self._box.addWidget(holder(head))
        self._box.addWidget(self._facts)
        self._box.addWidget(self._numbers)

    @property
    def person(self) -> PersonFacts | None:
        """Whom the card shows."""
        return self._person

    def show_person(self, person: PersonFacts, file: ChildFile, *, fresh: bool) -> None:
        """Show a grown-up; `fresh` when it is another one than before."""
        fresh = fresh or self._person is None or self._person.uuid != person.uuid
        if fresh:
            self._close_details()
        self._person = person
        self._relation.setText(person.relation_words or "监护人")
        self._name.setText(person.name or "姓名未采集")
        self._name.set_tone(Tone.INK if person.name else Tone.OCHRE)
        self._line.setText(person_line(person))
        self._show_facts(file.periods_of(person.uuid))
        self._show_numbers(file.periods_of(person.uuid).phones)
        self._show_details(person, fresh=fresh)
        self.change.setVisible(self._clerk.editable)

    def clear(self) -> None:
        """Show nobody: the card waits for the next child."""
        self.hide()
        self._close_details()
        self._person = None

    def field(self, name: str) -> QWidget:
        """Where a fact of the person is entered: a detail (opened), the numbers, or the change of a dated fact."""
        if name == "phone":
            return self._numbers
        if name in _DETAILS:
            self.open_details()
            return self._rows.fields[name]
        if name == "away_place" and self._facts.isVisibleTo(self):
            return self._facts
        return self.change

    def toggle(self) -> None:
        """Open or close the details."""
        if self._details is None or self._details.isHidden():
            self.open_details()
        else:
            self._close_details()

    def open_details(self) -> None:
        """Show the details."""
        self.make_details().show()
        self.open.set_icon("chevron_up")
        self.open.setAccessibleName("收起资料")

    def make_details(self) -> QWidget:
        """Have the fields of the details; they are made when they are first needed."""
        if self._details is None:
            self._details = self._details_grid()
            self._details.hide()
            self._box.insertWidget(1, self._details)
            put_in_tab_order(self)
            if self._person is not None:
                self._show_details(self._person, fresh=True)
        return self._details

    # ---- shown

    def _details_grid(self) -> FormGrid:
        rows, grid = self._rows, FormGrid()
        grid.pair(rows.words("name", "姓名"), rows.choice("sex", "性别", tuple(Sex.labels().items())))
        grid.pair(rows.date("birth_date", "出生日期"), rows.words("education", "文化程度", hint=OPTIONAL))
        grid.full(rows.text("id_number", "身份证号", check=_check_id))
        grid.pair(
            rows.words("health", "身体状况", hint=OPTIONAL), rows.words("occupation", "职业", hint=OPTIONAL)
        )
        grid.pair(rows.yes_no("dialect_only", "只会方言"), rows.words("note", "备注", hint=OPTIONAL))
        grid.full(rows.words("address", "住址", hint=OPTIONAL))
        return grid

    def _close_details(self) -> None:
        if self._details is not None:
            self._details.hide()
        self.open.set_icon("chevron_down")
        self.open.setAccessibleName("展开资料")

    def _show_details(self, person: PersonFacts, *, fresh: bool) -> None:
        self._rows.show(partial(getattr, person), self._doubts(person), fresh=fresh)
        self._rows.enable(self._clerk.editable)

    def _doubts(self, person: PersonFacts) -> dict[str, str]:
        finding = _check_id(person.id_number) if person.id_number else None
        return {"id_number": finding.reason} if finding else {}

    def _show_facts(self, periods: PersonPeriods) -> None:
        person = self._person
        if person is None:
            return
        today = self._clerk.context.clock.today()
        lines = present_first(_lines(periods, self._whose()), today)
        gone = person.gone
        parent = person.relation in forms.ASKED_AWAY
        asked = parent and not gone and not any(line.form is forms.AWAY for line in lines)
        self._facts.show_rows(
            lines, empty="在外还是在家" if asked else "", on_empty=partial(self._record, "away")
        )

    def _show_numbers(self, phones: tuple[PhoneFacts, ...]) -> None:
        person = self._person
        if person is None:
            return
        today = self._clerk.context.clock.today()
        now = [phone for phone in phones if in_force(phone.valid_from, phone.valid_to, today) is not False]
        shown = [self._number(phone) for phone in now]
        if not shown and not person.gone:
            shown = [Fact(_NEW_PHONE, "电话", "未采集", in_force=False, tone=Tone.OCHRE)]
        self._numbers.set_facts(shown)
        self._numbers.setVisible(bool(shown))

    def _number(self, phone: PhoneFacts) -> Fact:
        today = self._clerk.context.clock.today()
        return Fact(
            phone.uuid,
            "电话",
            phone_words(phone, revealed=self._phones.revealed),
            confirmed_words(phone.confirmed_on, today, phone.result),
            in_force=phone.usable,
            tone=Tone.INK,
        )

    # ---- done

    def _whose(self) -> str:
        person = self._person
        if person is None:
            return ""
        return f"{person.relation_words or person.name or '监护人'}的"

    def _person_uuid(self) -> str:
        return self._person.uuid if self._person is not None else ""

    def _save(self, column: str, value: object, field: QWidget) -> None:
        if self._person is not None:
            stored = getattr(self._person, column)
            self._clerk.person_value(self._person.uuid, stored, column, value, field)

    def _change(self) -> None:
        if self._person is None:
            return
        entries: list[tuple[str, Callable[[], object]]] = [
            ("外出或回家…", partial(self._record, "away")),
            ("健在情况…", partial(self._record, "life")),
            ("监护能力…", partial(self._record, "capacity")),
            ("婚姻情况…", partial(self._record, "marriage")),
            ("换电话、加电话…", self._add_phone),
        ]
        if self._person.kinship is not None:
            entries.append(("改关系或叫法…", self._correct_kinship))
        entries.append(("和另一份登记是同一个人…", self._same_person))
        self._clerk.pop_up(forms_menu(self, entries), self.change)

    def _record(self, what: str) -> None:
        if self._person is not None:
            now = getattr(self._person, what)
            self._clerk.change(_FORMS[what], self._person.uuid, self._whose(), now=now)

    def _correct_kinship(self) -> None:
        if self._person is not None and self._person.kinship is not None:
            self._clerk.correct(forms.KINSHIP, self._whose(), self._person.kinship)

    def _same_person(self) -> None:
        if self._person is not None:
            context = self._clerk.context
            panel = SamePersonPanel(context, self._person.uuid, self._person.name or "", self._clerk.window())
            context.dialogs.open_panel(panel, _closed)

    def _add_phone(self) -> None:
        if self._person is not None:
            self._phones.add_number(self._person)

    def _phone(self, uuid: str) -> None:
        person = self._person
        if person is None or not self._clerk.editable:
            return
        phone = next((one for one in person.phones if one.uuid == uuid), None)
        if phone is None:
            self._phones.add_number(person)
        else:
            self._phones.open(person, phone)


def _lines(periods: PersonPeriods, whose: str) -> Iterator[FactLine]:
    """The dated facts of a grown-up; that somebody is alive is said in the line above, not as a fact of its own."""
    for away in periods.aways:
        yield FactLine(forms.AWAY, away, away_words(away), whose=whose)
    alone = len(periods.lives) == 1
    for life in periods.lives:
        if not (alone and life.status in _HIDDEN_LIFE and life.valid_from is None):
            yield FactLine(forms.LIFE, life, life_words(life), whose=whose)
    for capacity in periods.capacities:
        yield FactLine(forms.CAPACITY, capacity, capacity_words(capacity), whose=whose)
    said_above = len(periods.marriages) == 1 and periods.marriages[0].valid_from is None
    for marriage in () if said_above else periods.marriages:
        yield FactLine(forms.MARRIAGE, marriage, marriage_words(marriage), whose=whose)
    if len(periods.kinships) > 1:
        for kinship in periods.kinships:
            yield FactLine(forms.KINSHIP, kinship, kinship_words(kinship), whose=whose)


def _check_id(text: str) -> Finding | None:
    """A grown-up may still have a number of fifteen digits."""
    problem = inspect_id(text).problem
    if problem is None or problem == "fifteen":
        return None
    return Finding(State.DOUBTFUL, id_problem_words(problem))


def _closed(_key: str) -> None:
    """The dialog has done its work itself."""
