"""What the actor does: the work of the window and of the command line, through the same functions, told step by step.

``ack`` is sent only after the function that the window calls has returned: what it names was shown as 已保存.
"""

from __future__ import annotations

import importlib
import io
import json
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import app.__main__ as command_line
import app.cli.commands
import app.storage.opening
import app.tasks.archive
import app.tasks.demo
import app.tasks.export_ledger
import app.workbook.ledger_book  # noqa: F401 - loaded once, before the children are forked
from app.children.codes import AwayState, CareKind, Relation, Sex
from app.children.cohorts import confirm_graduation, merge_classes, split_class
from app.children.drafts import ChildDraft, PersonDraft
from app.children.roster.words import aliases
from app.children.service import add_child, change_field
from app.children.service_bulk import SetBoarding, bulk_change
from app.core.changes import Changes
from app.core.clock import FixedClock
from app.core.errors import ShouwangError
from app.core.paths import private_folder
from app.core.pinyin import search_key
from app.diary.drafts import RecordDraft
from app.school.codes import Stage
from app.school.queries import all_classes
from app.school.rules import ClassRef
from app.storage.backups import (
    Reason,
    backup_if_due,
    backup_on_close,
    known_place,
    list_backups,
    make_backup,
)
from app.storage.data_place import backup_folder_for
from app.storage.place_state import confirm_restored, remember_exit
from app.storage.restore import restore, resume
from app.storage.stick_names import Audience
from app.storage.store import Store
from app.storage.upgrade import upgrade
from app.tasks.copy_to_stick import copy_to_stick_logged
from app.tasks.create import create_school
from app.tasks.cut_off import import_was_cut_off
from app.tasks.diary import save_record
from app.tasks.import_roster import import_roster
from tests.faults.kit import care

Ack = Callable[[str], None]
JOBS: dict[str, Callable[..., dict[str, Any] | None]] = {}
COHORT = 2024
LOADED = (
    "app.paper.archive_sheet",
    "app.tasks.starting",
    "openpyxl.packaging.extended",
    "psutil",
    "python_calamine",
    "reportlab.pdfbase.ttfonts",
    "reportlab.pdfgen.canvas",
    "tests.faults.kit.jobs_calls",
    "tests.faults.kit.jobs_diary",
)


def job(function: Callable[..., dict[str, Any] | None]) -> Callable[..., dict[str, Any] | None]:
    """Make a function known to the actor by its name."""
    JOBS[function.__name__] = function
    return function


def load() -> None:
    """Load what nearly every child would else load for itself. Not all there is: each fork copies the list of its pages."""
    search_key("单小")
    aliases()
    datetime.strptime("2026-11-21", "%Y-%m-%d")
    for name in LOADED:
        importlib.import_module(name)
    # What a child would compile is work of the first one only: counted there, it would be waited for in vain in the others.
    sys.dont_write_bytecode = True


def run(name: str, args: dict[str, Any], line: socket.socket) -> None:
    """Do one job in this process and tell what came of it."""

    def tell(answer: dict[str, Any]) -> None:
        line.sendall(json.dumps(answer, default=str).encode() + b"\n")

    def ack(what: str) -> None:
        tell({"ack": what})

    try:
        tell({"result": True, **(JOBS[name](ack=ack, **args) or {})})
    except ShouwangError as refused:
        tell({"fault": refused.key, "message": str(refused)})


def clock_at(now: str) -> FixedClock:
    """Return a clock that stands at a moment until the job moves it."""
    return FixedClock(datetime.fromisoformat(now))


def open_as_window(path: Path, clock: FixedClock, *, as_it_is: bool = False) -> Store:
    """Open the usual ledger as a sitting does; ``as_it_is`` after 就用这份."""
    return Store.open(path, clock=clock, place=None if as_it_is else known_place(path), as_it_is=as_it_is)


def put_away(store: Store) -> None:
    """End a sitting: backup when something changed, what to remember, the file closed."""
    folder = backup_folder_for(store.path)
    backup_on_close(store, folder=folder)
    remember_exit(store, folder)
    store.close()


