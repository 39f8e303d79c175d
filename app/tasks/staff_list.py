"""登记几名教职工: cells copied from a spreadsheet, put under their heads, read, and held against who is on the list."""

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from app.children.roster.reading.dates import read_date
from app.children.roster.reading.names import read_name
from app.children.roster.reading.phones import read_phones
from app.children.roster.reading.simple import read_sex
from app.children.roster.reading.text import says_nothing
from app.children.typed_rows import CellMark
from app.core.text import clean, normalise_cell, normalise_name
from app.school.queries import StaffMember, staff
from app.storage.store import Store

Block = list[list[str]]

COLUMNS: Mapping[str, str] = {
    "name": "姓名",
    "sex": "性别",
    "duty": "职务",
    "subject": "任教学科",
    "phone": "电话",
    "joined_on": "到校日期",
}
"""What is asked of each: column → head, in the order of the table."""

_HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "教师姓名", "教职工姓名", "教师", "教职工", "老师"),
    "sex": ("性别",),
    "duty": ("职务", "岗位", "担任职务", "现任职务", "职务岗位", "校内职务", "分工"),
    "subject": ("任教学科", "学科", "任课", "任教", "任教科目", "所教学科", "任课学科", "科目"),
    "phone": ("电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式"),
    "joined_on": ("到校日期", "到校时间", "来校时间", "来校日期", "入校时间", "入职时间", "入职日期"),
}
_KEY_OF = {word: key for key, words in _HEADS.items() for word in words}
_TITLE_LINES = (
    6  # so far down the heads are looked for: a title and a line of the school may stand above them
)
_MOST_CELLS = 0.6  # of a column without a head say what it is
_NUMBERS = "序号"
_ID_NUMBERS = "身份证号"
_SUMS = frozenset({"合计", "小计", "总计", "共计"})
_SUBJECTS = re.compile(
    "语文|数学|英语|外语|科学|体育|音乐|美术|道德|法治|思想|品德|政治|历史|地理|物理|化学|生物|信息|劳动|书法|心理|综合实践"
)
_DUTIES = re.compile(
    "校长|园长|主任|教师|老师|组长|书记|干事|辅导员|教导|后勤|总务|保安|食堂|校医|会计|出纳|生活|职工|级长"
)
_SEXES = frozenset({"男", "女", "男性", "女性"})
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:[-./年][0-9]{1,2}(?:[-./月][0-9]{1,2}日?)?月?|年?)")
_ID_NUMBER = re.compile("[0-9]{17}[0-9Xx]|[0-9]{15}")
_NAME = re.compile("[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+[·•・][\u3400-\u9fff·•・]+")
_BY_HAND = re.compile(r"\S{2,}[ \u3000,，、]+\S")


class StaffRow(Struct, frozen=True):
    """One line of the table: what would be written, what was found, and, when it is not added, why (``known``)."""

    place: int
    values: Mapping[str, str | None]
    marks: tuple[CellMark, ...]
    known: str = ""

    @property
    def name(self) -> str:
        """Return who it is."""
        return self.values["name"] or ""

    @property
    def ready(self) -> bool:
        """Tell whether it can be written as it stands."""
        return not any(mark.blocks for mark in self.marks)


def arranged(block: Block) -> Block:
    """Return a block of a spreadsheet with our heads in its first line, whatever they were called and whatever stood above.

    Without heads each column is known by what most of its cells hold. A block of names only, or one whose names
    cannot be told, comes back without a head, as it is.
    """
    typed = _split(block)
    if typed is not block:
        # Only where more than names comes of it: 欧阳 明 is one name, 138 0013 8000 one number.
        found = _headed(typed, least=2) or _guessed(typed, least=2)
        if found is not None:
            return found
    return _headed(block, least=1) or _guessed(block, least=1) or block


