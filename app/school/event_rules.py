"""Which event opens a visit, and within how many days: 五必访 and the school's own, as data (domain.md §6)."""

from datetime import date

from msgspec import Struct

from app.storage.in_force import in_force_sql
from app.storage.store import Store


class EventRuleFacts(Struct, frozen=True):
    """One rule: the event's name, the named list it belongs to, what falls due and within how many days.

    ``uuid`` is "" and ``shipped`` true while the school has written no rules of its own.
    """

    code: str
    name: str
    family: str
    activity: str
    days: int
    valid_from: str | None = None
    uuid: str = ""
    shipped: bool = True


CALLS_FAILED = "calls_failed"
"""The event that the log of affection calls reports by itself: so many days in a row nobody was reached."""

# The events are those of the report (● domain.md §6); no source says within how many days, so the school sets that.
SHIPPED: tuple[EventRuleFacts, ...] = (
    *(
        EventRuleFacts(code, name, "五必访", "home_visit", 5)
        for code, name in (
            ("unwell", "身体不佳"),
            ("low_spirits", "情绪不好"),
            ("marks_down", "成绩下降"),
            ("quarrel", "与同学争吵"),
            ("late_or_early", "迟到早退"),
        )
    ),
    EventRuleFacts(CALLS_FAILED, "亲情电话连续没打通", "亲情电话", "home_visit", 7),
)


def event_rules(store: Store, on: date | None = None) -> tuple[EventRuleFacts, ...]:
    """Return the rules in force on a day (None = today): the shipped ones until the school has written its own.

    One that was not shipped yet when the school wrote its rules is in force with them until the school says otherwise.
    """
    own = unwritten_rules(store)
    if own == SHIPPED:
        return SHIPPED
    day = (on or store.clock.today()).isoformat()
    rows = store.rows(
        "SELECT e.code, e.name, e.family, e.activity, e.days, e.valid_from, e.uuid FROM event_rule e"  # noqa: S608
        f" WHERE {in_force_sql('e')} ORDER BY e.id",
        (day,),
    )
    return (
        *(
            EventRuleFacts(code, name, family or "", activity, days, start, uuid, shipped=False)
            for code, name, family, activity, days, start, uuid in rows
        ),
        *own,
    )


def unwritten_rules(store: Store) -> tuple[EventRuleFacts, ...]:
    """Return the shipped rules about which the school has never written anything."""
    if store.one("SELECT 1 FROM event_rule WHERE deleted_at IS NULL LIMIT 1") is None:
        return SHIPPED
    written = {row[0] for row in store.rows("SELECT DISTINCT code FROM event_rule")}
    return tuple(rule for rule in SHIPPED if rule.code not in written)


def event_name(store: Store, code: str) -> str:
    """Return what an event is called, also one whose rule has ended; the code itself when nobody ever named it."""
    row = store.one("SELECT name FROM event_rule WHERE code = ? ORDER BY id DESC LIMIT 1", (code,))
    if row is not None:
        return str(row[0])
    return next((rule.name for rule in SHIPPED if rule.code == code), code)
