"""What each command does: thin over ``app.tasks`` and the queries. Rooms are imported where a command needs them.

Readers open the ledger read-only beside an open window; writers take its lock and refuse while somebody holds it.
An archive or an export is written down in the hand-over log, so both are writers; of a write-protected ledger they
are made without an entry, and say so.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from app.cli.answers import Answer, read_passphrase
from app.cli.calls import plan_calls
from app.cli.calls_log import export_calls, import_calls
from app.cli.checking import checkup
from app.cli.diary import import_diary
from app.cli.pairings import pairings
from app.cli.purging import purge
from app.cli.registers import export_registers
from app.cli.supporting import support
from app.cli.survey import export_collection
from app.cli.todo import todo
from app.core.changes import Changes
from app.core.clock import Clock
from app.core.errors import EnvironmentFault
from app.core.files import check_target

if TYPE_CHECKING:
    from app.storage.store import Store

Command = Callable[[Namespace, Clock], Answer]


def init(args: Namespace, clock: Clock) -> Answer:
    """Found a school in a new file."""
    from app.school.codes import SchoolKind
    from app.tasks.create import create_school

    made = create_school(args.db, clock=clock, name=args.school, kind=SchoolKind(args.kind))
    plain = {"path": str(made.path), "db_uuid": made.db_uuid, "school": made.name, "kind": made.kind.value}
    return Answer(plain, notes=[f"已新建「{made.name}」的台账：{made.path.name}。"])


def demo(args: Namespace, clock: Clock) -> Answer:
    """Make the demo school."""
    from app.tasks.demo import make_demo

    made = make_demo(args.db, clock=clock, children=args.children, years=args.years, seed=args.seed)
    plain = {
        "path": str(made.path),
        "children": made.on_ledger,
        "known": made.known,
        "classes": made.classes,
    }
    return Answer(
        plain, notes=[f"已生成演示学校：在册 {made.on_ledger} 名儿童，人和号码都是编的（{made.path.name}）。"]
    )


def children(args: Namespace, clock: Clock) -> Answer:
    """List the ledger of a day, or everybody who fits what is looked for."""
    from app.children.ledger import LedgerRow, ledger_rows
    from app.children.queries import load_facts
    from app.children.search import search
    from app.storage.store import Store

    with Store.open(args.db, clock=clock, read_only=True) as store:
        rows = ledger_rows(load_facts(store, _day(args, clock), only_registered=args.find is None))
    found = rows if args.find is None else search(rows, args.find)

    def line(row: LedgerRow) -> str:
        sex, home = row.sex.label if row.sex else "性别未采集", row.situation
        return "\t".join(
            (row.name, sex, row.class_name or "不在班", home.parents.label, home.care_words, home.gap_words)
        )

    plain = [
        {
            "uuid": row.uuid,
            "name": row.name,
            "sex": row.sex.label if row.sex else None,
            "class": row.class_name or None,
            "class_key": row.class_key or None,
            "birth_date": row.birth_date,
            "age": row.age,
            "village": row.village or None,
            "registered": row.registered,
            "status": row.status.value,
            "parents": row.situation.parents.value,
            "care": row.situation.care.value,
            "percent": row.situation.percent,
            "gaps": [gap.field for gap in row.situation.gaps],
        }
        for row in found
    ]
    return Answer(
        plain, lines=[line(row) for row in found], notes=() if args.json else (f"共 {len(found)} 名。",)
    )


def stats(args: Namespace, clock: Clock) -> Answer:
    """Count a day."""
    from app.statistics.queries import stats as count_day
    from app.statistics.shape import as_lines, as_plain
    from app.storage.store import Store

    with Store.open(args.db, clock=clock, read_only=True) as store:
        found = count_day(store, _day(args, clock))
    return Answer(as_plain(found), lines=as_lines(found))


def import_roster(args: Namespace, clock: Clock) -> Answer:
    """Read a roster into the ledger as one undoable step, or rehearse it. Parked rows are no failure."""
    from app.storage.store import Store
    from app.tasks.import_roster import import_roster as read_in
    from app.tasks.survey import checked_words

    if args.rejects is not None:
        check_target(args.rejects, ".xlsx", sources=(args.db, args.file))
    with Store.open(args.db, clock=clock) as store:
        done = read_in(
            store,
            args.file,
            data_date=args.data_date,
            sheet=args.sheet,
            dry_run=args.dry_run,
            rejects=args.rejects,
            anyway=args.without_backup,
        )
        checked = checked_words(store, done.plan)
    plain = done.as_json()
    words = (
        f"{'预演，没有写入：' if args.dry_run else ''}读了 {plain['rows']} 行，新增 {plain['new']}，更新 {plain['updated']}，"
        f"不变 {plain['unchanged']}，待处理 {len(plain['parked'])}，标记 {len(plain['marked'])} 格。"
    )
    lines = [f"{row['sheet']} 第 {row['row']} 行\t待处理：{row['reason']}" for row in plain["parked"]]
    lines += [
        f"{cell['sheet']} 第 {cell['row']} 行 {cell['column']}\t{cell['reason']}" for cell in plain["marked"]
    ]
    said = [f"摸底核实：{checked}。"] if checked else []
    return Answer(plain, lines=lines, notes=[*done.plan.told(), words, *said])


def export_ledger(args: Namespace, clock: Clock) -> Answer:
    """Write the Excel ledger and log it."""
    from app.school.codes import Profile
    from app.tasks.export_ledger import export_ledger as export

    with _writable_or_not(args, clock) as store:
        made = export(
            store, args.out, day=_day(args, clock), profile=Profile(args.profile), reason=args.reason
        )
    plain = {
        "path": str(args.out),
        "children": made.book.children,
        "profile": args.profile,
        "sha256": made.sha256,
    }
    words = "完整" if args.profile == "full" else "脱敏"
    notes = [f"已导出 {made.book.children} 名儿童的台账（{words}）：{args.out.name}。"]
    return Answer(plain, notes=notes + _not_logged(made.changes))


def archive(args: Namespace, clock: Clock) -> Answer:
    """Write archive sheets and log them."""
    from app.tasks.archive import Whom, make_archive

    whom = Whom(child_uuid=args.child, class_name=args.class_name)
    with _writable_or_not(args, clock) as store:
        made = make_archive(store, args.out, day=_day(args, clock), whom=whom, reason=args.reason)
    plain = {"path": str(args.out), "children": made.children, "pages": made.pages, "sha256": made.sha256}
    notes = [f"已生成 {made.children} 名儿童的档案，共 {made.pages} 页：{args.out.name}。"]
    if made.missing_characters:
        notes.append(f"有 {len(made.missing_characters)} 个字印不出来，纸上是〓，请手写补上。")
    notes += _not_logged(made.changes)
    return Answer({**plain, "missing_characters": list(made.missing_characters)}, notes=notes)


def copy_to(args: Namespace, clock: Clock) -> Answer:
    """Make the verified copy onto a stick."""
    from app.core.messages import refuse
    from app.storage.stick_names import Audience
    from app.storage.store import Store
    from app.tasks.copy_to_stick import copy_to_stick_logged

    passphrase = read_passphrase() if args.passphrase_stdin else None
    if args.passphrase_stdin and not passphrase:
        raise refuse("copy.passphrase_needed")
    with Store.open(args.db, clock=clock) as store:
        done = copy_to_stick_logged(
            store,
            args.folder,
            audience=Audience(args.audience),
            passphrase=passphrase,
            plain_reason=(args.reason or "") if args.plain else None,
        )
    made = done.copy
    plain = {
        "path": str(made.path),
        "for": made.audience.value,
        "encrypted": made.encrypted,
        "size": made.size,
        "sha256": made.sha256,
        "children": made.facts.children,
        "commit_no": made.commit_no,
        "files": list(made.files),
    }
    return Answer(plain, notes=done.words)


def verify(args: Namespace, clock: Clock) -> Answer:
    """Check a copy."""
    from app.storage.copy import verify_file

    del clock
    found = verify_file(args.file, passphrase=read_passphrase() if args.passphrase_stdin else None)
    plain = {
        "ok": found.ok,
        "state": found.state,
        "message": found.message,
        "path": str(found.path),
        "size": found.size,
        "sha256": found.sha256 or None,
        "children": found.facts.children if found.facts else None,
        "commit_no": found.facts.commit_no if found.facts else None,
        "files": list(found.files),
    }
    return Answer(plain, notes=[found.message], code=0 if found.ok else 1)


def backup(args: Namespace, clock: Clock) -> Answer:
    """Make a verified backup."""
    from app.storage.backups import Reason, make_backup
    from app.storage.store import Store
    from app.tasks.starting import second_notice

    with Store.open(args.db, clock=clock) as store:
        made = make_backup(store, reason=Reason.BY_HAND)
        second = second_notice(store, made.path.parent)
    plain = {
        "path": str(made.path),
        "made_at": made.made_at.isoformat(),
        "verified": made.verified,
        "size": made.size,
        "children": made.children,
        "commit_no": made.commit_no,
    }
    notes = [f"已备份，读回核对一致：{made.children} 名儿童（{made.path.name}）。"]
    return Answer(plain, notes=notes if second is None else [*notes, second.words])


def restore(args: Namespace, clock: Clock) -> Answer:
    """Put a backup in the ledger's place."""
    from app.storage.restore import restore as put_back

    passphrase = read_passphrase() if args.passphrase_stdin else None
    done = put_back(
        args.db,
        args.backup,
        clock=clock,
        passphrase=passphrase,
        with_journal=args.with_journal,
        unproved=args.unproved,
    )
    plain = {
        "path": str(done.path),
        "children": done.after.children,
        "commit_no": done.after.commit_no,
        "state_before": done.state_before,
        "kept": str(done.kept) if done.kept else None,
        "before_copy": str(done.before_copy.path) if done.before_copy else None,
        "journal_commits": done.journal_commits,
        "journal_lost": done.journal.lost if done.journal else 0,
    }
    return Answer(plain, notes=done.words)


