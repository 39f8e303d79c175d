from __future__ import annotations

import subprocess
import sys

import pytest

from app.core import pinyin
from app.core.pinyin import initials, readings, search_key, with_tones


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("曾小雨", "zeng xiao yu"),
        ("单丹", "shan dan"),
        ("查理", "zha li"),
        ("解明", "xie ming"),
        ("仇英", "qiu ying"),
        ("区强", "ou qiang"),
        ("覃妍", "qin yan"),
        ("盖伟", "ge wei"),
        ("万俟雅", "mo qi ya"),
        ("尉迟云", "yu chi yun"),
        ("长孙安", "zhang sun an"),
        ("单于英", "chan yu ying"),
        ("欧阳雪", "ou yang xue"),
        ("张曾", "zhang ceng"),
        ("吕绿", "lv lv"),
        ("䶮𬭎", "yan hong"),
        ("王𠮷", "wang ji"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti"),
        ("Anna 王", "anna wang"),
        ("", ""),
        ("·", ""),
    ],
)
def test_readings(name, reading):
    assert readings(name) == reading
    assert initials(name) == "".join(syllable[0] for syllable in reading.split())


def test_with_tones():
    assert with_tones("覃妍") == "qín yán"
    assert with_tones("吕子") == "lǚ zǐ"


def test_every_surname_of_the_table_differs_from_the_dictionary():
    for surname, reading in pinyin._SURNAMES.items():
        assert pinyin._dictionary(surname)[0] != reading, surname
    for surname, reading in pinyin.COMPOUND_SURNAMES.items():
        assert len(surname) == len(reading.split()) == 2


def test_the_search_key_has_every_reading_the_likely_one_first():
    keys = search_key("曾乐").split()
    assert keys[0] == "zl"
    assert {"zl", "zy", "cl", "cy", "zengle", "zengyue", "cengle"} <= set(keys)
    assert {"ll", "lvlv", "lulu"} <= set(search_key("吕绿").split())
    assert search_key("") == ""


def test_a_long_name_has_a_bounded_key():
    assert len(search_key("重乐长行单曾区解盖朴").split()) <= 128


def test_pypinyin_is_not_imported_before_the_first_use():
    code = (
        "import sys; from app.core.pinyin import readings; assert 'pypinyin' not in sys.modules;"
        "readings('王'); assert 'pypinyin' in sys.modules; assert 'pypinyin.phrases_dict' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
