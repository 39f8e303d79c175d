"""Forms that are out, for tests of what comes after: planned and written down in one go."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.core.changes import Changes
from app.storage.store import Store
from app.todo import service_forms
from app.todo.forms import PaperFormFacts, paper_forms
from app.todo.service_forms import FormDraft, PlannedForm, plan_forms


class Printed(Struct, frozen=True):
    """What ``print_forms`` has done, in the order asked for."""

    changes: Changes
    planned: tuple[PlannedForm, ...]
    forms: tuple[PaperFormFacts, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(form.code for form in self.planned)


def print_forms(store: Store, *, drafts: Sequence[FormDraft], by: str | None = None) -> Printed:
    planned = plan_forms(store, drafts=drafts)
    changes = service_forms.print_forms(store, forms=planned, by=by)
    known = {form.code: form for form in paper_forms(store)}
    return Printed(changes, planned, tuple(known[form.code] for form in planned))
