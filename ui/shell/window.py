"""The main window: rail, pages, status line; it moves between pages and keeps the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.context import Context
from ui.shell.focus_home import FocusHome, taking_focus
from ui.shell.page import Page, PageSpec
from ui.shell.rail import Rail
from ui.shell.status import StatusFacts, StatusLine
from ui.theme import Breakpoint, tokens
from ui.widgets.progress import ProgressFooter
from ui.widgets.surface import Banner
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    from ui.shell.help.desk import HelpDesk


class Place(Struct, frozen=True):
    """Where the person is: a page and what it was opened with."""

    name: str
    params: dict[str, Any] = field(default_factory=dict)


class MainWindow(QWidget):
    """Implements `ui.context.Navigation` for the pages it shows."""

    closing = Signal()
    status_wanted = Signal()

    # Set once everything is put away; until then closing only asks for it.
    _may_close = False

    def __init__(self, specs: Sequence[PageSpec], title: str) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.setProperty("ground", "desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._specs = {spec.name: spec for spec in specs}
        self._pages: dict[str, Page] = {}
        self._context: Context | None = None
        self._trail: list[Place] = []
        self._wanted: Callable[[], object] | None = None
        self._toast: Toast | None = None
        self._help: HelpDesk | None = None
        self._breakpoint = Breakpoint.NORMAL
        self._banners: dict[str, Callable[[], Banner]] = {}
        self.rail = Rail(specs)
        self.rail.chosen.connect(self.open_page)
        self.stack = QStackedWidget()
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(partial(self.stack.setUpdatesEnabled, True))
        self._home = FocusHome(self.stack, self._begin_page)
        self.status: StatusLine | None = None
        self._right = QVBoxLayout()
        self._right.setSpacing(0)
        self._right.addWidget(self.stack, 1)
        self.progress = ProgressFooter()
        self._right.addWidget(self.progress)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.rail)
        box.addLayout(self._right, 1)
        box.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._bind_keys()
        scale = theme.metrics().scale
        self.setMinimumSize(round(tokens.WINDOW_LEAST[0] * scale), round(tokens.WINDOW_LEAST[1] * scale))
        self.resize(*tokens.WINDOW_USUAL)
        theme.dress(self)

    def attach(self, context: Context) -> None:
        """Take the context the pages get (made with this window as navigation)."""
        self._context = context
        self.status = StatusLine(context.entering)
        self.status.staff_asked.connect(partial(self.open_page, "settings", section="staff"))
        self.status.help_asked.connect(partial(self.open_help, None))
        self._right.addWidget(self.status)
        if context.read_only:
            self.status.show_read_only()
        self._arrange()

    @property
    def context(self) -> Context:
        if self._context is None:
            raise RuntimeError("the window has no context yet")
        return self._context

    # ---- navigation

    def open_page(self, name: str, **params: Any) -> None:
        """Show a page; the one before stays on the trail for 回去."""
        if not self._is_let_go(partial(self.open_page, name, **params)):
            self.rail.set_current(self._rail_name())
            return
        place = Place(name, params)
        if not self._trail or self._trail[-1] != place:
            if not self._specs[name].parent:
                self._trail.clear()
            self._trail.append(place)
        self._show(place)

    def open_child(self, uuid: str, *, among: tuple[str, ...] = ()) -> None:
        self.open_page("child", uuid=uuid, among=among)

    def _is_let_go(self, to: Callable[[], object]) -> bool:
        """Ask the page in front; where she wanted to go is known until it lets her, or she goes elsewhere."""
        here = self.current_page()
        self._wanted = to
        if here is not None and not here.may_leave():
            return False
        self._wanted = None
        return True

    def go_on(self) -> None:
        wanted, self._wanted = self._wanted, None
        (wanted or self.back)()

    def back(self) -> None:
        if not self._is_let_go(self.back):
            return
        if len(self._trail) > 1:
            self._trail.pop()
            self._show(self._trail[-1], returning=True)
        elif self._trail and self._specs[self._trail[-1].name].parent:
            parent = self._specs[self._trail[-1].name].parent
            self._trail = [Place(parent)]
            self._show(self._trail[-1], returning=True)

    def current_page(self) -> Page | None:
        widget = self.stack.currentWidget()
        return widget if isinstance(widget, Page) else None

    def _begin_page(self) -> None:
        """The keyboard goes where the page begins."""
        page = self.current_page()
        if page is not None:
            page.focus_first()

    def page(self, name: str) -> Page:
        """The page by name, made when it is first asked for."""
        page = self._pages.get(name)
        if page is None:
            page = self._specs[name].factory(self.context)
            page.set_breakpoint(self._breakpoint)
            if name in self.rail.items:
                page.counted.connect(self.rail.items[name].set_count)
            for key, make in self._banners.items():
                page.set_banner(key, make())
            self._pages[name] = page
            self.stack.addWidget(page)
        return page

    def take_place_of(self, other: MainWindow) -> None:
        """Go where the other window is, by the way it came."""
        self._trail = list(other._trail)
        if self._trail:
            self._show(self._trail[-1])

    def _show(self, place: Place, *, returning: bool = False) -> None:
        page = self.page(place.name)
        page.header.name_way_back(self._specs[self._trail[-2].name].caption if len(self._trail) > 1 else "")
        if (place.params or page.begins_anew) and (not returning or page is self.current_page()):
            page.open_with(**place.params)
        self._bring_to_front(page)
        self.rail.set_current(self._rail_name())
        page.focus_first()

    def _bring_to_front(self, page: Page) -> None:
        """Show a page, and paint it in a turn of its own: made, laid out and painted at one go it leaves a key waiting.

        Until then the page before stays on the screen as it was painted.
        """
        before = self.current_page()
        if before is not None and before is not page and self.isVisible():
            self.stack.setUpdatesEnabled(False)
            self._next_turn.start(0)  # a timer: what is posted comes before the painting in this very turn
        self.stack.setCurrentWidget(page)

    def _rail_name(self) -> str:
        if not self._trail:
            return ""
        spec = self._specs[self._trail[-1].name]
        return spec.parent or spec.name

    # ---- small words

    def toast(self, words: str, on_undo: Callable[[], object] | None = None) -> None:
        self._say(words, on_undo)

    def toast_file(self, words: str, path: Path) -> None:
        folder = path.parent
        open_it = partial(self.context.dialogs.show_folder, folder)
        self._say(f"{words}，在「{folder.name or folder}」", open_it, verb="打开文件夹", key="")

    def _say(
        self, words: str, act: Callable[[], object] | None, *, verb: str = "撤销", key: str = "Ctrl+Z"
    ) -> None:
        if self._toast is not None:
            self._toast.leave()
        page = self.current_page()
        lift = page.foot_height if page else None
        self._toast = Toast(page or self, words, on_undo=act, verb=verb, key=key, lift=lift)
        self._toast.gone.connect(partial(setattr, self, "_toast", None))

    def said_saved(self) -> None:
        if self.status is not None:
            self.status.show_saved(self.context.clock.now())

    def refresh_status(self) -> None:
        self.status_wanted.emit()

    def set_status(self, facts: StatusFacts) -> None:
        if self.status is not None:
            self.status.set_facts(facts)

    def set_banner(self, key: str, make: Callable[[], Banner] | None) -> None:
        """A banner on every page (read-only, demo school, foreign copy); `make` builds one per page."""
        if make is None:
            self._banners.pop(key, None)
        else:
            self._banners[key] = make
        for page in self._pages.values():
            page.set_banner(key, make() if make else None)

    # ---- keys

    def _bind_keys(self) -> None:
        for place, name in enumerate(self.rail.order[:9]):
            self._key(f"Ctrl+{place + 1}", partial(self.open_page, name))
        self._key("Ctrl+F", self._focus_search)
        self._key("F6", self._next_region)
        self._key("Alt+Left", self.back)
        self._key("Ctrl+Z", self._undo_last)
        self._key("Ctrl+S", self._save_now)
        self._key("F1", self.open_help)
        if "ledger" in self._specs:
            self._key("Ctrl+Shift+N", partial(self.open_page, "ledger", add=True))
        if "record" in self._specs:
            self._key("Ctrl+N", self._record)
        if "paper_forms" in self._specs:
            self._key("Ctrl+K", partial(self.open_page, "paper_forms"))

    def _key(self, keys: str, slot: Callable[[], object]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _focus_search(self) -> None:
        page = self.current_page()
        if page is not None and page.header.search is not None:
            page.header.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            page.header.search.selectAll()

    def _record(self) -> None:
        """记一条, about whom she has in front of her; in the form itself it is no way out."""
        page = self.current_page()
        if page is not None and self._trail[-1].name != "record" and not self.context.read_only:
            self.open_page("record", **page.entry_params())

    def _next_region(self) -> None:
        page = self.current_page()
        if page is None:
            return
        current_item = self.rail.items.get(self._rail_name())
        wanted = (current_item, *page.banner_stops(), *page.side_stops())
        stops = [w for w in wanted if w is not None and w.isVisible()]
        focus = self.focusWidget()  # None while what had it is disabled or gone
        here = next(
            (i for i, w in enumerate(stops) if focus is not None and (w is focus or w.isAncestorOf(focus))),
            -1,
        )
        for stop in (*stops[here + 1 :], *stops[: here + 1]):
            taking = taking_focus(stop)
            if taking is not None:
                taking.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def _undo_last(self) -> None:
        if self._toast is not None:
            self._toast.leave()
        if not self.context.undo_last():
            self.toast("这次打开以后没有可以撤销的了")

    def open_help(self, asking: QWidget | None = None) -> None:
        """F1: help about the page that is shown, or about a panel over it that asks."""
        if self._help is None:
            from ui.shell.help.desk import HelpDesk

            on_demo = None if "demo" in self._banners else self.context.program.open_demo
            self._help = HelpDesk(self.context, self, store=self.context.store, on_demo=on_demo)
        page = self._trail[-1].name if self._trail and asking is None else ""
        self._help.open(asking or self, page)

    def _save_now(self) -> None:
        """Everything is saved on leaving a field: leave it, and 已保存 shows by itself."""
        widget = self.focusWidget()
        if widget is not None:
            widget.clearFocus()
            widget.setFocus()

    # ---- arrangement

    def _arrange(self) -> None:
        found = theme.breakpoint_of(self.width(), theme.metrics().scale)
        if found is self._breakpoint and self.rail.width():
            return
        self._breakpoint = found
        narrow = found is Breakpoint.NARROW
        self.rail.set_narrow(narrow)
        if self.status is not None:
            self.status.set_narrow(narrow)
        for page in self._pages.values():
            page.set_breakpoint(found)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            super().closeEvent(event)
            return
        event.ignore()
        if self._is_let_go(self.close):
            self.closing.emit()

    def finish(self) -> None:
        """Close for good; the session calls it when the ledger is put away."""
        self._may_close = True
        self.close()
