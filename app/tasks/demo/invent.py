"""Invented names, numbers and dates: deterministic for one seed, and such that no living person can be meant.

ID numbers have right check digits but the area code 500000, which no county has; phone numbers begin with 123, which
no network gives out.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")

AREA = "500000"
_WORDS = Path(__file__).resolve().parents[3] / "resources" / "demo" / "words.json"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643: ISO 7064 MOD 11-2
_CHECK = "10X98765432"


@cache
def words() -> Mapping[str, Any]:
    """Return the lists of words from which the demo school is made up."""
    found: Mapping[str, Any] = json.loads(_WORDS.read_text(encoding="utf-8"))
    return found


class Invent:
    """Makes people up. Two of them with the same seed make up the same ones in the same order."""

    def __init__(self, seed: int, today: date) -> None:
        self.today = today
        self._random = Random(f"shouwang-demo-{seed}")
        self._uuids = Random(f"shouwang-demo-uuid-{seed}")
        self._ids: set[str] = set()
        self._phones = 0

    def uuid(self) -> str:
        """Return the next UUID (version 4) of this demo school; spelled out here, as a large one needs 200,000."""
        digits = f"{self._uuids.getrandbits(128):032x}"
        variant = "89ab"[int(digits[16], 16) & 3]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of ``choices``."""
        return self._random.choice(choices)

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different ones of ``choices``."""
        return self._random.sample(choices, count)

    def weighted(self, choices: Mapping[T, int]) -> T:
        """Return one key of ``choices``, the heavier the likelier."""
        return self._random.choices(list(choices), weights=list(choices.values()))[0]

    def chance(self, percent: float) -> bool:
        """Tell whether something happens that happens in ``percent`` of 100 cases."""
        return self._random.random() * 100 < percent

    def number(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both possible."""
        return self._random.randint(low, high)

    def day(self, first: date, last: date) -> date:
        """Return a day from ``first`` to ``last``; ``first`` when they lie the wrong way round."""
        return first + timedelta(days=self._random.randint(0, max((last - first).days, 0)))

    def days_ago(self, low: int, high: int) -> date:
        """Return a day that lies ``low`` to ``high`` days before today."""
        return self.today - timedelta(days=self._random.randint(low, high))

    def partial(self, day: date) -> str | None:
        """Return a day as people remember it: mostly whole, often the month, sometimes the year, seldom not at all."""
        precision = self.weighted({10: 60, 7: 25, 4: 8, 0: 7})
        return day.isoformat()[:precision] or None

    def surname(self) -> str:
        """Return a family name."""
        names: Sequence[str] = words()["surnames"]
        return self.pick(names)

    def given(self, kind: str) -> str:
        """Return a given name out of one of the lists (boys, girls, fathers, mothers, grandfathers, grandmothers)."""
        names: Sequence[str] = words()[kind]
        return self.pick(names)

    def word(self, kind: str) -> str:
        """Return one of a list of phrases."""
        phrases: Sequence[str] = words()[kind]
        return self.pick(phrases)

    def id_number(self, birth: date, sex: str) -> str:
        """Return an ID number nobody can have, with the right check digit, used only once."""
        while True:
            body = f"{AREA}{birth:%Y%m%d}{self._random.randrange(0, 500) * 2 + (sex == '1'):03d}"
            if body not in self._ids:
                self._ids.add(body)
                return body + check_digit(body)

    def phone(self) -> str:
        """Return a phone number nobody can have, used only once."""
        self._phones += 1
        return f"123{self._phones * 7 % 10000:08d}" if self._phones < 10000 else f"123{self._phones:08d}"


def check_digit(body: str) -> str:
    """Return the last character of an ID number from its first 17."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]
