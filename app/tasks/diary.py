"""Saving records from a form: the diary, and the printed form that came back with it."""

from collections.abc import Mapping, Sequence

from app.core.changes import Changes
from app.core.messages import refuse
from app.diary import service
from app.diary.drafts import RecordDraft
from app.storage.action import Action
from app.storage.store import Store
from app.todo.codes_on_paper import spaced
from app.todo.forms import form_of_code
from app.todo.service_forms import write_return


def save_record(store: Store, *, draft: RecordDraft, by: str | None = None) -> Changes:
    """Write a record and give back the printed form whose code it carries. UserError ``diary.paper_…``,
    ``todo.code_…`` besides.
    """
    return save_records(store, drafts=(draft,), by=by)


def save_records(
    store: Store, *, drafts: Sequence[RecordDraft], words: str | None = None, by: str | None = None
) -> Changes:
    """Write several records, with their printed forms, in one action: all of them or none."""
    return service.save_records(store, drafts=drafts, words=words, by=by, also=_returner(store))


def change_record(store: Store, *, uuid: str, draft: RecordDraft, by: str | None = None) -> Changes:
    """Make a record on file as the draft says; a printed form named now is given back too."""
    return service.change_record(store, uuid=uuid, draft=draft, by=by, also=_returner(store))


def _returner(store: Store) -> service.Also:
    def give_back(action: Action, draft: RecordDraft, keys: Mapping[str, int]) -> None:
        if not (draft.paper_code or "").strip():
            return
        form = form_of_code(store, draft.paper_code or "")
        if form is not None and form.child_uuid not in keys:
            raise refuse("diary.paper_child", form=spaced(form.code), name=form.child_name)
        record_id = keys[form.child_uuid] if form is not None else 0
        if form is not None and form.record_uuid and _key(store, form.record_uuid) != record_id:
            raise refuse("diary.paper_returned", form=spaced(form.code))
        write_return(store, action, draft.paper_code or "", record_id)

    return give_back


def _key(store: Store, record_uuid: str) -> int:
    return int(store.rows("SELECT id FROM care_record WHERE uuid = ?", (record_uuid,))[0][0])
