"""The children of the demo school by whom a counting rule, a form or a name can go wrong. All of them invented.

Each function plans one family and returns its children; they stand in the order in which a small demo keeps them.
"""

from collections.abc import Callable, Mapping
from datetime import date

from app.children.codes import CareKind, Relation
from app.children.tables import (
    Boarding,
    ContactOrder,
    Disability,
    Doubt,
    Enrolment,
    Health,
    Household,
    Registration,
    Schooling,
)
from app.tasks.demo import edges_parents
from app.tasks.demo.families import Family, Kid, Times, new_kid
from app.tasks.demo.places import Places
from app.tasks.demo.plan import Plan
from app.tasks.demo.settle import ago, iso, settle
from app.tasks.demo.usual import make_up

Edge = Callable[[Plan, Times, Places], list[Kid]]


def wrong_check_digit(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """A rare name, an ID number whose last digit is wrong, and parents who changed their place of work."""
    ref, place = places.grade(3)
    family = Family(plan, times, surname="覃", ethnicity="15", village="白水沟村")
    father, mother = family.parents("覃大勇", "向桂香")
    for person in (father, mother):
        if person == father:
            family.out(
                person, "浙江温州", since=iso(times, 1010), until=iso(times, 460), work=("鞋厂", "针车工")
            )
        family.out(person, "福建晋江", since=iso(times, 460), work=("鞋厂", "针车工"), source="奶奶口述")
    carer = family.grown_up(Relation.PATERNAL_GRANDMOTHER, "田秀莲", dialect_only=1)
    family.phone(carer, 68)
    kid = new_kid(family, ref, place, name="覃䶮", sex="1")
    number = str(plan.children[kid.place]["id_number"])
    kid.set(id_number=number[:-1] + ("0" if number[-1] != "0" else "1"), hobbies=None)
    kid.care(CareKind.GRANDPARENTS, carer, "good", since=iso(times, 1010), assessor="李国平")
    return [settle(kid)]


def brother_and_sister(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Two children who share parents, grandmother and phone numbers."""
    older = places.grade(4)
    younger = places.grade(2)
    family = Family(plan, times, surname="曾", village="白水沟村")
    father, mother = family.parents()
    for person in (father, mother):
        family.out(person, "江苏昆山", since=iso(times, 900), work=("电子厂", "装配工"))
    carer = family.grown_up(Relation.PATERNAL_GRANDMOTHER)
    family.phone(carer, 12)
    kids = [
        new_kid(family, *older, name="曾小雨", sex="2"),
        new_kid(family, *younger, name="曾小满", sex="1"),
    ]
    for kid in kids:
        kid.care(CareKind.GRANDPARENTS, carer, "good", since=iso(times, 900))
        settle(kid)
    return kids


def long_name(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """A long name of another people; a grown-up sister cares; nobody has tried a number yet."""
    family = Family(plan, times, ethnicity="05", village="青石坪村")
    father = family.grown_up(Relation.FATHER, "阿卜杜热西提·艾合买提")
    mother = family.grown_up(Relation.MOTHER, "古丽巴哈尔·买买提")
    family.out(father, "新疆喀什", since=str(times.school_year - 1), work=("餐馆", "厨师"))
    family.out(mother, "四川成都", since=iso(times, 300), work=("餐馆", "服务员"))
    birth = ago(times, 19 * 365 + 60)
    carer = family.grown_up(
        Relation.SISTER, "阿依古丽·阿卜杜热西提", label="姐姐", kind="mothers", birth=birth, id_number=None
    )
    family.phone(carer, -1)
    kid = new_kid(family, *places.grade(2), name="买买提·阿卜杜热西提", sex="1", native_place="新疆喀什")
    kid.care(CareKind.SIBLINGS, carer, "fair")
    return [settle(kid, gaps=3)]


def compound_surname(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """A name of six characters, no registry number yet."""
    family = Family(plan, times, surname="欧阳", ethnicity="01", village="青石坪村")
    father, mother = family.parents("欧阳建国", "慕容晓梅")
    family.out(father, "浙江义乌", since=iso(times, 620))
    family.out(mother, "广东东莞", since=iso(times, 500))
    carer = family.grown_up(Relation.MATERNAL_GRANDMOTHER)
    family.phone(carer, 34)
    kid = new_kid(family, *places.grade(5), name="欧阳慕容雨桐", sex="2", student_registry_no=None)
    kid.care(CareKind.GRANDPARENTS, carer, "fair")
    return [settle(kid)]


def sixteen_today(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Born sixteen years ago to the day: out of the 2016 rule from today on, still on the school's ledger."""
    family = Family(plan, times, surname="黎")
    father, mother = family.parents()
    for person in (father, mother):
        family.out(person, since=iso(times, 800))
    carer = family.grown_up(Relation.PATERNAL_GRANDFATHER)
    family.phone(carer)
    day = times.today
    birth = date(day.year - 16, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    kid = new_kid(family, *places.grade(6), name="黎小军", sex="1", birth=birth, note="上学晚，两次留级")
    kid.care(CareKind.GRANDPARENTS, carer, "fair")
    return [settle(kid)]


def twins(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Born on one day, in one class, alike in everything but the number."""
    place = places.grade(2)
    family = Family(plan, times, surname="罗")
    father, mother = family.parents()
    family.out(father, "广东佛山", since=iso(times, 380))
    family.home(mother)
    birth = times.born(place[0], plan.invent)
    kids = [
        new_kid(family, *place, name="罗一鸣", sex="1", birth=birth),
        new_kid(family, *places.again(place), name="罗一航", sex="1", birth=birth),
    ]
    for kid in kids:
        kid.care(CareKind.ONE_PARENT, mother, "good")
        settle(kid)
    return kids


def resident_household(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """居民户口 and nobody knows whether the committee is a village's: the 2016 status stays open."""
    family = Family(plan, times, surname="石")
    father, mother = family.parents()
    for person in (father, mother):
        family.out(person, "浙江绍兴", since=iso(times, 510))
    carer = family.grown_up(Relation.PATERNAL_GRANDMOTHER)
    family.phone(carer, 15)
    kid = new_kid(family, *places.grade(4), name="石秀英", sex="2")
    kid.fact(
        Household, registered=1, kind="resident", place="石坪县青石坪镇青石坪社区", village_committee=None
    )
    kid.care(CareKind.GRANDPARENTS, carer, "good")
    return [settle(kid)]


def without_number(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Not registered as a resident anywhere, so without an ID number; born on a day nobody wrote down."""
    place = places.grade(1)
    family = Family(plan, times, surname="吴")
    father, mother = family.parents()
    family.out(father, "河北保定", since=str(times.school_year - 3))
    family.out(mother, "北京", since=None)
    carer = family.grown_up(Relation.MATERNAL_GRANDFATHER)
    family.phone(carer, 57)
    birth = times.born(place[0], plan.invent)
    kid = new_kid(family, *place, name="吴浩然", sex="1", birth=birth, id_number=None)
    kid.set(birth_date=birth.isoformat()[:7], birth_source="told", birth_note="家里只记得农历")
    kid.fact(Household, registered=0, kind="none")
    kid.care(CareKind.GRANDPARENTS, carer, "fair")
    return [settle(kid)]


def came_back(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Left with the parents for half a year and came back: two periods on the ledger, two in the class."""
    place = places.grade(5)
    family = Family(plan, times, surname="周")
    father, mother = family.parents()
    family.out(father, "广东深圳", since=iso(times, 1300))
    family.out(mother, "广东深圳", since=iso(times, 1300))
    carer = family.grown_up(Relation.PATERNAL_GRANDMOTHER)
    family.phone(carer, 26)
    kid = new_kid(family, *place, name="周可欣", sex="2")
    gone, back = date(times.school_year, 2, 24), date(times.school_year, 9, 1)
    kid.relate()
    entered = times.entered(place[0]).isoformat()
    kid.fact(
        Enrolment,
        school_class=place[1],
        valid_from=entered,
        valid_to=gone.isoformat(),
        end_reason="joined_parents",
    )
    kid.fact(Enrolment, school_class=place[1], valid_from=back.isoformat())
    kid.fact(
        Registration,
        kind="left_behind",
        valid_from=entered,
        valid_to=gone.isoformat(),
        end_reason="joined_parents",
        end_note="随父母到深圳上学",
    )
    kid.register(back)
    kid.care(CareKind.GRANDPARENTS, carer, "good", since=back.isoformat())
    make_up(kid)
    return [kid]


def disabled_child(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """A certified disability, boarding at school."""
    family = Family(plan, times, surname="区")
    father, mother = family.parents()
    for person in (father, mother):
        family.out(person, "湖北武汉", since=iso(times, 620), work=("餐馆", "厨师"))
    carer = family.grown_up(Relation.MATERNAL_GRANDMOTHER)
    family.phone(carer, 28)
    kids = [
        new_kid(family, *places.grade(4), name="区嘉豪", sex="1"),
        new_kid(family, *places.grade(1), name="区嘉欣", sex="2"),
    ]
    kids[0].fact(Disability, kind="hearing", grade=3, certificate_no=None)
    kids[0].fact(Health, status="disabled")
    kids[0].fact(Boarding, boards=1, valid_from=date(times.school_year, 9, 1).isoformat())
    kids[0].flag("disability")
    for kid in kids:
        kid.care(CareKind.GRANDPARENTS, carer, "fair")
        settle(kid, gaps=1)
    return kids


def dropped_out(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Left school this autumn: still on the ledger, in no class, watched by 控辍保学."""
    ref, place = places.grade(6)
    family = Family(plan, times, surname="仇")
    father, mother = family.parents()
    family.out(father, "云南昆明", since=iso(times, 750))
    family.out(mother, "云南昆明", since=iso(times, 750))
    carer = family.grown_up(Relation.PATERNAL_GRANDFATHER)
    family.phone(carer, 9)
    kid = new_kid(family, ref, place, name="仇志强", sex="1")
    left = iso(times, 24)
    kid.relate()
    kid.enrol(until=left, reason="dropped_out")
    kid.fact(Schooling, status="dropout", valid_from=left)
    kid.register(times.entered(ref))
    kid.care(CareKind.GRANDPARENTS, carer, "poor")
    kid.flag("dropout", since=ago(times, 20))
    make_up(kid, gaps=1)
    return [kid]


def rare_character(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """A rare given name, an ID number that Excel destroyed on its way here."""
    family = Family(plan, times, surname="张")
    father, mother = family.parents()
    family.out(father, "福建泉州", since=iso(times, 95))
    family.out(mother, "福建泉州", since=iso(times, 60))
    carer = family.grown_up(Relation.PATERNAL_GRANDMOTHER)
    family.phone(carer, 3)
    kid = new_kid(family, *places.grade(6), name="张𬭎", sex="1", id_number=None)
    kid.fact(
        Doubt,
        field="id_number",
        code="id_destroyed",
        reason="身份证号已失真（表格里存成了数字），待补身份证",
        raw_text="5E+17",
    )
    kid.care(CareKind.GRANDPARENTS, carer, "good")
    kid.fact(ContactOrder, person=carer, rank=1, reachable="随时")
    kid.fact(ContactOrder, person=mother, rank=2, reachable="晚上 8 点后")
    kid.fact(ContactOrder, office=f"{family.village}村委会", office_number=plan.invent.phone(), rank=3)
    return [settle(kid)]


def not_registered(plan: Plan, times: Times, places: Places) -> list[Kid]:
    """Known as a pupil, both parents away for half a year, not on the ledger: derived, not registered."""
    family = Family(plan, times, surname="解")
    father, mother = family.parents()
    for person in (father, mother):
        family.out(person, "四川成都", since=iso(times, 190))
    carer = family.grown_up(Relation.PATERNAL_GRANDMOTHER)
    family.phone(carer)
    kid = new_kid(family, *places.grade(1), name="解语嫣", sex="2")
    kid.relate()
    kid.enrol()
    kid.care(CareKind.GRANDPARENTS, carer, "fair")
    make_up(kid)
    return [kid]


REGISTERED: tuple[Edge, ...] = (
    wrong_check_digit,
    brother_and_sister,
    edges_parents.dead_parent,
    came_back,
    sixteen_today,
    twins,
    edges_parents.half_siblings,
    edges_parents.step_parent,
    resident_household,
    without_number,
    edges_parents.unguarded,
    edges_parents.orphan,
    long_name,
    compound_surname,
    edges_parents.de_facto_unsupported,
    edges_parents.incapable_parent,
    dropped_out,
    edges_parents.parents_back,
    edges_parents.only_reported,
    disabled_child,
    rare_character,
)
NOT_REGISTERED: tuple[Edge, ...] = (not_registered,)
SIZES: Mapping[Edge, int] = {
    brother_and_sister: 2,
    twins: 2,
    edges_parents.half_siblings: 2,
    disabled_child: 2,
}  # all others are one child
