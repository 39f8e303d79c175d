"""永久删除: a child is taken away for good, with history, drafts, kept files and journal; what is left of it is a list.

The order survives a power cut at any moment: the rows go in one transaction that leaves a mark; then drafts, then a
verified backup without them, then the journal is begun anew, which takes the mark away. A mark that is found when the
ledger is opened is worked off (``finish_purges``). Everything else in the program can be undone; this cannot.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from app.children.tables import Child, Marriage
from app.core.changes import Changes
from app.core.errors import EnvironmentFault
from app.core.files import check_target
from app.core.messages import refuse
from app.core.paths import private_folder
from app.core.progress import Progress, no_progress
from app.core.text import clean
from app.dossier.purge_names import Secrets, without
from app.dossier.purge_plan import PurgePlan, purge_plan
from app.dossier.words import TABLES
from app.paper.printing import PrintResult, PrintStamp
from app.school.codes import HandoverKind
from app.school.queries import school_profile
from app.school.tables import Destruction
from app.storage.backup_list import is_listed
from app.storage.backups import Backup, Reason, list_backups, make_backup
from app.storage.data_place import backup_folder_for, second_folder_for
from app.storage.drafts import box_of
from app.storage.drafts import purge as purge_drafts
from app.storage.leftovers import laid_aside
from app.storage.purging import PURGE_KIND, forget_purges, pending_purges, purge_entries, purge_rows
from app.storage.store import Store
from app.storage.workroom import clean_private_folder
from app.tasks.purge_files import files_holding, files_of, traces

TITLE = "档案销毁清单"
KEPT_AT_MOST = timedelta(days=2 + 12 + 10 * 7 + 9 * 31)
"""How long a backup stays at most where one is made at least every month: the rule of ``storage.thinning``."""
_AREAS = frozenset({"children", "roster", "school", "handover"})


class Copies(Struct, frozen=True):
    """What still holds the rows: verified backups on this computer, and copies that left it.

    ``until`` is the day by which the last of these backups has gone by itself, None when there is none; ``second``
    are those in the second place, "" when its disk is there or none was named, else why they are not known;
    ``lasting`` are those the rule keeps longer (from before an upgrade, or not proved) and files that were laid aside,
    to be removed by hand.
    """

    backups: tuple[Backup, ...]
    second: tuple[Backup, ...]
    second_away: str
    until: date | None
    lasting: tuple[Path, ...]
    left: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Return it line by line, for the list and the window."""
        found = [
            f"{place} {len(backups)} 份（{_span(backups)}），{when}，最迟 {self.until.isoformat()} 自动清完。"
            for place, backups, when in (
                ("本机备份", self.backups, "照常备份的话"),
                ("第二处备份", self.second, "盘插着才会清，照常插上备份的话"),
            )
            if backups and self.until is not None
        ]
        found += [self.second_away] if self.second_away else []
        found += [f"不会自动清的：{path.name}，请校长决定何时手工删除。" for path in self.lasting]
        found += self.left
        return tuple(found) or ("没有。",)


class PurgePreview(Struct, frozen=True):
    """What is shown before: who, how much, which grown-ups nobody needs any more, which copies still hold it."""

    plan: PurgePlan
    copies: Copies

    @property
    def words(self) -> str:
        """Return the counts in one sentence."""
        listed = "、".join(f"{word} {count} 条" for word, count in self.plan.counts)
        return f"共 {self.plan.records} 条：{listed}。"


