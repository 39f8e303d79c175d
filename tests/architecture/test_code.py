"""House rules for the code that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.sources import SOURCES, name_of, nodes_of_the_program

LONGEST_FILE = 420
LONGEST_FUNCTION = 70
# A longer one needs a reason here: "app/…/file.py" or "app/…/file.py:function".
ALLOWED_LONGER: dict[str, str] = {
    "app/storage/migrations/m0001_ledger.py": "one schema, written once and frozen",
    "app/storage/migrations/m0003_care.py": "one schema, written once and frozen",
}

# The register of children never leaves the computer by itself: no module that opens a connection.
NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket",
    "socketserver", "ssl", "telnetlib", "urllib3", "webbrowser", "websockets", "xmlrpc",
}  # fmt: skip
NETWORK_PARTS = {"urllib.request", "PySide6.QtNetwork", "PySide6.QtWebEngineCore"}
# Raising the window that is already open is a named pipe on this computer, not a network.
LOCAL_PIPE = {"QLocalServer", "QLocalSocket"}

# Library → where it may be imported (a pattern over the file's name). A library that is not here may be used anywhere.
_SQL = r"app/storage/|app/\w+/(\w+_)?(tables|queries|service)(/\w+)?\.py$"
WHO_KNOWS_WHAT = {
    "peewee": _SQL,
    "playhouse": r"app/storage/",
    "sqlcipher3": r"app/storage/",
    "sqlite3": r"app/storage/",
    "py7zr": r"app/storage/",
    "Cryptodome": r"app/diary/sealing\.py$",
    "filelock": r"app/storage/",
    "networkx": r"app/(pairing/fair_flow|calls/planner_flow)\.py$",
    "psutil": r"app/storage/|app/core/",
    "PIL": r"app/storage/pictures\.py$",
    "openpyxl": r"app/workbook/",
    "python_calamine": r"app/workbook/",
    "xlrd": r"nowhere",
    "reportlab": r"app/paper/",
    "pypdfium2": r"app/paper/|ui/",
    "holidays": r"app/school/",
    "stdnum": r"app/core/",
    "pypinyin": r"app/core/|app/children/",
    "PySide6": r"ui/",
}


@pytest.fixture(scope="module")
def files() -> dict[str, list[ast.AST]]:
    return nodes_of_the_program()


def _calls(nodes: list[ast.AST]) -> Iterator[tuple[str, ast.Call]]:
    """Yield (last name of what is called, call)."""
    for node in nodes:
        if isinstance(node, ast.Call):
            called = node.func
            yield (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")), node


def _imports(nodes: list[ast.AST]) -> Iterator[tuple[str, frozenset[str], int]]:
    """Yield (module, names taken from it, line)."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, frozenset(), node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, frozenset(alias.name for alias in node.names), node.lineno


def test_there_is_code_to_look_at():
    assert len(SOURCES) > 5


def test_files_and_functions_stay_short(files):
    found = {}
    for path in SOURCES:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            found[name_of(path)] = lines
    for name, nodes in files.items():
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    found[f"{name}:{node.name}"] = lines
    assert {name: lines for name, lines in found.items() if name not in ALLOWED_LONGER} == {}
    assert sorted(set(ALLOWED_LONGER) - set(found)) == [], "no longer needed"


ALLOWED_TO_WAIT = {
    "app/core/files.py",  # Windows tells nobody when another program lets go of a file
}


def test_nothing_waits_by_guessing(files):
    """A nested event loop or a sleep hides a missing signal and freezes the window."""
    found = [
        f"{name}:{call.lineno} {called}"
        for name, nodes in files.items()
        for called, call in _calls(nodes)
        if called in {"processEvents", "sleep", "msleep", "usleep", "qWait"} and name not in ALLOWED_TO_WAIT
    ]
    assert found == []


