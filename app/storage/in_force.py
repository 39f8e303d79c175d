"""Which dated rows hold on a day, as SQL: their dates may name a month or a year only."""


def in_force_sql(alias: str) -> str:
    """Return the condition that a dated row of ``alias`` holds, or may hold, on day ``?1``.

    What ended in a month (a year) holds no more on the last day of it, as ``core.dates.in_force`` has it.
    """
    a = alias
    length = f"length({a}.valid_to)"
    return (
        f"{a}.deleted_at IS NULL AND ({a}.valid_from IS NULL OR {a}.valid_from <= ?1)"
        f" AND ({a}.valid_to IS NULL OR {a}.valid_to > ?1"
        f" OR ({length} < 10 AND substr(date(?1, '+1 day'), 1, {length}) = {a}.valid_to))"
    )
