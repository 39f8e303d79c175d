"""Whose a row is: the child, or the grown-up with the children around, so that a person finds the paper file."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from app.storage.findings import Finding, Kind

_MOST_CHILDREN = 3


class OwnerChild(Struct, frozen=True):
    """One child by what its paper file is found by. ``class_id`` is that of the class it is in, None without one."""

    uuid: str
    name: str
    birth_date: str | None
    archive_no: str | None
    class_id: int | None


class Owner(Struct, frozen=True):
    """Whose a row is. ``name`` is the row's own, or that of the grown-up it belongs to; "" where it has none."""

    name: str = ""
    children: tuple[OwnerChild, ...] = ()


def owners_of(connection: Any, findings: Iterable[Finding]) -> dict[str, Owner]:
    """Return the owner of each finding about a row, by the finding's key."""
    found = {}
    for finding in findings:
        row = _row(connection, finding)
        if row is not None:
            found[finding.key] = _owner(connection, finding.table, row)
    return found


def _row(connection: Any, finding: Finding) -> Mapping[str, Any] | None:
    """Return the columns of a row that tell whose it is; of one that is not there those of its last image."""
    if finding.row_id is None:
        return None
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{finding.table}")').fetchall()]
    wanted = [name for name in ("id", "name", "child_id", "person_id") if name in columns]
    if "id" not in wanted:
        return None
    listed = ", ".join(f'"{name}"' for name in wanted)
    row = connection.execute(
        f'SELECT {listed} FROM "{finding.table}" WHERE id = ?', (finding.row_id,)
    ).fetchone()
    if row is not None:
        return dict(zip(wanted, row, strict=True))
    if finding.kind is Kind.GONE:
        image: Mapping[str, Any] = json.loads(str(finding.meant))
        return {name: image.get(name) for name in wanted}
    return None


def _owner(connection: Any, table: str, row: Mapping[str, Any]) -> Owner:
    child_id = row["id"] if table == "child" else row.get("child_id")
    if child_id is not None:
        return Owner(children=_children(connection, [child_id]))
    person_id = row["id"] if table == "person" else row.get("person_id")
    if person_id is None:
        return Owner(name=str(row.get("name") or ""))
    named = connection.execute("SELECT name FROM person WHERE id = ?", (person_id,)).fetchone()
    own = row.get("name") if table == "person" else None if named is None else named[0]
    around = connection.execute(
        "SELECT DISTINCT child_id FROM kinship WHERE person_id = ? AND deleted_at IS NULL"
        " UNION SELECT child_id FROM care WHERE person_id = ? AND deleted_at IS NULL ORDER BY 1 LIMIT ?",
        (person_id, person_id, _MOST_CHILDREN),
    ).fetchall()
    return Owner(str(own or ""), _children(connection, [key for (key,) in around]))


def _children(connection: Any, ids: Iterable[int]) -> tuple[OwnerChild, ...]:
    found = []
    for key in ids:
        row = connection.execute(
            "SELECT uuid, name, birth_date, archive_no FROM child WHERE id = ?", (key,)
        ).fetchone()
        if row is not None:
            school_class = connection.execute(
                "SELECT school_class_id FROM enrolment WHERE child_id = ? AND valid_to IS NULL"
                " ORDER BY deleted_at IS NOT NULL, id DESC LIMIT 1",
                (key,),
            ).fetchone()
            uuid, name, birth_date, archive_no = row
            class_id = None if school_class is None else school_class[0]
            found.append(OwnerChild(uuid, name, birth_date, archive_no, class_id))
    return tuple(found)
