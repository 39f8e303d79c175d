"""Finding a child while typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.children.facts import ResidenceFacts
from app.children.ledger import ledger_row
from app.children.names import name_columns
from app.children.search import Hit, Where, _is_spelling, matcher, name_marks, search
from tests.app.children.builders import child, mother

NAMES = "曾小雨 邹星宇 周子轩 单永强 查文静 解思远 仇志强 区嘉欣 覃䶮 张𬭎 欧阳慕容雨桐 买买提·阿卜杜热西提 王强 尉迟恭 吕梁"


def row(name, *relatives, **known):
    return ledger_row(child(*relatives, **{**name_columns(name), **known}))


SCHOOL = [row(name) for name in NAMES.split()]


def found(text):
    return [one.name for one in search(SCHOOL, text)]


def test_a_name_found_without_its_dot_is_underlined_without_it():
    assert name_marks(row("买买提·阿卜杜热西提"), "买提阿卜") == {1, 2, 4, 5}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("zx", "曾小雨 邹星宇 周子轩"),
        ("ZX", "曾小雨 邹星宇 周子轩"),
        ("ｚｘ", "曾小雨 邹星宇 周子轩"),
        ("zengx", "曾小雨"),
        ("zengxy", "曾小雨"),
        ("zxiaoyu", "曾小雨"),
        ("xiaoyu", "曾小雨"),
        ("cengxiaoyu", "曾小雨"),
        ("买买提阿卜杜", "买买提·阿卜杜热西提"),
        ("买买提.阿卜杜", "买买提·阿卜杜热西提"),
        ("买买提•阿卜杜", "买买提·阿卜杜热西提"),
        ("曾·小雨", "曾小雨"),
        ("·", "买买提·阿卜杜热西提"),
        ("shan", "单永强"),
        ("dan", "单永强"),
        ("zhawen", "查文静"),
        ("xiesy", "解思远"),
        ("qiu", "仇志强"),
        ("ou", "区嘉欣 欧阳慕容雨桐"),
        ("qin", "覃䶮"),
        ("qy", "覃䶮"),
        ("ty", "覃䶮 欧阳慕容雨桐"),
        ("zh", "周子轩 查文静 仇志强 张𬭎"),
        ("oymr", "欧阳慕容雨桐"),
        ("yc", "尉迟恭"),
        ("lv", "吕梁"),
        ("lu", "吕梁"),
        ("曾", "曾小雨"),
        ("强", "单永强 仇志强 王强"),
        ("阿卜杜", "买买提·阿卜杜热西提"),
        ("mmt", "买买提·阿卜杜热西提"),
        ("𬭎", "张𬭎"),
        ("q wang", "王强"),
        ("ngx", ""),
        ("%", ""),
        ("_", ""),
        (".*", ""),
        ("(", ""),
        ("qqq", ""),
        ("", NAMES),
        ("   ", NAMES),
    ],
)
def test_by_name_pinyin_and_initials(text, names):
    got = found(text)
    if text in ("ty", "zh"):  # other readings may bring more, never fewer
        assert set(names.split()) - {"欧阳慕容雨桐"} <= set(got)
    else:
        assert got == names.split()


def test_letters_do_not_match_across_the_middle_of_syllables():
    assert found("an") == []
    assert found("angq") == []


SHE = row(
    "向桂香",
    mother(phones=("13907430380",)),
    former_name="田小香",
    id_number="43312320170308012X",
    student_registry_no="G43312320170308012X",
    student_no="07",
    residence=ResidenceFacts(uuid="r", village="白水沟村", village_group="1 组", address="过石桥第二家"),
)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("012x", Where.ID_NUMBER),
        ("012X", Where.ID_NUMBER),
        ("2x", Where.ID_NUMBER),
        ("20170308", Where.ID_NUMBER),
        ("0380", Where.PHONE),
        ("139074", Where.PHONE),
        ("白水", Where.PLACE),
        ("石桥", Where.PLACE),
        ("田小香", Where.NAME),
        ("xiang", Where.NAME),
    ],
)
def test_by_the_end_of_a_number_by_village_and_by_a_former_name(text, where):
    assert matcher(text)(SHE) == Hit((where,))


@pytest.mark.parametrize("text", ["0", "0308", "4331", "999", "青石坪"])
def test_what_does_not_find_her(text):
    """One digit, the middle of a number below six digits, another village."""
    assert matcher(text)(SHE) is None


def test_several_words_must_all_be_found():
    assert matcher("向 白水 0380")(SHE) == Hit((Where.NAME, Where.PLACE, Where.PHONE))
    assert matcher("向 青石")(SHE) is None


@pytest.mark.parametrize(
    ("name", "text", "marked"),
    [
        ("曾小雨", "zx", "曾小"),
        ("周子轩", "zx", "子轩"),
        ("周子轩", "子", "子"),
        ("曾小雨", "zengxi", "曾小"),
        ("曾小雨", "cxy", "曾小雨"),
        ("曾小雨", "zeng yu", "曾雨"),
        ("买买提·阿卜杜热西提", "tab", "提阿卜"),
        ("欧阳慕容雨桐", "murong", "慕容"),
        ("王强", "白水", ""),
        ("曾小雨", "", ""),
    ],
)
def test_which_characters_are_underlined(name, text, marked):
    places = name_marks(row(name), text)
    assert "".join(character for place, character in enumerate(name) if place in places) == marked


def test_a_reading_typed_by_hand_is_found_beside_the_dictionarys():
    named = ledger_row(child(**name_columns("乐乐", "Yue le")))
    assert named.pinyin == "yue le"
    assert search([named], "yuele") == search([named], "yl") == search([named], "lele") == [named]


@given(st.text(max_size=12), st.sampled_from(SCHOOL))
def test_nothing_that_is_typed_breaks_the_search(text, one):
    hit = matcher(text)(one)
    marks = name_marks(one, text)
    assert marks <= set(range(len(one.name)))
    if marks and len(text.split()) == 1:
        assert hit is not None


@given(st.data())
def test_a_child_is_found_by_the_beginning_of_every_spelling(data):
    one = data.draw(st.sampled_from(SCHOOL))
    key = data.draw(st.sampled_from(one.spellings.split()))
    beginning = key[: data.draw(st.integers(1, len(key)))]
    assert one in search(SCHOOL, beginning)


@given(st.data())
def test_typing_on_only_narrows_a_spelling(data):
    one = data.draw(st.sampled_from(SCHOOL))
    letters = "".join(one.pinyin.split())
    for end in range(1, len(letters) + 1):
        assert one in search(SCHOOL, letters[:end])


@given(st.text("abcehijnoqxyz", min_size=1, max_size=6))
def test_ruling_names_out_by_their_letters_loses_nobody(word):
    for one in SCHOOL:
        assert (matcher(word)(one) is not None) == _is_spelling(word, one)
