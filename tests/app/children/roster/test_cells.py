"""Single cells put right before a plan is made, and what columns mean in words."""

from app.children.roster.cells import can_fix, name_place, place_of, row_cells, with_fixes
from app.children.roster.columns import propose_mapping
from app.children.roster.header import find_header
from app.children.roster.model import SheetMapping
from app.children.roster.rows import read_rows
from app.children.roster.sheet import MergedRange, RosterSheet
from app.children.roster.targets import NOT_READ, target_groups, target_words

HEADER = ["姓名", "性别", "身份证号", "班级", "爱吃的"]


def survey(*rows, merged=()):
    sheet = RosterSheet(
        "三年级", [HEADER, *[list(row) for row in rows]], first_row=2, first_column=2, merged=merged
    )
    header = find_header(sheet)
    choices = propose_mapping(header)
    found = read_rows(sheet, header, choices)
    return SheetMapping(sheet, header, choices, len(found.rows), found=found)


def test_a_row_shows_its_filled_cells_with_their_addresses():
    mapping = survey(["覃䶮龙", "", "5.11E+17", "三（1）班", "鱼"])
    cells = row_cells(mapping, 3)
    assert [(cell.header, cell.address, cell.imported) for cell in cells] == [
        ("姓名", "B3", True),
        ("身份证号", "D3", True),
        ("班级", "E3", True),
        ("爱吃的", "F3", False),
    ]


def test_a_cell_is_put_right_and_the_sheet_it_came_from_stays():
    mapping = survey(["", "女", "", "三（1）班"])
    place = name_place(mapping, 3)
    assert place == (3, 2)
    fixed = with_fixes(mapping, {place: "覃䶮龙"})
    (number, cells, _), *rest = fixed.found.rows
    assert (number, cells["child.name"][0].text, cells["child.name"][0].address, rest) == (
        3,
        "覃䶮龙",
        "B3",
        [],
    )
    assert mapping.sheet.cell(3, 2) == ""


def test_a_cell_beyond_the_end_of_its_row_can_be_filled():
    mapping = survey(["覃䶮龙", "女"])
    fixed = with_fixes(mapping, {(3, 5): "三（1）班"})
    assert fixed.found.rows[0][1]["class.name"][0].text == "三（1）班"


def test_places_outside_the_sheet_change_nothing():
    mapping = survey(["覃䶮龙", "女"])
    assert with_fixes(mapping, {(1, 2): "x", (99, 2): "x", (3, 1): "x"}).sheet.rows == mapping.sheet.rows


def test_a_merged_cell_belongs_to_several_rows():
    mapping = survey(["覃䶮龙", "女"], ["覃小龙", "男"], merged=(MergedRange(3, 5, 4, 5),))
    assert not can_fix(mapping.sheet, 4, 5)
    assert can_fix(mapping.sheet, 4, 2)


def test_what_a_merged_cell_says_is_tidied_in_every_row_it_belongs_to():
    mapping = survey(["覃䶮龙", "女", "", "三（１）班"], ["覃小龙", "男"], merged=(MergedRange(3, 5, 4, 5),))
    assert [cells["class.name"][0].text for _, cells, _ in mapping.found.rows] == ["三（1）班", "三（1）班"]


def test_addresses_are_read_back():
    assert place_of("B7") == (7, 2)
    assert place_of("AB12") == (12, 28)
    assert place_of("") is None
    assert place_of("第7行") is None


def test_every_meaning_has_words_of_its_own():
    offered = [pair for _, targets in target_groups() for pair in targets]
    words = [word for _, word in offered]
    assert len(set(words)) == len(words) == len({target for target, _ in offered})
    assert all(word.strip() for word in words)
    assert {"child.name", "father.phone", "care.kind", "carer.relation"} <= {target for target, _ in offered}


def test_meanings_that_are_not_offered_are_said_too():
    assert target_words(None) == NOT_READ
    assert target_words("skip:年龄") == "不读（年龄）"
    assert target_words("tick:care.kind:祖父母") == "监护类型：祖父母"
    assert target_words("member2.phone") == "家庭成员2电话"
    assert target_words("maternal_grandmother.name") == "外祖母姓名"
