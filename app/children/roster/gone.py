"""A row that says the child may have left (转走, 退学): asked about before it goes in, never judged."""

from collections.abc import Iterable

from msgspec.structs import replace

from app.children.roster.draft import Mark, RowDraft
from app.children.roster.match import Match, Matcher
from app.children.roster.model import ParkedCode, PlannedRow, Resolution, RosterOptions, RowResult
from app.children.roster.parse_needs import GONE


def asked_of(draft: RowDraft, match: Match, matcher: Matcher, looked_at: Iterable[tuple[str, str]]) -> Match:
    """Return who the row is, or the question whether the child is still here, when the row leaves that open.

    ``looked_at`` are (code, raw text) of the doubts the known child carries: a row that went in with its remark before
    is not asked about again.
    """
    marks = _marks(draft)
    known = match.known
    if not marks or {(mark.code, mark.raw) for mark in marks} <= set(looked_at):
        return match
    return Match(
        code=ParkedCode.MAYBE_GONE,
        reason=f"{_where(marks[0])}写着「{_said(draft, marks[0])}」：还在校吗？",
        detail="还在校就照样登记；已经不在本校的放着不动，台账里有这名儿童的，再到档案里办退出",
        candidates=() if known is None else (matcher.candidate(known),),
    )


def answered(draft: RowDraft) -> None:
    """Take the question off a row about which it was answered that the child is here; the remark itself stays."""
    draft.marks = [mark for mark in draft.marks if mark.code != GONE]


def with_left_out(rows: Iterable[PlannedRow], options: RosterOptions) -> tuple[PlannedRow, ...]:
    """Return the planned rows; those that wait and were decided to stay out do not wait."""

    def stays_out(row: PlannedRow) -> bool:
        decision = options.decisions.get((row.sheet, row.row))
        return (
            row.result is RowResult.PARKED
            and decision is not None
            and decision.resolution is Resolution.DROPPED
        )

    # Its doubtful cells are nobody's to put right any more.
    return tuple(replace(row, result=RowResult.LEFT_OUT, marks=()) if stays_out(row) else row for row in rows)


def is_asked(draft: RowDraft) -> bool:
    """Tell whether the row says that the child may have left."""
    return bool(_marks(draft))


def _marks(draft: RowDraft) -> list[Mark]:
    return [mark for mark in draft.marks if mark.code == GONE]


def _where(mark: Mark) -> str:
    return "姓名后面" if mark.field == "name" else f"「{mark.column}」一栏"


def _said(draft: RowDraft, mark: Mark) -> str:
    text = mark.raw.replace(draft.name, "", 1) if mark.field == "name" else mark.raw
    return text.strip("（()）[]【】 -—－、，,：:　") or mark.raw
