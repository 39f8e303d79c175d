"""The command that writes every register of a period."""

from argparse import Namespace

from app.cli.answers import Answer
from app.core.clock import Clock


def export_registers(args: Namespace, clock: Clock) -> Answer:
    """Write the registers of a period into a folder."""
    from app.school.codes import Profile
    from app.storage.store import Store
    from app.tasks.narrowing import class_named, supporter_named
    from app.tasks.registers.all import export_registers as export
    from app.tasks.registers.lists import NOT_BY_SUPPORTER
    from app.tasks.registers.making import Wanted

    until = args.until or max(clock.today(), args.since)
    day = min(until, clock.today())
    with Store.open(args.db, clock=clock) as store:
        wanted = Wanted(
            args.since,
            until,
            class_uuid=class_named(store, args.class_name, day) if args.class_name else None,
            supporter_uuid=supporter_named(store, args.supporter, day) if args.supporter else None,
        )
        made = export(
            store,
            args.folder,
            wanted,
            pdf=args.pdf,
            profile=Profile(args.profile),
            reason=args.reason,
        )
    plain = [{"path": str(one.path), "what": one.words, "records": one.records} for one in made]
    notes = [f"已写{one.words}：{one.records} 条，{one.path.name}。" for one in made]
    if until > clock.today():
        notes.append(f"{until} 还没有到，控辍保学台账只写到今天 {clock.today()}。")
    if wanted.supporter_uuid is not None:
        notes.append(f"{NOT_BY_SUPPORTER}。")
    return Answer(plain, notes=notes)
