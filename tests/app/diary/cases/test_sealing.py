"""Sealed text opens with its own key, in its own row, and unchanged only; wraps with their own secret only."""

from __future__ import annotations

import base64
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from app.core.errors import UserError
from app.diary import sealing
from app.diary.sealing import OpenKey, Way, new_key, new_slip, seal, tidy_slip, unseal, unwrap, wrap
from app.diary.slip_words import WORDS

UUID, KEY = new_key()


def flipped(text: str, at: int) -> str:
    content = bytearray(base64.b64decode(text))
    content[at] ^= 1
    return base64.b64encode(content).decode()


def refusal(call, *args) -> str:
    with pytest.raises(UserError) as found:
        call(*args)
    return found.value.key


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=300), max_size=4))
def test_what_was_sealed_comes_back(texts):
    clean = {name: text for name, text in texts.items() if (name + text).isprintable()}
    assert unseal(KEY, "row", seal(KEY, "row", clean)) == clean


def test_it_opens_in_its_own_row_with_its_own_key_and_unchanged_only():
    sealed = seal(KEY, "row", {"course": "说了很久"})
    assert sealed != seal(KEY, "row", {"course": "说了很久"})
    assert refusal(unseal, KEY, "another", sealed) == "counsel.damaged"
    assert refusal(unseal, new_key()[1], "row", sealed) == "counsel.damaged"
    body = sealed.removeprefix("1.")
    for at in (0, 12, 28, -1):
        assert refusal(unseal, KEY, "row", "1." + flipped(body, at)) == "counsel.damaged"
    for nonsense in ("", "1.", "1.AAAA", "2." + body, "说了很久"):
        assert refusal(unseal, KEY, "row", nonsense) == "counsel.damaged"


def test_the_length_tells_little():
    assert len({len(seal(KEY, "row", {"course": "字" * count})) for count in range(1, 150)}) == 1


SHIPPED = sealing.COST


def test_a_wrap_opens_with_its_own_secret_only(monkeypatch):
    assert SHIPPED == 15, "32 MB, three times: what OWASP asks of scrypt"
    monkeypatch.setattr(sealing, "COST", SHIPPED)
    made = wrap(UUID, KEY, Way.PASSPHRASE, "青石坪的桥2026")
    assert unwrap(made, "青石坪的桥2026") == KEY
    assert unwrap(made, "青石坪的桥2025") is None
    other = sealing.Wrap(UUID, Way.SLIP, made.salt, 4, made.wrapped)
    assert unwrap(other, "青石坪的桥2026") is None
    for broken in (("x", made.wrapped, 4), (made.salt, "AA", 4), (made.salt, made.wrapped, 99)):
        assert unwrap(sealing.Wrap(UUID, made.way, broken[0], broken[2], broken[1]), "青石坪的桥2026") is None


def test_the_words_of_a_slip_are_256_and_none_sounds_like_another():
    assert len(set(WORDS)) == 256
    assert all(len(word) == 2 for word in WORDS)
    assert [
        sound for sound, times in Counter(" ".join(lazy_pinyin(word)) for word in WORDS).items() if times > 1
    ] == []


def test_a_slip_is_read_however_its_words_are_parted():
    slip = new_slip()
    assert len(slip) == 12
    for between in (" ", "", "、", "\n", "，  "):
        assert tidy_slip(between.join(slip)) == "".join(slip)
    assert tidy_slip("".join(f"{place}. {word}" for place, word in enumerate(slip, 1))) == "".join(slip)
    assert refusal(tidy_slip, "".join(slip[:11])) == "counsel.slip_length"
    assert refusal(tidy_slip, "苹果 不词 " + "".join(slip[2:])) == "counsel.slip_word"


def test_a_key_is_forgotten_and_never_shown():
    key = OpenKey({UUID: KEY}, UUID)
    assert key.key(key.current) == KEY
    assert KEY.hex() not in repr(key)
    assert refusal(key.key, "another") == "counsel.old_key"
    key.lock()
    assert key.is_locked
    assert refusal(lambda: key.current) == "counsel.locked"
    with pytest.raises(TypeError):
        __import__("pickle").dumps(key)
