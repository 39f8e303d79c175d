"""和另一份登记是同一个人: found by name, both rows side by side, made one for all children around."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.children.finding_people import PersonHit, people_named
from app.core.errors import Cancelled, UserError
from app.dossier.merge import Side
from app.dossier.merge_people import PeoplePreview, people_preview
from app.dossier.service_merge import merge_people
from ui import theme
from ui.context import Context
from ui.shell.risky import write_after_backup
from ui.theme import Tone, Type
from ui.widgets import FormRow, Kind, Panel, QuietField, Radio, Rule, Scroll, Text, Verb, column, empty_out
from ui.widgets.versus import CLASH, FIELD, Versus, clash_line, field_line

MERGE = "merge"
_MOST = 6


class SamePersonPanel(Panel):
    """Answers `merge` once both are one; stays open, with the reason, when it could not be done."""

    def __init__(self, context: Context, person_uuid: str, name: str, parent: QWidget | None = None) -> None:
        m = theme.metrics()
        verbs = [Verb("stay", "先不动"), Verb(MERGE, "合为一份", Kind.FILLED)]
        super().__init__(
            parent,
            f"{name or '这位家人'}和哪一份登记是同一个人？",
            verbs,
            width=m.start_column,
            focus_content=True,
        )
        self._context = context
        self._uuid = person_uuid
        self._preview: PeoplePreview | None = None
        self._searching = context.jobs.latest(self)
        self._looking = context.jobs.latest(self)
        self.name = QuietField(quiet=False, hint="写姓名来找")
        self.name.setText(name)
        self.name.textChanged.connect(self._search)
        self.radios: dict[str, Radio] = {}
        self._hits = column()
        self.versus = Versus()
        scroll = Scroll(self._hits, m.s8, self.versus, margins=(0, 0, m.s12, 0))
        low = parent is not None and parent.height() < m.start_column * 3 // 4
        scroll.setFixedHeight(5 * m.row if low else m.side_small - m.s24)
        self._words = Text("", tone=Tone.INK2, wrap=True)
        self._reason = Text("", Type.SMALL, Tone.RED, wrap=True)
        self._reason.hide()
        self.box.addWidget(FormRow("姓名", self.name))
        for widget in (scroll, Rule(), self._words, self._reason):
            self.box.addWidget(widget)
        self.buttons[MERGE].setEnabled(False)
        self._search(name)

    # ---- finding

    def _search(self, text: str) -> None:
        self._searching.run(people_named, self._context.store, text, limit=_MOST + 1, on_done=self._show_hits)

    def _show_hits(self, hits: list[PersonHit]) -> None:
        empty_out(self._hits)
        self.radios = {}
        for hit in [hit for hit in hits if hit.uuid != self._uuid][:_MOST]:
            radio = Radio(f"{hit.name}（{hit.why}）" if hit.why else hit.name)
            radio.toggled.connect(partial(self._picked, hit.uuid))
            self.radios[hit.uuid] = radio
            self._hits.addWidget(radio)
        if not self.radios:
            self._hits.addWidget(Text("没有别的同名登记。", tone=Tone.INK2))
        self._forget()

    def _forget(self) -> None:
        self._preview = None
        self.versus.show_groups([])
        self._words.setText("选中一份，两边就并排列在这里。")
        self.buttons[MERGE].setEnabled(False)

    def _picked(self, uuid: str, on: bool) -> None:
        if on:
            self._looking.run(
                people_preview,
                self._context.store,
                self._uuid,
                uuid,
                on_done=self._show,
                on_error=self._refused,
            )

    # ---- comparing

    def _show(self, preview: PeoplePreview) -> None:
        self._preview = preview
        fields = [field_line(pair) for pair in preview.fields if pair.differs]
        clashes = [clash_line(clash) for clash in preview.clashes if not clash.same]
        self.versus.show_groups(
            [
                ("不一样的地方", "左边是这一位的，右边是另一份的。", fields),
                ("同一时期的记录", "同一时间只能有一条；没选的一条进回收站。", clashes),
            ]
        )
        nothing = "" if fields or clashes else "两份没有要选的地方。"
        self._words.setText(f"{nothing}{preview.words}")
        self._reason.hide()
        self.buttons[MERGE].setEnabled(True)

    @override
    def answer(self, key: str) -> None:
        preview = self._preview
        if key != MERGE or preview is None:
            super().answer("stay")
            return
        self.buttons[MERGE].setEnabled(False)
        write_after_backup(
            self._context,
            "合并家人",
            merge_people,
            keep_uuid=preview.keep_uuid,
            drop_uuid=preview.drop_uuid,
            fields={key: Side(code) for key, code in self.versus.chosen_of(FIELD).items()},
            clashes={key: Side(code) for key, code in self.versus.chosen_of(CLASH).items()},
            on_done=self._merged,
            on_error=self._refused,
            toast=True,
        )

    def _merged(self, _changes: object) -> None:
        super().answer(MERGE)

    def _refused(self, error: BaseException) -> None:
        self.buttons[MERGE].setEnabled(self._preview is not None)
        if isinstance(error, UserError):
            self._reason.setText(f"{error.what}{error.safe}{error.todo}")
            self._reason.show()
        elif not isinstance(error, Cancelled):
            self._context.errors.show(error)
