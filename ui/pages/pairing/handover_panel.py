"""The last question of a hand-over: from which day, why, and whether the person leaves; then it is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from msgspec import Struct

from app.pairing.facts import SupporterFacts
from app.storage.drafts import Json
from app.tasks.pairing_hand_over import HandOver, HandOverLine, hand_over
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.pages.pairing.giving import REASON_HINT
from ui.pages.pairing.pair_panel import Choices
from ui.widgets import CheckBox, FormRow, NearDay, QuietField
from ui.widgets.near_day import NOT_A_DAY

_NAMED = 4
"""So many people are named; more are counted."""


class Row(Struct, frozen=True):
    """One child that is handed over, and to whom (key and name, empty while nobody is chosen)."""

    uuid: str
    line: HandOverLine
    to: str = ""
    to_name: str = ""


def about_hand_over(form: Form, person: SupporterFacts, how: Mapping[str, Json] | None = None) -> About:
    """What is left of a hand-over is kept by whose children go."""
    rows = (("supporter", person.uuid),) if person.uuid else ()
    return About(
        form, person.key, f"{person.name} 办交接", where={"key": person.key}, how=how or {}, rows=rows
    )


class HandOverPanel(EntryPanel):
    """Closes itself when the children are handed over."""

    def __init__(self, context: Context, facts: HandOver, rows: Iterable[Row], choices: Choices) -> None:
        rows = tuple(rows)
        people = list(dict.fromkeys(row.to_name for row in rows))
        super().__init__(
            context.dialogs.window,
            f"{facts.supporter.name}的 {len(rows)} 名交给 {_listed(people)}",
            self._asked,
            verb=f"交接 {len(rows)} 名",
        )
        self._context = context
        self.facts = facts
        self._rows = rows
        self.on = NearDay(context.clock.today, ahead=False)
        self.on.show_day(context.clock.today())
        self.note = QuietField(quiet=False, hint="如 调到县城、产假；可空着")
        of_school = bool(facts.supporter.staff_uuid)
        gone = "离校，以后不再帮扶" if of_school else "离开，以后不再帮扶"
        self.leaves = CheckBox(f"{facts.supporter.name}{gone}")
        self.unchecked = QuietField(quiet=False, hint=REASON_HINT)
        self.say("结对、没兑现的承诺、要跟进的事、帮扶计划和下次到期一起过去；以前的记录不动。可以撤销。")
        self.add(FormRow("从哪天起", self.on))
        self.add(FormRow("说明", self.note))
        self.form.addWidget(self.leaves)
        if of_school:
            self.say("不再回来的才勾，教职工里会记上离校日期；产假、病假不勾。")
        keys = {row.to for row in rows}
        self._lacking = [one.name for key, one in choices.facts.items() if key in keys and one.needs_reason]
        if self._lacking:
            self.say(f"{_listed(self._lacking)}没有有效的从业查询，先结对要记下原因。")
            self.add(FormRow("原因", self.unchecked))
        self._keep({row.uuid: row.to for row in rows})

    def _keep(self, to: Mapping[str, str]) -> None:
        """Kept together with who takes whom: without that the panel could not be opened again."""
        fields = {"on": self.on, "note": self.note, "leaves": self.leaves, "unchecked": self.unchecked}
        about = about_hand_over(Form.HAND_OVER, self.facts.supporter, how={"to": json.dumps(to)})
        self.keep_draft(self._context, about, fields)

    def _asked(self, _key: str) -> None:
        if self.on.day is None:
            self.object_to(NOT_A_DAY, self.on)
            return
        if self._lacking and not self.unchecked.value:
            self.object_to("请写没有从业查询的原因。", self.unchecked)
            return
        self._context.write(
            hand_over,
            key=self.facts.supporter.key,
            on=self.on.value,
            successors={row.uuid: row.to for row in self._rows},
            note=self.note.value or None,
            unchecked_reason=self.unchecked.value or None,
            leaves=self.leaves.isChecked(),
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


def _listed(names: list[str]) -> str:
    """Four names at most, then how many."""
    return "、".join(names[:_NAMED]) + (f"等 {len(names)} 位" if len(names) > _NAMED else "")
