"""The staff: who may be class teacher, care teacher, and who is entering. Leaving deletes nobody."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.children.codes import Sex
from app.school.queries import StaffMember, staff
from app.school.service import add_staff, change_staff
from app.storage.drafts import Draft, Source
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.drafts import SAVE, EntryPanel, Form
from ui.pages.settings.section import Section
from ui.pages.settings.staff_list import StaffListPanel
from ui.theme import Tone
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    Finding,
    FormRow,
    NearDate,
    QuietChoice,
    QuietField,
    State,
    Verb,
)
from ui.widgets.layout import row

_TEXTS = {"name": "姓名", "duty": "职务", "subject": "任教学科", "phone": "电话"}
_DATES = {"joined_on": "到校日期", "left_on": "离校日期"}
AGAIN = "again"
_SEXES = [(sex.value, sex.label) for sex in Sex]


def _columns() -> list[Column]:
    return [
        Column("name", "姓名", lambda m: Cell(m.name, bold=True), "欧阳慕容雨桐", frozen=True),
        Column("duty", "职务", lambda m: m.duty or "", "副校长（分管留守儿童工作）"),
        Column("subject", "任教学科", lambda m: m.subject or "", "道德与法治"),
        Column("phone", "电话", lambda m: m.phone or "", "12300000000"),
        Column("left_on", "离校日期", lambda m: Cell(m.left_on or "", Tone.INK2), "2026-09-01"),
        Column("change", "", lambda _: Cell("修改…", link=True), "修改…", link=True),
    ]


def _everybody(store: Store) -> list[StaffMember]:
    return staff(store, store.clock.today())


class StaffPanel(EntryPanel):
    """Asks what is known about one member of staff; stays open until it is stored."""

    def __init__(self, section: StaffSection, member: StaffMember | None) -> None:
        head = "加一名教职工" if member is None else "修改教职工信息"
        # One after the other: a school writes down twenty in its first hour.
        again = [Verb(AGAIN, "存上再加一名")] if member is None else []
        super().__init__(section, head, self._save, verb="存上", safe="先不存", more=again)
        self._section = section
        self._again = False
        self._context = section.context
        self._member = member
        self._texts = {name: QuietField(quiet=False, hint="") for name in _TEXTS}
        self._texts["name"] = QuietField(quiet=False, hint="必填", check=_named)
        self._dates = {name: NearDate(section.context.clock.today) for name in _DATES}
        self._sex = QuietChoice(_SEXES, quiet=False)
        for name, label in _TEXTS.items():
            self.add(FormRow(label, self._texts[name]))
            if name == "name":
                self.add(FormRow("性别", self._sex))
        for name, label in _DATES.items():
            self.add(FormRow(label, self._dates[name]))
        if member is not None:
            for name, field in {**self._texts, **self._dates}.items():
                field.set_value(getattr(member, name))
            self._sex.set_value(member.sex)
        self._texts["name"].textChanged.connect(self._enable)
        self._enable()
        self._texts["name"].setFocus()
        self._keep(section, head)

    def _keep(self, section: Section, head: str) -> None:
        fields: dict[str, QWidget] = {**self._texts, **self._dates, "sex": self._sex}
        uuid = self._member.uuid if self._member is not None else ""
        section.keep(
            self,
            Form.STAFF,
            f"{self._member.name} 教职工信息" if self._member is not None else head,
            fields,
            record=uuid,
            rows=(("staff", uuid),) if uuid else (),
            sources={name: Source("staff", uuid, name) for name in fields} if uuid else {},
        )

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by column; empty = not known."""
        typed = {name: field.text().strip() or None for name, field in {**self._texts, **self._dates}.items()}
        return {**typed, "sex": self._sex.value}

    def _save(self, key: str) -> None:
        self._again = key == AGAIN
        write = partial(self._context.write, toast=True, on_done=self._stored, on_error=self.refused)
        if self._member is None:
            write(add_staff, **self.values)
        else:
            write(change_staff, uuid=self._member.uuid, **self.values)

    def _stored(self, _changes: object) -> None:
        self.finish()
        if self._again:
            self._section.add_one()  # a panel of its own: what it asks, keeps and says is of the next one

    def _enable(self, *_: object) -> None:
        for key in (SAVE, AGAIN):
            if key in self.buttons:
                self.buttons[key].setEnabled(bool(self._texts["name"].text().strip()))


def _named(text: str) -> Finding | None:
    return None if text.strip() else Finding(State.INVALID, "请写姓名。")


class StaffSection(Section):
    """A table of the staff with 加一名, 登记几名 and 修改."""

    key = "staff"

    def __init__(self, context: Context) -> None:
        super().__init__(context, "教职工", "班主任、负责教师和「谁在登记」从这里选。离校只记日期，不删除。")
        m = theme.metrics()
        self.table = DataTable(_columns())
        self.table.link_pressed.connect(self._change)
        self.table.opened.connect(self._change)
        self._add = Button("加一名教职工…", self.add_one, icon="person_add")
        self._several = Button("登记几名…", self._add_several, icon="table")
        self.box.addLayout(row(self._add, self._several, None, gap=m.s8))
        self.box.addSpacing(m.s4)
        self.box.addWidget(self.table, 1)

    def load(self) -> None:
        self.context.read(_everybody, on_done=self.table.set_rows)

    def add_one(self, *_: object) -> None:
        """Ask about one who is not on the list yet."""
        self.open_panel(StaffPanel(self, None))

    def _add_several(self, *_: object) -> None:
        self.open_panel(StaffListPanel(self))

    def _change(self, member: StaffMember, *_: object) -> None:
        self.open_panel(StaffPanel(self, member))

    def resume(self, draft: Draft) -> None:
        if draft.form == Form.STAFF_LIST:
            self.open_panel(StaffListPanel(self), draft)
            return
        member = next((one for one in self.table.rows if one.uuid == draft.record), None)
        self.open_panel(StaffPanel(self, member), draft)
