"""Whether a name or number of somebody who is destroyed stands somewhere: one way of looking, in texts and in bytes."""

import mmap
import re
from collections.abc import Collection, Iterator

from msgspec import Struct

SOMEBODY = "（已销毁）"
"""What stands in place of a name."""
_HAN = "[一-鿿㐀-䶿·]"
# A shorter name is most often also a word (高兴): then only one that stands alone is known to be the name.
_SURELY_A_NAME = 3


class Secrets(Struct, frozen=True):
    """What must not be found anywhere afterwards: names that nobody else bears, numbers that nobody else has.

    ``others`` are names of those who stay: a longer one in which one of ``names`` stands is left whole.
    """

    names: frozenset[str]
    numbers: frozenset[str]
    others: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Return every one of them."""
        return self.names | self.numbers

    def finder(self, encoding: str = "utf-8") -> "Finder":
        """Return what looks for them in bytes of this encoding."""
        words = tuple(word.encode(encoding) for word in self.all)
        return Finder(words, tuple(other.encode(encoding) for other in self.others))


class Finder(Struct, frozen=True):
    """Looks for ``words`` in bytes where they are no part of one of ``others``.

    A short name is found whatever stands beside it: in a packed file that may be another field.
    """

    words: tuple[bytes, ...]
    others: tuple[bytes, ...]

    def stands_in(self, content: bytes | mmap.mmap) -> bool:
        """Tell whether one of the words stands in some bytes, also in those of a mapped file."""
        return any(
            not self._is_part(content, at, word) for word in self.words for at in _places(content, word)
        )

    def _is_part(self, content: bytes | mmap.mmap, at: int, word: bytes) -> bool:
        return any(
            at >= offset and content[at - offset : at - offset + len(other)] == other
            for other in self.others
            for offset in _places(other, word)
        )


def _places(content: bytes | mmap.mmap, word: bytes) -> Iterator[int]:
    at = content.find(word)
    while at >= 0:
        yield at
        at = content.find(word, at + 1)


def without(text: str, names: Collection[str], others: Collection[str] = ()) -> str:
    """Return a text in which none of these names stands; one of ``others`` that holds such a name stays whole."""
    wanted = [name for name in sorted(names, key=len, reverse=True) if name in text]
    if not wanted:
        return text
    longer = [other for other in others if other in text and any(name in other for name in wanted)]
    kept = [re.escape(other) for other in sorted(longer, key=len, reverse=True)]
    pattern = "|".join(
        [*(f"(?P<kept{number}>{other})" for number, other in enumerate(kept)), *map(_as_name, wanted)]
    )
    return re.sub(pattern, lambda found: found[0] if found[0] in longer else SOMEBODY, text)


def _as_name(name: str) -> str:
    if len(name) >= _SURELY_A_NAME:
        return re.escape(name)
    return f"(?<!{_HAN}){re.escape(name)}(?!{_HAN})"
