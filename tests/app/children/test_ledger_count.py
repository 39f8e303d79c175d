"""The quick count of the ledger agrees with the facts of every child."""

from datetime import date, datetime
from itertools import product
from random import Random

import pytest

from app.children import ledger_count as ledger_counting
from app.children.codes import RegistrationEnd, RegistrationKind, Sex
from app.children.drafts import ChildDraft
from app.children.ledger_count import ledger_count
from app.children.queries import load_facts
from app.children.service import add_children
from app.children.service_status import leave, register
from app.core.clock import FixedClock
from app.storage.store import Store
from app.tasks.demo import make_demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    clock = FixedClock(datetime(2026, 11, 21, 9))
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path, clock=clock, children=60)
    with Store.open(path, clock=clock) as store:
        yield store


@pytest.mark.parametrize(
    "day", [date(2026, 11, 21), date(2027, 9, 2), date(2025, 10, 8), date(2026, 2, 1), date(2020, 1, 1)]
)
def test_counts_who_is_on_the_ledger_that_day(demo, day):
    """In September 2027 the last cohort waits for 确认毕业 and is counted in neither."""
    ledger = load_facts(demo, day, only_registered=True)
    count = ledger_count(demo, day)

    assert count.total == len(ledger)
    assert count.boys == sum(child.sex is Sex.MALE for child in ledger)
    assert count.girls == sum(child.sex is Sex.FEMALE for child in ledger)
    assert count.known == len(load_facts(demo, day))


def test_the_waiting_cohort_makes_a_difference(demo):
    assert 0 < ledger_count(demo, date(2027, 9, 2)).total < ledger_count(demo, date(2027, 8, 1)).total


STARTS = (None, "2024", "2025", "2026", "2026-11", "2026-10", "2026-11-20", "2026-11-21", "2026-09-01")
ENDS = (None, "2026-11-20", "2026-11-21", "2026-12-05")


@pytest.mark.parametrize("seed", range(6))
def test_however_vague_their_dates_each_child_is_counted_once(store, classes, seed):
    """Open and ended, of a year, a month or a day; of classes that go on and of one that waits for 确认毕业."""
    pick = Random(seed)
    cases = [(start, end) for start, end in product(STARTS, ENDS) if not (start and end and start >= end)]
    drafts = [
        ChildDraft(
            name=f"覃{number:02}",
            sex=pick.choice((Sex.MALE, Sex.FEMALE, None)),
            class_uuid=pick.choice((classes["六（2）班"], classes["一（1）班"])).uuid,
            since="2021-09-01",
            registered=False,
        )
        for number in range(len(cases))
    ]
    add_children(store, drafts=drafts)
    for draft, (start, end) in zip(drafts, pick.sample(cases, len(cases)), strict=True):
        kind = pick.choice((RegistrationKind.LEFT_BEHIND,) * 4 + (RegistrationKind.MIGRANT,))
        register(store, child_uuid=draft.uuid, since=start, kind=kind)
        if end and kind is RegistrationKind.LEFT_BEHIND:
            leave(store, child_uuid=draft.uuid, reason=RegistrationEnd.ONE_PARENT_BACK, on=end)

    for day in (date(2026, 11, 21), date(2026, 11, 2), date(2027, 1, 5), date(2027, 9, 2), date(2024, 5, 1)):
        ledger = load_facts(store, day, only_registered=True)
        assert ledger or day.year == 2027
        count = ledger_count(store, day)
        assert [count.boys, count.girls, count.unknown_sex] == [
            sum(child.sex is sex for child in ledger) for sex in (Sex.MALE, Sex.FEMALE, None)
        ]
        assert count.known == len(drafts)


def test_the_words_it_counts_by_are_the_codes():
    """It does without the module of the codes, which the first page would have to wait for."""
    counted = (ledger_counting._ON_THE_LEDGER, ledger_counting._MALE, ledger_counting._FEMALE)
    assert counted == (f"kind = '{RegistrationKind.LEFT_BEHIND.value}'", Sex.MALE.value, Sex.FEMALE.value)
