"""六 学习, 七 性格爱好, 八 关爱措施: what is said in her own words."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.children.child_file import ChildFile
from ui.pages.child.clerk import Clerk
from ui.pages.child.rows import OPTIONAL, BoundRows
from ui.pages.child.section import Section
from ui.widgets.field import UNKNOWN


class Texts(Section):
    """Some areas of words, column by column."""

    columns: tuple[tuple[str, str], ...] = ()

    def __init__(self, clerk: Clerk, number: str) -> None:
        super().__init__(clerk, number)
        self._rows = BoundRows(clerk.child_value, clerk.fields, "child", clerk.child_uuid)
        for column, label in self.columns:
            hint = UNKNOWN if column in self.gap_fields else OPTIONAL
            self.box.addWidget(self._rows.area(column, label, hint=hint))

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        self._rows.show(partial(getattr, file.facts), fresh=fresh)
        self._rows.enable(self.clerk.editable)

    def gap_target(self, field: str) -> QWidget | None:
        return self._rows.fields.get(field)

    def first_field(self) -> QWidget:
        return self._rows.fields[self.columns[0][0]]


class Study(Texts):
    """How the child does at school."""

    key = "study"
    words = "学习"
    columns = (("study", "学习情况"),)


class Character(Texts):
    """What the child is like, what it likes, how it behaves and keeps in touch."""

    key = "character"
    words = "性格爱好"
    gap_fields = ("personality", "hobbies")
    columns = (
        ("personality", "性格特征"),
        ("hobbies", "兴趣爱好"),
        ("behaviour", "日常行为"),
        ("family_contact", "和家人沟通"),
    )


class Measures(Texts):
    """What is done for the child, and what it needs besides."""

    key = "measures"
    words = "关爱措施"
    columns = (("care_measures", "关爱措施"), ("special_needs", "特殊需求"))
