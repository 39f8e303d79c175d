"""One open form whose words are kept."""

from __future__ import annotations

from collections.abc import Mapping

import shiboken6
from msgspec import Struct, field
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.storage.drafts import Draft, Entry, Json, Source
from ui.drafts import fields as of_fields
from ui.drafts.desk import Drafts, Key, new_copy
from ui.drafts.known import Form, version_of


class About(Struct, frozen=True):
    """What a form is: its name, the record it is about, how she would name it (「单某某 电话」), how it is opened again.

    `where`: parameters of its page; `how`: what the page needs to open it; `rows`: (table, uuid) that must be there;
    `sources`: where the value of a field stands in the ledger, for the side by side.
    """

    form: Form
    record: str
    words: str
    where: Mapping[str, str] = field(default_factory=dict)
    how: Mapping[str, Json] = field(default_factory=dict)
    rows: tuple[tuple[str, str], ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)


class Keeping(QObject):
    """The fields of one open form by name. Make it when the fields show what they begin with."""

    def __init__(self, drafts: Drafts, about: About, fields: Mapping[str, QWidget], owner: QObject) -> None:
        super().__init__(owner)
        self._drafts = drafts
        self.about = about
        self.fields = dict(fields)
        self._copy = new_copy()
        self._was = {name: of_fields.value_in(widget) for name, widget in fields.items()}
        self._was_words = {name: of_fields.words_in(widget) for name, widget in fields.items()}
        self._strays: tuple[Entry, ...] = ()
        for widget in fields.values():
            of_fields.changes_of(widget).connect(self._touched)
        drafts.open(self)

    @property
    def is_open(self) -> bool:
        return shiboken6.isValid(self)

    @property
    def key(self) -> Key:
        return self.about.form, self.about.record, self._copy

    @property
    def changed(self) -> dict[str, QWidget]:
        """The fields in which something else stands than in the beginning."""
        return {
            name: widget
            for name, widget in self.fields.items()
            if of_fields.value_in(widget) != self._was[name]
        }

    def begins_anew(self, *names: str) -> None:
        """These fields show other stored values now (those of what was chosen above them): nothing is typed in them yet."""
        for name in names:
            self._was[name] = of_fields.value_in(self.fields[name])
            self._was_words[name] = of_fields.words_in(self.fields[name])

    @property
    def typed(self) -> int:
        """How many characters she has typed: choices are quickly made again."""
        return sum(
            of_fields.new_characters(str(self._was[name] or ""), of_fields.words_in(widget))
            for name, widget in self.changed.items()
            if of_fields.is_text(widget)
        )

    def draft(self) -> Draft | None:
        about = self.about
        entries = (*(self._entry(name, widget) for name, widget in self.changed.items()), *self._strays)
        if not entries:
            return None
        return Draft(
            form=about.form,
            version=version_of(about.form),
            record=about.record,
            words=about.words,
            entries=entries,
            at="",
            copy=self._copy,
            where=about.where,
            how=about.how,
            rows=about.rows,
        )

    def fill(self, draft: Draft) -> list[str]:
        """Put what was kept into the fields, unsaved; return what could not be put in or was changed meanwhile, in words."""
        self._copy = draft.copy
        self._drafts.resume(draft)
        remarks = []
        for entry in draft.entries:
            widget = self.fields.get(entry.name)
            if widget is None or not of_fields.fill(widget, entry.value):
                self._strays += (entry,)
                remarks.append(f"{entry.label}：当时写的是「{entry.words}」，现在填不进去。")
            elif self._was[entry.name] != entry.was:
                remarks.append(
                    f"{entry.label}：后来已经改成「{self._was_words[entry.name] or '空'}」，存上会换掉它。"
                )
        self._drafts.write()
        return remarks

    def keep_now(self) -> None:
        """It could not be saved: write it down at once."""
        self._drafts.write()

    def done(self) -> None:
        """Saved, or given up: the draft goes."""
        self._drafts.closed(self)

    def _entry(self, name: str, widget: QWidget) -> Entry:
        source = self.about.sources.get(name)
        return Entry(
            name,
            of_fields.label_of(widget) or name,
            of_fields.value_in(widget),
            of_fields.words_in(widget),
            self._was[name],
            self._was_words[name],
            source,
            of_fields.options_of(widget) if source else (),
        )

    def _touched(self, _value: object = None) -> None:
        self._drafts.touched()
