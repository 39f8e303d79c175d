"""The staff: who may be class teacher, care teacher, and who is entering. Leaving deletes nobody."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.children.codes import Sex
from app.school.queries import StaffMember, staff
from app.school.service import add_staff, change_staff
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.pages.settings.section import Section
from ui.theme import Tone
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    DateField,
    Finding,
    FormRow,
    Kind,
    Panel,
    QuietChoice,
    QuietField,
    State,
    Verb,
)
from ui.widgets.layout import row

_TEXTS = {"name": "姓名", "duty": "职务", "subject": "任教学科", "phone": "电话"}
_DATES = {"joined_on": "到校日期", "left_on": "离校日期"}
_SEXES = [(sex.value, sex.label) for sex in Sex]


def _columns() -> list[Column]:
    return [
        Column("name", "姓名", lambda m: Cell(m.name, bold=True), "欧阳慕容雨桐", frozen=True),
        Column("duty", "职务", lambda m: m.duty or "", "教务主任、关爱教师"),
        Column("subject", "任教学科", lambda m: m.subject or "", "道德与法治"),
        Column("phone", "电话", lambda m: m.phone or "", "12300000000"),
        Column("left_on", "离校日期", lambda m: Cell(m.left_on or "", Tone.INK2), "2026-09-01"),
        Column("change", "", lambda _: Cell("修改…", link=True), "修改…", link=True),
    ]


def _everybody(store: Store) -> list[StaffMember]:
    return staff(store, store.clock.today())


class StaffPanel(Panel):
    """Asks what is known about one member of staff; `values` after the saving verb."""

    def __init__(self, parent: QWidget | None, member: StaffMember | None) -> None:
        head = "加一名教职工" if member is None else "修改教职工信息"
        verbs = [Verb("stay", "先不存"), Verb("save", "存上", Kind.FILLED)]
        super().__init__(parent, head, verbs, focus_content=True)
        self._texts = {name: QuietField(quiet=False, hint="") for name in _TEXTS}
        self._texts["name"] = QuietField(quiet=False, hint="必填", check=_named)
        self._dates = {name: DateField(quiet=False, hint="") for name in _DATES}
        self._sex = QuietChoice(_SEXES, quiet=False)
        for name, label in _TEXTS.items():
            self.box.addWidget(FormRow(label, self._texts[name]))
            if name == "name":
                self.box.addWidget(FormRow("性别", self._sex))
        for name, label in _DATES.items():
            self.box.addWidget(FormRow(label, self._dates[name]))
        if member is not None:
            for name, field in {**self._texts, **self._dates}.items():
                field.set_value(getattr(member, name))
            self._sex.set_value(member.sex)
        self._texts["name"].textChanged.connect(self._enable)
        self._enable()
        self._texts["name"].setFocus()

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by column; empty = not known."""
        typed = {name: field.text().strip() or None for name, field in {**self._texts, **self._dates}.items()}
        return {**typed, "sex": self._sex.value}

    def _enable(self, *_: object) -> None:
        self.buttons["save"].setEnabled(bool(self._texts["name"].text().strip()))


def _named(text: str) -> Finding | None:
    return None if text.strip() else Finding(State.INVALID, "请写姓名。")


class StaffSection(Section):
    """A table of the staff with 加一名 and 修改."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "教职工", "班主任、负责教师和「谁在登记」从这里选。离校只记日期，不删除。")
        m = theme.metrics()
        self.table = DataTable(_columns())
        self.table.link_pressed.connect(self._change)
        self.table.opened.connect(self._change)
        self._add = Button("加一名教职工…", self._add_one, icon="person_add")
        self.box.addLayout(row(self._add, None))
        self.box.addSpacing(m.s4)
        self.box.addWidget(self.table, 1)

    def load(self) -> None:
        self.context.read(_everybody, on_done=self.table.set_rows)

    def _add_one(self, *_: object) -> None:
        panel = StaffPanel(self, None)
        self.context.dialogs.open_panel(panel, partial(self._answered, panel, None))

    def _change(self, member: StaffMember, *_: object) -> None:
        panel = StaffPanel(self, member)
        self.context.dialogs.open_panel(panel, partial(self._answered, panel, member))

    def _answered(self, panel: StaffPanel, member: StaffMember | None, verb: str) -> None:
        if verb != "save":
            return
        if member is None:
            self.context.write(add_staff, toast=True, **panel.values)
        else:
            self.context.write(change_staff, uuid=member.uuid, toast=True, **panel.values)
