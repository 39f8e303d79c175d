"""What can be changed for several children at once, and the fields that ask for the new value."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.children.codes import CareGrade, Category
from app.children.ledger import LedgerRow
from app.children.service_bulk import (
    AddCategory,
    BulkChange,
    EndCategory,
    SetBoarding,
    SetCareGrade,
    SetClass,
    SetVillage,
)
from app.school.rules import ClassFacts
from ui import theme
from ui.widgets import FormRow, QuietChoice, QuietField, column


class NewValue(QWidget):
    """The fields of one kind of change. `change()` is None until they say enough; `edited` after each key."""

    edited = Signal()
    key = ""
    """What it is called in a draft, together with the name of the field."""
    words = ""

    def __init__(self, **rows: FormRow) -> None:
        super().__init__()
        self.setLayout(column(*rows.values(), None, gap=theme.metrics().s4))
        self.fields = {name: row.field for name, row in rows.items()}
        for field in self.fields.values():
            if isinstance(field, QuietChoice):
                field.saved.connect(self._tell)
            elif isinstance(field, QuietField):
                field.textChanged.connect(self._tell)

    @abstractmethod
    def change(self) -> BulkChange | None:
        """What is to be done."""

    def _tell(self, _value: object = None) -> None:
        self.edited.emit()


def _choice(options: Iterable[tuple[str, str]]) -> QuietChoice:
    choice = QuietChoice(list(options), quiet=False, unknown=False)
    choice.setCurrentIndex(-1)
    choice.setFixedWidth(theme.metrics().side_small)
    return choice


def _field(hint: str) -> QuietField:
    field = QuietField(quiet=False, hint=hint)
    field.setFixedWidth(theme.metrics().side_small)
    return field


class NewClass(NewValue):
    """换到哪个班."""

    key = "class"
    words = "班级"

    def __init__(self, classes: Sequence[ClassFacts]) -> None:
        self._to = _choice((one.uuid, one.name) for one in classes if one.counts)
        super().__init__(to=FormRow("改成", self._to))

    def change(self) -> BulkChange | None:
        uuid = self._to.value
        return SetClass(uuid) if isinstance(uuid, str) else None


class NewBoarding(NewValue):
    """寄宿 or 走读."""

    key = "boarding"
    words = "寄宿"

    def __init__(self) -> None:
        self._to = _choice((("yes", "寄宿"), ("no", "走读")))
        super().__init__(to=FormRow("改成", self._to))

    def change(self) -> BulkChange | None:
        return None if self._to.value is None else SetBoarding(self._to.value == "yes")


class MoreCategory(NewValue):
    """A category to add, with its basis."""

    key = "more"
    words = "加一个类别"

    def __init__(self) -> None:
        self._to = _choice((one.value, one.label) for one in Category)
        self._basis = _field("证件或文件，可以先空着")
        super().__init__(to=FormRow("加上", self._to), basis=FormRow("认定依据", self._basis))

    def change(self) -> BulkChange | None:
        code = self._to.value
        if not isinstance(code, str):
            return None
        return AddCategory(Category(code), self._basis.text().strip() or None)


class LessCategory(NewValue):
    """A category to end; only those that occur among the rows are offered."""

    key = "less"
    words = "去掉一个类别"

    def __init__(self, rows: Sequence[LedgerRow]) -> None:
        present = {category for row in rows for category in row.situation.categories}
        self._to = _choice((one.value, one.label) for one in Category if one in present)
        super().__init__(to=FormRow("去掉", self._to, note="" if present else "选中的都没有类别"))

    def change(self) -> BulkChange | None:
        code = self._to.value
        return EndCategory(Category(code)) if isinstance(code, str) else None


class NewVillage(NewValue):
    """Village and group."""

    key = "village"
    words = "村组"

    def __init__(self) -> None:
        self._village = _field("村")
        self._group = _field("组，可以空着")
        super().__init__(village=FormRow("村", self._village), group=FormRow("组", self._group))

    def change(self) -> BulkChange | None:
        village = self._village.text().strip()
        return SetVillage(village, self._group.text().strip() or None) if village else None


class NewGrade(NewValue):
    """A new assessment of the care."""

    key = "grade"
    words = "监护评估"

    def __init__(self, assessor: str | None) -> None:
        self._assessor = assessor
        self._to = _choice((one.value, one.label) for one in CareGrade)
        super().__init__(to=FormRow("评为", self._to, note=f"评估人：{assessor}" if assessor else ""))

    def change(self) -> BulkChange | None:
        code = self._to.value
        return SetCareGrade(CareGrade(code), self._assessor) if isinstance(code, str) else None


def new_values(
    rows: Sequence[LedgerRow], classes: Sequence[ClassFacts], assessor: str | None
) -> tuple[NewValue, ...]:
    """Return every kind of change there is, in the order of the choice."""
    return (
        NewClass(classes),
        NewBoarding(),
        MoreCategory(),
        LessCategory(rows),
        NewVillage(),
        NewGrade(assessor),
    )
