"""The school's own rule of pairing, per kind, with history. Shipped values until the school writes its own."""

from collections.abc import Mapping
from datetime import date

from app.core.changes import Changes
from app.core.messages import refuse
from app.pairing.codes import ClassTeacherRule, PairingKind, Wish
from app.pairing.facts import PairingRule, SupporterFacts
from app.pairing.tables import PairingRuleRow
from app.storage.action import Action
from app.storage.in_force import in_force_sql
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"pairing", "todo"})

# No source says how many; 4 or 5 children per teacher occur (domain.md §6, MS). Who helps as a pupil has one or two.
SHIPPED: Mapping[PairingKind, PairingRule] = {
    PairingKind.MENTOR: PairingRule(kind=PairingKind.MENTOR),
    PairingKind.SUPPORT_TEACHER: PairingRule(kind=PairingKind.SUPPORT_TEACHER),
    PairingKind.PROXY_PARENT: PairingRule(
        kind=PairingKind.PROXY_PARENT, most=3, class_teacher=ClassTeacherRule.NO
    ),
    PairingKind.STUDY_BUDDY: PairingRule(
        kind=PairingKind.STUDY_BUDDY,
        most=2,
        class_teacher=ClassTeacherRule.NO,
        siblings=Wish.NO,
        woman_for_girls=Wish.NO,
    ),
}
_COLUMNS = "kind, least, most, class_teacher, siblings, woman_for_girls, valid_from, uuid"


def pairing_rules(store: Store, on: date | None = None) -> Mapping[PairingKind, PairingRule]:
    """Return the rule in force on a day (None = today) for every kind."""
    day = (on or store.clock.today()).isoformat()
    rows = store.rows(
        f"SELECT {_COLUMNS} FROM pairing_rule p WHERE {in_force_sql('p')}"  # noqa: S608  # our own names
        " ORDER BY p.valid_from",  # of two that may hold the later one
        (day,),
    )
    written = {
        PairingKind(kind): PairingRule(
            kind=PairingKind(kind),
            least=least,
            most=most,
            class_teacher=ClassTeacherRule(class_teacher),
            siblings=Wish(siblings),
            woman_for_girls=Wish(woman),
            valid_from=start,
            uuid=uuid,
            shipped=False,
        )
        for kind, least, most, class_teacher, siblings, woman, start, uuid in rows
    }
    return {kind: written.get(kind, rule) for kind, rule in SHIPPED.items()}


def limit_words(one: SupporterFacts, kind: PairingKind, rule: PairingRule) -> str:
    """Return what is said beside one more pair with a supporter who has as many as they may: "" below that.

    Limits bind the suggestion; by hand they are told and not refused.
    """
    load = one.loads.get(kind, 0)
    if one.own_limit == 0:
        reason = f"（{one.limit_reason}）" if one.limit_reason else ""
        return f"{one.name}不参加结对{reason}。"
    if one.own_limit is not None:
        if one.children < one.own_limit:
            return ""
        return f"{one.name}已带 {one.children} 名，本人最多 {one.own_limit} 名。"
    return f"{one.name}已带 {load} 名，规则是每人最多 {rule.most} 名。" if load >= rule.most else ""


@service
def set_pairing_rule(store: Store, *, rule: PairingRule, since: date, by: str | None = None) -> Changes:
    """Set how the school pairs in one kind from ``since`` on; before that day the rule before it stays in force.

    The first edit writes the shipped rules of all kinds as rows of their own. UserError ``pairing.rule_numbers``
    when least and most contradict each other, ``dated.later_known`` before the present rule began.
    """
    if not (0 <= rule.least <= rule.most and 1 <= rule.most <= 99):
        raise refuse("pairing.rule_numbers", least=rule.least, most=rule.most)
    start = since.isoformat()
    with store.action(f"结对规则（{rule.kind.label}）：{rule.words}", kind="pairing.rule", by=by) as action:
        if store.one("SELECT 1 FROM pairing_rule WHERE deleted_at IS NULL LIMIT 1") is None:
            if _values(rule) == _values(SHIPPED[rule.kind]):
                return action.changes(AREAS)
            for shipped in SHIPPED.values():
                action.insert(PairingRuleRow, **_values(shipped))
        row = store.one(
            f"SELECT {_COLUMNS} FROM pairing_rule WHERE kind = ? AND valid_to IS NULL AND deleted_at IS NULL",  # noqa: S608
            (rule.kind.value,),
        )
        _write(action, rule, row, start)
        return action.changes(AREAS)


def _write(action: Action, rule: PairingRule, row: tuple[object, ...] | None, start: str) -> None:
    values = _values(rule)
    if row is not None:
        began, uuid = str(row[6] or ""), str(row[7])
        if tuple(values.values()) == row[:6]:
            return
        if began > start:
            raise refuse("dated.later_known", since=began)
        if began == start:
            action.update(PairingRuleRow, uuid, **values)
            return
        action.update(PairingRuleRow, uuid, valid_to=start)
    action.insert(PairingRuleRow, **values, valid_from=start)


def _values(rule: PairingRule) -> dict[str, object]:
    return {
        "kind": rule.kind.value,
        "least": rule.least,
        "most": rule.most,
        "class_teacher": rule.class_teacher.value,
        "siblings": rule.siblings.value,
        "woman_for_girls": rule.woman_for_girls.value,
    }
