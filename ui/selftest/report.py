"""What the test of itself found: one line of JSON per check, written as soon as it is known."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

log = logging.getLogger("shouwang.selftest")


class Report:
    """Lines of `{"check", "ok", …}` in a file; `ok` as long as none has failed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.ok = True
        path.write_text("", encoding="utf-8")

    def good(self, check: str, found: Mapping[str, Any] | None = None) -> None:
        self._line({"check": check, "ok": True, **(found or {})})

    def bad(self, check: str, error: BaseException) -> None:
        self.ok = False
        log.error("self-test: %s", check, exc_info=error)
        self._line({"check": check, "ok": False, "why": f"{type(error).__name__}: {error}"})

    def end(self) -> None:
        """Write the last line: without it the test broke off."""
        self._line({"check": "end", "ok": self.ok})

    def check(self, name: str, work: Callable[[], Mapping[str, Any]]) -> None:
        """Do one check that answers at once with what it found."""
        try:
            found = work()
        except Exception as error:  # noqa: BLE001 - whatever stops a check is its finding
            self.bad(name, error)
        else:
            self.good(name, found)

    def _line(self, told: Mapping[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
