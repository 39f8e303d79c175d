"""Sees on which thread classes of Qt are made. Off the window's thread they end the program now and then (ui.shell.ahead)."""

import builtins
import threading
from contextlib import contextmanager

from shiboken6 import Shiboken

QT_CLASS = type(Shiboken.Object)


@contextmanager
def made_in():
    """Yield a list that grows by (name, made on the main thread?) with every class of Qt that is made in the block."""
    made = []
    build = builtins.__build_class__

    def watched(body, name, *bases, **more):
        found = build(body, name, *bases, **more)
        if isinstance(found, QT_CLASS):
            made.append((f"{found.__module__}.{name}", threading.current_thread() is threading.main_thread()))
        return found

    builtins.__build_class__ = watched
    try:
        yield made
    finally:
        builtins.__build_class__ = build
