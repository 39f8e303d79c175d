"""频次规则: how often what is to be done, from which day on; the shipped rules until the school changes one."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.calls.cadence import ACTIVITIES as CALLS
from app.diary.codes import Activity, MeetingKind
from app.storage.drafts import Draft
from app.storage.store import Store
from app.todo.cadences import CadenceFacts, cadences
from app.todo.codes import Audience, Per, Scope
from app.todo.presets import MEETING, STYLES
from app.todo.preview import CadencePreview, ChildChoice, child_by_name, preview_cadence, preview_style
from app.todo.service import MOST_TIMES, end_cadence, set_cadence, use_style
from ui import theme
from ui.context import Context
from ui.drafts import SAVE, EntryPanel, Form
from ui.pages.settings.section import Section
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    Finding,
    FormRow,
    Kind,
    NearDay,
    QuietChoice,
    QuietField,
    State,
    Text,
    Verb,
)
from ui.widgets.layout import row

_ALL, _PRIORITY, _ONE, _TEACHER, _SCHOOL = "all", "priority", "one", "supporter", "school"
_WHOM = [
    (_ALL, "在册的每名儿童"),
    (_PRIORITY, "重点帮扶儿童"),
    (_ONE, "某一名儿童"),
    (_TEACHER, "每位帮扶教师"),
    (_SCHOOL, "全校（会议）"),
]
_RECORDS = [(kind.value, kind.label) for kind in Activity]
_WITH_CALLS = [*_RECORDS, *CALLS.items()]  # asked for a child; a teacher is asked for none
_MEETINGS = [(f"{MEETING}{kind.value}", kind.label) for kind in MeetingKind]
_OFFERED = {_SCHOOL: _MEETINGS, _TEACHER: _RECORDS}


def whole_number(most: int, text: str) -> Finding | None:
    """What is wrong with a number from 0 to `most`."""
    if text.isdecimal() and int(text) <= most:
        return None
    return Finding(State.INVALID, f"请写 0 到 {most} 的整数。")


class CadencePanel(EntryPanel):
    """Asks for one rule and says what it changes; a rule that stands keeps whom and what it is about."""

    def __init__(self, section: Section, rule: CadenceFacts | None) -> None:
        head = "加一条频次规则" if rule is None else f"修改：{rule.words}"
        super().__init__(section, head, self._save, verb="存上", safe="先不存")
        self._context = section.context
        self._rule = rule
        self._looking = section.context.jobs.latest(self)
        self.whom = QuietChoice(_WHOM, quiet=False, unknown=False)
        self.child = QuietField(quiet=False, hint="姓名；同名的连班级一起写")
        self.what = QuietChoice(_WITH_CALLS, quiet=False, unknown=False)
        self.times = QuietField(quiet=False, hint="", check=partial(whole_number, MOST_TIMES))
        self.times.setFixedWidth(theme.metrics().field_small)
        self.per = QuietChoice([(per, per.label) for per in Per], quiet=False, unknown=False)
        self.since = NearDay(section.context.clock.today)
        self._child_row = FormRow("哪一名", self.child)
        for label, field in (("对谁", self.whom), ("做什么", self.what), ("多久", self.per)):
            self.add(FormRow(label, field))
            if field is self.whom:
                self.add(self._child_row)
        self.add(FormRow("几次", self.times, note="0 = 不要求"))
        self.add(FormRow("从哪天起", self.since, note="以前的周和月照原来的算"))
        self.told = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self.form.addWidget(self.told)
        self._begin()
        for choice in (self.whom, self.what, self.per):
            choice.saved.connect(self._changed)
        for typed in (self.times, self.since, self.child):
            typed.textChanged.connect(self._changed)
        self._changed()
        self.times.setFocus()
        self._keep(section, head)

    def _begin(self) -> None:
        rule = self._rule
        self.since.show_day(self._context.clock.today())
        if rule is None:
            self.times.set_value("1")
            self.per.set_value(Per.WEEK)
            return
        self.whom.set_value(_whom_of(rule))
        self.what.set_options(_OFFERED.get(str(self.whom.value), _WITH_CALLS))
        self.what.set_value(rule.activity)
        self.child.set_value(rule.child_name)
        self.times.set_value(str(rule.times))
        self.per.set_value(rule.per)
        for field in (self.whom, self.what, self.child):
            field.setEnabled(False)

    def _keep(self, section: Section, head: str) -> None:
        fields: dict[str, QWidget] = {
            "whom": self.whom,
            "what": self.what,
            "child": self.child,
            "times": self.times,
            "per": self.per,
            "since": self.since,
        }
        rule = self._rule
        record = "" if rule is None else _record_of(rule)
        section.keep(self, Form.CADENCE, head, fields, record=record)

    @property
    def _values(self) -> dict[str, Any] | None:
        """What is asked, in the words of `set_cadence` but for the child; None while something is missing."""
        since = self.since.day
        if since is None or whole_number(MOST_TIMES, self.times.text().strip()):
            return None
        whom = self.whom.value
        audience = {_TEACHER: Audience.SUPPORTER, _SCHOOL: Audience.SCHOOL}.get(str(whom), Audience.CHILD)
        return {
            "activity": str(self.what.value),
            "audience": audience,
            "scope": Scope.PRIORITY if whom == _PRIORITY else Scope.ALL,
            "times": int(self.times.text().strip()),
            "per": Per(str(self.per.value)),
            "since": since,
        }

    def _changed(self, *_: object) -> None:
        options = _OFFERED.get(str(self.whom.value), _WITH_CALLS)
        if self.what.count() != len(options) or self.what.value not in {code for code, _ in options}:
            self.what.set_options(options)
            if self.what.value is None:
                self.what.setCurrentIndex(0)
        one = self.whom.value == _ONE
        self._child_row.setVisible(one)
        values = self._values
        named = not one or bool(self.child.text().strip())
        self.buttons[SAVE].setEnabled(values is not None and named)
        if values is not None:
            self._looking.run(preview_cadence, self._context.store, **values, on_done=self._tell)

    def _tell(self, found: CadencePreview) -> None:
        if self.whom.value == _ONE:
            words = f"从那天起：{found.then}，比全体的规则优先"
        else:
            whose = {_TEACHER: f"{found.people} 位教师", _SCHOOL: "全校"}
            people = whose.get(str(self.whom.value), f"{found.people} 名儿童")
            before = f"现在：{found.now}。" if found.now else "现在没有这条。"
            outside = f"；不在班的 {found.in_no_class} 名不要求" if found.in_no_class else ""
            words = f"{before}改后：{found.then}（{people}{outside}）"
        due = f"，第一次到期 {found.first_due.month}月{found.first_due.day}日" if found.first_due else ""
        self.told.setText(f"{words}{due}。")

    def _save(self, _key: str) -> None:
        if self.whom.value == _ONE and self._rule is None:
            self._context.read(
                child_by_name, self.child.text(), on_done=self._save_for, on_error=self.refused, owner=self
            )
        else:
            self._write(self._rule.child_uuid if self._rule else None)

    def _save_for(self, child: ChildChoice) -> None:
        self._write(child.uuid)

    def _write(self, child_uuid: str | None) -> None:
        values = self._values
        if values is not None:
            self._context.write(
                set_cadence,
                **values,
                child_uuid=child_uuid,
                toast=True,
                on_done=self._stored,
                on_error=self.refused,
            )

    def _stored(self, _changes: object) -> None:
        self.finish()


def _whom_of(rule: CadenceFacts) -> str:
    if rule.child_uuid is not None:
        return _ONE
    if rule.audience is not Audience.CHILD:
        return _TEACHER if rule.audience is Audience.SUPPORTER else _SCHOOL
    return _PRIORITY if rule.scope is Scope.PRIORITY else _ALL


class StylePanel(EntryPanel):
    """Asks which rule set to begin with, and says what would change."""

    def __init__(self, section: Section) -> None:
        super().__init__(section, "换一套频次规则", self._save, verb="换上", safe="先不换")
        self._context = section.context
        self._looking = section.context.jobs.latest(self)
        self.style_choice = QuietChoice(
            [(key, style.name) for key, style in STYLES.items()], quiet=False, unknown=False
        )
        self.since = NearDay(section.context.clock.today)
        self.since.show_day(section.context.clock.today())
        self.add(FormRow("哪一套", self.style_choice))
        self.add(FormRow("从哪天起", self.since))
        self.told = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self.form.addWidget(self.told)
        self.style_choice.saved.connect(self._changed)
        self.since.textChanged.connect(self._changed)
        self._changed()

    def _changed(self, *_: object) -> None:
        since = self.since.day
        self.buttons[SAVE].setEnabled(since is not None)
        if since is not None:
            style = str(self.style_choice.value)
            self._looking.run(preview_style, self._context.store, style, since, on_done=self._tell)

    def _tell(self, found: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        gone, new = found
        style = STYLES[str(self.style_choice.value)]
        lines = [f"{style.about}。"]
        if any(rule.ours for rule in style.cadences):
            lines.append("其中有的做法没有定次数，次数是参考，请照本校的改。")
        lines += [f"改成：{'；'.join(new)}。"] if new else []
        lines += [f"不再要求：{'；'.join(gone)}。"] if gone else []
        lines.append("给单个儿童定的规则不动。" if new or gone else "和现在的一样，没有要改的。")
        self.told.setText("\n".join(lines))

    def _save(self, _key: str) -> None:
        since = self.since.day
        if since is not None:
            self._context.write(
                use_style,
                style=str(self.style_choice.value),
                since=since,
                toast=True,
                on_done=self._stored,
                on_error=self.refused,
            )

    def _stored(self, _changes: object) -> None:
        self.finish()


def _in_force(store: Store) -> tuple[CadenceFacts, ...]:
    return cadences(store, store.clock.today())


class CadencesSection(Section):
    """A table of the rules in force today: 改, 不再要求, 加一条, 换一套."""

    key = "cadences"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context, "频次规则", "今日页按这里的规则列出到期的谈心、家访。每一条都能改，从哪天起算由您定。"
        )
        self.table = DataTable(
            [
                Column("words", "规则", _words, "重点帮扶儿童每两周谈心 2 次", frozen=True),
                Column("child", "哪一名", _child, "买买提·阿卜杜热西提", essential=False),
                Column("since", "从哪天起", _since, "随程序带来的"),
                Column("change", "", lambda _: Cell("修改…", link=True), "修改…", link=True),
                Column("end", "", lambda _: Cell("不再要求…", link=True), "不再要求…", link=True),
            ],
            key=_row_key,
        )
        self.table.link_pressed.connect(self._pressed)
        self.table.opened.connect(self._change)
        self.end_by_key(self.table, "end")
        self._note = Text("", Type.SMALL, Tone.INK2, wrap=True)
        add = Button("加一条规则…", self._add_one, icon="add")
        style = Button("换一套…", self._other_style)
        self.box.addLayout(row(add, style, None, gap=theme.metrics().s8))
        self.box.addWidget(self._note)
        self.box.addWidget(self.table, 1)

    def load(self) -> None:
        self.context.read(_in_force, on_done=self._show)

    def _show(self, rules: tuple[CadenceFacts, ...]) -> None:
        shipped = any(rule.shipped for rule in rules)
        self._note.setText(
            "现在用的是随程序带来的「常用」一套；改了其中一条，就都记成本校自己的。" if shipped else ""
        )
        self._note.setVisible(shipped)
        self.table.set_rows(list(rules))

    def _add_one(self, *_: object) -> None:
        self.open_panel(CadencePanel(self, None))

    def _other_style(self, *_: object) -> None:
        self.open_panel(StylePanel(self))

    def _change(self, rule: CadenceFacts, *_: object) -> None:
        self.open_panel(CadencePanel(self, rule))

    def _pressed(self, rule: CadenceFacts, key: str) -> None:
        if key == "change":
            self._change(rule)
        elif rule.times:
            self.context.dialogs.ask(
                f"从今天起不再要求「{rule.words}」？",
                ["以前的周和月照原来的算；写下的记录都不动。可以撤销。"],
                [Verb("stay", "先不动"), Verb("end", "不再要求", Kind.DANGER)],
                partial(self._answered, rule),
            )

    def _answered(self, rule: CadenceFacts, key: str) -> None:
        today = self.context.clock.today()
        if key == "end" and not rule.shipped:
            self.context.write(end_cadence, uuid=rule.uuid, since=today, toast=True)
        elif key == "end":
            whole: dict[str, Any] = {
                "audience": rule.audience,
                "scope": rule.scope,
                "per": rule.per,
                "since": today,
            }
            self.context.write(set_cadence, activity=rule.activity, times=0, toast=True, **whole)

    def resume(self, draft: Draft) -> None:
        rule = next(
            (one for one in self.table.rows if draft.record and _record_of(one) == draft.record), None
        )
        self.open_panel(CadencePanel(self, rule), draft)


def _record_of(rule: CadenceFacts) -> str:
    return f"{rule.activity}:{_whom_of(rule)}:{rule.child_uuid or ''}"


def _row_key(rule: CadenceFacts) -> str:
    return rule.uuid or _record_of(rule)


def _words(rule: CadenceFacts) -> Cell:
    return Cell(rule.words, bold=True)


def _child(rule: CadenceFacts) -> Cell:
    return Cell(rule.child_name) if rule.child_name else Cell("—", Tone.INK3)


def _since(rule: CadenceFacts) -> Cell:
    return Cell("随程序带来的" if rule.shipped else rule.valid_from or "一直", Tone.INK2)
