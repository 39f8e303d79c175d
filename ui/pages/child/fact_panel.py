"""情况变了… and 更正: the dialog of one dated fact."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.children.dated_fact import DatedFact
from ui.drafts import EntryPanel
from ui.pages.child.forms import Ask, FactForm, Kind
from ui.pages.child.rows import set_field
from ui.widgets import FormGrid, FormRow, NearDate, QuietChoice, QuietField, Verb
from ui.widgets import Kind as Look

REMOVE = "remove"
_FROM, _TO, _SOURCE = "valid_from", "valid_to", "source"

Choices = Mapping[Kind, Sequence[tuple[Hashable, str]]]
"""What PERSON and CLASS entries offer."""


class FactPanel(EntryPanel):
    """The entries of one fact. A change asks since when; a correction shows from and to as they were written.

    `values()`, `since()`, `period()`, `source()` hold the answer, tidied.
    """

    def __init__(
        self,
        parent: QWidget | None,
        head: str,
        form: FactForm,
        choices: Choices,
        asked: Callable[[str], object],
        *,
        fact: DatedFact | None = None,
        correct: bool = False,
        dated: bool = True,
        today: date,
        hint: str = "",
    ) -> None:
        more = [Verb(REMOVE, "这条不对，删掉", Look.DANGER)] if correct else []
        verb = "存更正" if correct else "记下"
        super().__init__(parent, head, asked, verb=verb, more=more)
        self._form = form
        self._correct = correct
        self._dated = dated
        self._today = today
        self._asks: dict[str, Ask] = {}
        self._rows: dict[str, FormRow] = {}
        if hint:
            self.say(hint)
        for ask in form.asks:
            self._make_row(ask, choices, ask.value_in(fact) if fact else None)
        self._place_rows()
        self._source = QuietField(quiet=False, hint="如 奶奶口述、家访、电话")
        self._from = NearDate(today, hint="说不清")
        self._to = NearDate(today, hint="仍然如此")
        if correct and fact is not None:
            self._from.set_value(fact.valid_from)
            self._to.set_value(fact.valid_to)
            self._source.set_value(fact.source)
        else:
            self._from.show_day(today)
        if dated:
            self._add_dates(correct=correct)
        self._arrange()
        first = next(iter(self._rows.values()), None)
        if first is not None:
            first.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def values(self) -> dict[str, object]:
        """The entries by column; what does not apply is None."""
        found: dict[str, object] = {
            column: self._value(column) if self._applies(ask) else None for column, ask in self._asks.items()
        }
        return found | dict(self._form.fixed)

    def missing(self) -> tuple[str, QWidget] | None:
        """The label and the field of the first entry that is needed and empty."""
        for column, ask in self._asks.items():
            if ask.needed and self._value(column) in (None, ""):
                return ask.label, self._rows[column].field
        return None

    def since(self) -> str | None:
        """从哪天起; None = since before anybody wrote it down."""
        return self._from.value or None

    def period(self) -> dict[str, object]:
        """The corrected period and source by column."""
        return {_FROM: self.since(), _TO: self.until(), _SOURCE: self.source()}

    def until(self) -> str | None:
        """到哪天止; None = it still is so."""
        return self._to.value or None

    def source(self) -> str | None:
        """Who said so."""
        return self._source.value or None

    def field(self, column: str) -> QWidget:
        """The entry of a column."""
        return self._rows[column].field

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that stand as such in the table of the fact."""
        return tuple(self._asks) + ((_FROM, _TO, _SOURCE) if self._correct else ())

    @property
    def kept_fields(self) -> dict[str, QWidget]:
        """Every entry by name, for its draft."""
        dates = {_FROM: self._from, _TO: self._to, _SOURCE: self._source} if self._dated else {}
        return {**{column: row.field for column, row in self._rows.items()}, **dates}

    def _add_dates(self, *, correct: bool) -> None:
        dates = FormGrid()
        dates.pair(FormRow("从哪天起", self._from), FormRow("到哪天止", self._to))
        self.add(dates)
        words = "只知道年或月也行；到哪天止：从这天起不再如此"
        self.say(words + ("。" if correct else "，补录以前的才填。"))
        self.add(FormRow("听谁说的", self._source))

    def _make_row(self, ask: Ask, choices: Choices, value: object) -> None:
        field: QWidget
        if ask.kind in (Kind.CHOICE, Kind.YES_NO, Kind.PERSON, Kind.CLASS):
            options = choices.get(ask.kind) or [(code, words) for code, words in ask.options]
            field = QuietChoice(options, quiet=False)
            field.saved.connect(self._arrange)
        elif ask.kind is Kind.DATE:
            field = NearDate(self._today, ahead=ask.to_come)
        else:
            field = QuietField(quiet=False, hint="")
        set_field(field, value)
        self._asks[ask.column] = ask
        self._rows[ask.column] = FormRow(ask.label, field)

    def _place_rows(self) -> None:
        asks = list(self._asks.values())
        for ask, after in zip(asks, [*asks[1:], None], strict=True):
            if ask.beside:
                continue
            if after is None or not after.beside:
                self.add(self._rows[ask.column])
                continue
            both = FormGrid()
            both.pair(self._rows[ask.column], self._rows[after.column])
            self.add(both)

    def _value(self, column: str) -> object:
        field = self._rows[column].field
        if isinstance(field, QuietChoice):
            return field.value
        return field.value or None if isinstance(field, QuietField) else None

    def _applies(self, ask: Ask) -> bool:
        if ask.only_for is None:
            return True
        column, codes = ask.only_for
        return self._value(column) in codes

    def _arrange(self, _code: object = None) -> None:
        for column, ask in self._asks.items():
            self._rows[column].setVisible(self._applies(ask))
