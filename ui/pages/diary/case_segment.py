"""A part of the diary page that lists cases and opens one form at a time in the list's place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.storage.store import Store
from ui.context import Context
from ui.pages.diary.case_form import CaseForm
from ui.pages.diary.segment import Segment
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import Button, Column, DataTable, EmptyState, Kind, Sheet


class CaseSegment(Segment):
    """List and form. A part overrides `query`, `make_form` and says its words."""

    verb = ""
    nothing = ("", "")
    counted = ""

    def __init__(self, context: Context, host: Page, columns: Sequence[Column]) -> None:
        super().__init__(context, host)
        self._reading = context.jobs.latest(self)
        self._wanted: dict[str, Any] | None = None
        self.form: CaseForm | None = None
        self.table = DataTable(columns, two_lines=True)
        self.table.opened.connect(self._opened)
        self.empty = EmptyState(*self.nothing)
        self.lists = QStackedWidget()
        self.lists.addWidget(self.table)
        self.lists.addWidget(self.empty)
        self.sheet = Sheet(self.lists)
        self.views = QStackedWidget()
        self.views.addWidget(self.sheet)
        self.box.addWidget(self.views, 1)
        self.new = Button(self.verb, self.begin_new, icon="add", kind=Kind.FILLED)
        self.new.setEnabled(not context.read_only)
        self.saves_with(self._save)

    # ---- what a part says

    def query(self, store: Store) -> Sequence[Any]:
        """Read the rows of the list, on the storage thread."""
        raise NotImplementedError

    def make_form(self, found: Any, params: dict[str, Any]) -> CaseForm:
        """Make the form over what `read_form` answered."""
        raise NotImplementedError

    def read_form(self, store: Store, params: dict[str, Any]) -> Any:
        """Read what a form needs, on the storage thread."""
        raise NotImplementedError

    # ---- list

    @override
    def load(self) -> None:
        self._reading.run(self.query, self.context.store, on_done=self._show)
        if self._wanted is not None:
            params, self._wanted = self._wanted, None
            self.open_form(**params)

    def _show(self, rows: Sequence[Any]) -> None:
        self.table.set_rows(rows)
        self.lists.setCurrentWidget(self.table if rows else self.empty)
        self.say_fact()

    @override
    def fact(self) -> str:
        count = len(self.table.rows)
        return f"{count} {self.counted}" if count else ""

    # ---- forms

    def begin_new(self) -> None:
        """The filled verb of the part."""
        self.open_form()

    def _opened(self, line: Any) -> None:
        self.open_form(uuid=line.uuid)

    @override
    def open_with(self, **params: Any) -> None:
        if params and self.isVisible():
            self.open_form(**params)
        elif params:
            self._wanted = params
            self.is_stale = True  # read, and the form opened, when it is shown

    def open_form(self, **params: Any) -> None:
        """Read what the form needs, then show it; `uuid` of one on file, or `child` for a new one."""
        self.context.read(self.read_form, params, on_done=_Taker(self, params).take, owner=self)

    def show_form(self, form: CaseForm) -> None:
        """Put a form in front of the list."""
        self.close_form()
        self.form = form
        form.closed.connect(self.close_form)
        self.views.addWidget(form)
        self.views.setCurrentWidget(form)
        self.new.hide()
        form.focus_first()

    def close_form(self) -> None:
        """The list is in front again; what is unsaved was asked about, or is put by."""
        form, self.form = self.form, None
        if form is None:
            return
        form.put_by()
        had_keyboard = form.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self.views.setCurrentWidget(self.sheet)
        self.views.removeWidget(form)
        form.hide()
        form.deleteLater()
        self.new.show()
        if had_keyboard or self.isVisible():
            self.focus_first()

    def _save(self) -> None:
        if self.form is not None:
            self.form.ask_save()

    # ---- keys and window

    @override
    def verbs(self) -> tuple[Button, ...]:
        return (self.new,)

    @override
    def focus_first(self) -> None:
        if self.form is not None:
            self.form.focus_first()
        elif self.table.rows:
            self.table.setFocus()
        else:
            self.new.setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.table,) if self.form is None else (self.form.back, self.form.save)

    @override
    def foot_height(self) -> int:
        return self.form.foot.height() if self.form is not None else 0

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self.table.set_narrow(breakpoint_ is Breakpoint.NARROW)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.form is not None:
            self.form.ask_close()
        else:
            super().keyPressEvent(event)


class _Taker:
    """What a form was opened with, until its facts have come."""

    def __init__(self, segment: CaseSegment, params: dict[str, Any]) -> None:
        self._segment = segment
        self._params = params

    def take(self, found: Any) -> None:
        self._segment.show_form(self._segment.make_form(found, self._params))
