"""Words of the diary: records, promises, events, attachments, workbooks of past records."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

DIARY: Mapping[str, FaultText] = {}
