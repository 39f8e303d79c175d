"""Rows that wait are kept whole, put right in place, decided, and not asked about again."""

from datetime import date

import pytest

from app.children.queries import load_facts
from app.children.roster.model import Decision, Resolution, RosterOptions, RowResult
from app.children.roster.parked import preview_parked, resolve_parked, waiting_rows
from app.children.roster.plan import plan_import
from app.children.roster.raw_rows import fingerprint, pack_row, unpack_cells
from app.children.roster.templates import load_templates, remember_mapping
from app.core.errors import UserError
from app.storage.history import undo
from app.tasks.import_roster import import_roster, open_roster
from tests.app.tasks.rosters import id_number, write_roster

DAY = date(2026, 11, 21)
HEADER = ["姓名", "性别", "身份证号", "班级", "父亲姓名", "父亲务工地", "父亲外出时间"]
ONE, TWO = id_number(serial=1), id_number(serial=2, girl=False)


@pytest.fixture
def bring(store, tmp_path):
    def run(*rows, header=HEADER, **options):
        path = write_roster(tmp_path / "花名册.xlsx", *rows, header=header)
        run.result = import_roster(store, path, **options)
        return run.result

    return run


def names(store):
    return sorted(child.name for child in load_facts(store, DAY))


def codes(store):
    return [str(row.code) for row in waiting_rows(store)]


def test_a_waiting_row_keeps_what_it_says(store, bring):
    bring(["", "男", TWO, "三（1）班", "王大", "广东", date(2024, 2, 1)], ["甲", "女", ONE, "一年级"])
    row = waiting_rows(store)[0]
    assert (row.sheet, row.row, str(row.code), row.data_date) == ("花名册", 2, "no_name", "2026-11-21")
    assert ("身份证号", "child.id_number", TWO) in row.cells
    assert ("父亲外出时间", "father.since", "2024-02-01") in row.cells


def test_a_missing_name_is_put_in_place(store, bring):
    bring(["", "男", TWO, "三（1）班", "王大", "广东", "2024-02"], ["甲", "女", ONE, "一年级"])
    uuid = waiting_rows(store)[0].uuid
    with pytest.raises(UserError) as caught:
        resolve_parked(store, uuid, resolution=Resolution.ADDED)
    assert caught.value.key == "import.parked_needs"
    fixes = {"child.name": "王强"}
    shown = preview_parked(store, uuid, resolution=Resolution.ADDED, fixes=fixes)
    assert (shown.result, shown.name) == (RowResult.NEW, "王强")
    assert names(store) == ["甲"]
    resolve_parked(store, uuid, resolution=Resolution.ADDED, fixes=fixes, by="某老师")
    child = next(child for child in load_facts(store, DAY) if child.name == "王强")
    assert (child.id_number, child.school_class.name, child.father.away_place) == (TWO, "三（1）班", "广东")
    assert codes(store) == []
    with pytest.raises(UserError) as caught:
        resolve_parked(store, uuid, resolution=Resolution.ADDED, fixes=fixes)
    assert caught.value.key == "import.parked_gone"


def test_the_same_person_gets_the_facts(store, bring):
    bring(["甲", "女", "", "一年级"])
    bring(["甲", "女", "", "一年级", "甲父", "广东"])
    row = waiting_rows(store)[0]
    child = load_facts(store, DAY)[0]
    assert row.child_uuid == child.uuid
    resolve_parked(store, row.uuid, resolution=Resolution.SAME_PERSON, child_uuid=child.uuid)
    assert names(store) == ["甲"]
    assert load_facts(store, DAY)[0].father.away_place == "广东"


def test_another_person_is_added_and_not_asked_about_again(store, bring):
    bring(["甲", "女", "", "一年级"])
    second = ["甲", "女", "", "一年级", "甲父", "广东"]
    bring(second)
    resolve_parked(store, waiting_rows(store)[0].uuid, resolution=Resolution.ADDED)
    assert names(store) == ["甲", "甲"]
    again = bring(second).as_json()
    assert (again["parked"], again["unchanged"]) == ([], 1)


def test_a_decision_is_taken_back_by_undo(store, bring):
    bring(["甲", "女", "", "一年级"])
    bring(["甲", "女", "", "一年级", "甲父", "广东"])
    done = resolve_parked(store, waiting_rows(store)[0].uuid, resolution=Resolution.ADDED)
    undo(store, done.action_uuid, by=None)
    assert names(store) == ["甲"]
    assert codes(store) == ["maybe_same_person"]


def test_a_dropped_row_stays_out_and_is_not_kept_twice(store, bring):
    bring(["甲", "女", "", "一年级"])
    bring(["甲", "女", "", "一年级"])
    resolve_parked(store, waiting_rows(store)[0].uuid, resolution=Resolution.DROPPED)
    assert len(bring(["甲", "女", "", "一年级"]).as_json()["parked"]) == 1
    assert codes(store) == []


