"""摸底核实: class sheets out, and checks in with the rosters that come back."""

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from app.children.facts import ChildFacts
from app.children.queries import let_go, load_facts, one_by_one
from app.children.roster.apply import Also, nothing_else
from app.children.roster.model import ImportPlan, PlannedRow, RowResult
from app.core.changes import Changes
from app.core.files import check_target, gone_unless_done, plain_part, sha256_of
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.paper.printing import PrintResult, PrintStamp
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover, one_act
from app.school.queries import class_teachers, find_class, school_profile
from app.school.rules import ClassFacts
from app.storage.action import Action
from app.storage.store import Store
from app.survey.codes import Way
from app.survey.queries import SurveyFacts, open_survey
from app.survey.service import Checked, begin_survey, next_name, write_checks
from app.tasks.export_ledger import ledger_order
from app.workbook.ledger_cells import CellTexts

_NO_CLASS = "没有班级"


class ClassSheet(Struct, frozen=True):
    """One class sheet that was written: the file, the class, and how many children are on it."""

    path: Path
    class_name: str
    children: int


class Collection(Struct, frozen=True):
    """What went out: a workbook per class, and the same sheets for paper with their number of pages.

    ``changes`` is the last entry of the log; every file has its own.
    """

    sheets: tuple[ClassSheet, ...]
    paper: Path
    pages: int
    changes: Changes

    @property
    def counted(self) -> str:
        """Return of what there is a sheet: 12 个班; 12 个班和没有编班的儿童."""
        classes = sum(sheet.class_name != _NO_CLASS for sheet in self.sheets)
        parts = [f"{classes} 个班"] if classes else []
        return "和".join([*parts, "没有编班的儿童"] if classes < len(self.sheets) else parts)


