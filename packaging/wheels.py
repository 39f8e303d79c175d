"""Check that every pinned package can be installed on every system: nothing is ever compiled at a school's or a builder's.

    python packaging/wheels.py

For each system and each Python the lock promises, uv resolves requirements.lock as that system would, from wheels alone.
Nothing is installed, only the index is asked. Exit code 0 all resolve, 1 one does not, 75 the index did not answer.
That the hashes in the lock fit the files is not asked here: installing proves it, on Windows and on Linux.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

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


def resolve(uv: list[str], system: str, python: str) -> tuple[int, str]:
    """Resolve the lock as `system` with `python` would; return one of the three outcomes and uv's reason."""
    with tempfile.TemporaryDirectory() as nowhere:
        done = subprocess.run(
            [
                *uv, "pip", "install", "--dry-run", "--no-config", "--require-hashes", "--only-binary", ":all:",
                "--python", sys.executable, "--target", nowhere,
                "--python-platform", system, "--python-version", python, "-r", str(dev.LOCK),
            ],
            env=dev.environment() | dev.SYSTEM_CERTIFICATES,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )  # fmt: skip
    if done.returncode == 0:
        return RESOLVES, ""
    outcome = NO_ANSWER if any(words in done.stdout for words in _NETWORK) else DOES_NOT
    reasons = [
        line.strip() for line in done.stdout.splitlines() if "cause:" in line or line.startswith("error")
    ]
    return outcome, (reasons or ["no reason given"])[-1]


def main() -> int:
    """Print a line for every system and Python; return the worst outcome, a missing wheel before a silent index."""
    uv = [str(dev.lock_tools()), "-m", "uv"]
    outcomes = []
    for system, meaning in SYSTEMS.items():
        for python in PYTHONS:
            outcome, reason = resolve(uv, system, python)
            outcomes.append(outcome)
            print(f"{meaning}, Python {python}: {reason or 'every wheel is there'}", flush=True)
            if outcome == NO_ANSWER:
                break
    return DOES_NOT if DOES_NOT in outcomes else max(outcomes)


if __name__ == "__main__":
    sys.exit(main())
