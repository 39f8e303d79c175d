"""The sample rosters in tests/data/rosters, as messy as real ones: what comes out of each, cell by cell."""

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from app.children.codes import AwayState, CareKind, Category, Relation
from app.children.queries import load_facts
from app.core.clock import FixedClock
from app.school.codes import Profile
from app.statistics.queries import stats
from app.statistics.shape import as_plain
from app.storage.store import Store
from app.tasks.create import create_school
from app.tasks.demo import make_demo
from app.tasks.export_ledger import export_ledger
from app.tasks.import_roster import import_roster
from tests.ledgers import copy_ledger

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "rosters"
DAY = date(2026, 11, 21)
CLOCK = FixedClock(datetime(2026, 11, 21, 9))


@pytest.fixture(scope="module")
def empty_school(tmp_path_factory):
    path = tmp_path_factory.mktemp("school") / "守望.db"
    create_school(path, clock=CLOCK, name="青石坪镇中心小学")
    return path


@pytest.fixture
def store(empty_school, tmp_path):
    path = tmp_path / "守望.db"
    copy_ledger(empty_school, path)
    with Store.open(path, clock=CLOCK) as opened:
        yield opened


def known(store):
    return {child.name: child for child in load_facts(store, DAY)}


def marks(result):
    return {(entry["cell"], entry["code"]) for entry in result.as_json()["marked"]}


@pytest.mark.parametrize("name", ["two_row_header.xlsx", "two_row_header.xls"])
def test_titles_two_rows_merged_sisters_totals(store, name):
    result = import_roster(store, SAMPLES / name)
    plan = result.plan
    assert (len(plan.rows), result.as_json()["new"], result.as_json()["parked"]) == (6, 6, [])
    assert [row.row for row in plan.rows] == [7, 8, 9, 12, 13, 14]
    assert {skip.row: skip.why for skip in plan.skipped} == {
        6: "标题",
        10: "小计",
        11: "标题",
        15: "小计",
        16: "表尾",
    }
    assert marks(result) == {
        ("F9", "id_destroyed"),
        ("Q12", "phone_length"),
        ("E14", "birth_lunar"),
        ("F14", "sex_from_id"),
    }
    assert "第 9 行" in "".join(plan.notes)
    assert "D 列" in "".join(plan.notes)
    children = known(store)
    first, second = children["曾小雨"], children["曾小雪"]
    assert first.father.uuid == second.father.uuid
    assert (second.father.name, second.father.away_place) == ("曾德林", "广东省东莞市")
    assert first.care.kind is CareKind.GRANDPARENTS
    grandmother = first.relative(Relation.PATERNAL_GRANDMOTHER)
    assert (grandmother.name, [phone.number for phone in grandmother.phones]) == ("刘玉珍", ["13700000001"])
    assert second.categories[0].category is Category.MINIMUM_LIVING
    boy = children["王强"]
    assert (boy.id_number, boy.birth_date) == (None, "2016-11-03")
    assert (boy.father.away_state, boy.mother.away_state) == (AwayState.OUT, AwayState.HOME)
    assert boy.care.person.uuid == boy.mother.uuid
    assert children["覃䶮"].has(Category.ORPHAN)
    assert children["覃䶮"].id_number.endswith(children["覃䶮"].id_number[-1].upper())
    assert children["买买提·阿卜杜热西提"].birth_date == "2016-10-24"
    assert children["买买提·阿卜杜热西提"].ethnicity == "05"
    assert (children["区嘉豪"].name_note, children["区嘉豪"].registration) == ("豪豪", None)
    counts = as_plain(stats(store, DAY))
    assert (counts["children"]["total"], counts["both_parents_out"], counts["one_parent_out"]) == (5, 3, 2)


def test_one_sheet_per_class(store):
    plan = import_roster(store, SAMPLES / "one_sheet_per_class.xlsx").plan
    assert len(plan.rows) == 9
    assert plan.new_classes == ("四（1）班", "四（2）班", "五年级"), (
        "as she would say them, the lowest grade first"
    )
    notes = "".join(plan.notes)
    assert "「汇总」没有读：9 行都在别的表里" in notes
    assert "「去年」没有读：隐藏的表" in notes
    assert as_plain(stats(store, DAY))["care"]["grandparents"] == 9


