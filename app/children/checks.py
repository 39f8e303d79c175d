"""What looks wrong in a child's facts. Warnings only: nothing here ever blocks saving (domain.md §4.1)."""

from collections.abc import Iterator

from msgspec import Struct

from app.children.codes import (
    CareBucket,
    CareGrade,
    CareKind,
    Category,
    DisabilityKind,
    HealthStatus,
    HouseholdFactCode,
    ParentsCode,
    ReportedLabel,
    SchoolingStatus,
)
from app.children.derive import care_bucket
from app.children.facts import ChildFacts
from app.children.person_facts import PersonFacts
from app.children.rules import (
    age,
    family_of,
    legal_parents,
    no_living_parent,
    nobody_to_raise,
    parents_status,
    younger_than,
)
from app.children.school_age import entry_age_question
from app.core.dates import age_on, earliest, latest
from app.core.id_number import inspect_id

CARER_FROM_AGE = 18
CARER_TO_AGE = 70

_ID_PROBLEMS = {
    "length": "位数不对，请看看户口本原件",
    "characters": "有不该出现的字符，请看看户口本原件",
    "check_digit": "最后一位对不上，请看看户口本原件",
    "birth_date": "里面的出生日期不存在，请看看户口本原件",
    "fifteen": "是 15 位旧号码，请看看户口本上的新号码",
}
_LABEL_CODES = {
    ReportedLabel.BOTH_OUT: ParentsCode.BOTH,
    ReportedLabel.ONE_OUT: ParentsCode.ONE,
    ReportedLabel.ONE_OUT_OTHER_INCAPABLE: ParentsCode.ONE,
    ReportedLabel.NONE_OUT: ParentsCode.NONE,
}


class Notice(Struct, frozen=True):
    """Something to look at: a stable key, the field it stands beside, and the sentence."""

    key: str
    field: str
    words: str


def cross_checks(facts: ChildFacts) -> tuple[Notice, ...]:
    """Return what does not fit together in the child's facts of the day."""
    return (
        *_parent_checks(facts),
        *_care_checks(facts),
        *_health_checks(facts),
        *_schooling_checks(facts),
    )


def id_notes(facts: ChildFacts) -> tuple[Notice, ...]:
    """Return what is odd about the ID numbers of the child and the grown-ups, and where they contradict other facts.

    A wrong number is kept as written and marked, never corrected (domain.md §9.1). Fifteen digits are an old number
    for a grown-up, a damaged one for a child.
    """
    notes = list(_child_id_notes(facts))
    seen: set[str] = set()
    for person in (*facts.relatives, *((facts.care.person,) if facts.care and facts.care.person else ())):
        if person.id_number and person.uuid not in seen:
            seen.add(person.uuid)
            finding = inspect_id(person.id_number)
            if finding.problem is not None and finding.problem != "fifteen":
                word = person.relation_words or "监护人"
                notes.append(
                    Notice(
                        f"person.id_{finding.problem}",
                        f"person.{person.uuid}.id_number",
                        f"{word}的身份证号{_ID_PROBLEMS[finding.problem]}；确实如此可照存，会留标记。",
                    )
                )
    return tuple(notes)


def id_problem_words(problem: str) -> str:
    """Return the sentence for one problem of ``IdFinding``, as it stands under the field."""
    return f"{_ID_PROBLEMS[problem]}；确实如此可照存，会留标记。"


def _child_id_notes(facts: ChildFacts) -> Iterator[Notice]:
    if facts.id_number is None:
        return
    finding = inspect_id(facts.id_number)
    if finding.problem is not None:
        yield Notice(f"id.{finding.problem}", "id_number", f"身份证号{id_problem_words(finding.problem)}")
    if finding.birth_date and facts.birth_date and not _same_day(facts.birth_date, finding.birth_date):
        yield Notice(
            "id.birth_differs",
            "birth_date",
            f"出生日期记为 {facts.birth_date}，身份证上是 {finding.birth_date}，两个都留着。",
        )
    if finding.sex and facts.sex and finding.sex != facts.sex:
        yield Notice(
            "id.sex_differs", "sex", f"性别记为{facts.sex.label}，身份证上是另一种，请看看户口本原件。"
        )
    registry = facts.student_registry_no
    if registry and registry.startswith("G") and registry[1:] != facts.id_number:
        yield Notice(
            "registry.differs", "student_registry_no", "学籍号里的身份证号和现在的不一样，换过证的可不改。"
        )


def _same_day(partial: str, day: str) -> bool:
    return earliest(partial).isoformat() <= day <= latest(partial).isoformat()


