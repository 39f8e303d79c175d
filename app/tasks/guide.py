"""The four-page guide and the one-page card of keys, made on paper from the program's own words and pictures."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path

from msgspec import Struct

from app import __version__
from app.core.clock import Clock
from app.core.help_topics import help_topics
from app.core.messages import fault
from app.paper.printing import PrintResult, PrintStamp

_RESOURCES = Path(__file__).resolve().parents[2] / "resources"
GUIDE_FILE = _RESOURCES / "help" / "guide.toml"
GUIDE_PICTURES = _RESOURCES / "guide"
"""Drawn by `python -m ui.pictures.guide`, with `places.json` beside them."""


class GuideBlock(Struct, frozen=True):
    """A picture, the words marked on it with what to say of each, and lines below."""

    picture: str
    marks: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


class GuidePage(Struct, frozen=True):
    """One page of the guide."""

    title: str
    blocks: tuple[GuideBlock, ...]


class GuideWords(Struct, frozen=True):
    """All of the guide."""

    title: str
    pages: tuple[GuidePage, ...]


@cache
def guide_words() -> GuideWords:
    """Read what the guide says."""
    read = tomllib.loads(GUIDE_FILE.read_text(encoding="utf-8"))
    return GuideWords(
        title=read["title"],
        pages=tuple(
            GuidePage(
                page["title"],
                tuple(
                    GuideBlock(
                        block["picture"],
                        tuple((words, said) for words, said in block["marks"]),
                        tuple(block["lines"]),
                    )
                    for block in page["block"]
                ),
            )
            for page in read["page"]
        ),
    )


def write_guide(out: Path, clock: Clock, *, pictures: Path = GUIDE_PICTURES) -> PrintResult:
    """Write the guide as a PDF; EnvironmentFault ``guide.no_pictures`` when the program has lost its pictures."""
    from app.paper.guide import Marked, Picture, render_guide

    words = guide_words()
    try:
        places = json.loads((pictures / "places.json").read_text(encoding="utf-8"))
        pages = [
            (
                page.title,
                [
                    Picture(
                        (pictures / f"{block.picture}.png").read_bytes(),
                        [Marked(name, said, *places[block.picture][name]) for name, said in block.marks],
                        block.lines,
                    )
                    for block in page.blocks
                ],
            )
            for page in words.pages
        ]
    except (OSError, ValueError, KeyError) as error:
        raise fault("guide.no_pictures") from error
    return render_guide(words.title, pages, out, edition=f"守望 {__version__}", stamp=_stamp(clock))


def write_key_card(out: Path, clock: Clock) -> PrintResult:
    """Write the card of keys as a PDF of one page: the keys of everywhere, of lists, and of each page that has some."""
    from app.paper.guide import render_key_card

    return render_key_card(key_groups(), out, edition=f"守望 {__version__}", stamp=_stamp(clock))


def key_groups() -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return the keys in groups, each said once: pages with the same keys share theirs."""
    topics = help_topics()
    titles: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for topic in (topics.everywhere, topics.lists, *topics.pages.values()):
        if topic.keys:
            titles.setdefault(topic.keys, []).append(topic.title)
    return [("、".join(names), keys) for keys, names in titles.items()]


def _stamp(clock: Clock) -> PrintStamp:
    now = clock.now()
    return PrintStamp(printed_at=f"{now:%Y-%m-%d %H:%M}", commit_no=0, as_of=f"{now:%Y-%m-%d}")
