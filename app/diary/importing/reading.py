"""What one row says: the day, the kind, how, what about, the texts. What has no place of its own goes to the content."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from app.children.roster.reading.dates import read_date
from app.children.roster.reading.text import says_nothing, yes_or_no
from app.core.text import normalise_cell
from app.diary.codes import Activity
from app.diary.drafts import TEXTS
from app.diary.importing.model import ParkedCode
from app.diary.importing.sheets import RawRecord
from app.diary.importing.words import code_in, codes
from app.diary.rules import form_fields, is_blank
from app.pairing.codes import Guidance

_TIME = re.compile(r"(?<![0-9])([01]?[0-9]|2[0-3])[:：时点]([0-5][0-9])?分?(?![0-9])")
_MINUTES = re.compile(r"([0-9]{1,4})\s*(?:分钟|分|min)?", re.IGNORECASE)
_MINUTES_IN_TEXT = re.compile(r"(?<![0-9])([0-9]{1,4})\s*分钟")
_PROMISE = re.compile(r"^承诺：(.+?)(?:（约定 ([0-9]{4}-[0-9]{2}-[0-9]{2})）)?$", re.MULTILINE)
_DAY_IN_TEXT = re.compile(r"[0-9]{4}\s*[.\-/年]\s*[0-9]{1,2}\s*[.\-/月]\s*[0-9]{1,2}\s*[日号]?")
_SEVERAL = re.compile("[、,，;；/ +＋]+")


class ReadRecord(Struct, frozen=True):
    """A row as it was understood. ``code`` and ``reason`` say why it cannot be a record as it stands."""

    kind: Activity | None = None
    happened_on: str = ""
    values: Mapping[str, Any] | None = None
    supporter: str = ""
    carer: str = ""
    promise: str | None = None
    promise_due: str | None = None
    code: ParkedCode | None = None
    reason: str = ""


def read_record(row: RawRecord, today: date) -> ReadRecord:
    """Read a row; the day comes first, since whose it is depends on it."""
    day, reason = read_day(row, today)
    if not day:
        return ReadRecord(code=ParkedCode.BAD_DATE, reason=reason)
    kind = _kind(row)
    if kind is None:
        said = row.text("kind") or row.text("topic")
        reason = f"看不出「{said}」是哪一类记录" if said else "没有写是谈心、家访还是别的"
        return ReadRecord(happened_on=day, code=ParkedCode.UNKNOWN_KIND, reason=reason)
    values, left = _values(row, day, today)
    values["kind"], values["happened_on"] = kind.value, day
    supporter, carer = row.text("supporter"), row.text("carer")
    noted, noted_due = _promise_in(values)
    _part(values, kind)
    texts = [values["content"], *left] if values["content"] else left
    values["content"] = "\n".join(texts) or None
    promise = text_said(row.text("promise")) or noted
    tagged = any(values[one.value] for one in Guidance)
    if is_blank(kind, promise, tagged, values["contacted"] is not None, any(values[name] for name in TEXTS)):
        return ReadRecord(kind, day, code=ParkedCode.EMPTY, reason="除了日期和姓名，没有写内容")
    due = read_other_day(row, "promise_due", today) or noted_due
    return ReadRecord(kind, day, values, supporter, carer, promise, due if due and due >= day else None)


def read_day(row: RawRecord, today: date) -> tuple[str, str]:
    """Return the day of a row, or "" and why there is none."""
    cells = row.cells.get("day", ())
    if not cells:
        return "", "没有写日期"
    cell = cells[0]
    found = _read_day(row, cell.value, cell.text, today)
    if not found:
        return "", f"日期「{cell.text}」看不出是哪一天，要有年、月、日"
    if found > today.isoformat():
        return "", f"日期 {found} 还没有到"
    return found, ""


def _read_day(row: RawRecord, value: Any, text: str, today: date) -> str:
    year, base = today.year, row.base_1904
    said = read_date(value, latest_year=year, of_child=True, base_1904=base)
    if said.value is None or len(said.value) != 10:
        inside = _DAY_IN_TEXT.search(normalise_cell(text))
        if inside is None:
            return ""
        said = read_date("".join(inside[0].split()), latest_year=year, of_child=True, base_1904=base)
    return said.value if said.value is not None and len(said.value) == 10 and said.code is None else ""


def read_other_day(row: RawRecord, field: str, today: date) -> str | None:
    """Return the day in another column of the row; None when there is none."""
    cells = row.cells.get(field, ())
    return (_read_day(row, cells[0].value, cells[0].text, today) or None) if cells else None


def _kind(row: RawRecord) -> Activity | None:
    """Return the kind that the row's own cell says, else its topic, else the sheet; a word nobody knows is none."""
    own = text_said(row.text("kind"))
    for text in (own, row.text("topic")):
        code = code_in("kind", text) if text else None
        if code in Activity.labels():
            return Activity(code)
    return Activity(row.kind) if row.kind and not own else None


