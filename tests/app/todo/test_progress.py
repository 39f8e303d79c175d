"""What supporters have done beside what was due, and which guidances the children got."""

from datetime import date

from app.diary.tables import CareRecord, Counselling
from app.pairing.codes import Guidance
from app.pairing.tables import PairingRow
from app.school.queries import school_calendar
from app.todo.coverage import done_between, guidance_coverage
from app.todo.progress import Tally, child_progress, pair_progress, supporter_progress
from tests.app.todo.conftest import child_id, every_week, record, write

DAY = date(2026, 11, 18)


def term(store):
    return school_calendar(store).term_in_force(DAY)


def test_done_beside_due_for_all_children_of_a_supporter(store):
    every_week(store, "覃龑", "2026-11-12")
    record(store, "覃龑", "2026-10-13", "home_visit")
    (found,) = supporter_progress(store, term(store), DAY).values()
    weeks = 11  # of 12 begun by that Wednesday, each with at least three school days
    assert found.children == 2
    # The pairs began on 1 September, so the first full week is that of the 7th.
    assert found.talks == Tally(11, 2 * (weeks - 1))
    assert found.visits == Tally(1, 2 * 2)
    assert found.talks.low
    assert found.last_on == "2026-11-12"
    assert (found.calls, found.records) == (Tally(), Tally(12, 24))


def test_a_pairing_on_paper_only_is_seen(store):
    (found,) = supporter_progress(store, term(store), DAY).values()
    assert (found.last_on, found.talks.done) == (None, 0)
    assert found.talks.due > 0


def test_a_proxy_parent_is_not_accused_of_talks_nobody_asks_of_it(store):
    with store.action("改类别", kind="pair") as action:
        for (uuid,) in store.rows("SELECT uuid FROM pairing"):
            action.update(PairingRow, uuid, kind="proxy_parent")
    (found,) = supporter_progress(store, term(store), DAY).values()
    assert (found.talks, found.visits) == (Tally(), Tally(0, 4))
    assert not found.talks.low


def test_every_child_beside_what_was_due_for_it(store):
    record(store, "单永强", "2026-11-12")
    uuid = store.one("SELECT uuid FROM child WHERE name = '单永强'")[0]
    found = child_progress(store, term(store), DAY)
    assert len(found) == 3
    assert found[uuid]["talk"] == Tally(1, 1)


def test_a_pair_is_told_only_what_its_own_supporter_did(store):
    """The class teacher's talk with the child is none of the supporter's."""
    every_week(store, "覃龑", "2026-11-12")
    record(store, "覃龑", "2026-10-13", "home_visit")
    (key, own), (other, none) = sorted(
        pair_progress(store, term(store), DAY).items(), key=lambda item: -item[1]["talk"].done
    )
    assert key[1] == store.one("SELECT uuid FROM child WHERE name = '覃龑'")[0]
    assert (own["talk"], own["home_visit"]) == (Tally(11, 10), Tally(1, 2))
    assert (other[0], none["talk"]) == (key[0], Tally(0, 10))
    with store.action("换人记的", kind="record") as action:
        for (uuid,) in store.rows("SELECT uuid FROM care_record"):
            action.update(CareRecord, uuid, supporter=None)
    found = pair_progress(store, term(store), DAY)
    assert found[key]["talk"] == Tally(0, 10)
    assert child_progress(store, term(store), DAY)[key[1]]["talk"].done == 11


def test_of_a_proxy_parent_no_talk_is_told(store):
    with store.action("改类别", kind="pair") as action:
        for (uuid,) in store.rows("SELECT uuid FROM pairing"):
            action.update(PairingRow, uuid, kind="proxy_parent")
    for own in pair_progress(store, term(store), DAY).values():
        assert "talk" not in own
        assert own["home_visit"] == Tally(0, 2)


def test_who_was_never_talked_to_about_mind_or_conduct_is_named(store):
    record(store, "覃龑", "2026-11-12", mind=1, study=1)
    record(store, "龙婷", "2026-11-12", life=1)
    found = guidance_coverage(store, term(store), DAY)
    assert [found.covered(one) for one in Guidance] == [1, 1, 1, 0]
    names = dict(store.rows("SELECT uuid, name FROM child"))
    assert {names[uuid] for uuid in found.neither_mind_nor_conduct} == {"龙婷", "单永强"}
    assert done_between(store, date(2026, 11, 9), date(2026, 11, 15)) == {"talk": 2}

    write(
        store,
        Counselling,
        child=child_id(store, "龙婷"),
        number="2026-001",
        happened_on="2026-11-13",
        entered_on="2026-11-13",
        key_uuid="k",
        sealed="x",
    )
    found = guidance_coverage(store, term(store), DAY)
    assert {names[uuid] for uuid in found.neither_mind_nor_conduct} == {"单永强"}
