"""Writing the people around a child: who they are, what they are to whom, their numbers, whom to call first."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app.children.affected import changes_of, name_of_child
from app.children.codes import PhoneResult, Relation, Sex
from app.children.drafts import PersonDraft
from app.children.family_writing import add_number, write_kinship, write_person
from app.children.identity import tidy_date, tidy_number, tidy_text
from app.children.labels import column_words
from app.children.periods import OpenPeriod, end_period, key_of, open_now
from app.children.tables import (
    Child,
    ContactOrder,
    Kinship,
    Person,
    Phone,
)
from app.core.changes import Changes
from app.core.code import Code
from app.core.id_number import tidy_id
from app.core.messages import refuse
from app.core.text import normalise_name
from app.storage.service import service
from app.storage.store import Store

_ONE_OF_EACH = (
    Relation.FATHER,
    Relation.MOTHER,
    Relation.ADOPTIVE_FATHER,
    Relation.ADOPTIVE_MOTHER,
)
_PERSON_FIELDS = (
    "name",
    "sex",
    "birth_date",
    "id_number",
    "education",
    "health",
    "occupation",
    "dialect_only",
    "address",
    "note",
)


class ContactEntry(Struct, frozen=True, kw_only=True):
    """One link of the chain as she put it: a grown-up, or an office with its number."""

    person_uuid: str | None = None
    office: str | None = None
    office_number: str | None = None
    reachable: str | None = None
    language_note: str | None = None


@service
def link_person(
    store: Store, *, child_uuid: str, draft: PersonDraft, since: str | None = None, by: str | None = None
) -> Changes:
    """Write that a grown-up is this to a child: somebody new, or (``draft.person_uuid``) somebody known.

    UserError ``family.parent_exists`` when the child has a father (mother …) already: names are corrected, not added.
    """
    child_id = key_of(store, Child, child_uuid)
    _refuse_second_parent(store, child_id, draft)
    words = f"{name_of_child(store, child_uuid)}：登记{draft.label or draft.relation.label}"
    with store.action(words, kind="family.link", by=by) as action:
        person_id = write_person(store, action, draft)
        write_kinship(store, action, child_id, person_id, draft, since)
        return changes_of(store, action, children=(child_uuid,), people=(person_id,))


@service
def change_kinship(
    store: Store,
    *,
    kinship_uuid: str,
    relation: Relation | None = None,
    label: str | None = None,
    lives_together: bool | None = None,
    by: str | None = None,
) -> Changes:
    """Correct what a grown-up is to a child. None leaves as it is; a blank label clears it."""
    row = _kinship(store, kinship_uuid)
    values: dict[str, object] = {}
    if relation is not None:
        values["relation"] = relation.value
    if label is not None:
        values["label"] = tidy_text(label)
    if lives_together is not None:
        values["lives_together"] = int(lives_together)
    words = f"{name_of_child(store, row[2])}：改亲属关系"
    with store.action(words, kind="family.kinship", by=by) as action:
        if values:
            action.update(Kinship, kinship_uuid, **values)
        return changes_of(store, action, children=(row[2],))


@service
def unlink_person(
    store: Store, *, kinship_uuid: str, on: str | None = None, by: str | None = None
) -> Changes:
    """End a kinship on a day (an adoption annulled), or take it out when it was a mistake (``on`` None)."""
    row = _kinship(store, kinship_uuid)
    words = f"{name_of_child(store, row[2])}：取消一名家人"
    with store.action(words, kind="family.unlink", by=by) as action:
        if on is None:
            action.soft_delete(Kinship, kinship_uuid)
        else:
            end_period(action, Kinship, OpenPeriod(kinship_uuid, row[3], {}), on)
        return changes_of(store, action, children=(row[2],))


@service
def change_person_field(
    store: Store, *, person_uuid: str, field: str, value: str | bool | Code | None, by: str | None = None
) -> Changes:
    """Change one fact that stands on a grown-up; brothers and sisters see it at once. Blank or None = 未采集."""
    key = key_of(store, Person, person_uuid)
    tidy = _tidy_person(field, value)
    row = store.one("SELECT name FROM person WHERE id = ?", (key,))
    name = (row[0] if row else None) or "家人"
    with store.action(f"{name}：改{column_words('person', field)}", kind="person.edit", by=by) as action:
        action.update(Person, key, **{field: tidy})
        return changes_of(store, action, people=(key,))


# ---- numbers --------------------------------------------------------------------------------------------------------


@service
def add_phone(
    store: Store,
    *,
    person_uuid: str,
    number: str,
    label: str | None = None,
    confirmed_on: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write a number on which a grown-up is reached. A known one only gets its label and confirmation."""
    key = key_of(store, Person, person_uuid)
    tidy = _number(number)
    with store.action(f"{_who(store, key)}：加电话", kind="phone.add", by=by) as action:
        add_number(store, action, key, tidy, tidy_text(label))
        day = tidy_date(confirmed_on, whole=True)
        row = open_now(store, Phone, {"person_id": key, "number": tidy})
        if day is not None and row is not None:
            action.update(Phone, row.uuid, confirmed_on=day, result=PhoneResult.REACHED.value)
        return changes_of(store, action, people=(key,))


