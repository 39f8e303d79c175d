"""What the import of past records and the import of call results do not share: words, services, fields to put right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from app.calls.importing_model import CallsImportPlan, CallsImportResult, PlannedCallResult
from app.diary.importing.model import DiaryImportResult, DiaryPlan, PlannedRecord
from app.tasks.table_import import TableImport
from ui.drafts import Form
from ui.widgets import QuietArea, QuietChoice, QuietField

Planned = PlannedRecord | PlannedCallResult
Plan = DiaryPlan | CallsImportPlan
Result = DiaryImportResult | CallsImportResult
Field = QuietField | QuietArea | QuietChoice

CHILD = "child"
AS_WRITTEN = ""
"""The choice of a code that leaves what the sheet says."""


class Fix(Struct, frozen=True, kw_only=True):
    """A cell of a waiting row that can be put right: the field of the row, its label, what stands in it empty.

    With `choices` (code, word) one of them is written over the cell; `long` takes lines. One that is only shown
    `when_filled` is left out for rows that say nothing there.
    """

    name: str
    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    long: bool = False
    when_filled: bool = False

    def widget(self, text: str) -> Field:
        """A field for what the sheet says."""
        if self.choices:
            return QuietChoice([(AS_WRITTEN, "照表里写的"), *self.choices], quiet=False, unknown=False)
        field = (QuietArea if self.long else QuietField)(quiet=False, hint=self.hint)
        field.set_value(text)
        return field

    def typed(self, field: Field, text: str) -> str | None:
        """What goes over the cell that says `text`; None leaves it."""
        if isinstance(field, QuietChoice):
            return dict(self.choices).get(str(field.value))
        typed = field.toPlainText() if isinstance(field, QuietArea) else field.text()
        return typed.strip() if typed.strip() != text.strip() else None


class TableKind(Struct, frozen=True, kw_only=True):
    """One kind of table that can be brought in. `place` is where its rows go, in words that stand in a sentence.

    `what` are the first and the second line that say which record a planned row is, `says` what is in it, `becomes`
    what a row that is put right becomes, `first` the field where something is missing, `follows` what else was written.
    """

    table: TableImport[Any, Any, Any]
    title: str
    parked_title: str
    home: str
    home_page: str
    home_part: dict[str, str]
    place: str
    drop_head: str
    drop_lines: tuple[str, ...]
    choose: str
    read_only: str
    file_name: str
    what_head: str
    done_way: str
    parked_way: str
    row_hint: str
    longest_code: str
    form: Form
    draft_words: str
    fixes: tuple[Fix, ...]
    what: Callable[[Any], tuple[str, str]]
    says: Callable[[Any], str]
    becomes: Callable[[Any], str]
    first: Callable[[Any], str]
    follows: Callable[[Any], str]
