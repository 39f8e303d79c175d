"""Under which categories (类别登记) a child stands on a day: one reading for every sheet that names them."""

from datetime import date

from app.children.codes import Category
from app.core.dates import in_force
from app.storage.store import Store


def categories_on(store: Store, child_id: int, day: date) -> tuple[str, ...]:
    """Return the categories in force in words, in the order they were noted; a period that may hold ``day`` counts."""
    return tuple(
        Category(code).label
        for code, since, until in store.rows(
            "SELECT category, valid_from, valid_to FROM category_flag WHERE child_id = ? AND deleted_at IS NULL ORDER BY id",
            (child_id,),
        )
        if in_force(since, until, day) is not False
    )
