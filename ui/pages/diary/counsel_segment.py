"""心理疏导: behind its own passphrase. What was said is sealed; it is locked after minutes without a key, and on leaving."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from app.diary.counselling import (
    CounsellingState,
    NoteHead,
    SetUp,
    counselling_state,
    note_heads,
    open_note,
)
from app.diary.late import late_words
from app.diary.sealing import OpenKey
from app.pairing.queries import supporters
from app.school.limits import Limit, limit
from app.storage.store import Store
from app.tasks.case_papers import make_recovery_slip
from ui.context import Context
from ui.pages.diary.case_child import head_of
from ui.pages.diary.case_form import CaseForm
from ui.pages.diary.case_segment import CaseSegment
from ui.pages.diary.counsel_form import NoteForm, NoteHand
from ui.pages.diary.counsel_lock import ChangePassphrasePanel, LockView, NewSlipPanel
from ui.shell.page import Page
from ui.shell.papers import Papers
from ui.theme import Tone
from ui.widgets import Button, Cell, Column, Menu
from ui.wording import day_words

_INPUT = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.InputMethod, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}
)
_MINUTE = 60_000


class CounselSegment(CaseSegment):
    """Locked, it shows how many notes there are and asks for the passphrase; opened, their list."""

    verb = "记一份"
    nothing = ("还没有心理疏导记录", "谈话的内容加密保存：名册、查找、历史和拷贝里都看不到。")
    counted = "份记录"

    def __init__(self, context: Context, host: Page) -> None:
        today = context.clock.today()
        super().__init__(
            context,
            host,
            [
                Column("child", "儿童", _child, sample="买买提·阿卜杜热西提", frozen=True),
                Column("day", "日期", partial(_day, today), sample="2025年11月13日"),
                Column("number", "编号", _number, sample="2026-001"),
                Column("form", "形式", _form, sample="家长访谈"),
                Column("who", "辅导教师", _who, sample="欧阳慕容", essential=False),
                Column("sealed", "内容", self._sealed, sample="用以前的口令封存的"),
            ],
        )
        self.key: OpenKey | None = None
        self._state: CounsellingState | None = None
        self.papers = Papers(context, self, title="心理疏导恢复单", stem="恢复单")
        self.papers.shown_once(
            "恢复单还没有打印，现在关上？",
            (
                "关上以后，这 12 个词再也看不到。口令忘了，没有它就打不开记录。",
                "没有打印机，就照着抄在纸上，封好。",
                "口令还记得的时候，可以按「口令」换一张恢复单。",
            ),
        )
        self.locked = LockView(context, self)
        self.locked.opened.connect(self._unlocked)
        self.locked.made.connect(self._set_up)
        self.views.addWidget(self.locked)
        self.views.setCurrentWidget(self.locked)
        menu = Menu(self)
        menu.add("换口令…", self._change_passphrase)
        menu.add("换一张恢复单…", self._new_slip)
        self.keys = Button("口令", menu=menu)
        self.lock_now = Button("锁上", self.lock, icon="lock_closed", tool_tip="离开这里也会锁上")
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._lock_idle)
        self._show_verbs()

    # ---- locked and opened

    @override
    def load(self) -> None:
        if self.key is None:
            self._reading.run(_read_state, self.context.store, on_done=self._show_locked)
        else:
            super().load()

    def _show_locked(self, found: tuple[CounsellingState, int]) -> None:
        state, minutes = found
        self._state = state
        self._idle.setInterval(minutes * _MINUTE)
        if self.key is None:
            self.locked.show_state(state, minutes)
            if self.isVisible():
                self.focus_first()
        self.say_fact()

    def _unlocked(self, key: OpenKey) -> None:
        self.key = key
        self.views.setCurrentWidget(self.sheet)
        self._show_verbs()
        self._watch(on=True)
        self.load()
        self.focus_first()

    def _set_up(self, made: SetUp) -> None:
        self._unlocked(made.key)
        self._show_slip(made.slip)

    def _show_slip(self, words: Sequence[str]) -> None:
        """The words of the slip go onto paper from memory; they are in no file."""
        self.papers.show_secret(make_recovery_slip, tuple(words))

    def _lock_idle(self) -> None:
        if self.key is not None:
            self.lock()
            self.context.navigation.toast("心理疏导一会儿没用，已锁上；没写完的内容加密留着。")

    def lock(self) -> None:
        """Forget the key; what is typed and not saved stays, sealed, and is offered after opening."""
        key, self.key = self.key, None
        if key is None:
            return
        self._watch(on=False)
        self.close_form()
        key.lock()
        self.table.set_rows([])
        self.views.setCurrentWidget(self.locked)
        self._show_verbs()
        self.reload()

    @override
    def leave(self) -> None:
        self.lock()

    def _watch(self, *, on: bool) -> None:
        app = QApplication.instance()
        if app is None:
            return
        if on:
            app.installEventFilter(self)
            self._idle.start()
        else:
            app.removeEventFilter(self)
            self._idle.stop()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.key is not None and event.type() in _INPUT:
            self._idle.start()
        return False

    def _show_verbs(self) -> None:
        is_open = self.key is not None
        for button in (self.keys, self.lock_now, self.new):
            button.setEnabled(is_open and (button is self.lock_now or not self.context.read_only))

    @override
    def verbs(self) -> tuple[Button, ...]:
        return (self.keys, self.lock_now, self.new)

    @override
    def fact(self) -> str:
        if self.key is not None:
            return super().fact()
        if self._state is None:
            return ""
        return "锁着" if self._state.set_up else "还没有设口令"

    @override
    def focus_first(self) -> None:
        if self.key is None:
            self.locked.focus_first()
        else:
            super().focus_first()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return super().side_stops() if self.key is not None else (self.locked,)

    # ---- passphrase and slip

    def _change_passphrase(self) -> None:
        self.context.dialogs.open_panel(ChangePassphrasePanel(self.context), _nothing)

    def _new_slip(self) -> None:
        self.context.dialogs.open_panel(NewSlipPanel(self.context, self._show_slip), _nothing)

    # ---- list and form

    @override
    def query(self, store: Store) -> Sequence[NoteHead]:
        return note_heads(store)

    def _sealed(self, head: NoteHead) -> Cell:
        late = late_words(head.late_days)
        if self.key is None or not self.key.opens(head.key_uuid):
            return Cell(
                "用以前的口令封存的", Tone.INK3, icon="lock_closed", second=late, second_tone=Tone.OCHRE
            )
        return Cell("加密", Tone.INK2, icon="lock_closed", second=late, second_tone=Tone.OCHRE)

    @override
    def open_form(self, **params: Any) -> None:
        if self.key is None:
            self._wanted = params  # opened once the passphrase is there
        else:
            super().open_form(**params)

    @override
    def read_form(self, store: Store, params: dict[str, Any]) -> NoteHand:
        uuid, key, today = params.get("uuid"), self.key, self.context.clock.today()
        note = open_note(store, key=key, uuid=uuid) if uuid and key is not None else None
        people = supporters(store, today, gone=note is not None)
        return NoteHand(note, people, head_of(store, params, today))

    @override
    def make_form(self, found: NoteHand, params: dict[str, Any]) -> CaseForm:
        if self.key is None:
            raise RuntimeError("a note is opened with its key only")
        return NoteForm(self.context, found, self.key)


def _read_state(store: Store) -> tuple[CounsellingState, int]:
    return counselling_state(store), limit(store, Limit.COUNSEL_LOCK_MINUTES)


# ---- cells


def _child(head: NoteHead) -> Cell:
    return Cell(head.child.name, bold=True, second=head.child.class_name)


def _day(today: date, head: NoteHead) -> Cell:
    times = "–".join(part for part in (head.started, head.ended) if part)
    return Cell(day_words(date.fromisoformat(head.happened_on), today), second=times)


def _number(head: NoteHead) -> Cell:
    return Cell(head.number, Tone.INK2)


def _form(head: NoteHead) -> Cell:
    return Cell(head.form.label if head.form else "—", second=head.origin.label if head.origin else "")


def _who(head: NoteHead) -> Cell:
    return Cell(head.supporter or "—")


def _nothing(_key: str) -> None:
    """The panel has said everything itself."""
