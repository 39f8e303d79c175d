"""Running ``python -m app``, in this process or in one of its own: real files, bytes in and out."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path

from app.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
TODAY = "2026-11-21"


@dataclass(frozen=True)
class Ran:
    """What a command has answered."""

    code: int
    out: str
    err: str

    @property
    def value(self):
        """Return the one JSON value on stdout; there must be nothing else."""
        return json.loads(self.out)


def run(*arguments, today=TODAY, stdin="", encoding="utf-8"):
    """Run one command in this process, on streams like those of a console, and return what it answered."""
    streams = {name: TextIOWrapper(BytesIO(), encoding=encoding) for name in ("stdout", "stderr")}
    given = TextIOWrapper(BytesIO(stdin.encode("utf-8")), encoding=encoding)
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = given, streams["stdout"], streams["stderr"]
    try:
        code = main(_typed(arguments, today))
    except SystemExit as stopped:
        code = stopped.code
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    texts = []
    for stream in streams.values():
        stream.flush()
        texts.append(stream.buffer.getvalue().decode(encoding))
    return Ran(code, *texts)


def run_process(*arguments, today=TODAY, stdin="", encoding="utf-8"):
    """Run one command as a process of its own, as a scheduled task does."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *_typed(arguments, today)],
        cwd=ROOT,
        input=stdin.encode("utf-8"),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    return Ran(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))


def _typed(arguments, today):
    return [*(["--today", today] if today else []), *map(str, arguments)]


def ok(*arguments, by=run, **wishes):
    """Run a command that must succeed, and return what it answered."""
    ran = by(*arguments, **wishes)
    assert ran.code == 0, ran
    return ran


def sentence(ran, code=1):
    """Return the Chinese sentence of a command that did not do it: nothing on stdout, no traceback."""
    assert ran.code == code, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert any("\u4e00" <= character <= "\u9fff" for character in ran.err), ran.err
    return ran.err.strip()
