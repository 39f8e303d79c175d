"""How the file says its facts."""

from datetime import date

import pytest

from app.children.codes import AwayState, CareGrade, CareKind, Category, PhoneResult, XuejiCode
from app.children.facts import CareFacts, CategoryFacts
from app.children.person_facts import AwayFacts
from app.children.rules import Derived
from ui.pages.child import words
from ui.pages.child.standing_box import other_than_here

TODAY = date(2026, 11, 21)


def away(valid_from=None, valid_to=None, **more):
    return AwayFacts(uuid="a", valid_from=valid_from, valid_to=valid_to, state=AwayState.OUT, **more)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2025-08-20", None, "2025-08-20 起"),
        (None, None, "起始日期未记"),
        ("2024-02-18", "2025-08-20", "2024-02-18 至 2025-08-19"),
        ("2024-02-18", "2025-03-01", "2024-02-18 至 2025-02-28"),
        (None, "2025-08", "以前 至 2025-08"),
        ("2024", "2025", "2024 至 2025"),
    ],
)
def test_a_period_names_the_last_day_on_which_it_was_so(start, end, said):
    assert words.period_words(away(start, end)) == said


def test_a_work_place_is_said_in_one_line():
    fact = away(place="福建晋江", employer="鞋厂", trade="针车工", expected_return="2027-01")
    assert words.away_words(fact) == "福建晋江，鞋厂，针车工，预计 2027-01 回"
    assert words.away_words(away()) == "外出，务工地未采集"


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (None, "核实于 11月18日"),
        (PhoneResult.REACHED, "核实于 11月18日，接通"),
        (PhoneResult.NO_ANSWER, "11月18日打过，无人接"),
        (PhoneResult.STOPPED, "11月18日打过，停机"),
    ],
)
def test_a_try_that_reached_nobody_is_no_confirmation(result, said):
    assert words.confirmed_words("2026-11-18", TODAY, result) == said
    assert words.confirmed_words(None, TODAY) == "没有核实过"


def test_the_source_leaves_out_this_year():
    assert words.source_words(away(source="奶奶口述", noted_on="2026-10-09"), TODAY) == "奶奶口述，10-09"
    assert words.source_words(away(source="家访", noted_on="2024-03-02"), TODAY) == "家访，2024-03-02"


def test_nobody_looking_after_a_child_is_said_plainly():
    fact = CareFacts(uuid="c", kind=CareKind.UNGUARDED, grade=CareGrade.POOR)
    assert words.care_words(fact) == "无人监护，评估差"


def test_a_category_names_its_basis_and_where_the_paper_lies():
    fact = CategoryFacts(
        uuid="c", category=Category.ORPHAN, basis="孤儿证", evidence_date="2025-03", kept_at="档案柜 2 号"
    )
    assert words.category_words(fact) == "孤儿，孤儿证，2025-03，存档案柜 2 号"


def test_where_the_register_of_pupils_counts_otherwise_it_is_said_why():
    why = "母亲去世，父亲外出6个月以上，家中没有父母，按双亲留守计，请确认"
    assert other_than_here(Derived(XuejiCode.BOTH, True, why)) == f"学籍系统的口径另算：{why}。"
    assert other_than_here(Derived(XuejiCode.BOTH, False, "父母都外出")) == ""
    assert other_than_here(Derived(None, True, "没有人问过")) == "", "待定 says it by itself"
