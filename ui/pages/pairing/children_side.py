"""The left half of the pairing page: the children who have nobody, or the pairs in force; and what stands there instead."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.pairing.codes import PairingKind
from app.pairing.suggest import Proposal
from ui.pages.pairing.draft import Draft
from ui.pages.pairing.lines import ChildLine, ChildLines
from ui.pages.pairing.loading import EVERYBODY, SEVERAL, Loaded, Paired, Waiting
from ui.theme import Tone
from ui.widgets import EmptyState, FilterBar, Segments

WAITING, PAIRED = "waiting", "paired"
NO_CLASS = "不在班"


class ChildrenSide(QWidget):
    """`switched`: the other list is wanted. The page hands in what was read, the draft, and what is searched."""

    switched = Signal(str)

    def __init__(self, clear_search: Callable[[], object]) -> None:
        super().__init__()
        self._clear_search = clear_search
        self.sides = Segments([(WAITING, "没有结对"), (PAIRED, "已结对")])
        self.sides.changed.connect(self.switched)
        self.list = ChildLines()
        self._nobody = EmptyState()
        self.bar = FilterBar(self.sides, None)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for part in (self.bar, self.list, self._nobody):
            box.addWidget(part)

    @property
    def current(self) -> str:
        """Which of the two lists is shown."""
        return self.sides.current

    def show_lines(self, loaded: Loaded, draft: Draft, words: str) -> None:
        """Fill the list that is chosen, narrowed down to what is searched."""
        for key, counted in list_words(loaded):
            self.sides.set_words(key, counted)
        if self.current == WAITING:
            found = [one for one in loaded.waiting if words in one.find]
            now = {one.facts.uuid: one for one in loaded.pairs}
            moves = [(one, now[one.replaces]) for one in draft.moves if one.replaces in now]
            self.list.set_lines(
                [
                    *(_waiting_line(one, draft) for one in found),
                    *(_moving_line(one, old, draft) for one, old in moves if words in old.find),
                ]
            )
            self.list.inner.ticked = set(draft.ticked)
        else:
            self.list.set_lines([_paired_line(one) for one in loaded.pairs if words in one.find])
        self._say_nobody(words)

    def name_of(self, key: str) -> str:
        """The name on a line that is shown."""
        return next((line.name for line in self.list.lines if line.key == key), "")

    def _say_nobody(self, words: str) -> None:
        empty = not self.list.lines
        self.list.setVisible(not empty)
        self._nobody.setVisible(empty)
        if empty and words:
            self._nobody.set_words("", f"没有找到「{words}」。", link="清空搜索", on_link=self._clear_search)
        elif empty:
            waiting = self.current == WAITING
            self._nobody.set_words("", "人人都有了。" if waiting else "还没有结成一对。")


def list_words(loaded: Loaded) -> tuple[tuple[str, str], ...]:
    """The captions of the two lists, counted in children and in pairs: 没有结对 7 名, or 没有导师 12 名 of one kind."""
    without = "没有结对" if loaded.shown == EVERYBODY else f"没有{PairingKind(loaded.shown).label}"
    return (WAITING, f"{without} {len(loaded.waiting)} 名"), (PAIRED, f"已结对 {len(loaded.pairs)} 对")


def _waiting_line(one: Waiting, draft: Draft) -> ChildLine:
    facts = one.facts
    where = facts.class_name or NO_CLASS
    proposal = draft.proposals.get(facts.uuid)
    if proposal is not None:
        why, parts = draft.reason(facts.uuid)
        tone = Tone.OCHRE if parts else Tone.INK2
        return ChildLine(facts.uuid, facts.name, where, to=proposal.supporter, why=why, tone=tone)
    why = draft.unplaced.get(facts.uuid, "")
    tone = Tone.OCHRE if why else Tone.INK2
    if why and draft.proposals:
        why += "（草稿里的算在内）"
    return ChildLine(facts.uuid, facts.name, where, why=why or facts.why, tone=tone, tickable=False)


def _moving_line(one: Proposal, old: Paired, draft: Draft) -> ChildLine:
    """A child that has somebody, and would go to somebody else."""
    why, parts = draft.reason(one.child_uuid)
    return ChildLine(
        one.child_uuid,
        one.child,
        one.class_name or NO_CLASS,
        to=one.supporter,
        why=f"换人，现在是{old.facts.supporter}；{why}",
        tone=Tone.OCHRE if parts else Tone.INK2,
    )


def _paired_line(one: Paired) -> ChildLine:
    pair = one.facts
    since = f"{pair.valid_from} 起" if pair.valid_from else "起始日期不详"
    gone = "" if pair.supporter_present else "，帮扶人已离开"
    return ChildLine(
        pair.uuid,
        pair.child,
        pair.class_name or NO_CLASS,
        to=pair.supporter,
        why=f"{pair.kind.label}，{since}{gone}",
        tone=Tone.OCHRE if gone else Tone.INK2,
        tickable=False,
        mark=SEVERAL if one.several else "",
    )
