"""Archive sheets of real children: what is on the paper, who is in the book, what the log says."""

import subprocess
from datetime import date, datetime

import pytest

from app.children.queries import load_facts
from app.core.clock import FixedClock
from app.core.errors import UserError
from app.paper.archive_data import NOT_APPLICABLE
from app.school.codes import HandoverKind
from app.school.handover import handovers
from app.storage.store import Store
from app.tasks.archive import Whom, make_archive, prepare_archive
from app.tasks.demo import make_demo

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "演示.db"
    clock = FixedClock(datetime(2026, 11, 21, 10, 30))
    make_demo(path, clock=clock, children=45)
    with Store.open(path, clock=clock) as store:
        yield store


@pytest.fixture(scope="module")
def sheets(store):
    job = prepare_archive(store, day=TODAY, whom=Whom())
    return {sheet.personal.name: sheet for sheet in job.sheets}


def uuid_of(store, name):
    return next(child.uuid for child in load_facts(store, TODAY) if child.name == name)


def test_everybody_on_the_ledger_is_in_the_book_by_class(store):
    job = prepare_archive(store, day=TODAY, whom=Whom())
    assert len(job.sheets) == 45
    assert job.cover.scope == "全校"
    assert job.cover.period == "2026—2027学年第一学期（秋季）"
    classes = [sheet.personal.class_name for sheet in job.sheets]
    assert classes == sorted(classes, key=classes.index)  # each class in one stretch
    assert len([name for place, name in enumerate(classes) if name not in classes[:place]]) == len(
        set(classes)
    )


def test_a_sheet_carries_whole_numbers_and_their_doubts(sheets):
    person = sheets["覃䶮"].personal
    assert len(person.id_number) == 18
    assert "最后一位对不上" in person.id_note
    assert "照存" not in person.id_note
    assert sheets["覃䶮"].contacts[0].language_note == "只听得懂方言"


def test_earlier_work_places_and_the_change_are_printed(sheets):
    father = next(parent for parent in sheets["覃䶮"].parents if parent.relation == "父亲")
    assert "福建晋江" in father.place
    assert [period.text for period in father.earlier] == ["浙江温州、鞋厂、针车工"]
    assert father.earlier[0].until == father.away_since
    change = sheets["覃䶮"].changes[0]
    assert (change.what, change.happened_on) == ("父亲去向", father.away_since)


def test_what_does_not_apply_is_a_dash_and_what_is_unknown_stays_empty(sheets):
    father = next(parent for parent in sheets["杨桂花"].parents if parent.relation == "父亲")
    assert father.life_status.startswith("已故")
    assert father.phones == father.place == NOT_APPLICABLE
    care = sheets["周子轩"].care
    assert (care.arrangement, care.carer, care.grade) == ("无人监护", NOT_APPLICABLE, "差")
    assert sheets["吴浩然"].personal.id_number == ""
    assert {parent.relation for parent in sheets["赵欣悦"].parents} == {"父亲", "母亲", "继母"}


def test_siblings_and_registers_and_determinations(sheets):
    siblings = [row.name for row in sheets["曾小雨"].family if row.relation == "兄弟姐妹"]
    assert siblings == ["曾小满"]
    rows = sheets["周可欣"].categories
    assert [row.until for row in rows if row.category == "留守儿童"] == ["", "2026-02-24，随父母外出"]
    answers = {row.rule: row.answer for row in sheets["杨桂花"].determinations}
    assert answers["学籍系统"] == "双亲留守（待确认）"
    assert answers["国发〔2016〕13号"] == "是"


def test_one_child_a_class_a_selection(store):
    one = prepare_archive(store, day=TODAY, whom=Whom(child_uuid=uuid_of(store, "解语嫣")))
    assert one.cover is None
    assert [sheet.personal.name for sheet in one.sheets] == [
        "解语嫣"
    ]  # asked for by name, though not on the ledger
    cls = prepare_archive(store, day=TODAY, whom=Whom(class_name="2024级1班"))
    assert cls.scope == "三（1）班"
    assert {sheet.personal.class_name for sheet in cls.sheets} == {"三（1）班"}
    some = prepare_archive(
        store, day=TODAY, whom=Whom(uuids=tuple(sheet.child_key for sheet in cls.sheets[:3]))
    )
    assert some.scope == "选定的 3 名"
    for whom in (Whom(child_uuid="nobody"), Whom(class_name="九（9）班")):
        with pytest.raises(UserError):
            prepare_archive(store, day=TODAY, whom=whom)
    with pytest.raises(UserError) as refused:
        prepare_archive(store, day=date(2001, 1, 1), whom=Whom())
    assert refused.value.key == "archive.nobody"


def test_the_pdf_reads_back_and_is_in_the_log(store, tmp_path, reader):
    out = tmp_path / "三 班.pdf"
    made = make_archive(store, out, day=TODAY, whom=Whom(class_name="三（1）班"), by="陈素兰")
    text = subprocess.run([reader("pdftotext"), out, "-"], capture_output=True, check=True).stdout.decode(
        "utf-8"
    )
    for sheet in prepare_archive(store, day=TODAY, whom=Whom(class_name="三（1）班")).sheets:
        assert sheet.personal.name in text
        assert sheet.personal.id_number in text
    assert made.missing_characters == ()
    assert made.page_of_child[next(iter(made.page_of_child))] > 1  # behind cover and contents
    entry = handovers(store)[0]
    assert (entry.kind, entry.people, entry.who) == (HandoverKind.PDF, made.children, "陈素兰")
    assert (entry.file_name, entry.sha256, entry.as_of) == ("三 班.pdf", made.sha256, "2026-11-21")
    assert entry.content == "留守儿童档案（三（1）班）"


def test_who_looks_after_the_child_and_what_was_done_is_on_the_sheet(store, sheets):
    year = [
        sheet.care_work
        for sheet in sheets.values()
        if sheet.care_work.pairs and sheet.care_work.plan and sheet.care_work.tracking
    ]
    assert year
    work = year[0]
    assert {pair.kind for pair in work.pairs} <= {"帮扶教师", "代理家长", "学习帮手"}
    assert "放学后辅导半小时（每周二、四）" in work.plan.measures
    days = [entry.day[:10] for entry in work.tracking]
    assert days == sorted(days)
    assert days[0] >= "2026-09-01"
    assert "作业辅导" in work.counted
    told = [entry for sheet in sheets.values() for entry in sheet.care_work.tracking]
    assert any("补录（" in entry.day for entry in told)
    assert any("承诺：" in entry.after for entry in told)


def test_last_terms_sheet_knows_nothing_of_this_one(store):
    job = prepare_archive(store, day=date(2026, 6, 1), whom=Whom())
    assert job.sheets
    days = [entry.day[:10] for sheet in job.sheets for entry in sheet.care_work.tracking]
    assert days
    assert max(days) <= "2026-06-01"
    assert [pair.until for sheet in job.sheets for pair in sheet.care_work.pairs] == []
