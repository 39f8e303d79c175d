"""Painting shared by the delegates and the self-painting controls."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPolygonF, QTextLayout, QTextOption

from ui import theme
from ui.theme import Tone
from ui.theme.tokens import FONT_FAMILY
from ui.widgets import cuts

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
_SINGLE = int(Qt.TextFlag.TextSingleLine)  # a number: each text adds it, and adding flags of Qt is slow


@cache
def _measure(pixels: int, bold: bool) -> QFontMetrics:
    """What measures letters of a size; made anew for each text it took as long as the measuring."""
    font = QFont(FONT_FAMILY)
    font.setPixelSize(pixels)
    font.setBold(bold)
    return QFontMetrics(font)


@lru_cache(maxsize=20_000)
def _advance(text: str, pixels: int, bold: bool) -> int:
    return _measure(pixels, bold).horizontalAdvance(text)


def text_width(text: str, font: QFont) -> int:
    """Width of one line of text; remembered, because lists ask for the same words again and again."""
    return _advance(text, font.pixelSize(), font.bold())


def draw_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    tone: Tone,
    *,
    align: Qt.AlignmentFlag = LEFT,
    where: str = "",
) -> int:
    """Draw one line, elided at the end if it must be (and then reported). Answers the width used."""
    if not text:
        return 0
    width = text_width(text, font)
    if width > rect.width():
        cuts.report(where, text, width, rect.width())
        text = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        width = rect.width()
    painter.setFont(font)
    painter.setPen(theme.colour(tone))
    painter.drawText(rect, int(align) | _SINGLE, text)
    return width


_NO_BREAK, _JOINER = "\u00a0", "\u2060"


def held_together(text: str) -> str:
    """The text with no line end between a number and what it counts (「83 条」, 「第 2 次」), within 二（2）班 or 守望.db."""
    if "守望." in text:
        text = text.replace("守望.", f"守{_JOINER}望.")
    if "）班" in text:
        *classes, rest = text.split("）班")
        text = (
            "".join(f"{_JOINER}（".join(part.rsplit("（", 1)) + f"）{_JOINER}班" for part in classes) + rest
        )
    if " " not in text:
        return text
    first, *others = text.split(" ")
    held = [first]
    before = first[-1:]
    for part in others:
        after = part[:1]
        is_one = (before.isdecimal() and (after == "%" or "\u3400" <= after <= "\u9fff")) or (
            before == "第" and after.isdecimal()
        )
        held += (_NO_BREAK if is_one else " ", part)
        before = part[-1:]
    return "".join(held)


def _let_go(text: str) -> str:
    return text.replace(_NO_BREAK, " ").replace(_JOINER, "")


_LINE_END = "\u2028"  # what QTextLayout ends a line at


def broken(text: str, font: QFont, width: int) -> list[str]:
    """The text in lines of at most this width, broken where Chinese and Latin may be broken, and at each newline."""
    text = held_together(text.replace("\n", _LINE_END))
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    units = text.encode("utf-16-le")  # Qt counts UTF-16 units: a rare character is two
    lines: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start, end = line.textStart(), line.textStart() + line.textLength()
        lines.append(units[2 * start : 2 * end].decode("utf-16-le"))
    layout.endLayout()
    return [_let_go(line).strip() for line in lines or [text]]


def draw_marks(painter: QPainter, rect: QRect, text: str, font: QFont, marks: tuple[int, ...]) -> None:
    """Underline the characters at `marks` (the search matched them) in the accent colour."""
    measure = QFontMetrics(font)
    m = theme.metrics()
    base = rect.center().y() + measure.height() // 2 - m.s2 // 2
    for position in marks:
        left = rect.left() + measure.horizontalAdvance(text[:position])
        width = measure.horizontalAdvance(text[position : position + 1])
        painter.fillRect(left, base, width - m.s2 // 2, m.underline, theme.colour(Tone.ACCENT))


def draw_icon(
    painter: QPainter,
    name: str,
    rect: QRect,
    tone: Tone = Tone.INK2,
    *,
    size: int | None = None,
    filled: bool = False,
) -> None:
    """Draw an icon in the middle of `rect` at the painter's own pixel ratio."""
    size = size or theme.metrics().icon_small
    image = theme.pixmap(name, tone, size=size, filled=filled, ratio=painter.device().devicePixelRatio())
    painter.drawPixmap(
        rect.left() + (rect.width() - size) // 2, rect.top() + (rect.height() - size) // 2, image
    )


