"""What is kept in memory between two reads: after every kind of save it is what a fresh look says."""

import shutil
from datetime import date

import pytest

from app.children.codes import CareKind, Relation
from app.children.drafts import PersonDraft
from app.children.service_care import set_care
from app.children.service_family import link_person
from app.children.tables import Away, CategoryFlag, Child, Doubt, Life, Phone, Registration, Residence
from app.diary.tables import Absence, Counselling, Promise, TriggerEvent
from app.dossier.service_bin import move_to_bin, restore_from_bin
from app.dossier.service_merge import merge_children
from app.pairing.tables import BackgroundCheck, PairingRow, Supporter
from app.school.codes import DayKind
from app.school.limits import Limit, set_limit
from app.school.queries import school_calendar
from app.school.service_calendar import set_day, set_term
from app.school.tables import Staff
from app.storage.history import undo
from app.storage.store import Store
from app.tasks.purge import purge_children
from app.tasks.today import due_children
from app.todo import kept as kept_module
from app.todo.codes import Per, Scope
from app.todo.coverage import guidance_coverage
from app.todo.kept import kept
from app.todo.queries import due_items
from app.todo.service import set_cadence
from app.todo.service_forms import FormDraft
from app.todo.tables import PaperForm
from tests.app.todo.conftest import child_id, record, supporter_id, write
from tests.printed_forms import print_forms

DAY = date(2026, 11, 18)


def uuid_of(store, name):
    return store.one("SELECT uuid FROM child WHERE name = ?", (name,))[0]


def row_of(store, table, name):
    return store.one(f"SELECT uuid FROM {table} WHERE child_id = ?", (child_id(store, name),))[0]


def promised(store):
    write(store, Promise, child=child_id(store, "覃龑"), content="借一本书", promised_on="2026-11-02")


def happened(store):
    write(
        store,
        TriggerEvent,
        child=child_id(store, "龙婷"),
        rule_code="late",
        happened_on="2026-11-12",
        entered_on="2026-11-12",
    )


def counselled(store):
    write(
        store,
        Counselling,
        child=child_id(store, "龙婷"),
        number="1",
        happened_on="2026-11-12",
        entered_on="2026-11-12",
        key_uuid="k",
        sealed="x",
    )


def absent(store):
    write(store, Absence, child=child_id(store, "龙婷"), happened_on="2026-11-09", entered_on="2026-11-09")


def left(store):
    with store.action("离开", kind="test") as action:
        action.update(Supporter, store.one("SELECT uuid FROM supporter")[0], left_on="2026-11-10")


def off_the_ledger(store):
    with store.action("离校", kind="test") as action:
        action.update(Registration, row_of(store, "registration", "龙婷"), valid_to="2026-11-10")


def about_grandmother(store, model, **known):
    """Something new of somebody who is around a child already."""
    grandmother = PersonDraft(name="田秀莲", relation=Relation.MATERNAL_GRANDMOTHER)
    link_person(store, child_uuid=uuid_of(store, "龙婷"), draft=grandmother)
    set_care(
        store,
        child_uuid=uuid_of(store, "龙婷"),
        kind=CareKind.GRANDPARENTS,
        person_uuid=store.one("SELECT uuid FROM person")[0],
        since="2026-03-02",
    )
    before = look(store)
    write(store, model, person=store.one("SELECT id FROM person")[0], **known)
    assert look(store) != before


def merged(store):
    merge_children(store, keep_uuid=uuid_of(store, "覃龑"), drop_uuid=uuid_of(store, "龙婷"))


def purged(store):
    uuid = uuid_of(store, "龙婷")
    move_to_bin(store, uuids=[uuid])
    due_items(store)
    purge_children(store, uuids=[uuid], reason="家长要求")


def renamed(store):
    with store.action("改名", kind="test") as action:
        action.update(Child, uuid_of(store, "覃龑"), name="覃䶮")


def days_off(store):
    for day in (16, 17, 18):
        set_day(store, day=date(2026, 11, day), kind=DayKind.HOLIDAY, name="停课")


def another_supporter(store):
    with store.action("结对", kind="test") as action:
        staff = action.insert(Staff, name="谢文斌")
        other = action.insert(Supporter, staff=staff, identity="staff")
        action.insert(
            PairingRow,
            child=child_id(store, "单永强"),
            kind="mentor",
            supporter=other,
            valid_from="2026-11-02",
        )


