"""``import-diary``: a workbook of past records into the diary."""

from argparse import Namespace

from app.cli.answers import Answer
from app.core.clock import Clock
from app.core.files import check_target


def import_diary(args: Namespace, clock: Clock) -> Answer:
    """Read past records into the diary as one undoable step, or rehearse it. Parked rows are no failure."""
    from app.storage.store import Store
    from app.tasks.import_diary import PAST_RECORDS

    if args.rejects is not None:
        check_target(args.rejects, ".xlsx", sources=(args.db, args.file))
    with Store.open(args.db, clock=clock) as store:
        done = PAST_RECORDS.bring_in(
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
