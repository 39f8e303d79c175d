"""Several lists in one place, each made when it is first looked at; one sentence where a list is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QStackedWidget

from ui.widgets import DataTable, EmptyState


class TableStack(QStackedWidget):
    """`stack[key]` is the table of a part; its rows wait in `set_rows` until somebody looks at it."""

    def __init__(self, makers: Mapping[str, Callable[[], DataTable]]) -> None:
        super().__init__()
        self._makers = dict(makers)
        self._made: dict[str, DataTable] = {}
        self._rows: dict[str, Sequence[Any]] = {}
        self._narrow = False
        self.empty = EmptyState()
        self.addWidget(self.empty)

    def __getitem__(self, key: str) -> DataTable:
        known = self._made.get(key)
        if known is None:
            known = self._made[key] = self._makers[key]()
            known.set_narrow(self._narrow)
            self.addWidget(known)
            if key in self._rows:
                known.set_rows(self._rows[key])
        return known

    def set_rows(self, key: str, rows: Sequence[Any]) -> None:
        """What a list shows."""
        self._rows[key] = rows
        if key in self._made:
            self._made[key].set_rows(rows)

    def count_of(self, key: str) -> int:
        """How many rows a list has."""
        return len(self._rows.get(key, ()))

    def set_narrow(self, narrow: bool) -> None:
        """Arrange every list for a narrow window."""
        self._narrow = narrow
        for table in self._made.values():
            table.set_narrow(narrow)

    def show_list(
        self, key: str, sentence: str, *, link: str = "", on_link: Callable[[], object] | None = None
    ) -> None:
        """Bring a list to the front; the sentence and the way onward instead of an empty one."""
        if self.count_of(key):
            self.setCurrentWidget(self[key])
        else:
            self.say("", sentence, link=link, on_link=on_link)

    def say(
        self, head: str, sentence: str, *, link: str = "", on_link: Callable[[], object] | None = None
    ) -> None:
        """Say something instead of any list, with the way onward where there is one."""
        self.empty.set_words(head, sentence, link=link, on_link=on_link)
        self.setCurrentWidget(self.empty)