def _values(row: RawRecord, day: str, today: date) -> tuple[dict[str, Any], list[str]]:
    """Return the columns of a record, and what is left over, each with its header."""
    left = [f"{cell.header}：{cell.text}" for cell in row.other]
    # A second column of days (谈心日期, 记录日期) is not lost; one that only says the hour is read below.
    left += [
        f"{cell.header}：{cell.text}"
        for cell in row.cells["day"][1:]
        if _read_day(row, cell.value, cell.text, today)
    ]
    started, ended = read_times(row)
    values: dict[str, Any] = {name: text_said(row.text(name)) for name in TEXTS}
    values["place"], values["present"] = text_said(row.text("place")), text_said(row.text("present"))
    values["started"], values["ended"] = started, ended
    values["minutes"] = read_minutes(row.text("minutes")) or _minutes_of_day(row.text("day"))
    for field in ("medium", "topic"):
        text = row.text(field)
        values[field] = (code_in(field, text) if text else None) or _medium_of_kind(field, row)
        if text and code_in(field, text) is None and code_in("kind", text) is None:
            left.append(f"{row.cells[field][0].header}：{text}")
    if values["topic"] is None:  # 「面谈，日常」: how and what about in one cell
        parts = _SEVERAL.split(row.text("medium"))
        values["topic"] = next((codes("topic")[part] for part in parts if part in codes("topic")), None)
    said = {code for part in _SEVERAL.split(row.text("guidances")) if (code := code_in("guidance", part))}
    for guidance in Guidance:
        text = row.text(guidance.value)
        ticked = yes_or_no(text)
        values[guidance.value] = int(
            guidance.value in said or ticked is True or (ticked is None and bool(text_said(text)))
        )
        if ticked is None and text_said(text):
            left.append(f"{row.cells[guidance.value][0].header}：{text}")
    contacted = yes_or_no(row.text("contacted"))
    values["contacted"] = None if contacted is None else int(contacted)
    follow_up = read_other_day(row, "follow_up", today)
    values["follow_up_on"] = follow_up if follow_up and follow_up >= day else None
    if row.text("follow_up") and values["follow_up_on"] is None and text_said(row.text("follow_up")):
        left.append(f"{row.cells['follow_up'][0].header}：{row.text('follow_up')}")
    return values, left


def _promise_in(values: dict[str, Any]) -> tuple[str | None, str | None]:
    """Take the promise out of a content, with its day, as our own registers write it: 承诺：带书（约定 2026-11-27）."""
    found = _PROMISE.search(values["content"] or "")
    if found is None:
        return None, None
    values["content"] = _PROMISE.sub("", values["content"], count=1).strip() or None
    return found[1].strip(), found[2]


def _part(values: dict[str, Any], kind: Activity) -> None:
    """Part a content that holds several fields under their names, line by line, as our own registers write it."""
    columns = {field.label: field.column for field in form_fields(kind)}
    parted: dict[str, list[str]] = {}
    column = "content"
    for line in (values["content"] or "").split("\n"):
        label, colon, rest = line.partition("：")
        column = columns.get(label, column) if colon else column
        parted.setdefault(column, []).append(rest if colon and label in columns else line)
    named = parted.keys() - {"content"}
    if named and not any(values[name] for name in named):
        values["content"] = None
        values.update({name: "\n".join(lines).strip() or None for name, lines in parted.items()})


def _medium_of_kind(field: str, row: RawRecord) -> str | None:
    """Return how people met when the kind itself says it: 电话家访."""
    text = normalise_cell(row.text("kind"))
    return codes("medium").get(text) if field == "medium" and text else None


def text_said(text: str) -> str | None:
    """Return a text; None for a blank and for words that say nothing (无, —)."""
    return None if not text or says_nothing(normalise_cell(text)) else text


def read_times(row: RawRecord) -> tuple[str | None, str | None]:
    """Return beginning and end: of their own columns, else of the day's cell."""
    value = row.cells["day"][0].value
    own = [f"{value:%H:%M}"] if isinstance(value, datetime) and (value.hour or value.minute) else []
    found = [*_clock(row.text("started")), *_clock(row.text("ended"))] or [*own, *_clock(row.text("day"))]
    started, ended = [*found, None, None][:2]
    return (started, None) if started and ended and ended < started else (started, ended)


def _clock(text: str) -> list[str]:
    return [f"{int(hour):02}:{minute or '00'}" for hour, minute in _TIME.findall(normalise_cell(text))]


def _minutes_of_day(text: str) -> int | None:
    """Return the minutes that stand behind a day: 2026-10-08 30 分钟."""
    found = _MINUTES_IN_TEXT.search(normalise_cell(text))
    return int(found[1]) if found and int(found[1]) <= 1440 else None


def read_minutes(text: str) -> int | None:
    """Return the minutes a cell says (5, 5 分, 5分钟); None for anything else."""
    found = _MINUTES.fullmatch(normalise_cell(text))
    return int(found[1]) if found and int(found[1]) <= 1440 else None
