"""Cells for father and mother together: of whom they speak, and where both are."""

import pytest

from app.children.codes import AwayState, LifeStatus
from app.children.roster.reading.together import read_together


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("父母均在广东东莞", "广东东莞"),
        ("父母均在外务工", None),
        ("均在广东", "广东"),
        ("父母在浙江", "浙江"),
        ("都在深圳", "深圳"),
        ("父母双方常年在广东佛山务工", "广东佛山"),
        ("父母外出广东打工", "广东"),
        ("夫妻俩都在上海打工", "上海"),
        ("双方均外出", None),
        ("父母：广东中山", "广东中山"),
        ("父 母 都 在 江苏", "江苏"),
        ("均在江西都昌", "江西都昌"),
        ("父母务工", None),
        ("父母温州打工", "温州"),
        ("父母在县城上班", "县城"),
        ("父母东莞市", "东莞市"),
    ],
)
def test_both_are_out(text, place):
    found = read_together(text)
    assert found is not None
    assert (found.away, found.place) == (AwayState.OUT, place)


@pytest.mark.parametrize("text", ["父母均在家", "父母都在本地务工", "都在家里", "父母都回来了"])
def test_both_are_at_home(text):
    found = read_together(text)
    assert found is not None
    assert (found.away, found.place) == (AwayState.HOME, None)


def test_both_are_dead():
    found = read_together("父母均已去世")
    assert found is not None
    assert found.life is LifeStatus.DEAD


@pytest.mark.parametrize(
    "text",
    [
        "",
        "无",
        "广东东莞",
        "都匀",
        "贵州都匀",
        "全州县",
        "均安镇",
        "父母一方在广东",
        "父母分别在广东、浙江",
        "父母离异",
        "父母在广东，奶奶带",
        "父亲在广东",
        "父母不详",
        "父母",
        "父母双全",
        "父母双亡",
        "父母残疾",
        "父母种田",
        "父母已回家",
        "父母照顾",
        "父母都在身边",
        "父母在镇上",
        "父母在医院",
        "父母工作忙",
        "父母上班",
        "双方同意",
        "父母在广东打工5年",
    ],
)
def test_where_it_does_not_say_both_it_is_nobodys_answer(text):
    assert read_together(text) is None
