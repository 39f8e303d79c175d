"""The school's own counting rule (本地口径): which children the county wants counted."""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec.structs import replace

from app.school.codes import ParentsOut, RuleCode
from app.school.counting_rules import CountingRule
from app.school.queries import counting_rules
from app.school.service import change_rule
from app.storage.drafts import Draft
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.pages.settings.section import Section
from ui.widgets import CheckBox, Finding, FormRow, QuietChoice, QuietField, State
from ui.widgets.layout import holder, row

_PARENTS = [(ParentsOut.BOTH, "父母双方都外出"), (ParentsOut.ONE, "父母一方或双方外出")]
_MOST = {"months": 60, "from_age": 18, "under_age": 18}


def _whole_number(most: int, text: str) -> Finding | None:
    if not text or (text.isdecimal() and int(text) <= most):
        return None
    return Finding(State.INVALID, f"请写 0 到 {most} 的整数。")


def _local(store: Store) -> CountingRule:
    return counting_rules(store)[RuleCode.LOCAL]


class RuleSection(Section):
    """Five facts of one rule. The other rules are the offices' own and stand on the statistics page."""

    key = "rule"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            "本地口径",
            "县里怎么算就怎么填；统计页把它和学籍系统、国发〔2016〕13号并排列出，互不影响。",
        )
        width = theme.metrics().value_at + theme.metrics().s24
        self._rule: CountingRule | None = None
        self._parents = QuietChoice(_PARENTS, quiet=False, unknown=False)
        self._parents.saved.connect(partial(self._save, "parents_out"))
        self.box.addWidget(FormRow("谁外出", self._parents, label_width=width))
        self._numbers: dict[str, QuietField] = {}
        for name, label, note in (
            ("months", "外出满几个月", "0 = 不论多久"),
            ("from_age", "满几周岁起", "空着 = 不限"),
            ("under_age", "不满几周岁", "空着 = 不限"),
        ):
            field = QuietField(quiet=False, hint="", check=partial(_whole_number, _MOST[name]))
            field.setFixedWidth(theme.metrics().field_date)
            field.saved.connect(partial(self._save_number, name))
            self._numbers[name] = field
            self.box.addWidget(FormRow(label, field, note=note, label_width=width))
            self.watch(field, "counting_rule", name, "本地口径")
        self._orphans = CheckBox("没有父母的孩子也算在内")
        self._orphans.clicked.connect(partial(self._save, "orphans_in"))
        self.box.addWidget(FormRow("孤儿", holder(row(self._orphans, None)), label_width=width))
        self._note = QuietField(quiet=False, hint="文件名、文号")
        self._note.saved.connect(self._save_note)
        self.box.addWidget(FormRow("依据", self._note, label_width=width))
        self.watch(self._note, "counting_rule", "note", "本地口径")
        self.box.addStretch(1)

    def load(self) -> None:
        self.context.read(_local, on_done=self._show)

    def _show(self, rule: CountingRule) -> None:
        self._rule = rule
        self._parents.set_value(rule.parents_out)
        for name, field in self._numbers.items():
            number = getattr(rule, name)
            if not field.is_pending:
                field.set_value(None if number is None else str(number))
        self._orphans.setChecked(rule.orphans_in)
        if not self._note.is_pending:
            self._note.set_value(rule.note)

    def _save_number(self, name: str, text: str, _as_is: bool) -> None:
        self._save_text(name, self._numbers[name], int(text) if text else (0 if name == "months" else None))

    def _save_note(self, text: str, _as_is: bool) -> None:
        self._save_text("note", self._note, text or None)

    def _save_text(self, name: str, field: QuietField, value: object) -> None:
        if self._rule is not None:
            stored = getattr(self._rule, name)
            values: dict[str, Any] = {name: value}
            before = None if stored is None else str(stored)
            self.write_field(field, before, change_rule, rule=replace(self._rule, **values))

    def resume(self, draft: Draft) -> None:
        self.fill_fields(draft)

    def _save(self, name: str, value: object) -> None:
        if self._rule is not None:
            values: dict[str, Any] = {name: value}
            rule = replace(self._rule, **values)
            self.context.write(change_rule, rule=rule, on_error=self._not_saved)

    def _not_saved(self, error: BaseException) -> None:
        self.context.errors.show(error)
        self.load()
