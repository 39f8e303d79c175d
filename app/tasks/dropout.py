"""控辍保学 on paper and in Excel: the lists of domain.md §5.24 and the three ledgers, zero reported too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.children.facts import ChildFacts
from app.children.queries import load_facts
from app.core.changes import Changes
from app.core.files import check_target, gone_unless_done, sha256_of
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.core.text import mask_phone
from app.diary.absences import absences, month_lines
from app.diary.absences_rules import AbsenceFacts, AbsenceStage
from app.diary.late import late_words
from app.paper.printing import PrintResult
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.school.queries import classes
from app.storage.classification import mask_address, masked
from app.storage.store import Store
from app.tasks.case_papers import school_name, stamp_of
from app.tasks.export_ledger import ledger_order
from app.tasks.paper_out import log_paper

if TYPE_CHECKING:
    from app.paper.absence_lists import AbsenceList


class DropoutPaper(Enum):
    """Which list; the first and the third are of a period, the second of a day, the last of a month."""

    REGISTER = "register"
    REPORT = "report"
    PERSUASIONS = "persuasions"
    MONTH = "month"


_CONTENTS = {
    DropoutPaper.REGISTER: "缺席学生情况登记表",
    DropoutPaper.REPORT: "辍学学生情况报告表",
    DropoutPaper.PERSUASIONS: "劝返清单",
    DropoutPaper.MONTH: "控辍保学月报",
}


@dataclass(frozen=True, slots=True)
class ExportedDropout:
    """What was written, how many cases and persuasions it lists (not the pupils, not the months), and the log entry."""

    path: Path
    rows: int
    changes: Changes


def make_absence_list(
    store: Store, which: DropoutPaper, since: str, until: str, out: Path | BinaryIO
) -> PrintResult:
    """Write one of the lists for the days since … until (both in); the month is that of ``until``."""
    from app.paper.absence_lists import render_absences

    return render_absences(_sheet(store, which, since, until), out, stamp=stamp_of(store, until))


def export_dropout_book(
    store: Store,
    out: Path,
    *,
    since: date,
    until: date,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> ExportedDropout:
    """Write the three ledgers as of ``until`` with 劝返 and months of the period to ``out``, and log it.

    UserError ``export.reason`` for the full profile without one, ``export.reason_not_kept``, ``file.…``.
    """
    if profile is Profile.FULL and not (reason or "").strip():
        raise refuse("export.reason")
    if profile is Profile.FULL and store.read_only:
        raise refuse("export.reason_not_kept")
    from app.workbook.dropout_book import DropoutBook, write_dropout_book

    check_target(out, ".xlsx", sources=(store.path,))
    school, day = school_name(store), until.isoformat()
    pupils = _Pupils(store, until, whole=profile is Profile.FULL)
    cases = tuple(one.up_to(until) for one in absences(store, until=until))
    book = DropoutBook(
        school=school,
        span=f"{since.isoformat()} 至 {day}",
        day=day,
        of_age=[pupils.cells(facts.uuid) for facts in pupils.enrolled],
        suspected=_ledger(pupils, cases, AbsenceStage.SUSPECTED, until),
        dropout=_ledger(pupils, cases, AbsenceStage.DROPOUT, until),
        persuasions=list(_tried(cases, since.isoformat(), day)),
        months=[(month, *figures) for month in _months(since, until) for figures in _figures(store, month)],
    )
    write_dropout_book(
        book,
        out,
        subject={Profile.MASKED: "脱敏", Profile.FULL: "完整号码"}[profile],
        printed_at=f"{store.clock.now():%Y-%m-%d %H:%M}",
        commit_no=store.commit_no,
        progress=progress,
    )
    digest = sha256_of(out)
    with gone_unless_done(out):
        changes = log_handover(
            store,
            kind=HandoverKind.EXPORT,
            content="控辍保学台账",
            people=len(pupils.enrolled),
            profile=profile,
            reason=reason,
            file_name=out.name,
            sha256=digest,
            as_of=until,
            by=by,
        )
    rows = len(book.suspected) + len(book.dropout) + len(book.persuasions)
    return ExportedDropout(out, rows, changes)


def log_absence_list(
    store: Store,
    which: DropoutPaper,
    since: str,
    until: str,
    *,
    kind: HandoverKind,
    target: Path | None = None,
    by: str | None = None,
) -> Changes:
    """Write down that a list went out: onto paper, or as the PDF ``target``. The month's figures name nobody."""
    cases = () if which is DropoutPaper.MONTH else _cases(store, which, since, date.fromisoformat(until))
    people = len({one.child_uuid for one in cases})
    return log_paper(store, kind=kind, content=_CONTENTS[which], people=people, target=target, by=by)