def _parent_checks(facts: ChildFacts) -> Iterator[Notice]:
    family = family_of(facts)
    for side, parent in zip(("father", "mother"), family.parents, strict=True):
        person = parent.person
        if person is None or not parent.gone:
            continue
        if person.away_place or person.phones:
            yield Notice(
                "parent.gone_reached", side, f"{parent.word}记为{parent.fate}，却还有务工地或电话，请核对。"
            )
    status = family.status
    if facts.reported is not None and not status.as_reported and status.code is not ParentsCode.NOT_COLLECTED:
        reported = _LABEL_CODES[facts.reported.label]
        if reported is not status.code and not _only_parent_out(facts, reported):
            words = facts.reported.raw or facts.reported.label.label
            yield Notice(
                "parents.reported_differs", "parents", f"名册上报为「{words}」，按登记的情况是{status.why}。"
            )
    hint = nobody_to_raise(family)
    if hint:
        yield Notice("parents.nobody", "categories", f"{hint}。")
    if facts.has(Category.ORPHAN) and any(p.person and p.gone is False for p in family.parents):
        yield Notice(
            "orphan.parent_alive", "categories", "类别里有孤儿，父母却有一方没有记为去世或失踪，请核对。"
        )
    earns = any(fact.code is HouseholdFactCode.WORK for fact in facts.livelihood)
    if earns and no_living_parent(family):
        yield Notice("income.nobody_works", "livelihood", "家庭经济来源有打工收入，父母却都不在世，请核对。")


def _only_parent_out(facts: ChildFacts, reported: ParentsCode) -> bool:
    """Tell whether 双亲 was said of a child whose only living parent is out: both ways of saying it are in use."""
    return reported is ParentsCode.BOTH and any(parent.gone for parent in legal_parents(facts))


def _care_checks(facts: ChildFacts) -> Iterator[Notice]:
    care = facts.care
    if care is None:
        return
    bucket = care_bucket(facts)
    if bucket is CareBucket.UNGUARDED:
        yield Notice(
            "care.unguarded", "care", "无人监护：请当天报告学校负责人和村（居）委会，并落实临时照护人。"
        )
    if bucket in (CareBucket.UNGUARDED, CareBucket.ONE_PARENT_WITHOUT_CAPACITY) and care.grade in (
        CareGrade.GOOD,
        CareGrade.FAIR,
    ):
        yield Notice("care.grade_too_good", "care", f"照护情况为{bucket.label}，监护评估应为差，请核对。")
    both_out = parents_status(facts).code is ParentsCode.BOTH
    if both_out and care.kind in (CareKind.ONE_PARENT, CareKind.BOTH_PARENTS):
        yield Notice("care.parent_is_out", "care", f"父母双方外出，照护人却记为{care.kind.label}，请核对。")
    if care.person is not None:
        yield from _carer_checks(care.person, facts)


def _carer_checks(carer: PersonFacts, facts: ChildFacts) -> Iterator[Notice]:
    if carer.gone and carer.life is not None:
        yield Notice("care.carer_gone", "care", f"监护人记为{carer.life.status.label}，请登记现在由谁照护。")
    years = age_on(carer.birth_date, facts.day) if carer.birth_date else None
    if years is not None and not CARER_FROM_AGE <= years <= CARER_TO_AGE:
        yield Notice("care.carer_age", "care", f"监护人 {years} 岁，请看看照护能力。")


def _health_checks(facts: ChildFacts) -> Iterator[Notice]:
    disabled = facts.has(Category.DISABILITY) or (
        facts.health and facts.health.status is HealthStatus.DISABLED
    )
    known = [d for d in facts.disabilities if d.kind is not DisabilityKind.UNKNOWN and d.grade is not None]
    if (disabled or facts.disabilities) and not known:
        yield Notice("disability.incomplete", "disabilities", "记为残疾，残疾类别或等级未采集。")
    ill = facts.health is not None and facts.health.status in (HealthStatus.ILL, HealthStatus.CHRONIC)
    if ill and facts.health is not None and not facts.health.illness:
        yield Notice(
            "health.illness_missing", "health", f"健康状况为{facts.health.status.label}，病名未采集。"
        )


def _schooling_checks(facts: ChildFacts) -> Iterator[Notice]:
    if facts.birth_date and facts.school_class is not None:
        asked = entry_age_question(facts.birth_date, facts.school_class.ref)
        if asked:
            yield Notice("birth.class_age", "birth_date", f"{asked}；确实如此不用改。")
    years = age(facts)
    status = facts.schooling.status if facts.schooling else None
    if status is SchoolingStatus.NOT_IN_SCHOOL and years is not None and years not in (14, 15):
        yield Notice("schooling.age", "schooling", f"就学情况为不在学，只用于 14 至 16 岁；现在 {years} 岁。")
    if facts.school_class is not None and status is SchoolingStatus.DROPOUT:
        yield Notice("schooling.in_class", "schooling", "记为辍学，却还在班里，请核对。")
    if facts.registration is not None and younger_than(facts, 16) is False:
        yield Notice(
            "registration.sixteen", "registration", "已满 16 周岁，仍登记在册；要退出请用「退出台账」。"
        )
