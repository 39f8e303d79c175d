"""``python -m app …``: the command line (``python -m app --help``).

Exit codes: 0 done, 1 refused or failed with one Chinese sentence on stderr, 2 wrong usage.
"""

import logging
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress

from app.cli.answers import prepare_streams, say, tell
from app.cli.arguments import build_parser
from app.core.clock import Clock, DayClock, SystemClock
from app.core.errors import ShouwangError
from app.core.told import as_told

_STOPPED = "已停止，没有留下做到一半的内容。"
_BROKEN = "程序里出了没有料到的错，这一步没有做完。以前保存的都在。请把运行记录{place}交给帮您装程序的人。"

# Without a handler Python prints what is meant for the log on stderr, between the sentences for the user.
_NO_LOG = logging.NullHandler()

# Given back when the memory has run out: room to say so, and for Python to end. Untouched till then, it takes no real memory.
_ROOM_TO_SPEAK = 4 << 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    prepare_streams()
    logging.getLogger().addHandler(_NO_LOG)
    args = build_parser().parse_args(arguments)
    reserve = [bytearray(_ROOM_TO_SPEAK)]
    try:
        return _run(args)
    except ShouwangError as refused:
        reserve.clear()
        say(refused)
    except KeyboardInterrupt:
        say(_STOPPED)
    except BrokenPipeError:
        pass  # whoever read our answer has gone
    # The last place before the user: whatever is left is a bug of ours, told in words and logged.
    except Exception as bug:  # noqa: BLE001
        reserve.clear()
        told = as_told(bug)
        say(told if told is not bug else _BROKEN.format(place=_log_bug(bug)))
    return 1


def _run(args: Namespace) -> int:
    from app.cli.commands import COMMANDS

    clock: Clock = DayClock(args.today) if args.today else SystemClock()
    answer = COMMANDS[args.command](args, clock)
    tell(answer, as_json=args.json)
    return answer.code


def _log_bug(bug: Exception) -> str:
    """Write the traceback of an unexpected error into the log and return where it is, "" when it could not be written."""
    with suppress(OSError, ImportError, MemoryError):
        from app.core.log import bound_log, start_log
        from app.core.paths import log_folder

        path = start_log(log_folder())
        bound_log(log_folder())
        logging.getLogger(__name__).error("a command ended in an unexpected error", exc_info=bug)
        return f"（{path.name}）"
    return ""


if __name__ == "__main__":
    raise SystemExit(main())
