"""What the pairing page opens: 结一对, the rule, a person from outside, the roster; and what was left half typed."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.pairing.codes import PairingKind
from app.pairing.queries import supporter
from app.storage.drafts import Draft
from ui.context import Context
from ui.drafts import EntryPanel, Form
from ui.pages.pairing.pair_panel import Choices, PairPanel, load_choices
from ui.pages.pairing.person_panels import OutsiderPanel
from ui.pages.pairing.roster import Roster
from ui.pages.pairing.rule_panel import RulePanel, Rules, load_rules


class Opening(QObject):
    """Reads what a panel needs, then opens it."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self.printing = Roster(context, page)

    # ---- panels

    def pair(self, child: str = "", key: str = "") -> None:
        """结一对, with the child or the supporter already put in."""
        self._read(load_choices, partial(self._open_pair, child, key, None))

    def _open_pair(self, child: str, key: str, draft: Draft | None, choices: Choices) -> None:
        self._open(PairPanel(self._context, choices, child=child, key=key), draft)

    def rules(self, kind: PairingKind = PairingKind.SUPPORT_TEACHER) -> None:
        """The school's own rule."""
        self._read(load_rules, partial(self._open_rules, kind))

    def _open_rules(self, kind: PairingKind, rules: Rules) -> None:
        self._open(RulePanel(self._context, rules, kind), None)

    def outsider(self) -> None:
        """A new person from outside."""
        self._open(OutsiderPanel(self._context, None), None)

    def roster(self) -> None:
        """打印花名册."""
        self.printing.ask()

    # ---- drafts

    def resume(self, _params: dict[str, Any]) -> None:
        """接着写: the panel in which something was left."""
        draft = self._context.drafts.take_wanted(Form.PAIR, Form.SUPPORTER)
        if draft is None:
            return
        key = str(draft.how.get("key") or "")
        if draft.form == Form.PAIR:
            self._read(load_choices, partial(self._open_pair, "", "", draft))
        elif key:
            today = self._context.clock.today()
            self._context.read(supporter, key, today, on_done=partial(self._open_person, draft), owner=self)
        else:
            self._open_person(draft, None)

    def _open_person(self, draft: Draft, person: Any) -> None:
        self._open(OutsiderPanel(self._context, person), draft)

    # ---- inside

    def _read(self, fn: Any, then: Any) -> None:
        if not self._context.read_only:
            self._context.read(fn, self._context.clock.today(), on_done=then, owner=self)

    def _open(self, panel: EntryPanel, draft: Draft | None) -> None:
        if draft is not None:
            panel.resume(draft)
        self._context.dialogs.open_panel(panel, _closed)


def _closed(_key: str) -> None:
    """The panel has done its work itself."""
