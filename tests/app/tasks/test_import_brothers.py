"""Brothers and sisters whose rows contradict each other about a parent: the first is kept, however often the file is read."""

from datetime import datetime

import pytest

from app.core.clock import FixedClock
from app.storage.store import Store
from app.tasks.create import create_school
from app.tasks.import_roster import import_roster
from tests.app.tasks.rosters import id_number, write_roster

HEADER = ["姓名", "性别", "身份证号", "父亲姓名", "父亲务工地", "母亲姓名", "家庭住址"]
ELDER, YOUNGER = ("李轩然", id_number()), ("李浩然", id_number(serial=13))


def whose_father_is(where, child):
    name, number = child
    return [name, "女", number, "李大", where, "王芳", "柏树村3组"]


OUT, HOME = (whose_father_is(where, ELDER) for where in ("浙江宁波", "在家"))
OUT_TOO, HOME_TOO = (whose_father_is(where, YOUNGER) for where in ("浙江宁波", "在家"))


@pytest.fixture
def read(tmp_path):
    path = tmp_path / "守望.db"
    clock = FixedClock(datetime(2026, 11, 21, 9))
    create_school(path, clock=clock, name="青石坪镇中心小学")

    def run(*rows):
        roster = write_roster(tmp_path / "花名册.xlsx", *rows, header=HEADER)
        with Store.open(path, clock=clock) as store:
            told = import_roster(store, roster).as_json()
            away = store.rows("SELECT state, place, valid_from, valid_to FROM away WHERE deleted_at IS NULL")
        return told, away

    return run


def test_the_same_file_again_changes_nothing_and_asks_the_same(read):
    first, kept = read(OUT, HOME_TOO)
    again, still = read(OUT, HOME_TOO)

    assert kept == still == [("out", "浙江宁波", None, None)]
    assert (again["updated"], again["unchanged"]) == (0, 2)
    assert [mark["reason"] for mark in again["marked"]] == [mark["reason"] for mark in first["marked"]]
    assert again["marked"][0]["code"] == "differs_in_file"


def test_news_in_the_first_row_is_taken_and_the_old_words_of_the_second_marked(read):
    read(OUT, OUT_TOO)
    told, away = read(HOME, OUT_TOO)

    assert away[-1] == ("home", None, "2026-11-21", None)
    assert [mark["code"] for mark in told["marked"]] == ["differs_in_file"]


def test_news_that_both_rows_tell_is_taken(read):
    read(OUT, OUT_TOO)
    told, away = read(HOME, HOME_TOO)

    assert away[-1] == ("home", None, "2026-11-21", None)
    assert told["marked"] == []
