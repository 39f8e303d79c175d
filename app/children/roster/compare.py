"""A waiting row beside the child of the ledger who may be the same: what a person needs to tell."""

from collections.abc import Callable
from datetime import date

from msgspec import Struct

from app.children.facts import ChildFacts
from app.children.labels import value_words
from app.children.person_facts import PersonFacts
from app.children.queries import load_child
from app.children.roster.context import RowContext
from app.children.roster.draft import PersonDraft, RowDraft
from app.children.roster.parse import read_row
from app.children.roster.raw_rows import kept_context, unpack_cells
from app.core.text import mask_phone, normalise_cell
from app.school.rules import class_name
from app.storage.store import Store


class ComparedField(Struct, frozen=True):
    """One fact on both sides, as words; "" where a side says nothing. ``differs``: both speak, and not alike."""

    label: str
    in_row: str
    in_ledger: str
    differs: bool


def compare_row(store: Store, raw: str, child_uuid: str) -> tuple[ComparedField, ...]:
    """Return the facts that a kept row and a child of the ledger have, side by side; phones masked unless they differ.

    ``raw`` is the row as ``PlannedRow.raw`` keeps it. Empty when the child is gone.
    """
    context = kept_context(store, raw)
    child = load_child(store, child_uuid, context.day)
    if child is None:
        return ()
    draft = read_row("", 0, unpack_cells(raw), context)
    fields = [
        _plain("性别", _words("sex", draft.child.get("sex")), _words("sex", child.sex)),
        _birth(draft, child),
        _plain("身份证号", draft.id_number, child.id_number),
        _plain("学籍号", draft.registry_no, child.student_registry_no),
        _plain("班级", _class_of_row(draft, context), child.school_class.name if child.school_class else ""),
        *_person("父亲", draft.people.get("father"), child.father),
        *_person("母亲", draft.people.get("mother"), child.mother),
        *_person("监护人", draft.people.get("carer"), child.care.person if child.care else None),
        _plain("住址", _home_of_row(draft), _home(child)),
    ]
    return tuple(field for field in fields if field.in_row or field.in_ledger)


def _words(column: str, value: object) -> str:
    return value_words("child", column, value) if value is not None else ""


def _plain(label: str, in_row: str | None, in_ledger: str | None) -> ComparedField:
    one, other = in_row or "", in_ledger or ""
    return ComparedField(label, one, other, bool(one and other and not _alike(one, other)))


def _alike(one: str, other: str) -> bool:
    return normalise_cell(one) == normalise_cell(other)


def _birth(draft: RowDraft, child: ChildFacts) -> ComparedField:
    """A month and a day inside it are no difference: the row only knows less."""
    one = str(draft.child.get("birth_date") or draft.birth_hint or "")
    other = child.birth_date or ""
    differs = bool(one and other) and not (one.startswith(other) or other.startswith(one))
    return ComparedField("出生", one, other, differs)


def _class_of_row(draft: RowDraft, context: RowContext) -> str:
    if draft.class_ref is None:
        return draft.class_text
    day: date = context.day
    return class_name(draft.class_ref, day, context.years, context.shape)


def _person(label: str, row: PersonDraft | None, known: PersonFacts | None) -> list[ComparedField]:
    numbers = list(row.phones) if row else []
    stored = [phone.number for phone in known.phones] if known else []
    shared = bool(set(numbers) & set(stored))
    differs = bool(numbers and stored) and not shared
    masked = _list_of(mask_phone)
    ours, theirs = masked(numbers), masked(stored)
    if differs and ours == theirs:
        ours, theirs = "、".join(numbers), "、".join(stored)
    return [
        _plain(label, row.name if row else "", known.name if known else ""),
        ComparedField(f"{label}电话", ours, theirs, differs),
        _plain(f"{label}务工地", row.place if row else "", known.away_place if known else ""),
    ]


def _list_of(mask: Callable[[str], str]) -> Callable[[list[str]], str]:
    def words(numbers: list[str]) -> str:
        return "、".join(mask(number) for number in numbers)

    return words


def _home_of_row(draft: RowDraft) -> str:
    home = draft.facts.get("residence", {})
    return str(home.get("address") or f"{home.get('village', '')}{home.get('village_group', '')}")


def _home(child: ChildFacts) -> str:
    home = child.residence
    if home is None:
        return ""
    return home.address or f"{home.village or ''}{home.village_group or ''}"
