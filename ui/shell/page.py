"""What every page is: a header, banners, content; it reloads when something it shows was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.core.changes import Changes
from ui import theme
from ui.context import Context
from ui.shell.header import PageHeader
from ui.theme import Breakpoint
from ui.widgets.surface import Banner
from ui.widgets.text import Link

if TYPE_CHECKING:
    from app.storage.store import Store


BANNERS_SHOWN = 3
"""So many rows of banners leave a list its room in the smallest window."""


class PageSpec(Struct, frozen=True):
    """One entry of the page registry.

    `factory(context)` imports and makes the page when it is first shown. `icon` names the rail's
    picture; `parent` makes it a sub-page (child's file, import) that is not in the rail; `at_foot` puts it at
    the rail's foot (备份, 设置). `example(store)` gives parameters that show it filled, and `parts` names
    what `part=…` shows besides its first view, both for `ui.pictures`.
    """

    name: str
    caption: str
    icon: str
    factory: Callable[[Context], Page]
    parent: str = ""
    at_foot: bool = False
    example: Callable[[Store], dict[str, Any]] | None = None
    parts: tuple[str, ...] = ()


class Page(QWidget):
    """Base of all pages.

    A page overrides `load()` (ask the store, show the answer) and names in `areas` which Changes touch
    it. `load` runs on the first show, after a touching change while visible, and on the next show after one
    while hidden. Build widgets in `__init__` into `self.content`.
    """

    areas: ClassVar[frozenset[str]] = frozenset()
    turns_with_day: ClassVar[bool] = False
    """Whether it shows the state of today, and nothing that is being typed: it loads again when a new day begins."""
    begins_anew: ClassVar[bool] = False
    """Whether `open_with` is called without parameters too: what it showed last time is not what is asked for now."""
    counted = Signal(int)
    """How much waits on the page: the red number beside its name in the rail (今日: overdue)."""

    def __init__(self, context: Context, title: str, *, back: str = "") -> None:
        super().__init__()
        m = theme.metrics()
        self.context = context
        self.breakpoint = Breakpoint.NORMAL
        self._stale = True
        self._banners: dict[str, Banner] = {}
        self._fold: Banner | None = None
        self._unfolded = False
        self.header = PageHeader(title, back=back)
        self.header.back_pressed.connect(context.navigation.back)
        self._is_sub = bool(back)
        self._banner_box = QVBoxLayout()
        self._banner_box.setSpacing(m.s4)
        self.content = QVBoxLayout()
        self.content.setSpacing(m.s12)
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(0)
        self._outer.addWidget(self.header)
        self._outer.addLayout(self._banner_box)
        self._outer.addLayout(self.content, 1)
        self._set_margins()
        context.bus.changed.connect(self._changed)
        if self.turns_with_day:
            context.bus.day_passed.connect(self.reload)

    # ---- what pages override

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is shown that the page makes; some make their parts little by little."""
        return True

    def load(self) -> None:
        """Ask for what the page shows."""

    def open_with(self, **params: Any) -> None:
        """Take the parameters of `navigation.open_page(name, **params)`."""

    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        """Arrange for narrow, normal or wide."""

    def may_leave(self) -> bool:
        """False keeps the page (something typed cannot be saved and was not given up)."""
        return True

    def touched_by(self, changes: Changes) -> bool:
        """Tell whether these Changes concern what the page shows."""
        return changes.touches(self.areas)

    def focus_first(self) -> None:
        """Put the keyboard where work begins (the list)."""
        self.focusNextChild()

    def entry_params(self) -> dict[str, Any]:
        """What Ctrl+N 记一条 begins with here: parameters of the page "record" (the child in front of her)."""
        return {}

    def side_stops(self) -> tuple[QWidget, ...]:
        """Where F6 goes inside the page: list, then side column."""
        return ()

    def foot_height(self) -> int:
        """The height of a bar at the foot whose verbs a toast must not cover."""
        return 0

    # ---- what pages call

    def key(self, keys: str, slot: Callable[[], object]) -> QShortcut:
        """A key of this page (F3, Ctrl+PgDown); no single letters. What it does stands in resources/help/topics.toml."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)
        return shortcut

    def set_banner(self, key: str, banner: Banner | None) -> None:
        """Show a banner under the header, or take it away; one per key."""
        old = self._banners.pop(key, None)
        if old is not None:
            _take_out(self._banner_box, old)
        if banner is not None:
            self._banners[key] = banner
            self._banner_box.addWidget(banner)
        gap = theme.metrics().s8 if self._banners else 0
        self._banner_box.setContentsMargins(0, 0, 0, gap)
        self._fold_banners()

    def _fold_banners(self) -> None:
        """Leave room for the work: of many banners the newest stay, the others are counted and shown when asked for."""
        if self._fold is not None:
            _take_out(self._banner_box, self._fold)
            self._fold = None
        banners = list(self._banners.values())
        foldable = [banner for banner in banners if banner.folds]
        room = max(BANNERS_SHOWN - 1 - (len(banners) - len(foldable)), 1)
        folded = foldable[:-room]
        if len(folded) < 2:  # counting one takes the row it has
            self._unfolded, folded = False, []
        elif self._unfolded:
            folded = []
        for banner in banners:
            # Never shown by hand before it has its place: the layout does that.
            if banner in folded or banner.isHidden():
                banner.setVisible(banner not in folded)
        if folded:
            words = f"还有 {len(folded)} 条提醒"
            self._fold = Banner(words, icon="warning", link="都看", on_link=self._unfold)
            self._banner_box.insertWidget(0, self._fold)

    def _unfold(self) -> None:
        self._unfolded = True
        self._fold_banners()

    def banner_stops(self) -> tuple[Banner, ...]:
        """The banners that can be answered: F6 goes there before the page itself, the one that folds others first."""
        found = [self._fold, *self._banners.values()]
        return tuple(one for one in found if one is not None and one.isVisible() and one.findChildren(Link))

    def reload(self) -> None:
        """Load now when visible, else at the next show."""
        if self.isVisible():
            self._stale = False
            self.load()
        else:
            self._stale = True

    # ---- what the shell calls

    def set_breakpoint(self, breakpoint_: Breakpoint) -> None:
        if breakpoint_ is self.breakpoint:
            return
        self.breakpoint = breakpoint_
        self._set_margins()
        self.header.set_narrow(breakpoint_ is Breakpoint.NARROW)
        self.breakpoint_changed(breakpoint_)

    @property
    def is_stale(self) -> bool:
        """True when the next show will load again."""
        return self._stale

    def _set_margins(self) -> None:
        m = theme.metrics()
        side = m.margin_narrow if self.breakpoint is Breakpoint.NARROW else m.margin
        self._outer.setContentsMargins(side, 0, side, m.margin_bottom)

    def _changed(self, changes: Changes) -> None:
        if self.touched_by(changes):
            self.reload()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.load()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_sub:
            self.context.navigation.back()
        else:
            super().keyPressEvent(event)


def _take_out(box: QVBoxLayout, banner: Banner) -> None:
    box.removeWidget(banner)
    banner.hide()
    banner.deleteLater()
