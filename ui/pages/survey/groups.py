"""How far each class and each village is; choosing one narrows the list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.survey.queries import GroupCount, SurveyedChild, SurveyProgress
from ui import theme
from ui.pages.survey.reading import CLASS, VILLAGE, group_of
from ui.theme import Tone, Type
from ui.widgets import Scroll, Segments, SideItem, SideList, Text, column

_EVERYBODY = ""
_NO_LIMIT = 16_777_215
"""Qt's own largest width (QWIDGETSIZE_MAX)."""


class GroupSide(QWidget):
    """`show_progress(progress)`; `changed()` when another group is wanted."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self._progress: SurveyProgress | None = None
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

    def has(self, child: SurveyedChild) -> bool:
        """Tell whether a child belongs to the chosen group."""
        return self.group in (_EVERYBODY, group_of(child, self.by.current))

    def class_name(self) -> str | None:
        """The class chosen; None for everybody, a village, or the children without a class."""
        children = self._progress.children if self._progress else ()
        is_class = self.by.current == CLASS and any(child.class_name == self.group for child in children)
        return self.group or None if is_class else None

    def show_progress(self, progress: SurveyProgress) -> None:
        """Show the counts of a round; the choice falls back to everybody when its group is gone."""
        self._progress = progress
        self._count()

    def set_narrow(self, narrow: bool) -> None:
        """Beside the list it is a column, alone it takes the page."""
        side = theme.metrics().side_small
        self.setMinimumWidth(side)
        self.setMaximumWidth(_NO_LIMIT if narrow else side)

    def _count(self) -> None:
        progress = self._progress
        if progress is None:
            return
        counts = progress.by_class() if self.by.current == CLASS else progress.by_village()
        whole = GroupCount(_EVERYBODY, progress.done, len(progress.children))
        self._keys = [_EVERYBODY, *(count.name for count in counts)]
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
