"""Finding children and grown-ups by what connects them: numbers, names, families, rows."""

import json
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from app.children.codes import FATHERS, MOTHERS, Relation, Sex
from app.core.id_number import tidy_id
from app.core.pinyin import readings
from app.core.text import normalise_name
from app.school.queries import all_classes
from app.storage.store import Store

# Table names below are our own; what a user typed only ever goes in as a parameter.
# ruff: noqa: S608

_PARENTS = ", ".join(f"'{relation.value}'" for relation in (*FATHERS, *MOTHERS))


class Likeness(StrEnum):
    """How much a known child is like the one somebody is about to enter, the strongest first."""

    SAME_NUMBER = "same_number"
    SAME_NAME = "same_name"  # and nothing that speaks against it
    SAME_SOUND = "same_sound"  # the name reads alike


class Candidate(Struct, frozen=True):
    """A known child that may be the one to be entered; both are shown, a person decides."""

    uuid: str
    name: str
    sex: Sex | None
    birth_date: str | None
    class_name: str
    id_number: str | None
    student_registry_no: str | None
    in_bin: bool
    likeness: Likeness
    why: str


class ChildRef(Struct, frozen=True):
    """A child by name, for a question such as 「弟弟妹妹的也改吗」."""

    uuid: str
    name: str
    why: str


def children_of(store: Store, uuids: Iterable[str]) -> set[str]:
    """Return the children that rows belong to: a child's own row, a fact about it, a person around it or their facts."""
    from app.children.tables import DATED, OfPerson

    wanted = json.dumps(list(uuids))
    among = "uuid IN (SELECT value FROM json_each(?))"
    found = {row[0] for row in store.rows(f"SELECT uuid FROM child WHERE {among}", (wanted,))}
    people = {row[0] for row in store.rows(f"SELECT id FROM person WHERE {among}", (wanted,))}
    children: set[int] = set()
    of_person = [table for table, model in DATED.items() if issubclass(model, OfPerson)]
    for table in of_person:
        people.update(row[0] for row in store.rows(f"SELECT person_id FROM {table} WHERE {among}", (wanted,)))
    for table in (*(name for name in DATED if name not in of_person), "contact_order", "doubt"):
        children.update(
            row[0] for row in store.rows(f"SELECT child_id FROM {table} WHERE {among}", (wanted,))
        )
    children |= _around(store, people)
    sql = "SELECT uuid FROM child WHERE id IN (SELECT value FROM json_each(?))"
    return found | {row[0] for row in store.rows(sql, (json.dumps(list(children)),))}


def children_around(store: Store, person_ids: Iterable[int]) -> set[str]:
    """Return the children in whose life these grown-ups are: kin, carer, contact."""
    ids = json.dumps(list(_around(store, set(person_ids))))
    sql = "SELECT uuid FROM child WHERE deleted_at IS NULL AND id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in store.rows(sql, (ids,))}


def candidates(
    store: Store,
    *,
    name: str,
    day: date,
    sex: Sex | None = None,
    class_uuid: str | None = None,
    birth_date: str | None = None,
    id_number: str | None = None,
    student_registry_no: str | None = None,
) -> list[Candidate]:
    """Return the known children, those in the recycle bin among them, that may be the one about to be entered.

    An equal number is the same child. An equal name (or one that reads alike, in the same class) is only a question:
    it is not asked when sex or birth date speak against it.
    """
    wanted = normalise_name(name)
    numbers = {tidy_id(text) for text in (id_number, student_registry_no) if text} - {""}
    sound = readings(wanted) if wanted else ""
    rows = store.rows(
        "SELECT c.uuid, c.name, c.sex, c.birth_date, c.id_number, c.student_registry_no, c.deleted_at, c.former_name,"
        " c.pinyin, (SELECT e.school_class_id FROM enrolment e WHERE e.child_id = c.id AND e.deleted_at IS NULL"
        "  ORDER BY e.valid_to IS NULL DESC, e.valid_from DESC LIMIT 1)"
        " FROM child c WHERE c.name = ?1 OR c.former_name = ?1 OR c.pinyin = ?2"
        " OR c.id_number IN (SELECT value FROM json_each(?3))"
        " OR c.student_registry_no IN (SELECT value FROM json_each(?3))",
        (wanted, sound, json.dumps(sorted(numbers))),
    )
    classes = {cls.id: cls for cls in all_classes(store, day)}
    found: list[Candidate] = []
    for row in rows:
        cls = classes.get(row[9])
        like: tuple[Likeness, str] | None
        if row[4] in numbers or row[5] in numbers:
            like = Likeness.SAME_NUMBER, "身份证号相同" if row[4] in numbers else "学籍号相同"
        elif _against(row[2], sex) or _other_birth(row[3], birth_date):
            like = None
        else:
            like = _named_alike(wanted, row[1], row[7], same_class=cls is not None and cls.uuid == class_uuid)
        if like is None:
            continue
        found.append(
            Candidate(
                uuid=row[0],
                name=row[1],
                sex=Sex.of(row[2]),
                birth_date=row[3],
                class_name=cls.name if cls else "",
                id_number=row[4],
                student_registry_no=row[5],
                in_bin=row[6] is not None,
                likeness=like[0],
                why=like[1],
            )
        )
    order = list(Likeness)
    return sorted(
        found, key=lambda one: (order.index(one.likeness), one.in_bin, "同班" not in one.why, one.name)
    )


