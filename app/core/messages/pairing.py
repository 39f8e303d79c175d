"""Words of pairing: supporters, pairs, the school's rule, hand-over, help plans."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

PAIRING: Mapping[str, FaultText] = {}
