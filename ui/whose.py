"""Whose a job is: who waits for its answer, and whether it writes (what is written says by whom)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MethodType

from PySide6.QtCore import QObject


def says_by_whom(fn: Callable[..., object], args: Sequence[object], kwargs: Mapping[str, object]) -> bool:
    """Tell whether a name is handed over as `by`, by its name or in its place: then it writes."""
    if isinstance(fn, partial):
        return says_by_whom(fn.func, (*fn.args, *args), {**fn.keywords, **kwargs})
    code = getattr(fn, "__code__", None)
    if "by" in kwargs or code is None:
        return "by" in kwargs
    own = int(isinstance(fn, MethodType))
    return "by" in code.co_varnames[own : min(code.co_argcount, own + len(args))]


def owner_of(*slots: Callable[..., object] | None) -> QObject | None:
    """Return the object whose method waits for the answer; None for a plain function."""
    for slot in slots:
        owner = getattr(slot.func if isinstance(slot, partial) else slot, "__self__", None)
        if isinstance(owner, QObject):
            return owner
    return None
