"""Found a school in a new ledger file."""

from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from app.core.clock import Clock
from app.school.codes import SchoolKind
from app.school.service import init_school
from app.storage.store import Store


class CreatedSchool(Struct, frozen=True):
    """The new ledger."""

    path: Path
    db_uuid: str
    name: str
    kind: SchoolKind


def create_school(
    path: Path, *, clock: Clock, name: str, kind: SchoolKind = SchoolKind.PRIMARY, by: str | None = None
) -> CreatedSchool:
    """Make a ledger at ``path`` and found the school in it; whatever goes wrong leaves no file there.

    EnvironmentFault ``storage.exists`` when there is one already, UserError ``school.no_name``.
    """
    with Store.create(path, clock=clock) as store:
        try:
            init_school(store, name=name, kind=kind, by=by)
            return CreatedSchool(store.path, store.db_uuid, name, kind)
        except BaseException:
            store.close()
            with suppress(FileNotFoundError):
                path.unlink()
            raise
