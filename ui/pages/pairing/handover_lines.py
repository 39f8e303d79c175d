"""The lines of 办交接: what goes with each child to whom, and who would have more than the rule allows."""

from __future__ import annotations

from collections.abc import Sequence

from ui.pages.pairing.handover_panel import Row
from ui.pages.pairing.pair_panel import Choices
from ui.theme import Tone
from ui.widgets import Cell, Column


def _child(row: Row) -> Cell:
    return Cell(row.line.child, bold=True, second=row.line.class_name or "不在班")


def _kind(row: Row) -> Cell:
    """As what, since when; of several pairs the kinds."""
    pairs = row.line.pairs
    if not pairs:
        return Cell("—", Tone.INK3)
    since = pairs[0].valid_from
    kinds = "、".join(dict.fromkeys(pair.kind.label for pair in pairs))
    return Cell(kinds, Tone.INK2, second=f"{since} 起" if since else "")


def _to(row: Row) -> Cell:
    if row.line.stale:
        return Cell("已离册，只解除", Tone.INK3)
    return Cell(row.to_name, bold=True) if row.to else Cell("还没有选", Tone.OCHRE)


def _carried(row: Row) -> Cell:
    """What goes along, and what falls due next."""
    line = row.line
    counted = [
        (len(line.promises), "条承诺没兑现"),
        (len(line.events), "件事要跟进"),
        (line.plans, "份帮扶计划"),
    ]
    words = [f"{count} {what}" for count, what in counted if count]
    second = []
    if line.due:
        first = line.due[0]
        when = f"已过 {first.days_over} 天" if first.days_over > 0 else f"下次 {first.due.isoformat()}"
        second.append(f"{when} {first.rule}")
    if line.flags:
        second.append("、".join(line.flags))
    return Cell("，".join(words) or "结对", Tone.INK, second="；".join(second))


def columns() -> list[Column]:
    """What stands of each child: who has it, who takes it, what goes along."""
    return [
        Column("child", "儿童", _child, "买买提·阿卜杜热西提", frozen=True),
        Column("kind", "类别", _kind, "2026-09-01 起"),
        Column("to", "交给", _to, "买买提·阿卜杜热西提"),
        Column("carried", "一起交过去的", _carried, "12 条承诺没兑现，2 件事要跟进，1 份帮扶计划"),
    ]


def over_the_rule(choices: Choices, rows: Sequence[Row]) -> str:
    """Say who would have more children than the rule allows; "" where nobody."""
    words = []
    for key, facts in choices.facts.items():
        for kind, rule in choices.rules.items():
            coming = sum(
                1 for row in rows if row.to == key and any(pair.kind is kind for pair in row.line.pairs)
            )
            most = rule.most if facts.own_limit is None else facts.own_limit
            after = facts.loads.get(kind, 0) + coming
            if coming and after > most:
                words.append(f"{facts.name}会带 {after} 名，规则最多 {most} 名")
    return f"{'；'.join(words)}。" if words else ""
