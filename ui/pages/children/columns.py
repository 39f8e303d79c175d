"""The columns of the ledger: what each cell says, how it is sorted, which are shown unless she chooses others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.children.codes import CareBucket, CareGrade, ParentsCode
from app.children.ledger import LedgerRow, LedgerStatus
from app.children.rules import BAD_NUMBER, CONFIRM_AFTER_DAYS
from app.core.text import mask_id, mask_phone
from ui.theme import Tone
from ui.widgets import Cell, Column

NOT_COLLECTED = "未采集"
PRESSING_BELOW = 85
"""Per cent of completeness from which on the gaps are quiet: the last thing missing is not urgent."""

_PARENTS = {
    ParentsCode.BOTH: "双亲",
    ParentsCode.ONE: "单亲",
    ParentsCode.NONE: "未外出",
}
_STATUS = {LedgerStatus.REGISTERED: "在册", LedgerStatus.EXITED: "已退出", LedgerStatus.NEVER: "没有登记过"}
_UNKNOWN = Cell(NOT_COLLECTED, Tone.INK3)
_UNREAD = Cell("…", Tone.INK3)
"""While nothing is known yet of a child's situation: said of nobody that it was not collected."""


def _name(row: LedgerRow) -> Cell:
    return Cell(row.name, bold=True)


def _sex_age(row: LedgerRow) -> Cell:
    parts = [row.sex.label if row.sex else "", "" if row.age is None else str(row.age)]
    return Cell(" ".join(part for part in parts if part)) if any(parts) else _UNKNOWN


def _class(row: LedgerRow) -> Cell:
    return Cell(row.class_name) if row.class_name else Cell("没有班级", Tone.OCHRE)


def _parents(row: LedgerRow) -> Cell:
    words = _PARENTS.get(row.situation.parents)
    if words is None:
        return Cell("待确认" if row.situation.parents_pending else NOT_COLLECTED, Tone.INK3)
    return Cell(words, Tone.INK2 if row.situation.parents_as_reported else Tone.INK)


def _why(row: LedgerRow) -> str:
    return row.situation.parents_why


def _care(row: LedgerRow) -> Cell:
    if row.situation.care is CareBucket.UNGUARDED:
        return Cell(row.situation.care_words, Tone.RED, bold=True)
    return Cell(row.situation.care_words) if row.situation.care_words else _UNKNOWN


def _grade(row: LedgerRow) -> Cell:
    if row.situation.care_grade is None:
        return Cell("未评估" if row.situation.care_words else "", Tone.INK3)
    if row.situation.care_grade is CareGrade.POOR:
        return Cell(row.situation.care_grade.label, Tone.RED, bold=True)
    return Cell(row.situation.care_grade.label)


def _away(row: LedgerRow) -> Cell:
    return Cell(row.situation.away_words, Tone.INK2) if row.situation.away_words else _UNKNOWN


def _phone_age(row: LedgerRow) -> Cell:
    if not row.situation.phones:
        return Cell("没有号码", Tone.OCHRE, bold=True)
    if row.situation.bad_number:
        return Cell("打不通", Tone.OCHRE, bold=True)
    if row.situation.phone_days is None:
        return Cell("从未", Tone.OCHRE, bold=True)
    words = "今天" if row.situation.phone_days <= 0 else f"{row.situation.phone_days} 天前"
    late = row.situation.phone_days > CONFIRM_AFTER_DAYS
    return Cell(words, Tone.OCHRE if late else Tone.INK2, bold=late)


def _phone_tip(row: LedgerRow) -> str:
    """What 打不通 means, in the words of 今日; there is no room for them in the cell."""
    return BAD_NUMBER if row.situation.bad_number else ""


def _supporter(row: LedgerRow) -> Cell:
    if not row.supporters:
        return Cell("没有结对", Tone.OCHRE, bold=True) if row.registered else Cell("")
    return Cell(f"{row.supporters[0]}{'等' if len(row.supporters) > 1 else ''}")


def _all_supporters(row: LedgerRow) -> str:
    return "、".join(row.supporters)


def _data(row: LedgerRow) -> Cell:
    if not row.situation.gaps:
        return Cell("齐", Tone.INK3)
    pressing = row.situation.percent < PRESSING_BELOW
    return Cell(
        f"{row.situation.percent}%",
        aside=row.situation.gap_words,
        aside_tone=Tone.OCHRE if pressing else Tone.INK2,
    )


