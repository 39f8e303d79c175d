"""The frozen window program: its test of itself, on every screen there is here, and two starts of one ledger."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
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
    told = next((line for line in lines if line["check"] == "platform"), {})
    if told.get("platform") != platform:
        raise NotSo(f"it ran on {told.get('platform')} instead of {platform}")
    loaded = [str(file) for file in told["loaded"]]
    if sys.platform != "win32" and not any(SCREENS_PLUGIN[platform] in file for file in loaded):
        raise NotSo(f"{SCREENS_PLUGIN[platform]} is not among the plugins that are loaded: {loaded}")
    return ", ".join(loaded)


def second_start(trial: Trial, extra: Mapping[str, str] = NONE) -> str:
    """Open a ledger, start once more with the same: the second hands over to the first and ends by itself."""
    ledger = trial.room("两次启动") / "守望.db"
    wanted(trial.run(CONSOLE, "init", ledger, "--school", "试一试小学"), ["init"])
    first = trial.start(WINDOW, ledger, extra=extra)
    try:
        _wait_until_it_listens(trial, first)
        second = trial.run(WINDOW, ledger, patience=_A_WHILE, extra=extra)
        if first.poll() is not None:
            raise NotSo(f"the first one has ended with {first.returncode}")
        wanted(second, ["the second start"])
        return "the second start handed over to the first"
    finally:
        first.send_signal(signal.SIGTERM)
        first.wait(PATIENCE)


def _wait_until_it_listens(trial: Trial, first: subprocess.Popen[bytes]) -> None:
    """Wait for the named pipe by which a later start finds the window of the first one."""
    pipes = Path(r"\\.\pipe") if sys.platform == "win32" else trial.nothing
    end = time.monotonic() + PATIENCE
    while not any(name.startswith("shouwang-") for name in os.listdir(pipes)):  # noqa: PTH208 - pipes are no files
        if first.poll() is not None or time.monotonic() > end:
            raise NotSo(f"the first start does not listen for a second one (ended: {first.returncode})")
        time.sleep(0.2)


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
