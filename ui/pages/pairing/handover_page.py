"""办交接: everything a supporter has in hand goes to one or several others in one step, with the sheet to sign."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, cast

import shiboken6
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.pairing.queries import supporters
from app.storage.drafts import Draft, Entry
from app.storage.store import Store
from app.tasks.pairing_hand_over import HandOver, hand_over_preview
from ui import theme
from ui.context import Context
from ui.drafts import Form, PicksDraft
from ui.pages.pairing.handover_lines import columns, over_the_rule
from ui.pages.pairing.handover_panel import HandOverPanel, Row, about_hand_over
from ui.pages.pairing.pair_panel import Choices, load_choices
from ui.pages.pairing.sheets import HAND_OVER, PairingPapers, hand_over_sheet, sheet_of_what_was_done
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import (
    Button,
    DataTable,
    EmptyState,
    FilterBar,
    FooterBar,
    Kind,
    Link,
    QuietChoice,
    Sheet,
    Text,
    Way,
)
from ui.widgets.layout import holder, row
from ui.widgets.pick import PickField


class Loaded(Struct, frozen=True):
    """What there is to hand over, who could take it, and who else has children to hand over (key, words)."""

    facts: HandOver
    choices: Choices
    givers: tuple[tuple[str, str], ...]


class HandedOver(Struct, frozen=True):
    """What was handed over just now: the sheet is signed after it, when nothing is in hand any more."""

    facts: HandOver
    to: dict[str, str]
    leaves: bool


def load_hand_over(store: Store, key: str, day: date) -> Loaded:
    """Read what ``key`` has in hand and who may take it. UserError ``pairing.no_such_supporter``."""
    facts = hand_over_preview(store, key=key, on=day)
    return Loaded(facts, load_choices(store, day), _givers(store, facts.supporter.key, day))


def _givers(store: Store, key: str, day: date) -> tuple[tuple[str, str], ...]:
    """Whoever looks after a child, also who has left or may not any more, and ``key`` in any case."""
    found = [one for one in supporters(store, day, gone=True) if one.loads or one.key == key]
    names = Counter(one.name for one in found)
    return tuple(
        (one.key, one.name if names[one.name] == 1 else f"{one.name}（{one.words}）") for one in found
    )


class HandOverPage(Page):
    """`open_with(key=…)`: the supporter's uuid, or the staff member's."""

    areas = frozenset({"pairing", "diary", "todo", "children"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "办交接", back="结对")
        m = theme.metrics()
        self._key = ""
        self._loaded: Loaded | None = None
        self._to: dict[str, str] = {}
        self._kept: PicksDraft | None = None
        self._panel: HandOverPanel | None = None
        self._done: HandedOver | None = None
        self._reading = context.jobs.latest(self)
        self.papers = PairingPapers(context, self, HAND_OVER)
        self._sheet_button = Button("交接单", self._show_paper, icon="print")
        self.hand = Button("办交接…", self._ask, kind=Kind.FILLED)
        self.header.add(self._sheet_button)
        self.header.add(self.hand)
        self.key("Ctrl+P", self._show_paper)
        self.successor = PickField((), hint="姓名、拼音首字母")
        self.successor.setAccessibleName("交给谁")
        self.successor.setFixedWidth(m.side_small)
        self.give = Button("交给这一位", self._give, small=True)
        self.table = DataTable(columns(), two_lines=True, tickable=True)
        self.table.ticks_changed.connect(self._say)
        self.table.opened.connect(self._open_child)
        self.foot = FooterBar(icon="info", tinted=True)
        self._nobody = EmptyState()
        self._nobody.hide()
        self.giver = QuietChoice((), quiet=False, unknown=False)
        self.giver.setAccessibleName("谁办交接")
        self.giver.setFixedWidth(m.side_small)
        self.giver.saved.connect(self._give_for)
        self._taking = holder(row(Text("勾选的交给"), self.successor, self.give, gap=m.s8))
        bar = FilterBar(Text("谁办交接"), self.giver, m.s16, self._taking, None)
        sheet = Sheet(bar, self.table, self._nobody, self.foot)
        self.content.addWidget(sheet, 1)

    # ---- reading

    @override
    def open_with(self, **params: Any) -> None:
        key = str(params.get("key") or params.get("supporter") or params.get("uuid") or "")
        if key != self._key:
            self._put_by()
            self._key, self._to, self._done = key, {}, None
            self.table.set_ticked(())
        self.reload()

    # ---- drafts

    def _keep(self, loaded: Loaded) -> None:
        """Who takes whom is kept from the first choice on."""
        if self._kept is None and not self.context.read_only:
            about = about_hand_over(Form.HAND_OVER_TO, loaded.facts.supporter)
            self._kept = PicksDraft(self.context.drafts, about, self._picks, self)
        self.context.drafts.reopen({Form.HAND_OVER_TO: self._give_again, Form.HAND_OVER: self._ask_again})

    def _picks(self) -> Iterable[Entry]:
        """One per child that has somebody; none while the panel keeps them together with what is typed in it."""
        panel = self._panel
        if panel is not None and shiboken6.isValid(panel) and panel.keeping and panel.keeping.changed:
            return ()
        chosen = (row for row in self.table.rows if row.to)
        return [Entry(row.uuid, row.line.child, row.to, row.to_name) for row in chosen]

    def _give_again(self, draft: Draft) -> None:
        self._put_in({entry.name: str(entry.value) for entry in draft.entries})
        if self._kept is not None:
            self._kept.resume(draft)

    def _ask_again(self, draft: Draft) -> None:
        self._put_in(json.loads(str(draft.how.get("to") or "{}")))
        if self.hand.isEnabled():
            self._ask()
        else:
            self.context.navigation.toast("要交接的儿童有变化，请先补上交给谁，草稿还留着")

    def _put_in(self, to: Mapping[str, str]) -> None:
        self._to |= to
        self._fill()
        self._tick_the_rest()
        self._say()

    def _put_by(self) -> None:
        if self._kept is not None:
            self._kept.put_by()
            self._kept = None

    @override
    def load(self) -> None:
        if self._key:
            today = self.context.clock.today()
            self._reading.run(
                load_hand_over,
                self.context.store,
                self._key,
                today,
                on_done=self._show,
                on_error=self._gone,
            )

    def _gone(self, error: BaseException) -> None:
        self.context.errors.show(error)
        self.context.navigation.back()

    def _show(self, loaded: Loaded) -> None:
        first = self._loaded is None or self._loaded.facts.supporter.key != loaded.facts.supporter.key
        self._loaded = loaded
        self.header.set_title(f"{loaded.facts.supporter.name} 办交接")
        self.header.set_fact(f"手上 {len(loaded.facts.lines)} 名")
        others = [one for one in loaded.choices.people if one.key != loaded.facts.supporter.key]
        self.successor.set_picks(others)
        self.giver.set_options(loaded.givers)
        self.giver.set_value(loaded.facts.supporter.key)
        self._fill()
        if first:
            self.table.set_ticked(row.uuid for row in self.table.rows if not row.line.stale)
        empty = not loaded.facts.lines
        self._say_why_empty()
        for widget, shown in (
            (self._nobody, empty),
            (self.table, not empty),
            (self._taking, not empty),
            (self.foot, not empty),
        ):
            widget.setVisible(shown)
        self._say()
        self._keep(loaded)
        if self.isVisible() and (first or empty):
            self.focus_first()  # there was nothing to stand on before: not read yet, or what she did is over

    def _say_why_empty(self) -> None:
        """Nothing is in hand: never was, or has just gone to others, and then there is a sheet to sign."""
        over = self._done
        if over is None:
            self._nobody.set_words("", "现在一名也没有带，没有要交接的。")
        else:
            words = f"{len(over.facts.lines)} 名已经交接。交接单印出来，交接双方签字。"
            ways = () if not over.leaves else self._ways_to_classes(over.facts.supporter.leads)
            self._nobody.set_words("", words, link="看交接单", on_link=self._show_paper, ways=ways)
        self._sheet_button.setEnabled(over is not None or bool(self._loaded and self._loaded.facts.lines))

    def _ways_to_classes(self, led: str) -> tuple[Way, ...]:
        """Who leaves may have been a head teacher: the class has none now."""
        if not led or self.context.read_only:
            return ()
        go = partial(self.context.navigation.open_page, "settings", section="classes")
        return (Way("people", f"{led}没有班主任了", "请登记新的班主任。", "去登记…", go),)

    def _fill(self) -> None:
        loaded = self._loaded
        if loaded is None:
            return
        facts = loaded.choices.facts
        self._to = {uuid: key for uuid, key in self._to.items() if key in facts}
        self.table.set_rows(
            Row(
                line.child_uuid,
                line,
                self._to.get(line.child_uuid, ""),
                facts[self._to[line.child_uuid]].name if line.child_uuid in self._to else "",
            )
            for line in loaded.facts.lines
        )

    # ---- from whom, to whom

    def _give_for(self, key: object) -> None:
        """Somebody else hands over; whom she chose for the one before is kept as a draft."""
        self.open_with(key=str(key))

    def _give(self, *_: object) -> None:
        """The ticked ones go to whoever stands in the field; then the rest is ticked for the next one."""
        self.successor.leave()
        pick = self.successor.chosen
        if pick is None:
            self.successor.setFocus()
            return
        ticked = {str(key) for key in self.table.ticked_keys()}
        for uuid in ticked:
            self._to[uuid] = pick.key
        self._fill()
        if self._kept is not None:
            self._kept.touched()
        self._tick_the_rest()
        self._say()
        if self.hand.isEnabled():
            self.hand.setFocus()

    def _tick_the_rest(self) -> None:
        self.table.set_ticked(row.uuid for row in self.table.rows if not (row.to or row.line.stale))

    def _say(self) -> None:
        rows = [row for row in self.table.rows if not row.line.stale]
        chosen = [row for row in rows if row.to]
        missing = len(rows) - len(chosen)
        people = len({row.to for row in chosen})
        ticked = len(self.table.ticked_keys())
        # Beside the button stands what it still waits for.
        if self.context.read_only:
            lead = "这份台账只能看，不能办交接。"
        elif not rows:
            lead = "手上的儿童都已不在册，没有要交接的；请到结对页解除。"
        elif chosen:
            lead = f"{len(chosen)} 名交给 {people} 位。"
            lead += f"还有 {missing} 名没有选接手的人，选完才能办交接。" if missing else ""
        elif ticked:
            lead = f"还不能办交接：勾选的 {ticked} 名，请在上面写交给谁；可以分给几位。"
        else:
            lead = "还不能办交接：先勾选儿童，再写交给谁；可以分给几位。"
        self.foot.set_words(
            lead, over_the_rule(self._loaded.choices, self.table.rows) if self._loaded else ""
        )
        self.give.setEnabled(bool(self.table.ticked_keys()))
        self.hand.setEnabled(bool(rows) and not missing and not self.context.read_only)

    def _ask(self, *_: object) -> None:
        loaded = self._loaded
        rows = [row for row in self.table.rows if row.to]
        if loaded is not None and self.hand.isEnabled():
            self._panel = HandOverPanel(self.context, loaded.facts, rows, loaded.choices)
            self.context.dialogs.open_panel(self._panel, self._answered)

    def _answered(self, key: str) -> None:
        panel, self._panel = self._panel, None
        if key == "save":
            if panel is not None:
                facts = replace(panel.facts, on=panel.on.day or panel.facts.on)
                self._done = HandedOver(facts, dict(self._to), panel.leaves.isChecked())
                self._say_why_empty()
            self._to = {}
            if self._kept is not None:
                self._kept.done()
                self._kept = None

    def _open_child(self, row: Row) -> None:
        self.context.navigation.open_child(row.line.child_uuid)

    # ---- the sheet to sign

    def _show_paper(self, *_: object) -> None:
        loaded, over = self._loaded, self._done
        if loaded is None:
            return
        facts = loaded.facts
        if facts.lines:
            self.papers.show_about(len(facts.lines), hand_over_sheet, self._key, facts.on, dict(self._to))
        elif over is not None:
            make, count = sheet_of_what_was_done, len(over.facts.lines)
            self.papers.show_about(count, make, over.facts, over.to, over.leaves)

    # ---- arranged

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self.table.set_narrow(breakpoint_ is Breakpoint.NARROW)

    @override
    def focus_first(self) -> None:
        links = cast("list[Link]", self._nobody.findChildren(Link))
        link = links[-1] if links else None  # an earlier one may not be gone yet
        (self.successor if self._taking.isVisible() else link or self.giver).setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.giver, self.successor, self.table)

    @override
    def foot_height(self) -> int:
        return self.foot.height() if self.foot.isVisible() else 0
