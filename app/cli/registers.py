"""The command that writes every register of a period."""

from argparse import Namespace

from app.cli.answers import Answer
from app.core.clock import Clock


def export_registers(args: Namespace, clock: Clock) -> Answer:
    """Write the registers of a period into a folder."""
    from app.school.codes import Profile
    from app.storage.store import Store
    from app.tasks.registers.all import export_registers as export

    until = args.until or max(clock.today(), args.since)
    with Store.open(args.db, clock=clock) as store:
        made = export(
            store,
            args.folder,
            since=args.since,
            until=until,
            profile=Profile(args.profile),
            reason=args.reason,
        )
    plain = [{"path": str(one.path), "what": one.words, "records": one.records} for one in made]
    notes = [f"已写{one.words}：{one.records} 条，{one.path.name}。" for one in made]
    if until > clock.today():
        notes.append(f"{until} 还没有到，控辍保学台账只写到今天 {clock.today()}。")
    return Answer(plain, notes=notes)
