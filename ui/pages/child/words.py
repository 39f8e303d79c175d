"""How the file says its facts: one line of words for each period, dates and sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from app.children.codes import AwayState, CareKind, LifeStatus, PhoneResult
from app.children.dated_fact import DatedFact
from app.children.facts import (
    BoardingFacts,
    CareFacts,
    CarePaperFacts,
    CategoryFacts,
    ChildFacts,
    DisabilityFacts,
    EnrolmentFacts,
    HealthFacts,
    HouseholdFacts,
    LivelihoodFacts,
    RegistrationFacts,
    ReportedFacts,
    ResidenceFacts,
    SchoolingFacts,
)
from app.children.person_facts import (
    AwayFacts,
    CapacityFacts,
    KinshipFacts,
    LifeFacts,
    MarriageFacts,
    PersonFacts,
    PhoneFacts,
)
from app.core.text import mask_phone
from ui.widgets.field import UNKNOWN

_WHOLE_DAY = 10
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
_GRADES = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


def joined(parts: Iterable[str | None], between: str = "，") -> str:
    """The parts that say something, set together."""
    return between.join(part for part in parts if part)


def period_words(fact: DatedFact) -> str:
    """「2025-08-20 起」, 「2024-02-18 至 2025-08-19」: the last day on which it was so, as people count."""
    start, end = fact.valid_from, fact.valid_to
    if end is None:
        return f"{start} 起" if start else "起始日期未记"
    return f"{start or '以前'} 至 {_last_day(end)}"


def _last_day(end: str) -> str:
    if len(end) < _WHOLE_DAY:
        return end
    return (date.fromisoformat(end) - timedelta(days=1)).isoformat()


def short_day(text: str | None, today: date) -> str:
    """10-09 in this year, else the date as it stands."""
    if text and len(text) == _WHOLE_DAY and text.startswith(f"{today.year}-"):
        return text[5:]
    return text or ""


def source_words(fact: DatedFact, today: date) -> str:
    """「奶奶口述，10-09」: who said so, and the day it was noted."""
    return joined((fact.source, short_day(fact.noted_on, today)))


# ---- grown-ups


def away_words(fact: AwayFacts) -> str:
    """「福建晋江，鞋厂」, 「在家」."""
    if fact.state is AwayState.HOME:
        return joined((AwayState.HOME.label, fact.trade, fact.place))
    words = joined((fact.place, fact.employer, fact.trade)) or "外出，务工地未采集"
    return joined((words, f"预计 {fact.expected_return} 回" if fact.expected_return else ""))


def capacity_words(fact: CapacityFacts) -> str:
    """「无监护能力，重病」."""
    return joined(("有监护能力" if fact.capable else "无监护能力", fact.reason, fact.evidence))


def life_words(fact: LifeFacts) -> str:
    """「去世」."""
    return fact.status.label


def marriage_words(fact: MarriageFacts) -> str:
    """「离异」."""
    return fact.status.label


def kinship_words(fact: KinshipFacts) -> str:
    """「继父」."""
    return fact.label or fact.relation.label


def person_line(person: PersonFacts) -> str:
    """What stands behind a grown-up's name: 健在，初中."""
    life = person.life_status
    alive = life.label if life is not None else ""
    if life in (LifeStatus.DEAD, LifeStatus.MISSING):
        return alive
    apart = person.marriage.status.label if person.marriage else ""
    dialect = "只听得懂方言" if person.dialect_only else ""
    return joined((alive, apart, person.education, person.occupation, dialect))


def phone_words(phone: PhoneFacts, *, revealed: bool) -> str:
    """The number, masked until somebody asked to see it, and its label."""
    number = phone.number if revealed else mask_phone(phone.number)
    return joined((number, phone.label), " ")


def confirmed_words(confirmed_on: str | None, today: date, result: PhoneResult | None = None) -> str:
    """「核实于 9月12日，接通」, 「没有核实过」; a try that reached nobody confirmed nothing: 「9月12日打过，停机」."""
    if not confirmed_on:
        return "没有核实过"
    day = date.fromisoformat(confirmed_on)
    words = f"{day.month}月{day.day}日" if day.year == today.year else confirmed_on
    told = result.label if result else ""
    if result in (None, PhoneResult.REACHED):
        return joined((f"核实于 {words}", told))
    return joined((f"{words}打过", told))


