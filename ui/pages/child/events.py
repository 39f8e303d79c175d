"""What changed when: the dated facts of a file as one list of events, the latest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from app.children.child_file import ChildFile, PersonPeriods
from app.children.codes import LifeStatus
from app.children.dated_fact import DatedFact
from app.children.person_facts import PersonFacts
from ui.pages.child import words


class Event(Struct, frozen=True):
    """One change. `day` in its own precision, `head` what it is about, `text` what it came to."""

    day: str
    icon: str
    head: str
    text: str
    source: str = ""


def events_of(file: ChildFile) -> list[Event]:
    """Everything with a date, the latest first; what holds since nobody knows when is no event."""
    found = [event for event in _all(file) if event.day]
    return sorted(found, key=lambda event: event.day, reverse=True)


def _all(file: ChildFile) -> Iterator[Event]:
    facts = file.facts
    yield from _registrations(file)
    yield from _classes_and_categories(file)
    groups: tuple[tuple[Sequence[DatedFact], str, str, Callable[[Any], str]], ...] = (
        (file.care, "people", "照护", words.care_words),
        (file.residences, "folder_open", "住址", words.residence_words),
        (file.households, "folder_open", "户口", words.household_words),
        (file.boarding, "table", "住校走读", words.boarding_words),
        (file.schooling, "table", "就学", words.schooling_words),
        (file.health, "heart", "健康", words.health_words),
        (file.disabilities, "heart", "残疾", words.disability_words),
    )
    for dated, icon, head, say in groups:
        for fact in dated:
            yield _event(fact, icon, head, say(fact))
    for periods in file.people:
        yield from _of_person(periods.person, periods)
    if facts.entered_at:
        yield Event(facts.entered_at[:10], "book_open", "录入守望", "档案从这天起在电脑里")


def _classes_and_categories(file: ChildFile) -> Iterator[Event]:
    for cls in file.enrolments:
        yield _event(cls, "table", "班级", words.class_words(cls))
        if cls.end_reason is not None and cls.valid_to:
            yield Event(cls.valid_to, "table", "离开班级", cls.end_reason.label)
    for category in file.categories:
        yield _event(category, "document", "类别", words.category_words(category))
        if category.valid_to:
            yield Event(category.valid_to, "document", "类别去掉", category.category.label)


def _registrations(file: ChildFile) -> Iterator[Event]:
    for one in file.registrations:
        yield _event(one, "document", "登记", f"登记为{one.kind.label}")
        if one.valid_to:
            reason = one.end_reason.label if one.end_reason else ""
            yield Event(
                one.valid_to, "document", "退出", words.joined((one.kind.label, reason, one.end_note))
            )


def _of_person(person: PersonFacts, periods: PersonPeriods) -> Iterator[Event]:
    who = person.relation_words or person.name or "监护人"
    for away in periods.aways:
        yield _event(away, "arrow_right", who, words.away_words(away))
    for life in periods.lives:
        if life.status is not LifeStatus.ALIVE or len(periods.lives) > 1:
            yield _event(life, "person", who, words.life_words(life))
    for capacity in periods.capacities:
        yield _event(capacity, "person", who, words.capacity_words(capacity))
    for marriage in periods.marriages:
        yield _event(marriage, "person", who, words.marriage_words(marriage))
    for phone in periods.phones:
        yield _event(phone, "call", who, "电话换成新号" if phone.valid_from else "")
    for kinship in periods.kinships:
        yield _event(kinship, "person", person.name or who, f"成为{words.kinship_words(kinship)}")


def _event(fact: DatedFact, icon: str, head: str, text: str) -> Event:
    return Event(fact.valid_from or "", icon, head, text, fact.source or "")
