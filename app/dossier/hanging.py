"""Which tables hold rows of a child, whichever room they belong to: what the bin, merging and purging walk along."""

from app.calls.tables import AffectionCallRow, CallParked, CallWish, PlannedCallRow
from app.children.tables import DATED, ContactOrder, Doubt, OfChild, ParkedRow
from app.diary.tables import (
    Absence,
    Attachment,
    Attendance,
    CareRecord,
    Counselling,
    DiaryParked,
    Incident,
    IncidentReport,
    Promise,
    ReturnPersuasion,
    TriggerEvent,
)
from app.pairing.tables import HelpCheck, HelpMeasure, HelpPlan, HelpStage, IndividualPlan, PairingRow
from app.storage.base import Row
from app.survey.tables import SurveyCheck
from app.todo.tables import CadenceRule, PaperForm

OF_CHILD: tuple[type[Row], ...] = (
    *(model for model in DATED.values() if issubclass(model, OfChild)),
    ContactOrder,
    Doubt,
    SurveyCheck,
    PairingRow,
    HelpPlan,
    HelpMeasure,
    HelpStage,
    HelpCheck,
    IndividualPlan,
    CareRecord,
    Promise,
    TriggerEvent,
    CallWish,
    PlannedCallRow,
    AffectionCallRow,
    Attendance,
    Absence,
    ReturnPersuasion,
    Incident,
    IncidentReport,
    Counselling,
    Attachment,
    CadenceRule,
    PaperForm,
)
"""Every table whose rows go to the recycle bin with their child, in the order in which a file is read."""
OPENLY_TOLD = tuple(
    model for model in OF_CHILD if model not in (Counselling, Incident, IncidentReport, IndividualPlan)
)
"""Of these the history of a child tells to whoever opens its file; the others are looked at where they are kept."""
WAITING: tuple[type[Row], ...] = (ParkedRow, DiaryParked, CallParked)
"""Rows of a workbook that wait for a decision about a child: theirs is the workbook, they stay when the child goes."""
