"""Comparing what a row says with the ledger, and collecting the writes that follow (decisions.md §1.3, §1.7).

A blank never clears. A different dated fact opens a new period from the data date, unless it is 更正; what was not known
is filled in; what somebody entered by hand for a later day stays, and the cell is marked.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.children.labels import TABLES as TABLE_WORDS
from app.children.labels import column_words
from app.children.roster.draft import RawCell, RowDraft
from app.children.roster.ledger_state import TABLES, Known, LedgerState, Period
from app.children.roster.model import FieldChange, RosterOptions, Write
from app.children.roster.outcome import SHARED, RowOutcome, Told
from app.children.roster.shown_values import ShownValues, change_label
from app.core.text import normalise_cell

SOURCE = "花名册"
_LAST = "9999"
_new = (
    tuple.__new__
)  # what ``Write(…)`` does, in a third of the time: a large import has more than a hundred thousand


class PlanWriter:
    """Collects the writes of a whole import; ``begin`` names the row they belong to.

    Rows that are only planned have negative ids and are found again by later rows (brothers and sisters).
    """

    def __init__(self, state: LedgerState, options: RosterOptions) -> None:
        self.state = state
        self.options = options
        self.day = options.data_date.isoformat()
        self.words = ShownValues(state)
        self._planned: dict[int, dict[str, Any]] = {}
        self._writes: list[Write] = []
        self._next = -1
        self._told = Told()
        self._row = RowOutcome(RowDraft("", 0))

    def begin(self, draft: RowDraft) -> RowOutcome:
        """Begin a row and return what its writes will amount to."""
        self._row = RowOutcome(draft)
        return self._row

    def writes(self) -> tuple[Write, ...]:
        """Return everything collected so far, in the order in which it must be written."""
        return tuple(self._writes)

    # ---- rows ------------------------------------------------------------------------------------------------------

    def insert(self, table: str, values: dict[str, Any]) -> int:
        """Plan a new row and return the negative id by which other rows may refer to it."""
        new_id = self._next
        self._next = new_id - 1
        self._planned[new_id] = values
        self._writes.append(_new(Write, (table, values, None, new_id)))
        self._row.wrote = True
        return new_id

    def update(self, table: str, row_id: int, values: dict[str, Any]) -> None:
        """Plan new values for a row, also for one that is only planned."""
        if row_id < 0:
            self._planned[row_id].update(values)
        else:
            self._writes.append(Write(table, values, row_id, None))
        self._row.wrote = True

    # ---- columns of a child or person -------------------------------------------------------------------------------

    def put_columns(
        self, table: str, known: Known, values: Mapping[str, Any], *, target: str = "", words: str = ""
    ) -> None:
        """Fill or change columns of an existing child or person; an equal text in another spelling is equal."""
        wanted: dict[str, Any] = {}
        for column, value in values.items():
            before = known.values.get(column)
            if value is None:
                continue
            if same(before, value):
                self._told.by(self._row, table, known.id, column)
                continue
            if column == "note" and before and not (table == "child" and self._row.replaces_note):
                if normalise_cell(str(value)) in normalise_cell(str(before)):
                    continue
                value = f"{before}；{value}"  # noqa: PLW2901  # a remark is added to, never lost
            if before is not None and self._protected(table, known, column, value, target, words):
                continue
            wanted[column] = value
            self._told.by(self._row, table, known.id, column)
            label = f"{words}{column_words(table, column)}"
            self.note_change(label, table, column, before, value)
        if wanted:
            known.values.update(wanted)
            self.update(table, known.id, wanted)

    def _protected(
        self, table: str, known: Known, column: str, value: object, target: str, words: str
    ) -> bool:
        """Tell whether the stored value is newer than the roster, or planned by an earlier row of it; mark the cell."""
        field_name = target or column
        if known.id < 0 and column in ("note", "occupation", "address", "education", "health"):
            return True
        if known.id < 0 or (column != "note" and self._told.otherwise(self._row, table, known.id, column)):
            self.mark_differs(
                field_name, f"{words}{column_words(table, column)}", known.values[column], value
            )
            return True
        if column in self.state.newer.get((table, known.uuid), ()):
            shown = self.words.shown(table, column, known.values[column])
            self.mark_conflict(
                field_name,
                f"{words}{column_words(table, column)}",
                shown,
                self.words.shown(table, column, value),
            )
            return True
        return False

    # ---- dated facts ------------------------------------------------------------------------------------------------

    def put(
        self,
        table: str,
        subject: int,
        values: dict[str, Any],
        *,
        key: tuple[Any, ...] = (),
        since: str | None = None,
        first_from: str | None = None,
        words: str = "",
        target: str = "",
        fresh: frozenset[str] = frozenset(),
        instead_of: Sequence[str] = (),
        note: bool = True,
    ) -> None:
        """Plan that the fact is ``values`` (only the columns that the row says).

        ``since`` is the day the row itself gives; ``first_from`` the start of a fact that was never recorded before
        (None: since before anybody wrote it down). Columns in ``fresh``, when they differ, make the whole a new answer:
        nothing of the old period is carried over into the new one. ``instead_of`` are keys that ended for this one.
        ``note`` False: the preview says it in another line already.
        """
        periods = self.state.periods.get((table, subject, *key))
        if not periods:  # so it is for everything said of a new child, and an import is in a hurry there
            self._open(table, subject, key, values, since or first_from, words, note=note, before=instead_of)
            return
        current = next((p for p in periods if (p.valid_from or "") <= self.day < (p.valid_to or _LAST)), None)
        later = next((p for p in periods if (p.valid_from or "") > self.day), None)
        label = words or TABLE_WORDS.get(table, table)
        if current is None:
            if later is not None:
                if self._differs(later, values):
                    self._mark_newer(table, later, values, target, label)
                return
            self._open(table, subject, key, values, self._start(periods, since or first_from), label)
            return
        differing = self._differs(current, values)
        if not differing:
            self._told.by(self._row, table, current.id)
            self._put_since(table, current, since, target)
            return
        if later is not None or current.valid_to is not None:
            self._mark_newer(table, later or current, values, target, label)
            return
        self._change(table, subject, key, current, values, since, label=label, target=target, fresh=fresh)

    def end(self, table: str, subject: int, *key: Any, **values: Any) -> bool:
        """Plan that the fact ends on the data date; tell whether one was open."""
        for period in self.state.of(table, subject, *key):
            if period.valid_to is None and (period.valid_from or "") < self.day and period.id > 0:
                period.valid_to = self.day
                self.update(table, period.id, {"valid_to": self.day, **values})
                return True
        return False

    def clear(self, table: str, subject: int, columns: Mapping[str, str], *, target: str) -> None:
        """Plan that columns (→ their words) hold nothing from the data date on; the others of the period go on."""
        periods = self.state.of(table, subject)
        current = next((p for p in periods if (p.valid_from or "") <= self.day < (p.valid_to or _LAST)), None)
        held = [] if current is None else [c for c in columns if current.values.get(c) is not None]
        if current is None or not held:
            return
        if current.valid_to is not None or self.state.newer.get((table, current.uuid), frozenset()) & set(
            held
        ):
            for column in held:
                kept = self.words.shown(table, column, current.values[column])
                self.mark_conflict(target, columns[column], kept, "无")
            return
        in_place = current.id < 0 or self.options.correction or current.valid_from == self.day
        for column in held:
            since = None if in_place else self.day
            self.note_end(columns[column], table, column, current.values[column], since)
        nothing = dict.fromkeys(held)
        rest = {c: v for c, v in current.values.items() if c not in nothing and v is not None}
        if in_place:
            current.values.update(nothing)
            self.update(table, current.id, nothing)
            return
        current.valid_to = self.day
        self.update(table, current.id, {"valid_to": self.day, **_ending(table)})
        if rest:
            self._open(table, subject, (), rest, self.day, "", note=False)

    def clear_columns(self, table: str, known: Known, columns: Mapping[str, str]) -> None:
        """Plan that columns (→ their targets) of a child or person hold nothing."""
        for column, target in columns.items():
            before = known.values.get(column)
            if before is None:
                continue
            words = column_words(table, column)
            if column in self.state.newer.get((table, known.uuid), ()):
                self.mark_conflict(target, words, str(before), "无")
                continue
            self.note_end(words, table, column, str(before), None)
            known.values[column] = None
            self.update(table, known.id, {column: None})

    def _change(
        self,
        table: str,
        subject: int,
        key: tuple[Any, ...],
        current: Period,
        values: dict[str, Any],
        since: str | None,
        *,
        label: str,
        target: str,
        fresh: frozenset[str],
    ) -> None:
        before, differing = dict(current.values), self._differs(current, values)
        only_fills = all(before.get(column) is None for column in differing)
        is_told = current.id < 0 or self._told.otherwise(self._row, table, current.id)
        if is_told and not only_fills:
            shown = self.words.of(table, {**before, **differing}, differing)
            self.mark_differs(target, label, self.words.of(table, before, differing), shown)
            return
        newer = self.state.newer.get((table, current.uuid), frozenset())
        if not only_fills and newer & set(differing):
            self._mark_newer(table, current, differing, target, label)
            return
        in_place = only_fills or self.options.correction or current.valid_from == self.day
        start = since if since and (current.valid_from or "") < since <= self.day else self.day
        after = dict(values) if fresh & set(differing) and not only_fills else {**before, **differing}
        for column in sorted(differing, key=lambda name: (name != "person_id", name)):
            self._note_column(
                label, table, subject, column, before, differing[column], None if in_place else start
            )
        if in_place:
            self._told.by(self._row, table, current.id)
            current.values.update(differing)
            extra = {"valid_from": since} if since and only_fills and current.valid_from is None else {}
            self.update(table, current.id, {**differing, **extra})
            return
        current.valid_to = start
        self.update(table, current.id, {"valid_to": start, **_ending(table)})
        self._open(
            table, subject, key, {k: v for k, v in after.items() if not _is_ending(k)}, start, "", note=False
        )

    def _open(
        self,
        table: str,
        subject: int,
        key: tuple[Any, ...],
        values: dict[str, Any],
        since: str | None,
        words: str,
        *,
        note: bool = True,
        before: Sequence[str] = (),
    ) -> None:
        """Plan a new period. The preview names it by its key, else by its values."""
        subject_column, key_columns, columns = TABLES[table]
        row: dict[str, Any] = {subject_column: subject}
        if key:
            row.update(zip(key_columns, key, strict=True))
        row.update(values, valid_from=since, source=SOURCE, noted_on=self.day)
        new_id = self.insert(table, row)
        if table in SHARED or not self._row.is_new:
            said = {column: values.get(column) for column in columns}
            self.state.add(table, subject, key, Period(new_id, "", since, None, said))
        if note and not self._row.is_new:
            shown = self.words.of_key(table, key) or self.words.of(table, values, values)
            if table == "kinship":
                shown = self.words.person(subject, key[0])
            old = "、".join(self.words.of_key(table, (one,)) for one in before)
            label = (
                f"{words}{TABLE_WORDS[table]}" if table == "away" else words or TABLE_WORDS.get(table, table)
            )
            self._row.changes.append(FieldChange(label, old, shown, since))

    def _start(self, periods: list[Period], since: str | None) -> str | None:
        """Return from when a fact holds that nothing open says: the row's own day, unknown, or after what has ended."""
        ended = max((period.valid_to or _LAST for period in periods), default=None)
        if ended is None:
            return since
        return since if since and since >= ended else max(self.day, ended)

    def _put_since(self, table: str, current: Period, since: str | None, target: str) -> None:
        if since is None or current.valid_from == since or (current.valid_from or "").startswith(since):
            return
        if current.valid_from is None or since.startswith(current.valid_from):
            self.note_change("外出时间", table, "valid_from", current.valid_from, since)
            current.valid_from = since
            self.update(table, current.id, {"valid_from": since})
        elif current.id > 0:
            self.mark_conflict(target, "外出时间", current.valid_from, since)

    def _differs(self, period: Period, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            column: value
            for column, value in values.items()
            if value is not None and not same(period.values.get(column), value)
        }

    # ---- words and marks ---------------------------------------------------------------------------------------------

    def note_change(
        self, label: str, table: str, column: str, before: object, after: object, since: str | None = None
    ) -> None:
        """Note one old → new for the preview."""
        if self._row.is_new:
            return
        shown = "" if before is None else self.words.shown(table, column, before)
        self._row.changes.append(FieldChange(label, shown, self.words.shown(table, column, after), since))

    def note_end(self, label: str, table: str, column: str, before: str, since: str | None) -> None:
        """Note for the preview that something is there no more."""
        self._row.changes.append(FieldChange(label, self.words.shown(table, column, before), "无", since))

    def note_person(self, label: str, before: str, after: str, since: str | None) -> None:
        """Note for the preview that somebody took somebody's place."""
        if not self._row.is_new:
            self._row.changes.append(FieldChange(label, before, after, since))

    def _note_column(
        self,
        label: str,
        table: str,
        subject: int,
        column: str,
        before: Mapping[str, Any],
        after: Any,
        since: str | None,
    ) -> None:
        """Note one changed value of a period: who it is, with what they are to the child, or under its own word."""
        old = before.get(column)
        if table == "care" and column == "person_id":
            self.note_person(label, self.words.person(subject, old), self.words.person(subject, after), since)
            return
        self.note_change(change_label(label, table, column), table, column, old, after, since)

    @property
    def said(self) -> int:
        """Return how many changes of the row have been noted so far."""
        return len(self._row.changes)

    def put_before(self, place: int, first: int) -> None:
        """Let the preview say what was noted from ``first`` on before what stands at ``place``."""
        changes = self._row.changes
        changes[place:] = changes[first:] + changes[place:first]

    def mark_conflict(self, target: str, label: str, kept: str, said: str) -> None:
        """Mark a cell whose value stayed out because the ledger holds a newer one."""
        reason = f"台账里的{label}后来改成了{kept}，花名册写的是{said}；没有覆盖"
        self._mark(target, "conflict", reason)

    def mark_differs(self, target: str, label: str, kept: object, said: object) -> None:
        """Mark a cell that contradicts an earlier row of the same roster about the same person."""
        reason = f"同一个人的{label}在别的行里写的是{kept}，这里写的是{said}；存了前面的"
        self._mark(target, "differs_in_file", reason)

    def _mark_newer(
        self, table: str, kept: Period, values: Mapping[str, Any], target: str, label: str
    ) -> None:
        columns = self._differs(kept, values) or values
        self.mark_conflict(
            target, label, self.words.of(table, kept.values, columns), self.words.of(table, values, columns)
        )

    def _mark(self, target: str, code: str, reason: str) -> None:
        cell: RawCell | None = None
        found = self._row.draft.cells.get(target) or self._row.draft.cells.get(f"child.{target}")
        if found:
            cell = found[0]
        self._row.draft.mark(target, code, reason, cell)


def same(before: object, after: object) -> bool:
    """Tell whether two stored values say the same; texts may differ in width, spaces and line breaks."""
    if before == after:
        return True
    if isinstance(before, str) and isinstance(after, str):
        return "".join(normalise_cell(before).split()) == "".join(normalise_cell(after).split())
    return False


def _ending(table: str) -> dict[str, str]:
    return {"end_reason": "changed_class"} if table == "enrolment" else {}


def _is_ending(column: str) -> bool:
    return column in ("end_reason", "end_note")