def read_staff_rows(store: Store, rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[StaffRow]:
    """Read the lines of the table, given as (place, texts by column), and hold each against the staff and those above it.

    Who is on the list already, by name, is not added. Nothing that was typed gets lost: what cannot be read blocks its
    line until it is put right or emptied.
    """
    known: dict[str, list[StaffMember]] = {}
    for member in staff(store, store.clock.today()):
        known.setdefault(normalise_name(member.name), []).append(member)
    seen: set[str] = set()
    found = []
    for place, texts in rows:
        row = _read(place, texts, store.clock.today().year)
        if row.name:
            why = _why_known(row, known.get(row.name, []), seen)
            seen.add(row.name)
            row = StaffRow(place, row.values, row.marks, why)
        found.append(row)
    return found


# ---- columns --------------------------------------------------------------------------------------------------------


def _plain(cell: str) -> str:
    return re.sub(r"[（(].*?[）)]|[\s*：:]", "", normalise_cell(cell))


def _filled(line: Sequence[str]) -> list[str]:
    return [cell for cell in line if cell.strip()]


def _nameless(column: int) -> str:
    return f"第 {column + 1} 列"


def _is_somebody(line: Sequence[str], name: int) -> bool:
    written = line[name].strip() if name < len(line) else ""
    return bool(_filled(line)) and _plain(written) not in _SUMS and _KEY_OF.get(_plain(written)) != "name"


def _headed(block: Block, *, least: int) -> Block | None:
    """Return the block under its own heads, `least` of them ours; None when no line is such heads."""
    for place, line in enumerate(block[:_TITLE_LINES]):
        keys = [_KEY_OF.get(_plain(cell)) for cell in line]
        known = sum(key is not None for key in keys)
        if "name" in keys and known >= least and (known > 1 or len(_filled(line)) == 1):
            heads = [
                COLUMNS[key]
                if key is not None and key not in keys[:column]
                else line[column] or _nameless(column)
                for column, key in enumerate(keys)
            ]
            rows = [one for one in block[place + 1 :] if _is_somebody(one, keys.index("name"))]
            return [line[:1] for line in rows] if len(heads) == 1 else [heads, *rows]
    return None


def _split(block: Block) -> Block:
    """Return lines typed with blanks or commas between (李国平 校长 138…) in cells; names alone stay as they are."""
    alone = all(len(_filled(line)) <= 1 for line in block)
    if not alone or not any(_BY_HAND.match(cell) for line in block for cell in line):
        return block
    return [
        [
            part
            for cell in line
            for part in (re.split(r"[\s,，、]+", cell) if _BY_HAND.match(cell) else [cell])
            if part
        ]
        for line in block
    ]


def _guessed(block: Block, *, least: int) -> Block | None:
    """Return the block under the heads its cells tell, `least` of them ours; None when they do not tell the names."""
    width = max((len(line) for line in block), default=0)
    if width < 2:
        return None
    columns = [[line[place].strip() for line in block if place < len(line)] for place in range(width)]
    heads: list[str] = []
    for place, cells in enumerate(columns):
        head = _kind_of([cell for cell in cells if cell], heads)
        heads.append(head or _nameless(place))
    if COLUMNS["name"] not in heads or sum(head in COLUMNS.values() for head in heads) < least:
        return None
    return [heads, *(line for line in block if _is_somebody(line, heads.index(COLUMNS["name"])))]


def _kind_of(cells: Sequence[str], taken: Sequence[str]) -> str:
    """Return the head of a column by its cells, "" when they do not tell; one head is given once, from left to right."""
    tests: Sequence[tuple[str, Callable[[str], object]]] = (
        (_ID_NUMBERS, _ID_NUMBER.fullmatch),
        (COLUMNS["sex"], lambda cell: cell in _SEXES),
        (COLUMNS["joined_on"], _DATE.fullmatch),
        (_NUMBERS, lambda cell: cell.isdigit() and len(cell) <= 3),
        (COLUMNS["phone"], lambda cell: bool(read_phones(cell).numbers)),
        (COLUMNS["subject"], _SUBJECTS.search),
        (COLUMNS["duty"], _DUTIES.search),
        (COLUMNS["name"], lambda cell: _NAME.fullmatch(cell.replace(" ", ""))),
    )
    for head, says in tests:
        if (
            head not in taken
            and cells
            and sum(bool(says(cell)) for cell in cells) >= _MOST_CELLS * len(cells)
        ):
            return head
    return ""


# ---- lines ----------------------------------------------------------------------------------------------------------


def _read(place: int, texts: Mapping[str, str], year: int) -> StaffRow:
    marks: list[CellMark] = []
    values: dict[str, str | None] = {}
    for key in COLUMNS:
        text = clean(texts.get(key, "")).strip()
        values[key] = None if says_nothing(text) else text
    named = read_name(values["name"] or "")
    values["name"] = named.name
    if not named.name:
        marks.append(CellMark("name", "没有写姓名。", blocks=True))
    elif named.is_odd:
        marks.append(CellMark("name", "不像一个人的姓名，请一人一行。", blocks=True))
    if named.note:  # 李国平（校长）
        values["duty"] = "；".join(part for part in (values["duty"], named.note) if part)
    if values["sex"] is not None:
        sex = read_sex(values["sex"])
        values["sex"] = sex.value if sex else None
        if sex is None:
            marks.append(CellMark("sex", "看不出是男是女。", blocks=True))
    if values["joined_on"] is not None:
        day = read_date(values["joined_on"], latest_year=year, of_child=False)
        values["joined_on"] = day.value
        if day.value is None:
            marks.append(CellMark("joined_on", "看不出是哪一天，请写成 2020-09-01。", blocks=True))
    if values["phone"] is not None:
        marks += _phone(values)
    return StaffRow(place, values, tuple(marks))


def _phone(values: dict[str, str | None]) -> list[CellMark]:
    """Put the number in one spelling; a cell that is none stays as it is written, and is pointed out."""
    cell = read_phones(values["phone"] or "")
    if len(cell.numbers) == 1 and cell.code is None:
        values["phone"] = cell.numbers[0][0]
        return []
    if cell.code in {"phone_destroyed", "phone_masked"}:
        return [CellMark("phone", "号码不完整，请照原样写，或先空着。", blocks=True)]
    reason = "一格里有几个号码，请核对。" if cell.code is None else "不像电话号码，请核对。"
    return [CellMark("phone", reason, blocks=False)]


def _why_known(row: StaffRow, members: Sequence[StaffMember], seen: set[str]) -> str:
    if row.name in seen:
        return "上面已经写过"
    if not members:
        return ""
    gone = all(one.left_on and not one.present for one in members)
    return f"名单里有，{members[0].left_on} 离校" if gone else "名单里已经有"
