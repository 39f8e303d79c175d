"""The form of everything that is said when something does not work."""

from msgspec import Struct


class FaultText(Struct, frozen=True):
    """The three parts, with ``{names}`` to be filled in, and the verbs on the buttons, the safe one first.

    ``brief`` says the cause in a few words, for a line that begins with what was not done (备份没做成：空间不足…).
    """

    what: str
    safe: str = ""
    todo: str = ""
    buttons: tuple[str, ...] = ()
    brief: str = ""
