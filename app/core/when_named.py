"""Packages that offer what stands in many modules, and import each of them only when something of it is named."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def imported_when_named(
    package: str, offered: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, str], Callable[[str], Any]]:
    """Return where each offered name stands, and the package's ``__getattr__`` (PEP 562), which imports it from there.

    ``offered`` holds the names by module of the package. What is not offered raises AttributeError, as ever.
    """
    places = {name: f"{package}.{module}" for module, names in offered.items() for name in names}

    def named(name: str) -> Any:
        place = places.get(name)
        if place is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(place), name)
        setattr(import_module(package), name, found)
        return found

    return places, named
