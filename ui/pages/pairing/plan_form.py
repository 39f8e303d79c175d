"""A plan of one child for one term as a form: each field is saved, with the whole plan, on leaving it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.core.changes import Changes
from app.core.errors import EnvironmentFault
from app.pairing.codes import Guidance, PlanGrade
from app.pairing.plans import HelpPlanFacts, IndividualPlanFacts
from app.pairing.service_plans import (
    HelpPlanDraft,
    IndividualPlanDraft,
    save_individual_plan,
    save_plan,
)
from ui import theme
from ui.context import Context
from ui.drafts import FieldDrafts, Form, Sent, Spot, refusal_words
from ui.pages.pairing.plan_loading import Loaded
from ui.theme import Tone, Type
from ui.widgets import (
    FormRow,
    NearDay,
    QuietArea,
    QuietChoice,
    QuietField,
    Scroll,
    SectionHead,
    Text,
    holder,
)
from ui.widgets.layout import column

AIMS = {
    Guidance.MIND: ("aim_mind", "心理上"),
    Guidance.LIFE: ("aim_life", "生活上"),
    Guidance.STUDY: ("aim_study", "学习上"),
    Guidance.CONDUCT: ("aim_conduct", "行为上"),
}
_HINT = "未填"
Field = QuietArea | QuietField | QuietChoice


class PlanForm(Scroll):
    """Base of both forms. `reread()` is called when the ledger refused a value: the page shows what is stored.

    A form says its `kind` (for drafts), its `table`, its `words`, reads its plan out of what the page loaded, and
    makes a draft of all its values.
    """

    kind: Form
    table: str
    words: str
    part: str

    def __init__(self, context: Context, reread: Callable[[], object]) -> None:
        m = theme.metrics()
        super().__init__(margins=(m.s24, m.s12, m.s24, m.s24))
        self.context = context
        self._reread = reread
        self._loaded: Loaded | None = None
        self._values: dict[str, Any] = {}
        self.fields: dict[str, Field] = {}
        self.kept = FieldDrafts(context.drafts, context.dialogs, self.kind, self)
        body = holder(column(*self.build(), None))
        body.setMaximumWidth(m.form_most)
        self.box.addWidget(body)

    # ---- what a form says

    @abstractmethod
    def build(self) -> tuple[QWidget, ...]:
        """Make the rows, in the order of the paper."""

    @abstractmethod
    def plan_in(self, loaded: Loaded) -> HelpPlanFacts | IndividualPlanFacts | None:
        """The plan this form is about; None when nothing is written yet."""

    @abstractmethod
    def values_of(self, loaded: Loaded) -> dict[str, Any]:
        """The fields by their column; empty ones where nothing is written yet."""

    @abstractmethod
    def draft_of(self, loaded: Loaded, values: Mapping[str, Any]) -> Any:
        """The whole plan out of the values."""

    @abstractmethod
    def saver(self) -> Callable[..., Changes]:
        """The service that writes it."""

    # ---- rows

    def area(self, name: str, label: str) -> FormRow:
        """A text that may be long."""
        return self.line(name, label, QuietArea(hint=_HINT))

    def line(self, name: str, label: str, field: QuietArea | QuietField) -> FormRow:
        """A field that is typed into."""
        self.fields[name] = field
        field.saved.connect(partial(self._typed, name, field))
        self.kept.watch(field, Spot(self.table, name, self._plan_uuid))
        return FormRow(label, field)

    def choice(self, name: str, label: str, options: list[tuple[str, str]]) -> FormRow:
        """A field that is chosen in."""
        field = QuietChoice(options)
        self.fields[name] = field
        field.saved.connect(partial(self._picked, name, field))
        return FormRow(label, field)

    def assessment(self) -> tuple[FormRow, FormRow]:
        """When it was assessed, and by whom."""
        return (
            self.line(
                "assessed_on",
                "评定日期",
                NearDay(self.context.clock.today, ahead=False, hint=_HINT, quiet=True),
            ),
            self.line("assessor", "评定人", QuietField(hint=_HINT)),
        )

    def _plan_uuid(self) -> str:
        plan = self.plan_in(self._loaded) if self._loaded is not None else None
        return plan.uuid if plan is not None else ""

    # ---- shown

    def show_plan(self, loaded: Loaded, *, fresh: bool) -> None:
        """Show a plan; what is being typed into it stays unless it is another child's or term's (`fresh`)."""
        self._loaded = loaded
        self._values = self.values_of(loaded)
        self._offer_supporters(loaded)
        self.kept.show(
            f"{loaded.child}/{loaded.term.uuid}",
            f"{loaded.name} {self.words}",
            {"uuid": loaded.child, "part": self.part},
            (("child", loaded.child),),
        )
        for name, field in self.fields.items():
            field.setEnabled(not self.context.read_only)
            value = self._values[name]
            if isinstance(field, QuietChoice):
                field.set_value(value)
            elif fresh or not field.is_pending:
                field.set_value(value)
                if field.is_pending:
                    field.restore()  # the words are another child's
        if fresh:
            self.verticalScrollBar().setValue(0)

    def _offer_supporters(self, loaded: Loaded) -> None:
        people = {one.key: one.supporter for one in loaded.pairs}
        plan = self.plan_in(loaded)
        if plan is not None and plan.key:
            people.setdefault(plan.key, plan.supporter)
        field = self.fields["supporter"]
        if isinstance(field, QuietChoice):
            field.set_options(list(people.items()))

    def focus_first(self) -> None:
        """Where writing begins."""
        self.fields["situation"].setFocus()

    # ---- written

    def draft(self, **changed: Any) -> Any:
        """The whole plan as it stands, with what was changed just now; None before anything is shown."""
        if self._loaded is None:
            return None
        self._values |= changed
        return self.draft_of(self._loaded, self._values)

    def _typed(self, name: str, field: QuietArea | QuietField, text: str, _as_is: bool) -> None:
        stored = self._values.get(name)
        self._write(name, field, text or None, self.kept.sending(field, stored), stored)

    def _picked(self, name: str, field: QuietChoice, value: object) -> None:
        self._write(name, field, value, None, self._values.get(name))

    def _write(self, name: str, field: Field, value: object, sent: Sent | None, stored: Any) -> None:
        draft = self.draft(**{name: value})
        if draft is not None:
            self.context.write(
                self.saver(),
                draft=draft,
                on_done=partial(self._stored, sent),
                on_error=partial(self._failed, field, stored, sent),
            )

    def _stored(self, sent: Sent | None, _changes: object) -> None:
        self.kept.stored(sent)

    def _failed(self, field: Field, stored: Any, sent: Sent | None, error: BaseException) -> None:
        self.kept.failed(sent)
        if isinstance(error, EnvironmentFault) and isinstance(field, QuietArea | QuietField):
            field.refuse(stored, refusal_words(error))
        self.context.errors.show(error)
        if not isinstance(error, EnvironmentFault):
            self._reread()


def _key_of(loaded: Loaded, plan: HelpPlanFacts | IndividualPlanFacts | None) -> str | None:
    if plan is not None:
        return plan.key or None
    return loaded.proposed or None


class HelpPlanForm(PlanForm):
    """帮扶计划 (domain.md §5.11). `lists` are measures, stages and spot checks, which have panels of their own."""

    kind, table, words, part = Form.HELP_PLAN, "help_plan", "帮扶计划", "help"

    def __init__(
        self, context: Context, reread: Callable[[], object], lists: tuple[QWidget, QWidget, QWidget]
    ) -> None:
        self._lists = lists
        super().__init__(context, reread)

    def build(self) -> tuple[QWidget, ...]:
        measures, stages, checks = self._lists
        return (
            self.choice("supporter", "帮扶人", []),
            SectionHead("现状与原因", number="一"),
            self.area("situation", "现状原因"),
            SectionHead("目标", number="二"),
            *(self.area(name, label) for name, label in AIMS.values()),
            measures,
            stages,
            SectionHead("期末", number="五"),
            self.area("effect", "期末效果"),
            self.choice("grade", "评定", [(one, one.label) for one in PlanGrade]),
            self.area("reflection", "反思"),
            *self.assessment(),
            checks,
        )

    def plan_in(self, loaded: Loaded) -> HelpPlanFacts | None:
        return loaded.plan

    def values_of(self, loaded: Loaded) -> dict[str, Any]:
        plan = loaded.plan
        names = ("situation", "effect", "grade", "reflection", "assessed_on", "assessor")
        values: dict[str, Any] = {name: getattr(plan, name, None) for name in names}
        for guidance, (name, _) in AIMS.items():
            values[name] = plan.aims.get(guidance) if plan is not None else None
        values["measures"] = plan.measures if plan is not None else ()
        values["supporter"] = _key_of(loaded, plan)
        return values

    def draft_of(self, loaded: Loaded, values: Mapping[str, Any]) -> HelpPlanDraft:
        grade = values["grade"]
        return HelpPlanDraft(
            child_uuid=loaded.child,
            term_uuid=loaded.term.uuid,
            key=values["supporter"] or "",
            situation=values["situation"] or "",
            aims={guidance: values[name] for guidance, (name, _) in AIMS.items() if values[name]},
            measures=tuple(values["measures"]),
            effect=values["effect"] or "",
            grade=PlanGrade(str(grade)) if grade else None,
            reflection=values["reflection"] or "",
            assessed_on=values["assessed_on"],
            assessor=values["assessor"] or "",
        )

    def saver(self) -> Callable[..., Changes]:
        return save_plan


class IndividualPlanForm(PlanForm):
    """个别教育管理方案, for the few who need more than the others: restricted (decisions.md §1.10)."""

    kind, table, words, part = Form.INDIVIDUAL_PLAN, "individual_plan", "个别方案", "individual"

    def build(self) -> tuple[QWidget, ...]:
        who_sees = "个别方案不进名单、档案册和报镇里的一份，孩子的改动历史里也不写。"
        return (
            Text(who_sees, Type.SMALL, Tone.INK2, wrap=True),
            self.choice("supporter", "负责人", []),
            SectionHead("现状与原因", number="一"),
            self.area("situation", "现状原因"),
            SectionHead("目标和措施", number="二"),
            self.area("aims", "目标"),
            self.area("measures", "措施"),
            SectionHead("过程和效果", number="三"),
            self.area("course", "过程"),
            self.area("effect", "效果"),
            *self.assessment(),
        )

    def plan_in(self, loaded: Loaded) -> IndividualPlanFacts | None:
        return loaded.individual

    def values_of(self, loaded: Loaded) -> dict[str, Any]:
        plan = loaded.individual
        names = ("situation", "aims", "measures", "course", "effect", "assessed_on", "assessor")
        values: dict[str, Any] = {name: getattr(plan, name, None) for name in names}
        values["supporter"] = _key_of(loaded, plan)
        return values

    def draft_of(self, loaded: Loaded, values: Mapping[str, Any]) -> IndividualPlanDraft:
        return IndividualPlanDraft(
            child_uuid=loaded.child,
            term_uuid=loaded.term.uuid,
            key=values["supporter"] or "",
            situation=values["situation"] or "",
            aims=values["aims"] or "",
            measures=values["measures"] or "",
            course=values["course"] or "",
            effect=values["effect"] or "",
            assessed_on=values["assessed_on"],
            assessor=values["assessor"] or "",
        )

    def saver(self) -> Callable[..., Changes]:
        return save_individual_plan
