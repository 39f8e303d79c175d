"""Rows onto pages: nothing overlaps, nothing is cut, what goes on says so."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.paper.form import Block, Row, Side
from app.paper.page import PORTRAIT, Page, Paper

RUNNING_HEAD: Final = 22.0
"""Room for the running head on every page but the first."""
BREAKABLE: Final = 100.0
"""Rows up to this height are moved to the next page whole, higher ones are broken between two lines."""
ROWS_UNDER_BAR: Final = 3
"""A section does not begin at the foot of a page with fewer rows than this, if it has so many."""
KEPT_TOGETHER: Final = 260.0
"""Rows that belong together are parted all the same when they are higher than this."""


class Placed(NamedTuple):
    """An item and the height of its upper edge on the page."""

    top: float
    item: Row | Block


PagePlan = list[Placed]


def arrange(items: Sequence[Row | Block], paper: Paper = PORTRAIT) -> list[PagePlan]:
    """Place the items on as many pages as they need; a stretchable row fills the last page."""
    plan = _arranged(items, paper)
    found = next((i for i, item in enumerate(items) if isinstance(item, Row) and item.stretch), None)
    if found is None:
        return plan
    row = items[found]
    last = plan[-1][-1]
    room = last.top - last.item.height - paper.bottom
    extra = min(int(room // row.height), row.stretch) if isinstance(row, Row) else 0
    while extra > 0:
        fuller = _arranged([*items[:found], *[row] * extra, *items[found:]], paper)
        if len(fuller) == len(plan):
            return fuller
        extra -= 1
    return plan


def draw(plan: PagePlan, page: Page) -> None:
    """Draw one arranged page: the items, side labels over the rows they belong to, a frame around each grid."""
    grid_top: float | None = None
    side: Side | None = None
    side_top = bottom = 0.0

    def close_side() -> None:
        if side is not None:
            side.cell.draw(page, side_top, side_top - bottom)

    for top, item in plan:
        now = item.side if isinstance(item, Row) else None
        if now is not side:
            close_side()
            side, side_top = now, top
        if isinstance(item, Block) and grid_top is not None:
            page.frame(page.paper.left, bottom, page.paper.width, grid_top - bottom)
            grid_top = None
        elif isinstance(item, Row) and grid_top is None:
            grid_top = top
        item.draw(page, top)
        bottom = top - item.height
    close_side()
    if grid_top is not None:
        page.frame(page.paper.left, bottom, page.paper.width, grid_top - bottom)


def _arranged(items: Sequence[Row | Block], paper: Paper) -> list[PagePlan]:
    pages: list[PagePlan] = [[]]
    top, fresh = paper.top, True
    waiting = list(reversed(items))
    while waiting:
        item = waiting.pop()
        room = top - paper.bottom
        parts = _broken(item, room) if item.height > room else None
        if parts is not None:
            pages[-1].append(Placed(top, parts[0]))
            waiting.append(parts[1])
        elif fresh or _needed(item, waiting) <= room:
            pages[-1].append(Placed(top, item))
            top, fresh = top - item.height, False
            continue
        else:
            waiting.append(item)
        again = _said_again(waiting[-1], paper)
        pages.append(again)
        top = paper.top - RUNNING_HEAD - sum(placed.item.height for placed in again)
        fresh = True
    return pages


def _needed(item: Row | Block, following: list[Row | Block]) -> float:
    """Height that must be left for the item to stand here, with what it must not be parted from."""
    height = item.height
    place = len(following)
    rows_of_bar = ROWS_UNDER_BAR if isinstance(item, Row) and item.bar else 0
    while isinstance(item, Row) and (item.with_next or rows_of_bar > 0) and place and height < KEPT_TOGETHER:
        place -= 1
        item = following[place]
        if isinstance(item, Row) and item.bar:
            break
        height += min(item.height, BREAKABLE)
        rows_of_bar -= not item.with_next if isinstance(item, Row) else 1
    return height


def _broken(item: Row | Block, room: float) -> tuple[Row, Row] | None:
    if isinstance(item, Row) and item.height > BREAKABLE and item.to_write is None:
        return item.split(room)
    return None


def _said_again(first: Row | Block, paper: Paper) -> PagePlan:
    """What stands on top of a page that begins with ``first``: the bar of its section, the heads of its columns."""
    if not isinstance(first, Row) or first.bar:
        return []
    again: PagePlan = []
    top = paper.top - RUNNING_HEAD
    for row in (first.section.bar_again if first.section else None, first.head):
        if row is not None:
            again.append(Placed(top, row))
            top -= row.height
    return again
