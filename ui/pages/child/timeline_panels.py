"""The small dialogs of the timeline: when a promise was kept, why it is given up; what happened, why it is withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from app.core.changes import Changes
from app.diary.codes import Activity
from app.diary.facts import EventFacts, PromiseFacts
from app.diary.service_events import report_event, withdraw_event
from app.diary.service_promises import give_up_promise, keep_promise
from app.school.event_rules import EventRuleFacts
from app.storage.base import new_uuid
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.widgets import FormRow, QuietField
from ui.widgets.near_day import NearDay


class OneStep(EntryPanel):
    """A dialog of one or two fields that is one action; it stays open, with the reason, while that is refused."""

    def __init__(self, context: Context, head: str, verb: str, write: Callable[[], dict[str, Any]]) -> None:
        super().__init__(context.dialogs.top, head, self._store, verb=verb)
        self._context = context
        self._write = write

    def _store(self, _key: str) -> None:
        self._context.write(**self._write(), toast=True, on_done=self._stored, on_error=self.refused)

    def _stored(self, _changes: Changes) -> None:
        self.finish()


def _day(context: Context) -> NearDay:
    field = NearDay(context.clock.today, ahead=None)
    field.set_value(context.clock.today().isoformat())
    return field


def _opened(context: Context, panel: OneStep, about: About, **rows: FormRow) -> OneStep:
    for row in rows.values():
        panel.add(row)
    panel.keep_draft(context, about, {name: row.field for name, row in rows.items()})
    context.dialogs.open_panel(panel, _nothing_more)
    return panel


def _about_promise(form: Form, one: PromiseFacts, what: str) -> About:
    child = one.child_uuid
    rows = (("child", child), ("promise", one.uuid))
    return About(form, one.uuid, f"{one.child_name} {what}", where={"uuid": child}, rows=rows)


def ask_when_kept(context: Context, one: PromiseFacts) -> OneStep:
    """哪天兑现的."""
    day = _day(context)
    values = partial(_keeping, one.uuid, day)
    panel = OneStep(context, f"「{one.content}」", "记下已兑现", values)
    about = _about_promise(Form.PROMISE_KEPT, one, "兑现了答应的事")
    return _opened(context, panel, about, day=FormRow("哪天兑现", day))


def ask_why_given_up(context: Context, one: PromiseFacts) -> OneStep:
    """为什么不再办."""
    note = QuietField(quiet=False, hint="写一句原因")
    panel = OneStep(context, f"「{one.content}」", "记下不再办", partial(_giving_up, one.uuid, note))
    about = _about_promise(Form.PROMISE_DROPPED, one, "答应的事不再办")
    return _opened(context, panel, about, note=FormRow("原因", note))


def ask_what_happened(
    context: Context, child: tuple[str, str], rule: EventRuleFacts, *, uuid: str = ""
) -> OneStep:
    """An event that opens a visit: on which day, what it was. `child` is its uuid and name.

    `uuid` when it is written on: it stays the same event, were it stored already.
    """
    key, name = child
    uuid = uuid or new_uuid()
    day, note = _day(context), QuietField(quiet=False, hint="看到了什么，一句话")
    panel = OneStep(
        context, f"{name}：{rule.name}", "记下", partial(_reporting, key, rule.code, uuid, day, note)
    )
    panel.say(f"记下后 {rule.days} 天内要{Activity(rule.activity).label}，由那次的记录来了结。")
    about = About(
        Form.HAPPENED,
        key,
        f"{name} {rule.name}",
        where={"uuid": key},
        how={"rule": rule.code, "uuid": uuid},
        rows=(("child", key),),
    )
    return _opened(context, panel, about, note=FormRow("情况", note), day=FormRow("哪天", day))


def ask_why_withdrawn(context: Context, one: EventFacts) -> OneStep:
    """记错了: the visit is withdrawn with it."""
    note = QuietField(quiet=False, hint="写一句原因")
    panel = OneStep(
        context, f"撤回「{one.name}」（{one.happened_on}）", "撤回", partial(_withdrawing, one.uuid, note)
    )
    panel.say(f"不再要求{one.activity.label}；这件事和原因仍留在跟踪记录里。")
    about = About(
        Form.WITHDRAWN,
        one.uuid,
        f"{one.child_name} 撤回「{one.name}」",
        where={"uuid": one.child_uuid},
        rows=(("child", one.child_uuid), ("trigger_event", one.uuid)),
    )
    return _opened(context, panel, about, note=FormRow("原因", note))


def _keeping(uuid: str, day: NearDay) -> dict[str, Any]:
    return {"fn": keep_promise, "uuid": uuid, "on": day.iso}


def _giving_up(uuid: str, note: QuietField) -> dict[str, Any]:
    return {"fn": give_up_promise, "uuid": uuid, "note": note.text()}


def _reporting(child: str, code: str, uuid: str, day: NearDay, note: QuietField) -> dict[str, Any]:
    return {
        "fn": report_event,
        "uuid": uuid,
        "child_uuid": child,
        "rule_code": code,
        "happened_on": day.iso,
        "note": note.text().strip() or None,
    }


def _withdrawing(uuid: str, note: QuietField) -> dict[str, Any]:
    return {"fn": withdraw_event, "uuid": uuid, "note": note.text()}


def _nothing_more(_key: str) -> None:
    """The dialog has written what there was to write."""
