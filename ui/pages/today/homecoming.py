"""返乡: a grown-up who was expected came home; being away ends on that day, at home from then on."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from app.children.codes import AwayState
from app.children.service_facts import record_fact
from ui.context import Context
from ui.drafts.panel import EntryPanel
from ui.widgets import FormRow, NearDay
from ui.widgets.near_day import NOT_A_DAY

_OF_BEING_AWAY = ("place", "trade", "employer", "expected_return")


class HomecomingPanel(EntryPanel):
    """Asks for the day. Nothing is typed but that day, so that no draft is kept."""

    def __init__(self, context: Context, page: QWidget, about: Mapping[str, str]) -> None:
        super().__init__(page, "返乡了", self._asked, verb="登记返乡")
        self._context = context
        self._person = about["person"]
        self.on = NearDay(context.clock.today, ahead=False)
        self.on.show_day(context.clock.today())
        self.say(f"{about['words']}。")
        self.add(FormRow("哪天回来的", self.on, note="从这天起记「在家」，外出到这天为止"))
        self.say("同一位家长的兄弟姐妹一起改。父母都回来了，还算不算留守、退不退出台账，请到儿童档案里定。")

    def _asked(self, _key: str) -> None:
        day = self.on.day
        if day is None:
            self.object_to(NOT_A_DAY, self.on)
            return
        if day > self._context.clock.today():
            self.object_to("这一天还没有到；回来了再登记。", self.on)
            return
        self._context.write(
            record_fact,
            table="away",
            subject_uuid=self._person,
            # All of it: on the day the row itself began it is corrected, and 在家 with a place far away says nothing.
            values=dict.fromkeys(_OF_BEING_AWAY) | {"state": AwayState.HOME.value},
            since=day.isoformat(),
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()
