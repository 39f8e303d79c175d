"""A class as she writes it: 三（2）班, 3.2, 302; known ones are offered, others are opened with their first child."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QWidget
from typing_extensions import override

from app.school.class_names import parse_class_name
from app.school.rules import ClassFacts, ClassRef, SchoolShape, SchoolYears, class_name, match_class
from ui.widgets import Finding, QuietField, State
from ui.widgets.pick import dressed

CANNOT_READ = "看不出是哪个班；像 三（2）班、3.2、三年级 这样写"


class ClassField(QuietField):
    """`school_class` is the known class, `new_class` one that is not there yet; ↓ lists the known ones."""

    def __init__(
        self,
        classes: Sequence[ClassFacts],
        day: date,
        years: SchoolYears,
        shape: SchoolShape,
        parent: QWidget | None = None,
    ) -> None:
        self._classes = tuple(one for one in classes if one.counts)
        self._day, self._years, self._shape = day, years, shape
        super().__init__(
            check=self._check_class, tidy=self._tidy_class, quiet=False, hint="像 三（2）班", parent=parent
        )
        names = QCompleter([one.name for one in self._classes], self)
        names.setFilterMode(Qt.MatchFlag.MatchContains)
        names.setMaxVisibleItems(8)
        self.setCompleter(dressed(names))

    @property
    def ref(self) -> ClassRef | None:
        """What the text means; None when it is empty or cannot be read."""
        text = self.text().strip()
        return parse_class_name(text, self._day, self._years, self._shape) if text else None

    @property
    def school_class(self) -> ClassFacts | None:
        """The known class."""
        ref = self.ref
        return match_class(ref, self._classes) if ref else None

    @property
    def new_class(self) -> ClassRef | None:
        """The class that would be opened."""
        return None if self.school_class else self.ref

    def _tidy_class(self, text: str) -> str:
        """The class by its name, once it can be read."""
        text = text.strip()
        ref = parse_class_name(text, self._day, self._years, self._shape) if text else None
        return class_name(ref, self._day, self._years, self._shape) if ref else text

    def _check_class(self, text: str) -> Finding | None:
        if parse_class_name(text, self._day, self._years, self._shape) is None:
            return Finding(State.INVALID, CANNOT_READ)
        return None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not self.completer().popup().isVisible():
            self.completer().setCompletionPrefix("")
            self.completer().complete()
            return
        super().keyPressEvent(event)
