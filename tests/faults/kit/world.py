"""A computer of its own for each round: a home, a ledger, its backups; made from one template in no time."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.kit.actor import Actor, Inject, Outcome

NOW = "2026-11-20T09:00:00"
LATER = "2026-11-21T10:42:00"


def fast_folder() -> Path:
    """Return a folder where tests write: in memory where there is room (tests/conftest.py), for no power is really cut."""
    return Path(tempfile.mkdtemp(prefix="shouwang-faults-"))


@dataclass(frozen=True, slots=True)
class World:
    """One school's computer. ``now`` is when its next sitting begins."""

    folder: Path
    actor: Actor
    now: str = LATER

    @property
    def ledger(self) -> Path:
        """The usual ledger."""
        return self.folder / "守望数据" / "守望.db"

    @property
    def backups(self) -> Path:
        """Where its backups lie."""
        return self.ledger.parent / "备份"

    @property
    def journal(self) -> Path:
        """SQLite's own journal beside it."""
        return self.ledger.with_name(self.ledger.name + "-journal")

    @property
    def disk(self) -> tuple[Path, ...]:
        """What of the disk a save touches: the ledger, its journal, the folder's list of names."""
        return self.ledger, self.journal, self.ledger.parent

    @property
    def env(self) -> dict[str, str]:
        """The variables by which the program finds this home."""
        home = self.folder / "home"
        return {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / ".local/share"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_STATE_HOME": str(home / ".local/state"),
            "XDG_CACHE_HOME": str(home / ".cache"),
        }

    @property
    def private(self) -> Path:
        """Where snapshots are made."""
        return self.folder / "home/.local/share/shouwang/private"

    def copy(self, folder: Path) -> World:
        """Return the same computer once more, elsewhere."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return World(folder, self.actor, self.now)

    def run(
        self,
        job: str,
        *,
        inject: Inject | None = None,
        trace: Sequence[str] = (),
        only: Sequence[Path] = (),
        film: Path | None = None,
        user: int = 0,
        file_limit: int = 0,
        meanwhile=None,
        **args: object,
    ) -> Outcome:
        """Do a job on this computer; the ledger and the time are filled in where the job wants them."""
        if job != "cli":
            args = {"ledger": str(self.ledger), "now": self.now, **args}
        return self.actor.run(
            job,
            env=self.env,
            inject=inject,
            trace=trace,
            only=only,
            film=film,
            user=user,
            file_limit=file_limit,
            meanwhile=meanwhile,
            **args,
        )

    def command(self, *words: object, stdin: str = "", **how) -> Outcome:
        """Type a command line; its today is this world's."""
        return self.run("cli", words=["--today", self.now[:10], *map(str, words)], stdin=stdin, **how)

    def state(self) -> str:
        """Say in which state the ledger is, by the program's own word; "bug" when it could not say."""
        found = self.command("check", self.ledger, "--json")
        return (
            str(json.loads(found.result["stdout"])["state"])
            if found.result
            else f"bug: {found.message or found.bug}"
        )

    def picture(self) -> dict[str, str]:
        """Return the hash of every file on this computer but locks and what is private: nothing may change by looking."""
        files = (path for path in self.ledger.parent.rglob("*") if path.is_file() and path.suffix != ".lock")
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        }

    def gone(self) -> None:
        """Take the whole computer away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def new_world(folder: Path, actor: Actor, *, children: int = 6) -> World:
    """Return a computer with a school on it, left in order yesterday, with its backup."""
    world = World(folder, actor)
    world.ledger.parent.mkdir(parents=True)
    (folder / "home").mkdir()
    done = actor.run("found", env=world.env, ledger=world.ledger, now=NOW, children=children)
    if done.bug or done.fault or len(done.acked) != children:
        raise RuntimeError(f"no school could be founded: {done.bug or done.message}")
    return world
