"""The school's profile: what stands on every paper and in every file name."""

from __future__ import annotations

from functools import partial
from typing import Any

from app.school.codes import SchoolKind
from app.school.queries import SchoolProfile, StaffMember, school_profile, staff
from app.school.service import change_profile
from app.storage.drafts import Draft
from app.storage.store import Store
from ui.context import Context
from ui.pages.settings.section import Section
from ui.widgets import FormRow, QuietChoice, QuietField

_KINDS = [
    (SchoolKind.PRIMARY.value, "小学"),
    (SchoolKind.JUNIOR.value, "初中"),
    (SchoolKind.NINE_YEAR.value, "九年一贯制学校"),
]
_RURAL = [(1, "算农村户籍"), (0, "不算农村户籍")]
_TEXTS = {
    "name": ("学校名称", "写全称，印在每张表上"),
    "code": ("学校标识码", "10 位"),
    "province": ("省份", ""),
    "town": ("乡镇", ""),
    "address": ("地址", ""),
    "phone": ("电话", ""),
    "principal": ("校长", ""),
}
_GRADES = [(6, "一至六年级（六三制）"), (5, "一至五年级（五四制）"), (4, "一至四年级"), (3, "一至三年级")]


def _read(store: Store) -> tuple[SchoolProfile | None, list[StaffMember]]:
    return school_profile(store), staff(store, store.clock.today())


class SchoolSection(Section):
    """One row per fact about the school."""

    key = "school"

    def __init__(self, context: Context) -> None:
        super().__init__(context, "学校", "印在台账、档案和拷出的文件上。改了就存上，可以撤销。")
        self._profile: SchoolProfile | None = None
        self._fields: dict[str, QuietField] = {}
        for name, (label, hint) in _TEXTS.items():
            field = QuietField(quiet=False, hint=hint or "未填写")
            field.saved.connect(partial(self._save_text, name))
            self._fields[name] = field
            self.box.addWidget(FormRow(label, field, label_width=self._label_width()))
            self.watch(field, "school", name, "学校资料")
        self._kind = self._choice("kind", "学校类别", _KINDS)
        self._grades = self._choice("primary_grades", "小学年级", _GRADES)
        self._rural = self._choice("resident_is_rural", "居民户口", _RURAL, unknown=True)
        self._teacher = self._choice("care_teacher_uuid", "负责教师", [], unknown=True)
        self.box.addStretch(1)

    def _label_width(self) -> int:
        from ui import theme

        return theme.metrics().value_at + theme.metrics().s16

    def _choice(
        self,
        name: str,
        label: str,
        options: list[tuple[int, str]] | list[tuple[str, str]],
        *,
        unknown: bool = False,
    ) -> QuietChoice:
        choice = QuietChoice(options, quiet=False, unknown=unknown)
        choice.saved.connect(partial(self._save, name))
        self.box.addWidget(FormRow(label, choice, label_width=self._label_width()))
        return choice

    def load(self) -> None:
        self.context.read(_read, on_done=self._show)

    def _show(self, answer: tuple[SchoolProfile | None, list[StaffMember]]) -> None:
        profile, members = answer
        if profile is None:
            return
        self._profile = profile
        for name, field in self._fields.items():
            if not field.is_pending:
                field.set_value(getattr(profile, name))
        self._kind.set_value(profile.kind.value)
        self._grades.set_value(profile.primary_grades)
        rural = profile.resident_is_rural
        self._rural.set_value(None if rural is None else int(rural))
        self._teacher.set_options([(member.uuid, member.name) for member in members])
        self._teacher.set_value(profile.care_teacher_uuid)

    def _save_text(self, name: str, text: str, _as_is: bool) -> None:
        stored = getattr(self._profile, name)
        values = {name: text or (None if name != "name" else "")}
        self.write_field(self._fields[name], stored, change_profile, **values)

    def resume(self, draft: Draft) -> None:
        self.fill_fields(draft)

    def _save(self, name: str, value: object) -> None:
        values: dict[str, Any] = {name: value}
        self.context.write(change_profile, on_error=self._not_saved, **values)

    def _not_saved(self, error: BaseException) -> None:
        self.context.errors.show(error)
        self.load()
