"""一 个人: who the child is, where it lives and learns; below it what every 口径 makes of the facts."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.children.checks import id_notes, id_problem_words
from app.children.child_file import ChildFile
from app.children.codes import BirthSource, HouseholdKind, SchoolingStatus, Sex
from app.children.dated_fact import DatedFact
from app.children.ethnicity import ethnic_groups
from app.children.rules import age
from app.core.id_number import inspect_id
from ui.pages.child import forms
from ui.pages.child.clerk import Clerk, change_link
from ui.pages.child.rows import OPTIONAL, BoundRows
from ui.pages.child.section import FactLine, Facts, Section, forms_menu, present_first
from ui.pages.child.standing_box import StandingBox
from ui.pages.child.words import (
    boarding_words,
    class_words,
    household_words,
    residence_words,
    schooling_words,
)
from ui.theme import Type
from ui.widgets import Finding, FormGrid, Link, State

_BOARDS: tuple[tuple[Hashable, str], ...] = ((True, "住校"), (False, "走读"))
_COMMITTEE: tuple[tuple[Hashable, str], ...] = ((True, "村委会"), (False, "居委会"))


class Personal(Section):
    """Static facts are saved by field; class, home and household are dated: typing into them is a correction."""

    key = "personal"
    words = "个人"
    gap_fields = (
        "sex",
        "birth_date",
        "ethnicity",
        "id_number",
        "student_registry_no",
        "school_class",
        "household",
        "residence",
    )
    doubt_fields = (
        *("name", "sex", "birth_date", "ethnicity", "id_number", "student_registry_no", "student_no"),
        *("school_class", "class", "household", "residence", "schooling", "boarding", "child"),
    )

    def __init__(self, clerk: Clerk, number: str) -> None:
        self.history = Link("看改动历史", kind=Type.SMALL)
        self._change = change_link(self._ask_change)
        super().__init__(clerk, number, self.history, self._change)
        self._file: ChildFile | None = None
        self.pinyin = ""
        self._rows = BoundRows(self._save, clerk.fields, "child", clerk.child_uuid)
        self._class = self._dated_rows(forms.CLASS, "enrolment")
        self._boarding = self._dated_rows(forms.BOARDING, "boarding")
        self._household = self._dated_rows(forms.HOUSEHOLD, "household")
        self._residence = self._dated_rows(forms.RESIDENCE, "residence")
        self._schooling = self._dated_rows(forms.SCHOOLING, "schooling")
        self._past = Facts(clerk)
        self.standing = StandingBox(clerk)
        self._grid = FormGrid()
        self.box.addWidget(self._grid)
        self.box.addWidget(self._past)
        self.box.addWidget(self.standing)

    def _dated_rows(self, form: forms.FactForm, name: str) -> BoundRows:
        save = partial(self._correct, form, name)
        return BoundRows(save, self.clerk.fields, form.table, partial(self.clerk.fact_uuid, name))

    @override
    def make(self) -> Iterator[None]:
        rows, grid = self._rows, self._grid
        grid.full(rows.text("name", "姓名", check=None))
        yield
        grid.pair(rows.words("pinyin", "姓名拼音"), rows.words("former_name", "曾用名", hint=OPTIONAL))
        yield
        grid.pair(
            rows.choice("sex", "性别", tuple(Sex.labels().items())),
            rows.choice("ethnicity", "民族", tuple(ethnic_groups().items())),
        )
        yield
        self._birth = rows.date("birth_date", "出生日期", check=self._check_birth)
        grid.pair(self._birth, rows.choice("birth_source", "日期来源", tuple(BirthSource.labels().items())))
        yield
        grid.full(rows.text("id_number", "身份证号", check=self._check_id))
        yield
        grid.pair(
            rows.text("student_registry_no", "学籍号"), rows.text("student_no", "班内学号", hint=OPTIONAL)
        )
        yield
        grid.pair(
            self._class.choice("school_class_uuid", "班级", ()),
            self._boarding.choice("boards", "住校走读", _BOARDS),
        )
        yield
        grid.pair(
            rows.words("native_place", "籍贯", hint=OPTIONAL),
            rows.words("birth_place", "出生地", hint=OPTIONAL),
        )
        yield
        grid.pair(
            rows.words("political_status", "政治面貌", hint=OPTIONAL), rows.yes_no("only_child", "独生子女")
        )
        yield
        kinds = tuple(HouseholdKind.labels().items())
        self._committee = self._household.choice("village_committee", "户口属于", _COMMITTEE)
        grid.pair(self._household.choice("kind", "户口性质", kinds), self._committee)
        yield
        grid.full(self._household.words("place", "户籍地", hint=OPTIONAL))
        yield
        grid.pair(
            self._residence.words("village", "村", hint=OPTIONAL),
            self._residence.words("village_group", "组", hint=OPTIONAL),
        )
        yield
        grid.full(self._residence.words("address", "现住址"))
        yield
        status = tuple(SchoolingStatus.labels().items())
        self._status = self._schooling.choice("status", "就学情况", status)
        grid.pair(rows.text("phone", "本人电话", hint=OPTIONAL), self._status)
        yield
        grid.full(rows.words("name_note", "姓名备注", hint=OPTIONAL))
        yield

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        self._file = file
        facts = file.facts
        doubts = {
            notice.field: notice.words for notice in id_notes(facts) if notice.field in self._rows.fields
        }
        self._rows.show(self._own_value, doubts, fresh=fresh)
        choice = self._class.fields["school_class_uuid"]
        choice.set_options([(cls.uuid, cls.name) for cls in self.clerk.classes])  # type: ignore[attr-defined]
        for rows, form, fact in (
            (self._class, forms.CLASS, facts.enrolment),
            (self._boarding, forms.BOARDING, facts.boarding),
            (self._household, forms.HOUSEHOLD, facts.household),
            (self._residence, forms.RESIDENCE, facts.residence),
            (self._schooling, forms.SCHOOLING, facts.schooling),
        ):
            values = form.values_of(fact) if fact is not None else {}
            rows.show(values.get, fresh=fresh)
            rows.enable(self.clerk.editable)
        self._rows.enable(self.clerk.editable)
        self._change.setVisible(self.clerk.editable)
        household = facts.household
        asked = household is not None and (
            household.kind is HouseholdKind.RESIDENT or household.village_committee is not None
        )
        self._committee.setVisible(asked)
        self._status.setVisible(facts.school_class is None or facts.schooling is not None)
        years = age(facts)
        self._birth.set_note("" if years is None else f"{years} 岁")
        self._show_past(file)
        self.standing.show_standing(file)

    def gap_target(self, field: str) -> QWidget | None:
        where = {
            "school_class": self._class.fields["school_class_uuid"],
            "household": self._household.fields["kind"],
            "residence": self._residence.fields["address"],
        }
        return where.get(field) or self._rows.fields.get(field)

    def first_field(self) -> QWidget:
        return self._rows.fields["name"]

    def field(self, column: str) -> QWidget:
        """The field of a column, of the child or of its home."""
        for rows in (self._rows, self._residence, self._household, self._class, self._boarding):
            if column in rows.fields:
                return rows.fields[column]
        raise KeyError(column)

    def _own_value(self, column: str) -> object:
        return self.pinyin if column == "pinyin" else getattr(self.clerk.facts, column)

    def _save(self, column: str, value: object, field: QWidget) -> None:
        if column == "pinyin" and value is not None:
            value = without_tones(str(value))
        self.clerk.child_value(column, value, field)

    def _correct(self, form: forms.FactForm, name: str, column: str, value: object, field: QWidget) -> None:
        fact = getattr(self.clerk.facts, name)
        stored = form.values_of(fact).get(column) if fact is not None else None
        self.clerk.fact_value(form, fact, stored, column, value, field)

    def _show_past(self, file: ChildFile) -> None:
        """Where the child was before: only what is not said by the fields above."""
        today = self.clerk.context.clock.today()
        lines: list[FactLine] = []
        dated: tuple[tuple[forms.FactForm, str, Sequence[DatedFact], Callable[[Any], str]], ...] = (
            (forms.CLASS, "班级", file.enrolments, class_words),
            (forms.BOARDING, "住校走读", file.boarding, boarding_words),
            (forms.HOUSEHOLD, "户口", file.households, household_words),
            (forms.RESIDENCE, "住址", file.residences, residence_words),
            (forms.SCHOOLING, "就学", file.schooling, schooling_words),
        )
        for form, name, facts, words in dated:
            if len(facts) > 1 or any(fact.valid_to for fact in facts):
                lines += [FactLine(form, fact, f"{name}：{words(fact)}") for fact in facts]
        self._past.show_rows(present_first(lines, today))

    def _ask_change(self) -> None:
        facts = self.clerk.facts
        entries = [
            ("换班…", partial(self._record, forms.CLASS, facts.enrolment)),
            ("改住校、走读…", partial(self._record, forms.BOARDING, facts.boarding)),
            ("搬家…", partial(self._record, forms.RESIDENCE, facts.residence)),
            ("户口迁移…", partial(self._record, forms.HOUSEHOLD, facts.household)),
            ("就学情况…", partial(self._record, forms.SCHOOLING, facts.schooling)),
        ]
        self.clerk.pop_up(forms_menu(self, entries), self._change)

    def _record(self, form: forms.FactForm, now: object) -> None:
        self.clerk.change(form, self.clerk.facts.uuid, "", now=now)  # type: ignore[arg-type]

    def _check_id(self, text: str) -> Finding | None:
        finding = inspect_id(text)
        if finding.problem is not None:
            return Finding(State.DOUBTFUL, id_problem_words(finding.problem).removeprefix("身份证号"))
        birth = self.clerk.facts.birth_date
        if birth and finding.birth_date and not finding.birth_date.startswith(birth):
            words = f"号码里的出生日期是 {finding.birth_date}，登记的是 {birth}；确实如此可照存，两个都留着。"
            return Finding(State.DOUBTFUL, words)
        return None

    def _check_birth(self, text: str) -> Finding | None:
        if text > self.clerk.context.clock.today().isoformat():
            return Finding(State.INVALID, "这一天还没有到。")
        number = self.clerk.facts.id_number
        known = inspect_id(number).birth_date if number else None
        if known and not known.startswith(text):
            return Finding(State.DOUBTFUL, f"身份证上是 {known}；确实如此可照存，两个都留着。")
        return None


def without_tones(pinyin: str) -> str:
    """Return pinyin as it is stored and typed in a search: qín lǘ → qin lv."""
    apart = unicodedata.normalize("NFD", pinyin.lower())
    with_v = apart.replace("u\N{COMBINING DIAERESIS}", "v")
    return "".join(letter for letter in with_v if not unicodedata.combining(letter))
