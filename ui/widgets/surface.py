"""Grounds and bars: Sheet, Rule, FilterBar, FooterBar, Banner, Scroll, EmptyState."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from msgspec import Struct
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.button import Button, Kind
from ui.widgets.layout import column, empty_out, holder, row
from ui.widgets.text import Link, Text


class Ground(QFrame):
    """A widget with a ground of the style sheet: desk, sunk, sheet, paper, note, select, red, ochre, green."""

    def __init__(self, ground: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", ground)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def set_ground(self, ground: str) -> None:
        """Change the ground."""
        if self.property("ground") != ground:
            self.setProperty("ground", ground)
            self.style().unpolish(self)
            self.style().polish(self)


class Sheet(Ground):
    """The paper the content stands on. `sheet.box` is its column; parts reach the edge unless padded."""

    def __init__(self, *parts: QWidget | QLayout | int | None, padding: int = 0, gap: int = 0) -> None:
        super().__init__("sheet")
        self.box = column(*parts, gap=gap, margins=(padding + 1, padding + 1, padding + 1, padding + 1))
        self.setLayout(self.box)


class Rule(QWidget):
    """A horizontal hairline between groups; `upright=True` stands between a list and its pane."""

    def __init__(self, tone: Tone = Tone.LINE, *, upright: bool = False) -> None:
        super().__init__()
        self._tone = tone
        self._upright = upright
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._upright:
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), theme.colour(self._tone))
        else:
            with QPainter(self) as painter:
                paint.draw_hairline(painter, 0, self.width(), 0, self._tone)


class FilterBar(QWidget):
    """The 48 high bar above a table: view, chips; after None what stands at the right; a line below."""

    def __init__(self, *parts: QWidget | QLayout | int | None) -> None:
        super().__init__()
        m = theme.metrics()
        self.setFixedHeight(m.filter_bar + 1)
        self.setLayout(column(holder(row(*parts, gap=m.s8, margins=(m.s16, 0, m.s16, 0))), Rule()))


class FooterBar(Ground):
    """The bar at the foot of a sheet: what will happen at the left, verbs at the right.

    `tinted=True` for a selection, a draft or progress. `set_words(lead, detail)` writes one or two lines;
    `lead_parts` stand right after them (verbs of the selection), `verbs` at the right end; `worded=False` where they
    say it all and stand at the very left.
    """

    def __init__(
        self,
        *verbs: QWidget,
        lead_parts: Sequence[QWidget] = (),
        lead: str = "",
        detail: str = "",
        icon: str = "",
        tinted: bool = False,
        worded: bool = True,
    ) -> None:
        super().__init__("foot-select" if tinted else "foot")
        m = theme.metrics()
        self._icon = Text()
        if icon:
            self._icon.setPixmap(theme.pixmap(icon, Tone.ACCENT))
        else:
            self._icon.hide()
        self._lead = Text("", bold=tinted and not detail and not icon)
        self._detail = Text("", Type.SMALL, Tone.INK2)
        words = column(self._lead, self._detail)
        self.setLayout(
            row(
                self._icon,
                m.s8 if icon else 0,
                words,
                m.s12 if worded else 0,
                *lead_parts,
                None,
                *verbs,
                gap=m.s8,
                margins=(m.s16, m.s8, m.s16, m.s8),
            )
        )
        # One more for the line above it: else the verbs are squeezed where room is short.
        self.setMinimumHeight(m.footer + 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_words(lead, detail)

    def set_words(self, lead: str, detail: str = "") -> None:
        """What will happen, and what it leaves alone."""
        self._lead.setText(lead)
        self._lead.setVisible(bool(lead))
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))


class Banner(Ground):
    """Full width under the header: what can and cannot be done, one link; stays while true.

    `folds=False` for what must be in sight always: which data these are.
    """

    def __init__(
        self,
        words: str,
        *,
        link: str = "",
        on_link: Callable[[], object] | None = None,
        icon: str = "lock_closed",
        ground: str = "ochre",
        folds: bool = True,
    ) -> None:
        super().__init__(ground)
        self.folds = folds
        m = theme.metrics()
        tone = {"ochre": Tone.OCHRE, "red": Tone.RED}.get(ground, Tone.ACCENT_DARK)
        mark = Text()
        mark.setPixmap(theme.pixmap(icon, tone))
        self._words = Text(words, wrap=True)
        parts: list[QWidget | int] = [mark, m.s8, self._words]
        if link:
            parts.append(Link(link, on_link))
        box = row(*parts, margins=(m.s16, m.s8, m.s16, m.s8))
        box.setStretchFactor(self._words, 1)
        self.setLayout(box)
        self.setMinimumHeight(m.banner)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        self._words.setText(words)


def see_through(area: QScrollArea) -> None:
    """Let the ground that an area stands on be seen behind what scrolls in it; called before it is given that.

    What scrolls is seen through a widget that Qt makes itself. PySide, asked for it, tries which of its hundred kinds of
    widgets it might be, and makes the classes of all of them for that: a twentieth of a start. So the area is given one.
    """
    area.setViewport(QWidget())


class _Scrolled(QWidget):
    """What stands in a Scroll: as high as its words in the width they have.

    A label that breaks its lines guesses a narrower width for its least height; with the guesses of a page added up, a
    bar came where nothing was out of sight.
    """

    @override
    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        layout = self.layout()
        return QSize(least.width(), 0) if layout is not None and layout.hasHeightForWidth() else least


class Scroll(QScrollArea):
    """A column that scrolls up and down when it is too long. `scroll.box` is the column."""

    def __init__(
        self,
        *parts: QWidget | QLayout | int | None,
        gap: int = 0,
        margins: tuple[int, int, int, int] = (0, 0, 0, 0),
    ) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        see_through(self)
        inner = _Scrolled()
        inner.setObjectName("scrolled")
        self.box = column(*parts, gap=gap, margins=margins)
        inner.setLayout(self.box)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)


class Way(Struct, frozen=True):
    """One way out of an empty page: a small sheet with its verb."""

    icon: str
    head: str
    detail: str
    verb: str
    act: Callable[[], object]
    filled: bool = False


class WaySheet(Sheet):
    """A Way, drawn: the picture over the head, or beside it where room is low."""

    def __init__(self, way: Way, *, width: int | None = None) -> None:
        m = theme.metrics()
        picture = Text()
        picture.setPixmap(theme.pixmap(way.icon, Tone.ACCENT, size=m.icon_large))
        self.button = Button(way.verb, way.act, kind=Kind.FILLED if way.filled else Kind.PLAIN)
        self._title = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._title.setContentsMargins(0, 0, 0, 0)
        self._title.setSpacing(m.s12)
        self._title.addWidget(picture)
        self._title.addWidget(Text(way.head, bold=True), 1)
        super().__init__(
            self._title,
            m.s4,
            Text(way.detail, Type.SMALL, Tone.INK2, wrap=True),
            None,
            m.s16,
            self.button,
            padding=m.s16,
        )
        self.setFixedWidth(width or m.start_column // 3 - m.s16)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def set_low(self, low: bool) -> None:
        """Put the picture beside the head, or over it."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._title.setDirection(across if low else down)


