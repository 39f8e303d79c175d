"""What every section of the settings is: a column of rows that loads itself and saves each value on leaving it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import EnvironmentFault
from app.storage.drafts import Draft, Source
from ui import theme
from ui.context import Context
from ui.drafts import About, EntryPanel, FieldDrafts, Form, Sent, Spot, refusal_words
from ui.theme import Tone, Type
from ui.widgets import DataTable, QuietField, Text


class Section(QWidget):
    """One section. `load()` asks the store and shows the answer; build the rows into `self.box`."""

    key = ""
    """The name of the section in `open_page("settings", section=…)` and in drafts."""

    def __init__(self, context: Context, title: str, sentence: str) -> None:
        super().__init__()
        m = theme.metrics()
        self.context = context
        self.kept = FieldDrafts(context.drafts, context.dialogs, Form.SETTING, self)
        self.box = QVBoxLayout(self)
        self._title = Text(title, Type.SECTION)
        self.box.setSpacing(m.s4)
        self.box.addWidget(self._title)
        self.box.addWidget(Text(sentence, Type.SMALL, Tone.INK2, wrap=True))
        self.box.addSpacing(m.s8)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """In a low window the part above it has said the title already: the room is the table's."""
        m = theme.metrics()
        self._title.setHidden(narrow)
        edge = m.s8 if narrow else m.s16
        self.box.setContentsMargins(m.s24, edge, m.s24, edge if narrow else m.s24)

    def load(self) -> None:
        """Ask the store for what the section shows."""

    def resume(self, draft: Draft) -> None:
        """接着写: open the dialog in which something was left, or fill its fields; called when the section is shown."""
        del draft

    # ---- single fields

    def watch(self, field: QuietField, table: str, column: str, words: str) -> None:
        """Keep what is half typed in a field of the section, called `words`."""
        self.kept.show(self.key, words, {"section": self.key})
        self.kept.watch(field, Spot(table, column, _no_row))

    def write_field(
        self, field: QuietField, stored: str | None, act: Callable[..., Any], **values: Any
    ) -> None:
        """Store what was typed in a field; when the disk does not take it, it stays there and in its draft."""
        sent = self.kept.sending(field, stored)
        failed = partial(self._field_failed, field, stored, sent)
        self.context.write(act, on_done=partial(self._field_stored, field, sent), on_error=failed, **values)

    def _field_stored(self, field: QuietField, sent: Sent | None, _changes: object) -> None:
        self.kept.stored(sent)
        if sent is not None and field.text() == sent.entry.value:
            field.set_value(field.text())  # also when it had failed and was tried again

    def _field_failed(
        self, field: QuietField, stored: str | None, sent: Sent | None, error: BaseException
    ) -> None:
        self.kept.failed(sent)
        if isinstance(error, EnvironmentFault):
            field.refuse(stored, refusal_words(error))
        self.context.errors.show(error)
        if not isinstance(error, EnvironmentFault):
            self.load()

    def fill_fields(self, draft: Draft) -> None:
        """Half-typed fields of last time, unsaved."""
        fields = self.kept.fill(draft)
        if fields:
            fields[0].setFocus()
            labels = "、".join(field.accessibleName() for field in fields)
            self.context.navigation.toast(f"已填进「{labels}」，离开那一格才存上")

    # ---- tables

    def end_by_key(self, table: DataTable, column: str) -> None:
        """Delete in a row does what a press on its last link does: it asks first."""
        shortcut = QShortcut(QKeySequence("Delete"), table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(partial(_press_link, table, column))
        table.setToolTip("回车：修改；Delete：不再要求，会先问")

    # ---- dialogs

    def keep(
        self,
        panel: EntryPanel,
        form: Form,
        words: str,
        fields: Mapping[str, QWidget],
        *,
        record: str = "",
        rows: tuple[tuple[str, str], ...] = (),
        sources: Mapping[str, Source] | None = None,
    ) -> None:
        """Keep what is typed into a dialog of this section."""
        about = About(form, record, words, where={"section": self.key}, rows=rows, sources=sources or {})
        panel.keep_draft(self.context, about, fields)

    def open_panel(self, panel: EntryPanel, draft: Draft | None = None) -> None:
        """Open a dialog that does its work itself, filled in with what was left."""
        if draft is not None:
            panel.resume(draft)
        self.context.dialogs.open_panel(panel, _closed)


def _press_link(table: DataTable, column: str) -> None:
    row = table.current_row()
    if row is not None:
        table.link_pressed.emit(row, column)


def _no_row() -> str:
    """A setting is compared with nothing: it is one row of its own."""
    return ""


def _closed(_key: str) -> None:
    """The dialog has done its work itself."""