# ---- the lists on paper -----------------------------------------------------------------------------------------------


def _sheet(store: Store, which: DropoutPaper, since: str, until: str) -> "AbsenceList":
    from app.paper.absence_lists import MONTH, PERSUASIONS, REGISTER, REPORT, AbsenceList, CaseRow, TriedRow

    last = date.fromisoformat(until)
    school, span = school_name(store), f"{since} 至 {until}"
    if which is DropoutPaper.MONTH:
        month = until[:7]
        figures = _figures(store, month)
        is_zero = all(cell in ("0", "") for cell in figures[-1][2:])
        nothing = f"{month} 没有缺席、疑似辍学、辍学和劝返" if is_zero else ""
        note = "「在册」是登记在本软件里的在校儿童；末两栏是月末人数，其余是本月发生的。"
        return AbsenceList(
            title=MONTH, school=school, span=month, figures=figures, nothing=nothing, note=note
        )
    cases = _cases(store, which, since, last)
    pupils = _Pupils(store, last, whole=True, uuids={one.child_uuid for one in cases})
    if which is DropoutPaper.PERSUASIONS:
        tried = [
            TriedRow(
                child=_lines(one.child_name, one.class_name),
                carer=_lines(*pupils.carer(one.child_uuid)),
                which=_lines(f"第 {each.number} 次", each.happened_on, late_words(each.late_days)),
                people=_lines(each.persons, each.medium and each.medium.label),
                course=each.course or "",
                result=each.result.label if each.result else "",
            )
            for one in reversed(cases)
            for each in one.persuasions
            if since <= each.happened_on <= until
        ]
        nothing = "" if tried else f"{span} 没有劝返"
        return AbsenceList(title=PERSUASIONS, school=school, span=span, tried=tried, nothing=nothing)
    rows = [
        CaseRow(
            child=_lines(one.child_name, pupils.sex(one.child_uuid), one.class_name),
            registry=_lines(*pupils.papers(one.child_uuid)),
            carer=_lines(*pupils.carer(one.child_uuid)),
            missed=_lines(one.happened_on, one.reason and one.reason.label, late_words(one.late_days)),
            reported=_lines(one.reported_on, one.reported_to, one.receiver),
            ended=_ended(one, last),
        )
        for one in reversed(cases)
    ]
    is_report = which is DropoutPaper.REPORT
    nothing = ("没有疑似辍学和辍学的学生" if is_report else "没有缺席的学生") if not rows else ""
    return AbsenceList(
        title=REPORT if is_report else REGISTER,
        school=school,
        span=f"截至 {until}" if is_report else span,
        cases=rows,
        nothing=nothing,
    )


def _ended(one: AbsenceFacts, day: date) -> str:
    stage = one.stage_on(day)
    return _lines(
        f"返校 {one.returned_on}" if one.returned_on else None,
        f"销号 {one.closed_on}" if one.closed_on else None,
        one.closed_reason and one.closed_reason.label,
        stage.label if stage in (AbsenceStage.SUSPECTED, AbsenceStage.DROPOUT) else None,
        f"劝返 {len(one.persuasions)} 次" if one.persuasions else None,
    )


def _cases(store: Store, which: DropoutPaper, since: str, last: date) -> tuple[AbsenceFacts, ...]:
    """Return the cases of a list as they stood on its last day."""
    cases = tuple(one.up_to(last) for one in absences(store, since=date.fromisoformat(since), until=last))
    if which is not DropoutPaper.REPORT:
        return cases
    return tuple(one for one in cases if one.stage_on(last) in (AbsenceStage.SUSPECTED, AbsenceStage.DROPOUT))


