"""One supporter: whom they look after and looked after, the 从业查询, a limit of their own, what is known about them."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.pairing.codes import Identity
from app.pairing.facts import CheckFacts, CheckState, PairFacts
from app.pairing.service_supporters import remove_check, supporter_back, supporter_left
from app.storage.drafts import Draft
from app.tasks.past_hand_overs import PastHandOver
from ui import theme
from ui.context import Context
from ui.drafts import EntryPanel, Form
from ui.pages.pairing.opening import Opening
from ui.pages.pairing.person_panels import (
    CheckPanel,
    EndPanel,
    LimitPanel,
    OutsiderPanel,
    PairDataPanel,
)
from ui.pages.pairing.sheets import HAND_OVER, PairingPapers, past_hand_over_sheet
from ui.pages.pairing.supporter_side import Loaded, SideActs, after, fill_side, load_supporter
from ui.shell.page import Page
from ui.theme import Breakpoint, Tone
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    EmptyState,
    FilterBar,
    Kind,
    Rule,
    Scroll,
    Segments,
    Sheet,
    Verb,
    holder,
    row,
)
from ui.widgets.cell import columns_said
from ui.widgets.layout import column

NOW, BEFORE, ABOUT = "now", "before", "about"


def _child(pair: PairFacts) -> Cell:
    return Cell(pair.child, bold=True, second=pair.class_name or "不在班")


def _kind(pair: PairFacts) -> Cell:
    return Cell(pair.kind.label, Tone.INK2)


def _focus(pair: PairFacts) -> Cell:
    return Cell(pair.focus or "—", Tone.INK if pair.focus else Tone.INK3)


def _since(pair: PairFacts) -> Cell:
    start = pair.valid_from or "不详"
    if pair.open:
        return Cell(f"{start} 起", second=f"协议 {pair.agreed_on}" if pair.agreed_on else "")
    why = pair.end_reason.label if pair.end_reason else ""
    return Cell(f"{start} 至 {pair.valid_to}", Tone.INK2, second=f"{why}{after(pair.end_note)}")


def _unchecked(pair: PairFacts) -> Cell:
    return Cell(pair.unchecked_reason or "", Tone.OCHRE)


def _now_columns() -> list[Column]:
    return [
        Column("child", "儿童", _child, "买买提·阿卜杜热西提", frozen=True),
        Column("kind", "类别", _kind, "帮扶教师"),
        Column("since", "结对", _since, "协议 2025-09-01"),
        Column("focus", "重点", _focus, "心理、学习、行为"),
        Column("unchecked", "没有查询就结对的原因", _unchecked, "已申请，结果未回", essential=False),
        Column("plan", "", lambda _: Cell("帮扶计划", link=True), "帮扶计划", link=True),
        Column("data", "", lambda _: Cell("改…", link=True), "改…", link=True),
        Column("end", "", lambda _: Cell("解除…", link=True), "解除…", link=True),
    ]


def _before_columns() -> list[Column]:
    return [
        Column("child", "儿童", _child, "买买提·阿卜杜热西提", frozen=True),
        Column("kind", "类别", _kind, "帮扶教师"),
        Column("since", "结对", _since, "2025-09-01 至 2026-07-01"),
        Column("focus", "重点", _focus, "心理、学习、行为", essential=False),
    ]


class SupporterPage(Page):
    """`open_with(key=…)`: the supporter's uuid, or the staff member's."""

    areas = frozenset({"pairing", "children", "school"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "", back="结对")
        self._key = ""
        self._loaded: Loaded | None = None
        self._reading = context.jobs.latest(self)
        self.papers = PairingPapers(context, self, HAND_OVER)
        self.opening = Opening(context, self)
        self._change = Button("修改资料", self._change_facts, icon="edit")
        self._hand_over = Button("办交接…", self._open_hand_over, icon="arrow_swap")
        self._pair = Button("结一对", self._open_pair, icon="add", kind=Kind.FILLED)
        for button in (self._change, self._hand_over, self._pair):
            self.header.add(button)
        self.tabs = Segments([(NOW, "现在带的"), (BEFORE, "以前带的")])
        self.tabs.changed.connect(self._arrange)
        self.narrow_tabs = Segments([(NOW, "现在带的"), (BEFORE, "以前带的"), (ABOUT, "查询和资料")])
        self.narrow_tabs.changed.connect(self._arrange)
        self.narrow_tabs.hide()
        self.table = DataTable(_now_columns(), two_lines=True)
        self.table.opened.connect(self._open_child)
        self.table.link_pressed.connect(self._pressed)
        for keys, link in (("F2", "plan"), ("Ctrl+E", "data"), ("Delete", "end")):
            self.key(keys, partial(self._press_current, link))
        self.past = DataTable(_before_columns(), two_lines=True)
        self.past.opened.connect(self._open_child)
        self._nobody = EmptyState()
        m = theme.metrics()
        self._side = Scroll(gap=m.s4, margins=(m.s16, m.s8, m.s16, m.s16))
        self._rule = Rule(upright=True)
        lists = holder(column(self.table, self.past, self._nobody))
        self._lists = lists
        self._body = row(lists, self._rule, self._side)
        self._body.setStretch(0, 1)
        self.content.addWidget(Sheet(FilterBar(self.tabs, self.narrow_tabs, None), holder(self._body)), 1)

    # ---- reading

    @override
    def open_with(self, **params: Any) -> None:
        self._key = str(params.get("key") or params.get("uuid") or "")
        self.reload()

    @override
    def load(self) -> None:
        if self._key:
            self._reading.run(
                load_supporter,
                self.context.store,
                self._key,
                self.context.clock.today(),
                on_done=self._show,
                on_error=self._gone,
            )

    def _gone(self, error: BaseException) -> None:
        self.context.errors.show(error)
        self.context.navigation.back()

    def _show(self, loaded: Loaded) -> None:
        self._loaded = loaded
        facts = loaded.facts
        self.header.set_title(facts.name)
        self.header.set_fact(facts.words)
        outside = facts.identity is not Identity.STAFF
        write = not self.context.read_only
        self._change.setVisible(outside)
        self._change.setEnabled(write)
        now = [pair for pair in loaded.pairs if pair.open]
        before = [pair for pair in loaded.pairs if not pair.open]
        self._hand_over.setEnabled(bool(now) and write)
        self._pair.setEnabled(facts.present and facts.check is not CheckState.FOUND and write)
        self.table.set_columns(columns_said(_now_columns(), now))
        self.table.set_rows(now)
        self.past.set_rows(before)
        for tabs in (self.tabs, self.narrow_tabs):
            tabs.set_words(NOW, f"现在带的 {len(now)}")
            tabs.set_words(BEFORE, f"以前带的 {len(before)}")
        self._fill_side(loaded)
        self._arrange()
        if write:
            self._write_on()

    def _write_on(self) -> None:
        """接着写: the panel in which something was left."""
        self.context.drafts.reopen(
            {
                Form.SUPPORTER_LIMIT: lambda _draft: self._change_limit(),
                Form.SUPPORTER_CHECK: lambda _draft: self._note_check(),
                Form.PAIR_END: partial(self._again, "end"),
                Form.PAIR_DATA: partial(self._again, "data"),
            }
        )

    def _again(self, link: str, draft: Draft) -> None:
        pair = next((one for one in self.table.rows if one.uuid == draft.record), None)
        if pair is None:
            self.context.navigation.toast("这一对已经不在了，草稿还留着")
        else:
            self._pressed(pair, link)

    def _fill_side(self, loaded: Loaded) -> None:
        acts = SideActs(
            note_check=self._note_check,
            remove_check=self._remove_check,
            change_limit=self._change_limit,
            leave=self._leave,
            come_back=self._come_back,
            print_past=self._print_past,
        )
        fill_side(self._side.box, loaded, acts, read_only=self.context.read_only)

    # ---- acts

    def _note_check(self) -> None:
        self._open_panel(CheckPanel)

    def _change_limit(self) -> None:
        self._open_panel(LimitPanel)

    def _change_facts(self, *_: object) -> None:
        self._open_panel(OutsiderPanel)

    def _open_panel(self, make: Any) -> None:
        if self._loaded is not None and not self.context.read_only:
            panel: EntryPanel = make(self.context, self._loaded.facts)
            self.context.dialogs.open_panel(panel, _closed)

    def _remove_check(self, one: CheckFacts) -> None:
        self.context.dialogs.ask(
            f"{one.checked_on} 的从业查询登记错了？",
            ["从名单里拿掉，可以撤销。"],
            [Verb("stay", "先不动"), Verb("remove", "拿掉这一条", Kind.DANGER)],
            partial(self._check_answered, one),
        )

    def _check_answered(self, one: CheckFacts, key: str) -> None:
        if key == "remove":
            self.context.write(remove_check, check_uuid=one.uuid, toast=True)

    def _print_past(self, one: PastHandOver) -> None:
        """交接单 of a hand-over that was done, as it was then."""
        self.papers.show_about(one.children, past_hand_over_sheet, self._key, one.action_uuid)

    def _leave(self) -> None:
        if self._loaded is None:
            return
        if any(pair.open for pair in self._loaded.pairs):
            self._open_hand_over()
            return
        self.context.write(
            supporter_left, key=self._key, on=self.context.clock.today().isoformat(), toast=True
        )

    def _come_back(self) -> None:
        self.context.write(supporter_back, key=self._key, toast=True)

    def _open_hand_over(self, *_: object) -> None:
        self.context.navigation.open_page("supporter_handover", key=self._key)

    def _open_pair(self, *_: object) -> None:
        self.opening.pair(key=self._key)

    def _open_child(self, pair: PairFacts) -> None:
        among = tuple(dict.fromkeys(one.child_uuid for one in self.table.rows))
        self.context.navigation.open_child(pair.child_uuid, among=among)

    def _press_current(self, link: str) -> None:
        """What stands at the end of the row, by keyboard."""
        pair = self.table.current_row()
        if pair is not None and self.table.hasFocus():
            self._pressed(pair, link)

    def _pressed(self, pair: PairFacts, key: str) -> None:
        if key == "plan":
            self.context.navigation.open_page("help_plan", uuid=pair.child_uuid, key=pair.key)
        elif not self.context.read_only:
            make = PairDataPanel if key == "data" else EndPanel
            self.context.dialogs.open_panel(make(self.context, pair), _closed)

    # ---- arranged

    @property
    def _tab(self) -> str:
        return (self.narrow_tabs if self.breakpoint is Breakpoint.NARROW else self.tabs).current

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self.table.set_narrow(breakpoint_ is Breakpoint.NARROW)
        self.past.set_narrow(breakpoint_ is Breakpoint.NARROW)
        self._arrange()

    def _arrange(self, *_: object) -> None:
        m = theme.metrics()
        narrow = self.breakpoint is Breakpoint.NARROW
        tab = self._tab
        shown = self.past if tab == BEFORE else self.table
        for table in (self.table, self.past):
            table.setVisible(table is shown and bool(table.rows))
        self._nobody.setVisible(not shown.rows)
        self._nobody.set_words("", "以前没有带过别人。" if tab == BEFORE else "现在一名也没有带。")
        self.tabs.setVisible(not narrow)
        self.narrow_tabs.setVisible(narrow)
        self._lists.setVisible(tab != ABOUT)
        self._side.setVisible(not narrow or tab == ABOUT)
        self._rule.setVisible(not narrow)
        if narrow:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(m.form_most * 4)
        else:
            self._side.setFixedWidth(m.side_small)

    @override
    def entry_params(self) -> dict[str, Any]:
        pair = self.table.current_row()
        facts = self._loaded.facts if self._loaded is not None else None
        if pair is None or facts is None or not facts.uuid:
            return {}
        return {"child": pair.child_uuid, "supporter": facts.uuid}

    @override
    def focus_first(self) -> None:
        (self.past if self._tab == BEFORE else self.table).setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.past if self._tab == BEFORE else self.table, self._side)


def _closed(_key: str) -> None:
    """The panel has done its work itself."""
