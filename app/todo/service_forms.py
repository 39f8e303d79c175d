"""Writing the printed forms: printed, brought back by a record, declared void. One action per public function."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from app.children.periods import key_of
from app.children.tables import Child
from app.core.changes import Changes
from app.core.messages import refuse
from app.pairing.tables import Supporter
from app.storage.action import Action
from app.storage.base import new_uuid
from app.storage.service import service
from app.storage.store import Store
from app.todo.codes_on_paper import code_from, spaced, tidy
from app.todo.forms import FormState, PaperFormFacts, form_of_code, paper_forms
from app.todo.tables import PaperForm

AREAS = frozenset({"todo"})


class FormDraft(Struct, frozen=True, kw_only=True):
    """A form that is to be printed for a child."""

    child_uuid: str
    activity: str
    supporter_uuid: str = ""
    due_on: date | None = None
    why: str = ""


class PrintedForms(Struct, frozen=True):
    """What ``print_forms`` has done: the forms in the order asked for, ``again`` of which were out already."""

    changes: Changes
    forms: tuple[PaperFormFacts, ...]
    again: int


@service
def print_forms(store: Store, *, drafts: Sequence[FormDraft], by: str | None = None) -> PrintedForms:
    """Write down forms with new codes; a child whose form of the same kind is still out gets that one again.

    UserError ``todo.nothing_to_print`` without drafts.
    """
    if not drafts:
        raise refuse("todo.nothing_to_print")
    out = {(form.child_uuid, form.activity): form.code for form in paper_forms(store)}
    wanted = list({(draft.child_uuid, draft.activity): draft for draft in drafts}.values())
    fresh = [draft for draft in wanted if (draft.child_uuid, draft.activity) not in out]
    today, batch = store.clock.today().isoformat(), new_uuid()
    with store.action(f"打印 {len(fresh)} 张周纸单", kind="form.print", by=by) as action:
        for draft in fresh:
            code = _new_code(store)
            action.insert(
                PaperForm,
                child=key_of(store, Child, draft.child_uuid),
                code=code,
                activity=draft.activity,
                supporter=key_of(store, Supporter, draft.supporter_uuid) if draft.supporter_uuid else None,
                due_on=draft.due_on.isoformat() if draft.due_on else None,
                why=draft.why or None,
                printed_on=today,
                batch=batch,
            )
            out[draft.child_uuid, draft.activity] = code
        changes = action.changes(AREAS)
    known = {form.code: form for form in paper_forms(store)}
    forms = tuple(known[out[draft.child_uuid, draft.activity]] for draft in wanted)
    return PrintedForms(changes, forms, len(wanted) - len(fresh))


def write_return(store: Store, action: Action, code: str, record_id: int) -> None:
    """Let a form be answered by a record, inside the action that writes the record.

    UserError ``todo.code_unknown`` when no such form was printed here, ``todo.code_void`` when it is void.
    """
    form = form_of_code(store, code)
    if form is None:
        raise refuse("todo.code_unknown", form=spaced(tidy(code)))
    if form.state is FormState.VOID:
        raise refuse("todo.code_void", form=spaced(form.code), reason=form.void_reason)
    action.update(PaperForm, form.uuid, care_record=record_id)


@service
def void_forms(store: Store, *, uuids: Sequence[str], reason: str, by: str | None = None) -> Changes:
    """Declare forms void that will not come back, with the reason. UserError ``todo.void_reason`` without one."""
    if not reason.strip():
        raise refuse("todo.void_reason")
    today = store.clock.today().isoformat()
    with store.action(f"作废 {len(uuids)} 张周纸单：{reason.strip()}", kind="form.void", by=by) as action:
        for uuid in uuids:
            action.update(PaperForm, uuid, void_on=today, void_reason=reason)
        return action.changes(AREAS)


def _new_code(store: Store) -> str:
    """Return a code that no form of this ledger carries, those in the recycle bin included."""
    while True:
        code = code_from(UUID(new_uuid()).int)
        if store.one("SELECT 1 FROM paper_form WHERE code = ?", (code,)) is None:
            return code
