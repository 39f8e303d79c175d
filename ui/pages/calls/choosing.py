"""Asking for a child: whose call is written down although nobody planned it, and who comes into an empty slot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.calls.plan_facts import Conflict
from app.calls.plan_moves import conflicts, plan_by_hand
from ui.context import Context
from ui.pages.calls.board_model import Spot
from ui.pages.calls.child_panel import TAKE, ChildPanel
from ui.pages.calls.loading import read_callees
from ui.widgets import Kind, Verb
from ui.widgets.pick import Pick, unique_picks


class Choosing(QObject):
    """`log_asked(uuid)` when a call of this child is to be written down."""

    log_asked = Signal(str)

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self.panel: ChildPanel | None = None

    def log_other(self) -> None:
        """Whose call?"""
        self._read(partial(self._open, "记谁的通话？", "记这一名", self._log))

    def plan_into(self, spot: Spot) -> None:
        """Who comes into this slot?"""
        head = f"{spot.day[5:]} {spot.starts} 排谁来打？"
        self._read(partial(self._open, head, "排在这里", partial(self._look, spot)))

    def _read(self, on_done: object) -> None:
        if callable(on_done):
            today = self._context.clock.today()
            self._context.read(read_callees, today, on_done=on_done, owner=self)

    def _open(self, head: str, verb: str, take: object, found: Sequence[tuple[str, str, str]]) -> None:
        picks: list[Pick] = unique_picks(found)
        self.panel = ChildPanel(self._context.dialogs.window, head, verb, picks)
        self._context.dialogs.open_panel(self.panel, partial(self._answered, take))

    def _answered(self, take: object, key: str) -> None:
        panel, self.panel = self.panel, None
        if panel is not None and key == TAKE and callable(take):
            take(panel.child)

    def _log(self, uuid: str) -> None:
        self.log_asked.emit(uuid)

    # ---- into a slot

    def _look(self, spot: Spot, uuid: str) -> None:
        self._context.read(
            conflicts,
            line_uuid=spot.line,
            day=date.fromisoformat(spot.day),
            starts=spot.starts,
            child_uuids=(uuid,),
            on_done=partial(self._judged, spot, uuid),
            owner=self,
        )

    def _judged(self, spot: Spot, uuid: str, found: Sequence[Conflict]) -> None:
        if not found or any(one.hard for one in found):
            self._write(spot, uuid, "despite")  # what makes it impossible is refused in words
            return
        self._context.dialogs.ask(
            "还是排在这里？",
            [one.words for one in found],
            [Verb("stay", "先不排"), Verb("despite", "还是排在这里", Kind.FILLED)],
            partial(self._write, spot, uuid),
        )

    def _write(self, spot: Spot, uuid: str, key: str) -> None:
        if key != "stay":
            self._context.write(
                plan_by_hand,
                child_uuids=(uuid,),
                line_uuid=spot.line,
                day=date.fromisoformat(spot.day),
                starts=spot.starts,
                despite=True,
                toast=True,
            )
