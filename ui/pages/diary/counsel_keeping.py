"""The draft of a counselling note: what is typed is sealed before it is kept, so that no draft shows it either."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.diary.sealing import OpenKey, seal, unseal
from app.storage.drafts import Draft, Entry
from ui.drafts import About, Drafts, Keeping
from ui.drafts import fields as of_fields

_SEALED = "sealed"
_KEY = "key"


class SealedKeeping(Keeping):
    """Like Keeping; one entry holds everything, sealed under the opened key. After locking it says what it said last."""

    def __init__(
        self, drafts: Drafts, about: About, fields: Mapping[str, QWidget], owner: QObject, key: OpenKey
    ) -> None:
        self._key_of = key
        self._last: tuple[dict[str, str], Draft] | None = None
        super().__init__(drafts, about, fields, owner)

    @override
    def draft(self) -> Draft | None:
        if self._key_of.is_locked:
            return self._last[1] if self._last is not None else None
        plain = super().draft()
        if plain is None:
            self._last = None
            return None
        typed = {entry.name: str(entry.value or "") for entry in plain.entries}
        if self._last is None or self._last[0] != typed:
            key_uuid = self._key_of.current
            sealed = seal(self._key_of.key(key_uuid), self._bound, typed)
            entry = Entry(_SEALED, "内容", sealed, "（加密的，打开心理疏导后接着写）")
            how = {**plain.how, _KEY: key_uuid}
            self._last = (typed, replace(plain, entries=(entry,), how=how))
        return self._last[1]

    @override
    def fill(self, draft: Draft) -> list[str]:
        """Put what was sealed back into the fields. UserError ``counsel.old_key``, ``counsel.damaged``, ``counsel.locked``."""
        sealed = next((str(entry.value) for entry in draft.entries if entry.name == _SEALED), "")
        typed = unseal(self._key_of.key(str(draft.how.get(_KEY))), self._bound, sealed)
        self._copy = draft.copy
        self._drafts.resume(draft)
        for name, value in typed.items():
            if name in self.fields:
                of_fields.fill(self.fields[name], value)
        self._drafts.write()
        return []

    @property
    def _bound(self) -> str:
        return f"draft/{self.about.how.get('uuid')}"