def export_collection(
    store: Store,
    folder: Path,
    *,
    class_name: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> Collection:
    """Write the pre-filled sheets of the survey under way into ``folder``: a workbook per class, all on paper in one PDF.

    They carry whole numbers, for the class teacher is to check them; the log says so with the survey as the reason.
    Without a survey under way one is begun. UserError ``survey.nobody``, ``class.unknown`` for a class that is none,
    ``export.reason_not_kept`` when the ledger can only be looked at, ``register.no_folder``, ``file.…``.
    """
    if store.read_only:
        raise refuse("export.reason_not_kept")
    if not folder.is_dir():
        raise refuse("register.no_folder", name=folder.name)
    groups = _groups(store, class_name)
    survey = open_survey(store) or _begun(store, by)
    with one_act():
        return _write_all(store, survey, folder, groups, class_name, by, progress)


def _write_all(
    store: Store,
    survey: SurveyFacts,
    folder: Path,
    groups: Mapping[str, list[ChildFacts]],
    class_name: str | None,
    by: str | None,
    progress: Progress,
) -> Collection:
    written = []
    for number, (name, members) in enumerate(groups.items()):
        progress(number, len(groups), f"正在写 {name}")
        written.append(_write_class(store, survey, folder, name, members, by))
        let_go(members)
    paper = folder / f"{plain_part(survey.name)}_{plain_part(class_name) if class_name else '各班'}_纸表.pdf"
    check_target(paper, ".pdf", sources=(store.path,))
    printed = print_collection(store, paper, class_name=class_name, progress=progress)
    with gone_unless_done(paper):
        changes = log_paper(store, kind=HandoverKind.PDF, out=paper, class_name=class_name, by=by)
    return Collection(tuple(written), paper, printed.pages, changes)


def print_collection(
    store: Store,
    out: Path | BinaryIO,
    *,
    class_name: str | None = None,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write the same sheets for paper, class after class, into one PDF. Nothing is logged. UserError as above."""
    from app.paper.collection_sheet import ClassSheetPaper, render_collection
    from app.tasks.survey_paper import on_paper

    groups = _groups(store, class_name)
    survey = open_survey(store)
    school = school_profile(store)
    texts = CellTexts(masked=False)
    return render_collection(
        [
            ClassSheetPaper(
                class_name=name,
                class_teacher=_teacher(store, members[0].school_class),
                children=[on_paper(texts, child) for child in one_by_one(members)],
            )
            for name, members in groups.items()
        ],
        out,
        school=school.name if school else "",
        survey=survey.name if survey else next_name(store),
        due_on=(survey.due_on or "") if survey else "",
        stamp=PrintStamp(
            printed_at=store.clock.now().strftime("%Y-%m-%d %H:%M"),
            commit_no=store.commit_no,
            as_of=store.clock.today().isoformat(),
        ),
        progress=progress,
    )


def log_paper(
    store: Store,
    *,
    kind: HandoverKind,
    out: Path | None = None,
    class_name: str | None = None,
    by: str | None = None,
) -> Changes:
    """Log that the sheets of `print_collection` left the program: onto paper, or as the file ``out``."""
    survey = open_survey(store)
    name = survey.name if survey else next_name(store)
    people = 0
    for members in _groups(store, class_name).values():
        people += len(members)
        let_go(members)
    return _log(store, kind, name, "纸表", people, out, by)


UNSIGNED = "未署名"


def checks_of(store: Store, plan: ImportPlan, *, by: str | None = None) -> Also:
    """Return what notes, in the same step as an import, that the children of its signed rows were checked.

    Nothing when no survey is under way or no row is signed. Where only a day was filled in, who imports stands for the
    person; where nobody says who imports either, it is ``UNSIGNED``.
    """
    signed = signed_rows(plan)
    if not signed or open_survey(store) is None:
        return nothing_else

    def write(action: Action, ids: Mapping[int, int]) -> None:
        checks = {}
        for row in signed:
            if row.child_id is None or row.checked is None:
                continue
            child_id = ids.get(row.child_id, row.child_id)
            found = store.one("SELECT uuid FROM child WHERE id = ? AND deleted_at IS NULL", (child_id,))
            if found is not None:
                day, who = row.checked
                is_changed = row.result is not RowResult.UNCHANGED
                checks[child_id] = Checked(found[0], day, who or by or UNSIGNED, Way.WORKBOOK, is_changed)
        write_checks(store, action, list(checks.values()))

    return write


def signed_rows(plan: ImportPlan) -> list[PlannedRow]:
    """Return the rows of a roster that say that a child's facts were checked."""
    return [row for row in plan.rows if row.checked is not None and row.child_id is not None]


def checked_words(store: Store, plan: ImportPlan) -> str:
    """Return how many children an import notes as checked, or why none although rows are signed; "" for a plain roster."""
    children = len({row.child_id for row in signed_rows(plan)})
    if not children:
        return ""
    if open_survey(store) is None:
        return f"有 {children} 名儿童填了核实日期或核实人，但现在没有进行中的摸底核实，没有记"
    return f"核实 {children} 名"


def _groups(store: Store, class_name: str | None) -> dict[str, list[ChildFacts]]:
    """Return the children on the ledger by class. UserError ``survey.nobody``, ``class.unknown``."""
    day = store.clock.today()
    wanted = None if class_name is None else find_class(store, class_name, day)
    groups: dict[str, list[ChildFacts]] = {}
    # One by one: of one class out of a large school most are let go here.
    for child in one_by_one(ledger_order(load_facts(store, day, only_registered=True))):
        cls = child.school_class
        if wanted is None or (cls is not None and cls.key == wanted.key):
            groups.setdefault(cls.name if cls else _NO_CLASS, []).append(child)
    if not groups:
        raise refuse("survey.nobody", scope="这个班" if wanted else "学校里")
    return groups


def _begun(store: Store, by: str | None) -> SurveyFacts:
    begin_survey(store, name=next_name(store), starts_on=store.clock.today(), by=by)
    survey = open_survey(store)
    if survey is None:
        raise LookupError("the survey just begun is not there")
    return survey


def _write_class(
    store: Store, survey: SurveyFacts, folder: Path, name: str, children: list[ChildFacts], by: str | None
) -> ClassSheet:
    from app.workbook.collection_book import CollectionHead, write_collection

    school = school_profile(store)
    head = CollectionHead(
        school=school.name if school else "",
        survey=survey.name,
        class_name=name,
        class_teacher=_teacher(store, children[0].school_class),
        due_on=survey.due_on or "",
        printed_at=store.clock.now().strftime("%Y-%m-%d %H:%M"),
        commit_no=store.commit_no,
    )
    out = folder / f"{plain_part(survey.name)}_{plain_part(name)}.xlsx"
    check_target(out, ".xlsx", sources=(store.path,))
    write_collection(children, head, out)
    with gone_unless_done(out):
        _log(store, HandoverKind.EXPORT, survey.name, name, len(children), out, by)
    return ClassSheet(out, name, len(children))


def _log(
    store: Store, kind: HandoverKind, survey: str, what: str, people: int, out: Path | None, by: str | None
) -> Changes:
    return log_handover(
        store,
        kind=kind,
        content=f"摸底核实表（{what}）",
        people=people,
        profile=Profile.FULL,
        reason=survey,
        file_name=out.name if out else None,
        sha256=sha256_of(out) if out else None,
        as_of=store.clock.today(),
        by=by,
    )


def _teacher(store: Store, cls: ClassFacts | None) -> str:
    found = None if cls is None else class_teachers(store, store.clock.today()).get(cls.id)
    return found.name if found else ""
