"""Which sheets of a workbook hold children, and what has to be said about each before anything is read in."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from app.children.roster.columns import ColumnChoice, propose_mapping, signature
from app.children.roster.header import Header, is_name_header
from app.children.roster.model import SheetMapping
from app.children.roster.name_column import NO_NAME, is_named, with_names
from app.children.roster.printed import KEY, is_printed_sheet, read_printed
from app.children.roster.reading.text import cell_text
from app.children.roster.rows import SheetRows, read_rows
from app.children.roster.second_list import GROWN_UPS, NOT_OF_PUPILS, are_grown_ups, is_of_pupils
from app.children.roster.sheet import RosterFile, RosterSheet, column_letters
from app.children.roster.side_by_side import tables_of
from app.children.roster.uncollected import uncollected

# A sheet of such a name, all of whose children stand on other sheets too, is a summary or an old copy.
_REPEATS = re.compile(
    r"汇总|总表|合计|统计|全校|总名单|副本|旧|备份|复件|copy|old|backup|[(（][0-9]+[)）]$", re.IGNORECASE
)
_NUMBER = "child.id_number"
# A column of such a name is missed later, on every child's file.
_MISSED = re.compile("监护|照护|看护|家长|父|母|电话|手机|联系方式|身份证|学籍")

Templates = Mapping[str, Mapping[str, str | None]]
"""Signature of a header → header text → target, as corrected by hand before."""


class OwnLedger(Struct, frozen=True):
    """What tells our own ledger workbook: the headers printed for the eye only, and the mark of its sub-ledgers."""

    printed_only: Collection[str] = ()
    sub_ledger_mark: str = ""
    main_sheet: str = ""


def survey_sheets(
    roster: RosterFile,
    templates: Templates | None = None,
    own: OwnLedger | None = None,
    *,
    today: date | None = None,
) -> tuple[SheetMapping, ...]:
    """Return every sheet with its header, proposed columns, row count, and whether it is ticked to be read.

    With ``today`` a list of grown-ups is told by their ages.
    """
    own = own or OwnLedger()
    with uncollected():
        # What we keep of the printing is no sheet that anybody filled in.
        sheets = [sheet for sheet in roster.sheets if not is_printed_sheet(sheet)]
        surveyed = []
        for sheet in sheets:
            tables = tables_of(sheet)
            left: SheetMapping | None = None
            for table, header in tables:
                mapping = _survey(table, header, templates or {}, own)
                if mapping.found is not None and len(tables) > 1:
                    mapping.found.stated_total = None  # it counts the children of all of them
                left = left or mapping
                if left is not mapping and mapping.selected and not is_of_pupils(left, mapping):
                    mapping = replace(mapping, selected=False, why=NOT_OF_PUPILS)
                if mapping.selected and today is not None and are_grown_ups(mapping, today):
                    mapping = replace(mapping, selected=False, why=GROWN_UPS)
                surveyed.append(mapping)
    names = {sheet.name for sheet in roster.sheets}
    if own.sub_ledger_mark and own.main_sheet in names:
        surveyed = [_without_sub_ledger(mapping, own) for mapping in surveyed]
    surveyed = _with_print(roster, _without_repeats(surveyed))
    if not any(mapping.selected for mapping in surveyed):
        hidden = [m for m in surveyed if m.sheet.hidden and _has_children(m)]
        if len(hidden) == 1:
            surveyed = [replace(m, selected=True, why="") if m is hidden[0] else m for m in surveyed]
        elif [m.why for m in surveyed if m.rows] == [NO_NAME]:
            # The only sheet there is: she has but to say which of its columns holds the names.
            surveyed = [replace(m, selected=m.why == NO_NAME) for m in surveyed]
    return tuple(surveyed)


def propose_columns(
    sheet: RosterSheet,
    header: Header,
    remembered: Mapping[str, str | None] | None = None,
    *,
    printed_only: Collection[str] = (),
) -> tuple[ColumnChoice, ...]:
    """Return what each column of a sheet means, by its header, and where that is not enough by what stands below it."""
    return with_names(sheet, header, propose_mapping(header, remembered, printed_only=printed_only))


def remap(mapping: SheetMapping, choices: tuple[ColumnChoice, ...]) -> SheetMapping:
    """Return a sheet under corrected columns; its rows are counted anew."""
    if mapping.header is None:
        return mapping
    found = read_rows(mapping.sheet, mapping.header, choices)
    why = "" if mapping.why == NO_NAME and is_named(choices) else mapping.why
    return replace(mapping, choices=choices, found=found, rows=len(found.rows), why=why)


def sheet_notes(mapping: SheetMapping) -> list[str]:
    """Return what has to be said about a sheet: what it hides, what was not recognised, why it is not read."""
    sheet, notes = mapping.sheet, []
    if mapping.why and not mapping.selected:
        notes.append(f"「{sheet.name}」没有读：{mapping.why}")
        return notes
    if sheet.hidden:
        notes.append(f"「{sheet.name}」是隐藏的表，也读了")
    below = {row for row in sheet.hidden_rows if mapping.header is None or row > mapping.header.last_row}
    if below:
        notes.append(f"「{sheet.name}」里隐藏着 {len(below)} 行（第 {_listed(below)} 行），也读了")
    # Our own key is hidden by us, and nobody's business.
    hidden = sheet.hidden_columns - {c.column for c in mapping.choices if c.target == "child.uuid"}
    if hidden:
        words = "、".join(column_letters(column) for column in sorted(hidden)[:8])
        notes.append(f"「{sheet.name}」里隐藏着 {len(hidden)} 列（{words} 列），也读了")
    unknown = [c.header for c in mapping.choices if c.target is None and _has_content(mapping, c)]
    if unknown:
        listed = "、".join(unknown[:8]) + ("……" if len(unknown) > 8 else "")
        if missed := "、".join(f"「{choice.header}」" for choice in missed_columns(mapping)):
            notes.append(
                f"「{sheet.name}」的{missed}多数行里写着内容，却没有认出；要存进台账，请在「认列」里指明是什么"
            )
        notes.append(
            f"「{sheet.name}」有 {len(unknown)} 栏没有认出（{listed}），没有存进台账；原来的文件会留着"
        )
    beside = [c for c in mapping.choices if c.repeated and is_name_header(c.header.split("·")[-1])]
    if any(_has_content(mapping, c) for c in beside):
        notes.append(
            f"「{sheet.name}」右边还有一份名单（{column_letters(beside[0].column)} 列的「姓名」），没有读；"
            "是儿童，请把它移到左边名单的下面，再选一次文件"
        )
    found = mapping.found
    if found is not None and found.stated_total is not None and found.stated_total != len(found.rows):
        notes.append(
            f"「{sheet.name}」的合计写的是 {found.stated_total}，读到的是 {len(found.rows)} 名，请核对"
        )
    return notes


def _survey(sheet: RosterSheet, header: Header | None, templates: Templates, own: OwnLedger) -> SheetMapping:
    if sheet.unread:
        return SheetMapping(sheet, None, selected=False, why=f"{sheet.unread}，不像花名册")
    if not sheet.rows:
        return SheetMapping(sheet, None, selected=False, why="空表")
    if header is None:
        return SheetMapping(sheet, None, selected=False, why="没有找到表头")
    texts = {column.text for column in header.columns}
    printed = (
        own.printed_only if len(texts & _spaced(own.printed_only)) >= 6 and "入学年级班" in texts else ()
    )
    choices = propose_columns(sheet, header, templates.get(signature(header)), printed_only=printed)
    found = read_rows(sheet, header, choices)
    mapping = SheetMapping(sheet, header, choices, len(found.rows), found=found)
    if sheet.hidden:
        return replace(mapping, selected=False, why=f"隐藏的表（{len(found.rows)} 行）")
    if not found.rows:
        return replace(mapping, selected=False, why="只有表头，没有儿童")
    if not is_named(choices):
        return replace(mapping, selected=False, why=NO_NAME)
    return mapping


def _spaced(headers: Collection[str]) -> set[str]:
    """Return header texts as ``HeaderColumn.text`` shows them: line breaks as spaces."""
    return {" ".join(header.split()) for header in headers}


def _without_sub_ledger(mapping: SheetMapping, own: OwnLedger) -> SheetMapping:
    sheet = mapping.sheet
    title = cell_text(sheet.cell(sheet.first_row, sheet.first_column))
    if sheet.name == own.main_sheet or own.sub_ledger_mark not in title:
        return mapping
    return replace(mapping, selected=False, why=f"{own.sub_ledger_mark}，和「{own.main_sheet}」重复")


def _without_repeats(surveyed: list[SheetMapping]) -> list[SheetMapping]:
    """Untick summaries and old copies whose every numbered child stands on another ticked sheet."""
    result = list(surveyed)
    for index in reversed(range(len(result))):
        mapping = result[index]
        if not mapping.selected or not _REPEATS.search(mapping.sheet.name):
            continue
        numbers = _numbers(mapping.found)
        others: set[str] = set()
        for at, other in enumerate(result):
            if at != index and other.selected:
                others |= _numbers(other.found)
        if len(numbers) >= 2 and len(numbers) == mapping.rows and numbers <= others:
            result[index] = replace(mapping, selected=False, why=f"{mapping.rows} 行都在别的表里，不读两遍")
    return result


def _with_print(roster: RosterFile, surveyed: list[SheetMapping]) -> list[SheetMapping]:
    """Give what the workbook keeps of its printing to the sheets whose rows carry our key."""
    printed = read_printed(roster.sheets)
    if printed is None:
        return surveyed
    return [
        replace(mapping, printed=printed) if any(c.target == KEY for c in mapping.choices) else mapping
        for mapping in surveyed
    ]


def _numbers(found: SheetRows | None) -> set[str]:
    rows = [cells for _, cells, _ in found.rows] if found else []
    return {"".join(cells[_NUMBER][0].text.split()).upper() for cells in rows if _NUMBER in cells}


def _has_children(mapping: SheetMapping) -> bool:
    return mapping.header is not None and mapping.rows > 0 and is_named(mapping.choices)


def _has_content(mapping: SheetMapping, choice: ColumnChoice) -> bool:
    header: Header | None = mapping.header
    first = header.last_row + 1 if header else 1
    sheet = mapping.sheet
    return any(cell_text(sheet.cell(row, choice.column)) for row in range(first, sheet.last_row + 1))


def missed_columns(mapping: SheetMapping) -> tuple[ColumnChoice, ...]:
    """Return the columns that nobody recognised though most rows fill them and their names speak of what matters."""
    rows = [number for number, _, _ in mapping.found.rows] if mapping.found else []
    return tuple(
        choice
        for choice in mapping.choices
        if choice.target is None
        and not (choice.repeated or choice.remembered)
        and _MISSED.search(choice.header)
        and 2 * sum(bool(cell_text(mapping.sheet.cell(row, choice.column))) for row in rows) > len(rows)
    )


def _listed(numbers: Iterable[int]) -> str:
    ordered = sorted(numbers)
    return "、".join(map(str, ordered[:8])) + ("……" if len(ordered) > 8 else "")
