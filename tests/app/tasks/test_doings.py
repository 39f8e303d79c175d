"""Which of the things done on a day can be taken back."""

import pytest

from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.core.clock import FixedClock
from app.school.codes import HandoverKind
from app.school.handover import handovers, log_handover, one_act
from app.school.service import init_school
from app.storage.history import actions
from app.storage.store import Store
from app.tasks.doings import STAYING, acts, doings


@pytest.fixture
def store(tmp_path, clock: FixedClock):
    with Store.create(tmp_path / "守望.db", clock=clock) as made:
        init_school(made, name="青石坪镇中心小学")
        yield made


def test_the_founding_stays_and_the_rest_of_today_can_be_taken_back(store, clock):
    add_child(store, draft=ChildDraft(name="张伟"))
    added, founding = doings(store, clock.today()).doings
    assert (added.verb, added.why) == ("撤销", "")
    assert (founding.verb, founding.why) == ("", "不能撤销")
    assert {"handover", "drill", "purge"} <= STAYING


def test_a_day_with_a_flipped_digit_is_none_to_turn_to(store, clock):
    add_child(store, draft=ChildDraft(name="张伟"))
    store.db.execute_sql(
        "UPDATE action SET at = '2026-91-21T08:00:00' WHERE id = (SELECT max(id) FROM action)"
    )
    assert doings(store, clock.today()).after is None


def test_yesterday_can_only_be_read(store, clock):
    yesterday = clock.today()
    clock.advance(days=1)
    found = doings(store, clock.today())
    assert not found.doings
    assert (found.before, found.after) == (yesterday, None)
    earlier = doings(store, yesterday)
    assert {one.verb for one in earlier.doings} == {""}
    assert earlier.before is None


def out(store, *sheets):
    for sheet in sheets:
        log_handover(store, kind=HandoverKind.EXPORT, content=sheet, people=2)


def test_what_one_press_wrote_is_one_thing_done(store, clock):
    """Every file keeps its own entry in the log; an act that fails half-way tells as much as went out."""
    out(store, "台账")
    with one_act():
        out(store, "一（1）班", "一（2）班", "各班")
    with pytest.raises(OSError, match="full"), one_act():
        out(store, "花名册", "登记册")
        raise OSError("full")
    with one_act():
        out(store, "纸表")
    out(store, "台账")
    told = [(one.words, one.rows, one.why) for one in doings(store, clock.today()).doings][:-1]
    assert told == [
        ("导出：台账", 1, "不能撤销"),
        ("导出：纸表", 1, "不能撤销"),
        ("导出：花名册等 2 份", 2, "不能撤销"),
        ("导出：一（1）班等 3 份", 3, "不能撤销"),
        ("导出：台账", 1, "不能撤销"),
    ]
    assert len(handovers(store)) == 8


def test_an_act_cut_off_by_a_limit_is_still_told(store):
    with one_act():
        out(store, "一（1）班", "一（2）班", "各班")
    assert [one.words for one in acts(actions(store, limit=2))] == ["导出：一（2）班等 2 份"]