# ---- the child


def care_words(fact: CareFacts) -> str:
    """「奶奶 田秀莲，评估较好」."""
    if fact.kind is CareKind.UNGUARDED:
        return joined((fact.kind.label, f"评估{fact.grade.label}" if fact.grade else ""))
    person = fact.person
    who = joined((person.relation_words or fact.kind.label, person.name), " ") if person else fact.kind.label
    able = {True: "", False: "监护能力不足", None: ""}[fact.carer_able]
    return joined((who, f"评估{fact.grade.label}" if fact.grade else "", able))


def care_source(fact: CareFacts, today: date) -> str:
    """Who assessed the care and when, else the source of the fact."""
    assessed = joined((fact.assessor, fact.assessed_on))
    return assessed or source_words(fact, today)


def class_words(fact: EnrolmentFacts) -> str:
    """「三（1）班」 as it is called on the day shown."""
    return joined((fact.school_class.name, fact.end_reason.label if fact.end_reason else ""))


def boarding_words(fact: BoardingFacts) -> str:
    """「住校」, 「走读」."""
    return "住校" if fact.boards else "走读"


def schooling_words(fact: SchoolingFacts) -> str:
    """「初中」."""
    return fact.status.label


def health_words(fact: HealthFacts) -> str:
    """「慢性病，哮喘」."""
    return joined((fact.status.label, fact.illness))


def disability_words(fact: DisabilityFacts) -> str:
    """「肢体残疾，二级，证号 …」."""
    kind = fact.kind.label if fact.kind.label.endswith("未采集") else f"{fact.kind.label}残疾"
    return joined(
        (
            kind,
            _GRADES.get(fact.grade or 0, "等级未采集"),
            f"证号 {fact.certificate_no}" if fact.certificate_no else "",
        )
    )


def household_words(fact: HouseholdFacts) -> str:
    """「农业户口，白水沟村」."""
    committee = {True: "属村委会", False: "属居委会", None: ""}[fact.village_committee]
    return joined((fact.kind.label if fact.kind else "", fact.place, committee)) or UNKNOWN


def residence_words(fact: ResidenceFacts) -> str:
    """「白水沟村 1 组 17 号」."""
    return joined((fact.village, fact.village_group, fact.address), " ") or UNKNOWN


def category_words(fact: CategoryFacts) -> str:
    """「孤儿，孤儿证，2025-03，存档案柜」."""
    return joined((fact.category.label, fact.basis, fact.evidence_date, fact.kept_at and f"存{fact.kept_at}"))


def livelihood_words(fact: LivelihoodFacts) -> str:
    """「低保，低保证，2025-03」."""
    return joined((fact.code.label, fact.basis, fact.evidence_date))


def paper_words(fact: CarePaperFacts) -> str:
    """「有，2025-09-01，存档案柜 3」."""
    return joined(
        (
            "有" if fact.done else "要过，还没有",
            fact.dated_on,
            fact.form,
            fact.kept_at and f"存{fact.kept_at}",
        )
    )


def registration_words(fact: RegistrationFacts) -> str:
    """「留守儿童在册」, and why it ended."""
    ended = fact.end_reason.label if fact.end_reason else ""
    return joined((f"{fact.kind.label}台账在册", f"退出：{ended}" if ended else "", fact.end_note))


def reported_words(fact: ReportedFacts) -> str:
    """What a roster said."""
    return f"名册上写「{fact.raw or fact.label.label}」"


def header_facts(facts: ChildFacts, percent: int, *, short: bool) -> tuple[str, ...]:
    """The line under which the child is known, longest first: it gives way by whole facts, the class last."""
    cls = facts.school_class or (facts.left_class.school_class if facts.left_class else None)
    left = "已离校" if facts.school_class is None and cls is not None else ""
    sex = facts.sex.label if facts.sex else ""
    where = (cls.name if cls else "没有班级", left, "" if facts.on_ledger else "不在册")
    born = "" if short else (facts.birth_date or "")[:7]
    known = joined((sex, where[0], left, born, where[2]))
    gap = "　" if short else "　　"
    return f"{known}{gap}资料 {percent}%", joined((sex, *where)), joined(where), where[0]
