"""What one test counts for its row of the fault table, and the findings that make it fall."""

from __future__ import annotations

import os
from collections.abc import Iterable

from tests.faults.kit.actor import Actor

MOST_SHOWN = 12


class Row:
    """One row (``R01`` …) while its test runs.

    ``lost`` and ``wrong`` collect instead of raising, so that one run tells all rounds that went wrong; a test whose
    row has findings falls when it ends.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.rounds = 0
        self.injected = 0
        self.acked = 0
        self.lost_words: list[str] = []
        self.wrong_words: list[str] = []
        self.broken_words: list[str] = []
        self._begun = _own_seconds()

    def round(self, *, injected: int = 0, acked: int = 0) -> None:
        """Count a round: how many operations were made to fail, how many records the program said were saved."""
        self.rounds += 1
        self.injected += injected
        self.acked += acked

    def lost(self, words: str, number: int = 1) -> None:
        """Note records that had been said to be saved and are not there once, whole."""
        self.lost_words.extend([words] * number)

    def wrong(self, words: str) -> None:
        """Note a sentence (or its key) that is not the one this fault calls for."""
        self.wrong_words.append(words)

    def broken(self, words: str) -> None:
        """Note any other invariant that does not hold."""
        self.broken_words.append(words)

    def says(self, key: str | None, expected: Iterable[str | None] | str | None, where: str = "") -> None:
        """Compare the key of what was said with the one, or those, that are right."""
        right = [expected] if expected is None or isinstance(expected, str) else list(expected)
        if key not in right:
            self.wrong(f"{where}: said {key}, not {' / '.join(map(str, right))}")

    @property
    def core_seconds(self) -> float:
        """The processor time this row has taken, children and the actor's jobs included."""
        return _own_seconds() - self._begun

    @property
    def properties(self) -> dict[str, object]:
        """What the summary adds up."""
        return {
            "row": self.name,
            "rounds": self.rounds,
            "injected": self.injected,
            "acked": self.acked,
            "lost": len(self.lost_words),
            "wrong": len(self.wrong_words),
            "core_seconds": round(self.core_seconds, 2),
        }

    @property
    def findings(self) -> str:
        """Return what is wrong in lines, "" when all is well."""
        found = [
            *(f"lost: {words}" for words in self.lost_words),
            *(f"wrong words: {words}" for words in self.wrong_words),
            *(f"broken: {words}" for words in self.broken_words),
        ]
        more = len(found) - MOST_SHOWN
        return "\n".join(found[:MOST_SHOWN] + ([f"… and {more} more"] if more > 0 else []))


def _own_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system + Actor.spent
