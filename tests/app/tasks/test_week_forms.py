"""周纸单: what is printed of what is due, and what stands on the paper, read by another program."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from app.core.clock import FixedClock
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft, draft_uuid
from app.diary.service_events import withdraw_event
from app.diary.tables import Promise, TriggerEvent
from app.school.handover import handovers
from app.school.tables import ClassTeacher, Staff
from app.storage.history import undo
from app.storage.store import Store
from app.tasks.demo import make_demo
from app.tasks.diary import save_record
from app.tasks.week_forms import (
    form_came_back,
    forms_wanted,
    forms_with_who,
    make_week_forms,
    page_count,
)
from app.todo.codes_on_paper import spaced
from app.todo.forms import FormState, paper_forms
from app.todo.queries import due_items
from app.todo.rules import DueKind, State
from app.todo.service_forms import FormDraft, form_again, plan_forms
from app.todo.tables import PaperForm
from tests.ledgers import copy_ledger
from tests.printed_forms import print_forms

NOW = datetime(2026, 11, 18, 9)


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    path = tmp_path_factory.mktemp("school") / "demo.db"
    make_demo(path, clock=FixedClock(NOW), children=30)
    return path


@pytest.fixture
def store(school, tmp_path):
    path = copy_ledger(school, tmp_path / "守望.db")
    with Store.open(path, clock=FixedClock(NOW)) as opened:
        yield opened


def test_one_form_for_each_talk_and_visit_that_is_due_by_sunday(store):
    items = due_items(store).items
    drafts = forms_wanted(items)
    due = {
        (item.child_uuid, item.activity)
        for item in items
        if item.kind in {DueKind.CADENCE, DueKind.EVENT, DueKind.FOLLOW_UP, DueKind.CARER_CHANGED}
        and item.activity in {"talk", "home_visit"}
        and item.state is not State.NEXT_WEEK
    }
    assert {(draft.child_uuid, draft.activity) for draft in drafts} == due
    assert len(drafts) == len(due) > 0


def test_the_paper_carries_child_carer_reason_and_code(store, tmp_path, reader):
    drafts = forms_wanted(due_items(store).items)
    planned = plan_forms(store, drafts=drafts)
    out = tmp_path / "周纸单.pdf"
    printed = make_week_forms(store, planned, out)
    assert printed.pages == page_count(drafts)
    assert set(printed.page_of_child) == {form.code for form in planned}
    assert set(printed.page_of_child.values()) == set(range(1, printed.pages + 1))
    assert printed.missing_characters == ()
    text = subprocess.run(
        [reader("pdftotext"), "-layout", str(out), "-"], capture_output=True, check=True, text=True
    ).stdout
    names = {item.child_uuid: item.child_name for item in due_items(store).items}
    for form in planned:
        assert spaced(form.code) in text
        assert names[form.child_uuid] in text
        assert form.why[:8] in text
    assert text.count("谈心记录表") + text.count("家访记录表") == len(drafts)
    assert "11月20日（周五）放学前交回" in text
    assert [*paper_forms(store), *handovers(store)] == [], "nothing went out yet: it was only laid out"


def test_what_came_back_meanwhile_is_not_printed_again(store, tmp_path):
    drafts = forms_wanted(due_items(store).items)[:2]
    out = [form_again(form) for form in print_forms(store, drafts=drafts).forms]
    with store.action("作废", kind="test") as action:
        action.update(PaperForm, paper_forms(store)[0].uuid, void_on="2026-11-18", void_reason="请假")
    assert make_week_forms(store, out, tmp_path / "a.pdf").pages == 1


def on_paper(store, reader, file, *forms):
    """The words of one form, as another program reads them."""
    make_week_forms(store, forms, file)
    read = [reader("pdftotext"), "-raw", str(file), "-"]
    return subprocess.run(read, capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize(
    ("why", "stands"),
    [
        ("必访，5 天内家访：今天「身体不佳」（今天没来）", "：1月1日「身体不佳」（今天没来）"),
        ("必访，5 天内家访：12月30日「身体不佳」（昨天没来）", "：12月30日「身体不佳」（昨天没来）"),
        ("每周谈心一次：上次 昨天（那一周 1 次）", "：上次 2026年12月31日（那一周 1 次）"),
        ("约好跟进：昨天谈心后要跟进：今天问作业", "：2026年12月31日谈心后要跟进：今天问作业"),
        ("换了监护人 7 天内家访：监护人换成奶奶（今天起）", "：监护人换成奶奶（1月1日起）"),
    ],
)
def test_the_paper_names_days_by_their_date_and_leaves_her_own_words(store, tmp_path, reader, why, stands):
    """It is read on another day than it was printed on."""
    store.clock = FixedClock(datetime(2027, 1, 1, 9))
    child = due_items(store).items[0].child_uuid
    (form,) = plan_forms(store, drafts=[FormDraft(child_uuid=child, activity="home_visit", why=why)])
    assert stands in on_paper(store, reader, tmp_path / "a.pdf", form).replace("\n", "")
    assert form.why == why, "what is stored is compared with what is due"


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        ("2026-11-16", "11月20日（周五）放学前交回"),
        ("2026-11-20", "11月20日（周五）放学前交回"),
        ("2026-11-21", "11月23日（周一）放学前交回"),
        ("2026-09-28", "9月30日（周三）放学前交回"),
        ("2026-10-08", "10月10日（周六）放学前交回"),
    ],
)
def test_a_form_is_asked_back_on_a_day_with_school(store, tmp_path, reader, day, stands):
    store.clock = FixedClock(datetime.fromisoformat(f"{day}T09:00"))
    child = store.one("SELECT uuid FROM child LIMIT 1")[0]
    (form,) = plan_forms(store, drafts=[FormDraft(child_uuid=child, activity="talk")])
    assert stands in on_paper(store, reader, tmp_path / "a.pdf", form)


def test_promises_stand_with_the_day_they_are_due_the_next_one_first(store, tmp_path, reader):
    child = store.one("SELECT id, uuid FROM child WHERE id NOT IN (SELECT child_id FROM promise) LIMIT 1")
    with store.action("承诺", kind="test") as action:
        for content, due in (("修书包", None), ("借书", "2026-12-05"), ("打电话", "2026-11-25")):
            action.insert(Promise, child=child[0], content=content, promised_on="2026-11-10", due_on=due)
    (form,) = plan_forms(store, drafts=[FormDraft(child_uuid=child[1], activity="talk")])
    text = on_paper(store, reader, tmp_path / "a.pdf", form)
    stands = ("「打电话」（11月25日以前）", "「借书」（12月5日以前）", "另有 1 件")
    assert sorted(map(text.index, stands)) == [text.index(words) for words in stands]
    assert text.count("□ 已兑现") == 2
    assert "修书包" not in text
    store.clock = FixedClock(datetime(2026, 11, 9, 9))
    assert "打电话" not in on_paper(store, reader, tmp_path / "b.pdf", form)


def test_a_form_printed_for_an_event_comes_back_as_the_answer_to_it(store):
    """Only a record that names the event closes it: the code brings it along, another child's or kind's it does not."""
    items = due_items(store).items
    event = next(item for item in items if item.kind is DueKind.EVENT and item.state is State.OVERDUE)
    drafts = [
        one for one in forms_wanted(items) if one.why == event.why and one.child_uuid == event.child_uuid
    ]
    weekly = next(one for one in forms_wanted(items) if one.activity == "talk")
    codes = print_forms(store, drafts=[*drafts, weekly]).codes
    assert [item.subject_uuid for item in form_came_back(store, codes[0]).asked] == [event.subject_uuid]
    assert form_came_back(store, codes[1]).asked == ()
    draft = RecordDraft(
        uuid=draft_uuid(), children=(event.child_uuid,), kind=Activity.HOME_VISIT, happened_on="2026-11-17",
        content="外婆在家", closes=(event.subject_uuid,), paper_code=codes[0],
    )  # fmt: skip
    save_record(store, draft=draft)
    back = form_came_back(store, codes[0])
    assert (back.form.state, back.asked) == (FormState.RETURNED, ())


def test_the_event_that_the_paper_names_is_answered_whatever_else_is_due_that_day(store):
    """Two events of one child on one day; then a holiday moves the due day: still the one whose words stand on the form."""
    child = store.one("SELECT id, uuid FROM child WHERE id IN (SELECT child_id FROM registration) LIMIT 1")
    with store.action("事件", kind="test") as action:
        of = {"child": child[0], "happened_on": "2026-11-16", "entered_on": "2026-11-16"}
        events = [action.insert(TriggerEvent, rule_code=code, **of) for code in ("unwell", "low_mood")]
    due = [item for item in due_items(store).items if item.subject_uuid in {one.uuid for one in events}]
    assert len({item.due for item in due}) == 1
    wanted = next(item for item in due if item.subject_uuid == events[1].uuid)
    draft = FormDraft(
        child_uuid=child[1], activity=wanted.activity, due_on=wanted.due + timedelta(days=1), why=wanted.why
    )
    (code,) = print_forms(store, drafts=[draft]).codes
    for day in (18, 19):
        store.clock = FixedClock(datetime(2026, 11, day, 9))
        assert [item.subject_uuid for item in form_came_back(store, code).asked] == [events[1].uuid]


def test_of_two_like_events_of_one_day_a_form_answers_the_one_it_was_printed_for(store):
    """The same thing twice a day in the same words; once that one is answered, the form asks for nothing else."""
    child = store.one("SELECT id, uuid FROM child WHERE id IN (SELECT child_id FROM registration) LIMIT 1")
    with store.action("事件", kind="test") as action:
        of = {
            "child": child[0],
            "happened_on": "2026-11-16",
            "entered_on": "2026-11-16",
            "rule_code": "unwell",
        }
        events = [action.insert(TriggerEvent, **of).uuid for _ in range(2)]
    due = [item for item in due_items(store).items if item.subject_uuid in events]
    assert len({(item.why, item.due) for item in due}) == 1
    (draft,) = forms_wanted(item for item in due if item.subject_uuid == events[1])
    (code,) = print_forms(store, drafts=[draft]).codes
    assert [item.subject_uuid for item in form_came_back(store, code).asked] == [events[1]]
    assert form_again(form_came_back(store, code).form).asked_uuid == events[1]
    withdraw_event(store, uuid=events[1], note="记重了")
    assert form_came_back(store, code).asked == ()


def test_of_two_events_of_one_child_the_one_that_is_on_the_form_waits_for_it(store):
    """The line of the other says nothing of paper: that form would not settle it."""
    child = store.one("SELECT id, uuid FROM child WHERE id IN (SELECT child_id FROM registration) LIMIT 1")
    with store.action("事件", kind="test") as action:
        of = {"child": child[0], "happened_on": "2026-11-16", "entered_on": "2026-11-16"}
        events = [action.insert(TriggerEvent, rule_code=code, **of).uuid for code in ("unwell", "low_mood")]
    second = [item for item in due_items(store).items if item.subject_uuid == events[1]]
    (code,) = print_forms(store, drafts=forms_wanted(second)).codes
    shown = {item.subject_uuid: item.form for item in due_items(store).items if item.subject_uuid in events}
    assert shown == {events[0]: "", events[1]: code}
    assert DueKind.PAPER_FORM not in {item.kind for item in due_items(store).items}
    withdraw_event(store, uuid=events[1], note="记重了")
    (paper,) = [item for item in due_items(store).items if item.kind is DueKind.PAPER_FORM]
    assert paper.form == code, "what it was printed for is no more; the other event does not wait for it"


def test_an_event_is_taken_back_while_the_form_for_it_is_out(store):
    child = store.one("SELECT id FROM child WHERE id IN (SELECT child_id FROM registration) LIMIT 1")
    with store.action("事件", kind="test") as action:
        of = {
            "child": child[0],
            "happened_on": "2026-11-16",
            "entered_on": "2026-11-16",
            "rule_code": "unwell",
        }
        event = action.insert(TriggerEvent, **of)
    drafts = forms_wanted(item for item in due_items(store).items if item.subject_uuid == event.uuid)
    (code,) = print_forms(store, drafts=drafts).codes
    undo(store, action.uuid, by=None)
    assert form_came_back(store, code).asked == ()


def test_a_form_printed_by_an_older_version_is_known_by_its_words(store):
    event = next(item for item in due_items(store).items if item.kind is DueKind.EVENT)
    draft = replace(forms_wanted([event])[0], asked_uuid="")
    (code,) = print_forms(store, drafts=[draft]).codes
    assert [item.subject_uuid for item in form_came_back(store, code).asked] == [event.subject_uuid]


def staff_of(store, item):
    (uuid,) = store.one(
        "SELECT t.uuid FROM supporter s JOIN staff t ON t.id = s.staff_id WHERE s.uuid = ?",
        (item.supporter_uuid,),
    )
    return uuid


def test_who_does_it_stands_on_the_paper_when_the_head_teacher_answers(store, tmp_path, reader):
    """Nobody looks after the child, or who did has left: the paper names whom the list of what is due names."""
    item = next(
        one
        for one in due_items(store).items
        if one.activity == "talk" and one.supporter_uuid and one.class_uuid
    )
    head = "牟晓琴"
    with store.action("新的班主任", kind="test") as action:
        led = "SELECT k.uuid FROM class_teacher k JOIN school_class s ON s.id = k.school_class_id WHERE s.uuid = ?"
        for (uuid,) in store.rows(led, (item.class_uuid,)):
            action.update(ClassTeacher, uuid, valid_to="2026-11-01")
        (cls,) = store.one("SELECT id FROM school_class WHERE uuid = ?", (item.class_uuid,))
        staff = action.insert(Staff, name=head, duty="语文教师（兼）")
        action.insert(ClassTeacher, school_class=cls, staff=staff, valid_from="2026-11-01")
    draft = FormDraft(child_uuid=item.child_uuid, activity="talk", supporter_uuid=item.supporter_uuid)
    print_forms(store, drafts=[draft])
    (form,) = forms_with_who(store)
    assert form.supporter == item.supporter
    with store.action("离开", kind="test") as action:
        action.update(Staff, staff_of(store, item), left_on="2026-11-17")
    (form,) = forms_with_who(store)
    assert (form.supporter, form.supporter_uuid) == (head, "")
    text = on_paper(store, reader, tmp_path / "a.pdf", form_again(form))
    assert f"谈话人（{head}，语文教师）" in text
    assert item.supporter not in text
