"""From the cells of a row to who the child is: name, numbers, birth, sex, and the plain text fields."""

from app.children.codes import Sex
from app.children.roster.context import RowContext, first, ticked_options
from app.children.roster.draft import Cells, RawCell, RowDraft
from app.children.roster.parse_home import read_home
from app.children.roster.parse_needs import GONE, read_needs
from app.children.roster.reading.categories import read_categories
from app.children.roster.reading.dates import NO_DATE, DateCell, agrees, read_date
from app.children.roster.reading.identity import NO_NUMBER, NumberCell, read_id_number, read_registry_no
from app.children.roster.reading.names import read_child_name
from app.children.roster.reading.phones import read_phones
from app.children.roster.reading.simple import read_ethnicity, read_sex
from app.children.roster.reading.text import says_nothing, yes_or_no
from app.children.school_age import entry_age_question
from app.core.dates import age_on, earliest

_TEXT_FIELDS = (
    "former_name",
    "student_no",
    "native_place",
    "birth_place",
    "nationality",
    "political_status",
    "blood_type",
    "personality",
    "hobbies",
    "study",
    "behaviour",
    "family_contact",
    "special_needs",
    "care_measures",
    "archive_no",
)
_TEXT_TARGETS = {name: f"child.{name}" for name in _TEXT_FIELDS}
# In these 无 is an answer: asked, and there is none.
_NONE_IS_AN_ANSWER = ("allergies", "medical_history")
_OLDEST_PUPIL = 20
_AGE_CODES = ("id_age", "birth_age")


def read_child(draft: RowDraft, cells: Cells, context: RowContext) -> None:
    """Fill the draft with everything the row says about the child alone."""
    _read_name(draft, cells, context)
    number = _read_numbers(draft, cells)
    _read_birth(draft, cells, number, context)
    _read_sex(draft, cells, number, context)
    _read_texts(draft, cells)
    read_home(draft, cells, number, context)
    read_needs(draft, cells)


def _read_name(draft: RowDraft, cells: Cells, context: RowContext) -> None:
    cell = first(cells, "child.name")
    if cell is None:
        return
    name = read_child_name(cell.value)
    draft.name = name.name
    if name.note:
        draft.child["name_note"] = name.note
    if name.is_masked:
        draft.mark("name", "name_masked", "姓名里有星号，不是全名；先照写的存，请改成全名", cell)
    if name.remark:
        draft.notes.append(f"姓名栏写着：{name.remark}")
        draft.categories.update(dict.fromkeys(read_categories(name.remark).categories, (None, None)))
        asked = "记在备注里；人已不在本校的，请在档案里办退出"
        draft.mark(
            "name",
            GONE if name.gone else "name_remark",
            f"姓名后面写着「{name.remark}」，不算进姓名；{asked if name.gone else '记在备注里，请核对'}",
            cell,
        )
    if name.sign:
        meaning = "；".join(context.legends[one] for one in name.sign if one in context.legends)
        draft.notes.append(f"姓名旁有记号 {name.sign}" + (f"（{meaning}）" if meaning else ""))
        told = f"表上写着：{meaning}" if meaning else "表上没有找到它的意思"
        draft.mark("name", "name_sign", f"姓名旁有记号「{name.sign}」，不算进姓名；{told}，请核对", cell)
    if name.is_odd:
        draft.mark("name", "name_unusual", "姓名不像一个人的姓名，请核对", cell)


def _read_numbers(draft: RowDraft, cells: Cells) -> NumberCell:
    cell = first(cells, "child.id_number")
    number = read_id_number(cell.value) if cell else NO_NUMBER
    if number.number:
        draft.child["id_number"] = number.number
    if cell and number.code:
        draft.mark("id_number", number.code, number.reason, cell, number.raw)
    draft.birth_hint = number.birth_hint
    registry_cell = first(cells, "child.student_registry_no")
    if registry_cell:
        registry = read_registry_no(registry_cell.value)
        if registry.number:
            draft.child["student_registry_no"] = registry.number
            if registry.number.startswith("G") and number.is_sound and registry.number[1:] != number.number:
                reason = "学籍号里的身份证号和身份证号一栏不一样，可能换过号；两个都存着，请核对"
                draft.mark("student_registry_no", "registry_differs", reason, registry_cell)
        if registry.code:
            draft.mark("student_registry_no", registry.code, registry.reason, registry_cell, registry.raw)
    return number


