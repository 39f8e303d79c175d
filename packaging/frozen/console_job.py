"""The main job through the frozen command line: a school, a roster in, a ledger and a book out, a copy, a backup and back."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from frozen.names import CONSOLE
from frozen.trial import NONE, NotSo, Trial, wanted

CHILDREN = 24
PASSPHRASE = "试一试的口令 2026"  # noqa: S105 - protects invented people only


class ConsoleJob:
    """One run of the job in a folder of its own; each public method is one check and needs those before it."""

    def __init__(self, trial: Trial, name: str, extra: Mapping[str, str] = NONE) -> None:
        self._trial = trial
        self._extra = extra
        self._room = trial.room(name)
        self._demo = self._room / "演示 学校.db"
        self._ledger = trial.room(self._room / "守望数据") / "守望.db"
        self._stick = trial.room(self._room / "优盘")
        self._on_ledger = 0

    def checks(self) -> list[tuple[str, Callable[[], object]]]:
        """Return what there is to do, in its order."""
        return [
            ("version", self.version),
            ("demo", self.demo),
            ("export-collection", self.collection),
            ("init, import-roster", self.imports),
            ("export-ledger", self.workbook),
            ("archive", self.book),
            ("stats, todo, pairings, plan-calls, export-calls, export-registers", self.the_rest),
            ("support, checkup, drill", self.help_by_telephone),
            ("copy-to, verify", self.copy),
            ("backup, restore", self.back),
            ("check", self.damage),
        ]

    def _do(self, *words: str | Path, stdin: str = "") -> Any:
        """Run a command; return its JSON value."""
        done = self._trial.run(CONSOLE, *words, "--json", stdin=stdin, extra=self._extra)
        wanted(done, words)
        try:
            return json.loads(done.stdout.decode("utf-8"))
        except ValueError as error:
            raise NotSo(f"{words[0]} gave no JSON: {done.stdout[:80]!r}") from error

    def version(self) -> object:
        """The build tells what it is, and its own SQLite."""
        told = self._do("version")
        if not re.fullmatch(r"\d+\.\d+\.\d+", str(told["version"])) or told["sqlite"] < "3.51":
            raise NotSo(f"version tells {told}")
        return told

    def words(self, encoding: str) -> object:
        """What is not JSON is written in the encoding of the terminal."""
        done = self._trial.run(CONSOLE, "version", extra=self._extra)
        try:
            told = done.stdout.decode(encoding)
        except UnicodeDecodeError as error:
            raise NotSo(f"the words are not in {encoding}: {done.stdout[:40]!r}") from error
        if not told.startswith("守望"):
            raise NotSo(f"the words are not in {encoding}: {done.stdout[:40]!r}")
        return told.splitlines()[0]

    def demo(self) -> object:
        """A school is invented: words, calendar, every migration."""
        made = self._do("demo", self._demo, "--children", str(CHILDREN))
        self._on_ledger = made["children"]
        return made["children"]

    def collection(self) -> object:
        """Workbooks are written, whole numbers and all."""
        self._do("export-collection", self._demo, self._trial.room(self._room / "核实表"))
        found = len(self._rosters())
        if not found:
            raise NotSo("no workbook was written")
        return found

    def _rosters(self) -> list[Path]:
        return sorted((self._room / "核实表").glob("*.xlsx"))

    def imports(self) -> object:
        """They are read back into a new school, every child of them."""
        self._do("init", self._ledger, "--school", "试一试小学𠮷")
        for roster in self._rosters():
            self._do("import-roster", self._ledger, roster)
        found = len(self._do("children", self._ledger))
        if found != self._on_ledger:
            raise NotSo(f"{found} of {self._on_ledger} children came in")
        return found

    def workbook(self) -> object:
        """The ledger goes out as a workbook."""
        out = self._room / "台账.xlsx"
        self._do("export-ledger", self._ledger, out)
        with zipfile.ZipFile(out) as book:
            broken = book.testzip()
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        if broken or not sheets:
            raise NotSo(f"the ledger is no whole workbook: {broken or 'no sheet in it'}")
        return {"sheets": len(sheets), "bytes": out.stat().st_size}

    def book(self) -> object:
        """The archive book, with its fonts in it."""
        out = self._room / "一人一档.pdf"
        self._do("archive", self._ledger, out, "--all")
        content = out.read_bytes()
        pages = len(re.findall(rb"/Type /Page\b", content))
        fonts = {name.decode() for name in re.findall(rb"/BaseFont /[A-Z]+\+([\w-]+)", content)}
        if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-64:] or pages < self._on_ledger:
            raise NotSo(f"the book is not whole: {pages} pages")
        lacks = {"SchoolSong-Regular", "SchoolHei-Bold"} - fonts
        if lacks:
            raise NotSo(f"fonts not in the book: {' '.join(sorted(lacks))}")
        return {"pages": pages, "bytes": len(content)}

    def the_rest(self) -> object:
        """Rooms that bring libraries of their own: the solver, the calendar, the registers."""
        term = ("--from", "2026-09-01", "--to", "2026-12-31")
        self._do("stats", self._demo)
        self._do("pairings", self._demo, "--suggest", "--dry-run")
        self._do("plan-calls", self._demo, "--from", "2026-11-23", "--to", "2026-12-18")
        self._do("export-calls", self._demo, self._trial.room(self._room / "亲情电话"), *term)
        self._do("export-registers", self._demo, self._trial.room(self._room / "登记册"), *term)
        return len(self._do("todo", self._demo))

    def help_by_telephone(self) -> object:
        """What a helper asks for: the support file, the list of what is damaged, the proof of a restore."""
        self._do("support", self._demo, self._room / "支持.zip")
        self._do("checkup", self._ledger, "--list", self._room / "体检.pdf")
        self._do("backup", self._ledger)
        self._do("drill", self._ledger, "--proof", self._room / "演习.pdf")
        empty = [
            name for name in ("支持.zip", "体检.pdf", "演习.pdf") if not (self._room / name).stat().st_size
        ]
        if empty:
            raise NotSo(f"nothing in {' '.join(empty)}")
        return None

    def copy(self) -> object:
        """Onto a stick under a passphrase, and only that one opens it."""
        self._do("copy-to", self._ledger, self._stick, "--passphrase-stdin", stdin=PASSPHRASE + "\n")
        (copied,) = self._stick.glob("*.7z")
        self._do("verify", copied, "--passphrase-stdin", stdin=PASSPHRASE + "\n")
        if (
            self._trial.run(CONSOLE, "verify", copied, "--passphrase-stdin", stdin="别的口令\n").returncode
            != 1
        ):
            raise NotSo("verify takes a wrong passphrase")
        return copied.stat().st_size

    def back(self) -> object:
        """A backup, and the same ledger back from it."""
        made = Path(self._do("backup", self._ledger)["path"])
        before = self._do("children", self._ledger)
        self._ledger.unlink()
        self._do("restore", self._ledger, made)
        if self._do("children", self._ledger) != before:
            raise NotSo("what came back from the backup is not what was there")
        return made.name.split("_")[0]

    def damage(self) -> object:
        """Whole, damaged, newer, empty, missing: each in its own words."""
        whole = self._ledger.read_bytes()
        newer = bytearray(whole)
        newer[60:64] = (9999).to_bytes(4, "big")
        said = {}
        for state, content in {
            "ok": whole,
            "corrupt": whole[: len(whole) // 2 // 4096 * 4096],
            "newer-schema": bytes(newer),
            "empty": b"",
            "missing": None,
        }.items():
            path = self._trial.room(self._room / state) / "守望.db"
            if content is not None:
                path.write_bytes(content)
                self._trial.give(path)
            said[state] = self._do("check", path)["state"]
        wrong = {state: word for state, word in said.items() if state != word}
        if wrong:
            raise NotSo(f"check says {wrong}")
        return list(said)
