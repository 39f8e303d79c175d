"""The statistics as plain data and as lines of words."""

from collections.abc import Iterable

from app.children.codes import ParentsCode
from app.school.codes import RULES
from app.statistics.call_count import CallCount
from app.statistics.rules import ClassCount, RuleCount, Sexes, Statistics, share

Plain = dict[str, object]
_ANSWERS = {"2": "双亲留守", "1": "单亲留守", "0": "非留守", "yes": "是", "no": "不是", "pending": "待确认"}


def as_plain(found: Statistics) -> Plain:
    """Return ``found`` as it goes into JSON. Every split foots to ``children.total``."""
    return {
        "as_of": found.as_of.isoformat(),
        "term": found.term,
        "pupils": _sexes(found.pupils),
        "pupils_source": found.pupils_source.value,
        "children": _sexes(found.children),
        "both_parents_out": found.parents[ParentsCode.BOTH],
        "one_parent_out": found.parents[ParentsCode.ONE],
        "no_parent_out": found.parents[ParentsCode.NONE],
        "parents_not_collected": found.parents[ParentsCode.NOT_COLLECTED],
        "care": {bucket.value: number for bucket, number in found.care.items()},
        "categories": {category.value: number for category, number in found.categories.items()},
        "counting_rules": {code.value: _rule(rule) for code, rule in found.rules.items()},
        "by_class": [_class(row) for row in found.by_class],
        "awaiting_graduation": found.awaiting_graduation,
        **({"calls": _calls(found.calls)} if found.calls is not None else {}),
    }


def _calls(found: CallCount) -> Plain:
    return {
        "since": found.since.isoformat(),
        "attempts": found.attempts,
        "connected": found.connected,
        "minutes": found.minutes,
        "children_reached": len(found.reached),
        "children_not_reached": len(found.not_reached),
        "reached_this_month": len(found.month),
        "reached_this_week": len(found.week),
    }


def _sexes(number: Sexes) -> Plain:
    return {
        "total": number.total,
        "boys": number.boys,
        "girls": number.girls,
        "sex_not_collected": number.not_collected,
    }


def _class(row: ClassCount) -> Plain:
    return {
        "class_key": row.key,
        "name": row.name,
        "pupils": row.pupils.total,
        **_sexes(row.children),
        "both": row.parents[ParentsCode.BOTH],
        "one": row.parents[ParentsCode.ONE],
        "none": row.parents[ParentsCode.NONE],
        "not_collected": row.parents[ParentsCode.NOT_COLLECTED],
    }


def _rule(found: RuleCount) -> Plain:
    return {
        **found.counts,
        "to_confirm": found.to_confirm,
        "months": found.rule.months,
        "registered_not_derived": list(found.registered_not_derived),
        "derived_not_registered": list(found.derived_not_registered),
    }


def as_lines(found: Statistics) -> list[str]:
    """Return ``found`` as lines for people; the first names the cut-off day and the school's own 口径."""
    rate = share(found.children.total, found.pupils.total)
    lines = [
        f"截止 {found.as_of.isoformat()}，{found.term}，口径：登记在册的留守儿童",
        f"在校学生 {found.pupils.total} 名；在册 {found.children.total} 名（{_sex_words(found.children)}），占 {rate}",
        "父母：" + _counts((code.label, number) for code, number in found.parents.items()),
        "照护：" + _counts((code.label, number) for code, number in found.care.items()),
        "类别：" + _counts((code.label, number) for code, number in found.categories.items() if number),
    ]
    if found.calls is not None and found.calls.attempts:
        calls = found.calls
        lines.append(
            f"亲情电话：本学期打 {calls.attempts} 次，接通 {calls.connected} 次；接到过的 {len(calls.reached)} 名，"
            f"还没有的 {len(calls.not_reached)} 名；本月 {len(calls.month)} 名"
        )
    for code, rule in found.rules.items():
        lines.append(
            f"{RULES[code]}：" + _counts((_ANSWERS[answer], number) for answer, number in rule.counts.items())
        )
    lines.extend(
        f"{row.name}\t在册 {row.children.total}\t双亲 {row.parents[ParentsCode.BOTH]}\t单亲 {row.parents[ParentsCode.ONE]}"
        for row in found.by_class
    )
    if found.awaiting_graduation:
        lines.append(f"另有 {found.awaiting_graduation} 名已过最高年级，待确认毕业，没有计入。")
    return lines


def _counts(pairs: Iterable[tuple[str, int]]) -> str:
    return "，".join(f"{label} {number}" for label, number in pairs) or "无"


def _sex_words(number: Sexes) -> str:
    unknown = f"，性别未采集 {number.not_collected}" if number.not_collected else ""
    return f"男 {number.boys}，女 {number.girls}{unknown}"
