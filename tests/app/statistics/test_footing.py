"""Every split foots, and the totals are those that an independent count of the same school gives."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.children.tables import (
    Away,
    Care,
    CategoryFlag,
    Child,
    Enrolment,
    Kinship,
    Life,
    Person,
    Registration,
    ReportedStatus,
)
from app.core.clock import FixedClock
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.school.service import init_school
from app.school.service_classes import ensure_classes
from app.statistics.queries import stats
from app.statistics.shape import as_plain
from app.storage.store import Store

TODAY = date(2026, 11, 21)
REFS = [ClassRef(Stage.PRIMARY, year, number) for year in (2020, 2021, 2024, 2026) for number in (1, 2)]
BUCKETS = {
    "grandparents": "grandparents",
    "relatives": "relatives",
    "siblings": "relatives",
    "friends": "relatives",
    "one_parent": "one_parent",
    "one_parent_without_capacity": "one_parent_without_capacity",
    "unguarded": "unguarded",
    "both_parents": "other",
    "teacher": "other",
    "lodging": "other",
    "institution": "other",
    "other": "other",
}

days_ago = st.integers(0, 900)
periods = st.tuples(
    days_ago, st.one_of(st.none(), st.integers(1, 900))
)  # started so long ago, lasted so long
parents = st.one_of(
    st.none(),
    st.just(("unknown", None)),
    st.tuples(st.just("dead"), days_ago),
    st.tuples(st.just("home"), periods),
    st.tuples(st.just("out"), periods),
)
labels = st.sampled_from([None, "both_out", "one_out", "none_out"])
children = st.fixed_dictionaries(
    {
        "sex": st.sampled_from(["1", "2", None]),
        "cls": st.one_of(st.none(), st.integers(0, len(REFS) - 1)),
        "registered": st.one_of(st.none(), periods),
        "father": parents,
        "mother": parents,
        "label": labels,
        "care": st.one_of(st.none(), st.sampled_from(sorted(BUCKETS))),
        "flags": st.sets(st.sampled_from(["orphan", "dropout", "family_hardship"])),
    }
)


def day_of(ago):
    return TODAY - timedelta(days=ago)


def span(period):
    ago, lasted = period
    start = day_of(ago)
    return start, None if lasted is None else start + timedelta(days=lasted)


def holds(period, day):
    start, end = span(period)
    return start <= day and (end is None or day < end)


def iso(day):
    return None if day is None else day.isoformat()


def write(store, action, specs):
    """Write the specs as rows; the file knows nothing of how they are counted here."""
    classes = ensure_classes(store, action, REFS, TODAY)
    for number, spec in enumerate(specs):
        child = action.insert(Child, name=f"儿童{number}", sex=spec["sex"])
        if spec["cls"] is not None:
            action.insert(Enrolment, child=child, school_class=classes[REFS[spec["cls"]]].id)
        if spec["registered"] is not None:
            start, end = span(spec["registered"])
            action.insert(
                Registration, child=child, kind="left_behind", valid_from=iso(start), valid_to=iso(end)
            )
        for relation in ("father", "mother"):
            if spec[relation] is not None:
                write_parent(action, child, relation, *spec[relation])
        if spec["label"] is not None:
            action.insert(ReportedStatus, child=child, label=spec["label"])
        if spec["care"] is not None:
            action.insert(Care, child=child, kind=spec["care"])
        for flag in spec["flags"]:
            action.insert(CategoryFlag, child=child, category=flag)


def write_parent(action, child, relation, what, detail):
    person = action.insert(Person, name="某人")
    action.insert(Kinship, child=child, person=person, relation=relation)
    if what == "dead":
        action.insert(Life, person=person, status="dead", valid_from=iso(day_of(detail)))
    elif what in ("home", "out"):
        start, end = span(detail)
        action.insert(Away, person=person, state=what, valid_from=iso(start), valid_to=iso(end))


def out(parent, day):
    """True = away, False = not (at home or dead), None = nobody knows."""
    if parent is None or parent[0] == "unknown":
        return None
    if parent[0] == "dead":
        return False if day_of(parent[1]) <= day else None
    return parent[0] == "out" if holds(parent[1], day) else None


def dead(parent, day):
    return parent is not None and parent[0] == "dead" and day_of(parent[1]) <= day


def parents_code(spec, day):
    known = [out(spec["father"], day), out(spec["mother"], day)]
    away, unknown = known.count(True), known.count(None)
    if unknown == 0:
        return ("none", "one", "both")[away]
    label = spec["label"]
    if label == "both_out":
        if away + unknown == 2:
            return "both"
        return "one" if dead(spec["father"], day) or dead(spec["mother"], day) else "not_collected"
    if label == "one_out" and away <= 1:
        return "one"
    if label == "none_out" and away == 0:
        return "none"
    return "not_collected"


def entering_grade(spec, day):
    if spec["cls"] is None:
        return None
    school_year = day.year if (day.month, day.day) >= (9, 1) else day.year - 1
    return school_year - REFS[spec["cls"]].entering_year + 1


def on_ledger(spec, day):
    grade = entering_grade(spec, day)
    return (
        spec["registered"] is not None
        and holds(spec["registered"], day)
        and not (grade is not None and grade > 6)
    )


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    path = tmp_path_factory.mktemp("school") / "守望.db"
    with Store.create(path, clock=FixedClock(datetime(2026, 11, 21, 9, 0))) as store:
        init_school(store, name="青石坪镇中心小学")
        yield store


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(specs=st.lists(children, max_size=12), ago=st.integers(0, 600))
def test_the_counts_are_those_of_an_independent_count(school, specs, ago):
    day = day_of(ago)
    with school.rehearsal("一所学校") as action:
        write(school, action, specs)
        found = as_plain(stats(school, day))
    ledger = [spec for spec in specs if on_ledger(spec, day)]
    codes = [parents_code(spec, day) for spec in ledger]
    assert found["children"] == {
        "total": len(ledger),
        "boys": sum(spec["sex"] == "1" for spec in ledger),
        "girls": sum(spec["sex"] == "2" for spec in ledger),
        "sex_not_collected": sum(spec["sex"] is None for spec in ledger),
    }
    assert found["both_parents_out"] == codes.count("both")
    assert found["one_parent_out"] == codes.count("one")
    assert found["no_parent_out"] == codes.count("none")
    assert found["parents_not_collected"] == codes.count("not_collected")
    buckets = [BUCKETS.get(spec["care"], "not_collected") for spec in ledger]
    assert found["care"] == {bucket: buckets.count(bucket) for bucket in {*BUCKETS.values(), "not_collected"}}
    for flag in ("orphan", "dropout", "family_hardship"):
        assert found["categories"][flag] == sum(flag in spec["flags"] for spec in ledger)
    pupils = [spec for spec in specs if 1 <= (entering_grade(spec, day) or 0) <= 6]
    assert found["pupils"]["total"] == len(pupils)
    check_footing(found)


def check_footing(found):
    total = found["children"]["total"]
    assert sum(found["care"].values()) == total
    assert (
        found["both_parents_out"]
        + found["one_parent_out"]
        + found["no_parent_out"]
        + found["parents_not_collected"]
        == total
    )
    for code, rule in found["counting_rules"].items():
        answers = ("2", "1", "0", "pending") if code == "xueji" else ("yes", "no", "pending")
        assert sum(rule[answer] for answer in answers) == total
        assert not set(rule["registered_not_derived"]) & set(rule["derived_not_registered"])
        assert len(rule["registered_not_derived"]) == rule[answers[-2]]
    for own, whole in (
        ("total", total),
        ("boys", found["children"]["boys"]),
        ("girls", found["children"]["girls"]),
    ):
        assert sum(row[own] for row in found["by_class"]) == whole
    assert sum(row["both"] for row in found["by_class"]) == found["both_parents_out"]
    assert sum(row["one"] for row in found["by_class"]) == found["one_parent_out"]
    assert sum(row["pupils"] for row in found["by_class"]) == found["pupils"]["total"]
    for row in found["by_class"]:
        assert row["both"] + row["one"] + row["none"] + row["not_collected"] == row["total"]
