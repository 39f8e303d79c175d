"""What is an error of Python and yet no bug of ours: the machine has no memory left, or the program's own files changed."""

import zlib

from app.core.errors import is_memory_short
from app.core.messages import fault

# What a module that is not there, or is half another version, ends in while it is being loaded.
_BROKEN_CODE = (ImportError, SyntaxError, EOFError, ValueError, OSError, zlib.error)
_LOADERS = ("<frozen importlib", "<frozen zipimport", "pyimod")


def as_told(error: BaseException) -> BaseException:
    """Return the EnvironmentFault that says ``error`` to the user, or ``error`` itself when it is what it is.

    ``memory.short``; ``program.changed`` when a part of the program could not be loaded: somebody is putting a newer
    version over the one that runs (reliability R44).
    """
    if is_memory_short(error):
        return fault("memory.short")
    if isinstance(error, _BROKEN_CODE) and _was_loading(error):
        return fault("program.changed", code=type(error).__name__)
    return error


def _was_loading(error: BaseException) -> bool:
    """Tell whether it came from loading code, and not from code that ran."""
    if isinstance(error, ImportError | SyntaxError):
        return True
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    if innermost is None:
        return False
    name = innermost.tb_frame.f_code.co_filename
    return any(loader in name for loader in _LOADERS)
