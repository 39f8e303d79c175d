"""What a child's facts answer by themselves."""

from datetime import date

from app.children.codes import Category, LifeStatus, RegistrationKind, Relation
from app.children.facts import CategoryFacts, ChildFacts, RegistrationFacts
from app.children.person_facts import KinshipFacts, LifeFacts, PersonFacts

DAY = date(2026, 11, 21)


def relative(relation, name, label=None):
    return PersonFacts(
        uuid=name, name=name, kinship=KinshipFacts(uuid=f"k-{name}", relation=relation, label=label)
    )


def test_an_adoptive_father_stands_before_the_biological_one_and_a_stepfather_never():
    born = relative(Relation.FATHER, "生父")
    adopted = relative(Relation.ADOPTIVE_FATHER, "养父")
    step = relative(Relation.STEPFATHER, "继父")
    assert ChildFacts(day=DAY, uuid="1", name="甲", relatives=(step, born, adopted)).father is adopted
    assert ChildFacts(day=DAY, uuid="1", name="甲", relatives=(step, born)).father is born
    assert ChildFacts(day=DAY, uuid="1", name="甲", relatives=(step,)).father is None


def test_the_family_word_for_a_relative_comes_first():
    assert relative(Relation.UNCLE_OR_AUNT, "乙", "二叔").relation_words == "二叔"
    assert relative(Relation.MATERNAL_GRANDMOTHER, "乙").relation_words == "外祖母"
    assert PersonFacts(uuid="1").relation_words == ""


def test_only_the_left_behind_register_puts_a_child_on_the_ledger():
    difficult = RegistrationFacts(uuid="1", kind=RegistrationKind.IN_DIFFICULTY)
    behind = RegistrationFacts(uuid="2", kind=RegistrationKind.LEFT_BEHIND)
    assert ChildFacts(day=DAY, uuid="1", name="甲", registrations=(difficult,)).registration is None
    assert ChildFacts(day=DAY, uuid="1", name="甲", registrations=(difficult, behind)).registration is behind


def test_gone_means_dead_or_missing_not_merely_out_of_contact():
    states = {
        status: PersonFacts(uuid="1", life=LifeFacts(uuid="2", status=status)).gone for status in LifeStatus
    }
    assert [status for status, gone in states.items() if gone] == [LifeStatus.DEAD, LifeStatus.MISSING]
    assert not PersonFacts(uuid="1").gone


def test_categories_are_asked_by_name():
    child = ChildFacts(
        day=DAY, uuid="1", name="甲", categories=(CategoryFacts(uuid="2", category=Category.ORPHAN),)
    )
    assert child.has(Category.ORPHAN)
    assert not child.has(Category.DROPOUT)