def _gaps(row: LedgerRow) -> str:
    return "缺 " + "、".join(gap.words for gap in row.situation.gaps) if row.situation.gaps else ""


def _id_number(row: LedgerRow) -> Cell:
    return Cell(mask_id(row.id_number)) if row.id_number else _UNKNOWN


def _registry(row: LedgerRow) -> Cell:
    """G and the ID number, mostly: as little of it is shown as of the number itself."""
    number = row.student_registry_no
    if not number:
        return _UNKNOWN
    return Cell(f"G{mask_id(number[1:])}" if number.startswith("G") else mask_id(number))


def _phone(row: LedgerRow) -> Cell:
    return Cell(mask_phone(row.situation.phones[0])) if row.situation.phones else _UNKNOWN


def _categories(row: LedgerRow) -> str:
    return "、".join(category.label for category in row.situation.categories)


def _boards(row: LedgerRow) -> Cell:
    return _UNKNOWN if row.situation.boards is None else Cell("寄宿" if row.situation.boards else "走读")


def _status(row: LedgerRow) -> Cell:
    words = _STATUS[row.status] if row.status_certain else "待确认"
    return Cell(words, Tone.INK if row.registered else Tone.INK2, aside=row.exit_words)


def _doubts(row: LedgerRow) -> Cell:
    return Cell(f"{row.situation.doubts} 处", Tone.OCHRE) if row.situation.doubts else Cell("")


# ---- orders: what nobody has asked yet stands last --------------------------------------------------------------------


def _by_class(row: LedgerRow) -> tuple[Any, ...]:
    return (row.class_sort, row.pinyin)


def _by_name(row: LedgerRow) -> tuple[str, str]:
    return (row.pinyin, row.name)


def _by_age(row: LedgerRow) -> tuple[bool, int, str]:
    age = row.age
    return (age is None, age or 0, row.sex or "")


_PARENTS_ORDER = {code: place for place, code in enumerate(ParentsCode)}
_CARE_ORDER = {bucket: place for place, bucket in enumerate(CareBucket)}
_GRADE_ORDER = {grade: place for place, grade in enumerate(reversed(CareGrade))}


def _by_parents(row: LedgerRow) -> int:
    return _PARENTS_ORDER[row.situation.parents]


def _by_care(row: LedgerRow) -> tuple[int, str]:
    return (_CARE_ORDER[row.situation.care], row.situation.care_words)


def _by_grade(row: LedgerRow) -> int:
    return len(_GRADE_ORDER) if row.situation.care_grade is None else _GRADE_ORDER[row.situation.care_grade]


def _by_phone_age(row: LedgerRow) -> int:
    if not row.situation.phones:
        return 1_000_001
    if row.situation.bad_number:
        return 1_000_000
    return 999_999 if row.situation.phone_days is None else row.situation.phone_days


def _by_supporter(row: LedgerRow) -> tuple[bool, tuple[str, ...]]:
    """Who has nobody stands first: that is what the column is looked through for."""
    return (bool(row.supporters) or not row.registered, row.supporters)


def _by_percent(row: LedgerRow) -> int:
    return row.situation.percent


def _by_doubts(row: LedgerRow) -> int:
    return -row.situation.doubts


def _situation(said: Callable[[LedgerRow], Cell | str]) -> Callable[[LedgerRow], Cell | str]:
    """Return a cell that waits until the child's situation is known."""

    def cell(row: LedgerRow) -> Cell | str:
        return said(row) if row.is_whole else _UNREAD

    return cell


def _told(field: str) -> Callable[[LedgerRow], Cell | str]:
    """Return a cell that shows a text of the situation as it is."""

    def cell(row: LedgerRow) -> Cell:
        text = getattr(row.situation, field)
        return Cell(text) if text else _UNKNOWN

    return _situation(cell)


def _told_order(field: str) -> Any:
    """Return a sort key over a text of the situation: empty ones last."""

    def order(row: LedgerRow) -> tuple[bool, str]:
        text = getattr(row.situation, field) or ""
        return (not text, text)

    return order


def _text_order(field: str) -> Any:
    """Return a sort key over a text field: empty ones last."""

    def order(row: LedgerRow) -> tuple[bool, str]:
        text = getattr(row, field) or ""
        return (not text, text)

    return order


def _plain(field: str) -> Any:
    """Return a cell that shows a text field as it is."""

    def cell(row: LedgerRow) -> Cell:
        text = getattr(row, field)
        return Cell(text) if text else _UNKNOWN

    return cell


