"""Ordinary families of the demo school, as they are met in any such school."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from app.children.codes import CareKind, Relation
from app.school.rules import ClassRef
from app.tasks.demo.families import Family, Kid, Times, new_kid
from app.tasks.demo.places import Place
from app.tasks.demo.plan import Plan
from app.tasks.demo.usual import make_up

_PATTERNS = {"both": 60, "father": 21, "mother": 8, "home": 2, "unknown": 3, "reported": 4, "half_known": 2}
_CARE_BOTH_OUT = {
    "paternal": 58, "maternal": 22, "uncle": 8, "sister": 2, "friend": 2, "lodging": 2, "teacher": 1, "nobody": 1, "unasked": 4,
}  # fmt: skip
_CARE_ONE_OUT = {"parent": 74, "paternal": 20, "incapable": 3, "unasked": 3}
_CARE_KINDS: Mapping[str, CareKind] = {
    "paternal": CareKind.GRANDPARENTS,
    "maternal": CareKind.GRANDPARENTS,
    "uncle": CareKind.RELATIVES,
    "sister": CareKind.SIBLINGS,
    "friend": CareKind.FRIENDS,
    "lodging": CareKind.LODGING,
    "teacher": CareKind.TEACHER,
}
_GRADES = {"good": 55, "fair": 41, "poor": 4}


class Ending(Struct, frozen=True):
    """How and when a child left the ledger, and with it its class unless the parents came home."""

    reason: str
    on: date

    @property
    def leaves_class(self) -> bool:
        """Tell whether the child also left the school."""
        return self.reason not in ("both_parents_back", "one_parent_back")


def typical_family(
    plan: Plan, times: Times, places: Sequence[Place], *, ending: Ending | None = None
) -> list[Kid]:
    """Plan one family with a child in each of the classes ``places``, on the ledger, until ``ending`` if there is one."""
    invent = plan.invent
    family = Family(plan, times)
    pattern = invent.weighted(_PATTERNS)
    if pattern != "unknown":
        for person in family.parents():
            family.life(person, "alive", None)
    left = _whereabouts(family, pattern)
    both = pattern in ("both", "unknown", "reported")
    how = invent.weighted(_CARE_BOTH_OUT if both else _CARE_ONE_OUT)
    carer = _carer(family, how, pattern)
    kids: list[Kid] = []
    twins = len(places) == 2 and places[0] == places[1]
    birth = times.born(places[0][0], invent) if twins else None
    for ref, class_place in places:
        kid = new_kid(family, ref, class_place, birth=birth, only_child=int(len(places) == 1))
        kid.relate()
        since = _registered_on(times, ref, left)
        if ending is None:
            kid.enrol()
            kid.register(since)
        else:
            _leave(kid, since, ending)
        if pattern in ("unknown", "reported"):
            label = invent.weighted({"both_out": 65, "one_out": 35}) if pattern == "reported" else None
            if label:
                kid.reported(label, "双亲留守" if label == "both_out" else "单亲留守")
        _look_after(kid, how, carer, pattern, left)
        _categories(kid)
        make_up(kid, gaps=invent.weighted({0: 62, 1: 22, 2: 10, 3: 6}))
        kids.append(kid)
    return kids


def _whereabouts(family: Family, pattern: str) -> date | None:
    """Plan who is away and since when; return the day from which the child was left behind, as far as told."""
    invent, times = family.invent, family.times
    father, mother = family.father, family.mother
    if father is None or mother is None or pattern == "reported":
        return None
    left = invent.day(times.today - timedelta(days=6 * 365), times.today - timedelta(days=110))
    together = pattern == "both" and invent.chance(60)
    place, work = invent.word("places"), (invent.word("trades") if together else None)
    trade = (str(work[0]), str(work[1])) if work else None
    if pattern in ("both", "father", "half_known"):
        _out_since(family, father, left, place, trade)
    if pattern in ("both", "mother"):
        later = left if together else invent.day(left, times.today - timedelta(days=100))
        _out_since(family, mother, later, place if together else None, trade)
        left = max(left, later) if pattern == "both" else later
    if pattern == "father":
        family.home(mother)
    if pattern == "mother":
        family.home(father)
    if pattern == "home":
        back = invent.days_ago(8, 45)
        for person in (father, mother):
            family.out(person, place, since=invent.partial(left), until=back.isoformat())
            family.home(person, since=back.isoformat())
    return left


def _out_since(
    family: Family, person: int, left: date, place: str | None, work: tuple[str, str] | None
) -> None:
    """Plan that somebody went out on ``left``, some of them by way of another place."""
    invent, times = family.invent, family.times
    moved = invent.day(left + timedelta(days=90), times.today - timedelta(days=20))
    if moved > left + timedelta(days=120) and invent.chance(30):
        family.out(person, since=left.isoformat(), until=moved.isoformat())
        family.out(person, place, since=moved.isoformat(), work=work)
    else:
        family.out(person, place, since=invent.partial(left), work=work)


def _carer(family: Family, how: str, pattern: str) -> int | None:
    """Plan who looks after the children; None when it is nobody or has not been asked."""
    invent = family.invent
    person: int | None = None
    if how == "paternal":
        if invent.chance(70):
            family.grown_up(Relation.PATERNAL_GRANDFATHER)
        person = family.grown_up(Relation.PATERNAL_GRANDMOTHER)
    elif how == "maternal":
        person = family.grown_up(Relation.MATERNAL_GRANDMOTHER)
    elif how == "uncle":
        name = family.surname + invent.given("fathers")
        person = family.grown_up(
            Relation.UNCLE_OR_AUNT, name, label=invent.pick(("叔叔", "大伯")), kind="fathers"
        )
    elif how == "sister":
        birth = family.times.today - timedelta(days=invent.number(18, 22) * 365 + 40)
        person = family.grown_up(
            Relation.SISTER, family.surname + invent.given("girls"), label="姐姐", kind="mothers", birth=birth
        )
    elif how == "friend":
        person = family.grown_up(Relation.FRIEND_OR_NEIGHBOUR, label="邻居", kind="grandmothers")
    elif how == "lodging":
        person = family.grown_up(Relation.OTHER, label="寄住户", kind="mothers")
    elif how == "teacher":
        person = family.grown_up(Relation.TEACHER, label="班主任", kind="mothers")
    elif how in ("parent", "incapable"):
        person = family.father if pattern == "mother" else family.mother
    if person is not None and person not in (family.father, family.mother):
        family.phone(person, -1 if invent.chance(6) else None)
    if how == "incapable" and person is not None:
        family.capacity(person, invent.pick(("精神二级残疾", "重病卧床", "肢体一级残疾")))
    return person


def _look_after(kid: Kid, how: str, carer: int | None, pattern: str, left: date | None) -> None:
    invent = kid.family.invent
    since = None if left is None or invent.chance(30) else left.isoformat()
    grade = invent.weighted(_GRADES) if invent.chance(94) else None
    if how == "unasked":
        return
    if how == "nobody":
        kid.care(CareKind.UNGUARDED, None, "poor", since=since)
    elif how == "incapable":
        kid.care(CareKind.ONE_PARENT_WITHOUT_CAPACITY, carer, "poor", since=since)
    elif how == "parent":
        if pattern == "home":
            kid.care(CareKind.BOTH_PARENTS, None, grade, since=since)
        else:
            kid.care(CareKind.ONE_PARENT, carer, grade, since=since)
    else:
        kid.care(_CARE_KINDS[how], carer, grade, since=since)


def _categories(kid: Kid) -> None:
    invent = kid.family.invent
    for category, percent in (
        ("family_hardship", 9.0),
        ("minimum_living", 6.0),
        ("poverty_relieved", 8.0),
        ("monitored", 2.0),
        ("priority", 3.0),
    ):
        if invent.chance(percent):
            kid.flag(category)


def _leave(kid: Kid, since: date, ending: Ending) -> None:
    until = ending.on.isoformat()
    if ending.leaves_class:
        kid.enrol(until=until, reason=ending.reason)
    else:
        kid.enrol()
    kid.register(min(since, ending.on - timedelta(days=60)), until=until, reason=ending.reason)


def _registered_on(times: Times, ref: ClassRef, left: date | None) -> date:
    """Return when the child came onto the ledger: some days after it entered, or after it was left behind."""
    entered = times.entered(ref)
    latest = max(entered, left) if left else entered
    return min(latest + timedelta(days=9), times.today - timedelta(days=2))
