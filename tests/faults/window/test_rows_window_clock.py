"""R30, R31 in the real window: the battery of the clock is empty, the clock jumps, the calendar has its corners."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

import pytest

from app.children.codes import Relation
from app.children.drafts import ChildDraft, PersonDraft
from app.children.queries import load_child
from app.children.service import add_child
from app.children.service_facts import record_fact
from app.children.service_family import add_phone, confirm_phone
from app.core.dates import age_on, months_before
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft, draft_uuid
from app.diary.queries import RecordFilters, records
from app.diary.service_events import report_event
from app.diary.service_promises import add_promise
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.storage.backups import Reason, list_backups, make_backup
from app.storage.history import actions
from app.tasks.diary import save_record
from app.tasks.glance import DueKind, glance, in_order
from app.tasks.today import due_children
from app.todo.queries import due_items
from app.todo.rules import DueKind as Overdue
from app.todo.rules import State

BACK_TO = (datetime(2020, 1, 1, 0, 1), datetime(2008, 1, 1, 0, 0))


def set_to(clock, moment):
    clock.advance(seconds=(moment - clock.now()).total_seconds())


def tables(store):
    """How many rows every table holds."""
    names = [name for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: store.one(f'SELECT count(*) FROM "{name}"')[0] for name in names if name != "meta"}


def due(desk):
    """What is to be done, as today's page reads it."""
    found = desk.asks(glance, desk.context.backup_folder)
    return in_order(found.items, desk.asks(due_children).items)


def overdue(desk):
    """Whom, what kind and what is overdue, as today's page lists it."""
    return {
        (item.child_uuid, item.kind, item.fact)
        for item in desk.asks(due_items).items
        if item.state is State.OVERDUE
    }


def visit(child, day):
    return RecordDraft(
        uuid=draft_uuid(), children=(child,), kind=Activity.HOME_VISIT, happened_on=day, content="看了屋"
    )


# ---- R30 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("back_to", BACK_TO, ids=["2020", "2008"])
def test_r30_the_clock_is_years_back(row, sits, folders, clock, back_to, whole):
    set_to(clock, datetime(2026, 11, 1, 9))
    desk = sits()
    for _ in range(24):
        clock.advance(hours=20)
        desk.context.jobs.run(make_backup, desk.context.store, reason=Reason.BY_HAND, folder=folders[1])
    desk.settles()
    set_to(clock, datetime(2026, 11, 21, 10, 42))
    page = desk.opens_child("曾小雨")
    mother = page.clerk.facts.relative(Relation.MOTHER).uuid
    desk.context.write(add_phone, person_uuid=mother, number="13911112222", confirmed_on="2026-11-21")
    # What is known of a day to come: a father who leaves next month.
    father = page.clerk.facts.relative(Relation.FATHER).uuid
    values = {"state": "out", "place": "浙江温州"}
    desk.context.write(record_fact, table="away", subject_uuid=father, values=values, since="2026-12-20")
    # What was promised and what happened, both overdue; a visit of a day to come.
    rain = desk.uuid_of("曾小雨")
    promised = {"child_uuid": rain, "content": "带一本书", "promised_on": "2026-11-03"}
    desk.context.write(add_promise, due_on="2026-11-10", **promised)
    desk.context.write(report_event, child_uuid=rain, rule_code="unwell", happened_on="2026-11-05")
    desk.context.write(save_record, draft=visit(rain, "2026-12-03"))
    desk.settles()
    before, entered, owed = desk.asks(tables), desk.actions(), overdue(desk)
    assert {Overdue.PROMISE, Overdue.EVENT} <= {kind for _, kind, _ in owed}
    desk.leaves()
    kept = {backup.path for backup in list_backups(folders[1])}
    assert len(kept) > 3

    set_to(clock, back_to)
    desk = sits()
    desk.settles()
    row.round(injected=1)
    years = {2020: "6 年", 2008: "18 年"}[back_to.year]
    if not any("电脑时间可能不对" in words and f"早 {years}" in words for words in desk.banners()):
        row.wrong(f"the bars say {desk.banners()}")
    if desk.asks(tables) != before:
        row.lost("rows of days that are still to come")
    # She is not kept from working, and what she does is in order by its number.
    page = desk.opens_child("邹星宇")
    field = page.personal.field("student_no")
    field.setText("9")
    field.leave()
    desk.settles()
    row.round(acked=1)
    if desk.actions() != entered + 1:
        row.lost("an entry while the clock was wrong")
    newest = desk.asks(lambda store: store.one("SELECT words FROM action ORDER BY commit_no DESC LIMIT 1")[0])
    listed = desk.asks(lambda store: next(one.words for one in actions(store)))
    if newest != listed or "邹星宇" not in newest:
        row.broken("the list of what was done goes by the clock")
    # Nothing that was owed is green, and a record counts as written down on the last day the ledger was written in.
    if not owed <= overdue(desk):
        row.wrong(f"{len(owed - overdue(desk))} things that were overdue are not any more")
    late = visit(rain, "2026-11-01")
    desk.context.write(save_record, draft=late)
    desk.settles()
    row.round(acked=1)
    (line,) = [one for one in desk.asks(records, RecordFilters(child_uuid=rain)) if one.uuid == late.uuid]
    if (line.entered_on, line.late_days) != ("2026-11-21", 20):
        row.wrong(f"written {line.entered_on}, {line.late_words or 'in time'}")
    # Backups go on, and no older one goes.
    for _ in range(5):
        clock.advance(minutes=40)
        desk.context.jobs.run(make_backup, desk.context.store, reason=Reason.BY_HAND, folder=folders[1])
    desk.settles()
    gone = kept - {backup.path for backup in list_backups(folders[1])}
    if gone:
        row.lost(f"{len(gone)} backups were thinned while the clock was wrong", len(gone))
    kinds = {item.kind for item in due(desk)}
    for kind in (DueKind.NUMBER, DueKind.STICK):
        if kind not in kinds:
            row.wrong(f"what is due is all green: {kind}")
    if desk.told:
        row.wrong(f"said {desk.told}")
    desk.leaves()

    # The battery is new: everything is there, and the bar is gone.
    set_to(clock, datetime(2026, 11, 23, 9))
    desk = sits()
    desk.settles()
    row.round()
    if any("电脑时间" in words for words in desk.banners()):
        row.wrong("a clock that is right is doubted")
    if desk.actions() != entered + 2:
        row.lost("an entry of the days with the wrong clock")
    desk.leaves()
    whole(folders[0], ["曾小雨", "邹星宇"])


