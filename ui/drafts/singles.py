"""Half-typed single fields of a page that saves each on leaving it: kept until the ledger has them, also on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import shiboken6
from msgspec import Struct
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.storage.drafts import Draft, Entry, Source
from ui.dialogs import Dialogs
from ui.drafts import fields as of_fields
from ui.drafts.desk import Drafts, Key, new_copy
from ui.drafts.known import Form, version_of
from ui.drafts.note import LONG_TEXT, ask_about
from ui.widgets import QuietArea, QuietField


class Spot(Struct, frozen=True):
    """Where a field belongs: a column of a row of a table; `uuid()` is "" while there is no such row."""

    table: str
    column: str
    uuid: Callable[[], str]

    @property
    def name(self) -> str:
        """What the field is called in a draft; a child has several grown-ups, but one row of everything else."""
        row = f"/{self.uuid()}" if self.table == "person" else ""
        return f"{self.table}{row}:{self.column}"


class Sent(Struct, frozen=True):
    """A value on its way into the ledger: of which draft of which record, and of which grown-up of it."""

    record: str
    copy: str
    entry: Entry
    person: str


class _Record:
    """What is typed and not stored about one record."""

    def __init__(
        self,
        owner: FieldDrafts,
        uuid: str,
        words: str,
        where: Mapping[str, str],
        rows: tuple[tuple[str, str], ...],
    ) -> None:
        self._owner = owner
        self._words = words
        self._where = where
        self._rows = rows
        self.uuid = uuid
        self.copy = new_copy()
        self.sent: list[Sent] = []
        self.strays: list[Entry] = []

    @property
    def is_open(self) -> bool:
        return shiboken6.isValid(self._owner)

    @property
    def key(self) -> Key:
        return self._owner.form, self.uuid, self.copy

    def draft(self) -> Draft | None:
        """Everything pending; the words name the fields."""
        pending = list(self._owner.pending()) if self._owner.record == self.uuid else []
        found = [*self.sent, *pending]
        entries = {one.name: one for one in self.strays} | {one.entry.name: one.entry for one in found}
        if not entries:
            return None
        labels = "、".join(dict.fromkeys(entry.label for entry in entries.values()))
        people = tuple(dict.fromkeys(("person", one.person) for one in found if one.person))
        return Draft(
            form=self._owner.form,
            version=version_of(self._owner.form),
            record=self.uuid,
            words=f"{self._words} {labels}",
            entries=tuple(entries.values()),
            at="",
            copy=self.copy,
            where=self._where,
            rows=(*self._rows, *people),
        )


class FieldDrafts(QObject):
    """All text fields of a page or section. `record` is what is shown."""

    def __init__(self, drafts: Drafts, dialogs: Dialogs, form: Form, parent: QObject) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._dialogs = dialogs
        self._fields: list[tuple[QuietField | QuietArea, Spot]] = []
        self._records: dict[str, _Record] = {}
        self.form = form
        self.record: str | None = None

    def watch(self, field: QuietField | QuietArea, spot: Spot) -> None:
        """A field is there from now on."""
        self._fields.append((field, spot))
        field.textChanged.connect(self._drafts.touched)
        field.may_restore = partial(self._may_give_up, field)

    def show(
        self, uuid: str, words: str, where: Mapping[str, str], rows: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Another record is shown; what was sent of the one before may still be on its way."""
        if uuid == self.record:
            return
        before = self._records.get(self.record) if self.record is not None else None
        if before is not None:
            before.strays += [
                one.entry for one in self.pending()
            ]  # what could not be stored has no field any more
        self.record = uuid
        if before is not None and not before.sent:
            self._end(before)
        if uuid not in self._records:
            self._records[uuid] = _Record(self, uuid, words, where, rows)
            self._drafts.open(self._records[uuid])

    def pending(self) -> Iterator[Sent]:
        """What is typed in the fields and was not sent."""
        self._fields = [pair for pair in self._fields if shiboken6.isValid(pair[0])]
        for field, spot in self._fields:
            if field.is_pending:
                yield self._sent(field, spot, field.value)

    def sending(self, field: QWidget, stored: object) -> Sent | None:
        """A field was left, its value goes to the ledger: it stays kept until it is there. None for a mere choice."""
        spot = next((spot for one, spot in self._fields if one is field), None)
        record = self._records.get(self.record or "")
        if spot is None or record is None or not isinstance(field, QuietField | QuietArea):
            return None
        sent = self._sent(field, spot, "" if stored is None else str(stored))
        record.sent.append(sent)
        self._drafts.touched()
        return sent

    def stored(self, sent: Sent | None) -> None:
        """The ledger has it."""
        if sent is None:
            return
        record = self._records.get(sent.record)
        if record is None:
            self._forget_left(sent)
            return
        if sent in record.sent:  # not after it had failed and was tried again
            record.sent.remove(sent)
        if not record.sent and record.uuid != self.record:
            self._end(record)
        else:
            self._drafts.write()

    def failed(self, sent: Sent | None) -> bool:
        """The ledger did not take it; True when its field is still shown and has to hold the text again."""
        record = self._records.get(sent.record) if sent is not None else None
        if sent is None or record is None:
            return True
        shown = record.uuid == self.record
        if shown:
            record.sent.remove(sent)
        else:
            record.strays.append(sent.entry)  # she has gone on to another one
            record.sent.remove(sent)
            if not record.sent:
                self._end(record)
        return shown

    def fill(self, draft: Draft, before: Callable[[QWidget], object] | None = None) -> list[QWidget]:
        """Put a draft of last time back, unsaved, and return its fields; what has no field any more stays in it.

        `before(field)` makes a field visible.
        """
        found: list[QWidget] = []
        strays = []
        for entry in draft.entries:
            field = next(
                (f for f, spot in self._fields if shiboken6.isValid(f) and spot.name == entry.name), None
            )
            if field is None:
                strays.append(entry)
                continue
            if before is not None:
                before(field)
            of_fields.fill(field, entry.value)
            found.append(field)
        record = self._records.get(self.record or "")
        if found and record is not None:
            record.copy = draft.copy
            record.strays = strays
            self._drafts.resume(draft)
            self._drafts.write()
        return found

    def _forget_left(self, sent: Sent) -> None:
        """What had failed and was left to be offered is stored after all."""
        key = (self.form, sent.record, sent.copy)
        left = next((draft for draft in self._drafts.left if draft.key == key), None)
        if left is not None and left.entries == (sent.entry,):
            self._drafts.drop(key)

    def _may_give_up(self, field: QuietField | QuietArea) -> bool:
        """Esc in a field: much is not thrown away by a slip of the hand."""
        typed = of_fields.new_characters(field.value, str(of_fields.value_in(field)))
        if typed >= LONG_TEXT:
            ask_about(self._dialogs, f"这一格写了 {typed} 个字", field.restore)
        return typed < LONG_TEXT

    def _end(self, record: _Record) -> None:
        """It is not shown any more: what was not stored waits as something left, to be offered."""
        self._records.pop(record.uuid, None)
        if record.strays:
            self._drafts.leave(record)
        else:
            self._drafts.closed(record)

    def _sent(self, field: QuietField | QuietArea, spot: Spot, was: str) -> Sent:
        text = str(of_fields.value_in(field))
        uuid = spot.uuid()
        source = Source(spot.table, uuid, spot.column) if uuid and spot.column != "pinyin" else None
        entry = Entry(spot.name, field.accessibleName(), text, text, was, was, source)
        record = self._records.get(self.record or "")
        person = uuid if spot.table == "person" else ""
        return Sent(self.record or "", record.copy if record is not None else "", entry, person)
