"""The numbers a school sets for itself: after how many days, within how many minutes. Shipped values until it does.

What the law leaves open, or places differ in (domain.md §3.2, §3.3, §6), is a row here and never a rule in code.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from app.core.changes import Changes
from app.core.messages import refuse
from app.storage.in_force import in_force_sql
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"school", "todo"})


class Limit(StrEnum):
    """A number of the school's own, by its code; what it means stands in ``SHIPPED``."""

    LATE_ENTRY_DAYS = "late_entry_days"
    PHONE_CONFIRM_DAYS = "phone_confirm_days"
    PAIR_WITHIN_DAYS = "pair_within_days"
    CARER_CHANGED_VISIT_DAYS = "carer_changed_visit_days"
    CHECK_RENEWAL_DAYS = "check_renewal_days"
    ABSENCE_SUSPECT_DAYS = "absence_suspect_days"
    ABSENCE_REPORT_DAYS = "absence_report_days"
    PERSUASION_DAYS = "persuasion_days"
    CARER_TOLD_MINUTES = "carer_told_minutes"
    PARENTS_TOLD_MINUTES = "parents_told_minutes"
    OFFICE_TOLD_MINUTES = "office_told_minutes"
    COUNSEL_LOCK_MINUTES = "counsel_lock_minutes"
    FAILED_CALLS_IN_A_ROW = "failed_calls_in_a_row"


class LimitFacts(Struct, frozen=True):
    """One limit: its words, its unit (天 or 分钟), the shipped number and how far it may be set."""

    words: str
    unit: str
    shipped: int
    least: int
    most: int


SHIPPED: dict[Limit, LimitFacts] = {
    Limit.LATE_ENTRY_DAYS: LimitFacts("事后多少天才录入的记录标「补录」", "天", 7, 1, 60),
    Limit.PHONE_CONFIRM_DAYS: LimitFacts("电话多少天没有核实就提醒", "天", 90, 7, 366),
    Limit.PAIR_WITHIN_DAYS: LimitFacts("登记在册后多少天内要有帮扶人", "天", 10, 1, 120),
    Limit.CARER_CHANGED_VISIT_DAYS: LimitFacts("换了监护人多少天内家访", "天", 7, 1, 120),
    Limit.CHECK_RENEWAL_DAYS: LimitFacts("从业查询多少天要重新做", "天", 365, 30, 1100),
    Limit.ABSENCE_SUSPECT_DAYS: LimitFacts("连续未到校多少天列为疑似辍学", "天", 3, 1, 60),
    Limit.ABSENCE_REPORT_DAYS: LimitFacts("列为疑似辍学后多少天内上报", "天", 3, 0, 60),
    Limit.PERSUASION_DAYS: LimitFacts("没有返校的，多少天后再次劝返", "天", 7, 1, 60),
    Limit.CARER_TOLD_MINUTES: LimitFacts("突发事件多少分钟内告知监护人", "分钟", 30, 5, 1440),
    Limit.PARENTS_TOLD_MINUTES: LimitFacts("突发事件多少分钟内告知父母", "分钟", 60, 5, 1440),
    Limit.OFFICE_TOLD_MINUTES: LimitFacts("突发事件多少分钟内上报教育办和政府", "分钟", 120, 5, 1440),
    Limit.COUNSEL_LOCK_MINUTES: LimitFacts("心理疏导多少分钟不用就锁上", "分钟", 5, 1, 60),
    # Several numbers tried on one day are one time: nobody is visited because of one bad afternoon.
    Limit.FAILED_CALLS_IN_A_ROW: LimitFacts("亲情电话连续多少次没打通就家访", "次", 2, 1, 20),
}


def limit(store: Store, code: Limit, on: date | None = None) -> int:
    """Return the number in force on a day (None = today): the school's own, else the shipped one."""
    day = (on or store.clock.today()).isoformat()
    row = store.one(
        f"SELECT t.number FROM threshold t WHERE t.code = ?2 AND {in_force_sql('t')}"  # noqa: S608  # our own names
        " ORDER BY t.valid_from DESC LIMIT 1",
        (day, code.value),
    )
    return SHIPPED[code].shipped if row is None else int(row[0])


@service
def set_limit(store: Store, *, code: Limit, number: int, since: date, by: str | None = None) -> Changes:
    """Set a number from ``since`` on; what was in force before stays in force for the days before.

    UserError ``limit.out_of_range`` beyond what makes sense, ``dated.later_known`` before the present number began.
    """
    from app.school.tables import Threshold

    facts = SHIPPED[code]
    if not facts.least <= number <= facts.most:
        raise refuse("limit.out_of_range", least=facts.least, most=facts.most, unit=facts.unit)
    start = since.isoformat()
    with store.action(f"{facts.words}：{number} {facts.unit}", kind="limit.set", by=by) as action:
        row = store.one(
            "SELECT uuid, valid_from, number FROM threshold WHERE code = ? AND valid_to IS NULL AND deleted_at IS NULL",
            (code.value,),
        )
        if row is not None and row[2] == number:
            return action.changes(AREAS)
        if row is not None and (row[1] or "") > start:
            raise refuse("dated.later_known", since=row[1])
        if row is not None and (row[1] or "") == start:
            action.update(Threshold, row[0], number=number)
        else:
            if row is not None:
                action.update(Threshold, row[0], valid_to=start)
            action.insert(Threshold, code=code.value, number=number, valid_from=start)
        return action.changes(AREAS)
