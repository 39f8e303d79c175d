from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import clean, like_literal, mask_id, mask_phone, normalise_cell, normalise_name

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)


@given(ANY_TEXT)
def test_clean_text_can_be_stored_and_cleaning_again_changes_nothing(text):
    done = clean(text)
    done.encode("utf-8")
    assert clean(done) == done
    assert unicodedata.is_normalized("NFC", done)
    assert not any(unicodedata.category(mark) in ("Cc", "Cs") and mark not in "\t\n" for mark in done)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张\x00三", "张三"),
        ("a\x0bb\x0cc\x1f\x7f\x85", "abc"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("零\u200b宽\ufeff\u200e\u202e", "零宽"),
        ("一\r\n二\r三\n四\t五", "一\n二\n三\n四\t五"),
        ("e\u0301", "é"),
        ("𬭎䶮𠮷㛃", "𬭎䶮𠮷㛃"),
        ("\u3000全角 空格\u3000", "\u3000全角 空格\u3000"),
        ("\u202e=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１３８\u00a0００１３８０００Ｘ", "138 00138000X"),
        ("\u3000三（２）班 ", "三（2）班"),
        ("ａｂ，Ｃ：", "ab，C："),
        ("\u2003 x \u202f", "x"),
    ],
)
def test_normalise_cell(text, expected):
    assert normalise_cell(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张 三", "张三"),
        ("李\u3000小 龙 ", "李小龙"),
        ("阿依古丽 • 买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("古丽．阿", "古丽·阿"),
        ("Anna  Maria", "Anna Maria"),
        ("王 Anna", "王 Anna"),
        ("J. Li", "J. Li"),
        ("𬭎 䶮", "𬭎䶮"),
    ],
)
def test_normalise_name(text, expected):
    assert normalise_name(text) == expected
    assert normalise_name(expected) == expected


def test_masking_hides_the_middle():
    assert mask_id("11010519491231002X") == "110105********002X"
    assert mask_id("110105491231002") == "110105*****1002"
    assert mask_phone("13800138000") == "138****8000"
    assert mask_phone("0716-8212345") == "0716****2345"


@given(st.text(alphabet="0123456789Xx-", max_size=20))
def test_masking_keeps_the_length_and_always_hides_four(number):
    for mask in (mask_id, mask_phone):
        shown = mask(number)
        assert len(shown) == len(number)
        assert shown.count("*") >= min(4, len(number))


def test_like_literal():
    assert like_literal("50%_\\") == "50\\%\\_\\\\"
