"""The log of affection calls as the window and the command line use it: what joins more than one room."""

import json
from collections.abc import Iterable, Mapping

from app.school.codes import HandoverKind
from app.school.handover import log_handover
from app.storage.store import Store


def show_numbers(store: Store, *, phone_uuids: Iterable[str], by: str | None = None) -> Mapping[str, str]:
    """Return the full numbers, by the uuid of the phone; that they were shown is written down first, and never undone.

    A ledger that can only be looked at takes no such entry; the numbers are shown all the same.
    """
    wanted = sorted(set(phone_uuids))
    found = dict(
        store.rows(
            "SELECT uuid, number FROM phone WHERE deleted_at IS NULL"
            " AND uuid IN (SELECT value FROM json_each(?))",
            (json.dumps(wanted),),
        )
    )
    if not found:
        return {}
    log_handover(
        store,
        kind=HandoverKind.REVEAL,
        content="亲情电话名单上显示电话号码",
        people=len(found),
        by=by,
    )
    return found
