"""控辍保学 on paper: the lists of domain.md §5.24, one by one or all of a period, zero reported too."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace

from app.children.facts import ChildFacts
from app.children.queries import load_facts
from app.core.changes import Changes
from app.core.progress import Progress, no_progress
from app.core.text import mask_numbers, mask_phone
from app.diary.absences import absences, month_lines
from app.diary.absences_rules import AbsenceFacts, AbsenceStage
from app.diary.late import late_words
from app.paper.printing import PrintResult
from app.school.codes import HandoverKind, Profile
from app.school.queries import classes
from app.storage.classification import mask_address, masked
from app.storage.store import Store
from app.tasks.case_papers import school_name, stamp_of
from app.tasks.export_ledger import ledger_order
from app.tasks.narrowing import Narrowing
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
BOOK_WORDS = "控辍保学台账"
_OF_FIGURES = "「在校生」是登记在本软件里的在校儿童，不只是在册留守儿童；末两栏是月末人数，其余是本月发生的。"
_EVERYBODY = Narrowing()


def make_absence_list(
    store: Store, which: DropoutPaper, since: str, until: str, out: Path | BinaryIO
) -> PrintResult:
    """Write one of the lists for the days since … until (both in); the month is that of ``until``."""
    from app.paper.absence_lists import render_absences

    sheet = _sheet(store, which, since, until, whole=True, only=_EVERYBODY)
    return render_absences((sheet,), out, title=sheet.title, stamp=stamp_of(store, until))


def print_dropout(
    store: Store,
    since: date,
    until: date,
    out: Path | BinaryIO,
    *,
    masked: bool = False,
    only: Narrowing = _EVERYBODY,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write all lists of a period: 适龄儿童 as of its last day, 缺席, 辍学, 劝返, and the figures of its months.

    ``only`` narrows them; the figures are those of classes, and stay away where a supporter's or one child is asked for.
    """
    from app.paper.absence_lists import MONTH, OF_AGE, AbsenceList, render_absences

    first, last = since.isoformat(), until.isoformat()
    pupils = Pupils(store, until, whole=not masked, only=only)
    school = f"{school_name(store)}（{only.words}）" if only.words else school_name(store)
    of_age = AbsenceList(
        title=OF_AGE,
        school=school,
        span=f"截至 {last}　{len(pupils.enrolled)} 名",
        pupils=[pupils.cells(facts.uuid) for facts in pupils.enrolled],
        note="登记在本软件里的在校儿童。"
        + ("" if only.has_figures else f"辍学学生情况统计表不分{'教师' if only.key else '儿童'}，不附。"),
    )
    papers = (DropoutPaper.REGISTER, DropoutPaper.REPORT, DropoutPaper.PERSUASIONS)
    sheets = [_sheet(store, which, first, last, whole=not masked, only=only) for which in papers]
    lists = [of_age, *(replace(sheet, school=school) for sheet in sheets)]
    if only.has_figures:
        figures = [
            (month, *line)
            for month in months_between(since, until)
            for line in figures_of(store, month, only)
        ]
        lists.append(
            AbsenceList(
                title=MONTH, school=school, span=f"{first} 至 {last}", figures=figures, note=_OF_FIGURES
            )
        )
    return render_absences(lists, out, title=BOOK_WORDS, stamp=stamp_of(store, last), progress=progress)


