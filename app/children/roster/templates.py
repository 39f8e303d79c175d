"""What she corrected on the mapping page, remembered per kind of roster (the same header texts in the same order)."""

import json

from app.children.roster.columns import ColumnChoice, propose_mapping, signature
from app.children.roster.model import SheetMapping
from app.children.roster.sheets import Templates
from app.children.tables import ImportTemplate
from app.core.changes import Changes
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"children"})


def load_templates(store: Store) -> Templates:
    """Return the remembered mappings by signature."""
    rows = store.rows("SELECT signature, mapping_json FROM import_template WHERE deleted_at IS NULL")
    return {kind: json.loads(mapping) for kind, mapping in rows}


@service
def remember_mapping(store: Store, mapping: SheetMapping, *, by: str | None = None) -> Changes:
    """Remember what the columns of this kind of roster mean; only what differs from the program's own proposal.

    Nothing is written when nothing differs and nothing was remembered before.
    """
    words = "记住花名册的认列"
    if mapping.header is None:
        return Changes("", words)
    corrected = _corrected(propose_mapping(mapping.header), mapping.choices)
    kind = signature(mapping.header)
    text = json.dumps(corrected, ensure_ascii=False, sort_keys=True)
    row = store.one(
        "SELECT id, mapping_json FROM import_template WHERE signature = ? AND deleted_at IS NULL", (kind,)
    )
    if row is None and not corrected:
        return Changes("", words)
    with store.action(words, kind="import.template", by=by) as action:
        if row is None:
            action.insert(ImportTemplate, signature=kind, mapping_json=text)
        else:
            action.update(ImportTemplate, row[0], mapping_json=text)
        return action.changes(AREAS)


def _corrected(proposed: tuple[ColumnChoice, ...], chosen: tuple[ColumnChoice, ...]) -> dict[str, str | None]:
    own = {choice.column: choice.target for choice in proposed}
    return {choice.header: choice.target for choice in chosen if own.get(choice.column) != choice.target}
