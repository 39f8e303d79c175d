"""Reading that a child's facts were checked: 核实日期 and 核实人 of a collection sheet that came back."""

from datetime import timedelta

from app.children.roster.context import RowContext
from app.children.roster.draft import Cells, RowDraft
from app.children.roster.reading.recent_day import read_recent_day
from app.children.roster.reading.text import yes_or_no

_LONG_AGO = timedelta(days=183)
"""What was checked longer ago than this was checked in another term, or the date is a slip."""


def read_check(draft: RowDraft, cells: Cells, context: RowContext) -> None:
    """Note in the draft on which day (ISO) and by whom the facts were checked; nothing where neither is filled in.

    A day without a year is the latest such day that is not after the day the roster speaks of, and the draft says what
    was written. No day, or a mere tick, is the day the roster speaks of: who signed has checked. A day that cannot be
    read, or has not come yet, is marked as a question, and the row does not count as checked until it is answered. 否
    or 无 for the day is no check.
    """
    days, people = cells.get("survey.checked_on", []), cells.get("survey.checked_by", [])
    who = next((cell.text.strip() for cell in people if cell.text.strip()), "")
    written = next((cell for cell in days if cell.text.strip()), None)
    if written is None:
        draft.checked = (context.day.isoformat(), who) if who else None
        return
    if (said := yes_or_no(written.text)) is not None:
        draft.checked = (context.day.isoformat(), who) if said else None
        return
    found = read_recent_day(written.value, context.day, base_1904=context.base_1904)
    text = written.text.strip()
    if found.day is None:
        reason = f"核实日期「{text}」{found.reason}，这一行还没有记成已核实；请写清是几月几日"
        draft.mark("check", "check_day", reason, written)
        return
    draft.checked = (found.day.isoformat(), who)
    draft.check_written = text if found.year_added else ""
    if context.day - found.day > _LONG_AGO:
        read = f"没有写年份，最近的那一天是 {found.day.isoformat()}，" if found.year_added else ""
        reason = f"核实日期「{text}」{read}过去半年多了，请核对"
        draft.mark("check", "check_long_ago", reason, written)
