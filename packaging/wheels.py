"""Check that every pinned package can be installed on every system: nothing is ever compiled at a school's or a builder's.

    python packaging/wheels.py

For each system and each Python the lock promises, uv resolves requirements.lock as that system would, from wheels alone.
Nothing is installed, only the index is asked; what it has told is kept in .cache/uv. Exit code 0 all resolve, 1 one does
not, 75 the index did not answer, or not soon enough.
That the hashes in the lock fit the files is not asked here: installing proves it, on Windows and on Linux.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

import dev

SYSTEMS = {
    # What uv calls it → what is meant. The numbers are glibc's: Debian 11 builds, and arm64 desktops have no older one.
    "x86_64-pc-windows-msvc": "Windows x86-64",
    "x86_64-manylinux_2_31": "Linux x86-64",
    "aarch64-manylinux_2_31": "Linux arm64 (checked, not built)",
}
PYTHONS = tuple(f"3.{minor}" for minor in range(dev.OLDEST[1], dev.NEWEST[1] + 1))

RESOLVES, DOES_NOT, NO_ANSWER = 0, 1, 75  # 75: what sysexits.h calls a temporary failure

# How uv says that it was the network, not the lock.
_NETWORK = ("Failed to fetch", "error sending request", "operation timed out")


PATIENCE = 420
"""Seconds for all systems together; on a day on which the index is slow the wheels are looked at another time."""


def resolve(uv: list[str], system: str, python: str, patience: float) -> tuple[int, str]:
    """Resolve the lock as `system` with `python` would; return one of the three outcomes and uv's reason."""
    try:
        with tempfile.TemporaryDirectory() as nowhere:
            done = subprocess.run(
                [
                    *uv, "pip", "install", "--dry-run", "--no-config", "--require-hashes", "--only-binary", ":all:",
                    "--python", sys.executable, "--target", nowhere,
                    "--python-platform", system, "--python-version", python, "-r", str(dev.LOCK),
                ],
                env=dev.environment(UV_CACHE_DIR=str(dev.CACHE / "uv"), **dev.SYSTEM_CERTIFICATES),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                timeout=patience,
                check=False,
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        return NO_ANSWER, f"the package index is slow, no answer after {patience:.0f} s"
    if done.returncode == 0:
        return RESOLVES, ""
    outcome = NO_ANSWER if any(words in done.stdout for words in _NETWORK) else DOES_NOT
    reasons = [
        line.strip() for line in done.stdout.splitlines() if "cause:" in line or line.startswith("error")
    ]
    return outcome, (reasons or ["no reason given"])[-1]


def main() -> int:
    """Print a line for every system and Python; return the worst outcome, a missing wheel before a silent index."""
    dev.let_words_fit()
    uv = [str(dev.lock_tools()), "-m", "uv"]
    outcomes = []
    end = time.monotonic() + PATIENCE
    for system, meaning in SYSTEMS.items():
        for python in PYTHONS:
            begun = time.monotonic()
            outcome, reason = resolve(uv, system, python, max(end - begun, 1))
            outcomes.append(outcome)
            took = time.monotonic() - begun
            print(
                f"{meaning}, Python {python}: {reason or 'every wheel is there'} ({took:.0f} s)", flush=True
            )
            if outcome == NO_ANSWER:
                break
    return DOES_NOT if DOES_NOT in outcomes else max(outcomes)


if __name__ == "__main__":
    sys.exit(main())
