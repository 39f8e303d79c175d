"""``pairings``: who looks after whom, and a suggestion for those who have nobody."""

from argparse import Namespace

from app.cli.answers import Answer
from app.core.clock import Clock
from app.core.messages import refuse


def pairings(args: Namespace, clock: Clock) -> Answer:
    """List the pairs; with ``--suggest`` fill the unpaired, and write that unless it is only tried out."""
    from app.pairing.codes import PairingKind
    from app.storage.store import Store
    from app.tasks.pairing_list import PairLine, pair_list, suggested_list

    if not args.suggest and (args.per_teacher is not None or args.dry_run):
        raise refuse("pairing.needs_suggest")
    write = args.suggest and not args.dry_run
    with Store.open(args.db, clock=clock, read_only=not write) as store:
        if args.suggest:
            found = suggested_list(
                store,
                clock.today(),
                kind=PairingKind(args.kind.replace("-", "_")),
                per_teacher=args.per_teacher,
                write=write,
                unchecked_reason=args.reason,
            )
        else:
            found = pair_list(store, clock.today())

    def line(one: PairLine) -> str:
        state = "" if one.existing else "新" if one.uuid else "建议"
        return "\t".join(
            (one.class_name or "不在班", one.child, one.kind.label, one.supporter, state, one.reason)
        )

    plain = {
        "pairs": [
            {
                "uuid": one.uuid or None,
                "child": one.child_uuid,
                "supporter": one.key,
                "kind": one.kind.value,
                "from": one.since,
                "existing": one.existing,
                "child_name": one.child,
                "supporter_name": one.supporter,
            }
            for one in found.lines
        ],
        "unpaired": [{"child": uuid, "why": why, "child_name": name} for uuid, name, why in found.unpaired],
        "why": list(found.why),
        "load": found.load,
    }
    notes = [*found.why, found.words]
    if found.changes:
        new = sum(not one.existing for one in found.lines)
        notes = [*found.why, f"已结 {new} 对，可以撤销。"]
        if found.unchecked:
            notes.append(f"其中 {found.unchecked} 对的帮扶人还没有有效的从业查询，原因已记在结对里，请补查。")
    lines = [line(one) for one in found.lines]
    lines += [f"没有结对\t{name}\t{why}" for _, name, why in found.unpaired]
    return Answer(plain, lines=lines, notes=notes)
