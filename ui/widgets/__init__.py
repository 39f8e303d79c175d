"""The shared widgets. Pages compose these and paint nothing themselves.

``from ui.widgets import Button`` imports the module of the buttons and no other: the first page of the day needs less
than half of them. What is listed for the program stands also in imports above, for whoever checks types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.when_named import imported_when_named

if TYPE_CHECKING:
    from ui.widgets.area import QuietArea as QuietArea
    from ui.widgets.button import Button as Button
    from ui.widgets.button import Kind as Kind
    from ui.widgets.cell import Cell as Cell
    from ui.widgets.cell import Column as Column
    from ui.widgets.check import CheckBox as CheckBox
    from ui.widgets.check import Radio as Radio
    from ui.widgets.chip import FilterChip as FilterChip
    from ui.widgets.chip import Segments as Segments
    from ui.widgets.chip import ViewChip as ViewChip
    from ui.widgets.choice import QuietChoice as QuietChoice
    from ui.widgets.date_field import DateField as DateField
    from ui.widgets.dialog import AskDialog as AskDialog
    from ui.widgets.dialog import Panel as Panel
    from ui.widgets.dialog import ThreePartDialog as ThreePartDialog
    from ui.widgets.dialog import Verb as Verb
    from ui.widgets.facts import ContactChain as ContactChain
    from ui.widgets.facts import ContactLine as ContactLine
    from ui.widgets.facts import Fact as Fact
    from ui.widgets.facts import FactList as FactList
    from ui.widgets.field import Finding as Finding
    from ui.widgets.field import QuietField as QuietField
    from ui.widgets.field import State as State
    from ui.widgets.form import FormGrid as FormGrid
    from ui.widgets.form import FormRow as FormRow
    from ui.widgets.form import SectionHead as SectionHead
    from ui.widgets.layout import column as column
    from ui.widgets.layout import empty_out as empty_out
    from ui.widgets.layout import holder as holder
    from ui.widgets.layout import row as row
    from ui.widgets.menu import Menu as Menu
    from ui.widgets.near_day import NearDate as NearDate
    from ui.widgets.near_day import NearDay as NearDay
    from ui.widgets.pager import Pager as Pager
    from ui.widgets.progress import Bar as Bar
    from ui.widgets.progress import ProgressFooter as ProgressFooter
    from ui.widgets.reading import Reading as Reading
    from ui.widgets.reading import within_room as within_room
    from ui.widgets.search import SearchField as SearchField
    from ui.widgets.sides import SideItem as SideItem
    from ui.widgets.sides import SideList as SideList
    from ui.widgets.sides import StepHeader as StepHeader
    from ui.widgets.surface import Banner as Banner
    from ui.widgets.surface import EmptyState as EmptyState
    from ui.widgets.surface import FilterBar as FilterBar
    from ui.widgets.surface import FooterBar as FooterBar
    from ui.widgets.surface import Ground as Ground
    from ui.widgets.surface import Rule as Rule
    from ui.widgets.surface import Scroll as Scroll
    from ui.widgets.surface import Sheet as Sheet
    from ui.widgets.surface import Way as Way
    from ui.widgets.table import DataTable as DataTable
    from ui.widgets.text import Link as Link
    from ui.widgets.text import Tag as Tag
    from ui.widgets.text import Text as Text
    from ui.widgets.toast import Toast as Toast
else:  # hidden from the type checker: to it every name would be one
    PLACES, __getattr__ = imported_when_named(
        __name__,
        {
            "area": ("QuietArea",),
            "button": (
                "Button",
                "Kind",
            ),
            "cell": (
                "Cell",
                "Column",
            ),
            "check": (
                "CheckBox",
                "Radio",
            ),
            "chip": (
                "FilterChip",
                "Segments",
                "ViewChip",
            ),
            "choice": ("QuietChoice",),
            "date_field": ("DateField",),
            "dialog": (
                "AskDialog",
                "Panel",
                "ThreePartDialog",
                "Verb",
            ),
            "facts": (
                "ContactChain",
                "ContactLine",
                "Fact",
                "FactList",
            ),
            "field": (
                "Finding",
                "QuietField",
                "State",
            ),
            "form": (
                "FormGrid",
                "FormRow",
                "SectionHead",
            ),
            "layout": (
                "column",
                "empty_out",
                "holder",
                "row",
            ),
            "menu": ("Menu",),
            "near_day": (
                "NearDate",
                "NearDay",
            ),
            "pager": ("Pager",),
            "progress": (
                "Bar",
                "ProgressFooter",
            ),
            "reading": ("Reading", "within_room"),
            "search": ("SearchField",),
            "sides": (
                "SideItem",
                "SideList",
                "StepHeader",
            ),
            "surface": (
                "Banner",
                "EmptyState",
                "FilterBar",
                "FooterBar",
                "Ground",
                "Rule",
                "Scroll",
                "Sheet",
                "Way",
            ),
            "table": ("DataTable",),
            "text": (
                "Link",
                "Tag",
                "Text",
            ),
            "toast": ("Toast",),
        },
    )
