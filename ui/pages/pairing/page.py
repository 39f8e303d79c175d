"""The pairing page: children without a supporter at the left, the supporters at the right, the draft at the foot."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.pairing.codes import PairingKind
from app.pairing.service_stale import end_stale
from ui import theme
from ui.context import Context
from ui.pages.pairing.children_side import PAIRED, WAITING, ChildrenSide, list_words
from ui.pages.pairing.doing import Doing
from ui.pages.pairing.draft import BY_HAND, Draft
from ui.pages.pairing.emptiness import say_what_lacks
from ui.pages.pairing.foot import DraftFoot
from ui.pages.pairing.giving import Giving
from ui.pages.pairing.loading import ADULTS, EVERYBODY, SEVERAL, Loaded, load_pairing
from ui.pages.pairing.opening import Opening
from ui.pages.pairing.suggesting import Suggesting
from ui.pages.pairing.supporters import SupporterLine, SupporterTable, columns
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import (
    Banner,
    Button,
    EmptyState,
    FilterBar,
    Menu,
    ProgressFooter,
    Rule,
    Segments,
    Sheet,
    column,
    holder,
    row,
)

PEOPLE = "people"
_KINDS = ((EVERYBODY, "全部"), *((kind.value, kind.label) for kind in (*ADULTS, PairingKind.STUDY_BUDDY)))


class PairingPage(Page):
    """Who has nobody, who carries whom, what was really done. A child is given by mouse, or lifted with Enter."""

    areas = frozenset({"pairing", "children", "school", "classes", "calendar", "diary", "todo"})
    turns_with_day = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, "结对")
        self._loaded: Loaded | None = None
        self._shown = EVERYBODY
        self._carried = ""
        self.draft = Draft()
        self._reading = context.jobs.latest(self)
        self.opening = Opening(context, self)
        self.giving = Giving(context, self)
        self.giving.accepted.connect(self._accepted)
        self.progress = ProgressFooter()
        self.suggesting = Suggesting(context, self.progress, self)
        self.suggesting.arrived.connect(self._suggested)
        search = self.header.add_search("搜儿童或帮扶人")
        search.changed.connect(self._fill)
        search.entered.connect(self.focus_first)
        self.header.add(Button("结对规则", self.opening.rules))
        self.header.add(Button("打印花名册", self.opening.roster, icon="print"))
        self.header.add(Button("结一对", self._pair, icon="add"))
        self.doing = Doing(context, self)
        self.doing.arrived.connect(self._fill)
        self._build_left()
        self._build_right()
        self.foot = DraftFoot()
        self.foot.suggest.clicked.connect(self._suggest)
        self.foot.drop.clicked.connect(self._drop_draft)
        self.foot.accept.clicked.connect(self._accept)
        self._parts = Segments([(WAITING, "没有结对"), (PAIRED, "已结对"), (PEOPLE, "帮扶人")])
        self._parts.changed.connect(self._part_changed)
        self._parts.hide()
        self.content.addWidget(self._parts)
        self._body = row(self.side, self._rule, self._right)
        self._body.setStretch(2, 1)
        self._sheet = Sheet(holder(self._body), self.progress, self.foot)
        self._sheet.box.setStretch(0, 1)
        self._empty = EmptyState()
        self._empty.hide()
        self.content.addWidget(self._empty, 1)
        self.content.addWidget(self._sheet, 1)
        self.key("Ctrl+P", self.opening.roster)

    def _build_left(self) -> None:
        m = theme.metrics()
        self.side = ChildrenSide(self._clear_search)
        self.side.switched.connect(self._side_changed)
        self.children_list = self.side.list
        self.children_list.lifted.connect(self._lift)
        self.children_list.opened.connect(self._open_child)
        self.children_list.ticks_changed.connect(self._ticked)
        self.side.setFixedWidth(m.side_small + m.s8)
        self._rule = Rule(upright=True)

    def _build_right(self) -> None:
        self.kinds = Segments(_KINDS)
        self.kinds.changed.connect(self._kind_changed)
        self._hand_over = Button("办交接…", self._hand_over_current, icon="arrow_swap", small=True)
        more = Menu(self)
        more.add("加一位本校教职工…", self.opening.colleague)
        more.add("加一位校外帮扶人…", self.opening.outsider)
        more.add("看多帮一的儿童", self._show_several)
        more.add("连已结对的一起重新排…", self._ask_to_move)
        self._more = Button("更多", menu=more, small=True)
        self.table = SupporterTable(self.context.clock.today())
        self.table.opened.connect(self._opened)
        self.table.given.connect(self._given)
        self._right = holder(
            column(FilterBar(self.kinds, None, self.doing.button, self._hand_over, self._more), self.table)
        )

    # ---- reading

    @override
    def load(self) -> None:
        self._reading.run(
            load_pairing, self.context.store, self.context.clock.today(), self._shown, on_done=self._show
        )
        self.doing.read()

    def _show(self, loaded: Loaded) -> None:
        first = self._loaded is None
        self._loaded = loaded
        present = {line.uuid for line in loaded.supporters if line.facts is not None and line.facts.present}
        pairs = {one.facts.uuid for one in loaded.pairs}
        self.draft.keep_only({one.facts.uuid for one in loaded.waiting}, present, pairs)
        seen = loaded.summary
        several = f"，多帮一 {seen.several} 名" if seen.several else ""
        self.header.set_fact(f"{seen.children} 名儿童，{seen.paired} 名有帮扶人{several}")
        for key, words in _KINDS:
            self.kinds.set_words(key, f"{words} {loaded.counts.get(key, 0)}")
        self.table.set_columns(columns(loaded.day, loaded.rule.most))
        self._show_emptiness(loaded)
        self._show_stale(seen.stale)
        self._fill()
        if first and not self.children_list.hasFocus():
            self.focus_first()

    def _show_stale(self, count: int) -> None:
        """Children who left the ledger and are still paired: it is she who says so, in one go."""
        banner = None
        if count and not self.context.read_only:
            words = f"有 {count} 对结对的儿童已经不在册，还没有解除。"
            banner = Banner(words, icon="info", link="按离册的日子一起解除", on_link=self._end_stale)
        self.set_banner("stale", banner)

    def _end_stale(self) -> None:
        self.context.write(end_stale, toast=True)

    def _show_emptiness(self, loaded: Loaded) -> None:
        """A ledger without children, or a school without anybody who could look after them."""
        lacks = say_what_lacks(self._empty, self.context, loaded, self.opening.outsider)
        self._empty.setVisible(lacks)
        self._sheet.setVisible(not lacks)
        self._parts.setVisible(self.breakpoint is Breakpoint.NARROW and not lacks)

    # ---- lists

    def _fill(self, *_: object) -> None:
        """Both lists for the search and the draft as they are."""
        loaded = self._loaded
        if loaded is None:
            return
        self.side.show_lines(loaded, self.draft, self._searched())
        for key, counted in (*list_words(loaded), (PEOPLE, f"帮扶人 {len(loaded.supporters)} 位")):
            self._parts.set_words(key, counted)
        self._fill_people(loaded)

    def _fill_people(self, loaded: Loaded) -> None:
        """The supporters with what the ticked proposals would bring them, and the foot."""
        words = self._searched()
        coming, going = self.draft.coming(), self.draft.going(loaded.keys_of_pairs)
        self.table.set_rows(
            replace(
                line,
                load=replace(line.load, has=line.load.has - going[line.uuid], coming=coming[line.uuid]),
                done=self.doing.of(line.facts.uuid) if line.facts is not None else None,
                known=self.doing.done is not None,
            )
            for line in loaded.supporters
            if words in line.find or coming[line.uuid]
        )
        self._show_foot()

    def _searched(self) -> str:
        return self.header.search.text().strip().lower() if self.header.search is not None else ""

    def _clear_search(self) -> None:
        if self.header.search is not None:
            self.header.search.clear()
        self._fill()

    def _show_several(self) -> None:
        """多帮一: the pairs of children whom several of one kind look after."""
        self.side.sides.set_current(PAIRED)
        self._parts.set_current(PAIRED)
        if self.header.search is not None:
            self.header.search.setText(SEVERAL)
        self._fill()
        self._arrange()

    # ---- the draft

    def _show_foot(self) -> None:
        loaded = self._loaded
        if loaded is None:
            return
        carried = self._carried_name()
        if carried:
            self.foot.say_carrying(carried)
        else:
            can = self._shown != PairingKind.STUDY_BUDDY.value and not self.context.read_only
            self.foot.show_draft(self.draft, len(loaded.waiting), can_suggest=can)

    def _suggest(self, *_: object) -> None:
        loaded = self._loaded
        if loaded is not None:
            self.suggesting.begin(loaded.kind, [one.facts.uuid for one in loaded.waiting])

    def _ask_to_move(self) -> None:
        """Pairs that are there are moved only when she says so."""
        loaded = self._loaded
        if loaded is not None and self._shown != PairingKind.STUDY_BUDDY.value:
            waiting = [one.facts.uuid for one in loaded.waiting]
            self.suggesting.ask_to_move(loaded.kind, waiting, loaded.movable)

    def _suggested(self, found: Any) -> None:
        self.draft.take(found)
        self.side.sides.set_current(WAITING)
        self._fill()
        self.children_list.setFocus()

    def _ticked(self) -> None:
        told = self.draft.tick(self.children_list.ticked)
        if self._loaded is None:
            return
        if told is not None:
            self.side.show_lines(self._loaded, self.draft, self._searched())
        if told:
            self.context.navigation.toast(told)
        self._fill_people(self._loaded)

    def _drop_draft(self, *_: object) -> None:
        self.draft.clear()
        self._fill()
        self.children_list.setFocus()

    def _accept(self, *_: object) -> None:
        if self.draft.accepted:
            self.giving.accept(self.draft.accepted)

    def _accepted(self) -> None:
        """The ledger has them; the bus brings the lists anew."""
        self.draft.settle()

    # ---- giving a child to somebody

    def _carried_name(self) -> str:
        return self.side.name_of(self._carried)

    def _lift(self, key: str) -> None:
        """Enter on a child: the next Enter at the right gives it to that supporter."""
        if self.context.read_only:
            return
        self._carried = key
        if self.breakpoint is Breakpoint.NARROW:
            self._parts.set_current(PEOPLE)
            self._arrange()
        self.table.setFocus()
        self._show_foot()

    def _put_down(self) -> None:
        self._carried = ""
        if self.breakpoint is Breakpoint.NARROW:
            self._parts.set_current(self.side.current)
            self._arrange()
        self._show_foot()
        self.children_list.setFocus()

    def _opened(self, line: SupporterLine) -> None:
        if self._carried:
            key = self._carried
            self._put_down()
            self._given(key, line)
        elif line.facts is not None:
            self.context.navigation.open_page("supporter", key=line.uuid)
        else:
            self.context.navigation.open_child(line.uuid)

    def _given(self, key: str, line: SupporterLine) -> None:
        """A child was dropped on a supporter: a proposal, or for one who has somebody a change that is asked about."""
        loaded = self._loaded
        if loaded is None or self.context.read_only:
            return
        waiting = next((one.facts for one in loaded.waiting if one.facts.uuid == key), None)
        pair = next((one.facts for one in loaded.pairs if one.facts.uuid == key), None)
        proposed = self.draft.proposals.get(key)
        if proposed is None and waiting is not None:
            proposed = loaded.proposal(waiting)
        if proposed is not None and line.facts is not None:
            needs = line.facts.needs_reason
            self.draft.give(
                replace(proposed, key=line.uuid, supporter=line.name, reason=BY_HAND, unchecked=needs)
            )
            self._fill()
        elif waiting is not None:
            self.giving.pair_buddy(waiting, line.uuid, line.name)
        elif pair is not None:
            self.giving.move(pair, line, loaded.parted(pair, line.uuid))

    def _pair(self, *_: object) -> None:
        self.opening.pair(self.children_list.current if self.side.current == WAITING else "")

    def _hand_over_current(self, *_: object) -> None:
        line = self.table.current_row()
        if line is not None and line.facts is not None:
            self.context.navigation.open_page("supporter_handover", key=line.uuid)

    def _open_child(self, key: str) -> None:
        self.context.navigation.open_child(self._child_of(key))

    def _child_of(self, key: str) -> str:
        """The child of a line, which is a child or a pair."""
        pairs = self._loaded.pairs if self._loaded is not None else ()
        return next((one.facts.child_uuid for one in pairs if one.facts.uuid == key), key)

    @override
    def entry_params(self) -> dict[str, Any]:
        key = self.children_list.current
        return {"child": self._child_of(key)} if key else {}

    # ---- switches

    def _kind_changed(self, key: str) -> None:
        """Another kind is another round of dealing."""
        self._shown = key
        self.draft.clear()
        self.reload()

    def _side_changed(self, key: str) -> None:
        self._parts.set_current(key)
        self.children_list.set_current(self.children_list.current)
        self._fill()

    def _part_changed(self, key: str) -> None:
        if key not in (PEOPLE, self.side.current):
            self.side.sides.set_current(key)
            self._fill()
        self._arrange()

    # ---- arranged

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        narrow = breakpoint_ is Breakpoint.NARROW
        self._parts.setVisible(narrow and not self._sheet.isHidden())
        self._parts.set_current(self.side.current)
        self.side.bar.setVisible(not narrow)
        self.table.set_narrow(narrow)
        self.foot.set_narrow(narrow)
        self._arrange()

    def _arrange(self) -> None:
        m = theme.metrics()
        narrow = self.breakpoint is Breakpoint.NARROW
        people = self._parts.current == PEOPLE
        self.side.setVisible(not narrow or not people)
        self._right.setVisible(not narrow or people)
        self._rule.setVisible(not narrow)
        if narrow:
            self.side.setMaximumWidth(m.form_most * 4)
            self.side.setMinimumWidth(0)
        else:
            wide = self.breakpoint is Breakpoint.WIDE
            self.side.setFixedWidth(m.side if wide else m.side_small + m.s8)

    @override
    def focus_first(self) -> None:
        self.opening.write_on()
        self.giving.write_on()
        narrow_people = self.breakpoint is Breakpoint.NARROW and self._parts.current == PEOPLE
        (self.table if narrow_people or not self.children_list.lines else self.children_list).setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.children_list, self.table)

    @override
    def foot_height(self) -> int:
        return self.foot.height() if self.foot.isVisible() else 0

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._carried:
            self._put_down()
        else:
            super().keyPressEvent(event)
