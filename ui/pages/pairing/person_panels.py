"""Panels about one supporter: who it is, the 从业查询, a limit of their own; and the end of one pair."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.children.codes import Sex
from app.pairing.codes import CheckResult, Identity, PairingEnd
from app.pairing.facts import PairFacts, SupporterFacts
from app.pairing.service_pairs import change_pair, end_pairing, remove_pair
from app.pairing.service_supporters import (
    add_supporter,
    change_supporter,
    record_check,
    set_supporter_limit,
)
from app.storage.drafts import Source
from ui import theme
from ui.context import Context
from ui.drafts import SAVE, About, EntryPanel, Form
from ui.theme import Tone, Type
from ui.widgets import (
    CheckBox,
    Finding,
    FormGrid,
    FormRow,
    NearDate,
    NearDay,
    QuietChoice,
    QuietField,
    State,
    Text,
)
from ui.widgets.choice import CHOOSE
from ui.widgets.near_day import NOT_A_DAY

_TEXTS = {"name": "姓名", "phone": "电话", "organisation": "单位", "duty": "职务", "note": "备注"}
_OUTSIDE = [(one, one.label) for one in Identity if one is not Identity.STAFF]
_SEXES = [(sex, sex.label) for sex in Sex]
_ENDS = [(code, code.label) for code in PairingEnd if code is not PairingEnd.HANDED_OVER]


def _named(text: str) -> Finding | None:
    return None if text.strip() else Finding(State.INVALID, "请写姓名。")


def _whole(text: str) -> Finding | None:
    if text.isdecimal() and int(text) <= 99:
        return None
    return Finding(State.INVALID, "请写 0 到 99 的整数；0 是不安排。")


def about_person(form: Form, person: SupporterFacts, what: str) -> About:
    """What a form about one supporter is; a teacher may not have a row among the supporters yet."""
    key = person.staff_uuid or person.uuid
    rows = (("supporter", person.uuid),) if person.uuid else ()
    return About(form, key, f"{person.name} {what}", where={"key": key}, rows=rows)


class OutsiderPanel(EntryPanel):
    """A person from outside the school: 村干部, 退休教师, 志愿者, 妇联. Teachers come from the staff list."""

    def __init__(self, context: Context, person: SupporterFacts | None) -> None:
        head = "加一位校外帮扶人" if person is None else "修改帮扶人资料"
        super().__init__(context.dialogs.window, head, self._asked, verb="存上", safe="先不存")
        self._context = context
        self._person = person
        self.texts = {name: QuietField(quiet=False, hint="") for name in _TEXTS}
        self.texts["name"] = QuietField(quiet=False, hint="必填", check=_named)
        self.identity = QuietChoice(_OUTSIDE, quiet=False, unknown=False)
        self.sex = QuietChoice(_SEXES, quiet=False)
        if person is None:
            self.say("本校教师不用在这里登记：教职工名单里的都能结对。")
        self.add(FormRow("姓名", self.texts["name"]))
        who = FormGrid()
        who.pair(FormRow("身份", self.identity), FormRow("性别", self.sex))
        self.form.addWidget(who)
        for name in ("phone", "organisation", "duty", "note"):
            self.add(FormRow(_TEXTS[name], self.texts[name]))
        if person is not None:
            for name, field in self.texts.items():
                field.set_value(getattr(person, name))
            self.identity.set_value(person.identity)
            self.sex.set_value(person.sex)
        self._keep()
        self.texts["name"].textChanged.connect(self._enable)
        self._enable()

    def _keep(self) -> None:
        uuid = self._person.uuid if self._person is not None else ""
        fields: dict[str, QWidget] = {**self.texts, "identity": self.identity, "sex": self.sex}
        about = About(
            Form.SUPPORTER,
            uuid,
            f"{self._person.name} 帮扶人资料" if self._person is not None else "加一位校外帮扶人",
            how={"key": self._person.key if self._person is not None else ""},
            rows=(("supporter", uuid),) if uuid else (),
            sources={name: Source("supporter", uuid, name) for name in fields} if uuid else {},
        )
        self.keep_draft(self._context, about, fields)

    def _enable(self, *_: object) -> None:
        self.buttons[SAVE].setEnabled(bool(self.texts["name"].text().strip()))

    def _asked(self, _key: str) -> None:
        values: dict[str, Any] = {name: field.value or None for name, field in self.texts.items()}
        sex = self.sex.value
        values |= {"identity": Identity(str(self.identity.value)), "sex": Sex(str(sex)) if sex else None}
        write = partial(self._context.write, on_done=self._stored, on_error=self.refused, toast=True)
        if self._person is None:
            write(add_supporter, **values)
        else:
            write(change_supporter, key=self._person.key, **values)

    def _stored(self, _changes: object) -> None:
        self.finish()


class CheckPanel(EntryPanel):
    """One 从业查询: when, with what result, by which office, where the paper lies."""

    def __init__(self, context: Context, person: SupporterFacts) -> None:
        super().__init__(
            context.dialogs.window, f"记下{person.name}的从业查询", self._asked, verb="记下", safe="先不记"
        )
        self._context = context
        self._person = person
        self.on = NearDay(context.clock.today, ahead=False)
        self.on.show_day(context.clock.today())
        results = [(one, one.label) for one in CheckResult]
        self.outcome = QuietChoice(results, quiet=False, unknown=False)
        self.outcome.saved.connect(self._chosen)
        self.office = QuietField(quiet=False, hint="如 县公安局")
        self.kept_at = QuietField(quiet=False, hint="如 校办公室文件柜")
        self.add(FormRow("查询日期", self.on))
        self.add(FormRow("结果", self.outcome))
        self.add(FormRow("出具单位", self.office))
        self.add(FormRow("原件在", self.kept_at))
        self.say("未成年人保护法第 62 条：每年查一次。只记结果，不记案情。")
        fields = {"on": self.on, "outcome": self.outcome, "office": self.office, "kept_at": self.kept_at}
        self.keep_draft(context, about_person(Form.SUPPORTER_CHECK, person, "从业查询"), fields)

    def _chosen(self, code: object) -> None:
        found = code == CheckResult.FOUND
        told = "记下以后不能再给这位结对；现有的结对请办交接。" if found else ""
        self.say_why(told, lasting=True)

    def _asked(self, _key: str) -> None:
        self._context.write(
            record_check,
            key=self._person.key,
            checked_on=self.on.value,
            result=CheckResult(str(self.outcome.value)),
            office=self.office.value or None,
            kept_at=self.kept_at.value or None,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class LimitPanel(EntryPanel):
    """A limit of one supporter's own, with its reason and the day it begins."""

    def __init__(self, context: Context, person: SupporterFacts) -> None:
        super().__init__(context.dialogs.window, f"{person.name}最多带几名", self._asked, verb="存上")
        self._context = context
        self._person = person
        self.by_rule = CheckBox("按学校的规则", checked=person.own_limit is None)
        self.by_rule.toggled.connect(self._toggled)
        self.most = QuietField(quiet=False, hint="0 = 不安排", check=_whole)
        self.most.setFixedWidth(theme.metrics().field_date)
        self.most.set_value(None if person.own_limit is None else str(person.own_limit))
        self.reason = QuietField(quiet=False, hint="如 病假、临近退休、新教师")
        self.reason.set_value(person.limit_reason)
        self.since = NearDay(context.clock.today)
        self.since.show_day(context.clock.today())
        self.form.addWidget(self.by_rule)
        self.add(FormRow("最多", self.most, note="名；0 是不安排"))
        self.add(FormRow("原因", self.reason))
        self.add(FormRow("从哪天起", self.since))
        self.say("已有的结对不动，排建议时照这个上限。")
        self._toggled(self.by_rule.isChecked())
        fields = {"by_rule": self.by_rule, "most": self.most, "reason": self.reason, "since": self.since}
        self.keep_draft(context, about_person(Form.SUPPORTER_LIMIT, person, "最多带几名"), fields)

    def _toggled(self, by_rule: bool) -> None:
        self.most.setEnabled(not by_rule)
        self.reason.setEnabled(not by_rule)

    def _asked(self, _key: str) -> None:
        by_rule = self.by_rule.isChecked()
        if not by_rule and not self.most.value:
            self.object_to("请写最多几名；不安排就写 0。", self.most)
            return
        since = self.since.day
        if since is None:
            self.object_to(NOT_A_DAY, self.since)
            return
        self._context.write(
            set_supporter_limit,
            key=self._person.key,
            most=None if by_rule else int(self.most.value),
            reason=None if by_rule else self.reason.value or None,
            since=since,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class PairDataPanel(EntryPanel):
    """What matters most for a pair, when the agreement was signed and where it lies; all three as they stand here."""

    def __init__(self, context: Context, pair: PairFacts) -> None:
        head = f"{pair.child} 和 {pair.supporter}（{pair.kind.label}）"
        super().__init__(context.dialogs.window, head, self._asked, verb="存上")
        self._context = context
        self._pair = pair
        self.focus = QuietField(quiet=False, hint="如 心理、学习；可空着")
        self.focus.set_value(pair.focus or "")
        self.agreed = NearDay(context.clock.today, ahead=False, hint="没签可空着")
        self.agreed.set_value(pair.agreed_on or "")
        self.kept = QuietField(quiet=False, hint="如 校办公室文件柜；可空着")
        self.kept.set_value(pair.kept_at or "")
        for label, field in (("重点", self.focus), ("协议日期", self.agreed), ("协议放在", self.kept)):
            self.add(FormRow(label, field))
        self.say("从哪天起、帮扶人不在这里改：换人把孩子拖给那一位，本来没有的用「解除」里的「登记有误」。")
        about = About(
            Form.PAIR_DATA,
            pair.uuid,
            f"{pair.child} 和 {pair.supporter} 结对的资料",
            where={"key": pair.key},
            rows=(("pairing", pair.uuid),),
        )
        fields = {"focus": self.focus, "agreed_on": self.agreed, "kept_at": self.kept}
        self.keep_draft(context, about, fields)

    def _asked(self, _key: str) -> None:
        self._context.write(
            change_pair,
            pair_uuid=self._pair.uuid,
            focus=self.focus.value or None,
            agreed_on=self.agreed.value or None,
            kept_at=self.kept.value or None,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class EndPanel(EntryPanel):
    """解除一对: why and from which day; the pair stays in the history."""

    def __init__(self, context: Context, pair: PairFacts) -> None:
        super().__init__(
            context.dialogs.window,
            f"解除 {pair.child} 和 {pair.supporter} 的结对（{pair.kind.label}）",
            self._asked,
            verb="解除",
        )
        self._context = context
        self._pair = pair
        self.reason = QuietChoice(_ENDS, quiet=False, unset=CHOOSE)
        self.reason.saved.connect(self._chosen)
        self.on = NearDate(context.clock.today)
        self.on.show_day(context.clock.today())
        self.note = QuietField(quiet=False, hint="可空着")
        self.add(FormRow("原因", self.reason))
        self.add(FormRow("从哪天起", self.on))
        self.add(FormRow("说明", self.note))
        self._words = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self.form.addWidget(self._words)
        self._chosen(None)
        about = About(
            Form.PAIR_END,
            pair.uuid,
            f"解除 {pair.child} 和 {pair.supporter} 的结对",
            where={"key": pair.key},
            rows=(("pairing", pair.uuid),),
        )
        self.keep_draft(context, about, {"reason": self.reason, "on": self.on, "note": self.note})

    def _chosen(self, code: object) -> None:
        mistaken = code == PairingEnd.MISTAKEN
        words = "这一段留在历史里，孩子回到「没有结对」。要换给别人，把孩子拖给那一位，或办交接。"
        if mistaken:
            words = "本来没有的结对：整段拿掉，不留在历史里，可以撤销。"
        self._words.setText(words)
        self.on.setEnabled(not mistaken)
        self.note.setEnabled(not mistaken)

    def _asked(self, _key: str) -> None:
        if not self.reason.value:
            self.object_to("还没有选「原因」。", self.reason)
            return
        if self.reason.value == PairingEnd.MISTAKEN:
            self._context.write(
                remove_pair,
                pair_uuid=self._pair.uuid,
                on_done=self._stored,
                on_error=self.refused,
                toast=True,
            )
            return
        self._context.write(
            end_pairing,
            pair_uuid=self._pair.uuid,
            on=self.on.value,
            reason=PairingEnd(str(self.reason.value)),
            note=self.note.value or None,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()
