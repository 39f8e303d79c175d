"""From one ticked sheet to its rows as drafts; those of our own class sheet are compared with what was printed."""

from collections.abc import Collection, Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.children.roster.context import RowContext, first
from app.children.roster.draft import Cells, RawCell, RowDraft
from app.children.roster.model import Resolution, RosterOptions, SheetMapping
from app.children.roster.parse import read_row
from app.children.roster.parse_check import read_check
from app.children.roster.parse_home import class_in_text
from app.children.roster.printed import KEY
from app.children.roster.reading.names import signs_in
from app.children.roster.rows import SheetRows, class_titles, read_rows
from app.children.roster.shared_keys import KeyUse, key_of, key_uses, name_in, shared_keys
from app.children.roster.since_print import CLASS, SincePrint, since_print
from app.children.roster.stated_day import sign_legends
from app.core.messages import refuse
from app.core.progress import Progress
from app.school.queries import school_shape, school_years
from app.storage.store import Store

TextsNow = Mapping[str, Mapping[str, str]]
"""Child's uuid → target → what our class sheet would say of the child if it were printed now."""
_TWO_ROWS = "有两行印的是同一名儿童，像是复制来的：写的是谁"
_SOMEBODY_ELSE = "姓名改了，号码也不是印的那个：写的是谁"


class ReadRow(Struct):
    """A row that was read, with what is needed to keep it if it has to wait.

    ``key`` is the child whose line on our sheet the row is, "" when that is not sure; ``asks_for`` is that child where it
    has to be asked, and ``question`` what. ``printed`` is what stood in the line of its key when our sheet was printed.
    """

    draft: RowDraft
    context: RowContext
    since: SincePrint | None = None
    key: str = ""
    asks_for: str = ""
    question: str = ""
    printed: Mapping[str, str] | None = None


def read_sheet(
    store: Store,
    file_name: str,
    mapping: SheetMapping,
    options: RosterOptions,
    now: TextsNow,
    progress: Progress,
) -> tuple[list[ReadRow], SheetRows]:
    """Return the rows of a sheet, and what was found on it. UserError ``import.no_header``, ``import.no_name_column``."""
    sheet, header = mapping.sheet, mapping.header
    if header is None:
        raise refuse("import.no_header", name=file_name)
    if not any(choice.target == "child.name" for choice in mapping.choices):
        raise refuse("import.no_name_column", sheet=sheet.name)
    found = mapping.found or read_rows(sheet, header, mapping.choices)
    base = RowContext(
        day=options.data_date,
        years=school_years(store),
        shape=school_shape(store),
        base_1904=sheet.serial_base_1904,
        third_meaning=options.third_meaning,
        targets=frozenset(choice.target for choice in mapping.choices if choice.target),
    )
    signs = signs_in("".join(name_in(cells) for _, cells, _ in found.rows))
    if signs:
        base = replace(base, legends=sign_legends(sheet, header, found, signs))
    titles = [text for text in class_titles(sheet, header) if class_in_text(text, base) is not None]
    base = replace(base, class_of_sheet=titles[0] if titles else "")
    reader = _Reader(mapping, options, now, _uses_of_keys(store, mapping, found))
    read: list[ReadRow] = []
    for place, (number, cells, title) in enumerate(found.rows):
        if place % 200 == 0:
            progress(place, len(found.rows), f"正在读「{sheet.name}」")
        context = base
        if title and class_in_text(title, base) is not None:
            context = replace(base, class_of_sheet=title)
        row = reader.read(number, cells, context)
        row.printed = reader.printed(number, cells)
        row.draft.class_carried = number in found.carried
        read.append(row)
    _mark_uncomputed(mapping, read)
    return read, found


def _uses_of_keys(store: Store, mapping: SheetMapping, found: SheetRows) -> Mapping[int, KeyUse]:
    shared = shared_keys(found.rows) if any(c.target == KEY for c in mapping.choices) else {}
    if not shared:
        return {}
    printed = mapping.printed.rows if mapping.printed else {}
    names = {key: [printed[key].texts.get("child.name", "")] for key in shared if key in printed}
    for key in shared:
        row = store.one("SELECT name FROM child WHERE uuid = ? AND deleted_at IS NULL", (key,))
        names.setdefault(key, []).extend([row[0]] if row else [])
    return key_uses(shared, names)