def family(number: int, *, class_number: int = 1) -> ChildDraft:
    """Return a new child with mother, carer and phones, as the entry panel hands it over."""
    mother = PersonDraft(
        relation=Relation.MOTHER,
        name=f"单母{number}",
        phones=(f"1380000{number:04d}",),
        away=AwayState.OUT,
        place="福建晋江",
    )
    carer = PersonDraft(
        relation=Relation.PATERNAL_GRANDMOTHER, name=f"单奶{number}", phones=(f"1390000{number:04d}",)
    )
    return ChildDraft(
        name=f"单小{number}",
        sex=Sex.FEMALE,
        birth_date="2017-05-20",
        class_ref=ClassRef(Stage.PRIMARY, COHORT, class_number),
        people=(mother,),
        carer=carer,
        care_kind=CareKind.GRANDPARENTS,
        village="青石坪",
    )


# ------------------------------------------------------------------------------------------------ the work


@job
def found(ack: Ack, ledger: str, now: str, children: int, classes: int = 2) -> dict[str, Any]:
    """Found a school with children and leave it as the end of a sitting does."""
    clock = clock_at(now)
    create_school(Path(ledger), clock=clock, name="青石坪镇中心小学")
    with open_as_window(Path(ledger), clock) as store:
        for number in range(children):
            clock.advance(minutes=1)
            ack(add_child(store, draft=family(number, class_number=1 + number % classes)).action_uuid)
        clock.advance(minutes=1)
        put_away(store)
    return {"now": clock.now().isoformat()}


@job
def sitting(
    ack: Ack,
    ledger: str,
    now: str,
    saves: int,
    first: int = 1000,
    leave: bool = True,
    cared_for: bool = False,
) -> None:
    """Open, save child after child with a later correction each, and a visit with its promise; leave."""
    clock = clock_at(now)
    store = open_as_window(Path(ledger), clock)
    for number in range(first, first + saves):
        clock.advance(minutes=1)
        draft = family(number)
        ack(add_child(store, draft=draft).action_uuid)
        ack(change_field(store, uuid=draft.uuid, field="note", value=f"第 {number} 次改").action_uuid)
        if cared_for:
            care.a_record(store, draft.uuid, number, ack)
    if leave:
        put_away(store)


@job
def stubborn(ack: Ack, ledger: str, now: str, saves: int) -> dict[str, Any]:
    """Save a child, then a record of one, on a disk that fails: tell each refusal, press 再试一次 once, go on.

    Returns per press: the row, the key of the refusal or None, whether a 「拷到别的盘」 is offered; and after each save
    the key of what is wrong with the journal.
    """
    clock = clock_at(now)
    store = open_as_window(Path(ledger), clock)
    bars: list[str | None] = []
    presses: list[tuple[str, str | None, bool]] = []
    (first,) = store.rows("SELECT uuid FROM child ORDER BY id LIMIT 1")[0]
    for number in range(2000, 2000 + saves):
        clock.advance(minutes=1)
        draft: ChildDraft | RecordDraft = family(number)
        save: Callable[..., Changes] = add_child
        if number % 2:
            draft, save = care.record_draft(store, first, number), save_record
        for _ in range(2):
            try:
                ack(save(store, draft=draft).action_uuid)
            except ShouwangError as refused:
                presses.append((draft.uuid, refused.key, "拷到别的盘" in refused.buttons))
                if refused.key == "storage.io_unsure":
                    break
            else:
                presses.append((draft.uuid, None, False))
                bars.append(store.journal_fault.key if store.journal_fault else None)
                break
    return {"presses": presses, "bars": bars}


@job
def storm(ack: Ack, ledger: str, now: str, roster: str, first: int) -> None:
    """Care, save, correct, back up and import without end, each time beginning with another of it: somebody pulls the plug."""
    clock = clock_at(now)
    store = open_as_window(Path(ledger), clock)
    number = first
    while True:
        turn = number // 100 % (len(care.ACTS) + 1)
        if turn < len(care.ACTS):
            care.ACTS[turn](store, number, ack)
        for _ in range(4):
            number += 1
            clock.advance(minutes=1)
            draft = family(number)
            ack(add_child(store, draft=draft).action_uuid)
            ack(change_field(store, uuid=draft.uuid, field="note", value=f"第 {number} 次改").action_uuid)
            care.a_record(store, draft.uuid, number, ack)
        done = import_roster(store, Path(roster), data_date=clock.today())
        if done.changes:
            ack(done.changes.action_uuid)
        clock.advance(minutes=40)
        make_backup(store, reason=Reason.TIMER)