def _figures(store: Store, month: str) -> list[tuple[str, ...]]:
    last = date.fromisoformat(f"{month}-28") + timedelta(days=4)
    names = tuple(cls.name for cls in classes(store, last.replace(day=1) - timedelta(days=1)))
    return [
        (
            line.name,
            *(
                str(number)
                for number in (
                    line.pupils,
                    line.absent,
                    line.suspected,
                    line.dropout,
                    line.persuasions,
                    line.returned,
                    line.closed,
                    line.suspected_now,
                    line.dropout_now,
                )
            ),
        )
        for line in month_lines(store, month, names)
    ]


# ---- the ledgers in Excel ---------------------------------------------------------------------------------------------


class _Pupils:
    """The children of the lists with what each is known by; numbers masked unless ``whole``."""

    def __init__(self, store: Store, day: date, *, whole: bool, uuids: set[str] | None = None) -> None:
        found = ledger_order(load_facts(store, day, uuids=uuids))
        self._facts = {facts.uuid: facts for facts in found}
        self._whole = whole
        self.enrolled: Sequence[ChildFacts] = [facts for facts in found if facts.school_class is not None]

    def cells(self, uuid: str) -> tuple[str, ...]:
        """Return 姓名 性别 出生日期 班级 学籍号 户籍地 监护人 关系 电话."""
        facts = self._facts[uuid]
        name, relation, phone = self._guardian(uuid)
        cls = facts.school_class
        return (
            facts.name,
            self.sex(uuid),
            facts.birth_date or "",
            cls.name if cls else "",
            *self.papers(uuid),
            name,
            relation,
            phone,
        )

    def sex(self, uuid: str) -> str:
        """Return 男, 女 or ""."""
        sex = self._facts[uuid].sex
        return sex.label if sex else ""

    def papers(self, uuid: str) -> tuple[str, str]:
        """Return 学籍号 and 户籍地."""
        facts = self._facts[uuid]
        number = facts.student_registry_no or ""
        place = (facts.household.place if facts.household else None) or ""
        if self._whole:
            return number, place
        return masked("child", "student_registry_no", number), mask_address(place)

    def carer(self, uuid: str) -> tuple[str, str]:
        """Return the carer with the relation, and the number."""
        name, relation, phone = self._guardian(uuid)
        return (f"{name}（{relation}）" if name and relation else name), phone

    def _guardian(self, uuid: str) -> tuple[str, str, str]:
        facts = self._facts[uuid]
        person = facts.care.person if facts.care else None
        if person is None:
            return "", "", ""
        best = person.best_phone
        number = best.number if best else ""
        return person.name or "", person.relation_words, number if self._whole else mask_phone(number)


def _ledger(
    pupils: _Pupils, cases: Sequence[AbsenceFacts], stage: AbsenceStage, day: date
) -> list[tuple[str, ...]]:
    return [
        (
            *pupils.cells(one.child_uuid),
            one.happened_on,
            one.reason.label if one.reason else "",
            one.suspected_on or "",
            one.reported_on or "",
            "·".join(filter(None, (one.reported_to, one.receiver))),
            one.dropout_on or "",
            str(len(one.persuasions)),
            _last_try(one),
            late_words(one.late_days),
        )
        for one in reversed(cases)
        if one.stage_on(day) is stage
    ]


def _last_try(one: AbsenceFacts) -> str:
    if not one.persuasions:
        return ""
    last = one.persuasions[-1]
    return f"{last.happened_on} {last.result.label if last.result else ''}".strip()


def _tried(cases: Sequence[AbsenceFacts], since: str, until: str) -> Iterator[tuple[str, ...]]:
    for one in reversed(cases):
        for each in one.persuasions:
            if since <= each.happened_on <= until:
                yield (
                    one.child_name,
                    one.class_name,
                    one.happened_on,
                    str(each.number),
                    each.happened_on,
                    each.persons or "",
                    each.medium.label if each.medium else "",
                    each.course or "",
                    each.result.label if each.result else "",
                    one.returned_on or "",
                    f"{one.closed_on} {one.closed_reason.label}"
                    if one.closed_on and one.closed_reason
                    else "",
                    late_words(each.late_days),
                )


def _months(since: date, until: date) -> Iterator[str]:
    year, month = since.year, since.month
    while (year, month) <= (until.year, until.month):
        yield f"{year}-{month:02}"
        year, month = year + month // 12, month % 12 + 1


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)