def test_one_column_per_answer(store):
    result = import_roster(store, SAMPLES / "boxes.xlsx")
    assert {code for _, code in marks(result)} == {"two_ticks", "unguarded", "sex_unreadable"}
    counts = as_plain(stats(store, DAY))
    assert (counts["both_parents_out"], counts["one_parent_out"]) == (3, 1)
    found = {key: value for key, value in counts["care"].items() if value}
    assert found == {"grandparents": 1, "relatives": 1, "unguarded": 1, "other": 1, "not_collected": 2}
    assert (counts["categories"]["orphan"], counts["categories"]["disability"]) == (1, 1)


@pytest.mark.parametrize("name", ["gbk.csv", "utf8.csv"])
def test_text_in_either_encoding(store, name):
    result = import_roster(store, SAMPLES / name)
    assert marks(result) == {("C4", "id_destroyed"), ("F4", "which_parent")}
    children = known(store)
    assert (children["张小满"].father.away_place, children["张小满"].mother.away_place) == (
        "广东深圳",
        "广东佛山",
    )
    assert children["周立秋"].father.away_state is AwayState.HOME
    assert children["李谷雨"].care.kind is CareKind.ONE_PARENT


def test_samples_are_what_their_script_writes(tmp_path):
    """The .xls is LibreOffice's work and is not compared."""
    script = SAMPLES.parent / "make_rosters.py"
    code = (
        f"import importlib.util, pathlib; spec = importlib.util.spec_from_file_location('m', r'{script}');"
        "m = importlib.util.module_from_spec(spec); spec.loader.exec_module(m);"
        f"m.FOLDER = pathlib.Path(r'{tmp_path}'); m.shutil.which = lambda name: None;"
        "\ntry: m.write_all()\nexcept SystemExit: pass"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    from app.workbook.roster_reader import read_roster

    for sample in ("two_row_header.xlsx", "one_sheet_per_class.xlsx", "boxes.xlsx", "gbk.csv", "utf8.csv"):
        made, kept = read_roster(tmp_path / sample), read_roster(SAMPLES / sample)
        assert [(s.name, s.rows, s.merged, s.hidden_rows) for s in made.sheets] == [
            (s.name, s.rows, s.merged, s.hidden_rows) for s in kept.sheets
        ]


# ---- our own ledger ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo_ledger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder / "示例.db", clock=CLOCK, children=118)
    with Store.open(folder / "示例.db", clock=CLOCK) as store:
        export_ledger(store, folder / "台账.xlsx", day=DAY, profile=Profile.FULL, reason="往返")
    return folder


def test_our_own_ledger_reads_back_without_a_difference(demo_ledger):
    with Store.open(demo_ledger / "示例.db", clock=CLOCK) as store:
        result = import_roster(store, demo_ledger / "台账.xlsx", dry_run=True)
    plain = result.as_json()
    assert (plain["rows"], plain["unchanged"], plain["parked"]) == (118, 118, [])
    notes = "".join(result.plan.notes)
    assert "「低保」没有读：分类台账，和「台账」重复" in notes
    assert len(result.plan.missing) == 0


def test_our_own_ledger_fills_an_empty_school(demo_ledger, store, tmp_path):
    import_roster(store, demo_ledger / "台账.xlsx")
    export_ledger(store, tmp_path / "再导出.xlsx", day=DAY, profile=Profile.FULL, reason="往返")
    before, after = _by_number(demo_ledger / "台账.xlsx"), _by_number(tmp_path / "再导出.xlsx")
    assert before == after


def _by_number(path):
    """Return the rows of the main sheet by name and number, without running number, our own key, and who looks after
    the child: pairs are not read from a roster."""
    from app.workbook.ledger_layout import FIRST_DATA_ROW, HEADER_ROW, MAIN_SHEET
    from app.workbook.roster_reader import read_roster

    sheet = next(sheet for sheet in read_roster(path).sheets if sheet.name == MAIN_SHEET)
    header = sheet.rows[HEADER_ROW - sheet.first_row]
    left_out = {header.index(words) for words in ("序号", "台账编号", "帮扶人")}
    rows = {}
    for row in sheet.rows[FIRST_DATA_ROW - sheet.first_row :]:
        if row[header.index("姓名")]:
            key = (
                row[header.index("姓名")],
                row[header.index("公民身份号码")],
                row[header.index("父亲电话")],
            )
            rows[key] = [value for place, value in enumerate(row) if place not in left_out]
    return rows
