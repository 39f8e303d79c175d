"""Every public service of every room: a wrong code, an unknown row, an empty text and days in the wrong order are refused
in words, whichever service it is; nothing of it is found out by breaking.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from enum import StrEnum
from itertools import product
from types import UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from app.core.clock import FixedClock
from app.core.errors import ShouwangError, UserError
from app.storage.store import Store
from tests.app.command_line import run
from tests.ledgers import copy_ledger

ROOMS = ("children", "pairing", "diary", "calls", "todo", "survey", "school", "dossier")
NOBODY = "00000000-0000-4000-8000-000000000000"
TEXTS = (NOBODY, "", "乱", "2026-13-45", "2026-11-18", "\ud800")
DAYS = (date(1900, 1, 1), date(2026, 11, 18), date(2200, 1, 1))
LISTS = (list, tuple, Sequence, Iterable, Collection)
SETS = (set, frozenset, AbstractSet)


def _services():
    """Return name → service: whatever in the rooms takes the ledger and who is entering."""
    found = {}
    for room in ROOMS:
        package = importlib.import_module(f"app.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"app.{room}."):
            for name, act in vars(importlib.import_module(module.name)).items():
                own = inspect.isfunction(act) and act.__module__ == module.name and not name.startswith("_")
                if own and {"store", "by"} <= set(inspect.signature(act).parameters):
                    found[f"{module.name}.{name}"] = act
    return found


SERVICES = _services()
# They take a plan that was made before, or an open key: what is in it was checked when it was made.
PLANNED = {
    name for name, act in SERVICES.items() if {"progress", "key"} & set(inspect.signature(act).parameters)
} - {name for name, act in SERVICES.items() if get_type_hints(act).get("key") in (str, str | None)}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("学校") / "学校.db"
    assert run("demo", path, "--children", 20, "--years", 0).code == 0
    return path


@pytest.fixture
def store(demo, tmp_path):
    with Store.open(
        copy_ledger(demo, tmp_path / "学校.db"), clock=FixedClock(datetime(2026, 11, 21, 9))
    ) as opened:
        yield opened


def _made(hint, text, day, *, code=None, depth=0):
    """Return a value of the type with ``text`` for every text, ``day`` for every day; ``code`` for every code."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _made(
            next(part for part in parts if part is not type(None)), text, day, code=code, depth=depth
        )
    if origin is Literal:
        return parts[0]
    if origin in LISTS or origin in SETS:
        each = parts if origin is tuple and Ellipsis not in parts else parts[:1]
        made = [_made(part, text, day, code=code, depth=depth + 1) for part in each]
        return frozenset(made) if origin in SETS else tuple(made)
    if origin is not None and issubclass(origin, Mapping):
        return {}
    plain = {str: text, int: 1, bool: True, float: 1.0, date: day, bytes: b"", object: text}
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return code or next(iter(hint))
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and depth < 4:
        hints = get_type_hints(hint)
        return hint(
            **{
                field.name: _made(hints[field.name], text, day, code=code, depth=depth + 1)
                for field in msgspec.structs.fields(hint)
                if field.required
            }
        )
    return None


def _arguments(act, text, day, **how):
    hints = get_type_hints(act)
    return {
        name: _made(hints[name], text, day, **how)
        for name, parameter in inspect.signature(act).parameters.items()
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        and parameter.default is parameter.empty
        and name != "store"
    }


def test_they_are_found_and_every_one_refuses_in_words():
    assert len(SERVICES) > 140
    assert {name for name, act in SERVICES.items() if not hasattr(act, "__wrapped__")} <= PLANNED


@pytest.mark.parametrize("room", ROOMS)
def test_unknown_rows_empty_texts_and_wrong_codes_are_refused_in_words(store, room):
    broken = []
    for name in sorted(set(SERVICES) - PLANNED):
        if not name.startswith(f"app.{room}."):
            continue
        for code, text, day in product((None, "乱"), TEXTS, DAYS):
            try:
                SERVICES[name](store, **_arguments(SERVICES[name], text, day, code=code))
            except ShouwangError:
                pass  # to go through is right too, where nothing wrong was said
            except Exception as error:  # noqa: BLE001  # whatever it is, it is no sentence
                broken.append((name, code, text, day, repr(error)))
    assert broken == []


CODED = [
    (name, argument)
    for name in sorted(set(SERVICES) - PLANNED)
    for argument, hint in get_type_hints(SERVICES[name]).items()
    if argument != "return"
    and any(
        isinstance(part, type) and issubclass(part, StrEnum)
        for part in (get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,))
    )
    and str not in get_args(hint)
]


def test_a_code_is_given_by_name():
    """What stands at a place of its own goes by unread."""
    kinds = {inspect.signature(SERVICES[name]).parameters[argument].kind for name, argument in CODED}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize(("name", "argument"), CODED)
def test_each_coded_argument_refuses_what_is_no_code(name, argument):
    with pytest.raises(UserError) as found:
        SERVICES[name](None, **{argument: "乱"})
    assert found.value.key == "service.code"