def test_no_table_is_filled_by_loops(files):
    found = [
        f"{name}:{node.lineno}"
        for name, nodes in files.items()
        for node in nodes
        if isinstance(node, ast.Name | ast.alias)
        and (node.id if isinstance(node, ast.Name) else node.name) in {"QTableWidget", "QTreeWidget"}
    ]
    assert found == []


def test_no_lambda_is_connected(files):
    """`clicked` hands over False as the first argument, and a lambda in a loop keeps the last value."""
    found = [
        f"{name}:{call.lineno}"
        for name, nodes in files.items()
        for called, call in _calls(nodes)
        if called == "connect" and any(isinstance(argument, ast.Lambda) for argument in call.args)
    ]
    assert found == []


def test_a_painter_ends_with_its_block(files):
    """Whoever still holds the frame of an error, or looks at it from another thread, would keep a painter at work on a
    widget that is painted already: Qt ends the program then."""
    found = []
    for name, nodes in files.items():
        held = {id(item.context_expr) for node in nodes if isinstance(node, ast.With) for item in node.items}
        found += [
            f"{name}:{call.lineno}"
            for called, call in _calls(nodes)
            if called == "QPainter" and call.args and id(call) not in held
        ]
    assert found == []


def test_no_network_code(files):
    found = []
    for name, nodes in files.items():
        for module, names, line in _imports(nodes):
            if module == "PySide6.QtNetwork" and name.startswith("ui/") and names and names <= LOCAL_PIPE:
                continue
            wanted = {f"{module}.{taken}" for taken in names} | {module}
            if module.split(".")[0] in NETWORK or wanted & NETWORK_PARTS:
                found.append(f"{name}:{line} {module}")
    assert found == []


def test_a_library_is_known_in_one_room_only(files):
    """So that replacing one, or finding all that touches the file, is the work of one room."""
    found = [
        f"{name}:{line} {module}"
        for name, nodes in files.items()
        for module, _names, line in _imports(nodes)
        if not re.match(WHO_KNOWS_WHAT.get(module.split(".")[0], ""), name)
    ]
    assert found == []


def test_only_the_clock_knows_what_time_it_is(files):
    asks = {"today", "now", "utcnow", "currentDate", "currentDateTime", "time"}
    askers = {"date", "datetime", "QDate", "QDateTime", "time"}
    found = [
        f"{name}:{call.lineno}"
        for name, nodes in files.items()
        if name != "app/core/clock.py"
        for called, call in _calls(nodes)
        if called in asks
        and isinstance(call.func, ast.Attribute)
        and getattr(call.func.value, "attr", getattr(call.func.value, "id", "")) in askers
    ]
    assert found == []


def test_pictures_that_are_compared_stand_at_one_moment(files):
    """By the machine's time of day the guide's pictures grew old at night: the backup they show lay ahead of the clock."""
    drawn = [name for name in files if name.startswith("ui/pictures/") and not name.endswith("__main__.py")]
    found = [
        f"{name}:{node.lineno}"
        for name in drawn
        for node in files[name]
        if isinstance(node, ast.Name) and node.id in {"DayClock", "SystemClock"}
    ]
    assert drawn
    assert found == []


def test_text_files_name_their_encoding(files):
    """On a Chinese Windows the default is GBK."""
    found = []
    for name, nodes in files.items():
        for called, call in _calls(nodes):
            if any(keyword.arg in {"encoding", None} for keyword in call.keywords):
                continue
            is_builtin_open = called == "open" and isinstance(call.func, ast.Name)
            mode = next(
                (k.value for k in call.keywords if k.arg == "mode"),
                call.args[1] if len(call.args) > 1 else None,
            )
            binary = isinstance(mode, ast.Constant) and "b" in str(mode.value)
            if called in {"read_text", "write_text"} or (is_builtin_open and not binary):
                found.append(f"{name}:{call.lineno} {called}")
    assert found == []


def test_no_error_is_swallowed_whole(files):
    found = [
        f"{name}:{node.lineno}"
        for name, nodes in files.items()
        for node in nodes
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and all(isinstance(line, ast.Pass) for line in node.body)
    ]
    assert found == []
