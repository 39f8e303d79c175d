"""Cells in all the forms rosters hold (domain.md §10.1): the right value, or a doubt, never a guess."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from app.children.codes import (
    AwayState,
    CareGrade,
    CareKind,
    Category,
    DisabilityKind,
    HouseholdFactCode,
    HouseholdFactKind,
    LifeStatus,
    Relation,
    ReportedLabel,
    UnsupportedGround,
)
from app.children.roster.reading.care import read_care, read_carer, read_relation
from app.children.roster.reading.categories import (
    read_basis,
    read_categories,
    read_disability,
    read_household_facts,
    read_parent_fate,
)
from app.children.roster.reading.dates import agrees, read_date
from app.children.roster.reading.identity import read_id_number, read_registry_no
from app.children.roster.reading.names import read_child_name, read_name, split_names
from app.children.roster.reading.phones import read_phones
from app.children.roster.reading.places import read_where, split_by_parent, split_village_group, village_of
from app.children.roster.reading.simple import (
    read_boarding,
    read_ethnicity,
    read_health,
    read_household_kind,
    read_sex,
)
from app.children.roster.reading.status import read_left_behind, read_status
from app.children.roster.reading.text import cell_text, says_nothing, yes_or_no

SOUND = "11010519491231002X"
FATHER, MOTHER = Relation.FATHER, Relation.MOTHER


# ---- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        SOUND,
        "11010519491231002x",
        " １１０１０５１９４９１２３１００２Ｘ ",
        "'11010519491231002X",
        "‘11010519491231002X",
        "110105 19491231 002X",
        "110105-19491231-002X",
        "11010519491231002×",
    ],
)
def test_a_sound_number_in_any_spelling(written):
    cell = read_id_number(written)
    assert (cell.number, cell.code, cell.birth_date, cell.sex) == (SOUND, None, "1949-12-31", "2")


@pytest.mark.parametrize("value", [110105194912310021, 1.1010519491231e17, 511025201403059, 5110252014030598])
def test_what_a_number_cell_keeps(value):
    cell = read_id_number(float(value))
    if value >= 1e15:
        assert (cell.number, cell.code) == (None, "id_destroyed")
        assert "失真" in cell.reason
    else:
        assert (cell.number, cell.code) == (str(value), "id_fifteen")


def test_a_destroyed_number_keeps_area_and_birth_as_a_hint():
    cell = read_id_number(110105194912310021.0)
    assert cell.raw == "110105194912310???"
    assert cell.birth_hint == "1949-12-31"
    assert "110105" in cell.reason


@given(st.integers(10**15, 10**18 - 1))
def test_no_long_number_cell_ever_becomes_a_number(value):
    cell = read_id_number(float(value))
    assert cell.number is None
    assert cell.code == "id_destroyed"
    assert (
        cell.raw.rstrip("?")
        == f"{value:.14e}".partition("e")[0].replace(".", "")[: len(cell.raw.rstrip("?"))]
    )


@pytest.mark.parametrize(
    "written", ["5.11E+17", "5.11e+17", "5.11025E+17", "5,11E+17", "110105194912310021.0"]
)
def test_scientific_text_is_destroyed_too(written):
    assert read_id_number(written).code == "id_destroyed"
    assert read_id_number(written).number is None


def test_text_ending_in_zeros_is_right_when_its_check_digit_is():
    body = next(
        f"51102520140305{n:03d}"
        for n in range(1000)
        if mod_11_2.calc_check_digit(f"51102520140305{n:03d}") == "0"
    )
    assert read_id_number(body + "0").code is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("110105194912310021", "id_check_digit"),
        ("11010519491231002", "id_length"),
        ("1101051949123100211", "id_length"),
        ("110105194913310021", "id_birth_date"),
        ("110105491231002", "id_fifteen"),
        ("11010519491231A02X", "id_characters"),
    ],
)
def test_a_wrong_number_is_kept_whole_and_marked(written, code):
    cell = read_id_number(written)
    assert (cell.number, cell.code) == (written, code)


def test_an_old_number_of_a_grown_up_is_in_order():
    assert read_id_number("110105491231002", adult=True).code is None
    assert read_id_number("110105491231002").code == "id_fifteen"


@pytest.mark.parametrize(
    ("written", "code"),
    [("正在办理", "id_not_a_number"), ("110105********002X", "id_masked"), ("无户口", "id_missing")],
)
def test_what_is_no_number_stays_out(written, code):
    assert (read_id_number(written).number, read_id_number(written).code) == (None, code)


@pytest.mark.parametrize("written", ["", "无", "—", "不详", "/", 0, 0.0])
def test_blank_numbers_are_no_doubt(written):
    assert (read_id_number(written).number, read_id_number(written).code) == (None, None)


@given(
    st.one_of(
        st.text(max_size=30), st.floats(allow_nan=False, allow_infinity=False), st.integers(), st.booleans()
    )
)
def test_numbers_never_raise_and_never_invent_digits(value):
    for cell in (read_id_number(value), read_registry_no(value)):
        written = cell_text(value).upper()
        assert all(character in written or character == "X" for character in cell.number or "")


def test_registry_numbers():
    assert read_registry_no("g110105201603051228").number == "G110105201603051228"
    assert read_registry_no("110105201603051228").code == "registry_shape"
    assert read_registry_no("110105201603051228").number == "110105201603051228"
    assert read_registry_no(110105201603051228.0).code == "registry_destroyed"
    assert read_registry_no("1.1E+17").number is None
    assert read_registry_no("无").code is None


# ---- dates ----------------------------------------------------------------------------------------------------------


def read(value, **more):
    return read_date(value, latest_year=2026, of_child=more.pop("of_child", True), **more)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2014.5", "2014-05"),
        (2014.5, "2014-05"),
        (2014.05, "2014-05"),
        ("2014.05.03", "2014-05-03"),
        ("20140503", "2014-05-03"),
        (20140503.0, "2014-05-03"),
        ("2014-5-3", "2014-05-03"),
        ("2014/5/3", "2014-05-03"),
        ("14.5.3", "2014-05-03"),
        ("2014年5月", "2014-05"),
        ("2014年5月3日", "2014-05-03"),
        ("２０１４年５月３日", "2014-05-03"),
        ("二〇一四年五月三日", "2014-05-03"),
        ("二○一四年十二月三十一日", "2014-12-31"),
        (41762, "2014-05-03"),
        (41762.0, "2014-05-03"),
        ("41762", "2014-05-03"),
        (datetime(2014, 5, 3, 12), "2014-05-03"),
        (date(2014, 5, 3), "2014-05-03"),
        ("2014-05-03 00:00:00", "2014-05-03"),
        ("2014", "2014"),
        ("2014年", "2014"),
        ("201405", "2014-05"),
        ("2014.10", "2014-10"),
        ("2014、5、3", "2014-05-03"),
    ],
)
def test_dates_in_every_form(written, meant):
    assert read(written).value == meant
    assert read(written).code is None


def test_serial_days_count_from_1904_where_the_workbook_says_so():
    assert read(40300, base_1904=True).value == "2014-05-03"


@pytest.mark.parametrize("written", [2014.1, "2014.1"])
def test_a_lost_zero_is_not_guessed(written):
    cell = read(written)
    assert (cell.value, cell.code, cell.maybe) == ("2014", "date_ambiguous", ("2014-01", "2014-10"))


def test_six_digits_may_mean_two_things():
    assert read("200105").maybe == ("2001-05", "2020-01-05")
    assert read("140503").value == "2014-05-03"


@pytest.mark.parametrize("written", ["农历三月初五", "2014年农历三月初五", "阴历2014.3.5", "正月十五"])
def test_lunar_dates_are_not_converted(written):
    assert (read(written).value, read(written).code) == (None, "date_lunar")


@pytest.mark.parametrize(
    "written", ["2014-13-01", "2014-02-30", "3年", "去年春节", "abc", True, "2014.5-2015.6"]
)
def test_unreadable_dates_are_marked(written):
    assert (read(written).value, read(written).code) == (None, "date_unreadable")


@pytest.mark.parametrize("written", ["", "无", "—", "不详", 0, "0"])
def test_blank_dates_are_no_doubt(written):
    assert (read(written).value, read(written).code) == (None, None)


def test_two_digit_years_of_grown_ups():
    assert read("65.3.2", of_child=False).value == "1965-03-02"
    assert read("05.3.2", of_child=False).value == "2005-03-02"


@given(st.dates(date(2005, 1, 1), date(2025, 12, 31)))
def test_a_day_is_the_same_in_all_forms(day):
    serial = (day - date(1899, 12, 30)).days
    forms = [
        day,
        day.isoformat(),
        day.strftime("%Y%m%d"),
        f"{day.year}年{day.month}月{day.day}日",
        serial,
        float(serial),
    ]
    forms += [f"{day.year}/{day.month}/{day.day}", f"{day.year}.{day.month}.{day.day}"]
    assert {read(form).value for form in forms} == {day.isoformat()}


@given(
    st.one_of(
        st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False), st.integers(), st.booleans()
    )
)
def test_dates_never_raise(value):
    cell = read(value)
    assert cell.value is None or agrees(cell.value, cell.value)


# ---- phones ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("13812345678", {"13812345678": None}),
        (13812345678.0, {"13812345678": None}),
        ("138 1234 5678", {"13812345678": None}),
        ("138-1234-5678", {"13812345678": None}),
        ("+8613812345678", {"13812345678": None}),
        ("１３８１２３４５６７８", {"13812345678": None}),
        ("13812345678/13987654321", {"13812345678": None, "13987654321": None}),
        (
            "13812345678、13987654321；13712345678",
            {"13812345678": None, "13987654321": None, "13712345678": None},
        ),
        ("父13812345678 母13912345678", {"13812345678": "父", "13912345678": "母"}),
        ("父：13812345678\n母：13912345678", {"13812345678": "父", "13912345678": "母"}),
        ("13812345678（父）13912345678（母）", {"13812345678": "父", "13912345678": "母"}),
        ("0817-1234567", {"08171234567": None}),
        ("(0817)12345678", {"081712345678": None}),
        ("联系电话：13812345678", {"13812345678": None}),
    ],
)
def test_phones_with_whose_they_are(written, numbers):
    cell = read_phones(written)
    assert dict(cell.numbers) == numbers
    assert cell.code is None


def test_an_odd_length_only_warns():
    cell = read_phones("1381234567")
    assert (dict(cell.numbers), cell.code) == ({"1381234567": None}, "phone_length")


@pytest.mark.parametrize(
    ("written", "code"),
    [("1.38E+10", "phone_destroyed"), ("138****5678", "phone_masked"), ("问班主任", "phone_not_a_number")],
)
def test_phones_that_are_none(written, code):
    assert (read_phones(written).numbers, read_phones(written).code) == ((), code)


@pytest.mark.parametrize("written", ["", 0, "0", "无", "—", "00000000000"])
def test_blank_phones(written):
    assert read_phones(written) == read_phones("")


# ---- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name", "note"),
    [
        ("王　强", "王强", None),
        ("王 强", "王强", None),
        ("  王强 ", "王强", None),
        ("王强（小强）", "王强", "小强"),
        ("买买提•阿卜杜热西提", "买买提·阿卜杜热西提", None),
        ("买买提．阿卜杜热西提", "买买提·阿卜杜热西提", None),
        ("张𬭎", "张𬭎", None),
        ("*王强", "王强", None),
        ("王\u200b强", "王强", None),
        ("无", "", None),
        ("—", "", None),
    ],
)
def test_names_in_one_spelling(written, name, note):
    assert (read_name(written).name, read_name(written).note) == (name, note)


def test_a_name_with_digits_is_odd():
    assert read_name("张三2").is_odd
    assert not read_name("张三").is_odd


def test_names_are_split_but_not_torn():
    assert split_names("刘顺昌、何玉梅") == ["刘顺昌", "何玉梅"]
    assert split_names("刘顺昌 / 何玉梅") == ["刘顺昌", "何玉梅"]
    assert split_names("刘顺昌和何玉梅") == ["刘顺昌", "何玉梅"]
    assert split_names("张和平") == ["张和平"]


# ---- care -----------------------------------------------------------------------------------------------------------

GRAND, RELATIVE = CareKind.GRANDPARENTS, CareKind.RELATIVES


@pytest.mark.parametrize(
    ("written", "names", "relations", "kind"),
    [
        ("爷爷", (), (Relation.PATERNAL_GRANDFATHER,), GRAND),
        ("奶奶王秀英", ("王秀英",), (Relation.PATERNAL_GRANDMOTHER,), GRAND),
        ("王秀英（奶奶）", ("王秀英",), (Relation.PATERNAL_GRANDMOTHER,), GRAND),
        ("奶奶（王秀英）", ("王秀英",), (Relation.PATERNAL_GRANDMOTHER,), GRAND),
        ("奶奶：王秀英", ("王秀英",), (Relation.PATERNAL_GRANDMOTHER,), GRAND),
        ("外婆", (), (Relation.MATERNAL_GRANDMOTHER,), GRAND),
        ("姥姥", (), (Relation.MATERNAL_GRANDMOTHER,), GRAND),
        ("外公", (), (Relation.MATERNAL_GRANDFATHER,), GRAND),
        ("爷爷奶奶", (), (Relation.PATERNAL_GRANDFATHER, Relation.PATERNAL_GRANDMOTHER), GRAND),
        ("奶奶爷爷", (), (Relation.PATERNAL_GRANDMOTHER, Relation.PATERNAL_GRANDFATHER), GRAND),
        ("爷爷、奶奶", (), (Relation.PATERNAL_GRANDFATHER, Relation.PATERNAL_GRANDMOTHER), GRAND),
        ("外祖父母", (), (Relation.MATERNAL_GRANDFATHER, Relation.MATERNAL_GRANDMOTHER), GRAND),
        ("刘顺昌、何玉梅", ("刘顺昌", "何玉梅"), (), None),
        ("刘顺昌、何玉梅（祖父母）", ("刘顺昌", "何玉梅"), (Relation.PATERNAL_GRANDFATHER, Relation.PATERNAL_GRANDMOTHER), GRAND),
        ("由外婆照顾", (), (Relation.MATERNAL_GRANDMOTHER,), GRAND),
        ("隔代监护", (), (), GRAND),
        ("亲戚", (), (Relation.OTHER_RELATIVE,), RELATIVE),
        ("二舅", (), (Relation.UNCLE_OR_AUNT,), RELATIVE),
        ("姑姑", (), (Relation.UNCLE_OR_AUNT,), RELATIVE),
        ("太奶奶", (), (Relation.OTHER_RELATIVE,), GRAND),
        ("姐姐", (), (Relation.SISTER,), CareKind.SIBLINGS),
        ("邻居", (), (Relation.FRIEND_OR_NEIGHBOUR,), CareKind.FRIENDS),
        ("老师", (), (Relation.TEACHER,), CareKind.TEACHER),
        ("母亲", (), (MOTHER,), CareKind.ONE_PARENT),
        ("父母", (), (FATHER, MOTHER), CareKind.BOTH_PARENTS),
        ("福利院", (), (), CareKind.INSTITUTION),
        ("租住户", (), (), CareKind.LODGING),
        ("自己", (), (), CareKind.UNGUARDED),
        ("无人监护", (), (), CareKind.UNGUARDED),
        ("王秀英", ("王秀英",), (), None),
        ("无", (), (), None),
        ("不详", (), (), None),
    ],
)  # fmt: skip
def test_carers_in_all_their_forms(written, names, relations, kind):
    cell = read_carer(written)
    assert (cell.names, cell.relation.relations, cell.relation.kind) == (names, relations, kind)


@pytest.mark.parametrize(
    ("written", "kind", "grade"),
    [
        ("祖父母", GRAND, None),
        ("祖父母/外祖父母", GRAND, None),
        ("（外）祖父母", GRAND, None),
        ("隔代", GRAND, None),
        ("亲戚朋友", RELATIVE, None),
        ("单亲监护", CareKind.ONE_PARENT, None),
        ("母亲监护", CareKind.ONE_PARENT, None),
        ("父或母无监护能力", CareKind.ONE_PARENT_WITHOUT_CAPACITY, None),
        ("一方外出另一方无监护能力", CareKind.ONE_PARENT_WITHOUT_CAPACITY, None),
        ("教师", CareKind.TEACHER, None),
        ("无人监护", CareKind.UNGUARDED, None),
        ("监护情况较好", None, CareGrade.GOOD),
        ("一般", None, CareGrade.FAIR),
        ("差", None, CareGrade.POOR),
    ],
)
def test_kinds_of_care(written, kind, grade):
    cell = read_care(written)
    assert (cell.kind, cell.grade, cell.understood) == (kind, grade, True)


def test_care_that_is_not_understood_says_so():
    assert not read_care("看情况").understood
    assert read_care("受委托监护人监护能力不足").carer_able is False


def test_every_care_code_is_read_by_its_own_word():
    for kind in CareKind:
        assert read_care(kind.label).kind is kind, kind


def test_every_relation_is_read_by_its_own_word():
    for relation in Relation:
        found = read_relation(relation.label)
        if relation not in (Relation.OTHER, Relation.UNCLE_OR_AUNT, Relation.FRIEND_OR_NEIGHBOUR):
            assert found.relations == (relation,) or (
                relation is Relation.BROTHER or relation is Relation.SISTER
            ), relation


# ---- what is said of the parents --------------------------------------------------------------------------------------

BOTH, ONE, NONE_OUT = ReportedLabel.BOTH_OUT, ReportedLabel.ONE_OUT, ReportedLabel.NONE_OUT


@pytest.mark.parametrize(
    ("written", "label", "out", "left"),
    [
        ("双亲留守", BOTH, {FATHER, MOTHER}, True),
        ("双亲留守儿童", BOTH, {FATHER, MOTHER}, True),
        ("父母均外出", BOTH, {FATHER, MOTHER}, True),
        ("双方外出", BOTH, {FATHER, MOTHER}, True),
        ("2", BOTH, {FATHER, MOTHER}, True),
        ("单亲留守", ONE, set(), True),
        ("单亲", ONE, set(), True),
        ("一方外出", ONE, set(), True),
        ("1", ONE, set(), True),
        ("父亲外出", ONE, {FATHER}, True),
        ("父外出", ONE, {FATHER}, True),
        ("单亲留守（母亲外出）", ONE, {MOTHER}, True),
        ("一方外出（父亲）", ONE, {FATHER}, True),
        ("母亲外出务工", ONE, {MOTHER}, True),
        ("父母一方外出另一方无监护能力", ReportedLabel.ONE_OUT_OTHER_INCAPABLE, set(), True),
        ("父母均在家", NONE_OUT, set(), None),
        ("非留守", NONE_OUT, set(), False),
        ("非留守儿童", NONE_OUT, set(), False),
        ("0", NONE_OUT, set(), False),
        ("留守", None, set(), True),
        ("是", None, set(), True),
        ("无", None, set(), None),
        ("不详", None, set(), None),
    ],
)
def test_status_words(written, label, out, left):
    cell = read_status(written)
    assert (cell.label, cell.out, cell.left_behind, cell.understood) == (label, out, left, True)


def test_a_category_in_the_status_column_is_a_category():
    assert read_status("孤儿").category is Category.ORPHAN
    assert not read_status("看情况").understood


@pytest.mark.parametrize(
    ("written", "left"),
    [("是", True), ("否", False), ("1", True), ("0", False), ("√", True), ("×", False), ("无", None)],
)
def test_left_behind_answers(written, left):
    assert read_left_behind(written).left_behind is left


# ---- categories -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "categories", "rest"),
    [
        ("孤儿", {Category.ORPHAN}, ()),
        ("孤儿、低保", {Category.ORPHAN, Category.MINIMUM_LIVING}, ()),
        ("低保户", {Category.MINIMUM_LIVING}, ()),
        ("建档立卡贫困户", {Category.POVERTY_RELIEVED}, ()),
        ("残疾", {Category.DISABILITY}, ()),
        ("肢体二级", {Category.DISABILITY}, ()),
        ("事实无人抚养儿童", {Category.DE_FACTO_UNSUPPORTED}, ()),
        ("单亲", {Category.SINGLE_PARENT_FAMILY}, ()),
        ("监测户", {Category.MONITORED}, ()),
        ("孤儿，由姑姑抚养", {Category.ORPHAN}, ("由姑姑抚养",)),
        ("学习认真", set(), ("学习认真",)),
        ("不是孤儿", set(), ("不是孤儿",)),
        ("非低保", set(), ("非低保",)),
        ("无", set(), ()),
    ],
)
def test_category_words(written, categories, rest):
    cell = read_categories(written)
    assert (set(cell.categories), cell.rest) == (categories, rest)


def test_every_category_is_read_by_its_own_word():
    for category in Category:
        assert read_categories(category.label).categories == (category,)


def test_disabilities():
    assert read_disability("肢体残疾二级") == (DisabilityKind.BODY, 2)
    assert read_disability("听力一级") == (DisabilityKind.HEARING, 1)
    assert read_disability("残疾（三级）") == (DisabilityKind.UNKNOWN, 3)
    assert read_disability("健康") is None


def test_basis_and_livelihood():
    assert read_basis("孤儿：孤儿证（2025-03）\n低保：低保证") == {
        Category.ORPHAN: ("孤儿证", "2025-03"),
        Category.MINIMUM_LIVING: ("低保证", None),
    }
    found, rest = read_household_facts("打工收入、种地，卖菜", HouseholdFactKind.INCOME)
    assert found == (HouseholdFactCode.WORK, HouseholdFactCode.FARMING)
    assert rest == ("卖菜",)


def test_a_remark_may_say_what_became_of_a_parent():
    assert read_parent_fate("父亲去世") == ((FATHER,), LifeStatus.DEAD)
    assert read_parent_fate("母亲已失踪") == ((MOTHER,), LifeStatus.MISSING)
    assert read_parent_fate("父亲外出") is None


# ---- places -----------------------------------------------------------------------------------------------------------


def test_where_a_parent_is():
    assert read_where("广东省东莞市").place == "广东省东莞市"
    assert read_where("广东省东莞市").away is AwayState.OUT
    assert read_where("在家").away is AwayState.HOME
    assert read_where("务农").place is None
    assert read_where("外出务工").place is None
    assert read_where("已故").life is LifeStatus.DEAD
    assert read_where("失联").life is LifeStatus.OUT_OF_CONTACT
    assert read_where("服刑").ground is UnsupportedGround.IN_PRISON
    assert read_where("服刑").place is None
    assert read_where("无").away is None


def test_joint_cells_are_split_by_their_labels():
    assert split_by_parent("父：广东，母：浙江") == {"father": "广东", "mother": "浙江"}
    assert split_by_parent("父亲在广东 母亲在浙江") == {"father": "广东", "mother": "浙江"}
    assert split_by_parent("广东") == {}


@pytest.mark.parametrize(
    ("written", "village", "group"),
    [
        ("青石坪镇白水沟村4组", "白水沟村", "4组"),
        ("四川省南充市仪陇县青石坪镇白水沟村四组12号", "白水沟村", "四组"),
        ("向阳社区", "向阳社区", None),
        ("广东省东莞市", None, None),
    ],
)
def test_villages_in_addresses(written, village, group):
    assert village_of(written) == (village, group)


def test_village_and_group_in_one_cell():
    assert split_village_group("白水沟 4组") == ("白水沟", "4组")
    assert split_village_group("4组") == (None, "4组")
    assert split_village_group("无") == (None, None)


# ---- one word ---------------------------------------------------------------------------------------------------------


def test_words_of_one_answer():
    assert (read_sex("男").value, read_sex("女生").value, read_sex("2").value, read_sex("?")) == (
        "1",
        "2",
        "2",
        None,
    )
    assert (read_ethnicity("汉"), read_ethnicity("土家族"), read_ethnicity("1"), read_ethnicity("火星")) == (
        "01",
        "15",
        "01",
        None,
    )
    assert read_household_kind("农村户口").value == "agricultural"
    assert (read_boarding("住校"), read_boarding("走读"), read_boarding("是"), read_boarding("看情况")) == (
        True,
        False,
        True,
        None,
    )
    assert read_health("健康或良好").value == "good"


@pytest.mark.parametrize("yes", ["√", "是", "有", "1", "Y", "✓", True, 1, 1.0])
def test_ticks(yes):
    assert yes_or_no(cell_text(yes)) is True


def test_nothing_and_unknown():
    assert all(says_nothing(word) for word in ("", "无", "—", "/", "不详", "未知", "――"[:1]))
    assert (yes_or_no("否"), yes_or_no("无"), yes_or_no("不详")) == (False, False, None)


def test_cells_as_text():
    assert cell_text(13812345678.0) == "13812345678"
    assert cell_text(2014.1) == "2014.1"
    assert cell_text(True) == "是"
    assert cell_text(date(2014, 5, 3)) == "2014-05-03"
    assert cell_text("　１２３\u00a0") == "123"


@pytest.mark.parametrize(
    ("written", "name", "note", "remark", "gone"),
    [
        ("张三（转走）", "张三", None, "转走", True),
        ("李四(休学)", "李四", None, "休学", False),
        ("张三 转走", "张三", None, "转走", True),
        ("张三（未转走）", "张三", None, "未转走", False),
        ("张三（没有转走）", "张三", None, "没有转走", False),
        ("张三 未转走", "张三", None, "未转走", False),
        ("张三（已转走，学籍未转出）", "张三", None, "已转走，学籍未转出", True),
        ("张三（不在校）", "张三", None, "不在校", True),
        ("张三休学", "张三", None, "休学", False),
        ("王五 已于2026年9月转学", "王五", None, "已于2026年9月转学", True),
        ("张三（转走", "张三", None, "转走", True),
        ("张三\n（随班就读）", "张三", None, "随班就读", False),
        ("赵六（小六）（9月转到东莞）", "赵六", "小六", "9月转到东莞", True),
        ("张三（孤儿）", "张三", None, "孤儿", False),
        ("王强（小强）", "王强", "小强", "", False),
        ("王新生", "王新生", None, "", False),
        ("李转", "李转", None, "", False),
        ("张三。", "张三", None, "", False),
        ("买买提•阿卜杜热西提", "买买提·阿卜杜热西提", None, "", False),
        ("转走", "", None, "", False),
        ("（转走）", "", None, "", False),
        ("没有", "", None, "", False),
    ],
)
def test_what_stands_beside_a_childs_name_is_told_apart_and_kept(written, name, note, remark, gone):
    found = read_child_name(written)
    assert (found.name, found.note, found.remark, found.gone) == (name, note, remark, gone)


@pytest.mark.parametrize(
    ("written", "name", "sign", "is_masked"),
    [
        ("王五*", "王五", "*", False),
        ("★单永强", "单永强", "★", False),
        ("王五*（休学）△", "王五", "*△", False),
        ("张**", "张**", "", True),
        ("张*三", "张*三", "", True),
        ("*三", "*三", "", True),
        ("*", "", "", False),
    ],
)
def test_a_sign_beside_a_name_is_kept_and_a_masked_name_is_said_to_be_one(written, name, sign, is_masked):
    found = read_child_name(written)
    assert (found.name, found.sign, found.is_masked) == (name, sign, is_masked)


def test_a_name_in_brackets_alone_is_odd_and_sex_behind_a_name_is_no_part_of_it():
    assert (read_child_name("（吴十）").name, read_child_name("（吴十）").is_odd) == ("吴十", True)
    assert (read_child_name("钱小七 女").name, read_child_name("钱小七 女").remark) == ("钱小七", "女")
    assert read_child_name("王 女").name == "王女"


def test_a_given_name_behind_a_surname_of_two_characters_is_no_remark():
    assert read_child_name("欧阳新生").name == "欧阳新生"
    assert (read_child_name("欧阳娜新生").name, read_child_name("欧阳娜新生").remark) == ("欧阳娜", "新生")


@pytest.mark.parametrize("written", ["1.张三", "2、张三", "(3)张三", "④张三", "05张三", "12 张三"])
def test_a_running_number_before_a_name_is_no_part_of_it(written):
    assert (read_child_name(written).name, read_child_name(written).is_odd) == ("张三", False)


@pytest.mark.parametrize("written", ["张三-二年级", "张三；李四", "张三1", "张三/李四"])
def test_what_no_name_holds_makes_a_name_odd(written):
    assert read_child_name(written).is_odd
