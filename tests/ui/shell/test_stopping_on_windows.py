"""Where a system has no signals that ask, nothing is listened to; the window's main file makes the listener all the same."""

from __future__ import annotations

import os

import pytest

from ui.shell import stopping


def test_the_window_opens_where_pipes_cannot_be_read_without_waiting(qtbot, monkeypatch):
    monkeypatch.setattr(stopping, "ASKING", ())
    # What Python has not on Windows before 3.12.
    monkeypatch.delattr(os, "set_blocking", raising=False)
    listener = stopping.Stopping(lambda: pytest.fail("nobody asked"))
    listener.end()
    listener.end()