class _Reader:
    """Reads one row of a sheet after the other."""

    def __init__(
        self, mapping: SheetMapping, options: RosterOptions, now: TextsNow, uses: Mapping[int, KeyUse]
    ) -> None:
        self._mapping = mapping
        self._options = options
        self._now = now
        self._uses = uses
        self._columns = {c.target: (c.column, c.header) for c in reversed(mapping.choices) if c.target}
        self._fixed = mapping.fixed

    def read(self, number: int, cells: Cells, context: RowContext) -> ReadRow:
        key, use = key_of(cells), self._uses.get(number)
        since = self._since(key, number, cells, context) if key and use is not KeyUse.LOST else None
        question = _TWO_ROWS if use is KeyUse.ASKED else ""
        if since is not None and since.is_somebody_else:
            question = question or _SOMEBODY_ELSE
        decision = self._options.decisions.get((self._mapping.sheet.name, number))
        decided = decision.resolution if decision is not None else None
        if question and decided is Resolution.SAME_PERSON:
            use, question = KeyUse.HOLDS, ""
        if question or use is KeyUse.LOST:
            # Whoever stands here is not the child of the key, or not yet: the row is read as if it had none.
            draft = self._plain(number, {t: found for t, found in cells.items() if t != KEY}, context)
            asked = bool(question) and decided is not Resolution.ADDED
            return ReadRow(draft, context, asks_for=key if asked else "", question=question if asked else "")
        if since is None:
            return ReadRow(
                self._plain(number, cells, context), context, key=key if use is KeyUse.HOLDS else ""
            )
        return ReadRow(self._compared(number, since, context), context, since, key)

    def printed(self, number: int, cells: Cells) -> Mapping[str, str] | None:
        """Return what a row may be told by that waits; None for another child's, and where nothing can be compared."""
        key = key_of(cells)
        row = self._mapping.printed.rows.get(key) if self._mapping.printed else None
        is_its_own = key in self._now and self._uses.get(number) is not KeyUse.LOST
        return row.texts if row is not None and is_its_own else None

    def _plain(self, number: int, cells: Cells, context: RowContext) -> RowDraft:
        return read_row(self._mapping.sheet.name, number, cells, context)

    def _since(self, key: str, number: int, cells: Cells, context: RowContext) -> SincePrint | None:
        """Compare a row with its print; None when nothing was kept of it, the child is gone, or the name is missing."""
        printed = self._mapping.printed.rows.get(key) if self._mapping.printed else None
        now = self._now.get(key)
        if printed is None or now is None or not name_in(cells):
            return None
        signed = RowDraft(self._mapping.sheet.name, number, cells=cells)
        read_check(signed, cells, context)
        return since_print(
            printed,
            cells,
            now,
            columns=self._columns,
            checked=signed.checked is not None,
            fixed=self._fixed,
        )

    def _compared(self, number: int, since: SincePrint, context: RowContext) -> RowDraft:
        draft = self._plain(number, since.cells, context)
        draft.marks = since.of_this_sheet(draft.marks)
        cell = first(since.cells, CLASS)
        if since.keeps_class and cell is not None:
            # 三（1）班 of last school year is another class today.
            draft.class_ref = class_in_text(cell.text, replace(context, day=since.row.day))
        return draft


def _mark_uncomputed(mapping: SheetMapping, read: Collection[ReadRow]) -> None:
    headers = {choice.column: choice for choice in mapping.choices if choice.imported}
    uncomputed: dict[int, list[int]] = {}
    for row, column in sorted(mapping.sheet.uncomputed):
        uncomputed.setdefault(row, []).append(column)
    reason = "这一格是公式，文件里没有存下算好的值；没有存，请用 WPS 打开再保存一次"
    for draft in (row.draft for row in read if row.draft.row in uncomputed):
        for column in uncomputed[draft.row]:
            choice = headers.get(column)
            if choice is not None:
                cell = RawCell("", "", draft.row, column, choice.header)
                field = (choice.target or "").removeprefix("child.")
                draft.mark(field, "formula_without_value", reason, cell, "")