def _named_alike(
    wanted: str, name: str, former_name: str | None, *, same_class: bool
) -> tuple[Likeness, str] | None:
    """Tell how a name on file is like the one wanted, which it sounds like at least; None where that says nothing."""
    if wanted in (name, former_name):
        why = "姓名相同" if name == wanted else "曾用名相同"
        return Likeness.SAME_NAME, f"{why}，同班" if same_class else why
    return (Likeness.SAME_SOUND, "姓名同音，同班") if same_class else None


def siblings(store: Store, child_uuid: str) -> list[ChildRef]:
    """Return the brothers and sisters: children with a living or dead parent in common (half-siblings too)."""
    rows = store.rows(
        "SELECT other.uuid, other.name, group_concat(DISTINCT p.name) FROM child me"
        f" JOIN kinship mine ON mine.child_id = me.id AND mine.deleted_at IS NULL AND mine.relation IN ({_PARENTS})"
        " JOIN person p ON p.id = mine.person_id"
        f" JOIN kinship k ON k.person_id = p.id AND k.deleted_at IS NULL AND k.relation IN ({_PARENTS})"
        " JOIN child other ON other.id = k.child_id AND other.id <> me.id AND other.deleted_at IS NULL"
        " WHERE me.uuid = ? GROUP BY other.id ORDER BY other.birth_date, other.name",
        (child_uuid,),
    )
    return [
        ChildRef(uuid, name, "同一家长：" + parents.replace(",", "、") if parents else "同一家长")
        for uuid, name, parents in rows
    ]


def sibling_suggestions(store: Store, child_uuid: str) -> list[ChildRef]:
    """Return children who may be brothers or sisters, with the reason: nothing is linked by itself.

    A parent of the same name with the same number, or the same carer.
    """
    known = {child.uuid for child in siblings(store, child_uuid)} | {child_uuid}
    by_parent = store.rows(
        f"SELECT DISTINCT other.uuid, other.name, mine.name FROM child me"
        f" JOIN kinship k ON k.child_id = me.id AND k.deleted_at IS NULL AND k.relation IN ({_PARENTS})"
        f" JOIN person mine ON mine.id = k.person_id"
        f" JOIN person theirs ON theirs.id <> mine.id AND theirs.deleted_at IS NULL AND (theirs.id_number = mine.id_number"
        f"  OR (theirs.name = mine.name AND EXISTS (SELECT 1 FROM phone a JOIN phone b ON a.number = b.number"
        f"   WHERE a.person_id = mine.id AND b.person_id = theirs.id AND a.deleted_at IS NULL AND b.deleted_at IS NULL)))"
        f" JOIN kinship l ON l.person_id = theirs.id AND l.deleted_at IS NULL AND l.relation IN ({_PARENTS})"
        f" JOIN child other ON other.id = l.child_id AND other.deleted_at IS NULL WHERE me.uuid = ?",
        (child_uuid,),
    )
    by_carer = store.rows(
        "SELECT DISTINCT other.uuid, other.name FROM child me"
        " JOIN care mine ON mine.child_id = me.id AND mine.deleted_at IS NULL AND mine.valid_to IS NULL"
        " JOIN care theirs ON theirs.person_id = mine.person_id AND theirs.child_id <> me.id"
        "  AND theirs.deleted_at IS NULL AND theirs.valid_to IS NULL"
        " JOIN child other ON other.id = theirs.child_id AND other.deleted_at IS NULL WHERE me.uuid = ?",
        (child_uuid,),
    )
    found = {uuid: ChildRef(uuid, name, "由同一人照护") for uuid, name in by_carer}
    found |= {uuid: ChildRef(uuid, name, f"家长同名同号：{parent}") for uuid, name, parent in by_parent}
    return sorted((child for uuid, child in found.items() if uuid not in known), key=lambda child: child.name)


