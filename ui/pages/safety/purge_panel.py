"""永久删除: what goes is counted, who goes with it is ticked, the reason is written, the words are typed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.errors import ShouwangError
from app.tasks.purge import Purged, PurgePreview, purge_children, purge_preview
from ui import theme
from ui.context import Context
from ui.theme import Tone, Type
from ui.widgets import (
    CheckBox,
    FormRow,
    Kind,
    Panel,
    QuietField,
    Rule,
    Scroll,
    Text,
    Verb,
    column,
    empty_out,
)

PURGE = "purge"
TYPED = "永久删除"
"""What has to be typed: a slip of the hand does not write it."""


class PurgePanel(Panel):
    """Answers `purge` with `purged` once the rows are gone; stays open, with the reason, when nothing was done."""

    def __init__(self, context: Context, preview: PurgePreview, parent: QWidget | None = None) -> None:
        m = theme.metrics()
        names = preview.plan.names
        who = names[0] if len(names) == 1 else f"{len(names)} 名儿童"
        verbs = [Verb("stay", "先不动"), Verb(PURGE, "永久删除", Kind.DANGER)]
        super().__init__(parent, f"把 {who} 的档案永久删除？", verbs, width=m.form_most, focus_content=True)
        self._context = context
        # Files that were merged into these go along by themselves.
        self._chosen = preview.plan.children[: len(names)]
        self.purged: Purged | None = None
        self.people: dict[str, CheckBox] = {}
        self._looking = context.jobs.latest(self)
        self._counts = Text("", wrap=True)
        self._copies = column(gap=m.s2)
        self.reason = QuietField(quiet=False, hint="如：家长书面申请，校长批准（不写姓名）")
        self.paper = QuietField(quiet=False, hint="文号或存放处，没有可不填")
        self.typed = QuietField(quiet=False, hint=f"请写「{TYPED}」四个字")
        self._told = Text("", Type.SMALL, Tone.RED, wrap=True)
        self._told.hide()
        self._lay_out(parent, preview)
        # Not on the first tick: in a small window that scrolled what goes out of sight before it was read.
        self.begins_in = self.reason
        for field in (self.reason, self.typed):
            field.textChanged.connect(self._allow)
        self._show(preview)
        self._allow()

    def _lay_out(self, parent: QWidget | None, preview: PurgePreview) -> None:
        m = theme.metrics()
        never = Text("不能撤销，也不能从回收站取回。", tone=Tone.RED, bold=True, wrap=True)
        facts = Scroll(self._counts, margins=(0, 0, m.s12, 0), gap=m.s4)
        leftovers = preview.plan.leftovers
        if leftovers:
            facts.box.addSpacing(m.s8)
            facts.box.addWidget(Text("这些家人不再和别的儿童有关，勾选的一起删：", wrap=True))
            for one in leftovers:
                self.people[one.uuid] = CheckBox(f"{one.name}（{one.why}）", checked=True)
                self.people[one.uuid].toggled.connect(self._look_again)
                facts.box.addWidget(self.people[one.uuid])
        facts.box.addSpacing(m.s8)
        facts.box.addWidget(Text("还存有这些内容的旧备份和拷贝：", wrap=True))
        facts.box.addLayout(self._copies)
        facts.box.addStretch(1)
        # As much of it in sight as the window has room for: what goes is read before the words are typed.
        room = parent.height() - m.dialog * 2 // 3 if parent is not None else m.side_small // 2
        facts.setFixedHeight(min(max(room, 3 * m.row), 10 * m.row))
        for widget in (never, facts, Rule()):
            self.box.addWidget(widget)
        self.box.addSpacing(m.s4)
        rows = (("原因", self.reason), ("批准文件", self.paper), ("确认", self.typed))
        for label, field in rows:
            self.box.addWidget(FormRow(label, field))
        self.box.addWidget(self._told)
        if self.people:
            self._look_again()

    def _show(self, preview: PurgePreview) -> None:
        self._counts.setText(preview.words)
        empty_out(self._copies)
        for line in preview.copies.lines:
            self._copies.addWidget(Text(line, Type.SMALL, Tone.INK2, wrap=True))

    def _look_again(self, _on: bool = True) -> None:
        """Count anew with the people who are ticked."""
        self._looking.run(
            purge_preview,
            self._context.store,
            self._chosen,
            people=self._ticked(),
            backup_folder=self._context.backup_folder,
            on_done=self._show,
        )

    def _ticked(self) -> tuple[str, ...]:
        return tuple(uuid for uuid, box in self.people.items() if box.isChecked())

    def _allow(self, _text: str = "") -> None:
        typed = self.typed.text().strip() == TYPED
        self.buttons[PURGE].setEnabled(typed and bool(self.reason.text().strip()))

    @override
    def answer(self, key: str) -> None:
        if key != PURGE:
            super().answer(key)
            return
        if not self.buttons[PURGE].isEnabled():
            return
        self._say("正在删除，请不要关机…", Tone.INK2)
        for button in self.buttons.values():
            button.setEnabled(False)
        self._context.write(
            purge_children,
            uuids=self._chosen,
            reason=self.reason.text(),
            paper_ref=self.paper.text(),
            people=self._ticked(),
            backup_folder=self._context.backup_folder,
            on_done=self._done,
            on_error=self._refused,
            on_progress=self._step,
        )

    def _step(self, _done: int, _total: int, words: str) -> None:
        """What is being done: in a large school the backup that proves it takes half a minute."""
        self._say(f"{words or '正在删除'}，请不要关机…", Tone.INK2)

    def _done(self, purged: Purged) -> None:
        self.purged = purged
        # What was done before may have been done to what is gone: Ctrl+Z begins anew.
        self._context.done.clear()
        super().answer(PURGE)

    def _refused(self, error: BaseException) -> None:
        for button in self.buttons.values():
            button.setEnabled(True)
        self._allow()
        if isinstance(error, ShouwangError):
            self._say(f"{error.what}{error.safe}{error.todo}", Tone.RED)
        else:
            self._context.errors.show(error)

    @override
    def reject(self) -> None:
        """Esc while it is being done does not close over it."""
        if self.buttons["stay"].isEnabled():
            super().reject()

    def _say(self, words: str, tone: Tone) -> None:
        self._told.setText(words)
        self._told.set_tone(tone)
        self._told.show()
