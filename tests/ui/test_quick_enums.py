"""The kinds of Qt that are made quickly are those that Python makes itself."""

import os
import subprocess
import sys
from enum import Enum, EnumType, Flag, FlagBoundary, IntEnum, IntFlag
from pathlib import Path

import pytest

from ui import quick_enums

ROOT = Path(__file__).resolve().parents[2]
# What every kind of Qt is and does, told by a process that makes them quickly and by one that does not.
SCRIPT = """
import sys, copy
from enum import EnumType, Flag
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("quick_enums", sys.argv[2])
quick_enums = module_from_spec(spec)
spec.loader.exec_module(quick_enums)
if sys.argv[1] == "quick":
    assert quick_enums.begin()
from PySide6 import QtCore, QtGui, QtNetwork, QtPrintSupport, QtSvg, QtTest, QtWidgets

def tried(do, *values):
    try:
        return repr(do(*values))
    except Exception as error:
        return f"{type(error).__name__}: {error}"

def told(kind):
    yield quick_enums.said_of(kind)
    yield kind.__module__, kind.__qualname__, kind.__mro__, len(kind), dir(kind)
    for member in kind.__members__.values():
        yield repr(member), str(member), format(member), hash(member), tried(kind, member.value), member in kind
        yield copy.deepcopy(member) is member, kind[member.name] is member, tried(member.__reduce_ex__, 4)
        if isinstance(member, Flag):
            yield tried(lambda: ~member), tried(lambda: member | kind(0)), tried(list, member), bool(member)
            yield tried(lambda: [member ^ other for other in kind])
    yield [tried(kind, value) for value in (0, -1, 3, 2**20 + 5, "x")]

for module in (QtCore, QtGui, QtNetwork, QtPrintSupport, QtSvg, QtTest, QtWidgets):
    for name in dir(module):
        found = getattr(module, name)
        for inner, kind in {"": found, **(vars(found) if isinstance(found, type) else {})}.items():
            if isinstance(kind, EnumType):
                print(name, inner, *told(kind))
"""


def told_by(way):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, way, quick_enums.__file__],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONHASHSEED": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=True,
    )
    return done.stdout.splitlines()


def test_every_kind_of_qt_is_the_same_made_quickly():
    usual = told_by("usual")
    assert len(usual) > 600
    assert told_by("quick") == usual


def test_the_window_makes_them_quickly():
    """Where Python's own way changes, this fails and the window starts as before, an eighth slower."""
    assert vars(EnumType)["_create_"].is_quick
    assert not quick_enums.begin(), "once is enough"


@pytest.mark.parametrize("kind", [Enum, IntEnum, Flag, IntFlag])
@pytest.mark.parametrize(
    "names",
    [
        [("A", 1), ("B", 2), ("AB", 3), ("Again", 1)],
        [("High", 8), ("Low", 1), ("None_", 0), ("All", -1)],
        [("_hidden", 1), ("B", 2)],
        [("name", 1), ("value", 2), ("real", 4)],
        ["A", "B"],
        "A B",
        {"A": 1, "B": 4},
        [("A", True), ("B", "two")],
        [],
    ],
    ids=str,
)
def test_whoever_else_makes_an_enum_gets_it_as_ever(kind, names):
    """Odd names and values go Python's way, plain ones give the same; what cannot be made is refused as ever."""
    quick = vars(EnumType)["_create_"]

    def made(way):
        try:
            return quick_enums.said_of(way())
        except (TypeError, ValueError, AttributeError) as refused:
            return type(refused), str(refused)

    keep = FlagBoundary.KEEP
    usual = made(lambda: quick.plain(kind, "Kind", names, module=__name__, boundary=keep))
    assert made(lambda: kind("Kind", names, boundary=keep)) == usual
    assert made(lambda: kind("Kind", names, module=__name__, boundary=keep)) == usual


def test_a_name_twice_is_refused():
    with pytest.raises(TypeError, match="already defined"):
        Flag("Kind", [("A", 1), ("A", 2)], boundary=FlagBoundary.KEEP)


def test_where_it_would_come_out_otherwise_nothing_is_changed(monkeypatch):
    quick = vars(EnumType)["_create_"]
    monkeypatch.setattr(EnumType, "_create_", quick.plain)
    monkeypatch.setattr(quick_enums, "fill", lambda made, names: None)

    assert not quick_enums.begin()
    assert vars(EnumType)["_create_"] is quick.plain
