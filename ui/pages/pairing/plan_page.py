"""帮扶计划: one child's plan of one term in the order of the paper; each field is saved on leaving it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.errors import EnvironmentFault
from app.pairing.codes import Guidance, PlanGrade
from app.pairing.service_plans import HelpPlanDraft, save_plan
from app.school.calendar import Term
from ui import theme
from ui.context import Context
from ui.drafts import FieldDrafts, Form, Sent, Spot, refusal_words
from ui.pages.pairing.plan_loading import Loaded, load_plan
from ui.pages.pairing.plan_parts import PlanParts
from ui.pages.pairing.sheets import HELP_PLAN, PairingPapers, help_plan_sheet
from ui.shell.page import Page
from ui.widgets import (
    Button,
    DateField,
    FormRow,
    Menu,
    QuietArea,
    QuietChoice,
    QuietField,
    Scroll,
    SectionHead,
    Sheet,
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


class HelpPlanPage(Page):
    """`open_with(uuid=<child>)`; 本学期 chooses another term."""

    areas = frozenset({"pairing", "children", "calendar"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "帮扶计划", back="结对")
        self._child = ""
        self._chosen: Term | None = None
        self._loaded: Loaded | None = None
        self._values: dict[str, Any] = {}
        self._fresh = True
        self.after_next_show: Callable[[], object] | None = None
        self._reading = context.jobs.latest(self)
        self.kept = FieldDrafts(context.drafts, context.dialogs, Form.HELP_PLAN, self)
        self.fields: dict[str, Field] = {}
        self.papers = PairingPapers(context, self, HELP_PLAN)
        self._terms = Menu(self)
        self._terms.aboutToShow.connect(self._fill_terms)
        self._term = Button("本学期", menu=self._terms)
        self._print = Button("打印计划表", self._show_paper, icon="print")
        for button in (self._term, self._print):
            self.header.add(button)
        self.key("Ctrl+P", self._show_paper, "打印计划表")
        self.parts = PlanParts(self)
        self._build()

    def _build(self) -> None:
        m = theme.metrics()
        form = column(
            self._choice("supporter", "帮扶人", []),
            SectionHead("现状与原因", number="一"),
            self._area("situation", "现状原因"),
            SectionHead("目标", number="二"),
            *(self._area(name, label) for name, label in AIMS.values()),
            self.parts.measures,
            self.parts.stages,
            SectionHead("期末", number="五"),
            self._area("effect", "期末效果"),
            self._choice("grade", "评定", [(one, one.label) for one in PlanGrade]),
            self._area("reflection", "反思"),
            self._line("assessed_on", "评定日期", DateField(hint=_HINT)),
            self._line("assessor", "评定人", QuietField(hint=_HINT)),
            self.parts.checks,
            None,
        )
        body = holder(form)
        body.setMaximumWidth(m.form_most)
        self._scroll = Scroll(body, margins=(m.s24, m.s12, m.s24, m.s24))
        self.content.addWidget(Sheet(self._scroll), 1)

    def _area(self, name: str, label: str) -> FormRow:
        return self._line(name, label, QuietArea(hint=_HINT))

    def _line(self, name: str, label: str, field: QuietArea | QuietField) -> FormRow:
        self.fields[name] = field
        field.saved.connect(partial(self._typed, name, field))
        self.kept.watch(field, Spot("help_plan", name, self._plan_uuid))
        return FormRow(label, field)

    def _choice(self, name: str, label: str, options: list[tuple[str, str]]) -> FormRow:
        field = QuietChoice(options)
        self.fields[name] = field
        field.saved.connect(partial(self._picked, name, field))
        return FormRow(label, field)

    def _plan_uuid(self) -> str:
        plan = self._loaded.plan if self._loaded is not None else None
        return plan.uuid if plan is not None else ""

    # ---- reading

    @override
    def open_with(self, **params: Any) -> None:
        child = str(params.get("uuid") or params.get("child") or "")
        if child and child != self._child:
            self._child, self._chosen, self._fresh = child, None, True
        self.reload()

    @override
    def load(self) -> None:
        if self._child:
            today = self.context.clock.today()
            self._reading.run(
                load_plan, self.context.store, self._child, today, self._chosen, on_done=self._show
            )

    def _show(self, loaded: Loaded) -> None:
        self._loaded = loaded
        who = "，".join(part for part in (loaded.name, loaded.class_name or "不在班") if part)
        self.header.set_fact(f"{who}，{loaded.term.short_words}")
        self._term.set_text("本学期" if loaded.term == loaded.terms[0] else loaded.term.short_words)
        self._values = _values_of(loaded)
        self._offer_supporters(loaded)
        self.kept.show(
            f"{loaded.child}/{loaded.term.uuid}",
            f"{loaded.name} 帮扶计划",
            {"uuid": loaded.child},
            (("child", loaded.child),),
        )
        for name, field in self.fields.items():
            self._show_value(field, self._values[name])
        self.parts.show(loaded, editable=not self.context.read_only)
        self._print.setEnabled(loaded.plan is not None)
        if self._fresh:
            self._scroll.verticalScrollBar().setValue(0)
        self._fresh = False
        then, self.after_next_show = self.after_next_show, None
        if then is not None and loaded.plan is not None:
            then()
        self._resume(loaded.child)

    def _resume(self, child: str) -> None:
        """接着写: the field or the panel in which something was left."""
        draft = self.context.drafts.take_wanted(Form.HELP_PLAN, Form.HELP_STAGE, record=child)
        if draft is None:
            return
        if draft.form == Form.HELP_STAGE:
            self.parts.resume(draft)
            return
        fields = self.kept.fill(draft)
        if fields:
            fields[0].setFocus()

    def _show_value(self, field: Field, value: Any) -> None:
        field.setEnabled(not self.context.read_only)
        if isinstance(field, QuietChoice):
            field.set_value(value)
        elif self._fresh or not field.is_pending:
            field.set_value(value)
            if field.is_pending:
                field.restore()  # the words are another child's

    def _offer_supporters(self, loaded: Loaded) -> None:
        people = {one.key: one.supporter for one in loaded.pairs}
        plan = loaded.plan
        if plan is not None and plan.key:
            people.setdefault(plan.key, plan.supporter)
        field = self.fields["supporter"]
        if isinstance(field, QuietChoice):
            field.set_options(list(people.items()))

    # ---- writing

    def draft(self, **changed: Any) -> HelpPlanDraft | None:
        """The whole plan as it stands, with what was changed just now."""
        loaded = self._loaded
        if loaded is None:
            return None
        self._values |= changed
        return _draft_of(loaded, self._values)

    def _typed(self, name: str, field: QuietArea | QuietField, text: str, _as_is: bool) -> None:
        stored = self._values.get(name)
        self._write(name, field, text or None, self.kept.sending(field, stored), stored)

    def _picked(self, name: str, field: QuietChoice, value: object) -> None:
        self._write(name, field, value, None, self._values.get(name))

    def _write(self, name: str, field: Field, value: object, sent: Sent | None, stored: Any) -> None:
        draft = self.draft(**{name: value})
        if draft is not None:
            self.context.write(
                save_plan,
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
            self.load()

    # ---- term and paper

    def _fill_terms(self) -> None:
        self._terms.clear()
        if self._loaded is not None:
            for term in self._loaded.terms:
                ticked = term == self._loaded.term
                self._terms.add(term.short_words, partial(self._choose, term), ticked=ticked)

    def _choose(self, term: Term) -> None:
        self._chosen, self._fresh = term, True
        self.load()

    def _show_paper(self, *_: object) -> None:
        loaded = self._loaded
        if loaded is not None and loaded.plan is not None:
            self.papers.show_about(1, help_plan_sheet, loaded.child, loaded.term.uuid)

    @override
    def entry_params(self) -> dict[str, Any]:
        return {"child": self._child} if self._child else {}

    @override
    def focus_first(self) -> None:
        self.fields["situation"].setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self._scroll,)


def _values_of(loaded: Loaded) -> dict[str, Any]:
    """The fields of the form by their column; empty ones where nothing is written yet."""
    plan = loaded.plan
    names = ("situation", "effect", "grade", "reflection", "assessed_on", "assessor")
    values: dict[str, Any] = {name: getattr(plan, name, None) for name in names}
    for guidance, (name, _) in AIMS.items():
        values[name] = plan.aims.get(guidance) if plan is not None else None
    values["measures"] = plan.measures if plan is not None else ()
    if plan is not None:
        values["supporter"] = plan.key or None
    else:
        values["supporter"] = loaded.pairs[0].key if loaded.pairs else None
    return values


def _draft_of(loaded: Loaded, values: dict[str, Any]) -> HelpPlanDraft:
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
