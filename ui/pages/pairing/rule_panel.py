"""结对规则: per kind how many children one may have, and what must or should be kept to; from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from PySide6.QtWidgets import QWidget

from app.pairing.codes import ClassTeacherRule, PairingKind, Wish
from app.pairing.facts import PairingRule, SupporterFacts
from app.pairing.queries import supporters
from app.pairing.school_rules import pairing_rules, set_pairing_rule
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.theme import Tone, Type
from ui.widgets import Finding, FormGrid, FormRow, NearDay, QuietChoice, QuietField, State, Text
from ui.widgets.near_day import NOT_A_DAY

_NAMED = 6
"""So many supporters are named; more are counted."""


class Rules(Struct, frozen=True):
    """What the panel begins with."""

    by_kind: Mapping[PairingKind, PairingRule]
    people: tuple[SupporterFacts, ...]


def load_rules(store: Store, day: date) -> Rules:
    """Read the rules in force and whom they concern."""
    return Rules(pairing_rules(store, day), supporters(store, day))


def _whole(text: str) -> Finding | None:
    if text.isdecimal() and int(text) <= 99:
        return None
    return Finding(State.INVALID, "请写 0 到 99 的整数。")


class RulePanel(EntryPanel):
    """One kind at a time; what the new numbers would mean is said before they are stored."""

    def __init__(self, context: Context, rules: Rules, kind: PairingKind) -> None:
        super().__init__(context.dialogs.window, "结对规则", self._asked, verb="照这样定")
        self._context = context
        self._rules = rules
        self.kind = QuietChoice([(one, one.label) for one in PairingKind], quiet=False, unknown=False)
        self.kind.set_value(kind)
        self.kind.saved.connect(self._show)
        self.least, self.most = (QuietField(quiet=False, hint="", check=_whole) for _ in range(2))
        for field in (self.least, self.most):
            field.setFixedWidth(theme.metrics().field_small)
        wishes = [(one, one.label) for one in Wish]
        self.class_teacher = QuietChoice(
            [(one, one.label) for one in ClassTeacherRule], quiet=False, unknown=False
        )
        self.siblings = QuietChoice(wishes, quiet=False, unknown=False)
        self.women = QuietChoice(wishes, quiet=False, unknown=False)
        self.since = NearDay(context.clock.today)
        self.since.show_day(context.clock.today())
        self._origin = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self._effect = Text("", Type.SMALL, Tone.OCHRE, wrap=True)
        self.add(FormRow("类别", self.kind))
        self.form.addWidget(self._origin)
        numbers = FormGrid()
        numbers.pair(FormRow("最少", self.least), FormRow("最多", self.most))
        self.form.addWidget(numbers)
        self.add(FormRow("班主任", self.class_teacher))
        wanted = FormGrid()
        wanted.pair(FormRow("兄弟姐妹", self.siblings), FormRow("女生", self.women))
        self.form.addWidget(wanted)
        self.add(FormRow("从哪天起", self.since))
        self.say(
            "兄弟姐妹由同一个人带；女生由女性带。「必须」排建议时一定做到，做不到会说明是哪一条；"
            "「尽量」在大家一样多以后再照顾。已有的结对不动。"
        )
        self.form.addWidget(self._effect)
        self.most.textChanged.connect(self._say_effect)
        self.least.textChanged.connect(self._say_effect)
        self._show()
        self._keep()

    def _keep(self) -> None:
        fields = {"kind": self.kind, "since": self.since, **self._of_the_kind}
        self.keep_draft(self._context, About(Form.PAIRING_RULE, "", "结对规则"), fields)

    @property
    def _of_the_kind(self) -> dict[str, QWidget]:
        return {
            "least": self.least,
            "most": self.most,
            "class_teacher": self.class_teacher,
            "siblings": self.siblings,
            "women": self.women,
        }

    @property
    def _rule(self) -> PairingRule:
        return self._rules.by_kind[PairingKind(str(self.kind.value))]

    def _show(self, _code: object = None) -> None:
        rule = self._rule
        self.least.set_value(str(rule.least))
        self.most.set_value(str(rule.most))
        self.class_teacher.set_value(rule.class_teacher)
        self.siblings.set_value(rule.siblings)
        self.women.set_value(rule.woman_for_girls)
        since = "程序自带的，学校还没有定过" if rule.shipped else f"{rule.valid_from or '一直'} 起"
        self._origin.setText(f"现在的规则（{since}）：{rule.words}。")
        if self.keeping is not None:
            self.keeping.begins_anew(*self._of_the_kind)
        self._say_effect()

    def _say_effect(self, _text: str = "") -> None:
        """Who has more than the new rule allows."""
        words = self.most.text().strip()
        over = []
        if words.isdecimal():
            kind = self._rule.kind
            over = [
                f"{one.name} {one.loads[kind]} 名"
                for one in self._rules.people
                if one.own_limit is None and one.loads.get(kind, 0) > int(words)
            ]
        more = f"等 {len(over)} 位" if len(over) > _NAMED else ""
        self._effect.setText(f"照这样，{'、'.join(over[:_NAMED])}{more}超过最多数。" if over else "")
        self._effect.setVisible(bool(over))

    def _asked(self, _key: str) -> None:
        since = self.since.day
        if since is None:
            self.object_to(NOT_A_DAY, self.since)
            return
        self._context.write(
            set_pairing_rule,
            rule=PairingRule(
                kind=self._rule.kind,
                least=int(self.least.value or 0),
                most=int(self.most.value or 0),
                class_teacher=ClassTeacherRule(str(self.class_teacher.value)),
                siblings=Wish(str(self.siblings.value)),
                woman_for_girls=Wish(str(self.women.value)),
            ),
            since=since,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()
