"""Where a badge of the guide goes: beside the word it points at, where the picture has the least written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot, isqrt

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage

_STEP = 24
"""So much (of 255) two dots beside each other differ where something is written."""


def badge_at(
    picture: QImage,
    place: QRect,
    radius: int,
    taken: Sequence[QPoint],
    others: Sequence[QRect] = (),
    read: Sequence[QRect] = (),
) -> QPoint:
    """Return the middle of a badge of `radius` dots for what lies at `place`, all in dots of `picture`.

    It hides none of `taken`, the badges already there, and stays inside of the picture. It stands where nobody takes it
    for the badge of one of `others`, what else can be pointed at, and rather not beside `read`, other words that are only
    read. ValueError when there is no room.
    """
    gray = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    inside = gray.rect().adjusted(radius, radius, -radius, -radius)
    before = QPoint(place.left() - radius - 1, place.center().y())
    free = [
        spot
        for spot in _around(place, radius)
        if inside.contains(spot) and all(_apart(spot, other) >= 2 * radius for other in taken)
    ]
    if not free:
        raise ValueError("no room for a badge")

    def cost(spot: QPoint) -> tuple[int, float]:
        # To be taken for another one's is as bad as to hide a letter or two.
        mistaken = 0 if _is_nearest(place, spot, read, radius) else radius
        mistaken = mistaken if _is_nearest(place, spot, others, radius) else 3 * radius
        return _written(gray, spot, radius) + mistaken, _apart(spot, before)

    return min(free, key=cost)


def _is_nearest(place: QRect, spot: QPoint, others: Sequence[QRect], radius: int) -> bool:
    """Whether every other thing is farther from the spot, by half a badge at least."""
    own = _beside(place, spot)
    return all(_beside(other, spot) >= own + radius / 2 for other in others)


def _beside(place: QRect, spot: QPoint) -> float:
    """How far a spot lies from the edge of something; 0 inside of it."""
    across = max(place.left() - spot.x(), spot.x() - place.right(), 0)
    down = max(place.top() - spot.y(), spot.y() - place.bottom(), 0)
    return hypot(across, down)


def _around(place: QRect, radius: int) -> Iterator[QPoint]:
    """Every spot whose badge touches the edge of what it points at, or lies a little over it."""
    step = max(radius // 4, 1)
    for over in (radius + 1, radius * 2 // 3):
        edge = place.adjusted(-over, -over, over, over)
        for across in range(edge.left(), edge.right() + 1, step):
            yield QPoint(across, edge.top())
            yield QPoint(across, edge.bottom())
        for down in range(edge.top(), edge.bottom() + 1, step):
            yield QPoint(edge.left(), down)
            yield QPoint(edge.right(), down)


def _apart(one: QPoint, other: QPoint) -> float:
    return hypot(one.x() - other.x(), one.y() - other.y())


def _written(gray: QImage, spot: QPoint, radius: int) -> int:
    """How many dots under a badge there differ from the next one: strokes of letters and icons do, a plain ground does not."""
    dots, line = memoryview(gray.constBits()), gray.bytesPerLine()
    found = 0
    for down in range(-radius, radius + 1):
        half = isqrt(radius * radius - down * down)
        begin = (spot.y() + down) * line + spot.x() - half
        row = dots[begin : begin + 2 * half + 1]
        found += sum(abs(one - other) > _STEP for one, other in pairwise(row))
    return found
