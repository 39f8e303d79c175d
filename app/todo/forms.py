"""The printed forms (周纸单): which are out, which came back, and which one a code means."""

from datetime import date
from enum import StrEnum
from typing import Any

from msgspec import Struct

from app.core.messages import refuse
from app.school.queries import all_classes
from app.storage.store import Store
from app.todo.codes_on_paper import fits, spaced, tidy
from app.todo.presets import activity_words


class FormState(StrEnum):
    """Where a printed form stands. Returned counts only while the record that came of it is live."""

    OPEN = "open"
    RETURNED = "returned"
    VOID = "void"


class PaperFormFacts(Struct, frozen=True, kw_only=True):
    """One printed form. ``activity`` is the code of the record it asks for, ``batch`` names those printed together.

    ``asked_uuid`` is the event, or the record with a follow-up, it was printed for; "" = a cadence, or not known.
    """

    uuid: str
    code: str
    child_uuid: str
    child_name: str
    class_words: str
    activity: str
    supporter_uuid: str
    supporter: str
    due_on: str | None
    printed_on: str
    why: str
    batch: str
    state: FormState
    record_uuid: str
    void_reason: str
    asked_uuid: str

    @property
    def words(self) -> str:
        """Return 谈心单 ABCD 2345."""
        return f"{activity_words(self.activity)}单 {spaced(self.code)}"


_FORM = (
    "SELECT f.uuid, f.code, c.uuid, c.name, e.school_class_id, f.activity, s.uuid, coalesce(s.name, t.name), f.due_on,"
    " f.printed_on, f.why, f.batch, k.uuid, f.void_on, f.void_reason, f.asked_uuid"
    " FROM paper_form f JOIN child c ON c.id = f.child_id"
    " LEFT JOIN enrolment e ON e.child_id = c.id AND e.valid_to IS NULL AND e.deleted_at IS NULL"
    " LEFT JOIN supporter s ON s.id = f.supporter_id LEFT JOIN staff t ON t.id = s.staff_id"
    " LEFT JOIN care_record k ON k.id = f.care_record_id AND k.deleted_at IS NULL"
    " WHERE f.deleted_at IS NULL AND c.deleted_at IS NULL"
)


def paper_forms(store: Store, *, since: date | None = None) -> tuple[PaperFormFacts, ...]:
    """Return the forms that are out (not returned, not void), oldest first; with ``since`` all printed from that day."""
    if since is not None:
        return _read(store, " AND f.printed_on >= ?", (since.isoformat(),))
    found = _read(store, " AND f.void_on IS NULL", ())
    return tuple(form for form in found if form.state is FormState.OPEN)


def forms_out(store: Store) -> int:
    """Return how many ``paper_forms`` are out."""
    row = store.one(
        "SELECT count(*) FROM paper_form f JOIN child c ON c.id = f.child_id"
        " LEFT JOIN care_record k ON k.id = f.care_record_id AND k.deleted_at IS NULL"
        " WHERE f.deleted_at IS NULL AND c.deleted_at IS NULL AND f.void_on IS NULL AND k.id IS NULL"
    )
    return int(row[0]) if row else 0


def form_of_code(store: Store, text: str) -> PaperFormFacts | None:
    """Return the form that carries a code, as typed; None when no such form was printed here."""
    found = _read(store, " AND f.code = ?", (tidy(text),))
    return found[0] if found else None


def open_form(store: Store, text: str) -> PaperFormFacts:
    """Return the form a typed code brings back.

    UserError ``todo.code_wrong`` when the check letter does not fit, ``todo.code_unknown`` when no such form was
    printed from this ledger, ``todo.code_void`` when it was declared void.
    """
    if not fits(text):
        raise refuse("todo.code_wrong", form=spaced(tidy(text)))
    found = form_of_code(store, text)
    if found is None:
        raise refuse("todo.code_unknown", form=spaced(tidy(text)))
    if found.state is FormState.VOID:
        raise refuse("todo.code_void", form=spaced(found.code), reason=found.void_reason)
    return found


def _read(store: Store, where: str, params: tuple[Any, ...]) -> tuple[PaperFormFacts, ...]:
    classes = {cls.id: cls.name for cls in all_classes(store, store.clock.today())}
    return tuple(
        PaperFormFacts(
            uuid=row[0],
            code=row[1],
            child_uuid=row[2],
            child_name=row[3],
            class_words=classes.get(row[4], "不在班"),
            activity=row[5],
            supporter_uuid=row[6] or "",
            supporter=row[7] or "",
            due_on=row[8],
            printed_on=row[9],
            why=row[10] or "",
            batch=row[11],
            state=_state(row[12], row[13]),
            record_uuid=row[12] or "",
            void_reason=row[14] or "",
            asked_uuid=row[15] or "",
        )
        for row in store.rows(f"{_FORM}{where} ORDER BY f.printed_on, f.id", params)
    )


def _state(record_uuid: str | None, void_on: str | None) -> FormState:
    if record_uuid is not None:
        return FormState.RETURNED
    return FormState.OPEN if void_on is None else FormState.VOID
