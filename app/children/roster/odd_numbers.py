"""A telephone number of an odd length beside one that is good: a digit is missing, and the good one stays."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from app.children.roster.draft import RowDraft
from app.children.roster.reading.phones import is_usual


def wanted_numbers(draft: RowDraft, said: Iterable[str], known: Collection[str]) -> list[str]:
    """Return which numbers of the row are to be written; an odd one only where no good one is known already.

    The mark of the cell then says that nothing was stored, and the row that it is to be asked.
    """
    wanted = [number for number in said if number not in known]
    good = next((number for number in known if is_usual(number)), None)
    odd = [number for number in wanted if not is_usual(number)] if good is not None else []
    for number in odd:
        words = f"电话 {len(number)} 位，位数不对；没有存，台账里原来的号码还留着，请问清楚"
        draft.marks = [
            replace(mark, reason=words)
            if mark.code == "phone_length" and number in _digits(mark.raw)
            else mark
            for mark in draft.marks
        ]
    return [number for number in wanted if number not in odd]


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
