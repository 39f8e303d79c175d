"""One out of many by name, pinyin or class: typed, and chosen from what is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QWidget
from typing_extensions import override

from app.core.pinyin import search_key
from ui import theme
from ui.widgets.field import Finding, QuietField, State

_FOUND_MOST = 50
_SHOWN = 8


class Pick(Struct, frozen=True):
    """Somebody to choose: `words` are unique in their list, `find` is what the search looks through."""

    key: str
    words: str
    find: str


def unique_picks(found: Iterable[tuple[str, str, str]]) -> list[Pick]:
    """Picks out of (key, name, what stands beside it); two of the same get a number, so that each can be meant."""
    seen: dict[str, int] = {}
    picks = []
    for key, name, aside in found:
        words = f"{name}  {aside}".strip()
        seen[words] = seen.get(words, 0) + 1
        if seen[words] > 1:
            words = f"{words}  第 {seen[words]} 位"
        picks.append(Pick(key, words, f"{name} {search_key(name)} {aside}".lower()))
    return picks


def dressed(names: QCompleter) -> QCompleter:
    """Give the list that a field drops the look and the row height of the program's other lists."""
    listed = names.popup()
    listed.setProperty("look", "hits")
    theme.dress(listed)
    return names


class PickField(QuietField):
    """`chosen` is the Pick whose words stand in the field; ↓ lists everybody."""

    def __init__(self, picks: Sequence[Pick], *, hint: str, parent: QWidget | None = None) -> None:
        self._picks = {pick.words: pick for pick in picks}
        super().__init__(check=self._check_pick, quiet=False, hint=hint, parent=parent)
        self._model = QStringListModel(self)
        names = QCompleter(self._model, self)
        names.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        names.setMaxVisibleItems(_SHOWN)
        self.setCompleter(dressed(names))
        self.textEdited.connect(self._look)

    def set_picks(self, picks: Sequence[Pick]) -> None:
        """Offer others; what stands in the field stays if it is among them."""
        self._picks = {pick.words: pick for pick in picks}
        if self.text() and self.chosen is None:
            self.set_value(None)

    @property
    def chosen(self) -> Pick | None:
        """Who is meant: the words stand there, or only one fits what was typed."""
        words = self.text().strip()
        if words in self._picks:
            return self._picks[words]
        found = self._found(words) if words else []
        return found[0] if len(found) == 1 else None

    def choose(self, key: str) -> None:
        """Put somebody in."""
        pick = next((one for one in self._picks.values() if one.key == key), None)
        self.set_value(pick.words if pick is not None else None)

    def _found(self, words: str) -> list[Pick]:
        parts = words.lower().split()
        return [pick for pick in self._picks.values() if all(part in pick.find for part in parts)]

    def _look(self, text: str) -> None:
        self._model.setStringList([pick.words for pick in self._found(text)[:_FOUND_MOST]])

    def _check_pick(self, text: str) -> Finding | None:
        if text in self._picks:
            return None
        found = self._found(text)
        if len(found) == 1:
            return None
        reason = "没有这个人；按 ↓ 从名单里选。" if not found else f"有 {len(found)} 个人都像，按 ↓ 选一个。"
        return Finding(State.INVALID, reason)

    @override
    def leave(self) -> None:
        pick = self.chosen
        if pick is not None and self.text() != pick.words:
            self.setText(pick.words)
        super().leave()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not self.completer().popup().isVisible():
            self._look(self.text() if self.chosen is None else "")
            self.completer().complete()
            return
        super().keyPressEvent(event)