def phone_shared_with(store: Store, person_uuid: str) -> list[ChildRef]:
    """Return the children whom a change of this grown-up's number concerns, with what the grown-up is to each."""
    rows = store.rows(
        "SELECT c.uuid, c.name, k.relation, k.label FROM kinship k JOIN person p ON p.id = k.person_id"
        " JOIN child c ON c.id = k.child_id WHERE p.uuid = ? AND k.deleted_at IS NULL AND c.deleted_at IS NULL"
        " ORDER BY c.name",
        (person_uuid,),
    )
    return [ChildRef(uuid, name, label or Relation(relation).label) for uuid, name, relation, label in rows]


def same_number_elsewhere(store: Store, number: str, person_uuid: str) -> list[ChildRef]:
    """Return children around other grown-ups with the same number: their files may need the new one as well."""
    rows = store.rows(
        "SELECT DISTINCT p.id, p.name FROM phone f JOIN person p ON p.id = f.person_id"
        " WHERE f.number = ? AND p.uuid <> ? AND f.deleted_at IS NULL AND f.valid_to IS NULL AND p.deleted_at IS NULL",
        (number, person_uuid),
    )
    found: dict[str, ChildRef] = {}
    for person_id, person_name in rows:
        for uuid in children_around(store, (person_id,)):
            row = store.one("SELECT name FROM child WHERE uuid = ?", (uuid,))
            if row is not None:
                found[uuid] = ChildRef(uuid, row[0], f"{person_name or '另一位家长'}也用这个号码")
    return sorted(found.values(), key=lambda child: child.name)


def find_person(
    store: Store, *, name: str | None, id_number: str | None = None, numbers: Iterable[str] = ()
) -> str | None:
    """Return the uuid of the grown-up this certainly is: the same ID number, or the same name with the same phone."""
    if id_number:
        row = store.one(
            "SELECT uuid FROM person WHERE id_number = ? AND deleted_at IS NULL ORDER BY id LIMIT 1",
            (id_number,),
        )
        if row is not None:
            return str(row[0])
    if not name:
        return None
    row = store.one(
        "SELECT p.uuid FROM person p JOIN phone f ON f.person_id = p.id AND f.deleted_at IS NULL"
        " WHERE p.name = ?1 AND p.deleted_at IS NULL AND f.number IN (SELECT value FROM json_each(?2))"
        " AND (?3 IS NULL OR p.id_number IS NULL) ORDER BY p.id LIMIT 1",
        (name, json.dumps(list(numbers)), id_number),
    )
    return None if row is None else str(row[0])


def _around(store: Store, person_ids: set[int]) -> set[int]:
    ids = json.dumps(list(person_ids))
    found: set[int] = set()
    for table in ("kinship", "care", "contact_order", "care_paper", "unsupported_ground"):
        sql = f"SELECT child_id FROM {table} WHERE person_id IN (SELECT value FROM json_each(?))"
        found.update(row[0] for row in store.rows(sql, (ids,)))
    return found


def _against(known: str | None, asked: Sex | None) -> bool:
    return known is not None and asked is not None and known != asked


def _other_birth(known: str | None, asked: str | None) -> bool:
    """Tell whether two birth dates cannot be the same day: one is not the beginning of the other."""
    return (
        known is not None and asked is not None and not (known.startswith(asked) or asked.startswith(known))
    )
