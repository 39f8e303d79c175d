"""What she answers about children with one telephone number: brothers and sisters from now on, or not one family."""

from collections.abc import Sequence

from app.children.affected import changes_of
from app.children.codes import Relation
from app.children.periods import key_of, open_period
from app.children.same_phone import CODE, NOT_ONE_FAMILY, one_family, parents_of
from app.children.tables import Child, Doubt, Kinship
from app.core.changes import Changes
from app.core.messages import refuse
from app.dossier.merge_people import people_preview
from app.dossier.service_merge import join_people
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store

_BOTH = (Relation.FATHER, Relation.MOTHER)


@service
def join_family(store: Store, *, child_uuids: Sequence[str], number: str, by: str | None = None) -> Changes:
    """Let the children share their parents: they are brothers and sisters, and whoever shared ``number`` said so.

    Father and father become one row where nothing that is written of them differs, and so do mothers. Who has no such
    parent yet is given the one whose number it is. UserError ``family.no_parent`` where no parent is written down,
    ``family.parents_differ`` where what is known of them speaks against it: then nothing is written.
    """
    children = [key_of(store, Child, uuid) for uuid in child_uuids]
    with store.action(f"{len(children)} 名儿童登记为兄弟姐妹", kind="family.join", by=by) as action:
        if not parents_of(store, children):
            raise refuse("family.no_parent")
        people: list[int] = []
        for relation in _BOTH:
            people += _join_parents(store, action, children, relation)
        if not one_family(children, parents_of(store, children)):
            people += _give_parent(store, action, children, number)
        if not one_family(children, parents_of(store, children)):
            raise refuse("family.parents_differ")
        return changes_of(store, action, children=child_uuids, people=people)


@service
def not_one_family(
    store: Store, *, child_uuids: Sequence[str], number: str, by: str | None = None
) -> Changes:
    """Remember that the children who share ``number`` are not brothers and sisters: it is not asked of them again."""
    with store.action(f"{len(child_uuids)} 名儿童同一个电话，不是一家", kind="family.apart", by=by) as action:
        for uuid in child_uuids:
            action.insert(
                Doubt,
                child_id=key_of(store, Child, uuid),
                field=CODE,
                code=CODE,
                reason="和别的儿童留的是同一个电话",
                raw_text=number,
                resolved_at=action.at,
                resolution=NOT_ONE_FAMILY,
            )
        return changes_of(store, action, children=child_uuids)


def _join_parents(store: Store, action: Action, children: Sequence[int], relation: Relation) -> list[int]:
    """Make one row of the fathers (the mothers) of the children; none where anything written of two differs."""
    rows: list[tuple[int, str]] = [
        row
        for child in children
        for row in store.rows(
            "SELECT p.id, p.uuid FROM kinship k JOIN person p ON p.id = k.person_id WHERE k.child_id = ?"
            " AND k.relation = ? AND k.deleted_at IS NULL AND k.valid_to IS NULL",
            (child, relation.value),
        )
    ]
    keep, *others = dict.fromkeys(rows) or [(0, "")]
    previews = [people_preview(store, keep[1], uuid) for _, uuid in others]
    if any(
        any(pair.differs for pair in preview.fields) or not all(clash.same for clash in preview.clashes)
        for preview in previews
    ):
        return []
    for (drop, _), preview in zip(others, previews, strict=True):
        join_people(store, action, keep[0], drop, preview)
    return [keep[0], *(drop for drop, _ in others)] if others else []


def _give_parent(store: Store, action: Action, children: Sequence[int], number: str) -> list[int]:
    """Give the father (the mother) whose number it is to those of the children who have none yet."""
    given: list[int] = []
    for relation in _BOTH:
        owners: dict[int, None] = {}
        without: list[int] = []
        for child in children:
            rows = store.rows(
                "SELECT k.person_id, EXISTS (SELECT 1 FROM phone f WHERE f.person_id = k.person_id AND f.number = ?"
                "  AND f.deleted_at IS NULL AND f.valid_to IS NULL) FROM kinship k WHERE k.child_id = ?"
                " AND k.relation = ? AND k.deleted_at IS NULL AND k.valid_to IS NULL",
                (number, child, relation.value),
            )
            owners |= dict.fromkeys(person for person, owns in rows if owns)
            if not rows:
                without.append(child)
        if len(owners) == 1 and without:
            (person,) = owners
            for child in without:
                values = {"child_id": child, "person_id": person, "relation": relation.value}
                open_period(store, action, Kinship, values=values, since=None)
            given.append(person)
    return given
