"""The hand-over sheet of pairing, before it is done and ever after."""

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from app.pairing.people import supporters
from app.paper.printing import PrintResult
from app.storage.store import Store
from app.tasks.case_papers import school_name, stamp_of
from app.tasks.pairing_hand_over import HandOver, HandOverLine
from app.tasks.past_hand_overs import STALE
from app.todo.rules import DueKind

_TOLD_ALREADY = frozenset({DueKind.PROMISE, DueKind.EVENT})


_WHY = {None: "", True: "离开学校或不再帮扶", False: "调整结对"}


def make_hand_over_sheet(
    store: Store, over: HandOver, successors: Mapping[str, str], leaves: bool | None, out: Path | BinaryIO
) -> PrintResult:
    """Write the sheet of a hand-over, before or after it is done; ``successors`` as in ``hand_over``.

    ``leaves`` is None while nobody has said whether the supporter goes: the reason is left to be written by hand.
    """
    from app.paper.handover_sheet import HandOverRow, HandOverSheet, render_hand_over

    names = {
        key: one.name
        for one in supporters(store, over.on, gone=True)
        for key in (one.key, one.staff_uuid)
        if key
    }
    rows = []
    receivers: dict[str, None] = {}
    for line in over.lines:
        to = next(
            (
                successors[name]
                for name in (line.child_uuid, *(pair.uuid for pair in line.pairs))
                if name in successors
            ),
            "",
        )
        told = STALE if line.stale else names.get(to, "")
        if to in names:
            receivers[names[to]] = None
        child = f"{line.child}\n{line.class_name}" if line.class_name else line.child
        rows.append(HandOverRow(child=child, to=told, open_things=_open_things(line), care=_care(line)))
    sheet = HandOverSheet(
        school=school_name(store),
        giver=over.supporter.name,
        post=over.supporter.words,
        on=over.on.isoformat(),
        why=_WHY[leaves],
        rows=rows,
        receivers=list(receivers),
    )
    return render_hand_over(sheet, out, stamp=stamp_of(store, over.on.isoformat()))


def _open_things(line: HandOverLine) -> str:
    told = [f"承诺：{one.content}{f'（{one.due_on} 前）' if one.due_on else ''}" for one in line.promises]
    told += [f"必访：{one.name}，{one.happened_on}" for one in line.events]
    told += [f"到期 {one.due.isoformat()}：{one.rule}" for one in line.due if one.kind not in _TOLD_ALREADY]
    if line.plans:
        told.append("帮扶计划还没有评定")
    if line.last_on:
        told.append(f"最近一次记录 {line.last_on}")
    return "\n".join(told)


def _care(line: HandOverLine) -> str:
    told = ["、".join(line.flags)] if line.flags else []
    told += [f"还由{name}帮扶" for name in line.now]
    focus = {pair.focus for pair in line.pairs if pair.focus}
    told += [f"重点：{words}" for words in sorted(focus)]
    return "\n".join(told)
