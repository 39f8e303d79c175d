"""The window of 守望: it calls `app` and shows what comes back, nothing else."""

import builtins

from ui import quick_enums

quick_enums.begin()

import PySide6.QtCore  # noqa: E402, F401 - it puts its hook in when it is first imported, so that comes first


def _import_plainly() -> None:
    """Take out the hook that PySide puts before `import`.

    For the sake of ``from __feature__ import …``, which nobody here writes, it reads the source of every module that is
    imported after it and keeps it in memory: a fifth of the time before the first page, and ten megabytes. What PySide
    needs for itself (its classes made when they are first named) is what the hook stands before, and stays.
    """
    plain = getattr(builtins, "__orig_import__", None)
    if plain is not None:
        builtins.__import__ = plain


_import_plainly()
