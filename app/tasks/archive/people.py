"""The grown-ups on an archive sheet: parents, the carer, the family, and how that changed."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

from app.children.codes import GRANDPARENTS, PARENTS, AwayState, CareKind, LifeStatus, Relation
from app.children.facts import ChildFacts
from app.children.past_queries import ChildPast, PastAway, PastCare, PastPeriod
from app.children.person_facts import PersonFacts
from app.children.rules import legal_parents
from app.paper.archive_data import (
    NOT_APPLICABLE,
    CareDetails,
    CarePaper,
    ChangeEntry,
    DatedText,
    FamilyMember,
    ParentDetails,
)

P = TypeVar("P", bound=PastPeriod)

_NO_CARER = (CareKind.UNGUARDED, CareKind.INSTITUTION)


def listed(parts: Iterable[str | None]) -> str:
    """Return the non-empty parts in one line."""
    return "、".join(part for part in parts if part)


def yes_no(value: bool | None) -> str:
    """Return 是 or 否, "" for 未采集."""
    return "" if value is None else "是" if value else "否"


def parent_rows(facts: ChildFacts, past: ChildPast) -> tuple[ParentDetails, ...]:
    """Return father and mother in any case, then every other parent there is (step, adoptive)."""
    rows: list[ParentDetails] = []
    shown: set[str] = set()
    for parent in legal_parents(facts):
        if parent.person is None:
            rows.append(ParentDetails(relation=parent.word))
            continue
        shown.add(parent.person.uuid)
        rows.append(_parent(parent.person, past, held=parent.held))
    for person in facts.relatives:
        if person.relation in PARENTS and person.uuid not in shown:
            shown.add(person.uuid)
            rows.append(_parent(person, past, held=False))
    return tuple(rows)


def _parent(person: PersonFacts, past: ChildPast, *, held: bool) -> ParentDetails:
    relation = person.relation_words
    if person.gone:
        gone = NOT_APPLICABLE
        return ParentDetails(
            relation=relation,
            name=person.name or "",
            life_status=_life(person),
            birth_date=person.birth_date or "",
            id_number=person.id_number or "",
            phones=gone,
            away=gone,
            away_since=gone,
            place=gone,
            trade=gone,
            expected_return=gone,
            capacity=gone,
            earlier=_earlier_away(person, past),
            note=person.note or "",
        )
    out = person.away if person.away_state is AwayState.OUT else None
    state = person.away_state.label if person.away_state else ""
    return ParentDetails(
        relation=relation,
        name=person.name or "",
        life_status=_life(person),
        birth_date=person.birth_date or "",
        id_number=person.id_number or "",
        phones=_phones(person),
        away="无法照护" if held else state,
        away_since=(out.valid_from or "") if out else "",
        place=(out.place or "") if out else "",
        trade=listed((out.employer, out.trade)) if out else "",
        expected_return=(out.expected_return or "") if out else "",
        capacity=_capacity(person),
        earlier=_earlier_away(person, past),
        note=person.note or "",
    )


def _life(person: PersonFacts) -> str:
    if person.life is None:
        return ""
    words = "已故" if person.life.status is LifeStatus.DEAD else person.life.status.label
    return f"{words}（{person.life.valid_from}）" if person.life.valid_from else words


def _phones(person: PersonFacts) -> str:
    """Return every number with its label; one known to be dead or wrong says so."""
    return listed(
        "".join(
            (
                phone.number,
                f"（{phone.label}）" if phone.label else "",
                "" if phone.usable or phone.result is None else f"（{phone.result.label}）",
            )
        )
        for phone in person.phones
    )


def _capacity(person: PersonFacts) -> str:
    if person.capable is None:
        return ""
    reason = person.capacity.reason if person.capacity else None
    return ("有" if person.capable else "无") + (f"（{reason}）" if reason else "")


def _earlier_away(person: PersonFacts, past: ChildPast) -> tuple[DatedText, ...]:
    periods = past.away.get(person.uuid, ())
    return tuple(
        DatedText(
            text=_away_words(period),
            since=period.valid_from or "",
            until=period.valid_to or "",
            source=period.source or "",
        )
        for period in reversed(periods)
        if period.ended
    )


def _away_words(period: PastAway) -> str:
    if period.state is AwayState.HOME:
        return period.state.label
    return listed((period.place, period.employer, period.trade)) or period.state.label


def marriage_words(facts: ChildFacts) -> str:
    """Return how the parents' marriage stands; both words when father and mother are recorded differently."""
    words = [
        person.marriage.status.label for person in (facts.father, facts.mother) if person and person.marriage
    ]
    return listed(dict.fromkeys(words))


