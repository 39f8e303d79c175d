"""演习: a backup is brought back into a private sandbox by the very code that would bring it back in earnest.

Nothing of the ledger in use is touched but for the line in the log of drills. What is checked goes on the proof line
by line: the file against its slip, the restore, every page, every count, every row against the ledger of today.
"""

from pathlib import Path

from msgspec import Struct

from app.core.changes import Changes
from app.core.errors import EnvironmentFault, UserError
from app.core.messages import refuse
from app.core.paths import private_folder
from app.core.progress import Progress, no_progress
from app.paper.drill_data import DrillProof, ProofLine
from app.paper.printing import PrintResult, PrintStamp
from app.school.drills import DrillEntry, drills, log_drill
from app.school.queries import school_calendar, school_profile
from app.storage.backup_list import Backup, described, list_backups, newest_verified
from app.storage.check import Unusable, look_through
from app.storage.compare import Comparison, compare
from app.storage.copy import verify_file
from app.storage.data_place import backup_folder_for
from app.storage.findings import BOOKKEEPING, records_in
from app.storage.manifest import Manifest
from app.storage.medium import size_words
from app.storage.restore import restore
from app.storage.snapshot import Facts, moment_words, read_facts
from app.storage.store import Store
from app.storage.upgrade import upgrade
from app.storage.workroom import workroom

_STEPS = 6
_OK, _BAD, _BETWEEN = "相符", "不符", "｜"


class Drilled(Struct, frozen=True):
    """A drill that was held and written down: its entry, what was checked, and the entry's own action."""

    entry: DrillEntry
    lines: tuple[ProofLine, ...]
    changes: Changes

    @property
    def words(self) -> str:
        """Say in one sentence what came of it."""
        return conclusion(self.entry)


class _Findings(Struct):
    """What is gathered while the drill goes on."""

    lines: list[ProofLine]
    children: int | None = None
    records: int | None = None
    commit_no: int | None = None
    journal_commits: int = 0

    def note(self, what: str, found: str, *, ok: bool) -> bool:
        self.lines.append(ProofLine(what=what, found=found, ok=ok))
        return ok


