"""Saving records from a form: the diary, and the printed form that came back with it."""

from collections.abc import Mapping, Sequence

from app.core.changes import Changes
from app.core.messages import refuse
from app.core.text import normalise_cell
from app.diary import service
from app.diary.drafts import RecordDraft
from app.storage.action import Action
from app.storage.store import Store
from app.todo.tables import PaperForm


def save_record(store: Store, *, draft: RecordDraft, by: str | None = None) -> Changes:
    """Write a record and give back the printed form whose code it carries. UserError ``diary.paper_code`` besides."""
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
        code = "".join(normalise_cell(draft.paper_code or "").upper().split())
        if not code:
            return
        row = store.one(
            "SELECT f.id, c.uuid, r.id FROM paper_form f JOIN child c ON c.id = f.child_id"
            " LEFT JOIN care_record r ON r.id = f.care_record_id AND r.deleted_at IS NULL"
            " WHERE f.code = ? AND f.deleted_at IS NULL AND f.void_on IS NULL",
            (code,),
        )
        if row is None or row[1] not in keys or row[2] not in (None, keys[row[1]]):
            raise refuse("diary.paper_code", number=code)
        action.update(PaperForm, row[0], care_record_id=keys[row[1]])

    return give_back
