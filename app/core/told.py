"""What is an error of Python and yet no bug of ours: no memory or no handles left, or the program's own files changed."""

import errno
import logging
import zlib

from app.core.errors import EnvironmentFault, ShouwangError, is_memory_short
from app.core.log import places_of
from app.core.messages import fault
from app.core.parts import missing_parts

log = logging.getLogger("shouwang.told")

# What a module that is not there, or is half another version, ends in while it is being loaded.
_BROKEN_CODE = (ImportError, SyntaxError, EOFError, ValueError, OSError, zlib.error)
_OF_THE_MACHINE = ("memory.short", "files.too_many_open")
_NO_HANDLES = (errno.EMFILE, errno.ENFILE)
_LOADERS = ("<frozen importlib", "<frozen zipimport", "pyimod")


def as_told(error: BaseException) -> BaseException:
    """Return the EnvironmentFault that says ``error`` to the user, or ``error`` itself when it is what it is.

    ``memory.short``; ``files.too_many_open``; ``program.changed`` when a part of the program could not be loaded: somebody
    is putting a newer version over the one that runs (reliability R44). ``program.part_missing`` for whatever goes wrong
    while a file of the program's data is gone.
    """
    told = _as_fault(error)
    if told is None:
        return error
    # Whoever helps needs the place: the fault that is handed on has none. Where nobody updates, a part that is missing is a bug.
    level = logging.WARNING if told.key in _OF_THE_MACHINE else logging.ERROR
    log.log(level, "%s: %s", told.key, places_of(error))
    return told


def _as_fault(error: BaseException) -> EnvironmentFault | None:
    if is_memory_short(error):
        return fault("memory.short")
    if isinstance(error, OSError) and error.errno in _NO_HANDLES:
        return fault("files.too_many_open", code=errno.errorcode[error.errno])
    if isinstance(error, _BROKEN_CODE) and _was_loading(error):
        return fault("program.changed", code=type(error).__name__)
    gone = () if isinstance(error, ShouwangError) or not isinstance(error, Exception) else missing_parts()
    if gone:
        return fault("program.part_missing", names="、".join(gone), code=type(error).__name__)
    return None


def _was_loading(error: BaseException) -> bool:
    """Tell whether it came from loading code, and not from code that ran."""
    if isinstance(error, ImportError):
        return True
    if isinstance(error, SyntaxError):
        # Parsers of documents raise it too (XML, PNG); only what is code stands in a file of its own name.
        return error.filename is not None
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    if innermost is None:
        return False
    name = innermost.tb_frame.f_code.co_filename
    return any(loader in name for loader in _LOADERS)
