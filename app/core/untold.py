"""Records whose content never gets into a log or the words of an error."""

from msgspec import Struct
from typing_extensions import override


class Untold(Struct, frozen=True):
    """A record that shows nothing of itself but its kind: what a counsellor wrote, the bytes of a roster."""

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