def merged_with_two_forms(store):
    """Each file had a form of the talk out: of the two the one that stays waits for the same paper, today and tomorrow."""
    first = supporter_id(store)
    other = write(store, Supporter, name="丁一", identity="volunteer")
    for name, code, who in (("龙婷", "ABCD2345", first), ("单永强", "ABCD2346", other)):
        given = {"child": child_id(store, name), "printed_on": "2026-11-16", "supporter": who}
        write(store, PaperForm, activity="talk", code=code, batch="b", **given)
    look(store)
    merge_children(store, keep_uuid=uuid_of(store, "单永强"), drop_uuid=uuid_of(store, "龙婷"))


def followed_up_on_one_day(store):
    """Two that are to be followed up on the same day stand in one order, whichever way they are looked for."""
    for day, kind in (("2026-11-12", "home_visit"), ("2026-11-11", "talk")):
        record(store, "龙婷", day, kind, follow_up_on="2026-11-19")


SAVES = {
    "a talk": lambda store: record(store, "覃龑", "2026-11-16", mind=1),
    "a visit that is followed up": lambda store: record(
        store, "龙婷", "2026-11-10", "home_visit", follow_up_on="2026-11-17", conduct=1
    ),
    "a promise": promised,
    "an event": happened,
    "counselling": counselled,
    "an absence": absent,
    "a check": lambda store: write(
        store, BackgroundCheck, supporter=supporter_id(store), checked_on="2026-11-01", result="clear"
    ),
    "set apart": lambda store: write(
        store, CategoryFlag, child=child_id(store, "覃龑"), category="priority", valid_from="2026-11-01"
    ),
    "a pair": lambda store: write(
        store,
        PairingRow,
        child=child_id(store, "单永强"),
        kind="mentor",
        supporter=supporter_id(store),
        valid_from="2026-11-02",
    ),
    "a pair with somebody new": another_supporter,
    "a supporter who left": left,
    "off the ledger": off_the_ledger,
    "the recycle bin": lambda store: move_to_bin(store, uuids=[uuid_of(store, "覃龑")]),
    "a rule": lambda store: set_cadence(store, activity="talk", times=3, per=Per.MONTH, since=DAY),
    "a name": renamed,
    "a printed form": lambda store: print_forms(
        store, drafts=[FormDraft(child_uuid=uuid_of(store, "覃龑"), activity="talk")]
    ),
    "nobody at home": lambda store: set_care(
        store, child_uuid=uuid_of(store, "龙婷"), kind=CareKind.UNGUARDED, since="2026-11-02"
    ),
    "a grown-up with a number": lambda store: link_person(
        store,
        child_uuid=uuid_of(store, "龙婷"),
        draft=PersonDraft(name="龙海燕", relation=Relation.MOTHER, phones=("13900001111",)),
    ),
    "a number that was tried": lambda store: about_grandmother(
        store, Phone, number="13900001111", confirmed_on="2026-11-18"
    ),
    "a grown-up who is nowhere to be found": lambda store: about_grandmother(store, Life, status="missing"),
    "a grown-up who is coming back": lambda store: about_grandmother(
        store, Away, state="out", expected_return="2026-11-17", valid_from="2026-09-01"
    ),
    "where she lives": lambda store: write(
        store, Residence, child=child_id(store, "龙婷"), address="青石坪村 4 组", valid_from="2026-09-01"
    ),
    "a doubt": lambda store: write(
        store, Doubt, child=child_id(store, "龙婷"), field="id_number", code="id", reason="校验位不对"
    ),
    "two files that became one": merged,
    "two files with a form of one kind out each": merged_with_two_forms,
    "two follow-ups on one day": followed_up_on_one_day,
    "destroyed": purged,
}


def look(store):
    """What the page asks, with the sentences of each item."""
    term = school_calendar(store).term_in_force(DAY)
    return due_items(store), guidance_coverage(store, term, DAY), due_children(store)


def fresh(store):
    kept_module._KEPT.pop(store, None)
    return look(store)


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_after_a_save_it_is_what_a_fresh_look_says(store, save):
    twice = {"activity": "talk", "times": 2, "per": Per.WEEK, "scope": Scope.PRIORITY}
    set_cadence(store, **twice, since=date(2026, 9, 1))
    before = look(store)
    save(store)
    after = look(store)
    assert after == fresh(store)
    assert after != before, "the save had to change something"


