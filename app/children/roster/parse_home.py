"""From the cells of a row to where the child belongs: class, home, household registration, boarding, schooling."""

import re
from datetime import date

from app.children.codes import Category, HouseholdKind, SchoolingStatus
from app.children.roster.context import RowContext, first, ticked_options
from app.children.roster.draft import Cells, RawCell, RowDraft
from app.children.roster.reading.identity import NumberCell
from app.children.roster.reading.places import split_village_group, village_of
from app.children.roster.reading.simple import read_boarding, read_household_kind, read_schooling
from app.children.roster.reading.text import says_nothing, yes_or_no
from app.school.class_names import read_class_name
from app.school.rules import ClassRef

_GRADE_IN_TEXT = re.compile(
    r"(?:(?:19|20)[0-9]{2}级|小学|初)?[一二三四五六七八九1-9](?:年级)?[（(]?[0-9一二三四五六七八九十]{0,2}[）)]?班?"
)

# 一至六年级, 1-3年级, 一、二年级: a title over several classes names none.
_SEVERAL_GRADES = re.compile(
    r"[一二三四五六七八九1-9](?:年级)?\s*[至到\-—–~～、和及]\s*[一二三四五六七八九1-9]\s*年?级"
)


def read_home(draft: RowDraft, cells: Cells, number: NumberCell, context: RowContext) -> None:
    """Fill the draft with class, home, household registration, boarding and schooling."""
    _read_class(draft, cells, context)
    _read_residence(draft, cells)
    _read_household(draft, cells, number)
    _read_school_life(draft, cells)


def _read_class(draft: RowDraft, cells: Cells, context: RowContext) -> None:
    """Read the class from its own columns, else from the class title above the row or the sheet's name."""
    cell, grade_cell = first(cells, "class.name"), first(cells, "class.grade")
    text = _class_text(cell)
    grade = "" if grade_cell is None or says_nothing(grade_cell.text) else grade_cell.text
    if grade and not text:
        text, grade = grade, ""  # 年级 is the only column, and may say 三年级一班
    if text or grade:
        reading = read_class_name(text, context.day, context.years, context.shape, grade_text=grade)
        if reading.ref is None and context.class_of_sheet and not grade:
            # 班级 says only 2, the sheet is called 三年级.
            reading = read_class_name(
                text, context.day, context.years, context.shape, grade_text=context.class_of_sheet
            )
        draft.class_text = grade + text
        draft.class_ref = reading.ref
        if reading.ref is None:
            draft.mark("class", "class_unreadable", "看不出是哪个班，没有编班", cell or grade_cell)
        elif reading.doubt:
            reason = "班级像是被 Excel 改成了日期，请核对"
            draft.mark("class", "class_maybe_date", reason, cell or grade_cell)
    elif context.class_of_sheet:
        draft.class_text = context.class_of_sheet
        draft.class_ref = class_in_text(context.class_of_sheet, context)


def _class_text(cell: RawCell | None) -> str:
    if cell is None or says_nothing(cell.text):
        return ""
    if isinstance(cell.value, date):
        return f"{cell.value.month}月{cell.value.day}日"
    return cell.text


def class_in_text(text: str, context: RowContext) -> ClassRef | None:
    """Return the class that a title or a sheet's name speaks of: 三（2）班留守儿童花名册."""
    whole = read_class_name(text, context.day, context.years, context.shape).ref
    if whole is not None:
        return whole
    if _SEVERAL_GRADES.search(text):
        return None
    for found in _GRADE_IN_TEXT.finditer(text):
        if "级" in found[0] or "班" in found[0]:
            ref = read_class_name(found[0], context.day, context.years, context.shape).ref
            if ref is not None:
                return ref
    return None


def _read_residence(draft: RowDraft, cells: Cells) -> None:
    home: dict[str, str] = {}
    address = first(cells, "residence.address")
    if address and not says_nothing(address.text):
        home["address"] = address.text
    for target, column in (("residence.village", "village"), ("residence.group", "village_group")):
        cell = first(cells, target)
        if cell and not says_nothing(cell.text):
            text = cell.text
            home[column] = f"{text}组" if column == "village_group" and text.isdigit() else text
    both = first(cells, "residence.village_group")
    village, group = split_village_group(both.text) if both else (None, None)
    if village is None and "address" in home and "village" not in home:
        named, named_group = village_of(home["address"])
        village, group = named, group or named_group
    for column, value in (("village", village), ("village_group", group)):
        if value:
            home.setdefault(column, value)
    if home:
        draft.facts["residence"] = dict(home)


def _read_household(draft: RowDraft, cells: Cells, number: NumberCell) -> None:
    found: dict[str, object] = {}
    kind_cell = first(cells, "household.kind") or ticked_options(draft, cells, "household.kind", "户口性质")
    if kind_cell and not says_nothing(kind_cell.text):
        kind = read_household_kind(kind_cell.text)
        if kind:
            found["kind"] = kind.value
        else:
            draft.mark("household.kind", "value_unknown", "不认得这种户口性质，没有存", kind_cell)
    place = first(cells, "household.place")
    if place and not says_nothing(place.text):
        found["place"] = place.text
    registered = first(cells, "household.registered")
    if registered and (said := yes_or_no(registered.text)) is not None:
        found["registered"] = int(said)
    committee = first(cells, "household.village_committee")
    if committee and (said := yes_or_no(committee.text)) is not None:
        found["village_committee"] = int(said)
    if found.get("kind") == HouseholdKind.NONE or number.no_household:
        found["registered"] = 0
    if found:
        draft.facts["household"] = found


def _read_school_life(draft: RowDraft, cells: Cells) -> None:
    for cell in cells.get("boarding", ()) or (
        c for c in (ticked_options(draft, cells, "boarding", "寄宿"),) if c
    ):
        boards = read_boarding(cell.text)
        if "方式" in cell.header and cell.text in ("1", "2"):
            boards = cell.text == "2"  # the 学籍 codes: 1 走读, 2 住校
        if boards is not None:
            draft.facts.setdefault("boarding", {"boards": int(boards)})
        elif not says_nothing(cell.text):
            draft.mark("boarding", "value_unknown", "看不出是否寄宿，没有存", cell)
    schooling = first(cells, "schooling") or ticked_options(draft, cells, "schooling", "就学情况")
    status = read_schooling(schooling.text) if schooling else None
    if status is SchoolingStatus.DROPOUT:
        draft.categories.setdefault(Category.DROPOUT, (None, None))
    if status and (
        status not in (SchoolingStatus.PRIMARY, SchoolingStatus.JUNIOR) or draft.class_ref is None
    ):
        draft.facts["schooling"] = {"status": status.value}