def draw_box(
    painter: QPainter,
    rect: QRect,
    *,
    ground: Tone | None,
    border: Tone | None,
    radius: int | None = None,
    width: int = 1,
) -> None:
    """A rounded box whose border lies wholly inside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
    if border:
        painter.setPen(QPen(theme.colour(border), width))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    inset = width / 2 if border else 0
    radius = theme.metrics().radius if radius is None else radius
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def draw_ring(painter: QPainter, rect: QRect) -> None:
    """Draw the ring of what has the keyboard."""
    draw_box(painter, rect, ground=None, border=Tone.ACCENT, width=theme.metrics().ring)


def draw_hairline(painter: QPainter, left: int, right: int, y: int, tone: Tone = Tone.HAIR) -> None:
    """A horizontal line one device pixel high."""
    painter.setPen(QPen(theme.colour(tone), 0))
    painter.drawLine(QLineF(left, y + 0.5, right + 1, y + 0.5))


def draw_tick_box(
    painter: QPainter, rect: QRect, state: Qt.CheckState, *, enabled: bool = True, hover: bool = False
) -> None:
    """The tick box of lists and forms, centred in `rect`: empty, ticked or partly."""
    m = theme.metrics()
    side = m.tick_box
    box = QRect(
        rect.left() + (rect.width() - side) // 2, rect.top() + (rect.height() - side) // 2, side, side
    )
    ticked = state == Qt.CheckState.Checked
    on = Tone.ACCENT if enabled else Tone.DISABLED
    ground = on if ticked else (Tone.HOVER if hover else Tone.PAPER)
    edge = on if state != Qt.CheckState.Unchecked else (Tone.FIELD if enabled else Tone.EDGE)
    draw_box(painter, box, ground=ground, border=edge, radius=m.radius_tag)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    unit = side / 16
    if ticked:
        pen = QPen(theme.colour(Tone.WHITE), 1.6 * unit)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        corner = QPointF(box.topLeft())
        points = [corner + QPointF(x * unit, y * unit) for x, y in ((4, 8.2), (6.8, 11), (12, 5.4))]
        painter.drawPolyline(QPolygonF(points))
    elif state == Qt.CheckState.PartiallyChecked:
        bar = QRectF(box.left() + 4 * unit, box.center().y() + 0.5 - unit, 8 * unit + 1, 2 * unit)
        painter.fillRect(bar, theme.colour(on))
    painter.restore()


def draw_sort_mark(painter: QPainter, left: int, middle: int, *, descending: bool) -> None:
    """The triangle right after a head's word."""
    m = theme.metrics()
    wide, high = m.caret, m.caret * 0.8
    top = middle - high / 2
    points = [QPointF(left, top + high), QPointF(left + wide, top + high), QPointF(left + wide / 2, top)]
    if descending:
        points = [QPointF(left, top), QPointF(left + wide, top), QPointF(left + wide / 2, top + high)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(Tone.INK2))
    painter.drawPolygon(QPolygonF(points))
    painter.restore()


def draw_dot(painter: QPainter, rect: QRect, *, filled: bool) -> None:
    """The mark of a dated fact: filled while in force, a ring when past."""
    m = theme.metrics()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size = m.dot if filled else m.dot - 1
    spot = QRectF(0, 0, size, size)
    spot.moveCenter(QPointF(rect.center()) + QPointF(0.5, 0.5))
    painter.setBrush(theme.colour(Tone.ACCENT if filled else Tone.PAPER))
    painter.setPen(Qt.PenStyle.NoPen if filled else QPen(theme.colour(Tone.FIELD), 1))
    painter.drawEllipse(spot)
    painter.restore()
