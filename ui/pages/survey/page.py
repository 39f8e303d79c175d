"""摸底核实: who has been checked in this term's round, who has not, and whose facts had changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.storage.drafts import Draft
from app.survey.queries import SurveyedChild, SurveyFacts
from app.survey.service import close_survey
from ui.context import Context
from ui.drafts import Form
from ui.pages.survey.columns import check_columns, who_columns
from ui.pages.survey.groups import GroupSide
from ui.pages.survey.panels import BeginPanel, CheckPanel
from ui.pages.survey.reading import (
    CHANGED,
    DONE,
    LISTS,
    OPEN,
    Loaded,
    read_round,
)
from ui.pages.survey.sending import Sending
from ui.shell.page import Page
from ui.theme import Breakpoint, Tone, Type
from ui.widgets import (
    Button,
    DataTable,
    EmptyState,
    FilterBar,
    FooterBar,
    Kind,
    Link,
    Menu,
    ProgressFooter,
    Rule,
    Segments,
    Sheet,
    Text,
    Verb,
    ViewChip,
    Way,
    column,
    holder,
    row,
)

_NAMES, _GROUPS = "names", "groups"


class SurveyPage(Page):
    """One round with its lists; beside them how far each class and each village is."""

    areas: ClassVar[frozenset[str]] = frozenset({"survey", "children", "school"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "摸底核实", back="台账")
        self._loaded = Loaded((), None)
        self._round = ""
        self._told_sent = False
        self._is_read = False
        self._reading = context.jobs.latest(self)
        self.progress = ProgressFooter()
        self.sending = Sending(context, self, self.progress)
        self.sending.told.connect(partial(self._show_sent, True))
        self.sending.closed.connect(partial(self._show_sent, False))
        self._build_header()
        self._build_list()
        self.side = GroupSide()
        self.side.changed.connect(self._refilter)
        self._build_sheet()

    # ---- made once

    def _build_header(self) -> None:
        self.paper = Button("看纸表", self._preview, icon="print", tool_tip="Ctrl+P")
        self.close_button = Button("结束这一轮…", self._ask_close)
        self.begin = Button("开始新的一轮…", self.ask_begin, icon="add", kind=Kind.FILLED)
        self.send = Button("发核实表…", self._send, icon="arrow_export_ltr", kind=Kind.FILLED)
        for button in (self.paper, self.close_button, self.begin, self.send):
            self.header.add(button)
        self.key("Ctrl+P", self._preview)

    def _build_list(self) -> None:
        self.view = ViewChip("", self._rounds)
        self.days = Text("", Type.SMALL, Tone.INK2, elide=True)
        self.lists = Segments(list(LISTS.items()), bordered=True)
        self.lists.setAccessibleName("哪些儿童")
        self.lists.changed.connect(self._list_chosen)
        self.table = DataTable(who_columns(), tickable=not self.context.read_only)
        self.table.opened.connect(self._open)
        self.table.ticks_changed.connect(self._ticked)
        self.nobody = EmptyState()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.nobody)
        self.check = Button("已核实…", self.ask_checked, icon="checkmark_circle", note="F2")
        self.key("F2", self.ask_checked)
        let_go = Link("取消选择", self._untick)
        self.selection = FooterBar(let_go, Text("Esc", tone=Tone.INK2), lead_parts=[self.check], tinted=True)
        self.selection.hide()

    def _build_sheet(self) -> None:
        self.parts = Segments([(_NAMES, "名单"), (_GROUPS, "各班各村")])
        self.parts.changed.connect(self._arrange)
        self.parts.hide()
        self.content.addWidget(self.parts)
        self._upright = Rule(upright=True)
        self._names = holder(column(FilterBar(self.view, self.days, None, self.lists), self.stack))
        body = row(self._names, self._upright, self.side)
        body.setStretch(0, 1)
        self.sheet = Sheet(holder(body), self.selection, self.sending.bar, self.progress)
        self.sheet.box.setStretch(0, 1)
        self.sending.bar.hide()
        self.empty = EmptyState()
        self.empty.hide()
        self.content.addWidget(self.sheet, 1)
        self.content.addWidget(self.empty, 1)
        self._arrange()

    # ---- read

    @override
    def open_with(self, **params: Any) -> None:
        """Take `part`: one of the lists (`open`, `changed`, `done`, `all`), or `groups`."""
        part = str(params.get("part", ""))
        if part in LISTS:
            self.lists.set_current(part)
        if part in (*LISTS, _GROUPS):
            self.parts.set_current(_GROUPS if part == _GROUPS else _NAMES)
            self._arrange()
        self._list_chosen(self.lists.current)

    @override
    def load(self) -> None:
        self._reading.run(read_round, self.context.store, self._round, on_done=self._show)

    def _show(self, loaded: Loaded) -> None:
        self._loaded = loaded
        facts = self._facts
        running = loaded.running
        is_running = facts is not None and facts.closed_on is None
        writable = not self.context.read_only
        self.begin.setVisible(writable and running is None and facts is not None)
        self.send.setVisible(writable and is_running)
        self.close_button.setEnabled(writable and is_running)
        self.paper.setEnabled(is_running and bool(self._children))
        self._say_round(facts)
        self.sheet.setVisible(facts is not None and bool(self._children))
        self.empty.setVisible(not self.sheet.isVisibleTo(self))
        self._arrange()
        if not (self._children if facts is not None else loaded.has_children):
            self._say_nobody_on_ledger()
        elif facts is None:
            self._say_never()
        if self.empty.isVisible():
            QTimer.singleShot(0, self.focus_first)  # its button is not shown before
        self.table.keep_ticks(child.uuid for child in self._children)
        if loaded.progress is not None:
            self.side.show_counts(loaded.counts)
        self._refilter()
        self._is_read = True
        self._write_on()

    def _write_on(self) -> None:
        """接着写: the panel in which something was left."""
        if self.context.read_only or not self._is_read:
            return
        self.context.drafts.reopen(
            {Form.SURVEY: lambda _draft: self.ask_begin(), Form.SURVEY_CHECK: self._check_again}
        )

    def _check_again(self, draft: Draft) -> None:
        facts, uuids = self._facts, str(draft.how.get("uuids") or "").split()
        chosen = [child for child in self._children if child.uuid in uuids]
        if facts is not None and facts.uuid == draft.record and self._is_running and chosen:
            self._open_check(facts, chosen)
        else:
            self.context.navigation.toast("那一轮已经结束，或者那几名已不在册，草稿还留着")

    @property
    def _facts(self) -> SurveyFacts | None:
        return self._loaded.progress.survey if self._loaded.progress else None

    @property
    def _children(self) -> Sequence[SurveyedChild]:
        return self._loaded.progress.children if self._loaded.progress else ()

    @property
    def _is_running(self) -> bool:
        facts = self._facts
        return facts is not None and facts.closed_on is None and not self.context.read_only

    def _say_round(self, facts: SurveyFacts | None) -> None:
        self.view.set_text(facts.name if facts else "")
        if facts is None or self._loaded.progress is None:
            self.header.set_fact("")
            return
        due = f"，{facts.due_on} 前交回" if facts.due_on else ""
        self.days.setText(
            f"{facts.starts_on} 至 {facts.closed_on}，已结束"
            if facts.closed_on
            else f"{facts.starts_on} 开始{due}"
        )
        self.header.set_fact(f"已核实 {self._loaded.progress.done} 名，共 {len(self._children)} 名")

    def _say_never(self) -> None:
        way = Way(
            "people_community",
            "开始一轮",
            "在册儿童都列入。",
            "开始一轮…",
            self.ask_begin,
            filled=True,
        )
        self.empty.set_words(
            "还没有做过摸底核实",
            "每学期把名单发给班主任核对一遍：表由这里填好发出，收回来导入，谁核实了、谁有变化，这里都数得清。",
            ways=() if self.context.read_only else (way,),
        )

    def _say_nobody_on_ledger(self) -> None:
        self.empty.set_words(
            "台账里没有在册的儿童",
            "先把孩子登记进来，再摸底核实。",
            link="去台账",
            on_link=partial(self.context.navigation.open_page, "ledger"),
        )

    # ---- narrowed

    def _list_chosen(self, key: str) -> None:
        today = self.context.clock.today()
        self.table.set_columns(who_columns() if key == OPEN else check_columns(today))
        self._refilter()

    def _refilter(self, _key: str = "") -> None:
        group = self.side.chosen
        for key, words in LISTS.items():
            self.lists.set_words(key, f"{words} {len(self._loaded.of(group, key))}")
        shown = self._loaded.of(group, self.lists.current)
        self.table.set_rows(shown)
        if not shown:
            self._say_none(self.side.group)
        self.stack.setCurrentWidget(self.table if shown else self.nobody)
        self._ticked()

    def _say_none(self, group: str) -> None:
        where = f"{group}的" if group else ""
        words = {
            OPEN: ("都核实过了", f"{where}在册儿童这一轮都核实过了。"),
            CHANGED: ("没有变化", f"{where}核实过的儿童里，还没有资料变了的。"),
            DONE: ("还没有核实过的", "核实表收回来导入，或在「还没核实」里勾上，按「已核实」。"),
        }
        self.nobody.set_words(*words.get(self.lists.current, ("没有儿童", "换一个班级或村再看。")))

    def _rounds(self, menu: Menu) -> None:
        facts = self._facts
        for one in self._loaded.rounds:
            ticked = facts is not None and one.uuid == facts.uuid
            state = "正在进行" if one.closed_on is None else f"{one.closed_on} 结束"
            menu.add(f"{one.name}\t{state}", partial(self._look_at, one.uuid), ticked=ticked)

    def _look_at(self, uuid: str) -> None:
        self._round = uuid
        self.table.set_ticked(())
        self.load()

    # ---- done

    def ask_begin(self) -> None:
        """开始一轮: name and days."""
        self._round = ""
        self.context.dialogs.open_panel(BeginPanel(self.context, self._loaded.next_name), _nothing)

    def ask_checked(self) -> None:
        """已核实: the ticked children, else the one in front."""
        chosen = [child for child in self._children if child.uuid in self.table.ticked_keys()]
        current = self.table.current_row()
        if not chosen and isinstance(current, SurveyedChild):
            chosen = [current]
        if chosen and self._facts is not None and self._is_running:
            self._open_check(self._facts, chosen)

    def _open_check(self, facts: SurveyFacts, chosen: Sequence[SurveyedChild]) -> None:
        panel = CheckPanel(self.context, facts, chosen)
        self.context.dialogs.open_panel(panel, self._checked)

    def _checked(self, key: str) -> None:
        if key != "stay":
            self._untick()

    def _ask_close(self) -> None:
        progress = self._loaded.progress
        if progress is None or not self._is_running:
            return
        left = len(progress.open)
        self.context.dialogs.ask(
            f"结束「{progress.survey.name}」？",
            [
                f"还有 {left} 名没有核实，名单留着，随时可以再看。" if left else "在册的每一名都核实过了。",
                "结束以后交回的表照样能导入，但不再记成已核实。可以撤销。",
            ],
            [Verb("stay", "先不结束"), Verb("close", "结束这一轮", Kind.FILLED)],
            partial(self._close, progress.survey.uuid),
        )

    def _close(self, uuid: str, key: str) -> None:
        if key == "close":
            self._round = uuid
            self.context.write(close_survey, uuid=uuid, toast=True)

    def _send(self) -> None:
        self.sending.ask(self.side.class_name())

    def _preview(self) -> None:
        if self.paper.isEnabled():
            self.sending.preview(self.side.class_name())

    def _open(self, child: SurveyedChild) -> None:
        among = tuple(one.uuid for one in self.table.rows)
        self.context.navigation.open_child(child.uuid, among=among)

    # ---- the foot

    def _show_sent(self, told: bool) -> None:
        self._told_sent = told
        self._ticked()
        if not told:
            self.table.setFocus()

    def _ticked(self) -> None:
        count = len(self.table.ticked_keys())
        hidden = count - len(self.table.ticked_rows())
        self.selection.set_words(f"已选 {count} 名" + (f"，{hidden} 名不在眼前" if hidden else ""))
        self.check.setEnabled(self._is_running)
        self.selection.setVisible(count > 0)
        self.sending.bar.setVisible(self._told_sent and not count)

    def _untick(self) -> None:
        self.table.set_ticked(())
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def foot_height(self) -> int:
        shown = [bar for bar in (self.selection, self.sending.bar) if bar.isVisible()]
        return sum(bar.height() for bar in shown)

    # ---- keys and window

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self.table.set_narrow(breakpoint_ is Breakpoint.NARROW)
        self._arrange()

    def _arrange(self, _key: str = "") -> None:
        narrow = self.breakpoint is Breakpoint.NARROW
        shows_groups = self.parts.current == _GROUPS
        self.parts.setVisible(narrow and self.sheet.isVisibleTo(self))
        self._names.setVisible(not narrow or not shows_groups)
        self.side.setVisible(not narrow or shows_groups)
        self._upright.setVisible(not narrow)
        self.days.setVisible(not narrow)
        self.side.set_narrow(narrow)

    @override
    def focus_first(self) -> None:
        self._write_on()
        if self.empty.isVisible():
            self.empty.focus_way()
        else:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.table, self.side.list)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.table.ticked_keys():
            self._untick()
        else:
            super().keyPressEvent(event)


def _nothing(_key: str) -> None:
    """The panel has said everything itself."""
