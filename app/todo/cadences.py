"""Which cadences are in force on a day: the school's own rows, the shipped style until there are any."""

from datetime import date

from msgspec import Struct

from app.calls.cadence import CALL
from app.calls.presets import SHIPPED_RULE
from app.core.dates import earliest
from app.storage.in_force import in_force_sql
from app.storage.store import Store
from app.todo.codes import Audience, Per, Scope
from app.todo.presets import SHIPPED, STYLES, cadence_words


class CadenceFacts(Struct, frozen=True, kw_only=True):
    """One rule. ``uuid`` is "" and ``shipped`` true while the school has written no rules of its own.

    ``child_uuid`` names the one child it is about, None = all of ``scope``. ``times`` 0 = not asked of.
    """

    activity: str
    audience: Audience
    scope: Scope
    times: int
    per: Per
    note: str | None = None
    child_uuid: str | None = None
    child_name: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    uuid: str = ""
    shipped: bool = False

    @property
    def words(self) -> str:
        """Return the rule in words: 每周谈心一次."""
        return cadence_words(self.activity, self.times, self.per, self.audience, self.scope)


def cadences(store: Store, on: date | None = None) -> tuple[CadenceFacts, ...]:
    """Return the rules in force on a day (None = today), those about one child among them, in the order written."""
    if not is_written(store):
        return shipped_here(store)
    day = (on or store.clock.today()).isoformat()
    return _read(store, f"AND {in_force_sql('r')}", (day,))


def cadence_history(store: Store) -> tuple[CadenceFacts, ...]:
    """Return every rule that ever was, oldest first; () while the shipped style is in force."""
    return _read(store, "", ())


def is_written(store: Store) -> bool:
    """Tell whether the school has rules of its own."""
    return store.one("SELECT 1 FROM cadence_rule WHERE deleted_at IS NULL LIMIT 1") is not None


def shipped(style: str = SHIPPED) -> tuple[CadenceFacts, ...]:
    """Return the rules of a style as they would be in force."""
    return tuple(
        CadenceFacts(
            activity=rule.activity,
            audience=rule.audience,
            scope=rule.scope,
            times=rule.times,
            per=rule.per,
            note=rule.note,
            shipped=True,
        )
        for rule in STYLES[style].cadences
    )


def shipped_here(store: Store) -> tuple[CadenceFacts, ...]:
    """Return what is in force while the school has written no rules: the shipped style, and calls once it has a line.

    A school that has a line calls: from the day of its first one on every child is to call as the planner takes it
    (``calls.presets.SHIPPED_RULE``). Who has no line is not asked for calls unless it says so.
    """
    row = store.one("SELECT count(*), min(coalesce(valid_from, '')) FROM call_line WHERE deleted_at IS NULL")
    if row is None or not row[0] or any(rule.activity == CALL for rule in shipped()):
        return shipped()
    since = earliest(row[1]).isoformat() if row[1] else None
    per = Per(SHIPPED_RULE.per)
    calling = CadenceFacts(
        activity=SHIPPED_RULE.activity,
        audience=Audience.CHILD,
        scope=Scope.ALL,
        times=SHIPPED_RULE.times,
        per=per,
        valid_from=since,
        shipped=True,
    )
    return (*shipped(), calling)


def _read(store: Store, where: str, params: tuple[str, ...]) -> tuple[CadenceFacts, ...]:
    rows = store.rows(
        "SELECT r.activity, r.audience, r.scope, r.times, r.per, r.note, c.uuid, c.name, r.valid_from, r.valid_to,"  # noqa: S608  # ours
        " r.uuid FROM cadence_rule r LEFT JOIN child c ON c.id = r.child_id"
        f" WHERE r.deleted_at IS NULL AND (r.child_id IS NULL OR c.deleted_at IS NULL) {where} ORDER BY r.id",
        params,
    )
    return tuple(
        CadenceFacts(
            activity=activity,
            audience=Audience(audience),
            scope=Scope(scope),
            times=times,
            per=Per(per),
            note=note,
            child_uuid=child_uuid,
            child_name=child_name or "",
            valid_from=valid_from,
            valid_to=valid_to,
            uuid=uuid,
        )
        for activity, audience, scope, times, per, note, child_uuid, child_name, valid_from, valid_to, uuid in rows
    )
