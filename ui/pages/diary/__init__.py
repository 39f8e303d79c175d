"""The care diary: what was done, the week at a glance, and the form a record is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.context import Context
from ui.shell.page import Page, PageSpec

if TYPE_CHECKING:
    from app.storage.store import Store


def _diary(context: Context) -> Page:
    from ui.pages.diary.page import DiaryPage

    return DiaryPage(context)


def _record(context: Context) -> Page:
    from ui.pages.diary.page import RecordPage

    return RecordPage(context)


def _registers(context: Context) -> Page:
    from ui.pages.diary.register_page import RegisterPage

    return RegisterPage(context)


def _example(store: Store) -> dict[str, Any]:
    """The newest home visit, for pictures of the form."""
    from app.diary.codes import Activity
    from app.diary.queries import RecordFilters, records

    found = records(store, RecordFilters(kinds=frozenset({Activity.HOME_VISIT})), limit=1)
    return {"uuid": found[0].uuid} if found else {}


SPECS = (
    PageSpec(
        "diary",
        "日记",
        "notebook",
        _diary,
        parts=("week", "meetings", "absences", "incidents", "counselling"),
    ),
    PageSpec("record", "记一条", "edit", _record, parent="diary", example=_example),
    PageSpec("registers", "登记册和记录表", "table", _registers, parent="diary"),
)