class EmptyState(QWidget):
    """Nothing to show: a head, one sentence, up to three ways — or in a pane one sentence and one link."""

    def __init__(
        self,
        head: str = "",
        sentence: str = "",
        *,
        ways: Sequence[Way] = (),
        link: str = "",
        on_link: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._ways: list[WaySheet] = []
        m = theme.metrics()
        # The stretches above and below make room enough; in the lowest window every line of it is needed.
        self._box.setContentsMargins(m.s24, m.s8, m.s24, m.s8)
        self.set_words(head, sentence, ways=ways, link=link, on_link=on_link)

    def set_words(
        self,
        head: str = "",
        sentence: str = "",
        *,
        ways: Sequence[Way] = (),
        link: str = "",
        on_link: Callable[[], object] | None = None,
    ) -> None:
        """Say something else (which filter to drop)."""
        m = theme.metrics()
        empty_out(self._box)
        self._ways = [WaySheet(way) for way in ways]
        self._box.addStretch(2)
        if head:
            self._centre(Text(head, Type.SECTION))
            self._box.addSpacing(m.s4)
        if sentence:
            words = Text(sentence, tone=Tone.INK2, wrap=True)
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._box.addWidget(words)
        if link:
            self._box.addSpacing(m.s8)
            self._centre(Link(link, on_link))
        if ways:
            self._box.addSpacing(m.s24)
            line = QHBoxLayout()
            line.setSpacing(m.s16)
            line.addStretch(1)
            for sheet in self._ways:
                line.addWidget(sheet)
            line.addStretch(1)
            self._box.addLayout(line)
        self._box.addStretch(3)
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Under a banner in a small window the ways are lower: their verbs were pressed flat."""
        for low in (False, True):
            for sheet in self._ways:
                sheet.set_low(low)
            if self._box.minimumHeightForWidth(self.width()) <= self.height():
                return

    def focus_way(self) -> None:
        """Put the keyboard on the first way onward."""
        buttons = cast("list[QAbstractButton]", self.findChildren(QAbstractButton))
        for button in buttons:
            if button.isVisibleTo(self):
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _centre(self, widget: QWidget) -> None:
        self._box.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
