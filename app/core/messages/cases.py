"""Words of counselling, incidents, absences and meetings."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

CASES: Mapping[str, FaultText] = {}
