"""The statistics as plain data, for ``stats --json``."""

from app.children.codes import ParentsCode
from app.statistics.rules import ClassCount, RuleCount, Sexes, Statistics

Plain = dict[str, object]


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