@job
def classes(ack: Ack, ledger: str, now: str, act: str) -> dict[str, Any]:
    """Do one thing to many children at once: 分班, 并班, 毕业, or a bulk edit."""
    clock = clock_at(now)
    store = open_as_window(Path(ledger), clock)
    today = clock.today()
    first, second = [cls for cls in all_classes(store, today) if cls.entering_year == COHORT][:2]
    pupils = [uuid for (uuid,) in store.rows("SELECT uuid FROM child WHERE deleted_at IS NULL ORDER BY id")]
    inside = [
        uuid
        for (uuid,) in store.rows(
            "SELECT c.uuid FROM child c JOIN enrolment e ON e.child_id = c.id WHERE e.school_class_id = ?"
            " AND e.valid_to IS NULL AND c.deleted_at IS NULL",
            (first.id,),
        )
    ]
    if act == "split":
        changes = split_class(store, class_uuid=first.uuid, parts={7: inside[::2]}, on=today)
    elif act == "merge":
        changes = merge_classes(store, class_uuid=first.uuid, into_uuid=second.uuid, on=today)
    elif act == "graduate":
        changes = confirm_graduation(store, class_uuids=[first.uuid, second.uuid])
    else:
        changes = bulk_change(store, uuids=pupils, change=SetBoarding(boards=True), since=today).changes
    ack(changes.action_uuid)
    return {"touched": len(changes.uuids)}


@job
def backup(ack: Ack, ledger: str, now: str, reason: str = "by_hand") -> dict[str, Any]:
    """Make a backup of the open ledger."""
    with open_as_window(Path(ledger), clock_at(now)) as store:
        made = make_backup(store, reason=reason)
    return {"path": str(made.path), "verified": made.verified}


@job
def bring_back(ack: Ack, ledger: str, now: str, backup: str, with_journal: bool = False) -> dict[str, Any]:
    """Put a backup in the ledger's place, as 恢复这一份 does."""
    done = restore(Path(ledger), Path(backup), clock=clock_at(now), with_journal=with_journal)
    return {"commit_no": done.after.commit_no, "words": done.words}


@job
def resume_restore(ack: Ack, ledger: str, now: str, forward: bool) -> dict[str, Any]:
    """继续恢复, or 换回原来的."""
    done = resume(Path(ledger), forward=forward, clock=clock_at(now))
    return {"commit_no": None if done is None else done.after.commit_no}


@job
def bring_up_to_date(ack: Ack, ledger: str, now: str) -> dict[str, Any]:
    """开始升级."""
    done = upgrade(Path(ledger), backup_folder=backup_folder_for(Path(ledger)), clock=clock_at(now))
    return {"words": "" if done is None else done.words}


@job
def hold(ack: Ack, ledger: str, now: str) -> None:
    """Have the ledger open until somebody takes the file ``ready`` away."""
    with open_as_window(Path(ledger), clock_at(now)):
        Path(ledger).with_name("ready").touch()
        ack("open")
        while Path(ledger).with_name("ready").exists():
            time.sleep(0.002)


@job
def stick(ack: Ack, ledger: str, now: str, folder: str) -> dict[str, Any]:
    """Copy to a stick, with a clock that stands, so that the names on the stick are known before."""
    said: list[str] = []

    def progress(_done: int, _of: int, words: str) -> None:
        if words and words not in said[-1:]:
            said.append(words)

    with open_as_window(Path(ledger), clock_at(now)) as store:
        made = copy_to_stick_logged(
            store, Path(folder), audience=Audience.SELF, plain_reason="演练", progress=progress
        )
    return {
        "path": str(made.copy.path),
        "from_disk": made.copy.from_disk,
        "words": made.copy.words,
        "said": said,
    }


@job
def days(ack: Ack, ledger: str, now: str, number: int) -> dict[str, Any]:
    """Work on for many days, with a backup at the end of each."""
    clock = clock_at(now)
    for day in range(number):
        store = open_as_window(Path(ledger), clock)
        if day == 0:
            confirm_restored(store.path, backup_folder_for(store.path))
        ack(add_child(store, draft=family(5000 + day)).action_uuid)
        put_away(store)
        clock.advance(days=1)
    return {"now": clock.now().isoformat()}


@job
def timer(ack: Ack, ledger: str, now: str) -> dict[str, Any]:
    """Sit at the open ledger until somebody has been at its file, then let the half-hourly backup come round.

    So small a ledger is held in memory whole, and would be backed up from there: it is let go of before, as a larger one is.
    """
    clock = clock_at(now)
    store = open_as_window(Path(ledger), clock)
    saved = add_child(store, draft=family(3000)).action_uuid
    Path(ledger).with_name("ready").touch()
    ack(saved)
    while Path(ledger).with_name("ready").exists():
        time.sleep(0.002)
    clock.advance(minutes=45)
    store.db.execute_sql("PRAGMA shrink_memory")
    made = backup_if_due(store)
    return {"path": None if made is None else str(made.path)}


