"""Finding grown-ups the file knows already, so that brothers and sisters share them instead of having copies."""

from msgspec import Struct

from app.children.codes import Relation
from app.core.text import like_literal, mask_phone, normalise_name
from app.storage.store import Store

_NAMED = 2


class PersonHit(Struct, frozen=True):
    """A grown-up as they are told apart: the name, whose they are, and a masked number."""

    uuid: str
    name: str
    why: str


def people_named(store: Store, text: str, *, limit: int = 8) -> list[PersonHit]:
    """Return the grown-ups whose name contains ``text``, exact names first; nobody for less than a whole character."""
    wanted = normalise_name(text)
    if not wanted:
        return []
    rows = store.rows(
        "SELECT p.id, p.uuid, p.name FROM person p WHERE p.deleted_at IS NULL AND p.name LIKE ?1 ESCAPE '\\'"
        " ORDER BY p.name <> ?2, p.name, p.id LIMIT ?3",
        (f"%{like_literal(wanted)}%", wanted, limit),
    )
    return [PersonHit(uuid, name, _why(store, key)) for key, uuid, name in rows]


def _why(store: Store, person_id: int) -> str:
    kin = store.rows(
        "SELECT c.name, k.label, k.relation FROM kinship k JOIN child c ON c.id = k.child_id"
        " WHERE k.person_id = ? AND k.deleted_at IS NULL AND c.deleted_at IS NULL ORDER BY c.name",
        (person_id,),
    )
    number = store.one(
        "SELECT number FROM phone WHERE person_id = ? AND deleted_at IS NULL AND valid_to IS NULL ORDER BY id LIMIT 1",
        (person_id,),
    )
    parts = [f"{child}的{label or Relation(relation).label}" for child, label, relation in kin[:_NAMED]]
    if len(kin) > _NAMED:
        parts.append(f"共 {len(kin)} 名儿童")
    return "，".join([*parts, *([mask_phone(number[0])] if number else [])])
