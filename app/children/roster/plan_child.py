"""From a draft to the writes about the child alone: columns, class, register, home, health, categories."""

from typing import Any

from app.children.codes import Category, DisabilityKind, RegistrationEnd, RegistrationKind
from app.children.names import name_columns
from app.children.roster.draft import RowDraft
from app.children.roster.ledger_state import Known, LedgerState, Period
from app.children.roster.writer import SOURCE, PlanWriter, same
from app.core.id_number import inspect_id

_LEFT_BEHIND = RegistrationKind.LEFT_BEHIND.value
_SIMPLE = {
    "schooling": "schooling",
    "boarding": "boarding",
    "health": "health.status",
    "household": "household.place",
    "residence": "residence.address",
}
# What a cell left open because it could not be read; a contradiction stays until somebody has looked at the paper.
_UNREAD = frozenset(
    {
        "birth_unreadable",
        "birth_ambiguous",
        "birth_lunar",
        "sex_unreadable",
        "ethnicity_unknown",
        "value_unknown",
    }
)
_NUMBER_DOUBTS = ("id_destroyed", "id_missing", "id_masked", "id_not_a_number")


def plan_child(
    writer: PlanWriter,
    draft: RowDraft,
    known: Known | None,
    class_id: int | None,
    *,
    returns: bool = True,
) -> int:
    """Plan everything about the child itself and return their id; ``known`` None = a new child.

    ``class_id`` None leaves the class as it is. ``returns`` False: who has left the register does not come back by this
    row.
    """
    child = _insert(writer, draft) if known is None else known.id
    if known is not None:
        _update(writer, draft, known)
    if returns:
        _register(writer, draft, child, is_new=known is None)
    if class_id is not None:
        writer.put("enrolment", child, {"school_class_id": class_id}, words="班级", target="class.name")
    for table, target in _SIMPLE.items():
        if table in draft.facts:
            writer.put(table, child, dict(draft.facts[table]), target=target)
    # What a child already known is found to be now, it is from the data date on.
    since = None if known is None else writer.day
    for category, (basis, evidence) in draft.categories.items():
        values: dict[str, Any] = {"basis": basis or None, "evidence_date": evidence}
        if not any(
            period.valid_to is None for period in writer.state.of("category_flag", child, category.value)
        ):
            values["basis"] = basis or SOURCE
        writer.put(
            "category_flag", child, values, key=(category.value,), first_from=since, target="category.words"
        )
    _plan_disability(writer, draft, child)
    for kind, code in draft.livelihood:
        writer.put(
            "household_fact", child, {}, key=(kind.value, code.value), first_from=since, target=kind.value
        )
    if draft.reported is not None:
        label, raw = draft.reported
        writer.put("reported_status", child, {"label": label.value, "raw": raw}, target="status.label")
    return child


def _insert(writer: PlanWriter, draft: RowDraft) -> int:
    # Pinyin is read when the rows are written: looking at a preview needs none.
    return writer.insert("child", {**draft.child, "name": draft.name})


def _update(writer: PlanWriter, draft: RowDraft, known: Known) -> None:
    values = dict(draft.child)
    if not same(known.values["name"], draft.name):
        _rename(writer, draft, known)
    _settle_numbers(writer, known, values)
    _settle_birth(known, values)
    writer.put_columns("child", known, values)
    if known.values.get("id_number"):
        _close_number_doubts(writer, known)
    _close_answered(writer, draft, known)


def _rename(writer: PlanWriter, draft: RowDraft, known: Known) -> None:
    """The same number under another name: the child was renamed; the old name becomes 曾用名."""
    before = known.values["name"]
    if "name" in writer.state.newer.get(("child", known.uuid), ()):
        writer.mark_conflict("name", "姓名", str(before), draft.name)
        return
    columns: dict[str, Any] = dict(name_columns(draft.name))
    if not known.values.get("former_name"):
        columns["former_name"] = before
    writer.note_change("姓名", "child", "name", before, draft.name)
    known.values.update({"name": draft.name, **{k: v for k, v in columns.items() if k == "former_name"}})
    writer.update("child", known.id, columns)


