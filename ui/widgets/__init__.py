"""The shared widgets. Pages compose these and paint nothing themselves."""

from ui.widgets.area import QuietArea
from ui.widgets.button import Button, Kind
from ui.widgets.cell import Cell, Column
from ui.widgets.check import CheckBox, Radio
from ui.widgets.chip import FilterChip, Segments, ViewChip
from ui.widgets.choice import QuietChoice
from ui.widgets.date_field import DateField
from ui.widgets.dialog import AskDialog, Panel, ThreePartDialog, Verb
from ui.widgets.facts import ContactChain, ContactLine, Fact, FactList
from ui.widgets.field import Finding, QuietField, State
from ui.widgets.form import FormGrid, FormRow, SectionHead
from ui.widgets.layout import column, empty_out, holder, row
from ui.widgets.menu import Menu
from ui.widgets.pager import Pager
from ui.widgets.progress import Bar, ProgressFooter
from ui.widgets.reading import Reading
from ui.widgets.search import SearchField
from ui.widgets.sides import SideItem, SideList, StepHeader
from ui.widgets.surface import (
    Banner,
    EmptyState,
    FilterBar,
    FooterBar,
    Ground,
    Rule,
    Scroll,
    Sheet,
    Way,
)
from ui.widgets.table import DataTable
from ui.widgets.text import Link, Tag, Text
from ui.widgets.toast import Toast

__all__ = [
    "AskDialog",
    "Banner",
    "Bar",
    "Button",
    "Cell",
    "CheckBox",
    "Column",
    "ContactChain",
    "ContactLine",
    "DataTable",
    "DateField",
    "EmptyState",
    "Fact",
    "FactList",
    "FilterBar",
    "FilterChip",
    "Finding",
    "FooterBar",
    "FormGrid",
    "FormRow",
    "Ground",
    "Kind",
    "Link",
    "Menu",
    "Pager",
    "Panel",
    "ProgressFooter",
    "QuietArea",
    "QuietChoice",
    "QuietField",
    "Radio",
    "Reading",
    "Rule",
    "Scroll",
    "SearchField",
    "SectionHead",
    "Segments",
    "Sheet",
    "SideItem",
    "SideList",
    "State",
    "StepHeader",
    "Tag",
    "Text",
    "ThreePartDialog",
    "Toast",
    "Verb",
    "ViewChip",
    "Way",
    "column",
    "empty_out",
    "holder",
    "row",
]
