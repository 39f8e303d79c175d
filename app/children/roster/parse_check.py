"""Reading that a child's facts were checked: 核实日期 and 核实人 of a collection sheet that came back."""

from app.children.roster.context import RowContext
from app.children.roster.draft import Cells, RowDraft
from app.children.roster.reading.dates import read_date
from app.children.roster.reading.text import yes_or_no


def read_check(draft: RowDraft, cells: Cells, context: RowContext) -> tuple[str, str] | None:
    """Return the day (ISO) and the person; None where neither is filled in.

    A day that is missing, unreadable or no whole day is the day the roster speaks of: who signed has checked. So is a
    later one: nobody has checked on a day that has not come. What was written and is not that day is marked; a mere tick
    is not. 否 or 无 for the day is no check.
    """
    days, people = cells.get("survey.checked_on", []), cells.get("survey.checked_by", [])
    who = next((cell.text.strip() for cell in people if cell.text.strip()), "")
    found = None
    for cell in days:
        if yes_or_no(cell.text) is False:
            return None
        if cell.text.strip():
            found = read_date(
                cell.value, latest_year=context.day.year, of_child=False, base_1904=context.base_1904
            ).value
    if not who and not any(cell.text.strip() for cell in days):
        return None
    today = context.day.isoformat()
    day = found if found is not None and len(found) == 10 else ""
    written = next((cell for cell in days if cell.text.strip()), None)
    if written is not None and not day and yes_or_no(written.text) is not True:
        reason = f"核实日期「{written.text.strip()}」看不出是哪一天，记成了 {today}，请核对"
        draft.mark("check", "check_day", reason, written)
    elif written is not None and day > today:
        draft.mark(
            "check", "check_later", f"核实日期 {day} 晚于这份表的日期，记成了 {today}，请核对", written
        )
    return min(day or today, today), who
