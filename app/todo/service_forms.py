"""The printed forms: planned, written down as they go out, brought back by a record, declared void.

A code is given to a form when its page is laid out, and written down before the page goes to the printer or into a file: a
page that was only looked at is not out, and no page is out whose code nobody knows. One action per public function.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, replace

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
    """A form that is to be printed for a child. ``supporter`` is the name of who brings it back, as the list of what is due
    says it: also of the head teacher, who is no supporter (``supporter_uuid`` ""). ``asked_uuid`` is the event, or the record
    with a follow-up, that it is printed for, "" = a cadence.
    """

    child_uuid: str
    activity: str
    supporter_uuid: str = ""
    supporter: str = ""
    due_on: date | None = None
    why: str = ""
    asked_uuid: str = ""


class PlannedForm(FormDraft, frozen=True, kw_only=True):
    """A form as it goes onto the page. ``is_out``: it was printed before, on ``printed_on``, and has not come back."""

    code: str
    printed_on: date
    is_out: bool = False


def plan_forms(store: Store, *, drafts: Sequence[FormDraft]) -> tuple[PlannedForm, ...]:
    """Return one form per child and kind, with a code; nothing is written. One that is still out is that one again.

    UserError ``todo.nothing_to_print`` without drafts.
    """
    if not drafts:
        raise refuse("todo.nothing_to_print")
    out = {(form.child_uuid, form.activity): form for form in paper_forms(store)}
    wanted = {(draft.child_uuid, draft.activity): draft for draft in drafts}
    planned: list[PlannedForm] = []
    given: set[str] = set()
    for key, draft in wanted.items():
        known = out.get(key)
        if known is not None:
            who = {"supporter_uuid": draft.supporter_uuid, "supporter": draft.supporter}
            planned.append(replace(form_again(known), **who))
        else:
            code = _new_code(store, given)
            given.add(code)
            planned.append(PlannedForm(**asdict(draft), code=code, printed_on=store.clock.today()))
    return tuple(planned)


def form_again(form: PaperFormFacts) -> PlannedForm:
    """Return a form that is out as it goes onto paper once more."""
    return PlannedForm(
        child_uuid=form.child_uuid,
        activity=form.activity,
        supporter_uuid=form.supporter_uuid,
        supporter=form.supporter,
        due_on=date.fromisoformat(form.due_on) if form.due_on else None,
        why=form.why,
        asked_uuid=form.asked_uuid,
        code=form.code,
        printed_on=date.fromisoformat(form.printed_on),
        is_out=True,
    )


@service
def print_forms(store: Store, *, forms: Sequence[PlannedForm], by: str | None = None) -> Changes:
    """Write planned forms down, those that are not: to be called before their pages go out.

    ``service.rule`` when a code was given to another form meanwhile.
    """
    fresh = [form for form in forms if not form.is_out]
    batch = new_uuid()
    with store.action(f"打印 {len(fresh)} 张周纸单", kind="form.print", by=by) as action:
        for form in fresh:
            action.insert(
                PaperForm,
                child=key_of(store, Child, form.child_uuid),
                code=form.code,
                activity=form.activity,
                supporter=key_of(store, Supporter, form.supporter_uuid) if form.supporter_uuid else None,
                due_on=form.due_on.isoformat() if form.due_on else None,
                why=form.why or None,
                printed_on=form.printed_on.isoformat(),
                batch=batch,
                asked_uuid=form.asked_uuid or None,
            )
        return action.changes(AREAS)


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


def _new_code(store: Store, given: AbstractSet[str]) -> str:
    """Return a code that is not ``given`` and that no form of this ledger carries, those in the recycle bin included."""
    while True:
        code = code_from(UUID(new_uuid()).int)
        taken = code in given or store.one("SELECT 1 FROM paper_form WHERE code = ?", (code,)) is not None
        if not taken:
            return code
