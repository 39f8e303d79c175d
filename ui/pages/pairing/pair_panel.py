"""结一对 by hand: whom, as what, by whom, since when; and what the law and the rule say to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from PySide6.QtWidgets import QWidget

from app.pairing.codes import PairingKind
from app.pairing.facts import CheckState, PairingRule, SupporterFacts
from app.pairing.queries import supporters
from app.pairing.roll import read_roll
from app.pairing.school_rules import limit_words, pairing_rules
from app.pairing.service_pairs import pair
from app.storage.store import Store
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.pages.pairing.giving import REASON_HINT
from ui.theme import Tone, Type
from ui.widgets import FormRow, NearDate, NearDay, QuietChoice, QuietField, Text
from ui.widgets.pick import Pick, PickField, unique_picks


class Choices(Struct, frozen=True):
    """Who may be paired with whom on a day."""

    children: tuple[Pick, ...]
    pupils: tuple[Pick, ...]
    people: tuple[Pick, ...]
    facts: Mapping[str, SupporterFacts]
    rules: Mapping[PairingKind, PairingRule]


def load_choices(store: Store, day: date) -> Choices:
    """Read the children on the ledger, all pupils (as study buddies) and the supporters who are there."""
    roll = sorted((one for one in read_roll(store, day).values() if one.at_school), key=lambda one: one.order)
    people = [one for one in supporters(store, day) if one.check is not CheckState.FOUND]
    pupils = unique_picks([(one.uuid, one.name, one.class_name) for one in roll])
    on_ledger = {one.uuid for one in roll if one.on_ledger}
    return Choices(
        children=tuple(pick for pick in pupils if pick.key in on_ledger),
        pupils=tuple(pupils),
        people=tuple(unique_picks([(one.key, one.name, one.words) for one in people])),
        facts={one.key: one for one in people},
        rules=pairing_rules(store, day),
    )


class PairPanel(EntryPanel):
    """Asks for one pair and writes it."""

    def __init__(
        self,
        context: Context,
        choices: Choices,
        *,
        child: str = "",
        key: str = "",
        kind: PairingKind = PairingKind.SUPPORT_TEACHER,
    ) -> None:
        super().__init__(context.dialogs.window, "结一对", self._asked, verb="结成一对")
        self._context = context
        self._choices = choices
        self.child = PickField(choices.children, hint="姓名、拼音首字母或班级")
        self.kind = QuietChoice([(one, one.label) for one in PairingKind], quiet=False, unknown=False)
        self.kind.set_value(kind)
        self.kind.saved.connect(self._kind_changed)
        self.person = PickField(choices.people, hint="姓名、拼音首字母")
        self.since = NearDate(context.clock.today)
        self.since.show_day(context.clock.today())
        self.focus = QuietField(quiet=False, hint="如 心理、学习；可空着")
        self.agreed = NearDay(context.clock.today, ahead=False, hint="没签可空着")
        self.unchecked = QuietField(quiet=False, hint=REASON_HINT)
        self._says = Text("", Type.SMALL, Tone.OCHRE, wrap=True)
        for label, field in (
            ("儿童", self.child),
            ("类别", self.kind),
            ("帮扶人", self.person),
            ("从哪天起", self.since),
            ("重点", self.focus),
            ("协议日期", self.agreed),
        ):
            self.add(FormRow(label, field))
        self.form.addWidget(self._says)
        self._reason_row = FormRow("原因", self.unchecked)
        self.add(self._reason_row)
        self._reason_row.hide()
        self._says.hide()
        self.child.choose(child)
        self.person.choose(key)
        self.person.textChanged.connect(self._say)
        self._say()
        self._keep()

    def _keep(self) -> None:
        fields: dict[str, QWidget] = {
            "child": self.child,
            "kind": self.kind,
            "person": self.person,
            "since": self.since,
            "focus": self.focus,
            "agreed": self.agreed,
            "unchecked": self.unchecked,
        }
        self.keep_draft(self._context, About(Form.PAIR, "", "结一对"), fields)

    @property
    def _kind(self) -> PairingKind:
        return PairingKind(str(self.kind.value))

    def _kind_changed(self, _code: object) -> None:
        buddies = self._kind is PairingKind.STUDY_BUDDY
        self.person.set_picks(self._choices.pupils if buddies else self._choices.people)
        self._say()

    def _say(self, *_: object) -> None:
        """What the law and the school's rule say to this supporter; neither is a block."""
        pick = self.person.chosen
        facts = self._choices.facts.get(pick.key) if pick is not None else None
        lines = []
        if facts is not None:
            lines = self._remarks(facts)
        self._says.setText("\n".join(lines))
        self._says.setVisible(bool(lines))
        self._reason_row.setVisible(facts is not None and facts.needs_reason)

    def _remarks(self, facts: SupporterFacts) -> list[str]:
        over = limit_words(facts, self._kind, self._choices.rules[self._kind])
        lines = [f"{over}照样可以结对。"] if over else []
        if facts.needs_reason:
            lines.append(f"{facts.name}：{facts.check.words}。先结对的，请把原因记下来。")
        return lines

    def _asked(self, _key: str) -> None:
        child, person = self.child.chosen, self.person.chosen
        if child is None:
            self.object_to("还没有选儿童。", self.child)
            return
        if person is None:
            self.object_to("还没有选帮扶人。", self.person)
            return
        buddy = self._kind is PairingKind.STUDY_BUDDY
        facts = self._choices.facts.get(person.key)
        if not buddy and facts is not None and facts.needs_reason and not self.unchecked.value:
            self.object_to("请写没有从业查询的原因。", self.unchecked)
            return
        self._context.write(
            pair,
            child_uuid=child.key,
            kind=self._kind,
            key=None if buddy else person.key,
            buddy_uuid=person.key if buddy else None,
            since=self.since.value,
            focus=self.focus.value or None,
            agreed_on=self.agreed.value or None,
            unchecked_reason=self.unchecked.value or None,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()
