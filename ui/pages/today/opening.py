"""A printed form that came back: the record it asks for, prefilled; one that is there already is opened to be read."""

from __future__ import annotations

from app.todo.forms import PaperFormFacts
from ui.context import Context


def open_paper(context: Context, form: PaperFormFacts) -> None:
    """Open child and form of a printed form."""
    if form.record_uuid:
        context.navigation.open_page("record", uuid=form.record_uuid)
        return
    params: dict[str, object] = {"child": form.child_uuid, "kind": form.activity, "paper": form.code}
    if form.supporter_uuid:
        params["supporter"] = form.supporter_uuid
    if form.why:
        params["why"] = form.why
    context.navigation.open_page("record", **params)
