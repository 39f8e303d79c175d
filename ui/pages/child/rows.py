"""Quiet rows bound to columns: show what is stored, save what was typed, keep what could not be saved."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.core.clock import Clock
from ui.drafts import FieldDrafts, Spot
from ui.drafts.fields import value_in
from ui.widgets import DateField, Finding, FormRow, NearDate, QuietArea, QuietChoice, QuietField, State
from ui.widgets.field import UNKNOWN

Save = Callable[[str, object, QWidget], object]
"""`save(column, value, field)`: value None when the field was emptied."""

SPOT = "spot"
"""The property of a field that says where its value is stored: its history is found by it."""
OPTIONAL = "未填"
"""Stands where nothing is missing when nothing is written."""

Check = Callable[[str], Finding | None]
YES_NO: tuple[tuple[Hashable, str], ...] = ((True, "是"), (False, "否"))


class BoundRows:
    """The rows of one subject (the child, a grown-up, one dated fact). Make a row per column, then `show`.

    `table` and `uuid()` say which row of the ledger it is ("" while there is none): what is typed is kept for it.
    """

    def __init__(self, save: Save, drafts: FieldDrafts, table: str, uuid: Callable[[], str]) -> None:
        self._save = save
        self._drafts = drafts
        self._table = table
        self._uuid = uuid
        self.fields: dict[str, QWidget] = {}

    def text(self, column: str, label: str, *, check: Check | None = None, hint: str = UNKNOWN) -> FormRow:
        """A line of words."""
        return self._row(column, label, QuietField(check=check, hint=hint))

    def date(self, column: str, label: str, *, check: Check | None = None) -> FormRow:
        """A date as precisely as it is known, however long ago."""
        return self._row(column, label, DateField(check=check))

    def near_date(self, column: str, label: str, clock: Clock) -> FormRow:
        """A date of these years, as precisely as it is known: 9.1 is the one nearest to today."""
        return self._row(column, label, NearDate(clock.today, hint=UNKNOWN, quiet=True))

    def words(self, column: str, label: str, *, hint: str = UNKNOWN) -> FormRow:
        """Words that may be longer than their line: they go on below; Enter leaves."""
        return self._row(column, label, QuietArea(one_line=True, hint=hint))

    def area(self, column: str, label: str, *, hint: str = UNKNOWN) -> FormRow:
        """Several lines of words."""
        return self._row(column, label, QuietArea(hint=hint))

    def choice(self, column: str, label: str, options: Sequence[tuple[Hashable, str]]) -> FormRow:
        """One of some words; 未采集 is always among them."""
        return self._row(column, label, QuietChoice(options))

    def yes_no(self, column: str, label: str) -> FormRow:
        """是, 否, 未采集."""
        return self.choice(column, label, YES_NO)

    def show(
        self,
        value_of: Callable[[str], object],
        doubts: Mapping[str, str] | None = None,
        *,
        fresh: bool = False,
    ) -> None:
        """Show the stored values; `doubts` are the reasons beside kept values.

        What is being typed, or could not be saved yet, stays unless the subject is another one (`fresh`).
        """
        for column, field in self.fields.items():
            if is_pending(field) and not fresh:
                continue
            set_field(field, value_of(column), (doubts or {}).get(column, ""))
            if isinstance(field, QuietField | QuietArea) and field.is_pending:
                field.restore()  # she is in it, but these are the words of another child

    def enable(self, on: bool) -> None:
        """Off in a ledger that is only looked at."""
        for field in self.fields.values():
            field.setEnabled(on)

    def _row(self, column: str, label: str, field: QuietField | QuietArea | QuietChoice) -> FormRow:
        self.fields[column] = field
        field.setProperty(SPOT, Spot(self._table, column, self._uuid))
        if isinstance(field, QuietChoice):
            field.saved.connect(partial(self._chosen, column, field))
        else:
            field.saved.connect(partial(self._typed, column, field))
            self._drafts.watch(field, Spot(self._table, column, self._uuid))
        return FormRow(label, field)

    def _typed(self, column: str, field: QWidget, text: str, _as_is: bool) -> None:
        self._save(column, text or None, field)

    def _chosen(self, column: str, field: QWidget, value: object) -> None:
        self._save(column, value, field)


def set_field(field: QWidget, value: object, doubt: str = "") -> None:
    """Show a stored value in a field of any kind."""
    if isinstance(field, QuietChoice):
        field.set_value(value if isinstance(value, Hashable) else None)
    elif isinstance(field, QuietArea):
        field.set_value(None if value is None else str(value))
    elif isinstance(field, QuietField):
        noted = Finding(State.DOUBTFUL, doubt) if doubt else None
        field.set_value(None if value is None else str(value), noted=noted)


def is_pending(field: QWidget) -> bool:
    """True while something typed in the field is not saved."""
    return isinstance(field, QuietField | QuietArea) and field.is_pending


def told_stored(field: QWidget, text: str) -> None:
    """What had been refused is stored after all, tried again: it is not pending any more."""
    if is_pending(field) and value_in(field) == text:
        set_field(field, text)


def refuse(field: QWidget, stored: object, reason: str) -> None:
    """Say beside the field why its value was not stored; the typed text stays where it can."""
    if isinstance(field, QuietField | QuietArea):
        field.refuse(None if stored is None else str(stored), reason)
    else:
        set_field(field, stored)
