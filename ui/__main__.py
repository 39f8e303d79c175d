"""`python -m ui`, and the window program that is installed: the window, or its test of itself."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path

SELF_TEST = "--self-test"


def main(words: Sequence[str] | None = None) -> int:
    """Open the window; ``--self-test OUT`` tries instead, without anybody's data, whether all its parts are there."""
    words = list(sys.argv[1:] if words is None else words)
    if words[:1] == [SELF_TEST] and len(words) == 2:
        from ui.selftest.run import run

        return run(Path(words[1]))
    leave_untidied()
    from ui.main import main as open_window

    return open_window(words)


def leave_untidied() -> None:
    """Let Python look for no garbage while the program is put together: all of it stays until the end.

    ``ui.shell.collecting`` takes the tidying up over when the window begins.
    """
    gc.disable()


if __name__ == "__main__":
    sys.exit(main())
