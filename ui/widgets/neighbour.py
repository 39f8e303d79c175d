"""Where the keyboard goes when the line it stood on is gone, and when that line is there again."""

from collections.abc import Container, Sequence


def neighbour(before: Sequence[str], gone: str, now: Container[str]) -> str:
    """Return the line that took the place of ``gone``: the next one of ``before`` that is still there, else the last one
    before it; "" when none is left.
    """
    if gone not in before:
        return ""
    place = before.index(gone)
    around = (*before[place + 1 :], *reversed(before[:place]))
    return next((key for key in around if key in now), "")


class WayBack:
    """Remembers the lines that went from under the keyboard: taken back (Ctrl+Z), they have it again."""

    def __init__(self) -> None:
        self._gone: list[tuple[str, str]] = []

    def went(self, line: str, to: str) -> None:
        """``line`` is gone, and the keyboard stands on its neighbour ``to``."""
        self._gone = [*self._gone[-_STEPS:], (line, to)]

    def forget(self) -> None:
        """Another list is shown."""
        self._gone = []

    def back(self, current: str, now: Container[str]) -> str:
        """Return where the keyboard goes that stands on ``current``: to the line that went, unless she has moved on."""
        while self._gone and self._gone[-1][1] == current and self._gone[-1][0] in now:
            current = self._gone.pop()[0]
        return current


_STEPS = 50
