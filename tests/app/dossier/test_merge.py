"""Two files of one child become one: nothing is dropped, and undo gives back exactly what was."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.children.codes import AwayState, BirthSource, CareKind, Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.duplicates import duplicate_pairs
from app.children.finding import siblings
from app.children.queries import load_child
from app.children.service import add_child, change_field
from app.children.service_care import set_care
from app.children.service_facts import record_fact
from app.children.service_family import link_person
from app.children.tables import DATED, ContactOrder, Doubt, OfChild
from app.core.errors import UserError
from app.diary.absences import absences
from app.diary.codes import AbsenceEnd
from app.diary.service_absences import AbsenceDraft, PersuasionDraft, save_absence, save_persuasion
from app.dossier.merge import MergeChoices, Pairing, Side, merge_preview
from app.dossier.service_bin import move_to_bin
from app.dossier.service_merge import merge_children, merge_people
from app.storage.history import undo
from tests.app.children.builders import DAY
from tests.sampling import sampled

MUM = PersonDraft(relation=Relation.MOTHER, name="向桂香", phones=("15900000380",), away=AwayState.OUT)
GRAN = PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, name="田秀莲", phones=("13800006217",))


def add(store, name, *people, **known):
    draft = ChildDraft(name=name, people=people, **known)
    add_child(store, draft=draft)
    return draft.uuid


def read(store, uuid):
    return load_child(store, uuid, DAY)


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


def everything(store):
    """Every row of every table but the account the file keeps of what was done."""
    tables = store.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    kept = [name for (name,) in tables if name not in ("action", "change", "current_action", "meta")]
    return {name: store.rows(f'SELECT * FROM "{name}" ORDER BY id') for name in kept}


def live_facts(store, uuid):
    return {
        (model._meta.table_name, row[0])
        for model in DATED.values()
        if issubclass(model, OfChild)
        for row in store.rows(
            f"SELECT f.uuid FROM {model._meta.table_name} f JOIN child c ON c.id = f.child_id"
            " WHERE c.uuid = ? AND f.deleted_at IS NULL",
            (uuid,),
        )
    }


def test_everything_of_the_one_that_goes_stands_under_the_other(store):
    keep = add(store, "张伟", sex=Sex.MALE)
    drop = add(store, "张伟", GRAN, birth_date="2015-03-12", id_number="11010120150312001X")
    set_care(store, child_uuid=drop, kind=CareKind.GRANDPARENTS, person_uuid=None, since=None)
    mine = live_facts(store, drop)
    seen = merge_preview(store, keep, drop)
    assert seen.records >= len(mine)
    assert "记录都并过来" in seen.words
    result = merge_children(store, keep_uuid=keep, drop_uuid=drop)
    child = read(store, keep)
    assert child.id_number == "11010120150312001X"
    assert child.sex is Sex.MALE
    assert [person.name for person in child.relatives] == ["田秀莲"]
    assert child.care is not None
    binned = {uuid for _, uuid in mine - live_facts(store, keep)}
    assert len(binned) == result.binned
    for table, uuid in mine:
        (owner,) = store.rows(
            f"SELECT c.uuid FROM {table} f JOIN child c ON c.id = f.child_id WHERE f.uuid = ?", (uuid,)
        )[0]
        assert owner == keep
    assert read(store, drop) is None
    before = live_facts(store, drop)
    assert not before


def test_what_she_chose_stands(store):
    keep = add(store, "张伟", birth_date="2015-03-12", note="爱唱歌")
    drop = add(store, "张炜", birth_date="2015-03", note="怕黑")
    seen = merge_preview(store, keep, drop)
    differs = {pair.column: pair for pair in seen.fields if pair.differs}
    assert set(differs) == {"name", "birth_date", "note"}
    assert differs["note"].proposed is Side.BOTH
    assert differs["name"].proposed is Side.KEEP
    choices = MergeChoices(fields={"name": Side.DROP}, commit_no=seen.commit_no)
    merge_children(store, keep_uuid=keep, drop_uuid=drop, choices=choices)
    child = read(store, keep)
    assert (child.name, child.birth_date, child.note) == ("张炜", "2015-03-12", "爱唱歌；怕黑")
    assert store.rows("SELECT pinyin FROM child WHERE uuid = ?", (keep,)) == [("zhang wei",)]


@pytest.mark.parametrize(("side", "village"), [(Side.KEEP, "石桥村"), (Side.DROP, "白水沟村")])
def test_of_two_homes_at_the_same_time_one_stands_and_the_other_lies_in_the_bin(store, side, village):
    keep, drop = add(store, "张伟"), add(store, "张伟")
    for uuid, name in ((keep, "石桥村"), (drop, "白水沟村")):
        values = {"address": None, "village": name, "village_group": None}
        record_fact(store, table="residence", subject_uuid=uuid, values=values, since="2024")
    seen = merge_preview(store, keep, drop)
    (clash,) = [one for one in seen.clashes if one.key == "child:residence"]
    assert "石桥村" in clash.keep[0]
    assert "白水沟村" in clash.drop[0]
    assert not clash.same
    merge_children(store, keep_uuid=keep, drop_uuid=drop, choices=MergeChoices(clashes={clash.key: side}))
    assert read(store, keep).residence.village == village
    rows = store.rows("SELECT village, deleted_at IS NULL, child_id FROM residence ORDER BY id")
    assert {row[0]: row[1] for row in rows} == {
        "石桥村": int(side is Side.KEEP),
        "白水沟村": int(side is Side.DROP),
    }
    assert len({row[2] for row in rows}) == 1


def test_the_mother_of_both_becomes_one_and_brothers_keep_her(store):
    keep = add(store, "覃大龙", MUM)
    drop, brother = add(store, "覃大龙"), add(store, "覃小龙")
    other = PersonDraft(relation=Relation.MOTHER, name="向桂香", phones=("13900000000",), away=AwayState.OUT)
    link_person(store, child_uuid=drop, draft=other)
    theirs = read(store, drop).mother.uuid
    link_person(store, child_uuid=brother, draft=PersonDraft(relation=Relation.MOTHER, person_uuid=theirs))
    (pair,) = merge_preview(store, keep, drop).people
    assert (pair.words, pair.proposed, pair.only_one) == ("母亲", Pairing.SAME, True)
    merge_children(store, keep_uuid=keep, drop_uuid=drop)
    assert [ref.uuid for ref in siblings(store, keep)] == [brother]
    assert sorted(phone.number for phone in read(store, brother).mother.phones) == [
        "13900000000",
        "15900000380",
    ]


@pytest.mark.parametrize(("pairing", "name"), [(Pairing.KEEP, "向桂香"), (Pairing.DROP, "杨桂花")])
def test_of_two_different_mothers_one_is_chosen(store, pairing, name):
    keep, drop = (
        add(store, "张伟", MUM),
        add(store, "张伟", PersonDraft(relation=Relation.MOTHER, name="杨桂花")),
    )
    (pair,) = merge_preview(store, keep, drop).people
    assert pair.proposed is Pairing.KEEP
    merge_children(store, keep_uuid=keep, drop_uuid=drop, choices=MergeChoices(people={pair.key: pairing}))
    assert [person.name for person in read(store, keep).relatives] == [name]


def test_two_grandmothers_of_one_name_may_be_two(store):
    keep, drop = (
        add(store, "张伟", GRAN),
        add(store, "张伟", PersonDraft(relation=GRAN.relation, name="田秀莲")),
    )
    (pair,) = merge_preview(store, keep, drop).people
    assert not pair.only_one
    assert pair.proposed is Pairing.SAME
    merge_children(
        store, keep_uuid=keep, drop_uuid=drop, choices=MergeChoices(people={pair.key: Pairing.BOTH})
    )
    assert [person.name for person in read(store, keep).relatives] == ["田秀莲", "田秀莲"]


def test_doubts_about_a_value_that_does_not_stand_go_with_it(store):
    keep = add(store, "张伟", id_number="110101201503120019")
    drop = add(store, "张伟", id_number="110101201503120000")
    assert len(read(store, drop).doubts) == 1
    merge_children(store, keep_uuid=keep, drop_uuid=drop)
    child = read(store, keep)
    assert child.id_number == "110101201503120019"
    assert {doubt.raw for doubt in child.doubts} <= {"110101201503120019"}


def test_what_lay_in_the_bin_moves_with_the_rest(store):
    keep, drop = add(store, "张伟"), add(store, "张伟")
    record_fact(store, table="boarding", subject_uuid=drop, values={"boards": True}, since=None)
    with store.action("拿掉", kind="test") as action:
        (row,) = store.rows("SELECT uuid FROM boarding")[0]
        action.soft_delete(DATED["boarding"], row)
    merge_children(store, keep_uuid=keep, drop_uuid=drop)
    assert store.rows(
        "SELECT c.uuid, b.deleted_at IS NULL FROM boarding b JOIN child c ON c.id = b.child_id"
    ) == [(keep, 0)]


def test_the_chain_of_contacts_goes_on_behind_the_other(store):
    keep, drop = add(store, "张伟", MUM), add(store, "张伟", GRAN)
    with store.action("排顺序", kind="test") as action:
        for uuid in (keep, drop):
            child = store.rows("SELECT id FROM child WHERE uuid = ?", (uuid,))[0][0]
            person = store.rows("SELECT person_id FROM kinship WHERE child_id = ?", (child,))[0][0]
            action.insert(ContactOrder, child_id=child, person_id=person, rank=1)
            action.insert(ContactOrder, child_id=child, office="村委会", rank=2)
    merge_children(store, keep_uuid=keep, drop_uuid=drop)
    chain = [(one.person.name if one.person else one.office) for one in read(store, keep).contacts]
    assert chain == ["向桂香", "村委会", "田秀莲"]


def test_a_merge_is_refused_when_it_was_not_the_ledger_she_looked_at(store):
    keep, drop = add(store, "张伟"), add(store, "张伟")
    seen = merge_preview(store, keep, drop)
    change_field(store, uuid=keep, field="note", value="后来写的")
    with refused("merge.changed_since"):
        merge_children(store, keep_uuid=keep, drop_uuid=drop, choices=MergeChoices(commit_no=seen.commit_no))
    with refused("merge.same"):
        merge_preview(store, keep, keep)
    move_to_bin(store, uuids=[drop])
    with refused("child.unknown"):
        merge_children(store, keep_uuid=keep, drop_uuid=drop)


def test_husband_and_wife_are_never_one(store):
    kid = add(store, "张伟", MUM, PersonDraft(relation=Relation.FATHER, name="张大勇"))
    child = read(store, kid)
    mother, father = child.mother.uuid, child.father.uuid
    values = {"status": "married", "spouse_uuid": father}
    record_fact(store, table="marriage", subject_uuid=mother, values=values, since=None)
    with refused("merge.couple"):
        merge_people(store, keep_uuid=mother, drop_uuid=father)


def test_a_spouse_stays_married_to_who_the_merged_one_became(store):
    kid = add(store, "张伟", MUM, PersonDraft(relation=Relation.FATHER, name="张大勇"))
    twin = add(store, "张小伟", PersonDraft(relation=Relation.FATHER, name="张大勇"))
    mother, father = read(store, kid).mother.uuid, read(store, twin).father.uuid
    values = {"status": "married", "spouse_uuid": father}
    record_fact(store, table="marriage", subject_uuid=mother, values=values, since=None)
    keep = read(store, kid).father.uuid
    merge_people(store, keep_uuid=keep, drop_uuid=father)
    sql = "SELECT p.uuid FROM marriage m JOIN person p ON p.id = m.spouse_id"
    assert store.rows(sql) == [(keep,)]


def test_children_who_may_be_one_are_found(store):
    one = add(store, "张伟", MUM, birth_date="2015-03-12")
    two = add(store, "张伟", birth_date="2015-03")
    sound = add(store, "章威", birth_date="2015-03-12")
    add(store, "张伟", birth_date="2014-01-01")
    add(store, "张伟", sex=Sex.FEMALE, birth_date="2015-04-02")
    pairs = duplicate_pairs(store, DAY)
    assert {frozenset((pair.one.uuid, pair.other.uuid)) for pair in pairs} == {
        frozenset((one, two)),
        frozenset((one, sound)),
    }
    assert all(pair.one.uuid == one and not pair.sure for pair in pairs)  # the fuller file first


def test_an_old_number_is_the_new_one_shortened(store):
    new = add(store, "李强", id_number="110101201503120019")
    old = add(store, "李墙", id_number="110101150312001")
    (pair,) = duplicate_pairs(store, DAY)
    assert {pair.one.uuid, pair.other.uuid} == {new, old}
    assert pair.sure
    assert "15 位" in pair.why


# ---- undo -----------------------------------------------------------------------------------------------------------

_DAYS = st.sampled_from([None, "2019", "2021-05", "2023-01-01", "2024-09"])


@st.composite
def _facts(draw):
    table, values = draw(
        st.sampled_from(
            [
                ("residence", {"village": "石桥村"}),
                ("residence", {"village": "白水沟村"}),
                ("boarding", {"boards": True}),
                ("boarding", {"boards": False}),
                ("health", {"status": "good"}),
                ("disability", {"kind": "sight", "grade": 2}),
                ("disability", {"kind": "body", "grade": 1}),
            ]
        )
    )
    start, end = draw(_DAYS), draw(_DAYS)
    if end is not None and start is not None and not start < end:
        end = None
    return table, values, start, end


@st.composite
def _file(draw):
    kin = st.sampled_from([MUM, GRAN, PersonDraft(relation=Relation.MOTHER, name="杨桂花")])
    people = draw(st.lists(kin, unique_by=lambda one: one.relation, max_size=2))
    return (
        draw(st.sampled_from(["张伟", "张炜"])),
        draw(st.sampled_from([None, "2015-03", "2015-03-12"])),
        people,
        draw(st.lists(_facts(), max_size=6)),
    )


def _write(store, file):
    name, birth, people, facts = file
    source = BirthSource.TOLD if birth else None
    uuid = add(store, name, *people, birth_date=birth)
    if source:
        change_field(store, uuid=uuid, field="birth_source", value=source.value)
    (child_id,) = store.rows("SELECT id FROM child WHERE uuid = ?", (uuid,))[0]
    for table, values, start, end in facts:
        # Two periods of one fact that meet: the guard refuses the second, and so it is not there.
        with suppress(UserError), store.action("补记", kind="test") as action:
            action.insert(DATED[table], child_id=child_id, valid_from=start, valid_to=end, **values)
    with store.action("存疑", kind="test") as action:
        action.insert(Doubt, child_id=child_id, field="name", code="x", reason="写得不清")
    return uuid


@settings(max_examples=sampled(30, 100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_undo_gives_back_the_former_state_exactly(store, data):
    keep, drop = (_write(store, data.draw(_file())) for _ in range(2))
    seen = merge_preview(store, keep, drop)
    sides, two = st.sampled_from(Side), st.sampled_from([Side.KEEP, Side.DROP])
    choices = MergeChoices(
        fields={
            pair.column: data.draw(sides if pair.may_join else two) for pair in seen.fields if pair.differs
        },
        clashes={clash.key: data.draw(two) for clash in seen.clashes},
        people={pair.key: data.draw(st.sampled_from(Pairing)) for pair in seen.people if not pair.only_one},
    )
    before, mine = everything(store), live_facts(store, drop) | live_facts(store, keep)
    result = merge_children(store, keep_uuid=keep, drop_uuid=drop, choices=choices)
    merged = everything(store)
    assert {name: len(rows) for name, rows in merged.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    assert not live_facts(store, drop)
    assert len(mine - live_facts(store, keep)) <= result.binned
    undo(store, result.changes.action_uuid, by=None)
    assert everything(store) == before
    move_to_bin(store, uuids=[keep, drop])


def test_two_open_absences_become_one_case_with_every_visit(store):
    """A child is absent once: the case that stands has each step on its earlier day and all 劝返; undo parts them."""
    keep, drop = add(store, "覃龑"), add(store, "覃䶮")
    cases = [
        AbsenceDraft(child_uuid=keep, happened_on="2026-11-06", suspected_on="2026-11-10", note="电话没人接"),
        AbsenceDraft(
            child_uuid=drop,
            happened_on="2026-11-03",
            suspected_on="2026-11-09",
            reported_on="2026-11-11",
            reported_to="镇教育办",
            note="随父母走了",
        ),
    ]
    for case, day in zip(cases, ("2026-11-12", "2026-11-13"), strict=True):
        save_absence(store, draft=case)
        save_persuasion(store, draft=PersuasionDraft(absence_uuid=case.uuid, happened_on=day))
    before = everything(store)
    merged = merge_children(store, keep_uuid=keep, drop_uuid=drop)
    (found,) = absences(store, open_only=True)
    assert (found.child_uuid, found.happened_on, found.suspected_on) == (keep, "2026-11-03", "2026-11-09")
    assert (found.reported_on, found.reported_to, found.note) == ("2026-11-11", "镇教育办", "电话没人接")
    assert [one.happened_on for one in found.persuasions] == ["2026-11-12", "2026-11-13"]
    undo(store, merged.changes.action_uuid, by=None)
    assert everything(store) == before


def test_an_absence_that_is_closed_stays_beside_an_open_one(store):
    keep, drop = add(store, "覃龑"), add(store, "覃䶮")
    closed = {"closed_on": "2026-10-12", "closed_reason": AbsenceEnd.RETURNED}
    save_absence(store, draft=AbsenceDraft(child_uuid=keep, happened_on="2026-11-03"))
    save_absence(store, draft=AbsenceDraft(child_uuid=drop, happened_on="2026-10-08", **closed))
    merge_children(store, keep_uuid=keep, drop_uuid=drop)
    assert sorted(one.happened_on for one in absences(store)) == ["2026-10-08", "2026-11-03"]
