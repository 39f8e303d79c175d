"""The hand that does the program's work in a process of its own while its N-th system call fails or kills it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.faults.kit.disks import CANNOT, needs

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 120.0
# What gives a file its name: few calls, each of them the one that counts.
NAMES = ("rename", "link")
# What puts bytes and names on a disk. A power cut is told before each of them.
CUTS = ("pwrite64", "write", "ftruncate", "fsync", "fdatasync", "rename", "link", "unlink")
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += +(.+)$")
_PATHS = re.compile(r'["<]((?:[^"<>\\]|\\.)*)[">]')


@dataclass(frozen=True, slots=True)
class Inject:
    """What goes wrong: the ``n``-th ``call`` fails with ``error``, or brings ``signal`` when there is none.

    ``onwards``: so do all after it. ``beside`` is one more thing that goes wrong, counted by itself.
    """

    call: str
    n: int
    error: str | None = None
    onwards: bool = False
    signal: str = "SIGKILL"
    beside: Inject | None = None

    @property
    def words(self) -> str:
        """Say it shortly, for findings."""
        beside = f" and {self.beside.words}" if self.beside else ""
        return f"{self.call} {self.n}{'+' if self.onwards else ''} {self.error or self.signal}{beside}"

    @property
    def option(self) -> str:
        """Return it as strace takes it."""
        what = f"error={self.error}" if self.error else f"signal={self.signal}"
        return f"inject={self.call}:{what}:when={self.n}{'+' if self.onwards else ''}"


@dataclass(frozen=True, slots=True)
class Traced:
    """One system call that was seen: its name, the paths in its arguments, what it came to."""

    call: str
    paths: tuple[str, ...]
    answer: str


@dataclass(slots=True)
class Outcome:
    """How a job ended. ``acked`` is what it said to be saved, in order; ``fault`` the key of what it refused with."""

    acked: list[str] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)
    fault: str | None = None
    message: str = ""
    bug: str = ""
    killed: bool = False
    traced: list[Traced] = field(default_factory=list)

    @property
    def hit(self) -> bool:
        """Tell whether what was to go wrong did go wrong."""
        return self.killed or self.injected > 0

    @property
    def injected(self) -> int:
        """How many calls were made to fail."""
        return sum("INJECTED" in one.answer for one in self.traced) + self.killed


class Actor:
    """The fork server and the tracer over it. ``preload`` is a library loaded before all others (the FLIP shim)."""

    spent = 0.0
    """The processor time of all jobs so far, in seconds: they are no children of the test's process."""

    def __init__(self, *, preload: Path | None = None) -> None:
        ours, theirs = socket.socketpair()
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        if preload is not None:
            env["LD_PRELOAD"] = str(preload)
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.kit.server", str(theirs.fileno())],
            cwd=ROOT,
            env=env,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        ours.settimeout(PATIENCE)
        self._control = ours
        self._read_line()

    def close(self) -> None:
        """Let the server end."""
        self._control.close()
        self._server.wait(timeout=PATIENCE)

    def run(
        self,
        job: str,
        *,
        env: dict[str, str],
        inject: Inject | None = None,
        trace: Sequence[str] = (),
        only: Sequence[Path] = (),
        film: Path | None = None,
        user: int = 0,
        file_limit: int = 0,
        meanwhile: Callable[[int, Outcome], None] | None = None,
        **args: object,
    ) -> Outcome:
        """Do a job and return how it ended.

        ``trace`` only watches these calls. ``only``: no other files' calls are watched or counted. ``file_limit`` is the
        largest file in bytes the job may write, ``user`` whose rights it has. ``meanwhile`` is called with the process and
        the outcome so far before each answer is read. ``film`` takes every watched call with all its bytes (``power.py``).
        """
        request = {"job": job, "args": args, "env": env, "user": user, "file_limit": file_limit}
        ours, theirs = socket.socketpair()
        socket.send_fds(self._control, [json.dumps(request, default=str).encode()], [theirs.fileno()])
        theirs.close()
        pid = json.loads(self._read_line())["pid"]
        outcome = Outcome()
        log = Path(env["HOME"]) / f"strace-{pid}.log"
        tracer = (
            _attach(pid, inject, tuple(trace), tuple(only), log, full=film is not None)
            if inject or trace
            else None
        )
        ours.settimeout(PATIENCE)
        try:
            ours.sendall(b"g")
            self._listen(ours, pid, outcome, meanwhile)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            outcome.bug = "the job hung"
        ours.close()
        self._control.sendall(json.dumps({"wait": pid}).encode())
        ended = json.loads(self._read_line())
        outcome.killed = os.WIFSIGNALED(ended["status"]) and os.WTERMSIG(ended["status"]) == signal.SIGKILL
        Actor.spent += ended["seconds"]
        if tracer is not None:
            tracer.communicate(timeout=PATIENCE)
            if film is not None:
                shutil.move(log, film)
            else:
                outcome.traced = _parsed(log)
                log.unlink()
        return outcome

    def _listen(
        self,
        line: socket.socket,
        pid: int,
        outcome: Outcome,
        meanwhile: Callable[[int, Outcome], None] | None,
    ) -> None:
        pending = b""
        while True:
            if meanwhile is not None:
                meanwhile(pid, outcome)
            try:
                got = line.recv(65536)
            except ConnectionResetError:  # killed before it had read the word to begin
                return
            if not got:
                return
            *whole, pending = (pending + got).split(b"\n")
            for text in whole:
                answer = json.loads(text)
                if "ack" in answer:
                    outcome.acked.append(answer["ack"])
                elif "fault" in answer:
                    outcome.fault, outcome.message = answer["fault"], answer["message"]
                elif "bug" in answer:
                    outcome.bug = answer["bug"]
                else:
                    outcome.result = answer

    def _read_line(self) -> bytes:
        content = b""
        while not content.endswith(b"\n"):
            got = self._control.recv(4096)
            if not got:
                raise RuntimeError("the fork server has ended")
            content += got
        return content


