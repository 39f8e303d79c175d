"""必访事件: which event opens a visit, within how many days; 五必访 until the school says otherwise."""

from __future__ import annotations

from functools import partial

from app.diary.codes import Activity
from app.school.event_rules import EventRuleFacts, event_rules
from app.storage.drafts import Draft
from app.storage.store import Store
from app.todo.presets import activity_words
from app.todo.service_events import MOST_DAYS, end_event_rule, set_event_rule
from ui import theme
from ui.context import Context
from ui.drafts import SAVE, EntryPanel, Form
from ui.pages.settings.cadences import whole_number
from ui.pages.settings.section import Section
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    FormRow,
    Kind,
    NearDay,
    QuietChoice,
    QuietField,
    Text,
    Verb,
)
from ui.widgets.layout import row

_ACTIVITIES = [(kind.value, kind.label) for kind in (Activity.HOME_VISIT, Activity.TALK, Activity.CONTACT)]


class EventPanel(EntryPanel):
    """Asks for one event: its name, its list, what falls due and within how many days."""

    def __init__(self, section: Section, rule: EventRuleFacts | None) -> None:
        head = "加一种必访事件" if rule is None else f"修改：{rule.name}"
        super().__init__(section, head, self._save, verb="存上", safe="先不存")
        self._context = section.context
        self._rule = rule
        self.name = QuietField(quiet=False, hint="比如：夜不归宿")
        self.family = QuietField(quiet=False, hint="比如：五必访")
        self.what = QuietChoice(_ACTIVITIES, quiet=False, unknown=False)
        self.days = QuietField(quiet=False, hint="", check=partial(whole_number, MOST_DAYS))
        self.days.setFixedWidth(theme.metrics().field_small)
        self.since = NearDay(section.context.clock.today)
        self.since.show_day(section.context.clock.today())
        if rule is not None:
            for field, value in (
                (self.name, rule.name),
                (self.family, rule.family),
                (self.days, str(rule.days)),
            ):
                field.set_value(value)
            self.what.set_value(rule.activity)
        self.add(FormRow("叫什么", self.name))
        self.add(FormRow("归在哪里", self.family))
        self.add(FormRow("要做什么", self.what))
        self.add(FormRow("几天内", self.days))
        self.add(FormRow("从哪天起", self.since))
        self.told = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self.form.addWidget(self.told)
        for typed in (self.name, self.family, self.days, self.since):
            typed.textChanged.connect(self._changed)
        self.what.saved.connect(self._changed)
        self._changed()
        self.name.setFocus()
        fields = {"name": self.name, "family": self.family, "what": self.what, "days": self.days}
        section.keep(
            self, Form.EVENT_RULE, head, {**fields, "since": self.since}, record=rule.code if rule else ""
        )

    def _changed(self, *_: object) -> None:
        since, days = self.since.day, self.days.text().strip()
        is_whole = (
            since is not None and whole_number(MOST_DAYS, days) is None and bool(self.name.text().strip())
        )
        self.buttons[SAVE].setEnabled(is_whole)
        if is_whole and since is not None:
            what = activity_words(str(self.what.value))
            words = f"{since.month}月{since.day}日起发生的「{self.name.text().strip()}」，{days} 天内要{what}"
            self.told.setText(f"{words}；以前发生的照原来的算。")

    def _save(self, _key: str) -> None:
        since = self.since.day
        if since is not None:
            self._context.write(
                set_event_rule,
                code=self._rule.code if self._rule else None,
                name=self.name.text(),
                family=self.family.text(),
                activity=str(self.what.value),
                days=int(self.days.text().strip()),
                since=since,
                toast=True,
                on_done=self._stored,
                on_error=self.refused,
            )

    def _stored(self, _changes: object) -> None:
        self.finish()


def _in_force(store: Store) -> tuple[EventRuleFacts, ...]:
    return event_rules(store, store.clock.today())


class EventsSection(Section):
    """A table of the events in force today: 改, 不再必访, 加一种."""

    key = "events"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context, "必访事件", "记下一件事，今日页就列出要去的家访；只有和它连上的那条记录能了结它。"
        )
        self.table = DataTable(
            [
                Column(
                    "name", "事件", lambda rule: Cell(rule.name, bold=True), "亲情电话连续没打通", frozen=True
                ),
                Column(
                    "family",
                    "归在",
                    lambda rule: Cell(rule.family, Tone.INK2),
                    "五必访五必访",
                    essential=False,
                ),
                Column("what", "要做什么", lambda rule: activity_words(rule.activity), "家校联系"),
                Column("days", "几天内", lambda rule: f"{rule.days} 天", "120 天", number=True),
                Column("since", "从哪天起", _since, "随程序带来的"),
                Column("change", "", lambda _: Cell("修改…", link=True), "修改…", link=True),
                Column("end", "", lambda _: Cell("不再必访…", link=True), "不再必访…", link=True),
            ],
            key=_code,
        )
        self.table.link_pressed.connect(self._pressed)
        self.table.opened.connect(self._change)
        self.end_by_key(self.table, "end")
        self.box.addLayout(row(Button("加一种事件…", self._add_one, icon="add"), None))
        self.box.addWidget(self.table, 1)

    def load(self) -> None:
        self.context.read(_in_force, on_done=self._show)

    def _show(self, rules: tuple[EventRuleFacts, ...]) -> None:
        self.table.set_rows(list(rules))

    def _add_one(self, *_: object) -> None:
        self.open_panel(EventPanel(self, None))

    def _change(self, rule: EventRuleFacts, *_: object) -> None:
        self.open_panel(EventPanel(self, rule))

    def _pressed(self, rule: EventRuleFacts, key: str) -> None:
        if key == "change":
            self._change(rule)
            return
        self.context.dialogs.ask(
            f"从今天起「{rule.name}」不再要求{activity_words(rule.activity)}？",
            ["已经记下、还没有去的照样列着；写下的记录都不动。可以撤销。"],
            [Verb("stay", "先不动"), Verb("end", "不再必访", Kind.DANGER)],
            partial(self._answered, rule),
        )

    def _answered(self, rule: EventRuleFacts, key: str) -> None:
        if key == "end":
            self.context.write(end_event_rule, code=rule.code, since=self.context.clock.today(), toast=True)

    def resume(self, draft: Draft) -> None:
        rule = next((one for one in self.table.rows if one.code == draft.record), None)
        self.open_panel(EventPanel(self, rule), draft)


def _code(rule: EventRuleFacts) -> str:
    return rule.code


def _since(rule: EventRuleFacts) -> Cell:
    return Cell("随程序带来的" if rule.shipped else rule.valid_from or "一直", Tone.INK2)