class Purged(Struct, frozen=True):
    """What was done. ``unfinished`` is why backup and journal are not yet without it; the next start goes on then.

    ``traces`` are files of the program in which something was still found, or that could not be looked into: none, or
    the answer says so.
    """

    changes: Changes
    destruction_uuid: str
    records: int
    counts: tuple[tuple[str, int], ...]
    backup: Backup | None
    unfinished: EnvironmentFault | None
    traces: tuple[Path, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Return the answer in sentences: only what was done and looked at."""
        done = f"已从台账里永久删除：{self.records} 条。"
        if self.unfinished is not None:
            return (
                done,
                f"备份和日志里的还没有清：{self.unfinished.what}",
                "下次打开时会接着清。以前的备份没有动。",
            )
        if self.traces:
            listed = "、".join(path.name for path in self.traces)
            return (
                done,
                f"这些文件里还找得到，或者读不了、没法确认：{listed}。请不要外传，再试一次；还在，请找懂电脑的人。",
            )
        return (done, "改动历史、草稿、日志里都找过，没有了；新的备份已核对，也不含这些内容。")


class DestructionEntry(Struct, frozen=True):
    """One permanent deletion as the window lists it: no names are kept."""

    uuid: str
    happened_on: str
    content: str
    records: int
    reason: str
    who: str | None


def purge_preview(
    store: Store, uuids: Sequence[str], *, people: Collection[str] = (), backup_folder: Path | None = None
) -> PurgePreview:
    """Count what destroying these children takes away; the refusals of ``purge_plan``."""
    plan = _planned(store, uuids, people)
    return PurgePreview(plan, _copies(store, backup_folder or backup_folder_for(store.path), plan))


def purge_children(
    store: Store,
    *,
    uuids: Sequence[str],
    reason: str,
    people: Collection[str] = (),
    paper_ref: str | None = None,
    by: str | None = None,
    backup_folder: Path | None = None,
    progress: Progress = no_progress,
) -> Purged:
    """Take children that lie in the recycle bin away for good. Cannot be undone.

    UserError ``purge.reason`` without a reason, and those of ``purge_plan``. EnvironmentFault ``storage.…`` when the
    rows could not be deleted: then nothing was. What fails later is in the answer and is gone on with at the next start.
    """
    why = clean(reason).strip()
    if not why:
        raise refuse("purge.reason")
    folder = backup_folder or backup_folder_for(store.path)
    progress(0, 3, "正在数要删的")
    plan = _planned(store, uuids, people)
    if any(word in why or word in (paper_ref or "") for word in plan.secrets.all):
        raise refuse("purge.reason_names")
    copies = _copies(store, folder, plan)
    progress(1, 3, "正在删除")
    changes, uuid = _take_away(store, plan, copies, why, paper_ref, by)
    progress(2, 3, "正在清草稿、备份和日志")
    backup, unfinished = None, None
    try:
        backup = _clear_the_rest(store, [uuid for _, uuid in plan.rows], plan.secrets, folder, progress)
    except EnvironmentFault as error:
        unfinished = error
    found = () if unfinished else _still_found(store, folder, backup, plan)
    progress(3, 3, "")
    return Purged(changes, uuid, plan.records, plan.counts, backup, unfinished, found)


def finish_purges(
    store: Store, *, backup_folder: Path | None = None, progress: Progress = no_progress
) -> bool:
    """Go on with a permanent deletion that a power cut or a full disk broke off; tell whether there was one.

    For every opening for writing. EnvironmentFault as of making a backup: then it is tried again next time.
    """
    if store.read_only:
        return False
    pending = pending_purges(store.db)
    if not pending:
        return False
    gone = [
        str(entry["uuid"])
        for action_uuid in pending
        for entry in purge_entries(store.db, action_uuid)
        if entry["op"] == "purge"
    ]
    _clear_the_rest(store, gone, None, backup_folder or backup_folder_for(store.path), progress)
    return True


def destructions(store: Store) -> list[DestructionEntry]:
    """Return the permanent deletions there were, the last one first."""
    rows = store.rows(
        "SELECT uuid, happened_on, content, records, reason, who FROM destruction ORDER BY id DESC"
    )
    return [DestructionEntry(*row) for row in rows]


def destroyed_files(store: Store) -> list[tuple[int, int]]:
    """Return of every permanent deletion its commit number and how many children's files went, merged ones too."""
    rows = store.rows(
        "SELECT a.commit_no, d.counts FROM destruction d JOIN action a ON a.kind = ? AND a.at = d.entered_at ORDER BY d.id",
        (PURGE_KIND,),
    )
    return [
        (number, json.loads(counts)["counts"].get(TABLES[Child._meta.table_name], 0))
        for number, counts in rows
    ]


def write_destruction_list(store: Store, destruction_uuid: str, out: Path) -> PrintResult:
    """Write the list (销毁清单) of one deletion as an A4 PDF. UserError ``file.…``, ``purge.unknown``."""
    from app.paper.destruction_list import DestructionSheet, render_destruction_list

    check_target(out, ".pdf", sources=(store.path,))
    row = store.one(
        "SELECT happened_on, content, records, counts, reason, copies_until, paper_ref, who, entered_at FROM destruction"
        " WHERE uuid = ?",
        (destruction_uuid,),
    )
    if row is None:
        raise refuse("purge.unknown")
    kept = json.loads(row[3])
    profile = school_profile(store)
    sheet = DestructionSheet(
        title=TITLE,
        school=profile.name if profile else "",
        happened_on=row[0],
        content=row[1],
        records=row[2],
        counts=tuple(kept["counts"].items()),
        reason=row[4],
        paper_ref=row[6] or "",
        who=row[7] or "",
        copies=tuple(kept["copies"]),
        finished=not pending_purges(store.db),
    )
    stamp = PrintStamp(
        printed_at=store.clock.now().strftime("%Y-%m-%d %H:%M"),
        commit_no=store.commit_no,
        as_of=row[0],
    )
    return render_destruction_list(sheet, out, stamp=stamp)


# ---- inside ---------------------------------------------------------------------------------------------------------


def _planned(store: Store, uuids: Sequence[str], people: Collection[str]) -> PurgePlan:
    """Return the plan with the kept files that hold somebody: those of their imports, and any that names them."""
    first = purge_plan(store, uuids, people=people)
    files = dict.fromkeys([*files_of(store, first.rows), *files_holding(store, first.secrets)])
    return purge_plan(store, uuids, people=people, files=tuple(files)) if files else first


def _take_away(
    store: Store, plan: PurgePlan, copies: Copies, reason: str, paper_ref: str | None, by: str | None
) -> tuple[Changes, str]:
    """Delete everything in one transaction; return the changes and the uuid of what is written about it."""
    with store.action(f"永久删除 {len(plan.names)} 名儿童的档案", kind=PURGE_KIND, by=by) as action:
        written = action.insert(
            Destruction,
            happened_on=store.clock.today().isoformat(),
            content=plan.content,
            records=plan.records,
            counts=json.dumps(
                {"counts": dict(plan.counts), "copies": list(copies.lines)}, ensure_ascii=False
            ),
            reason=reason,
            copies_until=None if copies.until is None else copies.until.isoformat(),
            paper_ref=clean(paper_ref or "").strip() or None,
            who=by,
        )
        for uuid in plan.unmarried:
            action.update(Marriage, uuid, spouse_id=None)
        for (table, uuid, column), told in plan.texts.items():
            store.db.execute_sql(f'UPDATE "{table}" SET "{column}" = ? WHERE uuid = ?', (told, uuid))  # noqa: S608
        scrubbed = list(dict.fromkeys([*((table, uuid) for table, uuid, _ in plan.texts), *plan.named]))
        purge_rows(store.db, action, rows=plan.rows, scrubbed=scrubbed, words=plan.words)
        return action.changes(_AREAS), written.uuid


def _clear_the_rest(
    store: Store, gone: Sequence[str], secrets: Secrets | None, folder: Path, progress: Progress
) -> Backup:
    """Take drafts and half-made copies away, back up, begin the journal anew: only then is the deletion done."""
    # secure_delete wipes what is deleted, but not what is left behind where SQLite moved rows about on a page.
    store.db.execute_sql("VACUUM")
    tells = None if secrets is None else secrets.finder().stands_in
    purge_drafts(store.db_uuid, gone, backup_folder=folder, holds=tells)
    clean_private_folder(private_folder())
    backup = make_backup(store, reason=Reason.AFTER_PURGE, folder=folder, progress=progress)
    if store.journal is None:
        forget_purges(store.db)
    else:
        store.journal.restart()
    return backup


def _still_found(store: Store, folder: Path, backup: Backup | None, plan: PurgePlan) -> tuple[Path, ...]:
    """Search what is the program's own and must be without it: the new backup, the journal, drafts, the private folder."""
    places = [private_folder(), *box_of(store.db_uuid, folder).folders]
    if backup is not None:
        places.append(backup.path)
    if store.journal is not None:
        places.append(store.journal.folder)
    return tuple(traces(places, plan.secrets))


def _holds(kind: str, people: int, told: str, plan: PurgePlan, others: Collection[str]) -> bool | None:
    """Tell whether what left holds them: sure of a whole copy and where they are named, sure not of another's paper.

    None where the log cannot tell: it has no names but those of the files. ``others`` are the children who stay.
    """
    if kind == HandoverKind.STICK or without(told, plan.secrets.names, plan.secrets.others) != told:
        return True
    return False if people == 1 and any(other in told for other in others) else None


def _what_to_do(is_known: bool | None) -> str:
    return "请收回或请对方删除。" if is_known else "里面可能有，请查一查；有就收回，或请对方删除。"


def _span(backups: Sequence[Backup]) -> str:
    oldest, newest = backups[-1].made_at.date(), backups[0].made_at.date()
    return oldest.isoformat() if oldest == newest else f"{oldest.isoformat()} 至 {newest.isoformat()}"


def _holding(store: Store, folder: Path, plan: PurgePlan) -> list[Backup]:
    """Return the backups in a folder that were made while the children were on file."""
    return [
        backup
        for backup in list_backups(folder, db_uuid=store.db_uuid)
        if backup.commit_no is None or backup.commit_no >= plan.first_commit
    ]


def _copies(store: Store, folder: Path, plan: PurgePlan) -> Copies:
    """Return what holds the rows besides the ledger: backups and laid-aside files on this computer, copies that left."""
    place = second_folder_for(store.path)
    holding, there = _holding(store, folder, plan), [] if place is None else _holding(store, place, plan)
    lasting = [
        one.path for one in (*holding, *there) if one.reason is Reason.BEFORE_UPGRADE or not one.verified
    ]
    beside = laid_aside(store.path)
    going, second = (tuple(one for one in each if one.path not in lasting) for each in (holding, there))
    until = store.clock.today() + KEPT_AT_MOST if going or second else None
    away = (
        ""
        if place is None or is_listed(place)
        else "第二处备份现在没有插上，或者读不出来：那里的也还存有，读得出以后照常自动清。"
    )
    # A namesake's name tells nothing: it may be theirs that stands there.
    others = {name for (name,) in store.rows("SELECT name FROM child WHERE deleted_at IS NULL")} - set(
        plan.names
    )
    left = [
        f"{datetime.fromisoformat(at):%Y-%m-%d} {content}，给{recipient or '没有写给谁'}"
        f"{f'（{name}）' if name else ''}：{_what_to_do(known)}"
        for at, content, recipient, name, kind, people in store.rows(
            "SELECT happened_at, content, recipient, file_name, kind, people FROM handover"
            " WHERE kind IN ('stick', 'export', 'pdf') AND data_commit_no >= ? AND deleted_at IS NULL ORDER BY id DESC",
            (plan.first_commit,),
        )
        if (known := _holds(kind, people, f"{content} {name or ''}", plan, others)) is not False
    ]
    told = tuple(without(line, plan.secrets.names, plan.secrets.others) for line in left)
    return Copies(going, second, away, until, (*lasting, *beside), told)
