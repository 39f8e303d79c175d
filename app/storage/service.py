"""What every public service of the rooms does with what it is given: a wrong code, a row that is gone and a value that
the tables do not hold are refused in words, never left to break on the way.
"""

import logging
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import cache, wraps
from operator import is_
from types import UnionType
from typing import Any, ParamSpec, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import peewee
from msgspec import Struct
from msgspec.structs import replace

from app.core.errors import UserError
from app.core.log import places_of
from app.core.messages import refuse
from app.storage.action import NoSuchRow
from app.storage.refused_field import refused_field
from app.storage.table_words import WORDS

_log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
CodeT = TypeVar("CodeT", bound=StrEnum)

LONGEST_SHOWN = 20
"""Characters of a wrong code that the refusal repeats."""


def _refused(store: object, error: Exception) -> UserError:
    """Name what could not be kept, as far as SQLite lets it be told; the column is for whoever helps."""
    found = refused_field(store, error)
    if found is None:
        return refuse("service.rule", where="填的内容里有一项")
    table, column = found
    refused = refuse(
        "service.rule", where=f"「{WORDS[table]}」里有一项" if table in WORDS else "填的内容里有一项"
    )
    refused.code = f"{table}.{column}"
    return refused


def service(act: Callable[P, T]) -> Callable[P, T]:
    """Make a public service of ``act``: the codes among what it is given by name are read as what the file holds.

    A plain text that is one of the codes becomes it. UserError ``service.code`` for one that is none, ``service.gone``
    when a row to be changed is not there, ``service.rule`` for what the tables refuse; nothing is written then.
    """

    @wraps(act)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        for name, hint in _coded(act).items():
            if name in kwargs:
                kwargs[name] = _fitted(kwargs[name], hint)
        try:
            return act(*args, **kwargs)
        except NoSuchRow as error:
            raise refuse("service.gone") from error
        except (peewee.IntegrityError, UnicodeEncodeError) as error:  # the second: half a character, pasted
            # A form that lets such a value through is to be mended: where it came from is worth a line, its words are not.
            _log.info("refused by the tables: %s", places_of(error))
            raise _refused(args[0] if args else None, error) from error

    return checked


@cache
def _coded(act: Callable[..., object]) -> Mapping[str, Any]:
    """Return the arguments that may hold a code, with their types; worked out at the first call."""
    return {name: hint for name, hint in get_type_hints(act).items() if name != "return" and _has_codes(hint)}


@cache
def _has_codes(hint: Any) -> bool:
    if isinstance(hint, type) and get_origin(hint) is None:
        if issubclass(hint, Struct):
            return bool(_coded_fields(hint))
        return issubclass(hint, StrEnum)
    if get_origin(hint) is Callable:
        return False
    return any(_has_codes(part) for part in get_args(hint))


@cache
def _coded_fields(kind: type[Struct]) -> Mapping[str, Any]:
    return {name: hint for name, hint in get_type_hints(kind).items() if _has_codes(hint)}


def _fitted(value: Any, hint: Any) -> Any:
    """Return the value with every code in it one of the type's; a code of another kind is none of them."""
    if value is None:
        return value
    if isinstance(value, StrEnum):
        kinds = _codes_of(hint)
        is_one = not kinds or str in get_args(hint) or isinstance(value, kinds)
        return value if is_one else _code(str(value), kinds)
    if isinstance(value, Struct):
        found = {
            name: _fitted(getattr(value, name), part) for name, part in _coded_fields(type(value)).items()
        }
        changed = {name: new for name, new in found.items() if new is not getattr(value, name)}
        return replace(value, **changed) if changed else value
    if isinstance(value, str):
        known = _codes_of(hint)
        return _code(value, known) if known and str not in get_args(hint) else value
    parts = _parts_of(hint)
    if isinstance(value, Mapping) and len(parts) == 2:
        read = {_fitted(key, parts[0]): _fitted(one, parts[1]) for key, one in value.items()}
        same = all(key is old and read[key] is value[old] for key, old in zip(read, value, strict=True))
        return value if same else read
    if not parts or not isinstance(value, list | tuple | AbstractSet):
        return value
    if isinstance(value, AbstractSet):
        return frozenset(_fitted(one, parts[0]) for one in value)
    each = parts if len(parts) == len(value) and Ellipsis not in parts else parts[:1] * len(value)
    fitted = [_fitted(one, part) for one, part in zip(value, each, strict=True)]
    return value if all(map(is_, fitted, value)) else type(value)(fitted)


def _parts_of(hint: Any) -> tuple[Any, ...]:
    """Return what a collection is said to hold: X of ``Sequence[X]`` and of ``Sequence[X] | None``."""
    if get_origin(hint) not in (Union, UnionType):
        return get_args(hint)
    return next((get_args(part) for part in get_args(hint) if get_args(part)), ())


def _codes_of(hint: Any) -> tuple[type[StrEnum], ...]:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return (hint,)
    if get_origin(hint) in (Union, UnionType):
        return tuple(part for part in get_args(hint) if isinstance(part, type) and issubclass(part, StrEnum))
    return ()


def code_of(kind: type[CodeT], value: object) -> CodeT:
    """Return the code that a value given without its type is. UserError ``service.code`` when it is none."""
    return cast("CodeT", _code(str(value), (kind,)))


def _code(text: str, kinds: tuple[type[StrEnum], ...]) -> StrEnum:
    for kind in kinds:
        if text in kind._value2member_map_:
            return kind(text)
    raise refuse("service.code", text=text[:LONGEST_SHOWN])