@pytest.mark.parametrize("save", ["a talk", "a pair", "two files that became one", "a rule"])
def test_after_an_undo_too(store, save):
    record(store, "龙婷", "2026-11-02", mind=1)
    before = look(store)
    SAVES[save](store)
    look(store)
    undo(store, store.one("SELECT uuid FROM action ORDER BY id DESC LIMIT 1")[0], by=None)
    assert look(store) == before == fresh(store)


def test_another_day_is_another_list(store, clock):
    before = due_items(store)
    clock.advance(days=8)
    after = due_items(store)
    assert after.as_of == date(2026, 11, 26)
    assert after == fresh(store)[0]
    assert after.items != before.items


@pytest.mark.parametrize(
    "change",
    [
        days_off,
        lambda store: set_term(
            store, school_year=2026, ordinal=1, starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 13)
        ),
        lambda store: set_limit(store, code=Limit.PAIR_WITHIN_DAYS, number=60, since=date(2026, 9, 1)),
    ],
    ids=["a day off", "the term", "a limit"],
)
def test_rules_calendar_and_limits_change_it_for_everybody(store, change):
    record(store, "覃龑", "2026-11-12")
    before = look(store)
    change(store)
    assert look(store) == fresh(store) != before


def test_a_reader_beside_the_window_sees_what_is_saved(store):
    with Store.open(store.path, clock=store.clock, read_only=True) as reader:
        before = look(reader)
        record(store, "覃龑", "2026-11-16", mind=1)
        assert look(reader) == look(store) != before


def test_another_file_in_its_place_is_another_list(store, school_file, clock):
    """A restore opens the ledger anew: nothing of the one before is remembered, not even at the same save."""
    record(store, "覃龑", "2026-11-16")
    before, path = look(store), store.path
    store.close()
    shutil.copyfile(school_file, path)
    with Store.open(path, clock=clock, as_it_is=True) as other:
        record(other, "龙婷", "2026-11-16")
        assert look(other) == fresh(other) != before


def test_back_from_the_bin(store):
    before = look(store)
    move_to_bin(store, uuids=[uuid_of(store, "覃龑")])
    look(store)
    restore_from_bin(store, uuids=[uuid_of(store, "覃龑")])
    assert look(store) == before


def test_what_is_not_saved_is_not_kept(store):
    before = look(store)
    with store.rehearsal("试一试") as action:
        action.update(Registration, row_of(store, "registration", "龙婷"), valid_to="2026-11-10")
        assert look(store) != before
    assert look(store) == before


class Reader:
    """Counts its reads."""

    def __init__(self):
        self.anew, self.renewed = 0, []

    def read(self, store):
        def read_anew():
            self.anew += 1
            return "known"

        def renew(known, touched):
            self.renewed.append(touched)
            return known

        return kept(store, "counted", read_anew, renew)


def test_only_the_child_that_was_touched_is_looked_at_again(store):
    reader = Reader()
    reader.read(store)
    reader.read(store)
    record(store, "覃龑", "2026-11-16")
    reader.read(store)
    assert (reader.anew, reader.renewed) == (1, [{child_id(store, "覃龑")}])


@pytest.mark.parametrize("save", ["a number that was tried", "where she lives"])
def test_what_is_about_a_family_is_looked_at_again_for_its_children_only(store, save):
    reader = Reader()
    reader.read(store)
    SAVES[save](store)
    reader.read(store)
    assert (reader.anew, reader.renewed) == (1, [{child_id(store, "龙婷")}])


def test_many_changes_at_once_are_read_anew(store, monkeypatch):
    reader = Reader()
    reader.read(store)
    monkeypatch.setattr(kept_module, "MOST", 1)
    record(store, "覃龑", "2026-11-16")
    reader.read(store)
    assert len(reader.renewed) == 1
    move_to_bin(store, uuids=[uuid_of(store, "覃龑")])
    reader.read(store)
    assert (reader.anew, len(reader.renewed)) == (2, 1)


def test_what_is_saved_while_somebody_reads_is_not_missed(store):
    """A reader beside the window: the save falls between its look and its note of how far it looked."""
    with Store.open(store.path, clock=store.clock, read_only=True) as reader:
        seen = []

        def read_anew():
            record(store, "覃龑", "2026-11-16")
            return "known"

        def renew(known, touched):
            seen.append(touched)
            return known

        kept(reader, "slow", read_anew, renew)
        kept(reader, "slow", read_anew, renew)
    assert seen == [{child_id(store, "覃龑")}]
