"""The settings of this user on this computer, as the window keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.errors import EnvironmentFault
from app.core.settings import Settings, change_settings, load_settings
from ui.jobs import Jobs


class Preferences(QObject):
    """`preferences.value` is a Settings; `change(columns=(…))` sets and saves, `changed(settings)` tells.

    Only what is changed is written: another window of hers, on another ledger, keeps its own in the same file.
    Without a file (tests) nothing is written. What cannot be written is said once and in force until the end.
    """

    changed = Signal(object)

    def __init__(self, jobs: Jobs, file: Path | None = None) -> None:
        super().__init__()
        self._jobs = jobs
        self._file = file
        self._value = load_settings(file) if file is not None else Settings()
        self._said = False

    @property
    def file(self) -> Path | None:
        """Where they are kept; None where nothing is written."""
        return self._file

    @property
    def value(self) -> Settings:
        """The settings in force."""
        return self._value

    def reload(self) -> None:
        """Take over what another part of the program wrote to the file."""
        if self._file is not None:
            self._value = load_settings(self._file)
            self.changed.emit(self._value)

    def change(self, **values: Any) -> None:
        """Set some values; written beside the window's thread."""
        wanted = self._value.with_values(**values)
        if wanted == self._value:
            return
        self._value = wanted
        if self._file is not None:
            self._jobs.work(change_settings, self._file, in_force=wanted, on_error=self._not_kept, **values)
        self.changed.emit(wanted)

    def _not_kept(self, error: BaseException) -> None:
        """Say it once: a computer that does not take them would say it again with every width of a column."""
        if isinstance(error, EnvironmentFault) and self._said:
            return
        self._said = True
        self._jobs.unhandled.emit(error)
