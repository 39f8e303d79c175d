"""How the preview of an import words the values of the ledger: codes as words, numbers masked, people by name."""

from collections.abc import Callable, Mapping
from typing import Any

from app.children.labels import column_words, value_words
from app.children.roster.ledger_state import LedgerState
from app.core.text import mask_id, mask_phone

_MASKED: Mapping[str, Callable[[str], str]] = {
    "id_number": mask_id,
    "number": mask_phone,
    "phone": mask_phone,
}
# Facts that are told by the column of their key.
_NAMED_BY = {"category_flag": "category", "phone": "number", "household_fact": "code", "disability": "kind"}


class ShownValues:
    """Words for what stands in the ledger or is planned for it; ``class_names`` by id, planned classes too."""

    def __init__(self, state: LedgerState) -> None:
        self._state = state
        self.class_names: dict[int, str] = {}

    def of(self, table: str, values: Mapping[str, Any], columns: Mapping[str, Any]) -> str:
        """Return the values of some columns, each once."""
        shown = [self.shown(table, column, values.get(column)) for column in columns]
        return " ".join(dict.fromkeys(word for word in shown if word)) or "未采集"

    def of_key(self, table: str, key: tuple[Any, ...]) -> str:
        """Return the word for a fact that is told by its key; "" for all others."""
        return self.shown(table, _NAMED_BY[table], key[-1]) if table in _NAMED_BY else ""

    def person(self, child: int, person_id: int | None) -> str:
        """Return a grown-up by name, then what they are to the child: 田秀莲（奶奶）."""
        person = self._state.persons.get(person_id) if person_id is not None else None
        if person is None or person_id is None:
            return ""
        kin = [period.values for period in self._state.of("kinship", child, person_id)]
        relation = ""
        if kin:
            relation = kin[-1].get("label") or value_words("kinship", "relation", kin[-1]["relation"])
        name = str(person.values.get("name") or "")
        return f"{name}（{relation}）" if name and relation else name or relation

    def shown(self, table: str, column: str, value: Any) -> str:
        """Return one value; "" for none."""
        if value is None:
            return ""
        if column == "school_class_id":
            return self.class_names.get(value, "")
        if column == "person_id":
            person = self._state.persons.get(value)
            return str(person.values.get("name") or "") if person else ""
        mask = _MASKED.get(column)
        return mask(str(value)) if mask else value_words(table, column, value)


def change_label(label: str, table: str, column: str) -> str:
    """Return what a changed value of a fact is called, where the fact's own ``label`` does not say which one it is."""
    if table == "care":
        return column_words(table, column)
    if table in ("household", "residence", "away") and column != "address":
        return f"{label}{column_words(table, column)}"
    return label