@job
def cli(ack: Ack, words: list[str], stdin: str = "") -> dict[str, Any]:
    """Run the real command line; its refusals come out with their key."""
    refused: list[ShouwangError] = []
    inner = command_line._run

    def watched(args: object) -> int:
        try:
            return inner(args)
        except ShouwangError as error:
            refused.append(error)
            raise

    command_line._run = watched
    streams = {name: io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for name in ("stdout", "stderr")}
    sys.stdout, sys.stderr = streams["stdout"], streams["stderr"]
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    code = command_line.main(words)
    said = {}
    for name, stream in streams.items():
        stream.flush()
        said[name] = stream.buffer.getvalue().decode("utf-8")
    if refused:
        raise refused[0]
    if code:
        raise RuntimeError(f"the command ended with {code}: {said['stderr']}")
    return {"code": code, **said}


# ------------------------------------------------------------------------------------------------ looking afterwards


@job
def look(ack: Ack, ledger: str, now: str, as_it_is: bool = False) -> dict[str, Any]:
    """Start the program the next time, and tell everything the invariants ask for."""
    path, clock = Path(ledger), clock_at(now)
    with open_as_window(path, clock, as_it_is=as_it_is) as store:
        found = {**describe(store), "cut_off": import_was_cut_off(store)}
    return {**found, **lying_about(path)}


def describe(store: Store) -> dict[str, Any]:
    """Return what an open ledger holds, asked with plain SQL."""
    families = store.rows(
        """
        SELECT c.name,
               (SELECT count(*) FROM kinship k WHERE k.child_id = c.id AND k.deleted_at IS NULL),
               (SELECT count(*) FROM care r WHERE r.child_id = c.id AND r.deleted_at IS NULL),
               (SELECT count(*) FROM registration r WHERE r.child_id = c.id AND r.deleted_at IS NULL),
               (SELECT count(*) FROM enrolment e WHERE e.child_id = c.id AND e.deleted_at IS NULL
                AND e.valid_to IS NULL),
               (SELECT count(*) FROM phone p JOIN kinship k ON k.person_id = p.person_id
                WHERE k.child_id = c.id AND p.deleted_at IS NULL)
        FROM child c WHERE c.deleted_at IS NULL ORDER BY c.id
        """
    )
    tables = [
        name
        for (name,) in store.rows(
            "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) f WHERE m.type = 'table'"
            " AND f.name = 'uuid' ORDER BY m.name"
        )
    ]
    return {
        "integrity": [row[0] for row in store.rows("PRAGMA integrity_check")],
        "foreign_keys": len(store.rows("PRAGMA foreign_key_check")),
        "commit_no": store.commit_no,
        "db_uuid": store.db_uuid,
        "schema": store.one("PRAGMA user_version")[0],
        "actions": [list(row) for row in store.rows("SELECT uuid, commit_no, kind FROM action ORDER BY id")],
        "families": [list(row) for row in families],
        "counts": {name: store.one(f'SELECT count(*) FROM "{name}"')[0] for name in tables},
        "rows": [
            uuid for (uuid,) in store.rows("SELECT uuid FROM child UNION ALL SELECT uuid FROM care_record")
        ],
        "half_done": {words: count for words, count in care.half_done(store).items() if count},
        "changes": dict(
            store.rows(
                "SELECT a.uuid, count(*) FROM action a JOIN change c ON c.action_id = a.id GROUP BY a.id"
            )
        ),
        "orphan_changes": store.one(
            "SELECT count(*) FROM change WHERE action_id NOT IN (SELECT id FROM action)"
        )[0],
        "under_way": store.one("SELECT count(*) FROM current_action")[0],
        "was_clean": store.was_clean,
    }


def lying_about(path: Path) -> dict[str, Any]:
    """Return what lies where it may not after a start: half files, private rooms, a marker."""
    backups = backup_folder_for(path)
    parts = {file.name for folder in (path.parent, backups) for file in folder.glob("**/*.part")}
    rooms = list(private_folder().iterdir()) if private_folder().exists() else []
    names = [file.name for file in path.parent.iterdir()]
    return {
        "parts": sorted(parts),
        "rooms": [room.name for room in rooms],
        "journal": path.name + "-journal" in names,
        "marker": path.name + ".marker" in names,
        "names": sorted(names),
        "backups": [[one.path.name, one.verified] for one in list_backups(backups)],
    }
