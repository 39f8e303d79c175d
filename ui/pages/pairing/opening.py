"""What the pairing page opens: 结一对, the rule, a person from outside, the roster; and what was left half typed."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.pairing.codes import PairingKind
from app.pairing.facts import SupporterFacts
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
        self._read(load_choices, partial(self._open_pair, child, key))

    def _open_pair(self, child: str, key: str, choices: Choices) -> None:
        self._open(PairPanel(self._context, choices, child=child, key=key))

    def rules(self, kind: PairingKind = PairingKind.SUPPORT_TEACHER) -> None:
        """The school's own rule."""
        self._read(load_rules, partial(self._open_rules, kind))

    def _open_rules(self, kind: PairingKind, rules: Rules) -> None:
        self._open(RulePanel(self._context, rules, kind))

    def colleague(self) -> None:
        """One of the staff: everybody of the school is kept in the settings, and may look after children by that."""
        self._context.navigation.open_page("settings", section="staff")

    def outsider(self) -> None:
        """A new person from outside."""
        self._open_person(None)

    def _open_person(self, person: SupporterFacts | None) -> None:
        self._open(OutsiderPanel(self._context, person))

    def roster(self) -> None:
        """打印花名册."""
        self.printing.ask()

    # ---- drafts

    def write_on(self) -> None:
        """接着写: the panel in which something was left."""
        self._context.drafts.reopen(
            {
                Form.PAIR: lambda _draft: self.pair(),
                Form.PAIRING_RULE: lambda _draft: self.rules(),
                Form.SUPPORTER: self._outsider_again,
            }
        )

    def _outsider_again(self, draft: Draft) -> None:
        key = str(draft.how.get("key") or "")
        if key:
            today = self._context.clock.today()
            self._context.read(supporter, key, today, on_done=self._open_person, owner=self)
        else:
            self.outsider()

    # ---- inside

    def _read(self, fn: Any, then: Any) -> None:
        if not self._context.read_only:
            self._context.read(fn, self._context.clock.today(), on_done=then, owner=self)

    def _open(self, panel: EntryPanel) -> None:
        self._context.dialogs.open_panel(panel, _closed)


def _closed(_key: str) -> None:
    """The panel has done its work itself."""
