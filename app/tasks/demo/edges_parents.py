"""The families of the demo school by whose grown-ups a counting rule can go wrong. All of them invented."""

from app.children.codes import CareKind, Relation
from app.children.tables import Ground, Marriage
from app.tasks.demo.families import Family, Kid, Times, new_kid
from app.tasks.demo.places import Places
from app.tasks.demo.plan import Plan
from app.tasks.demo.settle import ago, iso, settle
from app.tasks.demo.usual import make_up


def dead_parent(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """The father is dead, the mother out: nobody at home, one parent out."""
    family = Family(plan, times, surname="杨")
    father, mother = family.grown_up(Relation.FATHER), family.grown_up(Relation.MOTHER)
    family.life(father, "dead", str(times.school_year - 4))
    plan.fact(Marriage, person=mother, status="widowed", valid_from=str(times.school_year - 4))
    family.phone(mother, 60)
    family.out(mother, "浙江台州", since=iso(times, 250))
    carer = family.grown_up(Relation.PATERNAL_GRANDFATHER)
    family.phone(carer, 95)
    kid = new_kid(family, *places.grade(5), name="杨桂花", sex="2")
    kid.care(CareKind.GRANDPARENTS, carer, "poor")
    kid.flag("single_parent_family", basis="死亡证明")
    return [settle(kid)]


def step_parent(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Father out, mother remarried elsewhere and out, the stepmother at home and caring."""
    family = Family(plan, times, surname="赵")
    father = family.grown_up(Relation.FATHER)
    mother = family.grown_up(Relation.MOTHER)
    stepmother = family.grown_up(Relation.STEPMOTHER)
    family.out(father, "江苏苏州", since=iso(times, 700))
    family.out(mother, "浙江嘉兴", since=iso(times, 1200))
    family.home(stepmother)
    for person in (father, stepmother):
        family.phone(person)
    plan.fact(
        Marriage, person=father, spouse=stepmother, status="remarried", valid_from=str(times.school_year - 2)
    )
    kid = new_kid(family, *places.grade(4), name="赵欣悦", sex="2")
    kid.care(CareKind.OTHER, stepmother, "fair")
    return [settle(kid)]


def half_siblings(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """One father, two mothers: the elder's mother is out of contact, the younger's out with the father."""
    family = Family(plan, times, surname="单", village="大垭口村")
    father = family.grown_up(Relation.FATHER, "单大勇")
    first = family.grown_up(Relation.MOTHER)
    second = family.grown_up(Relation.MOTHER)
    family.out(father, "广东中山", since=iso(times, 640))
    family.out(second, "广东中山", since=iso(times, 640))
    family.life(first, "out_of_contact", str(times.school_year - 5))
    for person in (father, second):
        family.phone(person, 41)
    uncle = family.grown_up(Relation.UNCLE_OR_AUNT, label="叔父", kind="fathers")
    family.phone(uncle, 41)
    older = new_kid(family, *places.grade(4), name="单永强", sex="1")
    younger = new_kid(family, *places.grade(1), name="单晓婷", sex="2")
    for kid, not_theirs in ((older, second), (younger, first)):
        kid.care(CareKind.RELATIVES, uncle, "fair")
        kid.relate(without=(not_theirs,))
        kid.enrol()
        kid.register(times.entered(kid.ref) if kid.ref else None)
        make_up(kid, gaps=1)
    return [older, younger]


def orphan(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Both parents dead; registered, though nobody is there to be away."""
    family = Family(plan, times, surname="田")
    father, mother = family.grown_up(Relation.FATHER), family.grown_up(Relation.MOTHER)
    family.life(father, "dead", str(times.school_year - 5))
    family.life(mother, "dead", str(times.school_year - 3))
    carer = family.grown_up(Relation.UNCLE_OR_AUNT, label="姑姑", kind="mothers")
    family.phone(carer, 44)
    kid = new_kid(family, *places.grade(6), name="田小龙", sex="1")
    kid.care(CareKind.RELATIVES, carer, "good")
    kid.flag("orphan")
    return [settle(kid)]


def de_facto_unsupported(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Father not free, mother out of contact: 事实无人抚养 with its grounds."""
    family = Family(plan, times, surname="冉", ethnicity="15")
    father, mother = family.grown_up(Relation.FATHER), family.grown_up(Relation.MOTHER)
    family.life(mother, "out_of_contact", iso(times, 900))
    carer = family.grown_up(Relation.PATERNAL_GRANDMOTHER)
    family.phone(carer, 20)
    kid = new_kid(family, *places.grade(3), name="冉晨阳", sex="1")
    kid.fact(Ground, person=father, ground="in_prison", evidence="判决书", valid_from=iso(times, 800))
    kid.fact(
        Ground, person=mother, ground="out_of_contact", evidence="村委会证明", valid_from=iso(times, 900)
    )
    kid.care(CareKind.GRANDPARENTS, carer, "fair")
    kid.flag("de_facto_unsupported", since=ago(times, 600))
    return [settle(kid)]


def incapable_parent(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """One parent out, the other at home without 监护能力."""
    family = Family(plan, times, surname="龙")
    father, mother = family.parents("龙长江", "彭翠萍")
    family.out(father, "广东东莞", since=iso(times, 430))
    family.home(mother)
    family.capacity(mother, "精神二级残疾", str(times.school_year - 3))
    kid = new_kid(family, *places.grade(2), name="龙婷", sex="2")
    kid.care(CareKind.ONE_PARENT_WITHOUT_CAPACITY, mother, "poor")
    kid.flag("family_hardship")
    kid.flag("minimum_living")
    return [settle(kid)]


def parents_back(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Both parents came home last month; the registration is still open: registered, not derived."""
    family = Family(plan, times, surname="邹")
    father, mother = family.parents()
    for person in (father, mother):
        family.out(person, "江苏无锡", since=iso(times, 800), until=iso(times, 26))
        family.home(person, since=iso(times, 26))
    kid = new_kid(family, *places.grade(3), name="邹星宇", sex="1")
    kid.care(CareKind.BOTH_PARENTS, None, "good", since=iso(times, 26))
    return [settle(kid)]


def only_reported(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """A roster said 单亲留守 and nothing more: one parent out, which one nobody has asked."""
    family = Family(plan, times, surname="查")
    family.parents()
    kid = new_kid(family, *places.grade(3), name="查晓燕", sex="2")
    kid.reported("one_out", "单亲留守", iso(times, 70))
    return [settle(kid, gaps=2)]


def unguarded(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Both parents out, nobody looks after the child."""
    family = Family(plan, times, surname="周", village="大垭口村")
    father, mother = family.parents()
    for person in (father, mother):
        family.out(person, "广东深圳", since=iso(times, 290), work=("电子厂", "装配工"))
    kid = new_kid(family, *places.grade(5), name="周子轩", sex="1")
    kid.care(CareKind.UNGUARDED, None, "poor", since=iso(times, 35))
    kid.flag("no_guardian", since=ago(times, 30))
    kid.flag("priority", since=ago(times, 30))
    return [settle(kid)]