def test_a_waiting_row_is_kept_once(store, bring):
    for _ in range(3):
        bring(["", "男", TWO, "三（1）班"], ["甲", "女", ONE, "一年级"])
    assert codes(store) == ["no_name"]


def test_a_repeated_number_may_be_another_child_without_it(store, bring):
    bring(["甲", "女", ONE, "一年级"], ["乙", "女", ONE, "二年级"])
    uuid = waiting_rows(store)[0].uuid
    resolve_parked(store, uuid, resolution=Resolution.ADDED)
    assert {child.name: child.id_number for child in load_facts(store, DAY)} == {"甲": ONE, "乙": None}


def test_a_repeated_number_may_be_a_slip(store, bring):
    bring(["甲", "女", ONE, "一年级"], ["乙", "男", ONE, "二年级"])
    fixes = {"child.id_number": TWO}
    resolve_parked(store, waiting_rows(store)[0].uuid, resolution=Resolution.ADDED, fixes=fixes)
    assert {child.name: child.id_number for child in load_facts(store, DAY)} == {"甲": ONE, "乙": TWO}


def test_decisions_may_be_given_before_anything_is_written(store, bring, tmp_path):
    bring(["甲", "女", "", "一年级"])
    path = write_roster(tmp_path / "b.xlsx", ["甲", "女", "", "一年级", "甲父", "广东"], header=HEADER)
    opened = open_roster(store, path)
    waiting = plan_import(store, opened.roster, opened.mappings, RosterOptions(DAY)).rows[0]
    assert waiting.result is RowResult.PARKED
    same = Decision(Resolution.SAME_PERSON, waiting.candidates[0].uuid)
    for decision, result in ((same, RowResult.UPDATED), (Decision(Resolution.ADDED), RowResult.NEW)):
        options = RosterOptions(DAY, decisions={("花名册", 2): decision})
        assert plan_import(store, opened.roster, opened.mappings, options).rows[0].result is result


def test_a_child_in_the_bin_is_asked_about(store, bring):
    from app.children.tables import Child

    bring(["甲", "女", ONE, "一年级"])
    with store.action("删", kind="child.bin") as action:
        action.soft_delete(Child, store.one("SELECT id FROM child")[0])
    result = bring(["甲", "女", ONE, "一年级"])
    assert result.as_json()["parked"][0]["code"] == "maybe_same_person"
    assert result.plan.rows[0].candidates[0].in_bin
    assert "回收站" in result.plan.rows[0].reason


def test_rows_survive_being_kept(store, tmp_path):
    from app.children.roster.context import RowContext
    from app.children.roster.draft import RowDraft
    from app.children.roster.sheets import survey_sheets
    from app.school.rules import SchoolShape, SchoolYears

    path = write_roster(tmp_path / "a.xlsx", ["甲", True, 1.5, date(2024, 2, 1), 301, "x"], header=HEADER[:6])
    cells = survey_sheets(open_roster(store, path).roster)[0].found.rows[0][1]
    draft = RowDraft("花名册", 2, cells=cells)
    kept = pack_row(draft, RowContext(DAY, SchoolYears(), SchoolShape()))
    assert unpack_cells(kept) == cells
    assert fingerprint(unpack_cells(kept)) == fingerprint(cells)
    assert "child.name" not in unpack_cells(kept, {"child.name": ""})


# ---- columns, remembered -------------------------------------------------------------------------------------------


def test_corrected_columns_are_remembered_for_the_next_file(store, tmp_path):
    from msgspec.structs import replace

    from app.children.roster.sheets import remap

    header = ["姓名", "性别", "班级", "车牌号"]
    path = write_roster(tmp_path / "a.xlsx", ["甲", "女", "一年级", "喜欢画画"], header=header)
    mapping = open_roster(store, path).mappings[0]
    choices = tuple(
        replace(c, target="child.hobbies") if c.header == "车牌号" else c for c in mapping.choices
    )
    assert remember_mapping(store, remap(mapping, choices))
    assert not remember_mapping(store, remap(mapping, choices))
    assert list(load_templates(store).values()) == [{"车牌号": "child.hobbies"}]
    import_roster(store, path)
    assert load_facts(store, DAY)[0].hobbies == "喜欢画画"


def test_a_mapping_as_proposed_needs_no_memory(store, tmp_path):
    path = write_roster(tmp_path / "a.xlsx", ["甲", "女", "一年级"], header=["姓名", "性别", "班级"])
    assert not remember_mapping(store, open_roster(store, path).mappings[0])
    assert load_templates(store) == {}
