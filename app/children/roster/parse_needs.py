"""From the cells of a row to health, categories, the household's livelihood and the remark."""

from app.children.codes import Category, DisabilityKind, HealthStatus, HouseholdFactKind, Relation
from app.children.roster.context import first, ticked_options
from app.children.roster.draft import Cells, RawCell, RowDraft
from app.children.roster.reading.categories import (
    category_of,
    read_basis,
    read_categories,
    read_disability,
    read_disability_grade,
    read_household_facts,
    read_parent_fate,
)
from app.children.roster.reading.leaving import says_left
from app.children.roster.reading.simple import read_health
from app.children.roster.reading.text import says_nothing, yes_or_no

GONE = "name_gone"
"""Code of the mark on a cell that says the child may no longer be here: 转走 behind the name, or as the whole remark."""
_CATEGORY_BOX = "tick:category.words:"


def read_needs(draft: RowDraft, cells: Cells) -> None:
    """Fill the draft with health, disability, categories, livelihood and the remark."""
    _read_health(draft, cells)
    _read_categories(draft, cells)
    _read_livelihood(draft, cells)
    _read_note(draft, cells)


def _read_health(draft: RowDraft, cells: Cells) -> None:
    cell = first(cells, "health.status") or ticked_options(draft, cells, "health.status", "健康状况")
    illness = first(cells, "health.illness")
    found: dict[str, object] = {}
    if cell and not says_nothing(cell.text):
        status = read_health(cell.text)
        described = read_disability(cell.text) if status is None else None
        if status is None and described is None:
            draft.mark("health", "value_unknown", "不认得这种健康状况；原话记在备注里", cell)
            draft.notes.append(f"健康状况：{cell.text}")
        else:
            found["status"] = (status or HealthStatus.DISABLED).value
        if described or status is HealthStatus.DISABLED:
            draft.categories.setdefault(Category.DISABILITY, (None, None))
        if described:
            draft.disability = (*described, None)
    if illness and not says_nothing(illness.text):
        found["illness"] = illness.text
        found.setdefault("status", HealthStatus.ILL.value)
    if found:
        draft.facts["health"] = found
    _read_disability(draft, cells)


def _read_disability(draft: RowDraft, cells: Cells) -> None:
    whole, kind_cell = first(cells, "disability.any"), first(cells, "disability.kind")
    grade_cell, certificate = first(cells, "disability.grade"), first(cells, "disability.certificate")
    ticked = ticked_options(draft, cells, "disability.kind", "残疾类别")
    cell = whole or kind_cell or ticked
    described = read_disability(cell.text) if cell else None
    grade = read_disability_grade(grade_cell.text) if grade_cell else None
    if described is None and cell and not says_nothing(cell.text):
        if category_of(cell.text) is Category.DISABILITY or yes_or_no(cell.text) is True:
            described = (DisabilityKind.UNKNOWN, grade)
        elif yes_or_no(cell.text) is None:
            draft.mark("disability", "value_unknown", "不认得这种残疾类别；原话记在备注里", cell)
            draft.notes.append(f"残疾：{cell.text}")
    if described is None and (grade is not None or (certificate and not says_nothing(certificate.text))):
        described = (DisabilityKind.UNKNOWN, grade)
    if described is not None:
        number = certificate.text if certificate and not says_nothing(certificate.text) else None
        draft.disability = (described[0], grade if grade is not None else described[1], number)
        draft.categories.setdefault(Category.DISABILITY, (None, None))


def _read_categories(draft: RowDraft, cells: Cells) -> None:
    for cell in cells.get("category.words", ()):
        found = read_categories(cell.text)
        for category in found.categories:
            draft.categories.setdefault(category, (None, None))
        if found.disability and draft.disability is None:
            draft.disability = (*found.disability, None)
        if found.rest:
            draft.notes.append("、".join(found.rest))
            draft.mark("category", "category_unknown", "有的词不是认得的类别，原话记在备注里", cell)
    for target in draft.boxes:
        if target.startswith(_CATEGORY_BOX):
            _read_category_box(draft, target.removeprefix(_CATEGORY_BOX), cells[target][0])
    basis = first(cells, "category.basis")
    if basis:
        for held, entry in read_basis(basis.text).items():
            if held in draft.categories:
                draft.categories[held] = entry


def _read_category_box(draft: RowDraft, word: str, cell: RawCell) -> None:
    """Read one box of its own: 是否孤儿 with a tick, or with the word itself in it."""
    category, said = category_of(word), yes_or_no(cell.text)
    if category is None or said is False:
        return
    described = read_disability(cell.text) if category is Category.DISABILITY else None
    if said or category_of(cell.text) is category or described:
        draft.categories.setdefault(category, (None, None))
        if described:
            draft.disability = draft.disability or (*described, None)
    elif not says_nothing(cell.text):
        draft.mark("category", "value_unknown", f"看不出是不是{word}，没有存", cell)


def _read_livelihood(draft: RowDraft, cells: Cells) -> None:
    for kind in HouseholdFactKind:
        for cell in cells.get(kind.value, ()):
            codes, rest = read_household_facts(cell.text, kind)
            draft.livelihood.update(dict.fromkeys((kind, code) for code in codes))
            if rest:
                draft.notes.append(f"{kind.label}：{'、'.join(rest)}")
        prefix = f"tick:{kind.value}:"
        for target in draft.boxes:
            if target.startswith(prefix) and yes_or_no(cells[target][0].text):
                codes, _ = read_household_facts(target.removeprefix(prefix), kind)
                draft.livelihood.update(dict.fromkeys((kind, code) for code in codes))


def _read_note(draft: RowDraft, cells: Cells) -> None:
    texts = [cell.text for cell in cells.get("child.note", ()) if not says_nothing(cell.text)]
    for text in texts:
        found = read_categories(text)
        for category in found.categories:
            draft.categories.setdefault(category, (None, None))
        if found.disability and draft.disability is None:
            draft.disability = (*found.disability, None)
        for part in (*found.rest, text):
            fate = read_parent_fate(part)
            if fate:
                for relation in fate[0]:
                    draft.person("father" if relation is Relation.FATHER else "mother", relation).life = fate[
                        1
                    ]
    draft.notes[:0] = texts
    for cell in cells.get("child.note", ()):
        if says_left(cell.text):
            reason = f"{cell.header}写着「{cell.text}」，记在备注里；人已不在本校的，请在档案里办退出"
            draft.mark("note", GONE, reason, cell)
