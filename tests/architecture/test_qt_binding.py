"""Why PySide6 is pinned: later lines lose one reference to None per call on Python 3.11 and die after thousands."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject


def test_calls_that_return_nothing_leave_none_alone(qapp):
    target = QObject()
    before = sys.getrefcount(None)
    for number in range(1000):
        target.setObjectName(str(number))
    # Other threads may hold a few; a lost reference per call would be a thousand.
    assert abs(sys.getrefcount(None) - before) < 100
