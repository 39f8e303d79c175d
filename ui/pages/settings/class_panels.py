"""What is asked about classes: one class's teacher and numbers, a new cohort, two classes into one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from app.school.calendar import Term
from app.school.codes import Stage
from app.school.queries import HeadCountFacts, StaffMember
from app.school.rules import ClassFacts, SchoolShape
from ui import theme
from ui.drafts import SAVE, EntryPanel
from ui.theme import Tone, Type
from ui.widgets import Finding, FormRow, NearDay, QuietChoice, QuietField, State, Text
from ui.widgets.choice import CHOOSE
from ui.widgets.near_day import NOT_A_DAY

_STAGES = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}


def _count(text: str) -> Finding | None:
    return None if not text or text.isdecimal() else Finding(State.INVALID, "请写整数。")


class CohortPanel(EntryPanel):
    """A dialog about classes: `asked(panel)` does what it asks for; open until `stored`, or `refused` with the reason."""

    def __init__(
        self,
        parent: QWidget | None,
        head: str,
        asked: Callable[[Any], object],
        *,
        verb: str,
        key: str,
        safe: str,
    ) -> None:
        super().__init__(parent, head, self._tell, verb=verb, key=key, safe=safe)
        self._section_asked = asked

    def stored(self, _changes: object) -> None:
        """Everything is in the ledger: close."""
        self.finish()

    def _tell(self, _key: str) -> None:
        self._section_asked(self)


class ClassPanel(CohortPanel):
    """Head teacher and head count of one class."""

    def __init__(
        self,
        parent: QWidget | None,
        asked: Callable[[Any], object],
        name: str,
        term: Term,
        members: Sequence[StaffMember],
        teacher: StaffMember | None,
        count: HeadCountFacts | None,
    ) -> None:
        super().__init__(parent, name, asked, verb="存上", key=SAVE, safe="先不存")
        width = theme.metrics().value_at
        self.term = term
        self.teacher_stored = False
        self._teacher = QuietChoice([(member.uuid, member.name) for member in members], quiet=False)
        self._teacher.set_value(teacher.uuid if teacher else None)
        self._boys = QuietField(quiet=False, hint="", check=_count)
        self._girls = QuietField(quiet=False, hint="", check=_count)
        for field in (self._boys, self._girls):
            field.setFixedWidth(theme.metrics().field_small)
        if count is not None:
            self._boys.set_value(str(count.boys))
            self._girls.set_value(str(count.girls))
        self.add(FormRow("班主任", self._teacher, label_width=width))
        self.say(f"{term.words}在校人数，全班学生都算")
        self.add(FormRow("男生", self._boys, label_width=width))
        self.add(FormRow("女生", self._girls, label_width=width))
        self._teacher.setFocus()

    @property
    def kept_fields(self) -> dict[str, QWidget]:
        """What its draft holds."""
        return {"teacher": self._teacher, "boys": self._boys, "girls": self._girls}

    @property
    def teacher_uuid(self) -> str | None:
        """The chosen head teacher; None = nobody written down."""
        value = self._teacher.value
        return None if value is None else str(value)

    @property
    def counts(self) -> tuple[int, int] | None:
        """Boys and girls; None when one of them was left empty."""
        boys, girls = self._boys.text().strip(), self._girls.text().strip()
        return (int(boys), int(girls)) if boys.isdecimal() and girls.isdecimal() else None


class NewClassesPanel(CohortPanel):
    """The classes of a new cohort: stage, entering year, how many."""

    def __init__(
        self, parent: QWidget | None, asked: Callable[[Any], object], shape: SchoolShape, year: int
    ) -> None:
        super().__init__(parent, "新生入学：开新的班级", asked, verb="开这些班", key="open", safe="先不开")
        width = theme.metrics().value_at
        self._stage = QuietChoice(
            [(stage, _STAGES[stage]) for stage in shape.stages], quiet=False, unknown=False
        )
        self._year = QuietChoice(
            [(other, f"{other} 年入学") for other in range(year + 1, year - 8, -1)],
            quiet=False,
            unknown=False,
        )
        self._year.set_value(year)
        self._number = QuietChoice(
            [(1, "1 个班，不编号"), *((count, f"{count} 个班，1 到 {count} 班") for count in range(2, 21))],
            quiet=False,
            unknown=False,
        )
        for label, field in (("学段", self._stage), ("入学年份", self._year), ("几个班", self._number)):
            self.add(FormRow(label, field, label_width=width))
        self._stage.setFocus()

    @property
    def kept_fields(self) -> dict[str, QWidget]:
        """What its draft holds."""
        return {"stage": self._stage, "year": self._year, "number": self._number}

    @property
    def wanted(self) -> tuple[Stage, int, list[int]]:
        """Stage, entering year, class numbers (0 = the grade's only class)."""
        count = int(str(self._number.value))
        numbers = [0] if count == 1 else list(range(1, count + 1))
        return Stage(str(self._stage.value)), int(str(self._year.value)), numbers


class MergePanel(CohortPanel):
    """Which class goes into which, from when."""

    def __init__(
        self,
        parent: QWidget | None,
        asked: Callable[[Any], object],
        classes: Sequence[ClassFacts],
        today: date,
    ) -> None:
        head = "并班：一个班全部并入同年级的另一个班"
        super().__init__(parent, head, asked, verb="并班", key="merge", safe="先不动")
        width = theme.metrics().value_at
        self._classes = {cls.uuid: cls for cls in classes}
        options = [(cls.uuid, cls.name) for cls in classes]
        self._source = QuietChoice(options, quiet=False, unset=CHOOSE)
        self._target = QuietChoice(options, quiet=False, unset=CHOOSE)
        self._on = NearDay(today)
        self._on.show_day(today)
        self._why = Text("", Type.SMALL, Tone.OCHRE, wrap=True)
        for label, field in (("这个班", self._source), ("并入", self._target), ("从哪天起", self._on)):
            self.add(FormRow(label, field, label_width=width))
        self.form.addWidget(self._why)
        self._source.currentIndexChanged.connect(self._enable)
        self._target.currentIndexChanged.connect(self._enable)
        self._on.textChanged.connect(self._enable)
        self._enable()
        self._source.setFocus()

    @property
    def kept_fields(self) -> dict[str, QWidget]:
        """What its draft holds."""
        return {"source": self._source, "target": self._target, "on": self._on}

    @property
    def wanted(self) -> tuple[str, str, date]:
        """The class that ends, the one it goes into, and the day."""
        return (
            str(self._source.value),
            str(self._target.value),
            date.fromisoformat(self._on.iso),
        )

    def _enable(self, *_: object) -> None:
        source = self._classes.get(str(self._source.value))
        target = self._classes.get(str(self._target.value))
        why = ""
        if source and target and source.uuid == target.uuid:
            why = "请选两个不同的班。"
        elif (
            source and target and (source.stage, source.entering_year) != (target.stage, target.entering_year)
        ):
            why = "只有同一年级的两个班能并班。"
        elif self._on.day is None:
            why = NOT_A_DAY
        self._why.setText(why)
        self.buttons["merge"].setEnabled(bool(source and target) and not why)
