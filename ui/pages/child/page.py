"""The page: section index, the form in the paper's order, what changed at the side; walking from child to child."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.context import Context
from ui.pages.child.carers import Carers
from ui.pages.child.clerk import Clerk
from ui.pages.child.history_panel import HistoryDesk
from ui.pages.child.paper import KINDS, PaperForm, gaps_of
from ui.pages.child.parents import Parents
from ui.pages.child.personal import Personal
from ui.pages.child.phone_panel import PhoneDesk
from ui.pages.child.reading import PageFacts, read_page
from ui.pages.child.register import Register
from ui.pages.child.resuming import Resuming
from ui.pages.child.rows import is_pending
from ui.pages.child.section import Section
from ui.pages.child.timeline import Timeline
from ui.pages.child.words import NUMERALS, header_facts
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import (
    Button,
    EmptyState,
    Kind,
    Pager,
    QuietArea,
    QuietField,
    Scroll,
    Segments,
    Sheet,
    SideItem,
    SideList,
    column,
    holder,
    row,
)
from ui.widgets.layout import NO_LIMIT
from ui.widgets.slices import put_in_tab_order

_FILE, _CHANGES = "file", "changes"
_BESIDE_FROM = 1186
"""Page width, at 字号 100 %, from which both columns of the form are uncut while the timeline stands beside it."""


class ChildPage(Page):
    """One child's file. Every field is saved when it is left; nothing waits for a button."""

    areas = frozenset({"children", "school", "pairing"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "儿童档案", back="台账")
        self._uuid = ""
        self._among: tuple[str, ...] = ()
        self.shown_uuid = ""
        self._facts: PageFacts | None = None
        self._going = False
        self._folded = False
        self._reload = context.jobs.latest(self)
        self.clerk = Clerk(context, self)
        self.clerk.reload_wanted.connect(self.reload)
        self.phones = PhoneDesk(self.clerk)
        self.phones.changed.connect(self._fill_again)
        self.history = HistoryDesk(self.clerk)
        self.pager = Pager()
        self.pager.previous.connect(partial(self.walk, -1))
        self.pager.next.connect(partial(self.walk, 1))
        self.print_button = Button("打印档案", self._print, icon="print", tool_tip="Ctrl+P")
        self.header.add(self.pager)
        self.record_button = Button("记一条", self._record, icon="add", kind=Kind.FILLED, tool_tip="Ctrl+N")
        self.header.add(self.print_button)
        self.header.add(self.record_button)
        self._lay_out()
        self._resuming = Resuming(self.form, self.clerk, self.phones)
        self._bind_keys()

    # ---- made once

    @property
    @override
    def is_whole(self) -> bool:
        """Tell whether every section shows the child."""
        return not self._uuid or self.form.is_whole

    @property
    def sections(self) -> list[Section]:
        """All of them, in the paper's order, showing the child."""
        return self.form.sections

    @property
    def personal(self) -> Personal:
        return self.form.section(Personal)

    @property
    def parents(self) -> Parents:
        return self.form.section(Parents)

    @property
    def carers(self) -> Carers:
        return self.form.section(Carers)

    @property
    def register(self) -> Register:
        return self.form.section(Register)

    def _lay_out(self) -> None:
        m = theme.metrics()
        self.index = SideList()
        self.index.setAccessibleName("档案各部分")
        self.index.chosen.connect(self._go_to)
        self.segments = Segments([(_FILE, "档案"), (_CHANGES, "跟踪记录")])
        self.segments.changed.connect(self._arrange_columns)
        self.segments.hide()
        self.form = PaperForm(self.clerk, self.phones, self.history.ask_everything)
        self.form.all_shown.connect(self._all_shown)
        self.form.setMaximumWidth(m.form_most)
        self.paper = Scroll(margins=(m.s24, m.s4, m.s24, m.s24))
        self.paper.box.addWidget(self.form)
        self.paper.verticalScrollBar().valueChanged.connect(self._mark_section)
        self.sheet = Sheet(self.paper)
        self.timeline = Timeline(self.context)
        self._gone = EmptyState()
        self._gone.hide()
        self._index_room = Scroll(self.index, None)
        left = holder(column(self.segments, m.s8, self._index_room))
        left.setFixedWidth(m.side_list + m.s32)
        self._columns = QHBoxLayout()
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(m.s8)
        self._columns.addWidget(left)
        self._columns.addWidget(self.sheet, 1)
        self._side = holder(row(self.timeline, margins=(m.s8, 0, 0, 0)))
        self._columns.addWidget(self._side)
        self._body = holder(self._columns)
        self._body.hide()
        self.content.addWidget(self._body, 1)
        self.content.addWidget(self._gone, 1)
        self._arrange_columns()

    def _bind_keys(self) -> None:
        self.key("Ctrl+PgUp", partial(self.walk, -1))
        self.key("Ctrl+PgDown", partial(self.walk, 1))
        self.key("F2", self._edit)
        self.key("F3", self.next_gap)
        self.key("F4", self._go_to_side)
        self.key("Ctrl+P", self._print)
        self.key("Ctrl+H", self.history.ask_here)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._keep_in_sight)

    # ---- shown

    @override
    def open_with(self, **params: Any) -> None:
        self._uuid = params.get("uuid", "")
        self._among = tuple(params.get("among", ()))
        self.phones.hide()
        self.reload()

    @override
    def load(self) -> None:
        if self._uuid:
            self._reload.run(
                read_page, self.context.store, self._uuid, self.context.clock.today(), on_done=self._show
            )

    def _show(self, found: PageFacts | None) -> None:
        self._body.setVisible(found is not None)
        self._gone.setVisible(found is None)
        self.print_button.setEnabled(found is not None)
        self.record_button.setEnabled(found is not None and not self.context.read_only)
        if found is None:
            self._facts = None
            self.header.set_title("儿童档案")
            self.header.set_fact("")
            self._gone.set_words(
                "这份档案不在台账里",
                "可能刚移到回收站。要取回，按 Ctrl+Z，或到「备份」的回收站里找。",
                link="回台账",
                on_link=self.context.navigation.back,
            )
            return
        self._facts = found
        self.clerk.take(found.file, found.classes)
        self._show_found(found)
        self._resume(found.file.facts.uuid)

    def _show_found(self, found: PageFacts) -> None:
        """What stands there already at once; what has to be made, part by part, with the window's turns between."""
        facts = found.file.facts
        fresh = self.shown_uuid != facts.uuid
        self.shown_uuid = facts.uuid
        self.header.set_title(facts.name)
        self._show_head(found)
        self._show_index(found)
        self._show_place()
        self.form.show_child(found)
        self.timeline.show_child(facts.uuid, facts.name, found.events)
        if fresh:
            self.paper.verticalScrollBar().setValue(0)

    def _all_shown(self) -> None:
        put_in_tab_order(self._body)

    def _resume(self, uuid: str) -> None:
        field = self._resuming.begin(uuid)
        if field is not None:
            self._show_file_segment()
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            QTimer.singleShot(0, partial(self.paper.ensureWidgetVisible, field))

    def _show_head(self, found: PageFacts) -> None:
        narrow = self.breakpoint is Breakpoint.NARROW
        self.header.set_fact(*header_facts(found.file.facts, found.complete.percent, short=narrow))

    def _fill_again(self) -> None:
        """The numbers were revealed: show the same facts with them."""
        if self._facts is not None:
            self._show_found(self._facts)

    def _show_index(self, found: PageFacts) -> None:
        items = []
        for kind, number in zip(KINDS, NUMERALS, strict=False):
            gaps = gaps_of(kind, found)
            fact = f"缺 {len(gaps)}" if gaps else ""
            items.append(
                SideItem(kind.key, kind.short or kind.words, number=number, fact=fact, complete=not gaps)
            )
        self.index.set_items(items)

    def _show_place(self) -> None:
        count = len(self._among)
        known = self._uuid in self._among
        self.pager.setVisible(known and count > 1)
        if known:
            place = self._among.index(self._uuid)
            words = f"第 {place + 1} 名，共 {count} 名"
            self.pager.set_words(words, first=place == 0, last=place == count - 1)

    # ---- walked

    def walk(self, step: int) -> None:
        """The previous or the next child of the list she came from; what is being typed is saved first."""
        if self._uuid not in self._among:
            return
        place = self._among.index(self._uuid) + step
        if not 0 <= place < len(self._among) or not self.may_leave():
            return
        self._uuid = self._among[place]
        self.phones.hide()
        self.load()

    @override
    def may_leave(self) -> bool:
        """Save what is being typed; what cannot be stored yet holds the page, with its reason beside it."""
        fields: list[QuietField | QuietArea] = [
            *self.findChildren(QuietField),
            *self.findChildren(QuietArea),
        ]
        for field in fields:
            if is_pending(field):
                field.leave()
            if is_pending(field):
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                self.paper.ensureWidgetVisible(field)
                self.context.navigation.toast("这一格还没有存：改对它，按「照存」，或按 Esc 放弃。")
                return False
        return True

    def next_gap(self) -> None:
        """F3: the next thing that is missing, in the paper's order, from where the keyboard is."""
        if self._facts is None:
            return
        targets: list[QWidget] = []
        for section in self.sections:
            for gap in self._facts.complete.gaps:
                target = section.gap_target(gap.field) if section.owns_gap(gap.field) else None
                if target is not None and target not in targets:
                    targets.append(target)
        if not targets:
            self.context.navigation.toast("该采集的都有了。")
            return
        focused = QApplication.focusWidget()
        place = targets.index(focused) + 1 if focused in targets else 0
        target = targets[place % len(targets)]
        self._show_file_segment()
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, partial(self.paper.ensureWidgetVisible, target))

    @override
    def focus_first(self) -> None:
        self.index.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.index, self.timeline.stop)

    def _edit(self) -> None:
        here = QApplication.focusWidget()
        if here is not None and self.form.isAncestorOf(here):
            return  # she is in a field already: typing goes on there
        section = self.form.by_key(self.index.current)
        field = section.first_field()
        if field is not None:
            self._show_file_segment()
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _go_to(self, key: str) -> None:
        self._show_file_segment()
        section = self.form.by_key(key)
        top = section.mapTo(self.form, section.rect().topLeft()).y()
        self._going = True
        self.paper.verticalScrollBar().setValue(top)
        self._going = False
        self._point_at(key)

    def _go_to_side(self) -> None:
        """F4: to what changed, and back to the form."""
        if self.timeline.stop.hasFocus():
            self._show_file_segment()
            self.index.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        if self._folded:
            self.segments.set_current(_CHANGES)
            self._arrange_columns()
        self.timeline.stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _mark_section(self, value: int) -> None:
        """The index follows the form."""
        line = value + self.paper.viewport().height() // 3
        at_end = value and value == self.paper.verticalScrollBar().maximum()
        above = [s for s in self.form.made if s.mapTo(self.form, s.rect().topLeft()).y() <= line]
        if above and not self._going:
            self._point_at(KINDS[-1].key if at_end else above[-1].key)

    def _point_at(self, key: str) -> None:
        """Mark a section in the index, and keep it in sight where the index has to scroll."""
        self.index.set_current(key)
        high = self.index.height() // len(KINDS)
        place = next(i for i, kind in enumerate(KINDS) if kind.key == key)
        self._index_room.ensureVisible(0, place * high + high // 2, 0, high)

    def _keep_in_sight(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isVisible() and self.form.isAncestorOf(new):
            self.paper.ensureWidgetVisible(new, 0, theme.metrics().s32)

    # ---- arranged

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self._arrange_columns()
        if self._facts is not None:
            self._show_head(self._facts)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._folded is not self._is_tight:
            self._arrange_columns()

    @property
    def _is_tight(self) -> bool:
        """Whether the timeline has no room beside the form."""
        reach = self.width() / theme.metrics().scale
        return self.breakpoint is Breakpoint.NARROW or reach < _BESIDE_FROM

    def _show_file_segment(self) -> None:
        if self.segments.current != _FILE:
            self.segments.set_current(_FILE)
            self._arrange_columns()

    def _arrange_columns(self, _key: str = "") -> None:
        m = theme.metrics()
        narrow = self._folded = self._is_tight
        wide = self.breakpoint is Breakpoint.WIDE
        changes = narrow and self.segments.current == _CHANGES
        self.segments.setVisible(narrow)
        self.sheet.setVisible(not changes)
        self._side.setVisible(changes or not narrow)
        sheet_most = m.form_most + 2 * m.s24 + m.s12
        self.sheet.setMaximumWidth(sheet_most if wide else NO_LIMIT)
        self.timeline.setMinimumWidth(0 if narrow else m.side)
        self.timeline.setMaximumWidth(NO_LIMIT if narrow or wide else m.side)
        self._columns.setStretchFactor(self._side, 1 if narrow or wide else 0)

    # ---- elsewhere

    @override
    def entry_params(self) -> dict[str, Any]:
        return {"child": self._uuid} if self._facts is not None else {}

    def _record(self) -> None:
        if self.may_leave():
            self.context.navigation.open_page("record", **self.entry_params())

    def _print(self) -> None:
        if self._facts is not None and self.may_leave():
            self.context.navigation.open_page("printing", uuids=(self._uuid,))

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A right press on a field's label leads to its history, too."""
        if not self.history.offer(self, self.childAt(event.pos()), event.globalPos()):
            super().contextMenuEvent(event)
