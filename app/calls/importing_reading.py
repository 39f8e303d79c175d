"""What one row of a table of call results says; what has no place of its own goes to the note."""

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from app.calls.codes import CallMedium, Mood, Outcome
from app.calls.importing_model import ParkedCode
from app.calls.log_checking import MOST_MINUTES
from app.children.codes import Relation
from app.children.roster.words import plain_word
from app.core.text import mask_numbers, normalise_cell
from app.diary.importing.reading import read_day, read_minutes, read_times, text_said
from app.diary.importing.sheets import RawCell, RawRecord
from app.diary.importing.words import WordTable

WORDS = WordTable("call_words.toml")
"""Names of columns, and ``outcome``, ``medium``, ``mood``, ``relation``."""
_NOT = re.compile("[没未无不]")
_SEVERAL = re.compile(r"[、,，;；/／]+|(?<=[\u4e00-\u9fff])和(?=[\u4e00-\u9fff]{2,})")
_LIKE_A_TIME = re.compile(r"\d\s*[:：时点]")
_HOUR = re.compile(r"\d{1,2}\s*[:：]\s*\d")
_DAY = re.compile(r"(?:(\d{4})[-./年])?(\d{1,2})[-./月](\d{1,2})日?\s+(\d{1,2}[:：]\d{2})")


class ReadCall(Struct, frozen=True, kw_only=True):
    """A row as it was understood. ``code`` and ``reason`` say why it cannot be a call as it stands."""

    happened_on: str = ""
    outcome: Outcome | None = None
    medium: CallMedium | None = None
    started: str | None = None
    minutes: int | None = None
    line: str = ""
    person: str = ""
    relation: Relation | None = None
    relation_words: str = ""
    mood: Mood | None = None
    said: str | None = None
    promise: str | None = None
    put_off: str | None = None
    staff: str = ""
    note: str | None = None
    code: ParkedCode | None = None
    reason: str = ""


def parted(row: RawRecord) -> Iterator[RawRecord]:
    """Yield the row for each of the children it names (曾小雨、曾小满 share a call); most name one.

    The class goes with them when it names as many; one class for all of them says nothing certain of each.
    """
    names = [name for name in _SEVERAL.split(row.text("name")) if name.strip()]
    if len(names) < 2:
        yield row
        return
    classes = [name for name in _SEVERAL.split(row.text("class")) if name.strip()]
    header = row.cells["name"][0].header
    for place, name in enumerate(names):
        cells = {field: found for field, found in row.cells.items() if field not in {"name", "class"}}
        cells["name"] = (RawCell(header, name.strip(), name.strip()),)
        if len(classes) == len(names):
            text = classes[place].strip()
            cells["class"] = (RawCell(row.cells["class"][0].header, text, text),)
        yield replace(row, cells=cells)


def with_hour(row: RawRecord, today: date) -> RawRecord:
    """Return the row with its hour where it belongs: 时间 is a day by itself, but the hour beside a column 日期."""
    cells = row.cells.get("day", ())
    days = [one for one in cells if read_day(replace(row, cells={"day": (one,)}), today)[0]]
    hours = [one for one in cells if one not in days and (days or _LIKE_A_TIME.search(one.text))]
    left = tuple(one for one in cells if one not in hours)
    if not left or not hours:
        return row
    started = row.cells.get("started", ()) or tuple(hours[:1])
    return replace(row, cells={**row.cells, "day": left, "started": started})


