"""The frozen window program: its test of itself, on every screen there is here, and two starts of one ledger."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from frozen.names import CONSOLE, WINDOW
from frozen.trial import NONE, PATIENCE, NotSo, Trial, tail, wanted

_A_WHILE = 120

SCREENS_PLUGIN = {"offscreen": "qoffscreen", "xcb": "qxcb", "windows": "qwindows"}


def self_test(trial: Trial, platform: str, extra: Mapping[str, str] = NONE) -> list[dict[str, Any]]:
    """Let the window program try itself out; return its lines. NotSo when it could not even say what is wrong."""
    out = trial.room(f"自检-{platform}") / "结果.jsonl"
    done = trial.run(WINDOW, "--self-test", out, extra={**extra, "QT_QPA_PLATFORM": platform})
    try:
        lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError):
        lines = []
    if not lines or (done.returncode != 0 and all(line["ok"] for line in lines)):
        raise NotSo(f"the window program ended with {done.returncode}: {tail(done)}")
    if lines[-1]["check"] != "end":
        raise NotSo(f"the test of itself broke off after {lines[-1]['check']}: {tail(done)}")
    return lines


def really_on(lines: Sequence[dict[str, Any]], platform: str) -> str:
    """Return the plugins the window had loaded; NotSo when it ran on another platform than it should."""
    told = next((line for line in lines if line["check"] == "platform"), None)
    if told is None or "platform" not in told:
        bad = next((line for line in lines if not line["ok"]), {"check": "end", "why": "nothing was tried"})
        raise NotSo(f"it did not come as far as the window: {bad['check']}: {bad.get('why')}")
    if told["platform"] != platform:
        raise NotSo(f"it ran on {told['platform']} instead of {platform}")
    loaded = [str(file) for file in told["loaded"]]
    if sys.platform != "win32" and not any(SCREENS_PLUGIN[platform] in file for file in loaded):
        raise NotSo(f"{SCREENS_PLUGIN[platform]} is not among the plugins that are loaded: {loaded}")
    return ", ".join(loaded)


def starts_again(trial: Trial, extra: Mapping[str, str] = NONE) -> str:
    """Press the icon twice, then once more later: one window stays, every other start hands over to it and ends.

    At last the system ends that one, as at a log-out (not on Windows, where no program can be asked so): it makes its backup.
    """
    ledger = trial.room("两次启动") / "守望.db"
    wanted(trial.run(CONSOLE, "init", ledger, "--school", "试一试小学"), ["init"])
    both = [trial.start(WINDOW, ledger, extra=extra) for _ in range(2)]
    try:
        ended = _first_to_end(both)
        (stays,) = (one for one in both if one is not ended)
        if ended.returncode != 0:
            raise NotSo(f"of two starts at once one ended with {ended.returncode}")
        wanted(trial.run(WINDOW, ledger, patience=_A_WHILE, extra=extra), ["a later start"])
        if stays.poll() is not None:
            raise NotSo(f"the window that was there has ended with {stays.returncode}")
        if sys.platform != "win32":
            stays.terminate()
            if stays.wait(PATIENCE) != 0 or not list(ledger.parent.rglob("*_关闭.db")):
                raise NotSo(f"asked to end by the system it ended with {stays.returncode}, or made no backup")
        return "one window stays"
    finally:
        for one in both:
            one.terminate()
            one.wait(PATIENCE)


def nothing_unforeseen(trial: Trial) -> str:
    """No program of this trial has logged what its writers had not foreseen; on Windows nobody sees its window here."""
    logs = sorted(trial.home.rglob("shouwang.log*"))
    if not logs:
        raise NotSo("no log was written")
    told = [line for log in logs for line in log.read_text(encoding="utf-8").splitlines()]
    bugs = [line.partition(" bug: ")[2] for line in told if " bug: " in line]
    if bugs:
        raise NotSo(f"{len(bugs)} bugs were logged, the last: {bugs[-1]}")
    return f"{len(told)} lines"


def takes_a_bad_home(trial: Trial) -> str:
    """Where the home takes no files, and there is no screen, it is the screen that is missed, in words."""
    closed = trial.room("不让写的家") / "家"
    closed.write_bytes(b"")
    done = trial.run(WINDOW, patience=_A_WHILE, extra={"HOME": str(closed)})
    said = done.stderr.decode("utf-8", errors="replace")
    if done.returncode != 1 or "屏幕" not in said or "Traceback" in said:
        raise NotSo(f"it ended with {done.returncode}: {tail(done)}")
    return said.partition("：")[0]


def _first_to_end(programs: Sequence[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    end = time.monotonic() + _A_WHILE
    while time.monotonic() < end:
        for one in programs:
            if one.poll() is not None:
                return one
        time.sleep(0.1)
    raise NotSo(f"two starts of one ledger are both still there after {_A_WHILE} s")


@contextmanager
def x_screen() -> Iterator[dict[str, str] | None]:
    """Yield the variables of a virtual X screen of 1366 × 768; None where there is none to be had."""
    program = shutil.which("Xvfb")
    if program is None or sys.platform == "win32":
        yield None
        return
    reads, writes = os.pipe()
    words = [
        program,
        "-displayfd",
        str(writes),
        "-screen",
        "0",
        "1366x768x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    server = subprocess.Popen(words, pass_fds=(writes,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writes)
    try:
        with os.fdopen(reads, encoding="ascii") as told:
            number = told.readline().strip()
        if not number:
            raise NotSo("Xvfb does not start")
        yield {"DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait(30)
