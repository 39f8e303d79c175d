"""Words of what is due: rules, printed forms, the survey."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

TODO: Mapping[str, FaultText] = {}