def upgrade(args: Namespace, clock: Clock) -> Answer:
    """Bring a ledger of an older version to today's schema; one that is up to date stays as it is."""
    from app.storage.data_place import backup_folder_for
    from app.storage.upgrade import upgrade as bring_up_to_date

    done = bring_up_to_date(args.db, backup_folder=backup_folder_for(args.db), clock=clock)
    if done is None:
        return Answer({"upgraded": False, "path": str(args.db)}, notes=["已经是现在的格式，不用升级。"])
    plain = {
        "upgraded": True,
        "path": str(args.db),
        "from_schema": done.from_schema,
        "to_schema": done.to_schema,
        "children": done.children,
        "records": done.records,
        "before_copy": str(done.before.path),
    }
    return Answer(plain, notes=[done.words])


def drill(args: Namespace, clock: Clock) -> Answer:
    """Rehearse bringing back a backup. A backup that fails is an answer with exit code 1."""
    from app.storage.store import Store
    from app.tasks.drill import backup_at, hold_drill, make_proof

    if args.proof is not None:
        check_target(args.proof, ".pdf", sources=(args.db,))
    chosen = None if args.backup is None else backup_at(args.backup)
    with Store.open(args.db, clock=clock) as store:
        held = hold_drill(store, backup=chosen)
        pages = 0 if args.proof is None else make_proof(store, held.entry, args.proof).pages
    plain = {
        "proved": held.entry.proved,
        "backup_made_at": held.entry.backup_made_at,
        "children": held.entry.children,
        "records": held.entry.records,
        "commit_no": held.entry.commit_no,
        "journal_commits": held.entry.journal_commits,
        "checks": [{"what": line.what, "found": line.found, "ok": line.ok} for line in held.lines],
        "proof": str(args.proof) if pages else None,
    }
    lines = [f"{'相符' if line.ok else '不符'}\t{line.what}\t{line.found}" for line in held.lines]
    return Answer(plain, lines=lines, notes=[held.words], code=0 if held.entry.proved else 1)