def _read_birth(draft: RowDraft, cells: Cells, number: NumberCell, context: RowContext) -> None:
    cell = first(cells, "child.birth_date")
    typed = NO_DATE
    if cell:
        typed = read_date(
            cell.value, latest_year=context.day.year, of_child=True, base_1904=context.base_1904
        )
    by_number = number.birth_date
    if by_number and number.is_sound:
        draft.child["birth_date"], draft.child["birth_source"] = by_number, "id_number"
        _judge_age(draft, by_number, context)
        if cell:
            _compare_birth(draft, cell, typed, by_number)
        return
    if typed.maybe and cell:
        _unsure_birth(draft, cell, typed, by_number or number.birth_hint)
    elif typed.code and cell:
        draft.mark("birth_date", _birth_code(typed), f"出生日期{typed.reason}", cell)
        if typed.code == "date_lunar":
            draft.child["birth_note"] = f"花名册写的是{typed.raw}"
    elif typed.value:
        draft.child["birth_date"] = typed.value
        if by_number and cell and not _same_birth(typed, by_number):
            reason = f"身份证号里的出生日期是 {by_number}，号码本身有错，用了写的 {typed.value}"
            draft.mark("birth_date", "birth_differs", reason, cell)
    if "birth_date" not in draft.child and number.birth_hint:
        draft.child["birth_date"] = number.birth_hint
        draft.child["birth_note"] = "按失真的身份证号前 14 位"
    if "birth_date" in draft.child:
        _judge_age(draft, draft.child["birth_date"], context)


def _compare_birth(draft: RowDraft, cell: RawCell, typed: DateCell, by_number: str) -> None:
    if typed.code == "date_lunar":
        draft.child["birth_note"] = f"花名册写的是{typed.raw}"
        draft.mark("birth_date", "birth_lunar", "出生日期写的是农历；按身份证号存了公历", cell)
    elif typed.maybe:
        if not any(agrees(maybe, by_number) for maybe in typed.maybe):
            _note_other_birth(draft, cell, typed.raw, by_number)
    elif typed.code:
        draft.mark("birth_date", "birth_unreadable", "出生日期看不出是哪一天；按身份证号存了", cell)
    elif typed.value and not _same_birth(typed, by_number):
        _note_other_birth(draft, cell, typed.value, by_number)


def _note_other_birth(draft: RowDraft, cell: RawCell, typed: str, by_number: str) -> None:
    draft.child["birth_note"] = f"花名册写的是 {typed}"
    reason = f"出生日期写的是 {typed}，身份证号里是 {by_number}；按身份证号存，写的记在旁边"
    draft.mark("birth_date", "birth_differs", reason, cell)


def _unsure_birth(draft: RowDraft, cell: RawCell, typed: DateCell, witness: str | None) -> None:
    fitting = [maybe for maybe in typed.maybe if witness and agrees(maybe, witness)]
    if len(fitting) == 1 and witness:
        draft.child["birth_date"] = fitting[0] if len(fitting[0]) >= len(witness) else witness
        return
    if typed.value:
        draft.child["birth_date"] = typed.value
    draft.mark("birth_date", "birth_ambiguous", f"出生年月{typed.reason}", cell)


def _same_birth(typed: DateCell, by_number: str) -> bool:
    if typed.value is None or agrees(typed.value, by_number):
        return True
    return typed.first_of_month and typed.value[:7] == by_number[:7]


