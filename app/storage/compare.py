"""Two states of one ledger beside each other: is the earlier one really what the later one grew from?"""

from msgspec import Struct

from app.storage.history import history_tables
from app.storage.store import Store


class Comparison(Struct, frozen=True):
    """What was found row by row. ``same`` rows are equal to the letter.

    ``changed_since`` were written by later actions and are not compared; ``gone`` are in the earlier state only,
    ``differing`` are neither equal nor changed since: of a true earlier state there is none. ``saves_since`` counts
    the later actions; ``is_same_history``: the earlier state's last action stands in the later one at the same number.
    """

    same: int
    changed_since: int
    gone: int
    differing: int
    saves_since: int
    is_same_history: bool


def compare(earlier: Store, later: Store) -> Comparison:
    """Compare every row that has a history in ``earlier`` with ``later``, outside any action."""
    commit_no = earlier.commit_no
    last = earlier.one("SELECT uuid FROM action WHERE commit_no = ?", (commit_no,))
    there = later.one("SELECT uuid FROM action WHERE commit_no = ?", (commit_no,))
    since = {
        uuid
        for (uuid,) in later.rows(
            "SELECT DISTINCT c.row_uuid FROM change c JOIN action a ON a.id = c.action_id WHERE a.commit_no > ?",
            (commit_no,),
        )
    }
    same = changed = gone = differing = 0
    for table in history_tables(earlier):
        columns = ", ".join(f'"{row[1]}"' for row in earlier.rows(f'PRAGMA table_info("{table}")'))
        now = {row[0]: row for row in later.rows(f'SELECT uuid, {columns} FROM "{table}"')}
        for row in earlier.rows(f'SELECT uuid, {columns} FROM "{table}"'):
            if row[0] in since:
                changed += 1
            elif row[0] not in now:
                gone += 1
            elif now[row[0]] == row:
                same += 1
            else:
                differing += 1
    return Comparison(same, changed, gone, differing, later.commit_no - commit_no, last == there)
