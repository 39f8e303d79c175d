"""What is typed into the grid of a week, read as records; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from app.core.dates import is_partial_date
from app.diary.codes import Activity
from app.diary.drafts import TEXTS, PromiseDraft, RecordDraft, row_uuid
from app.diary.rules import form_fields, media_of
from app.pairing.codes import Guidance
from ui.pages.diary.words import SHORT
from ui.widgets import Finding, State
from ui.widgets.date_field import tidy_date
from ui.widgets.near_day import TOGETHER

KINDS = (
    Activity.TALK,
    Activity.TUTORING,
    Activity.GROWTH_JOURNAL,
    Activity.CONTACT,
    Activity.HOME_VISIT,
    Activity.GOOD_NEWS,
)
"""What is entered for many children at once; the rest is written one by one."""
DAY, TAGS, CONTACTED, PROMISE = "day", "tags", "contacted", "promise"
WEEKDAYS = "一二三四五六日"
_HEADS = {DAY: "哪天", TAGS: "四导", CONTACTED: "父母联系过孩子", PROMISE: "答应的事"}
_NOT_IN_A_GRID = frozenset({"background", "family", "economy", "attitude", "surroundings", "needs"})
_PART = re.compile(r"(?:(\d{1,2})\s*[-./月]\s*)?(\d{1,2})\s*[日号]?")
_NAMED = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])|^([一二三四五六日天])(?=\s|$)")
_AROUND = " \u3000()（）,，"
DAYS = 7
_YES = frozenset({"是", "有", "√", "✓", "1", "y", "联系过", "联系了"})
_NO = frozenset({"否", "没有", "无", "×", "0", "n", "没有联系", "没联系"})


class WeekColumn(Struct, frozen=True):
    """One column: its key, its head, what Alt+↓ offers."""

    key: str
    head: str
    choices: tuple[str, ...] = ()


def week_columns(kind: Activity, monday: date) -> tuple[WeekColumn, ...]:
    """Return the columns of a kind, in the order of its paper form."""
    days = tuple(day_name(monday + timedelta(days=n)) for n in range(DAYS))
    found = [WeekColumn(DAY, _HEADS[DAY], days)]
    if kind is Activity.CONTACT:
        found.append(WeekColumn(CONTACTED, _HEADS[CONTACTED], ("是", "否")))
    found.append(WeekColumn(TAGS, _HEADS[TAGS], tuple(SHORT.values())))
    found += [
        WeekColumn(field.column, field.label.partition("（")[0])
        for field in form_fields(kind)
        if field.column not in _NOT_IN_A_GRID
    ]
    found.append(WeekColumn(PROMISE, _HEADS[PROMISE]))
    return tuple(found)


def day_name(day: date) -> str:
    """周三 11-18."""
    return f"周{WEEKDAYS[day.weekday()]} {day:%m-%d}"


def read_day(text: str, monday: date) -> date | None:
    """Return the day that was typed: 周三, 三, 18, 1118, 11-18, 11月18日, 2026-11-18; None when it is none.

    Where a weekday stands beside a day (2026-11-18 周三) the two must agree, and nothing else may stand there: 上周三 is
    no day of this week.
    """
    text = text.strip()
    named = _NAMED.search(text)
    if named is None:
        return _day_in(text, monday)
    weekday = min("一二三四五六日天".index(named.group(1) or named.group(2)), DAYS - 1)
    beside = (text[: named.start()] + text[named.end() :]).strip(_AROUND)
    if not beside:
        return monday + timedelta(days=weekday)
    day = _day_in(beside, monday)
    return day if day is not None and day.weekday() == weekday else None


def _day_in(text: str, monday: date) -> date | None:
    whole = tidy_date(text)
    if len(whole) == len("2026-11-18") and is_partial_date(whole):
        return date.fromisoformat(whole)
    part = TOGETHER.fullmatch(text) or _PART.fullmatch(text)
    if part is None:
        return None
    week = [monday + timedelta(days=n) for n in range(DAYS)]
    month, day = part.group(1), int(part.group(2))
    return next((one for one in week if one.day == day and (month is None or one.month == int(month))), None)


def read_tags(text: str) -> frozenset[Guidance] | None:
    """Return the tags that were typed (学习 心理, 1 3, 学、心); None when something else stands there."""
    found = set()
    rest = text
    for number, (guidance, short) in enumerate(SHORT.items(), start=1):
        words = (guidance.label, short, short[0], str(number))
        if any(word in rest for word in words):
            found.add(guidance)
            for word in words:
                rest = rest.replace(word, "")
    return frozenset(found) if not rest.strip(" ,，、;；/+　") else None


class WeekChild(Struct, frozen=True):
    """A row of the grid: whose, and who is put down as having done it."""

    uuid: str
    name: str
    supporter: str | None


class WeekRead(Struct, frozen=True):
    """What the grid holds: records by row, and what is wrong in which cell (row, column)."""

    drafts: Mapping[int, RecordDraft]
    findings: Mapping[tuple[int, int], Finding]

    @property
    def blocked(self) -> tuple[tuple[int, int], ...]:
        """The cells that cannot be stored."""
        return tuple(place for place, found in self.findings.items() if found.state is State.INVALID)


def read_week(
    kind: Activity,
    monday: date,
    usual_day: str,
    seed: str,
    children: Sequence[WeekChild],
    rows: Sequence[tuple[int, Sequence[str]]],
    begun: int | None = None,
) -> WeekRead:
    """Read the filled rows. `usual_day` is for rows without one; `seed` makes saving twice one record.

    `begun` is the row that is being written: what it still
    lacks is not said yet.
    """
    columns = week_columns(kind, monday)
    drafts: dict[int, RecordDraft] = {}
    findings: dict[tuple[int, int], Finding] = {}
    for place, texts in rows:
        cells = {column.key: text.strip() for column, text in zip(columns, texts, strict=True)}
        keys = [column.key for column in columns]
        day = read_day(cells[DAY], monday) if cells[DAY] else date.fromisoformat(usual_day)
        if day is None:
            findings[place, keys.index(DAY)] = Finding(
                State.INVALID, "看不出是哪一天；可写 周三、18 或 11-18。"
            )
        elif not monday <= day < monday + timedelta(days=DAYS):
            findings[place, keys.index(DAY)] = Finding(State.DOUBTFUL, "不在这一周；照存也可以。")
        tags = read_tags(cells[TAGS])
        if tags is None:
            findings[place, keys.index(TAGS)] = Finding(
                State.INVALID, "只写 心理、生活、学习、行为，可以写几项。"
            )
        if place != begun and not any(text for key, text in cells.items() if key != DAY):
            findings[place, 1] = Finding(State.INVALID, "这一行只有日期；再写一句，或把日期也删掉。")
        contacted = _contacted(cells.get(CONTACTED, ""))
        if cells.get(CONTACTED) and contacted is None:
            findings[place, keys.index(CONTACTED)] = Finding(State.INVALID, "写 是 或 否。")
        child = children[place]
        given = {name: cells[name] or None for name in TEXTS if name in cells}
        media = media_of(kind)
        drafts[place] = RecordDraft(
            uuid=row_uuid(seed, child.uuid, first=False),
            children=(child.uuid,),
            kind=kind,
            happened_on=(day or monday).isoformat(),
            medium=media[0] if media else None,
            supporter_uuid=child.supporter,
            guidances=tags or frozenset(),
            contacted=contacted,
            promises=(
                (
                    PromiseDraft(
                        content=cells[PROMISE], uuid=row_uuid(f"{seed}:promise", child.uuid, first=False)
                    ),
                )
                if cells[PROMISE]
                else ()
            ),
            **given,  # type: ignore[arg-type]
        )
    return WeekRead(drafts, findings)


def _contacted(text: str) -> bool | None:
    if text.lower() in _YES:
        return True
    return False if text.lower() in _NO else None
