"""The lists inside a help plan: measures, stages and spot checks, each opened in its panel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from msgspec.structs import replace

from app.pairing.codes import Guidance
from app.pairing.plans import HelpPlanFacts, MeasureFacts, StageFacts
from app.pairing.service_plans import (
    HelpPlanDraft,
    add_check,
    add_stage,
    change_stage,
    remove_check_of_plan,
    remove_stage,
    save_plan,
)
from app.storage.drafts import Draft
from ui.context import Context
from ui.pages.pairing.plan_lists import Entries, Entry
from ui.pages.pairing.plan_loading import Loaded
from ui.pages.pairing.plan_panels import PlanPanel, check_rows, measure_rows, stage_rows
from ui.widgets import Kind, Verb


class PlanDesk(Protocol):
    """What the lists ask of their page."""

    context: Context
    after_next_show: Callable[[], object] | None
    """Called once, when the page has been read anew."""

    def draft(self, **changed: Any) -> HelpPlanDraft | None:
        """The whole plan as it stands."""

    def load(self) -> None:
        """Read the page anew."""


class PlanParts:
    """Three lists of one page; what is pressed opens a panel that writes by itself."""

    def __init__(self, page: PlanDesk) -> None:
        self._page = page
        self._context = page.context
        self._loaded: Loaded | None = None
        self.measures = Entries("三", "措施", "加一条…", partial(self.measure, None))
        self.stages = Entries("四", "阶段", "记一次…", partial(self.stage, None))
        self.checks = Entries("六", "抽查", "记一次…", partial(self.check, None))

    def show(self, loaded: Loaded, *, editable: bool) -> None:
        """Show the entries of a plan."""
        self._loaded = loaded
        plan = loaded.plan
        for entries in (self.measures, self.stages, self.checks):
            entries.enable(editable)
        measures = plan.measures if plan is not None else ()
        self.measures.show_entries(
            [_measure_entry(n, one, partial(self.measure, n)) for n, one in enumerate(measures)],
            "还没有写措施：做什么、什么时候、在哪里、谁参加。",
        )
        stages = plan.stages if plan is not None else ()
        self.stages.show_entries(
            [_stage_entry(n, one, partial(self.stage, one)) for n, one in enumerate(stages, 1)],
            "还没有记过阶段情况。",
        )
        checks = plan.checks if plan is not None else ()
        self.checks.show_entries(
            [
                Entry(
                    f"{one.checked_on}，{one.checker}",
                    one.opinion or "没有写意见",
                    verb="登记错了",
                    change=partial(self._ask_remove, one.uuid),
                )
                for one in checks
            ],
            "还没有抽查过。",
        )

    def resume(self, draft: Draft) -> None:
        """Open the panel in which something was left, filled in and unsaved."""
        kind, _, place = draft.record.partition(":")
        plan = self._plan()
        if kind == "measure":
            measures = self._measures()
            known = place.isdecimal() and int(place) < len(measures)
            self.measure(int(place) if known else None, draft)
        elif kind == "check":
            self.check(draft)
        else:
            stages = plan.stages if plan is not None else ()
            self.stage(next((one for one in stages if one.uuid == draft.record), None), draft)

    def _plan(self) -> HelpPlanFacts | None:
        return self._loaded.plan if self._loaded is not None else None

    def _open(self, panel: PlanPanel, draft: Draft | None) -> None:
        if draft is not None:
            panel.resume(draft)
        self._context.dialogs.open_panel(panel, _closed)

    def _with_plan(self, then: Callable[[], object]) -> None:
        """What hangs on a plan needs one: the empty plan is written first."""
        draft = self._page.draft()
        if draft is not None:
            self._context.write(save_plan, draft=draft, on_done=partial(self._again, then))

    def _again(self, then: Callable[[], object], _changes: object) -> None:
        self._page.after_next_show = then
        self._page.load()

    # ---- measures

    def measure(self, place: int | None, draft: Draft | None = None) -> None:
        """A new measure, or the one at ``place``."""
        if self._loaded is None or self._context.read_only:
            return
        measures = self._measures()
        one = measures[place] if place is not None else None
        panel = PlanPanel(
            self._context,
            "措施",
            measure_rows(one),
            partial(self._save_measure, place),
            needed={"content": "请写做什么。"},
            remove=partial(self._drop_measure, place) if place is not None else None,
            draft_of=(f"measure:{place}", self._loaded.child, self._loaded.name),
        )
        self._open(panel, draft)

    def _measures(self) -> list[MeasureFacts]:
        plan = self._plan()
        return list(plan.measures) if plan is not None else []

    def _save_measure(self, place: int | None, panel: PlanPanel, values: dict[str, Any]) -> None:
        guidance = values.pop("guidance")
        before = self._measures()[place].uuid if place is not None else ""
        one = MeasureFacts(guidance=Guidance(str(guidance)) if guidance else None, uuid=before, **values)
        measures = self._measures()
        if place is None:
            measures.append(one)
        else:
            measures[place] = one
        self._write_measures(panel, measures)

    def _drop_measure(self, place: int, panel: PlanPanel) -> None:
        measures = self._measures()
        del measures[place]
        self._write_measures(panel, measures)

    def _write_measures(self, panel: PlanPanel, measures: list[MeasureFacts]) -> None:
        draft = self._page.draft()
        if draft is not None:
            self._context.write(
                save_plan,
                draft=replace(draft, measures=tuple(measures)),
                on_done=panel.stored,
                on_error=panel.refused,
                toast=True,
            )

    # ---- stages

    def stage(self, one: StageFacts | None, draft: Draft | None = None) -> None:
        """A new stage, or one that is there."""
        if self._loaded is None or self._context.read_only:
            return
        if self._plan() is None:
            self._with_plan(partial(self.stage, one, draft))
            return
        panel = PlanPanel(
            self._context,
            "阶段情况",
            stage_rows(one, self._context.clock.today()),
            partial(self._save_stage, one),
            needed={"happened_on": "请写日期。", "content": "请写做了什么。"},
            remove=partial(self._drop_stage, one) if one is not None else None,
            draft_of=(one.uuid if one is not None else "stage", self._loaded.child, self._loaded.name),
        )
        self._open(panel, draft)

    def _save_stage(self, one: StageFacts | None, panel: PlanPanel, values: dict[str, Any]) -> None:
        plan = self._plan()
        write = partial(self._context.write, on_done=panel.stored, on_error=panel.refused, toast=True)
        if one is not None:
            write(change_stage, stage_uuid=one.uuid, **values)
        elif plan is not None:
            write(add_stage, plan_uuid=plan.uuid, **values)

    def _drop_stage(self, one: StageFacts, panel: PlanPanel) -> None:
        self._context.write(
            remove_stage, stage_uuid=one.uuid, on_done=panel.stored, on_error=panel.refused, toast=True
        )

    # ---- checks

    def check(self, draft: Draft | None = None) -> None:
        """A spot check."""
        if self._loaded is None or self._context.read_only:
            return
        if self._plan() is None:
            self._with_plan(partial(self.check, draft))
            return
        panel = PlanPanel(
            self._context,
            "抽查",
            check_rows(self._context.clock.today(), self._context.entering.by),
            self._save_check,
            needed={"checked_on": "请写日期。", "checker": "请写抽查人。"},
            draft_of=("check", self._loaded.child, self._loaded.name),
        )
        self._open(panel, draft)

    def _save_check(self, panel: PlanPanel, values: dict[str, Any]) -> None:
        plan = self._plan()
        if plan is not None:
            self._context.write(
                add_check,
                plan_uuid=plan.uuid,
                on_done=panel.stored,
                on_error=panel.refused,
                toast=True,
                **values,
            )

    def _ask_remove(self, uuid: str) -> None:
        self._context.dialogs.ask(
            "这一次抽查登记错了？",
            ["从计划里拿掉，可以撤销。"],
            [Verb("stay", "先不动"), Verb("remove", "拿掉这一次", Kind.DANGER)],
            partial(self._remove_check, uuid),
        )

    def _remove_check(self, uuid: str, key: str) -> None:
        if key == "remove":
            self._context.write(remove_check_of_plan, check_uuid=uuid, toast=True)


def _measure_entry(place: int, one: MeasureFacts, change: Any) -> Entry:
    guidance = f"，{one.guidance.label}" if one.guidance else ""
    where = "，".join(part for part in (one.planned_for, one.place) if part)
    who = f"参与人：{one.participants}" if one.participants else ""
    return Entry(f"第 {place + 1} 条{guidance}", one.content, more=(where, who), change=change)


def _stage_entry(number: int, one: StageFacts, change: Any) -> Entry:
    more = (
        f"学生反应：{one.reaction}" if one.reaction else "",
        f"效果：{one.effect}" if one.effect else "",
    )
    return Entry(f"第 {number} 次，{one.happened_on}", one.content, more=more, change=change)


def _closed(_key: str) -> None:
    """The panel has done its work itself."""
