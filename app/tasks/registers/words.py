"""A record in the words of its register and of its sheet."""

from collections.abc import Collection
from datetime import date

from app.children.facts import ChildFacts
from app.core.dates import age_on
from app.core.text import mask_numbers
from app.diary.codes import Activity
from app.diary.register import FullRecord
from app.diary.rules import form_fields
from app.pairing.codes import Guidance
from app.paper.record_data import Card, JournalLine
from app.storage.classification import mask_address
from app.tasks.visited import about_words, address, carer

NOT_KNOWN = "没有记是谁"
_WHO = "谈话人"


def guidances_of(record: FullRecord) -> str:
    """Return 学习辅导、心理疏导; "" without a tag."""
    return "、".join(one.label for one in Guidance if one in record.line.guidances)


def when(record: FullRecord) -> str:
    """Return the day with what is known of the time: 2026-11-06 14:30—15:00."""
    line = record.line
    times = f"{line.started or ''}{f'—{record.ended}' if record.ended else ''}"
    length = f"{record.minutes} 分钟" if record.minutes and not record.ended else ""
    return " ".join(part for part in (line.happened_on, times, length) if part)


def how(record: FullRecord) -> str:
    """Return 面谈，日常: how people met and what it was about."""
    medium = record.line.medium
    return "，".join(one.label for one in (medium, record.topic) if one is not None)


def told(record: FullRecord, *, masked: bool, without: Collection[str] = ()) -> str:
    """Return everything that was written, each text under what its form calls it, with the promises.

    ``without`` leaves out columns that stand elsewhere (``plan``: and the promises with it).
    """
    fields = [field for field in form_fields(record.line.kind) if field.column not in without]
    parts = [(field.label, record.texts.get(field.column, "")) for field in fields]
    named = {field.column for field in fields} | set(without)
    rest = [text for column, text in record.texts.items() if column not in named]
    written = [(label, text) for label, text in parts if text]
    # A text that stands alone needs no head.
    lines = [text if len(written) == 1 else f"{_short(label)}：{text}" for label, text in written]
    lines += rest
    if "plan" not in without:
        lines += [f"承诺：{promise}" for promise in record.promises]
    text = "\n".join(lines)
    return mask_numbers(text) if masked else text


def card(record: FullRecord, number: str, child: ChildFacts | None = None, *, masked: bool) -> Card:
    """Return the sheet of one talk, visit or other meeting; ``child`` is what a visit's sheet tells of it (form 5.13)."""
    line = record.line
    is_visit = line.kind is Activity.HOME_VISIT
    facts = [("姓名", line.child_name), ("班级", line.class_name)]
    if is_visit:
        facts += _facts_of_visit(record, child, masked=masked)
    elif line.kind is Activity.TALK:
        facts += _facts_of_talk(record, masked=masked)
    else:
        facts += [
            ("日期时间", when(record)),
            ("方式", how(record)),
            (_WHO, line.supporter_name),
            ("在场", record.carer or _masked(record.present, masked)),
            ("地点", _masked(record.place, masked)),
            ("四导", guidances_of(record)),
        ]
    if line.follow_up_on:
        facts.append(("跟进日期", line.follow_up_on))
    texts = [
        (_short(field.label), _masked(record.texts.get(field.column, ""), masked))
        for field in form_fields(line.kind)
    ]
    if record.promises:
        texts.append(("承诺", _masked("；".join(record.promises), masked)))
    titles = {Activity.TALK: "谈心（谈话）记录表", Activity.HOME_VISIT: "家访记录表"}
    who = _WHO if line.kind is Activity.TALK else "记录人"
    signers = ("教师：", "监护人（手印）：", "日期：") if is_visit else (f"{who}：", "记录日期：")
    return Card(
        title=titles.get(line.kind, f"{line.kind.label}记录表"),
        number=number,
        facts=facts,
        texts=texts,
        signers=signers,
        late=record.late,
        alone=is_visit,
    )


def _facts_of_talk(record: FullRecord, *, masked: bool) -> list[tuple[str, str]]:
    """Return the heads of form 5.12; what is not known stays a line to write on."""
    line = record.line
    facts = [
        ("日期时间", when(record)),
        ("地点", _masked(record.place, masked)),
        (_WHO, line.supporter_name),
        ("职务", record.duty),
        ("类型", record.topic.label if record.topic is not None else ""),
        ("方式", line.medium.label if line.medium is not None else ""),
        ("四导", guidances_of(record)),
    ]
    present = record.carer or _masked(record.present, masked)
    return [*facts, ("在场", present)] if present else facts


def _facts_of_visit(record: FullRecord, child: ChildFacts | None, *, masked: bool) -> list[tuple[str, str]]:
    """Return the heads of form 5.13."""
    line = record.line
    about, phone, home = _of_child(child, line.happened_on, masked=masked)
    facts = [
        ("性别年龄", about),
        ("电话", phone),
        ("日期时间", when(record)),
        ("方式", how(record)),
        ("教师", line.supporter_name),
        ("监护人", record.carer or _masked(record.present, masked)),
        ("地点", _masked(record.place, masked)),
        ("四导", guidances_of(record)),
        ("参与人", _masked(record.present, masked)),
        ("住址", home),
    ]
    return [*facts, ("触发事件", "；".join(record.events))] if record.events else facts


def journal_line(record: FullRecord, *, masked: bool) -> JournalLine:
    """Return one line of a child's journal."""
    return JournalLine(
        record.line.happened_on,
        "\n".join(part for part in (record.line.kind.label, guidances_of(record)) if part),
        record.line.supporter_name,
        told(record, masked=masked),
        record.late,
    )


def _of_child(child: ChildFacts | None, day: str, *, masked: bool) -> tuple[str, str, str]:
    """Return how old the child was on a day, by which number its people are reached, and where it lives."""
    if child is None:
        return "", "", ""
    years = age_on(child.birth_date, date.fromisoformat(day)) if child.birth_date else None
    _, phone = carer(child)
    home = address(child)
    return about_words(child, years), _masked(phone, masked), mask_address(home) if masked else home


def _masked(text: str, masked: bool) -> str:
    return mask_numbers(text) if masked else text


def _short(label: str) -> str:
    """Return a label without what stands in brackets: there is room for the word only."""
    return label.partition("（")[0]
