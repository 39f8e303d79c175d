"""帮扶计划 and 个别方案: one child's plans of one term in the order of the paper."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.pairing.service_plans import HelpPlanDraft, remove_individual_plan, remove_plan
from app.school.calendar import Term
from ui.context import Context
from ui.drafts import FieldDrafts, Form
from ui.pages.pairing.plan_form import Field, HelpPlanForm, IndividualPlanForm, PlanForm
from ui.pages.pairing.plan_loading import Loaded, load_plan
from ui.pages.pairing.plan_parts import PlanParts
from ui.pages.pairing.sheets import (
    HELP_PLAN,
    INDIVIDUAL_PLAN,
    PairingPapers,
    help_plan_sheet,
    individual_plan_sheet,
)
from ui.shell.page import Page
from ui.theme import Tone, Type
from ui.widgets import Button, FilterBar, Kind, Link, Menu, Segments, Sheet, Verb

HELP, INDIVIDUAL = HelpPlanForm.part, IndividualPlanForm.part
_STAY, _REMOVE = "stay", "remove"


class HelpPlanPage(Page):
    """`open_with(uuid=<child>, part=…, key=<supporter who is put into a new plan>)`; 本学期 chooses another term."""

    areas = frozenset({"pairing", "children", "calendar"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "帮扶计划", back="结对")
        self._child = ""
        self._key = ""
        self._chosen: Term | None = None
        self._loaded: Loaded | None = None
        self._fresh = True
        self.after_next_show: Callable[[], object] | None = None
        self._reading = context.jobs.latest(self)
        self._papers = {
            HELP: PairingPapers(context, self, HELP_PLAN),
            INDIVIDUAL: PairingPapers(context, self, INDIVIDUAL_PLAN),
        }
        self._terms = Menu(self)
        self._terms.aboutToShow.connect(self._fill_terms)
        self._term = Button("本学期", menu=self._terms)
        self._print = Button("打印这份计划", self._show_paper, icon="print")
        for button in (self._term, self._print):
            self.header.add(button)
        self.key("Ctrl+P", self._show_paper)
        self.parts = PlanParts(self)
        lists = (self.parts.measures, self.parts.stages, self.parts.checks)
        self.help = HelpPlanForm(context, self.load, lists)
        self._individual: IndividualPlanForm | None = None
        self.tabs = Segments([(HELP, "帮扶计划"), (INDIVIDUAL, "个别方案")])
        self.tabs.setAccessibleName("哪一种计划")
        self.tabs.changed.connect(self._show_tab)
        self._remove = Link("删去这份计划…", self._ask_remove, kind=Type.SMALL, tone=Tone.RED)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.help)
        self._sheet = Sheet(FilterBar(self.tabs, None, self._remove), self.stack)
        self._sheet.box.setStretchFactor(self.stack, 1)
        self.content.addWidget(self._sheet, 1)

    @property
    def individual(self) -> IndividualPlanForm:
        """The form of the 个别方案, made when it is first in front: few children have one."""
        if self._individual is None:
            self._individual = IndividualPlanForm(self.context, self.load)
            self.stack.addWidget(self._individual)
            if self._loaded is not None:
                self._individual.show_plan(self._loaded, fresh=True)
        return self._individual

    @property
    def form(self) -> PlanForm:
        """The form in front."""
        return self.individual if self.tabs.current == INDIVIDUAL else self.help

    @property
    def papers(self) -> PairingPapers:
        """The paper of the form in front."""
        return self._papers[self.form.part]

    @property
    def fields(self) -> dict[str, Field]:
        """The fields of the form in front."""
        return self.form.fields

    @property
    def kept(self) -> FieldDrafts:
        """What is kept of the form in front while it is typed."""
        return self.form.kept

    # ---- reading

    @override
    def open_with(self, **params: Any) -> None:
        child = str(params.get("uuid") or params.get("child") or "")
        if child and child != self._child:
            self._child, self._chosen, self._fresh = child, None, True
            self.tabs.set_current(HELP)
        self._key = str(params.get("key") or "")
        if params.get("part") in (HELP, INDIVIDUAL):
            self.tabs.set_current(str(params["part"]))
        self._show_tab()
        self.reload()

    @override
    def load(self) -> None:
        if self._child:
            today = self.context.clock.today()
            self._reading.run(
                load_plan,
                self.context.store,
                self._child,
                today,
                self._chosen,
                key=self._key,
                on_done=self._show,
            )

    def _show(self, loaded: Loaded) -> None:
        self._loaded = loaded
        who = "，".join(part for part in (loaded.name, loaded.class_name or "不在班") if part)
        self.header.set_fact(f"{who}，{loaded.term.short_words}")
        self._term.set_text("本学期" if loaded.term == loaded.terms[0] else loaded.term.short_words)
        for form in (self.help, self._individual):
            if form is not None:
                form.show_plan(loaded, fresh=self._fresh)
        self.parts.show(loaded, editable=not self.context.read_only)
        self._show_tab()
        self._fresh = False
        then, self.after_next_show = self.after_next_show, None
        if then is not None and loaded.plan is not None:
            then()
        self._resume(loaded.child)

    def _show_tab(self, *_: object) -> None:
        """Which of the two is in front, and what can be done with it."""
        loaded = self._loaded
        self.stack.setCurrentWidget(self.form)
        self.header.set_title(self.form.words)
        written = loaded is not None and self.form.plan_in(loaded) is not None
        self._print.setEnabled(written)
        self._remove.setVisible(written and not self.context.read_only)

    def _resume(self, child: str) -> None:
        """接着写: the field or the panel in which something was left."""
        forms = (Form.HELP_PLAN, Form.HELP_STAGE, Form.INDIVIDUAL_PLAN)
        draft = self.context.drafts.take_wanted(*forms, record=child)
        if draft is None:
            return
        self.tabs.set_current(INDIVIDUAL if draft.form == Form.INDIVIDUAL_PLAN else HELP)
        self._show_tab()
        if draft.form == Form.HELP_STAGE:
            self.parts.resume(draft)
            return
        fields = self.kept.fill(draft)
        if fields:
            fields[0].setFocus()

    def draft(self, **changed: Any) -> HelpPlanDraft | None:
        """The whole help plan as it stands, for its lists."""
        made: HelpPlanDraft | None = self.help.draft(**changed)
        return made

    # ---- taken away

    def _ask_remove(self) -> None:
        loaded = self._loaded
        if loaded is None or self.form.plan_in(loaded) is None:
            return
        self.context.dialogs.ask(
            f"删去{loaded.name}的{self.form.words}（{loaded.term.short_words}）？",
            (_counted(loaded), "可以撤销。") if self.form is self.help else ("可以撤销。",),
            [Verb(_STAY, "先不动"), Verb(_REMOVE, f"删去{self.form.words}", Kind.DANGER)],
            partial(self._remove_answered, self.form),
        )

    def _remove_answered(self, form: PlanForm, key: str) -> None:
        plan = form.plan_in(self._loaded) if self._loaded is not None else None
        if key == _REMOVE and plan is not None:
            service = remove_plan if form is self.help else remove_individual_plan
            self.context.write(service, plan_uuid=plan.uuid, toast=True)
            self.focus_first()

    # ---- term and paper

    def _fill_terms(self) -> None:
        self._terms.clear()
        if self._loaded is not None:
            for term in self._loaded.terms:
                ticked = term == self._loaded.term
                written = "　有计划" if term.uuid in self._loaded.written else ""
                self._terms.add(f"{term.short_words}{written}", partial(self._choose, term), ticked=ticked)

    def _choose(self, term: Term) -> None:
        self._chosen, self._fresh = term, True
        self.load()

    def _show_paper(self, *_: object) -> None:
        loaded = self._loaded
        if loaded is not None and self.form.plan_in(loaded) is not None:
            sheet = help_plan_sheet if self.form is self.help else individual_plan_sheet
            self.papers.show_about(1, sheet, loaded.child, loaded.term.uuid)

    @override
    def entry_params(self) -> dict[str, Any]:
        return {"child": self._child} if self._child else {}

    @override
    def focus_first(self) -> None:
        self.form.focus_first()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.tabs, self.form)


def _counted(loaded: Loaded) -> str:
    """What goes along with a help plan."""
    plan = loaded.plan
    if plan is None:
        return ""
    parts = (("措施", plan.measures, "条"), ("阶段", plan.stages, "次"), ("抽查", plan.checks, "次"))
    counted = "、".join(f"{words} {len(found)} {unit}" for words, found, unit in parts if found)
    return f"一起删去：{counted}。" if counted else "里面没有措施、阶段和抽查。"
