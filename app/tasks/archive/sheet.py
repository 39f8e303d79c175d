"""From the facts about a child to the words on its archive sheet (一人一档, domain.md §5.5)."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.children.checks import id_notes
from app.children.codes import RegistrationKind
from app.children.contacts import contact_chain
from app.children.derive import standing
from app.children.ethnicity import ethnic_name
from app.children.facts import ChildFacts, Contact
from app.children.past_queries import ChildPast, PastCategory, PastHome, PastRegistration
from app.children.rules import Derived, age
from app.paper.archive_data import (
    ArchiveSheet,
    CareWork,
    CategoryEntry,
    ContactEntry,
    DatedText,
    Determination,
    HealthDetails,
    PersonalDetails,
)
from app.school.codes import Stage
from app.school.counting_rules import CountingRule
from app.tasks.archive.people import (
    care_details,
    changes,
    family_members,
    listed,
    marriage_words,
    parent_rows,
    yes_no,
)

_ANSWERS = {True: "是", False: "不是", None: "待确认"}


class SchoolWords(Struct, frozen=True):
    """What the school contributes to every sheet."""

    name: str
    local: CountingRule
    resident_is_rural: bool | None


def sheet_of(facts: ChildFacts, past: ChildPast, work: CareWork, school: SchoolWords) -> ArchiveSheet:
    """Return what is printed about one child, as known for the day of ``facts``."""
    return ArchiveSheet(
        child_key=facts.uuid,
        school=school.name,
        archive_no=facts.archive_no or "",
        opened_on=facts.archive_opened_on or "",
        personal=_personal(facts, past),
        determinations=_determinations(facts, school),
        parents=parent_rows(facts, past),
        marriage=marriage_words(facts),
        care=care_details(facts, past),
        contacts=tuple(_contact(contact) for contact in contact_chain(facts)),
        family=family_members(facts, past),
        income=listed(_livelihood(facts, "income")),
        aid=listed(_livelihood(facts, "aid")),
        categories=_categories(past),
        health=_health(facts),
        study=facts.study or "",
        personality=facts.personality or "",
        hobbies=facts.hobbies or "",
        behaviour=facts.behaviour or "",
        family_contact=facts.family_contact or "",
        care_measures=facts.care_measures or "",
        special_needs=facts.special_needs or "",
        note=facts.note or "",
        care_work=work,
        changes=changes(facts, past),
    )


def _personal(facts: ChildFacts, past: ChildPast) -> PersonalDetails:
    years = age(facts)
    household = facts.household
    notes = id_notes(facts)
    return PersonalDetails(
        name=facts.name,
        former_name=listed((facts.former_name, facts.name_note)),
        sex=facts.sex.label if facts.sex else "",
        ethnicity=ethnic_name(facts.ethnicity),
        birth_date=facts.birth_date or "",
        birth_note=listed((facts.birth_note, *(note.words for note in notes if note.field == "birth_date"))),
        age=f"{years} 岁" if years is not None else "",
        id_number=facts.id_number or "",
        # What stands after the semicolon tells how to save it on the screen.
        id_note=listed(note.words.partition("；")[0] for note in notes if note.field == "id_number"),
        student_registry_no=facts.student_registry_no or "",
        student_no=facts.student_no or "",
        class_name=facts.school_class.name if facts.school_class else "",
        native_place=facts.native_place or "",
        birth_place=facts.birth_place or "",
        political_status=facts.political_status or "",
        only_child=yes_no(facts.only_child),
        boarding=_boarding(facts),
        schooling=_schooling(facts),
        household_kind=household.kind.label if household and household.kind else "",
        household_place=(household.place or "") if household else "",
        address=_address(facts),
        earlier_addresses=tuple(_home(home) for home in reversed(past.homes) if home.ended),
        phone=facts.phone or "",
    )


def _boarding(facts: ChildFacts) -> str:
    if facts.boarding is None:
        return ""
    words = "住校" if facts.boarding.boards else "走读"
    return f"{words}（{facts.boarding.valid_from} 起）" if facts.boarding.valid_from else words


def _schooling(facts: ChildFacts) -> str:
    if facts.schooling is not None:
        return facts.schooling.status.label
    if facts.school_class is None:
        return ""
    return "小学" if facts.school_class.stage is Stage.PRIMARY else "初中"


def _address(facts: ChildFacts) -> str:
    home = facts.residence
    return "" if home is None else place_words(home.address, home.village, home.village_group)


def _home(home: PastHome) -> DatedText:
    return DatedText(
        text=place_words(home.address, home.village, home.village_group),
        since=home.valid_from or "",
        until=home.valid_to or "",
        source=home.source or "",
    )


def place_words(address: str | None, village: str | None, group: str | None) -> str:
    """Return the address, with village and group before it when it does not name them itself."""
    before = "".join(part for part in (village, group) if part and part not in (address or ""))
    return before + (address or "")


def _determinations(facts: ChildFacts, school: SchoolWords) -> tuple[Determination, ...]:
    stands = standing(facts, resident_is_rural=school.resident_is_rural, local=school.local)
    xueji = stands.xueji
    answer = xueji.value.label if xueji.value is not None else _ANSWERS[None]
    found = [
        Determination(
            rule="学籍系统",
            answer=_to_confirm(answer, by_default=xueji.pending and xueji.value is not None),
            reason=xueji.why,
        ),
        _determination("国发〔2016〕13号", stands.mz2016),
        _determination("教育事业统计", stands.edu_stat),
    ]
    if stands.local is not None:
        found.append(_determination("本地口径", stands.local))
    return tuple(found)


def _determination(rule: str, derived: Derived[bool]) -> Determination:
    by_default = derived.pending and derived.value is not None
    return Determination(
        rule=rule, answer=_to_confirm(_ANSWERS[derived.value], by_default=by_default), reason=derived.why
    )


def _to_confirm(answer: str, *, by_default: bool) -> str:
    return f"{answer}（待确认）" if by_default else answer


def _contact(contact: Contact) -> ContactEntry:
    who = f"{contact.relation_words} {contact.who}".strip()
    return ContactEntry(
        who=who,
        number=contact.number or "",
        reachable=contact.reachable or "",
        confirmed_on=contact.confirmed_on or "",
        language_note=contact.language_note or "",
    )


def _livelihood(facts: ChildFacts, kind: str) -> Iterable[str]:
    return (fact.code.label for fact in facts.livelihood if fact.kind == kind)


def _categories(past: ChildPast) -> tuple[CategoryEntry, ...]:
    """Return the registers and the categories, those still in force first."""
    rows: Sequence[PastRegistration | PastCategory] = (*past.registrations, *past.categories)
    return tuple(
        _register_row(row) if isinstance(row, PastRegistration) else _category_row(row)
        for row in sorted(rows, key=lambda row: (row.ended, row.valid_from or ""))
    )


def _register_row(row: PastRegistration) -> CategoryEntry:
    words = "登记在册" if row.kind is RegistrationKind.LEFT_BEHIND else "另册登记"
    reason = row.end_reason.label if row.end_reason else ""
    until = "，".join(part for part in (row.valid_to or "", reason) if part) if row.ended else ""
    return CategoryEntry(category=row.kind.label, basis=words, since=row.valid_from or "", until=until)


def _category_row(row: PastCategory) -> CategoryEntry:
    return CategoryEntry(
        category=row.category.label,
        basis=row.basis or "",
        evidence_date=row.evidence_date or "",
        since=row.valid_from or "",
        until=(row.valid_to or "") if row.ended else "",
        kept_at=row.kept_at or "",
    )


def _health(facts: ChildFacts) -> HealthDetails:
    return HealthDetails(
        status=facts.health.status.label if facts.health else "",
        illness=(facts.health.illness or "") if facts.health else "",
        disability=listed(
            f"{one.kind.label}残疾" + (f" {'一二三四'[one.grade - 1]}级" if one.grade else "")
            for one in facts.disabilities
        ),
        certificate_no=listed(one.certificate_no for one in facts.disabilities),
        blood_type=facts.blood_type or "",
        allergies=facts.allergies or "",
        medical_history=facts.medical_history or "",
    )