@service
def change_phone(
    store: Store, *, phone_uuid: str, number: str, since: str | None = None, by: str | None = None
) -> Changes:
    """换号: the old number ends on ``since`` (default today), the new one takes its label.

    Brothers and sisters who share the grown-up have the new number at once (``Changes.uuids`` names them);
    ``finding.same_number_elsewhere`` finds other files that hold the old one.
    """
    key, old, label, valid_from = _phone(store, phone_uuid)
    tidy = _number(number)
    if tidy == old:
        return Changes("", "")
    day = tidy_date(since) or store.clock.today().isoformat()
    with store.action(f"{_who(store, key)}：换电话", kind="phone.change", by=by) as action:
        if valid_from == day:
            action.soft_delete(Phone, phone_uuid)
        else:
            end_period(action, Phone, OpenPeriod(phone_uuid, valid_from, {}), day)
        if open_now(store, Phone, {"person_id": key, "number": tidy}) is None:
            action.insert(Phone, person_id=key, number=tidy, label=label, valid_from=day)
        return changes_of(store, action, people=(key,))


@service
def confirm_phone(
    store: Store,
    *,
    phone_uuid: str,
    on: str | None = None,
    result: PhoneResult = PhoneResult.REACHED,
    by: str | None = None,
) -> Changes:
    """Write that a number was tried on a day (default today), and what came of it."""
    key, _, _, _ = _phone(store, phone_uuid)
    day = tidy_date(on, whole=True) or store.clock.today().isoformat()
    with store.action(f"{_who(store, key)}：核实电话，{result.label}", kind="phone.confirm", by=by) as action:
        action.update(Phone, phone_uuid, confirmed_on=day, result=result.value)
        return changes_of(store, action, people=(key,))


@service
def retire_phone(store: Store, *, phone_uuid: str, on: str | None = None, by: str | None = None) -> Changes:
    """Let a number end on a day (default today); it stays in the file as a past one."""
    key, _, _, valid_from = _phone(store, phone_uuid)
    day = tidy_date(on) or store.clock.today().isoformat()
    with store.action(f"{_who(store, key)}：停用一个电话", kind="phone.retire", by=by) as action:
        end_period(action, Phone, OpenPeriod(phone_uuid, valid_from, {}), day)
        return changes_of(store, action, people=(key,))


@service
def order_contacts(
    store: Store, *, child_uuid: str, chain: Sequence[ContactEntry], by: str | None = None
) -> Changes:
    """Write whom to call for a child, in this order; who is not in it any more leaves the chain."""
    child_id = key_of(store, Child, child_uuid)
    rows = store.rows(
        "SELECT uuid, person_id, office FROM contact_order WHERE child_id = ? AND deleted_at IS NULL",
        (child_id,),
    )
    known = {(person_id, office): uuid for uuid, person_id, office in rows}
    with store.action(
        f"{name_of_child(store, child_uuid)}：排联系顺序", kind="contact.order", by=by
    ) as action:
        for rank, entry in enumerate(chain, start=1):
            person_id = key_of(store, Person, entry.person_uuid) if entry.person_uuid else None
            office = None if person_id is not None else _office(entry)
            values = {
                "rank": rank,
                "office_number": tidy_number(entry.office_number) if person_id is None else None,
                "reachable": tidy_text(entry.reachable),
                "language_note": tidy_text(entry.language_note),
            }
            uuid = known.pop((person_id, office), None)
            if uuid is not None:
                action.update(ContactOrder, uuid, **values)
            else:
                action.insert(ContactOrder, child_id=child_id, person_id=person_id, office=office, **values)
        for uuid in known.values():
            action.soft_delete(ContactOrder, uuid)
        return changes_of(store, action, children=(child_uuid,))


# ---- inside ---------------------------------------------------------------------------------------------------------


def _refuse_second_parent(store: Store, child_id: int, draft: PersonDraft) -> None:
    if draft.relation not in _ONE_OF_EACH:
        return
    row = store.one(
        "SELECT p.name FROM kinship k JOIN person p ON p.id = k.person_id"
        " WHERE k.child_id = ? AND k.relation = ? AND k.valid_to IS NULL AND k.deleted_at IS NULL",
        (child_id, draft.relation.value),
    )
    if row is not None:
        word = draft.relation.label
        raise refuse("family.parent_exists", word=word, name=row[0] or "没有写姓名")


def _tidy_person(field: str, value: str | bool | Code | None) -> object:
    text = None if value is None else str(value)
    if field not in _PERSON_FIELDS:
        raise TypeError(f"{field} is no field of a grown-up that can be changed by itself")
    if field == "dialect_only":
        return None if value in (None, "") else int(bool(value))
    tidy: Mapping[str, object] = {
        "name": normalise_name(text or "") or None,
        "id_number": tidy_id(text or "") or None,
    }
    if field in tidy:
        return tidy[field]
    if field == "sex":
        return Sex(text).value if text else None
    return tidy_date(text) if field == "birth_date" else tidy_text(text)


def _kinship(store: Store, uuid: str) -> tuple[int, int, str, str | None]:
    row = store.one(
        "SELECT k.id, k.person_id, c.uuid, k.valid_from FROM kinship k JOIN child c ON c.id = k.child_id"
        " WHERE k.uuid = ? AND k.deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("kinship.unknown")
    return row[0], row[1], row[2], row[3]


def _phone(store: Store, uuid: str) -> tuple[int, str, str | None, str | None]:
    row = store.one(
        "SELECT person_id, number, label, valid_from FROM phone WHERE uuid = ? AND deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("phone.unknown")
    return row[0], row[1], row[2], row[3]


def _number(text: str) -> str:
    number = tidy_number(text)
    if number is None:
        raise refuse("phone.empty")
    return number


def _office(entry: ContactEntry) -> str:
    office = tidy_text(entry.office)
    if office is None:
        raise refuse("contact.nobody")
    return office


def _who(store: Store, person_id: int) -> str:
    row = store.one("SELECT name FROM person WHERE id = ?", (person_id,))
    return (row[0] if row else None) or "家人"
