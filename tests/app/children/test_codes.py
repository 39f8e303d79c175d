"""The codes are the same in the file, in the program and on the screen."""

import re

import pytest

from app.children import codes
from app.children.ethnicity import ethnic_code, ethnic_groups, ethnic_name
from app.storage.migrations.m0001_ledger import TABLES

COLUMNS = {
    ("child", "sex"): codes.Sex,
    ("child", "birth_source"): codes.BirthSource,
    ("kinship", "relation"): codes.Relation,
    ("life_status", "status"): codes.LifeStatus,
    ("away", "state"): codes.AwayState,
    ("phone", "result"): codes.PhoneResult,
    ("marriage", "status"): codes.MarriageStatus,
    ("care", "kind"): codes.CareKind,
    ("care", "grade"): codes.CareGrade,
    ("care_paper", "kind"): codes.CarePaperKind,
    ("registration", "kind"): codes.RegistrationKind,
    ("registration", "end_reason"): codes.RegistrationEnd,
    ("enrolment", "end_reason"): codes.EnrolmentEnd,
    ("schooling", "status"): codes.SchoolingStatus,
    ("health", "status"): codes.HealthStatus,
    ("disability", "kind"): codes.DisabilityKind,
    ("household", "kind"): codes.HouseholdKind,
    ("category_flag", "category"): codes.Category,
    ("unsupported_ground", "ground"): codes.UnsupportedGround,
    ("household_fact", "kind"): codes.HouseholdFactKind,
    ("household_fact", "code"): codes.HouseholdFactCode,
    ("reported_status", "label"): codes.ReportedLabel,
}


@pytest.mark.parametrize(("place", "enum"), COLUMNS.items(), ids=str)
def test_the_enum_holds_exactly_what_the_check_allows(place, enum):
    table, column = place
    check = re.search(rf"CHECK \({column} IS NULL OR {column} IN \(([^)]*)\)\)", TABLES[table])
    assert check, f"no CHECK on {table}.{column}"
    assert [member.value for member in enum] == re.findall(r"'([^']*)'", check.group(1))


@pytest.mark.parametrize("enum", COLUMNS.values(), ids=lambda enum: enum.__name__)
def test_every_code_has_its_own_chinese_word(enum):
    words = list(enum.labels().values())
    assert all(re.fullmatch(r"[\u4e00-\u9fff0-9（）]+", word) for word in words)
    assert len(set(words)) == len(words)


def test_a_code_is_its_value_and_unknown_stays_unknown():
    assert codes.Relation("father") is codes.Relation.FATHER
    assert codes.Relation.FATHER == "father"
    assert f"{codes.Relation.FATHER}" == "father"
    assert codes.Sex.of(None) is None
    with pytest.raises(ValueError, match="nobody"):
        codes.CareKind.of("nobody")


def test_the_ethnic_groups_are_the_56_of_the_standard_and_two_customary_ones():
    assert list(ethnic_groups()) == [f"{number:02d}" for number in range(1, 57)] + ["97", "98"]
    assert len(set(ethnic_groups().values())) == 58


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("汉", "01"), ("汉族", "01"), (" 土家族 ", "15"), ("毛难族", "36"), ("毛难", "36"), ("崩龙", "46"),
        ("56", "56"), ("基诺", "56"), ("其他", "97"), ("火星族", None), ("", None), ("57", None),
    ],
)  # fmt: skip
def test_what_people_write_for_an_ethnic_group(text, code):
    assert ethnic_code(text) == code


def test_a_code_without_a_name_shows_nothing():
    assert ethnic_name("09") == "布依族"
    assert ethnic_name("60") == ""
    assert ethnic_name(None) == ""