def check(args: Namespace, clock: Clock) -> Answer:
    """Say in which state the file is, knowing which ledger this computer usually works on.

    Finding a file damaged is an answer too, so the exit code is 0.
    """
    from app.storage.backups import known_place
    from app.storage.check import check as look
    from app.storage.data_place import chosen_folder, ledger_path

    del clock
    folder = chosen_folder()
    found = look(args.db, place=known_place(ledger_path(folder) if folder else args.db))
    plain = {"state": found.state, "message": found.message, "detail": dict(found.detail)}
    return Answer(plain, notes=[found.message])


def version(args: Namespace, clock: Clock) -> Answer:
    """Say which versions are at work."""
    import platform

    from app import __version__
    from app.core.build_facts import build_facts
    from app.storage.connection import sqlite_version
    from app.storage.migrations.runner import SCHEMA_VERSION

    del args, clock
    built = build_facts()
    plain = {
        "version": __version__,
        "schema": SCHEMA_VERSION,
        "python": platform.python_version(),
        "sqlite": sqlite_version(),
        "build": built,
    }
    lines = [
        f"守望 {__version__}，数据格式 {SCHEMA_VERSION}，Python {plain['python']}，SQLite {plain['sqlite']}"
    ]
    if built:
        # Built outside of git there is no commit: the version and the day of the sources say which they were.
        sources = built["commit"] or f"源代码 {built['version']}"
        lines.append(f"{built['platform']}，{built['built']} 做于 {built['system']}（{sources}）")
    return Answer(plain, lines=lines)


def _writable_or_not(args: Namespace, clock: Clock) -> "Store":
    """Open the ledger to write the log of what leaves it; write-protected it is only looked at and logs nothing."""
    from app.storage.store import Store

    try:
        return Store.open(args.db, clock=clock)
    except EnvironmentFault as found:
        if found.key != "read-only":
            raise
        return Store.open(args.db, clock=clock, read_only=True)


def _not_logged(logged: Changes) -> list[str]:
    return [] if logged else ["这份数据只能看，这一次没有记进移交登记，请另外记一笔。"]


def _day(args: Namespace, clock: Clock) -> date:
    day: date = args.as_of or clock.today()
    return day


COMMANDS: Mapping[str, Command] = {
    "init": init,
    "demo": demo,
    "import-roster": import_roster,
    "import-diary": import_diary,
    "import-calls": import_calls,
    "children": children,
    "export-ledger": export_ledger,
    "archive": archive,
    "export-collection": export_collection,
    "export-registers": export_registers,
    "export-calls": export_calls,
    "stats": stats,
    "pairings": pairings,
    "plan-calls": plan_calls,
    "todo": todo,
    "copy-to": copy_to,
    "verify": verify,
    "backup": backup,
    "restore": restore,
    "upgrade": upgrade,
    "drill": drill,
    "check": check,
    "checkup": checkup,
    "purge": purge,
    "support": support,
    "version": version,
}
