"""摸底核实: the round of every term in which each child's facts are checked, class by class."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _survey(context: Context) -> Page:
    from ui.pages.survey.page import SurveyPage

    return SurveyPage(context)


SPECS = (
    PageSpec("survey", "摸底核实", "people_community", _survey, parent="ledger", parts=("done", "groups")),
)
