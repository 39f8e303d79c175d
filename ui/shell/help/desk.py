"""What help offers besides its words: 关于, the support file, the guide and the card of keys on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QWidget

from app.core.clock import Clock
from app.paper.printing import PrintResult
from app.tasks.guide import write_guide, write_key_card
from app.tasks.support import Line, SupportFile, about, write_support
from ui.dialogs import Dialogs
from ui.errors import ErrorRouter
from ui.jobs import Jobs
from ui.shell.help.about import AboutPanel, toolkit_words
from ui.shell.help.panel import ABOUT, CARD, DEMO, GUIDE, SUPPORT, HelpPanel
from ui.shell.help.topics import topic_of
from ui.shell.papers import PaperShow
from ui.widgets import AskDialog, Panel, Verb

if TYPE_CHECKING:
    from app.storage.store import Store

SUPPORT_KINDS = "支持文件 (*.zip)"
KNOWN, FOLDER = "known", "folder"


class Office(Protocol):
    """What help needs; the context of a page and the program at its start both have it."""

    @property
    def jobs(self) -> Jobs: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def dialogs(self) -> Dialogs: ...

    @property
    def errors(self) -> ErrorRouter: ...


class HelpDesk(QObject):
    """Answers F1 in one window: over the open ledger `store`, else about the one at `path`, which may not open.

    `trouble` is the key of what a start screen says; `on_demo` opens the demo school, from a page of another one.
    """

    def __init__(
        self,
        office: Office,
        window: QWidget,
        *,
        store: Store | None = None,
        path: Path | None = None,
        trouble: str = "",
        on_demo: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(window)
        self._office = office
        self._window = window
        self._store = store
        self._path = path if store is None else store.path
        self._trouble = trouble
        self._on_demo = on_demo
        self.paper: PaperShow | None = None

    def open(self, asking: QWidget, page: str = "") -> HelpPanel:
        """Open the topic of a panel, of the page called `page`, or of a start screen."""
        parent = asking if isinstance(asking, Panel) else self._window
        # The keys of everywhere are those of the pages: a panel and a start screen have few of them.
        panel = HelpPanel(
            parent,
            topic_of(asking, page),
            with_keys=bool(page),
            with_demo=bool(page) and self._on_demo is not None,
        )
        self._office.dialogs.open_panel(panel, self._chosen)
        return panel

    def _chosen(self, key: str) -> None:
        act = self._acts().get(key)
        if act is not None:
            act()

    def _acts(self) -> Mapping[str, Callable[[], object]]:
        return {
            GUIDE: partial(self._show_paper, "四页指南", "守望指南", write_guide),
            CARD: partial(self._show_paper, "按键卡", "守望按键卡", write_key_card),
            ABOUT: self.show_about,
            SUPPORT: self.ask_support,
            **({DEMO: self._on_demo} if self._on_demo is not None else {}),
        }

    # ---- on paper

    def _show_paper(self, title: str, stem: str, make: Callable[..., PrintResult]) -> None:
        office = self._office
        self.paper = PaperShow(
            office.jobs, office.dialogs, office.errors, office.clock, self, title=title, stem=stem
        )
        self.paper.show_made(make, office.clock)

    # ---- 关于

    def show_about(self) -> None:
        """Say which version this is and where everything lies."""
        self._office.jobs.run(
            about,
            self._path,
            self._office.clock,
            toolkit=toolkit_words(),
            store=self._store,
            on_done=self._about_known,
            on_error=self._office.errors.show,
            owner=self,
        )

    def _about_known(self, facts: Sequence[Line]) -> None:
        self._office.dialogs.open_panel(AboutPanel(self._window, facts), _nothing_more)

    # ---- 支持文件

    def ask_support(self) -> None:
        """Write the support file where she wants it: a stick, the desktop."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DesktopLocation)
        name = f"守望支持文件_{self._office.clock.now():%Y%m%d_%H%M}.zip"
        target = self._office.dialogs.save_file(
            "支持文件存到哪里", kinds=SUPPORT_KINDS, start=Path(documents or Path.home()) / name
        )
        if target is not None:
            self._office.jobs.run(
                write_support,
                target if target.suffix.lower() == ".zip" else target.with_name(f"{target.name}.zip"),
                path=self._path,
                clock=self._office.clock,
                store=self._store,
                trouble=self._trouble,
                toolkit=toolkit_words(),
                on_done=self._written,
                on_error=self._office.errors.show,
                owner=self,
            )

    def _written(self, file: SupportFile) -> None:
        place = file.path.parent.name or str(file.path.parent)
        told = AskDialog(
            self._window,
            f"支持文件已写好，{max(file.size // 1024, 1)} KB",
            [
                f"{file.path.name}，在「{place}」，读回核对过。",
                "里面是版本、设置和运行记录，没有孩子和老师的姓名、证件号、电话。可以交给帮您看的人。",
            ],
            [Verb(KNOWN, "知道了"), Verb(FOLDER, "打开所在文件夹")],
        )
        self._office.dialogs.open_panel(told, partial(self._told, file.path))

    def _told(self, path: Path, key: str) -> None:
        if key == FOLDER:
            self._office.dialogs.show_folder(path.parent)


def _nothing_more(_key: str) -> None:
    """After reading there is nothing to choose."""