# ---- R31 ------------------------------------------------------------------------------------------------------------


def test_r31_forward_and_back_again(row, sits, folders, clock, whole):
    desk = sits()
    desk.leaves()
    kept = {backup.path for backup in list_backups(folders[1])}
    clock.advance(days=800)
    desk = sits()
    desk.settles()
    row.round(injected=1)
    if not any("电脑时间可能不对" in words and "晚 2 年" in words for words in desk.banners()):
        row.wrong(f"two years ahead the bars say {desk.banners()}")
    page = desk.opens_child("曾小雨")
    father = page.clerk.facts.relative(Relation.FATHER).uuid
    desk.context.write(add_phone, person_uuid=father, number="13911113333", confirmed_on="2029-01-29")
    desk.settles()
    rows = desk.asks(tables)
    desk.leaves()
    clock.advance(days=-799)
    desk = sits()
    desk.settles()
    row.round(injected=1, acked=1)
    if not any("比上次用" in words and "早 2 年" in words for words in desk.banners()):
        row.wrong(f"back again the bars say {desk.banners()}")
    if desk.asks(tables) != rows:
        row.lost("what was entered while the clock was ahead")
    if DueKind.NUMBER not in {item.kind for item in due(desk)}:
        row.wrong("a number tried on a day that is still to come counts as tried")
    desk.leaves()
    if not kept <= {backup.path for backup in list_backups(folders[1])}:
        row.lost("a backup, while the clock jumped")
    whole(folders[0], ["曾小雨"])


LEAP = ChildDraft(name="牟闰月", birth_date="2016-02-29", class_ref=ClassRef(Stage.PRIMARY, 2022, 1))
BIRTHDAYS = (
    (date(2027, 2, 28), 10),
    (date(2027, 3, 1), 11),
    (date(2028, 2, 28), 11),
    (date(2028, 2, 29), 12),
)


def test_r31_a_leap_day_a_31st_and_a_term_over_new_year(row, desk, clock):
    desk.context.write(add_child, draft=LEAP)
    desk.settles()
    for day, years in BIRTHDAYS:
        row.round(injected=1)
        set_to(clock, datetime.combine(day, datetime.min.time()) + timedelta(hours=8))
        desk.window.open_child(LEAP.uuid)
        desk.settles()
        if f"{years} 岁" not in desk.reads(desk.page.personal):
            row.wrong(f"born on 29 February, on {day} the page does not say {years}")
        assert age_on(LEAP.birth_date, day) == years

    # Over New Year the term and the classes stay.
    for day in (date(2026, 12, 31), date(2027, 1, 1)):
        row.round(injected=1)
        set_to(clock, datetime.combine(day, datetime.min.time()) + timedelta(hours=8))
        desk.window.refresh_status()
        desk.settles()
        if "2026学年第一学期" not in desk.window.status._term.text():
            row.wrong(f"on {day} the term is {desk.window.status._term.text()}")
        classes = {child.name: child.school_class.name for child in desk.children() if child.school_class}
        if classes["曾小雨"] != "四（2）班":
            row.broken(f"New Year moved a class: {classes['曾小雨']}")

    # A number tried on 1 December is due on the ninety-first day, over New Year and the end of February.
    tried = PersonDraft(relation=Relation.OTHER_RELATIVE, name="向桂香", phones=("13922221111",))
    alone = ChildDraft(name="牟九十", people=(tried,), class_ref=ClassRef(Stage.PRIMARY, 2024, 1))
    desk.context.write(add_child, draft=alone)
    desk.settles()
    numbers = [
        one for person in desk.asks(load_child, alone.uuid, clock.today()).relatives for one in person.phones
    ]
    desk.context.write(confirm_phone, phone_uuid=numbers[0].uuid, on="2026-12-01")
    desk.settles()
    for day, is_due in ((date(2027, 3, 1), False), (date(2027, 3, 2), True)):
        row.round(injected=1)
        set_to(clock, datetime.combine(day, datetime.min.time()) + timedelta(hours=8))
        waiting = {uuid for item in due(desk) if item.kind is DueKind.NUMBER for uuid in item.children}
        if (alone.uuid in waiting) is not is_due:
            row.wrong(f"on {day} the number is {'not ' if is_due else ''}due")

    # The day before a month's length matters: every day of three years, back by 0 to 25 months.
    day = date(2026, 1, 1)
    while day < date(2029, 1, 1):
        for months in range(26):
            found = months_before(day, months)
            same_month = (day.year * 12 + day.month - months) == (found.year * 12 + found.month)
            if not same_month or found.day != min(day.day, monthrange(found.year, found.month)[1]):
                row.broken(f"{months} months before {day} is {found}")
        day += timedelta(days=1)
    row.round(injected=1)