def _whole(field: str) -> Any:
    """Return a tip with the whole of a text that may be longer than any column."""

    def tip(row: LedgerRow) -> str:
        return str(getattr(row, field))

    return tip


def _whole_place(row: LedgerRow) -> str:
    return row.situation.household_place


def _note(row: LedgerRow) -> str:
    return row.note.replace("\n", " ")


ALL_COLUMNS = (
    Column("name", "姓名", _name, "买买提·阿卜杜热西提", _by_name, frozen=True),
    Column("sex_age", "性别年龄", _sex_age, "男 16", _by_age),
    Column("class", "班级", _class, "2026级12班", _by_class),
    Column("village", "村组", _plain("village"), "石门坎村 12 组", _text_order("village"), essential=False),
    Column("parents", "留守", _situation(_parents), "未外出", _by_parents, tip=_why),
    Column("care", "监护人", _situation(_care), "姐姐 19 岁", _by_care),
    Column("grade", "监护评估", _situation(_grade), "未评估", _by_grade, essential=False),
    Column(
        "away",
        "父 / 母务工地",
        _situation(_away),
        "浙江绍兴 / 江西赣州",
        _told_order("away_words"),
        essential=False,
    ),
    Column(
        "phone_age",
        "号码核实",
        _situation(_phone_age),
        "1000 天前",
        _by_phone_age,
        tip=_phone_tip,
        essential=False,
    ),
    Column("supporter", "帮扶人", _supporter, "没有结对", _by_supporter, tip=_all_supporters),
    Column("data", "资料齐全", _situation(_data), "87% 缺 监护人身份证", _by_percent, tip=_gaps),
    # -- what she may choose besides
    Column(
        "status", "状态", _status, "已退出 2026-03-01 父母双方返乡", _text_order("status"), essential=False
    ),
    Column(
        "birth", "出生日期", _plain("birth_date"), "2018-04-30", _text_order("birth_date"), essential=False
    ),
    Column("id", "证件号", _id_number, "500000********0000", _text_order("id_number"), essential=False),
    Column(
        "registry",
        "学籍号",
        _registry,
        "G500000********0000",
        _text_order("student_registry_no"),
        essential=False,
    ),
    Column(
        "number", "班内学号", _plain("student_no"), "20260112", _text_order("student_no"), essential=False
    ),
    Column("ethnic", "民族", _plain("ethnicity"), "柯尔克孜族", _text_order("ethnicity"), essential=False),
    Column(
        "categories", "类别", _situation(_categories), "事实无人抚养、家庭困难", _categories, essential=False
    ),
    Column("boards", "寄宿", _situation(_boards), "未采集", _told_order("boards"), essential=False),
    Column(
        "address",
        "现住址",
        _plain("address"),
        "石门坎村 12 组 42 号（过石桥第二家）",
        _text_order("address"),
        essential=False,
        tip=_whole("address"),
    ),
    Column(
        "household", "户口性质", _told("household"), "非农业户口", _told_order("household"), essential=False
    ),
    Column(
        "household_place",
        "户籍地",
        _told("household_place"),
        "青石坪镇大垭口村 12 组",
        _told_order("household_place"),
        essential=False,
        tip=_whole_place,
    ),
    Column("carer", "监护人姓名", _told("carer"), "欧阳慕容雨桐", _told_order("carer"), essential=False),
    Column("phone", "第一联系电话", _situation(_phone), "138****00000", None, essential=False),
    Column("father", "父亲", _told("father"), "欧阳慕容雨桐", _told_order("father"), essential=False),
    Column("mother", "母亲", _told("mother"), "欧阳慕容雨桐", _told_order("mother"), essential=False),
    Column(
        "since",
        "登记从",
        _plain("registered_from"),
        "2026-09-01",
        _text_order("registered_from"),
        essential=False,
    ),
    Column("doubts", "待核对", _situation(_doubts), "12 处", _by_doubts, essential=False),
    Column("note", "备注", _note, "在县城陪读，周五才回村里", None, essential=False, tip=_whole("note")),
)
BY_KEY = {column.key: column for column in ALL_COLUMNS}
USUAL = tuple(column.key for column in ALL_COLUMNS[:11])
ALWAYS = "name"


def chosen_columns(keys: Iterable[str]) -> Sequence[Column]:
    """Return the columns to show, in the order of the list: hers, or the usual ones; the name always."""
    wanted = {key for key in keys if key in BY_KEY} or set(USUAL)
    return tuple(column for column in ALL_COLUMNS if column.key in wanted or column.key == ALWAYS)
