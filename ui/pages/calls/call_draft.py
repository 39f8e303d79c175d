"""What stands in the form of a call and is not saved: kept, offered again, and the seed that makes saving twice one."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from app.storage.drafts import Draft
from ui.context import Context
from ui.drafts import About, Form, Keeping
from ui.drafts.note import DraftNote
from ui.pages.calls.log_side import LogSide
from ui.pages.calls.turns import Turn, new_seed


class CallDraft(QObject):
    """Keeps the fields of `side` for the call that is in it. `filled` when a draft was put into them."""

    filled = Signal()

    def __init__(self, context: Context, side: LogSide, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._side = side
        self._turn: Turn | None = None
        self._kept: Keeping | None = None
        self._wanted: Draft | None = None
        self.seed = new_seed()
        self.note = DraftNote()
        side.note_box.addWidget(self.note)
        context.drafts.left_changed.connect(self._offer)

    @property
    def is_touched(self) -> bool:
        """Something is written that was not there."""
        return self._kept is not None and bool(self._kept.changed)

    def want(self, draft: Draft | None) -> None:
        """Put this one into the form as soon as its call is in it; None = no more."""
        self._wanted = draft

    def begin(self, turn: Turn, seed: str) -> None:
        """Another call is in the form, with `seed` for what will be saved of it."""
        self._turn, self.seed = turn, seed
        child = turn.first.child_uuid
        about = About(
            Form.CALL,
            child,
            f"{turn.short} 亲情电话",
            where={"child": child, "day": turn.day},
            how={"seed": seed, "day": turn.day},
            rows=(("child", child),),
        )
        self.note.hide()
        self._kept = Keeping(self._context.drafts, about, dict(self._side.fields.named()), self)
        if self._wanted is not None and self._is_of(self._wanted, turn):
            draft, self._wanted = self._wanted, None
            self._resume(draft)
        else:
            self._offer()

    @staticmethod
    def _is_of(draft: Draft, turn: Turn) -> bool:
        """The list of the day may be there before the draft's own call, or that one never come: words stay with their child."""
        return draft.how.get("day") == turn.day and draft.record in [one.child_uuid for one in turn.calls]

    def _offer(self) -> None:
        turn = self._turn
        if turn is None or self._wanted is not None or self.is_touched:
            return
        left = self._context.drafts.left_for(Form.CALL, turn.first.child_uuid)
        if left is not None and left.how.get("day") == turn.day:
            self.note.offer(left, self._context.clock.today(), partial(self._resume, left))
        else:
            self.note.hide()

    def _resume(self, draft: Draft) -> None:
        if self._kept is None:
            return
        self.seed = str(draft.how.get("seed") or self.seed)
        self._kept.about = replace(self._kept.about, how={**self._kept.about.how, "seed": self.seed})
        self.note.say_filled(self._kept.fill(draft))
        self.filled.emit()

    def put_by(self) -> None:
        """Another call comes into the form, or the page is left: what is written stays kept."""
        if self._kept is None:
            return
        if self.is_touched:
            self._context.drafts.leave(self._kept)
        else:
            self._context.drafts.closed(self._kept)
        self._forget()

    def keep_now(self) -> None:
        """It could not be saved: write it down at once."""
        if self._kept is not None:
            self._kept.keep_now()

    def done(self) -> None:
        """It is saved."""
        if self._kept is not None:
            self._kept.done()
            self._forget()

    def _forget(self) -> None:
        if self._kept is not None:
            self._kept.deleteLater()
        self._kept = None

    def left_form(self) -> None:
        """No call is in the form any more."""
        self._turn = None
