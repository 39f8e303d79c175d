"""A printed form that came back: the record it asks for, prefilled; one that is there already is opened to be read."""

from __future__ import annotations

from app.tasks.week_forms import CameBack
from app.todo.rules import DueKind
from ui.context import Context


def open_paper(context: Context, back: CameBack) -> None:
    """Open child and form of a printed form; the event or follow-up it was printed for is what the record answers."""
    form = back.form
    if form.record_uuid:
        context.navigation.open_page("record", uuid=form.record_uuid)
        return
    params: dict[str, object] = {"child": form.child_uuid, "kind": form.activity, "paper": form.code}
    if form.supporter_uuid:
        params["supporter"] = form.supporter_uuid
    if form.why:
        params["why"] = form.why
    for kind, name in ((DueKind.EVENT, "event"), (DueKind.FOLLOW_UP, "follows")):
        asked = [item.subject_uuid for item in back.asked if item.kind is kind]
        if asked:
            params[name] = ",".join(asked) if kind is DueKind.EVENT else asked[0]
    context.navigation.open_page("record", **params)
