"""``import-calls`` and ``export-calls``: results of calls out of a table, the calls of a period into a folder."""

from argparse import Namespace

from app.cli.answers import Answer
from app.core.clock import Clock
from app.core.files import check_target


def import_calls(args: Namespace, clock: Clock) -> Answer:
    """Read results of calls into the log as one undoable step, or rehearse it. Parked rows are no failure."""
    from app.storage.store import Store
    from app.tasks.calls_import import CALLS

    if args.rejects is not None:
        check_target(args.rejects, ".xlsx", sources=(args.db, args.file))
    with Store.open(args.db, clock=clock) as store:
        done = CALLS.bring_in(
            store,
            args.file,
            sheet=args.sheet,
            dry_run=args.dry_run,
            rejects=args.rejects,
            anyway=args.without_backup,
        )
    plain = done.as_json()
    words = (
        f"{'预演，没有写入：' if args.dry_run else ''}读了 {plain['rows']} 行，新增 {plain['new']}，"
        f"已有 {plain['known']}，待处理 {len(plain['parked'])}。"
    )
    lines = [f"{row['sheet']} 第 {row['row']} 行\t待处理：{row['reason']}" for row in plain["parked"]]
    return Answer(plain, lines=lines, notes=[*done.plan.told, words])


def export_calls(args: Namespace, clock: Clock) -> Answer:
    """Write the calls of a period into a folder."""
    from app.school.codes import Profile
    from app.storage.store import Store
    from app.tasks.calls_export import export_calls as export

    with Store.open(args.db, clock=clock) as store:
        made = export(
            store,
            args.folder,
            since=args.since,
            until=args.until or max(clock.today(), args.since),
            profile=Profile(args.profile),
            reason=args.reason,
        )
    plain = [{"path": str(one.path), "what": one.words, "records": one.records} for one in made]
    return Answer(plain, notes=[f"已写{one.words}：{one.records} 条，{one.path.name}。" for one in made])
