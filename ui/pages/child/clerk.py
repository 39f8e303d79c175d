"""What the sections ask for: saving a field, and the dialogs through which facts change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.children.child_file import ChildFile
from app.children.dated_fact import DatedFact
from app.children.facts import ChildFacts
from app.children.person_facts import PersonFacts
from app.children.service import change_field, resolve_doubt
from app.children.service_facts import correct_fact, record_fact, record_past, remove_fact
from app.children.service_family import change_person_field
from app.core.errors import ShouwangError, UserError
from app.dossier.service_bin import RecordPreview, record_preview
from app.school.rules import ClassFacts
from app.storage.drafts import Draft, Json, Source
from ui.context import Context
from ui.drafts import About, EntryPanel, FieldDrafts, Form, Sent, refusal_words
from ui.pages.child.fact_panel import REMOVE, FactPanel
from ui.pages.child.forms import ENDED_BY_HAND, FactForm, Kind, name_of
from ui.pages.child.rows import refuse, told_stored
from ui.theme import Type
from ui.widgets import Kind as Look
from ui.widgets import Link, Menu, Verb

Write = tuple[Callable[..., Any], dict[str, Any]]
"""A service and what it is handed."""


class Clerk(QObject):
    """Writes for the page of one child. The page hands it the file it shows with `take`.

    Every write is one action; what cannot be stored is said where it was typed.
    """

    reload_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.context = context
        self.classes: Sequence[ClassFacts] = ()
        self.fields = FieldDrafts(context.drafts, context.dialogs, Form.CHILD_FIELDS, self)
        self.resuming: Draft | None = None
        self._file: ChildFile | None = None

    def take(self, file: ChildFile, classes: Sequence[ClassFacts]) -> None:
        """The file that is shown from now on."""
        self._file = file
        self.classes = classes
        uuid = file.facts.uuid
        self.fields.show(uuid, file.facts.name, {"uuid": uuid}, (("child", uuid),))

    @property
    def file(self) -> ChildFile:
        """The file shown."""
        if self._file is None:
            raise RuntimeError("no child is shown")
        return self._file

    @property
    def facts(self) -> ChildFacts:
        """The facts of the day shown."""
        return self.file.facts

    @property
    def editable(self) -> bool:
        """False in a ledger that is only looked at."""
        return not self.context.read_only

    def child_uuid(self) -> str:
        """Whose file is shown; "" before the first."""
        return "" if self._file is None else self._file.facts.uuid

    def fact_uuid(self, name: str) -> str:
        """The row of a dated fact of the child that holds today; "" without one."""
        fact = getattr(self._file.facts, name) if self._file is not None else None
        return "" if fact is None else str(fact.uuid)

    # ---- single fields

    def child_value(self, column: str, value: object, field: QWidget) -> None:
        """A column of the child itself."""
        stored = getattr(self.facts, column)
        self._save(field, stored, change_field, uuid=self.facts.uuid, field=column, value=value)

    def person_value(
        self, person_uuid: str, stored: object, column: str, value: object, field: QWidget
    ) -> None:
        """A column of a grown-up; brothers and sisters see the same."""
        self._save(field, stored, change_person_field, person_uuid=person_uuid, field=column, value=value)

    def fact_value(
        self,
        form: FactForm,
        fact: DatedFact | None,
        stored: object,
        column: str,
        value: object,
        field: QWidget,
    ) -> None:
        """Typing into a dated fact is a correction; without one it is written as true since unknown times.

        What the fact cannot be without, taken away, takes the fact out.
        """
        needed = any(ask.column == column and ask.needed for ask in form.asks)
        if value is None and needed:
            if fact is not None:
                self._save(field, stored, remove_fact, table=form.table, row_uuid=fact.uuid)
            return
        if fact is not None:
            self._save(
                field, stored, correct_fact, table=form.table, row_uuid=fact.uuid, values={column: value}
            )
            return
        values = {ask.column: None for ask in form.asks} | {column: value}
        self._save(
            field,
            stored,
            record_fact,
            table=form.table,
            subject_uuid=self.facts.uuid,
            values=values,
            since=None,
        )

    def _save(self, place: QWidget, stored: object, service: Callable[..., Any], /, **values: Any) -> None:
        sent = self.fields.sending(place, stored)
        failed = partial(self._not_saved, place, stored, sent)
        self.context.write(service, on_done=partial(self._saved, place, sent), on_error=failed, **values)

    def _saved(self, field: QWidget, sent: Sent | None, _changes: object) -> None:
        self.fields.stored(sent)
        if sent is not None and sent.record == self.facts.uuid and shiboken6.isValid(field):
            told_stored(field, str(sent.entry.value))

    def _not_saved(self, field: QWidget, stored: object, sent: Sent | None, error: BaseException) -> None:
        """What could not be stored stays in its field, with the reason, and in its draft."""
        shown = self.fields.failed(sent)
        if shown and isinstance(error, ShouwangError) and shiboken6.isValid(field):
            refuse(field, stored, refusal_words(error))
        if not isinstance(error, UserError) or not shown:
            self.context.errors.show(error)
        if sent is None:
            self.reload_wanted.emit()

    # ---- dated facts

    def change(
        self, form: FactForm, subject_uuid: str, whose: str, *, now: DatedFact | None = None, hint: str = ""
    ) -> None:
        """情况变了…: ask what it is now and since when."""
        head = f"{whose}{form.head}" + ("变了" if now is not None else "")
        ends = "原来的一条会在这天结束，留在下面。" if now is not None else ""
        how: dict[str, Json] = {"subject": subject_uuid, "whose": whose, "now": now.uuid if now else ""}
        write = partial(_recorded, form, subject_uuid)
        self.ask(head, form, write, fact=now, hint=hint or ends, kind=Form.CHANGE, how=how)

    def correct(self, form: FactForm, whose: str, fact: DatedFact) -> None:
        """更正: one row as it was written, with its dates; it can be taken out."""
        if not self.editable:
            return
        hint = (
            "写错了就改；不再如此就填「到哪天止」。"
            if form in ENDED_BY_HAND
            else "写错了才改这里；情况变了请用「情况变了…」。"
        )
        write = partial(_corrected, form, fact.uuid)
        how: dict[str, Json] = {"whose": whose, "fact": fact.uuid}
        head = f"更正{whose}{form.head}"
        self.ask(head, form, write, fact=fact, correct=True, hint=hint, kind=Form.CORRECT, how=how)

    def ask(
        self,
        head: str,
        form: FactForm,
        write: Callable[[FactPanel], Write],
        *,
        fact: DatedFact | None = None,
        correct: bool = False,
        dated: bool = True,
        hint: str = "",
        kind: Form,
        how: Mapping[str, Json],
    ) -> None:
        """Open the dialog of a fact; `write(panel)` says which service stores what it holds, `how` opens it again."""
        asking = _Asking(self, write, remove=(form.table, fact.uuid) if correct and fact else None)
        panel = FactPanel(
            self.window(),
            f"{self.facts.name}：{head}",
            form,
            self.choices(),
            asking.asked,
            fact=fact,
            correct=correct,
            dated=dated,
            today=self.context.clock.today(),
            hint=hint,
        )
        columns = panel.columns
        known = {name: Source(form.table, fact.uuid, name) for name in columns} if fact is not None else {}
        rows = ((form.table, fact.uuid),) if correct and fact is not None else ()
        record = fact.uuid if correct and fact is not None else f"{how.get('subject', '')}"
        how = {"form": name_of(form), **how}
        self.keep(panel, kind, head, panel.kept_fields, record=record, how=how, rows=rows, sources=known)
        asking.open(panel)

    def remove(self, table: str, row_uuid: str) -> None:
        """Take out a row that never was so: what goes is said first."""
        self.context.read(record_preview, table, row_uuid, on_done=self._ask_removal)

    def _ask_removal(self, preview: RecordPreview) -> None:
        self.context.dialogs.ask(
            "把这一条移到回收站？",
            preview.lines,
            [Verb("stay", "先不动"), Verb(REMOVE, "移到回收站", Look.DANGER)],
            partial(self._remove_asked, preview),
        )

    def _remove_asked(self, preview: RecordPreview, key: str) -> None:
        if key == REMOVE:
            self.context.write(remove_fact, table=preview.table, row_uuid=preview.uuid, toast=True)

    def settle(self, doubt_uuid: str) -> None:
        """已核对: somebody looked at the paper."""
        self.context.write(resolve_doubt, doubt_uuid=doubt_uuid, toast=True)

    def choices(self) -> Mapping[Kind, Sequence[tuple[Hashable, str]]]:
        """What dialogs offer: the people around the child, the classes of the school."""
        people: dict[str, PersonFacts] = {person.uuid: person for person in self.facts.relatives}
        if self.facts.care and self.facts.care.person:
            people.setdefault(self.facts.care.person.uuid, self.facts.care.person)
        for contact in self.facts.contacts:
            if contact.person is not None:
                people.setdefault(contact.person.uuid, contact.person)
        return {
            Kind.PERSON: [(uuid, person_words(person)) for uuid, person in people.items()],
            Kind.CLASS: [(cls.uuid, cls.name) for cls in self.classes],
        }

    # ---- drafts

    def keep(
        self,
        panel: EntryPanel,
        form: Form,
        what: str,
        fields: Mapping[str, QWidget],
        *,
        record: str = "",
        how: Mapping[str, Json] | None = None,
        rows: tuple[tuple[str, str], ...] = (),
        sources: Mapping[str, Source] | None = None,
    ) -> None:
        """Keep what is typed into a dialog of this child's file; fill in what was asked to be written on."""
        child = self.facts
        about = About(
            form,
            record or child.uuid,
            f"{child.name} {what}",
            where={"uuid": child.uuid},
            how=how or {},
            rows=(("child", child.uuid), *rows),
            sources=sources or {},
        )
        panel.keep_draft(self.context, about, fields)
        draft, self.resuming = self.resuming, None
        if draft is not None and draft.form == form:
            panel.resume(draft)

    # ---- for dialogs

    def window(self) -> QWidget | None:
        """What dialogs stand before."""
        return self.context.dialogs.window

    def open_panel(self, panel: EntryPanel) -> None:
        """Open a dialog of this page."""
        self.context.dialogs.open_panel(panel, _closed)

    def pop_up(self, menu: Menu, beside: QWidget) -> None:
        """Open a menu under a link."""
        menu.popup(beside.mapToGlobal(beside.rect().bottomLeft()))


