"""Half-typed single fields of a child's file: kept until the ledger has them, also while they are on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.storage.drafts import Draft, Entry, Source
from ui.drafts import Drafts, Form
from ui.drafts.desk import Key, new_copy
from ui.drafts.known import version_of
from ui.widgets import QuietArea, QuietField


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a field belongs: a column of a row of a table; `uuid()` is "" while there is no such row."""

    table: str
    column: str
    uuid: Callable[[], str]

    @property
    def name(self) -> str:
        """What the field is called in a draft; a child has several grown-ups, but one row of everything else."""
        return (
            f"{self.table}/{self.uuid()}:{self.column}"
            if self.table == "person"
            else f"{self.table}:{self.column}"
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """A value on its way into the ledger of one child."""

    child: str
    entry: Entry
    person: str


class ChildFields:
    """What is typed and not stored about one child."""

    def __init__(self, owner: FieldDrafts, uuid: str, name: str) -> None:
        self._owner = owner
        self.uuid = uuid
        self.name = name
        self.copy = new_copy()
        self.sent: list[Sent] = []
        self.strays: list[Entry] = []

    @property
    def is_open(self) -> bool:
        return shiboken6.isValid(self._owner)

    @property
    def key(self) -> Key:
        return Form.CHILD_FIELDS, self.uuid, self.copy

    def draft(self) -> Draft | None:
        """Everything pending; the words name the fields."""
        pending = list(self._owner.pending()) if self._owner.child == self.uuid else []
        found = [*self.sent, *pending]
        entries = {one.entry.name: one.entry for one in found} | {one.name: one for one in self.strays}
        if not entries:
            return None
        labels = "、".join(dict.fromkeys(entry.label for entry in entries.values()))
        people = tuple(dict.fromkeys(("person", one.person) for one in found if one.person))
        return Draft(
            form=Form.CHILD_FIELDS,
            version=version_of(Form.CHILD_FIELDS),
            record=self.uuid,
            words=f"{self.name} {labels}",
            entries=tuple(entries.values()),
            at="",
            copy=self.copy,
            where={"uuid": self.uuid},
            rows=(("child", self.uuid), *people),
        )


class FieldDrafts(QObject):
    """All text fields of the page. `child` is whose file is shown."""

    def __init__(self, drafts: Drafts, parent: QObject) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._fields: list[tuple[QuietField | QuietArea, Spot]] = []
        self._children: dict[str, ChildFields] = {}
        self.child = ""

    def watch(self, field: QuietField | QuietArea, spot: Spot) -> None:
        """A field is there from now on."""
        self._fields.append((field, spot))
        field.textChanged.connect(self._drafts.touched)

    def show(self, uuid: str, name: str) -> None:
        """Another child's file is shown; what was sent of the one before may still be on its way."""
        if uuid == self.child:
            return
        before = self._children.get(self.child)
        self.child = uuid
        if before is not None and not before.sent:
            self._close(before)
        if uuid not in self._children:
            self._children[uuid] = ChildFields(self, uuid, name)
            self._drafts.open(self._children[uuid])

    def pending(self) -> Iterator[Sent]:
        """What is typed in the fields of the child shown and was not sent."""
        self._fields = [pair for pair in self._fields if shiboken6.isValid(pair[0])]
        for field, spot in self._fields:
            if field.is_pending:
                yield self._sent(field, spot, field.value)

    def sending(self, field: QWidget, stored: object) -> Sent | None:
        """A field was left, its value goes to the ledger: it stays kept until it is there. None for a mere choice."""
        spot = next((spot for one, spot in self._fields if one is field), None)
        child = self._children.get(self.child)
        if spot is None or child is None or not isinstance(field, QuietField | QuietArea):
            return None
        sent = self._sent(field, spot, "" if stored is None else str(stored))
        child.sent.append(sent)
        self._drafts.touched()
        return sent

    def stored(self, sent: Sent | None) -> None:
        """The ledger has it."""
        child = self._children.get(sent.child) if sent is not None else None
        if sent is None or child is None:
            return
        child.sent.remove(sent)
        if not child.sent and child.uuid != self.child:
            self._close(child)
        else:
            self._drafts.write()

    def failed(self, sent: Sent | None) -> bool:
        """The ledger did not take it; True when its field is still shown and has to hold the text again."""
        child = self._children.get(sent.child) if sent is not None else None
        if sent is None or child is None:
            return True
        shown = child.uuid == self.child
        if shown:
            child.sent.remove(sent)
        else:
            # She has gone on to another child: the words wait as something left, to be offered.
            self._children.pop(child.uuid)
            self._drafts.leave(child)
        return shown

    def field(self, name: str) -> QuietField | QuietArea | None:
        """The field of a name, on the page as it is now."""
        return next((f for f, spot in self._fields if shiboken6.isValid(f) and spot.name == name), None)

    def adopt(self, draft: Draft, strays: list[Entry]) -> None:
        """The fields hold a draft of last time again; what found no field is kept with them."""
        child = self._children[self.child]
        child.copy = draft.copy
        child.strays = strays
        self._drafts.resume(draft)
        self._drafts.write()

    def _close(self, child: ChildFields) -> None:
        self._children.pop(child.uuid, None)
        self._drafts.closed(child)

    def _sent(self, field: QuietField | QuietArea, spot: Spot, was: str) -> Sent:
        text = field.text() if isinstance(field, QuietField) else field.toPlainText()
        uuid = spot.uuid()
        source = Source(spot.table, uuid, spot.column) if uuid and spot.column != "pinyin" else None
        entry = Entry(spot.name, field.accessibleName(), text, text, was, was, source)
        return Sent(self.child, entry, uuid if spot.table == "person" else "")
