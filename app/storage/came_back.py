"""What a restore brings back although it was destroyed: a backup from before a permanent deletion still holds it."""

from errno import EIO
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlcipher3 import dbapi2

from app.storage.connection import translate, uri_of
from app.storage.medium import Place, medium_fault
from app.storage.store import Store


class CameBack(Struct, frozen=True):
    """``files`` of children that were permanently deleted stand again in the ledger; ``entries`` of the 销毁登记 do not."""

    files: int
    entries: int

    @property
    def standing_words(self) -> str:
        """Say in one line how many still stand there, until they are destroyed again; "" for none."""
        return (
            f"永久删除过的 {self.files} 名儿童的档案，恢复备份时又回来了：不该留的，请移入回收站，再永久删除一次。"
            if self.files
            else ""
        )

    @property
    def words(self) -> tuple[str, ...]:
        """Say both, without names; nothing where nothing came back and nothing is missing."""
        lines = []
        if self.files:
            lines.append(
                f"注意：以前永久删除过的 {self.files} 名儿童的档案，又随这份备份回来了。"
                "不该留的，请移入回收站，再永久删除一次。"
            )
        if self.entries:
            lines.append(
                f"注意：销毁登记少了 {self.entries} 条，恢复前留好的那份数据里还有。以前打印的销毁清单请收好。"
            )
        return tuple(lines)


def came_back(before: Path, after: Path) -> CameBack:
    """Compare the ledger file that was there ``before`` with the one ``after`` it; both sound, nobody writes either.

    A child's row goes for good only by a permanent deletion, so one that only ``after`` holds was destroyed since.
    Without a deletion that ``after`` lacks, or of two different ledgers, there is nothing to tell. DatabaseError when
    ``after`` cannot be read; EnvironmentFault when this computer does not give ``before``, which it has just proved.
    """
    try:
        held = _read(before)
    except dbapi2.DatabaseError as error:
        raise medium_fault(OSError(EIO, "READ"), Place.COMPUTER) from error
    return _back_again(held, _read(after))


def still_back(before: Path, store: Store) -> CameBack:
    """Tell what is still back in the open ledger, by a copy made ``before`` a restore; nothing of one that is spoilt.

    EnvironmentFault when the disk does not give the open ledger.
    """
    try:
        held = _read(before)
    except dbapi2.DatabaseError:
        # Thinned a moment ago, or damaged since: that is for the list and 体检 to say.
        return CameBack(0, 0)
    try:
        now = _held(store.db.driver, store.db_uuid)
    except dbapi2.DatabaseError as error:
        raise translate(error, writing=False) from error
    return _back_again(held, now)


class _Held(Struct, frozen=True):
    """Whose ledger a file is, its children and its permanent deletions: by uuid, the local time of writing."""

    db_uuid: str
    children: dict[str, str]
    deletions: dict[str, str]


def _back_again(before: _Held, after: _Held) -> CameBack:
    missing = before.deletions.keys() - after.deletions.keys()
    if before.db_uuid != after.db_uuid or not missing:
        return CameBack(0, 0)
    last = max(before.deletions[uuid] for uuid in missing)
    # Whoever was put on file later is new since the restore and was never destroyed.
    back = [
        uuid for uuid, written in after.children.items() if uuid not in before.children and written <= last
    ]
    return CameBack(len(back), len(missing))


def _read(path: Path) -> _Held:
    connection = dbapi2.connect(uri_of(path, "ro", immutable=True), uri=True)
    # As in the open ledger: a row whose text is no UTF-8 must not stand in the way of the restore that mends it.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    try:
        (ledger,) = connection.execute("SELECT value FROM meta WHERE key = 'db_uuid'").fetchone()
        return _held(connection, str(ledger))
    finally:
        connection.close()


def _held(connection: Any, db_uuid: str) -> _Held:
    return _Held(db_uuid, _written(connection, "child"), _written(connection, "destruction"))


def _written(connection: Any, table: str) -> dict[str, str]:
    # The first format had no 销毁登记.
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is None:
        return {}
    return dict(connection.execute(f'SELECT uuid, entered_at FROM "{table}"').fetchall())