def _birth_code(typed: DateCell) -> str:
    return {"date_lunar": "birth_lunar", "date_ambiguous": "birth_ambiguous"}.get(
        typed.code or "", "birth_unreadable"
    )


def judge_entry_age(draft: RowDraft) -> None:
    """Mark a birth date that does not fit the class of the row; once both are read, and nothing was marked of it yet."""
    birth = draft.child.get("birth_date")
    if birth is None or draft.class_ref is None or any(mark.code in _AGE_CODES for mark in draft.marks):
        return
    asked = entry_age_question(birth, draft.class_ref)
    if asked:
        cell = first(draft.cells, "child.birth_date") or first(draft.cells, "child.id_number")
        draft.mark("birth_date", "birth_class", asked, cell)


def _judge_age(draft: RowDraft, birth: str, context: RowContext) -> None:
    age = age_on(earliest(birth).isoformat(), context.day)
    cells = draft.cells
    cell = first(cells, "child.id_number") or first(cells, "child.birth_date")
    if age is not None and (age < 0 or age > _OLDEST_PUPIL):
        code = "id_age" if draft.child.get("birth_source") == "id_number" else "birth_age"
        reason = f"按 {birth} 出生算有 {age} 岁，不像学生，可能写成了别人的号码；请核对"
        draft.mark("id_number" if code == "id_age" else "birth_date", code, reason, cell)


def _read_sex(draft: RowDraft, cells: Cells, number: NumberCell, context: RowContext) -> None:
    cell = first(cells, "child.sex")
    sex = read_sex(cell.text) if cell else None
    if sex is None:
        sex = _ticked_sex(draft, cells)
    by_number = Sex(number.sex) if number.sex and number.is_sound else None
    if by_number is None:
        if sex:
            draft.child["sex"] = sex.value
        elif cell and not says_nothing(cell.text):
            draft.mark("sex", "sex_unreadable", "性别看不出是男是女", cell)
        return
    draft.child["sex"] = by_number.value
    id_cell = first(cells, "child.id_number")
    if sex is None and "child.sex" in context.targets:
        reason = f"性别没有写，按身份证号存为{by_number.label}"
        draft.mark("sex", "sex_from_id", reason, cell or id_cell)
    elif sex is not None and sex is not by_number:
        reason = f"性别写的是{sex.label}，身份证号里是{by_number.label}；按身份证号存，请核对"
        draft.mark("sex", "sex_differs", reason, cell or id_cell)


def _ticked_sex(draft: RowDraft, cells: Cells) -> Sex | None:
    ticked = ticked_options(draft, cells, "child.sex", "性别")
    return read_sex(ticked.text) if ticked else None


def _read_texts(draft: RowDraft, cells: Cells) -> None:
    key = first(cells, "child.uuid")
    draft.uuid = key.text if key else None
    for name, target in _TEXT_TARGETS.items():
        if target in cells and not says_nothing(text := cells[target][0].text):
            draft.child[name] = text
    for name in _NONE_IS_AN_ANSWER:
        cell = first(cells, f"child.{name}")
        if cell:
            draft.child[name] = cell.text
    cell = first(cells, "child.ethnicity")
    if cell and not says_nothing(cell.text):
        code = read_ethnicity(cell.text)
        if code:
            draft.child["ethnicity"] = code
        else:
            draft.mark("ethnicity", "ethnicity_unknown", "不认得这个民族，没有存", cell)
    cell = first(cells, "child.only_child")
    if cell and (only := yes_or_no(cell.text)) is not None:
        draft.child["only_child"] = int(only)
    numbers: list[str] = []
    for cell in cells.get("child.phone", ()):
        phones = read_phones(cell.value)
        numbers += [f"{number}（{label}）" if label else number for number, label in phones.numbers]
        if phones.code:
            draft.mark("phone", phones.code, phones.reason, cell)
    if numbers:
        draft.child["phone"] = "、".join(dict.fromkeys(numbers))
