"""The command that examines a ledger in full, lists what it found, and puts the mended copy in place when asked."""

from argparse import Namespace

from app.cli.answers import Answer
from app.core.clock import Clock
from app.core.files import check_target


def checkup(args: Namespace, clock: Clock) -> Answer:
    """Examine a ledger in full on a private copy; with ``--repair`` put the mended copy in its place.

    What is found is an answer, so the exit code is 0; a repair that cannot be made is refused.
    """
    from app.tasks.checkup import as_plain, use_repaired, write_checkup_list
    from app.tasks.checkup import checkup as examine

    if args.list is not None:
        check_target(args.list, ".pdf", sources=(args.db,))
    report = examine(args.db, clock=clock)
    plain = as_plain(report)
    notes = [report.head, *report.notes]
    if args.list is not None:
        plain["list"] = {"path": str(args.list), "pages": write_checkup_list(report, args.list).pages}
    if args.repair and not report.is_clean:
        done = use_repaired(args.db, report, clock=clock)
        plain["repaired"] = {
            "kept": str(done.kept) if done.kept else None,
            "before_copy": str(done.before_copy.path) if done.before_copy else None,
            "commit_no": done.after.commit_no,
        }
        notes += done.words
    lines = [
        "\t".join(part for part in (caption, line.whose, line.what, line.problem, line.compared) if part)
        for caption, found in report.groups()
        for line in found
    ]
    return Answer(plain, lines=lines, notes=notes)
