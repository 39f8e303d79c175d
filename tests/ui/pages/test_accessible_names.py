"""A screen reader finds a name on everything that takes the keyboard, on every page and in each of its parts."""

from ui.pages import all_pages
from ui.widgets import Button, QuietField, Text
from ui.widgets.layout import column, holder
from ui.widgets.spoken import nameless


def test_a_field_without_a_name_is_found(look, qtbot):
    bare, named = QuietField(), QuietField()
    named.setAccessibleName("班级")
    root = holder(column(Text("班级"), bare, named, Button("存上")))
    qtbot.addWidget(root)
    root.show()
    assert nameless(root) == ["QuietField in QWidget"]


def test_whatever_takes_the_keyboard_has_a_name(ledger, qtbot, asked):
    bare = {}
    for spec in all_pages():
        example = asked(spec.example) if spec.example is not None else {}
        page = spec.factory(ledger)
        qtbot.addWidget(page)
        page.resize(1366, 688)
        for part in ("", *spec.parts):
            params = {**example, **({"part": part} if part else {})}
            if params:
                page.open_with(**params)
            page.show()
            qtbot.waitUntil(lambda page=page: page.is_whole and not ledger.jobs.busy, timeout=15_000)
            found = nameless(page)
            if found:
                bare[f"{spec.name} {part}".strip()] = found
        page.hide()
    assert bare == {}
