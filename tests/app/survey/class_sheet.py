"""A class sheet as its class teacher has it in hand: whom it is of, what is written into it, how it comes back."""

from __future__ import annotations

from datetime import date

import openpyxl

from app.children.codes import AwayState, CareGrade, CareKind, HealthStatus, Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.roster.printed import PRINTED_SHEET
from app.survey.queries import open_survey
from app.survey.service import begin_survey, next_name
from app.tasks.import_roster import import_roster
from app.tasks.survey import export_collection
from app.workbook.collection_book import HEADER_ROW, SHEET
from tests.app.tasks.rosters import id_number

DAY = date(2026, 11, 21)
BEGUN = date(2026, 11, 1)
"""When the round began: what was checked before is of no round."""
NUMERALS = "零一二三四五六七八九甲乙丙丁戊己"


def known_child(place, class_uuid):
    """Return a child of whom everything on the sheet is known; ``place`` tells several apart."""
    number = id_number("20170308", place)
    return ChildDraft(
        name=f"龙婷{NUMERALS[place]}",
        sex=Sex.FEMALE,
        ethnicity="01",
        class_uuid=class_uuid,
        since="2025-09-01",
        id_number=number,
        student_registry_no=f"G{number}",
        address=f"白水沟村 3 组 {place} 号",
        village="白水沟村",
        village_group="3 组",
        boards=True,
        health=HealthStatus.GOOD,
        personality="内向",
        hobbies="画画",
        note="奶奶腿脚不好",
        people=(
            parent(Relation.FATHER, f"龙大勇{NUMERALS[place]}", f"1380000{place:04d}", "福建晋江"),
            parent(Relation.MOTHER, f"覃美华{NUMERALS[place]}", f"1381111{place:04d}", "福建石狮"),
        ),
        carer=PersonDraft(
            relation=Relation.PATERNAL_GRANDMOTHER,
            name=f"田秀莲{NUMERALS[place]}",
            label="奶奶",
            phones=(f"1382222{place:04d}",),
        ),
        care_kind=CareKind.GRANDPARENTS,
        care_grade=CareGrade.GOOD,
    )


def parent(relation, name, phone, place):
    return PersonDraft(
        relation=relation, name=name, phones=(phone,), away=AwayState.OUT, place=place, since="2024-03-01"
    )


class ClassSheet:
    """The sheet of a class, opened, with what writes into its rows (the first is 0) and brings it back."""

    def __init__(self, store, folder, class_name):
        self._store = store
        if open_survey(store) is None:
            begin_survey(store, name=next_name(store), starts_on=BEGUN)
        (made,) = export_collection(store, folder, class_name=class_name).sheets
        self.path = made.path
        self._book = openpyxl.load_workbook(made.path)
        self.cells = self._book[SHEET]
        self.heads = {cell.value: cell.column for cell in self.cells[HEADER_ROW]}

    def fill(self, place=0, **texts):
        for header, text in texts.items():
            self.cells.cell(HEADER_ROW + 1 + place, self.heads[header]).value = text

    def back(self, **how):
        self._book.save(self.path)
        return import_roster(self._store, self.path, **how).plan

    def back_as_any_roster(self, **how):
        """Bring it back without what was kept of the print, as an older sheet or a copy of the visible one comes."""
        del self._book[PRINTED_SHEET]
        return self.back(**how)


def said(row):
    """Return what the preview says would change."""
    return {change.label: (change.before, change.after) for change in row.changes}