def _settle_numbers(writer: PlanWriter, known: Known, values: dict[str, Any]) -> None:
    """A number is replaced only by a better one; two sound numbers that differ are a conflict."""
    for column, words in (("id_number", "身份证号"), ("student_registry_no", "学籍号")):
        new, old = values.get(column), known.values.get(column)
        if new is None or old is None or new == old:
            continue
        better = column == "id_number" and inspect_id(new).ok and not inspect_id(old).ok
        formal = column == "student_registry_no" and old[:1] in "JL" and new[:1] == "G"
        if not (better or formal):
            writer.mark_conflict(column, words, old, new)
            for other in (
                (column, "birth_date", "birth_source", "birth_note", "sex")
                if column == "id_number"
                else (column,)
            ):
                values.pop(other, None)


def _settle_birth(known: Known, values: dict[str, Any]) -> None:
    """The more exact of two agreeing birth dates stays."""
    new, old = values.get("birth_date"), known.values.get("birth_date")
    if new and old and old.startswith(new) and len(old) > len(new):
        for column in ("birth_date", "birth_source"):
            values.pop(column, None)


def _close_number_doubts(writer: PlanWriter, known: Known) -> None:
    for doubt_id, field, code, _, resolved in writer.state.doubts.get(known.id, ()):
        if field == "id_number" and code in _NUMBER_DOUBTS and resolved is None:
            writer.update("doubt", doubt_id, {"resolved_at": writer.day, "resolution": "花名册补上了号码"})


def _close_answered(writer: PlanWriter, draft: RowDraft, known: Known) -> None:
    """Settle what could not be read before and now can: this row says it, and nothing of it is in doubt."""
    in_doubt = {mark.field for mark in draft.marks}
    for doubt_id, field, code, _, resolved in writer.state.doubts.get(known.id, ()):
        said = draft.child.get(field) is not None and field not in in_doubt
        if resolved is None and said and code in _UNREAD:
            writer.update("doubt", doubt_id, {"resolved_at": writer.day, "resolution": "花名册里写清楚了"})


def _register(writer: PlanWriter, draft: RowDraft, child: int, *, is_new: bool) -> None:
    """Every row is on the register, from unknown; a row that says 否 is not, and ends a registration that is open."""
    periods = writer.state.of("registration", child, _LEFT_BEHIND)
    if draft.left_behind is not False:
        if periods and not any(
            _covers(period, writer.day) or _later(period, writer.day) for period in periods
        ):
            ended = max(period.valid_to or "" for period in periods)
            draft.mark(
                "left_behind", "returned", f"这名儿童在 {ended} 退出过台账，花名册里又有了：回来了吗？请核对"
            )
        writer.put("registration", child, {}, key=(_LEFT_BEHIND,), words="在册登记", target="left_behind")
        return
    if is_new or not any(_covers(period, writer.day) for period in periods):
        return
    note = "花名册写的是不留守"
    ended_now = writer.end(
        "registration", child, _LEFT_BEHIND, end_reason=RegistrationEnd.REPORTED_NOT.value, end_note=note
    )
    if ended_now:
        writer.note_change(
            "在册登记", "registration", "end_reason", None, RegistrationEnd.REPORTED_NOT.value, writer.day
        )


def _covers(period: Period, day: str) -> bool:
    return (period.valid_from or "") <= day < (period.valid_to or "9999")


def _later(period: Period, day: str) -> bool:
    return (period.valid_from or "") > day


def _plan_disability(writer: PlanWriter, draft: RowDraft, child: int) -> None:
    if draft.disability is None:
        return
    kind, grade, certificate = draft.disability
    if kind is DisabilityKind.UNKNOWN and _has_disability(writer.state, child):
        return
    values = {"grade": grade, "certificate_no": certificate}
    writer.put(
        "disability",
        child,
        values,
        key=(kind.value,),
        words=Category.DISABILITY.label,
        target="disability.any",
    )


def _has_disability(state: LedgerState, child: int) -> bool:
    kinds = (kind for kind in DisabilityKind if kind is not DisabilityKind.UNKNOWN)
    return any(
        period.valid_to is None for kind in kinds for period in state.of("disability", child, kind.value)
    )
