"""How many of many alike things an ordinary run tries; with ``SHOUWANG_FAULTS=deep`` it tries all there are, or many more.

What an ordinary run takes is enough that a defect put into the program on purpose is still found in each row.
"""

from __future__ import annotations

import os
from typing import TypeVar

DEEP = os.environ.get("SHOUWANG_FAULTS") == "deep"
NOT_DEEP = "tried in the deep run only (SHOUWANG_FAULTS=deep)"

_T = TypeVar("_T")


def sampled(ordinary: _T, deep: _T) -> _T:
    """Return what this run takes."""
    return deep if DEEP else ordinary
