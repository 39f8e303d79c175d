"""The building stones of the demo school: a family, and a child of it with everything the files say about it."""

from datetime import date, timedelta
from typing import Any

from msgspec import Struct, field

from app.children.codes import FATHERS, MOTHERS, CareKind, Relation
from app.children.names import name_columns
from app.children.tables import (
    Away,
    Capacity,
    Care,
    CategoryFlag,
    Enrolment,
    Kinship,
    Life,
    Marriage,
    Phone,
    Registration,
    ReportedStatus,
)
from app.school.rules import ClassRef
from app.tasks.demo.invent import Invent, words
from app.tasks.demo.plan import Plan

_AGES = {"fathers": (27, 46), "mothers": (25, 44), "grandfathers": (52, 71), "grandmothers": (50, 70)}
_TRIES = 30
_GRANDMOTHERS = (Relation.PATERNAL_GRANDMOTHER, Relation.MATERNAL_GRANDMOTHER)


class Times(Struct, frozen=True):
    """The days the demo school stands on. ``school_year`` is today's, ``began`` when the school took up its files."""

    today: date
    school_year: int
    began: date

    def entered(self, ref: ClassRef) -> date:
        """Return the day on which a cohort entered."""
        return date(ref.entering_year, 9, 1)

    def born(self, ref: ClassRef, invent: Invent) -> date:
        """Return a birth date that fits the cohort: six on the day it entered."""
        year = ref.entering_year - (6 if ref.stage == "primary" else 12)
        return invent.day(date(year - 1, 9, 1), date(year, 8, 31))


class Family:
    """Grown-ups who belong together, and where they live. Brothers and sisters share all of it."""

    def __init__(
        self,
        plan: Plan,
        times: Times,
        *,
        surname: str | None = None,
        ethnicity: str | None = None,
        village: str | None = None,
    ) -> None:
        invent = plan.invent
        self.plan, self.invent, self.times = plan, invent, times
        self.surname = surname or invent.surname()
        self.ethnicity = ethnicity or invent.weighted({"01": 55, "15": 30, "06": 11, "12": 4})
        places: dict[str, int] = dict(words()["villages"])
        self.village = village or invent.pick(list(places))
        self.group = f"{invent.number(1, places.get(self.village, 4))} 组"
        self.address = f"{self.village} {self.group} {invent.number(1, 60)} 号"
        if invent.chance(25):
            self.address += f"（{invent.word('landmarks')}）"
        self.father: int | None = None
        self.mother: int | None = None
        self.kin: list[tuple[int, Relation, str | None]] = []
        self.household: dict[str, Any] | None = None
        self.reached: set[int] = set()

    def grown_up(
        self,
        relation: Relation,
        name: str | None = None,
        *,
        label: str | None = None,
        kind: str = "",
        **values: Any,
    ) -> int:
        """Plan a grown-up of the family. ``kind`` (fathers, mothers …) makes up what is not given."""
        invent, kind = self.invent, kind or _kind_of(relation)
        male = kind in ("fathers", "grandfathers")
        if name is None:
            own = relation in (*FATHERS, Relation.PATERNAL_GRANDFATHER)
            name = (self.surname if own else invent.surname()) + invent.given(kind)
        low, high = _AGES[kind]
        birth = values.pop("birth", None) or invent.day(
            self.times.today - timedelta(days=high * 365), self.times.today - timedelta(days=low * 365)
        )
        old = kind.startswith("grand")
        known: dict[str, Any] = {"name": name, "sex": "1" if male else "2", "birth_date": birth.isoformat()}
        if invent.chance(93):
            known["id_number"] = invent.id_number(birth, known["sex"])
        known["education"] = invent.word("old_education" if old else "education")
        if old:
            known["health"] = invent.word("old_health")
            known["occupation"] = "务农"
            known["dialect_only"] = int(invent.chance(45))
            known["address"] = self.address
        person = self.plan.person(**known | values)
        self.kin.append((person, relation, label))
        if relation in FATHERS and self.father is None:
            self.father = person
        if relation in MOTHERS and self.mother is None:
            self.mother = person
        return person

    def parents(self, father: str | None = None, mother: str | None = None) -> tuple[int, int]:
        """Plan father and mother, married, with their phones."""
        one, other = self.grown_up(Relation.FATHER, father), self.grown_up(Relation.MOTHER, mother)
        self.plan.fact(Marriage, person=one, spouse=other, status="married", valid_from=None)
        for person in (one, other):
            self.phone(person)
        return one, other

    def phone(self, person: int, ago: int | None = None, **values: Any) -> None:
        """Plan a number, tried ``ago`` days ago (-1 = never)."""
        self.reached.add(person)
        days = self.invent.number(3, 85) if ago is None else ago
        tried = None if days < 0 else (self.times.today - timedelta(days=days)).isoformat()
        result = None if days < 0 else "reached"
        number = self.invent.phone()
        self.plan.fact(
            Phone, **{"person": person, "number": number, "confirmed_on": tried, "result": result} | values
        )

    def out(
        self,
        person: int,
        place: str | None = None,
        *,
        since: str | None = None,
        until: str | None = None,
        work: tuple[str, str] | None = None,
        **values: Any,
    ) -> None:
        """Plan a period away for work."""
        employer, trade = work or self.invent.pick(words()["trades"])
        self.plan.fact(
            Away,
            **{
                "person": person,
                "state": "out",
                "place": place or self.invent.word("places"),
                "employer": employer,
                "trade": trade,
                "valid_from": since,
                "valid_to": until,
                "source": self.invent.pick(("祖母口述", "家访", "父母来电", "班主任核实", "名册")),
            }
            | values,
        )

    def home(self, person: int, *, since: str | None = None, until: str | None = None) -> None:
        """Plan a period at home."""
        self.plan.fact(Away, person=person, state="home", valid_from=since, valid_to=until)

    def life(self, person: int, status: str, since: str | None) -> None:
        """Plan that somebody died, is missing or out of contact."""
        self.plan.fact(Life, person=person, status=status, valid_from=since)

    def capacity(self, person: int, reason: str, since: str | None = None) -> None:
        """Plan that a parent cannot look after a child (无监护能力)."""
        self.plan.fact(Capacity, person=person, capable=0, reason=reason, evidence="诊断书", valid_from=since)


