"""结对帮扶花名册 on paper and as a workbook: by child and by supporter, with what was really done beside what was asked."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from app.calls.cadence import CALL
from app.core.changes import Changes
from app.core.files import check_target, gone_unless_done, sha256_of
from app.core.progress import Progress, no_progress
from app.core.text import mask_phone
from app.diary.codes import Activity
from app.pairing.facts import CheckState, PairFacts, SupporterFacts
from app.pairing.labels import counted_words
from app.pairing.pair_reading import ended_between, pairs
from app.pairing.people import supporters
from app.pairing.queries import unpaired
from app.paper.printing import PrintResult
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover, require_reason
from app.school.queries import school_calendar
from app.storage.store import Store
from app.tasks.case_papers import school_name, stamp_of
from app.tasks.narrowing import Narrowing
from app.todo.progress import Tally, child_progress, pair_progress

if TYPE_CHECKING:
    from app.paper.pairing_roster import RosterLine

COUNTING_WORDS = "登记在册的留守儿童"
DONE_WORDS = "帮扶人自己本学期为这名儿童做的次数"
CALL_WORDS = "这名儿童本学期接通的亲情电话"
_EVERYBODY = Narrowing()
NOT_ASKED = "—"


class ExportedRoster(Struct, frozen=True):
    """What was written, and the log entry about it."""

    pairs: int
    sha256: str
    changes: Changes


def make_roster(
    store: Store,
    day: date,
    by_supporter: bool,
    out: Path | BinaryIO,
    *,
    masked: bool = False,
    only: Narrowing = _EVERYBODY,
) -> PrintResult:
    """Write the roster of a day: one line per pair, or supporter by supporter, who has nobody, and which pairs ended.

    ``only`` narrows it; ``masked`` keeps the middle of the telephone numbers to itself.
    """
    from app.paper.pairing_roster import PairingRoster, RosterGroup, render_pairing_roster

    told = _Told(store, day, masked=masked, only=only)
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
    alone = [
        (child.name, child.class_name or "不在班", child.why)
        for child in unpaired(store, day)
        if only.takes(child.uuid) and not only.key
    ]
    children = len({pair.child_uuid for pair in told.pairs})
    roster = PairingRoster(
        school=school_name(store),
        term="　".join(word for word in (only.words, told.term.words) if word),
        lines=() if by_supporter else [line for _, line in lines],
        groups=groups,
        unpaired=alone,
        ended=[_ended_row(pair) for pair in told.ended],
        foot=(
            f"口径：{COUNTING_WORDS}，资料截至 {day.isoformat()}。共 {counted_words(len(lines), children)}"
            f"{'' if only.key else f'；没有帮扶人的 {len(alone)} 名'}。谈心、家访是{DONE_WORDS}，通话是{CALL_WORDS}；"
            "后面是按频次规则应有的次数。「效果」由学校填写。"
        ),
    )
    return render_pairing_roster(roster, out, stamp=stamp_of(store, day.isoformat()))


def export_roster(
    store: Store,
    out: Path,
    *,
    day: date,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    only: Narrowing = _EVERYBODY,
    by: str | None = None,
    progress: Progress = no_progress,
) -> ExportedRoster:
    """Write the roster as a workbook and log it. Phone numbers are masked unless ``full`` has a reason.

    UserError ``export.reason`` without one, ``export.reason_not_kept`` in a ledger that is only looked at.
    """
    require_reason(store, profile, reason)
    from app.workbook.pairing_book import TITLE_WORDS, PairingBook, write_pairing_book

    check_target(out, ".xlsx", sources=(store.path,))
    progress(0, 0, "正在读结对")
    told = _Told(store, day, masked=profile is Profile.MASKED, only=only)
    line = (
        f"填报单位：{school_name(store)}{f'（{only.words}）' if only.words else ''}　{told.term.words}"
        f"　资料截至 {day.isoformat()}　口径：{COUNTING_WORDS}"
    )
    by_child = [told.child_row(pair) for pair in told.pairs]
    ordered = sorted(told.pairs, key=lambda pair: (pair.supporter, pair.key, pair.class_sort, pair.child))
    book = PairingBook(
        line,
        f"实谈、实访：{DONE_WORDS}　实通话：{CALL_WORDS}",
        by_child,
        [told.supporter_row(pair) for pair in ordered],
        [_ended_row(pair) for pair in told.ended],
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


def children_on(store: Store, day: date, only: Narrowing) -> int:
    """Return of how many children the roster of a day speaks."""
    return len({pair.child_uuid for pair in pairs(store, day) if pair.on_ledger and _is_of(pair, only)})


class _Told:
    """The pairs of a day with everything that stands beside them on a roster."""

    def __init__(self, store: Store, day: date, *, masked: bool, only: Narrowing) -> None:
        self.term = school_calendar(store).term_in_force(day)
        self.pairs = [pair for pair in pairs(store, day) if pair.on_ledger and _is_of(pair, only)]
        self.ended = [pair for pair in ended_between(store, self.term.starts_on, day) if _is_of(pair, only)]
        self._people = {one.key: one for one in supporters(store, day, gone=True)}
        self._progress = pair_progress(store, self.term, day)
        self._of_children = child_progress(store, self.term, day)
        self._masked = masked

    def line(self, pair: PairFacts) -> "RosterLine":
        """Return a pair in the words of the printed roster."""
        from app.paper.pairing_roster import RosterLine

        talks, visits, calls = self._tallies(pair)
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
            calls=_of(calls),
        )

    def head(self, key: str, lines: "list[RosterLine]") -> str:
        """Return what is said once about one supporter, in lines."""
        one = self._people.get(key)
        if one is None:
            return f"{lines[0].supporter}（学习帮手）　带 {len(lines)} 名"
        valid = one.check is CheckState.VALID
        check = f"从业查询 {one.checked_on}" if valid else f"从业查询：{one.check.words}"
        head = f"{one.name}　带 {len(lines)} 名"
        return "\n".join(
            word for word in (head, one.words, f"{self._number(one)}　{check}".strip("　")) if word
        )

    def child_row(self, pair: PairFacts) -> tuple[str, ...]:
        """Return a row of the sheet by child."""
        line = self.line(pair)
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
            *_counts(self._tallies(pair)),
        )

    def supporter_row(self, pair: PairFacts) -> tuple[str, ...]:
        """Return a row of the sheet by supporter."""
        line = self.line(pair)
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
            *_counts(self._tallies(pair)),
        )

    def _tallies(self, pair: PairFacts) -> tuple[Tally | None, Tally | None, Tally | None]:
        """Return talks and visits of this pair and the child's calls; None for what is neither asked nor done."""
        own = self._progress.get((pair.key, pair.child_uuid), {})
        calls = self._of_children.get(pair.child_uuid, {}).get(CALL)
        return own.get(Activity.TALK.value), own.get(Activity.HOME_VISIT.value), calls

    def _post(self, pair: PairFacts) -> str:
        one: SupporterFacts | None = self._people.get(pair.key)
        return pair.buddy_class if one is None else one.words

    def _phone(self, pair: PairFacts) -> str:
        one = self._people.get(pair.key)
        return "" if one is None else self._number(one)

    def _number(self, one: SupporterFacts) -> str:
        return mask_phone(one.phone) if self._masked and one.phone else one.phone or ""


def _of(tally: Tally | None) -> str:
    return NOT_ASKED if tally is None else f"{tally.done}/{tally.due}"


def _counts(tallies: tuple[Tally | None, ...]) -> tuple[str, ...]:
    """Return due and done of each."""
    return tuple(
        word
        for tally in tallies
        for word in ((NOT_ASKED, NOT_ASKED) if tally is None else (str(tally.due), str(tally.done)))
    )


def _is_of(pair: PairFacts, only: Narrowing) -> bool:
    if not only.key:
        return only.takes(pair.child_uuid)
    # A pair that ended is still the supporter's, although the child is not any more.
    return pair.key == only.key and (not only.class_name or pair.class_name == only.class_name)


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
