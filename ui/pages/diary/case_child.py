"""Forms about one child: found first when the case is new; a new form is opened for writing when it is known who it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.diary.case_parts import ChildHead
from app.dossier.at_hand import AtHandChild, children_to_choose
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.pages.diary.case_form import CaseForm
from ui.pages.diary.entry_children import ChildrenField
from ui.widgets import FormRow, column


def head_of(store: Store, params: dict[str, Any], today: Any) -> ChildHead | None:
    """The child a new form was opened for (`child`), on the storage thread."""
    uuid = params.get("child")
    rows = children_to_choose(store, today) if uuid else []
    return next(
        (ChildHead(one.uuid, one.name, one.class_name or "") for one in rows if one.uuid == uuid), None
    )


class OneChild(QWidget):
    """The child of a new case: found as in the ledger, then a chip. `chosen(child)`; `taken_off()` by its ✕."""

    chosen = Signal(object)
    taken_off = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._heads: dict[str, ChildHead] = {}
        self.head: ChildHead | None = None
        self.field = ChildrenField()
        self.field.show_children((), fixed=False)
        self.field.field.setAccessibleName("哪名儿童")
        self.field.asked.connect(self.want)
        self.field.changed.connect(self._changed)
        self.setFocusProxy(self.field.field)
        self.setLayout(column(self.field))

    def want(self) -> None:
        """Read who can be chosen."""
        self._context.read(children_to_choose, self._context.clock.today(), on_done=self._take)

    def _take(self, rows: Sequence[Any]) -> None:
        self._heads = {one.uuid: ChildHead(one.uuid, one.name, one.class_name or "") for one in rows}
        self.field.set_rows(rows)

    def _changed(self, uuids: tuple[str, ...]) -> None:
        head = self._heads.get(uuids[-1]) if uuids else None
        if head is not None:
            self.show_child(head)
            self.chosen.emit(head)
        elif not uuids:
            self.head = None
            self.field.show_children((), fixed=False)
            self.taken_off.emit()

    def show_child(self, head: ChildHead) -> None:
        """This child it is, and no second one; another only when its chip was taken off."""
        self.head = head
        shown = AtHandChild(head.uuid, head.name, head.class_name, "", ())
        self.field.show_children((shown,), fixed=False)
        self.field.field.hide()


class ChildForm(CaseForm):
    """Base of the forms about one child. `add_child_row` first; `start` when the fields show what they begin with."""

    def __init__(
        self, context: Context, title: str, *, uuid: str | None, table: str, child: str = ""
    ) -> None:
        super().__init__(context, title, uuid=uuid, table=table)
        self._known_child = child
        self._on_file = uuid is not None
        self.child = OneChild(context)
        self.child.chosen.connect(self._chosen)
        self.child.taken_off.connect(self._taken_off)

    @property
    def child_uuid(self) -> str | None:
        """Who it is about; None while nobody was found."""
        return self._known_child or (self.child.head.uuid if self.child.head else None)

    def about(self) -> str:
        """What the draft is called."""
        raise NotImplementedError

    def add_child_row(self) -> None:
        """A row to find the child in, where the case is new."""
        if self.is_new:
            self.full(FormRow("哪名儿童", self.child, label_width=theme.metrics().number_width))

    def start(self, head: ChildHead | None) -> None:
        """Open for writing: at once where the child is known, else when it was found."""
        if not self.is_new:
            self.begin(self.about())
        elif head is not None:
            self.child.show_child(head)
            self._chosen(head)
        else:
            self._open_for_child(open_=False)
            self.child.want()

    def _chosen(self, head: ChildHead) -> None:
        self._open_for_child(open_=True)
        rows = (("child", head.uuid),)
        if self.keeping is None:
            self.begin(self.about(), rows=rows)
        else:  # in the place of one picked wrongly: what is typed is about this one
            self.keeping.about = replace(
                self.keeping.about, words=self.about(), where=self.where(), rows=rows
            )
            self.keeping.keep_now()
        next(iter(self.named.values())).setFocus()

    def _taken_off(self) -> None:
        """The wrong child was picked: what is typed stays, and waits for the right one."""
        self._open_for_child(open_=False)
        self.child.want()
        self.child.field.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_for_child(self, *, open_: bool) -> None:
        for field in self.named.values():
            field.setEnabled(open_)
        self.save.setEnabled(open_ and not self.context.read_only)
        self.foot.set_words("" if open_ or self.context.read_only else "先选是哪名儿童，再往下写。")

    @override
    def ask_save(self) -> None:
        super().ask_save()
        # A record on file stays with its child.
        self.child.setEnabled(not (self._sent or self._on_file))

    @override
    def _refused(self, error: BaseException) -> None:
        super()._refused(error)
        self.child.setEnabled(not self._on_file)

    @override
    def _stored_as(self, texts: list[str], answer: object) -> None:
        self._on_file = True
        super()._stored_as(texts, answer)

    @override
    def where(self) -> dict[str, str]:
        if self.is_new and self.child_uuid is not None:
            return {"part": self.part, "child": self.child_uuid}
        return super().where()

    @override
    def focus_first(self) -> None:
        if self.child_uuid is None:
            self.child.setFocus()
        else:
            super().focus_first()