class Kid(Struct):
    """A child of the demo school while its facts are gathered. ``since`` is when it came onto the ledger."""

    family: Family
    ref: ClassRef | None
    class_place: int | None
    name: str
    sex: str
    birth: date
    place: int
    since: date | None = None
    carer: int | None = None
    care_kind: CareKind | None = None
    told: set[type] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    related: set[int] = field(default_factory=set)

    def fact(self, model: type[Any], **values: Any) -> dict[str, Any]:
        """Plan a row about this child; what is told here is not made up later."""
        self.told.add(model)
        return self.family.plan.fact(model, child=self.place, **values)

    def set(self, **values: Any) -> None:
        """Fill columns of the child's own row."""
        self.family.plan.children[self.place].update(values)

    def relate(self, *, without: tuple[int, ...] = ()) -> None:
        """Plan this child's kinship to everybody of the family but ``without``."""
        for person, relation, label in self.family.kin:
            if person not in without:
                self.related.add(person)
                lives = relation not in (*FATHERS, *MOTHERS)
                self.fact(
                    Kinship, person=person, relation=relation.value, label=label, lives_together=int(lives)
                )

    def register(
        self, since: date | str | None, *, until: str | None = None, reason: str | None = None
    ) -> None:
        """Plan that the child is on the ledger."""
        text = since.isoformat() if isinstance(since, date) else since
        self.since = since if isinstance(since, date) else self.since
        self.fact(Registration, kind="left_behind", valid_from=text, valid_to=until, end_reason=reason)

    def enrol(self, *, until: str | None = None, reason: str | None = None) -> None:
        """Plan that the child is in its class since its cohort entered."""
        if self.ref is None:
            return
        self.fact(
            Enrolment,
            school_class=self.class_place,
            valid_from=self.family.times.entered(self.ref).isoformat(),
            valid_to=until,
            end_reason=reason,
        )

    def care(
        self,
        kind: CareKind,
        person: int | None = None,
        grade: str | None = None,
        *,
        since: str | None = None,
        **values: Any,
    ) -> None:
        """Plan who looks after the child."""
        self.carer, self.care_kind = person, kind
        times, invent = self.family.times, self.family.invent
        assessed = invent.day(
            date(times.school_year, 9, 5), min(times.today, date(times.school_year, 10, 20))
        )
        self.fact(
            Care,
            **{
                "kind": kind.value,
                "person": person,
                "grade": grade,
                "carer_able": None if kind is CareKind.UNGUARDED else int(grade != "poor"),
                "assessed_on": assessed.isoformat() if grade else None,
                "assessor": "班主任" if grade else None,
                "valid_from": since,
            }
            | values,
        )

    def flag(self, category: str, *, since: date | None = None, **values: Any) -> None:
        """Plan a category with its basis and evidence date."""
        day = since or self.family.invent.days_ago(60, 700)
        self.flags.add(category)
        self.fact(
            CategoryFlag,
            **{
                "category": category,
                "basis": words()["basis"].get(category),
                "evidence_date": day.isoformat(),
                "valid_from": day.isoformat(),
                "kept_at": "档案柜 2 号",
            }
            | values,
        )

    def reported(self, label: str, raw: str, since: str | None = None) -> None:
        """Plan what a roster said in one word."""
        self.fact(ReportedStatus, label=label, raw_text=raw, valid_from=since)


def new_kid(
    family: Family,
    ref: ClassRef | None,
    class_place: int | None,
    *,
    name: str | None = None,
    sex: str | None = None,
    birth: date | None = None,
    **values: Any,
) -> Kid:
    """Plan a child of ``family`` in a class; what is not given is made up. ``id_number`` None = has none."""
    invent, plan = family.invent, family.plan
    sex = sex or invent.pick(("1", "2"))
    if birth is None:
        if ref is None:
            raise ValueError("a child without a class needs a birth date")
        birth = family.times.born(ref, invent)
    name = name or _new_name(family, sex)
    county, town = words()["school"]["county"], words()["school"]["town"]
    place = plan.child(
        **{
            **name_columns(name),
            "sex": sex,
            "ethnicity": family.ethnicity,
            "birth_date": birth.isoformat(),
            "birth_source": "id_number",
            "id_number": invent.id_number(birth, sex),
            "native_place": f"{county}{town}",
            "nationality": "中国",
            "political_status": "少先队员" if (family.times.today - birth).days > 8 * 365 else "群众",
            "only_child": 0,
        }
        | values
    )
    return Kid(family, ref, class_place, name, sex, birth, place)


def _new_name(family: Family, sex: str) -> str:
    """Return a name nobody in the school has yet; in a large school some names come twice, as they do."""
    used = family.plan.names
    name = family.surname
    for _ in range(_TRIES):
        name = family.surname + family.invent.given("boys" if sex == "1" else "girls")
        if name not in used:
            break
    return name


def _kind_of(relation: Relation) -> str:
    if relation in (Relation.PATERNAL_GRANDFATHER, Relation.MATERNAL_GRANDFATHER):
        return "grandfathers"
    if relation in _GRANDMOTHERS:
        return "grandmothers"
    return "fathers" if relation in (*FATHERS, Relation.STEPFATHER) else "mothers"
