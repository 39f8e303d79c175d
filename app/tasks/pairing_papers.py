"""The papers of pairing: roster by child and by supporter, hand-over sheet, help plan; and the roster as a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.children.codes import Category
from app.core.changes import Changes
from app.core.files import check_target, gone_unless_done, sha256_of
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.core.text import mask_phone
from app.diary.codes import Activity
from app.pairing.codes import Guidance
from app.pairing.facts import CheckState, PairFacts, SupporterFacts
from app.pairing.labels import counted_words
from app.pairing.pair_reading import ended_between, pairs
from app.pairing.people import supporters
from app.pairing.plans import HelpPlanFacts, help_plan
from app.pairing.queries import unpaired
from app.paper.printing import PrintResult, PrintStamp
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.school.queries import school_calendar, school_profile
from app.storage.store import Store
from app.tasks.pairing_hand_over import HandOver, HandOverLine
from app.todo.progress import Tally, pair_progress
from app.todo.rules import DueKind

if TYPE_CHECKING:
    from app.paper.pairing_roster import RosterLine

_TOLD_ALREADY = frozenset({DueKind.PROMISE, DueKind.EVENT})
COUNTING_WORDS = "登记在册的留守儿童"
DONE_WORDS = "帮扶人自己本学期为这名儿童做的次数"
NOT_ASKED = "—"


@dataclass(frozen=True, slots=True)
class ExportedRoster:
    """What was written, and the log entry about it."""

    pairs: int
    sha256: str
    changes: Changes


def make_roster(store: Store, day: date, by_supporter: bool, out: Path | BinaryIO) -> PrintResult:
    """Write the roster of a day: one line per pair, or supporter by supporter, and who has nobody."""
    from app.paper.pairing_roster import PairingRoster, RosterGroup, render_pairing_roster

    told = _Told(store, day)
    lines = [(pair, told.line(pair)) for pair in told.pairs]
    groups: list[RosterGroup] = []
    if by_supporter:
        order: dict[str, list[RosterLine]] = {}
        for pair, line in lines:
            order.setdefault(pair.key or pair.buddy_uuid, []).append(line)
        groups = [
            RosterGroup(name=own[0].supporter, head=told.head(key, own), lines=own)
            for key, own in _by_name(order)
        ]
    alone = [(child.name, child.class_name or "不在班", child.why) for child in unpaired(store, day)]
    children = len({pair.child_uuid for pair in told.pairs})
    roster = PairingRoster(
        school=_school(store),
        term=told.term.words,
        lines=() if by_supporter else [line for _, line in lines],
        groups=groups,
        unpaired=alone,
        foot=(
            f"口径：{COUNTING_WORDS}，资料截至 {day.isoformat()}。共 {counted_words(len(lines), children)}；"
            f"没有帮扶人的 {len(alone)} 名。谈心、家访是{DONE_WORDS}，后面是结对以后按频次规则应有的次数。"
        ),
    )
    return render_pairing_roster(roster, out, stamp=_stamp(store, day))


def export_roster(
    store: Store,
    out: Path,
    *,
    day: date,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> ExportedRoster:
    """Write the roster as a workbook and log it. Phone numbers are masked unless ``full`` has a reason.

    UserError ``export.reason`` without one, ``export.reason_not_kept`` in a ledger that is only looked at.
    """
    if profile is Profile.FULL and not (reason or "").strip():
        raise refuse("export.reason")
    if profile is Profile.FULL and store.read_only:
        raise refuse("export.reason_not_kept")
    from app.workbook.pairing_book import TITLE_WORDS, PairingBook, write_pairing_book

    check_target(out, ".xlsx", sources=(store.path,))
    progress(0, 0, "正在读结对")
    told = _Told(store, day, masked=profile is Profile.MASKED)
    line = (
        f"填报单位：{_school(store)}　{told.term.words}　资料截至 {day.isoformat()}　口径：{COUNTING_WORDS}"
        f"　实谈、实访：{DONE_WORDS}"
    )
    by_child = [told.child_row(pair) for pair in told.pairs]
    ordered = sorted(told.pairs, key=lambda pair: (pair.supporter, pair.key, pair.class_sort, pair.child))
    ended = ended_between(store, told.term.starts_on, day)
    book = PairingBook(
        line,
        by_child,
        [told.supporter_row(pair) for pair in ordered],
        [_ended_row(pair) for pair in ended],
        store.clock.now().strftime("%Y-%m-%d %H:%M"),
        store.commit_no,
    )
    written = write_pairing_book(book, out, progress=progress)
    digest = sha256_of(out)
    with gone_unless_done(out):
        changes = log_handover(
            store,
            kind=HandoverKind.EXPORT,
            content=TITLE_WORDS,
            people=len({pair.child_uuid for pair in told.pairs}),
            profile=profile,
            reason=reason,
            file_name=out.name,
            sha256=digest,
            as_of=day,
            by=by,
        )
    return ExportedRoster(written, digest, changes)


def make_hand_over_sheet(
    store: Store, over: HandOver, successors: Mapping[str, str], leaves: bool, out: Path | BinaryIO
) -> PrintResult:
    """Write the sheet of a hand-over, before or after it is done; ``successors`` as in ``hand_over``."""
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
        told = "已离校，不再结对" if line.stale else names.get(to, "")
        if to in names:
            receivers[names[to]] = None
        child = f"{line.child}\n{line.class_name}" if line.class_name else line.child
        rows.append(HandOverRow(child=child, to=told, open_things=_open_things(line), care=_care(line)))
    sheet = HandOverSheet(
        school=_school(store),
        giver=over.supporter.name,
        post=over.supporter.words,
        on=over.on.isoformat(),
        why="离开学校或不再帮扶" if leaves else "调整结对",
        rows=rows,
        receivers=list(receivers),
    )
    return render_hand_over(sheet, out, stamp=_stamp(store, over.on))


def make_help_plan_sheet(store: Store, child_uuid: str, term_uuid: str, out: Path | BinaryIO) -> PrintResult:
    """Write the plan of a child for a term. UserError ``plan.no_such_plan`` when there is none."""
    from app.paper.help_plan_sheet import HelpPlanSheet, render_help_plan

    plan = help_plan(store, child_uuid, term_uuid)
    if plan is None:
        raise refuse("plan.no_such_plan")
    sheet = HelpPlanSheet(
        school=_school(store),
        term=plan.term,
        child=plan.child,
        class_name=plan.class_name,
        categories=_categories(store, child_uuid),
        supporter=plan.supporter,
        situation=plan.situation or "",
        aims=[(guidance.label, plan.aims.get(guidance, "")) for guidance in Guidance],
        measures=[
            (
                measure.guidance.label if measure.guidance else "",
                measure.content,
                measure.planned_for or "",
                measure.place or "",
                measure.participants or "",
            )
            for measure in plan.measures
        ],
        stages=[(one.happened_on, one.content, one.reaction or "", one.effect or "") for one in plan.stages],
        checks=[(one.checked_on, one.checker, one.opinion or "") for one in plan.checks],
        effect=plan.effect or "",
        reflection=plan.reflection or "",
        assessed=_assessed(plan),
    )
    return render_help_plan(sheet, out, stamp=_stamp(store, store.clock.today()))


class _Told:
    """The pairs of a day with everything that stands beside them on a roster."""

    def __init__(self, store: Store, day: date, *, masked: bool = False) -> None:
        self.term = school_calendar(store).term_in_force(day)
        self.pairs = [pair for pair in pairs(store, day) if pair.on_ledger]
        self._people = {one.key: one for one in supporters(store, day, gone=True)}
        self._progress = pair_progress(store, self.term, day)
        self._masked = masked

    def line(self, pair: PairFacts) -> "RosterLine":
        """Return a pair in the words of the printed roster."""
        from app.paper.pairing_roster import RosterLine

        talks, visits = self._tallies(pair)
        return RosterLine(
            child=pair.child,
            sex=pair.child_sex.label if pair.child_sex else "",
            class_name=pair.class_name,
            supporter=pair.supporter,
            post=self._post(pair),
            kind=pair.kind.label,
            phone=self._phone(pair),
            since=pair.valid_from or "",
            focus=pair.focus or "",
            talks=_of(talks),
            visits=_of(visits),
        )

    def head(self, key: str, lines: "list[RosterLine]") -> str:
        """Return what is said once about one supporter, in lines."""
        one = self._people.get(key)
        if one is None:
            return f"{lines[0].supporter}（学习帮手）　带 {len(lines)} 名"
        valid = one.check is CheckState.VALID
        check = f"从业查询 {one.checked_on}" if valid else f"从业查询：{one.check.words}"
        head = f"{one.name}　带 {len(lines)} 名"
        return "\n".join(word for word in (head, one.words, one.phone or "", check) if word)

    def child_row(self, pair: PairFacts) -> tuple[str, ...]:
        """Return a row of the sheet by child."""
        line, (talks, visits) = self.line(pair), self._tallies(pair)
        return (
            line.child,
            line.sex,
            line.class_name,
            line.supporter,
            line.kind,
            line.post,
            line.phone,
            line.since,
            line.focus,
            *_counts(talks),
            *_counts(visits),
        )

    def supporter_row(self, pair: PairFacts) -> tuple[str, ...]:
        """Return a row of the sheet by supporter."""
        line, (talks, visits) = self.line(pair), self._tallies(pair)
        one = self._people.get(pair.key)
        check = "" if one is None else one.checked_on or one.check.words
        return (
            line.supporter,
            line.post,
            line.phone,
            line.kind,
            line.child,
            line.class_name,
            line.since,
            check,
            *_counts(talks),
            *_counts(visits),
        )

    def _tallies(self, pair: PairFacts) -> tuple[Tally | None, Tally | None]:
        """Return talks and visits of this pair; None for what is neither asked of it nor done."""
        own = self._progress.get((pair.key, pair.child_uuid), {})
        return own.get(Activity.TALK.value), own.get(Activity.HOME_VISIT.value)

    def _post(self, pair: PairFacts) -> str:
        one: SupporterFacts | None = self._people.get(pair.key)
        return pair.buddy_class if one is None else one.words

    def _phone(self, pair: PairFacts) -> str:
        one = self._people.get(pair.key)
        number = "" if one is None else one.phone or ""
        return mask_phone(number) if self._masked and number else number


def _of(tally: Tally | None) -> str:
    return NOT_ASKED if tally is None else f"{tally.done}/{tally.due}"


def _counts(tally: Tally | None) -> tuple[str, str]:
    """Return due and done."""
    return (NOT_ASKED, NOT_ASKED) if tally is None else (str(tally.due), str(tally.done))


def _by_name(order: "dict[str, list[RosterLine]]") -> "list[tuple[str, list[RosterLine]]]":
    return sorted(order.items(), key=lambda item: (item[1][0].supporter, item[0]))


def _ended_row(pair: PairFacts) -> tuple[str, ...]:
    reason = pair.end_reason.label if pair.end_reason else ""
    return (
        pair.child,
        pair.class_name,
        pair.supporter,
        pair.kind.label,
        pair.valid_from or "",
        pair.valid_to or "",
        reason,
        pair.end_note or "",
    )


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


def _assessed(plan: HelpPlanFacts) -> str:
    words = (plan.grade.label if plan.grade else "", plan.assessor or "", plan.assessed_on or "")
    return "　".join(word for word in words if word)


def _categories(store: Store, child_uuid: str) -> str:
    rows = store.rows(
        "SELECT f.category FROM category_flag f JOIN child c ON c.id = f.child_id"
        " WHERE c.uuid = ? AND f.valid_to IS NULL AND f.deleted_at IS NULL ORDER BY f.id",
        (child_uuid,),
    )
    return "、".join(Category(code).label for (code,) in rows)


def _school(store: Store) -> str:
    profile = school_profile(store)
    return profile.name if profile else ""


def _stamp(store: Store, day: date) -> PrintStamp:
    now = store.clock.now()
    return PrintStamp(printed_at=f"{now:%Y-%m-%d %H:%M}", commit_no=store.commit_no, as_of=day.isoformat())
