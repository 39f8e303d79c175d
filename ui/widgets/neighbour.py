"""Where the keyboard goes when the line it stood on is gone."""

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
