"""Taking a call out of its slot and putting it elsewhere, with what stands against it said before; calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal

from app.calls.codes import CancelReason
from app.calls.plan_facts import Conflict
from app.calls.plan_moves import Where, conflicts_within, move_call, swap_calls
from app.calls.service_plan import cancel_call, fix_calls
from app.storage.entry_day import entry_day
from ui.context import Context
from ui.pages.calls.board import CallBoard
from ui.pages.calls.board_model import Booked, Mark, Spot, State, Verdict
from ui.widgets import Kind, Menu, Verb


class Moving(QObject):
    """Answers what the board asks. `log_asked(spot)`, `child_asked(uuid)`, `plan_asked(spot)` go on to the page."""

    log_asked = Signal(object)
    child_asked = Signal(str)
    plan_asked = Signal(object)

    def __init__(self, context: Context, board: CallBoard, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._board = board
        board.may_move = not context.read_only
        board.taken.connect(self._taken)
        board.put.connect(self._put)
        board.menu_asked.connect(self._offer)
        board.removal_asked.connect(self._ask_cancel)

    # ---- moved

    def _taken(self, call: Booked) -> None:
        days = self._board.cells.board.days
        if not days or call.mark is not Mark.PLANNED:
            self._board.release()
            self._context.navigation.toast("打过的电话不能再挪。")
            return
        first, last = (date.fromisoformat(days[place].iso) for place in (0, -1))
        self._context.read(
            conflicts_within,
            planned_uuid=call.children[0].planned,
            first=first,
            last=last,
            on_done=partial(self._judged, call.key),
            owner=self,
        )

    def _judged(self, key: str, found: Mapping[Where, tuple[Conflict, ...]]) -> None:
        verdicts = {
            (day.isoformat(), line, starts): verdict_of(against)
            for (day, line, starts), against in found.items()
        }
        self._board.set_verdicts(key, verdicts)

    def _put(self, call: Booked, spot: Spot) -> None:
        there = spot.first
        if there is not None:
            self._context.write(
                swap_calls,
                planned_uuid=call.children[0].planned,
                other_uuid=there.children[0].planned,
                despite=True,
                toast=True,
            )
            return
        self._context.write(
            move_call,
            planned_uuid=call.children[0].planned,
            line_uuid=spot.line,
            day=date.fromisoformat(spot.day),
            starts=spot.starts,
            despite=True,
            toast=True,
        )

    # ---- the menu of a cell

    def _offer(self, spot: Spot, point: QPoint) -> None:
        menu = Menu(self._board)
        self.fill_menu(menu, spot)
        if menu.isEmpty():
            menu.deleteLater()
            return
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

    def fill_menu(self, menu: Menu, spot: Spot) -> None:
        """What can be done with a place."""
        may = not self._context.read_only
        call = spot.first
        if call is None:
            if spot.state is State.OPEN:
                menu.add("排一名来打…", partial(self.plan_asked.emit, spot), enabled=may, shortcut="Return")
            if self._board.holding:
                menu.add("放到这里", self._board.put_here, shortcut="Ctrl+V")
            return
        menu.add("记这次通话", partial(self.log_asked.emit, spot), shortcut="Return")
        if spot.state is not State.LOOSE and len(spot.booked) == 1:
            waits = may and call.mark is Mark.PLANNED
            menu.add("挪到别的时段", self._board.take, enabled=waits, shortcut="Ctrl+X")
            menu.add("固定不动", partial(self._fix, call), ticked=call.fixed, enabled=waits)
            menu.add("取消这次…", partial(self._ask_cancel, spot), enabled=waits, shortcut="Del")
        menu.line()
        for child in call.children:
            menu.add(f"打开 {child.name} 的档案", partial(self.child_asked.emit, child.uuid))

    def _fix(self, call: Booked) -> None:
        uuids = tuple(child.planned for child in call.children)
        self._context.write(fix_calls, planned_uuids=uuids, fixed=not call.fixed, toast=True)

    # ---- called off

    def _ask_cancel(self, spot: Spot) -> None:
        call = spot.first
        if call is None or call.mark is not Mark.PLANNED or self._context.read_only:
            return
        if spot.state is State.LOOSE:
            return
        self._context.read(entry_day, on_done=partial(self._ask_why, spot, call), owner=self)

    def _ask_why(self, spot: Spot, call: Booked, written_on: str) -> None:
        """Why it is called off; under a clock that was set back she reads which day is written down for it."""
        lines = ["这个时段空出来；孩子还欠这次，重新排号时先排。", "可以撤销。"]
        today = self._context.clock.today().isoformat()
        if written_on > today:
            lines.append(f"电脑日期是 {today}，早于上次保存：取消日期记为 {written_on}。请把日期调对。")
        reasons = (CancelReason.CHILD_ABSENT, CancelReason.LINE_DOWN, CancelReason.PARENT, CancelReason.DUTY)
        verbs = [Verb("stay", "先不动"), *(Verb(one.value, one.label, Kind.DANGER) for one in reasons)]
        self._context.dialogs.ask(
            f"取消 {call.names} {spot.day[5:]} {spot.starts} 的通话，为什么？",
            lines,
            verbs,
            partial(self._cancel, call),
        )

    def _cancel(self, call: Booked, key: str) -> None:
        if key != "stay":
            planned = call.children[0].planned
            self._context.write(cancel_call, planned_uuid=planned, reason=CancelReason(key), toast=True)


def verdict_of(against: tuple[Conflict, ...]) -> Verdict:
    """What a cell says of a place: what makes it impossible first."""
    hard = [one.words for one in against if one.hard]
    soft = [one.words for one in against if not one.hard]
    return Verdict(not hard, (hard or soft or [""])[0])
