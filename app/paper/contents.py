"""Cover and contents of a bound book."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct

from app.paper.archive_data import BookCover
from app.paper.document import FinishedPage, Link, Mark, finished
from app.paper.fonts import HEI, SONG
from app.paper.form import BASELINE, PAD_X
from app.paper.page import BAR_GREY, BOTTOM, LEFT, RIGHT, SECTION, TITLE, TOP, VALUE, WIDTH, Page
from app.paper.printing import PrintStamp
from app.paper.typesetting import Line, Style, Typesetter

COLUMNS: Final = 2
GAP: Final = 28.0
COLUMN_WIDTH: Final = (WIDTH - GAP * (COLUMNS - 1)) / COLUMNS
NUMBER_ROOM: Final = 62.0
"""Room for leader and page number behind a name."""
ENTRY: Final = Style(SONG, 10.5, 19)
BAR_HEIGHT: Final = 22.0
LEADER: Final = "…"
LEADER_GAP: Final = 4.0
"""Points between a name and its leader, and at least as many before the page."""


class Entry(Struct, frozen=True):
    """One child in the contents; ``page`` counts within the sheets, from 0."""

    key: str
    class_name: str
    name: str
    page: int


class _Bar(Struct, frozen=True):
    top: float
    title: Line
    count: Line


class _Place(Struct, frozen=True):
    x: float
    top: float
    lines: tuple[Line, ...]
    entry: Entry


_Plan = list[_Bar | _Place]


def cover_page(cover: BookCover, children: int, stamp: PrintStamp, setter: Typesetter) -> FinishedPage:
    """Draw the cover."""
    page = Page()
    middle = (LEFT + RIGHT) / 2
    y = TOP - 150
    for text, style in (
        (cover.title, Style(HEI, 30, 46)),
        (cover.scope, Style(HEI, 18, 34)),
        (cover.period, Style(SONG, 14, 30)),
    ):
        for line in setter.wrap(text, style, WIDTH):
            page.text_centred(middle, y, line, style.size)
            y -= style.leading
    y = min(y - 60, TOP - 360)
    style = Style(SONG, 14, 30)
    left = middle - 130
    for label, value in (
        ("学校", cover.school),
        ("儿童人数", f"{children} 名"),
        ("资料截至", stamp.as_of),
        ("编制人", cover.compiled_by),
        ("编制日期", cover.compiled_on),
    ):
        page.text_right(left + 62, y, setter.line(label, SONG), style.size)
        lines = setter.wrap(value, style, 190)
        for line in lines:
            page.text(left + 80, y, line, style.size)
            page.line(left + 74, y - 6, left + 270)
            y -= style.leading
    warning = setter.line("内含未成年人个人信息，由学校保管，不得外传", SONG)
    page.text_centred(middle, BOTTOM + 10, warning, VALUE.size)
    return finished(page, foot=False)


def plan_contents(entries: Sequence[Entry], setter: Typesetter) -> list[_Plan]:
    """Place the entries in two columns under the bar of their class, on as many pages as they need."""
    pages: list[_Plan] = [[]]
    top = TOP - TITLE.leading - 14
    for class_name, group in groupby(entries, key=lambda entry: entry.class_name):
        members = list(group)
        title, more = setter.wrap(class_name, SECTION, WIDTH)[0], f"{class_name}（续）"
        count = setter.line(f"{len(members)} 名", SONG)
        cells = [(entry, setter.wrap(entry.name, ENTRY, COLUMN_WIDTH - NUMBER_ROOM)) for entry in members]
        rows = [cells[start : start + COLUMNS] for start in range(0, len(cells), COLUMNS)]
        for number, row in enumerate(rows):
            height = max(len(lines) for _, lines in row) * ENTRY.leading
            begins = number == 0
            if top - height - (BAR_HEIGHT + 4 if begins else 0) < BOTTOM:
                pages.append([])
                top = TOP
                if not begins:
                    pages[-1].append(_Bar(top, setter.wrap(more, SECTION, WIDTH)[0], count))
                    top -= BAR_HEIGHT + 4
            if begins:
                pages[-1].append(_Bar(top, title, count))
                top -= BAR_HEIGHT + 4
            for place, (entry, lines) in enumerate(row):
                pages[-1].append(_Place(LEFT + place * (COLUMN_WIDTH + GAP), top, lines, entry))
            top -= height
        top -= 10
    return pages


def contents_pages(plan: list[_Plan], first_sheet: int, setter: Typesetter) -> list[FinishedPage]:
    """Draw the planned pages; the first sheet begins on page ``first_sheet`` of the file."""
    done = []
    highest = max((one.entry.page for places in plan for one in places if isinstance(one, _Place)), default=0)
    figures = setter.width(str(first_sheet + highest), SONG) * ENTRY.size / 1000
    for number, places in enumerate(plan):
        page = Page()
        links = []
        marks = []
        if number == 0:
            title = setter.line("目录", TITLE.font)
            page.text_centred((LEFT + RIGHT) / 2, TOP - TITLE.leading * BASELINE, title, TITLE.size)
            marks.append(Mark("contents", "目录", 0))
        for place in places:
            if isinstance(place, _Bar):
                _draw_bar(page, place)
            else:
                _draw_entry(page, place, first_sheet + place.entry.page, figures, setter)
                height = len(place.lines) * ENTRY.leading
                box = (place.x, place.top - height, place.x + COLUMN_WIDTH, place.top)
                links.append(Link(place.entry.key, box))
        done.append(finished(page, marks=marks, links=links))
    return done


def _draw_bar(page: Page, bar: _Bar) -> None:
    page.fill(LEFT, bar.top - BAR_HEIGHT, WIDTH, BAR_HEIGHT, BAR_GREY)
    baseline = bar.top - (BAR_HEIGHT - SECTION.leading) / 2 - SECTION.leading * BASELINE
    page.text(LEFT + PAD_X, baseline, bar.title, SECTION.size)
    page.text_right(RIGHT - PAD_X, baseline, bar.count, VALUE.size)


def _draw_entry(page: Page, place: _Place, number: int, figures: float, setter: Typesetter) -> None:
    """Draw a name, its leader and its page; ``figures`` is the room of the highest page, in points.

    The dots of all leaders stand below one another and end at one place: they keep to a grid that begins where the
    names do, a Chinese character wide as the leader is.
    """
    size = ENTRY.size
    baseline = place.top - ENTRY.leading * BASELINE
    for line in place.lines:
        page.text(place.x + PAD_X, baseline, line, size)
        baseline -= ENTRY.leading
    baseline += ENTRY.leading
    page.text_right(place.x + COLUMN_WIDTH - PAD_X, baseline, setter.line(str(number), SONG), size)
    wide = setter.width(LEADER, SONG)
    first = -(-place.lines[-1].width // wide)
    dot = wide * size / 1000
    last = int((COLUMN_WIDTH - 2 * PAD_X - figures - 2 * LEADER_GAP) // dot)
    page.text(
        place.x + PAD_X + first * dot + LEADER_GAP, baseline, setter.line(LEADER * (last - first), SONG), size
    )
