"""The papers of pairing: written into the private file that the panel shows; what leaves the program is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.core.changes import Changes
from app.pairing.queries import pairs
from app.paper.printing import PrintResult
from app.school.codes import HandoverKind, Profile
from app.storage.store import Store
from app.tasks.pairing_hand_over import HandOver
from app.tasks.paper_out import log_paper
from ui.context import Context
from ui.shell.papers import Papers

ROSTER, HAND_OVER, HELP_PLAN = "结对帮扶花名册", "结对交接单", "帮扶计划表"
INDIVIDUAL_PLAN = "个别教育管理方案"


def roster(store: Store, day: date, by_supporter: bool, file: Path) -> PrintResult:
    """结对帮扶花名册 of a day, by child or by supporter."""
    from app.tasks.pairing_roster import make_roster

    return make_roster(store, day, by_supporter, file)


def hand_over_sheet(store: Store, key: str, day: date, successors: dict[str, str], file: Path) -> PrintResult:
    """交接单 of what a supporter has in hand, with the successors chosen so far; why is not said yet."""
    from app.tasks.pairing_hand_over import hand_over_preview
    from app.tasks.pairing_papers import make_hand_over_sheet

    return make_hand_over_sheet(store, hand_over_preview(store, key=key, on=day), successors, None, file)


def sheet_of_what_was_done(
    store: Store, over: HandOver, successors: dict[str, str], leaves: bool, file: Path
) -> PrintResult:
    """交接单 of a hand-over that is done: the supporter has nothing in hand any more, ``over`` tells what it was."""
    from app.tasks.pairing_papers import make_hand_over_sheet

    return make_hand_over_sheet(store, over, successors, leaves, file)


def past_hand_over_sheet(store: Store, key: str, action_uuid: str, file: Path) -> PrintResult:
    """交接单 of a hand-over long done, read back from the history."""
    from app.tasks.past_hand_overs import make_past_hand_over_sheet

    return make_past_hand_over_sheet(store, key, action_uuid, file)


def help_plan_sheet(store: Store, child: str, term: str, file: Path) -> PrintResult:
    """帮扶计划表 of a child in a term."""
    from app.tasks.plan_papers import make_help_plan_sheet

    return make_help_plan_sheet(store, child, term, file)


def individual_plan_sheet(store: Store, child: str, term: str, file: Path) -> PrintResult:
    """个别教育管理方案 of a child in a term."""
    from app.tasks.plan_papers import make_individual_plan_sheet

    return make_individual_plan_sheet(store, child, term, file)


def log_pairing_paper(
    store: Store,
    *,
    kind: HandoverKind,
    content: str,
    people: int | None,
    target: Path | None,
    profile: Profile | None = None,
    reason: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write down that a paper went out; ``people`` None counts the children who are paired today."""
    today = store.clock.today()
    count = len({pair.child_uuid for pair in pairs(store, today)}) if people is None else people
    return log_paper(
        store,
        kind=kind,
        content=content,
        people=count,
        profile=profile,
        reason=reason,
        target=target,
        by=by,
    )


class PairingPapers(Papers):
    """`Papers` that log what was printed or saved. ``people``: how many children a paper is about."""

    def __init__(self, context: Context, parent: QWidget, title: str) -> None:
        # The telephone numbers of the supporters stand on the roster alone.
        super().__init__(context, parent, title=title, stem=title, whole=title == ROSTER)
        self._content = title
        self._people: int | None = None
        self.went_out.connect(self._log_it)

    def show_about(self, people: int | None, make: Callable[..., PrintResult], *args: object) -> None:
        """Lay out a paper about so many children (None: all who are paired) and show it."""
        self._people = people
        self.show_paper(make, *args)

    def _log_it(self, kind: HandoverKind, target: Path | None) -> None:
        self.write_log(
            target if self.whole else None,
            log_pairing_paper,
            kind=kind,
            content=self._content,
            people=self._people,
            target=target,
            profile=Profile.FULL if self.whole else None,
            reason=self.why(kind),
        )