def log_absence_list(
    store: Store,
    which: DropoutPaper,
    since: str,
    until: str,
    *,
    kind: HandoverKind,
    target: Path | None = None,
    reason: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write down that a list went out: onto paper, or as the PDF ``target``, for what ``reason``.

    The month's figures name nobody; the others carry whole numbers.
    """
    cases = () if which is DropoutPaper.MONTH else _cases(store, which, since, date.fromisoformat(until))
    people = len({one.child_uuid for one in cases})
    profile = None if which is DropoutPaper.MONTH else Profile.FULL
    return log_paper(
        store,
        kind=kind,
        content=_CONTENTS[which],
        people=people,
        profile=profile,
        reason=reason,
        target=target,
        by=by,
    )


# ---- the lists on paper -----------------------------------------------------------------------------------------------


def _sheet(
    store: Store, which: DropoutPaper, since: str, until: str, *, whole: bool, only: Narrowing
) -> "AbsenceList":
    from app.paper.absence_lists import MONTH, PERSUASIONS, REGISTER, REPORT, AbsenceList, CaseRow, TriedRow

    last = date.fromisoformat(until)
    school, span = school_name(store), f"{since} 至 {until}"
    if which is DropoutPaper.MONTH:
        month = until[:7]
        figures = figures_of(store, month)
        is_zero = all(cell in ("0", "") for cell in figures[-1][2:])
        nothing = f"{month} 没有缺席、疑似辍学、辍学和劝返" if is_zero else ""
        return AbsenceList(
            title=MONTH, school=school, span=month, figures=figures, nothing=nothing, note=_OF_FIGURES
        )
    cases = tuple(one for one in _cases(store, which, since, last) if only.takes(one.child_uuid))
    pupils = Pupils(store, last, whole=whole, uuids={one.child_uuid for one in cases})
    if which is DropoutPaper.PERSUASIONS:
        tried = [
            TriedRow(
                child=_lines(one.child_name, one.class_name),
                carer=_lines(*pupils.carer(one.child_uuid)),
                which=_lines(f"第 {each.number} 次", each.happened_on, late_words(each.late_days)),
                people=_lines(each.persons, each.medium and each.medium.label),
                course=each.course or "" if whole else mask_numbers(each.course or ""),
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
    nothing = (f"{span} 没有疑似辍学和辍学的学生" if is_report else "没有缺席的学生") if not rows else ""
    return AbsenceList(
        title=REPORT if is_report else REGISTER,
        school=school,
        span=span,
        cases=rows,
        nothing=nothing,
    )


def _ended(one: AbsenceFacts, day: date) -> str:
    stage = one.stage_on(day)
    is_over = stage in (AbsenceStage.RETURNED, AbsenceStage.CLOSED)
    listed = f"辍学 {one.dropout_on}" if one.dropout_on else f"疑似 {one.suspected_on}"
    return _lines(
        listed if is_over and (one.dropout_on or one.suspected_on) else None,
        f"返校 {one.returned_on}" if one.returned_on else None,
        f"销号 {one.closed_on}" if one.closed_on else None,
        one.closed_reason and one.closed_reason.label,
        stage.label if stage in (AbsenceStage.SUSPECTED, AbsenceStage.DROPOUT) else None,
        f"劝返 {len(one.persuasions)} 次" if one.persuasions else None,
    )


def _cases(store: Store, which: DropoutPaper, since: str, last: date) -> tuple[AbsenceFacts, ...]:
    """Return the cases of a list as they stood on its last day; 报告表: who was 疑似辍学 or 辍学 at some time of the period."""
    cases = tuple(one.up_to(last) for one in absences(store, since=date.fromisoformat(since), until=last))
    if which is not DropoutPaper.REPORT:
        return cases
    reported = (AbsenceStage.SUSPECTED, AbsenceStage.DROPOUT)
    return tuple(
        one for one in cases if any(one.was_between(stage, since, last.isoformat()) for stage in reported)
    )


def figures_of(store: Store, month: str, only: Narrowing = _EVERYBODY) -> list[tuple[str, ...]]:
    """Return the figures of a month per class, 合计 last; of one class alone when ``only`` says so."""
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
        if not only.class_name or line.name == only.class_name
    ]


# ---- inside ---------------------------------------------------------------------------------------------------------


class Pupils:
    """The children of the lists with what each is known by; numbers masked unless ``whole``."""

    def __init__(
        self,
        store: Store,
        day: date,
        *,
        whole: bool,
        uuids: set[str] | None = None,
        only: Narrowing = _EVERYBODY,
    ) -> None:
        found = ledger_order(load_facts(store, day, uuids=uuids))
        self._facts = {facts.uuid: facts for facts in found}
        self._whole = whole
        self.enrolled: Sequence[ChildFacts] = [
            facts for facts in found if facts.school_class is not None and only.takes(facts.uuid)
        ]

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


def months_between(since: date, until: date) -> Iterator[str]:
    """Yield the months of a period: 2026-11."""
    year, month = since.year, since.month
    while (year, month) <= (until.year, until.month):
        yield f"{year}-{month:02}"
        year, month = year + month // 12, month % 12 + 1


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)
