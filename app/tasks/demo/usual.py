"""What stands in every child's file and has not been told about one of them: made up, with the gaps that real files have."""

from typing import Any

from app.children.codes import HouseholdKind
from app.children.tables import Boarding, CarePaper, ContactOrder, Health, Household, Livelihood, Residence
from app.tasks.demo.families import Family, Kid
from app.tasks.demo.invent import Invent, words


def make_up(kid: Kid, *, gaps: int = 0) -> None:
    """Make up whatever has not been told. Of the answers people often owe, ``gaps`` stay open."""
    family, invent = kid.family, kid.family.invent
    if Residence not in kid.told:
        kid.fact(Residence, address=family.address, village=family.village, village_group=family.group)
    if Household not in kid.told:
        family.household = family.household or _household(invent, family)
        kid.fact(Household, **family.household)
    if Health not in kid.told:
        status = invent.weighted({"good": 92, "weak": 5, "chronic": 3})
        kid.fact(Health, status=status, illness=invent.word("illness") if status == "chronic" else None)
    if Boarding not in kid.told and kid.ref is not None:
        upper = family.times.school_year - kid.ref.entering_year >= 2
        kid.fact(Boarding, boards=int(upper and invent.chance(30)), valid_from=None)
    _papers(kid)
    _livelihood(kid)
    _contacts(kid)
    _character(kid, gaps)


def _papers(kid: Kid) -> None:
    invent = kid.family.invent
    signed = kid.since or kid.family.times.began
    day = max(signed, kid.family.times.began).isoformat()
    if kid.carer is not None and kid.carer not in (kid.family.father, kid.family.mother):
        kinds = {"entrustment": 90, "written_notice": 70, "four_bar": 60, "child_heard": 65}
    else:
        kinds = {"written_notice": 60}
    for kind, percent in (kinds | {"consent": 85}).items():
        if invent.chance(percent):
            kid.fact(
                CarePaper, kind=kind, done=1, dated_on=day, form="纸质", kept_at="档案盒④", valid_from=day
            )


def _livelihood(kid: Kid) -> None:
    invent = kid.family.invent
    if kid.flags & {"orphan", "de_facto_unsupported"}:
        kid.fact(Livelihood, kind="income", code="government")
        kid.fact(Livelihood, kind="aid", code="orphan_allowance", basis="孤儿证")
        return
    kid.fact(Livelihood, kind="income", code="work")
    if invent.chance(60):
        kid.fact(Livelihood, kind="income", code="farming")
    if "minimum_living" in kid.flags:
        kid.fact(Livelihood, kind="aid", code="minimum_living", basis="低保证")
    elif invent.chance(70):
        kid.fact(Livelihood, kind="aid", code="none")


def _contacts(kid: Kid) -> None:
    if ContactOrder in kid.told:
        return
    invent, family = kid.family.invent, kid.family
    wanted = dict.fromkeys((kid.carer, family.mother, family.father))
    seen = [person for person in wanted if person in kid.related and person in family.reached]
    for rank, person in enumerate(seen, start=1):
        values: dict[str, Any] = {}
        if person == kid.carer and family.plan.persons[person].get("dialect_only"):
            values["language_note"] = "只听得懂方言"
        elif invent.chance(40):
            values["reachable"] = invent.pick(("白班，19 点后", "晚上 8 点后", "周末全天", "随时"))
        kid.fact(ContactOrder, person=person, rank=rank, **values)
    if invent.chance(12):
        kid.fact(
            ContactOrder,
            office=f"{family.village}村委会",
            office_number=invent.phone(),
            rank=len(seen) + 1,
        )


def _character(kid: Kid, gaps: int) -> None:
    invent = kid.family.invent
    row = kid.family.plan.children[kid.place]
    made_up = {
        "personality": invent.word("personality"),
        "hobbies": "、".join(invent.some(words()["hobbies"], 2)),
        "student_registry_no": f"G{row['id_number']}" if row.get("id_number") else None,
        "birth_place": f"{words()['school']['county']}{words()['school']['town']}",
        "study": invent.word("study"),
        "behaviour": invent.word("behaviour"),
        "family_contact": invent.word("contact"),
        "medical_history": invent.word("medical") if invent.chance(10) else "无",
        "special_needs": invent.word("needs") if invent.chance(30) else None,
        "care_measures": invent.word("measures"),
        "blood_type": invent.pick(("A", "B", "O", "AB")) if invent.chance(40) else None,
    }
    owed = ("hobbies", "student_registry_no", "personality", "birth_place", "study")
    for field_name in invent.some(owed, min(gaps, len(owed))):
        made_up[field_name] = None
    for field_name, value in made_up.items():
        row.setdefault(field_name, value)


def _household(invent: Invent, family: Family) -> dict[str, Any]:
    place = f"{words()['school']['county']}{words()['school']['town']}{family.village}"
    kind = invent.weighted(
        {HouseholdKind.AGRICULTURAL: 72, HouseholdKind.RESIDENT: 24, HouseholdKind.NON_AGRICULTURAL: 4}
    )
    committee = 1 if kind is HouseholdKind.RESIDENT and invent.chance(85) else None
    return {"registered": 1, "kind": kind.value, "place": place, "village_committee": committee}