def read_call(row: RawRecord, today: date) -> ReadCall:
    """Read a row; the day comes first, since whose it is depends on it."""
    row = with_hour(row, today)
    day, reason = read_day(row, today)
    if not day:
        return ReadCall(code=ParkedCode.BAD_DATE, reason=reason)
    started, ended = read_times(row)
    minutes = _minutes(row.text("minutes"))
    wrong = _wrong_cell(row, started, minutes)
    if wrong:
        return ReadCall(happened_on=day, code=ParkedCode.CANNOT_BE, reason=wrong)
    if minutes is None and started and ended:
        minutes = _between(started, ended)
    outcome = outcome_in(row.text("outcome"))
    if outcome is None and "outcome" not in row.cells and minutes:
        outcome = Outcome.CONNECTED  # a paper that only keeps the calls that got through has no such column
    if outcome is None:
        told = row.text("outcome")
        why = f"「{told}」看不出接通没有" if told else "没有写接通没有"
        return ReadCall(happened_on=day, code=ParkedCode.NO_OUTCOME, reason=why)
    return ReadCall(
        happened_on=day,
        outcome=outcome,
        medium=CallMedium.of(_code("medium", row.text("medium") or row.text("line"))),
        started=started,
        minutes=minutes,
        line=row.text("line") or row.text("medium"),
        person=row.text("person"),
        relation=Relation.of(_code("relation", row.text("relation") or row.text("person"))),
        relation_words=row.text("relation"),
        mood=Mood.of(_code("mood", row.text("mood"))),
        said=text_said(row.text("said")),
        promise=text_said(row.text("promise")),
        put_off=_put_off(row.text("put_off"), day),
        staff=row.text("staff"),
        note=_note(row, started),
    )


def outcome_in(text: str) -> Outcome | None:
    """Return what a cell says came of the call; None for nothing, or for what may be either."""
    if not text:
        return None
    word = plain_word(text)
    known = WORDS.codes("outcome")
    if word in known:
        return Outcome(known[word])
    # Single signs inside a sentence say nothing; the longest word wins, and 接通 in a sentence that denies is no answer.
    inside = [one for one in known if len(one) > 1 and one in word]
    found = Outcome(known[max(inside, key=len)]) if inside else None
    return None if found is Outcome.CONNECTED and _NOT.search(word) else found


def _code(section: str, text: str) -> str | None:
    return WORDS.code_in(section, text) if text else None


def _minutes(text: str) -> int | None:
    """Return the minutes a cell says: 5, 5分钟, 大约 5 分; None for nothing, or for what is no length of a call."""
    whole = read_minutes(text)
    numbers = re.findall(r"-?\d+(?:\.\d+)?", normalise_cell(text or ""))
    if whole is None and len(numbers) == 1 and numbers[0].isdecimal():
        whole = int(numbers[0])
    return whole if whole is not None and whole <= MOST_MINUTES else None


def _wrong_cell(row: RawRecord, started: str | None, minutes: int | None) -> str:
    """Return which cell holds what cannot be: it is shown to a person, and never left out in silence."""
    if minutes is None and text_said(row.text("minutes")):
        return f"时长「{row.text('minutes')}」不对，要是 0 到 {MOST_MINUTES} 的分钟数"
    for field, shape in (("started", _LIKE_A_TIME), ("day", _HOUR)):
        if started is None and shape.search(normalise_cell(row.text(field))):
            return f"时间「{row.text(field)}」不对，要像 12:20"
    return ""


def _between(started: str, ended: str) -> int:
    hours = [int(one[:2]) * 60 + int(one[3:]) for one in (started, ended)]
    return hours[1] - hours[0]


def _put_off(text: str, day: str) -> str | None:
    """Return 改到 as a minute when it says day and hour; a day without its year is that of the call or the next."""
    found = _DAY.search(normalise_cell(text or ""))
    if found is None:
        return None
    year = int(found[1] or day[:4])
    on = f"{year:04}-{int(found[2]):02}-{int(found[3]):02}"
    if not found[1] and on < day:
        on = f"{year + 1:04}{on[4:]}"
    hour, _, minute = found[4].replace("：", ":").partition(":")
    return f"{on} {int(hour):02}:{minute}"


def _note(row: RawRecord, started: str | None) -> str | None:
    """Return the note: its own column, 午间 and the like, a put-off without a minute, every column that is not known."""
    parts = [text_said(row.text("note"))]
    if started is None and text_said(row.text("started")):
        parts.append(f"时段：{row.text('started')}")
    if row.text("put_off") and _DAY.search(normalise_cell(row.text("put_off"))) is None:
        parts.append(f"改到 {row.text('put_off')}")
    # No number is kept with a call: what looks like one in a column we do not know is masked.
    parts += [f"{cell.header}：{mask_numbers(cell.text)}" for cell in row.other]
    return "；".join(part for part in parts if part) or None