def hold_drill(
    store: Store,
    *,
    backup: Backup | None = None,
    folder: Path | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> Drilled:
    """Rehearse bringing back ``backup`` (the newest verified one unless another is given), and write the drill down.

    UserError ``drill.no_backup``; EnvironmentFault when this computer has no room for the sandbox or cannot read:
    then no drill was held and none is written down. A backup that cannot be brought back is a drill that failed.
    """
    folder = folder or backup_folder_for(store.path)
    chosen = backup or newest_verified(list_backups(folder, db_uuid=store.db_uuid, now=store.clock.now()))
    if chosen is None:
        raise refuse("drill.no_backup")
    found = _Findings([])
    with workroom(private_folder()) as room:
        is_whole = _rehearse(store, chosen, room / "一", found, progress)
        if is_whole and store.commit_no > (found.commit_no or 0):
            newest = newest_verified(list_backups(folder, db_uuid=store.db_uuid, now=store.clock.now()))
            is_newest = newest is not None and newest.path == chosen.path
            progress(_STEPS - 1, _STEPS, "正在从日志补回后来的保存")
            _carry_further(store, chosen, folder, room / "二", found, progress, is_newest=is_newest)
    proved = is_whole and all(line.ok for line in found.lines)
    progress(_STEPS, _STEPS, "正在登记这次演习")
    changes = log_drill(
        store,
        backup_made_at=chosen.made_at.isoformat(timespec="seconds"),
        proved=proved,
        note="\n".join(_noted(line) for line in found.lines),
        children=found.children,
        records=found.records,
        commit_no=found.commit_no,
        journal_commits=found.journal_commits,
        by=by,
    )
    return Drilled(drills(store, limit=1)[0], tuple(found.lines), changes)


def _within(progress: Progress, step: int) -> Progress:
    """Tell of work inside one step, so that it can be stopped there too."""

    def told(done: int, total: int, words: str = "") -> None:
        del done, total
        progress(step, _STEPS, words)

    return told


def backup_at(path: Path) -> Backup:
    """Return the verified backup at ``path``; UserError ``drill.no_backup`` when it is none."""
    found = described(path) if path.is_file() else None
    if found is None or not found.verified:
        raise refuse("drill.no_backup")
    return found


def _rehearse(store: Store, backup: Backup, room: Path, found: _Findings, progress: Progress) -> bool:
    """Do all checks, as far as they can be done; tell whether the end was reached."""
    progress(0, _STEPS, "正在读出备份")
    read = verify_file(backup.path, progress=_within(progress, 0))
    if read.manifest is None or not read.ok:
        return found.note("整份备份读出来，与校验单比", read.message, ok=False)
    found.note("整份备份读出来，与校验单比", f"{size_words(read.size)}，校验码 {read.sha256[:12]}", ok=True)
    progress(1, _STEPS, "正在恢复到临时文件夹")
    ledger = room / "演习" / "守望.db"
    try:
        brought = restore(
            ledger,
            backup.path,
            clock=store.clock,
            backup_folder=room / "备份",
            progress=_within(progress, 1),
        )
    except UserError as error:
        return found.note("恢复到临时文件夹", error.what, ok=False)
    found.note("恢复到临时文件夹，换上后读回", brought.after.words, ok=True)
    if upgrade(ledger, backup_folder=room / "备份", clock=store.clock) is not None:
        found.note("旧格式换成现在的格式", "换好，条数与换之前一致", ok=True)
    progress(2, _STEPS, "正在打开恢复好的数据")
    try:
        with Store.open(ledger, clock=store.clock, backup_folder=room / "备份") as again:
            return _examine(store, again, read.manifest, found, progress)
    except EnvironmentFault as error:
        return found.note("能打开，能接着登记", error.what, ok=False)


def _examine(store: Store, again: Store, manifest: Manifest, found: _Findings, progress: Progress) -> bool:
    found.note("能打开，能接着登记", f"数据序号 {again.commit_no}", ok=True)
    progress(3, _STEPS, "正在查每一页、每个目录")
    try:
        look_through(again.db.driver, thoroughly=True)
    except Unusable as problem:
        return found.note("每一页、每个目录、每个关联", problem.as_fault(again.path, None).what, ok=False)
    found.note("每一页、每个目录、每个关联", "没有问题", ok=True)
    _count(again, manifest, found)
    progress(4, _STEPS, "正在与现在的数据逐条对照")
    _compare(compare(again, store), found)
    return True


def _count(again: Store, manifest: Manifest, found: _Findings) -> None:
    was = manifest.facts
    now = read_facts(again.db.driver, day=was.counted_on, exactly=True)
    found.children, found.records, found.commit_no = now.children, records_in(now.counts), now.commit_no
    found.note(
        "在册儿童人数，与备份那天比",
        f"{now.children} 名，那天 {was.children} 名",
        ok=now.children == was.children,
    )
    differing = _differing_tables(was, now)
    found.note(
        "记录条数，一类一类与校验单比",
        f"{records_in(now.counts)} 条，{differing} 类对不上"
        if differing
        else f"{records_in(now.counts)} 条，每一类都一致",
        ok=not differing,
    )


def _differing_tables(was: Facts, now: Facts) -> int:
    """Count the kinds of records whose number is another; one that the slip does not know must be empty."""
    names = {*was.counts, *now.counts} - BOOKKEEPING
    return sum(was.counts.get(name, 0) != now.counts.get(name, 0) for name in names)


def _compare(with_today: Comparison, found: _Findings) -> None:
    later = []
    if with_today.changed_since:
        later.append(f"备份以后改过的 {with_today.changed_since} 条不比")
    if with_today.gone:
        later.append(f"备份以后永久删除的 {with_today.gone} 条不比")
    same = f"{with_today.same} 条一字不差"
    if with_today.differing:
        same += f"，{with_today.differing} 条不一样"
    found.note(
        "与现在的数据一条一条对照",
        "；".join([same, *later]),
        ok=with_today.is_same_history and not with_today.differing,
    )


def _carry_further(
    store: Store,
    backup: Backup,
    folder: Path,
    room: Path,
    found: _Findings,
    progress: Progress,
    *,
    is_newest: bool,
) -> None:
    """Bring the backup back once more, this time with the journal of the saves after it, and compare with today.

    The journal lies with the backups of the ledger in use, and is only read.
    """
    missed = store.commit_no - (found.commit_no or 0)
    what = "备份以后的保存，从日志补回"
    if not is_newest:
        found.note(what, f"以后的 {missed} 次保存在更新的备份里，不从这一份补", ok=True)
        return
    beside = room / "备份"
    ledger = room / "演习" / "守望.db"
    done = restore(
        ledger,
        backup.path,
        clock=store.clock,
        backup_folder=beside,
        with_journal=True,
        journal_folder=folder,
        progress=_within(progress, _STEPS - 1),
    )
    found.journal_commits = 0 if done.journal is None else done.journal.commits
    with Store.open(ledger, clock=store.clock, backup_folder=beside) as again:
        now = compare(again, store)
    is_all = not (now.saves_since or now.differing or now.gone) and now.is_same_history
    words = f"{missed} 次里补回 {found.journal_commits} 次"
    found.note(what, f"{words}，与现在一字不差" if is_all else f"{words}，与现在不一样", ok=is_all)


# ------------------------------------------------------------------------------------------------ the proof


def conclusion(entry: DrillEntry) -> str:
    """Say in one sentence what a drill proved, or that it did not."""
    made = moment_words(entry.backup_made_at)
    if entry.proved:
        more = f"再从日志补回 {entry.journal_commits} 次保存，与现在一样。" if entry.journal_commits else ""
        return (
            f"{made} 的备份能恢复，恢复后完好：{entry.children} 名儿童、{entry.records} 条记录，"
            f"逐项核对相符。{more}现在的数据没有动过。"
        )
    bad = next((f"：{line.what}，{line.found}" for line in lines_of(entry) if not line.ok), "")
    return f"{made} 的备份没有通过演习{bad}。现在的数据没有动过；请马上「现在备份」一份，再演习一次。"


def make_proof(store: Store, entry: DrillEntry, out: Path) -> PrintResult:
    """Write the proof of a drill, this one or an earlier one, as a page to sign."""
    from app.paper.drill_proof import render_drill_proof

    profile = school_profile(store)
    held_on = entry.happened_on.isoformat()
    known = entry.children is not None
    holds = (
        f"{entry.children} 名在册儿童，{entry.records} 条记录，数据序号 {entry.commit_no}"
        if known
        else "没有读出来"
    )
    proof = DrillProof(
        school=profile.name if profile else "",
        term=school_calendar(store).term_in_force(entry.happened_on).words,
        held_on=held_on,
        who=entry.who or "",
        backup=f"{moment_words(entry.backup_made_at)} 做的备份",
        holds=holds,
        lines=lines_of(entry),
        conclusion=conclusion(entry),
    )
    now = store.clock.now()
    stamp = PrintStamp(printed_at=f"{now:%Y-%m-%d %H:%M}", commit_no=store.commit_no, as_of=held_on)
    return render_drill_proof(proof, out, stamp=stamp)


def lines_of(entry: DrillEntry) -> tuple[ProofLine, ...]:
    """Return what was checked in a drill, as it was written down."""
    found = []
    for line in entry.note.splitlines():
        verdict, what, result = (*line.split(_BETWEEN, 2), "", "")[:3]
        found.append(ProofLine(what=what, found=result, ok=verdict == _OK))
    return tuple(found)


def _noted(line: ProofLine) -> str:
    return _BETWEEN.join((_OK if line.ok else _BAD, line.what, line.found.replace("\n", " ")))