def _attach(
    pid: int, inject: Inject | None, trace: tuple[str, ...], only: tuple[Path, ...], log: Path, *, full: bool
) -> subprocess.Popen[bytes]:
    """Hang strace on a waiting process; skip the test where that is not allowed."""
    calls = ",".join(dict.fromkeys((*trace, *_calls(inject))))
    words = [needs("strace"), "-p", str(pid), "-o", str(log), "-s", "0" if inject else "512"]
    if full:
        words += ["-xx", "-s", "10000000"]
    if not inject:
        words.append("-y")  # says the paths behind numbers; slow
    words += ["-e", f"trace={calls}"]
    for path in only:
        words += ["-P", str(path)]
    while inject:
        words += ["-e", inject.option]
        inject = inject.beside
    tracer = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    said = tracer.stderr.readline().decode(errors="replace")
    while "attached" not in said and said:
        if "Operation not permitted" in said:
            os.kill(pid, signal.SIGKILL)
            tracer.wait(timeout=PATIENCE)
            pytest.skip(f"{CANNOT}strace may not be used ({said.strip()})")
        said = tracer.stderr.readline().decode(errors="replace")
    return tracer


def _calls(inject: Inject | None) -> tuple[str, ...]:
    return () if inject is None else (inject.call, *_calls(inject.beside))


def _parsed(log: Path) -> list[Traced]:
    found = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        match = _CALL.match(line)
        if match:
            paths = tuple(_path(text) for text in _PATHS.findall(match[2]))
            found.append(Traced(match[1], paths, match[3]))
    return found


def _path(text: str) -> str:
    """Undo strace's octal escapes."""
    return re.sub(rb"\\([0-7]{1,3})", lambda match: bytes([int(match[1], 8)]), text.encode()).decode(
        "utf-8", "replace"
    )


def operations(outcome: Outcome) -> dict[str, int]:
    """Count the calls of a run that was only watched, and that went well."""
    if outcome.bug or outcome.fault:
        raise RuntimeError(f"it fails by itself: {outcome.bug or outcome.message}")
    return dict(Counter(one.call for one in outcome.traced))


def every(
    counts: dict[str, int], *, most: int | None = None, error: str | None = None, onwards: bool = False
) -> Iterator[Inject]:
    """Yield what goes wrong at each operation of a run that was counted; last, in one, the first beyond each call's.

    That last one must not happen, or the run was not counted rightly. ``most``: of each call take so many, evenly, first
    and last among them; of those that give a file its name, all. ``error`` and ``onwards`` are as of ``Inject``.
    """
    beyond: Inject | None = None
    for call, count in counts.items():
        numbers = range(1, count + 1)
        if most is not None and count > most and call not in NAMES:
            numbers = sorted({1 + round(step * (count - 1) / (most - 1)) for step in range(most)})
        for n in numbers:
            yield Inject(call, n, error, onwards)
        beyond = Inject(call, count + 1, error, onwards, beside=beyond)
    if beyond is not None:
        yield beyond
