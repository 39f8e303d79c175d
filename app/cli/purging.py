"""The command that takes a child away for good."""

from argparse import Namespace

from app.cli.answers import Answer
from app.core.clock import Clock
from app.core.files import check_target


def purge(args: Namespace, clock: Clock) -> Answer:
    """Destroy children that lie in the recycle bin, or go on with a deletion that was broken off."""
    from app.storage.store import Store
    from app.tasks.purge import finish_purges, purge_children, purge_preview, write_destruction_list

    if args.list is not None:
        check_target(args.list, ".pdf", sources=(args.db,))
    with Store.open(args.db, clock=clock) as store:
        finish_purges(store)
        leftovers = purge_preview(store, args.child).plan.leftovers if args.with_people else ()
        done = purge_children(
            store,
            uuids=args.child,
            reason=args.reason,
            people=[one.uuid for one in leftovers],
            paper_ref=args.paper,
        )
        if args.list is not None:
            write_destruction_list(store, done.destruction_uuid, args.list)
    plain = {
        "destruction": done.destruction_uuid,
        "records": done.records,
        "counts": dict(done.counts),
        "backup": None if done.backup is None else str(done.backup.path),
        "finished": done.unfinished is None,
        "traces": [str(path) for path in done.traces],
        "list": None if args.list is None else str(args.list),
    }
    return Answer(plain, notes=done.words, code=0 if done.unfinished is None and not done.traces else 1)
