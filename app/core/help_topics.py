"""What F1 says, read from the one file of topics: per page, panel and start screen, and the keys of everywhere.

A topic says what its screen is for, how its commonest things are done, and which keys work there. The window shows
it; the card of keys and the guide are printed from the same lines.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

TOPICS_FILE = Path(__file__).resolve().parents[2] / "resources" / "help" / "topics.toml"


class Topic(Struct, frozen=True):
    """One screen. `purpose` is a sentence or two; `steps` are (what, how), `what` may be empty; `keys` are (key, words)."""

    title: str
    purpose: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    keys: tuple[tuple[str, str], ...] = ()


class Topics(Struct, frozen=True):
    """All of them: pages by their registered name, screens by their class, panels by room and class (`child.FactPanel`)."""

    everywhere: Topic
    lists: Topic
    pages: Mapping[str, Topic]
    screens: Mapping[str, Topic]
    panels: Mapping[str, Topic]


@cache
def help_topics() -> Topics:
    """Read the file of topics; OSError when the installed program has lost it."""
    read = tomllib.loads(TOPICS_FILE.read_text(encoding="utf-8"))
    return Topics(
        everywhere=_topic(read["everywhere"]),
        lists=_topic(read["lists"]),
        pages={name: _topic(entry) for name, entry in read["page"].items()},
        screens={name: _topic(entry) for name, entry in read["screen"].items()},
        panels={name: _topic(entry) for name, entry in read["panel"].items()},
    )


def _topic(entry: Mapping[str, object]) -> Topic:
    return Topic(
        title=str(entry["title"]),
        purpose=str(entry.get("for", "")),
        steps=tuple(_step(str(line)) for line in _list(entry.get("steps"))),
        keys=tuple((str(line[0]), str(line[1])) for line in _list(entry.get("keys"))),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _step(line: str) -> tuple[str, str]:
    """「做什么：怎么做」 in two; a line without a head, or whose colon comes late or inside a quotation, is all how."""
    what, colon, how = line.partition("：")
    return (what, how) if colon and len(what) <= HEAD_MOST and "「" not in what else ("", line)


HEAD_MOST = 16
"""A head of more characters is a sentence that happens to hold a colon."""