def care_details(facts: ChildFacts, past: ChildPast) -> CareDetails:
    """Return who looks after the child; with nobody at all the cells about a person say —."""
    papers = tuple(
        CarePaper(
            kind=paper.kind.label,
            state="有" if paper.done else "无",
            dated_on=paper.dated_on or "",
            kept_at=paper.kept_at or "",
        )
        for paper in facts.care_papers
    )
    care = facts.care
    if care is None:
        return CareDetails(papers=papers, earlier=_earlier_care(past))
    person, blank = care.person, NOT_APPLICABLE if care.kind in _NO_CARER else ""
    return CareDetails(
        arrangement=care.kind.label,
        carer=(person.name or "") if person else blank,
        relation=person.relation_words if person else blank,
        since=care.valid_from or "",
        birth_date=(person.birth_date or "") if person else blank,
        id_number=(person.id_number or "") if person else blank,
        phones=_phones(person) if person else blank,
        address=(person.address or "") if person else blank,
        health=(person.health or "") if person else blank,
        education=(person.education or "") if person else blank,
        language="只说方言" if person and person.dialect_only else "" if person else blank,
        grade=care.grade.label if care.grade else "",
        assessed_on=care.assessed_on or "",
        assessor=care.assessor or "",
        papers=papers,
        earlier=_earlier_care(past),
    )


def _earlier_care(past: ChildPast) -> tuple[DatedText, ...]:
    return tuple(
        DatedText(
            text=_care_words(period),
            since=period.valid_from or "",
            until=period.valid_to or "",
            source=period.source or "",
        )
        for period in reversed(past.care)
        if period.ended
    )


def _care_words(period: PastCare) -> str:
    word = period.label or (period.relation.label if period.relation else period.kind.label)
    return f"{word} {period.carer or ''}".strip()


def family_members(facts: ChildFacts, past: ChildPast) -> tuple[FamilyMember, ...]:
    """Return grandparents, then the others who are no parents, then brothers and sisters at school."""
    others = [person for person in facts.relatives if person.relation not in PARENTS]
    others.sort(key=lambda person: person.relation not in GRANDPARENTS)
    rows = [
        FamilyMember(
            relation=person.relation_words,
            name=person.name or "",
            birth_date=person.birth_date or "",
            lives_together=NOT_APPLICABLE if person.gone else yes_no(_lives_together(person)),
            note=listed((_life(person), person.occupation, person.note)),
        )
        for person in others
    ]
    rows.extend(
        FamilyMember(
            relation="兄弟姐妹",
            name=sibling.name,
            birth_date=sibling.birth_date or "",
            lives_together="",
            note="本校学生",
        )
        for sibling in past.siblings
    )
    return tuple(rows)


def _lives_together(person: PersonFacts) -> bool | None:
    return person.kinship.lives_together if person.kinship else None


def changes(facts: ChildFacts, past: ChildPast) -> tuple[ChangeEntry, ...]:
    """Return how work places and care changed from one period to the next, oldest first."""
    rows: list[ChangeEntry] = []
    for person in facts.relatives:
        word = person.relation_words or Relation.OTHER.label
        rows.extend(_steps(f"{word}去向", past.away.get(person.uuid, ()), _away_words))
    rows.extend(_steps("监护人", past.care, _care_words))
    return tuple(sorted(rows, key=lambda row: row.happened_on))


def _steps(what: str, periods: Sequence[P], words: Callable[[P], str]) -> list[ChangeEntry]:
    return [
        ChangeEntry(
            happened_on=after.valid_from or "",
            entered_on=after.entered_on,
            what=what,
            before=words(before),
            after=words(after),
        )
        for before, after in pairwise(periods)
    ]
