"""两份档案合为一份: both files side by side, a choice per field, what moves counted before anything is done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.children.duplicates import Pair, duplicate_pairs
from app.core.errors import Cancelled, UserError
from app.dossier.merge import (
    MergeChoices,
    MergePreview,
    Pairing,
    PersonPair,
    Side,
    merge_preview,
    side_by_side,
)
from app.dossier.service_merge import MergeResult, merge_children
from ui import theme
from ui.context import Context
from ui.pages.children.duplicates_panel import LOOK, DuplicatesPanel
from ui.shell.risky import write_after_backup
from ui.theme import Tone, Type
from ui.widgets import Kind, Link, Panel, Rule, Scroll, Text, Verb, column, holder, row
from ui.widgets.versus import CLASH, FIELD, Versus, VersusLine, clash_line, field_line

MERGE = "merge"
_PERSON = "person"


class MergePanel(Panel):
    """Answers `merge` once the two are one; stays open, with the reason, when it could not be done."""

    def __init__(self, context: Context, preview: MergePreview, parent: QWidget | None = None) -> None:
        m = theme.metrics()
        verbs = [Verb("stay", "先不动"), Verb(MERGE, "合为一份", Kind.FILLED)]
        super().__init__(
            parent, "这两份是同一名儿童，合为一份？", verbs, width=m.start_column, focus_content=True
        )
        self._context = context
        self._preview = preview
        self.versus = Versus()
        self._left, self._right = (Text("", bold=True, wrap=True) for _ in range(2))
        self._left_facts, self._right_facts = (Text("", Type.SMALL, Tone.INK2, wrap=True) for _ in range(2))
        self.swap = Link("左右换一换", self._swap, kind=Type.SMALL)
        self._moves = Text("", tone=Tone.INK2, wrap=True)
        self._reason = Text("", Type.SMALL, Tone.RED, wrap=True)
        self._reason.hide()
        self._against = Text("", tone=Tone.OCHRE, wrap=True)
        self._lay_out(parent)
        self._fill(preview)

    def _lay_out(self, parent: QWidget | None) -> None:
        m = theme.metrics()
        left = holder(column(Text("留下这一份", Type.SMALL, Tone.INK2), self._left, self._left_facts))
        right = holder(column(Text("并过来这一份", Type.SMALL, Tone.INK2), self._right, self._right_facts))
        heads = row(left, right, gap=m.s16, margins=(m.value_at + m.s8, 0, m.s12, m.s8))
        heads.setStretch(0, 1)
        heads.setStretch(1, 1)
        swap = row(-m.s4, self.swap, None)  # its words stand flush, its ring has room
        self._scroll = Scroll(self.versus, margins=(0, 0, m.s12, 0))
        low = parent is not None and parent.height() < m.start_column * 3 // 4
        self._scroll.setFixedHeight(5 * m.row if low else m.side_small - m.s24)
        self.box.addLayout(heads)
        said = (self._against, self._moves)
        if low:  # there what is counted scrolls with the lines, above them
            for place, words in enumerate(said):
                self._scroll.box.insertWidget(place, words)
        for widget in (self._scroll, Rule(), *(() if low else said), self._reason):
            self.box.addWidget(widget)
        self.box.addLayout(swap)

    def _fill(self, preview: MergePreview) -> None:
        self._preview = preview
        self._left.setText(preview.keep_name)
        self._right.setText(preview.drop_name)
        self._left_facts.setText(preview.keep_facts)
        self._right_facts.setText(preview.drop_facts)
        self._against.setText(preview.against)
        self._against.setVisible(bool(preview.against))
        fields = [field_line(pair) for pair in preview.fields if pair.differs]
        people = [_person_line(pair) for pair in preview.people]
        clashes = [clash_line(clash) for clash in preview.clashes if not clash.same]
        filled = [pair.words for pair in preview.fields if not pair.differs and pair.proposed is Side.DROP]
        same = sum(clash.same for clash in preview.clashes)
        self.versus.show_groups(
            [
                ("不一样的地方", "每一行选一边；没选的那一边还留在回收站里。", fields),
                ("家人", "同一个人就合在一起，兄弟姐妹那里也跟着合。", people),
                ("同一时期的记录", "同一时间只能有一条；没选的一条进回收站。", clashes),
            ]
        )
        notes = []
        if not (fields or people or clashes):
            notes.append("两份没有要选的地方。")
        if filled:
            notes.append(f"这边没有、那边有的照补：{'、'.join(filled)}。")
        if same:
            notes.append(f"{same} 项两边一样，只留一份。")
        self._moves.setText("".join([*notes, preview.words]))

    @property
    def choices(self) -> MergeChoices:
        """What she chose, for the ledger she looked at."""
        of = self.versus.chosen_of
        return MergeChoices(
            fields={key: Side(code) for key, code in of(FIELD).items()},
            clashes={key: Side(code) for key, code in of(CLASH).items()},
            people={key: Pairing(code) for key, code in of(_PERSON).items()},
            commit_no=self._preview.commit_no,
        )

    @property
    def reason(self) -> str:
        """Why it was not done, "" when nothing is in the way."""
        return self._reason.text()

    def _swap(self) -> None:
        now = self._preview
        self._context.read(merge_preview, now.drop_uuid, now.keep_uuid, on_done=self._fill)

    @override
    def answer(self, key: str) -> None:
        if key != MERGE:
            super().answer(key)
            return
        self.buttons[MERGE].setEnabled(False)
        write_after_backup(
            self._context,
            "合并档案",
            merge_children,
            keep_uuid=self._preview.keep_uuid,
            drop_uuid=self._preview.drop_uuid,
            choices=self.choices,
            on_done=self._merged,
            on_error=self._refused,
            toast=True,
        )

    def _merged(self, _result: MergeResult) -> None:
        super().answer(MERGE)

    def _refused(self, error: BaseException) -> None:
        self.buttons[MERGE].setEnabled(True)
        if isinstance(error, UserError):
            self._reason.setText(f"{error.what}{error.safe}{error.todo}")
            self._reason.show()
        elif not isinstance(error, Cancelled):
            self._context.errors.show(error)


def _person_line(pair: PersonPair) -> VersusLine:
    more = [(Pairing.SAME.value, "是同一个人，合在一起")]
    if not pair.only_one:
        more.append((Pairing.BOTH.value, "是两个人，都留"))
    return VersusLine(
        f"{_PERSON}:{pair.key}",
        pair.words,
        (Pairing.KEEP.value, f"只留 {pair.keep}"),
        (Pairing.DROP.value, f"只留 {pair.drop}"),
        pair.proposed.value,
        tuple(more),
    )


class MergeFlow(QObject):
    """Reads both files, shows them side by side; `merged` when the two are one."""

    merged = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context

    def ask(self, one_uuid: str, other_uuid: str) -> None:
        """Put two files beside each other, the fuller one as the one that stays."""
        self._context.read(side_by_side, one_uuid, other_uuid, on_done=self._show, owner=self)

    def _show(self, preview: MergePreview) -> None:
        panel = MergePanel(self._context, preview, self._context.dialogs.window)
        self._context.dialogs.open_panel(panel, self._answered)

    def find(self) -> None:
        """List the files that may be one child's."""
        self._context.read(duplicate_pairs, self._context.clock.today(), on_done=self._show_pairs, owner=self)

    def _show_pairs(self, pairs: list[Pair]) -> None:
        panel = DuplicatesPanel(pairs, self._context.dialogs.window)
        self._context.dialogs.open_panel(panel, partial(self._pair_chosen, panel))

    def _pair_chosen(self, panel: DuplicatesPanel, key: str) -> None:
        if key == LOOK and panel.chosen_pair is not None:
            self.ask(panel.chosen_pair.one.uuid, panel.chosen_pair.other.uuid)

    def _answered(self, key: str) -> None:
        if key == MERGE:
            self.merged.emit()
