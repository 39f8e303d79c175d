from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.id_number import inspect_id

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@st.composite
def numbers(draw) -> str:
    """Return a right number, its check digit computed by the weights of the standard itself."""
    area = draw(st.integers(110000, 659999))
    born = draw(st.dates(date(1920, 1, 1), date(2026, 12, 31)))
    body = f"{area}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


@given(numbers())
def test_a_right_number_says_birth_and_sex(number):
    finding = inspect_id(number)
    assert finding.ok
    assert finding.problem is None
    assert finding.birth_date == f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    assert finding.sex == ("1" if int(number[16]) % 2 else "2")


@given(numbers(), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number, place, step):
    old = 10 if number[place] == "X" else int(number[place])
    wrong = number[:place] + str((old + step) % 10) + number[place + 1 :]
    if wrong != number:
        finding = inspect_id(wrong)
        assert not finding.ok
        assert finding.problem in ("check_digit", "birth_date")
        assert finding.number == wrong


@pytest.mark.parametrize("text", ["11010519491231002X", "440524188001010014"])
def test_the_public_examples(text):
    assert inspect_id(text).ok


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "'11010519491231002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105-19491231-002X",
    ],
)
def test_a_number_is_tidied(text):
    finding = inspect_id(text)
    assert finding.ok
    assert finding.number == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "length"),
        ("1101051949123100", "length"),
        ("1101051949123100222", "length"),
        ("11010519491231X02X", "characters"),
        ("5.11E+17", "characters"),
        ("待补", "characters"),
        ("110105194902310021", "birth_date"),
        ("110105194912310021", "check_digit"),
        ("110105491231002", "fifteen"),
        ("1101054912X1002", "characters"),
    ],
)
def test_what_is_wrong(text, problem):
    finding = inspect_id(text)
    assert not finding.ok
    assert finding.problem == problem


def test_fifteen_digits():
    finding = inspect_id("110105491231002")
    assert (finding.birth_date, finding.sex) == ("1949-12-31", "2")
