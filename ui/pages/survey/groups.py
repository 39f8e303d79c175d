"""How far each class and each village is; choosing one narrows the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.survey.queries import NO_CLASS, GroupCount
from ui import theme
from ui.pages.survey.reading import CLASS, EVERYBODY, VILLAGE, Group
from ui.theme import Tone, Type
from ui.widgets import Scroll, Segments, SideItem, SideList, Text, column
from ui.widgets.layout import NO_LIMIT


class GroupSide(QWidget):
    """`show_counts(counts)`; `changed()` when another group is wanted."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self._counts: Mapping[str, Sequence[GroupCount]] = {}
        self._keys: list[str] = []
        self.by = Segments([(CLASS, "各班"), (VILLAGE, "各村")])
        self.by.setAccessibleName("按班级还是按村")
        self.by.changed.connect(self._regroup)
        self.list = SideList([], marked=False)
        self.list.setAccessibleName("各班各村核实了多少")
        self.list.chosen.connect(self._chosen)
        self._room = Scroll(self.list, None)
        head = Text("已核实 / 在册（名）", Type.SMALL, Tone.INK2)
        self.setLayout(column(self.by, m.s8, head, m.s4, self._room, margins=(m.s12, m.s12, m.s12, m.s8)))

    @property
    def group(self) -> str:
        """The class or village chosen; "" for everybody."""
        return self.list.current

    @property
    def chosen(self) -> Group:
        """The group to whose children the lists are narrowed."""
        return (self.by.current, self.group) if self.group else EVERYBODY

    def class_name(self) -> str | None:
        """The class chosen; None for everybody, a village, or the children without a class."""
        is_class = self.by.current == CLASS and self.group not in ("", NO_CLASS)
        return self.group if is_class else None

    def show_counts(self, counts: Mapping[str, Sequence[GroupCount]]) -> None:
        """Show the counts of a round; the choice falls back to everybody when its group is gone."""
        self._counts = counts
        self._count()

    def set_narrow(self, narrow: bool) -> None:
        """Beside the list it is a column, alone it takes the page."""
        side = theme.metrics().side_small
        self.setMinimumWidth(side)
        self.setMaximumWidth(NO_LIMIT if narrow else side)

    def _count(self) -> None:
        if not self._counts:
            return
        counts = self._counts[self.by.current]
        whole, *_ = self._counts[""]
        self._keys = ["", *(count.name for count in counts)]
        self.list.set_items([_item(whole, "全部"), *(_item(count, count.name) for count in counts)])

    def _regroup(self, _by: str) -> None:
        self._count()
        self.changed.emit()

    def _chosen(self, key: str) -> None:
        """Keep it in sight where the list has to scroll."""
        high = self.list.height() // max(len(self._keys), 1)
        self._room.ensureVisible(0, self._keys.index(key) * high + high // 2, 0, high)
        self.changed.emit()


def _item(count: GroupCount, words: str) -> SideItem:
    is_done = count.done == count.total
    tone = Tone.GREEN if is_done else Tone.INK2
    return SideItem(count.name, words, fact=f"{count.done} / {count.total}", complete=is_done, fact_tone=tone)
