"""One act of the program, in a process of its own that is killed in the middle of it.

python -m tests.faults.window.doomed import LEDGER ROSTER N     the power goes at the N-th row that is written
python -m tests.faults.window.doomed restore LEDGER BACKUP N    … at the N-th file that takes the place of another
python -m tests.faults.window.doomed export LEDGER OUT N        … before the finished workbook gets its name
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.core.clock import FixedClock
from app.school.codes import Profile
from app.storage.action import Action
from app.storage.restore import restore
from app.storage.store import Store
from app.tasks.export_ledger import export_ledger
from app.tasks.import_roster import import_roster

CLOCK = FixedClock(datetime(2026, 11, 21, 11))


class Power:
    """Goes at the N-th time it is asked."""

    def __init__(self, lasts: int) -> None:
        self.left = lasts

    def before(self, act: Any) -> Any:
        """The same act, unless the power goes before it."""

        def acted(*given: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*given, **more)

        return acted


def main(what: str, ledger: Path, other: Path, lasts: int) -> None:
    """Do it until the power goes; saying DONE when it did not."""
    power = Power(lasts)
    if what == "restore":
        os.replace = power.before(os.replace)  # type: ignore[assignment]
        Path.replace = power.before(Path.replace)  # type: ignore[method-assign]
        restore(ledger, other, clock=CLOCK)
    else:
        with Store.open(ledger, clock=CLOCK) as store:
            if what == "import":
                Action.insert = power.before(Action.insert)  # type: ignore[method-assign]
                Action.insert_planned = power.before(Action.insert_planned)  # type: ignore[method-assign]
                import_roster(store, other)
            else:
                Path.replace = power.before(Path.replace)  # type: ignore[method-assign]
                export_ledger(store, other, day=date(2026, 11, 21), profile=Profile.MASKED)
    sys.stdout.write("DONE\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