class _Asking(QObject):
    """One open dialog of a dated fact: stores its answer, closes it when it is stored."""

    def __init__(
        self, clerk: Clerk, write: Callable[[FactPanel], Write], *, remove: tuple[str, str] | None
    ) -> None:
        super().__init__(clerk)
        self._clerk = clerk
        self._write = write
        self._remove = remove
        self._panel: FactPanel | None = None

    def open(self, panel: FactPanel) -> None:
        self._panel = panel
        self.setParent(panel)
        self._clerk.open_panel(panel)

    def asked(self, key: str) -> None:
        panel = self._panel
        if panel is None:
            return
        if key == REMOVE and self._remove is not None:
            self._clerk.remove(*self._remove)
            panel.finish()
            return
        missing = panel.missing()
        if missing is not None:
            label, field = missing
            panel.object_to(f"还没有填「{label}」。", field)
            return
        service, values = self._write(panel)
        self._clerk.context.write(service, on_done=self._stored, on_error=panel.refused, toast=True, **values)

    def _stored(self, _changes: object) -> None:
        if self._panel is not None:
            self._panel.finish()


def _recorded(form: FactForm, subject_uuid: str, panel: FactPanel) -> Write:
    known: dict[str, Any] = {
        "table": form.table,
        "subject_uuid": subject_uuid,
        "values": panel.values(),
        "since": panel.since(),
        "source": panel.source(),
    }
    until = panel.until()
    return (record_past, known | {"until": until}) if until else (record_fact, known)


def _corrected(form: FactForm, row_uuid: str, panel: FactPanel) -> Write:
    return correct_fact, {
        "table": form.table,
        "row_uuid": row_uuid,
        "values": panel.values() | panel.period(),
    }


def change_link(asked: Callable[..., object]) -> Link:
    """情况变了…: what the file says is not so any more; told apart from 有情况, which is something to go and see."""
    link = Link("情况变了…", asked, kind=Type.SMALL)
    link.setToolTip("档案里写的变了（换监护人、搬家、外出）：写从哪天起，原来的留着")
    return link


def person_words(person: PersonFacts) -> str:
    """奶奶 田秀莲."""
    return " ".join(part for part in (person.relation_words, person.name or "姓名未采集") if part)


def _closed(_key: str) -> None:
    """The dialog has done its work itself."""
