"""Sealing the text of counselling: AES-256-GCM under a random key, itself wrapped by a passphrase and by a slip of words.

Nothing here touches the ledger. A wrap is made with scrypt, whose cost is kept beside it; a sealed text is bound to the
row it belongs to, padded so that its length tells little, and never longer in memory than it is read. What protects the
text is the passphrase: neither it nor the words of the slip are stored anywhere (decisions.md §1.10).
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from os import urandom
from typing import Final

from Cryptodome.Cipher import AES
from msgspec import Struct

from app.core.messages import refuse
from app.core.text import normalise_cell
from app.diary.slip_words import WORDS
from app.storage.base import new_uuid

COST: Final = 15
"""log2 of scrypt's N: 32 MB and a third of a second on a school's PC, with ``_TIMES`` as OWASP advises for it."""
MOST_COST: Final = 20
_BLOCK: Final = 8
_TIMES: Final = 3
_KEY_BYTES: Final = 32
_NONCE: Final = 12
_TAG: Final = 16
_PAD: Final = 512
_FORM: Final = "1."
"""What a sealed text of this form begins with."""
SHORTEST: Final = 6
"""Characters a passphrase must have at least."""
SHORTEST_DIGITS: Final = 12
"""Digits it must have at least when there is nothing else: fewer can be tried out in days."""
SLIP_LENGTH: Final = 12
"""Words on the recovery slip: 96 random bits."""
_NUMBERS: Final = {word: number for number, word in enumerate(WORDS)}
_NOT_HAN: Final = re.compile("[^\u4e00-\u9fff]+")


class Way(StrEnum):
    """By what a key is wrapped."""

    PASSPHRASE = "passphrase"  # noqa: S105  # the word of the table
    SLIP = "slip"


class Wrap(Struct, frozen=True):
    """A key as it is stored: which one, by what it opens, salt and cost of the derivation, the wrapped bytes."""

    key_uuid: str
    way: Way
    salt: str
    cost: int
    wrapped: str


class OpenKey:
    """The keys a passphrase has opened, in memory only; ``lock`` forgets them. Nothing of it is ever shown or logged."""

    __slots__ = ("_current", "_keys")

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        self._keys = {uuid: bytearray(key) for uuid, key in keys.items()}
        self._current = current

    def __repr__(self) -> str:
        return f"<OpenKey {'locked' if self.is_locked else 'open'}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key is never written down")

    @property
    def is_locked(self) -> bool:
        """Tell whether the keys are forgotten."""
        return not self._keys

    @property
    def current(self) -> str:
        """The key under which new text is sealed. UserError ``counsel.locked``, ``counsel.old_key``."""
        self.key(self._current)
        return self._current

    def opens(self, key_uuid: str) -> bool:
        """Tell whether text under this key can be read."""
        return key_uuid in self._keys

    def key(self, key_uuid: str) -> bytes:
        """Return a key. UserError ``counsel.locked`` after locking, ``counsel.old_key`` for one that did not open."""
        if self.is_locked:
            raise refuse("counsel.locked")
        if key_uuid not in self._keys:
            raise refuse("counsel.old_key")
        return bytes(self._keys[key_uuid])

    def lock(self) -> None:
        """Write over the keys and forget them."""
        for key in self._keys.values():
            key[:] = bytes(len(key))
        self._keys.clear()


# ---- keys -----------------------------------------------------------------------------------------------------------


def new_key() -> tuple[str, bytes]:
    """Return a fresh random key and its name."""
    return new_uuid(), urandom(_KEY_BYTES)


def new_slip() -> tuple[str, ...]:
    """Return fresh random words for a recovery slip."""
    return tuple(WORDS[number] for number in urandom(SLIP_LENGTH))


def tidy_passphrase(text: str) -> str:
    """Return a passphrase as it is used: full-width letters and digits plain, no blank ends.

    UserError ``counsel.passphrase_short`` below ``SHORTEST`` characters, ``SHORTEST_DIGITS`` for mere digits.
    """
    tidy = normalise_cell(text)
    if len(tidy) < (SHORTEST_DIGITS if tidy.isdigit() else SHORTEST):
        raise refuse("counsel.passphrase_short", least=SHORTEST, digits=SHORTEST_DIGITS)
    return tidy


def tidy_slip(text: str) -> str:
    """Return the words of a slip as they are used, however they were parted when typed.

    UserError ``counsel.slip_length`` when words are missing or too many, ``counsel.slip_word`` names the first that is
    on no slip.
    """
    han = _NOT_HAN.sub("", text)
    words = [han[start : start + 2] for start in range(0, len(han), 2)]
    for place, word in enumerate(words, start=1):
        if word not in _NUMBERS:
            raise refuse("counsel.slip_word", place=place, word=word)
    if len(words) != SLIP_LENGTH:
        raise refuse("counsel.slip_length", count=len(words), wanted=SLIP_LENGTH)
    return "".join(words)


def wrap(key_uuid: str, key: bytes, way: Way, secret: str) -> Wrap:
    """Wrap a key by a secret that was made tidy."""
    salt = urandom(16)
    sealed = _encrypt(_derived(secret, salt, COST), key, _bound(key_uuid, way))
    return Wrap(key_uuid, way, _text(salt), COST, _text(sealed))


def unwrap(found: Wrap, secret: str) -> bytes | None:
    """Return the key; None when the secret is another, or the wrap is no longer what was written."""
    salt = _bytes(found.salt)
    sealed = _bytes(found.wrapped)
    if salt is None or sealed is None or not 1 <= found.cost <= MOST_COST:
        return None
    return _decrypt(_derived(secret, salt, found.cost), sealed, _bound(found.key_uuid, found.way))


# ---- text -----------------------------------------------------------------------------------------------------------


def seal(key: bytes, row_uuid: str, texts: Mapping[str, str]) -> str:
    """Return named texts as one sealed string, bound to the row that keeps it."""
    plain = json.dumps(texts, ensure_ascii=False, sort_keys=True).encode()
    plain += b" " * (-len(plain) % _PAD)
    return _FORM + _text(_encrypt(key, plain, row_uuid.encode()))


def unseal(key: bytes, row_uuid: str, sealed: str) -> dict[str, str]:
    """Return the texts of a sealed string. UserError ``counsel.damaged`` when it is not what was written for this row."""
    found = _bytes(sealed.removeprefix(_FORM)) if sealed.startswith(_FORM) else None
    plain = None if found is None else _decrypt(key, found, row_uuid.encode())
    if plain is None:
        raise refuse("counsel.damaged")
    texts: dict[str, str] = json.loads(plain)
    return texts


# ---- inside ---------------------------------------------------------------------------------------------------------


def _derived(secret: str, salt: bytes, cost: int) -> bytes:
    memory = 256 * _BLOCK << cost  # twice what is needed: OpenSSL counts a little more
    return hashlib.scrypt(
        secret.encode(), salt=salt, n=1 << cost, r=_BLOCK, p=_TIMES, maxmem=memory, dklen=_KEY_BYTES
    )


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = urandom(_NONCE)
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=_TAG)
    cipher.update(bound)
    sealed, tag = cipher.encrypt_and_digest(plain)
    return nonce + tag + sealed


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes | None:
    nonce, tag, rest = sealed[:_NONCE], sealed[_NONCE : _NONCE + _TAG], sealed[_NONCE + _TAG :]
    if len(tag) < _TAG:
        return None
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=_TAG)
    cipher.update(bound)
    try:
        return cipher.decrypt_and_verify(rest, tag)
    except ValueError:
        return None


def _bound(key_uuid: str, way: Way) -> bytes:
    return f"{key_uuid}/{way.value}".encode()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None
