"""A roster row as it is kept while it waits: its cells with their meaning, so that it can be read again."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from app.children.roster.context import RowContext
from app.children.roster.draft import Cells, RawCell, RowDraft
from app.children.roster.reading.text import cell_text
from app.children.roster.sheet import CellValue
from app.school.queries import school_shape, school_years
from app.storage.store import Store


def pack_row(
    draft: RowDraft, context: RowContext, printed: Mapping[str, str] | None = None, *, asks: str = ""
) -> str:
    """Return the row as JSON: every mapped cell with target, header and address, and what its sheet adds to it.

    ``printed`` (target → text) is what our own sheet was printed with in this line, ``asks`` the ``ParkedCode`` of a row
    that waits, where the table has no word of its own for it.
    """
    cells = [
        {
            "target": target,
            "row": cell.row,
            "column": cell.column,
            "header": cell.header,
            "value": _packed(cell.value),
        }
        for target, found in draft.cells.items()
        for cell in found
    ]
    return json.dumps(
        {
            "cells": cells,
            "class_of_sheet": context.class_of_sheet,
            "base_1904": context.base_1904,
            "targets": sorted(context.targets),
            "third_meaning": context.third_meaning,
            "data_date": context.day.isoformat(),
            **({"printed": dict(printed)} if printed else {}),
            **({"legends": dict(context.legends)} if context.legends else {}),
            **({"asks": asks} if asks else {}),
        },
        ensure_ascii=False,
    )


def unpack_cells(packed: str, fixes: Mapping[str, str] | None = None) -> Cells:
    """Return the cells of a kept row; ``fixes`` (target → text) go over what stood there."""
    cells: Cells = {}
    for entry in json.loads(packed)["cells"]:
        value = _unpacked(entry["value"])
        cell = RawCell(value, cell_text(value), entry["row"], entry["column"], entry["header"])
        cells.setdefault(entry["target"], []).append(cell)
    for target, text in (fixes or {}).items():
        before = cells.get(target, [RawCell("", "", 0, 0, "")])[0]
        if text.strip():
            cells[target] = [RawCell(text, cell_text(text), before.row, before.column, before.header)]
        else:
            cells.pop(target, None)
    return cells


def packed_settings(packed: str) -> dict[str, Any]:
    """Return what the sheet added to a kept row, and the data date of its import."""
    settings: dict[str, Any] = json.loads(packed)
    settings.pop("cells")
    return settings


def kept_context(store: Store, packed: str) -> RowContext:
    """Return what reading a kept row anew needs to know: what its sheet said, and the school as it is now."""
    settings = packed_settings(packed)
    return RowContext(
        day=date.fromisoformat(settings["data_date"]),
        years=school_years(store),
        shape=school_shape(store),
        base_1904=settings["base_1904"],
        third_meaning=settings["third_meaning"],
        class_of_sheet=settings["class_of_sheet"],
        targets=frozenset(settings["targets"]),
        legends=settings.get("legends", {}),
    )


def row_texts(packed: str) -> tuple[tuple[str, str, str], ...]:
    """Return (header, target, text) of every filled cell of a kept row, in the order of its columns."""
    cells = [(target, cell) for target, found in unpack_cells(packed).items() for cell in found]
    cells.sort(key=lambda entry: (entry[1].row, entry[1].column))
    return tuple((cell.header, target, cell.text) for target, cell in cells)


def fingerprint(cells: Cells) -> str:
    """Return what is equal for two rows that say the same, whatever their place in the file."""
    return _digest((target, cell.text) for target, found in cells.items() for cell in found)


def fingerprint_of_packed(packed: str) -> str:
    """Return the fingerprint of a kept row."""
    return fingerprint(unpack_cells(packed))


def _digest(parts: Iterable[tuple[str, str]]) -> str:
    said = sorted((target, text) for target, text in parts if not target.startswith("skip:"))
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _packed(value: CellValue) -> object:
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"text": value.isoformat()}
    return {"text": str(value)}


def _unpacked(value: Any) -> CellValue:
    if not isinstance(value, dict):
        plain: CellValue = value
        return plain
    if "date" in value:
        return date.fromisoformat(value["date"])
    if "datetime" in value:
        return datetime.fromisoformat(value["datetime"])
    return str(value["text"])
