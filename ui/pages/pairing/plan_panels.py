"""Panels of a help plan: one measure, one stage as it went, one spot check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from app.pairing.codes import Guidance
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.widgets import FormRow, NearDay, QuietArea, QuietChoice, QuietField, Verb
from ui.widgets.button import Kind
from ui.widgets.choice import CHOOSE

REMOVE = "remove"
Save = Callable[["PlanPanel", dict[str, Any]], object]


class PlanPanel(EntryPanel):
    """A few fields of a plan. `save(panel, values)` writes; `remove(panel)` takes an existing entry away.

    `draft_of` is the entry, the child, and the child's name: whose draft it is.
    """

    def __init__(
        self,
        context: Context,
        head: str,
        rows: Sequence[tuple[str, str, QWidget]],
        save: Save,
        *,
        needed: Mapping[str, str],
        remove: Callable[[PlanPanel], object] | None = None,
        draft_of: tuple[str, str, str],
    ) -> None:
        more = [Verb(REMOVE, "拿掉这一条", Kind.DANGER)] if remove is not None else []
        super().__init__(context.dialogs.window, head, self._asked, verb="存上", more=more, safe="先不存")
        self.fields = {name: field for name, _, field in rows}
        self._save = save
        self._remove = remove
        self._needed = needed
        for _, label, field in rows:
            self.add(FormRow(label, field))
        record, child, name = draft_of
        words = f"{name} 帮扶计划的{head}"
        about = About(Form.HELP_STAGE, record, words, where={"uuid": child}, rows=(("child", child),))
        self.keep_draft(context, about, self.fields)

    @property
    def values(self) -> dict[str, Any]:
        """What stands in the fields; empty is None."""
        return {name: _value(field) for name, field in self.fields.items()}

    def _asked(self, key: str) -> None:
        if key == REMOVE and self._remove is not None:
            self._remove(self)
            return
        values = self.values
        for name, reason in self._needed.items():
            if not values[name]:
                self.object_to(reason, self.fields[name])
                return
        self._save(self, values)

    def stored(self, _changes: object) -> None:
        """The ledger has it."""
        self.finish()


def _value(field: QWidget) -> Any:
    if isinstance(field, QuietField | QuietArea):
        return field.value or None
    return field.value if isinstance(field, QuietChoice) else None


def _field(value: str | None, hint: str = "") -> QuietField:
    field = QuietField(quiet=False, hint=hint)
    field.set_value(value)
    return field


def _area(value: str | None) -> QuietArea:
    area = QuietArea(quiet=False, hint="")
    area.set_value(value)
    return area


def measure_rows(measure: Any | None) -> list[tuple[str, str, QWidget]]:
    """The fields of a measure in the order of the paper (domain.md §5.11)."""
    guidance = QuietChoice([(one, one.label) for one in Guidance], quiet=False, unset=CHOOSE)
    guidance.set_value(measure.guidance if measure is not None else None)

    def of(name: str) -> str | None:
        value: str | None = getattr(measure, name, None)
        return value

    return [
        ("guidance", "四导", guidance),
        ("content", "措施", _area(of("content"))),
        ("planned_for", "时间", _field(of("planned_for"), "如 每周三下午")),
        ("place", "地点", _field(of("place"))),
        ("participants", "参与人", _field(of("participants"))),
    ]


def stage_rows(stage: Any | None, today: date) -> list[tuple[str, str, QWidget]]:
    """The fields of a stage: when, what was done, how the child took it, what it came to."""
    on = NearDay(today, ahead=False)
    on.set_value(stage.happened_on if stage is not None else today.isoformat())

    def of(name: str) -> str | None:
        value: str | None = getattr(stage, name, None)
        return value

    return [
        ("happened_on", "日期", on),
        ("content", "内容", _area(of("content"))),
        ("reaction", "学生反应", _area(of("reaction"))),
        ("effect", "效果", _area(of("effect"))),
    ]


def check_rows(today: date, who: str | None) -> list[tuple[str, str, QWidget]]:
    """The fields of a spot check."""
    on = NearDay(today, ahead=False)
    on.show_day(today)
    return [
        ("checked_on", "日期", on),
        ("checker", "抽查人", _field(who)),
        ("opinion", "意见", _area(None)),
    ]
